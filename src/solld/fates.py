"""What became of identifiers: `data/fates.csv`, decisions of people that are kept, and only ever added to.

    date,act,id,other,why
    2026-11-25,merge,4k7r2dm9q,9xbwjhb70,the same register number

merge     id is the same as other, and leads to it from now on
split     id is not the same as other after all, where it was merged into: it is itself again
withdraw  id is not published any more
restore   undoes the merge or the withdrawal of id
erase     the law wants nothing to be left of id but that; nothing undoes it
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

from solld import table
from solld.errors import BadData

HEADER = ["date", "act", "id", "other", "why"]
ACTS = ("merge", "split", "withdraw", "restore", "erase")
ERASED = "erased"  # all the reason that is given


@dataclass(frozen=True)
class Act:
    """One decision, on a day, for a reason."""

    date: str
    act: str
    id: str
    other: str
    why: str


@dataclass(frozen=True)
class Fates:
    """Where identifiers stand after all decisions. What is in none of these is itself."""

    acts: tuple[Act, ...] = ()
    merged: Mapping[str, str] = field(default_factory=dict)  # id -> the one that it leads to, in one step
    withdrawn: Mapping[str, Act] = field(default_factory=dict)
    parted: Mapping[str, str] = field(default_factory=dict)  # id -> the one that it was split from
    last: Mapping[str, Act] = field(default_factory=dict)  # id -> the decision that put it where it stands

    @cached_property
    def erased(self) -> frozenset[str]:
        return frozenset(act.id for act in self.acts if act.act == "erase")

    @cached_property
    def led(self) -> Mapping[str, tuple[str, ...]]:
        """id -> those that lead to it, sorted."""
        found: dict[str, tuple[str, ...]] = {}
        for one, other in sorted(self.merged.items()):
            found[other] = (*found.get(other, ()), one)
        return found

    @cached_property
    def hidden(self) -> frozenset[str]:
        """What is not published: what is withdrawn, and what leads to it, which is the same thing."""
        return frozenset(self.withdrawn) | {one for one, other in self.merged.items() if other in self.withdrawn}


class Refused(Exception):
    """A decision that cannot be taken as things stand."""


def replayed(acts: Sequence[Act]) -> Fates:
    """Where identifiers stand; Refused, with its number from 0, for the first decision that could not be taken."""
    parents: dict[str, str] = {}
    withdrawn: dict[str, Act] = {}
    parted: dict[str, str] = {}
    last: dict[str, Act] = {}
    for number, act in enumerate(acts):
        try:
            _take(act, parents, withdrawn, parted)
        except Refused as error:
            raise Refused(number, str(error)) from None
        last[act.id] = act
    return Fates(tuple(acts), {each: _end(each, parents) for each in parents}, withdrawn, parted, last)


def _end(identifier: str, parents: Mapping[str, str]) -> str:
    while identifier in parents:
        identifier = parents[identifier]
    return identifier


def _take(act: Act, parents: dict[str, str], withdrawn: dict[str, Act], parted: dict[str, str]) -> None:
    one, other = act.id, act.other
    for each in (one, other):
        if each in withdrawn and withdrawn[each].act == "erase":
            raise Refused(f"{each} is erased")
    if act.act == "erase":
        parents.pop(one, None)
        parted.pop(one, None)
        withdrawn[one] = act
    else:
        _change(act, parents, withdrawn, parted)


def _change(act: Act, parents: dict[str, str], withdrawn: dict[str, Act], parted: dict[str, str]) -> None:
    one, other = act.id, act.other
    if one in parents and act.act in ("merge", "withdraw"):
        raise Refused(f"{one} is merged into {parents[one]} already")
    if one in withdrawn and act.act != "restore":
        raise Refused(f"{one} is withdrawn")
    if act.act == "merge":
        _merge(one, other, parents, withdrawn)
        parted.pop(one, None)
    elif act.act == "split":
        if one not in parents or other not in (parents[one], _end(one, parents)):
            raise Refused(f"{one} is not merged into {other}")
        del parents[one]
        parted[one] = other
    elif act.act == "withdraw":
        withdrawn[one] = act
    elif one in parents:
        del parents[one]
    elif one in withdrawn:
        del withdrawn[one]
    else:
        raise Refused(f"{one} is neither merged nor withdrawn")


def _merge(one: str, other: str, parents: dict[str, str], withdrawn: Mapping[str, Act]) -> None:
    if other in withdrawn:
        raise Refused(f"{other} is withdrawn")
    if _end(other, parents) == one:
        raise Refused(f"{other} leads to {one}: one of them has to stay")
    parents[one] = other


def path_of(folder: Path) -> Path:
    """The file of a site."""
    return folder / "data" / "fates.csv"


def read(path: Path, is_issued: Callable[[str], bool]) -> Fates:
    """The fates of a site. BadData names the line that is wrong."""
    acts = [_act(path, number, row, is_issued) for number, row in enumerate(table.read(path, HEADER), 2)]
    try:
        return replayed(acts)
    except Refused as error:
        number, reason = error.args
        raise BadData(path, reason, number + 2) from None


def _act(path: Path, line: int, row: list[str], is_issued: Callable[[str], bool]) -> Act:
    if len(row) != len(HEADER):
        raise BadData(path, f"a line is {','.join(HEADER)}; this is {','.join(row)!r}", line)
    act = Act(*row)
    try:
        date.fromisoformat(act.date)
    except ValueError:
        raise BadData(path, f"{act.date!r} is no date (field 'date') like 2026-11-25", line) from None
    if act.act not in ACTS:
        raise BadData(path, f"{act.act!r} is no act (field 'act'); there are {', '.join(ACTS)}", line)
    if not act.why.strip():
        raise BadData(path, "a decision has a reason (field 'why')", line)
    if bool(act.other) != (act.act in ("merge", "split")):
        raise BadData(path, "merge and split name another identifier (field 'other'), and only they", line)
    for name, identifier in (("id", act.id), *((("other", act.other),) if act.other else ())):
        if not is_issued(identifier):
            raise BadData(path, f"{identifier!r} was never issued (field {name!r})", line)
    return act


def check_kept(path: Path, acts: Sequence[Act], before: Sequence[Act]) -> None:
    """BadData if a decision that a release was made with is not there any more, or another one."""
    erased = {act.id for act in acts if act.act == "erase"}
    for number, act in enumerate(before):
        same = number < len(acts) and (acts[number] == act or _forgotten(acts[number], act, erased))
        if not same:
            line = ",".join(astuple(act))
            raise BadData(
                path, f"the decision {line!r} is gone; decisions are only added to: restore undoes one", number + 2
            )


def _forgotten(one: Act, other: Act, erased: Collection[str]) -> bool:
    """Whether two decisions differ in the reason alone, which an erasure takes away as well."""
    return replace(one, why="") == replace(other, why="") and not {one.id, one.other}.isdisjoint(erased)


def forget(path: Path, identifiers: Collection[str]) -> None:
    """Takes the reasons of what was decided before on these out of the file; in one step."""
    rows = [
        [*row[:4], ERASED] if len(row) == len(HEADER) and not {row[2], row[3]}.isdisjoint(identifiers) else row
        for row in table.read(path, HEADER)
    ]
    table.write(path, HEADER, rows)


def taken(path: Path, decided: Fates, acts: Sequence[Act], is_issued: Callable[[str], bool]) -> Fates:
    """Where identifiers stand when decisions are taken; BadData says why one cannot be."""
    for number, act in enumerate(acts, len(decided.acts) + 2):
        _act(path, number, list(astuple(act)), is_issued)
    try:
        return replayed((*decided.acts, *acts))
    except Refused as error:
        raise BadData(path, error.args[1], error.args[0] + 2) from None


def add(path: Path, decided: Fates, acts: Sequence[Act], is_issued: Callable[[str], bool]) -> Fates:
    """Adds decisions to the file in one step, if they can be taken; BadData says why one cannot."""
    after = taken(path, decided, acts, is_issued)
    table.append(path, HEADER, map(astuple, acts))
    return after
