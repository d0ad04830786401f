"""GeoJSON of what has a point: a Feature with the properties of the plain JSON. https://www.rfc-editor.org/rfc/rfc7946"""

import json
import re
from collections.abc import Iterable, Iterator, Set

from solld.formats.json import plain_object
from solld.formats.statements import Subjects, by_subject
from solld.model import Context, Description, Format
from solld.rdf import FOAF, GEO, GEOSPARQL, ORG, PROV, SCHEMA, Literal, NamedNode, Namespace, Triple

SCHEMA_HTTP = Namespace("http://schema.org/")
GEOMETRIES = frozenset({SCHEMA.geo, SCHEMA_HTTP.geo, GEOSPARQL.hasGeometry, GEOSPARQL.defaultGeometry, GEO.location})
LOCATIONS = frozenset(
    {SCHEMA.location, SCHEMA_HTTP.location, ORG.hasSite, ORG.hasPrimarySite, FOAF.based_near, PROV.atLocation}
)
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
    """The first point that the resource has, one of its geometries, or one of the places where it is."""
    known = by_subject((*description.about, *description.owned, *description.labels))
    places = _places(description.resource.value, known)
    return next((found for subject in places for found in points_of(known.get(subject, []))), None)


def offered(description: Description, context: Context) -> bool:
    return point(description) is not None


def _places(iri: str, known: Subjects) -> Iterator[str]:
    """What may have coordinates: the resource, its geometries, then places and theirs."""
    for subject in (iri, *_objects(known.get(iri, []), LOCATIONS)):
        yield subject
        yield from _objects(known.get(subject, []), GEOMETRIES)


def _objects(said: Iterable[Triple], predicates: Set[NamedNode]) -> list[str]:
    return [each.object.value for each in said if each.predicate in predicates and isinstance(each.object, NamedNode)]


def points_of(triples: list[Triple]) -> Iterator[Point]:
    latitude = longitude = ""
    for each in triples:
        if not isinstance(each.object, Literal):
            continue
        if each.predicate in LATITUDES:
            latitude = latitude or each.object.value
        elif each.predicate in LONGITUDES:
            longitude = longitude or each.object.value
        elif each.predicate == GEOSPARQL.asWKT:
            yield from of_wkt(each.object.value)
    yield from valid(longitude, latitude)


def of_wkt(text: str) -> Iterator[Point]:
    """The point that a text in WKT says, if it says one."""
    match = WKT.fullmatch(text)
    if match and match[1] in AXES:
        yield from valid(*((match[3], match[2]) if AXES[match[1]] else (match[2], match[3])))


def valid(longitude: str, latitude: str) -> Iterator[Point]:
    """The point with these coordinates, if they are some."""
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
