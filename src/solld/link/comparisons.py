"""Compares pairs in processes of their own, a piece at a time: each holds a few thousand records, never all."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import numpy.typing as npt

from solld.link.candidates import Candidate
from solld.link.comparing import Commons
from solld.link.matching import candidates
from solld.link.sides import Side, side_of
from solld.link.state import State

PIECE = 4000  # pairs that are compared at once
ALONE = 20_000  # pairs up to which no process is started: that takes a second or two
HELD = 30_000  # records that a process holds
Pairs = npt.NDArray[np.int64]
SPAWN = get_context("spawn")  # fork is unsafe once anything has threads
_worker: dict[str, "Comparer"] = {}


class Comparer:
    """Compares pairs of numbers of records of a state."""

    def __init__(self, state: State, commons: Commons):
        self.commons = commons
        self.side: Callable[[int], Side] = lru_cache(maxsize=HELD)(
            lambda number: side_of(next(state.records([number]))[1])
        )

    def compare(self, pairs: Pairs) -> list[Candidate]:
        return list(candidates([(self.side(int(one)), self.side(int(other))) for one, other in pairs], self.commons))


def compared(state: State, pairs: Pairs, processes: int) -> Iterator[tuple[int, list[Candidate]]]:
    """(how many pairs, what is to be kept of them), piece by piece."""
    pieces: Sequence[Pairs] = [pairs[start : start + PIECE] for start in range(0, len(pairs), PIECE)]
    if processes < 2 or len(pairs) < ALONE:
        comparer = Comparer(state, state.commons())
        yield from ((len(piece), comparer.compare(piece)) for piece in pieces)
        return
    with SPAWN.Pool(processes, _begin, (state.path,)) as pool:
        yield from zip(map(len, pieces), pool.imap(_compare, pieces), strict=True)


def _begin(path: Path) -> None:
    state = State.open(path)
    _worker["comparer"] = Comparer(state, state.commons())


def _compare(pairs: Pairs) -> list[Candidate]:
    return _worker["comparer"].compare(pairs)
