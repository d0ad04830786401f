"""The HTTP interface as an OpenAPI 3.1 document, one entry for each saved query. https://spec.openapis.org/oas/v3.1.1

It is made from what answers: formats, limits and queries are given, so the document cannot tell of others.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from solld import (
    __version__,
    openapi_machines,
    openapi_maps,
    openapi_past,
    openapi_reconcile,
    openapi_search,
    openapi_views,
)
from solld.model import Settings
from solld.openapi_pieces import LANG, Offers
from solld.openapi_pieces import errors as _errors
from solld.openapi_pieces import get as _get
from solld.openapi_pieces import given as _given
from solld.openapi_pieces import json as _json
from solld.openapi_pieces import ok as _ok
from solld.openapi_pieces import see as _see
from solld.parameters import Parameter, sample
from solld.queries import Query
from solld.schemas import HEALTH, IRI, TEXT, Object, components
from solld.sparql.paging import LARGEST, SIZE

SCHEMAS: Mapping[str, Object] = {  # type of a parameter of a query -> JSON Schema of its value
    "iri": {"type": "string", "description": "an absolute IRI, or a name with a prefix of the site"},
    "string": TEXT,
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "boolean": {"type": "boolean"},
    "language": {"type": "string", "pattern": "^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
}
ABOUT = {
    "index": "The pages about the service",
    "data": "All ways to take the data",
    "accessibility": "What is accessible, and what is not",
    "corrections": "How a mistake is corrected",
    "persistence": "What is promised of all addresses",
    "wikidata": "What a property in Wikidata needs",
    "reconciliation": "How to find which of these things the names of a list are",
    "mediawiki": "An interwiki prefix and a template",
    "sources": "Who is to be named for what is published, how fresh each source is, and what went wrong with it",
}
LD = "application/ld+json"
QUERYING = ("400", "403", "406", "413", "429", "503")


def make(settings: Settings, offers: Offers, queries: Sequence[Query]) -> Object:
    """The document."""
    title = settings.title.get("en") or next(iter(settings.title.values()))
    described = settings.description.get("en") or next(iter(settings.description.values()), "")
    return {
        "openapi": "3.1.1",
        "info": {"title": title, "version": __version__, "description": described}
        | ({"license": {"name": settings.license, "url": settings.license}} if settings.license else {}),
        "servers": [{"url": "/"}, {"url": settings.base.rstrip("/")}],
        "tags": [{"name": name} for name in ("documents", "past", "sparql", "queries", "reconciliation", "operations")],
        "paths": _documents(offers)
        | openapi_past.past(offers)
        | openapi_past.logs(offers)
        | _sparql(offers)
        | _queries(offers, queries)
        | openapi_reconcile.paths()
        | openapi_machines.paths()
        | openapi_views.paths(settings.views)
        | openapi_search.paths()
        | openapi_maps.paths()
        | _operations(),
        "components": components(),
    }


# Paths ----------------------------------------------------------------------------------------------------------------

FORMAT = _given("format", "query", "an extension or media type, instead of Accept")
PAGE = _given("page", "query", "a page, from 1", {"type": "integer", "minimum": 1, "default": 1})


def _documents(offers: Offers) -> Object:
    formats = offers.descriptions
    name = _given("name", "path", "what stands after the slash; for a concept it has slashes of its own")
    extension = _given("extension", "path", "a format", {"type": "string", "enum": [f.extension for f in formats]})
    ok = _ok(formats, "The description.", "Last-Modified", "Link", "Content-Location") | _errors("404", "406", "410")

    def described(operation: str, summary: str, *parameters: Object) -> Object:
        return {"get": _get("documents", operation, summary, ok, *parameters, LANG, PAGE)}

    def fixed(operation: str, summary: str, *parameters: Object) -> Object:
        return {"get": _get("documents", operation, summary, ok, *parameters, LANG)}

    see = _see("The document about it.") | _errors("404", "410")
    version = _given("version", "path", "of the vocabulary")
    return {
        "/": fixed("home", "The catalogue: DCAT and VoID, or the home page"),
        "/catalog": fixed("catalog", "The catalogue"),
        "/catalog.{extension}": fixed("catalogIn", "The catalogue in a format", extension),
        "/void": fixed("void", "The catalogue, at the address that VoID names"),
        "/void.{extension}": fixed("voidIn", "The same in a format", extension),
        "/.well-known/void": fixed("wellKnownVoid", "The catalogue, where crawlers look for it"),
        "/id/{identifier}": {
            "get": _get("documents", "thing", "A thing", see, _given("identifier", "path", "nine signs"))
        },
        "/scheme/{name}": {"get": _get("documents", "concept", "A concept scheme, or a concept of one", see, name)},
        "/.well-known/genid/{name}": {"get": _get("documents", "genid", "A node without a name of its own", see, name)},
        "/doc/{name}": described("document", "The document about a thing", name),
        "/doc/{name}.{extension}": described("documentIn", "The same in a format", name, extension),
        "/dataset/{name}": described("dataset", "A source: licence, counts, findings", name),
        "/dataset/{name}.{extension}": described("datasetIn", "The same in a format", name, extension),
        "/ns": fixed("vocabulary", "The vocabulary"),
        "/ns.{extension}": fixed("vocabularyIn", "The same in a format", extension),
        "/ns/{version}": fixed("vocabularyVersion", "The vocabulary under its version", version),
        "/graph/{name}": {"get": _get("documents", "graph", "A graph of the service itself", see, name)},
        "/context.jsonld": {"get": _get("documents", "context", "The JSON-LD context", _json("The context.", LD))},
        "/context/{version}.jsonld": {
            "get": _get("documents", "contextVersion", "The same for ever", _json("The context.", LD), version)
        },
    }


def _sparql(offers: Offers) -> Object:
    results = (*offers.solutions, *offers.graphs)
    ok = _ok(results, "The answer, whole; without a query the service description.") | _errors(*QUERYING)
    graphs = {"type": "array", "items": IRI}
    dataset = [
        _given("default-graph-uri", "query", "graphs that make the default graph", graphs),
        _given("named-graph-uri", "query", "graphs that are named", graphs),
    ]
    query = _given("query", "query", "a SPARQL query; without it the answer is the service description")
    fields = {each["name"]: each["schema"] for each in (*dataset, FORMAT)}
    form = {"type": "object", "properties": {"query": TEXT} | fields, "required": ["query"]}
    bodies = {"application/x-www-form-urlencoded": {"schema": form}, "application/sparql-query": {"schema": TEXT}}
    body = {"required": True, "content": bodies}
    which = [
        _given("default", "query", "the default graph", {"const": ""}, allowEmptyValue=True),
        _given("graph", "query", "a named graph", IRI),
    ]
    graph = _ok(offers.graphs, "The triples of the graph.") | _errors("400", "404", "406")
    report = _json("What can be said of it.", schema={"$ref": "#/components/schemas/Report"})
    return {
        "/sparql": {
            "get": _get("sparql", "query", "Query by GET", ok | _errors("414"), query, *dataset, FORMAT),
            "post": _get("sparql", "queryByPost", "Query by POST", ok | _errors("415"), *dataset, requestBody=body),
        },
        "/sparql/check": {
            "post": _get(
                *("sparql", "check", "Parse a query without running it"),
                report | _errors("400", "413", "415"),
                LANG,
                requestBody={"required": True, "content": {**bodies}},
            )
        },
        "/sparql/terms.json": {
            "get": _get(*("sparql", "terms", "What a query can name: classes, properties"), _json("They."), LANG)
        },
        "/graph": {"get": _get("sparql", "graphStore", "A whole graph (Graph Store Protocol)", graph, *which, FORMAT)},
    }


def _queries(offers: Offers, queries: Sequence[Query]) -> Object:
    rdf = [f for f in offers.graphs if f.extension in ("ttl", "nt", "rdf", "jsonld")]
    listed = _ok(rdf, "The saved queries.")
    listed["200"]["content"] |= {"application/json": {"schema": {"type": "object"}}, "text/html": {"schema": TEXT}}
    extensions = {"type": "string", "enum": ["html", "json", *(f.extension for f in rdf)]}
    paths: Object = {
        "/queries": {"get": _get("queries", "queries", "The saved queries", listed)},
        "/queries.{extension}": {
            "get": _get(
                "queries", "queriesIn", "The same in a format", listed, _given("extension", "path", "", extensions)
            )
        },
        "/queries/{name}.rq": {
            "get": _get(
                *("queries", "queryText", "The text of a saved query"),
                {"200": {"description": "SPARQL.", "content": {"application/sparql-query": {"schema": TEXT}}}}
                | _errors("404"),
                _given("name", "path", "of the query", {"type": "string", "enum": [q.name for q in queries]}),
            )
        },
    }
    return paths | {f"/queries/{query.name}": {"get": _query(offers, query)} for query in queries}


def _query(offers: Offers, query: Query) -> Object:
    formats = offers.solutions if query.kind in ("select", "ask") else offers.graphs
    size = {"type": "integer", "minimum": 1, "maximum": LARGEST, "default": SIZE}
    paging = [PAGE, _given("size", "query", "rows of a page", size)] if query.kind == "select" else []
    answered = _ok(formats, "The answer.", "Link") | _errors(*QUERYING)
    answered["200"]["content"] |= {"text/html": {"schema": TEXT}}
    given = [_parameter(each) for each in query.parameters]
    return _get("queries", f"run-{query.name}", query.summary["en"], answered, *given, *paging, FORMAT)


def _parameter(parameter: Parameter) -> Object:
    schema = dict(SCHEMAS[parameter.type]) | (
        {"default": _typed(parameter, parameter.default)} if parameter.default else {}
    )
    told = _given(parameter.name, "query", parameter.description["en"], schema, required=parameter.required)
    return told | {"example": _typed(parameter, sample(parameter))}


def _typed(parameter: Parameter, text: str) -> Any:
    match parameter.type:
        case "integer":
            return int(text)
        case "decimal":
            return float(text)
        case "boolean":
            return text == "true"
        case _:
            return text


def _operations() -> Object:
    prefixes = {"type": "object", "additionalProperties": IRI}
    return {
        "/prefixes.json": {"get": _get("sparql", "prefixes", "Prefixes", _json("prefix: namespace.", schema=prefixes))},
        "/health": {
            "get": _get("operations", "health", "Whether the service is alive", _json("It is.", schema=HEALTH))
        },
        **_about(),
        **_report(),
        "/openapi.json": {"get": _get("operations", "openapi", "This document", _json("OpenAPI 3.1."))},
    }


def _about() -> Object:
    told, paths = _json("It.") | _errors("404", "406"), {}
    extension = _given("extension", "path", "a format", {"type": "string", "enum": ["html", "json"]})
    for name, summary in ABOUT.items():
        paths[f"/about/{name}" if name != "index" else "/about"] = {"get": _get("operations", name, summary, told)}
        paths[f"/about/{name}.{{extension}}"] = {"get": _get("operations", f"{name}In", summary, told, extension)}
    return paths


def _report() -> Object:
    content = {media_type: {"schema": TEXT} for media_type in ("text/html", "text/csv", "application/json")}
    told = {"200": {"description": "It, as it was made last.", "content": content}} | _errors("404", "406")
    given = (_given("name", "path", "of a dataset"), _given("key", "path", "what the address was given with"), LANG)
    extension = _given("extension", "path", "a format", {"type": "string", "enum": ["html", "csv", "json"]})
    summary = "The report on its data, for who gave them"
    more = (_given("kind", "query", "of finding, on a page"), PAGE)
    return {
        "/report/{name}/{key}": {"get": _get("operations", "report", summary, told, *given, *more)},
        "/report/{name}/{key}.{extension}": {
            "get": _get("operations", "reportIn", f"{summary}, in a format", told, *given, extension, *more)
        },
    }
