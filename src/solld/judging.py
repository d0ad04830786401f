"""What judgements do to a build: the decisions that follow from them, and those that cannot be followed."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from solld import fates
from solld.errors import BadData
from solld.fates import Act, Fates
from solld.history import History
from solld.identify import Register
from solld.link import consequences, judgements
from solld.link.consequences import Consequences
from solld.link.judgements import Judgement, Judgements, Pair
from solld.model import Finding, Release, Settings

FILE = "data/judgements.csv"
KEY = "judged"  # in the manifest of a release: the fingerprint of the judgements that it was made with


@dataclass(frozen=True)
class Followed:
    """Where identifiers stand when judgements are followed, and the decisions that are new."""

    judged: Judgements
    decided: Fates
    acts: tuple[Act, ...]
    findings: tuple[Finding, ...]
    fingerprint: str  # of the file; "" if there is none


def fingerprint(settings: Settings) -> str:
    path = judgements.path_of(settings.folder)
    return hashlib.blake2b(path.read_bytes(), digest_size=16).hexdigest() if path.exists() else ""


def follow(
    settings: Settings, register: Register, decided: Fates, day: str, past: History | None, newest: Release | None
) -> Followed:
    """What follows from the judgements of a site. BadData if one is wrong.

    Nothing is looked for if neither they nor other decisions differ from those of the newest release.
    """
    mark = fingerprint(settings)
    judged = judgements.read(judgements.path_of(settings.folder), register.issued())
    known = len(past.fates()) if past else 0
    if newest and newest.manifest.get(KEY, "") == mark and known == len(decided.acts):
        kept = [Finding(**{**each, "messages": ()}) for each in newest.manifest["findings"] if each["path"] == FILE]
        return Followed(judged, decided, (), tuple(kept), mark)
    found = _consequences(register, judged, decided, day)
    after = fates.taken(fates.path_of(settings.folder), decided, found.acts, register.issued())
    return Followed(judged, after, found.acts, tuple(_not_followed(judged, found)), mark)


def _consequences(register: Register, judged: Judgements, decided: Fates, day: str) -> Consequences:
    minted = register.minted({each for pair in judged.standing for each in pair})
    return consequences.follow(judged, decided, minted, day)


def _not_followed(judged: Judgements, found: Consequences) -> Iterator[Finding]:
    lines = _lines(judged)
    for each in found.refused:
        one, other = found.against[each.pair]
        where = lines.get((one, other))
        said = f"line {where} says that {one} and {other} are two" if where else f"{one} and {other} are two"
        message = f"{each.one} and {each.other} are not merged: {said}; judge one of the pairs again"
        yield Finding("Warning", message, FILE, lines[each.pair], value=each.who)
    for each in found.waiting:
        message = f"{each.one} and {each.other} are not merged: one of them is withdrawn"
        yield Finding("Info", message, FILE, lines[each.pair])


def _lines(judged: Judgements) -> dict[Pair, int]:
    """pair -> the row of what stands, in the file, the header being the first."""
    rows = {line: number for number, line in enumerate(judged.lines, 2)}
    return {pair: rows[line] for pair, line in judged.standing.items()}


def foretold(followed: Followed) -> Iterator[Finding]:
    """What a build will do because of judgements, for who wants to know before."""
    numbers = Counter(act.act for act in followed.acts)
    examples = {act.act: act for act in reversed(followed.acts)}
    if "merge" in numbers:
        one = examples["merge"]
        message = f"a build will have {numbers['merge']} identifiers lead to others, such as {one.id} to {one.other}"
        yield Finding("Info", message, FILE)
    if "restore" in numbers:
        message = f"a build will undo {numbers['restore']} merges, such as that of {examples['restore'].id}"
        yield Finding("Info", message, FILE)


def check(settings: Settings, register: Register, before: Fates, after: Fates, act: Act) -> None:
    """BadData if the next build would undo a decision by hand, for judgements say otherwise."""
    if act.act not in ("merge", "split", "restore") or act.id in before.withdrawn:
        return
    judged = judgements.read(judgements.path_of(settings.folder), register.issued())
    found = _consequences(register, judged, after, act.date)
    last = fates.taken(fates.path_of(settings.folder), after, found.acts, register.issued())
    other = act.other or before.merged[act.id]
    together = last.merged.get(act.id, act.id) == last.merged.get(other, other)
    if together != (act.act == "merge"):
        raise BadData(*_otherwise(settings, judged, act, other))


def _otherwise(settings: Settings, judged: Judgements, act: Act, other: str) -> tuple[object, str, int]:
    """The file, the reason and the line that an error tells."""
    said = "two" if act.act == "merge" else "the same"
    wish = "the same, or undo that," if act.act == "merge" else "different, or undo that,"
    reason = (
        f"{act.id} and {other} are judged to be {said}, themselves or through others, so the next build would go back "
        f"on this: judge them to be {wish} with solld review or in a line here"
    )
    standing = judged.standing.get(judgements.pair(act.id, other))
    return judgements.path_of(settings.folder), reason, _line_of(judged, standing)


def _line_of(judged: Judgements, standing: Judgement | None) -> int:
    return judged.lines.index(standing) + 2 if standing else 0
