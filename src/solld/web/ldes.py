"""The event stream, for other directories: see `solld.ldes`."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request

from solld import ldes
from solld.errors import NotFound
from solld.formats.events import EVENTS, Node
from solld.history.log import Span
from solld.ldes import Stream
from solld.lru import Lru
from solld.model import Format
from solld.web.documents import answer_about, chosen_of, service
from solld.web.replies import FOREVER, MAX_AGE, etag

blueprint = Blueprint("ldes", __name__)
MONTH = re.compile(r"[0-9]{4}-[0-9]{2}")
NUMBER = re.compile(r"[1-9][0-9]{0,8}")
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", aliases=("application/xhtml+xml",), quality=0.5)
KEPT = 32 * 2**20  # bytes of closed pages that are kept over releases: they are written once


@dataclass(frozen=True)
class Written:
    """A document as it was written; `closed` if it is the same for ever."""

    body: bytes
    closed: bool

    @property
    def weight(self) -> int:
        return len(self.body)


@blueprint.get("/ldes")
def stream() -> Response:
    """The stream; for a browser, what is said of it."""
    opened = _stream()
    if chosen_of((*EVENTS, PAGE), "") is PAGE:
        return description("html")
    return _answer(opened, None, 0)


@blueprint.get("/ldes.<extension>")
def description(extension: str) -> Response:
    return answer_about(service(), "ldes", "ldes", extension)


@blueprint.get("/ldes/<month>")
def month(month: str) -> Response:
    opened = _stream()
    return _answer(opened, _span(opened, month), 0)


@blueprint.get("/ldes/<month>/<number>")
def page(month: str, number: str) -> Response:
    opened = _stream()
    span = _span(opened, month)
    if not NUMBER.fullmatch(number) or int(number) > ldes.pages(span):
        raise NotFound(request.path, f"{month} has the pages 1 to {ldes.pages(span)}")
    return _answer(opened, span, int(number))


def _stream() -> Stream:
    opened = service()
    if opened.past is None:
        raise NotFound(request.path, "this release is served without its history")
    return Stream(opened.past, opened.release, opened.settings.base, request.url_root)


def _span(opened: Stream, month: str) -> Span:
    found = next((span for span in ldes.months(opened) if span.month == month), None)
    if found is None:
        raise NotFound(request.path, "the months that have changes stand in /ldes")
    return found


def _answer(opened: Stream, span: Span | None, number: int) -> Response:
    chosen = chosen_of(tuple(EVENTS), "")
    kept: Lru[tuple[str, ...], Written] = current_app.extensions.setdefault("solld.closed", Lru(KEPT))
    key = (opened.root, request.path, chosen.extension)
    page = kept.get(key)
    if page is None:
        node = _node(opened, span, number)
        page = Written(EVENTS[chosen](node), node.closed)
        if page.closed:
            kept.put(key, page)
    response = Response(page.body, content_type=chosen.media_type)
    response.headers["ETag"] = etag(page.body, chosen.media_type)
    response.headers["Cache-Control"] = FOREVER if page.closed else f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept"
    return response


def _node(opened: Stream, span: Span | None, number: int) -> Node:
    if span is None:
        return ldes.root(opened)
    return ldes.page(opened, span, number) if number else ldes.month(opened, span)
