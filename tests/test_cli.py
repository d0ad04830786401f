"""The command line: what it prints, and its exit status."""

import io
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ports import free_port
from solld import progress
from solld.cli import main
from solld.model import Settings


def run(settings: Settings, *arguments: str) -> int:
    return main([*arguments, "--site", str(settings.folder)])


def test_a_good_site_conforms(tiny: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tiny, "check") == 0
    assert "conforms" in capsys.readouterr().out


def test_violations_exit_1_with_file_and_line(tiny: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    path = tiny.folder / "data/lights/lights.ttl"
    path.write_text(path.read_text().replace('"Pharos of Alexandria"@en', '"Pharos"@en ; light:hight 3.0'))
    assert run(tiny, "publish") == 1
    assert "data/lights/lights.ttl:13: violation: unknown term" in capsys.readouterr().err


def test_a_folder_without_a_site_exits_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["build", "--site", str(tmp_path)]) == 2
    assert "there is no site here" in capsys.readouterr().err


def test_wrong_use_exits_2() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["polish"])
    assert stopped.value.code == 2


@pytest.mark.parametrize("command", [["serve"], ["rollback"], ["verify"]])
def test_without_a_release_one_is_told_what_to_do(
    tiny: Settings, command: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(tiny, *command) == 2
    assert "solld build" in capsys.readouterr().err


def test_releases_and_rollback(tiny: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    run(tiny, "publish")
    path = tiny.folder / "data/lights/lights.ttl"
    path.write_text(path.read_text().replace("54.850", "55.1"))
    run(tiny, "publish")
    capsys.readouterr()
    run(tiny, "releases", "--json")
    rows = json.loads(capsys.readouterr().out)
    assert [(row["release"], row["current"]) for row in rows] == [(1, False), (2, True)]
    assert run(tiny, "rollback") == 0
    assert run(tiny, "verify") == 0
    assert run(tiny, "rollback", "7") == 2


def test_build_does_not_publish(tiny: Settings) -> None:
    run(tiny, "build")
    assert not (tiny.var / "current").exists()


def test_new_site_makes_a_site_that_publishes(tmp_path: Path) -> None:
    assert main(["new-site", str(tmp_path / "mine")]) == 0
    assert main(["publish", "--site", str(tmp_path / "mine")]) == 0
    assert main(["new-site", str(tmp_path / "mine")]) == 2


def fetched(address: str, seconds: float = 20) -> dict[str, object]:
    """JSON from a server that may still be starting."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                found: dict[str, object] = json.load(answer)
                return found
        except urllib.error.URLError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)  # it listens when its workers have opened the release


@pytest.mark.timeout(90)
def test_a_running_server_changes_to_a_newly_published_release(
    tiny: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    run(tiny, "publish")
    port = free_port()
    command = [sys.executable, "-m", "solld", "serve", "--site", str(tiny.folder), "--port", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert fetched(f"http://127.0.0.1:{port}/health")["release"] == 1
        assert run(tiny, "serve", "--port", str(port)) == 3  # it is taken
        assert f"port {port}" in capsys.readouterr().err
        path = tiny.folder / "data/lights/lights.ttl"
        path.write_text(path.read_text().replace("54.850", "55.1"))
        run(tiny, "publish")
        deadline = time.monotonic() + 10
        while {fetched(f"http://127.0.0.1:{port}/health")["release"] for _ in range(8)} != {2}:
            assert time.monotonic() < deadline
        run(tiny, "rollback")
        deadline = time.monotonic() + 10
        while {fetched(f"http://127.0.0.1:{port}/health")["release"] for _ in range(8)} != {1}:
            assert time.monotonic() < deadline
    finally:
        server.terminate()
        assert server.wait(20) is not None


@pytest.mark.timeout(90)
def test_a_server_that_is_stopped_while_it_starts_ends(tiny: Settings) -> None:
    run(tiny, "publish")
    for _ in range(3):
        port = free_port()
        command = [sys.executable, "-m", "solld", "serve", "--site", str(tiny.folder), "--port", str(port)]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            fetched(f"http://127.0.0.1:{port}/health")  # one web process is there, and the other not yet
            server.terminate()
            assert server.wait(8) == 0
        finally:
            server.kill()


def test_who_waits_at_a_terminal_sees_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = io.StringIO()
    terminal.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(progress, "AFTER", 0)
    with progress.bar(progress.Progress(), "checking list", "resources", 200) as tick:
        time.sleep(0.15)
        tick(50)
        time.sleep(0.15)
        tick(50)
    shown = terminal.getvalue()
    assert "checking list" in shown
    assert re.search(r"50%.*100/200 \[00:0\d<00:0\d, +[\d.]+ resources/s\]", shown)
    terminal.truncate(0)
    with progress.bar(progress.quiet, "checking list", "resources", 200) as tick:
        tick(50)
    assert terminal.getvalue() == ""
