"""What a kill, a second build and a full disk do: nothing to the release that is served; the next build is right."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from solld import build, release, site, verify
from solld.model import Settings
from solld.stores.embedded import EmbeddedStore

KILLS = 40
LIGHTS = Path("data/lights/lights.ttl")


def command(settings: Settings, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "solld", *arguments, "--site", str(settings.folder)]


def more(settings: Settings, start: int, number: int) -> None:
    """Adds lighthouses, so that a build has something to do."""
    with (settings.folder / LIGHTS).open("a", encoding="utf-8") as file:
        for i in range(start, start + number):
            file.write(f'<new{i}> a light:Lighthouse ; skos:prefLabel "New {i}"@en ; light:sees <creach> .\n')


def dump(folder: Path) -> list[str]:
    return sorted(map(str, EmbeddedStore.open(folder / "store").quads()))


@pytest.mark.timeout(300)
def test_a_kill_at_any_moment_leaves_the_served_release_whole_and_the_next_build_right(tiny: Settings) -> None:
    more(tiny, 0, 100)
    subprocess.run(command(tiny, "publish"), check=True, capture_output=True)
    started = time.monotonic()
    more(tiny, 300, 100)
    subprocess.run(command(tiny, "publish"), check=True, capture_output=True)
    whole = time.monotonic() - started
    chance = random.Random(7)
    killed = 0
    for turn in range(KILLS):
        more(tiny, 600 + turn * 20, 20)
        process = subprocess.Popen(command(tiny, "publish"), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(chance.uniform(0.05, whole * 1.1))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        served = release.current(tiny)
        assert served is not None
        assert verify.verify(tiny) == []
    assert killed > KILLS / 4
    subprocess.run(command(tiny, "publish"), check=True, capture_output=True)
    final = release.current(tiny)
    assert final is not None
    survived = dump(final.folder)
    shutil.rmtree(tiny.var)
    again = build.build(tiny).release
    assert again is not None
    assert dump(again.folder) == survived


@pytest.mark.timeout(60)
def test_of_two_builds_at_once_the_second_says_so_and_leaves(tiny: Settings) -> None:
    with release.locked(tiny):
        second = subprocess.run(command(tiny, "build"), capture_output=True, text=True, check=False)
    assert second.returncode == 3
    assert "another build of this site is running" in second.stderr
    assert subprocess.run(command(tiny, "build"), capture_output=True, check=False).returncode == 0


@pytest.mark.timeout(120)
def test_a_full_disk_is_told_and_harms_nothing(tmp_path: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("a small file system can only be mounted by root")
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        shutil.copytree(Path(__file__).parent / "sites/tiny", disk / "site")
        settings = site.load(disk / "site")
        subprocess.run(command(settings, "publish"), check=True, capture_output=True)
        before = dump((settings.var / "current").resolve())
        more(settings, 0, 12_000)
        failed = subprocess.run(command(settings, "publish"), capture_output=True, text=True, check=False)
        assert failed.returncode == 3, failed.stderr
        assert "Traceback" not in failed.stderr
        assert "No space left" in failed.stderr or "full" in failed.stderr
        assert dump((settings.var / "current").resolve()) == before
        assert [p.name for p in (settings.var / "releases").iterdir()] == ["1"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_json_is_for_machines(tiny: Settings) -> None:
    done = subprocess.run(command(tiny, "publish", "--json"), capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["published"] == 1
