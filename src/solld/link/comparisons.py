"""Compares pairs in processes of their own, a piece at a time: each holds a few thousand records, never all."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from multiprocessing import get_context
from multiprocessing.pool import AsyncResult
from pathlib import Path

import numpy as np
import numpy.typing as npt

from solld.link.candidates import Candidate
from solld.link.comparing import Commons
from solld.link.matching import candidates
from solld.link.sides import Side
from solld.link.state import State

PIECE = 4000  # pairs that are compared at once
ALONE = 20_000  # pairs up to which no process is started: that takes a second or two
HELD = 30_000  # records that a process holds
AHEAD = 4  # pieces for each process that wait for it
Pairs = npt.NDArray[np.int64]
SPAWN = get_context("spawn")  # fork is unsafe once anything has threads
_worker: dict[str, "Comparer"] = {}


class Comparer:
    """Compares pairs of numbers of records of a state."""

    def __init__(self, state: State, commons: Commons):
        self.commons = commons
        self.side: Callable[[int], Side] = lru_cache(maxsize=HELD)(state.side)

    def compare(self, pairs: Pairs) -> list[Candidate]:
        return list(candidates([(self.side(int(one)), self.side(int(other))) for one, other in pairs], self.commons))


def compared(state: State, steps: Iterable[Pairs], processes: int) -> Iterator[tuple[int, list[Candidate]]]:
    """(how many pairs, what is to be kept of them), piece by piece; few in this process, more in others."""
    pieces = (step[start : start + PIECE] for step in steps for start in range(0, len(step), PIECE))
    first: list[Pairs] = []
    for piece in pieces:
        first.append(piece)
        if sum(map(len, first)) > ALONE:
            break
    if processes < 2 or sum(map(len, first)) <= ALONE:
        comparer = Comparer(state, state.commons())
        yield from ((len(piece), comparer.compare(piece)) for piece in chain(first, pieces))
        return
    with SPAWN.Pool(processes, _begin, (state.path,)) as pool:
        waiting: deque[tuple[int, AsyncResult[list[Candidate]]]] = deque()
        for piece in chain(first, pieces):  # no more than are wanted soon: all pairs would not fit into memory
            waiting.append((len(piece), pool.apply_async(_compare, (piece,))))
            if len(waiting) > AHEAD * processes:
                number, result = waiting.popleft()
                yield number, result.get()
        for number, result in waiting:
            yield number, result.get()


def _begin(path: Path) -> None:
    state = State.open(path)
    _worker["comparer"] = Comparer(state, state.commons())


def _compare(pairs: Pairs) -> list[Candidate]:
    return _worker["comparer"].compare(pairs)
