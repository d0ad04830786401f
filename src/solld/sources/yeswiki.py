"""Entries of a form of a YesWiki, by the API of its Bazar. https://github.com/YesWiki/yeswiki/tree/doryphore-dev/tools/bazar

    GET /?api/forms              {"1": {"bn_id_nature": "1", "bn_label_nature": "Annuaire", "prepared": [...], ...}}
    GET /?api/forms/1/entries    {"LeNom": {"id_fiche": "LeNom", "bf_titre": "Le nom", "listeListeType": "3", ...}}

A list is answered as keys, and the form says what they stand for. A form without entries is an empty object.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any

import ijson

from solld.errors import SourceFailed
from solld.sources import Get, Row, Source, lines
from solld.sources.objects import MARK, begin, flat, items
from solld.sources.shallow import Shallow

NAME = "yeswiki"
STANDARD = "https://yeswiki.net/"
API = re.compile(r"(?P<wiki>[^?]*?(?:\?(?:wiki=)?|/))api/(?P<path>[^?&#]*)(?P<more>[^#]*)")
ENTRIES = re.compile(rb'"id_typeannonce"\s*:')
FORMS = re.compile(rb'"bn_id_nature"\s*:')
DISPLAYED = ("html_data", "html_output", "semantic")  # the entry again, as it is shown
PAGE = {"url": "permalink"}  # the page of the entry in the wiki; the site of what it is about is bf_site_internet
ALTERNATIVES = 20  # forms that a message names


def likes(head: bytes) -> float:
    text = head.removeprefix(MARK).lstrip()
    if lines.begins(head, NAME):
        return 1.0
    if text[:1] not in (b"{", b"[") or b'"@context"' in text:
        return 0.0
    return 0.95 if ENTRIES.search(text) or FORMS.search(text) else 0.0


def collect(get: Get, url: str, into: IO[bytes]) -> None:
    """Writes the entries of a form, and what its lists mean.

    The URL is one of the API, or that of the wiki; if the wiki has several forms, SourceFailed names them.
    """
    match = API.match(url)
    wiki = match["wiki"] if match else _wiki(url)
    path = match["path"].strip("/").split("/") if match else ["forms"]
    more = match["more"] if match else ""
    if path[0] != "forms":  # /api/entries are those of all forms
        where = f"{wiki}api/entries{more}"
        _write(into, where, lines.answered(get, where), {})
        return
    form = path[1] if len(path) > 1 else _only(get, wiki)
    where = f"{wiki}api/forms/{form}"
    _write(into, f"{where}/entries{more}", lines.answered(get, f"{where}/entries{more}"), _form(get, where))


def _wiki(url: str) -> str:
    """What stands before api/ in URLs of the wiki that a URL is of."""
    return f"{re.split(r'[?#]', url)[0]}?"


def _only(get: Get, wiki: str) -> str:
    """The identifier of the form of a wiki that has one. SourceFailed with those that there are if it has more."""
    url = f"{wiki}api/forms"
    said = lines.answered(get, url)
    forms = list(said.values()) if isinstance(said, dict) else said
    if not isinstance(forms, list) or not all(isinstance(each, dict) and "bn_id_nature" in each for each in forms):
        raise SourceFailed(url, "is no list of the forms of a YesWiki")
    if len(forms) != 1:
        told = [f"{wiki}api/forms/{each['bn_id_nature']}/entries ({each.get('bn_label_nature')})" for each in forms]
        raise SourceFailed(
            url, f"has {len(forms)} forms; take one of {', '.join(told[:ALTERNATIVES]) or 'another wiki'}"
        )
    return str(forms[0]["bn_id_nature"])


def _form(get: Get, url: str) -> dict[str, Any]:
    """What a form is called, and for each field that is a list its keys and what they stand for."""
    said = lines.maybe(get, url)
    if said is None:
        return {}  # a form that nobody may read has entries that all may read
    form = said[0] if isinstance(said, list) and said else said
    if not isinstance(form, dict) or "bn_id_nature" not in form:
        raise SourceFailed(url, f"is no form of a YesWiki: {str(said)[:200]}")
    fields = form.get("prepared") or []
    fields = list(fields.values()) if isinstance(fields, dict) else fields
    options = {
        str(each.get("propertyname") or each.get("id")): {str(k): str(v) for k, v in each["options"].items()}
        for each in fields
        if isinstance(each, dict) and isinstance(each.get("options"), dict)
    }
    return {"form": str(form.get("bn_label_nature", "")), "options": options}


def _write(into: IO[bytes], url: str, said: Any, facts: Mapping[str, Any]) -> None:
    lines.begin(into, NAME, url=url, **facts)
    if not isinstance(said, dict | list):
        raise SourceFailed(url, f"gives no entries of a YesWiki, but {str(said)[:200]!r}")
    for name, entry in said.items() if isinstance(said, dict) else ((str(n), each) for n, each in enumerate(said)):
        lines.write(into, _entry(name, entry, url), url)


def _entry(name: str, entry: Any, place: str) -> dict[str, Any]:
    if not isinstance(entry, dict) or not entry.get("id_fiche", entry.get("bf_titre")):
        raise SourceFailed(place, f"{name} is no entry of a YesWiki: {str(entry)[:200]}")
    return {"id_fiche": name} | entry


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each entry.

    A list has what its keys stand for, if the form says so, and the keys in a column with `.key`. `permalink` is the
    page of the entry.
    """
    collected = lines.begins(file.read(1000), NAME)
    options = lines.facts(file).get("options", {}) if collected else {}
    for place, entry in lines.records(file) if collected else _answered(file):
        yield Row(place, _cells(entry, options))


def _answered(file: IO[bytes]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The entries of an answer that is in a file as it came."""
    begin(file)
    if file.read(100).lstrip()[:1] == b"[":
        for place, item in items(file, ""):
            yield place, _entry(place, item, "the file")
        return
    begin(file)
    try:
        for name, value in ijson.kvitems(Shallow(file), ""):
            if name == "features" and isinstance(value, list):
                for number, feature in enumerate(value):
                    entry = feature.get("properties") if isinstance(feature, dict) else None
                    yield f"features[{number}]", _entry(f"features[{number}]", entry, "the file")
            elif isinstance(value, dict) and "bn_id_nature" in value:
                raise SourceFailed(name, "is a form, and no entry; give the URL of the entries of one")
            elif name != "type":
                yield name, _entry(name, value, "the file")
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise SourceFailed("the file", f"this is not JSON: {error}") from error


def _cells(entry: Mapping[str, Any], options: Mapping[str, Mapping[str, str]]) -> dict[str, tuple[str, ...]]:
    cells: dict[str, tuple[str, ...]] = {}
    for column, values in flat({k: v for k, v in entry.items() if k not in DISPLAYED}).items():
        texts = tuple(text for text in map(html.unescape, values) if text.strip())
        if options.get(column):
            keys = tuple(key.strip() for text in texts for key in text.split(",") if key.strip())
            cells |= {column: tuple(options[column].get(key, key) for key in keys), f"{column}.key": keys}
        else:
            cells[PAGE.get(column, column)] = texts
    return {column: texts for column, texts in cells.items() if texts}


SOURCE = Source(NAME, "entries of a YesWiki", STANDARD, (), likes, read, collect)
