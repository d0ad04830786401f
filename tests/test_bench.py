"""What the benchmark measures with: data that are the same everywhere, queries that find something, fair comparison."""

import hashlib
from pathlib import Path

import alike
import compare
import harvest
import mix
import pyoxigraph
import pytest
import unlabelled
from chance import Asked
from directory import PREFIXES, Directory

TRIPLES = 20_000
XSD = PREFIXES["xsd"]
HEAD = b'{"head":{"vars":["a"]},"results":'
LITERAL, IRI = b'{"a":{"type":"literal","value":"1"}}', b'{"a":{"type":"uri","value":"2"}}'
ROWS = HEAD + b'{"bindings":[' + LITERAL + b"," + IRI + b"]}}"
SWAPPED = HEAD + b'{"bindings":[' + IRI + b"," + LITERAL + b"]}}"


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("directory") / "directory.nt"
    Directory(TRIPLES).write(path)
    return path


@pytest.fixture(scope="module")
def store(directory: Path) -> pyoxigraph.Store:
    store = pyoxigraph.Store()
    store.bulk_load(path=str(directory), format=pyoxigraph.RdfFormat.N_TRIPLES)
    return store


def test_the_directory_has_the_same_bytes_on_every_machine(directory: Path) -> None:
    assert hashlib.sha256(directory.read_bytes()).hexdigest().startswith("dd07c315108fa15e")


def test_the_source_has_the_same_bytes_on_every_machine_and_one_record_in_a_hundred_changes(tmp_path: Path) -> None:
    harvest.write(tmp_path / "one.csv", 1000)
    harvest.write(tmp_path / "two.csv", 1000, 100)
    one, two = ((tmp_path / f"{name}.csv").read_text(encoding="utf-8").splitlines() for name in ("one", "two"))
    assert hashlib.sha256("\n".join(one).encode()).hexdigest().startswith("0888e021ef8cdcad")
    assert sum(a != b for a, b in zip(one, two, strict=True)) == 10


def test_the_directory_is_about_as_large_as_one_asks_for(store: pyoxigraph.Store) -> None:
    assert len(store) == pytest.approx(TRIPLES, rel=0.05)


def test_each_of_the_twenty_queries_finds_something(store: pyoxigraph.Store) -> None:
    queries = mix.load(store, 8)
    assert len(queries) == 20
    assert [query.name for query in queries if not any(_found(store, text) for text in query.texts)] == []


def _found(store: pyoxigraph.Store, text: str) -> int:
    found = store.query(text)
    assert not isinstance(found, pyoxigraph.QueryBoolean)
    return sum(1 for _ in found)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"value": "1.50", "datatype": f"{XSD}decimal"}, {"value": "1.5", "datatype": f"{XSD}decimal"}),
        ({"value": "7", "datatype": f"{XSD}int"}, {"value": "7", "datatype": f"{XSD}integer"}),
        ({"value": "a", "xml:lang": "fr-FR"}, {"value": "a", "xml:lang": "fr-fr"}),
        (
            {"value": "2025-01-01T00:00:00.000Z", "datatype": f"{XSD}dateTime"},
            {"value": "2025-01-01T00:00:00+00:00", "datatype": f"{XSD}dateTime"},
        ),
        (
            {"value": "POINT(-3.3253 37.2771)", "datatype": f"{PREFIXES['gsp']}wktLiteral"},
            {"value": "POINT(-3.3252999 37.2770996)", "datatype": "http://www.openlinksw.com/schemas/virtrdf#Geometry"},
        ),
    ],
)
def test_spellings_of_one_term_are_alike(one: dict[str, str], other: dict[str, str]) -> None:
    assert alike.json_term({"type": "literal", **one}) == alike.json_term({"type": "typed-literal", **other})


@pytest.mark.parametrize(
    "other", [{"value": "1"}, {"value": "1", "xml:lang": "fr"}, {"value": "2", "datatype": f"{XSD}integer"}]
)
def test_other_terms_are_not_alike(other: dict[str, str]) -> None:
    one = {"type": "literal", "value": "1", "datatype": f"{XSD}integer"}
    assert alike.json_term(one) != alike.json_term({"type": "literal", **other})


@pytest.mark.parametrize(
    ("ordered", "theirs", "outcome"),
    [
        (True, ROWS, "same bytes"),
        (False, SWAPPED, "other order"),
        (True, SWAPPED, "different"),
        (False, ROWS.replace(b'"2"', b'"3"'), "different"),
    ],
)
def test_a_difference_between_two_answers_is_told(ordered: bool, theirs: bytes, outcome: str) -> None:
    ours, others = (compare.Said(200, compare.TYPES["json"], body) for body in (ROWS, theirs))
    assert compare.compare(Asked("", "json", ordered), ours, others) == outcome


def test_all_that_pairs_connect_is_one_cluster() -> None:
    pairs = [("a", "b"), ("c", "d"), ("e", "f"), ("b", "c"), ("a", "d")]
    assert sorted(map(sorted, unlabelled.connected(pairs))) == [["a", "b", "c", "d"], ["e", "f"]]
