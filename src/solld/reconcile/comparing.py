"""Whether what a thing says agrees with the values that a query gives for a property."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache

from rapidfuzz import fuzz

from solld.link.folding import code, degrees, domain, folded, page
from solld.link.names import digits, read
from solld.link.numbers import WIKIDATA, numbers_of
from solld.link.points import distance
from solld.link.record import Record
from solld.reconcile.asking import AFTER, BEFORE, CONTAINS, EXACT, PREFIX, Condition
from solld.sources.readings import country_code

Called = Mapping[str, Sequence[str]]  # IRI -> names
NEAR, FAR = 1.0, 30.0  # km between which a point agrees less and less
STATED = re.compile(r"([A-Z]{2}-[A-Z0-9]+|XI-[A-Z]+|VAT)[-: ](.+)", re.IGNORECASE)
ITEM = re.compile(r"(?:https?://(?:www\.)?wikidata\.org/\w+/)?(Q[1-9]\d*)", re.IGNORECASE)
SIREN = re.compile(r"\d{3}\s?\d{3}\s?\d{3}(?:\s?\d{5})?")


def values_of(record: Record, name: str, called: Called) -> list[str]:
    """What a record says of one of its properties; `called` has the names of classes and concepts by IRI."""
    return [value for value in VALUES[name](record, called) if value] if name in VALUES else []


def _points_of(record: Record, called: Called) -> Iterable[str]:
    return (f"{north},{east}" for north, east in record.points)


def _with_names(iris: Iterable[str], called: Called) -> Iterable[str]:
    return (text for iri in iris for text in (iri, *called.get(iri, ())))


VALUES: Mapping[str, Callable[[Record, Called], Iterable[str]]] = {
    "name": lambda record, _: (text for text, _ in record.names),
    "alternateName": lambda record, _: (text for text, _ in record.other_names),
    "identifier": lambda record, _: (_org_id(*each) for each in record.numbers if each[0] != WIKIDATA),
    "wikidata": lambda record, _: (number for agency, number in record.numbers if agency == WIKIDATA),
    "sameAs": lambda record, _: record.same,
    "url": lambda record, _: (*record.urls, *record.pages),
    "telephone": lambda record, _: record.phones,
    "postalCode": lambda record, _: record.postcodes,
    "addressLocality": lambda record, _: record.localities,
    "streetAddress": lambda record, _: record.streets,
    "addressRegion": lambda record, _: record.regions,
    "addressCountry": lambda record, _: record.countries,
    "geo": _points_of,
    "latitude": lambda record, _: (str(north) for north, _ in record.points),
    "longitude": lambda record, _: (str(east) for _, east in record.points),
    "foundingDate": lambda record, _: (record.founded,),
    "dissolutionDate": lambda record, _: (record.dissolved,),
    "type": lambda record, called: _with_names(record.types, called),
    "classification": lambda record, called: _with_names(record.kinds, called),
}


def _org_id(agency: str, number: str) -> str:
    return f"{agency}-{number}" if agency else number


def agreement(condition: Condition, said: Sequence[str], property_: str) -> float | None:
    """0 to 1: how much what is said agrees with a condition; None if nothing is said that could be compared."""
    if not condition.values or (not said and condition.quantifier != "none"):
        return None
    if property_ in ("identifier", "wikidata") and condition.quantifier == "any":
        return _numbers(condition.values, said, property_)
    found = [
        max((_like(value, each, property_, condition.qualifier) for each in said), default=0.0)
        for value in condition.values
    ]
    if condition.quantifier == "none":
        return 1.0 - max(found)
    return min(found) if condition.quantifier == "all" else max(found)


def _numbers(wanted: Sequence[str], said: Sequence[str], property_: str) -> float | None:
    """1 for a number in common, 0 for another of the same register, None if they are of others."""
    mine = {number for value in wanted for number in numbers(value)}
    theirs = {
        number for value in said for number in numbers(f"{WIKIDATA}-{value}" if property_ == "wikidata" else value)
    }
    if {number for _, number in mine} & {number for _, number in theirs}:
        return 1.0
    shared = {agency for agency, _ in mine} & {agency for agency, _ in theirs}
    return 0.0 if shared - {""} else None


def numbers(text: str) -> tuple[tuple[str, str], ...]:
    """The numbers of registers that a text is: a code of org-id, a Wikidata item, a SIREN or SIRET, any other."""
    if item := ITEM.fullmatch(text.strip()):
        return ((WIKIDATA, item[1].upper()),)
    if stated := STATED.fullmatch(text.strip()):
        return numbers_of([(stated[1], stated[2])])
    return numbers_of([("", text)])


def is_number(text: str) -> bool:
    """Whether a text is a number rather than a name."""
    text = text.strip()
    if ITEM.fullmatch(text) or SIREN.fullmatch(text):
        return True
    if STATED.fullmatch(text):
        return any(sign.isdigit() for sign in text)
    return " " not in text and len(text) > 4 and sum(sign.isdigit() for sign in text) * 2 > len(text)


@lru_cache(maxsize=20_000)  # places and countries are compared again and again
def _like(wanted: str, said: str, property_: str, qualifier: str) -> float:
    if qualifier in (BEFORE, AFTER):
        return _ordered(wanted, said, qualifier)
    one, other = folded(wanted), folded(said)
    if qualifier == EXACT:
        return float(wanted == said or (bool(one) and one == other))
    if qualifier == PREFIX:
        return float(bool(one) and other.startswith(one))
    if qualifier == CONTAINS:
        return float(bool(one) and one in other)
    return COMPARED.get(property_, _texts)(wanted, said)


def _ordered(wanted: str, said: str, qualifier: str) -> float:
    try:
        one, other = float(wanted), float(said)
        before = other <= one
        after = other >= one
    except ValueError:  # dates of ISO 8601 are in the order of their texts, as far as both go
        length = min(len(wanted), len(said))
        before, after = said[:length] <= wanted[:length], said[:length] >= wanted[:length]
    return float(before if qualifier == BEFORE else after)


def _texts(one: str, other: str) -> float:
    left, right = folded(one), folded(other)
    if one == other or left == right:
        return 1.0
    return _graded(fuzz.token_sort_ratio(left, right) / 100)


def _graded(ratio: float) -> float:
    """What is hardly alike does not agree at all."""
    return max(0.0, (ratio - 0.6) / 0.4)


def _places(one: str, other: str) -> float:
    """Localities: one may be within the other's words, as in Lyon 3e or Saint-Denis (93)."""
    mine, theirs = read(one), read(other)
    if digits(mine) and digits(theirs) and digits(mine) != digits(theirs):
        return 0.0  # Lyon 3 is not Lyon 7
    left, right = mine.words, theirs.words
    if left == right or set(left) & set(right) in (set(left), set(right)):
        return 1.0
    return _graded(fuzz.ratio(" ".join(left), " ".join(right)) / 100)


def _postcodes(one: str, other: str) -> float:
    left, right = code(one), code(other)
    if left == right:
        return 1.0
    return 0.5 if left[:-3] and left[:-3] == right[:-3] else 0.0


def _countries(one: str, other: str) -> float:
    left, right = (country_code(each) or each.upper() for each in (one, other))
    return float(left == right)


def _urls(one: str, other: str) -> float:
    if page(one) and page(one) == page(other):
        return 1.0
    own = domain(one if "//" in one else f"https://{one}")
    return float(bool(own) and own == domain(other))


def _phones(one: str, other: str) -> float:
    left, right = (re.sub(r"\D", "", each)[-8:] for each in (one, other))
    return float(bool(left) and left == right)


def _dates(one: str, other: str) -> float:
    length = min(len(one), len(other))
    if one[:length] == other[:length]:
        return 1.0
    return 0.5 if one[:4] == other[:4] else 0.0


def _points(one: str, other: str) -> float:
    here, there = (_point(each) for each in (one, other))
    if not here or not there:
        return 0.0
    return max(0.0, min(1.0, 1 - (distance(here, there) - NEAR) / (FAR - NEAR)))


def _point(text: str) -> tuple[float, float] | None:
    found = re.findall(r"-?\d+(?:\.\d+)?", text)
    return degrees(found[0], found[1]) if len(found) == 2 else None


def _kinds(one: str, other: str) -> float:
    return 1.0 if one == other else float(folded(one) == folded(other))


COMPARED: Mapping[str, Callable[[str, str], float]] = {
    "addressLocality": _places,
    "addressRegion": _places,
    "postalCode": _postcodes,
    "addressCountry": _countries,
    "url": _urls,
    "sameAs": _kinds,
    "telephone": _phones,
    "foundingDate": _dates,
    "dissolutionDate": _dates,
    "geo": _points,
    "type": _kinds,
    "classification": _kinds,
}
