"""The page of a matrix: what columns share, in the exact words of each; a phone gets its rows as cards."""

from collections.abc import Sequence
from dataclasses import dataclass

from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.sheet import Proof, Sheet
from solld.formats.view import Value
from solld.views.matrix import Column, Entry, Group

TEMPLATE = ENVIRONMENT.get_template("comparison.html")
ALL = 6  # columns that are compared when nobody has chosen, if there are no more
FIRST = 4  # that are compared at first when there are more
MOST = 30  # columns that are compared at once
BOXES = 60  # that one can choose by a box; more are found by their pages
AT_ONCE = 2  # words of a cell that are seen at once


@dataclass(frozen=True)
class Shown:
    """An entry of a cell as a template writes it."""

    proof: Proof | None
    heading: str
    evidence: Value | None
    statement: Value | None
    vias: tuple[Value, ...]
    notes: tuple[Value, ...]


@dataclass(frozen=True)
class Cell:
    """What a column says of a row: the first words, and the others that open when one asks."""

    column: Value
    entries: tuple[Shown, ...]
    others: tuple[Shown, ...]


@dataclass(frozen=True)
class Row:
    anchor: str
    name: Value
    shared: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Box:
    """A column as one can choose it."""

    name: Value
    value: str
    type: Value | None
    rows: int
    chosen: bool


def first(columns: Sequence[Column]) -> tuple[str, ...]:
    """What is compared when nobody has chosen: all if they are few, else those with the most."""
    return tuple(column.iri for column in (columns if len(columns) <= ALL else columns[:FIRST]))


def write_page(
    sheet: Sheet,
    columns: Sequence[Column],
    chosen: Sequence[str],
    groups: Sequence[Group],
    asked: bool,
    summary: str,
    sparql: str,
) -> bytes:
    """The page; `asked` tells whether the reader has chosen the columns."""
    context = sheet.context
    boxes = [
        Box(sheet.link(each.iri), sheet.short(each.iri), sheet.name(each.type), each.rows, each.iri in chosen)
        for number, each in enumerate(columns)
        if number < BOXES or each.iri in chosen
    ]
    everything = [("with", sheet.short(each.iri)) for each in columns]
    tables = [(sheet.name(group.iri), f"group-{n}", _rows(group, chosen, sheet)) for n, group in enumerate(groups, 1)]
    variables = Frame(context.settings, context.language, context.root, context.release).values() | {
        "boxes": boxes,
        "columns": [(sheet.link(each), _texts(each, groups, sheet)) for each in chosen],
        "asked": asked,
        "all": len(columns),
        "everything": sheet.address(without=("with",), more=everything) if len(columns) <= MOST else "",
        "lang_asked": dict(sheet.asked).get("lang", ""),
        "tables": tables,
    }
    return TEMPLATE.render(
        variables | sheet.frame("values", summary, sparql, (("JSON", "json"), ("CSV", "csv")))
    ).encode()


def _texts(column: str, groups: Sequence[Group], sheet: Sheet) -> tuple[Value, ...]:
    """The texts that the words of a column stand in."""
    entries = (entry for group in groups for line in group.lines for entry in line.cells.get(column, ()))
    documents = dict.fromkeys(entry.said.document for entry in entries if entry.said and entry.said.document)
    return tuple(map(sheet.link, documents))


def _rows(group: Group, chosen: Sequence[str], sheet: Sheet) -> list[Row]:
    found = []
    for line in group.lines:
        cells = []
        for column in chosen:
            entries = tuple(_shown(each, sheet) for each in line.cells.get(column, ()))
            at_once = len(entries) if len(entries) <= AT_ONCE + 1 else AT_ONCE  # not to hide a single one
            cells.append(Cell(sheet.link(column), entries[:at_once], entries[at_once:]))
        found.append(Row(sheet.anchor(line.row), sheet.link(line.row), line.shared, tuple(cells)))
    return found


def _shown(entry: Entry, sheet: Sheet) -> Shown:
    return Shown(
        sheet.proofs((entry.said,))[0] if entry.said else None,
        entry.heading,
        sheet.name(entry.evidence),
        sheet.name(entry.statements[0]) if entry.statements else None,
        tuple(map(sheet.link, entry.vias)),
        tuple(Value(each.wording, sheet.values.foreign(each.language)) for each in entry.notes),
    )
