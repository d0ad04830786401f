# ruff: noqa: E501  what others write has long lines
"""What leads to records in RDF: SPARQL endpoints and event streams, whole or not at all, and catalogues."""

import io
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import cast
from urllib.parse import parse_qs
from urllib.request import HTTPDigestAuthHandler, HTTPPasswordMgrWithDefaultRealm, Request, build_opener

import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, QueryTriples, Store, parse_query_results
from rdflib import Graph

from conftest import ROOT, Published, publish
from servers import Running, oxigraph, virtuoso
from serving import serving
from solld import release, sources
from solld.errors import SourceFailed
from solld.harvesting.fetching import Answer, Session
from solld.harvesting.limits import Limits
from solld.harvesting.looking import Look, look
from solld.model import Settings
from solld.rdf import XSD, Literal, Quad, RdfFormat
from solld.sources import Page, Row, dcat, ldes, sparql
from test_ldes import PHAROS, merged_view
from test_versions import Clock, edit

PREFIXES = """PREFIX : <https://a.example/> PREFIX ex: <http://ex.example/> PREFIX schema: <http://schema.org/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX tree: <https://w3id.org/tree#> PREFIX ldes: <https://w3id.org/ldes#>
PREFIX dct: <http://purl.org/dc/terms/> PREFIX as: <https://www.w3.org/ns/activitystreams#>
PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
"""
URL = "https://a.example/sparql"


def collected(name: str, get: sources.Get, url: str) -> bytes:
    into = io.BytesIO()
    collect = sources.named(name).collect
    assert collect is not None
    collect(get, url, into)
    return into.getvalue()


def rows(content: bytes, name: str) -> list[Row]:
    source = sources.recognised(content[: sources.HEAD], "file")
    assert source.name == name
    return list(source.read(io.BytesIO(content)))


# SPARQL ---------------------------------------------------------------------------------------------------------------


@dataclass
class Service:
    """A SPARQL service in this process, with the habits of those that there are."""

    data: str
    syntax: RdfFormat = RdfFormat.TRIG
    cap: int = 10_000  # results that it gives, without a word
    change: Callable[[str, Page], Page] = lambda query, page: page
    description: bytes = b""
    queries: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store = Store()
        self.store.load(PREFIXES + self.data, format=self.syntax)

    def __call__(self, url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        if not body:
            return Page(url, "text/turtle", self.description) if self.description else None
        if url != URL:
            raise SourceFailed(url, "answers 405 Method Not Allowed")
        assert media_type == "application/x-www-form-urlencoded"
        (query,) = parse_qs(body.decode())["query"]
        self.queries.append(query)
        answered = self.store.query(query)
        assert not isinstance(answered, QueryTriples)
        results = answered.serialize(format=QueryResultsFormat.JSON)
        assert results is not None
        answer = json.loads(results)
        if "results" in answer:
            del answer["results"]["bindings"][self.cap :]
        page = Page(url, "application/sparql-results+json", json.dumps(answer).encode())
        return self.change(query, page)


FARMS = "".join(
    f""":{n} a ex:Farm ; schema:name "Farm {n}"@en ; ex:lat "{n}.50"^^xsd:string ; schema:address :{n}a ;
        schema:geo [ ex:n "{n}" ] . :{n}a schema:postalCode "{n:05}" .\n"""
    for n in range(450)
)


def test_all_that_a_service_has_is_collected_in_pages() -> None:
    service = Service(FARMS)
    content = collected("sparql", service, URL)
    found = rows(content, "sparql")
    assert len(found) == 450
    by_name = {row.cells["schema:name"]: row.cells for row in found}
    assert by_name[Literal("Farm 7", language="en"),] == {
        "@id": ("https://a.example/7",),
        "rdf:type": ("http://ex.example/Farm",),
        "schema:name": (Literal("Farm 7", language="en"),),
        "http://ex.example/lat": ("7.50",),
        "schema:address": ("https://a.example/7a",),
        "schema:address.schema:postalCode": ("00007",),
        "schema:geo.http://ex.example/n": ("7",),
    }
    assert sum("LIMIT 200" in query for query in service.queries) == 4  # the last is empty
    assert collected("sparql", Service(FARMS), URL) == content  # whatever its blank nodes are called this time


@pytest.mark.parametrize("cap", [8, 50, 199, 700])
def test_a_service_that_cuts_results_without_a_word_is_read_whole(cap: int) -> None:
    assert len(rows(collected("sparql", Service(FARMS, cap=cap), URL), "sparql")) == 450


def test_a_service_that_cannot_give_all_of_one_thing_fails() -> None:
    with pytest.raises(SourceFailed, match=r"gives 3 of the 5 things that it says of <https://a\.example/0>"):
        collected("sparql", Service(FARMS, cap=3), URL)


def test_named_graphs_are_read_where_the_default_graph_is_empty() -> None:
    service = Service("GRAPH :g { :1 a ex:Farm ; ex:at [ ex:n 1 ] } GRAPH :h { :2 schema:name 'b' }")
    assert len(rows(collected("sparql", service, URL), "sparql")) == 2


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: Page(p.url, p.media_type, p.body, "", {"x-sql-state": "S1TAT", "x-sql-message": "anytime"}), "S1TAT"),
        (lambda p: Page(p.url, p.media_type, p.body[:-5]), "not whole"),
        (lambda p: Page(p.url, "text/html", b"<html><form>query</form></html>"), "text/html that is no SPARQL result"),
        (lambda p: Page(p.url, p.media_type, b""), "no SPARQL result"),
        (lambda p: None, "there is nothing"),
    ],
    ids=["partial", "truncated", "form", "empty", "gone"],
)  # fmt: skip
@pytest.mark.parametrize("part", ["LIMIT 1\n", "LIMIT 200", "OPTIONAL", "COUNT"])
def test_an_answer_that_is_not_whole_fails(change: Callable[[Page], Page], words: str, part: str) -> None:
    service = Service(FARMS, change=lambda query, page: change(page) if part in query + "\n" else page)
    with pytest.raises(SourceFailed, match=words):
        collected("sparql", service, URL)


def test_a_service_that_repeats_itself_fails() -> None:
    first = Service(FARMS)(
        URL,
        body=b"query=SELECT+?s+{+?s+a+?t+}+ORDER+BY+STR(?s)+LIMIT+5",
        media_type="application/x-www-form-urlencoded",
    )
    assert first is not None
    with pytest.raises(SourceFailed, match="does not go on after"):
        collected("sparql", Service(FARMS, change=lambda query, page: first if "LIMIT 200" in query else page), URL)


def test_an_empty_service_fails() -> None:
    with pytest.raises(SourceFailed, match="nothing in it has a type or a name"):
        collected("sparql", Service(":1 ex:p 2 ."), URL)


def test_the_endpoint_that_a_description_names_is_asked() -> None:
    service = Service(FARMS, description=(PREFIXES + f"[] a sd:Service ; sd:endpoint <{URL}> .").encode())
    assert len(rows(collected("sparql", service, "https://a.example/about"), "sparql")) == 450
    with pytest.raises(SourceFailed, match="405"):
        collected("sparql", Service(FARMS, description=b"<html>form</html>"), "https://a.example/about")


@pytest.mark.parametrize(
    ("head", "liked"),
    [
        (PREFIXES.encode() + b"<> a sd:Service ; sd:endpoint <x> .", True),
        (b"<> a <http://www.w3.org/ns/sparql-service-description#Service> .", True),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://www.w3.org/ns/sparql-service-description#"><s:Service/></rdf:RDF>', True),
        (b'{"@type": "http://www.w3.org/ns/sparql-service-description#Service"}', True),
        (b"# SPARQL <https://a.example/>\n", True),
        (b"<!DOCTYPE html><html>http://www.w3.org/ns/sparql-service-description# sd:Service", False),
        (b"<html><form><textarea name=query>", False),
        (PREFIXES.encode() + b"<> a <urn:Service> .", False),
        (b"", False),
    ],
)  # fmt: skip
def test_a_service_is_known_by_its_description(head: bytes, liked: bool) -> None:
    assert (sparql.likes(head) > 0) == liked
    assert not liked or sources.recognised(head, "file").name == "sparql"


@pytest.mark.timeout(180)
@pytest.mark.parametrize("start", [oxigraph, virtuoso])
def test_a_real_service_is_collected(tmp_path: Path, start: Callable[[Path], AbstractContextManager[Running]]) -> None:
    with start(tmp_path) as server:
        passwords = HTTPPasswordMgrWithDefaultRealm()
        if server.password_file:
            passwords.add_password(None, server.origin, server.user, Path(server.password_file).read_text().strip())
        request = Request(f"{server.graph_store}?graph=https://a.example/g", (PREFIXES + FARMS).encode(), method="PUT")
        request.add_header("Content-Type", "text/turtle")
        build_opener(HTTPDigestAuthHandler(passwords)).open(request).close()
        limits = Limits(wait=0, allow=frozenset({"127.0.0.1"}), ignore_robots=frozenset({"127.0.0.1"}))
        content = collected("sparql", Session(limits), server.query)
    found = {row.place: row for row in rows(content, "sparql")}
    for row in rows(collected("sparql", Service(FARMS), URL), "sparql"):
        assert found[row.place] == row


def test_a_service_that_answers_in_xml_is_read() -> None:
    def in_xml(query: str, page: Page) -> Page:
        results = parse_query_results(page.body, format=QueryResultsFormat.JSON)
        assert isinstance(results, QuerySolutions)
        body = results.serialize(format=QueryResultsFormat.XML)
        assert body is not None
        return Page(page.url, "application/sparql-results+xml", body)

    service = Service(FARMS, change=in_xml)
    assert collected("sparql", service, URL) == collected("sparql", Service(FARMS), URL)
    cut = Service(FARMS, change=lambda query, page: replace(in_xml(query, page), body=in_xml(query, page).body[:-20]))
    with pytest.raises(SourceFailed, match="not whole"):
        collected("sparql", cut, URL)


# Event streams --------------------------------------------------------------------------------------------------------

HERE = "https://a.example/ldes"
HEAD = f"<{HERE}#s> a ldes:EventStream ; tree:view <{HERE}> ; ldes:versionOfPath dct:isVersionOf ; ldes:timestampPath dct:created .\n"


def pages(texts: dict[str, str | None]) -> sources.Get:
    asked: list[str] = []

    def get(url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        assert url not in asked, "a page is asked for twice"
        asked.append(url)
        path = url.removeprefix(HERE)
        if path not in texts:
            raise SourceFailed(url, "answers 500 Internal Server Error")
        text = texts[path]
        return None if text is None else Page(url, "application/trig", (PREFIXES + text).encode())

    return get


def version(number: int, thing: int, day: int, name: str, kind: str = "ex:Farm") -> str:
    return f"""<{HERE}#s> tree:member :v{number} . :v{number} a {kind} ; dct:isVersionOf :{thing} ; schema:name "{name}" ;
      dct:created "2026-01-{day:02}T00:00:00Z"^^xsd:dateTime ; schema:geo [ schema:latitude 48.1370 ] .\n"""


def to(*paths: str) -> str:
    return "".join(f"<{HERE}> tree:relation [ tree:node <{HERE}{path}> ] .\n" for path in paths)


def test_the_latest_version_of_each_thing_is_kept() -> None:
    get = pages(
        {
            "": HEAD + to("/1", "/2", "/gone") + version(1, 1, 5, "old"),
            "/1": version(2, 1, 7, "new") + version(3, 2, 1, "two") + to("/2", "", "/1#x"),
            "/2": version(4, 1, 6, "between") + version(5, 2, 2, "", "as:Delete") + version(6, 3, 1, "three"),
            "/gone": None,
        }
    )
    one, three = rows(collected("ldes", get, HERE), "ldes")
    assert dict(one.cells) == {
        "@id": ("https://a.example/1",),
        "rdf:type": ("http://ex.example/Farm",),
        "schema:name": ("new",),
        "schema:geo.schema:latitude": (Literal("48.1370", datatype=XSD.decimal),),
    }
    assert three.cells["schema:name"] == ("three",)


def test_members_without_versions_are_the_things() -> None:
    text = f"<{HERE}#s> tree:view <{HERE}> ; tree:member :1, :2 . :1 a ex:Farm ; ex:n 1 . :2 a ex:Farm ; ex:of :1 . :3 a ex:Farm ."
    assert [row.place for row in rows(collected("ldes", pages({"": text}), HERE), "ldes")] == [
        "<https://a.example/1>",
        "<https://a.example/2>",
    ]


def test_activities_with_graphs_and_places() -> None:
    text = f"""<{HERE}#s> tree:view <{HERE}> ; ldes:versionOfPath as:object ; ldes:timestampPath as:published ;
        ldes:sequencePath schema:position ; tree:member :v9, :v10, :v11 .
      :v9 a as:Create ; as:object :1 ; as:published "2026-01-01T00:00:00Z"^^xsd:dateTime ; schema:position 9 .
      :v10 a as:Update ; as:object :1 ; as:published "2026-01-01T01:00:00+01:00"^^xsd:dateTime ; schema:position 10 .
      :v11 a as:Delete ; as:object :2 ; as:published "2026-01-01"^^xsd:date ; schema:position 11 .
      GRAPH :v9 {{ :1 a ex:Farm ; schema:name "old" }} GRAPH :v10 {{ :1 a ex:Farm ; schema:name "new" }}"""
    (row,) = rows(collected("ldes", pages({"": text}), HERE), "ldes")
    assert row.cells["schema:name"] == ("new",)
    assert "https://www.w3.org/ns/activitystreams#object" not in row.cells


def test_blank_nodes_of_two_pages_are_two() -> None:
    quads = f'<{HERE}#s> <https://w3id.org/tree#member> <urn:%s> .\n<urn:%s> <http://schema.org/geo> _:b .\n_:b <urn:n> "%s" .\n<urn:%s> <http://schema.org/name> "n" .\n'
    link = f"<{HERE}> <https://w3id.org/tree#relation> _:r .\n_:r <https://w3id.org/tree#node> <{HERE}/2> .\n"
    texts = {HERE: link + quads % (1, 1, 1, 1), f"{HERE}/2": quads % (2, 2, 2, 2)}
    found = rows(collected("ldes", lambda url, *_: Page(url, "application/n-quads", texts[url].encode()), HERE), "ldes")
    assert [row.cells["schema:geo.urn:n"] for row in found] == [("1",), ("2",)]


def test_json_ld_pages_are_read() -> None:
    text = json.dumps(
        {
            "@context": {"tree": "https://w3id.org/tree#", "@vocab": "http://schema.org/"},
            "@id": f"{HERE}#s",
            "tree:view": {"@id": HERE},
            "tree:member": [{"@id": "https://a.example/1", "@type": "Farm", "name": "One"}],
        }
    )
    content = collected("ldes", lambda url, *_: Page(url, "application/ld+json", text.encode()), HERE)
    assert rows(content, "ldes")[0].cells["schema:name"] == ("One",)


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"": None}, "there is nothing"),
        ({"": HEAD}, "no members"),
        ({"": HEAD + to("/1")}, "500"),
        ({"": HEAD + "broken"}, r"a\.example/ldes: line \d+: this is not"),
        ({"": HEAD + version(1, 1, 99, "x")}, "v1.*cannot be read"),
        ({"": HEAD + "<#s> ldes:versionOfPath ( dct:a dct:b ) ."}, "path of several steps"),
    ],
)
def test_a_stream_that_cannot_be_read_fails(texts: dict[str, str | None], words: str) -> None:
    with pytest.raises(SourceFailed, match=words):
        collected("ldes", pages(texts), HERE)


def test_a_page_that_is_no_rdf_fails() -> None:
    with pytest.raises(SourceFailed, match="ldes: it: is no RDF"):
        collected("ldes", lambda url, *_: Page(url, "text/html", b"<html></html>"), HERE)


def test_an_endless_stream_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ldes, "PAGES", 30)
    numbers: Iterator[int] = iter(range(1000))

    def get(url: str, *_: object, **__: object) -> Page:
        return Page(url, "text/turtle", (PREFIXES + HEAD + to(f"/{next(numbers)}")).encode())

    with pytest.raises(SourceFailed, match="more than 30 pages"):
        collected("ldes", get, HERE)
    assert next(numbers) < 40


@pytest.mark.parametrize(
    ("head", "liked"),
    [
        ((PREFIXES + HEAD).encode(), True),
        (b"# LDES <https://a.example/ldes>\n", True),
        (b'{"@context": {"tree": "https://w3id.org/tree#"}, "@type": "tree:Collection"}', True),
        (PREFIXES.encode() + b":1 a ex:Farm .", False),
        (b"<html>https://w3id.org/tree# tree:view", False),
    ],
)
def test_a_stream_is_known_by_its_terms(head: bytes, liked: bool) -> None:
    assert (ldes.likes(head) > 0) == liked
    assert not liked or sources.recognised(head, "file").name == "ldes"


@pytest.mark.timeout(180)
def test_our_own_stream_is_harvested_whole(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    publish(tiny).close()
    clock.now += timedelta(days=40)
    edit(tiny, "54.850", "55.1")
    publish(tiny).close()
    clock.now += timedelta(days=40)
    edit(tiny, PHAROS, "")
    publish(tiny).close()
    release.publish(tiny, release.numbers(tiny)[-1])
    limits = Limits(wait=0, allow=frozenset({"127.0.0.1"}), ignore_robots=frozenset({"127.0.0.1"}))
    with serving(tiny.folder, "--workers", "1") as server:
        content = collected("ldes", Session(limits), f"http://127.0.0.1:{server.port}/ldes")
    store = Store()  # which writes numbers in its own way, as that of the site did
    store.load(content, format=RdfFormat.N_TRIPLES)
    assert {str(Quad(q.subject, q.predicate, q.object)) for q in store} == merged_view(tiny)
    assert b'"48.4590"' in content
    assert rows(content, "ldes")


# Catalogues -----------------------------------------------------------------------------------------------------------

DCAT = """@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix : <https://a.example/> .
<> a dcat:Catalog ; dct:title "All"@en ; dcat:dataset :farms .
:farms a dcat:Dataset ; dct:title "Farms"@en ; dct:publisher [ dct:title "Us" ] ; dcat:distribution :d1, :d2, :d3, :d4, [ dcat:accessURL <page> ] .
:d1 a dcat:Distribution ; dcat:downloadURL <farms.csv> ; dcat:mediaType <https://www.iana.org/assignments/media-types/text/csv> .
:d2 a dcat:Distribution ; dcat:downloadURL <dump> ; dct:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
  dct:format <http://publications.europa.eu/resource/authority/file-type/RDF_TURTLE> .
:d3 a dcat:Distribution ; dcat:downloadURL <farms.nq.gz> ; dcat:mediaType "application/n-quads" .
:d4 a dcat:Distribution ; dcat:accessURL <page2> ; dcat:accessService [ dcat:endpointURL <sparql> ; dct:conformsTo
  <https://www.w3.org/TR/sparql11-protocol/> ] , [ dcat:endpointURL <wfs> ] .
"""
MORE = """:shops a dcat:Dataset ; dct:title "Shops" ; dcat:distribution [ dcat:downloadURL <https://b.example/shops.geojson> ] .
:none a dcat:Dataset ; dct:title "Nothing" .
"""


def offered(text: str, base: str = "https://a.example/catalogue") -> list[tuple[str, str, str]]:
    offers = sources.named("dcat").offers
    assert offers is not None
    return [(each.title, each.url, each.format) for each in offers(io.BytesIO(text.encode()), base)]


def test_a_catalogue_has_a_row_for_each_dataset() -> None:
    first, *others = rows((DCAT + MORE).encode(), "dcat")
    assert first.cells["dct:title"] == (Literal("Farms", language="en"),)
    assert len(first.cells["dcat:distribution.dcat:downloadURL"]) == 3
    assert [row.cells["dct:title"] for row in others] == [("Shops",), ("Nothing",)]


def test_what_can_be_harvested_is_offered_the_best_first() -> None:
    assert offered(DCAT + MORE) == [
        ("Farms", "https://a.example/dump", "turtle"),
        ("Farms", "https://a.example/farms.csv", "csv"),
        ("Farms", "https://a.example/farms.nq.gz", "n-quads"),
        ("Farms", "https://a.example/sparql", "sparql"),
        ("Shops", "https://b.example/shops.geojson", "geo+json"),
    ]


def test_a_catalogue_in_json_ld_offers_the_same() -> None:
    graph = Graph().parse(data=DCAT, format="turtle", publicID="https://a.example/catalogue")
    text = graph.serialize(format="json-ld")
    assert rows(text.encode(), "dcat")
    assert offered(text) == offered(DCAT)


@dataclass
class Web:
    """Files by URL, for a look."""

    files: dict[str, str]
    limits: Limits = field(default_factory=Limits)

    def save(self, url: str, path: Path, accept: str = "", before: object = None) -> Answer:
        if url not in self.files:
            raise SourceFailed(url, "answers 404 Not Found")
        path.write_text(self.files[url], encoding="utf-8")
        return Answer(url, 200, "", "", "", path.stat().st_size, "")


def looked(files: dict[str, str]) -> Look:
    return look(ROOT, "https://a.example/catalogue", cast(Session, Web(files)))


def test_the_best_distribution_of_the_only_dataset_is_looked_at() -> None:
    found = looked(
        {"https://a.example/catalogue": DCAT, "https://a.example/dump": PREFIXES + ":1 a ex:Farm ; schema:name 'One' ."}
    )
    assert (found.url, found.source.name, found.number) == ("https://a.example/dump", "rdf", 1)
    assert found.licence is not None
    assert found.licence.iri == "https://creativecommons.org/publicdomain/zero/1.0/"


def test_a_catalogue_in_a_file_leads_to_files_beside_it_but_one_from_elsewhere_does_not(tmp_path: Path) -> None:
    (tmp_path / "catalogue.ttl").write_text(DCAT, encoding="utf-8")
    (tmp_path / "dump").write_text(PREFIXES + ":1 a ex:Farm ; schema:name 'One' .", encoding="utf-8")
    assert look(ROOT, str(tmp_path / "catalogue.ttl"), cast(Session, Web({}))).url == str(tmp_path / "dump")
    with pytest.raises(SourceFailed, match="file:///"):
        looked({"https://a.example/catalogue": DCAT.replace("<dump>", f"<file://{tmp_path}/dump>")})


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"": DCAT + MORE}, r"catalogue of 2 datasets.*Farms: https://a\.example/dump \(turtle\); Shops: https://b"),
        (
            {
                "": DCAT.replace("<dump>", "<x.7z>")
                .replace("csv", "xls")
                .replace("nq.gz", "7z")
                .replace("/n-quads", "/x")
                .replace("sparql", "wfs")
            },
            "no distribution in a format",
        ),
        ({"": DCAT, "dump": DCAT}, "is a catalogue, and so is what leads to it"),
        ({"": DCAT}, r"a\.example/dump: answers 404"),
        ({"": DCAT + "oops"}, r"catalogue: line \d+: this is not"),
    ],
)
def test_what_a_catalogue_does_not_decide_is_told(files: dict[str, str], words: str) -> None:
    with pytest.raises(SourceFailed, match=words):
        looked({f"https://a.example/{name or 'catalogue'}": text for name, text in files.items()})


def test_our_own_catalogue_is_one(lights: Published) -> None:
    body = lights.get("/catalog", Accept="text/turtle").data
    assert rows(body, "dcat")
    assert offered(body.decode(), lights.settings.base)


@pytest.mark.parametrize(
    ("head", "liked"),
    [
        (DCAT, True),
        ("# a site that says dcat:Catalog\n<html>http://www.w3.org/ns/dcat#", False),
        ("@prefix dcat: <http://www.w3.org/ns/dcat#> . <urn:a> a <urn:b> .", False),
        ("", False),
    ],
)
def test_a_catalogue_is_known_by_its_terms(head: str, liked: bool) -> None:
    assert (dcat.likes(head.encode()) > 0) == liked
