"""Why a pair has its score, as what `messages-match.toml` has sentences for: each with a sign that fits its words.

How much a reason moves the odds is found by asking the model again without it. The model is monotone: what is the same
never speaks against, what is different never for.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from solld.link.candidates import Reason
from solld.link.comparing import FEATURES, Vector
from solld.link.scoring import Model, log_odds
from solld.link.sides import Side

PLACES = {name: place for place, name in enumerate(FEATURES)}
NAMES = tuple(name for name in FEATURES if name.startswith("name_"))
LIKE = 0.75  # share of names from which on they are alike
RULED = 3.0  # what a rule counts for: twenty to one
STRONG = frozenset({"website-same", "telephone-same", "street-same", "postcode-same"})
LEAST = 0.05  # what moves the odds less is no reason


class Case(NamedTuple):
    """A pair, its features, the logarithm of its odds, and the rules that changed its score."""

    one: Side
    other: Side
    vector: Vector
    odds: float
    rules: tuple[str, ...]


class Told(NamedTuple):
    """A reason, the features that it is about, and what both say."""

    key: str
    features: tuple[str, ...]
    one: str
    other: str


def reasons_of(cases: Sequence[Case], model: Model) -> list[tuple[Reason, ...]]:
    """The reasons for each score, the weightiest first. The model is asked once for all."""
    told = [list(_told(case.one, case.other, dict(zip(FEATURES, case.vector, strict=True)))) for case in cases]
    without = [_without(case.vector, each) for case, each_told in zip(cases, told, strict=True) for each in each_told]
    if not without:
        return [() for _ in cases]
    odds = iter(log_odds(np.array(without), model).tolist())
    return [
        _weightiest(case, [(each, case.odds - next(odds)) for each in each_told])
        for case, each_told in zip(cases, told, strict=True)
    ]


def _weightiest(case: Case, moved: Iterable[tuple[Told, float]]) -> tuple[Reason, ...]:
    weighed = ((each, _weighed(each, float(weight))) for each, weight in moved)
    found = [
        Reason(each.key, round(weight, 2), each.one, each.other) for each, weight in weighed if abs(weight) >= LEAST
    ]
    first, second = (next(iter(side.record.all_names), "") for side in (case.one, case.other))
    found += [Reason(f"rule-{rule}", -RULED, first, second) for rule in case.rules]
    return tuple(sorted(found, key=lambda reason: -abs(reason.weight)))


def _weighed(told: Told, moved: float) -> float:
    """That a number is the same decides by rule: the model was fitted where numbers are hidden.

    What a verdict without a person rests on is told, though the model may be as sure without it.
    """
    if told.key == "number-same":
        return max(moved, RULED)
    return max(moved, LEAST) if told.key in STRONG else moved


def _without(vector: Vector, told: Told) -> list[float]:
    """The features without what is told; different names are held against equal ones."""
    found = list(vector)
    for name in told.features:
        found[PLACES[name]] = 0.0
    if told.key == "name-other":
        for name in ("name_share", "name_covered", "name_letters", "name_equal"):
            found[PLACES[name]] = 1.0
        found[PLACES["name_rare"]] = max(1.0, vector[PLACES["name_rare"]])
    return found


def _told(one: Side, other: Side, f: dict[str, float]) -> Iterator[Told]:
    """All that can be said of what two records have in common, and what not."""
    mine, theirs = one.record, other.record
    names = (next(iter(mine.all_names), ""), next(iter(theirs.all_names), ""))
    alike = f["name_equal"] or max(f["name_share"], f["name_letters"]) >= LIKE
    key = "name-other" if not alike else "name-alike" if f["name_within"] or not f["name_equal"] else "name-same"
    yield Told(key, NAMES, *names)
    if f["acronym"]:
        yield Told("acronym", ("acronym",), *names)
    if f["digits_apart"] or f["digits_more"]:
        yield Told("digits-other", ("digits_apart", "digits_more"), *names)
    if f["bracket_apart"] or f["part_apart"]:
        yield Told("part-other", ("bracket_apart", "part_apart"), *names)
    if f["forms_apart"]:
        yield Told("form-other", ("forms_apart",), *names)
    yield from _places(one, other, f)
    for what, values in (("website", (mine.urls, theirs.urls)), ("telephone", (mine.phones, theirs.phones))):
        name = "domain" if what == "website" else "phone"
        shown = (_shown(values[0]), _shown(values[1]))
        if f[f"{name}_same"] or (what == "website" and f["page_same"]):
            also = ("page_same",) if what == "website" else ()
            yield Told(f"{what}-same", (f"{name}_same", *also), *shown)
        elif f[f"{name}_apart"]:
            yield Told(f"{what}-other", (f"{name}_apart",), *shown)
    if f["number_same"] or f["number_apart"]:
        shown = (_shown(" ".join(n) for n in mine.numbers), _shown(" ".join(n) for n in theirs.numbers))
        yield Told("number-same" if f["number_same"] else "number-other", ("number_same", "number_apart"), *shown)
    if f["year_same"] or f["year_apart"]:
        key = "year-same" if f["year_same"] else "year-other"
        yield Told(key, ("year_same", "year_apart"), mine.founded, theirs.founded)


def _places(one: Side, other: Side, f: dict[str, float]) -> Iterator[Told]:
    mine, theirs = one.record, other.record
    where = (_shown(mine.localities), _shown(theirs.localities))
    codes = (_shown(mine.postcodes), _shown(theirs.postcodes))
    streets = (_shown(mine.streets), _shown(theirs.streets))
    if f["place_same"] or f["region_same"]:
        yield Told("place-same", ("place_same", "region_same"), *where)
    if f["place_apart"]:
        yield Told("place-other", ("place_apart",), *where)
    if f["country_apart"]:
        yield Told("country-other", ("country_apart",), _shown(one.countries), _shown(other.countries))
    if f["postcode_same"] or f["postcode_area"]:
        key = "postcode-same" if f["postcode_same"] else "postcode-near"
        yield Told(key, ("postcode_same", "postcode_area"), *codes)
    if f["postcode_apart"]:
        yield Told("postcode-other", ("postcode_apart",), *codes)
    if f["near"] > 0.3 and not f["far"]:
        yield Told("near", ("near",), _point(mine.points), _point(theirs.points))
    if f["far"]:
        yield Told("far", ("far",), _point(mine.points), _point(theirs.points))
    if f["street_share"] > 0.5 or f["house_same"]:
        yield Told("street-same", ("street_share", "house_same"), *streets)
    if f["street_apart"] or f["house_apart"]:
        yield Told("street-other", ("street_apart", "house_apart"), *streets)


def _shown(values: Iterable[str]) -> str:
    return next(iter(sorted(values)), "")


def _point(points: Iterable[tuple[float, float]]) -> str:
    return next((f"{up:.4f}, {right:.4f}" for up, right in points), "")
