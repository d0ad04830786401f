"""Rows of a query as people read them: a table with names and links, bars where something was counted, a map of points.

Columns are what their values are: numbers stand to the right, points have a latitude and a longitude or are WKT.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from solld.formats.geojson import Point, of_wkt, valid
from solld.formats.keys import INTEGERS, REALS
from solld.formats.values import DATES, address
from solld.formats.view import Value
from solld.maps.spots import Spots, spots
from solld.model import Settings
from solld.rdf import GEOSPARQL, Literal, NamedNode, Term, Triple

LATITUDES = frozenset({"lat", "latitude"})
LONGITUDES = frozenset({"lon", "long", "lng", "longitude"})
BARS = 40  # rows that a chart has at most
LONGEST = 60  # characters of the name of a bar

Label = Callable[[str], Value | None]  # the name of an IRI in the reader's language, if it has one
Row = tuple[Term | None, ...]


@dataclass(frozen=True)
class Table:
    """Results of a SELECT query."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int = 0  # rows of the whole answer, when not all are here
    counted: bool = True  # else there are more than `total`: counting them took too long for a page


@dataclass(frozen=True)
class Cell:
    """A value; `title` is what it is exactly, where the text is a name for it."""

    text: str
    href: str = ""
    external: bool = False
    language: str = ""
    title: str = ""
    machine: str = ""  # a date
    number: bool = False


@dataclass(frozen=True)
class Bar:
    """A row of a chart: `part` of the longest in hundredths."""

    label: Cell
    value: str
    part: float


@dataclass(frozen=True)
class Chart:
    """Bars for what was counted; `name` is the column that they show."""

    name: str
    bars: tuple[Bar, ...]
    cut: bool


@dataclass(frozen=True)
class Pointed:
    """The rows that have a point: the drawing, and of each spot its name and link, in the order of its number."""

    view: Spots
    labels: tuple[Cell, ...]


@dataclass(frozen=True)
class Results:
    """What results.html shows."""

    columns: tuple[str, ...]
    numeric: tuple[bool, ...]  # of each column
    rows: tuple[tuple[Cell, ...], ...]
    total: int
    counted: bool
    chart: Chart | None
    map: Pointed | None


def results(
    table: Table, settings: Settings, root: str = "", label: Label = lambda iri: None, aggregates: Iterable[str] = ()
) -> Results:
    """The view of a table; `aggregates` are the columns that were counted."""
    rows = tuple(tuple(cell(term, settings, root, label) for term in row) for row in table.rows)
    numeric = tuple(_numeric(rows, n) for n in range(len(table.columns)))
    points = tuple(_points(table))
    return Results(
        columns=table.columns,
        numeric=numeric,
        rows=rows,
        total=table.total or len(rows),
        counted=table.counted,
        chart=_chart(table.columns, rows, numeric, frozenset(aggregates)),
        map=_map(points, rows, numeric) if points else None,
    )


def cell(term: Term | Triple | None, settings: Settings, root: str, label: Label = lambda iri: None) -> Cell:
    """A term as a cell of a table."""
    if isinstance(term, Literal):
        exact = term.datatype
        number = exact in INTEGERS or exact in REALS
        return Cell(
            term.value, language=term.language or "", machine=term.value if exact in DATES else "", number=number
        )
    if isinstance(term, NamedNode):
        iri = term.value
        named = label(iri)
        target, external = address(iri, settings.base, root), not iri.startswith(settings.base)
        if named is None:
            return Cell(iri, target, external)
        return Cell(named.text, target, external, named.language, title=iri)
    return Cell(str(term) if term else "")


def _numeric(rows: Sequence[Sequence[Cell]], column: int) -> bool:
    found = [row[column] for row in rows if row[column].text]
    return bool(found) and all(each.number for each in found)


# Charts ---------------------------------------------------------------------------------------------------------------


def _chart(
    columns: Sequence[str], rows: Sequence[Sequence[Cell]], numeric: Sequence[bool], aggregates: frozenset[str]
) -> Chart | None:
    """Bars of the first column that was counted, named by the first that tells the rows apart."""
    if len(rows) < 2:
        return None
    values = next((n for n, name in enumerate(columns) if numeric[n] and name in aggregates), None)
    names = _names(rows, [n for n in range(len(columns)) if not numeric[n]])
    if values is None or names is None:
        return None
    shown = [(row[names], row[values].text) for row in rows if row[values].text][:BARS]
    sizes = [_size(text) for _, text in shown]
    largest = max(sizes)
    if min(sizes) < 0 or largest <= 0 or largest == float("inf"):
        return None
    bars = tuple(Bar(c, text, round(100 * s / largest, 2)) for (c, text), s in zip(shown, sizes, strict=True))
    return Chart(columns[values], bars, len(rows) > len(bars))


def _names(rows: Sequence[Sequence[Cell]], columns: Sequence[int]) -> int | None:
    """The column that names rows: texts before addresses; no two rows have the same name."""
    telling = [
        n
        for n in columns
        if all(row[n].text and len(row[n].text) <= LONGEST for row in rows)
        and len({row[n].text for row in rows}) == len(rows)
    ]
    return min(telling, key=lambda n: bool(rows[0][n].href and not rows[0][n].title), default=None)


def _size(text: str) -> float:
    try:
        found = float(text)
    except ValueError:  # xsd:double has INF
        return float("inf")
    return found if found == found else float("inf")


# Maps -----------------------------------------------------------------------------------------------------------------


def _points(table: Table) -> Iterator[tuple[int, Point]]:
    """(number of the row, its first point)."""
    latitude, longitude = (_called(table.columns, names) for names in (LATITUDES, LONGITUDES))
    for number, row in enumerate(table.rows):
        found = next(_of_row(row, latitude, longitude), None)
        if found:
            yield number, found


def _called(columns: Sequence[str], names: frozenset[str]) -> int | None:
    return next((n for n, name in enumerate(columns) if name.lower() in names), None)


def _of_row(row: Row, latitude: int | None, longitude: int | None) -> Iterator[Point]:
    if latitude is not None and longitude is not None:
        x, y = row[longitude], row[latitude]
        if isinstance(x, Literal) and isinstance(y, Literal):
            yield from valid(x.value, y.value)
    for term in row:
        if isinstance(term, Literal) and term.datatype == GEOSPARQL.wktLiteral:
            yield from of_wkt(term.value)


def _map(points: Sequence[tuple[int, Point]], rows: Sequence[Sequence[Cell]], numeric: Sequence[bool]) -> Pointed:
    return Pointed(
        spots([point for _, point in points]),
        tuple(_name(rows[number], numeric) for number, _ in points),
    )


def _name(row: Sequence[Cell], numeric: Sequence[bool]) -> Cell:
    """What a point is called: a text, and the first link of its row."""
    told = [each for each, is_number in zip(row, numeric, strict=True) if each.text and not is_number]
    text = next((each for each in told if not each.href or each.title), None) or next(iter(told), Cell(""))
    href = next((each.href for each in told if each.href), "")
    return Cell(text.text, href, language=text.language)
