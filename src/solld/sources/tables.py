"""Tables of text: CSV with any separator and encoding. RFC 4180, and what spreadsheets make of it."""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import IO

from charset_normalizer import from_bytes

from solld.errors import SourceFailed
from solld.sources import HEAD, Row, Source

STANDARD = "https://www.rfc-editor.org/info/rfc4180"
SEPARATORS = ",;\t|"
ALPHABETS = ("cp1252", "cp1250", "cp1251", "cp1253")  # west, middle and east of Europe, Greece
LOOKED_AT = 50  # rows that tell the separator
LARGEST = 10 * 2**20  # characters of a cell
csv.field_size_limit(LARGEST)


def likes(head: bytes) -> float:
    """Whether there are columns at all; less if rows differ in how many."""
    name = encoding(head)
    if not head.strip() or head.lstrip()[:1] in (b"{", b"[", b"<") or (b"\0" in head and name != "utf-16"):
        return 0.0
    text = head.decode(name, "replace")
    return _agreement(text, separator(text)) * 0.8


def encoding(head: bytes) -> str:
    """The encoding of a text by its beginning: UTF-8 if it can be, else what its bytes look like most."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    try:
        head[: max(0, len(head) - 4)].decode("utf-8")  # the end may be in the middle of a character
    except UnicodeDecodeError as error:
        if error.start < len(head) - 8:
            best = from_bytes(head, cp_isolation=list(ALPHABETS)).best()
            return best.encoding if best else ALPHABETS[0]
    return "utf-8"


def separator(text: str) -> str:
    """What stands between the columns: that by which most rows have as many of them, and more than one."""
    return max(SEPARATORS, key=lambda each: (_agreement(text, each), text.count(each)))


def _agreement(text: str, separator: str) -> float:
    """0 to 1: how many of the first rows have as many columns as the first."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows = [len(row) for row in islice(reader, LOOKED_AT)]
    rows = rows[:-1] if len(rows) > 2 else rows  # the last may not be whole
    return sum(each == rows[0] for each in rows) / len(rows) if rows and rows[0] > 1 else 0.0


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """The rows under the header. Columns of one name are numbered, a column without one is called by its place."""
    head = file.read(HEAD)
    file.seek(0)
    name = encoding(head)
    between = separator(head.decode(name, "replace"))
    reader = csv.reader(_lines(file, name, head), delimiter=between)
    try:
        header = _header(next(reader, []))
        for row in reader:
            if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
                raise SourceFailed(f"line {reader.line_num}", f"has {len(row)} cells under {len(header)} columns")
            cells = {column: (cell,) for column, cell in zip(header, row, strict=False) if cell.strip()}
            if cells:
                yield Row(f"line {reader.line_num}", cells)
    except csv.Error as error:
        raise SourceFailed(f"line {reader.line_num}", str(error)) from error


def _lines(file: IO[bytes], name: str, head: bytes) -> Iterator[str]:
    if name == "utf-16" or b"\n" not in head:  # where a line does not end with the byte of one
        lines = io.TextIOWrapper(file, encoding=name, newline="")
        try:
            yield from lines
        except UnicodeDecodeError as error:
            raise SourceFailed("the file", f"is not {name}: {error.reason}") from error
        finally:
            lines.detach()
        return
    for number, line in enumerate(file, 1):
        try:
            yield line.decode(name if number == 1 else name.removesuffix("-sig"))
        except UnicodeDecodeError as error:
            raise SourceFailed(f"line {number}", f"is not {name}: {error.reason}") from error


def _header(names: list[str]) -> list[str]:
    found: list[str] = []
    for place, name in enumerate(names, 1):
        column = " ".join(name.split()) or f"column {place}"
        number = 2
        while column in found:
            column = f"{' '.join(name.split())} {number}"
            number += 1
        found.append(column)
    return found


SOURCE = Source("csv", "CSV", STANDARD, ("text/csv", "text/tab-separated-values", "application/csv"), likes, read)
