"""Keys: what two records share that are worth comparing. Each has a kind, which says how much it tells.

number  FR-INSEE 552081317        domain  jardin.example        page, phone, elsewhere
words   two of the rarest words of a name, or a rare one alone
place   a word with a locality, a postcode or a cell of the map; a house with its street
"""

from collections.abc import Iterator
from hashlib import blake2b
from itertools import combinations
from math import floor

from solld.link.likeness import Rarity
from solld.link.names import Name, acronyms
from solld.link.sides import Side

# kind -> the most records of one key that are compared with one another; what more records share tells little
CAPS = {
    "number": 300,
    "elsewhere": 60,
    "domain": 60,
    "page": 60,
    "phone": 60,
    "joined": 100,
    "words": 100,
    "word": 40,
    "acronym": 60,
    "place": 60,
    "house": 60,
    "cell": 60,
    "near": 30,
}
KINDS = tuple(CAPS)
RAREST = 4  # words of a name that keys are made of
CELL = 0.02  # degrees of a cell that goes with a word: 2 km
NEAR = 0.002  # degrees of a cell alone: 200 m
Key = tuple[str, str]  # kind, what is shared


def keys_of(side: Side, rarity: Rarity) -> set[Key]:
    """The keys of a record; with the same rarity the same keys."""
    found: set[Key] = set(_strong(side))
    for name in (*side.names, *side.within):
        found |= set(_named(name, side, rarity))
    found |= {("house", f"{house} {word}") for house in side.houses for word in side.streets}
    found |= {("near", cell) for cell in _cells(side, NEAR)}
    return found


def number_of(key: Key) -> int:
    """A key as 64 bits, of which the last four are its kind."""
    digest = blake2b(f"{key[0]} {key[1]}".encode(), digest_size=8).digest()
    return (int.from_bytes(digest, "big", signed=True) & ~15) | KINDS.index(key[0])


def _strong(side: Side) -> Iterator[Key]:
    record = side.record
    yield from (("number", f"{agency} {number}") for agency, number in record.numbers)
    yield from (("elsewhere", iri) for iri in record.same)
    yield from (("domain", each) for each in side.domains)
    yield from (("page", each) for each in side.pages)
    yield from (("phone", each) for each in side.phones)


def _named(name: Name, side: Side, rarity: Rarity) -> Iterator[Key]:
    rarest = sorted(set(name.words), key=lambda word: (-rarity.weight(word), word))[:RAREST]
    yield "joined", name.joined
    yield from (("words", " ".join(sorted(pair))) for pair in combinations(rarest, 2))
    yield from (("word", word) for word in rarest[:2] if len(word) > 2)
    where = [*side.places, *side.postcodes, *(each[:-3] for each in side.postcodes if len(each) > 4)]
    starts = {word[:5] for word in rarest[:3]}
    yield from (("place", f"{word} {place}") for word in starts for place in where)
    yield from (("cell", f"{word} {cell}") for word in starts for cell in _cells(side, CELL))
    short = {name.joined} if len(name.words) == 1 and 2 < len(name.joined) < 8 else set()
    yield from (("acronym", each) for each in {*acronyms(name), *short} if len(each) > 2)


def _cells(side: Side, size: float) -> Iterator[str]:
    """The four cells that a point is in or nearest to: two points that are near share one."""
    for latitude, longitude in side.record.points:
        up, right = floor(latitude / size - 0.5), floor(longitude / size - 0.5)
        yield from (f"{size} {up + y} {right + x}" for y in (0, 1) for x in (0, 1))
