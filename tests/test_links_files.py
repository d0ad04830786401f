"""What others join their lists with: links.csv, and the same as SSSOM, with what is guessed kept apart."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import TINY, Published, identifiers, publish
from solld import build, mappings, site
from solld.cli import main
from solld.exports.links import COLUMNS
from solld.link.judgements import DIFFERENT, MACHINE, RELATED
from solld.rdf import OWL, SKOS
from test_links import guessed, judge

MORE = """@prefix light: <https://lights.example/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
<creac-h> a light:Lighthouse ; skos:prefLabel "Phare du Créac’h"@fr ;
  owl:sameAs <https://phares.example/créach> , <http://www.wikidata.org/entity/Q1412000> ;
  skos:closeMatch <http://lights.other.example:8080/x?y=1> ;
  adms:identifier <creac-h#siret> ; prov:wasDerivedFrom <https://theirs.example/lights/17> .
<creac-h#siret> a adms:Identifier ; skos:notation "552 081 317 66522" ; adms:schemaAgency "FR-SIRET" .
<stiff-2> a light:Lighthouse ; skos:prefLabel "Stiff"@fr ; prov:wasDerivedFrom <nividic> .
<nividic> a light:Lighthouse ; skos:prefLabel "Nividic"@fr .
"""
DATASET = """@prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<> a dcat:Dataset ; dct:title "Theirs"@en ; dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .
"""
BASE = "https://lights.example/"


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    """Two directories: a light that is in both (merged), one related, one different, one guessed."""
    folder = tmp_path_factory.mktemp("linked") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    (folder / "data" / "theirs").mkdir()
    (folder / "data" / "theirs" / "dataset.ttl").write_text(DATASET, encoding="utf-8")
    (folder / "data" / "theirs" / "lights.ttl").write_text(MORE, encoding="utf-8")
    settings = site.load(folder)
    build.build(settings)
    ids = identifiers(settings)
    main(["merge", ids["creac-h"], ids["creach"], "--why", "the same tower", "--site", str(folder)])
    judge(settings, ids["creach"], ids["stiff"], RELATED)
    judge(settings, ids["stiff"], ids["nividic"], DIFFERENT, MACHINE, "0.03")
    guessed(settings, (ids["stiff"], ids["stiff-2"], 0.93, 0.02), (ids["pharos"], ids["nividic"], 0.25, 0.0))
    published = publish(settings)
    yield published
    published.close()


def rows(published: Published) -> dict[str, dict[str, str]]:
    found = csv.DictReader(io.StringIO(published.get("/links.csv").text, newline=""))
    keys = {f"{BASE}id/{identifier}": key for key, identifier in published.ids.items()}
    return {keys[row["uri"]]: row for row in found}


def test_a_directory_finds_its_ids_with_ours_and_those_of_others(linked: Published) -> None:
    ids = linked.ids
    found = rows(linked)
    assert set(found) == {"creach", "stiff", "pharos", "creac-h", "stiff-2", "nividic"}
    theirs = found["creac-h"]
    assert tuple(theirs) == COLUMNS
    assert theirs == {
        "uri": f"{BASE}id/{ids['creac-h']}",
        "canonical": f"{BASE}id/{ids['creach']}",
        "state": "merged",
        "dataset": "theirs",
        "id": "creac-h",
        "page": "https://theirs.example/lights/17",
        "name": "Phare du Créac’h",
        "wikidata": "Q1412000",
        "registers": "FR-INSEE-552081317 | FR-SIRET-55208131766522",
        "same": "https://phares.example/créach",
        "also": "lights:creach",
        "related": f"{BASE}id/{ids['stiff']}",
        "license": "https://creativecommons.org/publicdomain/zero/1.0/",
    }
    ours = found["creach"]
    assert (ours["state"], ours["also"], ours["wikidata"]) == ("stands", "theirs:creac-h", "Q1412000")
    assert found["nividic"]["related"] == ""
    assert found["stiff-2"]["also"] == ""  # a guess is no link
    assert found["stiff-2"]["page"] == ""  # what it was told after is here, and no page of the source


def test_it_is_a_file_to_keep(linked: Published) -> None:
    answer = linked.get("/links.csv")
    assert answer.status_code == 200
    assert answer.content_type == "text/csv; charset=utf-8; header=present"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="links.csv"'
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert linked.get("/links.csv", If_None_Match=answer.headers["ETag"]).status_code == 304
    head = linked.client.head("/links.csv")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["ETag"] == answer.headers["ETag"]
    assert linked.get("/export/links.csv").data == answer.data


def sssom(published: Published) -> tuple[list[str], list[dict[str, str]]]:
    lines = published.get("/links.sssom.tsv").text.splitlines()
    head = [line[1:] for line in lines if line.startswith("#")]
    return head, list(csv.DictReader(lines[len(head) :], delimiter="\t"))


def test_sssom_tells_who_said_what_and_what_is_a_guess(linked: Published) -> None:
    keys = {f"id:{identifier}": key for key, identifier in linked.ids.items()}
    _, found = sssom(linked)
    told = {
        (*sorted(keys.get(row[each], row[each]) for each in ("subject_id", "object_id")), row["predicate_id"]): row
        for row in found
    }
    assert set(told) == {
        ("creac-h", "creach", "owl:sameAs"),
        ("creach", "stiff", "skos:relatedMatch"),
        ("nividic", "stiff", "skos:exactMatch"),
        ("stiff", "stiff-2", "skos:closeMatch"),
        ("nividic", "pharos", "skos:closeMatch"),
        ("creac-h", "phares.example:cr%C3%A9ach", "owl:sameAs"),
        ("creac-h", "wikidata:Q1412000", "owl:sameAs"),
        ("creac-h", "lights.other.example-8080-http:x?y=1", "skos:closeMatch"),
    }
    related, different = (
        told[each] for each in (("creach", "stiff", "skos:relatedMatch"), ("nividic", "stiff", "skos:exactMatch"))
    )
    assert (related["author_label"], related["mapping_justification"]) == ("Léa", "semapv:ManualMappingCuration")
    assert (related["confidence"], related["mapping_date"]) == ("", "2026-11-25")
    assert (different["predicate_modifier"], different["author_label"]) == ("Not", "solld")
    assert (different["confidence"], different["similarity_score"]) == ("", "0.03")  # that they are the same
    guess = told["stiff", "stiff-2", "skos:closeMatch"]
    assert (guess["author_label"], guess["confidence"], guess["mapping_tool_version"]) == ("", "0.930", "rules 1")
    assert guess["mapping_justification"] == "semapv:CompositeMatching"
    assert {guess["subject_label"], guess["object_label"]} == {"Le Stiff", "Stiff"}
    assert {guess["subject_source"], guess["object_source"]} == {"dataset:lights", "dataset:theirs"}
    assert told["creac-h", "creach", "owl:sameAs"]["comment"] == "the same tower"


def test_sssom_says_what_it_is(linked: Published) -> None:
    head, _ = sssom(linked)
    told = dict(line.split(": ", 1) for line in head if ": " in line)
    assert json.loads(told["mapping_set_id"]) == f"{BASE}links.sssom.tsv"
    assert json.loads(told["license"]).startswith("https://")
    assert json.loads(told["  phares.example"]) == "https://phares.example/"


def test_every_identifier_is_a_curie_that_is_declared(linked: Published) -> None:
    head, found = sssom(linked)
    known = {line.split(":")[0].strip() for line in head if line.startswith("  ")}
    for row in found:
        for column in ("subject_id", "predicate_id", "object_id", "mapping_justification"):
            prefix, _, local = row[column].partition(":")
            assert prefix in known
            assert local.isascii()


def test_what_we_write_we_can_read(linked: Published, tmp_path: Path) -> None:
    path = tmp_path / f"links{mappings.ENDING}"
    path.write_bytes(linked.get("/links.sssom.tsv").data)
    found = {(t.predicate, t.object.value) for t in mappings.read(path, BASE)}  # type: ignore[union-attr]
    assert (OWL.sameAs, "http://www.wikidata.org/entity/Q1412000") in found
    assert (SKOS.closeMatch, "http://lights.other.example:8080/x?y=1") in found
    assert not [each for each in found if each[0] == SKOS.exactMatch]  # it was denied


def test_files_are_the_same_of_a_release_and_exported(linked: Published, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(linked.settings.folder)
    for file in ("links.csv", "links.sssom.tsv"):
        assert main(["export", file, "--site", folder]) == 0
        assert Path(capsys.readouterr().out.strip()).read_bytes() == linked.get(f"/{file}").data


def test_what_is_withdrawn_or_erased_is_not_in_them(tiny: object, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    settings = site.load(folder)
    build.build(settings)
    ids = identifiers(settings)
    guessed(settings, (ids["stiff"], ids["pharos"], 0.9, 0.0))
    main(["withdraw", ids["stiff"], "--why", "w", "--site", str(folder)])
    published = publish(settings)
    try:
        for path in ("/links.csv", "/links.sssom.tsv"):
            assert ids["stiff"] not in published.get(path).text
        assert ids["creach"] in published.get("/links.csv").text
    finally:
        published.close()
