"""What the service offers: DCAT and VoID, and the home page.

https://www.w3.org/TR/vocab-dcat-3/  https://www.w3.org/TR/void/
"""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from solld import catalog
from solld.errors import NotFound
from solld.formats import semapps
from solld.model import Description
from solld.service import Service, catalogued, described
from solld.web.documents import answer_about, service
from solld.web.home import front
from solld.web.replies import etag, redirect

blueprint = Blueprint("catalogue", __name__)


@blueprint.get("/")
@blueprint.get("/catalog")
@blueprint.get("/catalog.<extension>")
@blueprint.get("/void")
@blueprint.get("/void.<extension>")
def catalogue(extension: str = "") -> Response:
    opened = service()
    base = opened.settings.base
    about = catalog.catalog_iri(opened.settings).value.removeprefix(base)
    if request.path != "/":
        return answer_about(opened, "catalog", about, extension)
    response = answer_about(opened, "catalog", about, extension, _home)
    if response.mimetype == "text/html":  # which is no page of the catalogue
        del response.headers["Content-Location"]
        link = response.headers["Link"].replace(f'<{base}catalog>; rel="canonical"', f'<{base}>; rel="canonical"')
        response.headers["Link"] = link
    return response


def _home(opened: Service, _: Description, language: str) -> Mapping[str, Any]:
    return {"front": front(opened, language)}


@blueprint.get("/.well-known/void")
def well_known() -> Response:
    """The same, where crawlers look for it; its JSON-LD as those who read it there want it."""
    opened = service()
    response = catalogue()
    if response.mimetype == "application/ld+json":
        catalog_ = catalogued(opened, described(opened, catalog.catalog_iri(opened.settings)))
        response.set_data(semapps.write(catalog_, request.url_root))
        response.headers["ETag"] = etag(response.get_data())
        del response.headers["Content-Location"]
    return response


@blueprint.get("/graph/<name>")
def graph(name: str) -> Response:
    """A named graph of the service itself: the document that tells of it."""
    documents = {"ontology": "/ns", "catalog": "/catalog", "findings": "/catalog", "links": "/catalog"}
    if name not in documents:
        raise NotFound(f"/graph/{name}")
    return redirect(documents[name])
