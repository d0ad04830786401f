"""What a thing can be found by, as the index of names has it: its record, its words, and keys that stand for more.

n:NUMBER  r:AGENCY:NUMBER    numbers of registers, Wikidata items       d:DOMAIN  u:PAGE    websites of its own
i:IRI                        what is the same elsewhere                 a:INITIALS          acronyms
p:POSTCODE  l:LOCALITY  c:COUNTRY                                       places
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from solld.index import Entry
from solld.link.folding import code, domain, folded, page
from solld.link.names import Name, acronyms, digits, parts, read
from solld.link.record import Record

FIELDS = tuple(each.name for each in fields(Record))
SETS = frozenset({"types", "linked"})
NESTED = frozenset({"names", "other_names", "points", "numbers"})
TEXTS = frozenset({"id", "founded", "dissolved"})
END = b"\n"  # of the names in what is packed, behind which is the record
NAMES = 50  # of a thing that are read; more are those of lists


@dataclass(frozen=True, slots=True)
class Reading:
    """A name as it is read, with the kinds of parts that it speaks of, and its numbers."""

    name: Name
    parts: frozenset[str]
    digits: frozenset[str]


def reading(name: Name) -> Reading:
    return Reading(name, parts(name), digits(name))


def entry(iri: str, space: str, record: Record) -> Entry:
    """What the index has of a thing; without a name, none."""
    names = [read(text) for text in record.all_names[:NAMES]]
    return Entry(
        iri,
        record.all_names,
        {word for name in names for each in name.all for word in each.words},
        {each.joined for name in names for each in name.all},
        set(_keys(record, names)),
        record.types,
        space,
        packed(record, names),
    )


def packed(record: Record, names: Iterable[Name]) -> bytes:
    """Two lines of JSON: its names as they are read, for that takes longer than comparing, and what it says."""
    read = [(_written(name), sorted(parts(name)), sorted(digits(name))) for name in names]
    said = {name: sorted(value) if name in SETS else value for name in FIELDS if (value := getattr(record, name))}
    return END.join(json.dumps(each, ensure_ascii=False, separators=(",", ":")).encode() for each in (read, said))


def _written(name: Name) -> tuple[object, ...]:
    others = [_written(each) for each in name.others]
    return name.text, name.words, sorted(name.forms), name.acronym, others, sorted(name.bracketed)


def unpacked(content: bytes) -> Record:
    """The record that was packed."""
    return _record(json.loads(content[content.index(END) :].decode()))


def readings(content: bytes) -> tuple[Reading, ...]:
    """The names of the record that was packed: many things are looked at by their names alone."""
    names = json.loads(content[: content.index(END)].decode())
    return tuple(Reading(_name(name), frozenset(kinds), frozenset(numbers)) for name, kinds, numbers in names)


def _name(written: Sequence[Any]) -> Name:
    text, words, forms, acronym, others, bracketed = written
    return Name(text, tuple(words), frozenset(forms), acronym, tuple(map(_name, others)), frozenset(bracketed))


def _record(said: dict[str, Any]) -> Record:
    for name, value in said.items():
        if name in SETS:
            said[name] = frozenset(value)
        elif name in NESTED:
            said[name] = tuple(map(tuple, value))
        elif name not in TEXTS:
            said[name] = tuple(value)
    return Record(**said)


def _keys(record: Record, names: Iterable[Name]) -> Iterator[str]:
    for agency, number in record.numbers:
        yield number_key(number)
        yield number_key(number, agency)
    for url in (*record.urls, *record.pages):
        yield from url_keys(url)
    for iri in record.same:
        yield same_key(iri)
    for name in names:
        yield from map(acronym_key, acronyms(name))
    yield from place_keys(record.postcodes, record.localities, record.countries)


def number_key(number: str, agency: str = "") -> str:
    """Of a number in its one form; of any register, if none is named."""
    return f"r:{agency}:{number}" if agency else f"n:{number}"


def url_keys(url: str) -> list[str]:
    """Of a website: its domain, if that is its own, and the page."""
    found = [(f"d:{own}", own) for own in (domain(url),)] + [(f"u:{there}", there) for there in (page(url),)]
    return [key for key, value in found if value]


def same_key(iri: str) -> str:
    return f"i:{iri}"


def acronym_key(initials: str) -> str:
    return f"a:{initials}"


def place_keys(postcodes: Iterable[str], localities: Iterable[str], countries: Iterable[str]) -> Iterator[str]:
    """Of postcodes, localities and codes of countries."""
    yield from (f"p:{each}" for each in map(code, postcodes) if each)
    yield from (f"l:{each}" for each in map(folded, localities) if each)
    yield from (f"c:{each.upper()}" for each in countries)
