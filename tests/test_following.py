"""Each line of docs/following.md, against a real server."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT, TINY, publish
from serving import serving
from solld import site

TEXT = (ROOT / "docs" / "following.md").read_text(encoding="utf-8")
LINES = re.findall(r"^ {4}(\S.*)$", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL), re.MULTILINE)
HOME = "http://127.0.0.1:8000"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("following") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    publish(site.load(folder)).close()
    with serving(folder, "--workers", "1") as server:
        yield f"http://127.0.0.1:{server.port}"


def test_every_command_does_something(home: str, tmp_path: Path) -> None:
    assert len(LINES) == 7
    for line in LINES:
        if line.startswith("npx"):
            continue
        done = subprocess.run(line.replace(HOME, home), shell=True, cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 0, (line, done.stderr)
        assert done.stdout or "-O" in line, line
    assert (tmp_path / "merged.nq.gz").stat().st_size > 100


def test_the_event_stream_is_read_with_the_client_that_is_named(home: str, ldes_client: Path, tmp_path: Path) -> None:
    (line,) = (line for line in LINES if line.startswith("npx"))
    command = line.replace("npx ldes-client@0.3.0", str(ldes_client)).replace(HOME, home)
    first, second = (
        subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, check=True) for _ in range(2)
    )
    assert first.stdout.count(b"activitystreams#Create") > 5
    assert b"activitystreams#Create" not in second.stdout


def test_the_follower_follows(home: str, tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    (tmp_path / "follow.py").write_text(code.replace(HOME, home), encoding="utf-8")
    done = subprocess.run([sys.executable, tmp_path / "follow.py"], capture_output=True, check=True, text=True)
    assert re.fullmatch(r"\d\d+ things are described; go on from 20\d\d-.*\n", done.stdout), done.stdout
