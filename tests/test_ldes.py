"""The event stream: a follower that has read it has what we have, and reads what is closed only once. FEDERATION 1.3"""

import re
import subprocess
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyoxigraph
import pytest

from conftest import Published, publish
from lives import lives
from serving import Server, serving
from solld import ldes, release
from solld.model import Settings
from solld.rdf import AS, DCT, DEFAULT, LDES, RDF, SCHEMA, SH, TREE, NamedNode, Quad, RdfFormat, parse
from test_versions import BEGAN, Clock, edit

BASE = "https://lights.example/"
STREAM = NamedNode(f"{BASE}ldes#stream")
FINDINGS = NamedNode(f"{BASE}graph/findings")
PHAROS = '<pharos> a light:Lighthouse ; skos:prefLabel "Pharos of Alexandria"@en .'
Store = pyoxigraph.Store
Event = tuple[int, Any, Store]  # place, member, where it stands


def value(store: Store, subject: NamedNode, predicate: NamedNode) -> str:
    (quad,) = store.quads_for_pattern(subject, predicate, None, DEFAULT)
    return str(quad.object.value)  # type: ignore[union-attr]


@dataclass
class Follower:
    """What a directory that follows us does, in the plainest way."""

    closed: dict[str, bytes] = field(default_factory=dict)  # path -> what was there
    copy: dict[str, frozenset[str]] = field(default_factory=dict)  # IRI -> its triples
    leads: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    def follow(self, published: Published) -> None:
        self.asked = []
        events = [event for page in self._pages(published, "/ldes") for event in page]
        for position, member, store in sorted(events, key=lambda event: event[0]):
            assert member.value not in self.seen
            self.seen.add(member.value)
            self._take(member, store, position)

    def _pages(self, published: Published, path: str) -> list[list[Event]]:
        if path in self.closed:
            return []
        self.asked.append(path)
        answer = published.get(path, Accept="application/trig")
        assert answer.status_code == 200
        store = Store()
        store.load(answer.data, format=RdfFormat.TRIG)
        node = NamedNode(f"http://localhost{path}")
        if "immutable" in answer.headers["Cache-Control"]:
            assert value(store, node, LDES.immutable) == "true"
            self.closed[path] = answer.data
        found = [
            (int(value(store, quad.object, SCHEMA.position)), quad.object, store)  # type: ignore[arg-type]
            for quad in store.quads_for_pattern(STREAM, TREE.member, None)
            if quad.object.value not in self.seen  # type: ignore[union-attr]
        ]
        pages = [found]
        relations = [quad.object for quad in store.quads_for_pattern(node, TREE.relation, None)]
        for target in dict.fromkeys(value(store, r, TREE.node) for r in relations):  # type: ignore[arg-type]
            pages += self._pages(published, target.removeprefix("http://localhost"))
        return pages

    def _take(self, member: Any, store: Store, position: int) -> None:
        about = value(store, member, AS.object)
        self.leads.pop(about, None)
        if value(store, member, RDF.type) == AS.Delete.value:
            self.copy.pop(about, None)
            for quad in store.quads_for_pattern(member, DCT.isReplacedBy, None):
                self.leads[about] = quad.object.value  # type: ignore[union-attr]
            assert not list(store.quads_for_pattern(None, None, None, member))
        else:
            said = store.quads_for_pattern(None, None, None, member)
            self.copy[about] = frozenset(str(Quad(q.subject, q.predicate, q.object)) for q in said)


def merged_view(settings: Settings) -> set[str]:
    """All that the newest release states, without what a build found."""
    number = release.numbers(settings)[-1]
    store = Store.read_only(str(release.folder_of(settings, number) / "store"))
    found = {quad.subject for quad in store.quads_for_pattern(None, None, None, FINDINGS)}
    return {str(quad) for quad in store.quads_for_pattern(None, None, None, DEFAULT) if quad.subject not in found}


def test_who_follows_has_what_we_have(tiny: Settings, monkeypatch: pytest.MonkeyPatch, life: int) -> None:
    monkeypatch.setattr(ldes, "SIZE", 7)
    clock = Clock(monkeypatch)
    steady = Follower()
    for _ in lives(tiny, life, 7, lambda: setattr(clock, "now", clock.now + timedelta(days=9))):
        published = publish(tiny)
        before = dict(steady.closed)
        steady.follow(published)
        assert set().union(*steady.copy.values()) == merged_view(tiny)
        for path, body in before.items():
            assert published.get(path, Accept="application/trig").data == body
        late = Follower()
        late.follow(published)
        assert (late.copy, late.leads) == (steady.copy, steady.leads)
        steady.follow(published)
        assert len(steady.asked) <= 3 < len(late.asked)  # the root, the month that goes on, and its last page
        published.close()


@pytest.fixture
def three(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> Published:
    """Three releases, in January, January and March."""
    clock = Clock(monkeypatch)
    publish(tiny).close()
    clock.next_day()
    edit(tiny, "54.850", "55.1")
    publish(tiny).close()
    clock.now += timedelta(days=60)
    edit(tiny, PHAROS, "")
    return publish(tiny)


def test_the_stream_says_how_it_is_read(three: Published) -> None:
    answer = three.get("/ldes", Accept="text/turtle;q=0.1, application/trig")
    assert answer.mimetype == "application/trig"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    store = Store()
    store.load(answer.data, format=RdfFormat.TRIG)
    root = NamedNode("http://localhost/ldes")
    assert [q.object for q in store.quads_for_pattern(None, TREE.view, None)] == [root]
    for predicate, expected in {
        LDES.timestampPath: AS.published,
        LDES.sequencePath: SCHEMA.position,
        LDES.versionOfPath: AS.object,
        LDES.versionDeleteObject: AS.Delete,
    }.items():
        assert value(store, STREAM, predicate) == expected.value
    assert int(value(store, STREAM, LDES.pollingInterval)) > 0
    shape = NamedNode(value(store, STREAM, TREE.shape))
    paths = {value(store, q.object, SH.path) for q in store.quads_for_pattern(shape, SH.property, None)}  # type: ignore[arg-type]
    assert paths == {AS.published.value, AS.object.value, SCHEMA.position.value}
    relations = [q.object for q in store.quads_for_pattern(root, TREE.relation, None)]
    spans = {
        (value(store, r, TREE.node)[-7:], value(store, r, RDF.type).rpartition("#")[2], value(store, r, TREE.value))  # type: ignore[arg-type]
        for r in relations
    }
    assert spans == {
        ("2026-01", "GreaterThanOrEqualToRelation", "2026-01-01T00:00:00Z"),
        ("2026-01", "LessThanRelation", "2026-02-01T00:00:00Z"),
        ("2026-03", "GreaterThanOrEqualToRelation", "2026-03-01T00:00:00Z"),
        ("2026-03", "LessThanRelation", "2026-04-01T00:00:00Z"),
    }


def test_what_is_over_is_closed_and_what_goes_on_is_not(three: Published) -> None:
    closed = {path: "immutable" in three.get(path).headers["Cache-Control"] for path in PATHS}
    assert closed == PATHS


PATHS = {
    "/ldes": False,
    "/ldes/2026-01": True,
    "/ldes/2026-01/1": True,
    "/ldes/2026-03": False,
    "/ldes/2026-03/1": False,
}


def test_times_and_places_never_go_back(three: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[tuple[int, datetime]] = []
    for path in ("/ldes/2026-01/1", "/ldes/2026-03/1"):
        store = Store()
        store.load(three.get(path).data, format=RdfFormat.TRIG)
        for quad in store.quads_for_pattern(STREAM, TREE.member, None):
            member = quad.object
            place = int(value(store, member, SCHEMA.position))  # type: ignore[arg-type]
            times.append((place, datetime.fromisoformat(value(store, member, AS.published))))  # type: ignore[arg-type]
    assert sorted(times) == sorted(times, key=lambda pair: (pair[1], pair[0]))
    assert [place for place, _ in sorted(times)] == list(range(1, len(times) + 1))
    assert {time.tzinfo for _, time in times} == {UTC}
    assert min(time for _, time in times) == BEGAN


@pytest.mark.parametrize("path", PATHS)
def test_all_formats_say_the_same(three: Published, path: str) -> None:
    found = []
    for media_type, syntax in (
        ("application/trig", RdfFormat.TRIG),
        ("application/n-quads", RdfFormat.N_QUADS),
        ("application/ld+json", RdfFormat.JSON_LD),
    ):
        answer = three.get(path, Accept=media_type)
        assert answer.mimetype == media_type
        found.append(set(parse(answer.data, format=syntax)))
    assert found[0] == found[1] == found[2] != set()
    assert three.get(path, Accept="text/turtle").status_code == 406  # it has no graphs


@pytest.mark.parametrize("path", ["/ldes/2026-02", "/ldes/x", "/ldes/2026-01/2", "/ldes/2026-01/0", "/ldes/2026-01/x"])
def test_what_is_no_page_is_not_found(three: Published, path: str) -> None:
    assert three.get(path).status_code == 404


def test_members_lead_to_their_versions(three: Published) -> None:
    store = Store()
    store.load(three.get("/ldes/2026-01/1").data, format=RdfFormat.TRIG)
    for quad in store.quads_for_pattern(STREAM, TREE.member, None):
        path = str(quad.object).strip("<>").removeprefix(BASE[:-1])
        answer = three.get(path, Accept="application/n-triples")
        assert answer.status_code == 200, quad.object


# The real client ------------------------------------------------------------------------------------------------------


# The client writes N-Quads, but for numbers and truth values, which it writes as in Turtle.
SHORT = re.compile(rb"^(<[^>]*> <[^>]*> )([-0-9.]+|true|false)( <[^>]*>)? \.$", re.MULTILINE)


def _long(match: re.Match[bytes]) -> bytes:
    text = match[2]
    kind = b"boolean" if text.isalpha() else b"decimal" if b"." in text else b"integer"
    return match[1] + b'"%s"^^<http://www.w3.org/2001/XMLSchema#%s>' % (text, kind) + (match[3] or b"") + b" ."


def replicate(ldes_client: Path, server: Server, state: Path, *options: str) -> dict[str, set[Quad]]:
    """member -> its quads, of the members that the client has not seen before."""
    command = [str(ldes_client), f"http://127.0.0.1:{server.port}/ldes", "--save", str(state), *options]
    done = subprocess.run(command, capture_output=True, timeout=120, check=True)
    quads = set(parse(SHORT.sub(_long, done.stdout), format=RdfFormat.N_QUADS))
    members = {quad.subject for quad in quads if quad.predicate == AS.published}
    assert quads, done.stderr
    return {m.value: {q for q in quads if m in (q.subject, q.graph_name)} for m in members}


@pytest.mark.parametrize(("seed", "order"), [(1, "none"), (2, "ascending")])
def test_the_client_that_people_use_has_what_we_have(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch, ldes_client: Path, tmp_path: Path, seed: int, order: str
) -> None:
    clock = Clock(monkeypatch)
    found: dict[str, set[Quad]] = {}
    for number, _ in enumerate(lives(tiny, seed, 6, lambda: setattr(clock, "now", clock.now + timedelta(days=9)))):
        release.publish(tiny, release.numbers(tiny)[-1])
        if number in (2, 5):
            with serving(tiny.folder, "--workers", "1") as server:
                new = replicate(ldes_client, server, tmp_path / "state", "--ordered", order)
            assert not new.keys() & found.keys()
            found |= new
    copy: dict[str, set[Quad]] = {}
    for member in sorted(found, key=lambda member: int(one(found[member], SCHEMA.position))):
        about = one(found[member], AS.object)
        copy.pop(about, None)
        if one(found[member], RDF.type, NamedNode(member)) != AS.Delete.value:
            copy[about] = found[member]
    store = Store()
    store.extend(
        Quad(q.subject, q.predicate, q.object) for said in copy.values() for q in said if q.graph_name != DEFAULT
    )
    assert {str(quad) for quad in store} == merged_view(tiny)


def one(quads: set[Quad], predicate: NamedNode, subject: NamedNode | None = None) -> str:
    (found,) = {
        q.object.value  # type: ignore[union-attr]
        for q in quads
        if q.graph_name == DEFAULT and q.predicate == predicate and subject in (None, q.subject)
    }
    return str(found)
