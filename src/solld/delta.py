"""What a build changes in the store and in the counts; of very much, only names and numbers."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from solld.rdf import RDF

BULK = 200_000  # lines; above, filling a store anew is faster than changing it
TYPE = b" " + str(RDF.type).encode() + b" "
Counts = dict[str, dict[str, Counter[str]]]  # graph -> "triples", "class" or "property" -> IRI ("" for triples) -> n


@dataclass
class Delta:
    """What a build changes; lines are N-Quads with the graph, each ends in b' <graph> .'.

    When they are many (`size`), the store is filled anew from the history, and only names and numbers are kept here.
    """

    removed: list[bytes] = field(default_factory=list)  # no longer in their graph
    added: list[bytes] = field(default_factory=list)  # new in their graph
    lines: list[bytes] = field(
        default_factory=list
    )  # all lines of the resources that changed, and what is derived of them
    updated: dict[str, Sequence[bytes]] = field(default_factory=dict)  # resource -> its new lines; none of many
    gone: list[str] = field(default_factory=list)  # resources that no dataset describes any more
    kinds: Counter[str] = field(default_factory=Counter)  # created, updated, removed
    counts: Counts = field(default_factory=dict)  # how what graphs have grew
    size: int = 0  # lines that changed, or are of a resource that did
    sum: int = 0  # how the sum of the weights of all versions changes
    repeated: set[str] = field(default_factory=set)  # resources that say the same as before, in a new version
    touched: set[str] = field(default_factory=set)  # resources that a line which came or went points at

    @property
    def is_many(self) -> bool:
        return self.size >= BULK

    def entering(self) -> list[bytes]:
        """What a store is given: new lines, and those that may have gone with others.

        A store rewrites literals, so removing "1.0" may take away a "1.00" of the same property that stays.
        """
        doubtful = {_property(line) for line in self.removed}
        kept = [line for line in self.lines if _property(line) in doubtful] if doubtful else []
        return list(dict.fromkeys((*self.added, *kept)))

    def extend(self, other: "Delta") -> None:
        """Adds what happened afterwards."""
        self.removed += other.removed
        self.added += other.added
        left = frozenset(other.removed)  # what came first may have taken them along as what stays
        if left:
            self.lines = [line for line in self.lines if line not in left]
        self.lines += other.lines
        self.updated |= other.updated
        self.gone += other.gone
        self.kinds += other.kinds
        self.touched |= other.touched
        self.repeated |= other.repeated
        self.sum += other.sum
        self.size += other.size
        for graph, kinds in other.counts.items():
            mine = self.counts.setdefault(graph, {})
            for kind, differences in kinds.items():
                mine.setdefault(kind, Counter()).update(differences)
        self.lighten()

    def lighten(self) -> None:
        """Lets go of the lines when they are many."""
        if self.is_many:
            self.removed, self.added, self.lines = [], [], []
            self.updated = dict.fromkeys(self.updated, ())


def _property(line: bytes) -> bytes:
    """The subject and the predicate of a line."""
    return line[: line.index(b" ", line.index(b" ") + 1)]


def counts(removed: Iterable[bytes], added: Iterable[bytes]) -> Counts:
    """How much graphs grew, by lines of N-Quads that left and came."""
    found: Counts = {}
    for sign, lines in ((-1, removed), (1, added)):
        by_graph: dict[bytes, list[bytes]] = defaultdict(list)
        for line in lines:
            by_graph[line[line.rindex(b"<") :]].append(line)
        for end, mine in by_graph.items():
            graph = found.setdefault(
                end[1:-3].decode(), {"triples": Counter(), "class": Counter(), "property": Counter()}
            )
            graph["triples"][""] += sign * len(mine)
            for predicate, number in Counter(line.split(b" ", 2)[1] for line in mine).items():
                graph["property"][predicate[1:-1].decode()] += sign * number
            types = (line.split(b" ", 3)[2] for line in mine if TYPE in line and line.split(b" ", 2)[1] == TYPE[1:-1])
            for class_, number in Counter(types).items():
                graph["class"][class_[1:-1].decode()] += sign * number
    return found
