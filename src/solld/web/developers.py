"""What tools of developers read: prefixes, and the interface as OpenAPI."""

import json

from flask import Blueprint, Response

from solld import openapi
from solld.openapi_pieces import Offers
from solld.schemas import Object
from solld.service import Service
from solld.sparql import prefixes
from solld.web.documents import service
from solld.web.replies import etag
from solld.web.sparql import GRAPHS, SOLUTIONS

blueprint = Blueprint("developers", __name__)


@blueprint.get("/prefixes.json")
def known_prefixes() -> Response:
    """prefix -> namespace: the site's, and those that everybody knows."""
    return _json(prefixes.known(service().prefixes))


@blueprint.get("/openapi.json")
def interface() -> Response:
    """The interface, with an entry for each saved query."""
    return _json(document(service()))


def document(opened: Service) -> Object:
    return openapi.make(opened.settings, Offers(opened.formats, SOLUTIONS, GRAPHS), opened.queries)


def _json(told: object) -> Response:
    body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    answer = Response(body, content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["ETag"] = etag(body)
    return answer
