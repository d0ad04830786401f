"""Which pairs wait for a person, the most useful first, pairs of the same thing one after another."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from solld.link.candidates import Candidate
from solld.link.judgements import SAME, Judgements, Pair

LEAST = 0.2  # below it, in both probabilities, a guess is not worth a person's time


@dataclass(frozen=True)
class Wish:
    """Which pairs somebody wants to see."""

    datasets: frozenset[str] = frozenset()  # one: pairs that it is in; two: pairs between them
    least: float = LEAST  # of the score, or of the probability that they are related
    most: float = 1.0  # of the score


def waiting(
    candidates: Iterable[Candidate],
    judged: Judgements,
    is_there: Callable[[str], bool],
    wish: Wish,
    dataset_of: Callable[[str], str],
) -> list[Pair]:
    """The pairs that nobody has judged: likely the same by score, then what is likely related."""
    found = [
        each
        for each in candidates
        if not each.certain
        and (each.one, each.other) not in judged.standing
        and max(each.score, each.related) >= wish.least
        and each.score <= wish.most
        and is_there(each.one)
        and is_there(each.other)
        and _fits(wish, dataset_of(each.one), dataset_of(each.other))
    ]
    found.sort(key=lambda each: (each.verdict != SAME, -max(each.score, each.related), each.one, each.other))
    return together((each.one, each.other) for each in found)


def by_machine(judged: Judgements, wish: Wish, dataset_of: Callable[[str], str]) -> list[Pair]:
    """The pairs that a machine has judged, the least sure first."""
    found = [
        each
        for each in judged.standing.values()
        if each.by_machine
        and float(each.score or 1) <= wish.most
        and _fits(wish, dataset_of(each.one), dataset_of(each.other))
    ]
    found.sort(key=lambda each: (float(each.score or 1), each.pair))
    return [each.pair for each in found]


def _fits(wish: Wish, one: str, other: str) -> bool:
    if len(wish.datasets) == 1:
        return not wish.datasets.isdisjoint({one, other})
    return not wish.datasets or {one, other} == wish.datasets


def together(pairs: Iterable[Pair]) -> list[Pair]:
    """In their order, but for those that share a thing with one before: they come right after it.

    Not what shares a thing with these, and so on: that may be all there is.
    """
    order = list(dict.fromkeys(pairs))
    of: dict[str, list[Pair]] = defaultdict(list)
    for pair in order:
        for each in pair:
            of[each].append(pair)
    found: dict[Pair, None] = {}
    for pair in order:
        if pair not in found:
            found |= dict.fromkeys((pair, *(other for each in pair for other in of[each])))
    return list(found)
