"""Errors are representations too: RFC 9457 problem details, or a page for whoever prefers HTML.

https://www.rfc-editor.org/rfc/rfc9457
"""

import json
import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from http import HTTPStatus

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from solld import hints, negotiate
from solld.errors import BadSyntax, Gone, LimitHit, MethodNotAllowed, NotAcceptable, NotFound, SolldError, Unavailable
from solld.formats import html
from solld.formats.view import Value
from solld.hints import Problem
from solld.model import Format
from solld.rdf import AS, DCT, RDF, RDFS, XSD, Literal, NamedNode, RdfFormat, Triple
from solld.rdf import write as write_rdf
from solld.service import Service
from solld.web.past import links as past_links

TOMBSTONES = {
    Format("Turtle", "text/turtle", "ttl", lambda d, c: b"", charset=True, quality=0.8): RdfFormat.TURTLE,
    Format("JSON-LD", "application/ld+json", "jsonld", lambda d, c: b"", quality=0.7): RdfFormat.JSON_LD,
    Format("RDF/XML", "application/rdf+xml", "rdf", lambda d, c: b"", quality=0.6): RdfFormat.RDF_XML,
    Format("N-Triples", "application/n-triples", "nt", lambda d, c: b"", quality=0.6): RdfFormat.N_TRIPLES,
}
HINTED = 20_000  # characters of a query that is looked into unasked: a tenth of a second at the worst
TOO_MANY = HTTPStatus.TOO_MANY_REQUESTS
log = logging.getLogger("solld")
PROBLEM = Format("Problem details", "application/problem+json", "json", lambda d, c: b"", aliases=("application/json",))
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", aliases=("application/xhtml+xml",), quality=0.9)


def answer(error: SolldError) -> Response:
    """The response to an error that we know."""
    more: dict[str, object] = {}
    if isinstance(error, LimitHit):
        more = {"limit": {"name": error.name, "value": error.value, "unit": error.unit}}
    if isinstance(error, BadSyntax):
        more = {"errors": [asdict(problem) for problem in problems(error)]}
    if isinstance(error, Gone):
        more = {"date": error.date, "reason": error.why, "last_version": error.last}
    response = _tombstone(error, error.status) if isinstance(error, Gone) else None
    response = response or write(error.status, error.title, said(error), links(error), more)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.allowed)
    if isinstance(error, Gone):
        opened: Service = current_app.extensions["solld"]()
        told = [f'<{error.iri}>; rel="cite-as"', *past_links(opened, error.iri.removeprefix(opened.settings.base))]
        response.headers["Link"] = ", ".join(told)
    if isinstance(error, LimitHit | Unavailable) and error.retry_after:
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def unforeseen(error: Exception) -> Response:
    """The response to an error that we do not know: logged whole, told without detail."""
    if isinstance(error, HTTPException) and error.code:
        if error.code in (301, 308) and error.get_response().headers.get("Location"):
            return Response(status=error.code, headers={"Location": error.get_response().headers["Location"]})
        return write(error.code, error.name, error.description or error.name, ())
    log.exception("unforeseen error in %s %s", request.method, request.path, exc_info=error)
    return write(500, "Internal error", "something went wrong here; it has been noted", ())


def problems(error: BadSyntax) -> tuple[Problem, ...]:
    """Where a query is wrong, and what may help."""
    opened: Service = current_app.extensions["solld"]()
    query = request.environ.get("solld.query") or ""
    if not 0 < len(query) <= HINTED:
        return ()
    return hints.check(query, error.complaint, opened.prefixes, opened.known).errors


def said(error: SolldError) -> str:
    """An error in words."""
    return (in_words(problems(error)) if isinstance(error, BadSyntax) else "") or str(error)


def in_words(found: Iterable[Problem]) -> str:
    """Problems of a query as one text."""
    return ". ".join(
        f"line {each.line}, column {each.column}: {each.message}" + (f"; {each.hint}" if each.hint else "")
        for each in found
    )


def _tombstone(error: Gone, status: int) -> Response | None:
    """The RDF of a tombstone, for who likes that best. https://www.w3.org/TR/activitystreams-vocabulary/#dfn-tombstone"""
    try:
        chosen = negotiate.negotiate(request.headers.get("Accept", ""), (PROBLEM, PAGE, *TOMBSTONES))
    except NotAcceptable:
        return None
    if chosen not in TOMBSTONES:
        return None
    opened: Service = current_app.extensions["solld"]()
    node = NamedNode(error.iri)
    triples = [Triple(node, RDF.type, AS.Tombstone)]
    triples += [Triple(node, AS.deleted, Literal(error.date, datatype=XSD.date))] if error.date else []
    triples += [Triple(node, RDFS.comment, Literal(error.why))] if error.why else []
    last = NamedNode(opened.settings.base + error.last.removeprefix("/"))
    triples += [Triple(node, DCT.hasVersion, last)] if error.last else []
    body = write_rdf(triples, TOMBSTONES[chosen], {"as": AS.iri, "dct": DCT.iri, "rdfs": RDFS.iri, "xsd": XSD.iri})
    response = Response(body, status, content_type=chosen.media_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Cache-Control"] = "public, max-age=10"
    return response


def links(error: SolldError) -> tuple[tuple[str, str], ...]:
    """Links that help: (path, label)."""
    if isinstance(error, NotFound):
        return (("/sparql", "SPARQL"),)
    if isinstance(error, Gone) and error.last:
        return ((error.last, error.last),)
    return ()


def write(
    status: int, title: str, detail: str, beside: tuple[tuple[str, str], ...], more: Mapping[str, object] = {}
) -> Response:
    """A problem with its members, `more` among them; a page for a browser."""
    settings = current_app.extensions["solld"]().settings
    language = negotiate.choose_language(
        request.headers.get("Accept-Language", ""), request.args.get("lang", ""), settings.languages
    )
    try:
        chosen = negotiate.negotiate(request.headers.get("Accept", ""), (PROBLEM, PAGE))
    except NotAcceptable:
        chosen = PROBLEM  # an error about formats must not fail for want of a format
    if chosen is PAGE:
        body = html.error_page(
            settings, language, "", status, title, detail, [Value(text, href=href) for href, text in beside]
        )
    else:
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": request.path}
        problem |= more
        body = json.dumps(problem, ensure_ascii=False).encode()
    response = Response(body, status, content_type=chosen.media_type + ("; charset=utf-8" if chosen is PAGE else ""))
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Cache-Control"] = (
        "no-store" if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == TOO_MANY else "public, max-age=10"
    )
    if chosen is PAGE:
        response.headers["Content-Language"] = language
    return response
