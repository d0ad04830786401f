"""Search: /search as a page, JSON, GeoJSON and CSV, and /suggest for who is still typing.

GeoJSON: RFC 7946. CSV: RFC 4180, with a header. https://www.rfc-editor.org/rfc/rfc7946
"""

import csv
import io
import json
from collections.abc import Iterator
from urllib.parse import quote

from flask import Blueprint, Response, request

from solld import negotiate
from solld.errors import BadQuery, NotAcceptable, NotFound
from solld.finding.asked import DEEPEST, Asked, read
from solld.finding.telling import FILES, Object, Teller
from solld.formats import search as shown
from solld.model import Format
from solld.search.index import Hit
from solld.web.documents import language_of, service
from solld.web.replies import MAX_AGE, etag
from solld.web.sheets import teller_of

blueprint = Blueprint("search", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=1.0)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.9)
GEOJSON = Format("GeoJSON", "application/geo+json", "geojson", lambda d, c: b"", quality=0.8)
CSV = Format("CSV", "text/csv", "csv", lambda d, c: b"", charset=True, quality=0.7)
FORMATS = (PAGE, JSON, GEOJSON, CSV)
COLUMNS = ("id", "name", "language", "types", "places", "description", "latitude", "longitude", "document")
SUGGESTED = 10


def teller() -> Teller:
    """Who tells what is found to who asks."""
    opened = service()
    return teller_of(opened, language_of(opened))


def asked() -> Asked:
    """What the parameters of the request ask for. BadQuery names the one that is wrong."""
    opened = service()
    return read(request.args.items(multi=True), opened.finder.fields, opened.settings.base, opened.prefixes)


@blueprint.get("/search")
@blueprint.get("/search.<extension>")
def search(extension: str = "") -> Response:
    """The results, in the format that is asked for."""
    wanted, who = asked(), teller()
    chosen = _format(extension or request.args.get("format", ""))
    if chosen is PAGE:
        opened = service()
        listing = who.listing(who.finder.find(wanted))
        body = shown.page(opened.settings, who.language, "", opened.release.number, listing)
    elif chosen is JSON:
        body = _json(who, wanted)
    elif chosen is GEOJSON:
        body = _geojson(who, wanted)
    else:
        body = _csv(who, wanted)
    return _answer(body, chosen, who, wanted)


@blueprint.get("/suggest")
def suggest() -> Response:
    """Names that begin as what was typed: for lists under a field, in the shape of OpenSearch suggestions if asked."""
    wanted, who = asked(), teller()
    found = who.finder.find(wanted if wanted.size != Asked().size else _few(wanted), facets=False)
    told = [who.result(each) | {"href": who.address(each)} for each in (*found.short_for, *found.hits)]
    if request.args.get("format") == "opensearch":
        names, lines = [each["name"] for each in told], [each.get("description", "") for each in told]
        body = json.dumps([wanted.text, names, lines, [each["id"] for each in told]], ensure_ascii=False).encode()
        kind = Format("", "application/x-suggestions+json", "", lambda d, c: b"")
    else:
        body = json.dumps({"q": wanted.text, "total": found.total, "results": told}, ensure_ascii=False).encode()
        kind = JSON
    return _answer(body, kind, who, None)


def _few(wanted: Asked) -> Asked:
    return Asked(wanted.text, wanted.chosen, wanted.box, wanted.by_name, wanted.page, SUGGESTED)


def _format(name: str) -> Format:
    if name and name != "opensearch":
        for each in FORMATS:
            if name == each.extension:
                return each
        if request.view_args and request.view_args.get("extension"):
            raise NotFound(request.path, "there are " + ", ".join(f"/search.{f.extension}" for f in FORMATS))
        raise NotAcceptable(name, tuple(f.extension for f in FORMATS))
    return negotiate.negotiate(request.headers.get("Accept", ""), FORMATS)


def _answer(body: bytes, chosen: Format, who: Teller, wanted: Asked | None) -> Response:
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    headers = response.headers
    headers["Vary"] = "Accept, Accept-Language"
    headers["Content-Language"] = who.language
    headers["ETag"] = etag(body, chosen.media_type)
    headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    if wanted:
        links = [(extension, kind) for _, extension in FILES for kind in FORMATS if kind.extension == extension]
        headers["Link"] = ", ".join(
            f'<{quote(who.href(wanted, f".{extension}"), safe="/?=&%+,:.")}>; rel="alternate"; type="{kind.media_type}"'
            for extension, kind in links
            if kind is not chosen
        )
        headers["Content-Location"] = who.href(wanted, f".{chosen.extension}")
    if chosen is CSV:
        headers["Content-Disposition"] = 'inline; filename="search.csv"'
    return response


# Formats --------------------------------------------------------------------------------------------------------------


def _json(who: Teller, wanted: Asked) -> bytes:
    """A page of results with the facets of all."""
    found = who.finder.find(wanted)
    root = request.url_root.rstrip("/")
    told: Object = {
        "q": wanted.text,
        "total": found.total,
        "page": wanted.page,
        "size": wanted.size,
        "results": [who.result(each) for each in found.hits],
        "facets": who.counts(found),
        "sparql": who.query(found),
    }
    if found.corrected:
        told["corrected"] = dict(found.corrected)
    if found.short_for:
        told["short_for"] = [who.result(each) for each in found.short_for]
    if wanted.page * wanted.size < found.total:
        following = Asked(wanted.text, wanted.chosen, wanted.box, wanted.by_name, wanted.page + 1, wanted.size)
        told["next"] = root + who.href(following, ".json")
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _all(who: Teller, wanted: Asked) -> Iterator[Hit]:
    """The page that was asked for, or everything; an error rather than a part."""
    if not wanted.whole:
        return iter(who.finder.find(wanted, facets=False).hits)
    total = who.finder.count(wanted)
    if total > DEEPEST:
        raise BadQuery(
            f"there are {total} results, and {DEEPEST} are the most in one file; narrow the search, turn pages with "
            "page and size, or take everything from /dump/"
        )
    return iter(who.finder.everything(wanted))


def _csv(who: Teller, wanted: Asked) -> bytes:
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    for hit in _all(who, wanted):
        told = who.result(hit)
        told["types"] = " | ".join(each["name"] for each in told.get("types", ()))
        told["places"] = " | ".join(told.get("places", ()))
        writer.writerow([told.get(column, "") for column in COLUMNS])
    return file.getvalue().encode()


def _geojson(who: Teller, wanted: Asked) -> bytes:
    """What has a point; `total` counts the rest of the results too, so that nobody takes the points for all."""
    features = []
    number = 0
    for hit in _all(who, wanted):
        number += 1
        told = who.result(hit)
        if "latitude" in told:
            point = {"type": "Point", "coordinates": [told.pop("longitude"), told.pop("latitude")]}
            iri = told.pop("id")
            features.append({"type": "Feature", "id": iri, "geometry": point, "properties": {"id": iri, **told}})
    told_all = {"type": "FeatureCollection", "total": number, "pointed": len(features), "features": features}
    return json.dumps(told_all, ensure_ascii=False, separators=(",", ":")).encode()
