"""The clients that people have, against a real server: SPARQLWrapper, rdflib's store, Comunica, curl.

Comunica and ldes-client are installed by `make test` into tests/clients/; without npm their tests are skipped, in CI
they fail.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import urlopen
from xml.dom.minidom import Document, Element, Text

import pytest
from rdflib import RDF, SKOS, Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, GET, JSON, JSONLD, N3, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, URLENCODED, XML
from SPARQLWrapper import RDF as ANY_RDF
from SPARQLWrapper import SPARQLWrapper as Wrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from conftest import ROOT
from serving import serving
from solld import build, release, site

COMUNICA = ROOT / "tests/clients/node_modules/.bin/comunica-sparql"
DOCS = (ROOT / "docs/sparql.md").read_text(encoding="utf-8")
HOME = "http://127.0.0.1:8000"  # of the documentation
SECONDS = 60  # that a client may take

VALUE = URIRef("https://w3id.org/solld/scheme/values/solidarite")
RERS = URIRef("https://w3id.org/solld/dataset/rers")
SELECT = f"SELECT ?label WHERE {{ <{VALUE}> <{SKOS.prefLabel}> ?label }} ORDER BY ?label"
ASK = f"ASK {{ <{VALUE}> a <{SKOS.Concept}> }}"
CONSTRUCT = f"CONSTRUCT {{ <{VALUE}> <{SKOS.prefLabel}> ?l }} WHERE {{ <{VALUE}> <{SKOS.prefLabel}> ?l }}"
DESCRIBE = f"DESCRIBE <{VALUE}>"
LABELS = {"Solidaridad", "Solidarity", "Solidarité"}
GRAPHS = "SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the bundled site."""
    folder = tmp_path_factory.mktemp("clients")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.toml", folder)
    settings = site.load(folder)
    outcome = build.build(settings)
    assert outcome.release
    release.publish(settings, outcome.release.number)
    with serving(folder, "--workers", "1") as server:
        yield f"http://127.0.0.1:{server.port}"


# --- SPARQLWrapper ----------------------------------------------------------------------------------------------------

WAYS = {"GET": (GET, None), "POST of a form": (POST, URLENCODED), "POST of the query": (POST, POSTDIRECTLY)}


def wrapped(home: str, query: str, format_: str, way: str = "GET") -> Any:
    method, encoding = WAYS[way]
    wrapper = Wrapper(f"{home}/sparql")
    wrapper.setQuery(query)
    wrapper.setReturnFormat(format_)
    wrapper.setMethod(method)
    if encoding:
        wrapper.setRequestMethod(encoding)
    return wrapper.queryAndConvert()


def text_of(element: Element) -> str:
    return "".join(node.data for node in element.childNodes if isinstance(node, Text))


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [JSON, XML, CSV, TSV])
def test_sparqlwrapper_selects(home: str, format_: str, way: str) -> None:
    found = wrapped(home, SELECT, format_, way)
    match found:
        case dict():
            labels = {row["label"]["value"] for row in found["results"]["bindings"]}
        case Document():
            labels = {text_of(each) for each in found.getElementsByTagName("literal")}
        case _:
            labels = {re.sub(r'"|@\w+', "", line.strip()) for line in found.decode().splitlines()[1:]}
    assert labels == LABELS


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [JSON, XML])
def test_sparqlwrapper_asks(home: str, format_: str, way: str) -> None:
    found = wrapped(home, ASK, format_, way)
    said = found["boolean"] if isinstance(found, dict) else text_of(found.getElementsByTagName("boolean")[0])
    assert said in (True, "true")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("format_", [TURTLE, N3, RDFXML, ANY_RDF, XML, JSONLD])
@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_sparqlwrapper_constructs_and_describes(home: str, query: str, format_: str, way: str) -> None:
    found = wrapped(home, query, format_, way)
    graph = found if isinstance(found, Graph) else Graph().parse(data=found, format="turtle")
    assert {str(label) for label in graph.objects(VALUE, SKOS.prefLabel)} == LABELS


@pytest.mark.parametrize("way", WAYS)
def test_sparqlwrapper_chooses_a_graph(home: str, way: str) -> None:
    method, encoding = WAYS[way]
    numbers = []
    for graph in (None, str(RERS)):
        wrapper = Wrapper(f"{home}/sparql", defaultGraph=graph)
        wrapper.setQuery("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }")
        wrapper.setReturnFormat(JSON)
        wrapper.setMethod(method)
        if encoding:
            wrapper.setRequestMethod(encoding)
        found: Any = wrapper.queryAndConvert()
        numbers.append(int(found["results"]["bindings"][0]["n"]["value"]))
    assert numbers[0] > numbers[1] > 0


def test_sparqlwrapper_is_told_what_is_wrong(home: str) -> None:
    with pytest.raises(QueryBadFormed, match=r"line 1, column 20: the query ends while the \{ of line 1, column 16"):
        wrapped(home, "SELECT * WHERE { ?s", JSON)


# --- rdflib -----------------------------------------------------------------------------------------------------------

RDFLIB = [{}, {"method": "POST"}, {"method": "POST_FORM"}, {"returnFormat": "json"}]


@pytest.fixture(params=RDFLIB, ids=str)
def store(home: str, request: pytest.FixtureRequest) -> SPARQLStore:
    return SPARQLStore(f"{home}/sparql", **request.param)


def test_rdflib_selects_and_asks(store: SPARQLStore) -> None:
    graph = Graph(store)
    assert {str(row.label) for row in graph.query(SELECT)} == LABELS  # type: ignore[union-attr]
    assert graph.query(ASK).askAnswer is True


@pytest.mark.parametrize("query", [CONSTRUCT, DESCRIBE], ids=["construct", "describe"])
def test_rdflib_constructs_and_describes(home: str, query: str) -> None:
    answer = Graph(SPARQLStore(f"{home}/sparql")).query(query).graph
    assert answer is not None
    assert {str(label) for label in answer.objects(VALUE, SKOS.prefLabel)} == LABELS


def test_rdflib_walks_the_graph_as_if_it_were_here(store: SPARQLStore) -> None:
    graph = Graph(store)
    assert (VALUE, RDF.type, SKOS.Concept) in graph
    assert {str(label) for label in graph.objects(VALUE, SKOS.prefLabel)} == LABELS
    assert list(graph.subjects(SKOS.prefLabel, Literal("Solidarity", lang="en"))) == [VALUE]
    assert graph.value(VALUE, SKOS.inScheme) == URIRef("https://w3id.org/solld/scheme/values")


def test_rdflib_binds_variables(store: SPARQLStore) -> None:
    query = "SELECT ?label WHERE { ?value skos:prefLabel ?label }"
    rows = Graph(store).query(query, initNs={"skos": SKOS}, initBindings={"value": VALUE})
    assert {str(row.label) for row in rows} == LABELS  # type: ignore[union-attr]


def test_rdflib_reads_every_triple(home: str) -> None:
    graph = Graph(SPARQLStore(f"{home}/sparql"))
    assert len(list(graph)) == len(graph) > 5000


def test_rdflib_reads_named_graphs(store: SPARQLStore) -> None:
    assert RERS in set(store.contexts())
    named = Graph(store, identifier=RERS)
    assert len(list(named)) == len(named) > 1000
    assert len(named) < len(Graph(store))


# --- Comunica ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def comunica() -> Path:
    if not COMUNICA.exists() or not shutil.which("node"):
        reason = "Comunica is not installed: it needs npm, then make test installs it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return COMUNICA


def run(command: list[str] | str, **more: Any) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, **more)


# Told that it is an endpoint, or finding that out by the service description.
@pytest.mark.parametrize("source", ["sparql@{}/sparql", "{}/sparql"], ids=["told", "found out"])
@pytest.mark.parametrize(
    ("query", "options", "expected"),
    [
        (SELECT, ("-t", "application/sparql-results+json"), LABELS),
        (CONSTRUCT, ("-t", "text/turtle"), LABELS),
        (DESCRIBE, ("-t", "text/turtle"), LABELS),
        (GRAPHS, ("-t", "text/csv"), {str(RERS)}),
        (ASK, ("-t", "simple"), {"true"}),
    ],
    ids=["select", "construct", "describe", "graphs", "ask"],
)
def test_comunica(
    home: str, comunica: Path, source: str, query: str, options: tuple[str, ...], expected: set[str]
) -> None:
    done = run([str(comunica), source.format(home), query, *options])
    assert done.returncode == 0, done.stderr
    assert {each for each in expected if each in done.stdout} == expected


def test_comunica_joins_the_endpoint_with_a_document(home: str, comunica: Path) -> None:
    query = f"SELECT ?label WHERE {{ <{VALUE}> <{SKOS.inScheme}> ?scheme ; <{SKOS.prefLabel}> ?label }}"
    sources = [f"sparql@{home}/sparql", f"{home}/doc/scheme/values/solidarite.ttl"]
    done = run([str(comunica), *sources, query, "-t", "application/sparql-results+json"])
    assert done.returncode == 0, done.stderr
    assert {row["label"]["value"] for row in json.loads(done.stdout)["results"]["bindings"]} == LABELS


# --- the documentation ------------------------------------------------------------------------------------------------


def shells() -> Iterator[tuple[int, str, str]]:
    """Status, media type and text of each command that has them in a comment above."""
    for block in re.findall(r"^```sh\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL):
        for status, media_type, command in re.findall(r"# (\d{3}) (\S+): [^\n]*\n(.*?)(?=\n\n#|\Z)", block, re.DOTALL):
            yield int(status), media_type, command


COMMANDS = list(shells())


def test_every_curl_of_the_documentation_is_run() -> None:
    assert len(COMMANDS) == len(re.findall(r"^curl ", DOCS, re.MULTILINE)) > 20


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl")
@pytest.mark.parametrize(("status", "media_type", "command"), COMMANDS, ids=[c[2][:90] for c in COMMANDS])
def test_a_curl_of_the_documentation(home: str, status: int, media_type: str, command: str) -> None:
    asked = command.replace(HOME, home).replace("curl ", r"curl -sS -w '%{stderr}%{http_code} %{content_type}' ", 1)
    done = run(asked, shell=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert done.stderr.split("; ")[0] == f"{status} {media_type}", done.stdout
    assert done.stdout


@pytest.mark.parametrize("program", re.findall(r"^```python\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL))
def test_a_program_of_the_documentation(home: str, program: str) -> None:
    done = run([sys.executable, "-W", "ignore", "-c", program.replace(HOME, home)])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_the_comunica_line_of_the_documentation(home: str, comunica: Path) -> None:
    (line,) = re.findall(r"^npx @comunica/query-sparql (.*)$", DOCS, re.MULTILINE)
    done = run(f"{comunica} {line.replace(HOME, home)}", shell=True)
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) == 5


# --- pages ------------------------------------------------------------------------------------------------------------


def test_following_next_gives_every_row_once(home: str) -> None:
    query = (ROOT / "queries/excerpts.rq").read_text(encoding="utf-8")
    with urlopen(f"{home}/sparql?" + urlencode({"query": query, "format": "csv"})) as answer:
        head, *whole = csv.reader(StringIO(answer.read().decode(), newline=""))
    sizes: list[int] = []
    found, address = [], f"{home}/queries/excerpts?size=50&format=csv"
    while address:
        with urlopen(address) as answer:
            first, *rows = csv.reader(StringIO(answer.read().decode(), newline=""))
            following = re.search(r'<([^>]*)>; rel="next"', answer.headers["Link"] or "")
        assert first == head
        found += rows
        sizes.append(len(rows))
        address = home + following[1] if following else ""
    assert found == whole
    assert sizes == [50, 50, len(whole) - 100]
