"""A view as a matrix: rows that are compared over columns, with the exact words in each cell; what is shared first."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from solld.views.said import Said, noted, said, text
from solld.views.tables import Table

# Words, heading and evidence -> the statement, the way and the note of each row that has them.
Cell = dict[tuple[Said | None, str, str], list[tuple[str, str, Said | None]]]


@dataclass(frozen=True)
class Entry:
    """One thing that a cell says: words, how surely, by way of what, and what is to be noted."""

    said: Said | None
    heading: str = ""  # what stands above the words in their text
    evidence: str = ""
    statements: tuple[str, ...] = ()
    vias: tuple[str, ...] = ()
    notes: tuple[Said, ...] = ()


@dataclass(frozen=True)
class Line:
    """A row with its cells: column -> what it says there."""

    row: str
    cells: Mapping[str, tuple[Entry, ...]]

    @property
    def shared(self) -> int:
        """How many columns have it."""
        return len(self.cells)


@dataclass(frozen=True)
class Column:
    """What is compared, its type, and how many rows it has."""

    iri: str
    type: str
    rows: int


@dataclass(frozen=True)
class Group:
    """Rows of one sort: the most shared first."""

    iri: str
    lines: tuple[Line, ...]


def columns(table: Table) -> tuple[Column, ...]:
    """All columns, those with the most rows first."""
    rows: dict[str, set[str]] = {}
    types: dict[str, str] = {}
    for each in table.rows:
        rows.setdefault(text(each, "column"), set()).add(text(each, "row"))
        types.setdefault(text(each, "column"), text(each, "columnType"))
    found = (Column(iri, types[iri], len(held)) for iri, held in rows.items())
    return tuple(sorted(found, key=lambda column: (-column.rows, column.iri)))


def shared(table: Table) -> Mapping[str, tuple[str, ...]]:
    """Row -> the columns that have it."""
    found: dict[str, dict[str, None]] = {}
    for each in table.rows:
        found.setdefault(text(each, "row"), {})[text(each, "column")] = None
    return {row: tuple(held) for row, held in found.items()}


def groups(table: Table, chosen: Collection[str]) -> tuple[Group, ...]:
    """The rows that the chosen columns have, by group; the most shared first, and then as the query has them."""
    found: dict[str, dict[str, dict[str, Cell]]] = {}
    for each in table.rows:
        if (column := text(each, "column")) in chosen:
            row = found.setdefault(text(each, "group"), {}).setdefault(text(each, "row"), {})
            key = (said(each), text(each, "heading"), text(each, "evidence"))
            more = (text(each, "statement"), text(each, "via"), noted(each))
            row.setdefault(column, {}).setdefault(key, []).append(more)
    return tuple(Group(group, _lines(rows)) for group, rows in found.items())


def _lines(rows: Mapping[str, Mapping[str, Cell]]) -> tuple[Line, ...]:
    lines = (Line(row, {column: _entries(cell) for column, cell in held.items()}) for row, held in rows.items())
    return tuple(sorted(lines, key=lambda line: -line.shared))


def _entries(cell: Cell) -> tuple[Entry, ...]:
    """The same words, as surely said, are one entry, whatever they are said by way of."""
    found = []
    for (words, heading, evidence), more in cell.items():
        statements = tuple(dict.fromkeys(each for each, _, _ in more if each))
        vias = tuple(dict.fromkeys(each for _, each, _ in more if each))
        notes = tuple(dict.fromkeys(each for _, _, each in more if each))
        found.append(Entry(words, heading, evidence, statements, vias, notes))
    return tuple(found)
