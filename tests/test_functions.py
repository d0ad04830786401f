"""Functions beyond SPARQL that the documentation promises, each with a value that was worked out by hand."""

import json
import re
from math import isclose
from urllib.parse import urlencode

import pytest

from conftest import ROOT, Published
from solld.sparql.functions import FUNCTIONS, NAMESPACE, UNITS

DOCS = (ROOT / "docs/sparql.md").read_text(encoding="utf-8")
PROLOGUE = (
    f"PREFIX geo: <http://www.opengis.net/ont/geosparql#> PREFIX geof: <{NAMESPACE}> PREFIX uom: <{UNITS}> "
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
)
SHAPES = {
    "point": "POINT(1 1)",
    "corner": "POINT(0 0)",
    "box": "POLYGON((0 0, 2 0, 2 2, 0 2, 0 0))",
    "inner": "POLYGON((0.5 0.5, 1.5 0.5, 1.5 1.5, 0.5 1.5, 0.5 0.5))",
    "edge": "POLYGON((0 0, 1 0, 1 1, 0 1, 0 0))",  # inside of the box, along two of its sides
    "beside": "POLYGON((2 0, 4 0, 4 2, 2 2, 2 0))",
    "over": "POLYGON((1 1, 3 1, 3 3, 1 3, 1 1))",
    "far": "POLYGON((8 8, 9 8, 9 9, 8 9, 8 8))",
    "line": "LINESTRING(0 0, 1 0)",
    "across": "LINESTRING(-1 1, 3 1)",
}
DEGREE = 111_195.08  # metres of a degree on a sphere with the Earth's mean radius

# function -> arguments -> what it gives; names are those of SHAPES
CASES: list[tuple[str, str, object]] = [
    ("sfContains", "box inner", True),
    ("sfContains", "inner box", False),
    ("sfCrosses", "across box", True),
    ("sfDisjoint", "box far", True),
    ("sfEquals", "box box", True),
    ("sfIntersects", "box beside", True),
    ("sfIntersects", "box far", False),
    ("sfOverlaps", "box over", True),
    ("sfTouches", "box beside", True),
    ("sfWithin", "point box", True),
    ("sfWithin", "box point", False),
    ("ehContains", "box inner", True),
    ("ehCoveredBy", "edge box", True),
    ("ehCovers", "box edge", True),
    ("ehDisjoint", "box far", True),
    ("ehEquals", "box box", True),
    ("ehInside", "inner box", True),
    ("ehMeet", "box beside", True),
    ("ehOverlap", "box over", True),
    ("rcc8dc", "box far", True),
    ("rcc8ec", "box beside", True),
    ("rcc8eq", "box box", True),
    ("rcc8ntpp", "inner box", True),
    ("rcc8ntppi", "box inner", True),
    ("rcc8po", "box over", True),
    ("rcc8tpp", "edge box", True),
    ("rcc8tppi", "box edge", True),
    ("relate", 'point box "T*F**F***"', True),
    ("relate", 'point box "FF*******"', False),
    ("distance", "corner corner uom:metre", 0.0),
    ("length", "line uom:metre", DEGREE),
    ("length", "line uom:kilometre", DEGREE / 1000),
    ("perimeter", "edge uom:metre", 4 * DEGREE),
    ("area", "edge uom:square_metre", 12_308_778_361.0),  # on the ellipsoid of WGS84
    ("centroid", "box", "POINT(1 1)"),
    ("envelope", "line", "POLYGON((1 0,1 0,0 0,0 0,1 0))"),
    ("convexHull", "edge", "POLYGON((1 0,1 1,0 1,0 0,1 0))"),
    ("intersection", "box over", "MULTIPOLYGON(((1 2,1 1,2 1,2 2,1 2)))"),
    ("union", "edge edge", "MULTIPOLYGON(((0 1,0 0,1 0,1 1,0 1)))"),
    ("difference", "inner box", "MULTIPOLYGON EMPTY"),
    ("symDifference", "box box", "MULTIPOLYGON EMPTY"),
    ("asGeoJSON", "point", '{"type":"Point","coordinates":[1.0,1.0]}'),
    ("coordinateDimension", "point", 2.0),
    ("dimension", "box", 2.0),
    ("spatialDimension", "line", 1.0),
    ("getSRID", "point", "http://www.opengis.net/def/crs/OGC/1.3/CRS84"),
    ("isEmpty", "point", False),
    ("isSimple", "point", True),
]


def value(lights: Published, expression: str) -> str | None:
    query = PROLOGUE + f"SELECT ({expression} AS ?x) {{}}"
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept="application/sparql-results+json")
    assert answer.status_code == 200, answer.text
    (row,) = json.loads(answer.data)["results"]["bindings"]
    return row["x"]["value"] if "x" in row else None


def call(function: str, arguments: str) -> str:
    given = [f'"{SHAPES[each]}"^^geo:wktLiteral' if each in SHAPES else each for each in arguments.split()]
    return f"geof:{function}({', '.join(given)})"


@pytest.mark.parametrize(("function", "arguments", "expected"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_a_function_of_geosparql(lights: Published, function: str, arguments: str, expected: object) -> None:
    found = value(lights, call(function, arguments))
    assert found is not None
    match expected:
        case bool():
            assert found == str(expected).lower()
        case float():
            assert isclose(float(found), expected, rel_tol=0.001)
        case _:
            assert found.removeprefix("<http://www.opengis.net/def/crs/OGC/1.3/CRS84> ") == expected


def test_each_function_is_tried() -> None:
    assert {function for function, _, _ in CASES} == set(FUNCTIONS)


def test_each_function_is_in_the_documentation_and_no_other() -> None:
    table = DOCS.partition("<!-- functions -->")[2].partition("<!-- end -->")[0]
    first = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    assert {name for cell in first for name in re.findall(r"`(?:geof:)?(\w+)", cell)} == set(FUNCTIONS)


def test_distance_is_that_of_a_sphere(lights: Published) -> None:
    paris, amiens = ('"POINT(2.3522 48.8566)"^^geo:wktLiteral', '"POINT(2.2957 49.8941)"^^geo:wktLiteral')
    found = value(lights, f"geof:distance({paris}, {amiens}, uom:kilometre)")
    assert found is not None
    assert isclose(float(found), 115.4, abs_tol=0.1)


@pytest.mark.parametrize(
    "expression",
    [
        'geof:distance("POINT(0 0)"^^geo:wktLiteral, "POINT(1 1)"^^geo:wktLiteral)',  # without a unit
        'geof:distance("POINT(0 0)", "POINT(1 1)", uom:metre)',  # texts
        'geof:isSimple("<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(48 2)"^^geo:wktLiteral)',
        'geof:sfWithin("POINT(north)"^^geo:wktLiteral, "POINT(2 48)"^^geo:wktLiteral)',
    ],
)
def test_what_a_function_does_not_take_has_no_value(lights: Published, expression: str) -> None:
    assert value(lights, expression) is None


@pytest.mark.parametrize(
    "name", ["geof:buffer", "geof:asWKT", "geof:metricDistance", "xsd:anyURI", "<http://nowhere/f>"]
)
def test_a_function_that_the_engine_does_not_have_is_an_error(lights: Published, name: str) -> None:
    query = PROLOGUE + f"SELECT ({name}(1) AS ?x) {{}}"
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept="application/json")
    assert answer.status_code == 400
    assert "function" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("xsd:date('2026-01-31')", "2026-01-31"),
        ("xsd:duration('P1D')", "P1D"),
        ("xsd:gYear('2026')", "2026"),
        ("xsd:date('2026-01-03') - xsd:date('2026-01-01')", "P2D"),
        ("xsd:dateTime('2026-01-02T00:00:00Z') - xsd:dayTimeDuration('P1D')", "2026-01-01T00:00:00Z"),
        # The engine orders what is added as it likes, and has no duration + dateTime: oxigraph 0.5.13.
        ("xsd:dateTime('2026-01-01T00:00:00Z') - xsd:dayTimeDuration('-P1D')", "2026-01-02T00:00:00Z"),
        ("ADJUST(xsd:dateTime('2026-01-01T00:00:00Z'), xsd:dayTimeDuration('PT2H'))", "2026-01-01T02:00:00+02:00"),
        ("LANGDIR('a'@ar--rtl)", "rtl"),
        ("STR(OBJECT(TRIPLE(<a:a>, <a:b>, 1)))", "1"),
    ],
)
def test_casts_dates_and_sparql_1_2(lights: Published, expression: str, expected: str) -> None:
    assert value(lights, expression) == expected


def test_a_point_is_made_of_latitude_and_longitude(lights: Published) -> None:
    query = """PREFIX wgs84: <http://www.w3.org/2003/01/geo/wgs84_pos#> PREFIX geo: <http://www.opengis.net/ont/geosparql#>
        PREFIX geof: <http://www.opengis.net/def/function/geosparql/>
        SELECT ?light { ?light wgs84:lat ?lat ; wgs84:long ?long
          BIND(STRDT(CONCAT("POINT(", STR(?long), " ", STR(?lat), ")"), geo:wktLiteral) AS ?point)
          FILTER(geof:sfWithin(?point, "POLYGON((-6 48, -5 48, -5 49, -6 49, -6 48))"^^geo:wktLiteral)) }"""
    answer = lights.get("/sparql?" + urlencode({"query": query}), Accept="text/csv")
    assert answer.text.splitlines()[1:] == [f"https://lights.example/id/{lights.ids['creach']}"]
