"""The points of searches, kept for who moves about on a map, and their clusters at any place and zoom."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solld.lru import Lru
from solld.maps.clusters import Cloud
from solld.maps.within import counted
from solld.search.index import Hit, Index, Wanted

MOST = 5_000_000  # points of one search
ROOM = 768 * 2**20  # bytes of all that are kept, if so much is asked for
EACH = 56  # bytes of a point: six numbers, and where the index has it


@dataclass(frozen=True)
class Points:
    """The points of a search in the order of the results; `addresses` are where the index has what is at them."""

    cloud: Cloud
    addresses: NDArray[np.uint32]  # a row for each: segment, document

    def __len__(self) -> int:
        return len(self.addresses)

    @property
    def weight(self) -> int:
        return 1000 + EACH * len(self)

    @cached_property
    def areas(self) -> dict[str, dict[str, int]]:
        """Level -> code of an area -> how many points are there. Counted when first asked for."""
        return counted(self.cloud)

    def hit(self, place: int, index: Index) -> Hit:
        """What is at a point."""
        segment, document = self.addresses[place]
        return index.at(int(segment), int(document))


@dataclass(frozen=True)
class Clouds:
    """What is kept of a release. Threads may share it: who asks for the same waits for the first."""

    kept: "Lru[Wanted, Points]" = field(default_factory=lambda: Lru(ROOM))
    lock: threading.Lock = field(default_factory=threading.Lock)

    def of(self, wanted: Wanted, index: Index) -> Points:
        """The points of a search, whatever box it has."""
        wanted = replace(wanted, box=None, pointed=True)
        found = self.kept.get(wanted)
        if found is None:
            with self.lock:
                found = self.kept.get(wanted) or _points(*index.points(wanted, MOST))
                self.kept.put(wanted, found)
        return found

    def warm(self, wanted: Wanted, index: Index) -> None:
        """Has the points of a search and their areas ready: of a million that takes some seconds."""
        self.of(wanted, index).areas  # noqa: B018


def _points(latitudes: Sequence[float], longitudes: Sequence[float], addresses: Sequence[Any]) -> Points:
    rows = np.empty((len(addresses), 2), dtype=np.uint32)
    rows[:, 0] = np.fromiter((each.segment_ord for each in addresses), dtype=np.uint32, count=len(rows))
    rows[:, 1] = np.fromiter((each.doc for each in addresses), dtype=np.uint32, count=len(rows))
    return Points(Cloud(latitudes, longitudes), rows)
