"""`solld serve` over a SPARQL server, asked from the outside: pages, endpoint and limits are those of any site."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPMessage
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest

import servers
from conftest import TINY, Published
from serving import Server, serving
from solld import build, push, site
from solld.model import Settings
from solld.rdf import RdfFormat, parse, read_results
from test_remote import TRIPLES

BASE = "https://lights.example/"
NS = f"{BASE}ns#"
SELECT = f"SELECT ?l ?h WHERE {{ ?l <{NS}height> ?h }} ORDER BY ?h"
BOMB = "SELECT (COUNT(*) AS ?n) WHERE { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(5)) + " }"


@dataclass(frozen=True)
class Site:
    """A site that is served from a server."""

    running: servers.Running
    settings: Settings
    server: Server

    def get(self, path: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
        answer = self.server.ask("", path=path, **headers)
        return answer.status, answer.headers, answer.read()

    def query(self, query: str, **headers: str) -> tuple[int, HTTPMessage, bytes]:
        return self.get("/sparql?" + urlencode({"query": query}), **headers)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def remote(
    request: pytest.FixtureRequest, lights: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    work = tmp_path_factory.mktemp("http")
    with getattr(servers, request.param)(work) as running:
        shutil.copytree(lights.settings.folder, work / "site", symlinks=True)
        with (work / "site" / "site.toml").open("a", encoding="utf-8") as file:
            file.write(running.table() + "\n[sparql]\nseconds = 3\nworkers = 1\nper_client = 2\n")
        settings = site.load(work / "site")
        push.publish(settings, 1, lambda text: None)
        with serving(settings.folder, "--workers", "1") as server:
            yield Site(running, settings, server)


def test_documents_are_those_of_the_embedded_store(remote: Site, lights: Published) -> None:
    for path in ("/", *(f"/doc/{i}.{e}" for i in lights.ids.values() for e in ("ttl", "html", "json")), "/ns.jsonld"):
        theirs = lights.get(path)
        status, headers, body = remote.get(path)
        assert (status, headers["Content-Type"]) == (theirs.status_code, theirs.content_type), path
        here = f"http://127.0.0.1:{remote.server.port}/".encode()
        assert body.replace(here, b"http://localhost/") == theirs.data, path
    status, headers, _ = remote.get(f"/id/{next(iter(lights.ids.values()))}")
    assert status == 303
    assert remote.get("/doc/000000000")[0] == 404


def test_links_and_lists_are_those_of_the_embedded_store(remote: Site, lights: Published) -> None:
    for path in ("/links.csv", "/links.sssom.tsv", "/reconcile?query=Stiff"):
        status, headers, body = remote.get(path)
        theirs = lights.get(path)
        assert (status, headers["Content-Type"]) == (theirs.status_code, theirs.content_type), path
        assert body, path
    assert json.loads(remote.get("/reconcile?query=Stiff")[2]) == lights.get("/reconcile?query=Stiff").json


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_results_have_the_bytes_of_the_embedded_store(remote: Site, lights: Published, format: str) -> None:
    path = "/sparql?" + urlencode({"query": SELECT, "format": format})
    assert remote.get(path)[2] == lights.get(path).data
    assert remote.get(path)[1]["Content-Type"] == lights.get(path).content_type


@pytest.mark.parametrize("query", [f"CONSTRUCT WHERE {{ ?l <{NS}height> ?h }}", f"DESCRIBE <{NS}height>"])
def test_graphs_have_the_same_triples(remote: Site, lights: Published, query: str) -> None:
    path = "/sparql?" + urlencode({"query": query})
    status, headers, body = remote.get(path, Accept="text/turtle")
    assert (status, headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    mine, theirs = (set(map(str, parse(text, format=RdfFormat.TURTLE))) for text in (body, lights.get(path).data))
    assert mine == theirs


def test_graphs_are_read_by_the_graph_store_protocol(remote: Site, lights: Published) -> None:
    for name in ("?default", "?graph=" + quote(f"{BASE}dataset/lights", safe="")):
        status, _, body = remote.get(f"/graph{name}", Accept="application/n-triples")
        assert status == 200
        theirs = lights.get(f"/graph{name}", Accept="application/n-triples").data
        assert sorted(body.splitlines()) == sorted(theirs.splitlines())
    for unknown in (f"{BASE}none", f"{BASE}graph/merged/stored/1"):
        assert remote.get("/graph?graph=" + quote(unknown, safe=""))[0] == 404


def test_a_browser_gets_the_page(remote: Site) -> None:
    status, headers, body = remote.query(SELECT, Accept="text/html")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert b"54.85" in body


def test_answers_are_kept_and_validated(remote: Site) -> None:
    _, headers, _ = remote.query(SELECT)
    assert remote.query(SELECT, If_None_Match=headers["ETag"])[0] == 304


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("SELECT ?x {", 400, "line 1, column 12"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403, "SERVICE"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 403, "read-only"),
        ("SELECT (<bif:concat>('a', 'b') AS ?x) { }", 403, "bif:concat"),
        ("SELECT * FROM <" + BASE + "graph/ontology> FROM <" + BASE + "graph/catalog> { ?s ?p ?o }", 501, "duplicate"),
    ],
)
def test_what_cannot_be_answered_says_why(remote: Site, query: str, status: int, said: str) -> None:
    found, headers, body = remote.query(query)
    assert (found, headers["Content-Type"]) == (status, "application/problem+json")
    assert said in json.loads(body)["detail"]


def test_an_answer_that_would_be_partial_is_no_answer(remote: Site) -> None:
    status, _, body = remote.query("SELECT ?a ?b WHERE { ?a ?p ?o . ?b ?q ?r }")
    if remote.running.name == "virtuoso":
        assert status == 501
        assert json.loads(body)["limit"] == {"name": "store.rows", "value": 10_000, "unit": "rows"}
    else:
        assert status == 200
        assert len(read_results(body)[1]) == TRIPLES**2


def test_a_bomb_ends_at_the_limit_and_others_are_answered_meanwhile(remote: Site) -> None:
    found: list[tuple[int, bytes]] = []

    def throw() -> None:
        status, _, body = remote.query(BOMB)
        found.append((status, body))

    started = time.monotonic()
    thrown = threading.Thread(target=throw)
    thrown.start()
    time.sleep(0.5)
    meanwhile = 0
    while thrown.is_alive():
        assert remote.query(f"{SELECT} # {meanwhile}")[0] == 200
        meanwhile += 1
    thrown.join()
    assert meanwhile > 3
    assert time.monotonic() - started < 4.5
    ((status, body),) = found
    assert status == 503
    assert json.loads(body)["limit"]["name"] == "sparql.seconds"
    assert remote.query(SELECT)[0] == 200


@pytest.mark.timeout(120)
def test_no_answer_mixes_two_releases_while_they_change(tmp_path: Path) -> None:
    """All lighthouses of a release have one height: neither a page nor a query may ever tell of two."""
    (tmp_path / "server").mkdir()
    shutil.copytree(TINY, tmp_path / "site", ignore=shutil.ignore_patterns("var"))
    with servers.oxigraph(tmp_path / "server") as running:
        with (tmp_path / "site" / "site.toml").open("a", encoding="utf-8") as file:
            file.write(running.table() + "\n[sparql]\nseconds = 2\n")
        settings = site.load(tmp_path / "site")
        lights = settings.folder / "data/lights/lights.ttl"
        text = lights.read_text(encoding="utf-8")

        def publish(height: int) -> None:
            more = "".join(
                f'<m{i}> a light:Lighthouse ; skos:prefLabel "M"@en ; light:height {height}.5 .\n' for i in range(50)
            )
            lights.write_text(text + more, encoding="utf-8")
            made = build.build(settings).release
            assert made is not None
            push.publish(settings, made.number, lambda text: None)

        publish(1000)
        with serving(settings.folder, "--workers", "2") as server:
            stop, wrong, seen = threading.Event(), list[object](), set[str]()
            said = f"?l <{NS}height> ?h"
            query = f"SELECT ?h WHERE {{ {{ {said} }} UNION {{ GRAPH ?g {{ {said} }} }} FILTER(?h > 999) }}"

            def read() -> None:
                number = 0
                while not stop.is_set():
                    number += 1
                    answer = server.ask(f"{query} # {number % 7}")
                    body = answer.read()
                    rows = [row["h"]["value"] for row in json.loads(body)["results"]["bindings"]] if body else []
                    if answer.status != 200 or len(set(rows)) != 1 or len(rows) != 100:
                        wrong.append((answer.status, len(rows), set(rows), body[:200]))
                    seen.update(rows)

            readers = [threading.Thread(target=read) for _ in range(3)]
            for reader in readers:
                reader.start()
            for height in range(1001, 1004):
                publish(height)
                time.sleep(0.7)
            stop.set()
            for reader in readers:
                reader.join()
    assert not wrong
    assert len(seen) > 2
