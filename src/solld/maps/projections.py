"""From degrees to a plane: the projections that the maps of the server are drawn in; x to the right, y down.

Equal Earth: Šavrič, Patterson, Jenny 2018, https://doi.org/10.1080/13658816.2018.1504949
Lambert's conformal conic: Snyder, Map Projections: A Working Manual, USGS 1395, pages 104-107, of a sphere.
"""

from collections.abc import Callable
from math import asin, atan, cos, log, pi, radians, sin, sqrt, tan

Projection = Callable[[float, float], tuple[float, float]]  # longitude, latitude in degrees -> x, y in radii

A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796


def equal_earth(longitude: float, latitude: float) -> tuple[float, float]:
    """The whole world, each country as large as it is."""
    theta = asin(sqrt(3) / 2 * sin(radians(latitude)))
    t2 = theta * theta
    t6 = t2 * t2 * t2
    slope = 9 * A4 * t6 * t2 + 7 * A3 * t6 + 3 * A2 * t2 + A1
    x = 2 * sqrt(3) * radians(longitude) * cos(theta) / (3 * slope)
    return x, -theta * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))


def conic(middle: float, south: float, north: float) -> Projection:
    """Lambert's conformal conic about a meridian, true to scale on two parallels."""
    first, second = radians(south), radians(north)
    n = log(cos(first) / cos(second)) / log(tan(pi / 4 + second / 2) / tan(pi / 4 + first / 2))
    f = cos(first) * tan(pi / 4 + first / 2) ** n / n

    def projected(longitude: float, latitude: float) -> tuple[float, float]:
        rho = f / tan(pi / 4 + radians(latitude) / 2) ** n
        turned = n * radians(longitude - middle)
        return rho * sin(turned), rho * cos(turned)

    return projected


def plain(latitude: float) -> Projection:
    """Degrees as they are, with the right proportions at a latitude: for what is small."""
    narrow = cos(radians(latitude))
    return lambda x, y: (radians(x) * narrow, -radians(y))


LAMBERT_93 = conic(3, 44, 49)  # that of the maps of France


def mercator(longitude: float, latitude: float) -> tuple[float, float]:
    """Web Mercator, in parts of the world from 0 to 1, as tiles and their zooms count."""
    up = log(tan(pi / 4 + radians(max(-85.0511, min(85.0511, latitude))) / 2))
    return longitude / 360 + 0.5, 0.5 - up / (2 * pi)


def unmercator(x: float, y: float) -> tuple[float, float]:
    """Degrees from parts of the world."""
    return (x - 0.5) * 360, (2 * atan(2.718281828459045 ** ((0.5 - y) * 2 * pi)) - pi / 2) * 180 / pi
