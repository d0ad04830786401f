"""Every store gives the same answers: the embedded one, and a real server over the SPARQL protocol."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import Published
from solld import release
from solld.errors import BadQuery, StoreFailed
from solld.rdf import DEFAULT, XSD, Literal, NamedNode, RdfFormat, write_quads
from solld.stores import Store
from solld.stores.embedded import EmbeddedStore
from solld.stores.remote import RemoteStore

NS = "https://lights.example/ns#"


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module", params=["embedded", "remote"])
def store(
    request: pytest.FixtureRequest, lights: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    folder = lights.service.release.folder / "store"
    if request.param == "embedded":
        yield EmbeddedStore.open(folder)
        return
    work = tmp_path_factory.mktemp("remote")
    (work / "all.nq").write_bytes(write_quads(EmbeddedStore.open(folder).quads(), RdfFormat.N_QUADS))
    port = free_port()
    program = Path(sys.executable).with_name("oxigraph")
    subprocess.run(
        [program, "load", "--location", work / "db", "--file", work / "all.nq"], check=True, capture_output=True
    )
    server = subprocess.Popen(
        [program, "serve-read-only", "--location", work / "db", "--bind", f"127.0.0.1:{port}"],
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)  # a server needs a moment to listen
        yield RemoteStore(f"http://127.0.0.1:{port}/query")
    finally:
        server.kill()
        server.wait()


def test_select(store: Store) -> None:
    rows = store.select(f"SELECT ?h WHERE {{ ?l <{NS}height> ?h }} ORDER BY ?h")
    assert [float(row[0].value) for row in rows if isinstance(row[0], Literal)] == [32.4, 54.85]


def test_an_unbound_variable_is_none(store: Store) -> None:
    assert store.select("SELECT ?a ?b WHERE { BIND(1 AS ?a) }")[0][1] is None


def test_language_tags_and_datatypes_come_back(store: Store) -> None:
    rows = store.select('SELECT ?x WHERE { VALUES ?x { "a"@fr 1.5 <http://x/> "plain" } }')
    assert {str(row[0]) for row in rows} == {
        '"a"@fr',
        '"1.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        "<http://x/>",
        '"plain"',
    }


@pytest.mark.parametrize("number", [254, 255, 256, 511, 1023])
def test_a_number_matches_itself_only(tmp_path: Path, number: int) -> None:
    numbers = (f'<http://x> <http://p> "{n}"^^<{XSD.integer.value}> <http://g> .'.encode() for n in range(1100))
    release.fill(tmp_path / "store", numbers)
    found = EmbeddedStore.open(tmp_path / "store").quads(None, None, Literal(number))
    assert {str(quad.object) for quad in found} == {str(Literal(number))}


def test_ask(store: Store) -> None:
    assert store.ask("ASK {}")
    assert not store.ask(f"ASK {{ ?l <{NS}height> 1 }}")


def test_construct(store: Store) -> None:
    assert len(store.construct(f"CONSTRUCT WHERE {{ ?l <{NS}height> ?h }}")) == 2


@pytest.mark.parametrize(
    "graph", [None, DEFAULT, NamedNode("https://lights.example/dataset/lights")], ids=["any", "default", "named"]
)
def test_quads_match_the_embedded_store(store: Store, graph: NamedNode | None, lights: Published) -> None:
    height = NamedNode(f"{NS}height")
    expected = {str(q) for q in lights.service.store.quads(None, height, None, graph)}
    assert {str(q) for q in store.quads(None, height, None, graph)} == expected
    assert expected


@pytest.mark.parametrize("query", ["SELECT", "ASK {}"])
def test_a_query_that_is_not_a_select_is_refused(store: Store, query: str) -> None:
    with pytest.raises(BadQuery):
        store.select(query)


def test_a_folder_without_a_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="no store here"):
        EmbeddedStore.open(tmp_path / "none")


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(StoreFailed, match=r"127\.0\.0\.1"):
        RemoteStore(f"http://127.0.0.1:{free_port()}/query").ask("ASK {}")
