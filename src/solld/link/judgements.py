"""What was judged of pairs of identifiers: `data/judgements.csv`, which is only ever added to.

    one,other,verdict,who,when,why,score,method
    4k7r2dm9q,9xbwjhb70,same,solld,2026-11-25T10:00:00Z,the same register number,0.998,rules 1
    4k7r2dm9q,9xbwjhb70,different,Léa,2026-11-26T09:30:00Z,the shop and the one who owns the house,,

same       one thing, which has one address from now on
related    two things that have to do with one another: a branch, a site, a project, a parent, a publisher
different  two things that look alike
unsure     somebody looked, and could not tell
undo       what was judged before counts no more, and nobody judged

The last line on a pair counts; but a machine never says anything against a person, nor again what a person undid.
"""

import fcntl
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path

from solld import table
from solld.errors import BadData
from solld.model import Settings

HEADER = ["one", "other", "verdict", "who", "when", "why", "score", "method"]
SAME, RELATED, DIFFERENT, UNSURE, UNDO = VERDICTS = ("same", "related", "different", "unsure", "undo")
MACHINE = "solld"  # who judges by rules
ERASED = "erased"  # all that is left of who judged and why, when the law wants nothing to be left
Pair = tuple[str, str]


@dataclass(frozen=True)
class Judgement:
    """What one said of two identifiers. `score` is a probability from 0 to 1 that they are the same, as it was then."""

    one: str
    other: str
    verdict: str
    who: str
    when: str  # ISO 8601, in UTC
    why: str
    score: str = ""  # "" if there was none
    method: str = ""  # and its version, "" for a person who was not shown one

    @property
    def pair(self) -> Pair:
        return pair(self.one, self.other)

    @property
    def by_machine(self) -> bool:
        return self.who == MACHINE


@dataclass(frozen=True)
class Judgements:
    """All that was judged, in order."""

    lines: tuple[Judgement, ...] = ()
    touched: frozenset[Pair] = field(default=frozenset())  # what a person ever said something of
    standing: Mapping[Pair, Judgement] = field(default_factory=dict)  # what counts, without what was undone

    @cached_property
    def different(self) -> frozenset[Pair]:
        return frozenset(each for each, judged in self.standing.items() if judged.verdict in (DIFFERENT, RELATED))


def pair(one: str, other: str) -> Pair:
    """The pair of two, in an order that does not depend on who comes first."""
    return (one, other) if one < other else (other, one)


def path_of(folder: Path) -> Path:
    """The file of a site."""
    return folder / "data" / "judgements.csv"


def of(lines: Sequence[Judgement]) -> Judgements:
    """What stands after all lines."""
    touched: set[Pair] = set()
    standing: dict[Pair, Judgement] = {}
    for line in lines:
        if line.by_machine and line.pair in touched:
            continue  # a person knows better
        if not line.by_machine:
            touched.add(line.pair)
        if line.verdict == UNDO:
            standing.pop(line.pair, None)
        else:
            standing[line.pair] = line
    return Judgements(tuple(lines), frozenset(touched), standing)


def read(path: Path, is_issued: Callable[[str], bool]) -> Judgements:
    """The judgements of a site. BadData names the line and the field that is wrong."""
    return of([_judgement(path, number, row, is_issued) for number, row in enumerate(table.read(path, HEADER), 2)])


def add(path: Path, known: Judgements, new: Iterable[Judgement], is_issued: Callable[[str], bool]) -> Judgements:
    """Adds lines to the file in one step; what a machine would say against a person is left out.

    BadData, and nothing is added, if a line is wrong.
    """
    kept = [each for each in new if not (each.by_machine and each.pair in known.touched)]
    for number, each in enumerate(kept, len(known.lines) + 2):
        _judgement(path, number, list(astuple(each)), is_issued)
    if kept:
        table.append(path, HEADER, map(astuple, kept))
    return of((*known.lines, *kept))


def record(settings: Settings, new: Iterable[Judgement], is_issued: Callable[[str], bool]) -> Judgements:
    """Adds lines to the file of a site after what others added meanwhile; returns all that was judged."""
    path = path_of(settings.folder)
    with locked(settings):
        return add(path, read(path, is_issued), new, is_issued)


@contextmanager
def locked(settings: Settings) -> Iterator[None]:
    """Holds the judgements of a site for the moment of writing; waits for others who write."""
    settings.var.mkdir(parents=True, exist_ok=True)
    with (settings.var / "judgements.lock").open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def forget(settings: Settings, identifiers: Collection[str]) -> None:
    """Takes who judged and why out of the lines about these; the lines stay, for files only grow."""
    path = path_of(settings.folder)
    with locked(settings):
        rows = table.read(path, HEADER)
        forgotten = [_forgotten(row) if not set(row[:2]).isdisjoint(identifiers) else row for row in rows]
        if forgotten != rows:
            table.write(path, HEADER, forgotten)


def _forgotten(row: Sequence[str]) -> list[str]:
    one, other, verdict, who, when = row[:5]
    return [one, other, verdict, who if who == MACHINE else ERASED, when, ERASED, *row[6:]]


def _judgement(path: Path, line: int, row: list[str], is_issued: Callable[[str], bool]) -> Judgement:
    if len(row) != len(HEADER):
        raise BadData(path, f"a line is {','.join(HEADER)}; this is {','.join(row)!r}", line)
    found = Judgement(*row)
    if found.verdict not in VERDICTS:
        raise BadData(path, f"{found.verdict!r} is no verdict (field 'verdict'); there are {', '.join(VERDICTS)}", line)
    if not found.who.strip():
        raise BadData(path, "somebody judged it (field 'who')", line)
    if found.one == found.other:
        raise BadData(path, f"{found.one!r} is itself (field 'other')", line)
    try:
        datetime.fromisoformat(found.when)
    except ValueError:
        raise BadData(path, f"{found.when!r} is no time (field 'when') like 2026-11-25T10:00:00Z", line) from None
    if found.score and not _is_share(found.score):
        raise BadData(path, f"{found.score!r} is no number from 0 to 1 (field 'score')", line)
    for name, identifier in (("one", found.one), ("other", found.other)):
        if not is_issued(identifier):
            raise BadData(path, f"{identifier!r} was never issued (field {name!r})", line)
    return found


def _is_share(text: str) -> bool:
    try:
        return 0 <= float(text) <= 1
    except ValueError:
        return False
