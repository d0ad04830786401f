"""The merged view where identifiers lead to others: what is said of the one is said of the other there.

In the graphs of the sources everything stays under the identifiers that the sources' records have.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from solld.addresses import graph_iri, thing_iri
from solld.rdf import DEFAULT, DefaultGraph, NamedNode, Quad, Term, Triple, replaced


@dataclass(frozen=True)
class Leading:
    """Which IRIs lead to which, each in one step; what the graph `apart` says of them is left alone."""

    to: Mapping[str, str] = field(default_factory=dict)
    apart: str = ""

    def term(self, term: Term | Triple) -> Term | Triple:
        if isinstance(term, NamedNode) and term.value in self.to:
            return NamedNode(self.to[term.value])
        return term

    def merged(self, quad: Quad) -> Quad:
        """A quad of a named graph as the merged view has it."""
        if not self.to or _graph(quad) == self.apart:
            return Quad(quad.subject, quad.predicate, quad.object, DEFAULT)
        return Quad(self.term(quad.subject), quad.predicate, self.term(quad.object), DEFAULT)  # type: ignore[arg-type]

    def plain(self, line: bytes) -> bytes:
        """A line of N-Quads of a named graph as the merged view has it, in N-Triples."""
        plain = line[: line.rindex(b"<")] + b"."
        if not self.to or line.endswith(b"<" + self.apart.encode() + b"> ."):
            return plain
        return replaced(plain, self.to.get)

    def quad(self, line: bytes) -> bytes:
        """A line of N-Quads of a named graph as the merged view has it, with the graph that says so."""
        if not self.to or line.endswith(b"<" + self.apart.encode() + b"> ."):
            return line
        return replaced(line, self.to.get)

    def triple(self, line: bytes) -> bytes:
        """A line of N-Triples as the merged view has it."""
        return replaced(line, self.to.get) if self.to else line

    @cached_property
    def led(self) -> Mapping[str, tuple[str, ...]]:
        """IRI -> those that lead to it, sorted."""
        found: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for one, other in sorted(self.to.items()):
            found[other] += (one,)
        return found

    def sources(self, term: Term | Triple) -> Iterator[Term | Triple]:
        """A term, and what leads to it."""
        yield term
        if isinstance(term, NamedNode):
            yield from map(NamedNode, self.led.get(term.value, ()))

    def differs(self, other: "Leading") -> set[str]:
        """The IRIs that lead somewhere else there."""
        both = self.to.keys() | other.to.keys()
        return {iri for iri in both if self.to.get(iri) != other.to.get(iri)}


def _graph(quad: Quad) -> str:
    return "" if isinstance(quad.graph_name, DefaultGraph) else str(quad.graph_name.value)


def of(base: str, merged: Mapping[str, str]) -> Leading:
    """Where the identifiers of a site lead; the catalog tells what became of them, and is left alone."""
    to = {thing_iri(base, one): thing_iri(base, other) for one, other in merged.items()}
    return Leading(to, graph_iri(base, "catalog"))
