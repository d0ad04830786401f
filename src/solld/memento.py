"""Memento: which version was current at a time, and the list of all of them. https://www.rfc-editor.org/rfc/rfc7089

An address that was withdrawn keeps its TimeGate and TimeMap; what it was is in them, that it is gone is not.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from solld.errors import BadQuery
from solld.model import Moment

LINK_FORMAT = "application/link-format"


@dataclass(frozen=True)
class Memento:
    """A version that can be looked at: its address, and when it came to be."""

    uri: str
    time: datetime
    seq: int


@dataclass(frozen=True)
class Timeline:
    """The addresses around one document, and its mementos, oldest first."""

    original: str
    timegate: str
    timemap: str
    mementos: tuple[Memento, ...]


def live(moments: Sequence[Moment]) -> list[Moment]:
    """The versions that say something; of two from the same second, which have one date, the later."""
    found = [moment for moment in moments if moment.kind != "removed"]
    later = [*found[1:], None]
    return [m for m, following in zip(found, later, strict=False) if not following or following.time > m.time]


def asked_time(text: str | None) -> datetime | None:
    """The time of Accept-Datetime; BadQuery if it is none in the form of HTTP, in GMT."""
    if text is None:
        return None
    try:
        time = parsedate_to_datetime(text)
    except (TypeError, ValueError) as error:
        raise BadQuery(f"Accept-Datetime is a date like 'Tue, 24 Nov 2026 12:00:00 GMT', not {text!r}") from error
    if not text.rstrip().endswith("GMT") or time.tzinfo is None:
        raise BadQuery(f"Accept-Datetime is in GMT, which {text!r} is not (RFC 7089 section 2.1.1)")
    return time


def at(timeline: Timeline, time: datetime | None) -> Memento:
    """The memento that was current at a time; the newest without one, the first before all of them."""
    before = [m for m in timeline.mementos if time is None or m.time <= time]
    return before[-1] if before else timeline.mementos[0]


def http_date(time: datetime) -> str:
    return format_datetime(time, usegmt=True)


def _quoted(memento: Memento, *relations: str) -> str:
    relation = " ".join([*relations, "memento"])
    return f'<{memento.uri}>; rel="{relation}"; datetime="{http_date(memento.time)}"'


def links(timeline: Timeline) -> list[str]:
    """What an original says of its past, in its Link header."""
    return [
        f'<{timeline.original}>; rel="original"',
        f'<{timeline.timegate}>; rel="timegate"',
        f'<{timeline.timemap}>; rel="timemap"; type="{LINK_FORMAT}"',
    ]


def neighbours(timeline: Timeline, seq: int) -> list[str]:
    """The first, last, previous and next memento, seen from one: for its Link header."""
    mementos = timeline.mementos
    relations: dict[int, list[str]] = {}
    if mementos:
        relations.setdefault(mementos[0].seq, []).append("first")
        relations.setdefault(mementos[-1].seq, []).append("last")
    before = [m.seq for m in mementos if m.seq < seq]
    after = [m.seq for m in mementos if m.seq > seq]
    if before:
        relations.setdefault(before[-1], []).append("prev")
    if after:
        relations.setdefault(after[0], []).append("next")
    return [_quoted(m, *relations[m.seq]) for m in mementos if m.seq in relations]


def link_format(timeline: Timeline) -> bytes:
    """The TimeMap as links (section 5): the original, itself, the TimeGate, the mementos."""
    return (",\n".join(_lines(timeline)) + "\n").encode()


def _lines(timeline: Timeline) -> Iterator[str]:
    mementos = timeline.mementos
    yield f'<{timeline.original}>; rel="original"'
    span = ""
    if mementos:
        span = f'; from="{http_date(mementos[0].time)}"; until="{http_date(mementos[-1].time)}"'
    yield f'<{timeline.timemap}>; rel="self"; type="{LINK_FORMAT}"{span}'
    yield f'<{timeline.timegate}>; rel="timegate"'
    for place, memento in enumerate(mementos):
        ends = [*(["first"] if place == 0 else []), *(["last"] if place == len(mementos) - 1 else [])]
        yield _quoted(memento, *ends)


def as_data(timeline: Timeline) -> dict[str, Any]:
    """The TimeMap as JSON, with the keys that MemGator and others use."""
    found = [{"datetime": m.time.strftime("%Y-%m-%dT%H:%M:%SZ"), "uri": m.uri} for m in timeline.mementos]
    return {
        "original_uri": timeline.original,
        "timegate_uri": timeline.timegate,
        "timemap_uri": {"link_format": timeline.timemap, "json_format": f"{timeline.timemap}.json"},
        "mementos": {"first": found[0], "last": found[-1], "list": found} if found else {"list": []},
    }
