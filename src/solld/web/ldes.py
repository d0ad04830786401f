"""The event stream, for other directories: see `solld.ldes`."""

import re
from dataclasses import dataclass

from flask import Blueprint, Response, current_app, request

from solld import ldes
from solld.errors import Gone, NotFound
from solld.fates import ERASED
from solld.formats.events import EVENTS, Node
from solld.history.log import Span
from solld.ldes import Stream
from solld.lru import Lru
from solld.model import Format
from solld.web.documents import answer_about, chosen_of, service
from solld.web.replies import FOREVER, MAX_AGE, etag

blueprint = Blueprint("ldes", __name__)
MONTH = re.compile(r"([0-9]{4}-[0-9]{2})(?:-r[1-9][0-9]{0,3})?")
NUMBER = re.compile(r"([1-9][0-9]{0,8})(?:-r[1-9][0-9]{0,3})?")
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
    span = _span(opened, month)
    _check_mark(opened, month, span.low, span.high)
    return _answer(opened, span, 0)


@blueprint.get("/ldes/<month>/<number>")
def page(month: str, number: str) -> Response:
    opened = _stream()
    span = _span(opened, month)
    match = NUMBER.fullmatch(number)
    if "-r" in month or not match or int(match[1]) > ldes.pages(span):
        raise NotFound(request.path, f"{span.month} has the pages 1 to {ldes.pages(span)}")
    _check_mark(opened, number, *ldes.places(span, int(match[1])))
    return _answer(opened, span, int(match[1]))


def _check_mark(opened: Stream, name: str, low: int, high: int) -> None:
    """Gone for a page that is another one since something was erased from it. LDES: this is a page of an empty set."""
    told, now = name.rpartition("-r")[2] if "-r" in name else "", ldes.mark(opened, low, high)
    if told != now.removeprefix("-r"):
        if int(told or 0) < int(now.removeprefix("-r") or 0):
            raise Gone(f"{opened.base}{request.path.lstrip('/')}", "", ERASED)
        raise NotFound(request.path)


def _stream() -> Stream:
    opened = service()
    if opened.past is None:
        raise NotFound(request.path, "this release is served without its history")
    return Stream(opened.past, opened.release, opened.settings.base, request.url_root)


def _span(opened: Stream, month: str) -> Span:
    match = MONTH.fullmatch(month)
    found = next((span for span in ldes.months(opened) if match and span.month == match[1]), None)
    if found is None:
        raise NotFound(request.path, "the months that have changes stand in /ldes")
    return found


def _answer(opened: Stream, span: Span | None, number: int) -> Response:
    chosen = chosen_of(tuple(EVENTS), "")
    kept: Lru[tuple[str, ...], Written] = current_app.extensions.setdefault("solld.closed", Lru(KEPT))
    key = (opened.root, request.path, chosen.extension)  # whose address changes when something is erased from it
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
