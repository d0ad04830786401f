"""Many points as few: those that would lie on each other at a zoom are one cluster, with their number and their middle.

The points are kept in the order of their cells (Morton), so that a square of the earth at any zoom is one run of
them, whose number and sums are differences: a million points are clustered in some milliseconds, and nothing is kept
for any zoom. Neighbouring cells whose middles are too near each other are one cluster then.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from solld.maps.projections import mercator, unmercator

DEEPEST = 20  # the largest zoom; a pixel is 15 cm there
BITS = 26  # of a coordinate: more than the smallest cells have
PER_TILE = 2  # bits: there are 4 cells along a side of the 256 pixels that the world has at zoom 0, of 64 each
APART = 44 / 64  # of a cell that the middles of two clusters have between them at least: a circle has up to 48 pixels
MOST = 64  # cells along a side of what is looked at: a wider box is clustered as at a lesser zoom
COVER = 4  # squares along a side of a box, at most
Box = tuple[float, float, float, float]  # west, south, east, north, in degrees
WORLD: Box = (-180.0, -90.0, 180.0, 90.0)
Codes = NDArray[np.uint64]
Numbers = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True)
class Cluster:
    """Points that are one at a zoom: their middle, what they spread over, and the place of one of them in the cloud."""

    number: int
    latitude: float
    longitude: float
    box: Box
    first: int


class Cloud:
    """Points, ordered once and then only read; `order` has the places that they were given at."""

    def __init__(self, latitudes: Sequence[float] | Numbers, longitudes: Sequence[float] | Numbers):
        lats, lons = np.asarray(latitudes, dtype=np.float64), np.asarray(longitudes, dtype=np.float64)
        x, y = _mercator(lats, lons)
        codes = _interleaved(_cells(x), _cells(y))
        self.order: Places = np.argsort(codes, kind="stable")
        self.codes: Codes = codes[self.order]
        self.sums = tuple(np.concatenate(([0.0], np.cumsum(axis[self.order]))) for axis in (x, y))
        self.axes = tuple(np.append(axis[self.order], 0.0) for axis in (lons, lats))  # with an end for what follows it

    def __len__(self) -> int:
        return len(self.codes)

    def clusters(self, zoom: int, box: Box = WORLD) -> list[Cluster]:
        """The clusters at a zoom of the squares that cover a box, the largest first. No point is in two, or in none."""
        zoom = _lessened(max(0, min(DEEPEST, zoom)), box)
        runs = [self._runs(start, stop, zoom) for start, stop in self._within(zoom, box)]
        if not runs:
            return []
        starts, stops = (np.concatenate([run[side] for run in runs]) for side in (0, 1))
        x, y = (axis[stops] - axis[starts] for axis in self.sums)
        numbers, cells = stops - starts, self.codes[starts] >> _shift(zoom)
        groups = _grouped((x / numbers, y / numbers), numbers, cells, zoom)
        firsts = self.order[starts]
        parts = _Parts(
            numbers, x, y, *self._spread(starts, stops, np.minimum), *self._spread(starts, stops, np.maximum)
        )
        found = [parts.cluster(group, int(firsts[group[0]])) for group in groups]
        return sorted(found, key=lambda each: -each.number)

    def within(self, box: Box) -> Places:
        """The places, in the order in which they were given, of the points in a box."""
        west, south, east, north = box
        longitudes, latitudes = self.placed
        inside = (longitudes >= west) & (longitudes <= east) & (latitudes >= south) & (latitudes <= north)
        return np.sort(self.order[inside])

    def middling(self, share: float) -> Box:
        """The box about the points without that share of them at each side: some are always far away."""
        ends = ((share, "lower"), (1 - share, "higher"))
        (west, east), (south, north) = (
            [np.quantile(axis[:-1], part, method=side) for part, side in ends]  # type: ignore[call-overload]
            for axis in self.axes
        )
        return float(west), float(south), float(east), float(north)

    def squares(self, zoom: int) -> tuple[Places, Places, Numbers]:
        """The cells of a zoom that have points: where they begin and end among `placed`, and their boxes."""
        starts, stops = self._runs(0, len(self), zoom) if len(self) else (np.empty(0, np.intp),) * 2
        columns, rows = (axis.astype(np.float64) for axis in _separated(self.codes[starts] >> _shift(zoom)))
        side = 1 << (zoom + PER_TILE)
        (west, north), (east, south) = (_degrees((columns + n) / side, (rows + n) / side) for n in (0, 1))
        return starts, stops, np.stack((west, south, east, north), axis=1)

    @property
    def placed(self) -> tuple[Numbers, Numbers]:
        """Longitudes and latitudes in the order of the cells."""
        longitudes, latitudes = (axis[:-1] for axis in self.axes)
        return longitudes, latitudes

    def _spread(self, starts: Places, stops: Places, extreme: np.ufunc) -> list[Numbers]:
        """The least, or the most, longitudes and latitudes of runs."""
        ends = np.stack((starts, stops), axis=1).ravel()
        return [extreme.reduceat(axis, ends)[::2] for axis in self.axes]

    def _runs(self, start: int, stop: int, zoom: int) -> tuple[Places, Places]:
        """Where the cells of a zoom begin and end, between two places."""
        cells = self.codes[start:stop] >> _shift(zoom)
        begin = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1]))) + start
        return begin, np.concatenate((begin[1:], [stop]))

    def _within(self, zoom: int, box: Box) -> Iterator[tuple[int, int]]:
        """The runs of points in the squares that cover a box: as small as they can be while they are few."""
        (left, top), (right, bottom) = mercator(box[0], box[3]), mercator(box[2], box[1])
        level = zoom + PER_TILE
        while max(_of(right, level) - _of(left, level), _of(bottom, level) - _of(top, level)) >= COVER:
            level -= 1
        columns = np.arange(_of(left, level), _of(right, level) + 1, dtype=np.uint64)
        rows = np.arange(_of(top, level), _of(bottom, level) + 1, dtype=np.uint64)
        for code in np.sort(_interleaved(np.tile(columns, len(rows)), np.repeat(rows, len(columns)))):
            low = code << np.uint64(2 * (BITS - level))
            high = (code + np.uint64(1)) << np.uint64(2 * (BITS - level))
            start, stop = np.searchsorted(self.codes, np.array([low, high], dtype=np.uint64))
            if start < stop:
                yield int(start), int(stop)


@dataclass(frozen=True)
class _Parts:
    """What is known of runs of points: numbers, sums in Mercator, and what they spread over in degrees."""

    numbers: Places
    x: Numbers
    y: Numbers
    west: Numbers
    south: Numbers
    east: Numbers
    north: Numbers

    def cluster(self, group: list[int], first: int) -> Cluster:
        number = int(self.numbers[group].sum())
        longitude, latitude = unmercator(float(self.x[group].sum()) / number, float(self.y[group].sum()) / number)
        least = (float(self.west[group].min()), float(self.south[group].min()))
        most = (float(self.east[group].max()), float(self.north[group].max()))
        return Cluster(number, latitude, longitude, (*least, *most), first)


def _grouped(middles: tuple[Numbers, Numbers], numbers: Places, cells: Codes, zoom: int) -> list[list[int]]:
    """Which runs are one cluster: the largest takes those of its eight neighbours that are too near."""
    x, y = (axis * (1 << (zoom + PER_TILE)) for axis in middles)
    columns, rows = _separated(cells)
    at = {(int(column), int(row)): place for place, (column, row) in enumerate(zip(columns, rows, strict=True))}
    taken: set[int] = set()
    groups = []
    for place in np.argsort(-numbers, kind="stable"):
        if int(place) in taken:
            continue
        column, row = int(columns[place]), int(rows[place])
        around = (at.get((column + right, row + down)) for right in (-1, 0, 1) for down in (-1, 0, 1))
        near = [
            other
            for other in around
            if other is not None
            and other not in taken
            and (x[other] - x[place]) ** 2 + (y[other] - y[place]) ** 2 < APART**2
        ]
        taken.update(near)
        groups.append(near)
    return groups


# Cells ----------------------------------------------------------------------------------------------------------------


def _mercator(latitudes: Numbers, longitudes: Numbers) -> tuple[Numbers, Numbers]:
    """Web Mercator from 0 to 1, of many points."""
    up = np.log(np.tan(np.pi / 4 + np.radians(np.clip(latitudes, -85.0511, 85.0511)) / 2))
    return longitudes / 360 + 0.5, 0.5 - up / (2 * np.pi)


def _degrees(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """Longitudes and latitudes, the way back."""
    return (x - 0.5) * 360, np.degrees(2 * np.arctan(np.exp((0.5 - y) * 2 * np.pi)) - np.pi / 2)


def _cells(axis: Numbers) -> Codes:
    return np.clip(axis * (1 << BITS), 0, (1 << BITS) - 1).astype(np.uint64)


def _of(part: float, level: int) -> int:
    """The square along an axis, of 2**level, that a part of the world is in."""
    return max(0, min((1 << level) - 1, int(part * (1 << level))))


def _shift(zoom: int) -> np.uint64:
    """The bits of a code that tell places within one cell."""
    return np.uint64(2 * (BITS - zoom - PER_TILE))


def _lessened(zoom: int, box: Box) -> int:
    """The zoom at which a box has few enough cells."""
    (left, top), (right, bottom) = mercator(box[0], box[3]), mercator(box[2], box[1])
    while zoom > 0 and max(right - left, bottom - top) * (1 << (zoom + PER_TILE)) > MOST:
        zoom -= 1
    return zoom


SPREAD = tuple(
    (np.uint64(by), np.uint64(mask))
    for by, mask in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F), (2, 0x3333333333333333),
        (1, 0x5555555555555555),
    )
)  # fmt: skip


def _interleaved(columns: Codes, rows: Codes) -> Codes:
    """The bits of columns and rows in turn: the code of a square begins with that of the square it is in."""
    return _spread(columns) | _spread(rows) << np.uint64(1)


def _spread(bits: Codes) -> Codes:
    for by, mask in SPREAD:
        bits = (bits | bits << by) & mask
    return bits


def _separated(codes: Codes) -> tuple[Codes, Codes]:
    return _gathered(codes), _gathered(codes >> np.uint64(1))


def _gathered(bits: Codes) -> Codes:
    bits = bits & SPREAD[-1][1]
    for (by, _), mask in zip(SPREAD[::-1], [*(mask for _, mask in SPREAD[-2::-1]), np.uint64(0xFFFFFFFF)], strict=True):
        bits = (bits | bits >> by) & mask
    return bits
