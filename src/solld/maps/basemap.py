"""The built-in basemap: countries, and the régions and départements of France, read from TopoJSON.

static/dist/world.json and france.json are made by tools/assets/basemap.mjs; maps in the browser draw the same files.
https://github.com/topojson/topojson-specification
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from typing import Any

LEVELS: Mapping[str, tuple[str, str]] = {  # level -> the file that has it, and its name there
    "departements": ("france", "departements"),
    "regions": ("france", "regions"),
    "countries": ("world", "countries"),
}
INSEE = "http://id.insee.fr/geo/"  # how INSEE addresses the territories that it has the codes of
ADDRESSES = {"departements": f"{INSEE}departement/", "regions": f"{INSEE}region/"}

Position = tuple[float, float]  # degrees: longitude, latitude, WGS 84
Ring = tuple[Position, ...]  # closed: the last position is the first
Polygon = tuple[Ring, ...]  # its outline, then its holes


@dataclass(frozen=True)
class Area:
    """A country, région or département."""

    code: str  # ISO 3166-1 alpha-2, or INSEE's
    name: str  # in French; "" of countries, whose names the CLDR has
    region: str  # the code of the région that a département is in
    polygons: tuple[Polygon, ...]


@cache
def areas(level: str) -> Mapping[str, Area]:
    """The areas of a level by code; what has no code of its own, like a glacier between armies, is under ""."""
    file, name = LEVELS[level]
    topology = _topology(file)
    arcs = _arcs(topology)
    found: dict[str, Area] = {}
    for geometry in topology["objects"][name]["geometries"]:
        area = _area(geometry, arcs)
        before = found.get(area.code)
        polygons = (before.polygons if before else ()) + area.polygons
        found[area.code] = Area(area.code, area.name, area.region, polygons)
    return found


@cache
def _topology(file: str) -> Any:
    return json.loads(files("solld").joinpath(f"static/dist/{file}.json").read_text(encoding="utf-8"))


def _arcs(topology: Mapping[str, Any]) -> list[Ring]:
    """The arcs in degrees: they are written as differences of whole numbers."""
    (width, height), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        xs, ys = accumulate(x for x, _ in arc), accumulate(y for _, y in arc)
        found.append(tuple((x * width + left, y * height + bottom) for x, y in zip(xs, ys, strict=True)))
    return found


def _area(geometry: Mapping[str, Any], arcs: list[Ring]) -> Area:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    told = geometry.get("properties", {})
    shapes = tuple(tuple(tuple(_ring(ring, arcs)) for ring in polygon) for polygon in polygons)
    return Area(geometry.get("id", ""), told.get("name", ""), told.get("region", ""), shapes)


def _ring(indices: Iterable[int], arcs: list[Ring]) -> Iterator[Position]:
    """The positions of arcs one after the other; a negative index is an arc the other way round."""
    for place, index in enumerate(indices):
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        yield from arc[1:] if place else arc


def address_of(level: str, code: str) -> str:
    """The IRI that an area has at INSEE; "" of countries."""
    return f"{ADDRESSES[level]}{code}" if level in ADDRESSES else ""


def placed(iri: str) -> tuple[str, str] | None:
    """The level and code of the area that an IRI of INSEE stands for, if the basemap has it."""
    for level, address in ADDRESSES.items():
        code = iri.removeprefix(address)
        if code != iri and code in areas(level):
            return level, code
    return None
