"""A directory as Mix'n'match imports it to be matched with Wikidata: a MetaEntry on each line.

https://github.com/magnusmanske/mixnmatch_rs/blob/main/IMPORT_FORMAT.md
"""

import json
import re
from typing import IO, Any

from solld.exports import Export, Source
from solld.exports.directory import Entry, entries, identifier, is_there, tags

WEBSITE = 856  # https://www.wikidata.org/wiki/Property:P856
ITEM = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/Q([1-9][0-9]*)")
LONGEST = 250  # characters of a description


def _mixnmatch(source: Source, out: IO[bytes]) -> None:
    languages = tags(source.settings)
    for entry in entries(source):
        out.write(json.dumps(_told(source, entry, languages), ensure_ascii=False).encode() + b"\n")


def _told(source: Source, entry: Entry, languages: list[str]) -> dict[str, Any]:
    said: dict[str, Any] = {
        "catalog": source.settings.mixnmatch,
        "ext_id": identifier(source, entry),
        "ext_name": entry.spoken("name", languages),
        "ext_url": entry.iri,
        "ext_desc": entry.spoken("description", languages)[:LONGEST],
    }
    item = _item(entry, "identical")
    if item:
        said |= {"q": int(item), "user": 0}  # a preliminary match, for a person to confirm
    kind = _item(entry, "kind")
    if kind:
        said["type"] = f"Q{kind}"
    told: dict[str, Any] = {"entry": said}
    if entry.texts("website"):
        told["auxiliary"] = [{"prop_numeric": WEBSITE, "value": site} for site in entry.texts("website")]
    point = entry.point()
    if point:
        told["coordinate"] = {"lat": point[0], "lon": point[1]}
    descriptions = {each.language: each.value for each in entry.literals("description")[::-1] if each.language}
    if descriptions:
        told["descriptions"] = descriptions
    names = [each for each in (*entry.literals("name"), *entry.literals("alias")) if each.language]
    aliases = [{"language": each.language, "value": each.value} for each in names if each.value != said["ext_name"]]
    if aliases:
        told["aliases"] = aliases
    return told


def _item(entry: Entry, column: str) -> str:
    return next((match[1] for text in entry.texts(column) if (match := ITEM.fullmatch(text))), "")


EXPORTS = (Export("mixnmatch.jsonl", "Mix'n'match", "application/jsonl", _mixnmatch, is_there),)
