"""Linked Data Event Streams: of each thing the latest version, from all pages of a stream.

A member is a version of a thing (ldes:versionOfPath), or the thing itself where a stream has no versions. What it says
is in the graph of its name, or said of the member; then it is said of the thing here.
https://w3id.org/ldes/specification  https://w3id.org/tree/specification

    # LDES <https://their.example/ldes>              the file that is written begins so; the rest is N-Triples
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO
from urllib.parse import urldefrag

from solld.errors import SourceFailed
from solld.rdf import AS, DCT, LDES, PROV, RDF, TREE, BlankNode, Literal, NamedNode, Quad, Term, Triple, n_triples
from solld.sources import Get, Source
from solld.sources.documents import is_rdf, quads_of
from solld.sources.rdf import read

STANDARD = "https://w3id.org/ldes/specification"
MARK = b"# LDES <"
PAGES = 20_000  # of a stream
LINES = 2_000_000  # triples that are kept of it
RDF_TYPES = "application/n-quads, application/trig;q=0.9, text/turtle;q=0.8, application/n-triples;q=0.8, */*;q=0.1"
VOCABULARY = re.compile(rb"https?://w3id\.org/(?:ldes|tree)#")
TERMS = re.compile(
    rb"\b(?:ldes|tree)[:#](?:EventStream|Collection|Node|RootNode|view|member|relation)\b", re.IGNORECASE
)
VERSION_OF = (DCT.isVersionOf, AS.object)  # where a stream does not say its path
TIMES = (AS.published, DCT.created, DCT.issued, DCT.modified, PROV.generatedAtTime)
DELETED = (AS.Delete,)
Node = NamedNode | BlankNode
Moment = tuple[datetime, float, str]  # and the place in the sequence, and the member, so that one is always last


@dataclass
class Stream:
    """What is known of a stream, from all pages that were read."""

    things: dict[Node, "Version"] = field(default_factory=dict)
    paths: dict[NamedNode, list[NamedNode]] = field(default_factory=dict)  # what it says of itself -> terms
    lines: int = 0

    def ways(self, said: NamedNode, otherwise: Iterable[NamedNode]) -> list[NamedNode]:
        """What it says that leads from a member to something; the usual ones, if nothing."""
        return self.paths.get(said) or list(otherwise)


@dataclass(frozen=True)
class Version:
    moment: Moment
    triples: tuple[Triple, ...]  # none if it was deleted


def likes(head: bytes) -> float:
    """What was collected here, or RDF that speaks of pages of a stream."""
    if head.startswith(MARK):
        return 0.99
    said = VOCABULARY.search(head) and TERMS.search(head)
    return 0.98 if said and is_rdf(head) else 0.0


def collect(get: Get, url: str, into: IO[bytes]) -> None:
    """Writes the latest of each thing. SourceFailed for a stream that does not come to an end, or cannot be read."""
    into.write(MARK + url.encode() + b">\n")
    stream = Stream()
    for page in _pages(get, url, stream):
        _read(page, stream)
    if not stream.things:
        raise SourceFailed(url, "this stream has no members")
    for thing in sorted(stream.things, key=str):
        into.write(n_triples(stream.things[thing].triples))


def _pages(get: Get, url: str, stream: Stream) -> Iterator[list[Quad]]:
    """The pages that relations lead to, each once. A page that is gone is one without members (LDES, section 4.2)."""
    left, seen, number = [url], {urldefrag(url)[0]}, 0
    while left:
        where, number = left.pop(), number + 1
        page = get(where, RDF_TYPES)
        if page is None and where == url:
            raise SourceFailed(url, "there is nothing")
        said = _scoped(quads_of(page.body, page.url, page.url), number) if page else []
        _note(said, stream)
        for target in _targets(said):
            plain = urldefrag(target)[0]
            if plain not in seen:
                seen.add(plain)
                left.append(plain)
        if len(seen) > PAGES:
            raise SourceFailed(url, f"this stream has more than {PAGES} pages")
        yield said


def _scoped(said: Iterable[Quad], number: int) -> list[Quad]:
    """Quads whose blank nodes are not those of another page."""
    labels: dict[object, BlankNode] = {}

    def named(term: Term | Triple) -> Term | Triple:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term, BlankNode(f"p{number}x{len(labels)}"))

    return [Quad(named(q.subject), q.predicate, named(q.object), named(q.graph_name)) for q in said]  # type: ignore[arg-type]


def _targets(said: Iterable[Quad]) -> Iterator[str]:
    """The pages that a page leads to; from a stream to its views too."""
    for each in said:
        if each.predicate in (TREE.node, TREE.view) and isinstance(each.object, NamedNode):
            yield each.object.value


def _note(said: Iterable[Quad], stream: Stream) -> None:
    """What the stream says of itself, which may stand on its first page only."""
    told = (LDES.versionOfPath, LDES.timestampPath, LDES.sequencePath, LDES.versionDeleteObject)
    for each in said:
        if each.predicate in told:
            if not isinstance(each.object, NamedNode):
                raise SourceFailed(str(each.predicate), "is a path of several steps, which is not followed")
            known = stream.paths.setdefault(each.predicate, [])
            known += [] if each.object in known else [each.object]


def _read(said: list[Quad], stream: Stream) -> None:
    """Takes in the members of a page."""
    members = {each.object for each in said if each.predicate == TREE.member}
    by_subject: dict[Term, list[Quad]] = {}
    by_graph: dict[Term, list[Quad]] = {}
    for each in said:
        if isinstance(each.graph_name, NamedNode) and each.graph_name in members:
            by_graph.setdefault(each.graph_name, []).append(each)
        elif isinstance(each.subject, NamedNode | BlankNode):
            by_subject.setdefault(each.subject, []).append(each)
    for member in sorted(members, key=str):
        if isinstance(member, NamedNode | BlankNode):
            _take(member, by_subject, by_graph.get(member, []), stream)


def _take(member: Node, by_subject: dict[Term, list[Quad]], inside: list[Quad], stream: Stream) -> None:
    about = by_subject.get(member, []) + [each for each in inside if each.subject == member]
    ways = stream.ways(LDES.versionOfPath, VERSION_OF)
    named = [each.object for each in about if each.predicate in ways and isinstance(each.object, NamedNode | BlankNode)]
    thing = named[0] if named else member
    moment = _moment(member, about, stream)
    before = stream.things.get(thing)
    if before and before.moment > moment:
        return
    kinds = {each.object for each in about if each.predicate == RDF.type}
    if not kinds.isdisjoint(stream.ways(LDES.versionDeleteObject, DELETED)):
        triples: tuple[Triple, ...] = ()
    elif inside and all(each.subject != member for each in inside):
        triples = tuple(Triple(q.subject, q.predicate, q.object) for q in inside)
    else:
        triples = tuple(_of_thing(member, thing, by_subject, inside, stream))
    stream.lines += len(triples) - (len(before.triples) if before else 0)
    if stream.lines > LINES:
        raise SourceFailed(str(member), f"what is to be kept of the stream is more than {LINES} triples")
    stream.things[thing] = Version(moment, triples)


def _of_thing(
    member: Node, thing: Node, by_subject: dict[Term, list[Quad]], inside: list[Quad], stream: Stream
) -> Iterator[Triple]:
    """What is said of a member and of the nodes that belong to it, as said of the thing."""
    bookkeeping = {
        *stream.ways(LDES.versionOfPath, VERSION_OF),
        *stream.paths.get(LDES.timestampPath, ()),
        *stream.paths.get(LDES.sequencePath, ()),
    }
    within: dict[object, list[Quad]] = {}
    for each in inside:
        within.setdefault(each.subject, []).append(each)
    left: list[Node] = [member]
    seen: set[Node] = {member}
    while left:
        node = left.pop()
        for each in (*by_subject.get(node, ()), *within.get(node, ())):
            if node == member and each.predicate in bookkeeping:
                continue
            subject, value = (thing if term == member else term for term in (each.subject, each.object))
            yield Triple(subject, each.predicate, value)
            inner = each.object
            if isinstance(inner, NamedNode | BlankNode) and inner not in seen and _belongs(inner, member):
                seen.add(inner)
                left.append(inner)


def _belongs(node: Node, member: Node) -> bool:
    """Whether a node is part of a member: it has no IRI, or that of the member with a fragment."""
    return isinstance(node, BlankNode) or node.value.startswith(f"{member.value}#")


def _moment(member: Node, about: Iterable[Quad], stream: Stream) -> Moment:
    """When a member was made, and its place; SourceFailed for a time that is none."""
    times = [
        each.object.value
        for each in about
        if each.predicate in stream.ways(LDES.timestampPath, TIMES) and isinstance(each.object, Literal)
    ]
    places = [
        each.object.value
        for each in about
        if each.predicate in stream.ways(LDES.sequencePath, ()) and isinstance(each.object, Literal)
    ]
    try:
        found = [datetime.fromisoformat(time.strip()) for time in times]
        moments = [time if time.tzinfo else time.replace(tzinfo=UTC) for time in found]
        place = float(places[0]) if places else 0.0
    except ValueError as error:
        raise SourceFailed(str(member), f"has a time or a place that cannot be read: {error}") from error
    return max(moments, default=datetime.min.replace(tzinfo=UTC)), place, str(member)


SOURCE = Source("ldes", "Linked Data Event Stream", STANDARD, (), likes, read, collect)
