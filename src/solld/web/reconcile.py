"""The Reconciliation API 0.2 at /reconcile, for OpenRefine and others; clients of 0.1 are answered too, with JSONP.

https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/
"""

import re

from flask import Blueprint, Response, request

from solld.errors import BadQuery, Unsupported
from solld.reconcile import asking, telling
from solld.reconcile.matching import candidates
from solld.web.documents import service
from solld.web.protocol import FORM
from solld.web.reconciling import flyout, manifest, preview, proposed, reader, suggested, written

blueprint = Blueprint("reconcile", __name__)
CALLBACK = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)*")
LONGEST = 100  # characters of the name of a callback


@blueprint.route("/reconcile", methods=["GET", "POST"])
def endpoint() -> Response:
    """The manifest, or what is asked: a batch of queries, one query of 0.1, an extension."""
    given = _given()
    holdings, who = service().holdings, reader()
    if "queries" in given:
        batch = asking.classic(asking.loaded(given["queries"], "queries"))
        told = {key: {"result": _result(query)} for key, query in batch.items()}
        return _written(told)
    if "query" in given:
        return _written({"result": _result(asking.single(given["query"]))})
    if "extend" in given:
        asked = asking.extension(asking.loaded(given["extend"], "extend"))
        return _written(telling.extension(holdings, asked, who))
    if request.method == "POST":
        raise BadQuery("the form has neither 'queries' nor 'extend'")
    return _written(manifest(who))


def _given() -> dict[str, str]:
    given = {name: value for name, value in request.args.items() if value}
    if request.method == "POST":
        if request.mimetype not in (FORM, "multipart/form-data"):
            raise Unsupported(f"send {FORM}, not {request.mimetype or 'nothing'!r}; JSON goes to /reconcile/v1/match")
        given |= {name: value for name, value in request.form.items() if value}
    return given


def _result(query: asking.Query) -> list[telling.Object]:
    holdings, who = service().holdings, reader()
    return [telling.candidate(holdings, each, who) for each in candidates(holdings, query)]


def _written(told: object) -> Response:
    """JSON; for a client that can read from other origins only as a script, with its callback around."""
    callback = request.args.get("callback", "")
    if not callback:
        return written(told)
    if request.method == "POST":
        raise BadQuery("a callback is for GET; who can POST reads the JSON itself")
    if len(callback) > LONGEST or not CALLBACK.fullmatch(callback):
        raise BadQuery(f"the callback is the name of a function, of at most {LONGEST} characters")
    return written(told, callback)


@blueprint.get("/reconcile/suggest/<kind>")
def suggest(kind: str) -> Response:
    return _written(suggested(kind, "cursor", reader()))


@blueprint.get("/reconcile/flyout/<kind>")
def flyouts(kind: str) -> Response:
    return _written(flyout(kind, reader()))


@blueprint.get("/reconcile/preview")
def previews() -> Response:
    return preview(reader())


@blueprint.get("/reconcile/extend/propose")
def propose() -> Response:
    return _written(proposed(reader()))
