"""How probable it is that a thing is what a query looks for, from its name and from what else is said of it.

The name gives a probability; each property that agrees or does not moves its log-odds. The weights were set on the list
of Co-ops UK of 2016 against that of 2023, whose common numbers were hidden (`make bench BENCH=reconcile`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import exp, log

from solld.findable import Reading
from solld.link.likeness import Rarity, likeness
from solld.link.names import Name

CURVE = (  # likeness of names -> probability, when nothing else is known
    *((0.0, 0.001), (0.4, 0.03), (0.55, 0.12), (0.7, 0.3), (0.8, 0.5), (0.88, 0.72)),
    *((0.93, 0.86), (0.97, 0.94), (0.985, 0.955), (1.0, 0.975)),
)
SAFE = 0.95  # from which on a candidate may be the match
COMMON = 0.45  # of `Rarity.weight`: a name all whose words tell less than that is common
NUMBERED, PARTED, FORMED = -3.0, -1.5, -0.9  # other numbers, another part, another legal form in the name
KEY = 0.999  # of a thing that has the very number
AGREES: Mapping[str, tuple[float, float]] = {  # property -> what it moves if it agrees, and if it does not
    "identifier": (7.0, -7.0),
    "wikidata": (7.0, -7.0),
    "sameAs": (7.0, -0.5),
    "url": (4.5, -0.5),
    "telephone": (3.0, -0.3),
    "postalCode": (3.0, -1.2),
    "streetAddress": (2.0, -0.5),
    "addressLocality": (1.8, -1.8),
    "addressRegion": (0.6, -0.8),
    "addressCountry": (0.3, -4.0),
    "geo": (2.5, -2.0),
    "foundingDate": (1.5, -1.0),
    "dissolutionDate": (1.0, -0.5),
    "classification": (0.6, -0.4),
    "type": (0.2, -2.0),
    "alternateName": (2.0, -0.2),
    "name": (2.0, -2.0),
}
OTHER = (1.2, -0.8)  # of a property of the site
STRONG = frozenset({"identifier", "wikidata", "sameAs"})
PLACES = frozenset({"postalCode", "addressLocality", "streetAddress", "addressRegion", "addressCountry", "geo"})
TELLING = frozenset({"postalCode", "addressLocality", "streetAddress", "geo", "url", "telephone", "foundingDate"})
AGREEMENT = 0.5  # from which on a property agrees rather than not


@dataclass(frozen=True)
class Weighed:
    """How a thing fits a query: a probability, and what it was made of (each from 0 to 1)."""

    probability: float
    name: float | None = None  # likeness of names; None if no name was asked for
    agreements: Mapping[str, float] = field(default_factory=dict)  # property -> how much it agrees
    key: bool = False  # it has the number, or the identifier, that was asked for
    common: bool = False  # the name tells little, and nothing else tells more

    @property
    def place(self) -> float | None:
        """How much the places agree; None if none was compared."""
        found = [each for name, each in self.agreements.items() if name in PLACES]
        return sum(found) / len(found) if found else None


@dataclass(frozen=True)
class Alike:
    """How a name of a thing is like one that is asked for: 0 to 1, and the log-odds that it is it."""

    likeness: float | None
    odds: float


def weigh(
    names: Sequence[Name], alike: Alike, agreements: Mapping[str, float], rarity: Rarity, key: bool = False
) -> Weighed:
    """How a thing fits names and properties; `key` if it was asked for by number."""
    odds = alike.odds if names else 0.0 if agreements else -3.0
    for property_, agreed in agreements.items():
        more, less = AGREES.get(property_, OTHER)
        odds += more * (agreed - AGREEMENT) / AGREEMENT if agreed >= AGREEMENT else less * (1 - agreed / AGREEMENT)
    key = key or any(property_ in STRONG and agreed == 1 for property_, agreed in agreements.items())
    probability = KEY if key and not any(agreements.get(each) == 0 for each in STRONG) else 1 / (1 + exp(-odds))
    told = any(property_ in TELLING and agreed > AGREEMENT for property_, agreed in agreements.items())
    common = not key and not told and bool(names) and all(is_common(name, rarity) for name in names)
    return Weighed(probability, alike.likeness, agreements, key, common)


def may_be(alike: Alike, properties: Iterable[str], least: float) -> bool:
    """Whether a thing can still get this probability, by all that is asked for beside its name."""
    if not STRONG.isdisjoint(properties):
        return True
    return alike.odds + sum(AGREES.get(each, OTHER)[0] for each in properties) >= log_odds(least)


def is_common(name: Name, rarity: Rarity) -> bool:
    """Whether many may be called so: no word tells much, or it is one word that others have in their names too."""
    if max((rarity.weight(word) for word in name.words), default=0) < COMMON:
        return True
    return len(name.words) == 1 and rarity.counts.get(name.words[0], 0) > 1


def alike(names: Sequence[Reading], others: Sequence[Reading], rarity: Rarity) -> Alike:
    """The best likeness of any name to any of a thing's."""
    best = Alike(None, -9.0)
    for mine in names:
        for theirs in others:
            found = likeness(mine.name, theirs.name, rarity)
            odds = log_odds(_on_curve(found)) + _apart(mine, theirs)
            if best.likeness is None or odds > best.odds:
                best = Alike(found, odds)
    return best


def _apart(mine: Reading, theirs: Reading) -> float:
    """What is in both names and not the same, though their words are alike."""
    found = 0.0
    if mine.digits != theirs.digits:
        found += NUMBERED
    if mine.parts != theirs.parts:
        found += PARTED
    one, other = mine.name.forms, theirs.name.forms
    if one and other and not one & other:
        found += FORMED
    return found


def _on_curve(alike: float) -> float:
    for (left, low), (right, high) in pairwise(CURVE):
        if alike <= right:
            return low + (high - low) * (alike - left) / (right - left)
    return CURVE[-1][1]


def log_odds(probability: float) -> float:
    return log(probability / (1 - probability))
