"""Clusters of records that are one thing, from pairs: none with two that are known to be two, and no chains.

Two clusters become one while the average of their pairs says so (average link); a pair that was not compared counts as
unlike. So a record that is like one of ten others does not bring its own ten along.
"""

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import count

LEAST = 0.4  # the average probability of the pairs between two clusters from which on they are one
Edge = tuple[str, str, float]
Apart = Callable[[str, str], bool]


def never(one: str, other: str) -> bool:
    """No two are known to be two."""
    return False


def clusters(edges: Iterable[Edge], apart: Apart = never, least: float = LEAST) -> list[frozenset[str]]:
    """The clusters of more than one; `apart` says of two records that they must never be in one."""
    links = _Links(edges, apart)
    heap = list(links.all(least))
    heapq.heapify(heap)
    while heap:
        _, _, one, other, made = heapq.heappop(heap)
        if links.is_current(one, other, made):
            for entry in links.join(one, other, least):
                heapq.heappush(heap, entry)
    return sorted((frozenset(each) for each in links.members.values() if len(each) > 1), key=min)


Entry = tuple[float, int, int, int, int]  # less its strength, its turn, two clusters, when it was made


class _Links:
    """Clusters with the sums of the probabilities between them."""

    def __init__(self, edges: Iterable[Edge], apart: Apart):
        self.members: dict[int, set[str]] = {}
        self._sums: dict[int, dict[int, float]] = defaultdict(dict)
        self._made: dict[tuple[int, int], int] = {}
        self._apart, self._turns = apart, count()
        numbers: dict[str, int] = {}
        for one, other, score in edges:
            for each in (one, other):
                if each not in numbers:
                    numbers[each] = len(numbers)
                    self.members[numbers[each]] = {each}
            left, right = numbers[one], numbers[other]
            self._sums[left][right] = self._sums[right][left] = score

    def all(self, least: float) -> Iterable[Entry]:
        for one, others in self._sums.items():
            for other in others:
                if one < other and (entry := self._entry(one, other, least)):
                    yield entry

    def is_current(self, one: int, other: int, made: int) -> bool:
        return self._made.get((one, other)) == made and one in self.members and other in self.members

    def join(self, one: int, other: int, least: float) -> Iterable[Entry]:
        """Makes two clusters one; gives what may follow from it. None, if two members must not be together."""
        mine, theirs = self.members[one], self.members[other]
        if any(self._apart(a, b) for a in mine for b in theirs):
            del self._sums[one][other], self._sums[other][one]
            return
        self.members[one] = mine | self.members.pop(other)
        for third, score in self._sums.pop(other).items():
            del self._sums[third][other]
            if third != one:
                total = self._sums[one].get(third, 0.0) + score
                self._sums[one][third] = self._sums[third][one] = total
        for third in self._sums[one]:
            if entry := self._entry(min(one, third), max(one, third), least):
                yield entry

    def _entry(self, one: int, other: int, least: float) -> Entry | None:
        strength = self._sums[one][other] / (len(self.members[one]) * len(self.members[other]))
        if strength < least:
            self._made.pop((one, other), None)
            return None
        turn = next(self._turns)
        self._made[one, other] = turn
        return -strength, turn, one, other, turn


def cluster_of(found: Iterable[frozenset[str]]) -> Mapping[str, int]:
    """Record -> number of its cluster."""
    return {each: number for number, members in enumerate(found) for each in members}
