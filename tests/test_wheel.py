"""The engine is for anybody: an installed wheel makes, builds and serves a site without the repository."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from ports import free_port
from test_cli import fetched


@pytest.mark.timeout(300)
def test_a_wheel_builds_and_serves_a_new_site_in_a_clean_environment(tmp_path: Path) -> None:
    plain = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "SOLLD_SITE")}

    def run(*command: object) -> str:
        done = subprocess.run(
            [str(c) for c in command], cwd=tmp_path, env=plain, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path / "dist", ROOT)
    (wheel,) = (tmp_path / "dist").glob("*.whl")
    run(sys.executable, "-m", "venv", tmp_path / "venv")
    python = tmp_path / "venv/bin/python"
    run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", ROOT / "requirements.txt", wheel
    )
    solld = tmp_path / "venv/bin/solld"
    run(solld, "new-site", "mine")
    assert json.loads(run(solld, "publish", "--site", "mine", "--json"))["conforms"] is True
    port = free_port()
    server = subprocess.Popen(
        [solld, "serve", "--site", "mine", "--port", str(port)],
        cwd=tmp_path,
        env=plain,
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        assert fetched(f"http://127.0.0.1:{port}/health", 40)["status"] == "ok"
        answer = fetched(
            f"http://127.0.0.1:{port}/sparql?query=ASK%7B%3Fs%20%3Chttps%3A%2F%2Fschema.org%2Fname%3E%20%22Ada%22%7D"
        )
        assert answer["boolean"] is True
        assert "map.js" in fetched(f"http://127.0.0.1:{port}/static/dist/manifest.json")  # the bundles came along
    finally:
        server.terminate()
        server.wait(20)
