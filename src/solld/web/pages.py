"""What people and programs see of the endpoint beside answers: the query page, the account of the service, reports.

Queries themselves are answered by `front.py`; what it found out is told in the environment of the request.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from solld import hints, negotiate
from solld.errors import BadSyntax, SolldError
from solld.formats import querying
from solld.formats.querying import Page, sorts
from solld.formats.results import Table, results
from solld.negotiate import lookup_tags
from solld.rdf import RdfFormat, parse_term, write
from solld.service import Service
from solld.sparql.ordering import counted
from solld.sparql.outline import Outline
from solld.sparql.saying import ENGLISH
from solld.web.description import describe
from solld.web.documents import language_of, service
from solld.web.errors import HINTED, problems
from solld.web.naming import namer
from solld.web.protocol import read
from solld.web.replies import MAX_AGE, etag
from solld.web.sparql import GRAPHS, PAGE, SOLUTIONS

blueprint = Blueprint("sparql", __name__)
SYNTAXES = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}
TOLD = "solld.told"


@blueprint.before_app_request
def raise_what_is_told() -> None:
    """An error of the asynchronous part is answered like any other."""
    told = request.environ.get(TOLD)
    if isinstance(told, SolldError):
        raise told


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """The page of a query, or the account of the service where there is none."""
    opened = service()
    told = request.environ.get(TOLD)
    if told is None:
        return _about(opened)
    error = told.get("error")
    if error:
        query = told["query"] or request.args.get("query", "")
        found = problems(error) if isinstance(error, BadSyntax) else ()
        return _page(opened, Page(query, problems=found, message=str(error), status=error.status))
    query = read("GET", request.query_string, "", b"", opened.settings.query_bytes).query or ""
    return _page(opened, _answered(opened, query, told))


@blueprint.get("/sparql/terms.json")
def terms() -> Response:
    """What a query can name, for editors: classes and properties with labels in the reader's language and counts."""
    opened = service()
    language = language_of(opened)
    told = opened.completion.told(language, lookup_tags(language, opened.settings.languages))
    body = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
    response = Response(body, content_type="application/json")
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = language
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


@blueprint.post("/sparql/check")
def check() -> Response:
    """What the parser says of a query, in English if no language is asked for: programs read that, too."""
    told = request.environ[TOLD]
    opened = service()
    report = hints.check(told["query"], told["report"]["message"], opened.prefixes, opened.known)
    asked = request.args.get("lang", "")
    language = negotiate.choose_language("", asked, opened.settings.languages) if asked else ENGLISH
    answer: Response = current_app.json.response(hints.as_json(report, language))  # type: ignore[assignment]
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/graph")
def graph() -> Response:
    """Only here to be found: the asynchronous part answers it, or tells why not."""
    raise AssertionError("a graph was asked for and not answered")


def _answered(opened: Service, query: str, told: Mapping[str, Any]) -> Page:
    """What the page of a query shows of its answer."""
    language = language_of(opened)
    table = table_of(told)
    formats = GRAPHS if told["kind"] == "graph" else SOLUTIONS
    links = [(f.name, "/sparql?" + urlencode({"query": query, "format": f.extension})) for f in formats]
    outline = Outline(query) if len(query) <= HINTED else None
    aggregates = counted(outline) if outline else frozenset()
    # Why it finds nothing: a class that nobody has, a variable that is never bound.
    why = () if table.total else hints.check(query, None, opened.prefixes, opened.known).warnings
    return Page(
        query=query,
        formats=links,
        results=results(table, opened.settings, "", namer(opened, language, table.rows), aggregates),
        problems=why,
        sorts=sorts(outline, "", request.args.get("lang", "")) if outline else {},
    )


def table_of(told: Mapping[str, Any]) -> Table:
    """The rows that the asynchronous part found."""
    rows = tuple(tuple(map(parse_term, row)) for row in told["rows"])
    return Table(tuple(told["columns"]), rows, told["total"], told["counted"])


def _page(opened: Service, shown: Page) -> Response:
    """The form, with the first rows of the answer or with what is wrong."""
    language = language_of(opened)
    body = querying.page(opened.settings, language, "", opened.queries, shown)
    response = Response(body, shown.status, content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = "public, max-age=60" if shown.status == HTTPStatus.OK else "no-store"
    return response


def _about(opened: Service) -> Response:
    """Without a query: the page for a browser, the service description for a program."""
    chosen = negotiate.negotiate(request.headers.get("Accept", ""), (*GRAPHS, PAGE))
    if chosen is PAGE:
        return _page(opened, Page())
    body = write(describe(opened), SYNTAXES[chosen.extension], opened.prefixes)
    response = Response(body, content_type=chosen.media_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
