"""The page of a timeline: a drawing, a table of what has a date, and apart what has none, in its source's words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.sheet import Choice, Proof, Sheet
from solld.formats.svg import wrapped
from solld.formats.view import Value
from solld.rdf import XSD, Literal
from solld.views.timeline import Happening, by_year

TEMPLATE = ENVIRONMENT.get_template("timeline.html")
SINGLY = 24  # things that are drawn one by one; more are counted by year
SHOWN = 100  # rows on one page
WIDTH, LEFT, BASE, ROOM = 1140, 30, 250, 200  # of the drawing; ROOM is the height of the highest bar
LANE = 40  # the height of a lane of names
STEPS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)  # years between two ticks, or of one bar
TICKS, BARS = 11, 80  # at the most
LANES = 6
NARROWEST = 8  # years
LETTER = 7.2


@dataclass(frozen=True)
class Point:
    """A thing with a date in the drawing."""

    x: float
    end: float  # where it ends; x for what has no end
    y: float  # from the axis
    lines: tuple[str, ...]
    href: str
    language: str
    look: str
    anchor: str


@dataclass(frozen=True)
class Bar:
    """So many things from a year to another."""

    x: float
    y: float
    width: float
    height: float
    href: str
    years: str
    count: int


@dataclass(frozen=True)
class Scale:
    """Years, and where they are in the drawing."""

    first: int
    last: int
    step: int

    def x(self, year: float) -> float:
        """Where a year begins."""
        return round(LEFT + (WIDTH - 2 * LEFT) * (year - self.first) / max(self.last - self.first, 1), 1)

    @property
    def ticks(self) -> tuple[tuple[int, float], ...]:
        return tuple((year, self.x(year)) for year in range(self.first, self.last + 1, self.step))


@dataclass(frozen=True)
class Row:
    """One thing of the table, or of what has no date."""

    name: Value
    what: Value | None
    look: str
    date: Value | None
    end: Value | None
    evidence: Value | None
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Chosen:
    """What is asked for: a kind, years, a page of the table."""

    what: str = ""
    first: int | None = None
    last: int | None = None
    page: int = 1


def scale(years: Sequence[int]) -> Scale:
    """Round years around those that there are."""
    first, last = min(years), max(years)
    if last - first < NARROWEST:
        first, last = (first + last - NARROWEST) // 2, (first + last + NARROWEST) // 2
    step = next((each for each in STEPS if (last - first) / each <= TICKS - 1), STEPS[-1])
    unit = max(step // 4, 1)
    low, high = first // step * step, (last // unit + 1) * unit
    return Scale(low, high, step)


def points(found: Sequence[Happening], scale: Scale, sheet: Sheet, looks: Mapping[str, str]) -> tuple[Point, ...]:
    """Things on lanes above the axis, so that no name covers another."""
    ends = [-1e9] * LANES
    made = []
    for each in found:
        assert each.year is not None
        value = sheet.link(each.thing)
        lines = wrapped(value.text, 26, 2)
        x = scale.x(_place(each.date, each.year))
        end = scale.x((each.until or each.year) + 1) if each.end else x
        wide = LETTER * max(map(len, lines), default=0)
        anchor = "end" if x + wide > WIDTH - 10 else "start"
        left = x - wide if anchor == "end" else x
        lane = next((n for n in range(LANES) if ends[n] < left), ends.index(min(ends)))
        ends[lane] = max(x + 14 if anchor == "end" else x + wide + 18, end + 14)
        y = -34 - lane * LANE
        made.append(Point(x, end, y, lines, value.href, value.language, looks.get(each.what, ""), anchor))
    return tuple(made)


def _place(date: str, year: int) -> float:
    """A year with the part of it that the month and the day tell; half of the year where there is none."""
    rest = date.removeprefix("-").partition("-")[2]
    month, _, day = rest.partition("-")
    if not month[:2].isdigit():
        return year + 0.5
    return year + (int(month[:2]) - 1 + (int(day[:2]) / 31 if day[:2].isdigit() else 0.5)) / 12


def bars(counts: Mapping[int, int], scale: Scale, sheet: Sheet) -> tuple[Bar, ...]:
    """How many things have their date in each year, or in so many years together."""
    width = next((each for each in STEPS if (scale.last - scale.first) / each <= BARS), STEPS[-1])
    sums: Counter[int] = Counter()
    for year, count in counts.items():
        sums[(year - scale.first) // width * width + scale.first] += count
    highest = max(sums.values())
    made = []
    for year, count in sorted(sums.items()):
        x, wide, high = scale.x(year), scale.x(year + width) - scale.x(year), max(2.0, ROOM * count / highest)
        more = (("from", str(year)), ("to", str(year + width - 1)))
        years = str(year) if width == 1 else f"{year}–{year + width - 1}"
        href = sheet.address(without=("from", "to"), more=more)
        wide, high = round(max(wide - 1.5, 1), 1), round(high, 1)
        made.append(Bar(x + 0.75, round(BASE - high, 1), wide, high, href, years, count))
    return tuple(made)


def rows(found: Sequence[Happening], sheet: Sheet, looks: Mapping[str, str]) -> list[Row]:
    return [
        Row(
            sheet.link(each.thing),
            sheet.name(each.what),
            looks.get(each.what, ""),
            _date(each.date, sheet),
            _date(each.end, sheet),
            sheet.name(each.evidence),
            sheet.proofs(each.said),
        )
        for each in found
    ]


def _date(text: str, sheet: Sheet) -> Value | None:
    """A date in words; as it stands if it is in words already."""
    return sheet.values.literal(Literal(text, datatype=XSD.date)) if text else None


def write_page(
    sheet: Sheet,
    whole: Sequence[Happening],
    kinds: Mapping[str, int],
    found: Sequence[Happening],
    chosen: Chosen,
    summary: str,
    sparql: str,
) -> bytes:
    """The page; `whole` is without filters, `found` what they leave, `kinds` counts what there is of any kind."""
    context = sheet.context
    ranked = Counter(each.what for each in whole).most_common()
    looks = {what: f"k{min(place, 6)}" for place, (what, _) in enumerate(ranked, 1)}
    dated = [each for each in found if each.year is not None]
    singly = len(dated) <= SINGLY
    axis = scale([each.year for each in dated] + [each.until for each in dated]) if dated else None  # type: ignore[arg-type]
    drawn = points(dated, axis, sheet, looks) if axis and singly else ()
    counted = bars(by_year(dated), axis, sheet) if axis and not singly else ()
    page = dated[(chosen.page - 1) * SHOWN : chosen.page * SHOWN]
    undated = [each for each in found if each.year is None]
    table, apart = rows(page, sheet, looks), rows(undated[:SHOWN], sheet, looks)
    variables = Frame(context.settings, context.language, context.root, context.release).values() | {
        "kinds": sheet.choices("what", kinds, chosen.what, looks),
        "years": (chosen.first, chosen.last) if chosen.first is not None or chosen.last is not None else None,
        "without_years": sheet.address(without=("from", "to")),
        "axis": axis,
        "points": drawn,
        "bars": counted,
        "spans": [Choice(Value(bar.years), bar.count, bar.href) for bar in counted],
        "base": BASE if counted else max([-point.y for point in drawn], default=0) + 50,
        "dated": len(dated),
        "undated": len(undated),
        "rows": table,
        "apart": apart,
        "number": chosen.page,
        "previous": sheet.address(more=_page(chosen.page - 1)) if chosen.page > 1 else "",
        "next": sheet.address(more=_page(chosen.page + 1)) if len(dated) > chosen.page * SHOWN else "",
    }
    formats = (("JSON", "json"), ("CSV", "csv"))
    return TEMPLATE.render(variables | sheet.frame("timeline", summary, sparql, formats)).encode()


def _page(number: int) -> tuple[tuple[str, str], ...]:
    return (("page", str(number)),) if number > 1 else ()
