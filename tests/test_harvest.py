"""Harvesting: one command brings the records of a directory in, and a second one only what changed."""

import csv
import io
import json
import shutil
from collections import defaultdict
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import ROOT
from solld import cli
from solld.harvested.state import State
from solld.harvesting.taking import take
from solld.history import History
from solld.rdf import Literal, triples_of
from solld.sources import Row
from solld.sources.lift import lifted

Said = dict[str, dict[str, list[str]]]
BASE = "https://example.org/key/a/"
QUERY = """PREFIX column: <urn:x-solld:column:> PREFIX ex: <https://example.org/>
CONSTRUCT { ?thing ex:name ?name ; ex:kind ?kind . ?kind ex:label ?label ; ex:of <kinds> . <kinds> ex:name "kinds" }
WHERE { ?row column:id ?id BIND(IRI(?id) AS ?thing)
  { ?row column:name ?name } UNION { ?row column:kind ?label BIND(IRI(CONCAT("kind-", ?label)) AS ?kind) } }"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for name in ("ontology", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "site.toml", tmp_path)
    (tmp_path / "data").mkdir()
    return tmp_path


def solld(site: Path, *arguments: str) -> int:
    return cli.main([*arguments, "--site", str(site)])


def said(site: Path, name: str) -> Said:
    """key -> local name of a property -> its values, of what was harvested."""
    state = State.read_only(site / "var" / "harvest" / name / "state.sqlite")
    found: Said = defaultdict(lambda: defaultdict(list))
    for resource in state.names():
        for each in triples_of(state.lines(resource)):
            local = each.predicate.value.replace("#", "/").rpartition("/")[2]
            value = each.object.value if hasattr(each.object, "value") else str(each.object)
            language = each.object.language if isinstance(each.object, Literal) else None
            found[resource.rpartition("/")[2]][local].append(f"{value}@{language}" if language else value)
    state.close()
    return found


def test_every_row_of_a_table_is_there_with_its_digits(site: Path, shared: Path) -> None:
    path = shared / "data" / "coops-uk" / "2023-Q2_standard.csv"
    assert solld(site, "add-source", str(path), "--name", "coops") == 0
    assert solld(site, "harvest") == 0
    found = said(site, "coops")
    columns = {
        "Street Address": "streetAddress",
        "Locality": "addressLocality",
        "Region": "addressRegion",
        "Postcode": "postalCode",
        "Country ID": "addressCountry",
        "Geo Container Latitude": "latitude",
        "Geo Container Longitude": "longitude",
        "Companies House Number": "notation",
        "Website": "url",
    }
    for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")):
        thing = found[row["Identifier"]]
        assert thing["prefLabel"] == [f"{row['Name'].strip()}@en"]
        assert row["Identifier"] in thing["identifier"]
        for column, local in columns.items():
            assert thing.get(local, []) == ([row[column].strip()] if row[column].strip() else []), (row, column)


def test_every_place_of_a_map_is_there_in_its_languages(site: Path, shared: Path) -> None:
    path = shared / "data" / "susy-ssedas" / "susy-ssedas.geojson"
    assert solld(site, "add-source", str(path), "--name", "susy") == 0
    assert solld(site, "harvest") == 0
    found = said(site, "susy")
    for place in json.loads(path.read_text(encoding="utf-8"), parse_float=str, parse_int=str)["features"]:
        properties, thing = place["properties"], found[place["properties"]["_id"]]
        assert thing["prefLabel"] == [f"{properties['name'].strip()}@und"]
        assert [thing["longitude"], thing["latitude"]] == [[each] for each in place["geometry"]["coordinates"]]
        for column, text in properties.items():
            if column.startswith("description:") and text.strip() and "removed]" not in text:
                language = column.partition(":")[2].replace("gr", "el")
                assert f"{text.strip()}@{language}" in thing["description"]


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("coops-uk/2016_open_data_organisations.csv", {"name": "Trading Name", "postcode": "Registered Postcode"}),
        (
            "ess-numerique-fr/x_enriched.csv",
            {"key": "siren", "name": "denomination", "rna": "rna", "website": "site_web"},
        ),
        ("ess-numerique-fr/04_ess_flag_insee.csv", {"key": "siren", "name": "denominationUniteLegale"}),
        ("tech-coops/tech-coops.csv", {"key": "id", "name": "name", "website": "website", "description": "notes"}),
        ("gogocarto/susy-fr-be-gb.gogocarto.json", {"key": "id", "latitude": "geo.latitude", "page": "sourceUrl"}),
    ],
)
def test_columns_of_real_files_are_guessed(
    site: Path, shared: Path, capsys: pytest.CaptureFixture[str], name: str, roles: dict[str, str]
) -> None:
    assert solld(site, "add-source", str(shared / "data" / name), "--json", "--dry-run") == 0
    found = json.loads(capsys.readouterr().out)
    columns = {role: column for use in found["mapping"] for role, column in use["columns"].items()}
    assert roles.items() <= columns.items()
    assert found["samples"]
    assert not list((site / "data").iterdir())


def test_a_site_is_published_from_what_was_harvested_and_only_changes_are_read(
    site: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = site / "list.csv"
    rows = [f"{n},Coop {n},Brest,4{n % 10}.50,-4.1,food\n" for n in range(30)]
    head = "id,name,city,lat,lng,category\n"

    def published(content: list[str], *accept: str) -> dict[str, int]:
        file.write_text(head + "".join(content), encoding="utf-8")
        assert solld(site, "harvest", *accept) == 0
        capsys.readouterr()
        assert solld(site, "publish", "--json") == 0
        return dict(json.loads(capsys.readouterr().out)["changes"])

    file.write_text(head + "".join(rows), encoding="utf-8")
    free = ("--license", "https://creativecommons.org/publicdomain/zero/1.0/")
    assert solld(site, "add-source", str(file), "--name", "list", *free) == 0
    first = published(rows)
    assert first["created"] > 30
    assert published(rows) in ({}, {"updated": 1})  # the catalogue tells of the run
    changed = published([rows[0].replace("Coop 0", "Coop zero"), *rows[1:-1], "99,New,Brest,45.0,1.5,food\n"])
    assert (changed["created"], changed["removed"]) == (1, 1)
    assert changed["updated"] <= 2


def test_a_source_that_shrinks_waits_for_a_person(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = site / "list.csv"
    rows = [f"{n},Coop {n}\n" for n in range(100)]
    file.write_text("id,name\n" + "".join(rows), encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list") == 0
    assert solld(site, "harvest") == 0
    file.write_text("id,name\n" + "".join(rows[:50]), encoding="utf-8")
    assert solld(site, "harvest") == 3
    assert "50 records, and had 100" in capsys.readouterr().out
    assert len(said(site, "list")) == 100
    assert solld(site, "harvest", "--accept") == 0
    assert len(said(site, "list")) == 50


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("nr,name", "has no 'id' any more"),
        ("id,title", "has no 'name' any more"),
        ("name,id", "would end 20 of 20 resources"),
    ],
)
def test_a_source_whose_columns_are_others_waits_for_a_person(
    site: Path, header: str, reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = site / "list.csv"
    lines = "".join(f"{n},Lamp {n}\n" for n in range(20))
    file.write_text(f"id,name\n{lines}", encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list") == 0
    assert solld(site, "harvest") == 0
    before = said(site, "list")
    file.write_text(f"{header}\n{lines}", encoding="utf-8")
    assert solld(site, "harvest") == 3
    assert reason in capsys.readouterr().out
    assert said(site, "list") == before
    assert solld(site, "harvest", "--accept") == 0


def test_a_lift_may_make_others_of_all_records(site: Path) -> None:
    file = site / "list.csv"
    file.write_text("id,name\n" + "".join(f"{n},Lamp {n}\n" for n in range(20)), encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list") == 0
    assert solld(site, "harvest") == 0
    lift = site / "data" / "list" / "lift.rq"
    lift.write_text(lift.read_text(encoding="utf-8").replace("text:id ?key", "text:name ?key"), encoding="utf-8")
    assert solld(site, "harvest") == 0
    assert "Lamp%203" in said(site, "list")


@pytest.mark.parametrize("content", ["", '{"a": 1}', "id,name\n1,a,b,c\n"])
def test_what_was_good_stays_when_a_source_breaks(site: Path, content: str) -> None:
    file = site / "list.csv"
    file.write_text("id,name\n1,One\n2,Two\n", encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list") == 0
    assert solld(site, "harvest") == 0
    before = said(site, "list")
    file.write_text(content, encoding="utf-8")
    assert solld(site, "harvest") == 3
    assert said(site, "list") == before


def test_contact_data_of_persons_are_left_out_and_counted(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = site / "list.csv"
    text = "id,name,email,Phone,description\n1,THE@TRE.COM,a@b.org,0102,Write to jane@b.org please\n2,Two,c@d.org,,x\n"
    file.write_text(text, encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list") == 0
    capsys.readouterr()
    assert solld(site, "harvest", "--json") == 0
    (run,) = json.loads(capsys.readouterr().out)
    assert run["facts"]["dropped"] == {"Phone": 1, "description": 1, "email": 2}
    found = said(site, "list")
    assert "b.org" not in repr(found)
    assert found["1"]["prefLabel"][0].startswith("THE@TRE.COM")


def test_of_two_records_with_one_key_none_is_lost(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = site / "list.csv"
    head = "id,name,city,lat,lng,founded,website\n"
    many = [f"{n},Coop {n},Nice,43.{n},7.2,2000,https://c{n}.example/\n" for n in range(10, 150)]
    double = [
        "1,One,Lyon,45.1,4.8,2001,https://one.example/\n",
        "1,Uno,Lyon,45.2,4.9,2002,https://uno.example/\n",
    ]
    free = ("--license", "https://creativecommons.org/publicdomain/zero/1.0/", "--language", "en")
    found: list[list[bytes]] = []
    for rows in ([*double, *many], [*many, *double[::-1]]):  # whatever their order
        file.write_text(head + "".join(rows), encoding="utf-8")
        known = ("--again",) if found else ()
        assert solld(site, "add-source", str(file), "--name", "list", *free, *known) == 0
        shutil.rmtree(site / "var", ignore_errors=True)
        assert solld(site, "harvest") == 0
        capsys.readouterr()
        assert solld(site, "publish", "--json") == 0
        told = json.loads(capsys.readouterr().out)
        (warning,) = told["findings"]
        assert warning["severity"] == "Warning"
        assert "several records have this key" in warning["message"]
        line = next(e for e in (site / "data/list/ids.csv").read_text().splitlines() if e.split(",")[1] == "1")
        past = History.read_only(site / "var" / "history.sqlite")
        version = past.latest(f"https://w3id.org/solld/id/{line.split(',')[0]}")
        assert version
        found.append([each for each in version.quads.split(b"\n") if b"generated" not in each.lower()])
        past.close()
    assert found[0] == found[1]
    text = b"\n".join(found[0])
    assert text.count(b"prefLabel>") == text.count(b"latitude>") == text.count(b"foundingDate>") == 1
    assert b"https://one.example/" in text
    assert b"https://uno.example/" in text


def test_records_within_objects_of_their_own_are_found(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = site / "list.json"
    one = {
        "organisation": {"uid": "x1", "display_name": "Green", "homepage": "https://g.example"},
        "position": {"type": "Point", "coordinates": [-1.50, 53.8]},
    }
    other = {**one, "organisation": {"uid": "x2", "display_name": "Blue"}}
    file.write_text(json.dumps({"count": 2, "results": [one, other]}), encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list", "--language", "en") == 0
    assert solld(site, "harvest") == 0
    found = said(site, "list")
    assert found["x1"]["prefLabel"] == ["Green@en"]
    assert found["x1"]["longitude"] == ["-1.5"]
    assert found["x1"]["latitude"] == ["53.8"]
    assert found["x2"]["prefLabel"] == ["Blue@en"]


def test_the_name_of_a_place_is_not_that_of_what_is_there(site: Path) -> None:
    organisation = {"type": "Organization", "location": {"type": "Place", "name": "Nantes"}}
    items = [{"id": f"https://a.example/{n}", "name": f"Actor {n}", **organisation} for n in range(5)]
    page = {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection", "orderedItems": items}
    (site / "list.jsonld").write_text(json.dumps(page), encoding="utf-8")
    assert solld(site, "add-source", str(site / "list.jsonld"), "--name", "actors") == 0
    assert solld(site, "harvest", "actors") == 0
    names = {name.partition("@")[0] for each in said(site, "actors").values() for name in each.get("prefLabel", [])}
    assert {f"Actor {n}" for n in range(5)} <= names
    assert "Nantes" not in names


def test_one_number_is_no_pair_of_coordinates(site: Path) -> None:
    lines = "".join(f'{n},Lamp {n},"56.{n}, -5.{n}0"\n' for n in range(9))
    (site / "lamps.csv").write_text(f"id,name,coordinates\n{lines}9,Lamp 9,56.9\n", encoding="utf-8")
    assert solld(site, "add-source", str(site / "lamps.csv"), "--name", "lamps") == 0
    assert solld(site, "harvest", "lamps") == 0
    found = said(site, "lamps")
    assert found["3"]["latitude"] == ["56.3"]
    assert found["3"]["longitude"] == ["-5.30"]
    assert not found["9"]["latitude"]


@pytest.mark.parametrize(
    ("header", "used"),
    [
        ("Nazwa;KRS;Miejscowość;Ulica;Kod pocztowy;Strona WWW", "name key locality street postcode website"),
        ("Название;ИНН;Город;Адрес;Почтовый индекс;Сайт", "name key locality street postcode website"),
        ("名称;法人番号;市区町村;住所;郵便番号;ウェブサイト", "name key locality street postcode website"),
        ("Επωνυμία;Αριθμός Μητρώου;Πόλη;Διεύθυνση;Τ.Κ.;Ιστοσελίδα", "name key locality street postcode website"),
        ("Firma;Register-Nr.;Ort;Straße (Sitz);PLZ;Internetadresse", "name key locality street postcode website"),
        (
            "Denominazione;Codice Fiscale;Comune;Indirizzo;CAP;Sito Internet",
            "name key locality street postcode website",
        ),
        (
            "Raison sociale;Identifiant;Commune;Adresse;Code postal;Site web",
            "name key locality street postcode website",
        ),
    ],
)
def test_columns_are_known_in_many_languages(
    site: Path, header: str, used: str, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "".join(f"Lamp {n};N{n};Oban;Pier {n};0123{n};www.l{n}.org\n" for n in range(9))
    (site / "list.csv").write_text(f"{header}\n{lines}", encoding="utf-8")
    assert solld(site, "add-source", str(site / "list.csv"), "--dry-run", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    roles = {role: column for use in facts["mapping"] for role, column in use["columns"].items()}
    assert {role: roles.get(role) for role in used.split()} == dict(zip(used.split(), header.split(";"), strict=True))
    assert not facts["unused"]


def test_a_column_that_is_not_what_it_is_called_is_told(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = "".join(f"{n},Lamp {n},65246{n}.02,686203{n}.26,4000{n},1,23457E+13\n" for n in range(9))
    (site / "list.csv").write_text(f"siret,name,x,latitude,founded,b,c\n{lines}", encoding="utf-8")
    assert solld(site, "add-source", str(site / "list.csv"), "--dry-run", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    told = {(each["column"], each["as"], each["value"]) for each in facts["unreadable"]}
    assert {("latitude", "point", "6862030.26"), ("founded", "founded", "40000")} <= told
    assert "point" not in {use["fragment"] for use in facts["mapping"]}


def test_of_columns_of_one_name_all_are_read_that_may_be_several(site: Path) -> None:
    lines = "".join(f"{n},Lamp {n},http://a{n}.org,http://b{n}.org\n" for n in range(9))
    (site / "list.csv").write_text(f"id,name,url,url\n{lines}", encoding="utf-8")
    assert solld(site, "add-source", str(site / "list.csv"), "--name", "twice") == 0
    assert solld(site, "harvest", "twice") == 0
    assert sorted(said(site, "twice")["3"]["url"]) == ["http://a3.org", "http://b3.org"]


def test_no_number_of_a_register_is_lost(site: Path) -> None:
    lines = "".join(f"Lamp {n};000{n};0777{n};01{n}\n" for n in range(9))
    (site / "list.csv").write_text(f"Nazwa;KRS;NIP;REGON\n{lines}", encoding="utf-8")
    assert solld(site, "add-source", str(site / "list.csv"), "--name", "numbers") == 0
    assert solld(site, "harvest", "numbers") == 0
    assert sorted(said(site, "numbers")["0003"]["notation"]) == ["0003", "013", "07773"]


def test_what_maps_say_of_a_place_is_of_the_place(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tags = [{"name": f"Lamp {n}", "addr:city": "Oban", "website": f"https://l{n}.org"} for n in range(9)]
    elements = [{"type": "node", "id": n, "lat": 56.5, "lon": -5.25, "tags": tags[n]} for n in range(9)]
    (site / "map.json").write_text(json.dumps({"version": 0.6, "elements": elements}), encoding="utf-8")
    assert solld(site, "add-source", str(site / "map.json"), "--dry-run", "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    used = {column for use in facts["mapping"] for column in use["columns"].values()}
    assert {"tags.name", "tags.addr:city", "tags.website", "lat", "lon"} <= used


def test_no_address_is_made_up_for_a_page_that_does_not_know_its_own(site: Path) -> None:
    file = site / "page.html"
    item = '<div itemscope itemtype="https://schema.org/Organization"><b itemprop="name">{}</b>{}</div>'
    link = '<a itemprop="url" href="{}">site</a>'
    links = (link.format("https://a.example/"), link.format("/b"))
    body = "".join(map(item.format, ("A", "B"), links))
    file.write_text(f"<!DOCTYPE html><html><body>{body}</body></html>", encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "page", "--language", "en") == 0
    assert solld(site, "harvest") == 0
    text = repr(said(site, "page"))
    assert "relative.invalid" not in text
    assert "https://a.example/" in text


def test_there_is_one_dataset_of_a_name(site: Path) -> None:
    file = site / "list.csv"
    file.write_text("id,name\n1,One\n", encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "list") == 0
    assert solld(site, "add-source", str(file), "--name", "list") == 2
    assert solld(site, "add-source", str(file), "--name", "list", "--again") == 0
    assert (site / "data" / "list" / "lift.rq.before").exists()
    assert solld(site, "harvest", "none") == 2


CELLS = st.fixed_dictionaries(
    {"id": st.sampled_from("abcdef"), "name": st.sampled_from(["x", "y"]), "kind": st.sampled_from("pqr")}
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(CELLS, max_size=8), min_size=1, max_size=5))
def test_what_is_kept_is_what_the_last_rows_say(
    tmp_path_factory: pytest.TempPathFactory, lists: list[list[dict[str, str]]]
) -> None:
    def rows(cells: list[dict[str, str]]) -> list[Row]:
        return [Row(f"line {n}", {column: (value,) for column, value in each.items()}) for n, each in enumerate(cells)]

    def kept(path: Path, contents: list[list[dict[str, str]]]) -> dict[str, list[bytes]]:
        state = State.open(path)
        for run, cells in enumerate(contents, 1):
            state.begin()
            take(state, partial(rows, cells), lambda batch: lifted(batch, QUERY, BASE), "lift", run)
            state.commit()
        found = {name: state.lines(name) for name in state.names()}
        state.close()
        return found

    folder = tmp_path_factory.mktemp("state")
    assert kept(folder / "all.sqlite", lists) == kept(folder / "last.sqlite", lists[-1:])
