"""What a release tells of two identifiers: what was judged of them, or what a machine guesses and nobody has judged.

A guess says that it is one: it never counts for an identity, and nothing follows from it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from solld.fates import Fates
from solld.link.candidates import Candidate
from solld.link.judgements import Judgements, Pair, pair

PERHAPS, NEAR = "perhaps", "near"  # guesses: the same, or two that have to do with one another
GUESSES = (PERHAPS, NEAR)
LEAST = 0.2  # the probability from which a guess is told as data
LIKELY = 0.5  # and from which pages show it


@dataclass(frozen=True)
class Link:
    """Two identifiers, `one` before `other`, and what is told of them."""

    one: str
    other: str
    state: str  # same, related, different or unsure, as it was judged; perhaps or near, which are guesses
    score: str = ""  # a probability from 0 to 1: of what the state says for a guess, that they are the same for others
    who: str = ""  # who judged; "" for a guess
    when: str = ""  # ISO 8601; "" for a guess
    why: str = ""
    method: str = ""  # which scored, and its version

    @property
    def is_guess(self) -> bool:
        return self.state in GUESSES

    @property
    def probability(self) -> float:
        return float(self.score or 0)

    def ends(self, identifier: str) -> str:
        """The other of the two."""
        return self.one if identifier == self.other else self.other


def guess(candidate: Candidate, method: str) -> Link | None:
    """A candidate as it is told; None for one that is too unlikely."""
    state, likelihood = PERHAPS, candidate.score
    if candidate.related > candidate.score:
        state, likelihood = NEAR, candidate.related
    least = LIKELY if state == NEAR else LEAST  # most that is near something is no news
    if likelihood < least:
        return None
    why = ", ".join(reason.feature for reason in candidate.reasons)
    return Link(candidate.one, candidate.other, state, f"{likelihood:.3f}", why=why, method=method)


@dataclass(frozen=True)
class Standing:
    """What was judged and decided, which says what becomes of guesses."""

    judged: Judgements
    decided: Fates

    def link(self, two: Pair, guessed: Link | None) -> Link | None:
        """What is told of a pair; None if nothing is: one is not published, or a guess was answered otherwise."""
        if not self.decided.hidden.isdisjoint(two):
            return None
        judgement = self.judged.standing.get(two)
        if judgement:
            said = (judgement.verdict, judgement.score, judgement.who, judgement.when, judgement.why, judgement.method)
            return Link(*two, *said)
        return guessed if guessed and self._is_open(*two) else None

    def _is_open(self, one: str, other: str) -> bool:
        """Whether nobody knows yet: they do not lead to the same, nor was what is the same as they judged to be two."""
        mine, theirs = self.same(one), self.same(other)
        apart = self.judged.different
        return mine.isdisjoint(theirs) and not any(pair(a, b) in apart for a in mine for b in theirs)

    def same(self, identifier: str) -> frozenset[str]:
        """An identifier with those that lead to the same."""
        end = self.decided.merged.get(identifier, identifier)
        return frozenset((end, *self.decided.led.get(end, ())))

    def touched(self, identifiers: Iterable[str]) -> set[str]:
        """These, with all that leads where they lead: what is told of any of them may have changed."""
        return {each for identifier in identifiers for each in (identifier, *self.same(identifier))}

    def judged_with(self, identifiers: Iterable[str]) -> set[Pair]:
        """The pairs that were judged, and that one of these is in."""
        return {two for identifier in identifiers for two in self._pairs.get(identifier, ())}

    @cached_property
    def _pairs(self) -> Mapping[str, list[Pair]]:
        found: dict[str, list[Pair]] = defaultdict(list)
        for two in self.judged.standing:
            for each in two:
                found[each].append(two)
        return found
