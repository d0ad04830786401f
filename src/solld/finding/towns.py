"""Where towns are, as the results say: the basemap has no names of towns, and who looks for one needs them."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

MOST = 300
LEAST = 2  # results in a town: one alone may be anywhere
NEAR = 0.15  # degrees of latitude or longitude that most of the results of a town are from its middle
MOSTLY = 0.75


@dataclass(frozen=True)
class Town:
    """A locality that results name, with the middle of their points."""

    name: str
    latitude: float
    longitude: float
    number: int


def towns(given: Iterable[tuple[str, float, float]]) -> list[Town]:
    """The towns of (name, latitude, longitude), the most frequent first; without names of which there are several."""
    found: dict[str, list[tuple[float, float]]] = {}
    for name, latitude, longitude in given:
        found.setdefault(name, []).append((latitude, longitude))
    named = (_town(name, points) for name, points in found.items() if len(points) >= LEAST)
    return sorted((each for each in named if each), key=lambda each: (-each.number, each.name))[:MOST]


def _town(name: str, points: list[tuple[float, float]]) -> Town | None:
    latitude, longitude = (median(point[axis] for point in points) for axis in (0, 1))
    near = sum(abs(north - latitude) < NEAR and abs(east - longitude) < NEAR for north, east in points)
    return Town(name, latitude, longitude, len(points)) if near >= MOSTLY * len(points) else None
