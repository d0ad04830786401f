"""The order of a query: read from its text, and changed in it without changing which rows there are."""

import pyoxigraph
import pytest

from solld.sparql.ordering import counted, order_of, ordered
from solld.sparql.outline import Outline

STORE = pyoxigraph.Store()
STORE.load(
    "\n".join(f'<x:{n}> <p:size> {n * 7 % 10} ; <p:kind> "{"ab"[n % 2]}" .' for n in range(10)),
    pyoxigraph.RdfFormat.TURTLE,
)
ROWS = "SELECT ?s ?n { ?s <p:size> ?n }"


def rows(text: str) -> list[tuple[str, ...]]:
    found = STORE.query(text)
    assert isinstance(found, pyoxigraph.QuerySolutions)
    return [tuple(str(solution[n]) for n in range(len(found.variables))) for solution in found]


@pytest.mark.parametrize(
    "text",
    [
        ROWS,
        f"{ROWS} ORDER BY ?s",
        f"{ROWS}\nORDER BY DESC(?n) ?s # by size",
        f"{ROWS} ORDER BY ?s LIMIT 4",
        f"{ROWS} ORDER BY ?s LIMIT 4 OFFSET 2 # a page",
        "BASE <x:> PREFIX p: <p:> SELECT ?s ?n WHERE { ?s p:size ?n } LIMIT 3 VALUES ?n { 1 2 3 4 5 6 7 }",
        'SELECT ?s ?n { ?s <p:size> ?n { SELECT ?s { ?s <p:kind> "a" } ORDER BY ?s LIMIT 3 } } VALUES ?n { 0 4 8 }',
        "SELECT ?s (SUM(?m) AS ?n) { ?s <p:size> ?m } GROUP BY ?s HAVING (SUM(?m) > 2)",
    ],
)
@pytest.mark.parametrize("downwards", [False, True])
def test_the_same_rows_come_in_another_order(text: str, downwards: bool) -> None:
    sorted_ = ordered(Outline(text), "n", downwards)
    assert sorted_ is not None
    found = rows(sorted_)
    assert sorted(found) == sorted(rows(text))
    sizes = [int(row[1].split('"')[1]) for row in found]
    assert sizes == sorted(sizes, reverse=downwards)
    assert order_of(Outline(sorted_)) == ("n", downwards)
    again = ordered(Outline(sorted_), "s", downwards)
    assert again is not None
    assert sorted(rows(again)) == sorted(found)
    assert again.count("SELECT") == sorted_.count("SELECT")


@pytest.mark.parametrize(
    "text",
    ["ASK { ?s ?p ?n }", "SELECT ?n {", "SELECT ?s { ?s ?p ?n }", "SELECT ?n FROM <x:g> { ?s ?p ?n } LIMIT 2", ""],
)
def test_what_cannot_be_sorted_by_a_column_is_not(text: str) -> None:
    assert ordered(Outline(text), "n", False) is None


@pytest.mark.parametrize(
    ("order", "found"),
    [
        ("", None),
        ("ORDER BY ?n", ("n", False)),
        ("ORDER BY DESC ( ?n ) ?s", ("n", True)),
        ("order by asc(?s)", ("s", False)),
        ("ORDER BY LCASE(STR(?s))", None),
        ("ORDER BY DESC(?n + 1)", None),
    ],
)
def test_the_order_is_read(order: str, found: tuple[str, bool] | None) -> None:
    assert order_of(Outline(f"{ROWS} {order}")) == found


def test_counts_are_told_from_other_numbers() -> None:
    text = "SELECT ?k (COUNT(*) AS ?n) (MAX(?y) - MIN(?y) AS ?span) (STR(?k) AS ?t) { ?s ?k ?y } GROUP BY ?k"
    assert counted(Outline(text)) == {"n", "span"}
    assert counted(Outline("SELECT ?n { { SELECT (COUNT(?x) AS ?n) { ?x ?y ?z } } BIND(?n + 1 AS ?m) }")) == {"n"}
