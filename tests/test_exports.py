"""Lists for other directories, held against what their importers do with them. FEDERATION 1.1, PERMANENCE 1.5"""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Published, publish
from solld import site
from solld.exports import directory
from solld.exports.standard import HEADERS
from solld.model import Settings
from test_versions import edit

QUERY = """# A directory.
PREFIX ex: <https://example.org/>
PREFIX light: <https://lights.example/ns#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
SELECT ?id ?name ?description ?category ?activity ?latitude ?longitude ?street ?locality ?postcode ?country ?website
  ?email ?identical ?kind ?source ?odd
WHERE {
  ?id a light:Lighthouse .
  { ?id skos:prefLabel ?name } UNION { ?id geo:lat ?latitude ; geo:long ?longitude }
  UNION { ?id light:owner/skos:prefLabel ?category }
  UNION { ?id skos:prefLabel "Le Stiff"@fr .
    VALUES (?street ?locality ?postcode ?country) { ("1 rue du Phare" "Ouessant" "29242" "FR") } }
  UNION { ?id skos:prefLabel "Le Stiff"@fr . VALUES ?website { <https://stiff.example/> <https://stiff.example/en> } }
  UNION { ?id skos:prefLabel "Le Stiff"@fr . VALUES ?activity { ex:A1 ex:A2 } }
  UNION { ?id skos:prefLabel "Le Stiff"@fr .
    BIND("stiff@example.org" AS ?email) BIND(<http://www.wikidata.org/entity/Q3236052> AS ?identical)
    BIND(<http://www.wikidata.org/entity/Q39715> AS ?kind) BIND("Phares et balises" AS ?source) BIND("x" AS ?odd)
    BIND("Une tour, \\"double\\"; ancienne"@fr AS ?description) }
}
"""


@pytest.fixture
def listed(tiny: Settings) -> Iterator[Published]:
    directory.path(tiny).write_text(QUERY, encoding="utf-8")
    (tiny.folder / "site.toml").open("a").write("\n[wikidata]\nmixnmatch = 4711\n")
    published = publish(site.load(tiny.folder))
    yield published
    published.close()


WANTED = ("streetAddress", "addressLocality", "postalCode", "addressCountry", "email", "latitude", "longitude")


def gogocarto(text: str) -> list[dict[str, Any]]:
    """What GoGoCarto's import makes of a source (ElementImportService.php): flat rows with the fields that it wants."""
    rows = json.loads(text)["data"]
    for row in rows:
        row |= row.pop("geo", {})
        row |= row.pop("address", {})
        row["taxonomy"] = row.pop("categories")
        for wanted in (
            "streetAddress",
            "addressLocality",
            "postalCode",
            "addressCountry",
            "email",
            "latitude",
            "longitude",
        ):
            row.setdefault(wanted, "")
    return list(rows)


def test_gogocarto_imports_it(listed: Published) -> None:
    answer = listed.get("/export/gogocarto.json")
    assert answer.mimetype == "application/json"
    rows = {row["name"]: row for row in gogocarto(answer.text)}
    assert set(rows) == {"Creach", "Le Stiff", "Pharos of Alexandria"}
    stiff = rows["Le Stiff"]
    assert stiff["id"] == listed.ids["stiff"]
    assert [stiff[key] for key in ("streetAddress", "addressLocality", "postalCode", "addressCountry")] == [
        *("1 rue du Phare", "Ouessant", "29242", "FR")
    ]
    assert (stiff["website"], stiff["email"], stiff["source"]) == (
        *("https://stiff.example/", "stiff@example.org", "Phares et balises"),
    )
    assert (rows["Creach"]["latitude"], rows["Creach"]["longitude"]) == (48.459, -5.1292)
    assert rows["Pharos of Alexandria"]["latitude"] == ""  # it is geocoded, or put aside, there
    assert rows["Creach"]["source"] == "Lighthouses"
    assert rows["Creach"]["taxonomy"] == ["The state"]
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", row["updatedAt"]) for row in rows.values())
    assert all(row["sourceUrl"] == f"https://lights.example/id/{row['id']}" for row in rows.values())


def test_it_has_the_shape_of_what_they_exchange(listed: Published, shared: Path) -> None:
    theirs = json.loads((shared / "data" / "gogocarto" / "susy-fr-be-gb.gogocarto.json").read_text(encoding="utf-8"))
    ours = listed.get("/export/gogocarto.json").json
    assert ours
    assert set(ours) == set(theirs)
    known = {key: type(value) for row in theirs["data"] for key, value in row.items()}
    for row in ours["data"]:
        for key in row.keys() & known.keys():
            assert type(row[key]) is known[key], key
    assert {"geo", "address", "website", "description"} <= {key for row in ours["data"] for key in row}


def test_mykomap_imports_it(listed: Published, shared: Path) -> None:
    answer = listed.get("/export/standard.csv")
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    rows = {row["Name"]: row for row in csv.DictReader(io.StringIO(answer.text, newline=""))}
    with (shared / "data" / "coops-uk" / "2023-Q2_standard.csv").open(encoding="utf-8-sig", newline="") as file:
        theirs = set(next(csv.reader(file)))
    assert len(HEADERS) == 27
    assert {header for header in HEADERS if header in theirs} >= set(HEADERS) - {
        *("Geo Container Confidence", "Geocoded Address")
    }
    stiff = rows["Le Stiff"]
    assert tuple(stiff) == HEADERS
    assert stiff["Identifier"] == listed.ids["stiff"]
    assert stiff["Description"] == 'Une tour, "double"; ancienne'
    assert (stiff["Street Address"], stiff["Postcode"], stiff["Country ID"]) == ("1 rue du Phare", "29242", "FR")
    assert stiff["Website"] == "https://stiff.example/;https://stiff.example/en"
    assert stiff["Activities"] == "https://example.org/A1;https://example.org/A2"
    assert stiff["Primary Activity"] == "https://example.org/A1"
    assert (rows["Creach"]["Latitude"], rows["Creach"]["Longitude"]) == ("48.459", "-5.1292")


def test_mixnmatch_imports_it(listed: Published) -> None:
    answer = listed.get("/export/mixnmatch.jsonl")
    entries = [json.loads(line) for line in answer.text.splitlines()]
    allowed = {"entry": {"catalog", "ext_id", "ext_name", "ext_url", "ext_desc", "q", "user", "type"}}
    for each in entries:
        assert set(each) <= {"entry", "auxiliary", "coordinate", "descriptions", "aliases"}
        assert {"catalog", "ext_id", "ext_name"} <= set(each["entry"]) <= allowed["entry"]
        assert each["entry"]["catalog"] == 4711
        assert listed.get(each["entry"]["ext_url"].removeprefix("https://lights.example")).status_code == 303
    by_name = {each["entry"]["ext_name"]: each for each in entries}
    stiff = by_name["Le Stiff"]
    assert (stiff["entry"]["q"], stiff["entry"]["user"], stiff["entry"]["type"]) == (3236052, 0, "Q39715")
    assert stiff["auxiliary"] == [
        {"prop_numeric": 856, "value": "https://stiff.example/"},
        {"prop_numeric": 856, "value": "https://stiff.example/en"},
    ]
    assert stiff["descriptions"] == {"fr": 'Une tour, "double"; ancienne'}
    assert by_name["Creach"]["coordinate"] == {"lat": 48.459, "lon": -5.1292}
    assert by_name["Creach"]["aliases"] == [{"language": "fr", "value": "Créac'h"}]


def test_lists_follow_the_data_and_the_query(listed: Published) -> None:
    before = listed.get("/export/standard.csv")
    (listed.settings.folder / "queries" / "exports" / "directory.rq").write_text(
        QUERY.replace("29242", "29243"), encoding="utf-8"
    )
    assert "29243" in listed.get("/export/standard.csv").text
    assert listed.get("/export/standard.csv").headers["ETag"] != before.headers["ETag"]
    edit(listed.settings, '"Creach"@en', '"Creach Light"@en')
    after = publish(listed.settings)
    assert "Creach Light" in after.get("/export/standard.csv").text
    after.close()


def test_a_site_without_a_directory_has_no_such_lists(tiny: Settings) -> None:
    directory.path(tiny).unlink()
    published = publish(tiny)
    assert published.get("/export/standard.csv").status_code == 404
    published.close()


def test_the_columns_of_the_bundled_directory_are_known() -> None:
    text = (Path(__file__).parents[1] / "queries" / "exports" / "directory.rq").read_text(encoding="utf-8")
    names = re.search(r"SELECT ([^{]*?)\s*WHERE", text)
    assert names
    assert {name.removeprefix("?") for name in names[1].split()} - {"id"} <= set(directory.COLUMNS)
