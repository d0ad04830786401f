"""Writes a directory of organisations as N-Triples: as large as one likes, shaped like the real ones, always the same.

places          countries > regions > towns, with coordinates; a town for every 20 organisations
concepts        types, values, fields, roles and kinds, as popular as words are: the nth has a share of about 1/n
sources         the lists that the facts come from, 2,000 organisations each
organisations   names in three languages, place, coordinates, values, fields, dates, website; one in 50 is a network
statements      memberships and cooperations, each a node with its date and excerpt, and the short link beside it
excerpts        the words that state them, with their source and date

The vocabulary is this file's own; nothing in solld knows it.
"""

import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from words import COUNTRIES, KINDS, SAID, SYLLABLES, THINGS

BASE = "https://directory.example/"
NS = f"{BASE}ns#"
SEED = 1844  # Rochdale
TRIPLES = 37.3  # for an organisation, with its statements and its share of the rest
TRIPLES_BEFORE = 3_000  # of countries, regions and concepts, however large the rest is
SOURCE_SIZE = 2_000  # organisations of one source
TOWN_SIZE = 20  # organisations of one town
NETWORK = 50  # one organisation in so many is a network
LANGUAGES = ("fr", "en", "es")

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "gsp": "http://www.opengis.net/ont/geosparql#",
    "geof": "http://www.opengis.net/def/function/geosparql/",
    "uom": "http://www.opengis.net/def/uom/OGC/1.0/",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dir": NS,
}
REGIONS = 10  # of each country
MODULUS = 1_000_003  # a prime, for numbers that look spread and are not drawn
WKT = f"<{PREFIXES['gsp']}wktLiteral>"


class Popular:
    """Draws from n things, the ones at the front most often."""

    def __init__(self, names: Sequence[str]):
        self.names = names
        self.shares = list(accumulate(1 / (place + 1) for place in range(len(names))))

    def draw(self, chance: float) -> str:
        return self.names[bisect(self.shares, chance * self.shares[-1])]


@dataclass(frozen=True)
class Place:
    """A town, as its organisations need it."""

    iri: str
    name: str
    latitude: float
    longitude: float


class Directory:
    """A directory of about so many triples; things are named `stem` and a short name."""

    def __init__(self, triples: int, stem: str = f"{BASE}id/"):
        self.organisations = max(NETWORK, int((triples - TRIPLES_BEFORE) / TRIPLES))
        self.stem = stem
        self.random = random.Random(SEED)
        schemes = {"type": 16, "value": 60, "field": 240, "role": 6, "kind": 12}
        self.concepts = {name: Popular([f"{name}{n}" for n in range(size)]) for name, size in schemes.items()}
        self.sources = [f"source{n}" for n in range(-(-self.organisations // SOURCE_SIZE))]
        self.networks = max(1, self.organisations // NETWORK)

    def write(self, path: Path) -> int:
        """Writes the file; returns its number of triples."""
        number = 0
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for lines in self._all():
                number += len(lines)
                file.write("".join(lines))
        return number

    def _all(self) -> Iterator[list[str]]:
        yield from self._schemes()
        yield from self._sources()
        places: list[Place] = []
        yield from self._places(places)
        for number in range(self.organisations):
            place = places[self._of(len(places))]
            yield self._organisation(number, place)
            yield from self._memberships(number)
            yield from self._cooperations(number)

    def _schemes(self) -> Iterator[list[str]]:
        for scheme, popular in self.concepts.items():
            name = f"scheme-{scheme}"
            yield [self._type(name, "skos:ConceptScheme"), self._literal(name, "skos:prefLabel", f"{scheme}s", "@en")]
            for number, name in enumerate(popular.names):
                label = (f"{THINGS[number % 12][i]} {'àéî'[i]}{number}" for i in range(3))
                broader = [self._link(name, "skos:broader", f"{scheme}{number // 6}")] if number >= 6 else []
                yield [
                    self._type(name, "skos:Concept"),
                    self._link(name, "dir:scheme", f"scheme-{scheme}"),
                    *self._labels(name, tuple(label)),
                    *broader,
                ]

    def _sources(self) -> Iterator[list[str]]:
        for number, name in enumerate(self.sources):
            yield [
                self._type(name, "dir:Source"),
                self._literal(name, "dct:title", f"Annuaire n° {number}", "@fr"),
                self._literal(name, "dct:issued", self._date(2000 + number % 24, number), typed("date")),
            ]

    def _places(self, towns: list[Place]) -> Iterator[list[str]]:
        """Countries, regions and towns; fills the list of towns."""
        regions: list[Place] = []
        for number, names in enumerate(COUNTRIES):
            name = f"country{number}"
            yield [self._type(name, "dir:Country"), *self._labels(name, names)]
            for region in range(number * REGIONS, (number + 1) * REGIONS):
                latitude, longitude = 28 + region * 37 % 28, region * 53 % 60 - 20
                town = self._town_name(region)
                regions.append(Place(f"region{region}", town, latitude, longitude))
                yield [
                    self._type(f"region{region}", "dir:Region"),
                    *self._labels(f"region{region}", (f"Région de {town}", f"{town} Region", f"Región de {town}")),
                    self._link(f"region{region}", "dir:within", name),
                ]
        share = Popular([str(n) for n in range(len(regions))])
        for number in range(max(len(regions), self.organisations // TOWN_SIZE)):
            region = number if number < len(regions) else int(share.draw(self.random.random()))
            towns.append(self._town(number, regions[region]))
            yield self._described_town(towns[-1], regions[region], number)

    def _town(self, number: int, region: Place) -> Place:
        latitude = round(region.latitude + self.random.random() * 2, 4)
        longitude = round(region.longitude + self.random.random() * 2, 4)
        return Place(f"town{number}", self._town_name(number * 7 + 3), latitude, longitude)

    def _described_town(self, town: Place, region: Place, number: int) -> list[str]:
        return [
            self._type(town.iri, "dir:Town"),
            *self._labels(town.iri, (town.name, town.name, f"{town.name} del Río" if number % 9 == 0 else town.name)),
            self._link(town.iri, "dir:within", region.iri),
            self._literal(town.iri, "dir:population", str(number * 7919 % 400_000 + 300), typed("integer")),
            *self._point(town.iri, town.latitude, town.longitude),
        ]

    def _organisation(self, number: int, place: Place) -> list[str]:
        name, chance = f"o{number}", self.random.random
        kind, thing = KINDS[self._of(len(KINDS))], THINGS[self._of(len(THINGS))]
        fr, en, es = (f"{kind[0]} des {thing[0]}", f"{thing[1]} {kind[1]}".capitalize(), f"{kind[2]} de {thing[2]}")
        year = 1950 + self._of(75)
        lines = [
            self._type(name, "dir:Network" if number < self.networks else "dir:Organisation"),
            self._literal(name, "dct:identifier", f"ORG-{number:07}"),
            *self._labels(name, (f"{fr} de {place.name} {number}", f"{en} of {place.name} {number}", f"{es} {number}")),
            self._link(name, "dir:type", self.concepts["type"].draw(chance())),
            self._link(name, "dir:place", place.iri),
            *self._point(name, place.latitude + self._near(), place.longitude + self._near()),
            self._literal(name, "dir:founded", self._date(year, number), typed("date")),
            self._literal(name, "dct:modified", self._moment(number), typed("dateTime")),
            self._link(name, "dct:source", self.sources[number // SOURCE_SIZE]),
        ]
        for scheme, most in (("value", 4), ("field", 3)):
            drawn = {self.concepts[scheme].draw(chance()): None for _ in range(1 + self._of(most))}
            lines += [self._link(name, f"dir:{scheme}", concept) for concept in drawn]
        if chance() < 0.7:
            lines.append(iri_line(self.stem + name, "foaf:homepage", f"https://o{number}.example/{thing[1][:4]}?l=fr"))
        if chance() < 0.6:
            lines.append(self._literal(name, "dir:employees", str(int(1.5 / (chance() + 0.002))), typed("integer")))
        if chance() < 0.5:
            text = f"{fr}, fondée en {year} à {place.name} : {thing[0]} pour tous, {'et partage ' * (number % 5)}."
            lines.append(self._literal(name, "dct:description", text, "@fr"))
        for other in range(self._of(3)):
            lines.append(
                self._literal(name, "skos:altLabel", f"{kind[other][:2]}{thing[0][:1]}{number}".upper(), "@fr")
            )
        return lines

    def _memberships(self, number: int) -> Iterator[list[str]]:
        """Of a network in one of a tenth of the number: the tree of networks is as deep as the logarithm."""
        known = set[int]()
        for nth in range(self._of(3)):
            within = number // 10 if number < self.networks else int(self.networks * self.random.random() ** 2)
            if within == number or within in known:
                continue
            known.add(within)
            node, member, network = f"m{number}-{nth}", f"o{number}", f"o{within}"
            yield [
                self._type(node, "dir:Membership"),
                self._link(node, "dir:member", member),
                self._link(node, "dir:network", network),
                self._link(node, "dir:role", self.concepts["role"].draw(self.random.random())),
                *self._stated(node, number, within),
                self._link(member, "dir:memberOf", network),
            ]

    def _cooperations(self, number: int) -> Iterator[list[str]]:
        for nth in range(self._of(3) if number and number % 2 else 0):
            other = number - 1 - int(min(number - 1, 400) * self.random.random())
            node, first, second = f"c{number}-{nth}", f"o{number}", f"o{other}"
            yield [
                self._type(node, "dir:Cooperation"),
                self._link(node, "dir:partner", first),
                self._link(node, "dir:partner", second),
                self._link(node, "dir:kind", self.concepts["kind"].draw(self.random.random())),
                *self._stated(node, number, other),
                self._link(first, "dir:cooperatesWith", second),
                self._link(second, "dir:cooperatesWith", first),
            ]

    def _stated(self, node: str, first: int, second: int) -> list[str]:
        """Since when, and in which words it is said."""
        year, excerpt = 1990 + self._of(34), f"{node}-x"
        words = SAID[self._of(len(SAID))].format(a=f"o{first}", b=f"o{second}", year=year)
        return [
            self._literal(node, "dir:since", self._date(year, first), typed("date")),
            self._link(node, "prov:wasDerivedFrom", excerpt),
            self._type(excerpt, "dir:Excerpt"),
            self._literal(excerpt, "dir:quotation", words, "@fr"),
            self._link(excerpt, "dct:source", self.sources[first // SOURCE_SIZE]),
            self._literal(excerpt, "dct:date", self._date(2024, second), typed("date")),
        ]

    def _of(self, number: int) -> int:
        return int(self.random.random() * number)

    def _near(self) -> float:
        return (self.random.random() - 0.5) / 10

    def _town_name(self, number: int) -> str:
        spread = number * 7919 % MODULUS
        return "".join(SYLLABLES[spread // 16**i % 16] for i in range(2 + number % 3)).capitalize()

    def _date(self, year: int, number: int) -> str:
        spread = number * 31 % MODULUS
        return f"{year}-{spread % 12 + 1:02}-{spread % 28 + 1:02}"

    def _moment(self, number: int) -> str:
        seconds = number * 7919 % MODULUS
        return f"{self._date(2025, number)}T{seconds % 24:02}:{seconds % 60:02}:{seconds // 60 % 60:02}Z"

    def _point(self, name: str, latitude: float, longitude: float) -> list[str]:
        """As decimals and as WKT, with four digits and no zero at the end: what every store writes as it was."""
        north, east = decimal(latitude), decimal(longitude)
        return [
            self._literal(name, "geo:lat", north, typed("decimal")),
            self._literal(name, "geo:long", east, typed("decimal")),
            self._literal(name, "gsp:asWKT", f"POINT({east} {north})", f"^^{WKT}"),
        ]

    def _labels(self, name: str, labels: tuple[str, ...]) -> list[str]:
        pairs = zip(LANGUAGES, labels, strict=True)
        return [self._literal(name, "skos:prefLabel", label, f"@{language}") for language, label in pairs]

    def _type(self, name: str, type_: str) -> str:
        return iri_line(self.stem + name, "rdf:type", expand(type_))

    def _link(self, name: str, predicate: str, object: str) -> str:
        return iri_line(self.stem + name, predicate, self.stem + object)

    def _literal(self, name: str, predicate: str, text: str, suffix: str = "") -> str:
        return f'<{self.stem}{name}> {KNOWN[predicate]} "{text}"{suffix} .\n'


def expand(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


class Terms(dict[str, str]):
    """Prefixed names as N-Triples writes them, each expanded once."""

    def __missing__(self, name: str) -> str:
        self[name] = f"<{expand(name)}>"
        return self[name]


KNOWN = Terms()


def iri_line(subject: str, predicate: str, object: str) -> str:
    return f"<{subject}> {KNOWN[predicate]} <{object}> .\n"


def typed(name: str) -> str:
    return f"^^{KNOWN[f'xsd:{name}']}"


def decimal(number: float) -> str:
    return f"{number:.4f}".rstrip("0").rstrip(".")
