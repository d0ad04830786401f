"""The questions of queries/ against answers that were written down from the two texts: answers/<query>.csv.

The data are read under their source keys, so an answer says rers/mds where a release has an identifier.
"""

import csv
import re
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from solld import queries, saved
from solld.parameters import Parameter
from solld.queries import Query

SITE = Path(__file__).resolve().parents[1]
ANSWERS = Path(__file__).resolve().parent / "answers"
BASE = "https://w3id.org/solld/"
QUERIES = sorted((SITE / "queries").glob("*.rq"))
DEFAULT = DefaultGraph()


@cache
def site() -> Store:
    """The merged view of a release: ontology, data, and what the rules derive from each thing alone."""
    store = Store()
    for path in sorted((SITE / "ontology").rglob("*.ttl")):
        store.extend(_quads(path, BASE))
    for path in sorted((SITE / "data").glob("*/*.ttl")):
        described = path.name == "dataset.ttl"
        dataset = path.parent.name
        store.extend(_quads(path, f"{BASE}dataset/{dataset}" if described else f"{BASE}key/{dataset}/"))
    store.extend(_derived(store))
    return store


def _quads(path: Path, base: str) -> list[Quad]:
    triples = pyoxigraph.parse(path=path, format=RdfFormat.TURTLE, base_iri=base)
    return [Quad(each.subject, each.predicate, each.object) for each in triples]


def _derived(store: Store) -> list[Quad]:
    # A rule sees one thing at a time: its triples and those of its fragments, in a graph of its name.
    alone = Store()
    alone.extend(
        Quad(q.subject, q.predicate, q.object, NamedNode(q.subject.value.partition("#")[0]))
        for q in store
        if isinstance(q.subject, NamedNode)
    )
    rules = sorted((SITE / "ontology" / "rules").glob("*.rq"))
    assert rules
    return [
        Quad(row["subject"], row["predicate"], row["object"], DEFAULT)
        for path in rules
        for row in _rows(alone, path.read_text(encoding="utf-8"))
    ]


def _rows(store: Store, query: str) -> QuerySolutions:
    answer = store.query(query)
    assert isinstance(answer, QuerySolutions)
    return answer


def asked(text: str) -> list[dict[str, str]]:
    """The rows of a query as text; the empty text for what is not bound, an IRI of ours without its base."""
    answer = _rows(site(), text)
    names = [variable.value for variable in answer.variables]
    return [{name: _text(row[name]) for name in names} for row in answer]


def _text(term: object) -> str:
    value = "" if term is None else str(getattr(term, "value", term))
    return value.removeprefix(BASE).removeprefix("key/")


def written(path: Path) -> list[dict[str, str]]:
    with (ANSWERS / f"{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_the_answer_is_what_the_texts_say(path: Path) -> None:
    assert asked(path.read_text(encoding="utf-8")) == written(path)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_a_query_begins_with_its_question_in_english_and_in_french(path: Path) -> None:
    first, second, *_ = path.read_text(encoding="utf-8").splitlines()
    assert first.startswith("# ")
    assert second.startswith("# fr: ")


@cache
def prefixes() -> dict[str, str]:
    files = (path for folder in ("ontology", "data") for path in (SITE / folder).rglob("*.ttl"))
    return {
        prefix: namespace
        for path in files
        for prefix, namespace in re.findall(r"@prefix (\w+): <([^>]*)>", path.read_text(encoding="utf-8"))
    }


PARAMETERS = [
    (query, parameter)
    for query in queries.load(SITE / "queries")
    for parameter in query.parameters
    if parameter.example
]


@pytest.mark.parametrize(("query", "parameter"), PARAMETERS, ids=[f"{q.name}-{p.name}" for q, p in PARAMETERS])
def test_a_parameter_narrows_the_answer_to_some_of_it(query: Query, parameter: Parameter) -> None:
    wanted = saved.asked(query, [(parameter.name, parameter.example)], prefixes())
    some, whole = asked(saved.operation(query, wanted).text), asked(query.text)
    assert some
    if parameter.type == "language":  # it says the same in other words
        assert len(some) == len(whole)
    else:
        assert all(row in whole for row in some)
        assert len(some) < len(whole) or (query.name, parameter.name) == ("purposes", "degree")  # all are explicit


def test_every_answer_has_its_query() -> None:
    assert {path.stem for path in ANSWERS.glob("*.csv")} == {path.stem for path in QUERIES}
