"""Where the records are in a JSON file: in a list, as members of an object, or each a text of its own. RFC 8259

    {"fields": [{...}], "result": {"records": [{...}, {...}]}}    a list: the longest, but for those in ABOUT
    {"a-17": {"name": ...}, "b-3": {"name": ...}}                 members: objects that are alike, under their keys
    {"id": 1}                                                     lines, as of https://jsonlines.org/
    {"id": 2}

It is told by the beginning of the file: a hundred records are enough.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO

import ijson

from solld.sources.shallow import Shallow

LIST, MEMBERS, LINES = "list", "members", "lines"
ENOUGH = 100  # objects of a list by which it is taken for that of the records
ABOUT = frozenset(  # what lists are called that say something of the records, and hold none
    "columns errors facet_groups facets fields filters headers includes links meta metadata pagination parameters "
    "schema sort warnings".split()
)


@dataclass(frozen=True)
class Shape:
    """`prefix` is the way to the list or the object, with points between, as ijson has it."""

    kind: str
    prefix: str


@dataclass
class _Seen:
    """What stands in a file, as far as it was read."""

    texts: int = 0  # JSON texts, one after another, that are objects
    lists: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # of objects, in no other list -> how many
    within: str | None = None  # the first list of objects within lists
    members: dict[str, list[set[str]]] = field(default_factory=lambda: defaultdict(list))  # keys of plain values
    mixed: set[str] = field(default_factory=set)  # objects with members that are no objects
    open: list[tuple[str, str]] = field(default_factory=list)  # (kind, prefix) of what is not closed yet

    def take(self, prefix: str, event: str) -> bool:
        """Notes an event; whether that is enough."""
        if event == "map_key":
            return False
        if event in ("end_map", "end_array"):
            self.open.pop()
            return False
        kind, parent = self.open[-1] if self.open else ("", "")
        lists = sum(each == "[" for each, _ in self.open)
        if event == "start_map":
            self._start(kind, parent, lists)
        elif kind == "{" and not lists:
            self.mixed.add(parent)
            if event != "start_array" and len(self.open) > 1:
                self.members[self.open[-2][1]][-1].add(prefix.removeprefix(f"{parent}."))
        if event.startswith("start_"):
            self.open.append(("{" if event == "start_map" else "[", prefix))
        return self.texts > ENOUGH or any(number > ENOUGH for number in self.lists.values())

    def _start(self, kind: str, parent: str, lists: int) -> None:
        if not kind:
            self.texts += 1
        elif kind == "[" and lists == 1:
            self.lists[parent] += 1
        elif kind == "[" and self.within is None:
            self.within = parent
        elif kind == "{" and not lists:
            self.members[parent].append(set())

    @property
    def shape(self) -> Shape | None:
        if self.texts > 1:
            return Shape(LINES, "")
        for prefix, members in self.members.items():
            inside = all(each.startswith(f"{prefix}." if prefix else "") for each in self.lists)
            if prefix not in self.mixed and len(members) > 1 and inside and set.intersection(*members):
                return Shape(MEMBERS, prefix)
        lists = {p: n for p, n in self.lists.items() if p.rpartition(".")[2] not in ABOUT} or self.lists
        if lists:
            return Shape(LIST, max(lists, key=lambda prefix: lists[prefix]))
        return None if self.within is None else Shape(LIST, self.within)


def shape_of(file: IO[bytes]) -> Shape | None:
    """Where the records are; None if there are none. ijson.JSONError for what is no JSON before there are any."""
    seen = _Seen()
    try:
        for prefix, event, _ in ijson.parse(Shallow(file), multiple_values=True):
            if seen.take(prefix, event):
                break
    except ijson.JSONError:
        if seen.shape is None:  # else who reads the records knows after which one it is
            raise
    return seen.shape
