"""A small map that shows where one thing is: a point, or a territory, in its country."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from math import cos, radians

from solld.maps.basemap import Polygon, Position, areas
from solld.maps.clusters import Box
from solld.maps.drawing import Fitted, Frame, fitted, path
from solld.maps.projections import LAMBERT_93, plain
from solld.maps.sheets import INSETS, OVERSEAS
from solld.maps.within import areas_at

FRANCE = Frame(0, 0, 500, 480)
SMALL = Frame(0, 0, 500, 400)
MARGIN = 20  # units around what is shown
WIDEST = 16.0  # degrees of latitude that are shown of a large country, around the point
LEAST = 0.6  # degrees of latitude around a small one
AROUND = 0.25  # degrees of latitude to each side that a link to the large map shows


@dataclass(frozen=True)
class Land:
    """A piece of land; `here` is what is meant, or the country that the point is in."""

    d: str
    here: bool = False


@dataclass(frozen=True)
class Locator:
    """What maps.html draws."""

    frame: Frame
    lands: tuple[Land, ...]
    dot: tuple[int, int] | None  # in units of the frame
    box: Box  # west, south, east, north, that the large map shows


def at_point(longitude: float, latitude: float) -> Locator:
    """Where a point is: in France, else in its country or what of that is around it."""
    found = areas_at(longitude, latitude)
    code, country = found["departements"], found["countries"]
    box = around(longitude, latitude)
    if code and code not in INSETS:
        x, y = france_fit()(longitude, latitude)
        lands = tuple(replace(land, here=True) for land in regions(""))
        return Locator(FRANCE, lands, (round(x), round(y)), box)
    if code:
        return _overseas(code, (longitude, latitude), box)
    frame_to = window(_extent(country, longitude, latitude))
    x, y = frame_to(longitude, latitude)
    return Locator(SMALL, countries(frame_to, country), (round(x), round(y)), box)


def of_area(level: str, code: str) -> Locator:
    """Where a territory is: an area of the basemap."""
    area = areas(level)[code]
    box = _bounds(area.polygons)
    if level == "countries":
        largest = max(area.polygons, key=lambda polygon: _size(polygon[0]))
        frame_to = window(_bounds([largest]))
        return Locator(SMALL, countries(frame_to, code), None, _bounds([largest]))
    departement = code if level == "departements" else {v: k for k, v in OVERSEAS.items()}.get(code, "")
    if departement in INSETS:
        return _overseas(departement, None, box)
    if level == "regions":
        return Locator(FRANCE, regions(code), None, box)
    return Locator(FRANCE, (*regions(""), Land(path(area.polygons, france_fit()), True)), None, box)


def around(longitude: float, latitude: float) -> Box:
    """A box about a point, as wide as it is high."""
    wide = AROUND / max(0.05, cos(radians(latitude)))
    west, south = max(-180.0, longitude - wide), max(-90.0, latitude - AROUND)
    return west, south, min(180.0, longitude + wide), min(90.0, latitude + AROUND)


# France ---------------------------------------------------------------------------------------------------------------


@cache
def france_fit() -> Fitted:
    here = (area.polygons for code, area in areas("departements").items() if code not in INSETS)
    return fitted(LAMBERT_93, [each for polygons in here for each in polygons], inner(FRANCE, 6))


@cache
def regions(code: str) -> tuple[Land, ...]:
    """The régions of the metropolis, one of which may be meant."""
    shown = (area for each, area in areas("regions").items() if each not in OVERSEAS.values())
    return tuple(Land(path(area.polygons, france_fit()), area.code == code) for area in shown)


def _overseas(code: str, point: Position | None, box: Box) -> Locator:
    area = areas("departements")[code]
    to = fitted(plain(area.polygons[0][0][0][1]), area.polygons, inner(SMALL))
    x, y = to(*point) if point else (0.0, 0.0)
    return Locator(SMALL, (Land(path(area.polygons, to), True),), (round(x), round(y)) if point else None, box)


# The world ------------------------------------------------------------------------------------------------------------


def _extent(country: str, longitude: float, latitude: float) -> Box:
    """What is shown of a country: the land that a point is on, but not all of a large one."""
    if not country:
        return (
            longitude - 3 * WIDEST,
            max(-60.0, latitude - WIDEST),
            longitude + 3 * WIDEST,
            min(84.0, latitude + WIDEST),
        )
    bounds = [box for box, _ in _boxed()[country]]
    holding = [b for b in bounds if b[0] <= longitude <= b[2] and b[1] <= latitude <= b[3]]
    west, south, east, north = max(holding, key=lambda b: b[3] - b[1], default=(longitude, latitude) * 2)
    high = WIDEST / 2
    wide = high / max(0.2, cos(radians(latitude)))
    return (
        max(min(west, longitude - LEAST), longitude - wide),
        max(min(south, latitude - LEAST), latitude - high),
        min(max(east, longitude + LEAST), longitude + wide),
        min(max(north, latitude + LEAST), latitude + high),
    )


def window(bounds: Box) -> Fitted:
    west, south, east, north = bounds
    outline: Polygon = (((west, south), (east, south), (east, north), (west, north)),)
    return fitted(plain((south + north) / 2), [outline], inner(SMALL))


def countries(to: Fitted, code: str) -> tuple[Land, ...]:
    """The countries that are in the frame, that which is meant last."""
    near = ((each, [polygon for box, polygon in found if _shows(to, box)]) for each, found in _boxed().items())
    drawn = ((each, path(polygons, to, SMALL)) for each, polygons in near if polygons)
    return tuple(sorted((Land(d, each == code) for each, d in drawn if d), key=lambda land: land.here))


@cache
def _boxed() -> dict[str, list[tuple[Box, Polygon]]]:
    """The polygons of each country with their bounds: most are nowhere near, and need not be projected."""
    return {
        code: [(_bounds([polygon]), polygon) for polygon in area.polygons] for code, area in areas("countries").items()
    }


def _shows(to: Fitted, box: Box) -> bool:
    """Whether the frame may show something of a box: the projection keeps west of east, and south of north."""
    (left, bottom), (right, top) = to(box[0], box[1]), to(box[2], box[3])
    across = left <= SMALL.left + SMALL.width + 1 and right >= SMALL.left - 1
    return across and top <= SMALL.top + SMALL.height + 1 and bottom >= SMALL.top - 1


def inner(frame: Frame, margin: float = MARGIN) -> Frame:
    return Frame(frame.left + margin, frame.top + margin, frame.width - 2 * margin, frame.height - 2 * margin)


def _bounds(polygons: Iterable[Polygon]) -> Box:
    outlines = [position for polygon in polygons for position in polygon[0]]
    longitudes, latitudes = [x for x, _ in outlines], [y for _, y in outlines]
    return min(longitudes), min(latitudes), max(longitudes), max(latitudes)


def _size(ring: Iterable[Position]) -> float:
    west, south, east, north = _bounds([(tuple(ring),)])
    return (east - west) * (north - south)
