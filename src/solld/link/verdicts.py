"""Three answers: the same, related or different; what a score cannot know is said by rules, which are told as reasons.

related: a branch, a site, a project, a parent, a publisher. They share a name, a website or an address, and are two.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from solld.link.branches import FAR, NEARBY, are_sections, branch_rules
from solld.link.likeness import is_acronym
from solld.link.numbers import SIRET, apart, same
from solld.link.sides import Side

SAME, RELATED, DIFFERENT = "same", "related", "different"
SURE = 0.97  # from which score on the machine may judge, if something strong is shared and nothing is against it
SURE_WITHIN = 0.99  # the same within one dataset, where two entries were more likely meant to be two
EVEN = 0.5
LINKED = 0.45  # from which on two that are not the same are related
UNLIKE = 0.35  # share of names up to which they have nothing to do with one another
TELLING = 1.0  # of `name_rare`: more than one word that nearly nobody has
AT_ONE_POINT = 0.8  # of `near`: 200 m
TYPED = 0.9  # share of letters from which on names may be one that somebody typed wrongly
BESIDE_NAMES = (  # what may speak for two that have names that are only alike
    "place_same", "region_same", "postcode_same", "postcode_area", "near", "street_share", "house_same",
    "domain_same", "phone_same", "number_same", "year_same", "acronym",
)  # fmt: skip
Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Verdict:
    """`score` and `related` are probabilities; `rules` are keys of messages of what was decided by rule."""

    verdict: str
    score: float
    related: float
    certain: bool
    rules: tuple[str, ...] = ()


def judged(one: Side, other: Side, features: Features, probability: float) -> Verdict:
    """What a pair is, from what the model makes of it and what rules know."""
    features = {**features, "domain_same": max(features["domain_same"], features["page_same"])}  # a page on a platform
    within = not set(one.record.datasets).isdisjoint(other.record.datasets)
    score, rules = _ruled(one, other, features, probability, within)
    connected = connection(one, other, features, within)
    related = round(min(1 - score, connected * (1 - score)), 6)
    verdict = SAME if score >= EVEN and score >= related else RELATED if related >= LINKED else DIFFERENT
    certain = verdict == SAME and _is_certain(one, other, features, score, within)
    return Verdict(verdict, round(score, 6), related, certain, rules)


def _ruled(one: Side, other: Side, f: Features, score: float, within: bool) -> tuple[float, tuple[str, ...]]:
    """The score after rules, and which of them changed it."""
    if apart(one.record.numbers, other.record.numbers):
        return min(score, 0.01), ("number-other",)
    if one.record.id in other.record.linked or other.record.id in one.record.linked:
        return min(score, 0.02), ("one-names-other",)
    if _shares_number(one, other):
        return _numbered(one, other, f, score)
    if f["acronym"] and f["domain_same"] and _short(one, other):
        score = max(score, 0.7)
    caps = [(limit, rule) for rule, limit in (*_caps(f), *branch_rules(one, other, f, within)) if limit < score]
    return min([score, *(limit for limit, _ in caps)]), tuple(rule for _, rule in caps)


def _shares_number(one: Side, other: Side) -> bool:
    return bool(same(one.record.numbers, other.record.numbers)) or not set(one.record.same).isdisjoint(
        other.record.same
    )


def _numbered(one: Side, other: Side, f: Features, score: float) -> tuple[float, tuple[str, ...]]:
    """One number in a register is one body; but an establishment, or a place that it keeps, may be listed with it."""
    alike = f["name_share"] > 0.5 or f["name_covered"] > 0.9 or f["acronym"] or f["name_letters"] > 0.8
    mine, theirs = ({n for agency, n in side.record.numbers if agency == SIRET} for side in (one, other))
    if mine and theirs and mine.isdisjoint(theirs) and (f["place_apart"] or f["street_apart"]):
        return min(score, 0.3), ("establishment-other",)
    if not alike and (f["place_apart"] or f["part_apart"] or f["domain_apart"]):
        return min(max(score, 0.3), 0.45), ("number-same-name-other",)
    return max(score, 0.995 if alike else 0.9), ()


def _caps(f: Features) -> list[tuple[str, float]]:
    """Rules that hold, and the most that a score may be by them."""
    found = []
    if f["digits_apart"]:
        found.append(("digits-other", 0.1))
    if f["bracket_apart"]:
        found.append(("bracket-other", 0.3))
    if f["forms_apart"] and not f["phone_same"]:
        found.append(("form-other", 0.4))
    if f["domain_same"] and f["name_share"] < UNLIKE and not f["acronym"] and f["name_letters"] < 0.6:
        found.append(("name-other-website-same", 0.35))
    if not f["name_equal"] and f["name_letters"] < TYPED and not any(f[each] for each in BESIDE_NAMES):
        found.append(("only-name-alike", 0.4))
    if f["country_apart"] and not f["domain_same"]:
        found.append(("country-other", 0.3))
    return found


def _short(one: Side, other: Side) -> bool:
    return any(is_acronym(a, b) for a in one.names for b in other.names)


def connection(one: Side, other: Side, f: Features, within: bool) -> float:
    """0 to 1: how likely it is that two have to do with one another, whether they are one or not."""
    moved = f["place_apart"] or f["far"] > FAR
    unlike = f["name_share"] < UNLIKE and not f["acronym"]
    address = (f["house_same"] and f["street_share"] > 0.5) or f["near"] > 0.95
    rare = min(1.0, f["name_rare"])
    here = f["place_same"] or f["postcode_same"] or f["near"] > NEARBY
    evidence = [
        0.68 * f["domain_same"] if moved and unlike else 0.85 * f["domain_same"] ** 0.4,
        0.8 * f["page_same"] ** 0.4 if not unlike else 0,
        0.95 * (one.record.id in other.record.linked or other.record.id in one.record.linked),
        0.9 * _shares_number(one, other),
        0.5 * f["phone_same"],
        0.4 * bool(address and (f["postcode_same"] or f["place_same"])),
        0.8 * bool(within and address and are_sections(one, other)),
        0.5 * rare * bool(here and f["name_covered"] > 0.9 and not f["domain_apart"]),
        0.5
        * rare
        * bool(here and f["name_share"] > 0.7 and (f["digits_apart"] or f["bracket_apart"] or f["forms_apart"])),
    ]
    unconnected = 1.0
    for each in evidence:
        unconnected *= 1 - float(each)
    return 1 - unconnected


def _is_certain(one: Side, other: Side, f: Features, score: float, within: bool) -> bool:
    """Whether a machine may judge so alone: something strong is shared, and nothing speaks against it."""
    against = (
        "digits_apart", "digits_more", "bracket_apart", "forms_apart", "part_apart", "country_apart", "domain_apart",
        "number_apart", "acronym",
    )  # fmt: skip
    if score < (SURE_WITHIN if within else SURE) or any(f[each] for each in against):
        return False
    named = (f["name_equal"] or (f["name_share"] > 0.9 and f["name_letters"] > 0.9)) and not f["name_within"]
    if _shares_number(one, other):
        return bool(named or f["name_covered"] > 0.9)
    here = f["postcode_same"] or f["near"] > 0.8 or (f["place_same"] and f["street_share"] > 0.6)
    address = (f["house_same"] and f["street_share"] > 0.6) or (f["street_share"] > 0.9 and f["postcode_same"])
    if within and (f["street_apart"] or f["house_apart"] or not here):
        return False
    by_website = f["domain_same"] > 0.35 and not f["far"] and (f["place_same"] or here or not f["place_apart"])
    by_address = address and (here or f["phone_same"]) and f["name_rare"] > 0.5
    by_phone = f["phone_same"] > 0.4 and not f["place_apart"] and not f["street_apart"] and not f["house_apart"]
    return bool((named and (by_website or by_address or by_phone)) or (not within and _is_one_there(f)))


def _is_one_there(f: Features) -> bool:
    """Whether two of two datasets have one name that few have, at one place: nobody says more of either."""
    moved = ("street_apart", "house_apart", "place_apart", "phone_apart", "far")
    named = f["name_equal"] and not f["name_within"] and f["name_rare"] > TELLING
    return bool(named and (f["postcode_same"] or f["near"] > AT_ONE_POINT) and not any(f[each] for each in moved))
