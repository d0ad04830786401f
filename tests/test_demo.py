"""Real runs: the demonstration's sources, and the history of a directory against its three editions."""

import csv
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from solld import release, site, verify
from solld.history import History
from solld.rdf import DCT, SKOS, NamedNode, triples_of
from solld.stores.embedded import EmbeddedStore

EDITIONS = (  # file, columns of the key, the name, the postcode
    ("2016_open_data_organisations.csv", "CUK Organisation ID", "Trading Name", "Registered Postcode"),
    ("2022-Q2_standard.csv", "Identifier", "Name", "Postcode"),
    ("2023-Q2_standard.csv", "Identifier", "Name", "Postcode"),
)
PART = 8  # one record in so many: the whole takes minutes
Edition = dict[str, tuple[str, str]]  # key -> name, postcode


def edition(path: Path, key: str, name: str, postcode: str) -> Edition:
    found: Edition = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row[key].strip(), (row[name].strip(), row[postcode].strip()))
    return found


@pytest.fixture(scope="module")
def editions(shared: Path) -> list[Edition]:
    return [
        {k: v for k, v in edition(shared / "data" / "coops-uk" / file, *columns).items() if int(k[1:]) % PART == 0}
        for file, *columns in EDITIONS
    ]


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site that was made by the demonstration, of parts of the three files."""
    mine = tmp_path_factory.mktemp("shared")
    (mine / "data" / "coops-uk").mkdir(parents=True)
    for file, key, *_ in EDITIONS:
        with (shared / "data" / "coops-uk" / file).open(encoding="utf-8-sig", newline="") as source:
            table = csv.DictReader(source)
            rows = [row for row in table if int(row[key].strip()[1:]) % PART == 0]
        with (mine / "data" / "coops-uk" / file).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, table.fieldnames or ())
            writer.writeheader()
            writer.writerows(rows)
    made = tmp_path_factory.mktemp("demo") / "site"
    command = [sys.executable, str(ROOT / "tools" / "demo" / "make.py"), str(made), "--only", "coops-uk"]
    subprocess.run(command, check=True, env={"SOLLD_SHARED": str(mine), "PATH": "/usr/bin:/bin"}, timeout=300)
    return made


@pytest.fixture(scope="module")
def past(folder: Path) -> Iterator[History]:
    found = History.read_only(folder / "var" / "history.sqlite")
    yield found
    found.close()


def said(past: History, base: str, number: int) -> Edition:
    """What a release says: key -> name, postcode."""
    found: Edition = {}
    for identifier in {i for i, _ in past.identifiers("coops-uk").values()}:
        version = past.latest(f"{base}id/{identifier}", number)
        triples = triples_of((version.quads if version else b"").split(b"\n"))
        values = {t.predicate.value: str(getattr(t.object, "value", "")) for t in triples}
        if DCT.identifier.value in values and "https://schema.org/location" in values:
            found[values[DCT.identifier.value]] = (
                values[SKOS.prefLabel.value],
                values.get("https://schema.org/postalCode", ""),
            )
    return found


def test_each_release_says_what_its_edition_says(folder: Path, past: History, editions: list[Edition]) -> None:
    base = site.load(folder).base
    assert sorted(past.releases()) == [1, 2, 3]
    for number, expected in enumerate(editions, 1):
        assert said(past, base, number) == expected


def test_the_history_is_true(folder: Path, past: History, editions: list[Edition]) -> None:
    base, keys = site.load(folder).base, past.identifiers("coops-uk")
    for key in set().union(*editions):
        line = [(moment.release, moment.kind) for moment in past.line(f"{base}id/{keys[key][0]}")]
        there = [key in each for each in editions]
        kinds = dict(line)
        for number in (1, 2, 3):
            before, now = number > 1 and there[number - 2], there[number - 1]
            if now and not before:
                assert kinds[number] == "created", key
            elif before and not now:
                assert kinds[number] == "removed", key
            elif now and editions[number - 1][key] != editions[number - 2][key]:
                assert kinds[number] == "updated", key  # renamed, or moved
            elif not now:
                assert number not in kinds, key


def test_the_newest_is_served_and_whole(folder: Path, editions: list[Edition]) -> None:
    settings = site.load(folder)
    assert verify.verify(settings) == []
    opened = release.current(settings)
    assert opened
    graph = NamedNode(f"{settings.base}dataset/coops-uk")
    store = EmbeddedStore.open(opened.folder / "store")
    found = {quad.object.value for quad in store.quads(None, DCT.identifier, None, graph)}  # type: ignore[union-attr]
    assert found >= editions[2].keys()
