"""A view as a timeline: what has a date in its order, and what has none apart, with the words of its source."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solld.views.conditions import year
from solld.views.said import Said, gathered
from solld.views.tables import Table

COLUMNS = ("thing", "what", "date", "end", "evidence", "statement")


@dataclass(frozen=True)
class Happening:
    """Something with its time: a date as the source states it, to the day, month or year, or any text; or nothing."""

    thing: str
    what: str  # IRI of the kind
    date: str
    end: str
    evidence: str
    statement: str
    said: tuple[Said, ...]

    @property
    def year(self) -> int | None:
        """None for what has no date, or one in words."""
        return year(self.date)

    @property
    def until(self) -> int | None:
        """The year of the end; that of the beginning where there is none."""
        return year(self.end) if year(self.end) is not None else self.year


def happenings(table: Table) -> tuple[Happening, ...]:
    """All of the rows: what has a date by its date, and then what has none."""
    column = "words" if "words" in table.columns else "wording"
    found = []
    for (thing, what, date, end, evidence, statement), proofs in gathered(table.rows, COLUMNS, column).items():
        found.append(Happening(thing, what, date, end, evidence, statement, proofs))
    return tuple(sorted(found, key=lambda each: (each.year is None, each.year or 0, each.date)))


def by_year(found: Iterable[Happening]) -> Mapping[int, int]:
    """Year -> how many things have their date in it, in order."""
    return dict(sorted(Counter(each.year for each in found if each.year is not None).items()))
