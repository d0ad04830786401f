"""GeoJSON of what has a point: a Feature with the properties of the plain JSON. https://www.rfc-editor.org/rfc/rfc7946"""

import json
import re
from collections.abc import Iterator

from solld.formats.json import plain_object
from solld.formats.statements import by_subject
from solld.model import Context, Description, Format
from solld.rdf import GEO, GEOSPARQL, SCHEMA, Literal, NamedNode, Namespace, Triple

SCHEMA_HTTP = Namespace("http://schema.org/")
GEOMETRIES = frozenset({SCHEMA.geo, SCHEMA_HTTP.geo, GEOSPARQL.hasGeometry, GEOSPARQL.defaultGeometry, GEO.location})
LATITUDES = frozenset({SCHEMA.latitude, SCHEMA_HTTP.latitude, GEO.lat})
LONGITUDES = frozenset({SCHEMA.longitude, SCHEMA_HTTP.longitude, GEO.long})
NUMBER = r"([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)"
WKT = re.compile(rf"\s*(?:<([^>]*)>)?\s*POINT\s*Z?\s*\(\s*{NUMBER}\s+{NUMBER}(?:\s+{NUMBER})?\s*\)\s*", re.IGNORECASE)
AXES = {  # coordinate reference system -> whether the latitude comes first
    None: False,
    "http://www.opengis.net/def/crs/OGC/1.3/CRS84": False,
    "http://www.opengis.net/def/crs/EPSG/0/4326": True,
}
Point = tuple[float, float]  # longitude, latitude in degrees, WGS 84


def write_geojson(description: Description, context: Context) -> bytes:
    where = point(description)
    feature = {
        "type": "Feature",
        "id": description.resource.value,
        "geometry": {"type": "Point", "coordinates": where} if where else None,
        "properties": plain_object(description, context),
    }
    return json.dumps(feature, ensure_ascii=False, indent=2).encode()


def point(description: Description) -> Point | None:
    """The first point that the resource or one of its geometries has."""
    known = by_subject((*description.about, *description.owned, *description.labels))
    return next((found for subject in _places(description) for found in _points(known.get(subject, []))), None)


def offered(description: Description, context: Context) -> bool:
    return point(description) is not None


def _places(description: Description) -> Iterator[str]:
    yield description.resource.value
    for each in description.about:
        if each.predicate in GEOMETRIES and isinstance(each.object, NamedNode):
            yield each.object.value


def _points(triples: list[Triple]) -> Iterator[Point]:
    latitude = longitude = ""
    for each in triples:
        if not isinstance(each.object, Literal):
            continue
        if each.predicate in LATITUDES:
            latitude = latitude or each.object.value
        elif each.predicate in LONGITUDES:
            longitude = longitude or each.object.value
        elif each.predicate == GEOSPARQL.asWKT and (match := WKT.fullmatch(each.object.value)) and match[1] in AXES:
            yield from _valid(*((match[3], match[2]) if AXES[match[1]] else (match[2], match[3])))
    yield from _valid(longitude, latitude)


def _valid(longitude: str, latitude: str) -> Iterator[Point]:
    if re.fullmatch(NUMBER, longitude.strip()) and re.fullmatch(NUMBER, latitude.strip()):
        x, y = float(longitude), float(latitude)
        if abs(x) <= 180 and abs(y) <= 90:
            yield x, y


FORMATS = (
    Format(
        "GeoJSON",
        "application/geo+json",
        "geojson",
        write_geojson,
        ("application/vnd.geo+json",),
        localised=True,
        quality=0.55,
        offered=offered,
    ),
)
