"""Which columns a property is made of, told by their values: a lift is a query that anybody may have written."""

from collections import Counter
from collections.abc import Iterable, Mapping

from solld.rdf import Literal, Term
from solld.reporting.records import Record
from solld.sources.readings import READINGS

LOOKED_AT = 300  # records
LEAST = 0.9  # of the cells of a column, whose values the property must have
MANY = 3  # records that tell, unless there are fewer


def of(records: Iterable[Record], read: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """IRI of a property -> the columns whose values it has, that of most first."""
    had: Counter[str] = Counter()
    filled: Counter[str] = Counter()
    same: Counter[tuple[str, str]] = Counter()
    for record in records:
        values = {predicate: {str(term.value) for term in terms} for predicate, terms in record.said.items()}
        had.update(values.keys())
        for column, readings in read.items():
            found = {text for cell in record.cells.get(column, ()) for each in readings for text in _read(each, cell)}
            filled[column] += bool(found)
            same.update((predicate, column) for predicate, said in values.items() if said & found)
    best: dict[str, tuple[str, ...]] = {}
    for (predicate, column), number in same.most_common():
        if number >= min(MANY, had[predicate]) and number >= LEAST * filled[column]:
            best[predicate] = (*best.get(predicate, ()), column)
    return best


def _read(reading: str, cell: str) -> list[str]:
    if reading == "column":
        return [cell]
    return [_value(found) for found in READINGS[reading](cell)]


def _value(found: str | Term) -> str:
    return found.value if isinstance(found, Literal) else str(found)
