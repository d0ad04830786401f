"""`solld match` compares what is new, judges what is certain, and never says anything against a person."""

import json
from pathlib import Path
from typing import Any

import pytest

from conftest import identifiers
from solld import build, matching, push
from solld.cli import main
from solld.link import candidates, judgements
from solld.link.candidates import Candidates
from solld.link.judgements import DIFFERENT, SAME, UNDO, Judgement
from solld.link.record import Record, record_of
from solld.model import Settings
from solld.progress import quiet

DATASET = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<> a dcat:Dataset ; dct:title "{name}"@en ; dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .
"""
THING = """@prefix light: <https://lights.example/ns#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
<{key}> a light:Lighthouse ; skos:prefLabel "{name}"@en ; light:height 20.0 ; schema:location <{key}#place> ;
  schema:url <https://{host}.org/> .
<{key}#place> schema:addressLocality "{town}" ; schema:postalCode "9990" .
"""


@pytest.fixture
def coast(tiny: Settings) -> Settings:
    """The tiny site with two more sources, which have one lighthouse in common."""
    write(tiny, "east", THING.format(key="e1", name="Skagen Grå Fyr", host="graafyr", town="Skagen"))
    other = THING.format(key="w2", name="Rubjerg Knude", host="rubjerg", town="Lønstrup")
    write(tiny, "west", THING.format(key="w1", name="Skagen Gra Fyr", host="graafyr", town="Skagen") + other)
    return tiny


def write(settings: Settings, name: str, things: str) -> None:
    folder = settings.folder / "data" / name
    folder.mkdir(exist_ok=True)
    (folder / "dataset.ttl").write_text(DATASET.format(name=name), encoding="utf-8")
    (folder / "things.ttl").write_text(things, encoding="utf-8")


def publish(settings: Settings) -> None:
    outcome = build.build(settings, quiet)
    assert outcome.release
    push.publish(settings, outcome.release.number, quiet)


def match(settings: Settings, capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, int]:
    capsys.readouterr()
    assert main(["match", "--site", str(settings.folder), "--json", *options]) == 0
    found: dict[str, int] = json.loads(capsys.readouterr().out)
    return found


def lines(settings: Settings) -> list[Judgement]:
    return list(judgements.read(judgements.path_of(settings.folder), lambda identifier: True).lines)


def test_what_is_certain_is_judged_once(coast: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(coast)
    assert match(coast, capsys, "--dry-run")["judged"] == 1
    assert not lines(coast)
    first = match(coast, capsys)
    assert (first["judged"], first["changed"]) == (1, 0)  # the dry run compared it
    (line,) = lines(coast)
    ids = identifiers(coast)
    assert (set(line.pair), line.verdict, line.by_machine) == ({ids["e1"], ids["w1"]}, SAME, True)
    assert "the same name" in line.why
    assert line.method.startswith("solld ")
    assert match(coast, capsys) == first | {"judged": 0}


def test_only_what_is_new_is_compared_and_what_is_gone_leaves(
    coast: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    publish(coast)
    before = match(coast, capsys, "--dry-run")
    write(coast, "east", THING.format(key="e1", name="Skagen Grå Fyr", host="graafyr", town="Skagen"))
    write(coast, "west", THING.format(key="w1", name="Hirtshals", host="hirtshals", town="Hirtshals"))
    publish(coast)
    after = match(coast, capsys, "--dry-run")
    assert (after["changed"], after["gone"], after["records"]) == (1, 1, before["records"] - 1)
    assert after["candidates"] < before["candidates"]
    again = match(coast, capsys, "--dry-run", "--all")
    assert again["candidates"] == after["candidates"]


def test_of_several_releases_the_newest_version_is_compared(
    coast: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(coast)
    match(coast, capsys, "--dry-run")
    for name in ("Skagen Vippefyr", "Skagen Hvide Fyr", "Skagen Høje Fyr"):
        write(coast, "east", THING.format(key="e1", name=name, host="graafyr", town="Skagen"))
        publish(coast)
    read: list[bytes] = []

    def reading(iri: str, lines: list[bytes], *others: Any) -> Record:
        read.append(b"\n".join(lines))
        return record_of(iri, lines, *others)

    monkeypatch.setattr("solld.link.following.record_of", reading)
    assert match(coast, capsys, "--dry-run")["changed"] == 1
    (east,) = [each for each in read if b"/dataset/east" in each]
    assert "Skagen Høje Fyr".encode() in east


def test_the_machine_takes_back_what_is_no_longer_certain(coast: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(coast)
    match(coast, capsys)
    write(coast, "west", THING.format(key="w1", name="Hirtshals", host="hirtshals", town="Hirtshals"))
    publish_without_following(coast)
    found = match(coast, capsys)
    assert found["undone"] == 1
    assert [line.verdict for line in lines(coast)] == [SAME, UNDO]


def publish_without_following(settings: Settings) -> None:
    """As if the source had changed before the judgement was followed."""
    path = judgements.path_of(settings.folder)
    kept = path.read_bytes()
    path.unlink()
    publish(settings)
    path.write_bytes(kept)


def test_nothing_is_said_against_a_person(coast: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(coast)
    ids = identifiers(coast)
    person = Judgement(ids["e1"], ids["w1"], DIFFERENT, "Léa", "2026-11-25T10:00:00Z", "two towers")
    judgements.record(coast, [person], lambda identifier: True)
    assert match(coast, capsys)["judged"] == 0
    assert lines(coast) == [person]
    assert main(["match", "--site", str(coast.folder)]) == 0
    assert "0 judged the same" in capsys.readouterr().out


def test_a_run_that_was_killed_is_made_again(
    coast: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(coast)
    before = match(coast, capsys, "--dry-run")

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    write(coast, "east", THING.format(key="e1", name="Skagen Grå Fyrtårn", host="graafyr", town="Skagen"))
    publish(coast)
    with monkeypatch.context() as patch:
        patch.setattr(matching, "_compare", killed)
        with pytest.raises(KeyboardInterrupt):
            matching.match(coast, quiet)
    after = match(coast, capsys, "--dry-run")
    assert (after["changed"], after["candidates"]) == (1, before["candidates"])
    assert next(iter(stored(coast))).one == min(identifiers(coast)["e1"], identifiers(coast)["w1"])


def stored(settings: Settings) -> list[candidates.Candidate]:
    kept = Candidates.read_only(candidates.path_of(settings))
    try:
        return list(kept.all())
    finally:
        kept.close()


def test_candidates_that_are_gone_are_looked_for_again(coast: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(coast)
    before = match(coast, capsys, "--dry-run")
    for path in candidates.path_of(coast).parent.glob("candidates.sqlite*"):
        path.unlink()
    assert match(coast, capsys, "--dry-run")["candidates"] == before["candidates"] > 0


def test_what_is_erased_leaves_what_was_compared(coast: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    publish(coast)
    match(coast, capsys)
    erased = identifiers(coast)["e1"]
    (coast.folder / "data/east/things.ttl").write_text("", encoding="utf-8")
    assert main(["erase", erased, "--site", str(coast.folder)]) == 0
    publish(coast)
    assert match(coast, capsys, "--dry-run")["candidates"] == 0
    for path in (coast.var / "match").iterdir():
        content = path.read_bytes()
        assert "Skagen Grå Fyr".encode() not in content, path  # its address alone is what is left


def test_a_site_without_a_release_is_told_so(
    tmp_path: Path, tiny: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["match", "--site", str(tiny.folder)]) != 0
    assert "there is no release yet" in capsys.readouterr().err
