"""SSSOM files: categories of a source stay its own, and a table says what others call them."""

import json
from pathlib import Path

import pytest

from solld import cli, mappings, site
from solld.rdf import SKOS, NamedNode
from test_merged import BY, Sources, sources  # noqa: F401

BASE = "https://example.org/key/a/"
HEAD = "#mapping_set_id: https://example.org/set\n#curie_map:\n#  sec: https://their.example/sectors/\n#license: x\n"
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tpredicate_modifier\n"
WHY = "semapv:ManualMappingCuration"


def read(tmp_path: Path, *rows: str, head: str = HEAD + COLUMNS) -> list[str]:
    path = tmp_path / "x.sssom.tsv"
    path.write_text(head + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return [" ".join(str(term)[1:-1] for term in (t.subject, t.predicate, t.object)) for t in mappings.read(path, BASE)]


def test_rows_are_triples(tmp_path: Path) -> None:
    close, exact = SKOS.closeMatch.value, SKOS.exactMatch.value
    assert read(
        tmp_path,
        f"category-food\tskos:closeMatch\tsec:12\t{WHY}\t",
        f"https://a.example/1\tskos:exactMatch\thttps://b.example/2\t{WHY}\t",
        f"category-no\tskos:exactMatch\tsec:1\t{WHY}\tNot",
        f"category-none\tskos:exactMatch\tsssom:NoTermFound\t{WHY}\t",
    ) == [
        f"{BASE}category-food {close} https://their.example/sectors/12",
        f"https://a.example/1 {exact} https://b.example/2",
    ]
    assert read(tmp_path, head="") == []


@pytest.mark.parametrize(
    ("row", "line", "reason"),
    [
        (f"a\tother:x\tsec:1\t{WHY}\t", 6, "the prefix 'other' is not in the curie_map (field 'predicate_id')"),
        (f"a\tskos:exactMatch\t\t{WHY}\t", 6, "'' is no identifier (field 'object_id')"),
        (f"a b\tskos:exactMatch\tsec:1\t{WHY}\t", 6, "'a b' is no identifier (field 'subject_id')"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, row: str, line: int, reason: str) -> None:
    with pytest.raises(SyntaxError) as found:
        read(tmp_path, row)
    assert (found.value.lineno, found.value.msg) == (line, reason)
    with pytest.raises(SyntaxError, match="no column object_id"):
        read(tmp_path, head="subject_id\tpredicate_id\n")


def test_categories_are_mapped_when_somebody_says_to_what(
    sources: Sources,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = sources.file("three")
    path.write_text("id,name,sector\n1,One,Food and drink\n2,Two,Energy\n", encoding="utf-8")
    sources.solld("add-source", str(path), "--name", "three", "--language", "en", "--license", BY)
    graph = NamedNode(f"{site.load(sources.folder).base}dataset/three")
    labels = sources.publish().service.store.quads(None, SKOS.prefLabel, None, graph)
    energy = next(quad.subject for quad in labels if str(quad.object) == '"Energy"@en')
    assert isinstance(energy, NamedNode)
    file = sources.folder / "data" / "three" / "mappings.sssom.tsv"
    file.write_text(HEAD + COLUMNS + f"{energy.value}\tskos:exactMatch\tsec:7\t{WHY}\t\n", encoding="utf-8")
    store = sources.publish().service.store
    assert {str(quad.object) for quad in store.quads(energy, SKOS.exactMatch)} == {"<https://their.example/sectors/7>"}
    assert list(store.quads(energy, SKOS.prefLabel))
    file.write_text(HEAD + COLUMNS + "a\tno:b\tsec:7\t\t\n", encoding="utf-8")
    capsys.readouterr()
    assert cli.main(["check", "--json", "--site", str(sources.folder)]) == 1
    (finding,) = [f for f in json.loads(capsys.readouterr().out)["findings"] if f["severity"] == "Violation"]
    assert (finding["path"], finding["line"]) == ("data/three/mappings.sssom.tsv", 6)
