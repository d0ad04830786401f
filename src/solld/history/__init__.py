"""The append-only history of a site, var/history.sqlite: the home of sqlite3. See `tables.py` for what is in it."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from pathlib import Path

from solld.errors import StoreFailed
from solld.fates import Act
from solld.history.reading import Reading
from solld.history.tables import LATER, NEWEST, SCHEMA


class History(Reading):
    """An opened history. Writing happens in one transaction, which `commit` ends."""

    def __init__(self, path: Path, connection: sqlite3.Connection):
        super().__init__(connection)
        self.path = path

    @classmethod
    def open(cls, path: Path) -> "History":
        """For a build: creates the file if there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, isolation_level=None, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'release'").fetchone():
            db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {LATER} COMMIT;")
        elif not db.execute(NEWEST).fetchone():
            db.executescript(f"BEGIN IMMEDIATE; {LATER} COMMIT;")
        return cls(path, db)

    @classmethod
    def read_only(cls, path: Path) -> "History":
        """For serving; connections are used by the threads of one process in turn."""
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=30)
        if not db.execute(NEWEST).fetchone():
            raise StoreFailed(path, "an older solld wrote this; solld publish brings it up to date")
        return cls(path, db)

    def close(self) -> None:
        self._db.close()

    # Writing -----------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        try:
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise StoreFailed(self.path, str(error)) from error

    def rollback(self) -> None:
        if self._db.in_transaction:
            self._db.execute("ROLLBACK")

    def add_release(self, number: int, built: datetime) -> None:
        self._write("INSERT INTO release VALUES (?, ?)", [(number, built.isoformat())])

    def add_identifiers(self, dataset: str, entries: Iterable[tuple[str, str, str]]) -> None:
        """Entries are (identifier, key, minted); known ones are left as they are."""
        self._write("INSERT OR IGNORE INTO ledger VALUES (?, ?, ?, ?)", [(i, dataset, k, m) for i, k, m in entries])

    def add_versions(self, release: int, versions: Iterable[tuple[str, str, bytes, bytes]]) -> None:
        """Versions are (iri, kind, digest, quads); each gets the next number of its resource."""
        db = self._db
        try:
            for iri, kind, digest, quads in versions:
                db.execute("INSERT OR IGNORE INTO resource(iri) VALUES (?)", (iri,))
                db.execute(
                    """INSERT INTO version SELECT number,
                       1 + (SELECT COALESCE(MAX(seq), 0) FROM version WHERE resource = number), ?, ?, ?, ?
                       FROM resource WHERE iri = ?""",
                    (release, kind, digest, zlib.compress(quads, 6), iri),
                )
        except sqlite3.Error as error:
            raise StoreFailed(self.path, str(error)) from error

    def touch(self, release: int, iris: Iterable[str]) -> None:
        """Notes that what points at these resources changed."""
        self._write("INSERT OR IGNORE INTO touched VALUES (?, ?)", [(iri, release) for iri in iris])

    def add_ontology(self, release: int, prefixes: Mapping[str, str], triples: bytes) -> None:
        """The vocabulary of a release, as sorted N-Triples, and the prefixes that its files declare."""
        self._write(
            "INSERT INTO ontology VALUES (?, ?, ?)",
            [(release, json.dumps(prefixes, sort_keys=True), zlib.compress(triples, 6))],
        )

    def add_fates(self, release: int, acts: Iterable[Act]) -> None:
        """Decisions on identifiers, in their order."""
        self._write("INSERT INTO fate VALUES (NULL, ?, ?, ?, ?, ?, ?)", [(release, *astuple(act)) for act in acts])

    def set_parts(self, graph: str, parts: Iterable[tuple[str, bytes]], removed: Iterable[str]) -> None:
        self._write("INSERT OR REPLACE INTO part VALUES (?, ?, ?)", [(graph, r, digest) for r, digest in parts])
        self._write("DELETE FROM part WHERE graph = ? AND resource = ?", [(graph, r) for r in removed])

    def set_derived(self, release: int, graph: str, resource: str, old: Iterable[str], new: Iterable[str]) -> None:
        """Ends the old triples with this release and begins the new ones."""
        self._write(
            "UPDATE derived SET until = ? WHERE graph = ? AND resource = ? AND triple = ? AND until IS NULL",
            [(release, graph, resource, t) for t in old],
        )
        self._write("INSERT INTO derived VALUES (?, ?, ?, ?, NULL)", [(graph, resource, t, release) for t in new])

    def count(self, graph: str, kind: str, differences: Mapping[str, int]) -> None:
        """Adds to the tally; a count that falls to nothing leaves no row."""
        self._write(
            """INSERT INTO tally VALUES (?, ?, ?, ?)
               ON CONFLICT DO UPDATE SET number = number + excluded.number""",
            [(graph, kind, iri, n) for iri, n in differences.items() if n],
        )
        self._write("DELETE FROM tally WHERE graph = ? AND number = 0", [(graph,)])

    def _write(self, statement: str, rows: list[tuple[object, ...]]) -> None:
        try:
            self._db.executemany(statement, rows)
        except sqlite3.Error as error:
            raise StoreFailed(self.path, str(error)) from error


def now() -> datetime:
    """The time of a release, to the second: HTTP dates know no fractions."""
    return datetime.now(UTC).replace(microsecond=0)
