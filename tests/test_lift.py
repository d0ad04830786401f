"""The lift: rows become the triples that the dataset's query makes of them, with every digit."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from solld.errors import SourceFailed
from solld.harvesting import written
from solld.rdf import Literal, NamedNode, RdfFormat, Triple, parse
from solld.sources import HEAD, Row, lift, readings, recognised

BASE = "https://lights.example/key/others/"
PREFIXES = f"""PREFIX column: <{lift.COLUMN}>
PREFIX literal: <{readings.LITERAL}>
PREFIX ex: <https://example.org/>
"""
QUERY = (
    PREFIXES
    + """
CONSTRUCT { ?thing ex:name ?name ; ex:lat ?lat ; ex:tag ?tag ; ex:post ?post }
WHERE {
  ?row column:id ?key BIND(IRI(ENCODE_FOR_URI(?key)) AS ?thing)
  { ?row column:Full%20name ?text BIND(STRLANG(?text, "fr") AS ?name) }
  UNION { ?row column:geo.lat ?text BIND(STRDT(?text, literal:decimal) AS ?lat) }
  UNION { ?row column:tags ?tag }
  UNION { ?row column:code ?post }
}
"""
)


def lifted(rows: list[Row], query: str = QUERY) -> list[bytes]:
    return list(lift.lift(rows, query, BASE))


def row(**cells: str | tuple[str, ...]) -> Row:
    found: dict[str, str | tuple[str, ...]] = {
        name.replace("__", " ").replace("_", "."): value for name, value in cells.items()
    }
    return Row("line 2", {name: value if isinstance(value, tuple) else (value,) for name, value in found.items()})


def test_rows_become_triples() -> None:
    found = lifted(
        [row(id="a/1", Full__name='Épicerie "bio"\nde Brest', geo_lat="48.1370", tags=("x", "y"), code="01000")]
    )
    triples = {
        (q.subject.value, q.predicate.value.rpartition("/")[2], q.object)
        for q in parse(b"\n".join(found), format=RdfFormat.N_TRIPLES)
    }
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    assert triples == {
        (f"{BASE}a%2F1", "name", Literal('Épicerie "bio"\nde Brest', language="fr")),
        (f"{BASE}a%2F1", "lat", Literal("48.1370", datatype=decimal)),
        (f"{BASE}a%2F1", "tag", Literal("x")),
        (f"{BASE}a%2F1", "tag", Literal("y")),
        (f"{BASE}a%2F1", "post", Literal("01000")),
    }


def test_columns_of_one_row_do_not_mix_with_those_of_another() -> None:
    rows = [row(id=str(n), Full__name=f"name {n}") for n in range(lift.BATCH * 2 + 7)]
    found = lifted(rows)
    assert len(found) == len(rows)
    for line in found:
        match = re.fullmatch(rf'<{BASE}(\d+)> <https://example.org/name> "name (\d+)"@fr \.', line.decode())
        assert match
        assert match[1] == match[2]


def test_what_a_source_in_rdf_says_is_there_as_it_says_it() -> None:
    decimal = NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    said = Triple(
        NamedNode("https://o.example/1"), NamedNode("https://o.example/lat"), Literal("1.50", datatype=decimal)
    )
    cells = {"lat": (Literal("1.50", datatype=decimal),), "name": (Literal("un", language="fr"),)}
    query = (
        PREFIXES
        + """CONSTRUCT { ?s ?p ?o } WHERE { { ?s <https://o.example/lat> ?o BIND(ex:said AS ?p) }
      UNION { ?s column:lat ?o BIND(ex:lat AS ?p) } UNION { ?s column:name ?o BIND(ex:name AS ?p) } }"""
    )
    found = {line.partition(b" ")[2] for line in lifted([Row("line 1", cells, (said,))], query)}
    number = b'"1.50"^^<http://www.w3.org/2001/XMLSchema#decimal> .'
    assert found == {
        b"<https://example.org/said> " + number,
        b"<https://example.org/lat> " + number,
        b'<https://example.org/name> "un"@fr .',
    }


@pytest.mark.parametrize("name", ["a b", "é", "a/b", "addr:city", "%", "a.b-c_d~e", "<x>", '"', "日本"])
def test_any_column_can_be_asked_for(name: str) -> None:
    query = f"CONSTRUCT {{ <x> <https://example.org/p> ?v }} WHERE {{ ?row <{lift.column(name)}> ?v }}"
    assert len(lifted([Row("line 2", {name: ("v",)})], query)) == 1
    assert lift.column(name) == lift.COLUMN + name or "%" in lift.column(name)


@given(st.text(min_size=1, max_size=8) | st.text("a.b-~%:", min_size=1, max_size=8))
@example("acf.adresse.lat")
@example("a..")
def test_any_column_can_be_written_after_a_prefix(name: str) -> None:
    local = written._escaped(lift.local(name))
    query = f"{PREFIXES} CONSTRUCT {{ <x> <https://o.example/p> ?v }} WHERE {{ ?row column:{local} ?v }}"
    assert lift.asked(query) == {name: ("column",)}
    assert len(lifted([Row("line 2", {name: ("v",)})], query)) == 1


@pytest.mark.parametrize(
    "query", ["CONSTRUCT {", "SELECT * WHERE { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o } WHERE { ?s none:p ?o }"]
)
def test_a_lift_that_is_none_is_told_with_its_rows(query: str) -> None:
    with pytest.raises(SourceFailed, match="line 2"):
        lifted([row(id="1")], query)


def test_coordinates_of_real_files_keep_their_digits(shared: Path) -> None:
    path = shared / "data" / "coops-uk" / "2023-Q2_standard.csv"
    query = (
        PREFIXES
        + """CONSTRUCT { ?t ex:lat ?lat ; ex:long ?long ; ex:name ?name } WHERE {
      ?row column:Identifier ?key BIND(IRI(ENCODE_FOR_URI(?key)) AS ?t)
      { ?row column:Latitude ?a ; column:Longitude ?o
        BIND(STRDT(?a, literal:decimal) AS ?lat) BIND(STRDT(?o, literal:decimal) AS ?long) }
      UNION { ?row column:Name ?name } }"""
    )
    with path.open("rb") as file:
        source = recognised(file.read(HEAD), path.name)
        found = b"\n".join(lift.lift(source.read(file), query, BASE))
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    written = {
        (q.subject.value, q.predicate.value[-4:], q.object.value) for q in parse(found, format=RdfFormat.N_TRIPLES)
    }
    assert {(s, v) for s, p, v in written if p == "/lat"} == {
        (BASE + r["Identifier"], r["Latitude"]) for r in rows if r["Latitude"]
    }
    assert {(s, v) for s, p, v in written if p == "long"} == {
        (BASE + r["Identifier"], r["Longitude"]) for r in rows if r["Longitude"]
    }
    assert {(s, v) for s, p, v in written if p == "name"} == {
        (BASE + r["Identifier"], r["Name"]) for r in rows if r["Name"].strip()
    }
