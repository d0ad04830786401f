"""Where robots find every document, and when it last changed. https://www.sitemaps.org/protocol.html"""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from urllib.parse import quote
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from solld.addresses import document_path
from solld.errors import NotFound
from solld.service import Service
from solld.web.documents import service
from solld.web.replies import MAX_AGE, etag

blueprint = Blueprint("sitemap", __name__)
NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
SHELF = 50_000  # resources of one sitemap: the most that the protocol lets it have
DOCUMENTS = ("id/", "scheme/", "dataset/")  # paths of what has a document worth finding


@blueprint.get("/sitemap.xml")
def index() -> Response:
    opened = service()
    shelves = opened.past.shelves(opened.release.number, SHELF) if opened.past else []
    return _answer("sitemapindex", "sitemap", ((f"sitemap-{number}.xml", time) for number, time in shelves))


@blueprint.get("/sitemap-<number>.xml")
def shelf(number: str) -> Response:
    opened = service()
    known = {n for n, _ in opened.past.shelves(opened.release.number, SHELF)} if opened.past else set()
    if not re.fullmatch(r"[0-9]{1,6}", number) or int(number) not in known:
        raise NotFound(request.path, "the sitemaps that there are stand in /sitemap.xml")
    return _answer("urlset", "url", _pages(opened, int(number)))


def _pages(opened: Service, number: int) -> Iterator[tuple[str, datetime]]:
    assert opened.past is not None
    base = opened.settings.base
    for iri, time in opened.past.shelf(opened.release.number, SHELF, number):
        about = iri.removeprefix(base)
        if about.startswith(DOCUMENTS) and about.removeprefix("id/") not in opened.fates.merged:
            yield quote(document_path(about)), time


def _answer(whole: str, part: str, entries: Iterable[tuple[str, datetime]]) -> Response:
    root = ElementTree.Element(whole, xmlns=NAMESPACE)
    for path, time in entries:
        entry = ElementTree.SubElement(root, part)
        ElementTree.SubElement(entry, "loc").text = request.url_root + path
        ElementTree.SubElement(entry, "lastmod").text = time.isoformat()
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    response = Response(body, content_type="application/xml")
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
