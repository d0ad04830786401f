"""Maps drawn on the server: the basemap, choropleths, small maps."""

import gzip
import re
from collections import Counter
from importlib.resources import files
from itertools import pairwise
from math import hypot

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.formats.html import ENVIRONMENT
from solld.maps.basemap import LEVELS, Ring, address_of, areas, placed
from solld.maps.choropleth import CLASSES, EUROPEAN, Choropleth, choropleth, name_of, quantiles
from solld.maps.clusters import Cloud
from solld.maps.projections import LAMBERT_93, equal_earth, mercator, plain, unmercator
from solld.maps.sheets import INSETS, sheet
from solld.maps.within import areas_at, counted
from solld.messages import phrases

OVERSEAS = {"971", "972", "973", "974", "976"}
CODES = {f"{n:02}" for n in range(1, 96) if n != 20} | {"2A", "2B"} | OVERSEAS  # INSEE, on 2026-01-01


def drawn(level: str, counts: dict[str, int], language: str = "fr") -> Choropleth:
    return choropleth(level, counts, lambda code: f"/search?place={code}", phrases(language))


def markup(view: Choropleth, language: str = "fr") -> str:
    template = ENVIRONMENT.from_string(
        '{% import "maps.html" as maps %}'
        "{{ maps.choropleth(view, t) }}{{ maps.legend(view, t) }}{{ maps.areas(view, t) }}"
    )
    return template.render(view=view, t=phrases(language))


# The basemap ----------------------------------------------------------------------------------------------------------


def test_every_departement_of_france_is_there() -> None:
    assert set(areas("departements")) == CODES


def test_the_names_that_are_misspelt_in_the_source_are_right() -> None:
    names = {code: area.name for code, area in areas("departements").items()}
    assert [names[code] for code in ("68", "54", "77", "973", "2A", "21")] == [
        *("Haut-Rhin", "Meurthe-et-Moselle", "Seine-et-Marne", "Guyane", "Corse-du-Sud", "Côte-d'Or")
    ]


def test_every_departement_is_in_a_region_that_is_there() -> None:
    assert {area.region for area in areas("departements").values()} == set(areas("regions"))
    assert len(areas("regions")) == 18


@pytest.mark.parametrize(
    ("level", "code", "longitude", "latitude"),
    [
        ("departements", "75", 2.35, 48.86),
        ("departements", "59", 3.06, 50.63),
        ("departements", "84", 4.81, 43.95),
        ("departements", "974", 55.45, -21.1),
        ("departements", "2B", 9.45, 42.3),
        ("regions", "53", -2.8, 48.1),
        ("regions", "11", 2.35, 48.86),
        ("countries", "GB", -1.5, 52.5),
        ("countries", "RU", -175.0, 66.8),
        ("countries", "RU", 100.0, 62.0),
        ("countries", "FJ", 178.0, -17.8),
        ("countries", "US", -100.0, 40.0),
        ("countries", "FR", 2.35, 48.86),
    ],
)
def test_a_point_is_in_the_area_that_it_is_in(level: str, code: str, longitude: float, latitude: float) -> None:
    found = [each for each, area in areas(level).items() if contains(area.polygons, longitude, latitude)]
    assert found == [code]


def contains(polygons: object, x: float, y: float) -> bool:
    """Whether a point is within polygons, by the number of sides to the right of it."""
    crossed = 0
    for polygon in polygons:  # type: ignore[attr-defined]
        for ring in polygon:
            for (x1, y1), (x2, y2) in pairwise(ring):
                if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                    crossed += 1
    return crossed % 2 == 1


@pytest.mark.parametrize("level", LEVELS)
def test_every_ring_is_closed_and_on_the_earth(level: str) -> None:
    rings = [ring for area in areas(level).values() for polygon in area.polygons for ring in polygon]
    assert all(ring[0] == ring[-1] and len(ring) > 2 for ring in rings)
    assert all(abs(x) <= 180.01 and abs(y) <= 90 for ring in rings for x, y in ring)


def test_countries_have_the_codes_that_the_cldr_names() -> None:
    assert all(name_of("countries", code, phrases("fr")) != code for code in areas("countries") if code)


def test_the_basemap_is_small() -> None:
    folder = files("solld").joinpath("static/dist")
    sizes = [len(gzip.compress(folder.joinpath(f"{name}.json").read_bytes())) for name in ("world", "france")]
    assert sum(sizes) < 150_000


@pytest.mark.parametrize("level", ["departements", "regions"])
def test_an_address_of_insee_leads_to_its_area(level: str) -> None:
    assert all(placed(address_of(level, code)) == (level, code) for code in areas(level))
    assert placed("http://id.insee.fr/geo/departement/98") is None


@pytest.mark.parametrize(
    ("longitude", "latitude", "country", "departement", "region"),
    [
        (2.35, 48.86, "FR", "75", "11"),
        (3.06, 50.63, "FR", "59", "32"),  # Lille
        (3.27, 50.83, "BE", "", ""),  # Kortrijk, not far from there
        (6.15, 46.2, "CH", "", ""),  # Geneva
        (-5.1292, 48.459, "FR", "29", "53"),  # Ouessant
        (55.45, -21.1, "FR", "974", "04"),
        (-30.0, 40.0, "", "", ""),
        (-0.12, 51.5, "GB", "", ""),
    ],
)
def test_a_point_is_in_areas_of_each_level(
    longitude: float, latitude: float, country: str, departement: str, region: str
) -> None:
    assert areas_at(longitude, latitude) == {"countries": country, "departements": departement, "regions": region}


def test_many_points_are_counted_as_each_is() -> None:
    rng = np.random.default_rng(3)
    longitudes, latitudes = rng.uniform(-6, 10, 400), rng.uniform(42, 52, 400)
    each = [areas_at(x, y) for x, y in zip(longitudes, latitudes, strict=True)]
    for level, numbers in counted(Cloud(latitudes, longitudes)).items():
        assert numbers == Counter(found[level] for found in each if found[level])


def test_regions_have_no_borders_within() -> None:
    for code, region in areas("regions").items():
        mine = [each for each in areas("departements").values() if each.region == code]
        islands = sum(len(each.polygons) - 1 for each in mine)
        assert len(region.polygons) <= 1 + islands
        own, parts = ([size(p[0]) for area in some for p in area.polygons] for some in ([region], mine))
        assert sum(own) == pytest.approx(sum(parts), rel=0.03)


def size(ring: Ring) -> float:
    """In square degrees."""
    return abs(sum((x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairwise(ring)), 0.0)) / 2


# Projections ----------------------------------------------------------------------------------------------------------


def test_lambert_93_has_the_lengths_of_the_sphere_on_its_parallels() -> None:
    for latitude in (44, 49):
        (x1, y1), (x2, y2) = LAMBERT_93(2.995, latitude), LAMBERT_93(3.005, latitude)
        assert hypot(x2 - x1, y2 - y1) == pytest.approx(plain(latitude)(0.01, 0)[0], rel=1e-4)


def test_equal_earth_is_as_wide_as_its_paper_says() -> None:
    x, y = equal_earth(180, 0)
    assert x == pytest.approx(2.7066297)
    assert y == 0
    assert -equal_earth(0, 90)[1] == pytest.approx(1.3173628)


@given(st.floats(-179, 179), st.floats(-84, 84))
def test_mercator_has_a_way_back(longitude: float, latitude: float) -> None:
    assert unmercator(*mercator(longitude, latitude)) == pytest.approx((longitude, latitude), abs=1e-6)


# Choropleths ----------------------------------------------------------------------------------------------------------


def test_every_departement_is_drawn_and_named_with_its_number() -> None:
    counts = {code: number for number, code in enumerate(sorted(CODES), start=1)}
    view = drawn("departements", counts)
    titles = {shape.code: shape.title for shape in view.shapes}
    assert titles == {code: f"{areas('departements')[code].name} : {number}" for code, number in counts.items()}
    assert all(re.fullmatch(r"(M-?\d+ -?\d+l[-\d ]+z|M\d+ \d+h1v1z)+", shape.d) for shape in view.shapes)


def test_what_is_overseas_is_drawn_in_its_inset() -> None:
    for piece in sheet("departements").pieces:
        x, y = map(int, re.findall(r"-?\d+", piece.d)[:2])
        insets = [code for code, frame in INSETS.items() if frame.holds(x, y)]
        assert insets == ([piece.code] if piece.code in OVERSEAS else [])


@given(st.lists(st.integers(1, 10_000), min_size=1, max_size=120))
def test_shades_are_quantiles(numbers: list[int]) -> None:
    limits = quantiles(numbers)
    assert limits == sorted(set(limits))
    assert len(limits) < CLASSES
    if len(set(numbers)) == len(numbers) >= CLASSES:
        sizes = [sum(sum(limit <= n for limit in limits) == step for n in numbers) for step in range(CLASSES)]
        assert max(sizes) - min(sizes) <= 1


def test_the_more_the_darker() -> None:
    view = drawn("departements", {"01": 1, "02": 2, "03": 3, "04": 4, "05": 5, "06": 0})
    assert [(row.code, row.shade) for row in view.rows] == [
        *(("05", "q4"), ("04", "q3"), ("03", "q2"), ("02", "q1"), ("01", "q0"))
    ]
    assert {shape.shade for shape in view.shapes if shape.code == "06"} == {"none"}
    assert [(step.shade, step.least, step.most) for step in view.legend] == [(f"q{n}", n + 1, n + 1) for n in range(5)]


def test_one_number_is_one_shade() -> None:
    view = drawn("regions", {"53": 7, "11": 7, "94": 7})
    assert {row.shade for row in view.rows} == {"q4"}
    assert [row.name for row in view.rows] == ["Bretagne", "Corse", "Île-de-France"]


def test_unknown_codes_are_not_counted() -> None:
    assert drawn("departements", {"20": 5, "75": 1}).total == 1


@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Bretagne : 12\u202f345"), ("en", "Brittany: 12,345"), ("es", "Bretaña: 12.345")]
)
def test_names_and_numbers_are_in_the_language_of_the_reader(language: str, words: str) -> None:
    page = markup(drawn("regions", {"53": 12345}, language), language)
    assert f"<title>{words}</title>" in page


@pytest.mark.parametrize("level", LEVELS)
def test_the_map_is_hidden_and_its_list_has_the_same_links(level: str) -> None:
    codes = sorted(code for code in sheet(level).codes if code)
    page = markup(drawn(level, dict.fromkeys(codes, 3)))
    svg, _, rest = page.partition("</svg>")
    assert 'aria-hidden="true"' in svg
    links = re.findall(r'<a href="([^"]+)" tabindex="-1">', svg)
    assert svg.count("<a ") == len(links)
    assert set(links) == set(re.findall(r'<a href="([^"]+)">', rest)) == {f"/search?place={code}" for code in codes}


def test_the_macros_have_no_style_of_their_own() -> None:
    assert "style=" not in markup(drawn("departements", {"75": 1}))


def test_countries_of_europe_alone_are_drawn_large() -> None:
    near = sheet("countries", near=True)
    assert near.codes >= EUROPEAN
    assert drawn("countries", {"GB": 1, "FR": 2}).sheet is near
    assert drawn("countries", {"GB": 1, "BR": 2}).sheet is sheet("countries")
    assert drawn("countries", {}).sheet is sheet("countries")


def test_a_few_far_countries_are_listed_though_europe_is_drawn() -> None:
    view = drawn("countries", {"GB": 90, "FR": 20, "SR": 2})
    assert view.sheet is sheet("countries", near=True)
    assert [row.name for row in view.rows] == ["Royaume-Uni", "France", "Suriname"]
    assert view.total == 112
