"""Areas as paths of SVG: projected, fitted into a frame, in whole numbers and relative steps, which is short.

https://www.w3.org/TR/SVG2/paths.html
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from solld.maps.basemap import Polygon, Ring
from solld.maps.projections import Projection

Point = tuple[float, float]  # in units of the drawing


@dataclass(frozen=True)
class Frame:
    """A rectangle of a drawing, in its units."""

    left: float
    top: float
    width: float
    height: float

    @property
    def view_box(self) -> str:
        return f"{self.left:g} {self.top:g} {self.width:g} {self.height:g}"

    def holds(self, x: float, y: float) -> bool:
        return self.left <= x <= self.left + self.width and self.top <= y <= self.top + self.height


@dataclass(frozen=True)
class Fitted:
    """A projection with the scale and the shift that put what is drawn into a frame."""

    projection: Projection
    scale: float
    left: float
    top: float

    def __call__(self, longitude: float, latitude: float) -> Point:
        x, y = self.projection(longitude, latitude)
        return x * self.scale + self.left, y * self.scale + self.top


def fitted(projection: Projection, polygons: Iterable[Polygon], frame: Frame) -> Fitted:
    """The projection so that the polygons fill the frame, in its middle."""
    points = [projection(*position) for polygon in polygons for position in polygon[0]]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(frame.width / width, frame.height / height)
    left = frame.left + (frame.width - width * scale) / 2 - min(xs) * scale
    top = frame.top + (frame.height - height * scale) / 2 - min(ys) * scale
    return Fitted(projection, scale, left, top)


def path(polygons: Sequence[Polygon], to: Fitted, within: Frame | None = None, smallest: float = 1) -> str:
    """The `d` of a path.

    Islands and lakes that are less than `smallest` square units are left out, but for the largest of what would be
    nothing. `within` leaves out the polygons that are outside of it.
    """
    steps = [[_steps(ring, to) for ring in polygon] for polygon in polygons]
    if within is not None:
        steps = [polygon for polygon in steps if _meets(polygon[0], within)]
    drawn = [ring for polygon in steps for ring in polygon if _area(polygon[0]) >= smallest and _area(ring) >= smallest]
    if drawn or not steps:  # nothing is within
        return "".join(map(_written, drawn))
    x, y = max((polygon[0] for polygon in steps), key=_area)[0]
    return f"M{x} {y}h1v1z"


def _steps(ring: Ring, to: Fitted) -> list[tuple[int, int]]:
    """The corners in whole numbers, without repeats."""
    found: list[tuple[int, int]] = []
    for longitude, latitude in ring[:-1]:
        x, y = to(longitude, latitude)
        corner = round(x), round(y)
        if not found or found[-1] != corner:
            found.append(corner)
    return found


def _meets(corners: Sequence[tuple[int, int]], frame: Frame) -> bool:
    """Whether the rectangle about the corners and a frame have something in common."""
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    right, bottom = frame.left + frame.width, frame.top + frame.height
    return min(xs) <= right and max(xs) >= frame.left and min(ys) <= bottom and max(ys) >= frame.top


def _area(corners: Sequence[tuple[int, int]]) -> float:
    """In square units, by the trapezes under the sides."""
    sides = zip(corners, (*corners[1:], corners[0]), strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in sides)) / 2


def _written(corners: Sequence[tuple[int, int]]) -> str:
    return f"M{corners[0][0]} {corners[0][1]}l" + "".join(_relative(corners)).strip() + "z"


def _relative(corners: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Differences; a minus separates as well as a space."""
    for (x, y), (next_x, next_y) in itertools.pairwise(corners):
        right, down = next_x - x, next_y - y
        yield f"{'' if right < 0 else ' '}{right}{'' if down < 0 else ' '}{down}"
