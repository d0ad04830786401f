"""What the home page shows: ways in, with how many things each leads to."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from solld.formats.networks import Picture
from solld.formats.recent import Recent
from solld.formats.view import Value
from solld.maps.choropleth import Choropleth
from solld.queries import Query
from solld.sparql.outline import outlined

WIDTH, HEIGHT, FOOT = 520, 150, 24  # of the drawing of years
YEARS = 60  # that are drawn, the last ones
FEWEST = 8  # years with something in them, for a drawing to tell anything
TICKS = (5, 10, 20)  # years between two names of years


@dataclass(frozen=True)
class Way:
    """A value that one can look by; `part` is its share of the largest, 0 to 100."""

    label: Value
    number: str
    href: str
    part: int = 0


@dataclass(frozen=True)
class Block:
    """A facet: its look is "list", "bars" or "chips"; `more` leads to the rest of its values."""

    name: str
    title: str
    look: str
    ways: tuple[Way, ...]
    more: str = ""


@dataclass(frozen=True)
class Places:
    """A level of territories; `drawn` if there is a map of it."""

    level: str
    view: Choropleth
    drawn: bool = True


@dataclass(frozen=True)
class Column:
    """A year in the drawing of years."""

    year: int
    number: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Years:
    """How many things have their date in which year."""

    columns: tuple[Column, ...]
    ticks: tuple[tuple[int, float], ...]
    first: int
    last: int
    width: int = WIDTH
    height: int = HEIGHT


@dataclass(frozen=True)
class Shown:
    """A saved query as an example: it runs as it stands."""

    summary: str
    text: Markup
    run: str  # the address of the editor with it
    href: str  # its own


@dataclass(frozen=True)
class Front:
    """The home page."""

    headline: str
    text: str
    examples: tuple[tuple[Sequence[Value], str], ...]  # words, address
    counts: tuple[tuple[str, str, str], ...]  # number, of what, address
    places: tuple[Places, ...]
    picture: Picture | None  # of who is tied to whom, where there is no map
    blocks: tuple[Block, ...]
    years: Years | None
    changes: tuple[Recent, ...]
    query: Shown | None
    searched: str  # the address of everything that most people look for


def years(counts: Mapping[int, int]) -> Years | None:
    """The drawing of the last years; None if it would show next to nothing."""
    if not counts:
        return None
    last = max(counts)
    found = {year: number for year, number in counts.items() if year > last - YEARS}
    first = min(found)
    if len(found) < FEWEST:
        return None
    step, room, most = WIDTH / (last - first + 1), HEIGHT - FOOT, max(found.values())
    columns = tuple(
        Column(
            year,
            number,
            round((year - first) * step + 1, 1),
            round(room - room * number / most, 1),
            round(max(step - 2, 1), 1),
            round(room * number / most, 1),
        )
        for year, number in sorted(found.items())
    )
    apart = next((each for each in TICKS if (last - first) / each <= 6), TICKS[-1])
    ticks = range(-(-first // apart) * apart, last + 1, apart)
    return Years(columns, tuple((year, round((year - first + 0.5) * step, 1)) for year in ticks), first, last)


def coloured(query: Query) -> Markup:
    """A query without the comments at its head, with its keywords and variables marked."""
    lines = query.text.split("\n")
    start = next((n for n, line in enumerate(lines) if line and not line.startswith("#")), 0)
    text = "\n".join(lines[start:]).strip()
    shown, place = Markup(), 0
    for token in outlined(text).tokens:
        look = {"VAR": "v"}.get(token.kind, "k" if re.fullmatch(r"[A-Z]+", token.text) else "")
        end = token.start + len(token.text)
        word = Markup('<span class="{}">{}</span>').format(look, token.text) if look else escape(token.text)
        shown += escape(text[place : token.start]) + word
        place = end
    return shown + escape(text[place:])
