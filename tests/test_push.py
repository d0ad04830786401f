"""Releases put into a server: what is sent, what a broken load leaves, and that no reader sees two releases at once."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import servers
from conftest import TINY
from solld import build, push, release, site
from solld.cli import main
from solld.errors import BadSite, CutOff, ServerFailed, StoreFailed
from solld.model import Settings
from solld.rdf import Literal
from solld.stores import remote_load
from solld.stores.embedded import EmbeddedStore
from solld.stores.remote import RemoteStore, look, place_of, target_of
from solld.stores.remote_graphs import Placement, Register, register_iri
from solld.stores.remote_server import Server

LIGHTS = Path("data/lights/lights.ttl")
BASE = "https://lights.example/"
DATASET, MERGED, CATALOG = f"{BASE}dataset/lights", f"{BASE}graph/merged", f"{BASE}graph/catalog"


@pytest.fixture(autouse=True)
def impatience(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody reads what a test retires, unless the test is about that."""
    if "somebody_may_read" not in request.node.name:
        monkeypatch.setattr(remote_load, "PATIENCE", 0.0)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def running(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Running]:
    with getattr(servers, request.param)(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="module")
def oxigraph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[servers.Running]:
    with servers.oxigraph(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture
def proxy(oxigraph: servers.Running) -> Iterator[servers.Proxy]:
    between = servers.Proxy(oxigraph)
    yield between
    between.close()


def site_on(running: servers.Running, folder: Path, *without: str, more: str = "") -> Settings:
    """A copy of the tiny site on a server, which is emptied of what other tests left."""
    shutil.copytree(TINY, folder / "site", ignore=shutil.ignore_patterns("var"))
    with (folder / "site" / "site.toml").open("a", encoding="utf-8") as file:
        file.write(running.table(*without) + "\n[sparql]\nseconds = 2\nstall = 0.1\n" + more)
    settings = site.load(folder / "site")
    server = Server(replace(place_of(settings), update=running.update), 60)
    for slot in Register(server, BASE).slots:
        server.update(f"DROP SILENT GRAPH <{slot}>")
    server.update(f"DROP SILENT GRAPH <{register_iri(BASE)}>")
    return settings


def published(settings: Settings, say: Callable[[str], None] = lambda text: None) -> Placement:
    made = build.build(settings).release
    assert made is not None
    _, placement = push.publish(settings, made.number, say)
    assert placement is not None
    return placement


def edit(settings: Settings, old: str, new: str) -> None:
    path = settings.folder / LIGHTS
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def grow(settings: Settings, start: int, number: int) -> None:
    with (settings.folder / LIGHTS).open("a", encoding="utf-8") as file:
        for i in range(start, start + number):
            file.write(f'<new{i}> a light:Lighthouse ; skos:prefLabel "New {i}"@en ; light:height {i}.5 .\n')


def register(settings: Settings) -> Register:
    return Register(Server(place_of(settings), 60), BASE)


def assert_whole(settings: Settings) -> None:
    """The server serves what the current release has."""
    opened = release.current(settings)
    assert opened is not None
    store = RemoteStore.open(settings, opened.folder)
    assert {str(q) for q in store.quads()} == {str(q) for q in EmbeddedStore.open(opened.folder / "store").quads()}
    store.close()


def test_what_did_not_change_keeps_its_place_and_the_rest_is_brought_up_to_date(
    running: servers.Running, tmp_path: Path
) -> None:
    settings = site_on(running, tmp_path, more="[releases]\nkeep = 1\n")
    grow(settings, 0, 60)
    first = published(settings)
    assert_whole(settings)
    said: list[str] = []
    places = [first]
    for turn in range(4):
        edit(settings, "54.850" if turn == 0 else f"54.{turn}", f"54.{turn + 1}")
        if turn == 2:
            edit(settings, '"Le Stiff"@fr', '"Le Stiff"@fr, "Stiff \\"neuf\\""@fr')
        said.clear()
        places.append(published(settings, said.append))
        assert_whole(settings)
        assert places[-1].graphs[f"{BASE}graph/ontology"] == first.graphs[f"{BASE}graph/ontology"]
    assert any(text.startswith(f"updating {MERGED}") for text in said)
    assert not any(text.startswith("loading") for text in said)
    assert len({place.merged for place in places}) == 2  # what is served, and what is brought up to date meanwhile
    assert {slot.name for slot in register(settings).of(MERGED)} == {place.merged for place in places}


def test_a_publication_without_a_change_writes_no_triple(proxy: servers.Proxy, tmp_path: Path) -> None:
    settings = site_on(proxy.running, tmp_path)
    published(settings)
    proxy.written.clear()
    published(settings)
    assert proxy.written == []


def test_what_is_sent_grows_with_the_change(proxy: servers.Proxy, tmp_path: Path) -> None:
    settings = site_on(proxy.running, tmp_path, more="[releases]\nkeep = 1\n")
    grow(settings, 0, 2000)
    for turn in range(3):
        grow(settings, 2000 + turn, 1)
        published(settings)
    proxy.written.clear()
    grow(settings, 3000, 1)
    published(settings)
    assert sum(len(body) for _, _, body in proxy.written) < 20_000
    assert_whole(settings)


@pytest.mark.parametrize("without", ["update", "graph_store"])
def test_one_way_to_write_is_enough(running: servers.Running, tmp_path: Path, without: str) -> None:
    settings = site_on(running, tmp_path, without, more="[releases]\nkeep = 1\n")
    for turn in range(4):
        edit(settings, "54.850" if turn == 0 else f"54.{turn}", f"54.{turn + 1}")
        published(settings)
        assert_whole(settings)
        time.sleep(2 * settings.query_seconds + settings.query_stall)  # until then somebody may read what was retired
    assert len(register(settings).of(MERGED)) <= 3


def test_old_releases_leave_the_server(running: servers.Running, tmp_path: Path) -> None:
    settings = site_on(running, tmp_path, more="[releases]\nkeep = 1\n")
    for turn in range(5):
        edit(settings, "54.850" if turn == 0 else f"54.{turn}", f"54.{turn + 1}")
        published(settings)
    slots = register(settings).slots.values()
    server = Server(place_of(settings), 60)
    names = {row[0].value for row in server.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")}
    assert {name for name in names if name.startswith(BASE)} == {
        *(slot.name for slot in slots),
        register_iri(BASE),
        f"{register_iri(BASE)}/probe-1",
        f"{register_iri(BASE)}/probe-2",
    }
    assert len([slot for slot in slots if slot.graph == DATASET]) == 2


def test_a_dataset_that_left_the_site_leaves_the_server(oxigraph: servers.Running, tmp_path: Path) -> None:
    settings = site_on(oxigraph, tmp_path, more="[releases]\nkeep = 1\n")
    other = settings.folder / "data" / "other"
    shutil.copytree(settings.folder / "data" / "lights", other)
    (other / "lights.ttl").write_text(
        "@prefix light: <https://lights.example/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> ."
        '<a> a light:Lighthouse ; skos:prefLabel "A"@en .'
    )
    assert f"{BASE}dataset/other" in published(settings).graphs
    (other / "dataset.ttl").unlink()  # its ledger stays: an identifier is never forgotten
    assert f"{BASE}dataset/other" not in published(settings).graphs
    for turn in range(2):
        grow(settings, turn, 1)
        published(settings)
    assert register(settings).of(f"{BASE}dataset/other") == []
    assert_whole(settings)


@pytest.mark.parametrize(
    ("fate", "moment"),
    [("break", 1), ("break", 2), ("break", 3), ("break", 5), ("break", 8), ("refuse", 2), ("refuse", 6), ("lose", 2)],
)
def test_a_broken_load_changes_nothing_and_the_next_goes_on(
    proxy: servers.Proxy, tmp_path: Path, fate: str, moment: int
) -> None:
    settings = site_on(proxy.running, tmp_path)
    published(settings)
    edit(settings, "54.850", "55.1")
    made = build.build(settings).release
    assert made is not None
    proxy.written.clear()
    proxy.meddle = lambda number, body: fate if number >= moment else "pass"
    with pytest.raises(StoreFailed):
        push.publish(settings, made.number, lambda text: None)
    proxy.meddle = lambda number, body: "pass"
    served = release.current(settings)
    assert served is not None
    assert served.number == 1
    assert_whole(settings)
    published(settings)
    assert_whole(settings)
    assert all(slot.release for slot in register(settings).slots.values())


def test_an_update_that_broke_is_not_built_upon(proxy: servers.Proxy, tmp_path: Path) -> None:
    settings = site_on(proxy.running, tmp_path, more="[releases]\nkeep = 1\n")
    grow(settings, 0, 60)
    for turn in range(3):
        grow(settings, 100 + turn, 1)
        published(settings)
    grow(settings, 200, 1)
    made = build.build(settings).release
    assert made is not None
    proxy.meddle = lambda number, body: "break" if b"INSERT DATA" in body and b"New 200" in body else "pass"
    with pytest.raises(ServerFailed):
        push.publish(settings, made.number, lambda text: None)
    proxy.meddle = lambda number, body: "pass"
    assert_whole(settings)
    published(settings)
    assert_whole(settings)


def test_triples_that_got_lost_are_missed_and_said(proxy: servers.Proxy, tmp_path: Path) -> None:
    settings = site_on(proxy.running, tmp_path)
    made = build.build(settings).release
    assert made is not None
    proxy.meddle = lambda number, body: "lose" if b"Creach" in body else "pass"
    with pytest.raises(ServerFailed, match=r"the release has 22 triples and the server holds 0; <.*>: \d+ and 0"):
        push.publish(settings, made.number, lambda text: None)
    assert release.current(settings) is None


def test_a_rollback_serves_the_earlier_release(running: servers.Running, tmp_path: Path) -> None:
    settings = site_on(running, tmp_path)
    published(settings)
    edit(settings, "54.850", "55.1")
    published(settings)
    assert main(["rollback", "--site", str(settings.folder)]) == 0
    assert release.current(settings) == release.load(release.folder_of(settings, 1))
    assert_whole(settings)


def test_a_rollback_to_what_the_server_lost_puts_it_there_again(oxigraph: servers.Running, tmp_path: Path) -> None:
    settings = site_on(oxigraph, tmp_path)
    published(settings)
    edit(settings, "54.850", "55.1")
    published(settings)
    Server(place_of(settings), 60).update("DROP ALL")
    opened = release.current(settings)
    assert opened is not None
    with pytest.raises(StoreFailed, match="not there any more"):
        RemoteStore.open(settings, opened.folder)
    assert main(["rollback", "--site", str(settings.folder)]) == 0
    assert_whole(settings)


def test_another_var_folder_does_not_write_over_what_is_served(oxigraph: servers.Running, tmp_path: Path) -> None:
    settings = site_on(oxigraph, tmp_path)
    here = published(settings)
    shutil.copytree(settings.folder, tmp_path / "clone", ignore=shutil.ignore_patterns("var"))
    clone = site.load(tmp_path / "clone")
    edit(clone, "54.850", "10.5")
    there = published(clone)
    assert not here.slots & there.slots
    assert_whole(clone)
    assert_whole(settings)


def test_a_slot_is_not_written_while_somebody_may_read_it(
    oxigraph: servers.Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = site_on(oxigraph, tmp_path, more="[releases]\nkeep = 1\n")
    grow(settings, 0, 60)
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    for turn in range(4):
        grow(settings, 100 + turn, 1)
        published(settings)
    assert slept
    assert all(0 < seconds < 2 * settings.query_seconds + settings.query_stall + 5.1 for seconds in slept)


@pytest.mark.alone  # a reader that is kept waiting for longer than a query may take sees what nobody should
def test_no_answer_mixes_two_releases_while_they_change(running: servers.Running, tmp_path: Path) -> None:
    """Each release says one height for all; readers follow var/current and must never see two heights."""
    settings = site_on(running, tmp_path)
    text = (settings.folder / LIGHTS).read_text(encoding="utf-8")

    def set_height(height: int) -> None:
        more = "".join(
            f'<m{i}> a light:Lighthouse ; skos:prefLabel "M{i}"@en ; light:height {height}.5 .\n' for i in range(100)
        )
        (settings.folder / LIGHTS).write_text(text + more, encoding="utf-8")

    set_height(1000)
    published(settings)
    stop, seen, wrong = threading.Event(), set(), list[object]()
    named = f"SELECT ?h WHERE {{ GRAPH <{DATASET}> {{ ?l <{BASE}ns#height> ?h }} FILTER(?h > 999) }}"
    merged = f"SELECT ?h WHERE {{ ?l <{BASE}ns#height> ?h FILTER(?h > 999) }}"

    def read() -> None:
        while not stop.is_set():
            opened = release.current(settings)
            assert opened is not None
            store = RemoteStore.open(settings, opened.folder)
            for _ in range(5):
                rows = [*store.select(named), *store.select(merged)]
                heights = {row[0].value for row in rows if isinstance(row[0], Literal)}
                if len(heights) != 1 or len(rows) != 200:
                    wrong.append((heights, len(rows)))
                seen.update(heights)
            store.close()

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for height in range(1001, 1006):
        set_height(height)
        published(settings)
    time.sleep(0.5)  # readers see the last one too
    stop.set()
    for reader in readers:
        reader.join()
    assert not wrong
    assert len(seen) > 2
    assert_whole(settings)


@pytest.mark.alone  # it is asked for as much as there is, and its patience is measured
def test_a_server_that_cuts_off_in_silence_is_found_out_at_the_start(proxy: servers.Proxy, tmp_path: Path) -> None:
    settings = site_on(proxy.running, tmp_path)
    placement = published(settings)
    proxy.rows = 5000
    folder = release.folder_of(settings, 1)
    assert RemoteStore.open(settings, folder).quirks.row_limit == 0
    look(settings, folder)
    store = RemoteStore.open(settings, folder)
    assert (store.quirks.row_limit, store.quirks.announced) == (5000, False)
    assert "5000 rows and does not say so" in "\n".join(store.quirks.sentences())
    assert target_of(settings, folder).silent_limit == 5000
    crossed = "SELECT ?a WHERE { ?a ?b ?c . ?d ?e ?f . ?g a ?h }"
    with pytest.raises(CutOff):
        store.select(crossed)
    assert len(store.select(crossed + " LIMIT 4000")) == 4000
    assert len(list(store.quads())) > 300
    assert placement.slots


TABLES = (
    ('query = "ftp://x/"\nupdate = "http://x/"', "must be an http"),
    ('query = "http://u:p@x/"\nupdate = "http://x/"', "must be an http"),
    ('update = "http://x/"', "needs 'query'"),
    ('query = "http://x/"', "needs 'update' or 'graph_store'"),
    ('query = "http://x/"\nupdate = "http://x/"\nuser = "u"', "needs 'password_file'"),
    ('query = "http://x/"\nupdate = "http://x/"\nuser = "u"\npassword_file = "none"', "the password is not at"),
    ('query = "http://x/"\nupdate = "http://x/"\nkind = "mysql"', "'kind' is one of"),
)


@pytest.mark.parametrize(("table", "reason"), TABLES)
def test_a_wrong_table_is_told(tiny: Settings, table: str, reason: str) -> None:
    with (tiny.folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n[store]\n{table}\n")
    with pytest.raises(BadSite, match=reason):
        site.load(tiny.folder)


def test_wrong_credentials_are_told(tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()
    with servers.virtuoso(tmp_path / "server") as running:
        (tmp_path / "wrong").write_text("nonsense", encoding="utf-8")
        wrong = replace(running, password_file=str(tmp_path / "wrong"))
        shutil.copytree(TINY, tmp_path / "site", ignore=shutil.ignore_patterns("var"))
        with (tmp_path / "site" / "site.toml").open("a", encoding="utf-8") as file:
            file.write(wrong.table())
        settings = site.load(tmp_path / "site")
        made = build.build(settings).release
        assert made is not None
        with pytest.raises(ServerFailed, match="401"):
            push.publish(settings, made.number, lambda text: None)
