"""The Reconciliation API 1.0 draft at /reconcile/v1, in JSON. https://reconciliation-api.github.io/specs/draft/"""

from typing import Any

from flask import Blueprint, Response, request

from solld.errors import Unsupported
from solld.reconcile import asking, telling
from solld.reconcile.matching import candidates
from solld.web.documents import service
from solld.web.reconciling import manifest, preview, proposed, reader, suggested, written

blueprint = Blueprint("reconcile_v1", __name__)
JSON = "application/json"


@blueprint.get("/reconcile/v1")
def root() -> Response:
    """The manifest; an extension too, for clients that ask for it as in 0.2: the test bench of the W3C group does."""
    if text := request.args.get("extend"):
        asked = asking.extension(asking.loaded(text, "extend"))
        return written(telling.extension(service().holdings, asked, reader()))
    return written(manifest(reader(draft=True)))


@blueprint.post("/reconcile/v1/match")
def match() -> Response:
    """The candidates of a batch of queries, in its order."""
    holdings, who, results = service().holdings, reader(draft=True), []
    for query in asking.draft(_body()):
        found = [telling.candidate(holdings, each, who) for each in candidates(holdings, query)]
        results.append({"candidates": found})
    return written({"results": results})


@blueprint.post("/reconcile/v1/extend")
def extend() -> Response:
    return written(telling.extension(service().holdings, asking.extension(_body()), reader(draft=True)))


def _body() -> Any:
    if request.mimetype != JSON:
        raise Unsupported(f"send {JSON}, not {request.mimetype or 'nothing'!r}")
    return asking.loaded(request.get_data(), "the body")


@blueprint.get("/reconcile/v1/suggest/<kind>")
def suggest(kind: str) -> Response:
    return written(suggested(kind, "offset", reader(draft=True)))


@blueprint.get("/reconcile/v1/preview")
def previews() -> Response:
    return preview(reader(draft=True))


@blueprint.get("/reconcile/v1/extend/propose")
def propose() -> Response:
    return written(proposed(reader(draft=True)))
