"""The sheets that choropleths are coloured on: every area of a level as a path, drawn once.

Countries are drawn as the world, or as Europe where all that is to be seen is there.

France has its overseas départements in the Bay of Biscay, each at a scale of its own, and Paris with its neighbours
once more in the Channel, where they are large enough to be seen and hit.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from solld.maps.basemap import Polygon, areas
from solld.maps.drawing import Fitted, Frame, fitted, path
from solld.maps.projections import LAMBERT_93, conic, equal_earth, plain

FRANCE = Frame(0, 0, 1800, 1716)
METROPOLIS = Frame(114, 6, 1680, 1704)
INSETS = {  # département -> where it is drawn
    "971": Frame(6, 1008, 174, 162),
    "972": Frame(210, 1008, 150, 162),
    "973": Frame(6, 1218, 168, 204),
    "974": Frame(207, 1236, 162, 162),
    "976": Frame(6, 1476, 174, 180),
}
OVERSEAS = {"971": "01", "972": "02", "973": "03", "974": "04", "976": "06"}  # département -> the région that it is
PARIS, AROUND_PARIS = ("75", "92", "93", "94"), Frame(18, 54, 312, 282)
WORLD = Frame(0, 0, 1200, 530)
EUROPE = Frame(0, 0, 1200, 980)
CORNERS = (((-11.0, 35.0), (33.0, 35.0), (28.0, 63.0), (-11.0, 60.0)),)  # of Europe, in degrees
ISLAND = 2  # square units of the smallest that is drawn of a country that has more


@dataclass(frozen=True)
class Piece:
    """An area, or a part of it that is drawn apart."""

    code: str
    d: str  # as SVG has it
    again: bool = False  # it is drawn elsewhere on the sheet, too


@dataclass(frozen=True)
class Sheet:
    """All areas of a level as paths."""

    level: str
    frame: Frame
    pieces: tuple[Piece, ...]
    boxes: tuple[Frame, ...] = ()  # around what is drawn apart

    @property
    def codes(self) -> frozenset[str]:
        return frozenset(piece.code for piece in self.pieces if piece.code)


def codes(level: str) -> frozenset[str]:
    """The codes of a level, without drawing its sheet."""
    return frozenset(code for code in areas(level) if code)


def sheet(level: str, near: bool = False) -> Sheet:
    """The sheet of a level; of countries, Europe if `near`."""
    if level == "countries":
        return _europe() if near else _world()
    return _france(level)


@cache
def _france(level: str) -> Sheet:
    pieces = tuple(Piece(code, path(area.polygons, fit_of(level, code))) for code, area in areas(level).items())
    if level == "regions":
        return Sheet(level, FRANCE, pieces)
    departements = areas(level)
    to = fitted(LAMBERT_93, _all(departements[code].polygons for code in PARIS), _within(AROUND_PARIS))
    again = tuple(Piece(code, path(departements[code].polygons, to), again=True) for code in PARIS)
    return Sheet(level, FRANCE, (*pieces, *again), (AROUND_PARIS,))


@cache
def _world() -> Sheet:
    shown = areas("countries")
    to = fitted(equal_earth, _all(each.polygons for each in shown.values()), WORLD)
    pieces = (Piece(code, path(area.polygons, to, smallest=ISLAND)) for code, area in shown.items())
    return Sheet("countries", WORLD, tuple(pieces))


@cache
def _europe() -> Sheet:
    to = fitted(conic(11, 40, 60), [CORNERS], EUROPE)
    drawn = ((code, path(area.polygons, to, EUROPE, ISLAND)) for code, area in areas("countries").items())
    return Sheet("countries", EUROPE, tuple(Piece(code, d) for code, d in drawn if d))


def _within(frame: Frame, margin: float = 24) -> Frame:
    return Frame(frame.left + margin, frame.top + margin, frame.width - 2 * margin, frame.height - 2 * margin)


def fit_of(level: str, code: str) -> Fitted:
    """How an area of France is put on its sheet."""
    overseas = {region: departement for departement, region in OVERSEAS.items()}
    departement = code if level == "departements" else overseas.get(code, "")
    return _inset(departement) if departement in INSETS else _metropolis()


@cache
def _metropolis() -> Fitted:
    here = (each.polygons for code, each in areas("departements").items() if code not in INSETS)
    return fitted(LAMBERT_93, _all(here), METROPOLIS)


@cache
def _inset(departement: str) -> Fitted:
    polygons = areas("departements")[departement].polygons
    latitude = polygons[0][0][0][1]
    return fitted(plain(latitude), polygons, INSETS[departement])


def _all(shapes: Iterable[tuple[Polygon, ...]]) -> list[Polygon]:
    return [polygon for polygons in shapes for polygon in polygons]
