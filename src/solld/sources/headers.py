"""Where the header of a table is, and what its columns are called: people write titles above it, and group columns."""

import re
from collections.abc import Sequence

Cells = Sequence[Sequence[str]]
MOST = 10  # rows above a header
FEW = 0.4  # of the cells that most rows have: a row with less is a title, if what is below may be a header


def titles(rows: Cells) -> int:
    """How many of the first rows are above the header: they have a cell or two, where the rows below have many.

    `sep=;` is such a row, which Excel reads and no other program.
    """
    widths = sorted(filter(None, map(_filled, rows)))
    usual = widths[len(widths) // 2] if widths else 0
    for number, row in enumerate(rows[:MOST] if usual > 1 else ()):
        if _filled(row) > 1 and (_filled(row) >= FEW * usual or not _may_be_header(rows[number + 1 :])):
            return number
    return 0


def _may_be_header(rows: Cells) -> bool:
    first = next((row for row in rows if _filled(row)), ())
    return not any(re.search(r"\d", name) for name in first)


def headers(rows: Cells) -> int:
    """How many rows the header has: two where the first names groups of columns, and the second each column.

    The second is told from a record by what is below: words over columns of numbers.
    """
    if len(rows) < 4:
        return 1
    first, second, below = rows[0], rows[1], rows[2:]
    gaps = [n for n, name in enumerate(second) if name.strip() and not _cell(first, n)]
    if len(gaps) < 2 or any(re.search(r"\d", name) for name in second):
        return 1
    numbers = [n for n, name in enumerate(second) if name.strip() and _are_numbers([_cell(row, n) for row in below])]
    return 2 if numbers else 1


def header_of(rows: Cells) -> list[str]:
    """The names of columns: those of one name are numbered, and one without is called by its place."""
    width = max(map(len, rows), default=0)
    found: list[str] = []
    for place in range(width):
        name = next((_cell(row, place) for row in reversed(rows) if _cell(row, place)), "")
        column, number = name or f"column {place + 1}", 2
        while column in found:
            column, number = f"{name} {number}", number + 1
        found.append(column)
    return found


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _cell(row: Sequence[str], place: int) -> str:
    return " ".join(row[place].split()) if place < len(row) else ""


def _are_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(re.fullmatch(r"[-+]?\d[\d.,: /-]*", cell) for cell in filled)
