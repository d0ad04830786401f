"""The merged view: what all sources say together, as far as their licences allow, each value by whose word counts most.

- A graph that is closed is not in it: its licence lets it be served on its own and no more.
- What is said of an identifier that leads to another is said of that one.
- Of a property that can have one value (or one in each language), the values of one source are in it: the graph of
  the lowest rank, then the one that was changed last, then the first by name. The others stay in their own graphs.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from solld.leading import Leading
from solld.rdf import DCT, PROV, SH, XSD, document_of, graph_of, iris

MODIFIED, GENERATED = (f'> {each} "'.encode() for each in (DCT.modified, PROV.generatedAtTime))
PATH, MOST, UNIQUE = (f" {each} ".encode() for each in (SH.path, SH.maxCount, SH.uniqueLang))
ONE = re.compile(rb'"0*1"\^\^' + re.escape(str(XSD.integer).encode()))
TRUE = re.compile(rb'"(?:true|1)"\^\^' + re.escape(str(XSD.boolean).encode()))
GENID = b"/.well-known/genid/"
LAST = 1 << 30  # the rank of a graph that has none


@dataclass(frozen=True)
class Merged:
    """How the merged view of a release is made from its named graphs."""

    leading: Leading = field(default_factory=Leading)
    closed: frozenset[str] = frozenset()  # IRIs of graphs
    ranks: Mapping[str, int] = field(default_factory=dict)  # graph -> the lower, the more its word counts
    single: frozenset[str] = frozenset()  # properties that can have one value, or one in each language

    def has(self, graph: str) -> bool:
        """Whether a graph is in the view."""
        return graph not in self.closed

    def said(self, lines: Iterable[bytes]) -> list[bytes]:
        """What the view has of the N-Quads lines that are said of a thing, and of what leads to it, in their order."""
        return self.parted(lines)[0]

    def parted(self, lines: Iterable[bytes]) -> tuple[list[bytes], list[bytes]]:
        """The lines of the view, and those that another source's word stands against."""
        there = [self.leading.quad(line) for line in lines if line and self.has(graph_of(line))]
        if len({line[line.rindex(b"<") :] for line in there}) < 2:
            return there, []
        out = self._overruled(there)
        return [line for line in there if line not in out], [line for line in there if line in out]

    def is_as(self, other: "Merged") -> bool:
        """Whether views are made in the same way, but for where identifiers lead."""
        return (self.closed, self.ranks, self.single) == (other.closed, other.ranks, other.single)

    def _overruled(self, lines: Iterable[bytes]) -> set[bytes]:
        told: dict[tuple[bytes, bytes, bytes], dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
        parts = {line: _parts(line) for line in lines}
        for line, (subject, predicate, object_, graph) in parts.items():
            if predicate[1:-1].decode() in self.single:
                told[subject, predicate, _language(object_)][graph].append(line)
        newest = _newest(parts)
        out: set[bytes] = set()
        for graphs in told.values():
            best = max(sorted(graphs), key=lambda graph: (-self.ranks.get(graph, LAST), newest.get(graph, ("", ""))))
            kept = {parts[line][2] for line in graphs[best]}
            out |= {line for graph in graphs for line in graphs[graph] if parts[line][2] not in kept}
        return _with_nodes(parts, out)


Parts = tuple[bytes, bytes, bytes, str]


def _parts(line: bytes) -> Parts:
    """Subject, predicate, object and the IRI of the graph of a line of N-Quads."""
    subject, predicate, rest = line.split(b" ", 2)
    place = rest.rindex(b" <")
    return subject, predicate, rest[:place], rest[place + 2 : -3].decode()


def _language(object_: bytes) -> bytes:
    """The tag of a literal that has a language, with its @."""
    end = object_[object_.rindex(b'"') + 1 :] if object_.startswith(b'"') else b""
    return end.lower() if end.startswith(b"@") else b""


def _newest(parts: Mapping[bytes, Parts]) -> dict[str, tuple[str, str]]:
    """graph -> when its source changed what it says, and when that was brought here; "" where it is not known."""
    found: dict[str, tuple[str, str]] = {}
    for line, (_, _, object_, graph) in parts.items():
        if MODIFIED in line or GENERATED in line:
            text = object_[1 : object_.index(b'"', 1)].decode()
            modified, generated = found.get(graph, ("", ""))
            found[graph] = (max(modified, text), generated) if MODIFIED in line else (modified, max(generated, text))
    return found


def _with_nodes(parts: Mapping[bytes, Parts], out: set[bytes]) -> set[bytes]:
    """With lines that are left out, those about nodes that only they point at: the address, when the place is."""
    subjects = {subject for subject, *_ in parts.values()}
    while True:
        left = {parts[line][2] for line in out} & subjects
        held = {object_ for line, (_, _, object_, _) in parts.items() if line not in out}
        lost = {node for node in left - held if b"#" in node or GENID in node}
        more = {line for line, (subject, *_) in parts.items() if subject in lost} - out
        if not more:
            return out
        out = out | more


def single(ontology: bytes) -> frozenset[str]:
    """The properties of which the shapes of an ontology, in N-Triples, let a thing have one value or one per language.

    A shape that is deactivated counts too: it says so of the merged view, and checks nothing.
    """
    paths: dict[bytes, str] = {}
    once: set[bytes] = set()
    for line in ontology.split(b"\n"):
        if PATH in line:
            paths[line[: line.index(b"> ")]] = iris(line)[2]
        elif (MOST in line and ONE.search(line)) or (UNIQUE in line and TRUE.search(line)):
            once.add(line[: line.index(b"> ")])
    return frozenset(paths[shape] for shape in once & paths.keys())


def things(lines: Iterable[bytes]) -> Iterator[str]:
    """The things that lines are said of."""
    for line in lines:
        yield document_of(line[1 : line.index(b">")].decode())
