"""What people and programs see of the endpoint beside answers: the query page, the account of the service, reports.

Queries themselves are answered by `front.py`; what it found out is told in the environment of the request.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, request

from solld import hints, negotiate
from solld.errors import SolldError
from solld.formats import html
from solld.rdf import RdfFormat, parse_term, write
from solld.service import Service
from solld.sparql.prefixes import declaration
from solld.web.description import describe
from solld.web.documents import language_of, service
from solld.web.errors import in_words, said
from solld.web.protocol import read
from solld.web.replies import etag
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
        return _page(opened, told["query"] or request.args.get("query", ""), None, said(error), error.status)
    asked = read("GET", request.query_string, "", b"", opened.settings.query_bytes)
    return _page(opened, asked.query or "", told, "" if told["total"] else _why_nothing(opened, asked.query or ""))


@blueprint.post("/sparql/check")
def check() -> Response:
    """What the parser says of a query."""
    told = request.environ[TOLD]
    opened = service()
    report = hints.check(told["query"], told["report"]["message"], opened.prefixes, opened.known)
    answer: Response = current_app.json.response(hints.as_json(report))  # type: ignore[assignment]
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/graph")
def graph() -> Response:
    """Only here to be found: the asynchronous part answers it, or tells why not."""
    raise AssertionError("a graph was asked for and not answered")


def _why_nothing(opened: Service, query: str) -> str:
    """What may be why a query finds nothing: a class that nobody has, a variable that is never bound."""
    return in_words(hints.check(query, None, opened.prefixes, opened.known).warnings)


def _page(
    opened: Service, query: str, rows: Mapping[str, Any] | None, message: str = "", status: int = 200
) -> Response:
    """The form, with the first rows of the answer or with what is wrong."""
    settings = opened.settings
    language = language_of(opened)
    table, links = None, []
    if rows:
        table = html.Table(
            tuple(rows["columns"]),
            tuple(tuple(map(parse_term, row)) for row in rows["rows"]),
            rows["total"],
            rows["counted"],
        )
        formats = GRAPHS if rows["kind"] == "graph" else SOLUTIONS
        links = [(f.name, "/sparql?" + urlencode({"query": query, "format": f.extension})) for f in formats]
    query = query or "".join(f"{declaration(prefix, ns)}\n" for prefix, ns in opened.prefixes.items())
    body = html.sparql_page(settings, language, "", query, opened.queries, links, table, message)
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = "public, max-age=60" if status == 200 else "no-store"
    return response


def _about(opened: Service) -> Response:
    """Without a query: the page for a browser, the service description for a program."""
    chosen = negotiate.negotiate(request.headers.get("Accept", ""), (*GRAPHS, PAGE))
    if chosen is PAGE:
        return _page(opened, "", None)
    body = write(describe(opened), SYNTAXES[chosen.extension], opened.prefixes)
    response = Response(body, content_type=chosen.media_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response
