"""What tools of developers read: prefixes, the JSON-LD context, and the interface as OpenAPI."""

import json

from flask import Blueprint, Response

from solld import context, openapi
from solld.errors import NotFound
from solld.openapi_pieces import Offers
from solld.schemas import Object
from solld.service import Service
from solld.sparql import prefixes
from solld.web.documents import service
from solld.web.replies import FOREVER, etag
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


@blueprint.get("/context.jsonld")
@blueprint.get("/context/<version>.jsonld")
def jsonld_context(version: str = "") -> Response:
    opened = service()
    if version and version != opened.vocabulary_version:
        raise NotFound(f"/context/{version}.jsonld", f"the current version is {opened.vocabulary_version}")
    body = context.document(opened.jsonld).encode()
    response = Response(body, content_type="application/ld+json")
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = FOREVER if version else "public, max-age=86400"
    response.headers["Link"] = (
        f'</context/{opened.vocabulary_version}.jsonld>; rel="alternate"; type="application/ld+json"'
    )
    return response


def document(opened: Service) -> Object:
    return openapi.make(opened.settings, Offers(opened.formats, SOLUTIONS, GRAPHS), opened.queries)


def _json(told: object) -> Response:
    body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    answer = Response(body, content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=3600"
    answer.headers["ETag"] = etag(body)
    return answer
