"""What a service said in many answers, in one file: JSON objects, one on a line. https://jsonlines.org/

{"collected": "openfairdb", ...}        which source wrote it, and what holds for all records
{"id": "8a2f", "lat": "48.1370", ...}   a record; numbers are texts, with the digits that they came with
"""

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any, Never

from solld.errors import SourceFailed
from solld.sources import Get

SAID = "collected"
JSON = "application/json"
PAGES = 5000  # questions for one list, after which a service is taken to have no end


def answered(get: Get, url: str) -> Any:
    """The JSON that is at a URL. SourceFailed with the URL if nothing is there, or something else."""
    found = maybe(get, url)
    if found is None:
        raise SourceFailed(url, "is not there (404)")
    return found


def maybe(get: Get, url: str) -> Any:
    """The JSON that is at a URL; None if nothing is there."""
    page = get(url, JSON)
    if page is None:
        return None
    found = parsed(page.body, url)
    if found is None:
        raise SourceFailed(url, "says null")
    return found


def parsed(content: bytes, place: str) -> Any:
    """What a JSON text says. Numbers are texts, so that 48.1370 stays what it is."""
    try:
        return json.loads(content.decode("utf-8-sig"), parse_float=str, parse_int=str, parse_constant=_no_number)
    except RecursionError as error:
        raise SourceFailed(place, "is JSON in JSON without end") from error
    except ValueError as error:
        what = "HTML, and no JSON" if content.lstrip()[:1] == b"<" else f"not JSON: {error}"
        raise SourceFailed(place, f"is {what}") from error


def _no_number(name: str) -> Never:
    raise ValueError(f"{name} is no number")


def begin(into: IO[bytes], name: str, **facts: Any) -> None:
    """Writes the first line; `name` is that of the source."""
    write(into, {SAID: name, **facts}, "the first line")


def write(into: IO[bytes], record: Mapping[str, Any], place: str) -> None:
    """Writes a record. SourceFailed with its place for a text that is none: half of a pair of surrogates."""
    try:
        into.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")
    except UnicodeEncodeError as error:
        raise SourceFailed(place, f"has a text that is not Unicode: {error.reason}") from error


def begins(head: bytes, name: str) -> bool:
    """Whether a file begins with what that source wrote."""
    return head.startswith(f'{{"{SAID}": "{name}"'.encode())


def facts(file: IO[bytes]) -> dict[str, Any]:
    """What the first line says; the records come after it."""
    file.seek(0)
    return _object(file.readline(), "line 1")


def records(file: IO[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The records with their places, of a file whose first line was read."""
    for number, line in enumerate(file, 2):
        place = f"line {number}"
        yield place, _object(line, place)


def _object(line: bytes, place: str) -> dict[str, Any]:
    found = parsed(line, place)
    if not isinstance(found, dict):
        raise SourceFailed(place, "is no JSON object")
    return found
