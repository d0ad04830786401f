"""How many results there are in each country, région and département: as their facets say, else by their points."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from solld.finding.asked import Asked
from solld.finding.clouds import Points
from solld.finding.finder import Finder
from solld.maps.basemap import LEVELS, areas, placed
from solld.maps.clusters import Box

MOSTLY = 0.5  # of the values of a facet that are codes of countries, for it to be one of countries
SOME = 0.8  # of the points in the areas of a level that a facet must tell of, for its numbers to be taken


@dataclass(frozen=True)
class Areas:
    """The numbers of a level; `values` has the facet and the value that an area is found by, if it is by a facet."""

    level: str
    numbers: Mapping[str, int]  # code -> results
    values: Mapping[str, tuple[str, str]]  # code -> (facet, value)

    @property
    def total(self) -> int:
        return sum(self.numbers.values())


def of_results(finder: Finder, asked: Asked, points: Points) -> dict[str, Areas]:
    """What there is of each level that has anything."""
    told = {each.level: each for each in _by_facets(finder, asked)}
    found = {}
    for level in LEVELS:
        by_facet = told.get(level, Areas(level, {}, {}))
        by_point = Areas(level, points.areas[level], {})
        best = by_facet if by_facet.total >= SOME * by_point.total else by_point
        if best.total:
            found[level] = best
    return found


def _by_facets(finder: Finder, asked: Asked) -> Iterator[Areas]:
    """The values of facets that stand for areas: IRIs of INSEE, codes of countries."""
    best: dict[str, Areas] = {}
    for name, values in finder.counts(asked).items():
        numbers: dict[str, Counter[str]] = {}
        ways: dict[str, dict[str, tuple[str, str]]] = {}
        codes = [value for value, _ in values if value in areas("countries")]
        for value, number in values:
            area = placed(value)
            if area is None and value in areas("countries") and len(codes) >= MOSTLY * len(values):
                area = ("countries", value)
            if area:
                numbers.setdefault(area[0], Counter())[area[1]] += number
                ways.setdefault(area[0], {})[area[1]] = (name, value)
        for level, counts in numbers.items():
            each = Areas(level, counts, ways[level])
            if level not in best or each.total > best[level].total:
                best[level] = each
    yield from best.values()


def box_of(level: str, code: str) -> Box:
    """The box about the largest part of an area."""
    boxes = []
    for polygon in areas(level)[code].polygons:
        longitudes, latitudes = [x for x, _ in polygon[0]], [y for _, y in polygon[0]]
        boxes.append((min(longitudes), min(latitudes), max(longitudes), max(latitudes)))
    return max(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))
