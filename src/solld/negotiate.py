"""Chooses a format and a language from what a client says it likes.

Accept, media ranges, q-values: RFC 9110, section 12. https://www.rfc-editor.org/rfc/rfc9110#section-12
Language lookup: RFC 4647, section 3.4. https://www.rfc-editor.org/rfc/rfc4647#section-3.4
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from werkzeug.http import parse_options_header

from solld.errors import NotAcceptable
from solld.model import Format

PART = re.compile(r'(?:[^,"]|"(?:\\.|[^"\\])*(?:"|$))+')  # of a list, where a comma in quotes separates nothing
QUALITY = re.compile(r"0(\.\d*)?|\.\d+|1(\.0*)?")  # ".2" is not in the grammar, but Java has always sent it
RANGE = re.compile(r"\*/\*|[\w!#$&^.+-]+/(?:\*|[\w!#$&^.+-]+)", re.ASCII)
TAG = re.compile(r"\*|[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")

NOT, WILDCARD, ALIAS, NAME = range(4)  # how a range matches a format


@dataclass(frozen=True)
class Range:
    """A media range of an Accept header, in lower case; `demands` are its parameters but q and charset."""

    type: str
    quality: float
    demands: tuple[tuple[str, str], ...]


def negotiate(accept: str, formats: Sequence[Format]) -> Format:
    """The format that the client likes best; among those it likes equally the one it names, then the server's choice.

    A range with a parameter fits a format whose profile it names. If nothing fits, unknown parameters are ignored, for
    JSON-LD 1.1 (section 9) says that a server MUST ignore profiles that it does not know: it is better to answer the
    compacted form than nothing. Something that fits wholly, though liked less, is preferred to that.
    """
    if not formats:
        raise NotAcceptable(accept, ())
    if not accept.strip():
        return max(formats, key=lambda f: f.quality)
    ranges = _ranges(accept)
    for strict in (True, False):
        liked = [(*_liking(ranges, f, strict), f.quality, -place) for place, f in enumerate(formats)]
        quality, _, _, place = max(liked)
        if quality > 0:
            return formats[-place]
    raise NotAcceptable(accept, tuple(f.media_type for f in formats))


@lru_cache(maxsize=512)  # browsers and libraries send few different headers
def _ranges(accept: str) -> tuple[Range, ...]:
    found = []
    for part in PART.findall(accept):
        name, options = parse_options_header(part.strip())
        quality = options.pop("q", "1").strip()
        if RANGE.fullmatch(name) and QUALITY.fullmatch(quality):
            demands = tuple((key, value) for key, value in options.items() if key != "charset")
            found.append(Range(name.lower(), float(quality), demands))
    return tuple(found)


def _liking(ranges: Sequence[Range], format: Format, strict: bool) -> tuple[float, bool]:
    """The q-value for a format, and whether a range names it: of the ranges that match, the most specific decides.

    The media type that will be sent counts before the aliases, so `text/html;q=0` refuses HTML whatever else is said.
    """
    levels = [(*_specificity(each, format, strict), each.quality) for each in ranges]
    manner, _, quality = max(levels, default=(NOT, 0, 0.0))
    return (quality if manner else 0.0), manner > WILDCARD


def _specificity(wish: Range, format: Format, strict: bool) -> tuple[int, int]:
    """How a range matches, and how closely: a fitting parameter is closer than none, one to be ignored is farther."""
    fits = all(key == "profile" and format.profile in value.split() for key, value in wish.demands)
    if strict and not fits:
        return (NOT, 0)
    closeness = (2 if wish.demands else 1) if fits else 0
    if wish.type == format.media_type:
        return (NAME, closeness)
    if wish.type in format.aliases:
        return (ALIAS, closeness)
    family = format.media_type.partition("/")[0]
    return (WILDCARD, ("*/*", f"{family}/*").index(wish.type)) if wish.type in ("*/*", f"{family}/*") else (NOT, 0)


def choose_language(accept_language: str, asked: str, offered: tuple[str, ...]) -> str:
    """The language of the answer: the asked one if it is offered, else the reader's best, else the first offered."""
    for wish in (asked, *_languages(accept_language)):
        found = _lookup(wish, offered)
        if found:
            return found
    return offered[0]


@lru_cache(maxsize=512)
def _languages(accept_language: str) -> tuple[str, ...]:
    """The language ranges, best first, without the refused ones; those liked equally stay in their order."""
    found = []
    for part in PART.findall(accept_language):
        tag, options = parse_options_header(part.strip())
        quality = options.get("q", "1").strip()
        if TAG.fullmatch(tag) and QUALITY.fullmatch(quality) and float(quality) > 0:
            found.append((float(quality), tag))
    return tuple(tag for _, tag in sorted(found, key=lambda pair: -pair[0]))


def _lookup(range: str, offered: tuple[str, ...]) -> str:
    known = {tag.lower(): tag for tag in offered}
    return next((known[tag] for tag in _shortened(range.lower()) if tag in known), "")


def _shortened(tag: str) -> Iterator[str]:
    """zh-hant-cn, zh-hant, zh: a single character that introduces an extension goes with what followed it."""
    while tag:
        yield tag
        tag = tag.rpartition("-")[0]
        if re.search(r"(^|-)\w$", tag):
            tag = tag.rpartition("-")[0]


def lookup_tags(language: str, offered: tuple[str, ...]) -> tuple[str, ...]:
    """The order in which languages of labels are tried: the reader's, the other offered ones, English, no language.

    In lower case, as the store gives language tags. English is there because most vocabularies have no other labels.
    """
    tags = (*_shortened(language.lower()), *(tag.lower() for tag in offered), "en", "")
    return tuple(dict.fromkeys(tags))
