"""The bundles that are committed: what the manifest says of them, their licences, and how heavy they are."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from base64 import b64encode
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT, Published
from solld.formats.assets import asset, icon, icons
from solld.web import create_app
from test_html import Reader

TOOLS = ROOT / "tools/assets"

DIST = files("solld").joinpath("static/dist")
MANIFEST: dict[str, Any] = json.loads(DIST.joinpath("manifest.json").read_text(encoding="utf-8"))
BUDGETS = {"map.js": 60_000, "world.json": 85_000, "france.json": 26_000}  # bytes, compressed


def test_the_manifest_has_every_file() -> None:
    assert set(MANIFEST) | {"manifest.json"} == {path.name for path in DIST.iterdir()}


@pytest.mark.parametrize("name", MANIFEST)
def test_a_file_is_what_the_manifest_says(name: str) -> None:
    digest = hashlib.sha384(DIST.joinpath(name).read_bytes()).digest()
    assert b64encode(digest).decode() == MANIFEST[name]["sha384"], "make assets makes it anew"
    assert len(DIST.joinpath(name).read_bytes()) == MANIFEST[name]["bytes"]


@pytest.mark.parametrize("name", MANIFEST)
def test_what_it_is_made_of_is_locked_and_has_its_licence(name: str) -> None:
    locked = json.loads((ROOT / "tools/assets/package-lock.json").read_text(encoding="utf-8"))["packages"]
    licences = DIST.joinpath("LICENSES.txt").read_text(encoding="utf-8")
    for each in MANIFEST[name]["from"]:
        package, _, version = each.rpartition("@")
        assert locked[f"node_modules/{package}"]["version"] == version
        assert f"{each} (" in licences


@pytest.mark.parametrize("name", BUDGETS)
def test_a_bundle_keeps_to_its_budget(name: str) -> None:
    assert len(gzip.compress(DIST.joinpath(name).read_bytes())) < BUDGETS[name]


def test_versions_are_exact() -> None:
    told = json.loads((ROOT / "tools/assets/package.json").read_text(encoding="utf-8"))
    versions = [*told["dependencies"].values(), *told["devDependencies"].values()]
    assert all(version[0].isdigit() for version in versions)


@pytest.mark.skipif(
    not (shutil.which("node") and (TOOLS / "node_modules/.installed").exists()),
    reason="make assets installs what it needs",
)
def test_what_is_made_again_has_the_same_bytes(tmp_path: Path) -> None:
    subprocess.run(["node", "build.mjs", tmp_path], cwd=TOOLS, check=True, capture_output=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made.keys() == {path.name for path in DIST.iterdir()}
    assert [name for name, content in made.items() if content != DIST.joinpath(name).read_bytes()] == []


def test_nothing_that_is_made_or_locked_names_a_registry() -> None:
    assert "resolved" not in (TOOLS / "package-lock.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [f"dist/{each}" for each in (*MANIFEST, "manifest.json")])
def test_a_file_is_kept_for_a_year_at_the_address_with_its_version(lights: Published, name: str) -> None:
    client = create_app(lambda: lights.service).test_client()
    answer = client.get(asset(name))
    assert (answer.status_code, answer.data) == (200, files("solld").joinpath("static", name).read_bytes())
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in client.get(f"/static/{name}?v=another").headers["Cache-Control"]


def test_icons_are_drawings_that_are_passed_over() -> None:
    for name in icons():
        (svg,) = Reader(str(icon(name)).encode()).all("svg")
        assert (svg["aria-hidden"], svg["focusable"], svg["viewbox"]) == ("true", "false", "0 0 24 24")


def test_templates_name_icons_that_there_are() -> None:
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "src/solld/templates").glob("*.html"))
    named = {name for text in texts for name in re.findall(r'\bicon\("([\w-]+)"', text)}
    assert named <= icons().keys()
