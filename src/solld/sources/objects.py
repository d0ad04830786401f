"""JSON that holds a list of objects, wherever in it, as programs export it. RFC 8259

Objects within are columns with a point between (`geo.latitude`), lists are several values; numbers keep their digits.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import IO, Any

import ijson

from solld.errors import SourceFailed
from solld.sources import Row, Source
from solld.sources.shallow import Shallow
from solld.sources.shapes import LINES, LIST, MEMBERS, Shape, shape_of

STANDARD = "https://www.rfc-editor.org/info/rfc8259"
MARK = b"\xef\xbb\xbf"
BROKEN = (ijson.JSONError, UnicodeDecodeError)
DEPTH = 12  # objects in objects; what is deeper is no record


def likes(head: bytes) -> float:
    text = head.removeprefix(MARK).lstrip()
    return 0.6 if text[:1] in (b"{", b"[") else 0.0


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each record: where those are is told in shapes.py."""
    return rows(file, lambda item: flat(item))


def rows(file: IO[bytes], told: Any) -> Iterator[Row]:
    begin(file)
    try:
        shape = shape_of(file)
    except BROKEN as error:
        raise SourceFailed("the beginning", f"this is not JSON: {error}") from error
    if shape is None:
        raise SourceFailed("the file", "there is no list of objects in it")
    for place, key, item in _items(file, shape):
        if isinstance(item, dict):
            cells = told(item)
            yield Row(place, cells if not key else {"id": (key,)} | cells)


def items(file: IO[bytes], prefix: str) -> Iterator[tuple[str, Any]]:
    """What is in the list that is there, each with its place."""
    return ((place, item) for place, _, item in _items(file, Shape(LIST, prefix)))


def _items(file: IO[bytes], shape: Shape) -> Iterator[tuple[str, str, Any]]:
    """Place, key and value of each; the key is "" but for members of an object."""
    begin(file)
    number, name = -1, shape.prefix or "$"
    try:
        for number, (key, item) in enumerate(_found(file, shape)):
            yield f"{name}.{key}" if key else f"{name}[{number}]", key, item
    except BROKEN as error:
        raise SourceFailed(f"after {name}[{number}]", f"this is not JSON: {error}") from error


def _found(file: IO[bytes], shape: Shape) -> Iterator[tuple[str, Any]]:
    if shape.kind == MEMBERS:
        yield from ijson.kvitems(Shallow(file), shape.prefix)
    elif shape.kind == LINES:
        yield from (("", item) for item in ijson.items(Shallow(file), "", multiple_values=True))
    else:
        way = f"{shape.prefix}.item" if shape.prefix else "item"
        yield from (("", item) for item in ijson.items(Shallow(file), way))


def begin(file: IO[bytes]) -> None:
    """Goes to the beginning, after a mark of the byte order if there is one."""
    file.seek(0)
    if file.read(len(MARK)) != MARK:
        file.seek(0)


def flat(item: Any) -> dict[str, tuple[str, ...]]:
    """The columns of an object."""
    found: dict[str, list[str]] = defaultdict(list)
    _walk(item, "", found, 0)
    return {column: tuple(values) for column, values in found.items()}


def _walk(value: Any, column: str, found: dict[str, list[str]], depth: int) -> None:
    if depth > DEPTH:
        raise SourceFailed(column, f"is more than {DEPTH} objects deep")
    if isinstance(value, dict):
        if value.get("type") == "Point" and isinstance(point := value.get("coordinates"), list) and len(point) > 1:
            # GeoJSON (RFC 7946 section 3.1.2) within something else: the longitude is first
            within = f"{column}." if column else ""
            value = {k: v for k, v in value.items() if k not in ("type", "coordinates")}
            found[f"{within}longitude"].append(str(point[0]))
            found[f"{within}latitude"].append(str(point[1]))
        for key, each in value.items():
            _walk(each, f"{column}.{key}" if column else str(key), found, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _walk(each, column, found, depth + 1)
    elif value is not None:
        text = ("true" if value else "false") if isinstance(value, bool) else str(value)
        if text.strip():
            found[column].append(text)


SOURCE = Source("json", "JSON with a list of objects", STANDARD, ("application/json", "text/json"), likes, read)
