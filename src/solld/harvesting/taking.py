"""Takes rows into the state of a source: what differs from the last time is lifted, and what is gone is let go."""

import hashlib
import marshal
import zlib
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from solld.harvested.state import State
from solld.ingest import Lines, digest
from solld.rdf import document_of
from solld.sources import Row
from solld.sources.lift import BATCH, Lifted

CHUNK = 5 * BATCH  # rows that are looked up at once
DIGESTS = "blake2b of marshal 0"  # how rows are told apart: another way, and a state takes all of its rows anew
PLAIN = 0  # the format of marshal that has no references: the same bytes for the same texts
Lift = Callable[[list[Row]], Lifted]


@dataclass(frozen=True)
class Taken:
    """What came of it: rows of the source, how many different ones were lifted, and what changed."""

    rows: int
    lifted: int
    created: int
    changed: int
    gone: int


@dataclass
class _Shared:
    """What rows speak of besides: kept in memory, for it is little, and its counts are written at the end."""

    blocks: dict[str, int] = field(default_factory=dict)  # name -> number of its block
    said: dict[str, frozenset[bytes]] = field(default_factory=dict)
    counts: Counter[int] = field(default_factory=Counter)


class _Differs(Exception):
    """Something that rows speak of besides is said otherwise: which rows say so now is not known."""


def take(state: State, read: Callable[[], Iterable[Row]], lift: Lift, lift_name: str, run: int) -> Taken:
    """Takes all rows of a source into its state, within the transaction of the caller.

    `lift_name` tells one lift from another: with another one than the last time, all rows are lifted again.
    """
    again = state.fact("lift") != lift_name
    state.set_fact("lift", lift_name)
    state.db.execute("SAVEPOINT taking")
    try:
        taken = _take(state, read(), lift, run, again)
    except _Differs:
        state.db.execute("ROLLBACK TO taking")
        taken = _take(state, read(), lift, run, True)
    state.db.execute("RELEASE taking")
    return taken


def _take(state: State, rows: Iterable[Row], lift: Lift, run: int, again: bool) -> Taken:
    db = state.db
    db.execute("CREATE TEMP TABLE IF NOT EXISTS seen(digest BLOB PRIMARY KEY) WITHOUT ROWID")
    db.execute("CREATE TEMP TABLE IF NOT EXISTS touched(name TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("CREATE TEMP TABLE IF NOT EXISTS before(name TEXT NOT NULL, digest BLOB NOT NULL)")
    for table in ("seen", "touched", "before"):
        db.execute(f"DELETE FROM temp.{table}")
    if again:
        db.execute("INSERT INTO before SELECT name, digest FROM block")
        db.execute("DELETE FROM block")
        db.execute("DELETE FROM line")
    shared = _known(state)
    number = lifted = 0
    for chunk in _chunks(rows):
        number += len(chunk)
        fresh = _unknown(state, chunk)
        lifted += len(fresh)
        for start in range(0, len(fresh), BATCH):
            _add(state, fresh[start : start + BATCH], lift, shared, again)
    _let_go(state, shared)
    if again:
        # What is said as before, by however many rows, did not change.
        db.execute("DELETE FROM touched")
        for one, other in (("before", "block"), ("block", "before")):
            db.execute(
                f"INSERT OR IGNORE INTO touched SELECT name FROM (SELECT name, digest FROM {one} "
                f"EXCEPT SELECT name, digest FROM {other})"
            )
    return Taken(number, lifted, *_noted(state, run))


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def _unknown(state: State, rows: list[Row]) -> list[tuple[bytes, Row]]:
    """The rows that were not there the last time, each once; all are noted as seen."""
    by_digest = {digest_of(row): row for row in rows}
    marks = ",".join("?" * len(by_digest))
    known = {
        found
        for table in ("line", "seen")
        for (found,) in state.db.execute(f"SELECT digest FROM {table} WHERE digest IN ({marks})", tuple(by_digest))
    }
    state.db.executemany("INSERT OR IGNORE INTO seen VALUES (?)", [(each,) for each in by_digest])
    return [(each, row) for each, row in by_digest.items() if each not in known]


def digest_of(row: Row) -> bytes:
    """What tells a row from every other, by what is in it; the state knows its rows by that."""
    cells = sorted(row.cells.items())
    try:
        text = marshal.dumps(cells, PLAIN)  # in half the time of repr
    except ValueError:  # literals
        text = repr(cells).encode("utf-8", "surrogatepass")
    if row.triples:
        text += "".join(sorted(map(str, row.triples))).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(text, digest_size=16).digest()


def _known(state: State) -> _Shared:
    found = _Shared()
    for number, name, lines in state.db.execute("SELECT id, name, lines FROM block WHERE shared = 1"):
        found.blocks[name] = number
        found.said[name] = frozenset(zlib.decompress(lines).split(b"\n"))
    return found


def _add(state: State, rows: list[tuple[bytes, Row]], lift: Lift, shared: _Shared, again: bool) -> None:
    lifted = lift([row for _, row in rows])
    for name in lifted.shared:
        _share(state, name, lifted.shared, shared, again)
    made = []
    for (row, _), own in zip(rows, lifted.own, strict=True):
        blocks = array("q")
        for name, lines in own.items():
            targets = _targets(lines, shared)
            number, times = state.db.execute(
                """INSERT INTO block(name, digest, number, shared, blocks, lines) VALUES (?, ?, 1, 0, ?, ?)
                   ON CONFLICT(name, digest) DO UPDATE SET number = number + 1 RETURNING id, number""",
                (name, digest(lines), targets.tobytes(), zlib.compress(b"\n".join(lines), 1)),
            ).fetchone()
            blocks.append(number)
            if times == 1:
                shared.counts.update(targets)
                state.db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (name,))
        made.append((row, blocks.tobytes()))
    state.db.executemany("INSERT INTO line VALUES (?, ?)", made)


def _share(state: State, name: str, found: Lines, shared: _Shared, again: bool) -> None:
    """Makes or completes the block of something that rows speak of besides, and of what it points at."""
    lines = found[name]
    if name in shared.said and shared.said[name].issuperset(lines):
        return
    if name in shared.said and not again:
        raise _Differs
    for target in _pointed(lines):
        if target in found and target != name and target not in shared.blocks:
            shared.blocks[target] = 0  # so that two that point at one another come to an end
            _share(state, target, found, shared, again)
    said = sorted({*shared.said.get(name, ()), *lines})
    targets = _targets(said, shared, name)
    packed = (digest(said), targets.tobytes(), zlib.compress(b"\n".join(said), 1))
    if shared.blocks.get(name):
        old = array("q")
        old.frombytes(state.db.execute("SELECT blocks FROM block WHERE id = ?", (shared.blocks[name],)).fetchone()[0])
        shared.counts.subtract(old)
        state.db.execute(
            "UPDATE block SET digest = ?, blocks = ?, lines = ? WHERE id = ?", (*packed, shared.blocks[name])
        )
    else:
        shared.blocks[name] = state.db.execute(
            "INSERT INTO block(name, digest, number, shared, blocks, lines) VALUES (?, ?, 0, 1, ?, ?) RETURNING id",
            (name, *packed),
        ).fetchone()[0]
    shared.counts.update(targets)
    shared.said[name] = frozenset(said)
    state.db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (name,))


def _pointed(lines: Iterable[bytes]) -> list[str]:
    """The resources that lines point at, each once."""
    ends = {line[line.rindex(b"<") + 1 : -3] for line in lines if line.endswith(b"> .") and b'"' not in line}
    return sorted({document_of(each.decode()) for each in ends})


def _targets(lines: Iterable[bytes], shared: _Shared, name: str = "") -> "array[int]":
    found = (shared.blocks.get(each, 0) for each in _pointed(lines) if each != name)
    return array("q", sorted({number for number in found if number}))


def _let_go(state: State, shared: _Shared) -> None:
    """Lets go of rows that were not seen, and then of all that nobody says or points at any more."""
    db = state.db
    gone: Counter[int] = Counter()
    for (packed,) in db.execute("SELECT blocks FROM line WHERE digest NOT IN (SELECT digest FROM seen)"):
        blocks = array("q")
        blocks.frombytes(packed)
        gone.update(blocks)
    db.execute("DELETE FROM line WHERE digest NOT IN (SELECT digest FROM seen)")
    shared.counts.subtract(gone)
    while shared.counts:
        changes = [(n, block) for block, n in shared.counts.items() if n]
        db.executemany("UPDATE block SET number = number + ? WHERE id = ?", changes)
        shared.counts.clear()
        for _, block in changes:
            row = db.execute(
                "DELETE FROM block WHERE id = ? AND number <= 0 RETURNING name, blocks", (block,)
            ).fetchone()
            if row:
                db.execute("INSERT OR IGNORE INTO touched VALUES (?)", (row[0],))
                targets = array("q")
                targets.frombytes(row[1])
                shared.counts.subtract(targets)


def _noted(state: State, run: int) -> tuple[int, int, int]:
    """Notes in which run the resources changed; how many were created, changed and are gone."""
    db = state.db
    kinds: Counter[str] = Counter()
    rows = db.execute(
        """SELECT t.name, COALESCE(n.number, 0), (SELECT COUNT(*) FROM block b WHERE b.name = t.name)
           FROM touched t LEFT JOIN name n ON n.name = t.name"""
    )
    noted = []
    for name, before, now in rows:
        if before or now:
            kinds["created" if not before else "changed" if now else "gone"] += 1
            noted.append((name, run, now))
    db.executemany("INSERT OR REPLACE INTO name VALUES (?, ?, ?)", noted)
    return kinds["created"], kinds["changed"], kinds["gone"]
