"""The saved queries of the site: the list of them, each with its form, its text, and what it answers.

The asynchronous part runs them; `page` shows what it found out to a browser.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from solld import negotiate
from solld.errors import NotFound
from solld.formats import saved as shown
from solld.formats.results import Results, results
from solld.model import Format
from solld.queries import Query
from solld.rdf import write
from solld.service import Service
from solld.sparql.ordering import counted
from solld.sparql.outline import outlined
from solld.web.documents import language_of, service
from solld.web.errors import said
from solld.web.naming import namer
from solld.web.pages import SYNTAXES, TOLD, table_of
from solld.web.protocol import pairs
from solld.web.replies import etag
from solld.web.sparql import GRAPHS, PAGE, SOLUTIONS, saved_query

blueprint = Blueprint("queries", __name__)
MAX_AGE = "public, max-age=60"
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.9)
LISTS = (PAGE, JSON, *(f for f in GRAPHS if f.extension in ("ttl", "nt", "rdf", "jsonld")))


@blueprint.get("/queries")
@blueprint.get("/queries.<extension>")
def index(extension: str = "") -> Response:
    """All queries: a page, JSON, or RDF."""
    opened = service()
    chosen = next((f for f in LISTS if f.extension == extension), None)
    if extension and chosen is None:
        raise NotFound(request.path, "there are " + ", ".join(f".{f.extension}" for f in LISTS))
    chosen = chosen or negotiate.negotiate(request.headers.get("Accept", ""), LISTS)
    if chosen is PAGE:
        body = shown.list_page(opened.queries, opened.ontology, opened.settings, language_of(opened))
    elif chosen is JSON:
        body = shown.as_json(opened.queries, opened.settings.base)
    else:
        body = write(shown.triples(opened.queries, opened.settings), SYNTAXES[chosen.extension], opened.prefixes)
    answer = _answer(body, chosen.media_type, opened if chosen is PAGE else None)
    answer.headers["Content-Location"] = f"/queries.{chosen.extension}"
    answer.headers["Link"] = ", ".join(
        f'</queries.{f.extension}>; rel="alternate"; type="{f.media_type}"' for f in LISTS if f is not chosen
    )
    return answer


@blueprint.get("/queries/<name>.rq")
def text(name: str) -> Response:
    """The query as it is written."""
    return _answer(saved_query(service(), name).text.encode(), "application/sparql-query; charset=utf-8", None)


@blueprint.get("/queries/<name>")
def page(name: str) -> Response:
    """The form of a query, with the rows that the asynchronous part found, or what is wrong with what it was given."""
    opened = service()
    query = saved_query(opened, name)
    told: Mapping[str, Any] = request.environ.get(TOLD) or {}
    error = told.get("error")
    given = dict(pairs(request.query_string, "utf-8", "the address"))
    body = shown.query_page(
        query,
        opened.settings,
        language_of(opened),
        given=given,
        formats=_formats(query, given),
        results=_results(opened, query, told) if "rows" in told else None,
        pages=dict(told.get("pages", ())),
        message=said(error) if error else "",
    )
    answer = _answer(body, PAGE.media_type, opened)
    if error:
        answer.status_code = error.status
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _formats(query: Query, given: Mapping[str, str]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in given.items() if name not in ("format", "lang") and value]
    formats = SOLUTIONS if query.kind in ("select", "ask") else GRAPHS
    return [(f.name, f"{shown.path(query)}?{urlencode([*kept, ('format', f.extension)])}") for f in formats]


def _results(opened: Service, query: Query, told: Mapping[str, Any]) -> Results:
    table = table_of(told)
    label = namer(opened, language_of(opened), table.rows)
    return results(table, opened.settings, "", label, counted(outlined(query.text)))


def _answer(body: bytes, media_type: str, localised: Service | None) -> Response:
    charset = "; charset=utf-8" if media_type.startswith("text/") else ""
    answer = Response(body, content_type=media_type + charset)
    answer.headers["Vary"] = "Accept, Accept-Language" if localised else "Accept"
    answer.headers["Cache-Control"] = MAX_AGE
    answer.headers["ETag"] = etag(body, media_type)
    if localised:
        answer.headers["Content-Language"] = language_of(localised)
    return answer
