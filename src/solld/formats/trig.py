"""TriG: Turtle with the graphs that say so. https://www.w3.org/TR/trig/"""

from solld.formats.statements import quads, statements
from solld.formats.turtle import with_header
from solld.model import Context, Description, Format
from solld.rdf import RdfFormat, used, write_quads


def write_trig(description: Description, context: Context) -> bytes:
    """As Turtle, graph after graph."""
    prefixes = used(context.prefixes, statements(description))
    return with_header(write_quads(quads(description), RdfFormat.TRIG, prefixes), prefixes, spaced)


def spaced(body: bytes) -> bytes:
    """A blank line after each graph."""
    return body.replace(b"\n}\n", b"\n}\n\n").removesuffix(b"\n") if body.endswith(b"}\n") else body


FORMATS = (Format("TriG", "application/trig", "trig", write_trig, ("application/x-trig",), quality=0.75),)
