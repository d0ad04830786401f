"""The append-only history of a site, var/history.sqlite: the home of sqlite3.

release    number | built                                one row per release; a release exists when it is here
ledger     id | dataset | key | minted                   every identifier ever issued
resource   number | iri
version    resource | seq | release | kind | digest | quads   one row per version of a resource (zlib, sorted N-Quads)
touched    iri | release                                 when what points at a resource changed last

Triggers refuse to change or delete a row of these. The rest is the working state of the newest release, which the next
build starts from and which is changed in the same transaction:

part       graph | resource | digest                     what each source said about each resource
derived    graph | resource | triple | since | until     what the rules made of it, from which release to before which
tally      graph | kind | iri | number                   triples, classes and properties, counted
"""

import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from solld.errors import StoreFailed
from solld.model import Version

SCHEMA = """
CREATE TABLE release(number INTEGER PRIMARY KEY, built TEXT NOT NULL);
CREATE TABLE ledger(id TEXT PRIMARY KEY, dataset TEXT NOT NULL, key TEXT NOT NULL, minted TEXT NOT NULL,
    UNIQUE(dataset, key));
CREATE TABLE resource(number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE version(resource INTEGER NOT NULL REFERENCES resource, seq INTEGER NOT NULL,
    release INTEGER NOT NULL, kind TEXT NOT NULL, digest BLOB NOT NULL, quads BLOB NOT NULL, UNIQUE(resource, seq));
CREATE TABLE touched(iri TEXT NOT NULL, release INTEGER NOT NULL, PRIMARY KEY(iri, release)) WITHOUT ROWID;
CREATE TABLE part(graph TEXT NOT NULL, resource TEXT NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY(graph, resource)) WITHOUT ROWID;
CREATE INDEX part_resource ON part(resource);
CREATE TABLE derived(graph TEXT NOT NULL, resource TEXT NOT NULL, triple TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER, PRIMARY KEY(graph, resource, triple, since)) WITHOUT ROWID;
CREATE INDEX derived_now ON derived(triple, graph) WHERE until IS NULL;
CREATE TABLE tally(graph TEXT NOT NULL, kind TEXT NOT NULL, iri TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY(graph, kind, iri)) WITHOUT ROWID;
""" + "".join(
    f"CREATE TRIGGER {table}_{verb} BEFORE {verb} ON {table} "
    "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;"
    for table in ("release", "ledger", "resource", "version", "touched")
    for verb in ("UPDATE", "DELETE")
)


class History:
    """An opened history. Writing happens in one transaction, which `commit` ends."""

    def __init__(self, path: Path, connection: sqlite3.Connection):
        self.path = path
        self._db = connection

    @classmethod
    def open(cls, path: Path) -> "History":
        """For a build: creates the file if there is none."""
        path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(path, isolation_level=None, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'release'").fetchone():
            db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
        return cls(path, db)

    @classmethod
    def read_only(cls, path: Path) -> "History":
        """For serving; connections are used by the threads of one process in turn."""
        db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False, timeout=30)
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

    # Reading -----------------------------------------------------------------------------------------------------

    def releases(self) -> dict[int, datetime]:
        """number -> when it was built, in order."""
        rows = self._db.execute("SELECT number, built FROM release ORDER BY number")
        return {number: datetime.fromisoformat(built) for number, built in rows}

    def identifiers(self, dataset: str) -> dict[str, tuple[str, str]]:
        """key -> (identifier, minted), for one dataset."""
        rows = self._db.execute("SELECT key, id, minted FROM ledger WHERE dataset = ?", (dataset,))
        return {key: (identifier, minted) for key, identifier, minted in rows}

    def identifier(self, dataset: str, key: str) -> str | None:
        row = self._db.execute("SELECT id FROM ledger WHERE dataset = ? AND key = ?", (dataset, key)).fetchone()
        return str(row[0]) if row else None

    def issued(self, identifier: str) -> tuple[str, str] | None:
        """(dataset, key) of an identifier, if it was ever issued."""
        row = self._db.execute("SELECT dataset, key FROM ledger WHERE id = ?", (identifier,)).fetchone()
        return (str(row[0]), str(row[1])) if row else None

    def ledgers(self) -> list[str]:
        """The datasets that identifiers were ever issued for."""
        return [str(row[0]) for row in self._db.execute("SELECT DISTINCT dataset FROM ledger ORDER BY dataset")]

    def parts(self, graph: str) -> dict[str, bytes]:
        """resource -> digest of what the graph says of it, in the newest release."""
        return dict(self._db.execute("SELECT resource, digest FROM part WHERE graph = ?", (graph,)))

    def is_described(self, resource: str) -> bool:
        """Whether any graph of the newest release describes a resource, named as its source names it."""
        return bool(self._db.execute("SELECT 1 FROM part WHERE resource = ? LIMIT 1", (resource,)).fetchone())

    def graphs(self) -> list[str]:
        """The graphs of the newest release."""
        return [str(row[0]) for row in self._db.execute("SELECT DISTINCT graph FROM part ORDER BY graph")]

    def derived(self, graph: str, resource: str) -> set[str]:
        rows = self._db.execute(
            "SELECT triple FROM derived WHERE graph = ? AND resource = ? AND until IS NULL", (graph, resource)
        )
        return {str(row[0]) for row in rows}

    def all_derived(self, release: int) -> Iterator[tuple[str, str]]:
        """(graph, triple) for all that rules made in a release."""
        return iter(
            self._db.execute(
                """SELECT DISTINCT graph, triple FROM derived
                   WHERE since <= ? AND (until IS NULL OR until > ?) ORDER BY graph, triple""",
                (release, release),
            )
        )

    def is_derived(self, graph: str, triple: str) -> bool:
        # Without the hint SQLite goes through all of a graph: minutes for a hundred thousand.
        row = self._db.execute(
            "SELECT 1 FROM derived INDEXED BY derived_now WHERE triple = ? AND graph = ? AND until IS NULL LIMIT 1",
            (triple, graph),
        ).fetchone()
        return bool(row)

    def tally(self, graph: str, kind: str) -> dict[str, int]:
        """IRI -> number, most frequent first."""
        return dict(
            self._db.execute(
                "SELECT iri, number FROM tally WHERE graph = ? AND kind = ? ORDER BY number DESC, iri", (graph, kind)
            )
        )

    def latest(self, iri: str, release: int | None = None) -> Version | None:
        """The newest version of a resource, or the one that was current in a release."""
        row = self._db.execute(
            """SELECT seq, release, built, kind, digest, quads
               FROM resource JOIN version ON resource = resource.number JOIN release ON release = release.number
               WHERE iri = ? AND release <= ? ORDER BY seq DESC LIMIT 1""",
            (iri, release if release is not None else 2**62),
        ).fetchone()
        return _version(iri, row) if row else None

    def current(self, release: int) -> Iterator[Version]:
        """The version of every resource that a release holds, by IRI."""
        rows = self._db.execute(
            """SELECT iri, seq, release, built, kind, digest, quads
               FROM version AS v JOIN resource ON resource = resource.number JOIN release ON release = release.number
               WHERE release <= ? AND kind <> 'removed' AND NOT EXISTS (
                   SELECT 1 FROM version WHERE resource = v.resource AND seq > v.seq AND release <= ?)
               ORDER BY iri""",
            (release, release),
        )
        return (_version(row[0], row[1:]) for row in rows)

    def differing(self, low: int, high: int) -> Iterator[tuple[bytes, bytes]]:
        """(quads in one release, quads in a later one) of each resource that has a version between them."""
        rows = self._db.execute(
            """SELECT (SELECT quads FROM version WHERE resource = v.resource AND release <= :low
                       ORDER BY seq DESC LIMIT 1),
                      (SELECT quads FROM version WHERE resource = v.resource AND release <= :high
                       ORDER BY seq DESC LIMIT 1)
               FROM (SELECT DISTINCT resource FROM version WHERE release > :low AND release <= :high) AS v""",
            {"low": low, "high": high},
        )
        for before, after in rows:
            yield zlib.decompress(before) if before else b"", zlib.decompress(after)

    def differing_derived(self, low: int, high: int) -> Iterator[tuple[str, str]]:
        """(graph, triple) for all that rules began or ceased to make after one release and up to another."""
        return iter(
            self._db.execute(
                """SELECT DISTINCT graph, triple FROM derived
                   WHERE (since > :low AND since <= :high) OR (until > :low AND until <= :high)""",
                {"low": low, "high": high},
            )
        )

    def versions(self, iri: str) -> list[Version]:
        """All versions of a resource, oldest first."""
        rows = self._db.execute(
            """SELECT seq, release, built, kind, digest, quads
               FROM resource JOIN version ON resource = resource.number JOIN release ON release = release.number
               WHERE iri = ? ORDER BY seq""",
            (iri,),
        )
        return [_version(iri, row) for row in rows]

    def modified(self, iri: str, release: int) -> datetime | None:
        """When the description of a resource last changed, as of a release."""
        row = self._db.execute(
            """SELECT MAX(r) FROM (
                 SELECT MAX(release) AS r FROM version WHERE release <= :n
                     AND resource = (SELECT number FROM resource WHERE iri = :iri)
                 UNION ALL SELECT MAX(release) FROM touched WHERE iri = :iri AND release <= :n)""",
            {"iri": iri, "n": release},
        ).fetchone()
        if row[0] is None:
            return None
        (built,) = self._db.execute("SELECT built FROM release WHERE number = ?", (row[0],)).fetchone()
        return datetime.fromisoformat(built)


def _version(iri: str, row: tuple[int, int, str, str, bytes, bytes]) -> Version:
    seq, release, built, kind, digest, quads = row
    return Version(iri, seq, release, datetime.fromisoformat(built), kind, digest.hex(), zlib.decompress(quads))


def now() -> datetime:
    """The time of a release, to the second: HTTP dates know no fractions."""
    return datetime.now(UTC).replace(microsecond=0)
