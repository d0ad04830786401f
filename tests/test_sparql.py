"""The SPARQL endpoint, asked from the outside."""

import csv
import io
import json
import re
import shutil
import threading
import time
from dataclasses import replace
from urllib.parse import quote, urlencode

import pytest

from bombs import bombs
from conftest import TINY, Published, publish
from solld import site
from solld.endpoint import guard
from solld.errors import Refused, SolldError, TooComplex
from solld.model import Settings
from solld.rdf import RdfFormat, parse

NS = "https://lights.example/ns#"
SELECT = f"SELECT ?l ?h WHERE {{ ?l <{NS}height> ?h }} ORDER BY ?h"
ASK = f"ASK {{ ?l <{NS}height> 32.4 }}"
CONSTRUCT = f"CONSTRUCT WHERE {{ ?l <{NS}height> ?h }}"
BOMB = "SELECT (COUNT(*) AS ?n) WHERE { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"


@pytest.mark.parametrize("way", ["get", "form", "body"])
def test_the_three_forms_of_the_protocol(lights: Published, way: str) -> None:
    client = lights.client
    answer = {
        "get": lambda: client.get("/sparql?" + urlencode({"query": SELECT})),
        "form": lambda: client.post("/sparql", data={"query": SELECT}),
        "body": lambda: client.post("/sparql", data=SELECT, content_type="application/sparql-query"),
    }[way]()
    assert answer.status_code == 200
    assert [float(row["h"]["value"]) for row in json.loads(answer.data)["results"]["bindings"]] == [32.4, 54.85]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "application/sparql-results+json"),
        ("application/sparql-results+json", "application/sparql-results+json"),
        ("application/json", "application/sparql-results+json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.5, application/sparql-results+xml", "application/sparql-results+xml"),
    ],
)
def test_results_are_negotiated(lights: Published, accept: str, expected: str) -> None:
    answer = lights.get("/sparql?" + urlencode({"query": SELECT}), Accept=accept)
    assert (answer.status_code, answer.content_type) == (200, expected)


def test_csv_is_csv(lights: Published) -> None:
    rows = list(csv.reader(io.StringIO(lights.get("/sparql?" + urlencode({"query": SELECT}), Accept="text/csv").text)))
    assert rows[0] == ["l", "h"]
    assert len(rows) == 3


@pytest.mark.parametrize(
    ("accept", "syntax"),
    [
        ("text/turtle", RdfFormat.TURTLE),
        ("application/n-triples", RdfFormat.N_TRIPLES),
        ("application/rdf+xml", RdfFormat.RDF_XML),
        ("application/ld+json", RdfFormat.JSON_LD),
        ("*/*", RdfFormat.TURTLE),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, "DESCRIBE <https://lights.example/scheme/owners/state>"])
def test_graphs_are_negotiated(lights: Published, accept: str, syntax: RdfFormat, query: str) -> None:
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept=accept)
    assert answer.status_code == 200
    assert list(parse(answer.data, format=syntax))


def test_ask(lights: Published) -> None:
    assert json.loads(lights.get("/sparql?" + urlencode({"query": ASK})).data)["boolean"] is True


def test_the_dataset_can_be_chosen(lights: Published) -> None:
    graph = f"{lights.settings.base}graph/catalog"
    query = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"
    numbers = [
        json.loads(lights.get("/sparql?" + urlencode({"query": query, **more})).data)["results"]["bindings"][0]["n"][
            "value"
        ]
        for more in ({}, {"default-graph-uri": graph}, {"default-graph-uri": "https://lights.example/none"})
    ]
    assert int(numbers[0]) > int(numbers[1]) > int(numbers[2]) == 0


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("query=SELECT", 400),
        ("query=" + quote(SELECT) + "&query=" + quote(ASK), 400),
        ("query=" + quote("SELECT * WHERE { ?s ?p ?o }") + "&default-graph-uri=not%20an%20iri", 400),
        ("query=%ff", 400),
        ("query=" + quote("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }"), 403),
        ("query=" + quote("INSERT DATA { <http://a> <http://b> <http://c> }"), 403),
        ("update=" + quote("CLEAR ALL"), 403),
    ],
)
def test_what_cannot_be_answered_says_why(lights: Published, query: str, status: int) -> None:
    answer = lights.get(f"/sparql?{query}", Accept="application/json")
    assert answer.status_code == status
    assert json.loads(answer.data)["detail"]


def test_a_post_without_a_query_is_400(lights: Published) -> None:
    assert lights.client.post("/sparql", data={}).status_code in (400, 415)
    assert lights.client.post("/sparql", data={"x": "y"}).status_code == 400


@pytest.mark.parametrize(
    ("content_type", "status"),
    [("text/plain", 415), ("application/sparql-update", 403), ("application/sparql-query; charset=utf-8", 200)],
)
def test_bodies(lights: Published, content_type: str, status: int) -> None:
    assert lights.client.post("/sparql", data=ASK, content_type=content_type).status_code == status


def test_a_format_that_the_kind_of_query_does_not_have_is_406(lights: Published) -> None:
    assert lights.get("/sparql?" + urlencode({"query": ASK}), Accept="text/turtle").status_code == 406
    assert lights.get("/sparql?" + urlencode({"query": ASK}), Accept="image/png").status_code == 406


def test_a_browser_gets_the_page(lights: Published) -> None:
    answer = lights.get("/sparql", Accept="text/html")
    assert answer.content_type == "text/html; charset=utf-8"
    assert "<form" in answer.text
    assert "fifty metres" in answer.text  # the saved query, as an example


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        (SELECT, "54.85"),
        (ASK, "true"),
        (CONSTRUCT, "32.4"),
        ("SELECT ?x { ?x", "line 1, column"),
        ("SELECT * { SERVICE <http://x/> {} }", "SERVICE is refused"),
        ("SELECT ?a ?b { ?a ?p ?x . ?b ?q ?y }", "500"),
    ],
)
def test_a_browser_sees_the_answer_on_the_page(lights: Published, query: str, shown: str) -> None:
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept="text/html")
    assert answer.content_type == "text/html; charset=utf-8"
    assert shown in answer.text


def test_a_page_shows_the_first_of_more_rows_than_it_counts(lights: Published) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    started = time.monotonic()
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept="text/html", Accept_Language="en")
    assert answer.status_code == 200
    assert re.search(r">more than [\d,]+ rows \(the first 500 ", answer.text)
    assert time.monotonic() - started < 5


def test_a_page_shows_rows_that_are_long(lights: Published) -> None:
    query = 'SELECT ?s ?long { ?s ?p ?o BIND(CONCAT(STR(?s), "' + "x" * 20_000 + '") AS ?long) }'
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept="text/html", Accept_Language="en")
    assert answer.status_code == 200
    assert answer.text.count("x" * 20_000) > 20


def test_a_program_gets_the_service_description(lights: Published) -> None:
    answer = lights.get("/sparql", Accept="text/turtle")
    assert "sparql-service-description#" in answer.text
    assert len(list(parse(answer.data, format=RdfFormat.TURTLE))) > 10


def test_answers_have_an_etag(lights: Published) -> None:
    address = "/sparql?" + urlencode({"query": SELECT})
    first = lights.get(address)
    assert lights.get(address, If_None_Match=first.headers["ETag"]).status_code == 304


@pytest.fixture(scope="module")
def hurried(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("hurried") / "site"
    shutil.copytree(TINY, folder)
    return publish(replace(site.load(folder), query_seconds=1.0, query_memory=256))


@pytest.mark.parametrize(
    "query",
    [
        BOMB,
        BOMB.replace("(COUNT(*) AS ?n)", "*") + " ORDER BY ?a0",
        "ASK " + "{" * 20_000 + "}" * 20_000,
        "SELECT (" + "(" * 50_000 + "1" + ")" * 50_000 + " AS ?x) WHERE {}",
    ],
    ids=["cross join", "sorted cross join", "nested groups", "nested parentheses"],
)
def test_a_query_that_takes_too_much_is_stopped_and_the_next_is_answered(hurried: Published, query: str) -> None:
    started = time.monotonic()
    answer = hurried.client.post("/sparql", data={"query": query})
    assert answer.status_code in (400, 503)
    if answer.status_code == 503:
        assert answer.headers["Retry-After"]
        assert "limit" in json.loads(answer.data)["detail"]
    assert time.monotonic() - started < 2.5
    assert hurried.get("/sparql?" + urlencode({"query": ASK})).status_code == 200


def test_a_long_answer_is_streamed_whole(hurried: Published) -> None:
    query = 'SELECT ?x ?y ?z WHERE { ?a ?b ?x . ?c ?d ?y . BIND("' + "z" * 100 + '" AS ?z) } LIMIT 20000'
    answer = hurried.get("/sparql?" + urlencode({"query": query}), Accept="text/csv")
    assert answer.text.count("z" * 100) == 20_000


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { SERVICE <http://x/> {} }",
        "SELECT * { service silent <http://x/> {} }",
        "SELECT * { ?s ?p ?o.SERVICE ?x {} }",
        "SELECT * { # comment\nSERVICE<http://x/>{} }",
        "SELECT * { ?s ?p 'a'SERVICE <http://x/> {} }",
        "PREFIX a: <http://a/>\nINSERT DATA { a:a a:b a:c }",
        "LOAD <http://x/>",
        "delete where { ?s ?p ?o }",
    ],
)
def test_the_guard_sees_through_disguises(query: str) -> None:
    with pytest.raises(Refused):
        guard.check(query, 128, 1000)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?service WHERE { ?service a <http://x/SERVICE> }",
        'SELECT * { ?s ?p "a SERVICE <http://x/>" }',
        "PREFIX service: <http://x/> SELECT * { ?s service:service ?o } # SERVICE",
        "PREFIX a: <http://x/> SELECT * { ?s a:service ?o }",
        "SELECT * { ?s ?p '''SERVICE''', \"\"\"it's SERVICE\"\"\" }",
        "PREFIX insert: <http://x/> SELECT * { ?s insert:load ?o }",
    ],
)
def test_the_guard_lets_words_pass(query: str) -> None:
    guard.check(query, 128, 1000)


@pytest.mark.parametrize(
    "query",
    ["ASK { FILTER(1<" + "(" * 500 + "1" + ")" * 500 + "#>\n) }", "SERVICE#" * 100_000, "ASK { ?s ?p " + "(" * 500],
    ids=["brackets that look like an IRI", "a word that is looked at again and again", "brackets"],
)
def test_the_guard_refuses_what_is_too_complex_at_once(query: str) -> None:
    started = time.monotonic()
    with pytest.raises(TooComplex):
        guard.check(query, 128, 1000)
    assert time.monotonic() - started < 2


@pytest.mark.parametrize(
    ("query", "volatile"),
    [
        ("SELECT (NOW() AS ?n) {}", True),
        ("ASK { FILTER(1<RAND()&&2>1) }", True),
        ("SELECT (struuid ( ) AS ?n) {}", True),
        ('SELECT * { ?s ?p "NOW()" }', False),
        ("SELECT * { <http://x/NOW> ?p ?now }", False),
    ],
)
def test_what_may_differ_from_time_to_time_is_seen(query: str, volatile: bool) -> None:
    assert guard.check(query, 128, 1000) is volatile


def _told_by_the_guard(query: str) -> object:
    try:
        return guard.check(query, 128, 1000)
    except SolldError as error:
        return str(error)


def test_what_the_guard_lets_pass_at_a_glance_it_lets_pass_when_it_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for text in (bomb.text() for bomb in bombs()) if guard._is_plain(text.upper(), 128, 1000)]
    assert len(texts) > 20
    assert {_told_by_the_guard(text) for text in texts} == {False}
    monkeypatch.setattr(guard, "_is_plain", lambda *_: False)
    assert {_told_by_the_guard(text) for text in texts} == {False}


@pytest.mark.parametrize(("method", "status"), [("GET", 414), ("POST", 413)])
def test_a_query_that_is_too_long_is_told_the_limit(tiny: Settings, method: str, status: int) -> None:
    published = publish(replace(tiny, query_bytes=50))
    query = {"query": "ASK {}" + " " * 100}
    client = published.client
    answer = client.get("/sparql", query_string=query) if method == "GET" else client.post("/sparql", data=query)
    published.close()
    assert answer.status_code == status
    assert json.loads(answer.data)["limit"] == {"name": "sparql.bytes", "value": 50, "unit": "bytes"}


def test_one_client_may_not_take_every_place(tiny: Settings) -> None:
    published = publish(replace(tiny, query_seconds=1.5, query_per_client=1, query_workers=2, query_waiting=1))
    ask = lambda n: published.client.post("/sparql", data={"query": f"{BOMB} # {n}"})  # noqa: E731
    bombs = [threading.Thread(target=ask, args=(n,)) for n in range(2)]
    for bomb in bombs:
        bomb.start()
    time.sleep(0.4)
    answer = published.client.post("/sparql", data={"query": ASK})
    for bomb in bombs:
        bomb.join()
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    published.close()


@pytest.mark.parametrize(
    ("query", "line", "column", "hint"),
    [
        ("SELECT ?n WHERE {\n  ?l skos:prefLabel ?n\n}", 2, 6, "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"),
        ("SELCT ?n WHERE { ?l ?p ?n }", 1, 1, "SELECT"),
        ("SELECT ?n WHERE { ?l ?p ?n", 1, 17, ""),
    ],
)
def test_what_is_wrong_with_a_query_is_told_with_its_place(
    lights: Published, query: str, line: int, column: int, hint: str
) -> None:
    answer = lights.client.post("/sparql", data={"query": query})
    assert answer.status_code == 400
    (told,) = json.loads(answer.data)["errors"]
    assert (told["line"], hint in told["hint"]) == (line, True)
    page = lights.get("/sparql?" + urlencode({"query": query}), Accept="text/html")
    assert page.status_code == 400
    assert f'data-line="{line}"' in page.text


@pytest.mark.parametrize(
    ("query", "valid", "kind"),
    [
        (SELECT, True, "select"),
        (ASK, True, "ask"),
        (CONSTRUCT, True, "construct"),
        ("SELECT ?x WHERE { ?y ?p ?o }", True, "select"),
        ("SELECT ?x WHERE {", False, ""),
    ],
)
def test_a_query_is_checked_without_being_run(lights: Published, query: str, valid: bool, kind: str) -> None:
    answer = lights.client.post("/sparql/check", data={"query": query})
    report = json.loads(answer.data)
    assert answer.status_code == 200
    assert report["valid"] is valid
    assert report["kind"] == kind or not valid
    assert bool(report["warnings"]) == (query == "SELECT ?x WHERE { ?y ?p ?o }")


def test_what_is_wrong_is_told_in_the_language_of_the_page(lights: Published) -> None:
    query = "SELECT ?n WHERE { ?l ?p ?n"
    for address, hint in (("?lang=fr", "écrivez } là où il finit"), ("", "write } where it ends")):
        checked = lights.client.post(f"/sparql/check{address}", data={"query": query}).data
        assert json.loads(checked)["errors"][0]["hint"] == hint
    page = lights.get("/sparql?" + urlencode({"query": query, "lang": "fr"}), Accept="text/html").text
    problems = page.partition('<ul class="problems">')[2].partition("</ul>")[0]
    assert "écrivez } là où il finit" in problems
    assert 'lang="en"' not in problems
    refused = lights.get("/sparql?" + urlencode({"query": "INSERT DATA {}", "lang": "fr"}), Accept="text/html")
    assert refused.status_code == 403
    assert 'La demande a été comprise, et n’est pas permise ici. <span lang="en">(' in refused.text


def test_programs_are_told_in_english_though_no_page_is(tiny: Settings) -> None:
    published = publish(replace(tiny, languages=("fr",)))
    told = published.client.post("/sparql/check", data={"query": "SELECT * {"}).data
    assert json.loads(told)["errors"][0]["hint"] == "write } where it ends"
    published.close()


def test_an_unknown_term_gets_the_nearest_known_one(lights: Published) -> None:
    query = f"SELECT ?l WHERE {{ ?l <{NS}hight> ?h }}"
    (warning,) = json.loads(lights.client.post("/sparql/check", data={"query": query}).data)["warnings"]
    assert "height" in warning["hint"]


def test_a_bomb_may_be_checked(hurried: Published) -> None:
    started = time.monotonic()
    answer = hurried.client.post("/sparql/check", data={"query": "ASK " + "{" * 50_000})
    assert answer.status_code == 400
    assert json.loads(answer.data)["limit"]["name"] == "sparql.depth"
    assert time.monotonic() - started < 2.5
