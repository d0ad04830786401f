"""A map whose areas are the darker the more there is in them, without a script.

    view = choropleth("departements", {"59": 12, "75": 40}, lambda code: f"/search?place={code}", phrases("fr"))

and in a template `{% import "maps.html" as maps %} {{ maps.choropleth(view, t) }}`, with `static/maps.css` in the page.
The map is hidden from assistive technology, for `maps.areas(view, t)` is the same as a list of links beside it.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from solld.maps.basemap import areas
from solld.maps.sheets import Sheet, codes, sheet
from solld.messages import Phrases

EUROPEAN = frozenset(
    "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FR GB GG GR HR HU IE IM IT JE LI LT LU LV MC MD ME MK MT NL NO PL "
    "PT RO RS SE SI SK SM UA VA XK".split()
)  # countries of which Europe's sheet shows enough
MOSTLY = 0.95  # of what is counted, for Europe to be drawn alone: the list has the rest
CLASSES = 5  # q0 to q4; areas where there is nothing have none
Links = Callable[[str], str]  # code -> address, "" for none


@dataclass(frozen=True)
class Shape:
    """An area as it is drawn."""

    code: str
    d: str
    shade: str  # its class in CSS: q0 to q4, or none
    title: str  # its name and number, in words
    href: str


@dataclass(frozen=True)
class Row:
    """An area as it is listed."""

    code: str
    name: str
    number: int
    shade: str
    href: str


@dataclass(frozen=True)
class Step:
    """An entry of the legend: the numbers, from and to, that have a shade."""

    shade: str
    least: int
    most: int


@dataclass(frozen=True)
class Choropleth:
    """What maps.html draws."""

    sheet: Sheet
    shapes: tuple[Shape, ...]
    rows: tuple[Row, ...]  # the areas that have something, most first
    legend: tuple[Step, ...]
    total: int


def choropleth(level: str, counts: Mapping[str, int], links: Links, t: Phrases) -> Choropleth:
    """The map of a level: "departements" and "regions" of France by INSEE's codes, "countries" by ISO 3166-1 alpha-2.

    `counts` says how many there are of each area, of those that have any; codes that the level does not know are left
    out. `links` gives the address that an area leads to, with a slash or "?" in front; "" where it leads nowhere.
    """
    numbers = {code: number for code, number in counts.items() if number > 0 and code in codes(level)}
    european = sum(number for code, number in numbers.items() if code in EUROPEAN)
    near = level == "countries" and bool(numbers) and european >= MOSTLY * sum(numbers.values())
    drawn = sheet(level, near)
    limits = quantiles(list(numbers.values()))
    last = max(len(limits), 1)  # the fewer shades, the further apart; the most is always the darkest
    names = {code: name_of(level, code, t) for code in {*drawn.codes, *numbers}}
    steps = {code: bisect_right(limits, number) if limits else last for code, number in numbers.items()}
    shades = {code: f"q{round(step * (CLASSES - 1) / last)}" for code, step in steps.items()}
    shapes = tuple(
        Shape(
            piece.code,
            piece.d,
            shades.get(piece.code, "none"),
            t("area_count", name=names[piece.code], n=t.number(numbers.get(piece.code, 0))) if piece.code else "",
            links(piece.code) if piece.code in numbers else "",
        )
        for piece in drawn.pieces
    )
    ordered = sorted(numbers, key=lambda code: (-numbers[code], t.order(names[code])))
    rows = tuple(Row(code, names[code], numbers[code], shades[code], links(code)) for code in ordered)
    return Choropleth(drawn, shapes, rows, legend(rows), sum(numbers.values()))


def quantiles(numbers: Sequence[int]) -> list[int]:
    """Where the next shade begins: each has as many areas as the others, and areas with one number have one shade."""
    ordered = sorted(numbers)
    cuts = (ordered[len(ordered) * part // CLASSES] for part in range(1, CLASSES)) if ordered else ()
    return sorted({cut for cut in cuts if cut > ordered[0]})


def legend(rows: Sequence[Row]) -> tuple[Step, ...]:
    found: dict[str, list[int]] = {}
    for row in rows:
        found.setdefault(row.shade, []).append(row.number)
    return tuple(Step(shade, min(numbers), max(numbers)) for shade, numbers in sorted(found.items()))


def name_of(level: str, code: str, t: Phrases) -> str:
    """What an area is called in the reader's language."""
    if level == "countries":
        return t.country_name(code)
    if level == "regions" and f"region_{code}" in t.texts:
        return t(f"region_{code}")
    return areas(level)[code].name
