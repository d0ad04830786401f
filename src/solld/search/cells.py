"""Cells of the earth, so that a box is a few words that an index knows: 4 x 4 in each cell of the level above.

A cell of level n is 360/4^n by 180/4^n degrees, named by its level, column from 180° W and row from the South Pole.
What is in a box is what is in a cell that lies wholly within, and what is in one at its edge and within the box itself.
"""

from collections.abc import Iterator

DEEPEST = 7  # level of the smallest cells: 0.022 by 0.011 degrees, a kilometre or two
MOST = 100  # columns and rows of the smallest cells that a box is covered with
SIDE = 4  # cells in a row of the one above
NEAR = 1e-9  # degrees by which a side that is calculated may be off
Box = tuple[float, float, float, float]  # west, south, east, north, in degrees


def cells(latitude: float, longitude: float) -> list[str]:
    """The names of the cells that a point is in, of every level; the first one is the whole earth."""
    return [
        f"{level}/{min(int((longitude + 180) / 360 * n), n - 1)}/{min(int((latitude + 90) / 180 * n), n - 1)}"
        for level in range(DEEPEST + 1)
        for n in (SIDE**level,)
    ]


def cover(box: Box) -> tuple[list[str], list[str]]:
    """Names of the cells that lie within a box, and of those at its edge; no point of the box is in another.

    The box does not go through the 180th meridian.
    """
    west, south, east, north = box
    across = (east - west) / 360 + (north - south) / 180
    deepest = max(level for level in range(DEEPEST + 1) if across * SIDE**level <= MOST)
    within: list[str] = []
    edge: list[str] = []
    for name, inside in _covering(box, 0, 0, 0, deepest):
        (within if inside else edge).append(name)
    return within, edge


def _covering(box: Box, level: int, column: int, row: int, deepest: int) -> Iterator[tuple[str, bool]]:
    west, south, east, north = box
    wide, high = 360 / SIDE**level, 180 / SIDE**level
    left, below = column * wide - 180, row * high - 90
    right, above = left + wide, below + high
    if left > east + NEAR or right < west - NEAR or below > north + NEAR or above < south - NEAR:
        return
    if left >= west + NEAR and right <= east - NEAR and below >= south + NEAR and above <= north - NEAR:
        yield f"{level}/{column}/{row}", True
    elif level == deepest:
        yield f"{level}/{column}/{row}", False
    else:
        for x in range(SIDE * column, SIDE * column + SIDE):
            for y in range(SIDE * row, SIDE * row + SIDE):
                yield from _covering(box, level + 1, x, y, deepest)
