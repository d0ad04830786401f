"""Points on the earth."""

from math import asin, cos, radians, sin, sqrt

EARTH = 6371.0  # km, the mean radius
Point = tuple[float, float]  # degrees: latitude, longitude


def distance(one: Point, other: Point) -> float:
    """The kilometres between two points on a sphere."""
    up, there = radians(one[0]), radians(other[0])
    half = sin((there - up) / 2) ** 2 + cos(up) * cos(there) * sin(radians(other[1] - one[1]) / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))
