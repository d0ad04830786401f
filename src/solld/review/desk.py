"""Where somebody judges: pairs in their order, what was judged of them, and undo; safe with others at once."""

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from solld.link import candidates, judgements
from solld.link.candidates import Candidate, Candidates
from solld.link.judgements import UNDO, Judgement, Judgements, Pair
from solld.review import waiting
from solld.review.sides import Sides
from solld.review.waiting import Wish
from solld.service import Service

KNOWN = 200_000  # identifiers that are remembered to be issued


class Desk:
    """The work of one person, who is `who`; `pairs` are what there is to do, others come when they are asked for."""

    def __init__(self, service: Service, who: str):
        self.service, self.who, self.sides = service, who, Sides(service)
        self.pairs: list[Pair] = []
        self.guesses: dict[Pair, Candidate] = {}
        self.method = ""
        self.done: list[tuple[Pair, Judgement | None]] = []  # with what stood before
        self.undone = 0
        self.lock = threading.RLock()  # connections to the history are used by one thread at a time
        self.owner = lru_cache(KNOWN)(lambda each: (service.past.issued(each) if service.past else None) or ("", ""))
        self._places: dict[Pair, int] = {}
        self._judged = Judgements()
        self._mark: tuple[int, ...] = ()

    def is_issued(self, identifier: str) -> bool:
        return bool(self.owner(identifier)[0])

    def dataset_of(self, identifier: str) -> str:
        return self.owner(identifier)[0]

    @property
    def judged(self) -> Judgements:
        """All that was judged until now, by anybody. BadData if somebody wrote a wrong line."""
        path = judgements.path_of(self.service.settings.folder)
        with self.lock:
            mark = _mark(path)
            if mark != self._mark:
                self._judged, self._mark = judgements.read(path, self.is_issued), mark
            return self._judged

    def fill(self, wish: Wish, machine: bool) -> None:
        """Looks for what there is to do: what waits, or what a machine has judged."""
        fates = self.service.fates
        known = {(each.one, each.other): each for each in self._candidates()}
        self.guesses = known
        if machine:
            self.pairs = waiting.by_machine(self.judged, wish, self.dataset_of)
        else:

            def is_there(each: str) -> bool:
                return self.is_issued(each) and each not in fates.hidden

            self.pairs = waiting.waiting(known.values(), self.judged, is_there, wish, self.dataset_of)
        self._places = {pair: place for place, pair in enumerate(self.pairs)}

    def _candidates(self) -> Sequence[Candidate]:
        path = candidates.path_of(self.service.settings)
        if not path.exists():
            return ()
        opened = Candidates.read_only(path)
        try:
            self.method = opened.fact(candidates.METHOD)
            return list(opened.all())
        finally:
            opened.close()

    def place(self, pair: Pair) -> int:
        """Where a pair is in the order, from 0; -1 if it is none of those."""
        return self._places.get(pair, -1)

    def _seen(self) -> set[Pair]:
        return {pair for pair, _ in self.done}

    def next(self, pair: Pair | None = None) -> Pair | None:
        """The first pair after this that nobody has judged meanwhile, else the first of all; None if all is done."""
        start = self.place(pair) + 1 if pair else 0
        seen, judged = self._seen(), self.judged
        for other in (*self.pairs[start:], *self.pairs[:start]):
            standing = judged.standing.get(other)
            if other != pair and other not in seen and (standing is None or standing.by_machine):
                return other
        return None

    def neighbour(self, pair: Pair, step: int) -> Pair | None:
        """The pair before or after one, judged or not."""
        place = self.place(pair) + step
        return self.pairs[place] if self.place(pair) >= 0 and 0 <= place < len(self.pairs) else None

    def standing(self, pair: Pair) -> Judgement | None:
        return self.judged.standing.get(pair)

    def judge(self, pair: Pair, verdict: str, why: str = "", seen: str | None = None) -> bool:
        """Writes what was said of a pair; BadData if it cannot be.

        False, and nothing is written, if somebody judged it after `seen`, the time of what stood when it was shown.
        """
        with self.lock:
            before = self.standing(pair)
            if seen is not None and seen != (before.when if before else ""):
                return False
            self._write(pair, verdict, why)
            self.done.append((pair, before))
            return True

    def undo(self) -> Pair | None:
        """Takes the last judgement of this person back: what stood before stands again; None if there is none."""
        with self.lock:
            if not self.done:
                return None
            pair, before = self.done.pop()
            self._write(pair, before.verdict if before else UNDO, before.why if before else "")
            self.undone += 1
            return pair

    def _write(self, pair: Pair, verdict: str, why: str) -> None:
        guess = self.guesses.get(pair)
        score = f"{guess.score:.3f}" if guess else ""
        now = datetime.now(UTC).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        line = Judgement(*pair, verdict, self.who, now, why, score, self.method if guess else "")
        settings = self.service.settings
        path = judgements.path_of(settings.folder)
        with judgements.locked(settings):
            self._judged = judgements.add(path, self.judged, [line], self.is_issued)
            self._mark = _mark(path)


def _mark(path: Path) -> tuple[int, ...]:
    """What tells whether a file is another one: each writing makes a new one; () if there is none."""
    found = path.stat() if path.exists() else None
    return (found.st_ino, found.st_size, found.st_mtime_ns) if found else ()
