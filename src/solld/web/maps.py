"""The map: a second view of a search, with the same parameters; its points for who draws them, or clusters of them.

bbox is what is looked at, and not what is searched for: who moves the map leaves the results as they are.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, request

from solld.errors import BadQuery
from solld.finding import areas
from solld.finding.areas import Areas
from solld.finding.asked import Asked, query_string, read
from solld.finding.clouds import Points
from solld.finding.telling import Teller
from solld.finding.towns import towns
from solld.formats import map as shown
from solld.formats.values import address
from solld.maps.choropleth import choropleth
from solld.maps.clusters import DEEPEST, WORLD, Box, Cluster
from solld.messages import phrases
from solld.model import Format, Settings
from solld.ontology import best
from solld.search.index import Hit
from solld.service import Service
from solld.web.documents import chosen_of, service
from solld.web.replies import MAX_AGE, etag, redirect
from solld.web.search import teller

blueprint = Blueprint("maps", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=1.0)
GEOJSON = Format("GeoJSON", "application/geo+json", "geojson", lambda d, c: b"", quality=0.8)
JSON = "application/json"
FIRST = 20  # of what is in view that are listed
LINE = 90  # characters of a description that stand for a place where none is known
FAR = 0.01  # of the points at each side that a map need not show at first


@dataclass(frozen=True)
class OnMap(Teller):
    """Tells what is found with addresses of the map; what is in a file is found by the search."""

    def href(self, asked: Asked, extension: str = "", path: str = "/map") -> str:
        return super().href(asked, extension, "/search" if extension else path)


@blueprint.get("/map")
def page() -> Response:
    """The page; who wants GeoJSON finds it at the search."""
    opened, (asked, looked) = service(), _asked()
    if chosen_of((PAGE, GEOJSON), "") is GEOJSON:
        return redirect("/search.geojson?" + request.query_string.decode("latin-1"))
    who = _teller()
    body = shown.page(opened.settings, who.language, "", opened.release.number, _told(opened, who, asked, looked))
    response = _answer(body, "text/html; charset=utf-8", who.language)
    response.headers["Vary"] = "Accept, Accept-Language"
    if opened.settings.map_tiles:
        response.headers["Content-Security-Policy"] = policy(opened.settings)
    return response


@blueprint.get("/map/points.json")
def points() -> Response:
    """All points of a search, as columns; if they are too many, how many, and where most of them are."""
    opened, (asked, _), who = service(), _asked(), _teller()
    found = _points(opened, asked)
    box = found.cloud.middling(FAR) if len(found) else None
    told: dict[str, Any] = {"number": len(found), "box": box}
    if len(found) > opened.settings.map_points:
        told["clustered"] = True
    else:
        hits = [found.hit(place, opened.finder.index) for place in range(len(found))]
        told |= _columns(who, hits)
        named = ((hit.row["p"][0], *hit.row["x"]) for hit in hits if hit.row.get("p"))
        told["towns"] = [(each.name, each.latitude, each.longitude) for each in towns(named)]
    return _answer(_written(told), JSON, who.language)


@blueprint.get("/map/clusters.json")
def clusters() -> Response:
    """Clusters of the points of a search at a zoom, in a box, and what is first among what is there."""
    opened, (asked, looked), who = service(), _asked(), _teller()
    found = _points(opened, asked)
    box = looked or WORLD
    inside = found.cloud.within(box)
    made = found.cloud.clusters(_zoom(), box)
    told = {
        "number": len(inside),
        "clusters": [_cluster(each) for each in made if each.number > 1],
        "points": _rows(who, (found.hit(each.first, opened.finder.index) for each in made if each.number == 1)),
        "first": _rows(who, (found.hit(int(place), opened.finder.index) for place in inside[:FIRST])),
    }
    return _answer(_written(told), JSON, who.language)


# What is asked --------------------------------------------------------------------------------------------------------


def _asked() -> tuple[Asked, Box | None]:
    """What is searched for, and the box that is looked at."""
    opened = service()
    given = [(name, value) for name, value in request.args.items(multi=True) if name != "z"]
    asked = read(given, opened.finder.fields, opened.settings.base, opened.prefixes)
    return replace(asked, box=None, page=1, size=Asked().size, whole=True), asked.box


def _zoom() -> int:
    text = request.args.get("z", "0")
    if not re.fullmatch(r"\d{1,2}", text) or int(text) > DEEPEST:
        raise BadQuery(f"z is a zoom from 0 to {DEEPEST}, not {text!r}")
    return int(text)


def _teller() -> Teller:
    who = teller()
    return OnMap(**{name: getattr(who, name) for name in Teller.__dataclass_fields__})


def _points(opened: Service, asked: Asked) -> Points:
    return opened.clouds.of(opened.finder.wanted(asked), opened.finder.index)


def policy(settings: Settings) -> str:
    """The content security policy of a page with tiles: pictures of their host are let in, and nothing else."""
    there = urlsplit(settings.map_tiles)
    own = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    return f"{own}; img-src 'self' {there.scheme}://{there.netloc.replace('{s}', '*')}"


# What is told ---------------------------------------------------------------------------------------------------------


def _told(opened: Service, who: Teller, asked: Asked, looked: Box | None) -> shown.Page:
    found = _points(opened, asked)
    lang = {"lang": request.args["lang"]} if "lang" in request.args else {}
    query = query_string(asked, who.base, who.prefixes, tuple(lang.items()))
    counted = areas.of_results(opened.finder, asked, found)
    levels = counted.keys()
    return shown.Page(
        listing=who.listing(who.finder.find(asked)),
        pointed=len(found),
        inside=len(found.cloud.within(looked)) if looked else None,
        territories=[
            _territories(who, asked, each, levels) for each in sorted(counted.values(), key=lambda each: -each.total)
        ],
        search=f"{who.root}/search" + (f"?{query}" if query else ""),
        inside_search=who.href(replace(asked, box=looked), path="/search") if looked else "",
        points=f"{who.root}/map/points.json" + (f"?{query}" if query else ""),
        clusters=f"{who.root}/map/clusters.json" + (f"?{query}" if query else ""),
    )


def _territories(who: Teller, asked: Asked, found: Areas, levels: Set[str]) -> shown.Territories:
    """A level; its areas lead to the results that are there, or to the map of what is around."""

    def link(code: str) -> str:
        if code in found.values:
            return who.href(asked.with_value(*found.values[code]), path="/search")
        return who.href(replace(asked, box=areas.box_of(found.level, code)))

    drawn = found.level != "regions" or "departements" not in levels
    view = choropleth(found.level, found.numbers, link, phrases(who.language))
    return shown.Territories(found.level, view, by_points=not found.values, drawn=drawn)


def _cluster(each: Cluster) -> list[Any]:
    """latitude, longitude, number, box"""
    return [round(each.latitude, 6), round(each.longitude, 6), each.number, [round(side, 6) for side in each.box]]


def _row(who: Teller, hit: Hit) -> tuple[float, float, str, str, str, str, str]:
    """latitude, longitude, name, its language, address, type, where it is or what"""
    name, language = who.name(hit)
    types = who.types(hit)
    places = hit.row.get("p") or ()
    line = places[0] if places else (best(hit.row.get("d", {}), who.tags) or ("", ""))[0]
    line = line if len(line) <= LINE else line[:LINE].rpartition(" ")[0] + " …"
    latitude, longitude = hit.row["x"]
    kind = who.label(None, types[0]).text if types else ""
    foreign = language if language.partition("-")[0] != who.language.partition("-")[0] else ""
    return latitude, longitude, name, foreign, address(hit.iri, who.base, who.root), kind, line if line != name else ""


def _rows(who: Teller, hits: Iterable[Hit]) -> list[Any]:
    return [_row(who, each) for each in hits]


def _columns(who: Teller, hits: Iterable[Hit]) -> Mapping[str, Any]:
    """The same in columns, a third shorter; types and languages by their place in a list, the most frequent first."""
    rows = _rows(who, hits)
    lat, lon, name, languages, path, types, line = zip(*rows, strict=True) if rows else ((),) * 7
    kinds, tongues = ([each for each, _ in Counter(column).most_common()] for column in (types, languages))
    return {
        "types": kinds,
        "languages": tongues,
        "lat": lat,
        "lon": lon,
        "name": name,
        "language": [tongues.index(each) for each in languages],
        "path": path,
        "type": [kinds.index(each) for each in types],
        "line": line,
    }


def _written(told: Mapping[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _answer(body: bytes, content_type: str, language: str) -> Response:
    response = Response(body, content_type=content_type)
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = language
    response.headers["ETag"] = etag(body, content_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
