"""A thing and those that it is tied to: a small drawing for its page, with the same links as a list."""

from dataclasses import dataclass

from solld.formats.networks import looks
from solld.formats.sheet import Sheet
from solld.formats.svg import LEADING, Spot, Text, curve, wrapped
from solld.formats.view import Value
from solld.views.graph import LINES, Graph, Tie, surest

MOST = 12  # others that are drawn
WIDTH, HIGHEST, ROW = 760, 430, 66  # of the drawing; the height that a name needs
MIDDLE, RADIUS, DOT = WIDTH / 2, 31.0, 8.0
NEAR, FAR = 80.0, 215.0  # how far others are to the side
WRAP = 20  # letters of a line
SHORT = 7  # letters that fit into the middle


@dataclass(frozen=True)
class Other:
    """One of the others: in the drawing, and in the list."""

    name: Value
    spot: Spot
    text: Text
    path: str
    line: str
    look: str
    kinds: tuple[Value, ...]
    evidences: tuple[Value, ...]


@dataclass(frozen=True)
class Ego:
    """What the template writes."""

    short: str  # a name that fits into the middle, or ""
    look: str
    others: tuple[Other, ...]
    height: int
    count: int  # of all others, drawn or not
    lines: tuple[str, ...]
    href: str  # of the page of the whole, around this thing


def ego(graph: Graph, resource: str, sheet: Sheet, names: tuple[str, ...] = ()) -> Ego | None:
    """The drawing around a thing; None if nothing is tied to it. `names` are its own, of which a short one is shown."""
    around = graph.neighbours.get(resource, {})
    if not around:
        return None
    chosen = list(around.items())[:MOST]
    half = (len(chosen) + 1) // 2
    height = max(min(HIGHEST, ROW * half + 40), 170)
    colours = looks(graph)
    spots = [*_side(half, 1, height), *_side(len(chosen) - half, -1, height)]
    others = []
    for (each, ties), spot in zip(chosen, spots, strict=True):
        look = colours.get(graph.types.get(each, ""), "")
        others.append(_other(sheet.link(each), ties, spot, Spot(MIDDLE, height / 2, RADIUS, ""), look, sheet))
    fitting = sorted((name for name in names if len(name) <= SHORT), key=len)
    return Ego(
        short=fitting[0] if fitting else "",
        look=colours.get(graph.types.get(resource, ""), ""),
        others=tuple(others),
        height=height,
        count=len(around),
        lines=tuple(line for line in LINES if any(other.line == line for other in others)),
        href=sheet.address(more=(("around", sheet.short(resource)),)),
    )


def _side(count: int, way: int, height: float) -> list[Spot]:
    """Places on half of an ellipse, from top to bottom: to the right (1) or to the left (-1)."""
    spots = []
    for place in range(count):
        part = (place + 0.5) / count * 2 - 1  # of the half of the height, from the middle
        x = MIDDLE + way * (NEAR + (FAR - NEAR) * max(0.0, 1 - part * part) ** 0.5)
        spots.append(Spot(round(x, 1), round(height / 2 * (1 + part * 0.98), 1), DOT, ""))
    return spots


def _other(name: Value, ties: tuple[Tie, ...], spot: Spot, middle: Spot, look: str, sheet: Sheet) -> Other:
    right = spot.x > middle.x
    lines = wrapped(name.text, WRAP)
    top = spot.y - LEADING * (len(lines) - 1) / 2 + 4.5
    text = Text(spot.x + (14 if right else -14), round(top, 1), "start" if right else "end", lines)
    bend = (-0.14 if spot.y < middle.y else 0.14) * (1 if right else -1) * (abs(spot.y - middle.y) > 1)
    kinds = dict.fromkeys(tie.kind for tie in ties)
    evidences = dict.fromkeys(tie.evidence for tie in ties if tie.evidence)
    return Other(
        name,
        spot,
        text,
        curve(middle, spot, bend),
        surest(ties),
        look,
        tuple(map(sheet.link, kinds)),
        tuple(map(sheet.link, evidences)),
    )
