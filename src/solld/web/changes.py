"""The log of what changed, for who follows: `/changes.json` from a time on, and `/changes.atom` for people.

No window closes and nothing is left out: who has followed every `next` has every change of every release up to `until`.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

from flask import Blueprint, Response, request

from solld.addresses import document_path, version_path
from solld.errors import BadQuery, NotFound
from solld.history import History
from solld.memento import http_date
from solld.messages import pick
from solld.model import Moment
from solld.service import Service
from solld.web.documents import service
from solld.web.replies import MAX_AGE, etag

blueprint = Blueprint("changes", __name__)
SIZE, LARGEST = 1000, 10_000  # changes on a page
LATEST = 100  # changes in the feed for people
ATOM = "http://www.w3.org/2005/Atom"
Change = tuple[int, str, Moment]  # place in the log, IRI, version


def _history(opened: Service) -> History:
    if opened.past is None:
        raise NotFound(request.path, "this release is served without its history")
    return opened.past


@blueprint.get("/changes.json")
def changes() -> Response:
    opened = service()
    since, until = (_time(name) for name in ("since", "until"))
    after, size = _number("after", 0), min(_number("size", SIZE) or SIZE, LARGEST)
    found = _history(opened).changes(opened.release.number, after, since, until, size + 1)
    page = found[:size]
    told: dict[str, Any] = {
        "release": opened.release.number,
        "until": opened.release.built.isoformat(),
        "changes": [_told(opened, each) for each in page],
    }
    headers = {}
    if len(found) > size:
        kept = {name: request.args[name] for name in ("since", "until", "size") if name in request.args}
        told["next"] = f"{request.url_root}changes.json?{urlencode({**kept, 'after': str(page[-1][0])})}"
        headers["Link"] = f'<{told["next"]}>; rel="next"'
    body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    return _answer(opened, body, "application/json", headers)


def _told(opened: Service, change: Change) -> dict[str, Any]:
    place, iri, moment = change
    base = opened.settings.base
    about = iri.removeprefix(base)
    told: dict[str, Any] = {"place": place, "id": iri, "change": moment.kind, "time": moment.time.isoformat()}
    told |= {"version": moment.seq, "release": moment.release}
    if moment.kind != "removed":
        told["address"] = base + version_path(about, moment.seq)
    other = opened.fates.merged.get(about.removeprefix("id/"))
    if other:
        told["replaced_by"] = f"{base}id/{other}"
    return told


@blueprint.get("/changes.atom")
def feed() -> Response:
    """The latest changes. https://www.rfc-editor.org/rfc/rfc4287"""
    opened = service()
    latest = _history(opened).latest_changes(opened.release.number, LATEST)
    base, root = opened.settings.base, ElementTree.Element("feed", xmlns=ATOM)
    _add(root, "id", f"{base}changes.atom")
    _add(root, "title", pick(opened.settings.title, opened.settings.languages))
    _add(root, "updated", opened.release.built.isoformat())
    ElementTree.SubElement(root, "link", rel="self", href=f"{request.url_root}changes.atom")
    _add(ElementTree.SubElement(root, "author"), "name", opened.settings.publisher_name or base)
    for _, iri, moment in latest:
        about = iri.removeprefix(base)
        entry = ElementTree.SubElement(root, "entry")
        _add(entry, "id", base + version_path(about, moment.seq))
        _add(entry, "title", f"{about}: {moment.kind}, version {moment.seq}")
        _add(entry, "updated", moment.time.isoformat())
        path = document_path(about) if moment.kind == "removed" else version_path(about, moment.seq)
        ElementTree.SubElement(entry, "link", rel="alternate", href=request.url_root + path)
    body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return _answer(opened, body, "application/atom+xml", {})


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = text


def _answer(opened: Service, body: bytes, media_type: str, headers: dict[str, str]) -> Response:
    response = Response(body, content_type=media_type, headers=headers)
    response.headers["ETag"] = etag(body)
    response.headers["Last-Modified"] = http_date(opened.release.built)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def _time(name: str) -> datetime | None:
    text = request.args.get(name)
    if text is None:
        return None
    try:
        time = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that was not escaped
    except ValueError:
        raise BadQuery(f"{name} is a time like 2026-11-25 or 2026-11-25T12:00:00Z, not {text!r}") from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _number(name: str, default: int) -> int:
    text = request.args.get(name, str(default))
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise BadQuery(f"{name} is a number, not {text!r}")
    return int(text)
