"""The OpenAPI document: valid, and true of the application that it describes."""

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import jsonschema
import pytest
from flask import Flask
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.exceptions import HTTPException

from conftest import ROOT, Published
from solld import hints, openapi, queries, saved
from solld.formats.saved import example
from solld.openapi_pieces import Offers
from solld.schemas import components
from solld.web import create_app, developers
from solld.web.sparql import GRAPHS, SOLUTIONS

FILES = ("/static/<path:name>", "/favicon.ico", "/robots.txt")  # that pages and robots need, and no program
SAMPLES = {
    "extension": "ttl",
    "seq": "1",
    "number": "1",
    "month": "2026-11",
    "file": "merged.csv",
    "release": "2026-11-25.1",
    "identifier": "4k7r2dm9q",
    "key": "0123456789abcdef0123456789abcdef",
    "name": "one",
    "kind": "entity",
    "version": "1.0.0",
}
DATES = ("date-time",)


@pytest.fixture(scope="module")
def app(lights: Published) -> Flask:
    return create_app(lambda: lights.service)


@pytest.fixture(scope="module")
def document(lights: Published) -> Any:
    made = developers.document(lights.service)
    return json.loads(json.dumps(made))


@pytest.fixture(scope="module")
def bundled(lights: Published) -> Any:
    """The document of a site with many parameters."""
    offers = Offers(lights.service.formats, SOLUTIONS, GRAPHS)
    return json.loads(json.dumps(openapi.make(lights.settings, offers, queries.load(ROOT / "queries"))))


def test_it_is_valid(document: Any) -> None:
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_it_is_valid_with_the_parameters_of_many_queries(bundled: Any) -> None:
    assert list(OpenAPIV31SpecValidator(bundled).iter_errors()) == []


def test_every_operation_has_a_name_of_its_own(bundled: Any) -> None:
    names = [operation["operationId"] for _, _, operation in operations(bundled)]
    assert len(names) == len(set(names))


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def filled(path: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: SAMPLES[match[1]], path)


def test_every_path_is_one_of_the_application(app: Flask, document: Any) -> None:
    adapter = app.url_map.bind("localhost")
    missing = []
    for path, method, _ in operations(document):
        try:
            adapter.match(filled(path), method=method)
        except HTTPException as error:
            missing.append((path, method, error))
    assert missing == []


def test_every_route_of_the_application_is_a_path(app: Flask, document: Any) -> None:
    written = {
        re.sub(r"<(?:path:)?(\w+)>", r"{\1}", rule.rule) for rule in app.url_map.iter_rules() if rule.rule not in FILES
    }
    assert written - set(document["paths"]) == {"/queries/{name}"}  # which has one for each query


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_methods_are_those_that_it_has(app: Flask, document: Any, method: str) -> None:
    adapter = app.url_map.bind("localhost")
    for path, methods in document["paths"].items():
        allowed = method in adapter.allowed_methods(filled(path))
        assert allowed == (method.lower() in methods), path


def test_each_query_has_its_parameters_with_examples_that_are_right(bundled: Any) -> None:
    for query in queries.load(ROOT / "queries"):
        told = bundled["paths"][f"/queries/{query.name}"]["get"]["parameters"]
        own = [each for each in told if each["name"] not in ("page", "size", "format")]
        assert [each["name"] for each in own] == [each.name for each in query.parameters]
        for each in own:
            jsonschema.validate(each["example"], each["schema"])
            assert each["description"]


def test_each_query_offers_the_formats_of_its_kind(bundled: Any) -> None:
    content = bundled["paths"]["/queries/charter"]["get"]["responses"]["200"]["content"]
    assert set(content) == {f.media_type for f in SOLUTIONS} | {"text/html"}


def checked(instance: Any, name: str) -> None:
    schema = {**components(), "components": components(), "$ref": f"#/components/schemas/{name}"}
    jsonschema.validate(instance, schema)


def test_answers_have_the_shapes_that_are_told(lights: Published, app: Flask, document: Any) -> None:
    health = document["paths"]["/health"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    jsonschema.validate(lights.get("/health").json, health)
    checked(
        lights.get("/sparql?query=ASK%7B%7D", Accept="application/sparql-results+json").get_json(force=True), "Results"
    )
    checked(lights.get("/nothing", Accept="application/json").get_json(force=True), "Problem")
    report = hints.as_json(hints.check("SELECT ?x {", "error at 1:2: expected x", {}))
    checked(json.loads(json.dumps(report)), "Report")


def test_a_limit_is_told_in_a_problem_as_it_is_described(lights: Published) -> None:
    deep = "ASK " + "{" * 2000 + "}" * 2000
    problem = lights.client.post("/sparql", data={"query": deep}).get_json(force=True)
    checked(problem, "Problem")
    assert problem["limit"]["name"] == "sparql.depth"


# --- the pages and lists of saved queries -----------------------------------------------------------------------------


def test_the_document_is_served(app: Flask, document: Any) -> None:
    answer = app.test_client().get("/openapi.json")
    assert (answer.content_type, answer.json) == ("application/json", document)
    assert answer.headers["ETag"]


def test_prefixes_are_those_of_the_site_and_the_well_known(app: Flask) -> None:
    told = app.test_client().get("/prefixes.json").json
    assert told is not None
    assert told["light"] == "https://lights.example/ns#"
    assert told["foaf"] == "http://xmlns.com/foaf/0.1/"
    assert told["geo"] == "http://www.w3.org/2003/01/geo/wgs84_pos#"  # as this site has it
    assert list(told) == sorted(told)


def test_an_example_of_a_query_is_an_address_that_it_takes(lights: Published) -> None:
    prefixes = {
        "evidence": "https://e/",
        "value": "https://v/",
        "level": "https://l/",
        "schema": "https://s/",
        "solld": "https://x/",
    }
    for query in queries.load(ROOT / "queries"):
        from_address = parse_qsl(example(query).partition("?")[2])
        assert saved.operation(query, saved.asked(query, from_address, prefixes)).text
