"""Forgetting, when the law says so: nothing is left anywhere but that the address was erased, and when."""

import csv
import gzip
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import identifiers, publish
from serving import serving
from solld import build, fates, ldes, ledger, release, restored, site, verify
from solld.cli import main
from solld.errors import BadData
from solld.history import History, erasing
from solld.model import Settings
from test_ldes import Follower, merged_view
from test_versions import LIGHTS, Clock, edit

BASE = "https://lights.example/"
PERSON = '<jeanne-durand> a light:Lighthouse ; skos:prefLabel "Jeanne Durand"@fr ; light:sees <creach> ;\n'
PERSON += "  light:height 1.7 .\n"
POINTS = "<creach> light:sees <jeanne-durand> .\n"
SECRETS = (b"Jeanne", b"Durand", b"jeanne-durand")


@pytest.fixture
def lived(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> tuple[Settings, str, Clock]:
    """Three releases in which somebody is told of, pointed at and changed; their identifier."""
    monkeypatch.setattr(ldes, "SIZE", 7)
    clock = Clock(monkeypatch)
    with (tiny.folder / LIGHTS).open("a", encoding="utf-8") as file:
        file.write(PERSON + POINTS)
    publish(tiny).close()
    for old, new in (("1.7", "1.8"), ("1.8", "1.9")):
        clock.next_day()
        edit(tiny, old, new)
        publish(tiny).close()
    return tiny, identifiers(tiny)["jeanne-durand"], clock


def erase(settings: Settings, *ids: str) -> int:
    return main(["erase", *ids, "--date", "2026-11-25", "--site", str(settings.folder)])


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The bytes of each file of a site, but for what its keeper writes; unpacked where they are packed."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "lights.ttl":
            content = path.read_bytes()
            yield path, content
            if path.suffix == ".gz":
                yield path, gzip.decompress(content)
    past = History.read_only(folder / "var" / "history.sqlite")
    for iri in [row[0] for row in past._db.execute("SELECT iri FROM resource")]:
        for version in past.versions(iri):
            yield Path(iri), version.quads
    past.close()


def secrets(settings: Settings) -> list[tuple[str, bytes]]:
    return [
        (str(path), secret) for path, content in everything(settings.folder) for secret in SECRETS if secret in content
    ]


def test_nothing_is_left_anywhere(lived: tuple[Settings, str, Clock], capsys: pytest.CaptureFixture[str]) -> None:
    settings, person, clock = lived
    main(["export", "merged.nq.gz", "--site", str(settings.folder)])
    assert len({secret for _, secret in secrets(settings)}) == 3
    clock.next_day()
    assert erase(settings, person) == 0
    assert "lights.ttl" in capsys.readouterr().err  # where it still has to be deleted
    assert secrets(settings) == []
    assert release.numbers(settings) == [4]
    assert verify.verify(settings) == []
    published = publish(settings)
    for path in (
        "/dump/merged.nq.gz",
        "/dump/lights.csv",
        "/dump/2026-01-01.1/lights.nq.gz",
        "/changes.json",
        "/catalog.nt",
    ):
        answer = published.get(path)
        assert answer.status_code == 200
        content = gzip.decompress(answer.data) if path.endswith(".gz") else answer.data
        assert not any(secret in content for secret in SECRETS), path
    old = restored.make(settings, 1, lambda text: None)
    assert old.number == 1
    assert secrets(settings) == []
    published.close()


def test_the_tombstone_says_only_that(lived: tuple[Settings, str, Clock]) -> None:
    settings, person, _ = lived
    main(["withdraw", person, "--why", "Jeanne Durand asked us to", "--site", str(settings.folder)])
    publish(settings).close()
    assert erase(settings, person) == 0
    published = publish(settings)
    assert secrets(settings) == []
    for path in (
        *(f"/id/{person}", f"/doc/{person}", f"/doc/{person}.ttl", f"/version/{person}/1", f"/doc/{person}/versions"),
        *(f"/timegate/doc/{person}", f"/timemap/doc/{person}", f"/linkset/doc/{person}"),
    ):
        answer = published.get(path, Accept="application/problem+json")
        assert answer.status_code == 410, path
        told = json.loads(answer.data)
        assert (told["date"], told["reason"], told["last_version"]) == ("2026-11-25", "erased", "")
        assert "version/" not in answer.headers.get("Link", "")
    (row,) = (row for row in csv.DictReader(published.get("/tombstones.csv").text.splitlines()) if person in row["id"])
    assert row == {"id": f"{BASE}id/{person}", "date": "2026-11-25", "why": "erased", "last": ""}
    assert published.get(f"/id/{person}?info", Accept="application/json").json["status"] == "withdrawn"  # type: ignore[index]
    for path in (f"/doc/{published.ids['creach']}.ttl", f"/version/{published.ids['creach']}/1.ttl"):
        answer = published.get(path)  # what pointed there does not any more, in the past either
        assert answer.status_code == 200
        assert person not in answer.text
    published.close()


def test_followers_are_told_and_new_ones_never_see_it(lived: tuple[Settings, str, Clock]) -> None:
    settings, person, clock = lived
    published = publish(settings)
    early = Follower()
    early.follow(published)
    published.close()
    assert f"{BASE}id/{person}" in early.copy
    clock.next_day()
    assert erase(settings, person) == 0
    published = publish(settings)
    moved = [path for path in early.closed if published.get(path).status_code == 410]
    assert moved
    for path, body in early.closed.items():
        assert path in moved or published.get(path).data == body
    early.follow(published)
    late = Follower()
    late.follow(published)
    for follower in (early, late):
        assert f"{BASE}id/{person}" not in follower.copy
    assert set().union(*late.copy.values()) == merged_view(settings)
    assert not any("Durand" in each for said in late.copy.values() for each in said)
    assert any("-r1" in path for path in late.asked)
    published.close()


def test_what_comes_again_from_its_source_stays_away(lived: tuple[Settings, str, Clock]) -> None:
    settings, person, clock = lived
    erase(settings, person)
    clock.next_day()
    edit(settings, "1.9", "2.0")  # the file still has it, and is harvested anew
    published = publish(settings)
    assert secrets(settings) == []
    assert published.get(f"/id/{person}").status_code == 410
    assert not any("jeanne" in line for line in (settings.folder / "data/lights/ids.csv").read_text().splitlines())
    assert len(identifiers(settings)) == 4
    published.close()
    shutil.rmtree(settings.var)  # a clone, without the history
    published = publish(settings)
    assert published.get(f"/id/{person}").status_code == 410
    assert secrets(settings) == []
    published.close()


def test_what_leads_there_goes_along_and_nothing_undoes_it(lived: tuple[Settings, str, Clock]) -> None:
    settings, person, _ = lived
    ids = identifiers(settings)
    main(["merge", ids["stiff"], person, "--why", "Jeanne Durand lives there", "--site", str(settings.folder)])
    publish(settings).close()
    assert erase(settings, ids["stiff"]) == 0
    published = publish(settings)
    assert secrets(settings) == []
    for each in (ids["stiff"], person):
        assert published.get(f"/id/{each}").status_code == 410
    assert person not in published.get("/redirects.csv").text
    published.close()
    for act in (
        ["restore", person],
        ["merge", person, ids["creach"]],
        ["merge", ids["creach"], person],
        ["withdraw", person],
    ):
        assert main([*act, "--why", "undo", "--site", str(settings.folder)]) == 1
    for line in ("ids.csv", "../fates.csv"):
        path = settings.folder / "data" / "lights" / line
        text = path.read_text()
        path.write_text("\n".join(row for row in text.splitlines() if person not in row) + "\n")
        with pytest.raises(BadData):
            build.build(settings)
        path.write_text(text)


@pytest.mark.parametrize("step", ["fates", "ledger", "history", "build", "publish"])
def test_an_outage_at_any_step_is_ended_by_doing_it_again(
    lived: tuple[Settings, str, Clock], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    settings, person, _ = lived

    def fail(*args: object, **kwargs: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        targets = {
            "fates": (fates, "forget"),
            "ledger": (ledger, "forget"),
            "history": (erasing, "erase"),
            "build": (build, "build"),
            "publish": (release, "publish"),
        }
        patch.setattr(*targets[step], fail)
        assert erase(settings, person) == 130
    if step in ("build", "publish"):
        assert main(["publish", "--site", str(settings.folder)]) == 0  # that is enough, from here on
    else:
        assert erase(settings, person) == 0
    assert secrets(settings) == []
    assert verify.verify(settings) == []


def test_a_kill_at_any_moment_is_ended_by_doing_it_again(lived: tuple[Settings, str, Clock]) -> None:
    settings, person, _ = lived
    command = [sys.executable, "-m", "solld", "erase", person, "--site", str(settings.folder)]
    for delay in (0.35, 0.45, 0.55, 0.65):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert secrets(settings) == []
    assert verify.verify(site.load(settings.folder)) == []


def test_only_what_was_issued_can_be_erased(lived: tuple[Settings, str, Clock]) -> None:
    settings, _, _ = lived
    before = (settings.folder / "data" / "lights" / "ids.csv").read_text()
    assert erase(settings, "4k7r2dm9q") == 1
    assert (settings.folder / "data" / "lights" / "ids.csv").read_text() == before
    assert not (settings.folder / "data" / "fates.csv").exists()


def test_a_server_that_runs_forgets_at_once(lived: tuple[Settings, str, Clock]) -> None:
    settings, person, _ = lived
    with serving(settings.folder, "--workers", "2") as server:
        assert server.ask("", path=f"/doc/{person}.ttl").status == 200
        assert server.ask(f"ASK {{ <{BASE}id/{person}> ?p ?o }}").read()
        done = subprocess.run(
            [sys.executable, "-m", "solld", "erase", person, "--site", str(settings.folder)], capture_output=True
        )
        assert done.returncode == 0, done.stderr
        until = time.monotonic() + 10
        while server.ask("", path=f"/doc/{person}.ttl").status != 410:
            assert time.monotonic() < until
            time.sleep(0.1)
        for _ in range(8):  # whichever process answers
            assert server.ask("", path=f"/doc/{person}.ttl").status in (200, 410)
        time.sleep(1)
        for _ in range(8):
            assert server.ask("", path=f"/doc/{person}.ttl").status == 410
            assert server.ask(f"ASK {{ <{BASE}id/{person}> ?p ?o }}", Accept="text/csv").read().strip() == b"false"
        assert secrets(settings) == []
