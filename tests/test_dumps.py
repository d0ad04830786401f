"""Dumps: whole, the same bytes for ever, in parts if wanted, and never half a file."""

import csv
import gzip
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from base64 import b64decode
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pyoxigraph
import pytest
from rdflib import Dataset
from rdflib.compare import isomorphic

from conftest import Published, identifiers, publish
from serving import serving
from solld import exports, release, site
from solld.cli import main
from solld.exports import made, statements
from solld.model import Settings
from solld.rdf import DEFAULT, NamedNode, Quad, RdfFormat, parse
from test_versions import Clock, edit

BASE = "https://lights.example/"
LIGHTS = NamedNode(f"{BASE}dataset/lights")
SYNTAXES = {"nq.gz": RdfFormat.N_QUADS, "ttl.gz": RdfFormat.TURTLE, "jsonld.gz": RdfFormat.JSON_LD}


@pytest.fixture
def merged(tiny: Settings) -> Published:
    """Two releases; in the second one light leads to another."""
    publish(tiny).close()
    ids = identifiers(tiny)
    assert main(["merge", ids["pharos"], ids["creach"], "--why", "the same", "--site", str(tiny.folder)]) == 0
    return publish(tiny)


def stored(quads: object) -> set[Quad]:
    """Quads as a store has them."""
    store = pyoxigraph.Store()
    store.extend(quads)  # type: ignore[arg-type]
    return set(store)


def store_of(settings: Settings) -> pyoxigraph.Store:
    served = release.current(settings)
    assert served
    return pyoxigraph.Store.read_only(str(served.folder / "store"))


def unpacked(published: Published, path: str) -> bytes:
    answer = published.get(path)
    assert answer.status_code == 200, answer.text
    assert hashlib.sha256(answer.data).hexdigest() == published.get(f"{path}.sha256").text.split()[0]
    return gzip.decompress(answer.data) if path.endswith(".gz") else answer.data


@pytest.mark.parametrize("extension", SYNTAXES)
def test_a_dump_has_what_the_release_has(merged: Published, extension: str) -> None:
    store = store_of(merged.settings)
    everything = list(parse(unpacked(merged, f"/dump/merged.{extension}"), format=SYNTAXES[extension]))
    assert len(everything) == len(set(everything))
    default = {quad for quad in store if quad.graph_name == DEFAULT}
    assert stored(Quad(q.subject, q.predicate, q.object) for q in everything) == default
    own = list(parse(unpacked(merged, f"/dump/lights.{extension}"), format=SYNTAXES[extension]))
    graph = {Quad(q.subject, q.predicate, q.object) for q in store if q.graph_name == LIGHTS}
    assert stored(Quad(q.subject, q.predicate, q.object) for q in own) == graph != default
    if extension == "nq.gz":
        assert {quad.graph_name for quad in own} == {LIGHTS}
        assert {quad.graph_name for quad in everything} == {q.graph_name for q in store} - {DEFAULT}


def test_other_libraries_read_the_same(merged: Published) -> None:
    quads, turtle = Dataset(), Dataset()
    quads.parse(data=unpacked(merged, "/dump/lights.nq.gz"), format="nquads")
    turtle.parse(data=unpacked(merged, "/dump/lights.ttl.gz"), format="turtle")
    graphs = [graph for graph in quads.graphs() if len(graph)]
    assert len(graphs) == 1
    assert isomorphic(graphs[0], turtle.default_graph)


@pytest.mark.parametrize("name", ["merged", "lights"])
def test_a_table_has_a_row_for_each_thing(merged: Published, name: str) -> None:
    quads = set(parse(unpacked(merged, f"/dump/{name}.nq.gz"), format=RdfFormat.N_QUADS))
    rows = list(csv.DictReader(io.StringIO(unpacked(merged, f"/dump/{name}.csv").decode(), newline="")))
    assert {row["id"] for row in rows} == {quad.subject.value for quad in quads}
    assert len(rows) == len({row["id"] for row in rows})
    (creach,) = (row for row in rows if row["id"].endswith(merged.ids["creach"]))
    assert creach["light:height"] == "54.850"
    labels = {"skos:prefLabel@fr": "Créac'h", "skos:prefLabel@en": "Creach"}
    if name == "merged":
        labels["skos:prefLabel@en"] = "Creach | Pharos of Alexandria"
    assert {key: creach[key] for key in labels} == labels


def test_past_dumps_are_the_same_bytes_for_ever(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    clock = Clock(monkeypatch)
    files = [f"{name}.{dump.extension}" for name in ("merged", "lights") for dump in exports.dumps()]
    first = publish(tiny)
    before = {file: first.get(f"/dump/{file}").data for file in files}
    first.close()
    for old, new in pairwise(("54.850", "55.1", "55.2", "55.3", "55.4", "55.5")):  # more than are kept
        clock.next_day()
        edit(tiny, old, new)
        last = publish(tiny)
        last.close()
    shutil.rmtree(tiny.var / "files")
    for settings in (tiny, site.load(moved(tiny, tmp_path))):
        last = publish(settings)
        for file in files:
            answer = last.get(f"/dump/2026-01-01.1/{file}")
            assert answer.data == before[file], file
            assert "immutable" in answer.headers["Cache-Control"]
            assert last.get(f"/dump/{file}").data != before[file]
            assert last.get(f"/dump/{file}").headers["Content-Location"].startswith("/dump/2026-01-06.")
        last.close()


def moved(settings: Settings, folder: Path) -> Path:
    """The site on another machine: its folder and its history, without releases and files."""
    there = folder / "there"
    shutil.copytree(settings.folder, there, ignore=shutil.ignore_patterns("releases", "files", "current"))
    return there


def test_a_part_can_be_had(lights: Published) -> None:
    whole = lights.get("/dump/merged.nq.gz")
    size = len(whole.data)
    tag = whole.headers["ETag"]
    assert whole.headers["Accept-Ranges"] == "bytes"
    assert tag == f'"{hashlib.sha256(whole.data).hexdigest()}"'
    assert b64decode(whole.headers["Repr-Digest"].split(":")[1]) == hashlib.sha256(whole.data).digest()
    for asked, status, expected, said in (
        ("bytes=0-9", 206, whole.data[:10], f"bytes 0-9/{size}"),
        ("bytes=100-", 206, whole.data[100:], f"bytes 100-{size - 1}/{size}"),
        ("bytes=-7", 206, whole.data[-7:], f"bytes {size - 7}-{size - 1}/{size}"),
        (f"bytes=5-{size + 5}", 206, whole.data[5:], f"bytes 5-{size - 1}/{size}"),
        (f"bytes={size}-", 416, b"", f"bytes */{size}"),
        ("bytes=1-2,5-6", 200, whole.data, None),
        ("lines=1-2", 200, whole.data, None),
        ("bytes=z", 200, whole.data, None),
    ):
        answer = lights.get("/dump/merged.nq.gz", Range=asked)
        assert (answer.status_code, answer.data, answer.headers.get("Content-Range")) == (status, expected, said), asked
        assert answer.headers["Content-Length"] == str(len(expected))
    assert lights.get("/dump/merged.nq.gz", Range="bytes=0-9", If_Range=tag).status_code == 206
    assert lights.get("/dump/merged.nq.gz", Range="bytes=0-9", If_Range='"other"').status_code == 200
    assert lights.get("/dump/merged.nq.gz", If_None_Match=tag).status_code == 304
    head = lights.client.head("/dump/merged.nq.gz")
    assert (head.data, head.headers["Content-Length"], head.headers["ETag"]) == (b"", str(size), tag)


def test_the_files_are_listed(merged: Published) -> None:
    told = json.loads(merged.get("/dump/", Accept="application/json").data)
    assert [each["release"] for each in told["releases"]] == [2, 1]
    assert {each["dataset"] for each in told["files"]} == {None, f"{BASE}dataset/lights"}
    page = merged.get("/dump/", Accept="text/html", Accept_Language="fr").text
    for each in told["files"]:
        assert merged.client.head(each["path"]).status_code == 200
        assert f'href="{each["path"]}"' in page
    for each in told["releases"]:
        past = json.loads(merged.get(each["path"], Accept="application/json").data)
        assert past["release"] == each["release"]
        assert all(merged.client.head(file["path"]).status_code == 200 for file in past["files"])
        assert f'href="{each["path"]}"' in page


@pytest.mark.parametrize(
    "path",
    [
        "/dump/other.nq.gz",
        "/dump/merged.zip",
        "/dump/.nq.gz",
        "/dump/merged",
        "/dump/2026-01-01.1/merged.nq.gz",
        "/dump/2026-01-01.9",
        "/dump/..%2fmanifest.json",
        "/export/merged.nq.gz",
        "/export/other.csv",
    ],
)
def test_what_is_no_file_is_not_found(lights: Published, path: str) -> None:
    assert lights.get(path).status_code == 404
    assert lights.get(f"{path}.sha256").status_code == 404


def test_who_asks_at_once_waits_for_one_file(tiny: Settings) -> None:
    publish(tiny).close()
    with serving(tiny.folder, "--workers", "2") as server, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: server.ask("", path="/dump/merged.ttl.gz").read(), range(8)))
    assert len(set(answers)) == 1
    assert gzip.decompress(answers[0]).startswith(b"@prefix")


def test_a_file_that_cannot_be_made_is_an_error_and_can_be_had_later(tiny: Settings) -> None:
    published = publish(tiny)
    (tiny.var / "files").write_text("in the way")
    answer = published.get("/dump/merged.nq.gz")
    assert answer.status_code == 500
    assert "could not be made" in answer.text
    (tiny.var / "files").unlink()
    assert published.get("/dump/merged.nq.gz").status_code == 200


def test_a_maker_that_dies_leaves_nothing_that_looks_like_a_file(tiny: Settings) -> None:
    publish(tiny).close()
    command = [sys.executable, "-m", "solld", "export", "merged.nq.gz", "--site", str(tiny.folder)]
    for delay in (0.2, 0.3, 0.4, 0.5):
        shutil.rmtree(tiny.var / "files", ignore_errors=True)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        process.wait()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (found,) = (tiny.var / "files").glob("*/dump/merged.nq.gz")
        gzip.decompress(found.read_bytes())


def test_files_take_no_more_room_than_they_may(tiny: Settings) -> None:
    publish(tiny).close()
    (tiny.folder / "site.toml").open("a").write("\n[dumps]\nmegabytes = 1\n")
    settings = site.load(tiny.folder)
    old = made.make(settings, 1, "dump/merged.nq.gz")
    (old.parent / "large.csv").write_bytes(b"x" * 2**20)
    newest = made.make(settings, 1, "dump/lights.csv")
    assert newest.exists()
    assert not old.exists()
    assert not old.with_name(old.name + made.SUM).exists()
    assert made.make(settings, 1, "dump/merged.nq.gz").exists()


def test_what_is_asked_for_stays_longer_than_what_is_not(tiny: Settings) -> None:
    publish(tiny).close()
    (tiny.folder / "site.toml").open("a").write("\n[dumps]\nmegabytes = 1\n")
    settings = site.load(tiny.folder)
    asked = made.make(settings, 1, "dump/merged.nq.gz")
    large = asked.parent / "large.csv"
    large.write_bytes(b"x" * 2**20)
    os.utime(large, (2, 2))
    os.utime(asked, (1, 1))
    assert made.make(settings, 1, "dump/merged.nq.gz") == asked
    made.make(settings, 1, "dump/lights.csv")
    assert asked.exists()
    assert not large.exists()


def test_the_command_line_writes_them(tiny: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    publish(tiny).close()
    target = tmp_path / "all.nq.gz"
    assert main(["export", "merged.nq.gz", "--to", str(target), "--site", str(tiny.folder)]) == 0
    assert gzip.decompress(target.read_bytes())
    assert main(["export", "nothing.xyz", "--site", str(tiny.folder)]) == 3
    assert "no such file" in capsys.readouterr().err
    assert main(["export", "merged.nq.gz", "--release", "9", "--site", str(tiny.folder)]) == 3


@pytest.mark.parametrize("seed", range(20))
def test_lines_are_in_order_however_many_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, seed: int) -> None:
    monkeypatch.setattr(statements, "RUN", 10)
    chance = random.Random(seed)
    lines = [b"<%d> ." % chance.randint(0, 60) for _ in range(chance.choice([0, 1, 9, 10, 11, 30, 200]))]
    assert list(statements.ordered(lines, tmp_path)) == sorted(set(lines))
