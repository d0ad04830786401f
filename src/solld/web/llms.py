"""`/llms.txt`: the way in for language models. https://llmstxt.org/"""

from flask import Blueprint, Response, current_app
from werkzeug.exceptions import HTTPException

from solld import catalog
from solld.addresses import document_path, thing_iri
from solld.formats import llms
from solld.rdf import VOID, NamedNode
from solld.service import Service, catalogued, described
from solld.site import catalog_graph
from solld.web.documents import context_of, service
from solld.web.replies import MAX_AGE, etag
from solld.web.typed_links import with_links

blueprint = Blueprint("llms", __name__)


@blueprint.get("/llms.txt")
def index() -> Response:
    opened = service()
    description = catalogued(opened, described(opened, catalog.catalog_iri(opened.settings)))
    context = context_of(opened, description, "catalog")
    example = _example(opened)
    shown = described(opened, NamedNode(example)) if example else description  # it is told in which formats that is
    offered = tuple(f for f in opened.formats if f.offered(shown, context) and not f.cites)
    context = with_links(opened, description, context, offered, "catalog")
    body = llms.write(llms.Site(description, opened.queries, _path(opened, example), _has), context)
    response = Response(body, content_type="text/plain; charset=utf-8")
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = context.language
    return response


def _example(opened: Service) -> str:
    """Something that the catalogue gives as an example; "" if there is none."""
    found = opened.store.quads(None, VOID.exampleResource, None, catalog_graph(opened.settings))
    prefix = thing_iri(opened.settings.base, "")
    things = sorted(iri for quad in found if (iri := str(getattr(quad.object, "value", ""))).startswith(prefix))
    return things[0] if things else ""


def _path(opened: Service, example: str) -> str:
    """The path of the document about the example, else of the catalogue."""
    return "/" + document_path(example.removeprefix(opened.settings.base)) if example else "/catalog"


def _has(path: str) -> bool:
    """Whether the service answers at a path."""
    try:
        current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    return True
