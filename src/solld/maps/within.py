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

COARSE = 9  # the zoom whose cells, of a sixth of a degree, are looked up as one where an area has all of them
NEAR = 0.25  # degrees off a coast that are still of the land: some 25 km
FRANCE = "FR"
ROUNDED = 2  # digits of degrees, of what is off a coast: a kilometre


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


def counted(cloud: Cloud) -> dict[str, dict[str, int]]:
    """Level -> code -> how many points there are in each area that has any."""
    found = {level: Counter(codes.tolist()) for level, codes in _codes(cloud).items()}
    return {level: {code: number for code, number in numbers.items() if code} for level, numbers in found.items()}


def areas_at(longitude: float, latitude: float) -> dict[str, str]:
    """Level -> code of the area that a point is in; "" on the high seas, and outside of France for its levels."""
    return {level: str(codes[0]) for level, codes in _codes(Cloud([latitude], [longitude])).items()}


def _codes(cloud: Cloud) -> dict[str, NDArray[np.str_]]:
    """Level -> the code for each point, in the order of the cells."""
    countries = _of(_shapes("countries"), cloud, np.ones(len(cloud), dtype=np.bool_))
    # What is off a coast of France is of a département, and not what is in Belgium near Lille.
    departements = _of(_shapes("departements"), cloud, countries == FRANCE)
    countries = np.where(departements != "", FRANCE, countries)
    regions = {code: area.region for code, area in areas("departements").items()} | {"": ""}
    names, which = np.unique(departements, return_inverse=True)
    above = np.array([regions[str(name)] for name in names], dtype=np.str_)
    return {
        "countries": countries,
        "departements": departements,
        "regions": above[which.ravel()] if len(names) else departements,
    }


def _of(shapes: Shapes, cloud: Cloud, may_be_off: NDArray[np.bool_]) -> NDArray[np.str_]:
    """The code of the polygon that each point is in, or off the coast of if it may be."""
    found = _found(shapes, cloud, may_be_off)
    return np.where(found >= 0, shapes.codes[found], "")


def _found(shapes: Shapes, cloud: Cloud, may_be_off: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The polygon that each point is in, in the order of the cells; -1 for none."""
    starts, stops, boxes = cloud.squares(COARSE)
    longitudes, latitudes = cloud.placed
    found = np.full(len(cloud), -1, dtype=np.intp)
    squares = shapely.box(*boxes.T)
    cells, polygons = shapes.tree.query(squares, predicate="intersects")
    whole = shapely.contains(shapes.tree.geometries[polygons], squares[cells])
    for cell, polygon in zip(cells[whole], polygons[whole], strict=True):
        found[starts[cell] : stops[cell]] = polygon
    for polygon in np.unique(polygons[~whole]):
        mine = cells[~whole & (polygons == polygon)]
        near = np.concatenate([np.arange(starts[cell], stops[cell]) for cell in mine])
        near = near[found[near] < 0]
        there = shapely.contains_xy(shapes.tree.geometries[polygon], longitudes[near], latitudes[near])
        found[near[there]] = polygon
    reached = np.unique(shapes.tree.query(squares, predicate="dwithin", distance=NEAR)[0])
    lost = (found < 0) & may_be_off
    for cell in reached:
        left = starts[cell] + np.flatnonzero(lost[starts[cell] : stops[cell]])
        if len(left):
            found[left] = _nearest(shapes, longitudes[left], latitudes[left])
    return found


def _nearest(shapes: Shapes, longitudes: NDArray[np.float64], latitudes: NDArray[np.float64]) -> NDArray[np.intp]:
    """The polygon that each of these is off the coast of."""
    rounded = np.round(np.stack((longitudes, latitudes), axis=1), ROUNDED)
    points, which = np.unique(rounded, axis=0, return_inverse=True)
    found = np.full(len(points), -1, dtype=np.intp)
    places, polygons = shapes.tree.query_nearest(shapely.points(points), max_distance=NEAR, all_matches=False)
    found[places] = polygons
    return found[which.ravel()]
