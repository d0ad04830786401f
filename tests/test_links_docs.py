"""Each line and query of docs/links.md does what it says."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import ROOT, Published
from solld.exports.links import COLUMNS
from test_links_files import linked

__all__ = ["linked"]

TEXT = (ROOT / "docs" / "links.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_its_addresses_answer(linked: Published) -> None:
    addresses = re.findall(r"curl -s -O http://127\.0\.0\.1:8000(\S+)", TEXT)
    assert addresses == ["/links.csv", "/links.sssom.tsv"]
    assert {linked.get(each).status_code for each in addresses} == {200}


def test_every_column_is_told(linked: Published) -> None:
    assert tuple(re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)) == COLUMNS


def test_its_programs_run(linked: Published, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_bytes(linked.get("/links.csv").data)
    (program,) = blocks("python")
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "theirs\tcreac-h\thttps://lights.example/id/" in done.stdout


@pytest.mark.skipif(not shutil.which("sqlite3"), reason="the program is not installed")
def test_sqlite_reads_the_table(linked: Published, tmp_path: Path) -> None:
    (tmp_path / "links.csv").write_bytes(linked.get("/links.csv").data)
    (line,) = re.findall(r"^ {4}(sqlite3 .*)$", TEXT, re.MULTILINE)
    done = subprocess.run(line, shell=True, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["lights,3", "theirs,3"]


def test_its_queries_tell_judgements_from_guesses(linked: Published) -> None:
    judged, guessed = (rows(linked, query) for query in blocks("sparql"))
    assert sorted((row["who"], row["denied"]) for row in judged) == [("Léa", "false"), ("solld", "true")]
    assert [float(row["likely"]) for row in guessed] == [0.93, 0.25]


def rows(linked: Published, query: str) -> list[dict[str, str]]:
    answer = linked.get(f"/sparql?query={quote(query)}", Accept="application/sparql-results+json").json
    assert answer
    return [{name: cell["value"] for name, cell in row.items()} for row in answer["results"]["bindings"]]


def test_the_catalogue_and_the_service_description_know_the_graph(linked: Published) -> None:
    for path in ("/catalog.nt", "/sparql"):
        text = linked.get(path, Accept="application/n-triples").text
        assert "<https://lights.example/graph/links>" in text
    catalog = linked.get("/catalog.nt").text
    assert "<http://rdfs.org/ns/void#dataDump> <https://lights.example/links.sssom.tsv>" in catalog
    assert linked.get("/graph/links").status_code in (302, 303)
    whole = linked.get("/graph?graph=https://lights.example/graph/links", Accept="application/n-triples")
    assert whole.text.count("https://w3id.org/sssom/Mapping") == 4
