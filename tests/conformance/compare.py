"""Whether two answers are the same: solutions as multisets, or in order, and graphs; both up to blank nodes' labels.

Terms are compared exactly first, then with literals of the number and time types by value: the store keeps "1.50" as
"1.5", which is the same value of the same datatype. A datatype is never overlooked.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from pyoxigraph import CanonicalizationAlgorithm, Dataset

from conformance.results import Answer, Graph, Row, Solutions, Term
from solld.rdf import XSD, BlankNode, Literal, NamedNode, Quad, Triple

COUNT = NamedNode("urn:solld:count")
SHOWN = 400  # characters of an answer in a message


def difference(answer: Answer, expected: Answer, lax: bool = False) -> str:
    """What is wrong with an answer, or "". If lax, rows may be missing as long as one of each is there."""
    if isinstance(expected, Solutions) and isinstance(answer, Solutions):
        given, wanted = sorted(answer.variables), sorted(expected.variables)
        if given != wanted:
            return f"variables {given}, expected {wanted}"
    if exact(answer, expected, lax) or exact(by_value(answer), by_value(expected), lax):
        return ""
    return f"answered {shown(answer)}, expected {shown(expected)}"


def exact(answer: Answer, expected: Answer, lax: bool = False) -> bool:
    """Whether the terms are the same, and not only their values."""
    match expected, answer:
        case Graph(), Graph():
            return canonical(_quads(expected)) == canonical(_quads(answer))
        case Solutions(), Solutions() if lax:
            return _reduced(answer.rows, expected.rows)
        case Solutions(), Solutions():
            ordered = expected.ordered
            return canonical(_rows(expected, ordered)) == canonical(_rows(answer, ordered))
    return answer is expected


def canonical(quads: Iterable[Quad]) -> Dataset:
    """Quads with blank nodes named by https://www.w3.org/TR/rdf-canon/."""
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def _quads(graph: Graph) -> Iterator[Quad]:
    return (Quad(each.subject, each.predicate, each.object) for each in graph.triples)


def _key(row: Row) -> tuple[tuple[str, Term], ...]:
    return tuple(sorted(row.items()))


def _rows(solutions: Solutions, ordered: bool) -> Iterator[Quad]:
    """Solutions as a graph: a row is a node, its values are what the node points at."""
    counted = [(_key(row), 1) for row in solutions.rows] if ordered else Counter(map(_key, solutions.rows)).items()
    for number, (row, count) in enumerate(counted):
        node = NamedNode(f"urn:solld:row:{number}") if ordered else BlankNode()
        yield Quad(node, COUNT, Literal(count))
        for name, value in row:
            yield Quad(node, NamedNode(f"urn:solld:variable:{name}"), value)


def by_value(answer: Answer) -> Answer:
    """The answer with every literal in the one form that stands for its value."""
    match answer:
        case Graph():
            return Graph(
                frozenset(Triple(each.subject, each.predicate, _value(each.object)) for each in answer.triples)
            )
        case Solutions():
            rows = tuple({name: _value(value) for name, value in row.items()} for row in answer.rows)
            return Solutions(answer.variables, rows, answer.ordered)
    return answer


def _seconds(lexical: str) -> str:
    """Of a date or time: no zeros at the end of the seconds, Z for UTC."""
    return re.sub(r"[+-]00:00$", "Z", re.sub(r"(\.\d*?)0+(?=$|[Z+-])", r"\1", lexical).replace(".Z", "Z"))


VALUES: Mapping[NamedNode, Callable[[str], object]] = {
    XSD.integer: int,
    XSD.decimal: lambda lexical: Decimal(lexical).normalize(),
    XSD.double: lambda lexical: float(lexical.replace("INF", "inf")),
    XSD.float: lambda lexical: float(lexical.replace("INF", "inf")),
    XSD.boolean: lambda lexical: {"1": "true", "0": "false"}.get(lexical, lexical),
    XSD.dateTime: _seconds,
    XSD.date: _seconds,
    XSD.time: _seconds,
}


def _value(term: Term) -> Term:
    if isinstance(term, Triple):
        return Triple(term.subject, term.predicate, _value(term.object))
    if not isinstance(term, Literal) or term.datatype not in VALUES:
        return term
    try:
        return Literal(str(VALUES[term.datatype](term.value)), datatype=term.datatype)
    except (ArithmeticError, ValueError):
        return term  # ill-typed


def _reduced(answer: Iterable[Row], expected: Iterable[Row]) -> bool:
    """https://www.w3.org/TR/sparql11-query/#modReduced, for rows without blank nodes."""
    given, wanted = Counter(map(_key, answer)), Counter(map(_key, expected))
    return given.keys() == wanted.keys() and given <= wanted


def shown(answer: Answer) -> str:
    """An answer in a line for people."""
    match answer:
        case bool():
            text = str(answer).lower()
        case Graph():
            text = f"{len(answer.triples)} triples: " + " ".join(sorted(map(_line, answer.triples)))
        case Solutions():
            rows = [" ".join(f"?{name}={value}" for name, value in _key(row)) for row in answer.rows]
            text = f"{len(rows)} rows: " + "; ".join(rows if answer.ordered else sorted(rows))
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _line(triple: Triple) -> str:
    return f"{triple.subject} {triple.predicate} {triple.object} ."
