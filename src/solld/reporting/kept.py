"""Reports on the disk, one file each: made beside the others, then put in place by one rename.

fact      key | value                  dataset, run, when, from where, how many records, what it is compared with
finding   n | key | kind | ...         what was found, in its order; `fresh` if the last report did not have it
mended    n | kind | ...               what the last report had, and this one has not
field     n | name | filled | readings the columns of the source, how many records fill them, how the lift reads them
past      run | records | counts       every report before: how many findings of each kind (JSON)
"""

import hmac
import json
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solld.errors import NotFound, StoreFailed
from solld.model import Settings
from solld.reporting.findings import Finding, kinds
from solld.site import NAME

KEPT = 2  # reports: the newest, and the one that it is compared with
KEY, KEY_FILE = 16, "key"  # bytes of a key, and where it is
SCHEMA = """
CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE finding(n INTEGER PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, weight REAL NOT NULL,
    fresh INTEGER NOT NULL, place TEXT NOT NULL, id TEXT NOT NULL, name TEXT NOT NULL, field TEXT NOT NULL,
    value TEXT NOT NULL, told TEXT NOT NULL);
CREATE TABLE mended(n INTEGER PRIMARY KEY, kind TEXT NOT NULL, place TEXT NOT NULL, id TEXT NOT NULL,
    name TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, told TEXT NOT NULL);
CREATE TABLE field(n INTEGER PRIMARY KEY, name TEXT NOT NULL, filled INTEGER NOT NULL, readings TEXT NOT NULL);
CREATE TABLE past(run TEXT PRIMARY KEY, records INTEGER NOT NULL, counts TEXT NOT NULL) WITHOUT ROWID;
"""
INDEXES = "CREATE INDEX finding_key ON finding(key); CREATE INDEX finding_kind ON finding(kind, weight DESC, n);"
COLUMNS = "kind, place, id, name, field, value, told"


@dataclass(frozen=True)
class Column:
    """A column of the source."""

    name: str
    filled: int  # records
    readings: tuple[str, ...]  # of the lift; none if it does not use it


@dataclass(frozen=True)
class Found:
    """A finding as it is kept."""

    finding: Finding
    fresh: bool


class Report:
    """An opened report; it may be read while a newer one takes its place."""

    def __init__(self, path: Path, db: sqlite3.Connection):
        self.path, self.db = path, db

    @classmethod
    def open(cls, path: Path) -> "Report":
        try:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
            db.execute("SELECT 1 FROM fact").fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(path, str(error)) from error
        return cls(path, db)

    def close(self) -> None:
        self.db.close()

    @property
    def facts(self) -> Mapping[str, Any]:
        return {key: json.loads(value) for key, value in self.db.execute("SELECT key, value FROM fact")}

    def counts(self) -> dict[str, tuple[int, int]]:
        """kind -> how many findings, and how many of them are new; of the kinds that this program knows."""
        rows = self.db.execute("SELECT kind, COUNT(*), SUM(fresh) FROM finding GROUP BY kind")
        return {kind: (number, fresh) for kind, number, fresh in rows if kind in kinds()}

    def mended_counts(self) -> dict[str, int]:
        """kind -> how many findings of the last report are gone."""
        rows = self.db.execute("SELECT kind, COUNT(*) FROM mended GROUP BY kind")
        return {kind: number for kind, number in rows if kind in kinds()}

    def findings(self, kind: str, number: int = -1, after: int = 0) -> Iterator[Found]:
        """The findings of a kind, the worst first; so many, after so many, or all."""
        rows = self.db.execute(
            f"SELECT {COLUMNS}, fresh FROM finding WHERE kind = ? ORDER BY weight DESC, n LIMIT ? OFFSET ?",
            (kind, number, after),
        )
        return (Found(_finding(row), bool(row[-1])) for row in rows)

    def mended(self, number: int = -1) -> Iterator[Finding]:
        """What the last report had and this one has not."""
        rows = self.db.execute(f"SELECT {COLUMNS} FROM mended ORDER BY n LIMIT ?", (number,))
        return (finding for finding in map(_finding, rows) if finding.kind in kinds())

    def columns(self) -> list[Column]:
        rows = self.db.execute("SELECT name, filled, readings FROM field ORDER BY n")
        return [Column(name, filled, tuple(json.loads(readings))) for name, filled, readings in rows]

    def past(self) -> list[tuple[str, int, Mapping[str, int]]]:
        """(run, records, kind -> findings) of every report up to this one, oldest first."""
        rows = self.db.execute("SELECT run, records, counts FROM past ORDER BY run")
        return [(run, records, json.loads(counts)) for run, records, counts in rows]


def _finding(row: tuple[Any, ...]) -> Finding:
    kind, place, id_, name, field, value, told = row[:7]
    return Finding(kind, place, id_, name, field, value, json.loads(told))


# The folder -----------------------------------------------------------------------------------------------------------


def folder_of(settings: Settings, name: str) -> Path:
    return settings.var / "reports" / name


def runs(settings: Settings, name: str) -> list[Path]:
    """The reports on a dataset, oldest first."""
    return sorted(folder_of(settings, name).glob("[0-9]*.sqlite"))


def newest(settings: Settings, name: str) -> Report | None:
    """The newest report on a dataset; None if there is none."""
    found = runs(settings, name)
    return Report.open(found[-1]) if found else None


def forget(settings: Settings) -> None:
    """Removes all reports, for what was erased may be in any of them; their addresses stay, and they can be made again.

    How many findings there were before is forgotten too.
    """
    for path in (settings.var / "reports").glob("*/*.sqlite"):
        path.unlink()


def key_of(settings: Settings, name: str, fresh: bool = False) -> str:
    """What the private address of the reports on a dataset ends in: 128 random bits, made when first asked for.

    With `fresh` there is a new one, and the old address is none any more.
    """
    path = folder_of(settings, name) / KEY_FILE
    if fresh or not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_name(f"key.{secrets.token_hex(4)}")
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(KEY))
        new.replace(path)
    return path.read_text(encoding="ascii")


def known(settings: Settings, name: str, key: str, path: str) -> Report:
    """The newest report of a private address. NotFound, always the same, for a wrong name or key.

    A wrong key is compared in constant time, and what is said of it tells nothing of the name.
    """
    kept = folder_of(settings, name) / KEY_FILE
    right = kept.read_text(encoding="ascii") if NAME.fullmatch(name) and kept.is_file() else ""
    same = hmac.compare_digest(right.encode(), key.encode())
    found = newest(settings, name) if right and same else None
    if found is None:
        raise NotFound(path)
    return found


# Writing --------------------------------------------------------------------------------------------------------------


def write(
    settings: Settings,
    name: str,
    run: str,
    facts: Mapping[str, Any],
    findings: Iterable[Finding],
    columns: Iterable[Column],
) -> Path:
    """Writes the report on a run and compares it with the last of another run; older ones go, but for their counts.

    `facts` and `columns` are asked for when all findings were taken, and may come to be while they are found.
    """
    folder = folder_of(settings, name)
    folder.mkdir(parents=True, exist_ok=True)
    path, new = folder / f"{run}.sqlite", folder / f"new.{secrets.token_hex(4)}"
    last = next((each for each in reversed(runs(settings, name)) if each.name < path.name), None)
    try:
        db = sqlite3.connect(new, isolation_level=None)
        try:
            db.execute("PRAGMA journal_mode = OFF")  # a file that is not finished is thrown away
            db.execute("PRAGMA synchronous = OFF")
            db.executescript(SCHEMA)
            db.execute("BEGIN")
            db.executemany("INSERT INTO finding VALUES (NULL, ?, ?, ?, 1, ?, ?, ?, ?, ?, ?)", map(_row, findings))
            db.executemany(
                "INSERT INTO field VALUES (NULL, ?, ?, ?)",
                ((each.name, each.filled, json.dumps(each.readings)) for each in columns),
            )
            db.execute("COMMIT")
            db.executescript(INDEXES)
            _compare(db, last)
            _finish(db, run, facts, last)
        finally:
            db.close()
        new.replace(path)
    except sqlite3.Error as error:
        raise StoreFailed(path, str(error)) from error
    finally:
        new.unlink(missing_ok=True)
    for old in runs(settings, name)[:-KEPT]:
        old.unlink()
    return path


def _row(finding: Finding) -> tuple[object, ...]:
    told = json.dumps(dict(finding.told), ensure_ascii=False)
    about = (finding.place, finding.id, finding.name, finding.field, finding.value, told)
    return (finding.key, finding.kind, finding.weight, *map(_utf8, about))


def _utf8(text: str) -> str:
    """The text without halves of characters, which JSON of others may have."""
    return text.encode("utf-8", "replace").decode()


def _compare(db: sqlite3.Connection, last: Path | None) -> None:
    """Tells what is new from what the last report had, and keeps what that had and this has not."""
    if last is None:
        return
    db.execute("ATTACH ? AS last", (f"{last.absolute().as_uri()}?mode=ro&immutable=1",))
    db.execute("UPDATE finding SET fresh = 0 WHERE key IN (SELECT key FROM last.finding)")
    db.execute(
        f"INSERT INTO mended({COLUMNS}) SELECT {COLUMNS} FROM last.finding "
        "WHERE key NOT IN (SELECT key FROM main.finding) ORDER BY n"
    )
    db.execute("INSERT INTO past SELECT * FROM last.past")


def _finish(db: sqlite3.Connection, run: str, facts: Mapping[str, Any], last: Path | None) -> None:
    counts = dict(db.execute("SELECT kind, COUNT(*) FROM finding GROUP BY kind"))
    db.execute("INSERT OR REPLACE INTO past VALUES (?, ?, ?)", (run, facts["records"], json.dumps(counts)))
    told = {**facts, "run": run, "compared": last.stem if last else ""}
    db.executemany(
        "INSERT INTO fact VALUES (?, ?)", ((key, json.dumps(each, ensure_ascii=False)) for key, each in told.items())
    )
