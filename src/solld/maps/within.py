"""Which areas of the basemap points lie in, for many points at once. With `reporting.borders` the home of shapely.

Coasts are simplified by some hundred metres, and small islands are left out: a point off the coast belongs to what is
nearest.
"""

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from solld.maps.basemap import areas
from solld.maps.clusters import Cloud

FINE = 14  # the zoom whose cells, 600 m at the equator, are looked up as one
NEAR = 0.25  # degrees off a coast that are still of the land: some 25 km


@dataclass(frozen=True)
class Shapes:
    """The polygons of a level in a tree, with the codes of their areas."""

    tree: Any  # shapely.STRtree
    codes: NDArray[np.str_]


@cache
def _shapes(level: str) -> Shapes:
    parts = [(code, each) for code, area in areas(level).items() for each in area.polygons if len(each[0]) > 3 and code]
    polygons = np.array([shapely.make_valid(shapely.Polygon(outline, holes)) for _, (outline, *holes) in parts])
    shapely.prepare(polygons)
    return Shapes(shapely.STRtree(polygons), np.array([code for code, _ in parts]))


def counted(level: str, cloud: Cloud) -> dict[str, int]:
    """How many points there are in each area that has any."""
    longitudes, latitudes, numbers = cloud.cells(FINE)
    found: Counter[str] = Counter()
    for code, number in zip(_codes(level, longitudes, latitudes), numbers, strict=True):
        if code:
            found[str(code)] += int(number)
    return dict(found)


def area_at(level: str, longitude: float, latitude: float) -> str:
    """The code of the area that a point is in; "" on the high seas, and outside of France for its levels."""
    return str(_codes(level, np.array([longitude]), np.array([latitude]))[0])


def _codes(level: str, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> NDArray[np.str_]:
    shapes = _shapes(level)
    found = np.full(len(longitudes), "", dtype=shapes.codes.dtype)
    for place, polygon in enumerate(shapes.tree.geometries):
        west, south, east, north = polygon.bounds
        boxed = (longitudes >= west) & (longitudes <= east) & (latitudes >= south) & (latitudes <= north)
        near = np.flatnonzero(boxed & (found == ""))
        if len(near):
            found[near[shapely.contains_xy(polygon, longitudes[near], latitudes[near])]] = shapes.codes[place]
    left = np.flatnonzero(found == "")
    if len(left):
        points = shapely.points(longitudes[left], latitudes[left])
        which, nearest = shapes.tree.query_nearest(points, max_distance=NEAR, all_matches=False)
        found[left[which]] = shapes.codes[nearest]
    return found
