"""Where something stands in the site's own files: the file and the line, for who is to change it.

Files are read as text: who looks for a line wants it as it was written, not as a parser gives it back.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LARGEST = 8 * 2**20  # bytes of a file that is looked through for a page
LONG = '"""'  # begins and ends a text of several lines
STARTS = re.compile(r"[<\w]")  # what a line begins with that speaks of another resource; the rest is indented


@dataclass(frozen=True)
class Place:
    """A line of a file; `exact` tells whether it says the statement, and not only of what the statement is."""

    path: str  # relative to the site
    line: int  # from 1
    text: str
    exact: bool = True


def line_in(path: Path, *names: str) -> int:
    """The line, from 1, where a Turtle file first describes a resource, or mentions it; 0 if it does not.

    Names are a source key or an IRI; a prefixed name is found by its local part.
    """
    text = path.read_text(encoding="utf-8", errors="replace")
    return _described(text, names) or _mentioned(text, names)


def _described(text: str, names: Sequence[str]) -> int:
    full, local = "|".join(map(re.escape, names)), _local(names)
    return _first(text, rf"^<(?:{full})>", rf"^[\w-]*:{local}(?![\w-])")


def _mentioned(text: str, names: Sequence[str]) -> int:
    full, local = "|".join(map(re.escape, names)), _local(names)
    return _first(text, rf"<(?:{full})(?:#[^>]*)?>", rf":{local}(?![\w-])")


def _local(names: Sequence[str]) -> str:
    return re.escape(re.split(r"[/#]", names[-1])[-1])


def _first(text: str, *patterns: str) -> int:
    match = next(filter(None, (re.search(pattern, text, re.MULTILINE) for pattern in patterns)), None)
    return text.count("\n", 0, match.start()) + 1 if match else 0


def of_statement(
    site: Path, files: Iterable[Path], names: Sequence[str], predicate: Sequence[str], object: Sequence[str]
) -> Place | None:
    """The line that states something, else where its subject is described; each is given in all ways to write it."""
    first: Place | None = None
    for path in files:
        text = _text(path)
        start = _described(text, names)
        if not start:
            continue
        lines = text.split("\n")
        block = _block(lines, start - 1)
        after = next((n for n in block if _has(lines[n], predicate)), len(lines))
        found = next((n for n in block if n >= after and _has(lines[n], object)), None)
        local = str(path.relative_to(site))
        if found is not None:
            return Place(local, found + 1, lines[found].strip())
        first = first or Place(local, start, lines[start - 1].strip(), exact=False)
    return first


def of_record(site: Path, path: Path, key: str) -> Place | None:
    """The line of a table or another text where a record first has its key."""
    match = re.search(rf"(?<![\w-]){re.escape(key)}(?![\w-])", _text(path)) if key else None
    if not match:
        return None
    number = _text(path).count("\n", 0, match.start())
    return Place(str(path.relative_to(site)), number + 1, _text(path).split("\n")[number].strip(), exact=False)


def _block(lines: Sequence[str], start: int) -> list[int]:
    """The lines from one on that speak of the same resource; the lines of a long text are no beginning."""
    subject = lines[start].split(maxsplit=1)[0]
    within = lines[start].count(LONG) % 2 == 1
    end = start + 1
    while end < len(lines) and (within or not STARTS.match(lines[end]) or lines[end].startswith(f"{subject} ")):
        within ^= lines[end].count(LONG) % 2 == 1
        end += 1
    return list(range(start, end))


def _has(line: str, ways: Sequence[str]) -> bool:
    """Whether a line has one of them as a word; a local name may have a prefix before it."""
    return any(re.search(rf"(?:(?<![\w-])|(?=:)){_pattern(way)}(?![\w-])", line) for way in ways if way)


def _pattern(way: str) -> str:
    """A way to write a term; of a number, with as many zeros at its end as the file has: a store drops them."""
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", way):
        return re.escape(way)
    return re.escape(way) + ("0*" if "." in way else r"(?:\.0*)?")


def _text(path: Path) -> str:
    """The text of a file; "" if it is not there, or too large to be looked through while somebody waits."""
    try:
        known = path.stat()
    except OSError:
        return ""
    return _read(path, known.st_mtime_ns) if known.st_size <= LARGEST else ""


@lru_cache(maxsize=64)
def _read(path: Path, changed: int) -> str:
    return path.read_text(encoding="utf-8", errors="replace")
