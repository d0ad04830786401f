"""The log of changes: the versions in the order of their coming. A place in it is a number from 1, without gaps."""

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from solld.model import Moment

Derived = tuple[str, int, int | None]  # triple, since which release, and before which


@dataclass(frozen=True)
class Span:
    """A month of the log, "2026-11": the places after `low` up to `high`."""

    month: str
    low: int
    high: int


class Log:
    """The questions that an opened history answers about what changed."""

    def __init__(self, connection: sqlite3.Connection):
        self._db = connection

    def until(self, release: int) -> int:
        """The last place of a release and those before it."""
        # Releases never fall as places grow: halving needs no index, however long the log is.
        (low,), (high,) = (0,), self._db.execute("SELECT COALESCE(MAX(rowid), 0) FROM version").fetchone()
        while low < high:
            middle = (low + high + 1) // 2
            (found,) = self._db.execute("SELECT release FROM version WHERE rowid = ?", (middle,)).fetchone()
            low, high = (middle, high) if found <= release else (low, middle - 1)
        return int(low)

    def months(self, release: int) -> list[Span]:
        """The months in which something changed, up to a release."""
        rows = self._db.execute(
            """SELECT substr(built, 1, 7) AS month, MAX(number) FROM release
               WHERE number <= ? GROUP BY month ORDER BY month""",
            (release,),
        )
        found: list[Span] = []
        for month, last in rows.fetchall():
            span = Span(month, found[-1].high if found else 0, self.until(last))
            found += [span] if span.high > span.low else []
        return found

    def logged(self, low: int, high: int) -> list[tuple[int, str, Moment, bytes]]:
        """(place, IRI, version, its quads) of the places after one up to another."""
        rows = self._db.execute(
            """SELECT v.rowid, iri, seq, release, built, kind, digest, quads
               FROM version AS v JOIN resource ON resource = resource.number JOIN release ON release = release.number
               WHERE v.rowid > ? AND v.rowid <= ? ORDER BY v.rowid""",
            (low, high),
        )
        return [
            (place, iri, Moment(seq, n, datetime.fromisoformat(built), kind, digest.hex()), zlib.decompress(quads))
            for place, iri, seq, n, built, kind, digest, quads in rows
        ]

    def newest(self, low: int, high: int) -> set[int]:
        """Of the places after one up to another, the last of each resource."""
        rows = self._db.execute(
            "SELECT MAX(rowid) FROM version WHERE rowid > ? AND rowid <= ? GROUP BY resource", (low, high)
        )
        return {place for (place,) in rows}

    def erasures(self, low: int, high: int, release: int) -> int:
        """How often something was erased, up to a release, from the places after one up to another."""
        row = self._db.execute(
            "SELECT COUNT(DISTINCT release) FROM erased WHERE place > ? AND place <= ? AND release <= ?",
            (low, high, release),
        ).fetchone()
        return int(row[0])

    def last_erasure(self) -> int:
        """The first release that something is not in any more that was erased; 0 without an erasure."""
        return int(self._db.execute("SELECT COALESCE(MAX(release), 0) FROM erased").fetchone()[0])

    def decided(self) -> list[int]:
        """The release that each decision on identifiers was first made with, in their order."""
        return [int(row[0]) for row in self._db.execute("SELECT release FROM fate ORDER BY number")]

    def derived_ever(self, named: Iterable[tuple[str, str]]) -> dict[str, list[Derived]]:
        """IRI -> what rules have ever made of what graphs say of it, and when; asked for by graph and IRI."""
        rows = self._db.execute(
            """SELECT resource, triple, since, until FROM json_each(?) AS asked CROSS JOIN derived
               ON graph = asked.value ->> 0 AND resource = asked.value ->> 1""",
            (json.dumps(list(named)),),
        )
        found: dict[str, list[Derived]] = {}
        for resource, triple, since, until in rows:
            found.setdefault(resource, []).append((triple, since, until))
        return found

    def times(self, low: int, high: int) -> tuple[datetime, datetime]:
        """When the first and the last of the places after one up to another came to be."""
        first, last = (
            self._db.execute(
                "SELECT built FROM version AS v JOIN release ON release = release.number WHERE v.rowid = ?", (place,)
            ).fetchone()[0]
            for place in (low + 1, high)
        )
        return datetime.fromisoformat(first), datetime.fromisoformat(last)

    def changes(
        self, release: int, after: int, since: datetime | None, until: datetime | None, size: int
    ) -> list[tuple[int, str, Moment]]:
        """(place, IRI, version), oldest first: what comes after a place, in a span of time."""
        low = max(after, self._before(since)) if since else after
        high = min(self.until(release), self._before(until)) if until else self.until(release)
        rows = self._db.execute(
            """SELECT v.rowid, iri, seq, release, built, kind, digest
               FROM version AS v JOIN resource ON resource = resource.number JOIN release ON release = release.number
               WHERE v.rowid > ? AND v.rowid <= ? ORDER BY v.rowid LIMIT ?""",
            (low, high, size),
        )
        return [
            (place, iri, Moment(seq, n, datetime.fromisoformat(built), kind, digest.hex()))
            for place, iri, seq, n, built, kind, digest in rows
        ]

    def _before(self, time: datetime) -> int:
        """The last place before a time."""
        text = time.astimezone(UTC).isoformat()
        (release,) = self._db.execute(
            "SELECT COALESCE(MAX(number), 0) FROM release WHERE built < ?", (text,)
        ).fetchone()
        return self.until(release)

    def latest_changes(self, release: int, size: int) -> list[tuple[int, str, Moment]]:
        """The newest of `changes`, newest first."""
        return self.changes(release, max(0, self.until(release) - size), None, None, size)[::-1]

    def shelves(self, release: int, size: int) -> list[tuple[int, datetime]]:
        """(number from 0, when one of them last changed) of each so many resources, in the order of their coming."""
        rows = self._db.execute(
            """SELECT (resource - 1) / :size AS shelf, built FROM version
               JOIN release ON release = release.number WHERE release <= :n
               GROUP BY shelf HAVING release = MAX(release) ORDER BY shelf""",
            {"n": release, "size": size},
        )
        return [(shelf, datetime.fromisoformat(built)) for shelf, built in rows]

    def shelf(self, release: int, size: int, number: int) -> Iterator[tuple[str, datetime]]:
        """(IRI, when it last changed) of the resources of a shelf that a release describes."""
        rows = self._db.execute(
            """SELECT iri, built FROM version AS v
               JOIN resource ON resource = resource.number JOIN release ON release = release.number
               WHERE resource > :low AND resource <= :high AND release <= :n AND kind <> 'removed' AND NOT EXISTS (
                   SELECT 1 FROM version WHERE resource = v.resource AND seq > v.seq AND release <= :n)
               ORDER BY resource""",
            {"n": release, "low": number * size, "high": (number + 1) * size},
        )
        return ((iri, datetime.fromisoformat(built)) for iri, built in rows)
