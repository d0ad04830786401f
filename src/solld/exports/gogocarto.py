"""A directory as GoGoCarto and Transiscope import it: `data` with an object for each entry, keys as in their own lists.

https://gitlab.com/seballot/gogocarto; read from its import: `geo` and `address` are objects, categories are words.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import IO, Any

from solld.exports import Export, Source
from solld.exports.directory import Entry, entries, identifier, is_there, tags
from solld.messages import pick

ADDRESS = {  # column -> key
    "street": "streetAddress",
    "locality": "addressLocality",
    "postcode": "postalCode",
    "country": "addressCountry",
}


def _gogocarto(source: Source, out: IO[bytes]) -> None:
    settings = source.settings
    languages = tags(settings)
    title = pick(settings.title, languages)
    head = {"licence": settings.license, "ontology": "gogofull"}
    out.write(json.dumps(head, ensure_ascii=False).removesuffix("}").encode() + b', "data": [')
    for number, entry in enumerate(entries(source)):
        told = _told(source, entry, languages, title)
        out.write((",\n" if number else "\n").encode() + json.dumps(told, ensure_ascii=False).encode())
    out.write(b"\n]}\n")


def _told(source: Source, entry: Entry, languages: list[str], title: str) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "id": identifier(source, entry),
        "name": entry.spoken("name", languages),
        "sourceKey": entry.first("source") or title,
        "source": entry.first("source") or title,
        "sourceUrl": entry.iri,
        "categories": _categories(entry, languages),
    }
    point = entry.point()
    if point:
        told["geo"] = {"latitude": point[0], "longitude": point[1]}
    address = {key: entry.first(column) for column, key in ADDRESS.items() if entry.first(column)}
    if address:
        told["address"] = address
    for column in ("website", "email"):
        if entry.first(column):
            told[column] = entry.first(column)
    if entry.first("phone"):
        told["telephone"] = entry.first("phone")
    if entry.values.get("description"):
        told["description"] = entry.spoken("description", languages)
    line = [moment for moment in source.past.line(entry.iri) if moment.release <= source.number]
    if line:
        told |= {"createdAt": _day(line[0].time), "updatedAt": _day(line[-1].time)}
    return told


def _categories(entry: Entry, languages: list[str]) -> list[str]:
    """The categories in the first of the languages that any has: the same one twice is two categories there."""
    found = entry.literals("category")
    best = next((tag for tag in languages if any((each.language or "") == tag for each in found)), None)
    return [each.value for each in found if best is None or (each.language or "") == best]


def _day(time: datetime) -> str:
    return time.strftime("%d/%m/%Y")


EXPORTS = (Export("gogocarto.json", "GoGoCarto", "application/json", _gogocarto, is_there),)
