"""Reports on the quality of what was harvested: each defect is found where it is, and nothing else is."""

import csv
import io
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT, Published, publish
from ports import free_port
from solld import cli, harvested, messages, site
from solld.errors import NotFound
from solld.link import folding
from solld.model import Dataset, Settings
from solld.rdf import DCT, SCHEMA, SKOS, Literal, NamedNode
from solld.reporting import as_html, borders, fields, findings, grouping, kept, report, sameness, sentences
from solld.reporting.as_csv import write_csv
from solld.reporting.as_html import Asked, write_page
from solld.reporting.as_json import write_json
from solld.reporting.checks import countries, links, missing, points, values
from solld.reporting.findings import Finding, View
from solld.reporting.kept import Column, Report
from solld.reporting.records import Record, Ref
from solld.sources.readings import READINGS
from test_html import Reader

LANGUAGES = ("fr", "en", "es")
CC0 = ("--license", "https://creativecommons.org/publicdomain/zero/1.0/")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("ontology", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "site.toml", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def solld(folder: Path, *arguments: str) -> int:
    return cli.main([*arguments, "--site", str(folder)])


def brought(folder: Path, path: Path, name: str) -> None:
    """Adds a file as a source of a site, and harvests it."""
    assert solld(folder, "add-source", str(path), "--name", name, *CC0) == 0
    assert solld(folder, "harvest", name) == 0


def reported(folder: Path, name: str) -> Report:
    """The report on a dataset, as the command makes it."""
    assert solld(folder, "report", name) == 0
    opened = kept.newest(site.load(folder), name)
    assert opened is not None
    return opened


def found(opened: Report, kind: str) -> list[Finding]:
    return [each.finding for each in opened.findings(kind)]


def places(opened: Report, kind: str) -> list[str]:
    return sorted(each.place for each in found(opened, kind))


def rows_of(path: Path) -> list[tuple[str, dict[str, str]]]:
    """The rows of a CSV file with their places, read without solld."""
    reader = csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    return [(f"line {reader.line_num}", {key: (value or "").strip() for key, value in row.items()}) for row in reader]


# --- real files -------------------------------------------------------------------------------------------------------


def test_a_report_on_british_cooperatives_counts_right(folder: Path, shared: Path) -> None:
    path = shared / "data" / "coops-uk" / "2023-Q2_standard.csv"
    brought(folder, path, "coops")
    opened = reported(folder, "coops")
    rows = rows_of(path)
    assert opened.facts["records"] == len(rows) == 7387
    assert places(opened, "website_missing") == sorted(place for place, row in rows if not row["Website"])
    assert places(opened, "point_missing") == sorted(place for place, row in rows if not row["Geo Container Latitude"])
    endings = {
        row["Website"] for _, row in rows if re.search(r"//[^/]*\.(http|alcesterunionistclub)/?$", row["Website"])
    }
    assert {each.value for each in found(opened, "link_ending")} == endings
    assert len(endings) == 2
    (never,) = found(opened, "never_given")
    assert never.told == {"n": "7387", "what": "description"}
    assert not any(row["Description"] for _, row in rows)

    here = defaultdict(set)
    for _, row in rows:
        if row["Geo Container Latitude"] and row["Street Address"]:
            point = row["Geo Container Latitude"], row["Geo Container Longitude"]
            here[point].add((plain(row["Street Address"]), plain(row["Locality"])))
    shared_points = {", ".join(point): len(addresses) for point, addresses in here.items() if len(addresses) > 1}
    assert {each.value: int(each.told["n"]) for each in found(opened, "point_shared")} == shared_points

    filled = Counter(column for _, row in rows for column, value in row.items() if value)
    assert {each.name: each.filled for each in opened.columns()} == filled
    assert "country" in next(each.readings for each in opened.columns() if each.name == "Country ID")


def plain(text: str) -> str:
    """A text of England without what does not tell two addresses apart."""
    return " ".join(re.sub(r"[\W_]+", " ", text.lower()).split())


def test_a_report_on_a_map_of_28_countries_counts_right(folder: Path, shared: Path) -> None:
    path = shared / "data" / "susy-ssedas" / "susy-ssedas.geojson"
    brought(folder, path, "susy")
    opened = reported(folder, "susy")
    features = json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)["features"]
    said = [(f"features[{n}]", each["properties"], each["geometry"]["coordinates"]) for n, each in enumerate(features)]
    typing_errors = ("Cypres", "Italu", "Frace", "ABERDEEN")
    wrong = [place for place, properties, _ in said if properties.get("addr:country") in typing_errors]
    assert places(opened, "country_unknown") == sorted(wrong)
    assert len(wrong) == 5

    in_latvia = [place for place, p, (x, y) in said if p.get("addr:country") == "Latvija" and float(x) > float(y)]
    in_london = [place for place, p, (x, y) in said if p.get("addr:city") == "London" and float(x) > 50]
    assert len(in_latvia) == 3
    assert len(in_london) == 1
    assert places(opened, "point_exchanged") == sorted(in_latvia + in_london)

    slovak = [place for place, p, (x, y) in said if p.get("addr:country") == "SR" and 16 < float(x) < 23]
    assert len(slovak) == 17  # they write SR, Slovenská republika; that is the code of Suriname
    suriname = [each for each in found(opened, "point_elsewhere") if each.told["country"] == "SR"]
    assert sorted(each.place for each in suriname) == sorted(slovak)
    assert {each.told["where"] for each in suriname} == {"SK"}

    coarse = [place for place, _, point in said if all(len(each.partition(".")[2].rstrip("0")) <= 2 for each in point)]
    assert places(opened, "point_coarse") == sorted({*coarse} - {*in_latvia})  # one point is coarse and exchanged
    called = re.compile(r"des\w*(tion|ton)\b|description_de")  # descripiton, desription: they are understood too
    undescribed = [place for place, p, _ in said if not any(called.match(k) and v.strip() for k, v in p.items())]
    assert places(opened, "description_missing") == sorted(undescribed)
    assert {each.value for each in found(opened, "link_spaces")} == {
        "http://transitionitalia.it/cose-la- transizione-2/",
        *(p["contact:website"] for _, p, _ in said if "theartofco ee" in p.get("contact:website", "")),
    }
    assert "www.http://naehcafe-innsbruck.blogspot.co.at/" in {each.value for each in found(opened, "link_scheme")}


def test_a_report_on_french_units_counts_right(folder: Path, shared: Path) -> None:
    path = shared / "data" / "ess-numerique-fr" / "x_enriched.csv"
    brought(folder, path, "ess")
    opened = reported(folder, "ess")
    rows = rows_of(path)
    somewhere = [row for _, row in rows if row["commune"] or row["code_postal"]]
    assert len(places(opened, "place_missing")) == len(rows) - len(somewhere)
    by_number = defaultdict(list)
    for place, row in rows:
        if row["rna"]:
            by_number[row["rna"]].append(place)
    twice = {number: those for number, those in by_number.items() if len(those) > 1}
    assert {each.value: each.place for each in found(opened, "same_number")} == {n: t[0] for n, t in twice.items()}
    assert len(twice) == 1
    assert {each.field for each in found(opened, "same_number")} == {"rna"}
    assert {each.told["what"] for each in found(opened, "never_given")} == {"description", "point"}


# --- one of each ------------------------------------------------------------------------------------------------------

HEAD = "id,name,street,city,postcode,country,lat,lng,website,description,founded,siren,language,email"
GOOD = (
    "{n},Actor {word},{n} Main Street,Town {word},4{n:04},FR,47.{n:04}1,2.{n:04}3,https://actor{n}.fr,"
    "Ils font du pain et des livres pour tout le village,2019-01-{day:02},3{n:08},fr,"
)
WORDS = [one + other for one in "bcdfghjklm" for other in "aeiou"]


def good(n: int, **changed: str) -> str:
    """A row without a defect, but for what is changed."""
    row = dict(zip(HEAD.split(","), GOOD.format(n=n, word=WORDS[n], day=n % 28 + 1).split(","), strict=True))
    assert changed.keys() <= row.keys()
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow((row | changed).values())
    return line.getvalue()


DEFECTS: tuple[tuple[str, dict[str, str], str, str], ...] = (  # kind, what is changed, field, value
    ("link_spaces", {"website": "https://the shop.fr"}, "website", "https://the shop.fr"),
    ("link_scheme", {"website": "http://http://shop.fr"}, "website", "http://http://shop.fr"),
    ("link_mail", {"website": "shop@shop.fr"}, "website", "…"),
    ("link_host", {"website": "https://shop"}, "website", "https://shop"),
    ("link_ending", {"website": "https://shop.frr"}, "website", "https://shop.frr"),
    ("link_dead", {"website": "https://plus.google.com/115"}, "website", "https://plus.google.com/115"),
    ("link_unreadable", {"website": "see the shop. Open on Monday"}, "website", "see the shop. Open on Monday"),
    ("link_several", {"website": "https://a1.fr https://a2.fr"}, "website", "https://a1.fr https://a2.fr"),
    ("point_unreadable", {"lat": "47 deg"}, "lat", "47 deg"),
    ("point_zero", {"lat": "0.0", "lng": "0"}, "lat, lng", "0.0, 0"),
    ("point_exchanged", {"lat": "2.12345", "lng": "47.12345"}, "lat, lng", "2.12345, 47.12345"),
    ("point_elsewhere", {"lat": "40.41234", "lng": "-3.71234"}, "lat, lng", "40.41234, -3.71234"),
    ("point_nowhere", {"lat": "45.12345", "lng": "-30.12345"}, "lat, lng", "45.12345, -30.12345"),
    ("point_coarse", {"lat": "47.1", "lng": "2.2"}, "lat, lng", "47.1, 2.2"),
    ("country_unknown", {"country": "Frace"}, "country", "Frace"),
    ("language_unknown", {"language": "frog"}, "language", "frog"),
    ("date_ambiguous", {"founded": "03/04/2019"}, "founded", "03/04/2019"),
    ("date_unreadable", {"founded": "2019-02-30"}, "founded", "2019-02-30"),
    ("register_unreadable", {"siren": "1234"}, "siren", "1234"),
    ("name_missing", {"name": ""}, "", ""),
    ("place_missing", dict.fromkeys(("street", "city", "postcode", "country", "lat", "lng"), ""), "", ""),
    ("point_missing", {"lat": "", "lng": ""}, "", ""),
    ("website_missing", {"website": ""}, "", ""),
    ("description_missing", {"description": ""}, "", ""),
    ("row_lost", {"id": ""}, "", ""),
)


@pytest.fixture
def defective(folder: Path) -> Path:
    """A file with one of each defect, and some records that have none."""
    lines = [good(n, **changed) for n, (_, changed, _, _) in enumerate(DEFECTS)]
    n = len(lines)
    lines += [good(n), good(n)]  # the same row
    lines += [good(n + 1), good(n + 2, id=str(n + 1))]  # the same identifier
    lines += [good(n + 3), good(n + 4, name=f"ACTOR  {WORDS[n + 3].upper()}!", postcode=f"4{n + 3:04}")]
    lines += [good(n + 5), good(n + 6, siren=f"3{n + 5:08}")]
    lines += [good(n + 7), good(n + 8, website=f"http://www.actor{n + 7}.fr/")]
    lines += [good(n + 9), good(n + 10, lat=f"47.{n + 9:04}1", lng=f"2.{n + 9:04}3")]
    lines += [good(n + 11, email="jane.doe@shop.fr")]
    lines += [good(k) for k in range(n + 12, n + 20)]
    path = folder / "list.csv"
    path.write_text(f"{HEAD}\n" + "".join(good(k) for k in range(n)), encoding="utf-8")
    assert solld(folder, "add-source", str(path), "--name", "list", *CC0) == 0
    path.write_text(f"{HEAD}\n" + "".join(lines), encoding="utf-8")
    assert solld(folder, "harvest", "list") == 0
    return folder


def test_each_defect_is_found_where_it_is_and_nothing_else_is(defective: Path) -> None:
    opened = reported(defective, "list")
    n, line = len(DEFECTS), len(DEFECTS) + 2
    expected = {
        (kind, f"line {place}", field, f"Actor {WORDS[place - 2]}" if kind == "row_lost" else value)
        for place, (kind, _, field, value) in enumerate(DEFECTS, 2)
    }
    expected |= {
        ("same_row", f"line {line}", "", f"Actor {WORDS[n]}"),
        ("same_identifier", f"line {line + 2}", "id", str(n + 1)),
        ("same_name", f"line {line + 4}", "name", f"Actor {WORDS[n + 3]}"),
        ("same_number", f"line {line + 6}", "siren", f"3{n + 5:08}"),
        ("same_website", f"line {line + 8}", "website", f"https://actor{n + 7}.fr"),
        ("point_shared", f"line {line + 10}", "lat, lng", f"47.{n + 9:04}1, 2.{n + 9:04}3"),
        ("persons_left_out", "", "email", ""),
        ("persons_left_out", "", "website", ""),
    }
    told = [(kind, e.place, e.field, e.value) for kind in findings.kinds() for e in found(opened, kind)]
    assert Counter(told) == Counter(expected)


def test_no_address_of_a_person_is_in_a_report(defective: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened = reported(defective, "list")
    written = [opened.path.read_bytes(), *write_csv(opened, "en"), *write_json(opened, "en")]
    assert not [each for each in written if b"jane.doe" in each or b"shop@" in each]
    assert "jane.doe" not in capsys.readouterr().out


def test_all_kinds_but_those_that_need_more_are_among_the_defects(defective: Path) -> None:
    rest = {"number_unreadable", "language_untold", "never_given", "other_says", "other_may_say"}  # tested below
    assert set(findings.kinds()) - set(reported(defective, "list").counts()) == rest


# --- single checks ----------------------------------------------------------------------------------------------------


def view(tiny: Settings, **read: tuple[str, ...]) -> View:
    return View(tiny, Dataset("a", NamedNode("https://a.example/"), Path(), ()), read, {})


def record(place: str = "line 2", **cells: str) -> Record:
    return Record(place, "1", "One", "https://a.example/key/a/1", {c: (v,) for c, v in cells.items()}, {})


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("https://shop.coop/a?b=c#d", None),
        ("shop.coop", None),
        ("https://münchen.de/käse", None),
        ("http://192.0.2.1/shop", None),
        ("https://name.blogspot.com", None),
        ("www.facebook.com/shop @shop", None),
        ("http://https://shop.fr", "link_scheme"),
        ("http://www.http://shop.fr", "link_scheme"),
        ("htp://shop.fr", "link_scheme"),
        ("http:/shop.fr", "link_scheme"),
        ("http//shop.fr", "link_scheme"),
        ("https:shop.fr", "link_scheme"),
        ("//shop.fr", "link_scheme"),
        ("mailto:a@shop.fr", "link_mail"),
        ("a@shop.fr", "link_mail"),
        ("http://example.org/", "link_host"),
        ("http://localhost/", "link_host"),
        ("-", "link_host"),
        ("http://nas.local/", "link_host"),
        ("http://shop.fr/my page", "link_spaces"),
        ("http://shop.con", "link_ending"),
        ("http://www.geocities.com/x", "link_dead"),
        ("none. really", "link_unreadable"),
    ],
)
def test_an_address_is_wrong_by_how_it_is_written(cell: str, kind: str | None) -> None:
    told = links.wrong(cell)
    assert (told[0] if told else None) == kind


@given(st.text(max_size=40) | st.from_regex(r"\A(https?:/{0,3})?[\w.@: /-]{0,30}\Z"))
def test_any_cell_has_at_most_one_thing_wrong_that_can_be_said(cell: str) -> None:
    told = links.wrong(cell)
    if told:
        for language in LANGUAGES:
            assert sentences.problem(messages.phrases(language), Finding(told[0], told=told[1]))


@given(st.from_regex(r"\A[a-z][a-z0-9]{0,20}\Z"), st.sampled_from(["fr", "coop", "co.uk", "org.br", "xn--p1ai"]))
def test_what_can_lead_somewhere_is_not_wrong(name: str, ending: str) -> None:
    host = f"{name}.{ending}"
    assert host in links.CLOSED or links.wrong(f"https://www.{host}/page") is None
    assert folding.domain(f"http://shop.{host}") == host


@pytest.mark.parametrize("area", borders.areas(), ids=lambda area: "/".join(area.codes))
def test_a_point_is_in_the_country_whose_borders_are_around_it(area: borders.Area) -> None:
    inside = area.shape.representative_point()
    assert set(area.codes) <= set(borders.countries_at(inside.y, inside.x))
    assert borders.distance(inside.y, inside.x, area.codes[0]) == pytest.approx(0, abs=0.001)
    assert points.wrong(inside.y, inside.x, area.codes[0]) is None


@pytest.mark.parametrize(
    ("latitude", "longitude", "country", "kind"),
    [
        (48.8566, 2.3522, "FR", None),
        (48.6493, -2.0257, "FR", None),  # a quay of Saint-Malo
        (-21.1151, 55.5364, "FR", None),  # Réunion
        (-21.1151, 55.5364, "RE", None),
        (47.5596, 7.5886, "FR", None),  # Basel, 2 km behind the border: it may be the borders
        (46.2044, 6.9, "FR", "point_elsewhere"),
        (55.9533, -3.1883, "GB", None),
        (48.8566, 2.3522, "", None),
        (48.8566, 2.3522, "Frankreich!", None),  # what is no country is told of by another check
        (2.3522, 48.8566, "FR", "point_exchanged"),
        (30.0, -40.0, "", "point_nowhere"),
        (0.0, 0.0, "", "point_zero"),
    ],
)
def test_a_point_is_wrong_by_where_it_lies(latitude: float, longitude: float, country: str, kind: str | None) -> None:
    told = points.wrong(latitude, longitude, country)
    assert (told[0] if told else None) == kind


@given(st.floats(-90, 90), st.floats(-180, 180), st.sampled_from(["FR", "US", "RU", "FJ", "AQ", ""]))
def test_any_point_can_be_looked_at(latitude: float, longitude: float, country: str) -> None:
    points.wrong(latitude, longitude, country)
    away = borders.distance(latitude, longitude, country)
    assert (away is None) == (not country)
    assert away is None or 0 <= away <= 20_038  # half of the way around


@pytest.mark.parametrize("text", ["fr", "pt-BR", "FR", "zh_Hant", "français", "Francais", "English", "Ελληνικά"])
def test_what_names_a_language_is_one(text: str) -> None:
    assert countries.is_language(text)


@pytest.mark.parametrize("text", ["xx", "frog", "french bread", "", "12"])
def test_what_names_no_language_is_none(text: str) -> None:
    assert not countries.is_language(text)


def test_a_number_that_is_none_is_told(tiny: Settings) -> None:
    watch = values.Values(view(tiny, members=("decimal",)))
    assert not list(watch.see(record(members="1 234,5".replace(" ", ""))))
    (told,) = watch.see(record(members="about 12"))
    assert (told.kind, told.field, told.value, told.told) == (
        *("number_unreadable", "members", "about 12"),
        {"reading": "decimal"},
    )


def test_texts_in_a_language_that_is_not_known_are_counted(tiny: Settings) -> None:
    watch = countries.Countries(view(tiny))
    texts = ["a text that is long enough to tell", "kurz", "noch ein Text, der lang genug ist"]
    for text in texts:
        said = {DCT.description.value: (Literal(text, language="und"),)}
        assert not list(watch.see(Record("line 2", "1", "One", "x", {}, said)))
    (told,) = watch.end()
    assert (told.kind, told.field, told.told) == ("language_untold", "description", {"n": "2"})


def test_what_no_record_has_is_said_once(tiny: Settings) -> None:
    watch = missing.Missing(view(tiny))
    for n in range(3):
        said: Any = {SKOS.prefLabel.value: (Literal("One"),), SCHEMA.url.value: (NamedNode("https://a.fr/"),)}
        said |= {DCT.description.value: (Literal("x"),)} if n else {}
        assert not list(watch.see(Record(f"line {n}", str(n), "One", "x", {}, said)))
    told = [(each.kind, each.place, each.field) for each in watch.end()]
    assert sorted(told) == [
        ("description_missing", "line 0", ""),
        ("never_given", "", "place"),
    ]


# --- what others say --------------------------------------------------------------------------------------------------


def test_what_others_say_of_the_same_is_told_with_who_says_it(folder: Path) -> None:
    mine = "id,name,siren,city,website\n"
    mine += (
        "1,One,123456789,Brest,https://one.fr\n2,Two,,Lyon,https://two.fr\n3,Three,987654321,Nice,https://shared.fr\n"
    )
    mine += "4,Four,,Metz,https://shared.fr\n5,Five,,Caen,\n6,Six,555555555,Dijon,https://six.fr\n"
    mine += "7,Seven,555555555,Vannes,https://seven.fr\n"
    theirs = "id,name,siren,city,website\n"
    theirs += "a,ONE!,123 456 789,Quimper,https://www.one.fr/fr\nb,Two,,Paris,http://two.fr\nc,Three,987654321,Nice,\n"
    theirs += (
        "d,Shared,,Toulon,https://shared.fr\ne,Cinq,,Caen,\nf,Fix,,Albi,https://six.fr\ng,Gix,,Agen,https://six.fr\n"
    )
    for name, text in (("mine", mine), ("theirs", theirs)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
        brought(folder, folder / f"{name}.csv", name)
    assert not reported(folder, "mine").counts().keys() & {"other_says", "other_may_say"}  # nothing is published
    assert solld(folder, "publish") == 0
    opened = reported(folder, "mine")
    says = [(e.place, e.field, e.value, e.told["dataset"], e.told["theirs"]) for e in found(opened, "other_says")]
    assert says == [("line 2", "city", "Brest", "theirs", "Quimper")]
    may = [(e.place, e.field, e.value, e.told["theirs"], e.told["domain"]) for e in found(opened, "other_may_say")]
    assert may == [("line 3", "city", "Lyon", "Paris", "two.fr")]

    assert solld(folder, "merge", id_of(folder, "theirs", "e"), id_of(folder, "mine", "5"), "--why", "the same") == 0
    assert solld(folder, "publish") == 0
    opened = reported(folder, "mine")
    told = [(e.place, e.field, e.value, e.told["theirs"]) for e in found(opened, "other_says")]
    assert told == [("line 2", "city", "Brest", "Quimper"), ("line 6", "name", "Five", "Cinq")]


def id_of(folder: Path, dataset: str, key: str) -> str:
    """The identifier that a record was given."""
    lines = (folder / f"data/{dataset}/ids.csv").read_text(encoding="utf-8").splitlines()
    return next(line.split(",")[0] for line in lines if line.split(",")[1] == key)


# --- what improved ----------------------------------------------------------------------------------------------------


def test_the_next_report_tells_what_was_mended_and_what_is_new(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = folder / "list.csv"

    def harvested_with(*lines: str) -> Report:
        path.write_text(f"{HEAD}\n" + "".join(lines) + "".join(good(n) for n in range(4, 30)), encoding="utf-8")
        time.sleep(1.1)  # runs are told apart by their second
        assert solld(folder, "harvest", "list") == 0
        return reported(folder, "list")

    path.write_text(f"{HEAD}\n" + "".join(good(n) for n in range(30)), encoding="utf-8")
    brought(folder, path, "list")
    first = harvested_with(good(0, country="Frace"), good(1, website="http://shop.frr"))
    assert first.facts["compared"] == ""
    second = harvested_with(good(2), good(0, country="Frace"), good(1), good(3, country="Spian"))
    state = {(each.finding.value, each.fresh) for each in second.findings("country_unknown")}
    assert state == {("Frace", False), ("Spian", True)}  # though Frace stands in another line now
    assert [(each.kind, each.value) for each in second.mended()] == [("link_ending", "http://shop.frr")]
    assert second.facts["compared"] == first.facts["run"]
    time.sleep(1.1)
    assert solld(folder, "harvest", "list") == 0  # nothing changed
    again = reported(folder, "list")  # of the same records, it is compared with the one before
    assert (again.facts["compared"], list(again.mended())) == (first.facts["run"], list(second.mended()))
    third = harvested_with(good(2))
    assert sorted(each.value for each in third.mended()) == ["Frace", "Spian"]
    assert [dict(counts) for _, _, counts in third.past()] == [
        {"country_unknown": 1, "link_ending": 1},
        {"country_unknown": 2},
        {},
    ]
    assert len(kept.runs(site.load(folder), "list")) == kept.KEPT
    assert "0 findings (0 new, 2 mended since" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("name", "is not harvested; list is"),
        ("never", "was never harvested; solld harvest list"),
        ("lift", "lift.rq: is another than that of the last harvest"),
        ("copy", "is not what was taken in last"),
    ],
)
def test_what_cannot_be_reported_on_is_said(
    folder: Path, capsys: pytest.CaptureFixture[str], broken: str, said: str
) -> None:
    path = folder / "list.csv"
    path.write_text(f"{HEAD}\n{good(1)}", encoding="utf-8")
    assert solld(folder, "add-source", str(path), "--name", "list", *CC0) == 0
    if broken != "never":
        assert solld(folder, "harvest") == 0
    if broken == "lift":
        with (folder / "data/list/lift.rq").open("a") as file:
            file.write("# changed\n")
    if broken == "copy":
        (folder / "var/harvest/list/copy").write_text(HEAD)
    assert solld(folder, "report", "none" if broken == "name" else "list") == 2
    assert said in capsys.readouterr().err
    assert not (folder / "var/reports").exists()


def test_the_command_writes_each_format(defective: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    opened = reported(defective, "list")
    total = sum(number for number, _ in opened.counts().values())
    capsys.readouterr()
    assert solld(defective, "report", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert len(told["findings"]) == total == sum(each["findings"] for each in told["kinds"])
    for format in ("text", "html", "csv", "json"):
        assert solld(defective, "report", "list", "--format", format, "--out", str(tmp_path / format)) == 0
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text(encoding="utf-8-sig"), newline="")))
    assert len(rows) == total
    assert {row["state"] for row in rows} == {"new"}
    assert json.loads((tmp_path / "json").read_text(encoding="utf-8")) == told
    page = Reader((tmp_path / "html").read_bytes())
    assert len(page.all("style")) == 1  # the file stands alone
    assert not [each for each in page.all("link") if each["rel"] == "stylesheet"]
    assert sum(len(page.all("tr")) for _ in "1") > total
    text = (tmp_path / "text").read_text(encoding="utf-8")
    assert text.startswith(f"list: {opened.facts['records']} records")
    key = kept.key_of(site.load(defective), "list")
    assert text.rstrip().endswith(f"https://w3id.org/solld/report/list/{key}")
    assert solld(defective, "report", "list", "--out", str(tmp_path / "no" / "such")) == 2
    capsys.readouterr()
    assert solld(defective, "report", "list", "--new-key") == 0
    new = kept.key_of(site.load(defective), "list")
    assert new != key
    assert capsys.readouterr().out.rstrip().endswith(new)


# --- words ------------------------------------------------------------------------------------------------------------


def test_every_kind_can_be_said_in_every_language() -> None:
    said = {key.removeprefix("finding_"): texts for key, texts in messages.load().items() if key.startswith("finding_")}
    assert said.keys() == findings.kinds().keys()
    for kind, texts in said.items():
        for language in LANGUAGES:
            title, problem, mend = texts[language].split("|")
            assert title, kind
            assert problem.endswith((".", "}", ")")), kind
            assert mend.endswith("."), kind


def test_every_word_for_what_is_meant_is_needed() -> None:
    read = {"decimal", "date", *(name for name in values.OF if name not in ("dmy", "mdy"))}
    lacking = {kind.removesuffix("_missing") for kind in missing.HAS}
    assert {
        key.removeprefix("report_what_") for key in messages.load() if key.startswith("report_what_")
    } == read | lacking
    assert read <= READINGS.keys()
    for severity in findings.SEVERITIES:
        assert f"report_{severity.lower()}" in messages.load()


# --- the page ---------------------------------------------------------------------------------------------------------

TEXT = st.text(max_size=12) | st.sampled_from(["<script>", "</td>", '"', "=1+1", "é", "a\nb", "\ud800", "{n}"])
FINDING = st.builds(
    Finding,
    kind=st.sampled_from(["link_spaces", "country_unknown", "website_missing"]),
    place=TEXT,
    id=TEXT,
    name=TEXT,
    field=TEXT,
    value=TEXT,
)


def kept_report(tiny: Settings, some: list[Finding], run: str = "2026-11-25T130000Z", name: str = "lights") -> Report:
    facts = {"dataset": name, "title": "Lights", "url": "https://a.example/x", "source": "csv", "records": 5}
    facts |= {"harvested": "2026-11-25T13:00:00+00:00"}
    return Report.open(kept.write(tiny, name, run, facts, some, [Column("a", 3, ("text",)), Column("<b>", 5, ())]))


@settings(max_examples=60, deadline=None)
@given(st.lists(FINDING, max_size=6), st.lists(FINDING, max_size=6), st.sampled_from(LANGUAGES))
def test_whatever_is_found_can_be_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, before: list[Finding], after: list[Finding], language: str
) -> None:
    tiny = Settings(tmp_path_factory.mktemp("site"), "https://lights.example/", {"en": "Lights"}, languages=LANGUAGES)
    kept_report(tiny, before)
    opened = kept_report(tiny, after, "2026-11-26T130000Z")
    fresh = Counter(each.key for each in after if each.key not in {old.key for old in before})
    assert Counter(each.finding.key for k in opened.counts() for each in opened.findings(k) if each.fresh) == fresh
    assert len(list(opened.mended())) == sum(old.key not in {each.key for each in after} for old in before)
    for path in ("", "/report/lights/0"):
        page = Reader(write_page(opened, Asked(tiny, language, path)))
        anchors = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
        assert len(anchors) == len(set(anchors))
        assert {e["href"][1:] for e in page.all("a") if e["href"].startswith("#")} <= set(anchors)
        assert not page.all("script")
    rows = list(csv.reader(io.StringIO(b"".join(write_csv(opened, language)).decode("utf-8-sig"), newline="")))
    assert len(rows) == 1 + len(after) + len(list(opened.mended()))
    told = json.loads(b"".join(write_json(opened, language)))
    values_told = Counter((each["kind"], each["value"]) for each in told["findings"])
    assert values_told == Counter((each.kind, each.value.encode("utf-8", "replace").decode()) for each in after)


def test_a_large_report_is_shown_in_pages(tiny: Settings) -> None:
    number = 10_000
    many = [Finding("country_unknown", f"line {n}", str(n), f"Actor {n}", "country", f"x{n}") for n in range(number)]
    opened = kept_report(tiny, many)
    path = "/report/lights/0"
    first = write_page(opened, Asked(tiny, "en", path))
    assert len(first) < 30_000
    (link,) = [e for e in Reader(first).all("a") if e["text"] == "See all 10,000"]
    assert link["href"] == f"{path}?kind=country_unknown"
    seen: list[str] = []
    for n in range(1, number // as_html.PAGE + 1):
        page = Reader(write_page(opened, Asked(tiny, "en", path, kind="country_unknown", page=n)))
        seen += [each["text"] for each in page.all("code")]
        assert [e["rel"] for e in page.all("link") if e["rel"] in ("prev", "next")] == ["prev"] * (n > 1) + ["next"] * (
            n < number // as_html.PAGE
        )
    assert seen == [f"x{n}" for n in range(number)]
    for kind, n in (("country_unknown", number // as_html.PAGE + 1), ("no_such", 1), ("link_host", 1)):
        with pytest.raises(NotFound):
            write_page(opened, Asked(tiny, "en", path, kind=kind, page=n))
    alone = Reader(write_page(opened, Asked(tiny, "en")))
    assert len(alone.all("code")) == as_html.WHOLE + 1
    assert [e for e in alone.all("p") if e["text"] == "9,000 more in the CSV" or e["text"] == "9000 more in the CSV"]


@pytest.fixture
def private(tiny: Settings) -> Iterator[tuple[Published, str]]:
    """A published site with a report, and the key of that."""
    some = [Finding("country_unknown", "line 2", "1", "One", "country", "Frace"), Finding("link_host", "line 3")]
    kept_report(tiny, some).close()
    published = publish(tiny)
    yield published, kept.key_of(tiny, "lights")
    published.close()


@pytest.mark.parametrize(("language", "title"), [("fr", "Pays inconnu"), ("en", "Unknown country")])
def test_the_page_speaks_the_language_of_its_reader(private: tuple[Published, str], language: str, title: str) -> None:
    published, key = private
    answer = published.get(f"/report/lights/{key}", Accept="text/html", Accept_Language=language)
    assert (answer.status_code, answer.headers["Content-Language"]) == (200, language)
    page = Reader(answer.data)
    assert page.all("html", lang=language)
    assert page.all("a", href="#country_unknown")[0]["text"] == title


def test_the_page_is_private(private: tuple[Published, str]) -> None:
    published, key = private
    for path in (f"/report/lights/{key}", f"/report/lights/{key}.csv", f"/report/lights/{key}.json"):
        for _ in range(2):
            answer = published.get(path, Accept="*/*")
            assert answer.status_code == 200, path
            assert answer.headers["Cache-Control"] == "private, no-store"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert "ETag" not in answer.headers
    for path in ("/", "/dataset/lights", "/sitemap.xml", "/robots.txt", "/catalog.ttl", "/openapi.json", "/dump/"):
        assert key not in published.get(path, Accept="*/*").text
        assert "report/lights" not in published.get(path, Accept="*/*").text


@pytest.mark.parametrize(
    ("name", "key"),
    [("lights", "0" * 32), ("none", "0" * 32), ("lights", ""), ("..", "key"), ("lights", "é"), ("lights", "key")],
)
def test_a_wrong_key_is_told_as_a_wrong_name_is(private: tuple[Published, str], name: str, key: str) -> None:
    published, right = private
    answers = [
        published.get(f"/report/{each}/{wrong}{ending}", Accept="application/json")
        for ending in ("", ".csv", ".none")
        for each, wrong in ((name, key or right[:-1]), ("none", "1" * 32))
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert {answer.headers["Cache-Control"] for answer in answers} == {"private, no-store"}
    problems = [answer.get_json(force=True) for answer in answers]
    assert len({(problem["title"], problem["detail"].replace(problem["instance"], "")) for problem in problems}) == 1


def test_a_new_key_ends_the_old_address(private: tuple[Published, str]) -> None:
    published, key = private
    assert published.get(f"/report/lights/{key}").status_code == 200
    new = kept.key_of(published.settings, "lights", fresh=True)
    assert new != key == key.lower()
    assert len(new) == 32
    assert (kept.folder_of(published.settings, "lights") / "key").stat().st_mode & 0o007 == 0
    assert published.get(f"/report/lights/{key}").status_code == 404
    assert published.get(f"/report/lights/{new}").status_code == 200
    assert kept.key_of(published.settings, "lights") == new


def test_a_page_that_there_is_not_is_not_found(private: tuple[Published, str]) -> None:
    published, key = private
    path = f"/report/lights/{key}"
    assert published.get(f"{path}?kind=country_unknown&lang=en").status_code == 200
    for wrong in (f"{path}?kind=none", f"{path}?kind=country_unknown&page=2", f"{path}.ttl"):
        assert published.get(wrong, Accept="text/html").status_code == 404
    assert published.get(f"{path}?kind=country_unknown&page=0").status_code == 400
    assert published.get(path, Accept="image/png").status_code == 406


def test_the_page_is_there_on_a_real_server_as_soon_as_the_report_is(defective: Path) -> None:
    assert solld(defective, "publish") == 0
    port = free_port()
    command = [sys.executable, "-m", "solld", "serve", "--site", str(defective), "--port", str(port), "--workers", "1"]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def asked(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()

    try:
        for _ in range(200):
            try:
                assert asked("/health")[0] == 200
                break
            except OSError:
                assert server.poll() is None
                time.sleep(0.1)
        assert asked("/report/list/" + "0" * 32)[0] == 404
        opened = reported(defective, "list")
        key = kept.key_of(site.load(defective), "list")
        status, headers, body = asked(f"/report/list/{key}", Accept="text/html", Accept_Language="es")
        assert (status, headers["cache-control"], headers["content-language"]) == (200, "private, no-store", "es")
        page = Reader(body)
        assert {
            e["href"].removeprefix("#") for e in page.all("a") if e["href"].startswith("#")
        } >= opened.counts().keys()
        assert "script" not in {tag for tag, _ in page.elements}
        status, headers, body = asked(f"/report/list/{key}.csv")
        assert headers["content-type"] == "text/csv; charset=utf-8"
        assert body.count(b"\r\n") - 1 >= sum(n for n, _ in opened.counts().values())
    finally:
        server.terminate()
        server.wait(20)


def test_a_report_that_is_none_is_said_to_be_broken(tiny: Settings) -> None:
    kept_report(tiny, []).close()
    (path,) = kept.runs(tiny, "lights")
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE fact")
    with pytest.raises(Exception, match="no such table"):
        kept.newest(tiny, "lights")


def test_what_is_written_when_finding_fails_is_taken_away(tiny: Settings) -> None:
    def failing() -> Iterator[Finding]:
        yield Finding("link_host")
        raise NotFound("/x")

    with pytest.raises(NotFound):
        kept.write(tiny, "lights", "2026-11-25T130000Z", {"records": 0}, failing(), [])
    assert list(kept.folder_of(tiny, "lights").iterdir()) == []


def test_a_dataset_whose_personal_data_are_published_hides_none(folder: Path) -> None:
    path = folder / "list.csv"
    path.write_text("id,name,email\n1,One,a@b.org\n", encoding="utf-8")
    brought(folder, path, "list")
    assert "persons_left_out" in reported(folder, "list").counts()
    with (folder / "site.toml").open("a") as file:
        file.write('\n[harvest]\npersonal = ["list"]\n')
    path.write_text("id,name,email\n1,One,a@b.org\n2,Two,c@d.org\n", encoding="utf-8")
    assert solld(folder, "harvest", "list", "--accept") == 0
    loaded = site.load(folder)
    (dataset,) = [each for each in site.datasets(loaded) if harvested.is_harvested(each)]
    opened = Report.open(report.make(loaded, dataset, lambda text: None))
    assert "persons_left_out" not in opened.counts()


@pytest.mark.parametrize(
    ("what", "one", "other", "differ"),
    [
        ("name", "Épicerie du Coin", "EPICERIE DU COIN, SCOP", False),
        ("name", "Le Pain", "Le Vin", True),
        ("website", "http://www.pain.fr/nous", "https://pain.fr", False),
        ("website", "http://pain.fr", "http://vin.fr", True),
        ("website", "https://facebook.com/pain", "https://www.facebook.com/vin", True),
        ("website", "https://facebook.com/pain", "https://pain.fr", False),  # an actor may have both
        ("street", "7 New Bridge Street", "New Bridge Street 7", False),
        ("postcode", "SE1 4YR", "se14yr", False),
        ("postcode", "29200", "29000", True),
        ("founded", "2019", "2019-04-03", False),
        ("founded", "2018", "2019-04-03", True),
        ("country", "FR", "BE", True),
        ("point", "48.39, -4.48", "48.391, -4.481", False),
        ("point", "48.39, -4.48", "48.45, -4.48", True),
    ],
)
def test_what_is_said_differently_differs(what: str, one: str, other: str, differ: bool) -> None:
    assert list(sameness.differing({what: (one,)}, {what: (other,)})) == [what] * differ
    assert list(sameness.differing({what: (one, other)}, {what: (other,)})) == []
    assert list(sameness.differing({what: (one,)}, {})) == []


def test_another_name_of_theirs_is_a_name_too() -> None:
    mine, theirs = {"name": ("Le Pain",)}, {"name": ("La Boulange",), "names": ("Le Pain",)}
    assert list(sameness.differing(mine, theirs)) == []
    assert list(sameness.differing({"name": ("Le Vin",)}, theirs)) == ["name"]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3)), max_size=12))
def test_records_that_share_something_are_grouped_in_the_order_of_the_file(shared: list[tuple[int, int]]) -> None:
    groups = grouping.Groups()
    expected: dict[int, dict[int, Ref]] = {}
    for n, (key, apart) in enumerate(shared):
        ref = Ref(f"line {n}", str(n), "")
        groups.add(key, ref, f"key {key}", apart=f"address {apart}")
        expected.setdefault(key, {}).setdefault(apart, ref)
    several = [(f"key {key}", list(refs.values())) for key, refs in expected.items() if len(refs) > 1]
    assert list(groups.shared()) == several


def test_what_is_erased_is_in_no_report_any_more(private: tuple[Published, str]) -> None:
    published, key = private
    settings = published.settings
    assert published.get(f"/report/lights/{key}").status_code == 200
    identifier = published.ids["creach"]
    assert solld(settings.folder, "erase", identifier) == 0
    assert kept.runs(settings, "lights") == []
    assert published.get(f"/report/lights/{key}").status_code == 404
    assert kept.key_of(settings, "lights") == key
    kept_report(settings, []).close()
    assert published.get(f"/report/lights/{key}").status_code == 200


def test_what_a_lift_takes_for_a_point_may_be_none(tiny: Settings) -> None:
    said: Any = {SCHEMA.latitude.value: (Literal("north"),), SCHEMA.longitude.value: (Literal("2.3"),)}
    odd = Record("line 2", "1", "One", "https://a.example/key/a/1", {}, said)
    told = [each for check in findings.load() for each in check.begin(view(tiny)).see(odd)]
    assert [(each.kind, each.value) for each in told] == [("point_unreadable", "north, 2.3")]


@pytest.mark.parametrize(
    ("latitude", "longitude", "kinds"),
    [
        ("47.123", "2.1", []),
        ("47.12", "2.10", ["point_coarse"]),
        ("47.1200", "2.12", ["point_coarse"]),
        ("47", "2.1234", []),
    ],
)
def test_a_point_is_as_good_as_the_better_of_its_coordinates(
    tiny: Settings, latitude: str, longitude: str, kinds: list[str]
) -> None:
    said: Any = {SCHEMA.latitude.value: (Literal(latitude),), SCHEMA.longitude.value: (Literal(longitude),)}
    watch = points.Points(view(tiny))
    assert [each.kind for each in watch.see(Record("line 2", "1", "One", "x", {}, said))] == kinds


def test_which_column_a_property_is_made_of_is_told_by_its_values() -> None:
    read = {"town": ("text",), "region": ("text",), "site": ("url",), "web": ("url",), "other": ("text",)}
    every = []
    for n in range(10):
        region = f"Town {n}" if n < 4 else "Region"  # some towns are regions
        cells = {"town": (f" Town {n}",), "region": (region,), ("web" if n % 2 else "site"): (f"a{n}.fr",)}
        said: Any = {
            SCHEMA.addressLocality.value: (Literal(f"Town {n}"),),
            SCHEMA.url.value: (NamedNode(f"http://a{n}.fr"),),
        }
        every.append(Record(f"line {n}", str(n), "", "x", cells, said))
    found_columns = fields.of(every, read)
    assert found_columns[SCHEMA.addressLocality.value] == ("town",)
    assert set(found_columns[SCHEMA.url.value]) == {"site", "web"}
    assert found_columns.keys() == {SCHEMA.addressLocality.value, SCHEMA.url.value}
