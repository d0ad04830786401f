"""Takes what is said of some things out of the whole history: the one way in which what was written there changes.

The rows stay where they are, so that places in the log and numbers of versions do not move; what they said is gone,
from the free pages of the file as well. Rows that were changed are noted: pages of the feed that had them move.
"""

import sqlite3
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from solld.errors import StoreFailed
from solld.history import History
from solld.history.tables import GUARDED, triggers

Digest = Callable[[list[bytes]], bytes]
Count = Callable[[History, list[bytes]], None]


@dataclass(frozen=True)
class Erasure:
    """What is to go: IRIs of things, what their sources call them, and new keys that nothing can be read from."""

    iris: frozenset[str]
    named: frozenset[str]  # IRIs of source keys
    keys: Sequence[tuple[str, str]]  # (identifier, new key)


def erase(path: Path, erasure: Erasure, digest: Digest, count: Count) -> None:
    """Does it in one transaction; the next release will be the first without. It can be done again.

    `count` is given the N-Quads lines that leave the newest release, within the transaction.
    """
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        db.execute("PRAGMA secure_delete = ON")
        db.execute("BEGIN IMMEDIATE")
        (release,) = db.execute("SELECT COALESCE(MAX(number), 0) + 1 FROM release").fetchone()
        for name, _ in triggers(GUARDED):
            db.execute(f"DROP TRIGGER IF EXISTS {name}")
        gone = [*_versions(db, erasure, digest, release), *_derived(db, erasure)]
        _names(db, erasure)
        _deleted(db, erasure, digest, release)
        for _, statement in triggers(GUARDED):
            db.execute(statement)
        count(History(path, db), gone)
        db.execute("COMMIT")
        db.execute("VACUUM")
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreFailed(path, str(error)) from error
    finally:
        if db.in_transaction:
            db.execute("ROLLBACK")
        db.close()


def _versions(db: sqlite3.Connection, erasure: Erasure, digest: Digest, release: int) -> Iterable[bytes]:
    needles = [b"<" + iri.encode() + end for iri in sorted(erasure.iris) for end in (b">", b"#")]
    changed: list[tuple[int, bytes, str, list[bytes]]] = []
    rows = db.execute(
        """SELECT v.rowid, iri, kind, quads, NOT EXISTS (
               SELECT 1 FROM version WHERE resource = v.resource AND seq > v.seq)
           FROM version AS v JOIN resource ON resource = resource.number"""
    )
    for place, iri, kind, packed, newest in rows:
        quads = zlib.decompress(packed)
        lines = quads.split(b"\n") if quads else []
        kept = [] if iri in erasure.iris else [line for line in lines if not any(each in line for each in needles)]
        if kept != lines:
            changed.append((place, b"\n".join(kept), kind if kept else "removed", kept))
            yield from (line for line in lines if newest and line not in kept)
    for place, quads, kind, kept in changed:
        db.execute(
            "UPDATE version SET quads = ?, kind = ?, digest = ? WHERE rowid = ?",
            (zlib.compress(quads, 6), kind, digest(kept), place),
        )
        db.execute("INSERT OR IGNORE INTO erased VALUES (?, ?)", (place, release))


def _derived(db: sqlite3.Connection, erasure: Erasure) -> Iterable[bytes]:
    for iri in sorted(erasure.iris):
        # What is said of a pair with it is named after both.
        condition = (
            "resource = ? OR instr(triple, ?) OR instr(triple, ?) OR (instr(resource, ?) AND instr(resource, ?))"
        )
        values = (iri, f"<{iri}>", f"<{iri}#", f"{iri.rpartition('/id/')[0]}/graph/links#", iri.rpartition("/")[2])
        rows = db.execute(f"SELECT DISTINCT graph, triple FROM derived WHERE until IS NULL AND ({condition})", values)
        yield from (triple[:-1].encode() + b"<" + graph.encode() + b"> ." for graph, triple in rows.fetchall())
        db.execute(f"DELETE FROM derived WHERE {condition}", values)
        db.execute("DELETE FROM touched WHERE iri = ?", (iri,))


def _names(db: sqlite3.Connection, erasure: Erasure) -> None:
    for name in sorted(erasure.named):
        db.execute("DELETE FROM part WHERE resource = ?", (name,))
    for identifier, key in erasure.keys:
        db.execute("UPDATE ledger SET key = ? WHERE id = ?", (key, identifier))
        db.execute("UPDATE fate SET why = 'erased' WHERE id = ? OR other = ?", (identifier, identifier))


def _deleted(db: sqlite3.Connection, erasure: Erasure, digest: Digest, release: int) -> None:
    """The feed tells who has read of them before that they are gone."""
    for iri in sorted(erasure.iris):
        row = db.execute(
            "SELECT number, MAX(seq), MAX(release) FROM resource JOIN version ON resource = number WHERE iri = ?",
            (iri,),
        ).fetchone()
        if row[0] is not None and row[2] < release:
            db.execute(
                "INSERT INTO version VALUES (?, ?, ?, 'removed', ?, ?)",
                (row[0], row[1] + 1, release, digest([]), zlib.compress(b"", 6)),
            )
