"""`/changes`: what changed last, as people read it; programs are given `changes.json`."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from flask import Blueprint, Response, request

from solld.addresses import document_path
from solld.errors import BadQuery
from solld.finding.telling import Teller
from solld.formats.recent import WORDS, Recent, write_page
from solld.formats.sheet import Sheet
from solld.formats.view import Value
from solld.history import History
from solld.model import Format
from solld.rdf import RDF, NamedNode, RdfFormat, parse
from solld.service import Service
from solld.web.changes import Change, changes
from solld.web.documents import chosen_of, language_of, service
from solld.web.replies import MAX_AGE, etag
from solld.web.sheets import sheet_of, teller_of

blueprint = Blueprint("latest", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=1.0)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.9)
SHOWN = 50  # changes on a page
SKOLEM = "/.well-known/genid/"  # what has no name, and belongs to what has one
STEP = 200  # places of the log that are read at once
VERSIONED = ("id/", "scheme/", "dataset/")  # paths of what has a list of its versions
NAMED = 3  # properties or datasets of a change


@blueprint.get("/changes")
def page() -> Response:
    """The changes, newest first; `before` is the place in the log that the page ends before."""
    opened = service()
    if chosen_of((PAGE, JSON), "") is JSON:
        return changes()
    language = language_of(opened)
    sheet = sheet_of(opened, "changes", language, tuple(request.args.items()))
    body = _page(opened, opened.past, sheet) if opened.past else write_page(sheet, (), 0, "", "")
    response = Response(body, content_type="text/html; charset=utf-8")
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language
    response.headers["Link"] = '</changes.json>; rel="alternate"; type="application/json"'
    return response


def _page(opened: Service, past: History, sheet: Sheet) -> bytes:
    last = past.until(opened.release.number)
    high = min(_before(last + 1) - 1, last)
    found = list(islice(of_site(opened, past, high), SHOWN))
    end = found[-1][0] if len(found) == SHOWN else 1
    newer = sheet.address(without=("before",), more=_place(high + SHOWN + 1, last)) if high < last else ""
    older = sheet.address(without=("before",), more=_place(end, last)) if end > 1 else ""
    return write_page(sheet, told(opened, past, sheet, found), last, newer, older)


def of_site(opened: Service, past: History, high: int) -> Iterator[Change]:
    """The changes up to a place in the log, newest first, of what has an address here."""
    base = opened.settings.base
    for place in range(high, 0, -STEP):
        step = past.changes(opened.release.number, max(0, place - STEP), None, None, min(STEP, place))
        yield from (each for each in reversed(step) if each[1].startswith(base) and SKOLEM not in each[1])


def _before(default: int) -> int:
    text = request.args.get("before", str(default))
    if not re.fullmatch(r"[1-9][0-9]{0,14}", text):
        raise BadQuery(f"before is a place in the log, a number from 1, not {text!r}")
    return int(text)


def _place(before: int, last: int) -> Sequence[tuple[str, str]]:
    return () if before > last else (("before", str(before)),)


def told(opened: Service, past: History, sheet: Sheet, found: Iterable[Change]) -> tuple[Recent, ...]:
    """Changes in the reader's words."""
    who = teller_of(opened, sheet.context.language)
    return tuple(_recent(opened, past, sheet, who, each) for each in found)


def _recent(opened: Service, past: History, sheet: Sheet, who: Teller, change: Change) -> Recent:
    _, iri, moment = change
    about = iri.removeprefix(opened.settings.base)
    hit = opened.finder.index.of(iri)
    what = _different(opened, past, sheet, change)
    return Recent(
        name=sheet.link(iri),
        kind=moment.kind,
        word=WORDS[moment.kind],
        types=tuple(who.label(None, each) for each in who.types(hit)) if hit else (),
        what=what[:NAMED],
        more=len(what[NAMED:]),
        moment=moment,
        day=sheet.t.day(moment.time),
        history=f"/{document_path(about)}/versions" if about.startswith(VERSIONED) else "",
    )


def _different(opened: Service, past: History, sheet: Sheet, change: Change) -> tuple[Value, ...]:
    """The properties that an update changed, or the datasets that something new comes from."""
    _, iri, moment = change
    if moment.kind == "removed":
        return ()
    after = past.version(iri, moment.seq)
    if moment.kind == "created":
        lines: Sequence[bytes] = after.quads.split(b"\n") if after else ()
        graphs = dict.fromkeys(_words(lines, graph=True))
        return tuple(sheet.link(each) for each in graphs if "/dataset/" in each)
    # What the sources say: to make the merged view of each release anew takes a hundred times as long.
    before = past.version(iri, moment.seq - 1)
    old, new = (set(each.quads.split(b"\n")) if each else set() for each in (before, after))
    predicates = dict.fromkeys(_words(sorted(old ^ new)))
    return tuple(sheet.link(each) for each in predicates if each != RDF.type.value)


def _words(lines: Iterable[bytes], graph: bool = False) -> Iterable[str]:
    """The predicates of N-Quads lines, or their graphs."""
    for line in filter(None, lines):
        (quad,) = parse(line, format=RdfFormat.N_QUADS)
        node = quad.graph_name if graph else quad.predicate
        if isinstance(node, NamedNode):
            yield node.value
