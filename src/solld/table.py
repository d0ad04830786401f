"""Tables that people keep in CSV and that only grow: read whole, and added to in one step."""

import csv
import io
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from solld.errors import BadData


def read(path: Path, header: Sequence[str]) -> list[list[str]]:
    """The rows below the header; none where there is no file. BadData if it is not UTF-8 or begins otherwise."""
    if not path.exists():
        return []
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except UnicodeDecodeError as error:
        raise BadData(path, f"is not UTF-8: {error}") from error
    if not rows or rows[0] != list(header):
        raise BadData(path, f"the first line must be {','.join(header)}", 1)
    return rows[1:]


def append(path: Path, header: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    """Adds rows to the file, which is made if there is none."""
    text = path.read_text(encoding="utf-8") if path.exists() else ",".join(header) + "\n"
    _write(path, text if text.endswith("\n") else text + "\n", rows)


def write(path: Path, header: Sequence[str], rows: Iterable[Iterable[str]]) -> None:
    """Writes the whole table anew."""
    _write(path, ",".join(header) + "\n", rows)


def _write(path: Path, text: str, rows: Iterable[Iterable[str]]) -> None:
    # A whole new file, renamed over the old one: a kill leaves either the old one or the new one, never half a line.
    out = io.StringIO(newline="")
    out.write(text)
    csv.writer(out, lineterminator="\n").writerows(rows)
    fresh = path.with_name(path.name + ".new")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        file.write(out.getvalue())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
