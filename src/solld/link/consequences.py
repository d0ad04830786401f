"""What follows from judgements: which identifiers lead to which, as decisions that `fates.csv` takes.

What is the same is one component of the graph of judgements; the verdict of a person is heard before that of a
machine, and no verdict brings together what was judged to be two. One of each component stays, the others lead to it:
the one that others lead to already, else the one that was issued first, so that as few addresses move as can be.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from solld.fates import Act, Fates
from solld.link.judgements import SAME, Judgement, Judgements, Pair, pair

WHY = "data/judgements.csv: "  # what a decision that follows from a judgement says first


@dataclass(frozen=True)
class Consequences:
    """Decisions to be taken, in this order; and judgements that were not followed, for others say otherwise."""

    acts: tuple[Act, ...]
    refused: tuple[Judgement, ...]
    against: Mapping[Pair, Pair] = field(default_factory=dict)  # a pair that was refused -> one that was judged two
    waiting: tuple[Judgement, ...] = ()  # for what is withdrawn to come back


def follow(judged: Judgements, decided: Fates, minted: Mapping[str, str], day: str) -> Consequences:
    """What is to be decided now, so that identifiers lead where judgements say.

    `minted` has the day on which each identifier was issued; those of others are left alone.
    """
    same, waiting = _same(judged, decided)
    groups = _Groups(judged.different)
    undone = frozenset(one for one, other in _by_hand(decided) if groups.join(one, other))
    against = {each.pair: found for each in same if (found := groups.join(each.one, each.other))}
    wanted = _wanted(groups, decided, minted)
    reasons = _reasons(judged)
    parents = {one: decided.last[one].other for one in decided.merged}
    ours = {one for one in parents if _is_ours(decided, one) or one in undone}
    acts: list[Act] = []

    def end(one: str) -> str:
        while one in parents:
            one = parents[one]
        return one

    def part(one: str) -> None:
        acts.append(Act(day, "restore", one, "", f"{WHY}not the same after all"))
        del parents[one]

    for one in sorted(ours | wanted.keys()):
        if one in parents and wanted.get(one) is None:
            part(one)
    for one in sorted(wanted, key=lambda each: (each in parents, each)):  # what others lead to goes first
        target = wanted[one]
        if target is not None and end(one) != target:
            if one in parents:
                part(one)
            acts.append(Act(day, "merge", one, target, WHY + _reason(reasons.get(one))))
            parents[one] = target
    return Consequences(tuple(acts), tuple(each for each in same if each.pair in against), against, waiting)


def _reasons(judged: Judgements) -> dict[str, Judgement]:
    """For each identifier a judgement that says that it is the same as another."""
    same = [each for each in judged.standing.values() if each.verdict == SAME]
    return {each.other: each for each in same} | {each.one: each for each in same}


def _is_ours(decided: Fates, one: str) -> bool:
    return decided.last[one].why.startswith(WHY)


def _reason(judgement: Judgement | None) -> str:
    return f"{judgement.why or 'the same'} ({judgement.who})" if judgement else "the same"


def _same(judged: Judgements, decided: Fates) -> tuple[list[Judgement], tuple[Judgement, ...]]:
    """What is judged to be the same, who is heard first at the front; and what waits.

    Nobody leads to what is withdrawn, nor away from it: with a thing, all that was the same went.
    """
    there: list[Judgement] = []
    waiting: list[Judgement] = []
    for each in judged.standing.values():
        ends = {decided.merged.get(one, one) for one in each.pair}
        if each.verdict == SAME and (len(ends) == 1 or decided.hidden.isdisjoint(each.pair)):
            there.append(each)
        elif each.verdict == SAME and decided.erased.isdisjoint(each.pair):
            waiting.append(each)
    there.sort(key=lambda each: (each.by_machine, -float(each.score or 1), each.when))
    return there, tuple(waiting)


def _wanted(groups: "_Groups", decided: Fates, minted: Mapping[str, str]) -> dict[str, str | None]:
    """identifier -> the one that it is to lead to, None for one that stays."""
    wanted: dict[str, str | None] = {}
    leading = _led(decided)
    for members in groups.all():
        stays = min(members, key=lambda each: (-leading.get(each, 0), minted.get(each, "9"), each))
        wanted |= {each: None if each == stays else stays for each in members}
    return wanted


def _by_hand(decided: Fates) -> list[Pair]:
    """What leads to what because a person decided so on the command line, whatever followed from judgements since."""
    found: dict[str, str] = {}
    for act in decided.acts:
        if not act.why.startswith(WHY):
            found.pop(act.id, None)
            if act.act == "merge":
                found[act.id] = act.other
    return list(found.items())


def _led(decided: Fates) -> dict[str, int]:
    found: dict[str, int] = defaultdict(int)
    for other in decided.merged.values():
        found[other] += 1
    return found


class _Groups:
    """Components that grow pair by pair, and never come to have two that are to stay apart."""

    def __init__(self, apart: Iterable[Pair]):
        self._of: dict[str, int] = {}
        self._members: dict[int, set[str]] = {}
        self._apart: dict[str, set[str]] = defaultdict(set)
        for one, other in apart:
            self._apart[one].add(other)
            self._apart[other].add(one)

    def join(self, one: str, other: str) -> Pair | None:
        """None, or the pair that was judged to be two: they themselves, or what is the same as they."""
        left, right = self._group(one), self._group(other)
        if left == right:
            return None
        few, many = sorted((left, right), key=lambda number: len(self._members[number]))
        for each in sorted(self._members[few]):
            for against in self._apart.get(each, ()):
                if against in self._members[many]:
                    return pair(each, against)
        for each in self._members[few]:
            self._of[each] = many
        self._members[many] |= self._members.pop(few)
        return None

    def _group(self, one: str) -> int:
        if one not in self._of:
            self._of[one] = len(self._of)
            self._members[self._of[one]] = {one}
        return self._of[one]

    def all(self) -> Iterator[set[str]]:
        yield from (members for members in self._members.values() if len(members) > 1)
