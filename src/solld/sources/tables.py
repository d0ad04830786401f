"""Tables of text: CSV with any separator and encoding. RFC 4180, and what spreadsheets make of it."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import islice
from typing import IO

from solld.errors import SourceFailed
from solld.sources import HEAD, Row, Source
from solld.sources.encodings import PASTED, encoding
from solld.sources.headers import header_of, headers, titles

STANDARD = "https://www.rfc-editor.org/info/rfc4180"
SEPARATORS = ",;\t|"
LOOKED_AT = 50  # rows that tell the separator
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1f]")
STRAY = 0.002  # of the bytes may be signs that no text has
LARGEST = 10 * 2**20  # characters of a cell
csv.field_size_limit(LARGEST)


def likes(head: bytes) -> float:
    """Whether there are columns at all; less if rows differ in how many."""
    if not head.strip() or head.lstrip()[:1] in (b"{", b"[", b"<"):
        return 0.0
    name = encoding(head)
    if not name.startswith("utf-16") and len(CONTROLS.findall(head)) > len(head) * STRAY:
        return 0.0
    text = _text(head, name)
    return _agreement(text, separator(text)) * 0.8


def _text(head: bytes, name: str) -> str:
    return head.decode(name, "replace").replace("\0", "")


def separator(text: str) -> str:
    """What stands between the columns: that by which most rows have as many of them, and more than one."""
    return max(SEPARATORS, key=lambda each: (_agreement(text, each), text.count(each)))


def _agreement(text: str, separator: str) -> float:
    """0 to 1: how many of the first rows have as many columns as the header."""
    rows = _first(text, separator)
    width = len(rows[0]) if rows else 0
    return sum(len(each) == width for each in rows) / len(rows) if width > 1 else 0.0


def _first(text: str, separator: str) -> list[list[str]]:
    """The first rows, from the header on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = list(islice(reader, LOOKED_AT))
    rows = rows[:-1] if len(rows) > 2 else rows  # the last may not be whole
    return rows[titles(rows) :]


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """The rows under the header. Columns of one name are numbered, a column without one is called by its place."""
    head = file.read(HEAD)
    file.seek(0)
    name = encoding(head)
    text = _text(head, name)
    between = separator(text)
    first = list(islice(csv.reader(io.StringIO(text, newline=""), delimiter=between), LOOKED_AT))
    lines = _Kept(_lines(file, name, head))
    reader = csv.reader(lines, delimiter=between)
    try:
        for _ in range(titles(first)):
            next(reader, None)
        header = header_of([next(reader, []) for _ in range(headers(first[titles(first) :]))])
        lines.kept.clear()
        for row in reader:
            place = f"line {reader.line_num}"
            if len(row) > len(header) or len(lines.kept) > 1:
                _check(row, header, lines.kept, place, between)
            lines.kept.clear()
            cells = {column: (cell,) for column, cell in zip(header, row, strict=False) if cell.strip()}
            if cells:
                yield Row(place, cells)
    except csv.Error as error:
        raise SourceFailed(f"line {reader.line_num}", str(error)) from error


class _Kept(Iterator[str]):
    """Lines, of which those of the row that is being read are kept."""

    def __init__(self, lines: Iterator[str]):
        self._lines = lines
        self.kept: list[str] = []

    def __next__(self) -> str:
        line = next(self._lines)
        self.kept.append(line)
        return line


def _check(row: list[str], header: list[str], kept: list[str], place: str, between: str) -> None:
    """SourceFailed for a row that is none: it has cells under no column, or other rows are within a cell of it."""
    if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
        raise SourceFailed(place, f"has {len(row)} cells under {len(header)} columns")
    if len(kept) > 1 and any(line.count(between) >= len(header) - 1 for line in kept[1:-1] or kept[1:]):
        try:
            list(csv.reader(kept, delimiter=between, strict=True))
        except csv.Error as error:
            begins = int(place.removeprefix("line ")) - len(kept) + 1
            what = f"a quotation mark opens a cell that goes on to {place} and ends in no proper way"
            raise SourceFailed(f"line {begins}", what) from error


def _lines(file: IO[bytes], name: str, head: bytes) -> Iterator[str]:
    if name.startswith("utf-16") or b"\n" not in head:  # where a line does not end with the byte of one
        lines = io.TextIOWrapper(file, encoding=name, newline="")
        try:
            yield from (line.replace("\0", "") for line in lines)
        except UnicodeDecodeError as error:
            raise SourceFailed("the file", f"is not {name}: {error.reason}") from error
        finally:
            lines.detach()
        return
    errors = PASTED if name.startswith("utf-8") and not head.isascii() else "strict"
    for number, line in enumerate(file, 1):
        try:
            text = line.decode(name if number == 1 else name.removesuffix("-sig"), errors)
        except UnicodeDecodeError as error:
            raise SourceFailed(f"line {number}", f"is not {name}: {error.reason}") from error
        yield text.replace("\0", "") if "\0" in text else text  # some programs leave them, and nobody means them


SOURCE = Source("csv", "CSV", STANDARD, ("text/csv", "text/tab-separated-values", "application/csv"), likes, read)
