"""The tiny site served whole from other servers, beside the embedded one: the same documents, the same answers."""

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

import pytest
from werkzeug.test import Client

import servers
from asked import Told, ask
from conftest import Published
from solld import push, site
from solld.errors import BadSyntax, CutOff, Stopped
from solld.model import Settings
from solld.rdf import Literal, NamedNode, RdfFormat, parse, read_results
from solld.service import open_service
from solld.stores.embedded import EmbeddedStore
from solld.stores.remote import RemoteStore, look, target_of
from solld.stores.remote_answer import Answerer, Target
from solld.web import create_app

BASE = "https://lights.example/"
NS = f"{BASE}ns#"
TRIPLES = 281  # of the tiny site, its catalogue among them


@dataclass(frozen=True)
class Served:
    """The tiny site on a server, and how it is asked."""

    running: servers.Running
    settings: Settings
    store: RemoteStore
    answerer: Answerer
    client: Client

    def ask(self, query: str, format: str = "json", defaults: Sequence[str] = (), named: Sequence[str] = ()) -> Told:
        """A query as the public asks it."""
        return ask(self.answerer, query, format, BASE, defaults, named)


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def served(
    request: pytest.FixtureRequest, lights: Published, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    work = tmp_path_factory.mktemp("served")
    with getattr(servers, request.param)(work) as running:
        shutil.copytree(lights.settings.folder, work / "site", symlinks=True)
        with (work / "site" / "site.toml").open("a", encoding="utf-8") as file:
            file.write(running.table())
        settings = site.load(work / "site")
        opened, _ = push.publish(settings, 1, lambda text: None)
        store = RemoteStore.open(settings, opened.folder)
        target = Target.load(target_of(settings, opened.folder).dump())  # as it reaches a query process
        service = replace(open_service(settings, opened), store=store)
        yield Served(running, settings, store, Answerer(target), Client(create_app(lambda: service).wsgi_app))
        service.close()


def pages(lights: Published) -> Iterator[str]:
    for name in (
        *(f"doc/{i}" for i in lights.ids.values()),
        "ns",
        "catalog",
        "dataset/lights",
        "doc/scheme/owners/state",
    ):
        for extension in ("ttl", "nt", "nq", "trig", "rdf", "jsonld", "json", "html", "csv", "geojson"):
            yield f"/{name}.{extension}"
    for view in ("networks", "values"):  # not the timeline: Virtuoso has no years before our era
        yield from (f"/{view}.{extension}?lang=fr" for extension in ("html", "json", "csv"))
    yield from ("/", "/ns", "/catalog", "/context.jsonld", *(f"/id/{i}" for i in lights.ids.values()))
    yield from ("/doc/000000000", "/id/none", "/scheme/owners/state", "/graph/ontology")


def test_every_document_is_the_same(served: Served, lights: Published) -> None:
    compared = 0
    for path in pages(lights):
        mine, theirs = served.client.get(path), lights.client.get(path)
        assert mine.status_code == theirs.status_code, path
        assert mine.text.splitlines() == theirs.text.splitlines(), path
        compared += mine.status_code == 200
    assert compared > 50


def test_lists_are_reconciled_the_same(served: Served, lights: Published) -> None:
    heights = {"query": "", "properties": [{"pid": f"{NS}height", "v": "46"}]}
    queries = json.dumps({"a": {"query": "Creach"}, "b": heights, "c": {"query": next(iter(lights.ids.values()))}})
    properties = [{"id": f"{NS}height"}, {"id": "name"}, {"id": "addressLocality"}, {"id": "status"}]
    wanted = json.dumps({"ids": list(lights.ids.values()), "properties": properties})
    paths = ["/reconcile", "/reconcile/v1", f"/reconcile?{urlencode({'queries': queries})}"]
    paths += [f"/reconcile?{urlencode({'extend': wanted})}", "/reconcile/suggest/entity?prefix=Cre"]
    paths += [f"/reconcile/preview?id={each}" for each in lights.ids.values()]
    for path in paths:
        mine, theirs = served.client.get(path), lights.client.get(path)
        assert (mine.status_code, mine.text) == (theirs.status_code, theirs.text), path
    found = json.loads(lights.client.get(paths[2]).text)
    assert all(found[key]["result"] for key in "abc"), found


QUERIES = (
    f"SELECT ?l ?h WHERE {{ ?l <{NS}height> ?h }}",
    f"SELECT * WHERE {{ ?l <{NS}height> ?h ; ?p ?o }}",
    "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?t (COUNT(?s) AS ?n) WHERE { ?s a ?t } GROUP BY ?t",
    f"ASK {{ ?l <{NS}height> 32.4 }}",
    "ASK { <http://nobody.example/> ?p ?o }",
    f"CONSTRUCT WHERE {{ ?l <{NS}height> ?h }}",
    f"CONSTRUCT {{ ?h <{BASE}of> ?l }} WHERE {{ ?l <{NS}height> ?h }} ORDER BY ?h LIMIT 1",
    f"DESCRIBE <{NS}height>",
    f"DESCRIBE ?l WHERE {{ ?l <{NS}height> ?h }}",
    "SELECT ?s ?o WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?o FILTER(LANGMATCHES(LANG(?o), 'fr')) }",
)
SYNTAXES = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_has_the_same_answer(served: Served, lights: Published, query: str) -> None:
    told = served.ask(query, "ttl" if query.startswith(("CONSTRUCT", "DESCRIBE")) else "json")
    assert told.error is None
    kind, data = told.kind, told.data
    store = lights.service.store
    if kind == "graph":
        found = {str((t.subject, t.predicate, t.object)) for t in parse(data, format=RdfFormat.TURTLE)}
        assert found == {str((t.subject, t.predicate, t.object)) for t in store.construct(query)}
    elif kind == "boolean":
        assert json.loads(told.data)["boolean"] == store.ask(query)
    else:
        assert sorted(map(str, read_results(told.data)[1])) == sorted(map(str, store.select(query)))


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("query", [QUERIES[0], QUERIES[4]])
def test_results_come_in_every_format(served: Served, query: str, format: str) -> None:
    told = served.ask(query, format)
    assert told.error is None
    assert b"54.85" in told.data or b"true" in told.data.lower()


@pytest.mark.parametrize("format", SYNTAXES)
def test_graphs_come_in_every_format(served: Served, format: str) -> None:
    told = served.ask(QUERIES[6], format)
    assert told.error is None
    assert len(list(parse(told.data, format=SYNTAXES[format]))) == 2


GRAPH_CHOICES: tuple[tuple[Mapping[str, list[str]], str, str], ...] = (
    ({}, "?s ?p ?o", str(TRIPLES)),
    ({"defaults": [f"{BASE}dataset/lights"]}, "?s ?p ?o", "22"),
    ({"defaults": [f"{BASE}none"]}, "?s ?p ?o", "0"),
    ({"named": [f"{BASE}dataset/lights"]}, "?s ?p ?o", "0"),
    ({"named": [f"{BASE}dataset/lights"]}, "GRAPH ?g { ?s ?p ?o }", "22"),
    ({"named": [f"{BASE}dataset/lights"]}, f"GRAPH <{BASE}graph/ontology> {{ ?s ?p ?o }}", "0"),
    ({"defaults": [f"{BASE}dataset/lights"]}, "GRAPH ?g { ?s ?p ?o }", "0"),
    ({"named": [f"{BASE}graph/stored"]}, "GRAPH ?g { ?s ?p ?o }", "0"),
    ({"defaults": [f"{BASE}graph/merged/stored/1"]}, "?s ?p ?o", "0"),
    (
        {"defaults": [f"{BASE}dataset/lights", f"{BASE}graph/catalog", f"{BASE}graph/ontology"]},
        "?s ?p ?o",
        str(TRIPLES),
    ),
)


@pytest.mark.parametrize(("graphs", "pattern", "expected"), GRAPH_CHOICES)
def test_the_dataset_can_be_chosen_and_nothing_else_of_the_server_is_seen(
    served: Served, graphs: Mapping[str, list[str]], pattern: str, expected: str
) -> None:
    told = served.ask(
        f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}", "json", graphs.get("defaults", ()), graphs.get("named", ())
    )
    assert told.error is None
    assert json.loads(told.data)["results"]["bindings"][0]["n"]["value"] == expected


def test_no_answer_names_a_stored_graph(served: Served) -> None:
    for query in ("SELECT * WHERE { GRAPH ?g { ?s ?p ?o } }", "SELECT DISTINCT * WHERE { GRAPH ?g { ?s a ?t } }"):
        told = served.ask(query)
        assert told.error is None
        assert b"/stored/" not in told.data
        assert b"stored" not in told.data


REFUSED = (
    ("SELECT ?x { ?x nope:p 1 }", 400),
    ("SELECT ?x {", 400),
    ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 403),
    ("SELECT (<bif:file_to_string>('/etc/passwd') AS ?x) { }", 403),
    ("PREFIX b: <BIF:> SELECT (b:concat('a', 'b') AS ?x) { }", 403),
    ("BASE <bif:> SELECT (<concat>('a', 'b') AS ?x) { }", 403),
    ("PREFIX b: <bi> SELECT (b:f:concat('a', 'b') AS ?x) { }", 200),  # relative: an IRI of the site's
    ("SELECT (<sql:rnd>(10) AS ?x) { }", 403),
    ("define input:inference 'x' SELECT ?s { ?s ?p ?o }", 400),
)


@pytest.mark.parametrize(("query", "status"), REFUSED)
def test_what_reaches_into_the_server_is_refused(served: Served, query: str, status: int) -> None:
    told = served.ask(query)
    assert told.status in (status, 501)
    assert status == 200 or (told.status == status and not told.data)


def test_a_syntax_error_says_where(served: Served) -> None:
    told = served.ask("SELECT ?x WHERE {\n  ?x ?y }\n}")
    assert isinstance(told.error, BadSyntax)
    assert "3:1" in str(told.error)


def test_several_default_graphs_that_overlap_are_answered_rightly_or_not_at_all(served: Served) -> None:
    graphs = [f"{BASE}dataset/lights", f"{BASE}graph/catalog"]
    told = served.ask("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", defaults=graphs)
    assert served.store.quirks.duplicates
    assert told.status == 501
    assert "duplicate" in str(told.error)
    assert not told.data


def test_an_answer_that_the_server_would_cut_off_is_an_error(served: Served) -> None:
    everything = "SELECT ?a ?b WHERE { ?a ?p ?o . ?b ?q ?r } "
    told = served.ask(everything)
    if served.store.quirks.row_limit:
        assert isinstance(told.error, CutOff)
        assert (told.error.status, told.error.name, told.error.value) == (501, "store.rows", 10_000)
        assert not told.data
        for query in (
            "CONSTRUCT { ?a <http://x/> [ <http://x/> ?b ] } WHERE { ?a ?p ?o . ?b ?q ?r }",
            everything,
        ):
            assert served.ask(query, "nt" if query.startswith("C") else "csv").status == 501
    else:
        assert told.error is None
        assert len(json.loads(told.data)["results"]["bindings"]) == TRIPLES**2
    told = served.ask(everything + "LIMIT 10000")
    assert told.error is None
    assert len(json.loads(told.data)["results"]["bindings"]) == 10_000


def test_a_query_that_takes_too_long_is_never_half_an_answer(served: Served) -> None:
    if served.running.name == "oxigraph":
        assert not served.store.quirks.timeout  # it takes none from a client: the process that waits is killed
        return
    hurried = Answerer(replace(served.answerer.target, seconds=1.0))
    bomb = "SELECT (COUNT(*) AS ?n) WHERE { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(5)) + " }"
    told = replace(served, answerer=hurried).ask(bomb)
    assert isinstance(told.error, Stopped)
    assert (told.error.status, told.error.name, told.error.value) == (503, "sparql.seconds", 1.0)
    assert not told.data


def test_quirks_are_told_as_sentences_and_as_data(served: Served) -> None:
    quirks = served.store.quirks
    assert quirks.kind == served.running.name
    assert served.answerer.target.place.kind == quirks.kind  # the first query of a process knows how to set a limit
    assert json.loads(json.dumps(quirks.as_data()))["kind"] == quirks.kind
    said = "\n".join(quirks.sentences())
    assert quirks.server in said
    if quirks.kind == "virtuoso":
        assert quirks.row_limit == 10_000
        assert not quirks.booleans
        assert not quirks.shared_values
        assert quirks.timeout == "timeout"
        assert {sent for sent, _ in quirks.changed} >= {str(Literal("48.85837", datatype=NamedNode(XSD_DOUBLE)))}
        assert "10000 rows" in said
    else:
        assert not quirks.row_limit
        assert quirks.changed == ()
        assert "cannot be told when to stop" in said


def test_quirks_are_said_in_the_log_at_the_start(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="solld"):
        assert look(served.settings, served.settings.var / "releases" / "1") == served.store.quirks
    assert [record.getMessage() for record in caplog.records] == list(served.store.quirks.sentences())


XSD_DOUBLE = "http://www.w3.org/2001/XMLSchema#double"


def test_what_the_server_holds_is_what_the_release_has(served: Served, lights: Published) -> None:
    mine = {str(quad) for quad in served.store.quads()}
    assert mine == {str(quad) for quad in EmbeddedStore.open(lights.service.release.folder / "store").quads()}


def test_a_reader_that_has_enough_stops(served: Served) -> None:
    quads = served.store.quads()
    next(quads)
    quads.close()  # type: ignore[attr-defined]
    assert served.store.ask("ASK { ?s ?p ?o }")
