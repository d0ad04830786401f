"""Names in drawings: broken into lines, and put where they cover neither another name nor a thing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

LETTER = 6.7  # the width of a letter on average, at the size of names in drawings
LEADING = 15.5  # from one line to the next
WIDEST = 21  # letters of a line
LINES = 3  # of a name
GAP = 6.0  # between a thing and its name
Box = tuple[float, float, float, float]  # left, top, right, bottom
Point = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """Something round in a drawing: its middle, its radius and its name."""

    x: float
    y: float
    radius: float
    name: str


@dataclass(frozen=True)
class Text:
    """A name as it is written: where its first line stands on, and how it is anchored."""

    x: float
    y: float
    anchor: str  # start, middle or end
    lines: tuple[str, ...]


def wrapped(name: str, widest: int = WIDEST, most: int = LINES) -> tuple[str, ...]:
    """The lines of a name; what is too long ends in an ellipsis."""
    lines: list[str] = []
    for word in name.split():
        if lines and len(lines[-1]) + 1 + len(word) <= widest:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    shown = [line if len(line) <= widest + 4 else f"{line[: widest + 3]}…" for line in lines[:most]]
    if len(lines) > most:
        shown[-1] = f"{shown[-1].rstrip('…')[:widest]} …"
    return tuple(shown)


def named(
    spots: Mapping[str, Spot], width: float, height: float, certain: int, along: Sequence[Point] = ()
) -> Mapping[str, Text]:
    """Where names stand. The first `certain` have theirs in any case, the others where there is room.

    `along` are points of the lines, which names are better not put on.
    """
    circles = [(s.x - s.radius, s.y - s.radius, s.x + s.radius, s.y + s.radius) for s in spots.values()]
    taken: list[Box] = []
    found = {}
    for number, (key, spot) in enumerate(spots.items()):
        choices = [
            (_covered(box, taken, circles, width, height), _crossed(box, along), text, box)
            for text, box in _choices(spot)
        ]
        covered, _, text, box = min(choices, key=lambda choice: choice[0] + choice[1])
        if number < certain or not covered:
            found[key] = text
            taken.append(box)
    return found


def _choices(spot: Spot) -> Iterable[tuple[Text, Box]]:
    """The name to the right, to the left, below, above, and at the corners."""
    lines = wrapped(spot.name)
    wide, high = LETTER * max(map(len, lines), default=0), LEADING * len(lines)
    away, corner = spot.radius + GAP, spot.radius * 0.7 + 2
    middle = spot.y - high / 2
    for x, top, anchor in (
        (spot.x + away, middle, "start"),
        (spot.x - away, middle, "end"),
        (spot.x, spot.y + away - 2, "middle"),
        (spot.x, spot.y - away - high + 2, "middle"),
        (spot.x + corner, spot.y - corner - high, "start"),
        (spot.x + corner, spot.y + corner, "start"),
        (spot.x - corner, spot.y - corner - high, "end"),
        (spot.x - corner, spot.y + corner, "end"),
    ):
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        yield Text(round(x, 1), round(top + LEADING * 0.78, 1), anchor, lines), (left, top, left + wide, top + high)


def _covered(box: Box, taken: Sequence[Box], circles: Sequence[Box], width: float, height: float) -> float:
    """How much of a name would cover others, or be cut; 0 is best."""
    outside = max(0.0, -box[0], box[2] - width) + max(0.0, -box[1], box[3] - height)
    return outside * 1000 + sum(_common(box, other) for other in (*taken, *circles))


def _crossed(box: Box, along: Sequence[Point]) -> float:
    """How much of lines a name would stand on."""
    return 25.0 * sum(box[0] < x < box[2] and box[1] < y < box[3] for x, y in along)


def _common(one: Box, other: Box) -> float:
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return wide * high if wide > 0 and high > 0 else 0.0


def along(start: Spot, end: Spot, bend: float, count: int = 10) -> list[Point]:
    """Points of the path from one spot to another."""
    middle = _middle(start, end, bend)
    found = []
    for step in range(1, count):
        part = step / count
        one, two, three = (1 - part) ** 2, 2 * part * (1 - part), part**2
        found.append((one * start.x + two * middle[0] + three * end.x, one * start.y + two * middle[1] + three * end.y))
    return found


def _middle(start: Spot, end: Spot, bend: float) -> Point:
    """The point that a curve is drawn to on its way."""
    right, down = end.x - start.x, end.y - start.y
    return (start.x + end.x) / 2 - down * bend, (start.y + end.y) / 2 + right * bend


def curve(start: Spot, end: Spot, bend: float, short: float = 0.0) -> str:
    """The path from one spot to another, from border to border; `short` leaves room for an arrow's head."""
    right, down = end.x - start.x, end.y - start.y
    length = max((right**2 + down**2) ** 0.5, 1e-6)
    middle = _middle(start, end, bend)
    first, last = start.radius / length, (end.radius + short) / length
    from_ = (start.x + right * first, start.y + down * first)
    # The curve comes from its middle point, so it ends in that direction.
    back = (middle[0] - end.x, middle[1] - end.y)
    far = max((back[0] ** 2 + back[1] ** 2) ** 0.5, 1e-6)
    to = (end.x + back[0] / far * last * length, end.y + back[1] / far * last * length)
    return f"M{from_[0]:.1f} {from_[1]:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {to[0]:.1f} {to[1]:.1f}"
