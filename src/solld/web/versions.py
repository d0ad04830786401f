"""Every version of every document: one, all of them, what changed between two, and the way to one by date.

https://www.rfc-editor.org/rfc/rfc7089  https://www.rfc-editor.org/rfc/rfc5829
"""

import json
import re
from dataclasses import replace

from flask import Blueprint, Response, request

from solld import bygone, memento
from solld.addresses import document_path, iri_of, is_document, normalise, thing_path, version_path, versioned
from solld.bygone import Edition
from solld.errors import BadQuery, NotAcceptable, NotFound
from solld.formats import changes
from solld.formats.changes import Story
from solld.formats.nquads import write_nquads
from solld.history import History
from solld.model import Format, Link, Moment, Version
from solld.service import Service
from solld.web.documents import chosen_of, context_of, language_of, service
from solld.web.naming import namer
from solld.web.past import line_of, timeline, tombstone
from solld.web.replies import FOREVER, MAX_AGE, etag, link_header, redirect
from solld.web.typed_links import with_links

blueprint = Blueprint("versions", __name__)
SEQ = re.compile(r"([1-9][0-9]{0,8})(?:\.([a-z]+))?")
TIMEMAPS = (
    Format("TimeMap", memento.LINK_FORMAT, "link", lambda d, c: b""),
    Format("TimeMap in JSON", "application/json", "json", lambda d, c: b"", aliases=("application/timemap+json",)),
)


def _history(opened: Service, path: str) -> History:
    if opened.past is None:
        raise NotFound(path, "this release is served without its history")
    return opened.past


def _line(opened: Service, about: str, path: str) -> list[Moment]:
    """The versions of what is at a path up to the release that is served. NotFound if there is none."""
    _history(opened, path)
    if about.removeprefix("id/") in opened.fates.erased:
        raise tombstone(opened, about)
    found = line_of(opened, about)
    if not found:
        raise NotFound(path, "there is nothing of this name that has versions")
    return found


# One version ----------------------------------------------------------------------------------------------------------


@blueprint.get("/version/<path:name>/<seq>")
def version(name: str, seq: str) -> Response:
    opened = service()
    plain = normalise(name)
    if plain != name and versioned(plain) != plain:
        return redirect(f"/version/{plain}/{seq}", 301)
    path = f"/version/{name}/{seq}"
    about = versioned(name)
    match = SEQ.fullmatch(seq)
    line = _line(opened, about, path)
    if not match or int(match[1]) > line[-1].seq:
        raise NotFound(path, f"there are the versions 1 to {line[-1].seq}")
    found = _history(opened, path).version(iri_of(opened.settings.base, about), int(match[1]))
    if found is None:
        raise NotFound(path)
    if not found.quads:
        raise tombstone(opened, about)
    return _written(opened, about, found, line, match[2] or "")


def _written(opened: Service, about: str, found: Version, line: list[Moment], extension: str) -> Response:
    past = _history(opened, request.path)
    edition = _edition(opened, past, found.release)
    description = bygone.described(past, edition, opened.settings.base, found)
    path = version_path(about, found.seq)
    wanted = replace(
        context_of(opened, description, path),
        ontology=edition.ontology,
        prefixes=edition.prefixes,
        jsonld=edition.jsonld,
        release=found.release,
        version=found.seq,
        moment=Moment(found.seq, found.release, found.time, found.kind, found.digest),
        built=found.time,
    )
    offered = tuple(f for f in opened.formats if f.offered(description, wanted))
    chosen = chosen_of(offered, extension)
    wanted = with_links(opened, description, wanted, offered, path)
    if is_document(about):
        wanted = replace(wanted, links=(*wanted.links, Link("version-history", f"/{document_path(about)}/versions")))
    if chosen.write is write_nquads:
        body = b"\n".join(bygone.said(past, opened.settings.base, found)) + b"\n"
    else:
        body = chosen.write(description, wanted)
    response = Response(body)
    headers = response.headers
    headers["Content-Type"] = chosen.media_type + ("; charset=utf-8" if chosen.charset else "")
    headers["ETag"] = etag(body, headers["Content-Type"])
    headers["Last-Modified"] = memento.http_date(found.time)
    # A page has the look and the words of the engine that writes it; data are the same for ever.
    headers["Cache-Control"] = f"public, max-age={MAX_AGE}" if chosen.extension in ("html", "md") else FOREVER
    headers["Content-Location"] = f"/{path}.{chosen.extension}"
    if not extension:
        headers["Vary"] = "Accept, Accept-Language"
    elif chosen.localised:
        headers["Vary"] = "Accept-Language"
    if chosen.localised:
        headers["Content-Language"] = wanted.language
    told = headers["Link"] = link_header(wanted.links)
    if is_document(about):
        headers["Memento-Datetime"] = headers["Last-Modified"]
        past_ = timeline(opened, about, line)
        headers["Link"] = ", ".join([told, *memento.links(past_), *memento.neighbours(past_, found.seq)])
    return response


def _edition(opened: Service, past: History, number: int) -> Edition:
    known = opened.editions.get(number)
    if known is None:
        known = bygone.edition(past, number, opened.settings.base) or Edition(
            opened.ontology, opened.prefixes, opened.jsonld
        )
        opened.editions[number] = known
    return known


# All versions ---------------------------------------------------------------------------------------------------------


@blueprint.get("/doc/<path:name>/versions")
@blueprint.get("/doc/<path:name>/versions.<extension>")
def versions(name: str, extension: str = "") -> Response:
    return _versions(f"doc/{name}", extension)


@blueprint.get("/dataset/<name>/versions")
@blueprint.get("/dataset/<name>/versions.<extension>")
def dataset_versions(name: str, extension: str = "") -> Response:
    return _versions(f"dataset/{name}", extension)


@blueprint.get("/ns/versions")
@blueprint.get("/ns/versions.<extension>")
def vocabulary_versions(extension: str = "") -> Response:
    return _versions("ns", extension)


def _versions(document: str, extension: str) -> Response:
    opened = service()
    path = f"/{document}/versions"
    about = thing_path(document)
    if about.startswith("id/") and normalise(about) != about:
        return redirect(f"/{document_path(normalise(about))}/versions", 301)
    line = _line(opened, about, path)
    wanted = (request.args.get("from"), request.args.get("to"))
    if wanted == (None, None):
        story = Story(opened.settings, about, tuple(line))
    else:
        before, after = (_asked(text, line) for text in wanted)
        past = _history(opened, path)
        iri = opened.settings.base + about
        pair = (past.version(iri, before), past.version(iri, after))
        differ = bygone.difference(past, opened.settings.base, *pair)
        story = Story(opened.settings, about, tuple(line), (before, after), differ.removed, differ.added)
    chosen = chosen_of(changes.formats(story), extension)
    language = language_of(opened)
    if chosen is changes.PAGE:
        story = replace(story, label=namer(opened, language, story.terms))
    body = changes.writers(story)[chosen](story, language, opened.release.number)
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    headers = response.headers
    headers["ETag"] = etag(body, headers["Content-Type"])
    headers["Last-Modified"] = memento.http_date(line[-1].time)
    headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    headers["Vary"] = "Accept, Accept-Language"
    headers["Link"] = ", ".join(memento.links(timeline(opened, about, line)))
    return response


def _asked(text: str | None, line: list[Moment]) -> int:
    if text is None or not re.fullmatch(r"[0-9]{1,9}", text) or int(text) > line[-1].seq:
        raise BadQuery(f"from and to are versions, 1 to {line[-1].seq} (from may be 0: before the first), not {text!r}")
    return int(text)


# By date --------------------------------------------------------------------------------------------------------------


@blueprint.get("/timegate/<path:name>")
def timegate(name: str) -> Response:
    opened = service()
    about = thing_path(name)
    known = timeline(opened, about, _line(opened, about, f"/timegate/{name}"))
    chosen = memento.at(known, memento.asked_time(request.headers.get("Accept-Datetime")))
    response = Response(status=302, headers={"Location": chosen.uri})
    del response.headers["Content-Type"]
    response.headers["Vary"] = "accept-datetime"
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Link"] = ", ".join([*memento.links(known), *memento.neighbours(known, chosen.seq)])
    return response


@blueprint.get("/timemap/<path:name>")
def timemap(name: str) -> Response:
    opened = service()
    stem, _, extension = name.rpartition(".")
    document = stem if extension in ("link", "json") else name
    about = thing_path(document)
    known = timeline(opened, about, _line(opened, about, f"/timemap/{name}"))
    try:
        chosen = chosen_of(TIMEMAPS, extension if document == stem else "")
    except NotAcceptable:
        chosen = TIMEMAPS[0]  # section 5: a client that knows TimeMaps asks for links or for nothing
    body = (
        memento.link_format(known) if chosen is TIMEMAPS[0] else json.dumps(memento.as_data(known), indent=1).encode()
    )
    response = Response(body, content_type=chosen.media_type)
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept"
    return response
