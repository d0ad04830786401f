"""Looks at what is at a URL or in a file: which source it is, what is in it, and what it may become."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import unquote, urlsplit

from babel.languages import get_official_languages

from solld import licences, sources
from solld.errors import SourceFailed
from solld.harvesting import columns, fragments, guess, personal
from solld.harvesting.columns import Column
from solld.harvesting.fetching import Session, Validators
from solld.harvesting.guess import Use
from solld.harvesting.limits import LIMITED, Most
from solld.harvesting.packed import unpack
from solld.harvesting.urls import came_from, here
from solld.harvesting.written import UNKNOWN
from solld.licences import Licence
from solld.rdf import Literal
from solld.sources import HEAD, Offer, Row, Source
from solld.sources.readings import READINGS

LOOKED_AT = 5000  # rows
SAMPLES = 10  # of them are shown
LISTED = 20  # datasets of a catalogue
TEXTS = 300  # texts by which a language is told
TOGETHER = 10  # short texts that are read as one
MOST = 0.9  # of them must be in one language
LICENCES = ("license", "licence", "licencia", "lizenz")  # columns
LICENCE = re.compile(
    r"[\"']?(?:https?://[\w./#-]*|\w+:)?licen[cs]e(?:_?url|_?name|_?id)?[\"']?>?\s*(?:[:=]|\s)\s*"
    r"(?:\{\s*\"@(?:id|value)\"\s*:\s*)?[\"'<]([^\"'<>]{2,200})[\"'>]|(?:rel=[\"']?license[\"']?\s+href|licen[cs]e\s+rdf:resource)=[\"']([^\"']+)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Look:
    """What was found. `rows` are the first ones, `number` is how many were looked at."""

    url: str
    source: Source
    media_type: str
    rows: tuple[Row, ...]
    number: int
    columns: tuple[Column, ...]
    personal: tuple[str, ...]  # columns that are left out
    uses: tuple[Use, ...]
    language: str  # of texts that do not say it
    licence: Licence | None
    licence_text: str  # as it is written there
    unreadable: tuple[tuple[str, str, str], ...] = ()  # columns that are called like what they are not, see guess

    @property
    def unused(self) -> list[str]:
        used = {part.column.name for use in self.uses for part in use.parts}
        return [each.name for each in self.columns if each.name not in used]


def look(site: Path, where: str, session: Session, kind: str = "", language: str = "", *, catalogue: str = "") -> Look:
    """Looks at a URL or a file; of a catalogue of one dataset at the best of its distributions.

    `catalogue` is where one led here. SourceFailed if it is nothing that can be read, if no mapping can be guessed, or
    if a catalogue leaves a choice or leads to another one.
    """
    with TemporaryDirectory() as folder:
        source = sources.named(kind) if kind else None
        path, media_type, came, head = Path(folder) / "collected", "", "", b""
        if source is None or source.collect is None or "://" not in where:
            path, media_type, came = _brought(where, session, Path(folder) / "found")
            head = _head(path)
            source = source or sources.recognised(head, where, media_type)
        if source.collect is not None and "://" in where:
            path = Path(folder) / "collected"
            with path.open("wb") as into:
                source.collect(session, where, into)
            head = head or _head(path)  # a URL that a person called a service may be nothing that can be asked for
        with path.open("rb") as file:
            if source.offers is None or kind:
                return _looked(site, where, source, media_type, head, source.read(file, came), language)
            if catalogue:
                raise SourceFailed(where, f"is a catalogue, and so is what leads to it: {catalogue}")
            offer = _chosen(where, source.offers(file, came if came else Path(where).resolve().as_uri()))
    is_file = "://" not in where and offer.url.startswith("file:")  # what comes from elsewhere names no files of ours
    target = unquote(urlsplit(offer.url).path) if is_file else offer.url
    found = look(site, target, session, "", language, catalogue=where)
    stated = licences.recognised(offer.license) if offer.license else None
    return found if found.licence else replace(found, licence=stated, licence_text=offer.license)


def _chosen(where: str, offered: tuple[Offer, ...]) -> Offer:
    """The best of the only dataset of a catalogue."""
    best = {each.dataset: each for each in reversed(offered)}  # the first of each
    if len(best) == 1:
        return offered[0]
    if not best:
        raise SourceFailed(where, "this catalogue has no distribution in a format that is read here")
    told = "; ".join(f"{each.title}: {each.url} ({each.format})" for each in list(reversed(best.values()))[:LISTED])
    more = f" and {len(best) - LISTED} more" if len(best) > LISTED else ""
    raise SourceFailed(where, f"this is a catalogue of {len(best)} datasets, to be added one by one: {told}{more}")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)


def _brought(where: str, session: Session, path: Path) -> tuple[Path, str, str]:
    """The file, unpacked; its media type, and the URL that it came from, "" if it was here."""
    most = Most(session.limits.bytes, LIMITED)
    if "://" not in where:
        file, _ = here(where)
        if not file.is_file():
            raise SourceFailed(where, "there is no such file, and it is no http(s) URL")
        return (path if unpack(file, where, most, path) else file), "", ""
    answer = session.save(where, path, "*/*", Validators())
    unpack(path, where, most)
    return path, answer.media_type, came_from(where, answer.url)


def _looked(
    site: Path, where: str, source: Source, media_type: str, head: bytes, read: Iterator[Row], language: str
) -> Look:
    try:
        rows = list(islice(read, LOOKED_AT))
    except SourceFailed as failure:  # which names the place in the file
        raise SourceFailed(where, str(failure)) from failure
    if not rows:
        raise SourceFailed(where, f"there are no records in this {source.title}")
    everything, shown, uses = _guessed(site, rows, frozenset())
    if not uses:  # each record may be within an object of its own
        everything, shown, uses = _guessed(site, rows, columns.wrapping(rows))
    hidden = tuple(each.name for each in everything if each not in shown)
    if not uses:
        told = ", ".join(repr(each.name) for each in everything[:30])
        raise SourceFailed(where, f"no column looks like an identifier or a name; there are {told}")
    text, licence = _licence(head, shown)
    spoken = language or _language(uses)
    first = tuple(rows[:SAMPLES])
    found = Look(where, source, media_type, first, len(rows), shown, hidden, uses, spoken, licence, text)
    unused = [each for each in shown if each.name in found.unused]
    return replace(found, unreadable=tuple(guess.unreadable(fragments.load(site), unused)))


def _guessed(
    site: Path, rows: Sequence[Row], about: frozenset[str]
) -> tuple[tuple[Column, ...], tuple[Column, ...], tuple[Use, ...]]:
    """All columns, those that are not left out, and what they may become."""
    everything = columns.profiled(rows, about)
    shown = tuple(each for each in everything if not personal.is_personal(each.name))
    return everything, shown, tuple(guess.guessed(fragments.load(site), shown))


def _licence(head: bytes, found: Sequence[Column]) -> tuple[str, Licence | None]:
    """What the beginning of the file says, or a column that says the same everywhere.

    A column that says it for each record is no licence of the whole, nor is what the first of them says.
    """
    stated = [each for each in found if each.last in LICENCES and not each.within]
    for column in stated:
        if len(column.values) == 1 and column.filled == column.rows:
            return column.values[0], licences.recognised(column.values[0])
    if stated:
        return "", None
    for match in LICENCE.finditer(head.decode("utf-8", "replace")):
        text = match[1] or match[2]
        if licence := licences.recognised(text):
            return text, licence
    return "", None


def _language(uses: Sequence[Use]) -> str:
    """The language that nearly all texts are in, or that of the only country; UNKNOWN otherwise."""
    parts = [part for use in uses for part in use.parts]
    told = [
        list(_spoken(part.column.values))
        for part in parts
        if "spoken" in part.role.readings and not part.column.language
    ]
    names = [v for part in parts if part.role.readings == ("text",) and part.role.spoken for v in part.column.values]
    together = [", ".join(names[n : n + TOGETHER]) for n in range(0, min(len(names), TEXTS), TOGETHER)]
    for texts in (*told, list(_spoken(together))):
        if len(texts) >= 5:
            best = max(set(texts), key=texts.count)
            return best if texts.count(best) >= MOST * len(texts) else UNKNOWN
    countries = {
        c for part in parts if part.reading == "country" for v in part.column.values for c in READINGS["country"](v)
    }
    if len(countries) == 1:
        official = get_official_languages(str(min(map(str, countries))))
        return official[0] if len(official) == 1 else UNKNOWN
    return UNKNOWN


def _spoken(values: Sequence[str]) -> Iterator[str]:
    for value in values[:TEXTS]:
        for found in READINGS["spoken"](value):
            if isinstance(found, Literal) and found.language:
                yield found.language
