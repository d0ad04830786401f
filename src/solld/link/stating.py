"""What a build states in the graph of links: what was judged of pairs, and what is guessed; of what changed alone.

Candidates are a cache of the machine that matched: where they are missing, the guesses of the newest release stand.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from solld import site
from solld.addresses import thing_iri
from solld.delta import Delta
from solld.fates import Act
from solld.history import History
from solld.link import candidates, graph, told
from solld.link.candidates import Candidates
from solld.link.judgements import Judgement, Judgements, Pair
from solld.link.told import Link, Standing
from solld.model import Settings
from solld.rdf import in_graph


@dataclass(frozen=True)
class Seen:
    """How far a release has read judgements and candidates; what its manifest keeps under `links`."""

    judged: int = 0  # lines
    digest: str = ""  # of these lines
    matched: str = ""  # the name of the file of candidates
    place: int = 0  # in its log


def of_manifest(manifest: Mapping[str, Any]) -> Seen:
    """How far a release has read, by its manifest."""
    return Seen(**manifest.get("links", {}))


def now(settings: Settings, judged: Judgements, before: Seen) -> Seen:
    """How far a build would read. BadData and StoreFailed as the files say."""
    opened = _opened(settings)
    if opened is None:
        return Seen(len(judged.lines), _digest(judged.lines), before.matched, before.place)
    try:
        return Seen(len(judged.lines), _digest(judged.lines), opened.fact("self"), opened.place())
    finally:
        opened.close()


def _digest(lines: Sequence[Judgement]) -> str:
    rows = [tuple(vars(line).values()) for line in lines]  # not astuple, which copies: a tenth of a second for 8,000
    return hashlib.sha256(repr(rows).encode()).hexdigest()[:16] if rows else ""


def _opened(settings: Settings) -> Candidates | None:
    path = candidates.path_of(settings)
    return Candidates.read_only(path) if path.exists() else None


def change(
    settings: Settings, past: History, number: int, standing: Standing, before: Seen, acts: Iterable[Act], whole: bool
) -> Delta:
    """The difference of the graph of links, which is written to the history for the release of that number.

    `acts` are decisions that no release was made with yet. `whole` looks at every pair.
    """
    found = Stating(settings, past, standing, _opened(settings))
    try:
        pairs = None if whole else found.since(before, acts)
        return found.delta(number, found.every() if pairs is None else pairs)
    finally:
        if found.matched:
            found.matched.close()


@dataclass(frozen=True)
class Stating:
    """What is known of pairs now, and what the newest release tells of them."""

    settings: Settings
    past: History
    standing: Standing
    matched: Candidates | None
    graph: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "graph", site.links_graph(self.settings).value)

    @cached_property
    def method(self) -> str:
        return self.matched.fact(candidates.METHOD) if self.matched else ""

    def since(self, before: Seen, acts: Iterable[Act]) -> set[Pair] | None:
        """The pairs of which something else may be told; None if that cannot be said."""
        lines = self.standing.judged.lines
        if before.digest != _digest(lines[: before.judged]):
            return None
        if self.matched and self.matched.fact("self") != before.matched:
            return None
        new = {each for line in lines[before.judged :] for each in line.pair}
        moved = self.standing.touched({*new, *(each for act in acts for each in (act.id, act.other) if each)})
        found = {line.pair for line in lines[before.judged :]} | self.standing.judged_with(moved)
        if self.matched:
            found.update(self.matched.changed(before.place))
            found |= {(each.one, each.other) for one in moved for each in self.matched.of(one)}
        elif moved:
            found.update(two for two in self._stated() if not moved.isdisjoint(two))
        return found

    def every(self) -> set[Pair]:
        """All pairs of which something may be told, or is."""
        found = set(self.standing.judged.standing)
        if self.matched:
            found.update((each.one, each.other) for each in self.matched.told(told.LEAST, told.LIKELY))
        return found | set(self._stated())

    def _stated(self) -> Iterator[Pair]:
        """The pairs of which the newest release tells something."""
        start = len(self.graph) + 1
        for iri in self.past.derived_from(self.graph):
            one, _, other = iri[start:].partition("-")
            yield one, other

    def delta(self, number: int, pairs: Iterable[Pair]) -> Delta:
        """What of these pairs a release of that number tells otherwise than the newest."""
        found = Delta()
        for two in sorted(pairs):
            iri = graph.node(self.settings.base, Link(*two, ""))
            before = self.past.derived(self.graph, iri)
            link = self.standing.link(two, self._guess(two, before)) if self._are_issued(two) else None
            after = graph.lines(self.settings.base, link) if link else set[str]()
            if before == after:
                continue
            self.past.set_derived(number, self.graph, iri, before - after, after - before)
            found.extend(self._difference(two, before, after))
        return found

    def _difference(self, two: Pair, before: set[str], after: set[str]) -> Delta:
        def quads(lines: set[str]) -> list[bytes]:
            return [in_graph(line.encode(), self.graph) for line in sorted(lines)]

        shown = {thing_iri(self.settings.base, each) for one in two for each in self.standing.same(one) | {one}}
        removed, added = quads(before - after), quads(after - before)
        size = len(removed) + len(added)
        return Delta(removed=removed, added=added, lines=quads(after), size=size, touched=shown)

    def _guess(self, two: Pair, before: set[str]) -> Link | None:
        if self.matched:
            candidate = self.matched.pair(*two)
            return told.guess(candidate, self.method) if candidate else None
        stated = graph.read(self.settings.base, before) if before else None
        return stated if stated and stated.is_guess else None

    def _are_issued(self, two: Pair) -> bool:
        return all(self.past.issued(each) for each in two)
