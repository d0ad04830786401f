"""How alike two names are, word by word: rare words count for more, and each word may have a typing error.

Soft TF-IDF after Cohen, Ravikumar and Fienberg (2003), as the share of the weight of both that is matched.
https://www.cs.cmu.edu/~wcohen/postscript/ijcai-ws-2003.pdf
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log

from rapidfuzz.distance import OSA, JaroWinkler

from solld.link.names import Name, acronyms

ALIKE = 0.84  # of two words (Jaro-Winkler) from which on one may be the other with a typing error
SHORT = 4  # letters of a word in which one other letter makes another word
OTHER = 0.97  # what likeness to a name within a name counts for
FEW = 1000  # names among which words that many have cannot be told yet
INITIALS = 0.8  # what an acronym of the other name counts for


@dataclass(frozen=True)
class Rarity:
    """How much words tell: one that many names have tells little."""

    counts: Mapping[str, int] = field(default_factory=dict)  # word -> names that have it
    total: int = 0  # names
    known: dict[str, float] = field(default_factory=dict, compare=False, repr=False)  # weights that were asked for

    def weight(self, word: str) -> float:
        """0.05 to 1: what a word tells; 1 for one that no name has, and for all if nothing was counted."""
        found = self.known.get(word)
        if found is None:
            count = self.counts.get(word, 0)
            found = max(0.05, 1 - log(1 + count) / log(2 + max(self.total, FEW))) if self.total else 1.0
            self.known[word] = found
        return found


EVEN = Rarity()


def rarity_of(names: Iterable[Name]) -> Rarity:
    """What words tell among these names."""
    counts: Counter[str] = Counter()
    total = 0
    for name in names:
        total += 1
        counts.update({word for each in name.all for word in each.words})
    return Rarity(counts, total)


def likeness(one: Name, other: Name, rarity: Rarity = EVEN) -> float:
    """0 to 1: how alike two names are, in their best reading."""
    best = 0.0
    for mine in one.all:
        for theirs in other.all:
            found = words_alike(mine.words, theirs.words, rarity)
            best = max(best, found if mine is one and theirs is other else found * OTHER)
    return best if best >= INITIALS or not is_acronym(one, other) else INITIALS


def is_acronym(one: Name, other: Name) -> bool:
    """Whether a word of the one, if it is all of it or stands within it, is made of the first letters of the other."""
    return any(
        len(each.words) == 1 and len(each.words[0]) > 2 and each.words[0] in acronyms(long)
        for short, long in ((one, other), (other, one))
        for each in short.all
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """Two lists of words beside one another. Weights are sums of `Rarity.weight`."""

    common: float  # of what is matched, less what is spelled otherwise
    mine: float  # of all words of the one
    theirs: float
    left: tuple[str, ...]  # words of the one that the other lacks
    right: tuple[str, ...]

    @property
    def share(self) -> float:
        """0 to 1, of both."""
        whole = self.mine + self.theirs
        return 2 * self.common / whole if whole else 0.0

    @property
    def covered(self) -> float:
        """0 to 1, of the one with less: 1 if it is part of the other."""
        least = min(self.mine, self.theirs)
        return min(1.0, self.common / least) if least else 0.0


def words_alike(one: Sequence[str], other: Sequence[str], rarity: Rarity = EVEN) -> float:
    """0 to 1: the share of two lists of words that is the same, in any order."""
    if one == other:
        return 1.0
    if "".join(one) == "".join(other):
        return 0.99
    return compare(one, other, rarity).share


def compare(one: Sequence[str], other: Sequence[str], rarity: Rarity = EVEN) -> Compared:
    """Words beside one another: what is equal first, then what is nearly so."""
    return compare_by(one, other, rarity.weight)


def compare_by(one: Sequence[str], other: Sequence[str], weight: Callable[[str], float]) -> Compared:
    """The same, with what each word tells."""
    rest, left, common = list(other), [], 0.0
    for word in one:
        if word in rest:
            rest.remove(word)
            common += weight(word)
        else:
            left.append(word)
    unmatched: list[str] = []
    for word in left:
        near, found = 0.0, ""
        for each in rest:
            if (alike := _near(word, each)) > near:
                near, found = alike, each
        if near:
            rest.remove(found)
            common += near * (weight(word) + weight(found)) / 2
        else:
            unmatched.append(word)
    return Compared(common, sum(map(weight, one)), sum(map(weight, other)), tuple(unmatched), tuple(rest))


@lru_cache(maxsize=300_000)
def _near(one: str, other: str) -> float:
    """0, or how near a word is to another that is it with an error, or is shortened."""
    if one.isdigit() or other.isdigit():
        return 0.0
    short, long = sorted((one, other), key=len)
    if len(short) < SHORT:
        return 0.7 if len(short) == 1 and long.startswith(short) else 0.0
    if long.startswith(short):
        return 0.95 if len(long) - len(short) <= 2 else 0.75  # plurals; assoc. for association
    if len(short) == SHORT:
        return 0.0
    allowed = 1 if len(short) < 6 else 2 if len(short) < 10 else 3
    if len(long) - len(short) > allowed:
        return 0.0
    near: float = JaroWinkler.similarity(one, other)
    return near if near >= ALIKE and OSA.distance(one, other, score_cutoff=allowed) <= allowed else 0.0
