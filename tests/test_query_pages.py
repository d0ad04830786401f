"""The list of saved queries and the page of each: HTML without a script, JSON, RDF, the text."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from conftest import ROOT, Published
from solld import ontology, queries
from solld.errors import BadQuery, NotFound, SolldError
from solld.formats.results import Table, results
from solld.formats.saved import as_json, list_page, query_page, triples
from solld.model import Settings
from solld.rdf import DCT, RDF, SH, Literal, NamedNode, RdfFormat, read, triple, write
from solld.web import create_app
from solld.web.sparql import links_of, wanted_of
from test_html import Reader

SITE = Settings(
    Path("nowhere"), "https://lights.example/", {"en": "Lights", "fr": "Phares"}, languages=("fr", "en", "es")
)
ONTOLOGY = ontology.read(
    triple(quad)
    for name in ("shapes.ttl", "labels.ttl", "solld.ttl")
    for quad in read((ROOT / "ontology" / name).read_bytes(), RdfFormat.TURTLE)
)
BUNDLED = {query.name: query for query in queries.load(ROOT / "queries")}


@pytest.fixture(scope="module")
def app(lights: Published) -> Flask:
    return create_app(lambda: lights.service)


def ask(app: Flask, path: str, told: object = None, **headers: str) -> TestResponse:
    return app.test_client().get(path, headers=headers, environ_overrides={"solld.told": told} if told else {})


@pytest.mark.parametrize(
    ("path", "accept", "media_type"),
    [
        ("/queries", "text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8"),
        ("/queries", "application/json", "application/json"),
        ("/queries", "*/*", "text/turtle; charset=utf-8"),
        ("/queries", "", "text/turtle; charset=utf-8"),
        ("/queries", "application/ld+json", "application/ld+json"),
        ("/queries", "application/rdf+xml", "application/rdf+xml"),
        ("/queries.json", "text/html", "application/json"),
        ("/queries.ttl", "", "text/turtle; charset=utf-8"),
        ("/queries.html", "", "text/html; charset=utf-8"),
    ],
)
def test_the_list_is_negotiated(app: Flask, path: str, accept: str, media_type: str) -> None:
    answer = ask(app, path, Accept=accept)
    assert (answer.status_code, answer.content_type) == (200, media_type)
    assert "Accept" in answer.headers["Vary"]
    assert answer.headers["ETag"]


@pytest.mark.parametrize(("path", "accept", "status"), [("/queries.png", "", 404), ("/queries", "image/png", 406)])
def test_what_the_list_is_not_written_in(app: Flask, path: str, accept: str, status: int) -> None:
    assert ask(app, path, Accept=accept).status_code == status


def test_the_list_as_json_has_types_and_examples() -> None:
    told = json.loads(as_json(tuple(BUNDLED.values()), "https://lights.example/"))
    places = next(each for each in told["queries"] if each["name"] == "places")
    assert places["example"] == "https://lights.example/queries/places?named=Amiens&degree=evidence%3Ainferred"
    assert places["parameters"][0] == {
        "name": "named",
        "type": "string",
        "required": False,
        "language": "fr",
        "example": "Amiens",
        "description": {
            "en": "the name of one place",
            "fr": "le nom d'un seul lieu",
            "es": "el nombre de un solo lugar",
        },
    }


def test_the_list_as_rdf_is_executables_with_their_parameters() -> None:
    made = list(triples(tuple(BUNDLED.values()), SITE))
    again = list(read(write(made, RdfFormat.TURTLE), RdfFormat.TURTLE))
    assert len(again) == len(set(made)) == len(made)
    charter = NamedNode("https://lights.example/queries/charter")
    (text,) = [t.object for t in made if t.subject == charter and t.predicate == SH.select]
    assert text == Literal(BUNDLED["charter"].text)
    (parameter,) = [t.object for t in made if t.subject == charter and t.predicate == SH.parameter]
    told = {t.predicate: t.object for t in made if t.subject == parameter}
    assert told[RDF.type] == SH.Parameter
    assert told[SH.datatype] == NamedNode("http://www.w3.org/2001/XMLSchema#integer")
    assert told[SH.path] == NamedNode("https://lights.example/queries/charter#position")
    assert "_:" not in " ".join(map(str, made))
    subjects = {t.object for t in made if t.subject == charter and t.predicate == DCT.subject}
    assert subjects == {NamedNode("https://w3id.org/solld/ns#group-text")}


def test_the_list_for_people_is_in_their_language() -> None:
    page = Reader(list_page(tuple(BUNDLED.values()), ONTOLOGY, SITE, "fr"))
    (link,) = page.all("a", href="/queries/charter")
    assert link["text"].startswith("La charte dans l'ordre")


def test_queries_of_one_subject_stand_under_its_label() -> None:
    page = Reader(list_page(tuple(BUNDLED.values()), ONTOLOGY, SITE, "es"))
    headings = [each["text"].strip() for each in page.all("h2") if "id" in each]
    assert headings[:2] == ["Hechos", "Territorio"]
    assert len(headings) == len({query.about for query in BUNDLED.values()})


def test_what_a_bundled_query_is_about_has_a_label_in_each_language() -> None:
    for query in BUNDLED.values():
        assert {"fr", "en", "es"} <= ONTOLOGY.labels.get(query.about, {}).keys(), query.name


def test_queries_without_a_subject_stand_last_and_alone_without_a_heading() -> None:
    plain = replace(BUNDLED["rights"], about="")
    page = Reader(list_page((plain, BUNDLED["charter"]), ONTOLOGY, SITE, "en"))
    assert [each["text"].strip() for each in page.all("h2") if "id" in each] == ["Text and principles", "Other queries"]
    alone = Reader(list_page((plain,), ONTOLOGY, SITE, "en"))
    assert not [each for each in alone.all("h2") if "id" in each]


def test_what_a_query_answers_is_a_link_with_what_it_needs() -> None:
    page = Reader(list_page((BUNDLED["charter"],), ONTOLOGY, SITE, "en"))
    assert page.all("a", href="/queries/charter?position=3&format=csv")


def test_the_text_is_served_as_it_is_written(app: Flask, lights: Published) -> None:
    (query,) = lights.service.queries
    answer = ask(app, f"/queries/{query.name}.rq")
    assert answer.content_type == "application/sparql-query; charset=utf-8"
    assert answer.text == query.text


@pytest.mark.parametrize("path", ["/queries/none", "/queries/none.rq"])
def test_a_query_that_there_is_not_is_404(app: Flask, path: str) -> None:
    assert ask(app, path).status_code == 404


def test_a_form_has_a_field_for_each_parameter(tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(
        "# What.\n# $when date required: a day\n# fr: un jour\n"
        '# $n integer = "3": how many\n# $all boolean: all of it\n'
        "SELECT * { ?s ?p $when, $n, $all }"
    )
    page = Reader(query_page(queries.read(tmp_path / "q.rq"), SITE, "fr", given={"when": '"><b>', "all": "true"}))
    assert page.all("form", method="get", action="/queries/q")
    (when,) = page.all("input", name="when")
    assert (when["type"], when["value"], "required" in when) == ("date", '"><b>', True)
    (number,) = page.all("input", name="n")
    assert number["type"] == "number"
    assert [option["text"] for option in page.all("option")] == ["", "true", "false"]
    assert [option["text"] for option in page.all("option") if "selected" in option] == ["true"]
    fields = [each for each in page.all("input") if each.get("type") != "search"]  # one is in the header of all pages
    for field in (*fields, *page.all("select")):
        assert len(page.all("label", **{"for": field["id"]})) == 1
        assert page.all("p", id=field["aria-describedby"])
    assert page.all("label", **{"for": "p-when"})[0]["text"].startswith("un jour")


ROWS: Mapping[str, Any] = {
    "kind": "solutions",
    "columns": ["light", "height"],
    "rows": [["<https://lights.example/id/4k7r2dm9q>", '"54.85"'], [None, '"x"@fr']],
    "total": 2,
    "counted": True,
    "pages": [("prev", "/queries/q?page=1"), ("next", "/queries/q?page=3")],
}


def test_the_page_shows_what_was_found_and_the_pages_beside_it(app: Flask, lights: Published) -> None:
    (query,) = lights.service.queries
    answer = ask(app, f"/queries/{query.name}?page=2", ROWS, Accept="text/html")
    page = Reader(answer.data)
    assert [cell["text"] for cell in page.all("td")] == ["https://lights.example/id/4k7r2dm9q", "54.85", "", "x @fr"]
    assert page.all("a", rel="next")[0]["href"] == "/queries/q?page=3#results"
    assert page.all("a", rel="prev")[0]["href"] == "/queries/q?page=1#results"
    assert page.all("a", href=f"/queries/{query.name}?page=2&format=csv")


@pytest.mark.parametrize("error", [BadQuery("x='<a>' is not a number"), NotFound("/x")])
def test_an_error_is_on_the_page_of_its_query(app: Flask, lights: Published, error: SolldError) -> None:
    (query,) = lights.service.queries
    answer = ask(app, f"/queries/{query.name}", {"error": error}, Accept="text/html")
    assert answer.status_code == error.status
    assert answer.headers["Cache-Control"] == "no-store"
    assert Reader(answer.data).text("p", role="alert") == str(error)


def test_an_address_becomes_an_operation_and_its_links(lights: Published) -> None:
    (query,) = lights.service.queries
    path = f"/queries/{query.name}"
    operation, asked = wanted_of(lights.service, path, b"page=2&size=5")
    assert "LIMIT 5 OFFSET 5" in operation.text
    assert links_of(path, b"page=2&size=5", asked, True) == (
        ("first", f"{path}?size=5"),
        ("prev", f"{path}?size=5"),
        ("next", f"{path}?size=5&page=3"),
    )


def test_a_saved_query_is_run_and_paged(lights: Published) -> None:
    (query,) = lights.service.queries
    whole = lights.get(f"/queries/{query.name}", Accept="text/csv")
    assert (whole.status_code, whole.content_type) == (200, "text/csv; charset=utf-8")
    assert "Link" not in whole.headers
    rows = whole.text.splitlines()
    paged = lights.get(f"/queries/{query.name}?size=1", Accept="text/csv")
    assert paged.text.splitlines() == rows[:2]
    assert paged.headers.get("Link") == (
        f'</queries/{query.name}?size=1&page=2>; rel="next"' if len(rows) > 2 else None
    )
    assert lights.get(f"/queries/{query.name}?format=json").content_type == "application/sparql-results+json"


@pytest.mark.parametrize(
    ("path", "status"), [("none", 404), ("{}?page=x", 400), ("{}?page=0", 400), ("{}?nothing=1", 400)]
)
def test_a_saved_query_that_cannot_be_run_says_why(lights: Published, path: str, status: int) -> None:
    (query,) = lights.service.queries
    address = "/queries/" + path.format(query.name)
    answer = lights.get(address, Accept="application/json")
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    assert lights.get(address, Accept="text/html").status_code == status


@pytest.mark.parametrize("language", SITE.languages)
@pytest.mark.parametrize("query", BUNDLED.values(), ids=BUNDLED)
def test_every_query_has_a_page_that_needs_no_script_and_no_other_host(query: queries.Query, language: str) -> None:
    page = Reader(query_page(query, SITE, language, results=results(Table(("s",), ((Literal("x"),),)), SITE)))
    assert page.text("h1")
    assert not page.all("script")
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")], tag
        assert "src" not in attributes
    assert len({each["id"] for each in page.all("input")}) == len(page.all("input"))
