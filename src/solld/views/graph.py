"""A view as a graph: who is tied to whom, by what, and how surely that is said."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from solld.views.said import Said, gathered, text
from solld.views.tables import Table

LINES = ("solid", "dashed", "dotted")  # how a tie is drawn, the surest first
COLUMNS = ("from", "to", "kind", "directed", "evidence", "line", "statement", "note")


@dataclass(frozen=True)
class Tie:
    """What sources say that one thing has to do with another; `end` is "" where they name one side only."""

    start: str
    end: str
    kind: str
    directed: bool  # from start to end, and not the other way round
    evidence: str
    line: str  # of LINES
    statement: str
    note: str
    said: tuple[Said, ...]

    def other(self, node: str) -> str:
        """The other side."""
        return self.start if node == self.end else self.end


@dataclass(frozen=True)
class Graph:
    """Ties in the order of the rows, and the type of each thing."""

    ties: tuple[Tie, ...]
    types: Mapping[str, str]

    @cached_property
    def mutual(self) -> tuple[Tie, ...]:
        """The ties that have two sides: those that can be drawn."""
        return tuple(tie for tie in self.ties if tie.end and tie.end != tie.start)

    @cached_property
    def pairs(self) -> Mapping[tuple[str, str], tuple[Tie, ...]]:
        """Two things, in the order of their IRIs -> all that ties them."""
        found: dict[tuple[str, str], list[Tie]] = {}
        for tie in self.mutual:
            first, second = sorted((tie.start, tie.end))
            found.setdefault((first, second), []).append(tie)
        return {pair: tuple(ties) for pair, ties in found.items()}

    @cached_property
    def degrees(self) -> Mapping[str, int]:
        """Thing -> how many others it is tied to; those with the most first."""
        counts = Counter(node for pair in self.pairs for node in pair)
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    @cached_property
    def neighbours(self) -> Mapping[str, Mapping[str, tuple[Tie, ...]]]:
        """Thing -> each other that it is tied to -> by what; those with the most ties first."""
        found: dict[str, dict[str, tuple[Tie, ...]]] = {}
        for (first, second), ties in self.pairs.items():
            found.setdefault(first, {})[second] = ties
            found.setdefault(second, {})[first] = ties
        return {node: dict(sorted(others.items(), key=lambda item: -len(item[1]))) for node, others in found.items()}

    def among(self, nodes: frozenset[str]) -> "Graph":
        """The ties between some of the things only."""
        return Graph(tuple(tie for tie in self.mutual if {tie.start, tie.end} <= nodes), self.types)


def graph(table: Table) -> Graph:
    """The graph of the rows of a view."""
    ties = []
    for (start, end, kind, directed, evidence, line, statement, note), proofs in gathered(table.rows, COLUMNS).items():
        drawn = line if line in LINES else LINES[0]
        ties.append(Tie(start, end, kind, directed in ("true", "1"), evidence, drawn, statement, note, proofs))
    types: dict[str, str] = {}
    for row in table.rows:
        for side in ("from", "to"):
            if text(row, side):
                types.setdefault(text(row, side), text(row, f"{side}Type"))
    return Graph(tuple(ties), types)


def surest(ties: tuple[Tie, ...]) -> str:
    """The line of what ties two things: that of the surest."""
    return min((tie.line for tie in ties), key=LINES.index)
