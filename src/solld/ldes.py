"""The change log as a Linked Data Event Stream: a tree of months and pages, a member for each version.

A member is an activity (Create, Update, Delete) on what changed; the graph of its name has what is said from then on,
as the merged view has it, with what rules derive. A page that is full, or whose month is over, never changes again.
https://w3id.org/ldes/specification  https://w3id.org/tree/specification  https://www.w3.org/TR/activitystreams-vocabulary/
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from solld import fates, leading, merging
from solld.addresses import version_path
from solld.formats.changes import ACTS
from solld.formats.events import Node
from solld.history import History
from solld.history.log import Derived, Span
from solld.leading import Leading
from solld.merged import Merged
from solld.model import Moment, Release
from solld.rdf import AS, DCT, LDES, RDF, SCHEMA, SH, TREE, XSD, Literal, NamedNode, without_graph

SIZE = 1000  # members of a page
POLLING = 3600  # seconds after which it is worth to look again
GRAPH = re.compile(rb"<[^<>]*> \.$", re.MULTILINE)  # at the end of a line of N-Quads
GREATER, LESS, LEAST = TREE.GreaterThanOrEqualToRelation, TREE.LessThanRelation, TREE.LessThanOrEqualToRelation


@dataclass(frozen=True)
class Stream:
    """What the documents of a stream have in common; `root` is the URL of the host that is asked, with its slash."""

    past: History
    release: Release
    base: str
    root: str

    @property
    def iri(self) -> NamedNode:
        return NamedNode(f"{self.base}ldes#stream")

    def node(self, path: str = "") -> NamedNode:
        return NamedNode(f"{self.root}ldes{path}")


def months(stream: Stream) -> list[Span]:
    """The months that have changes."""
    return stream.past.months(stream.release.number)


def is_over(stream: Stream, span: Span) -> bool:
    """Whether nothing can come into a month any more, for times never go back."""
    return span.month < stream.release.built.strftime("%Y-%m")


def pages(span: Span) -> int:
    """How many pages a month has."""
    return -(-(span.high - span.low) // SIZE)


def mark(stream: Stream, low: int, high: int) -> str:
    """What the address of a page ends in after an erasure made it another one: nothing, "-r1", "-r2"."""
    number = stream.past.erasures(low, high, stream.release.number)
    return f"-r{number}" if number else ""


# Documents ------------------------------------------------------------------------------------------------------------


def root(stream: Stream) -> Node:
    """The first document: what the stream is, and the months that it has."""
    said = [
        *_stream(stream),
        _line(stream.node(), RDF.type, TREE.RootNode),
    ]
    for number, span in enumerate(months(stream)):
        start = datetime.fromisoformat(f"{span.month}-01T00:00:00+00:00")
        target = stream.node(f"/{span.month}{mark(stream, span.low, span.high)}")
        said += _relation(stream.node(), f"#{2 * number}", GREATER, target, start)
        said += _relation(stream.node(), f"#{2 * number + 1}", LESS, target, _after(start))
    return Node(tuple(said))


def month(stream: Stream, span: Span) -> Node:
    """The pages of a month."""
    node, over = stream.node(f"/{span.month}{mark(stream, span.low, span.high)}"), is_over(stream, span)
    said = _of_view(stream, node, over)
    for number in range(1, pages(span) + 1):
        low, high = places(span, number)
        first, last = stream.past.times(low, high)
        target = stream.node(f"/{span.month}/{number}{mark(stream, low, high)}")
        said += _relation(node, f"#{2 * number}", GREATER, target, first)
        if _is_full(span, number) or over:
            said += _relation(node, f"#{2 * number + 1}", LEAST, target, last)
    return Node(tuple(said), closed=over)


def page(stream: Stream, span: Span, number: int) -> Node:
    """The members of a page, numbered from 1."""
    closed = _is_full(span, number) or is_over(stream, span)
    low, high = places(span, number)
    said = _of_view(stream, stream.node(f"/{span.month}/{number}{mark(stream, low, high)}"), closed)
    graphs = {}
    rows = stream.past.logged(low, high)
    states = States(stream.past, stream.base, [(iri, quads) for _, iri, _, quads in rows])
    members = [(_member(stream, iri, moment), place, iri, moment, quads) for place, iri, moment, quads in rows]
    said += [f"{stream.iri} {TREE.member} <{member}> ." for member, *_ in members]
    for member, place, iri, moment, quads in members:
        winner = states.view(moment.release).leading.to.get(iri)
        said += [  # written as text: terms for five thousand lines take longer than all that they say
            f"<{member}> {RDF.type} {AS.Delete if winner else ACTS[moment.kind]} .",
            f"<{member}> {AS.object} <{iri}> .",
            f"<{member}> {AS.published} {_time(moment.time)} .",
            f"<{member}> {SCHEMA.position} {_integer(place)} .",
        ]
        if winner:
            said.append(f"<{member}> {DCT.isReplacedBy} <{winner}> .")
        elif quads and (lines := states.of(iri, moment.release, quads)):
            graphs[member] = lines
    return Node(tuple(said), graphs, closed)


def _member(stream: Stream, iri: str, moment: Moment) -> str:
    return stream.base + version_path(iri.removeprefix(stream.base), moment.seq)


class States:
    """What the merged view says of resources from a version on, as N-Triples lines."""

    def __init__(self, past: History, base: str, versions: Iterable[tuple[str, bytes]]):
        self._past, self._base = past, base
        self._derived = past.derived_ever((graph, iri) for iri, quads in versions for graph in _graphs(quads))
        self._decided = past.decided()
        self._leading: dict[int, Leading] = {}
        self._views: dict[int, Merged] = {}

    def view(self, release: int) -> Merged:
        """The merged view of a release."""
        if release not in self._views:
            decided = bisect_right(self._decided, release)
            if decided not in self._leading:
                merged = fates.replayed(self._past.fates(release)).merged
                self._leading[decided] = leading.of(self._base, merged)
            self._views[release] = merging.of_catalogue(self._past, release, self._base, self._leading[decided])
        return self._views[release]

    def of(self, iri: str, release: int, quads: bytes) -> tuple[str, ...]:
        """The lines of a resource whose version of a release has these quads."""
        there = self.view(release)
        graphs = _graphs(quads)
        if not there.leading.to and len(graphs) == 1 and there.has(*graphs):
            derived = self._derived.get(iri, ())
            lines = _plain(quads).decode().split("\n")
            return tuple(dict.fromkeys(sorted((*lines, *_made(release, derived))) if derived else lines))
        said = {iri: quads}
        for other in there.leading.led.get(iri, ()):
            if version := self._past.latest(other, release):
                said[other] = version.quads
        found = {
            without_graph(line) for line in there.said(line for each in said.values() for line in each.split(b"\n"))
        }
        for name, text in said.items():
            made = self._past.derived_ever((graph, name) for graph in _graphs(text) if there.has(graph))
            found |= {there.leading.triple(each.encode()) for each in _made(release, made.get(name, ()))}
        return tuple(line.decode() for line in sorted(found))


def _made(release: int, derived: Iterable[Derived]) -> Iterator[str]:
    """The triples that rules made and that stood in a release."""
    return (triple for triple, since, until in derived if since <= release and (until is None or until > release))


def _end(quads: bytes) -> bytes | None:
    """What all lines of a version end in, its graph; None if several say something."""
    end = quads[quads.rindex(b"<") :]
    return end if quads.count(end + b"\n") == quads.count(b"\n") else None


def _graphs(quads: bytes) -> set[str]:
    """The graphs that say something in the lines of a version."""
    if not quads:
        return set()
    end = _end(quads)
    return {each[1:-3].decode() for each in ([end] if end else GRAPH.findall(quads))}


def _plain(quads: bytes) -> bytes:
    """The lines of a version as N-Triples."""
    end = _end(quads)
    return (quads + b"\n").replace(end + b"\n", b".\n")[:-1] if end else GRAPH.sub(b".", quads)


def _stream(stream: Stream) -> list[str]:
    shape, time, position, object_ = (NamedNode(f"{stream.base}ldes#{name}") for name in SHAPES)
    return [
        _line(stream.iri, RDF.type, LDES.EventStream),
        _line(stream.iri, TREE.view, stream.node()),
        _line(stream.iri, LDES.timestampPath, AS.published),
        _line(stream.iri, LDES.sequencePath, SCHEMA.position),
        _line(stream.iri, LDES.versionOfPath, AS.object),
        _line(stream.iri, LDES.versionCreateObject, AS.Create),
        _line(stream.iri, LDES.versionUpdateObject, AS.Update),
        _line(stream.iri, LDES.versionDeleteObject, AS.Delete),
        _line(stream.iri, LDES.pollingInterval, _integer(POLLING)),
        _line(stream.iri, TREE.shape, shape),
        _line(shape, RDF.type, SH.NodeShape),
        *_property(shape, time, AS.published, SH.datatype, XSD.dateTime),
        *_property(shape, position, SCHEMA.position, SH.datatype, XSD.integer),
        *_property(shape, object_, AS.object, SH.nodeKind, SH.IRI),
    ]


SHAPES = ("shape", "time", "position", "object")


def _property(
    shape: NamedNode, name: NamedNode, path: NamedNode, constraint: NamedNode, value: NamedNode
) -> Iterator[str]:
    yield _line(shape, SH.property, name)
    yield _line(name, SH.path, path)
    yield _line(name, constraint, value)
    yield _line(name, SH.minCount, _integer(1))
    yield _line(name, SH.maxCount, _integer(1))


def _of_view(stream: Stream, node: NamedNode, closed: bool) -> list[str]:
    said = [_line(stream.iri, TREE.view, stream.node()), _line(node, RDF.type, TREE.Node)]
    if closed:
        said.append(_line(node, LDES.immutable, Literal(True)))
    return said


def _relation(node: NamedNode, name: str, kind: NamedNode, target: NamedNode, value: datetime) -> list[str]:
    relation = NamedNode(node.value + name)
    return [
        _line(node, TREE.relation, relation),
        _line(relation, RDF.type, kind),
        _line(relation, TREE.node, target),
        _line(relation, TREE.path, AS.published),
        _line(relation, TREE.value, _time(value)),
    ]


def _after(start: datetime) -> datetime:
    """The first moment of the next month."""
    return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)


def places(span: Span, number: int) -> tuple[int, int]:
    low = span.low + SIZE * (number - 1)
    return low, min(low + SIZE, span.high)


def _is_full(span: Span, number: int) -> bool:
    return span.low + SIZE * number <= span.high


def _line(subject: NamedNode, predicate: NamedNode, object_: NamedNode | Literal) -> str:
    return f"{subject} {predicate} {object_} ."


@lru_cache(maxsize=1000)
def _time(time: datetime) -> Literal:
    return Literal(time.strftime("%Y-%m-%dT%H:%M:%SZ"), datatype=XSD.dateTime)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
