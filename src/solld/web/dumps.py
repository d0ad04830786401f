"""Dumps and other files made of a release: which there are, and under which addresses.

`/dump/rers.nq.gz` is of the release that is served, `/dump/2026-11-25.3/rers.nq.gz` of release 3 for ever. Links have
addresses of their own. What answers for a file has no body: `files.py` sends the file that a header names.
"""

import re

from flask import Blueprint, Response, request

from solld.errors import NotFound
from solld.exports import MERGED, dumps, exports
from solld.exports.made import SUM, Dated, media_type
from solld.formats.listing import File, Listing, write_json, write_page
from solld.memento import http_date
from solld.model import Format
from solld.rdf import DCT, DEFAULT, NamedNode
from solld.service import Service
from solld.web.documents import chosen_of, language_of, service
from solld.web.files import FILE
from solld.web.replies import FOREVER, MAX_AGE, etag

blueprint = Blueprint("dumps", __name__)
DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.([1-9][0-9]{0,8})")
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=0.9)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.8)


@blueprint.get("/dump")
def listing() -> Response:
    """What can be had: datasets, formats, past releases."""
    return _listed(_current(), "/dump/")


@blueprint.get("/dump/<file>")
def dump(file: str) -> Response:
    """A file of the release that is served, or the list of those of another."""
    if DATED.fullmatch(file):
        return _listed(_dated(file), f"/dump/{file}/")
    return _file(_current(), file, "dump", False)


@blueprint.get("/dump/<release>/<file>")
def dated_dump(release: str, file: str) -> Response:
    return _file(_dated(release), file, "dump", True)


@blueprint.get("/export/<file>")
def export(file: str) -> Response:
    return _file(_current(), file, "export", False)


@blueprint.get("/links.csv")
def links() -> Response:
    """Every record of every source with our address, and where else it is; a file to keep."""
    return _kept("links.csv")


@blueprint.get("/links.sssom.tsv")
def mappings() -> Response:
    """What is known of pairs, in SSSOM's table form; a file to keep."""
    return _kept("links.sssom.tsv")


def _kept(file: str) -> Response:
    response = _file(_current(), file, "export", False)
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    return response


def _current() -> Dated:
    opened = service()
    return Dated(opened.release.number, opened.release.built)


def _dated(text: str) -> Dated:
    opened = service()
    match = DATED.fullmatch(text)
    releases = opened.past.releases() if opened.past else {}
    number = int(match[2]) if match else 0
    if number in releases and number <= opened.release.number and Dated(number, releases[number]).name == text:
        return Dated(number, releases[number])
    raise NotFound(request.path, "the releases that there are stand in /dump/")


def _file(dated: Dated, file: str, folder: str, forever: bool) -> Response:
    opened = service()
    whole = file.removesuffix(SUM)
    found = media_type(opened.settings, opened.past, dated, f"{folder}/{whole}") if opened.past else None
    if found is None:
        raise NotFound(request.path, "the files that there are stand in /dump/")
    packed = "application/gzip" if whole.endswith(".gz") else found
    response = Response(b"", content_type="text/plain; charset=us-ascii" if file.endswith(SUM) else packed)
    headers = response.headers
    headers[FILE] = f"{dated.number} {dated.built.isoformat()} {folder}/{file}"
    headers["Cache-Control"] = FOREVER if forever else f"public, max-age={MAX_AGE}"
    headers["Last-Modified"] = http_date(dated.built)
    links = [f'</{folder}/{whole}{SUM}>; rel="describedby"; type="text/plain"']
    if folder == "dump":
        headers["Content-Location"] = f"/dump/{dated.name}/{file}"
        links = [f'</dump/{dated.name}/{whole}{SUM}>; rel="describedby"; type="text/plain"']
    links += [f'<{each}>; rel="license"' for each in _licenses(opened, whole if folder == "dump" else MERGED)]
    links.append('</about/sources>; rel="copyright"')
    headers["Link"] = ", ".join(links)
    return response


def _licenses(opened: Service, file: str) -> list[str]:
    """The licence of a dataset, for a dump of it; else that of the site."""
    dataset = NamedNode(f"{opened.settings.base}dataset/{file.partition('.')[0]}")
    found = (quad.object for quad in opened.store.quads(dataset, DCT.license, None, DEFAULT))
    stated = sorted(each.value for each in found if isinstance(each, NamedNode))
    return stated or ([opened.settings.license] if opened.settings.license else [])


def _listed(dated: Dated, folder: str) -> Response:
    opened = service()
    listed = _listing(opened, dated, folder)
    chosen = JSON if request.args.get("format") == "json" else chosen_of((PAGE, JSON), "")
    language = language_of(opened)
    body = write_json(listed) if chosen is JSON else write_page(listed, language, opened.release.number)
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept, Accept-Language"
    return response


def _listing(opened: Service, dated: Dated, folder: str) -> Listing:
    if opened.past is None:
        raise NotFound(request.path, "this release is served without its history")
    prefix = f"{opened.settings.base}dataset/"
    names = [iri.removeprefix(prefix) for iri in opened.past.under(prefix, dated.number)]
    files = [
        File(of, kind.name, f"{folder}{of or MERGED}.{kind.extension}", kind.media_type)
        for of in ("", *names)
        for kind in dumps()
    ]
    if dated == _current():
        files += [
            File("", each.name, f"/export/{each.file}", each.media_type)
            for each in exports()
            if each.offered(opened.settings)
        ]
    releases = [
        (number, built, f"/dump/{Dated(number, built).name}/")
        for number, built in opened.past.releases().items()
        if number <= opened.release.number
    ]
    return Listing(opened.settings, dated.number, dated.built, tuple(files), tuple(releases[::-1]))
