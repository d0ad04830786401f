"""Pairs of identifiers that may be one, how alike and why: `var/match/candidates.sqlite`, which can be made again.

A candidate is never an identity: it is a guess of a machine, with its reasons, and waits for what follows from it.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from solld.errors import StoreFailed
from solld.link.kept import Kept
from solld.model import Settings

SCHEMA = """
CREATE TABLE candidate(one TEXT NOT NULL, other TEXT NOT NULL, verdict TEXT NOT NULL, score REAL NOT NULL,
    related REAL NOT NULL, certain INTEGER NOT NULL, reasons TEXT NOT NULL, PRIMARY KEY (one, other)) WITHOUT ROWID;
CREATE INDEX candidate_other ON candidate(other);
CREATE INDEX candidate_score ON candidate(score);
"""
# Which pairs changed since when, so that a build looks at these alone: a row for each, whose place grows.
CHANGES = """
CREATE TABLE IF NOT EXISTS change(place INTEGER PRIMARY KEY AUTOINCREMENT, one TEXT NOT NULL, other TEXT NOT NULL,
    UNIQUE(one, other));
CREATE TRIGGER IF NOT EXISTS candidate_put AFTER INSERT ON candidate
    BEGIN INSERT OR REPLACE INTO change(one, other) VALUES (NEW.one, NEW.other); END;
CREATE TRIGGER IF NOT EXISTS candidate_dropped AFTER DELETE ON candidate
    BEGIN INSERT OR REPLACE INTO change(one, other) VALUES (OLD.one, OLD.other); END;
INSERT OR IGNORE INTO fact VALUES ('self', lower(hex(randomblob(8))));
"""
METHOD = "method"  # the fact that tells which method scored
COLUMNS = "one, other, verdict, score, related, certain, reasons"
INSERT = f"INSERT OR REPLACE INTO candidate({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)"
PAIR = f"SELECT {COLUMNS} FROM candidate WHERE one = ? AND other = ?"


@dataclass(frozen=True)
class Reason:
    """One thing that speaks for or against two being the same: a key of messages, and the values compared."""

    feature: str  # "name-same", "number-other", ...: what `messages-match.toml` has a sentence for
    weight: float  # how much it moves the logarithm of the odds; its sign says for or against
    one: str = ""  # the value of the first, as its source writes it
    other: str = ""


@dataclass(frozen=True)
class Candidate:
    """Two identifiers, `one` before `other` in the order of text."""

    one: str
    other: str
    verdict: str  # same, related or different: the likeliest of the three
    score: float  # probability, 0 to 1, that they are the same
    related: float  # probability that they have to do with one another and are two
    certain: bool  # by rule, or by a score that was measured to be safe: the machine may judge so
    reasons: tuple[Reason, ...]  # the weightiest first


def path_of(settings: Settings) -> Path:
    """The file of a site."""
    return settings.var / "match" / "candidates.sqlite"


class Candidates(Kept):
    """The opened candidates of a site."""

    schema = f"{SCHEMA} {CHANGES}"

    def put(self, candidates: Iterable[Candidate]) -> None:
        """Adds these, and takes the place of what was known of the same pairs; the caller has begun a transaction."""
        self.db.executemany(INSERT, map(_row, candidates))

    def drop(self, identifiers: Iterable[str]) -> None:
        """Forgets all candidates that one of these is in."""
        for each in identifiers:
            self.db.execute("DELETE FROM candidate WHERE one = ?", (each,))
            self.db.execute("DELETE FROM candidate WHERE other = ?", (each,))

    def of(self, identifier: str) -> list[Candidate]:
        """The candidates that an identifier is in, the likeliest first."""
        rows = self.db.execute(
            f"""SELECT {COLUMNS} FROM candidate WHERE one = :id
                UNION SELECT {COLUMNS} FROM candidate WHERE other = :id ORDER BY 4 DESC, 1, 2""",
            {"id": identifier},
        )
        return [_candidate(row) for row in rows]

    def pair(self, one: str, other: str) -> Candidate | None:
        """What is known of a pair, in any order."""
        row = self.db.execute(PAIR, sorted((one, other))).fetchone()
        return _candidate(row) if row else None

    def all(self, least: float = 0.0) -> Iterator[Candidate]:
        """All with a score of at least this, the likeliest first."""
        rows = self.db.execute(
            f"SELECT {COLUMNS} FROM candidate WHERE score >= ? ORDER BY score DESC, one, other", (least,)
        )
        return (_candidate(row) for row in rows)

    def told(self, least: float, related: float) -> Iterator[Candidate]:
        """All that are the same, or related, with at least these probabilities; in no order."""
        query = f"SELECT {COLUMNS} FROM candidate WHERE score >= ? OR related >= ?"
        return (_candidate(row) for row in self.db.execute(query, (least, related)))

    def place(self) -> int:
        """How far the log of what changed goes; 0 if nothing ever did."""
        return int(self.db.execute("SELECT COALESCE(MAX(place), 0) FROM change").fetchone()[0])

    def changed(self, since: int) -> list[tuple[str, str]]:
        """The pairs of which something else is known, or nothing any more, than at a place of the log."""
        return list(self.db.execute("SELECT one, other FROM change WHERE place > ?", (since,)))

    def number(self) -> int:
        return int(self.db.execute("SELECT COUNT(*) FROM candidate").fetchone()[0])


def forget(path: Path, identifiers: Iterable[str]) -> None:
    """Takes all candidates with these out of the file, byte by byte; does nothing where there is no file."""
    if not path.exists():
        return
    opened = Candidates.open(path)
    try:
        opened.drop(identifiers)
        opened.db.execute("VACUUM")  # what was deleted stays in free pages until then
        opened.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise StoreFailed(path, str(error)) from error
    finally:
        opened.close()


def _row(each: Candidate) -> tuple[str, str, str, float, float, int, str]:
    reasons = json.dumps([asdict(reason) for reason in each.reasons], ensure_ascii=False)
    return each.one, each.other, each.verdict, each.score, each.related, int(each.certain), reasons


def _candidate(row: Sequence[object]) -> Candidate:
    one, other, verdict, score, related, certain, reasons = row
    told = tuple(Reason(**each) for each in json.loads(str(reasons)))
    return Candidate(str(one), str(other), str(verdict), float(str(score)), float(str(related)), bool(certain), told)
