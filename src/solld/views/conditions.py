"""What rows of a view are wanted, said twice: for the rows that are here, and in SPARQL for who asks the endpoint."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from solld.rdf import XSD, NamedNode, Term
from solld.sparql.outline import outlined

Row = Mapping[str, Term]  # column -> value, of the columns that have one
YEAR = re.compile(r"(-?[0-9]{4,})(?:$|[-T+Z].*)")  # a date of XML Schema, or a year, begins so


class Condition(Protocol):
    """A condition on rows; it is a key of what is kept."""

    def holds(self, row: Row) -> bool: ...

    def sparql(self) -> str: ...

    def __hash__(self) -> int: ...


@dataclass(frozen=True)
class Among:
    """One of the columns has one of the values."""

    columns: tuple[str, ...]
    terms: tuple[NamedNode, ...]

    def holds(self, row: Row) -> bool:
        return any(row.get(column) in self.terms for column in self.columns)

    def sparql(self) -> str:
        values = ", ".join(map(str, self.terms))
        return " || ".join(f"?{column} IN ({values})" for column in self.columns)


@dataclass(frozen=True)
class Years:
    """The column has a date of these years, both included."""

    column: str
    first: int
    last: int

    def holds(self, row: Row) -> bool:
        found = year(row[self.column].value) if self.column in row else None
        return found is not None and self.first <= found <= self.last

    def sparql(self) -> str:
        number = f'{XSD.integer}(REPLACE(STR(?{self.column}), "^{YEAR.pattern}$", "$1"))'
        return f"{number} >= {self.first} && {number} <= {self.last}"


def year(text: str) -> int | None:
    """The year of a date; None for what is none."""
    match = YEAR.fullmatch(text)
    return int(match[1]) if match else None


def narrowed(text: str, conditions: Sequence[Condition]) -> str:
    """The query with those of its rows only that meet the conditions."""
    if not conditions:
        return text
    outline = outlined(text)
    start = outline.tokens[next((span.last for span in outline.spans("Prologue")), 0)].start
    columns = " ".join(f"?{name}" for name in outline.variables)
    filters = "\n".join(f"  FILTER({each.sparql()})" for each in conditions)
    return f"{text[:start]}SELECT {columns}\nWHERE {{\n  {{\n{text[start:].rstrip()}\n  }}\n{filters}\n}}\n"
