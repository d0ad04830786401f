"""Elements of a GoGoCarto map, as its API says them at /api/elements.json. https://github.com/pixelhumain/GoGoCarto

    {"licence": "...", "ontology": "gogofull", "data": [{"id": "2a", "name": "...", "geo": {"latitude": 48.1, ...}}]}
    {..., "ontology": "gogocompact", "mapping": ["id", ["name"], "latitude", "longitude", "status", "moderationState"],
     "data": [["2a", ["The name"], 48.1, -1.6, [12, 40], -2]]}

A compact element has its categories after its point, though the mapping does not name them; what is usual is left out
at its end. Before 2020 it had its name, or its status and its name, in the place of the fields of the mapping.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import IO, Any

import ijson

from solld.errors import SourceFailed
from solld.sources import HEAD, Row, Source
from solld.sources.objects import MARK, begin, flat, items
from solld.sources.shallow import Shallow

STANDARD = "https://github.com/pixelhumain/GoGoCarto"
ALONE = "data."  # where /api/elements/{id}.json has its only element
MOST_BEFORE = 10_000  # JSON events before the elements
OLD_MAPPING: list[Any] = ["id", ["name"], "latitude", "longitude", "status", "moderationState"]
ONTOLOGY = re.compile(rb'"ontology"\s*:\s*"gogo')
ELEMENT = re.compile(rb'"geo"\s*:\s*\{\s*"latitude"')
OF_ELEMENTS = re.compile(rb'"(?:sourceKey|categories|categoriesFull|optionValues)"\s*:\s*[\["]')
COMPACT = re.compile(rb'\{\s*"data"\s*:\s*\[\s*\[\s*"[^"]*"\s*,\s*(?:-?\d+\s*,\s*)?["\[]')
REFUSED = re.compile(r'"?((?:You need to provide a token|The token you provided)[^"]{0,500})')


def likes(head: bytes) -> float:
    text = head.removeprefix(MARK).lstrip()
    if _refusal(text):
        return 0.9
    if text[:1] not in (b"{", b"[") or b'"@context"' in text or b'"@graph"' in text:
        return 0.0
    if ONTOLOGY.search(text):
        return 0.95
    return 0.85 if (ELEMENT.search(text) and OF_ELEMENTS.search(text)) or COMPACT.match(text) else 0.0


def _refusal(text: bytes) -> str:
    """What an instance says that wants a token. It does so with 200, as a text or as a JSON string."""
    found = REFUSED.match(text[:1000].decode("utf-8", "replace"))
    return found[1].replace("\\/", "/").strip() if found else ""


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each element; columns are those of its object, and `categories` their names, or ids where it has none.

    SourceFailed with the place of what is no element, and with what the instance says if it gives none.
    """
    begin(file)
    if words := _refusal(file.read(HEAD).lstrip()):
        raise SourceFailed("the answer", f"is no list, the map asks for a token: {words}")
    before, prefix = _before(file)
    for place, item in _elements(file, prefix):
        if isinstance(item, dict):
            yield Row(place, _named(flat(item)))
        elif isinstance(item, list):
            yield Row(place, flat(_spread(place, item, before.get("mapping"))))
        else:
            raise SourceFailed(place, f"is no element: {item!r}")


def _elements(file: IO[bytes], prefix: str) -> Iterator[tuple[str, Any]]:
    if prefix != ALONE:
        yield from items(file, prefix)
        return
    begin(file)
    try:
        for item in ijson.items(Shallow(file), "data"):
            yield "data", item
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise SourceFailed("data", f"this is not JSON: {error}") from error


def _before(file: IO[bytes]) -> tuple[dict[str, Any], str]:
    """What stands before the elements, and where these are: in a list at "" or "data", or one of them ALONE."""
    begin(file)
    builder = ijson.ObjectBuilder()
    try:
        for prefix, event, value in islice(ijson.parse(Shallow(file)), MOST_BEFORE):
            if event == "start_array" and prefix in ("", "data"):
                return (builder.value if prefix else {}), prefix
            if event == "start_map" and prefix == "data":
                return builder.value, ALONE
            builder.event(event, value)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise SourceFailed("the beginning", f"this is not JSON: {error}") from error
    said = builder.value.get("error") if isinstance(getattr(builder, "value", None), dict) else None
    raise SourceFailed("the file", f"there are no elements in it{f': {said}' if said else ''}")


def _named(cells: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The cells with `categories`, which versions of GoGoCarto call differently."""
    for column in (
        "categories",
        "categoriesFull.name",
        "optionValues.name",
        "categoriesFull.id",
        "optionValues.optionId",
    ):
        if column in cells:
            return {**cells, "categories": cells[column]}
    return dict(cells)


def _spread(place: str, values: list[Any], mapping: Any) -> dict[str, Any]:
    """A compact element as an object. SourceFailed with its place if it does not go with the mapping."""
    names = list(mapping if isinstance(mapping, list) else OLD_MAPPING)
    if len(values) > 2 and isinstance(values[1], int) and isinstance(values[2], str):  # the status was second, once
        values = [values[0], values[2], *values[3:], values[1]]
    if len(values) > 4 and isinstance(values[4], list) and "categories" not in names:
        names[4:4] = ["categories"]
        values = [
            *values[:4],
            [each[0] if isinstance(each, list) and each else each for each in values[4]],
            *values[5:],
        ]
    if len(values) > len(names):
        raise SourceFailed(place, f"has {len(values)} values, and there are {len(names)} names for them")
    found: dict[str, Any] = {}
    for name, value in zip(names, values, strict=False):
        if isinstance(name, list | dict):  # PHP makes an object of a list with a gap
            fields = [str(each) for each in (name.values() if isinstance(name, dict) else name)]
            several = value if isinstance(value, list) else [value]
            if len(several) != len(fields):
                raise SourceFailed(place, f"has {len(several)} values for the fields {', '.join(fields)}")
            found |= dict(zip(fields, several, strict=True))
        else:
            found[str(name)] = value
    return found


SOURCE = Source("gogocarto", "elements of a GoGoCarto map", STANDARD, (), likes, read)
