"""Cells that the lift cannot read: dates, numbers, numbers of registers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from solld.reporting.findings import VIOLATION, WARNING, Check, Finding, Kind, View, one
from solld.reporting.records import Record
from solld.sources.readings import LOCAL_DATE, NUMBERS, READINGS

KINDS = (
    Kind("row_lost", VIOLATION),
    Kind("date_ambiguous", WARNING),
    Kind("date_unreadable", WARNING),
    Kind("number_unreadable", WARNING),
    Kind("register_unreadable", WARNING),
)
DATES = ("date", "dmy", "mdy")
OF = (
    dict.fromkeys(DATES, "date_unreadable")
    | {"decimal": "number_unreadable"}
    | dict.fromkeys(NUMBERS, "register_unreadable")
)


@dataclass
class Values:
    view: View

    @cached_property
    def asked(self) -> dict[str, tuple[str, ...]]:
        """Column -> the readings of it that may fail; not of one that is read as it stands besides."""
        found = {column: tuple(each for each in asked if each in OF) for column, asked in self.view.read.items()}
        return {column: asked for column, asked in found.items() if asked}

    def see(self, record: Record) -> Iterator[Finding]:
        if not record.thing:
            yield one("row_lost", record, "", next((cells[0].strip() for cells in record.cells.values()), ""))
        for column, readings in self.asked.items():
            for cell in record.cells.get(column, ()):
                if cell.strip() and not any(True for each in readings for _ in READINGS[each](cell)):
                    kind = "date_ambiguous" if "date" in readings and _ambiguous(cell) else OF[readings[0]]
                    yield one(kind, record, column, cell.strip(), {"reading": readings[0]})

    def end(self) -> Iterator[Finding]:
        yield from ()


def _ambiguous(cell: str) -> bool:
    """Whether a date is one of two, by which of its numbers is the month."""
    match = LOCAL_DATE.fullmatch(cell.strip())
    return bool(match and 1 <= int(match[1]) <= 12 and 1 <= int(match[2]) <= 12)


CHECK = Check("values", 5, KINDS, Values)
