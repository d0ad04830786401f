"""Which country a point lies in, by the borders of country-coder, which is kept by those who keep OpenStreetMap's data.

`borders.json` is that of @rapideditor/country-coder 5.6.1 (npm), ISC licence, see LICENSE.md. Its borders are drawn for
this very question: they take in the waters before a coast, and are simplified to some kilometres where nobody lives.
The home of shapely. https://github.com/rapideditor/country-coder
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import shapely

from solld.link import points

UNIONS = ("EU", "UN")  # groups that look like codes of countries


@dataclass(frozen=True)
class Area:
    """A part of the world with the codes (ISO 3166-1) that are right for it: Réunion is RE, and FR."""

    codes: tuple[str, ...]  # that to tell people first
    shape: shapely.Geometry


@cache
def areas() -> tuple[Area, ...]:
    text = files("solld.reporting.borders").joinpath("borders.json").read_text(encoding="utf-8")
    features = [each for each in json.loads(text)["features"] if each["geometry"]]
    found = ((_codes(each["properties"]), shapely.from_geojson(json.dumps(each["geometry"]))) for each in features)
    return tuple(Area(codes, shape) for codes, shape in found if codes)


def _codes(properties: Mapping[str, Any]) -> tuple[str, ...]:
    own = properties.get("iso1A2", "")
    country = properties.get("country", "")
    first = (country, own) if properties.get("isoStatus") == "excRes" else (own, country)
    groups = [each for each in properties.get("groups", ()) if len(each) == 2 and each not in UNIONS]
    return tuple(dict.fromkeys(each for each in (*first, *groups) if each))


@cache
def _tree() -> shapely.STRtree:
    return shapely.STRtree([area.shape for area in areas()])


def countries_at(latitude: float, longitude: float) -> tuple[str, ...]:
    """The codes that are right for a point, in degrees; none on the high seas."""
    point = shapely.Point(longitude, latitude)
    found = (areas()[place] for place in sorted(_tree().query(point, predicate="intersects")))
    return tuple(dict.fromkeys(code for area in found for code in area.codes))


def distance(latitude: float, longitude: float, country: str) -> float | None:
    """How far, in km, a point is from a country, 0 if it is in it; None if the country's borders are not known."""
    point = shapely.Point(longitude, latitude)
    shapes = [area.shape for area in areas() if country in area.codes]
    if not shapes:
        return None
    nearest = min(shapes, key=point.distance)
    (_, _), (there, up) = shapely.shortest_line(point, nearest).coords
    return points.distance((latitude, longitude), (up, there))
