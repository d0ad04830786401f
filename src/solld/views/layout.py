"""Where the things of a graph stand in its drawing: those that are tied attract, and all keep their distance.

Fruchterman and Reingold, Graph Drawing by Force-directed Placement (1991): https://doi.org/10.1002/spe.4380211102
Each connected part is laid out by itself, from a spiral and not from chance, so that a release has one drawing.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

STEPS = 300
MANY = 120  # things of a part; a larger one takes half of the steps
GOLDEN = 2.399963  # radians: no two points of the spiral have the same direction
STRETCH = 1.45  # names are wider than high
GRAVITY = 0.06  # of the distance from the middle
APART = 108.0  # how far neighbours are from each other, in units of the drawing
SIDE, TOP = 105.0, 44.0  # room for names beside the things of a part
TALLEST = 760.0
Points = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Drawing:
    """Thing -> its place, from the left and from the top, in a drawing so wide and so high."""

    places: Mapping[str, tuple[float, float]]
    width: float
    height: float


def draw(pairs: Iterable[tuple[str, str]], width: float = 1140.0) -> Drawing:
    """Places for all that is in a pair; connected parts stand beside and below each other, the largest first."""
    links = sorted(set(pairs))
    parts = [(part, _placed(part, links, width)) for part in _parts(links)]
    shelves: list[list[tuple[float, list[str], Points]]] = []
    left = width
    for part, points in parts:
        wide = float(points[:, 0].max()) + 2 * SIDE
        if left + wide > width:
            shelves.append([])
            left = 0.0
        shelves[-1].append((left, part, points))
        left += wide
    places: dict[str, tuple[float, float]] = {}
    top = 0.0
    for shelf in shelves:
        last, _, points = shelf[-1]
        margin = (width - last - float(points[:, 0].max())) / 2  # the shelf stands in the middle
        high = max(float(points[:, 1].max()) for _, _, points in shelf)
        for left, part, points in shelf:
            down = (high - float(points[:, 1].max())) / 2 + top + TOP
            for node, (x, y) in zip(part, points, strict=True):
                places[node] = (round(float(x) + left + margin, 1), round(float(y) + down, 1))
        top += high + 2 * TOP
    return Drawing(places, width, round(top, 1))


def _parts(links: Sequence[tuple[str, str]]) -> list[list[str]]:
    """The connected parts, the largest first; within, the most connected first."""
    others: dict[str, list[str]] = {}
    for first, second in links:
        others.setdefault(first, []).append(second)
        others.setdefault(second, []).append(first)
    found, seen = [], set[str]()
    for start in sorted(others):
        if start in seen:
            continue
        part, waiting = {start}, [start]
        while waiting:
            fresh = [each for each in others[waiting.pop()] if each not in part]
            part.update(fresh)
            waiting += fresh
        seen |= part
        found.append(sorted(part, key=lambda node: (-len(others[node]), node)))
    return sorted(found, key=lambda part: (-len(part), part[0]))


def _placed(part: Sequence[str], links: Sequence[tuple[str, str]], width: float) -> Points:
    """The points of a part, from 0 on, in units of the drawing."""
    number = {node: place for place, node in enumerate(part)}
    ends = np.array([(number[a], number[b]) for a, b in links if a in number], dtype=np.intp)
    points: Points = _relaxed(len(part), ends) if len(part) > 2 else np.array([[0.0, 0.0], [1.0, 0.0]])
    points = _lying(points)
    points[:, 0] *= STRETCH
    points = np.asarray((points - points.min(axis=0)) * APART, dtype=np.float64)
    for axis, room in ((0, width - 2 * SIDE), (1, TALLEST)):
        points[:, axis] *= min(1.0, room / max(float(points[:, axis].max()), 1.0))
    return points


def _lying(points: Points) -> Points:
    """The points turned so that they are wider than high, the first of them, which has the most ties, to the left."""
    centred = points - points.mean(axis=0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned: Points = centred @ axes[:, ::-1]
    return turned * np.where(turned[0] > 0, -1.0, 1.0)


def _relaxed(count: int, ends: npt.NDArray[np.intp]) -> Points:
    """Points whose neighbours are about 1 apart."""
    order = np.arange(count)
    x, y = (np.sqrt(order) * turn(order * GOLDEN) + 1e-3 for turn in (np.cos, np.sin))
    first, second = ends[:, 0], ends[:, 1]
    steps = STEPS if count <= MANY else STEPS // 2
    for step in range(steps):
        right, down = x[:, None] - x, y[:, None] - y
        nearness = 1 / (right * right + down * down + np.eye(count) + 1e-6)
        pulls = [(x, right), (y, down)]
        lengths = np.hypot(x[first] - x[second], y[first] - y[second])
        moves = []
        for axis, between in pulls:
            pull = (axis[first] - axis[second]) * lengths
            move = (between * nearness).sum(axis=1) - axis * GRAVITY
            move += np.bincount(second, pull, count) - np.bincount(first, pull, count)
            moves.append(move)
        heat = (0.15 * np.sqrt(count) + 0.3) * (1 - step / steps) ** 1.5 + 1e-3
        far = np.maximum(np.hypot(*moves), 1e-9)
        x, y = (axis + move / far * np.minimum(far, heat) for axis, move in zip((x, y), moves, strict=True))
    return np.column_stack((x, y)).astype(np.float64)
