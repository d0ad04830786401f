"""What both versions of the Reconciliation API share: who asks, suggestions, previews, and how answers are written."""

import json
import re
from typing import Any

from flask import Response, request

from solld import ontology as display
from solld.errors import BadQuery, NotFound
from solld.formats.preview import Shown, flyout_html, page
from solld.index import Wanted
from solld.link.names import read
from solld.messages import phrases
from solld.negotiate import lookup_tags
from solld.reconcile import telling
from solld.reconcile.asking import Condition, Query
from solld.reconcile.holdings import SPACE, UNKNOWN, WITHDRAWN
from solld.reconcile.matching import Candidate, candidates
from solld.reconcile.telling import Object, Reader
from solld.reconcile.terms import RECORD, Term
from solld.reconcile.values import cells, name_of
from solld.reconcile.weighing import Weighed
from solld.web.documents import language_of, service
from solld.web.replies import MAX_AGE, etag

SUGGESTED, MOST = 10, 100  # suggestions of an answer
DEFAULT_TYPES = 5
FACTS = ("url", "identifier", "streetAddress", "foundingDate", "dissolutionDate")  # of a preview
# A preview stands in a frame of whoever reconciles; nothing in it runs, and nothing comes from elsewhere.
FRAMED = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"


def reader(draft: bool = False) -> Reader:
    """Who asks, in which language."""
    opened = service()
    language = language_of(opened)
    return Reader(language, lookup_tags(language, opened.settings.languages), request.url_root.rstrip("/"), draft)


def written(told: object, callback: str = "") -> Response:
    """An answer as JSON, or as a script that calls with it."""
    body = json.dumps(told, ensure_ascii=bool(callback), separators=(",", ":")).encode()
    kind = "application/json"
    if callback:
        body, kind = f"/**/{callback}(".encode() + body + b");", "text/javascript; charset=utf-8"
    response = Response(body, content_type=kind)
    return _kept(response, body)


def _kept(response: Response, body: bytes) -> Response:
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = language_of(service())
    if request.method == "POST":
        response.headers["Cache-Control"] = "no-store"
    else:
        response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
        response.headers["ETag"] = etag(body)
    return response


def manifest(who: Reader) -> Object:
    opened = service()
    own = [term for term, _ in opened.holdings.populated if term.iri.startswith(opened.settings.base)]
    types = own or [term for term, _ in opened.holdings.populated]
    return telling.manifest(opened.holdings, opened.settings, who, types[:DEFAULT_TYPES])


# Suggestions ----------------------------------------------------------------------------------------------------------


def suggested(kind: str, skip: str, who: Reader) -> Object:
    """The things, properties or classes that begin with the prefix; `skip` is the parameter that says how many not."""
    prefix = request.args.get("prefix", "").strip()
    first, number = _number(skip, 0, 100_000), _number("limit", SUGGESTED, MOST)
    if kind == "entity":
        return {"result": _things(prefix, first, number, who)}
    if kind == "type":
        known = [term for term, _ in service().holdings.populated]
        found = telling.terms_like(known, prefix, who.tags)[first : first + number]
        return {"result": [telling.type_(service().holdings, each, who) for each in found]}
    if kind == "property":
        found = telling.terms_like(service().holdings.terms.properties.values(), prefix, who.tags)
        return {"result": [telling.property_(each, who, who.draft) for each in found[first : first + number]]}
    raise NotFound(request.path, "there are entity, property and type")


def _number(name: str, default: int, most: int) -> int:
    text = request.args.get(name) or str(default)
    if not re.fullmatch(r"\d{1,9}", text):
        raise BadQuery(f"{name} is a number, not {text!r}")
    return min(int(text), most)


def _things(prefix: str, first: int, number: int, who: Reader) -> list[Object]:
    holdings = service().holdings
    types = tuple(holdings.terms.type(each).iri for each in request.args.getlist("type") if each)
    if holdings.identifier(prefix):
        found = [
            Candidate(holdings.identifier(prefix), s.record, Weighed(1))
            for s in [holdings.standing(prefix)]
            if s.record
        ]
    else:
        hits = holdings.names.beginning(read(prefix).words, Wanted(types=types, space=SPACE), number, first)
        found = [Candidate(each.id, each, Weighed(0)) for each in map(telling.record_of, hits)]
        if prefix and not found and not first:
            found = candidates(holdings, Query((Condition("name", (prefix,)),), types, "any", number))
    return [_thing(each, who) for each in found]


def _thing(found: Candidate, who: Reader) -> Object:
    told = telling.candidate(service().holdings, found, who)
    kept = {name: told[name] for name in ("id", "name", "description", "lang") if name in told}
    return kept | {"notable": told["type"]}


def proposed(who: Reader) -> Object:
    """The properties of things of a class that an extension may be made with."""
    holdings, name = service().holdings, request.args.get("type", "")
    number = _number("limit", MOST, MOST) or MOST
    by_iri = {each.iri: each for each in holdings.terms.properties.values()}
    record = [holdings.terms.properties[each] for each in RECORD]
    shapes = display.property_shapes(holdings.ontology, [holdings.terms.type(name).iri]) if name else ()
    own = [by_iri[s.predicate.value] for s in shapes if not s.inverse and s.predicate.value in by_iri]
    found = [telling.property_(each, who) for each in (*record, *own)][:number]
    return {"properties": found, "limit": number} | ({"type": name} if name else {})


# Previews -------------------------------------------------------------------------------------------------------------


def preview(who: Reader) -> Response:
    """A page about a thing that fits a small frame; 404 or 410 with a page that says so."""
    identifier = request.args.get("id", "")
    if not identifier:
        raise BadQuery("there is no parameter 'id', an identifier")
    shown, status = _shown(identifier, who)
    body = page(shown, who.language)
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Content-Security-Policy"] = FRAMED
    return _kept(response, body)


def flyout(kind: str, who: Reader) -> Object:
    """A few lines of HTML about a thing, a property or a class."""
    id_ = request.args.get("id", "")
    holdings = service().holdings
    if kind == "entity":
        shown, _ = _shown(id_, who)
    elif kind == "type":
        shown = _term(holdings.terms.type(id_), who)
    elif kind == "property":
        shown = _term(holdings.terms.property(id_), who)
    else:
        raise NotFound(request.path, "there are entity, property and type")
    return {"id": id_, "html": flyout_html(shown)}


def _term(term: Term, who: Reader) -> Shown:
    return Shown(term.name(who.tags), term.iri if term.iri.startswith("http") else "", term.iri or term.id)


def _shown(identifier: str, who: Reader) -> tuple[Shown, int]:
    holdings = service().holdings
    standing = holdings.standing(identifier)
    t = phrases(who.language)
    if standing.state in (UNKNOWN, WITHDRAWN):
        word = t("reconcile_withdrawn") if standing.state == WITHDRAWN else t("reconcile_unknown")
        return Shown(f"{identifier[:50]} – {word}"), 410 if standing.state == WITHDRAWN else 404
    href = f"/doc/{standing.id}"
    if standing.record is None:
        return Shown(standing.id, href), 200
    found = Candidate(identifier, standing.record, Weighed(1), state=standing.state)
    facts = [
        (t(f"reconcile_{each}"), _written_out(cells(holdings, standing, each, {"limit": 2}, who.tags)))
        for each in FACTS
    ]
    told = [(term, value) for term, value in facts if value]
    text = telling.description(holdings, found, who)
    return Shown(name_of(standing.record, who.tags)[0], href, text, tuple(told)), 200


def _written_out(found: list[dict[str, Any]]) -> str:
    return ", ".join(str(value) for cell in found for value in cell.values()).replace("T00:00:00", "")
