"""What a source said when it was harvested last, kept in one file. See `tables.py` for what is in it.

What a harvest changes is one transaction, which it keeps or gives up; whoever reads meanwhile sees what was before.
"""

import json
import secrets
import sqlite3
import zlib
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from solld.errors import StoreFailed
from solld.harvested.tables import SCHEMA


@dataclass(frozen=True)
class Run:
    """One harvest of a source. Times are ISO 8601, in UTC."""

    number: int
    began: str
    ended: str
    outcome: str  # taken, unchanged, held, failed
    facts: Mapping[str, Any]  # url, etag, sha256, rows, ... as far as they are known


class State:
    """An opened state of a source."""

    def __init__(self, path: Path, connection: sqlite3.Connection):
        self.path, self.db = path, connection

    @classmethod
    def open(cls, path: Path) -> "State":
        """For a harvest: creates the file if there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = sqlite3.connect(path, isolation_level=None, timeout=30, check_same_thread=False)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")  # a lost run is harvested again
            db.execute("PRAGMA temp_store = FILE")
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone():
                db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
                db.execute("INSERT INTO fact VALUES ('self', ?)", (secrets.token_hex(8),))
        except sqlite3.Error as error:
            raise StoreFailed(path, str(error)) from error
        return cls(path, db)

    @classmethod
    def read_only(cls, path: Path) -> "State":
        try:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
            db.execute("SELECT 1 FROM fact").fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(path, str(error)) from error
        return cls(path, db)

    def close(self) -> None:
        self.db.close()

    def hold(self) -> None:
        """Reads on from what is there now, whatever a harvest changes meanwhile; for reading, until it is closed."""
        self.db.execute("BEGIN")
        self.db.execute("SELECT 1 FROM fact").fetchone()

    def begin(self) -> None:
        self.db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        try:
            self.db.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreFailed(self.path, str(error)) from error

    def rollback(self) -> None:
        if self.db.in_transaction:
            self.db.execute("ROLLBACK")

    # Facts and runs --------------------------------------------------------------------------------------------------

    def fact(self, key: str) -> str:
        row = self.db.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_fact(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, value))

    def add_run(self, run: Run) -> None:
        facts = json.dumps(dict(run.facts), ensure_ascii=False, sort_keys=True)
        self.db.execute(
            "INSERT INTO run VALUES (?, ?, ?, ?, ?)", (run.number, run.began, run.ended, run.outcome, facts)
        )

    def runs(self) -> list[Run]:
        """All runs, oldest first."""
        rows = self.db.execute("SELECT number, began, ended, outcome, facts FROM run ORDER BY number")
        return [Run(number, began, ended, outcome, json.loads(facts)) for number, began, ended, outcome, facts in rows]

    def next_run(self) -> int:
        return int(self.db.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM run").fetchone()[0])

    # What is said ----------------------------------------------------------------------------------------------------

    def last_change(self) -> int:
        """The run in which anything changed last; 0 if nothing was ever taken in."""
        return int(self.db.execute("SELECT COALESCE(MAX(run), 0) FROM name").fetchone()[0])

    def names(self) -> Iterator[str]:
        """The resources that are described, in the order of their bytes."""
        return (name for (name,) in self.db.execute("SELECT name FROM name WHERE number > 0 ORDER BY name"))

    def number(self) -> int:
        """How many resources there are."""
        return int(self.db.execute("SELECT COUNT(*) FROM name WHERE number > 0").fetchone()[0])

    def changed(self, since: int) -> Iterator[tuple[str, bool]]:
        """The resources that changed after a run, and whether they are still described."""
        rows = self.db.execute("SELECT name, number > 0 FROM name WHERE run > ? ORDER BY name", (since,))
        return ((name, bool(there)) for name, there in rows)

    def run_of(self, name: str) -> int:
        """The run in which what is said of a resource changed last; 0 if nothing is said of it."""
        row = self.db.execute("SELECT run FROM name WHERE name = ? AND number > 0", (name,)).fetchone()
        return int(row[0]) if row else 0

    def made_of(self, digest: bytes) -> dict[str, list[bytes]] | None:
        """What a row of the source became, resource after resource; None for a row that was not taken in."""
        row = self.db.execute("SELECT blocks FROM line WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            return None
        blocks = array("q")
        blocks.frombytes(row[0])
        found = (self.db.execute("SELECT name, lines FROM block WHERE id = ?", (block,)).fetchone() for block in blocks)
        return {name: zlib.decompress(lines).split(b"\n") for name, lines in found}

    def lines(self, name: str) -> list[bytes]:
        """The N-Triples lines of a resource, sorted."""
        said = self.said(name)
        return said[0] if len(said) == 1 else sorted({line for each in said for line in each})

    def said(self, name: str) -> list[list[bytes]]:
        """The same as each of several records says it, where they differ; in the order of what they say."""
        rows = self.db.execute("SELECT lines FROM block WHERE name = ? AND number > 0", (name,)).fetchall()
        return sorted(zlib.decompress(packed).split(b"\n") for (packed,) in rows)

    def several(self) -> Iterator[str]:
        """The resources that several records are about, which say different things of them."""
        rows = self.db.execute(
            "SELECT name FROM block WHERE number > 0 AND shared = 0 GROUP BY name HAVING COUNT(*) > 1 ORDER BY name"
        )
        return (name for (name,) in rows)
