"""The README says what is true: its tables are those that the program makes, its two commands exist."""

import importlib.util
import re

from conftest import ROOT
from solld.sources.readings import READINGS

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_tables_are_fresh() -> None:
    spec = importlib.util.spec_from_file_location("readme", ROOT / "tools/readme.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path in module.FILES:
        text = path.read_text(encoding="utf-8")
        assert module.fresh(text) == text, "run: make docs"


def test_the_readings_of_lifts_are_told() -> None:
    told = re.findall(r"`([a-z]+):`", (ROOT / "docs/sources.md").read_text(encoding="utf-8"))
    assert set(told) >= {"column", *READINGS}


def test_the_two_commands_stand_in_the_first_screen() -> None:
    first = "\n".join(README.splitlines()[:25])
    assert "make serve" in first
    assert "make test" in first


def test_files_that_are_linked_exist() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_no_file_names_the_host_of_a_registry() -> None:
    hosts = re.compile("pypi" + r"\.org|" + "registry" + r"\.npmjs|" + "files" + r"\.pythonhosted")
    for path in ROOT.rglob("*"):
        known = {".venv", ".git", "var", "node_modules", ".peers", ".mypy_cache", ".ruff_cache", "__pycache__"}
        if (
            path.is_file()
            and not known & set(path.parts)
            and path.suffix in (".txt", ".toml", ".json", ".md", ".py", ".cff")
        ):
            assert not hosts.search(path.read_text(encoding="utf-8", errors="replace")), path
