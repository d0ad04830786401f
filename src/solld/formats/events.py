"""The documents of the event stream: statements about the stream, and a named graph for each state of something.

https://www.w3.org/TR/trig/  https://www.w3.org/TR/n-quads/  https://www.w3.org/TR/json-ld11/
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from solld.formats.turtle import with_header
from solld.model import Format
from solld.rdf import AS, DCT, LDES, RDF, SCHEMA, SH, TREE, XSD, RdfFormat, read, write_quads

PREFIXES = {"as": AS, "dct": DCT, "ldes": LDES, "rdf": RDF, "schema": SCHEMA, "sh": SH, "tree": TREE, "xsd": XSD}


@dataclass(frozen=True)
class Node:
    """One document of the stream: lines of N-Triples."""

    lines: tuple[str, ...]
    graphs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # IRI of the graph -> its lines
    closed: bool = False  # whether it is the same for ever


def _lines(node: Node) -> Iterator[str]:
    yield from node.lines
    for graph, lines in node.graphs.items():
        yield from (f"{line[:-1]}<{graph}> ." for line in lines)


def _nquads(node: Node) -> bytes:
    return "".join(f"{line}\n" for line in _lines(node)).encode()


def _trig(node: Node) -> bytes:
    quads = read("".join(f"{line}\n" for line in node.lines).encode(), RdfFormat.N_QUADS)
    prefixes = {prefix: each.iri for prefix, each in PREFIXES.items()}
    about = with_header(write_quads(quads, RdfFormat.TRIG, prefixes), prefixes, lambda body: body)
    # Lines of N-Triples are Turtle as they are: a page of many members is written in a few milliseconds.
    graphs = ("\n".join((f"\n<{graph}> {{", *lines, "}\n")) for graph, lines in node.graphs.items())
    return about + "".join(graphs).encode()


def _jsonld(node: Node) -> bytes:
    return write_quads(read(_nquads(node), RdfFormat.N_QUADS), RdfFormat.JSON_LD)


def _format(name: str, media_type: str, extension: str, quality: float) -> Format:
    return Format(name, media_type, extension, lambda d, c: b"", quality=quality)


EVENTS: dict[Format, Callable[[Node], bytes]] = {
    _format("TriG", "application/trig", "trig", 1.0): _trig,
    _format("N-Quads", "application/n-quads", "nq", 0.9): _nquads,
    _format("JSON-LD", "application/ld+json", "jsonld", 0.8): _jsonld,
}
