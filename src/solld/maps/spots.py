"""A map of some points: in France if they are there, else in the part of the world that they are in."""

from collections.abc import Sequence
from dataclasses import dataclass

from solld.maps.basemap import Position
from solld.maps.drawing import Fitted, Frame
from solld.maps.locator import FRANCE, SMALL, Land, countries, france_fit, regions, window
from solld.maps.within import areas_at

METROPOLIS = (-5.3, 41.2, 9.7, 51.2)  # west, south, east, north
MARGIN = 0.12  # of what the points span, around them
SOME = 20  # points that are looked at, where they are
LEAST = 1.5  # degrees that are shown around them at least


@dataclass(frozen=True)
class Spot:
    """A point of the drawing, in its units, and which of the points it is."""

    x: int
    y: int
    number: int


@dataclass(frozen=True)
class Spots:
    """What maps.html draws."""

    frame: Frame
    lands: tuple[Land, ...]
    spots: tuple[Spot, ...]


def spots(positions: Sequence[Position]) -> Spots:
    """The drawing of at least one position (longitude, latitude)."""
    if all(_within(each) for each in positions) and any(areas_at(*each)["departements"] for each in positions[:SOME]):
        return Spots(FRANCE, regions(""), _placed(positions, france_fit()))
    to = window(_around(positions))
    return Spots(SMALL, countries(to, ""), _placed(positions, to))


def _within(position: Position) -> bool:
    west, south, east, north = METROPOLIS
    return west <= position[0] <= east and south <= position[1] <= north


def _around(positions: Sequence[Position]) -> tuple[float, float, float, float]:
    west, east = min(x for x, _ in positions), max(x for x, _ in positions)
    south, north = min(y for _, y in positions), max(y for _, y in positions)
    wide, high = max(LEAST, MARGIN * (east - west)), max(LEAST, MARGIN * (north - south))
    return max(-180.0, west - wide), max(-85.0, south - high), min(180.0, east + wide), min(85.0, north + high)


def _placed(positions: Sequence[Position], to: Fitted) -> tuple[Spot, ...]:
    """The points from north to south, so that a southern one covers a northern one, as pins do."""
    drawn = [(*to(*each), number) for number, each in enumerate(positions)]
    return tuple(Spot(round(x), round(y), number) for x, y, number in sorted(drawn, key=lambda each: each[1]))
