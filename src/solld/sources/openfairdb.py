"""Entries of an OpenFairDB, the database of Karte von morgen. https://github.com/kartevonmorgen/openfairdb

    GET /search?bbox=47.0,5.5,55.1,15.5&limit=500   {"visible": [{"id": "8a2f", "lat": ..., "lng": ...}], ...}
    GET /entries/8a2f,90bc                          [{"id": "8a2f", "title": "...", "license": "ODbL-1.0", ...}]

There is no list of all entries: a search gives the first ones in a box, so a box that is full is cut in two until it is
not. `/entries/recently-changed` reaches back 100 days and gives 1000 entries at most, so it is asked for nothing here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from solld.errors import SourceFailed
from solld.sources import Get, Row, Source, lines
from solld.sources.objects import flat

NAME = "openfairdb"
STANDARD = "https://github.com/kartevonmorgen/openfairdb"
LIMIT = 500  # entries asked for in a box
SURE = 100  # entries that the service gives at least; fewer are all that are in a box
SMALLEST = 1e-5  # degrees, about a metre: a box that is not cut
NEAR = 1e-5  # degrees that the service may round by
BATCH = 100  # identifiers of 32 letters in a URL, which servers take up to 8 kB
ABSENT = 0.02  # of what a search lists, which may be archived before it is asked for
FILTERS = ("categories", "org_tag", "tags", "text", "status")  # of a search that stay
PATH = re.compile(r"/(?:search|categories|count|tags|entries)(?:(?<=/entries)/(?P<ids>[^/]+)|/.*)?$")
LISTS = (("recently-changed",), ("most-popular-tags",))  # which are no identifiers
OWN = re.compile(rb'"(?:lng|zip|ratings|image_link_url|founded_on|contact_name)"\s*:')
SEARCH = re.compile(rb'\{\s*"(?:in)?visible"\s*:\s*\[')


@dataclass(frozen=True)
class Box:
    """Degrees, WGS 84; to be written as the service wants it."""

    south: float
    west: float
    north: float
    east: float

    def __str__(self) -> str:
        return ",".join(f"{each:.7f}" for each in (self.south, self.west, self.north, self.east))

    @property
    def smallest(self) -> bool:
        return max(self.north - self.south, self.east - self.west) <= SMALLEST

    def halves(self) -> "tuple[Box, Box]":
        if self.north - self.south > self.east - self.west:
            middle = (self.south + self.north) / 2
            return Box(self.south, self.west, middle, self.east), Box(middle, self.west, self.north, self.east)
        middle = (self.west + self.east) / 2
        return Box(self.south, self.west, self.north, middle), Box(self.south, middle, self.north, self.east)

    def holds(self, latitude: float, longitude: float) -> bool:
        south, north = self.south - NEAR, self.north + NEAR
        return south <= latitude <= north and self.west - NEAR <= longitude <= self.east + NEAR


WORLD = Box(-90, -180, 90, 180)


@dataclass(frozen=True)
class Instance:
    """Where an OpenFairDB is, and what of it is wanted."""

    root: str  # URL, without a slash at its end
    boxes: tuple[Box, ...]
    filters: Mapping[str, str]
    ids: tuple[str, ...]  # if only these are wanted

    @property
    def moderated(self) -> str:
        """The tag of an organisation that clears what has it; "" if all is wanted."""
        return self.filters.get("org_tag", "")

    def search(self, box: Box) -> str:
        """The URL of a search. A search by org_tag drops what is not cleared after it was cut, and looks whole then."""
        asked = {name: value for name, value in self.filters.items() if name != "org_tag"}
        if self.moderated:
            asked["tags"] = ",".join(filter(None, (asked.get("tags"), self.moderated)))
        return f"{self.root}/search?{urlencode({'bbox': str(box), 'limit': LIMIT, **asked}, safe=',')}"

    def entries(self, ids: tuple[str, ...]) -> str:
        asked = f"?{urlencode({'org_tag': self.moderated})}" if self.moderated else ""
        return f"{self.root}/entries/{','.join(quote(each, safe='') for each in ids)}{asked}"


def instance(url: str) -> Instance:
    """What a URL of an OpenFairDB asks for: a search its box, entries themselves, and any other all that there is."""
    parts = urlsplit(url)
    said = dict(parse_qsl(parts.query))
    asked = PATH.search(parts.path)
    root = parts.path[: asked.start()] if asked else parts.path.rstrip("/")
    ids = tuple(filter(None, unquote(asked["ids"] or "").split(","))) if asked else ()
    return Instance(
        f"{parts.scheme}://{parts.netloc}{root}",
        _boxes(url, said["bbox"]) if said.get("bbox") else (WORLD,),
        {name: said[name] for name in FILTERS if said.get(name)},
        () if ids in LISTS else ids,
    )


def _boxes(url: str, text: str) -> tuple[Box, ...]:
    """The box of a search; two if it goes over the date line."""
    try:
        south, west, north, east = map(float, text.split(","))
    except ValueError as error:
        raise SourceFailed(url, f"bbox is four numbers in degrees: south,west,north,east; this is {text!r}") from error
    return (
        (Box(south, west, north, east),)
        if west <= east
        else (Box(south, west, north, 180), Box(south, -180, north, east))
    )


def likes(head: bytes) -> float:
    if lines.begins(head, NAME):
        return 1.0
    if SEARCH.match(head.lstrip()):
        return 0.95
    return 0.9 if head.lstrip()[:1] == b"[" and len(set(OWN.findall(head))) >= 3 and b'"license"' in head else 0.0


def collect(get: Get, url: str, into: IO[bytes]) -> None:
    """Writes all entries that a URL asks for. SourceFailed with the URL of what is not as it should be."""
    asked = instance(url)
    ids = asked.ids or tuple(_found(get, asked))
    names = {
        each["id"]: str(each["name"])
        for each in _list(lines.maybe(get, f"{asked.root}/categories") or [], f"{asked.root}/categories")
        if each.get("name")
    }
    lines.begin(into, NAME, root=asked.root, categories=names)
    absent: list[str] = []
    for start in range(0, len(ids), BATCH):
        batch = ids[start : start + BATCH]
        where = asked.entries(batch)
        entries = _entries(get, where, batch)
        alone = tuple(each for each in batch if each not in entries)
        entries |= _entries(get, asked.entries(alone), alone) if alone else {}
        absent += [each for each in alone if each not in entries]
        for entry in entries.values():
            lines.write(into, entry, where)
    if len(absent) > ABSENT * len(ids) + 1 and not asked.moderated:
        told = ", ".join(absent[:3])
        raise SourceFailed(asked.root, f"has not {len(absent)} of {len(ids)} entries that it lists, like {told}")


def _found(get: Get, asked: Instance) -> dict[str, None]:
    """The identifiers of what is in the boxes.

    The service may give less than it is asked for, so what is full is told by the most that it ever gave.
    """
    found: dict[str, None] = {}
    boxes, most, searches = list(asked.boxes), SURE, 0
    while boxes:
        if searches == lines.PAGES:
            raise SourceFailed(asked.root, f"has more to say after {searches} searches; that is no directory")
        box, searches = boxes.pop(), searches + 1
        where = asked.search(box)
        ids = _visible(get, where, box)
        found |= dict.fromkeys(ids)
        most = max(most, len(ids))
        if len(ids) >= most and box.smallest:
            raise SourceFailed(where, f"gives {len(ids)} entries at one place, and there may be more")
        if len(ids) >= most:
            boxes += box.halves()
    return found


def _visible(get: Get, url: str, box: Box) -> list[str]:
    said = lines.answered(get, url)
    found = _list(said.get("visible") if isinstance(said, dict) else said, url)
    for each in found:
        if not box.holds(_degrees(each, "lat", url), _degrees(each, "lng", url)):
            raise SourceFailed(url, f"gives {each['id']}, which is not in the box that was asked for")
    return [each["id"] for each in found]


def _degrees(entry: Mapping[str, Any], name: str, url: str) -> float:
    try:
        return float(entry[name])
    except (KeyError, TypeError, ValueError) as error:
        raise SourceFailed(url, f"gives {entry.get('id')} without a number as its {name}") from error


def _entries(get: Get, url: str, ids: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """The entries that are there, each once."""
    said = lines.maybe(get, url)
    return {each["id"]: each for each in _list([] if said is None else said, url) if each["id"] in ids}


def _list(said: Any, url: str) -> list[dict[str, Any]]:
    """A list of objects that have an identifier."""
    if not isinstance(said, list) or not all(isinstance(e, dict) and isinstance(e.get("id"), str) for e in said):
        raise SourceFailed(url, "is no list of what has an id, as OpenFairDB gives it")
    return said


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each entry; `categories` are their names, and `categories.id` what stands for them."""
    if not lines.begins(file.read(1000), NAME):
        raise SourceFailed(
            "the file", "is an answer of an OpenFairDB, which has more; give its URL, or --as json if this is all"
        )
    names = lines.facts(file).get("categories", {})
    for place, entry in lines.records(file):
        cells = flat(entry)
        if known := cells.get("categories"):
            cells |= {"categories": tuple(names.get(each, each) for each in known), "categories.id": known}
        yield Row(place, cells)


SOURCE = Source(NAME, "entries of an OpenFairDB", STANDARD, (), likes, read, collect)
