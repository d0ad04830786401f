"""The bundles that are committed: what the manifest says of them, their licences, and how heavy they are."""

import gzip
import hashlib
import json
from base64 import b64encode
from importlib.resources import files
from typing import Any

import pytest

from conftest import ROOT

DIST = files("solld").joinpath("static/dist")
MANIFEST: dict[str, Any] = json.loads(DIST.joinpath("manifest.json").read_text(encoding="utf-8"))
BUDGETS = {"map.js": 60_000, "world.json": 80_000, "france.json": 25_000}  # bytes, compressed


def test_the_manifest_has_every_file() -> None:
    assert set(MANIFEST) | {"manifest.json"} == {path.name for path in DIST.iterdir()}


@pytest.mark.parametrize("name", MANIFEST)
def test_a_file_is_what_the_manifest_says(name: str) -> None:
    digest = hashlib.sha384(DIST.joinpath(name).read_bytes()).digest()
    assert b64encode(digest).decode() == MANIFEST[name]["sha384"], "make assets makes it anew"


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
