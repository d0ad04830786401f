"""Turtle: what a person reads. https://www.w3.org/TR/turtle/"""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from solld.formats.statements import statements
from solld.model import Context, Description, Format
from solld.rdf import RdfFormat, Triple, write


def write_turtle(description: Description, context: Context) -> bytes:
    """Sorted prefixes in a column, then the resource and the others, with a blank line between them."""
    triples = statements(description)
    prefixes = dict(sorted(context.prefixes.items()))
    return with_header(write(triples, RdfFormat.TURTLE, prefixes), prefixes, lambda body: spaced(listed(body, triples)))


def with_header(document: bytes, prefixes: Mapping[str, str], change: Callable[[bytes], bytes]) -> bytes:
    """The document with its body changed and its prefixes aligned, without those that nothing needs in the end.

    The serializer writes each prefix on a line of its own.
    """
    body = document.split(b"\n", len(prefixes))[-1]
    needed = [prefix for prefix in prefixes if f"{prefix}:".encode() in body]
    width = max(map(len, needed), default=0) + 1
    lines = [f"@prefix {prefix + ':':<{width}} <{prefixes[prefix]}> .\n" for prefix in needed]
    return ("".join(lines) + "\n" * bool(lines)).encode() + change(body)


def listed(body: bytes, triples: Sequence[Triple]) -> bytes:
    """One object a line where a predicate has several; not if a literal has what looks like the separator."""
    pairs = sum(one.subject == two.subject and one.predicate == two.predicate for one, two in pairwise(triples))
    return body.replace(b" , ", b" ,\n\t\t") if body.count(b" , ") == pairs else body


def spaced(body: bytes) -> bytes:
    """A blank line after each subject; within literals the serializer escapes line ends."""
    return body.replace(b" .\n", b" .\n\n").removesuffix(b"\n") if body.endswith(b" .\n") else body


FORMATS = (Format("Turtle", "text/turtle", "ttl", write_turtle, ("application/x-turtle", "text/n3"), charset=True),)
