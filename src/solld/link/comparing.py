"""What two records say of the same: a number for each feature, 0 where one of them says nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from math import log2
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import JaroWinkler

from solld.link.likeness import EVEN, Compared, Rarity, compare, compare_by, is_acronym
from solld.link.names import Name
from solld.link.points import distance
from solld.link.sides import Side

FEATURES = (
    "name_share",  # 0 to 1: of the words of both names, the rare ones for more
    "name_covered",  # 0 to 1: of the words of the shorter name
    "name_letters",  # 0 to 1: of the letters of both, in any order of words
    "name_equal",  # the same words
    "name_within",  # the likest names stand within others, in brackets or beside a dash
    "name_rare",  # how rare what they share is: 0 to 3
    "name_apart",  # how rare what only the one has, and what only the other has: the lesser of both, 0 to 2
    "name_more",  # the greater of both, 0 to 3
    "acronym",
    "digits_apart",  # different numbers in the names
    "digits_more",  # a number in only one of the names
    "bracket_apart",  # other words in brackets
    "forms_same",
    "forms_apart",
    "part_apart",  # one names a branch, a shop, a project, and the other none
    "place_same",
    "place_apart",
    "postcode_same",
    "postcode_area",
    "postcode_apart",
    "region_same",
    "country_apart",
    "near",  # 0 to 1: 1 at the same point, 0 from 20 km
    "far",  # 0 to 1: from 2 km to 200 km
    "street_share",  # 0 to 1
    "street_apart",
    "house_same",
    "house_apart",
    "domain_same",  # 0 to 1: less if many share it
    "domain_apart",
    "page_same",
    "phone_same",
    "phone_apart",
    "number_same",
    "number_apart",
    "year_same",
    "year_apart",
)  # fmt: skip
PLACE = 0.4  # what a word of a name tells that names the place where both are
WITHIN = 0.9  # what likeness of names within names counts for
EXCLUSIVE = frozenset(("association", "foundation", "company", "cooperative", "cic", "society", "mutual", "charity"))
TOGETHER = frozenset(("company", "cooperative", "society", "charity", "mutual"))  # what one may be at once
NOTHING = Name("", ())
Vector = tuple[float, ...]


@dataclass(frozen=True)
class Commons:
    """What is known of all records: how rare words are, and how many share a domain, a phone, an address."""

    rarity: Rarity = EVEN
    shared: Mapping[str, int] = field(default_factory=dict)  # domain or phone -> records that have it, if many

    def share(self, values: frozenset[str]) -> float:
        """0 to 1: how much it tells that two have one of these; 1 if only two have it."""
        return max(1 / (1 + log2(max(1.0, self.shared.get(each, 2) / 2))) for each in values)


def compared(one: Side, other: Side, commons: Commons) -> Vector:
    """The features of a pair, in the order of FEATURES."""
    found: dict[str, float] = {}
    names_compared(one, other, commons.rarity, found)
    _places(one, other, found)
    _addresses(one, other, found)
    _contacts(one, other, commons, found)
    _numbers(one, other, found)
    get = found.get
    return tuple(get(each, 0.0) for each in FEATURES)


def names_compared(one: Side, other: Side, rarity: Rarity, found: dict[str, float]) -> None:
    """Adds the features of names, in the reading in which they are most alike."""
    best = _best_names(one, other, rarity)
    name, theirs, words = best.name, best.theirs, best.words
    left, right = (sum(map(best.weight, rest)) for rest in (words.left, words.right))
    found["name_share"] = 1.0 if best.equal else words.share
    found["name_covered"] = 1.0 if best.equal else words.covered
    found["name_letters"] = _letters(name.joined_sorted, theirs.joined_sorted)
    found["name_equal"] = float(best.equal)
    found["name_within"] = float(best.within)
    found["name_rare"] = min(3.0, words.mine if best.equal else words.common)
    found["name_apart"] = 0.0 if best.equal else min(2.0, left, right)
    found["name_more"] = 0.0 if best.equal else min(3.0, max(left, right))
    found["acronym"] = float(not best.equal and any(is_acronym(a, b) for a in one.names[:3] for b in other.names[:3]))
    if one.digits != other.digits:
        found["digits_apart" if one.digits and other.digits else "digits_more"] = 1.0
    found["bracket_apart"] = float(_bracket_apart(one, other))
    found["forms_same"] = float(bool(one.forms & other.forms))
    found["forms_apart"] = float(exclude(one.forms, other.forms))
    found["part_apart"] = float(one.parts != other.parts and not best.equal)


def _bracket_apart(one: Side, other: Side) -> bool:
    """Whether words in brackets tell them apart: Grain (Storage), Grain (Marketing)."""
    mine, theirs = one.bracketed - one.place_words, other.bracketed - other.place_words
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def exclude(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether no body has both of these forms: an association is no company, a cooperative may be one."""
    mine, theirs = one & EXCLUSIVE, other & EXCLUSIVE
    return bool(mine and theirs) and mine.isdisjoint(theirs) and not {*mine, *theirs} <= TOGETHER


class _Best(NamedTuple):
    """The two names that are most alike."""

    worth: float
    name: Name
    theirs: Name
    words: Compared
    equal: bool
    within: bool
    weight: Callable[[str], float]


def _best_names(one: Side, other: Side, rarity: Rarity) -> _Best:
    where = one.place_words & other.place_words
    weight = rarity.weight if not where else lambda word: rarity.weight(word) * (PLACE if word in where else 1)
    best = _Best(-1.0, NOTHING, NOTHING, Compared(0.0, 0.0, 0.0, (), ()), False, False, weight)
    ours, others = (
        (*((name, False) for name in each.names), *((name, True) for name in each.within)) for each in (one, other)
    )
    for name, inner in ours:
        for theirs, within in others:
            if best.worth >= 1 and (inner or within):
                break
            words = compare_by(name.words, theirs.words, weight)
            equal = (not words.left and not words.right and words.share > 0.99) or name.joined == theirs.joined
            worth = (1.0 if equal else words.share) * (WITHIN if inner or within else 1) + 0.1 * min(1.0, words.common)
            if worth > best.worth:
                best = _Best(worth, name, theirs, words, equal, inner or within, weight)
    return best


@lru_cache(maxsize=200_000)
def _letters(one: str, other: str) -> float:
    return float(fuzz.ratio(one, other)) / 100


def _places(one: Side, other: Side, found: dict[str, float]) -> None:
    if one.places and other.places:
        same = not one.places.isdisjoint(other.places) or _spelled(one.places, other.places)
        found["place_same" if same else "place_apart"] = 1.0
    if one.regions and other.regions:
        found["region_same"] = float(not one.regions.isdisjoint(other.regions))
    if one.countries and other.countries:
        found["country_apart"] = float(one.countries.isdisjoint(other.countries))
    if one.postcodes and other.postcodes:
        if not one.postcodes.isdisjoint(other.postcodes):
            found["postcode_same"] = 1.0
        elif any(_area(mine) == _area(theirs) for mine in one.postcodes for theirs in other.postcodes):
            found["postcode_area"] = 1.0
        else:
            found["postcode_apart"] = 1.0
    if one.record.points and other.record.points:
        away = min(distance(mine, theirs) for mine in one.record.points for theirs in other.record.points)
        found["near"] = max(0.0, 1 - log2(1 + away * 10) / log2(201))
        found["far"] = min(1.0, max(0.0, log2(max(away, 1e-9) / 2) / log2(100)))


def _area(postcode: str) -> str:
    """What a postcode shares with those around it: the outward code of a British one, a half of others."""
    return postcode[:-3] if len(postcode) > 4 and not postcode.isdigit() else postcode[: max(2, len(postcode) - 2)]


def _spelled(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two places are one that is spelled in two ways: Sofia, Sofiya; Hebden Bridge, Hebden Bdg."""
    return any(
        mine in theirs.split() or theirs in mine.split() or JaroWinkler.similarity(mine, theirs) > 0.92
        for mine in one
        for theirs in other
        if len(mine) > 3 and len(theirs) > 3
    )


def _addresses(one: Side, other: Side, found: dict[str, float]) -> None:
    if one.streets and other.streets:
        share = compare(sorted(one.streets), sorted(other.streets)).covered
        found["street_share"] = share
        found["street_apart"] = float(share < 0.4)
    if one.houses and other.houses:
        same = not one.houses.isdisjoint(other.houses)
        found["house_same" if same else "house_apart"] = 1.0


def _contacts(one: Side, other: Side, commons: Commons, found: dict[str, float]) -> None:
    if one.domains and other.domains:
        common = one.domains & other.domains
        found["domain_same"] = commons.share(common) if common else 0.0
        found["domain_apart"] = float(not common and not _one_label(one.domains, other.domains))
    if common := one.pages & other.pages:
        found["page_same"] = commons.share(common)
    if one.phones and other.phones:
        common = one.phones & other.phones
        found["phone_same"] = commons.share(common) if common else 0.0
        found["phone_apart"] = float(not common)


def _one_label(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether domains differ by their suffix only: sociality.coop, sociality.gr."""
    labels = {each.partition(".")[0] for each in one} & {each.partition(".")[0] for each in other}
    return any(len(each) > 4 for each in labels)


def _numbers(one: Side, other: Side, found: dict[str, float]) -> None:
    mine, theirs = set(one.record.numbers), set(other.record.numbers)
    if mine and theirs:
        found["number_same"] = float(bool(mine & theirs))
        agencies = {agency for agency, _ in mine} & {agency for agency, _ in theirs}
        found["number_apart"] = float(bool(agencies) and not mine & theirs)
    if not set(one.record.same).isdisjoint(other.record.same):
        found["number_same"] = 1.0
    if one.year and other.year:
        found["year_same"] = float(one.year == other.year)
        found["year_apart"] = float(abs(int(one.year) - int(other.year)) > 1)
