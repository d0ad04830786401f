"""Matching a set of records: keys, pairs, features, scores, verdicts, candidates with their reasons."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from solld.link.candidates import Candidate
from solld.link.comparing import FEATURES, Commons, Vector, compared
from solld.link.likeness import Rarity
from solld.link.reasons import Case, reasons_of
from solld.link.scoring import load, log_odds, probability
from solld.link.sides import Side
from solld.link.verdicts import RELATED, SAME, Verdict, judged

FEW = 2  # records that share a website or a telephone without its telling less
KEPT = 0.1  # the least score of a candidate
KEPT_RELATED = 0.5


def commons_of(sides: Iterable[Side]) -> Commons:
    """What is known of all records."""
    words: Counter[str] = Counter()
    shared: Counter[str] = Counter()
    total = 0
    for side in sides:
        total += 1
        words.update(words_of(side))
        shared.update(shared_of(side))
    return Commons(Rarity(words, total), {value: number for value, number in shared.items() if number > FEW})


def words_of(side: Side) -> frozenset[str]:
    """The words of all names of a record."""
    return frozenset(word for name in side.names for word in name.words)


def shared_of(side: Side) -> frozenset[str]:
    """What many may have, and then tells less."""
    return side.domains | side.phones | side.pages


def candidates(pairs: Sequence[tuple[Side, Side]], commons: Commons) -> Iterator[Candidate]:
    """What is to be kept of these pairs."""
    vectors = [compared(one, other, commons) for one, other in pairs]
    if not vectors:
        return
    features, model = np.array(vectors), load()
    odds = log_odds(features, model)
    shares = probability(odds).tolist()
    kept: list[tuple[Case, Verdict]] = []
    for (one, other), vector, each, share in zip(pairs, vectors, odds.tolist(), shares, strict=True):
        found = judged(one, other, named(vector), share)
        if found.verdict in (SAME, RELATED) or found.score >= KEPT or found.related >= KEPT_RELATED:
            first, second = sorted((one, other), key=lambda side: side.record.id)
            kept.append((Case(first, second, vector, each, found.rules), found))
    for (case, found), reasons in zip(kept, reasons_of([case for case, _ in kept], model), strict=True):
        ids = (case.one.record.id, case.other.record.id)
        yield Candidate(*ids, found.verdict, found.score, found.related, found.certain, reasons)


def named(vector: Vector) -> Mapping[str, float]:
    """Features by name."""
    return dict(zip(FEATURES, vector, strict=True))
