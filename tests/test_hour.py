"""The hour of a newcomer: one URL of another directory, and a site that did not exist before."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from conftest import publish
from solld import cli, site


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def directory(tmp_path: Path, shared: Path) -> Iterator[str]:
    """Where a directory publishes its records."""
    folder = tmp_path / "theirs"
    folder.mkdir()
    source = shared / "data" / "gogocarto" / "susy-fr-be-gb.gogocarto.json"
    (folder / "elements.json").write_bytes(source.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/elements.json"
    server.shutdown()


def test_a_newcomer_with_one_url(
    directory: str, tmp_path: Path, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = tmp_path / "mine"
    assert cli.main(["new-site", str(mine)]) == 0
    host = directory.split("/")[2]
    with (mine / "site.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[harvest]\nallow = ["{host}"]\nwait = 0.01\n')
    capsys.readouterr()
    assert cli.main(["add-source", directory, "--name", "theirs", "--json", "--site", str(mine)]) == 0
    told = json.loads(capsys.readouterr().out)
    roles = {role for use in told["mapping"] for role in use["columns"]}
    assert {"key", "name", "latitude", "longitude", "locality", "website", "description", "category"} <= roles
    assert told["license_kind"] == "open"
    assert len(told["samples"]) == 10
    assert cli.main(["harvest", "--site", str(mine)]) == 0
    published = publish(site.load(mine))
    elements = json.loads((shared / "data" / "gogocarto" / "susy-fr-be-gb.gogocarto.json").read_text(encoding="utf-8"))
    one = next(e for e in elements["data"] if e["id"] in published.ids)
    shown = published.get(f"/doc/{published.ids[one['id']]}.json").json
    assert shown
    assert shown["label"] == one["name"]
    assert [source["id"].rpartition("/")[2] for source in shown["sources"]] == ["theirs"]
    assert len([e for e in elements["data"] if e["id"] in published.ids]) == len(elements["data"])
    sources = published.get("/about/sources.json").json["sources"]  # type: ignore[index]
    assert directory in {address for each in sources for address in each.get("sources", ())}
    published.close()
    assert cli.main(["remove-source", "theirs", "--site", str(mine)]) == 0
    left = publish(site.load(mine))
    assert left.get(f"/doc/{published.ids[one['id']]}").status_code == 410
    left.close()


def test_what_is_read_by_a_program_that_ends_early_is_no_error(tmp_path: Path, shared: Path) -> None:
    mine = tmp_path / "mine"
    assert cli.main(["new-site", str(mine)]) == 0
    file = shared / "data" / "coops-uk" / "2023-Q2_standard.csv"
    command = f"{sys.executable} -m solld add-source {file} --dry-run --site {mine} | head -1"
    run = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, check=False)
    assert run.stdout.startswith("2023-q2-standard: CSV")
    assert "Traceback" not in run.stderr
