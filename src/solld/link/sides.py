"""One side of a comparison: what is compared of a record, made once for all the records that it is compared with."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from solld.link.folding import code, domain, folded, latin, page
from solld.link.names import Name, digits, parts, read
from solld.link.record import Record
from solld.sources.readings import country_code

MOST_NAMES = 12  # that are compared of one record: its names in all languages, and those that stand in them
STREET = re.compile(
    r"(?:str(?:asse|eet)?|st|av(?:e|enue|enida|da)?|r(?:oa)?d|rue|ru[ae]|calle|c|via|viale|piazza|place|pl|platz|plaza|"
    r"weg|gasse|allee|lane|ln|drive|dr|blvd|boulevard|bd|bvd|chemin|impasse|route|rte|quai|cours|square|sq|court|ct|"
    r"corso|largo|travessa|ul|ulica|utca|u|straat|laan|vej|gade|vagen|gatan|katu|no|nr|n|num|numero|de|la|le|les|du|"
    r"des|del|della|di|do|da|d|l|der|den|the|of|unit|flat|floor|suite|ste|room|bis|ter|parkway|pkwy|terrace)"
)
JOINED_STREET = re.compile(r"(\w{3,}?)(?:str|strasse|straat|gasse|weg|platz|utca|vej|gade|vagen|gatan|katu)")
PLACES = re.compile(r"[,;/()\n]|\s-\s")


@dataclass(frozen=True, slots=True)
class Side:
    """What is compared of a record. Places, streets and postcodes are folded; years are of four digits."""

    record: Record
    names: tuple[Name, ...]  # as its datasets say them
    within: tuple[Name, ...]  # those that stand in these
    bracketed: frozenset[str]  # words in brackets of the first
    forms: frozenset[str]
    digits: frozenset[str]
    parts: frozenset[str]
    domains: frozenset[str]
    pages: frozenset[str]
    phones: frozenset[str]
    postcodes: frozenset[str]
    places: frozenset[str]  # localities, and what else is written with them
    place_words: frozenset[str]  # of both, and of regions
    regions: frozenset[str]
    countries: frozenset[str]
    streets: frozenset[str]  # words of streets
    houses: frozenset[str]  # numbers in streets
    year: str
    gone: str  # the year in which it was dissolved


def side_of(record: Record) -> Side:
    """What is compared of a record."""
    texts = record.all_names
    first = read(texts[0]) if texts else read("")
    places = frozenset(place for each in record.localities for place in places_of(each))
    regions = frozenset(place for each in record.regions for place in places_of(each))
    names = _distinct(read(text) for text in texts)
    within = _distinct(other for name in names for other in name.others if " ".join(other.words) not in places)
    streets = [_street(each) for each in record.streets]
    addresses = (*record.urls, *record.pages)
    return Side(
        record=record,
        names=names,
        within=tuple(each for each in within if each.words not in {name.words for name in names}),
        bracketed=first.bracketed,
        forms=frozenset(form for name in names for form in name.forms),
        digits=digits(first),
        parts=parts(first),
        domains=frozenset(found for url in record.urls if (found := own_domain(url))),
        pages=frozenset(found for url in addresses if (found := page(url))),
        phones=frozenset(found for each in record.phones if (found := _phone(each))),
        postcodes=frozenset(code(each) for each in record.postcodes),
        places=places,
        place_words=frozenset(word for each in places | regions for word in each.split()),
        regions=regions,
        countries=frozenset(record.countries or (c for each in record.localities for c in countries_of(each))),
        streets=frozenset(word for words, _ in streets for word in words),
        houses=frozenset(number for _, numbers in streets for number in numbers),
        year=_year(record.founded),
        gone=_year(record.dissolved),
    )


def _distinct(names: Iterable[Name]) -> tuple[Name, ...]:
    found: dict[tuple[str, ...], Name] = {}
    for name in names:
        if name.words:
            found.setdefault(name.words, name)
    return tuple(found.values())[:MOST_NAMES]


own_domain = lru_cache(maxsize=50_000)(domain)  # the same few come again in many records


@lru_cache(maxsize=50_000)
def places_of(text: str) -> tuple[str, ...]:
    """The places that a text names: "Limestre (PT), Italy" names three."""
    found = (folded(latin(each)) for each in PLACES.split(text) if not country_code(each))
    return tuple(dict.fromkeys(each for each in found if each and not each.isdigit()))


@lru_cache(maxsize=50_000)
def countries_of(text: str) -> tuple[str, ...]:
    """The countries that a place names, as codes: "Limestre (PT), Italy" is in one."""
    return tuple({code: code for each in PLACES.split(text) if len(each) > 2 and (code := country_code(each))})


@lru_cache(maxsize=50_000)
def _street(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a street that name it, and its numbers."""
    words = folded(latin(text)).split()
    numbers = tuple(word for word in words if word[0].isdigit())
    named = (_stem(word) for word in words if not word[0].isdigit() and not STREET.fullmatch(word))
    return tuple(named), numbers


def _stem(word: str) -> str:
    match = JOINED_STREET.fullmatch(word)
    return match[1] if match else word


def _phone(text: str) -> str:
    """The last digits of a telephone number: what is before them may be written or not."""
    found = re.sub(r"\D", "", text)
    return found[-8:] if len(found) >= 7 else ""


def _year(text: str) -> str:
    match = re.match(r"\d{4}", text)
    return match[0] if match else ""


def kin(one: Side, other: Side) -> bool:
    """Whether they may be of one kind: they share a class, or of one nothing is known."""
    mine, theirs = one.record.types, other.record.types
    return not mine or not theirs or not mine.isdisjoint(theirs)
