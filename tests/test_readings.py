"""Readings: what is in a cell is read as people write it, and what cannot be read is not made into something else."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.rdf import Literal
from solld.sources.readings import LITERAL, READINGS


def read(reading: str, cell: str) -> list[str]:
    return [each.value if isinstance(each, Literal) else each for each in READINGS[reading](cell)]


@pytest.mark.parametrize(
    ("reading", "cell", "expected"),
    [
        ("text", "  a b ", ["a b"]),
        ("text", " \n ", []),
        ("parts", "a, b; c|d", ["a, b", "c", "d"]),
        ("parts", "Web development, tech consulting", ["Web development", "tech consulting"]),
        ("list", "a;b, c", ["a", "b", "c"]),
        ("code", "84200.0", ["84200"]),
        ("code", "1.5", ["1.5"]),
        ("code", "9220", ["9220"]),
        ("decimal", "48.1370", ["48.1370"]),
        ("decimal", "48,1370", ["48.1370"]),
        ("decimal", "about 3", []),
        ("latitude", "53.44665408002", ["53.44665408002"]),
        ("latitude", "-0.0", ["-0.0"]),
        ("latitude", "90.1", []),
        ("latitude", "48.85, 2.35", ["48.85"]),
        ("longitude", "48.85, 2.35", ["2.35"]),
        ("longitude", "48,85; 2,35", ["2.35"]),
        ("longitude", "(48.85 2.350)", ["2.350"]),
        ("latitude", "POINT (2.35 48.85)", ["48.85"]),
        ("longitude", "SRID=4326;POINT(2.35 48.85)", ["2.35"]),
        ("longitude", "-180.5", []),
        ("latitude", "48°51'24\"N", []),
        ("latitude", "48.8500° N", ["48.8500"]),
        ("latitude", "33,86 S", ["-33.86"]),
        ("longitude", "W 2.350", ["-2.350"]),
        ("longitude", "2.350 N", []),
        ("longitude", "-2.35 W", []),
        ("longitude", "48.8566° N, 2.3522° W", ["-2.3522"]),
        ("longitude", "52.52° N, 13.40° O", []),  # Ost, or ouest?
        ("longitude", "13.40° O", []),
        ("north", "48.85, 2.35", ["48.85"]),
        ("east", "48.85,2.35", ["2.35"]),
        ("east", "POINT (2.35 48.85)", ["2.35"]),
        ("north", "48.85", []),
        ("east", "48,85", []),
        ("url", "http://www.a.coop/é?x=1#y", ["http://www.a.coop/é?x=1#y"]),
        ("url", "www.a.coop", ["http://www.a.coop"]),
        ("url", "http://a.org; http://b.org", ["http://a.org", "http://b.org"]),
        ("url", "https://facebook.com/a @a", ["https://facebook.com/a"]),
        ("url", "http://a.org/cut- here", []),
        ("url", "http://a.org, https://b.org / www.c.org/x", ["http://a.org", "https://b.org", "http://www.c.org/x"]),
        ("url", "https://a.org,https://b.org", ["https://a.org", "https://b.org"]),
        ("date", "0001-01-01", []),
        ("date", "9999-12-31T00:00:00", []),
        ("text", "Néant", []),
        ("text", "keine Angabe", []),
        ("url", "update6", []),
        ("url", "info@a.org", []),
        ("url", "javascript:alert(1)", []),
        ("url", "http://a.org/<b>", []),
        ("url", "http://xn--gemeinschaftsgrten-jtb.at/", ["http://xn--gemeinschaftsgrten-jtb.at/"]),
        ("country", "FR", ["FR"]),
        ("country", "Frankreich", ["FR"]),
        ("country", " francia ", ["FR"]),
        ("country", "ÖSterreich", ["AT"]),
        ("country", "Ελλάδα", ["GR"]),
        ("country", "UK", ["GB"]),
        ("country", "Scotland", ["GB"]),
        ("country", "Frace", []),
        ("country", "Aberdeen", []),
        ("date", "2017-01-24", ["2017-01-24"]),
        ("date", "2017-01-24T10:00:00Z", ["2017-01-24"]),
        ("date", "1505836684470", ["2017-09-19"]),
        ("date", "1863", ["1863"]),
        ("date", "28/08/2012", ["2012-08-28"]),
        ("date", "08/28/2012", ["2012-08-28"]),
        ("date", "11/8/1863", []),
        ("dmy", "11/8/1863", ["1863-08-11"]),
        ("mdy", "11/8/1863", ["1863-11-08"]),
        ("dmy", "31/02/2012", []),
        ("date", "soon", []),
        ("siren", "062 201 199", ["062201199"]),
        ("siren", "62201199", []),
        ("siret", "12345678900012.0", ["12345678900012"]),
        ("siret", "1,23457E+13", []),
        ("rna", "W832023177", ["W832023177"]),
        ("wikidata", "https://www.wikidata.org/wiki/Q4539", ["Q4539"]),
        ("companyhouse", "SC399880", ["SC399880"]),
    ],
)
def test_a_cell_is_read(reading: str, cell: str, expected: list[str]) -> None:
    assert read(reading, cell) == expected


@given(st.decimals(min_value=-90, max_value=90, allow_nan=False, places=9), st.sampled_from([".", ","]))
def test_no_digit_of_a_coordinate_is_lost(number: object, point: str) -> None:
    text = f"{number:f}"
    assert read("latitude", text.replace(".", point)) == [text]


@given(st.sampled_from(sorted(READINGS)), st.text())
def test_anything_is_read_or_not(reading: str, cell: str) -> None:
    for found in READINGS[reading](cell):
        text = found.value if isinstance(found, Literal) else found
        assert text.strip()
        if isinstance(found, Literal) and found.datatype.value == f"{LITERAL}decimal":
            assert math.isfinite(float(text))


def test_descriptions_are_in_the_language_that_their_source_says(shared: Path) -> None:
    places = json.loads((shared / "data/susy-ssedas/susy-ssedas.geojson").read_text(encoding="utf-8"))["features"]
    told = right = 0
    for properties in (place["properties"] for place in places):
        for column, text in properties.items():
            language = column.removeprefix("description:").replace("gr", "el")
            if column.startswith("description:") and text.strip():
                for found in READINGS["spoken"](text):
                    if isinstance(found, Literal) and found.language:
                        told += 1
                        right += found.language == language
    assert told > 200
    assert right == told


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("<p>L&rsquo;&eacute;picerie<br/>du <b>coin</b></p>", "L’épicerie\ndu coin"),
        ("AT&amp;T &lt;3", "AT&T <3"),
        ("<div>A<script>alert(1)</script><style>a{}</style><!-- b --></div>", "A"),
        ("<![CDATA[<img src='x'/><br>Open]]>", "Open"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<3 coops", "<3 coops"),
        ("a&b;c", "a&b;c"),
        ("\u00a0n°\u00a03 ", "n°\u00a03"),
        *((nothing, "") for nothing in ("n/a", "N/A", "null", "NaN", "-", "–", "?", "[ND]", "#REF!", "  ", "<p></p>")),
        ("-1", "-1"),
        ("Null Waste", "Null Waste"),
    ],
)
def test_a_text_is_what_people_meant(cell: str, text: str) -> None:
    assert list(READINGS["text"](cell)) == ([text] if text else [])
    assert [str(getattr(each, "value", each)) for each in READINGS["spoken"](cell)] == ([text] if text else [])
