"""What is read from the history."""

import json
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime

from solld.fates import Act
from solld.history.log import Log
from solld.model import Moment, Version


class Reading(Log):
    """The questions that an opened history answers."""

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

    def minted(self, identifier: str) -> str | None:
        """The day on which an identifier was issued."""
        row = self._db.execute("SELECT minted FROM ledger WHERE id = ?", (identifier,)).fetchone()
        return str(row[0]) if row else None

    def number_issued(self) -> int:
        return int(self._db.execute("SELECT COUNT(*) FROM ledger").fetchone()[0])

    def ledgers(self) -> list[str]:
        """The datasets that identifiers were ever issued for."""
        return [str(row[0]) for row in self._db.execute("SELECT DISTINCT dataset FROM ledger ORDER BY dataset")]

    def fates(self, release: int | None = None) -> list[Act]:
        """The decisions on identifiers that a release was made with; all of them without one."""
        rows = self._db.execute(
            "SELECT date, act, id, other, why FROM fate WHERE release <= ? ORDER BY number",
            (release if release is not None else 2**62,),
        )
        return [Act(*row) for row in rows]

    def removed(self, prefix: str, release: int) -> Iterator[tuple[str, datetime, int]]:
        """(IRI, when, its last version that says something) of what a release has no more, under a prefix."""
        rows = self._db.execute(
            """SELECT iri, built, seq - 1 FROM version AS v
               JOIN resource ON resource = resource.number JOIN release ON release = release.number
               WHERE kind = 'removed' AND release <= :n AND iri >= :low AND iri < :high AND NOT EXISTS (
                   SELECT 1 FROM version WHERE resource = v.resource AND seq > v.seq AND release <= :n)
               ORDER BY iri""",
            {"n": release, "low": prefix, "high": prefix[:-1] + chr(ord(prefix[-1]) + 1)},
        )
        return ((iri, datetime.fromisoformat(built), seq) for iri, built, seq in rows)

    def is_there(self, iri: str, release: int) -> bool:
        """Whether a release describes a resource."""
        version = self.latest(iri, release)
        return version is not None and version.kind != "removed"

    def under(self, prefix: str, release: int) -> list[str]:
        """The resources under a prefix that a release describes; of a few."""
        rows = self._db.execute(
            "SELECT iri FROM resource WHERE iri >= ? AND iri < ? ORDER BY iri",
            (prefix, prefix[:-1] + chr(ord(prefix[-1]) + 1)),
        )
        return [iri for (iri,) in rows.fetchall() if self.is_there(iri, release)]

    def kinds(self, release: int) -> dict[str, int]:
        """created, updated, removed -> how many resources were, in a release."""
        rows = self._db.execute(
            "SELECT kind, COUNT(*) FROM version WHERE rowid > ? AND rowid <= ? GROUP BY kind",
            (self.until(release - 1), self.until(release)),
        )
        return {"created": 0, "updated": 0, "removed": 0} | dict(rows)

    def parts(self, graph: str) -> dict[str, bytes]:
        """resource -> digest of what the graph says of it, in the newest release."""
        return dict(self._db.execute("SELECT resource, digest FROM part WHERE graph = ?", (graph,)))

    def parts_of(self, graph: str, resources: Iterable[str]) -> dict[str, bytes]:
        """The same for some resources."""
        found: dict[str, bytes] = {}
        for name in resources:
            row = self._db.execute("SELECT digest FROM part WHERE graph = ? AND resource = ?", (graph, name)).fetchone()
            if row:
                found[name] = row[0]
        return found

    def number_of_parts(self, graph: str) -> int:
        """How many resources a graph of the newest release describes."""
        return int(self._db.execute("SELECT COUNT(*) FROM part WHERE graph = ?", (graph,)).fetchone()[0])

    def examples(self, graph: str, number: int) -> list[str]:
        """Some resources that a graph of the newest release describes, named as their source names them."""
        rows = self._db.execute("SELECT resource FROM part WHERE graph = ? ORDER BY resource LIMIT ?", (graph, number))
        return [str(row[0]) for row in rows]

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

    def derived_from(self, graph: str) -> Iterator[str]:
        """The resources that something is derived from in a graph of the newest release."""
        rows = self._db.execute("SELECT DISTINCT resource FROM derived WHERE graph = ? AND until IS NULL", (graph,))
        return (str(row[0]) for row in rows)

    def derived_in(self, graph: str, release: int) -> Iterator[tuple[str, str]]:
        """(resource, triple) for all that was derived in a graph in a release, resource after resource."""
        return iter(
            self._db.execute(
                """SELECT resource, triple FROM derived WHERE graph = ? AND since <= ? AND (until IS NULL OR until > ?)
                   ORDER BY resource, triple""",
                (graph, release, release),
            )
        )

    def all_derived(self, release: int) -> Iterator[tuple[str, str]]:
        """(graph, triple) for all that rules made in a release."""
        return iter(
            self._db.execute(
                """SELECT DISTINCT graph, triple FROM derived
                   WHERE since <= ? AND (until IS NULL OR until > ?) ORDER BY graph, triple""",
                (release, release),
            )
        )

    def has_derived(self, graph: str) -> bool:
        """Whether rules have ever made anything of what a graph says."""
        return bool(self._db.execute("SELECT 1 FROM derived WHERE graph = ? LIMIT 1", (graph,)).fetchone())

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

    def ontology(self, release: int) -> tuple[int, dict[str, str], bytes] | None:
        """(since which release, prefixes, N-Triples) of the vocabulary as it was in a release."""
        row = self._db.execute(
            "SELECT release, prefixes, triples FROM ontology WHERE release <= ? ORDER BY release DESC LIMIT 1",
            (release,),
        ).fetchone()
        return (row[0], json.loads(row[1]), zlib.decompress(row[2])) if row else None

    def version(self, iri: str, seq: int) -> Version | None:
        """One version of a resource."""
        row = self._db.execute(
            """SELECT seq, release, built, kind, digest, quads
               FROM resource JOIN version ON resource = resource.number JOIN release ON release = release.number
               WHERE iri = ? AND seq = ?""",
            (iri, seq),
        ).fetchone()
        return _version(iri, row) if row else None

    def line(self, iri: str) -> list[Moment]:
        """When the versions of a resource came to be, oldest first, without what they say."""
        rows = self._db.execute(
            """SELECT seq, release, built, kind, digest
               FROM resource JOIN version ON resource = resource.number JOIN release ON release = release.number
               WHERE iri = ? ORDER BY seq""",
            (iri,),
        )
        return [Moment(seq, n, datetime.fromisoformat(built), kind, d.hex()) for seq, n, built, kind, d in rows]

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
