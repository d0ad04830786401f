"""What is judged is followed by builds, told by checks, undone by later lines, and forgotten when the law says so."""

import csv
import io
import json
from pathlib import Path

import pytest

from conftest import Published, identifiers, publish
from solld import build, fates, site, verify
from solld.cli import main
from solld.link import candidates, consequences, judgements
from solld.link.candidates import Candidate, Candidates, Reason
from solld.link.judgements import DIFFERENT, MACHINE, RELATED, SAME, UNDO, Judgement
from solld.model import Finding, Settings
from test_fates import BASE, LABEL, asked
from test_versions import LIGHTS, Clock, edit

CHARTS = """@prefix light: <https://lights.example/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<ouessant> a light:Lighthouse ; skos:prefLabel "Feu d'Ouessant"@fr ; skos:altLabel "Phare du Créac'h" ;
  light:height 47.0 .
<alexandria> a light:Lighthouse ; skos:prefLabel "Lighthouse of Alexandria"@en ; light:sees <ouessant> .
"""
DATASET = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<> a dcat:Dataset ; dct:title "Charts"@en ; dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .
"""


@pytest.fixture
def sea(tiny: Settings) -> Settings:
    """The tiny site with another source, which tells of two of the same lights."""
    charts = tiny.folder / "data" / "charts"
    charts.mkdir()
    (charts / "dataset.ttl").write_text(DATASET, encoding="utf-8")
    (charts / "charts.ttl").write_text(CHARTS, encoding="utf-8")
    build.build(tiny)
    return tiny


@pytest.fixture
def ids(sea: Settings) -> dict[str, str]:
    return identifiers(sea)


def judge(settings: Settings, verdict: str, *keys: str, who: str = "Léa", when: str = "2026-11-25T10:00:00Z") -> None:
    known = identifiers(settings)
    line = Judgement(known[keys[0]], known[keys[1]], verdict, who, when, "seen, both", "0.9", "rules 1")
    judgements.record(settings, [line], lambda identifier: True)


def led(published: Published, ids: dict[str, str]) -> dict[str, str]:
    """key -> the key of what it leads to."""
    keys = {f"/id/{identifier}": key for key, identifier in ids.items()}
    answers = {key: published.get(f"/id/{identifier}") for key, identifier in ids.items()}
    return {key: keys[each.headers["Location"]] for key, each in answers.items() if each.status_code == 301}


def own(published: Published, ids: dict[str, str]) -> dict[str, list[str]]:
    """key -> the lines of its document that sources say about it; the catalogue chooses examples as it likes."""
    texts = {key: published.get(f"/doc/{each}.nq").text for key, each in ids.items()}
    return {
        key: sorted(line for line in text.splitlines() if f"<{BASE}id/{ids[key]}" in line and "/dataset/" in line[-60:])
        for key, text in texts.items()
    }


def about_judgements(settings: Settings) -> list[Finding]:
    return [each for each in build.check(settings).findings if each.path == "data/judgements.csv"]


def decided(settings: Settings, act: str, *ids: str) -> int:
    return main([act, *ids, "--why", "by hand", "--site", str(settings.folder)])


def test_a_judgement_is_followed_and_its_sources_are_left_alone(sea: Settings, ids: dict[str, str]) -> None:
    judge(sea, SAME, "ouessant", "creach", who=MACHINE)
    judge(sea, RELATED, "pharos", "alexandria")
    (told,) = about_judgements(sea)
    assert told.message.startswith("a build will have 1 identifiers lead to others")
    published = publish(sea)
    (loser, winner) = next(iter(led(published, ids).items()))
    assert {loser, winner} == {"ouessant", "creach"}
    answer = published.get(f"/id/{ids[loser]}")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/id/{ids[winner]}")
    assert published.get(f"/id/{ids[winner]}").status_code == 303
    names = f"SELECT DISTINCT ?l {{ <{BASE}id/{ids[winner]}> ?p ?l }}"
    assert {"Phare du Créac'h", "Creach"} <= set(asked(published, names))
    for graph, key, name in (("charts", "ouessant", "Feu d'Ouessant"), ("lights", "creach", "Creach")):
        own = f"SELECT ?l {{ GRAPH <{BASE}dataset/{graph}> {{ <{BASE}id/{ids[key]}> <{LABEL}> ?l }} }}"
        assert name in asked(published, own)
    (row,) = csv.DictReader(io.StringIO(published.get("/redirects.csv").text))
    assert row["why"] == "data/judgements.csv: seen, both (solld)"
    assert about_judgements(sea) == []
    assert verify.verify(sea) == []


def test_a_build_without_new_judgements_looks_for_nothing(
    sea: Settings, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(sea, SAME, "ouessant", "creach")
    assert build.build(sea).fresh
    monkeypatch.setattr(consequences, "follow", None)
    assert not build.build(sea).fresh
    edit(sea, "32.4", "33.3")
    assert build.build(sea).fresh


def test_a_chain_is_one_hop_and_undoing_a_part_goes_back(sea: Settings, ids: dict[str, str]) -> None:
    plain = own(publish(sea), ids)
    for pair in (("creach", "ouessant"), ("ouessant", "alexandria"), ("alexandria", "pharos")):
        judge(sea, SAME, *pair)
    published = publish(sea)
    assert len(led(published, ids)) == 3
    assert len(set(led(published, ids).values())) == 1
    assert verify.verify(sea) == []
    judge(sea, UNDO, "alexandria", "ouessant")
    published = publish(sea)
    assert {frozenset(each) for each in led(published, ids).items()} == {
        frozenset({"creach", "ouessant"}),
        frozenset({"pharos", "alexandria"}),
    }
    assert verify.verify(sea) == []
    judge(sea, DIFFERENT, "creach", "ouessant")
    judge(sea, UNDO, "pharos", "alexandria")
    published = publish(sea)
    assert own(published, ids) == plain
    assert verify.verify(sea) == []


@pytest.mark.parametrize("stays", ["creach", "ouessant"])
def test_what_another_word_stood_against_is_there_again(sea: Settings, ids: dict[str, str], stays: str) -> None:
    goes = "ouessant" if stays == "creach" else "creach"  # one has a height with a digit that does not count
    assert decided(sea, "merge", ids[goes], ids[stays]) == 0
    publish(sea).close()
    assert verify.verify(sea) == []
    judge(sea, DIFFERENT, "creach", "ouessant")
    published = publish(sea)
    assert verify.verify(sea) == []
    for key, height in (("creach", "54.85"), ("ouessant", "47")):
        assert asked(published, f"SELECT ?h {{ <{BASE}id/{ids[key]}> <{BASE}ns#height> ?h }}") == [height]


def test_a_person_is_heard_before_a_machine_and_what_is_not_followed_is_told(
    sea: Settings, ids: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    judge(sea, SAME, "creach", "ouessant", who=MACHINE)
    judge(sea, SAME, "ouessant", "alexandria")
    judge(sea, DIFFERENT, "creach", "alexandria")
    (told,) = (each for each in about_judgements(sea) if each.severity == "Warning")
    assert (told.line, told.value) == (2, MACHINE)
    assert "line 4 says" in told.message
    published = publish(sea)
    assert {frozenset(each) for each in led(published, ids).items()} == {frozenset({"ouessant", "alexandria"})}
    edit(sea, "32.4", "33.3")
    assert told in build.build(sea).findings  # and is told as long as it stands
    assert main(["check", "--site", str(sea.folder)]) == 0
    assert "data/judgements.csv:2: warning: " in capsys.readouterr().err


def test_what_was_withdrawn_waits_and_what_was_the_same_went_along(sea: Settings, ids: dict[str, str]) -> None:
    assert decided(sea, "withdraw", ids["pharos"]) == 0
    judge(sea, SAME, "pharos", "alexandria")
    judge(sea, SAME, "creach", "ouessant")
    published = publish(sea)
    (winner,) = led(published, ids).values()
    assert winner in ("creach", "ouessant")
    assert [each.severity for each in about_judgements(sea)] == ["Info"]
    assert decided(sea, "withdraw", ids[winner]) == 0
    published = publish(sea)
    assert published.get(f"/id/{ids[winner]}").status_code == 410
    assert list(led(published, ids).values()) == [winner]
    assert verify.verify(sea) == []
    for key in ("pharos", winner):
        assert decided(sea, "restore", ids[key]) == 0
    assert len(led(publish(sea), ids)) == 2
    assert verify.verify(sea) == []


@pytest.mark.parametrize("act", ["restore", "split"])
def test_what_a_judgement_would_merge_again_is_not_restored_by_hand(
    sea: Settings, ids: dict[str, str], act: str, capsys: pytest.CaptureFixture[str]
) -> None:
    judge(sea, SAME, "creach", "ouessant")
    ((loser, winner),) = led(publish(sea), ids).items()
    before = fates.path_of(sea.folder).read_bytes()
    assert decided(sea, act, ids[loser], *[ids[winner]] * (act == "split")) == 1
    said = capsys.readouterr().err
    assert "judgements.csv:2: " in said
    assert "solld review" in said
    assert fates.path_of(sea.folder).read_bytes() == before
    judge(sea, UNDO, "creach", "ouessant")
    assert decided(sea, act, ids[loser], *[ids[winner]] * (act == "split")) == 0
    assert led(publish(sea), ids) == {}


def test_what_was_judged_two_is_not_merged_by_hand(
    sea: Settings, ids: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    judge(sea, DIFFERENT, "creach", "ouessant")
    assert decided(sea, "merge", ids["ouessant"], ids["creach"]) == 1
    assert "judgements.csv:2: " in capsys.readouterr().err
    assert not fates.path_of(sea.folder).exists()


def test_a_wrong_line_stops_the_build_and_is_named(
    sea: Settings, ids: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    judge(sea, SAME, "creach", "ouessant")
    path = judgements.path_of(sea.folder)
    path.write_text(path.read_text(encoding="utf-8").replace(",same,", ",equal,"), encoding="utf-8")
    for command in ("check", "publish"):
        assert main([command, "--site", str(sea.folder)]) == 1
        assert "judgements.csv:2: 'equal' is no verdict (field 'verdict')" in capsys.readouterr().err


def test_a_merge_is_undone_a_year_later(sea: Settings, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    publish(sea).close()
    judge(sea, SAME, "creach", "ouessant", when="2026-01-02T10:00:00Z")
    clock.next_day()
    ((loser, winner),) = led(publish(sea), ids).items()
    charts = sea.folder / "data" / "charts" / "charts.ttl"
    for month in range(12):  # meanwhile both sources go on, and others are merged
        for _ in range(30):
            clock.next_day()
        edit(sea, "54.850" if month == 0 else f"54.{month}", f"54.{month + 1}")
        charts.write_text(CHARTS.replace(" 47.0 ", f" {48 + month}.0 "), encoding="utf-8")
        if month == 5:
            judge(sea, SAME, "pharos", "alexandria", when="2026-07-01T10:00:00Z")
        published = publish(sea)
        assert published.get(f"/id/{ids[loser]}").headers["Location"] == f"/id/{ids[winner]}"
    judge(sea, UNDO, "creach", "ouessant", when="2027-01-03T10:00:00Z")
    clock.next_day()
    published = publish(sea)
    assert set(map(frozenset, led(published, ids).items())) == {frozenset({"pharos", "alexandria"})}
    for key, height, other in (("creach", '"54.12"', '"59"'), ("ouessant", '"59"', '"54.12"')):
        text = published.get(f"/doc/{ids[key]}.nt").text
        mine = [line for line in text.splitlines() if line.startswith(f"<{BASE}id/{ids[key]}>")]
        assert any(height in line for line in mine)
        assert not any(other in line for line in mine)
    then = json.loads(published.get(f"/doc/{ids[winner]}/versions.json").text)["versions"]
    assert len(then) >= 14  # what it was while it was both stays to be seen
    assert verify.verify(sea) == []
    assert (sea.folder / LIGHTS).exists()


def test_a_clone_without_its_history_leads_where_judgements_say(
    sea: Settings, ids: dict[str, str], tmp_path: Path
) -> None:
    judge(sea, SAME, "creach", "ouessant")
    clone = tmp_path / "clone"
    main(["check", "--site", str(sea.folder)])
    (clone / "data").mkdir(parents=True)
    for each in ("site.toml", "ontology", "queries", "data"):
        (sea.folder / each).rename(clone / each)
    published = publish(site.load(clone))
    assert len(led(published, ids)) == 1


def test_who_judged_and_why_is_forgotten_with_what_is_erased(sea: Settings, ids: dict[str, str]) -> None:
    judge(sea, SAME, "creach", "ouessant", who="Jeanne")
    judge(sea, DIFFERENT, "pharos", "alexandria")
    path = candidates.path_of(sea)
    opened = Candidates.open(path)
    reason = Reason("name-alike", 3.0, "Créac'h-secret", "Phare")
    for one, other in (("creach", "ouessant"), ("pharos", "alexandria")):
        first, second = sorted((ids[one], ids[other]))
        why = reason if one == "creach" else Reason("name-alike", 1.0)
        opened.put([Candidate(first, second, "same", 0.9, 0.05, False, (why,))])
    opened.close()
    publish(sea).close()
    before = judgements.path_of(sea.folder).read_text(encoding="utf-8").splitlines()
    assert main(["erase", ids["creach"], "--site", str(sea.folder)]) == 0
    after = judgements.path_of(sea.folder).read_text(encoding="utf-8").splitlines()
    assert len(after) == len(before)
    assert after[1].split(",")[3:6] == ["erased", "2026-11-25T10:00:00Z", "erased"]
    assert after[2] == before[2]
    for file in (path, path.with_name(path.name + "-wal"), fates.path_of(sea.folder)):
        assert b"secret" not in (content := file.read_bytes() if file.exists() else b"")
        assert b"Jeanne" not in content
    left = Candidates.read_only(path)
    assert left.number() == 1
    left.close()
    assert not build.build(sea).fresh
    assert verify.verify(sea) == []
