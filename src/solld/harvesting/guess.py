"""Guesses which column of a source plays which role, by what it is called and by what is in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from solld.harvesting.columns import Column
from solld.harvesting.fragments import RECORD, Fragment, Role
from solld.sources.plain import plain
from solld.sources.readings import READINGS

LEAST = 0.7  # of a score, for the only column that plays a role
LEAST_OF_SEVERAL = 0.88  # for one of several columns
READABLE = 0.5  # of the values of a column must be read
UNIQUE = 0.98  # of the values of an identifier
LOOKED_AT = 200  # values that are read
DAYS = ("date", "dmy", "mdy")
NAME = "name"  # the family of what a record is called by
YES_OR_NO = {"true", "false", "yes", "no", "oui", "non", "o", "n", "0", "1"}
ROUNDED = re.compile(r"\s*\d[.,]\d+E\+?\d+\s*", re.IGNORECASE)  # a long number that went through a spreadsheet
HALF_DAY = re.compile(r"\d\s*[ap]m\b", re.IGNORECASE)
AGAIN = 0.35  # of the pieces of cells must be found in other cells, for the cells to be lists


@dataclass(frozen=True)
class Part:
    """A column that plays a role, with how it is read."""

    role: Role
    column: Column
    reading: str
    score: float


@dataclass(frozen=True)
class Use:
    """A fragment that is used for some columns."""

    fragment: Fragment
    parts: tuple[Part, ...]

    @property
    def score(self) -> float:
        return sum(part.score for part in self.parts) / len(self.parts) if self.parts else 1.0


def guessed(fragments: Iterable[Fragment], columns: Sequence[Column]) -> list[Use]:
    """The fragments that are used, the record first; none if nothing tells what a record is about."""
    families: dict[str, list[Fragment]] = {}
    for fragment in fragments:
        families.setdefault(fragment.family, []).append(fragment)
    records = [use for each in families.pop(RECORD, []) for use in [_whole(each, columns)] if use]
    if not records:
        return []
    taken: set[str] = set()
    found: list[Use] = []
    wanted = [use for family in families.values() for use in _candidates(family, columns)]
    for use in sorted(wanted, key=lambda each: (-each.score, each.fragment.name)):
        family = [each for each in found if each.fragment.family == use.fragment.family]
        if taken.isdisjoint(part.column.name for part in use.parts) and _goes_with(use, family):
            found.append(use)
            taken |= {part.column.name for part in use.parts}
    found = _named(found, wanted)
    order = [each.name for each in columns]
    first = ("kind", NAME)  # what a person looks for first
    found.sort(
        key=lambda each: (
            each.fragment.name not in first,
            each.fragment.name,
            [order.index(part.column.name) for part in each.parts],
        )
    )
    return [_best_record(records), *found]


def _named(found: list[Use], wanted: Sequence[Use]) -> list[Use]:
    """With a name: what may be one is one before it is anything else, if nothing else is."""
    names = [use for use in wanted if use.fragment.family == NAME]
    if not names or any(use.fragment.family == NAME for use in found):
        return found
    best = max(names, key=lambda use: use.score)
    column = best.parts[0].column.name
    return [best, *(use for use in found if all(part.column.name != column for part in use.parts))]


def unreadable(fragments: Sequence[Fragment], columns: Iterable[Column]) -> Iterator[tuple[str, str, str]]:
    """Columns that are called like something and hold something else: their name, which fragment, and a value."""
    roles = [(each.name, role) for each in fragments if each.family != RECORD for role in each.roles]
    for column in columns:
        score, name, role = max(((called(role, column), name, role) for name, role in roles), key=lambda each: each[:2])
        said = [value for value in column.values if plain(value)]
        if score >= LEAST_OF_SEVERAL and said and _read(role, column)[1] < READABLE:
            yield column.name, name, said[0]


def _best_record(records: Iterable[Use]) -> Use:
    return min(records, key=lambda use: use.fragment.name)  # record, then record-by-..., from sure to less sure


def _goes_with(use: Use, family: list[Use]) -> bool:
    """Whether a fragment may stand beside those of its family that are used already."""
    if not family:
        return True
    if any(each.fragment.name != use.fragment.name for each in family):
        return False
    role = use.parts[0].role
    languages = {each.parts[0].column.language for each in family}
    return role.several or (role.spoken and use.parts[0].column.language not in languages)


def _candidates(family: list[Fragment], columns: Sequence[Column]) -> Iterator[Use]:
    """For each fragment of a family its uses; those with more roles hide the others."""
    whole = {each.name: use for each in family if len(each.roles) != 1 and (use := _whole(each, columns))}
    if whole:
        yield max(whole.values(), key=lambda use: (len(use.parts), use.score))
        return
    for fragment in family:
        if len(fragment.roles) == 1:
            yield from (Use(fragment, (part,)) for part in _playing(fragment.roles[0], columns))


def _whole(fragment: Fragment, columns: Sequence[Column]) -> Use | None:
    """The fragment with the best column for each of its roles, if there is one for each."""
    parts: list[Part] = []
    for role in fragment.roles:
        free = [column for column in columns if column not in (part.column for part in parts)]
        best = max(_playing(role, free), key=lambda part: part.score, default=None)
        if best is None:
            return None
        parts.append(best)
    return Use(fragment, tuple(parts))


def _playing(role: Role, columns: Iterable[Column]) -> Iterator[Part]:
    for column in columns:
        named = called(role, column)
        if named < (LEAST_OF_SEVERAL if role.several else LEAST) or not column.values:
            continue
        reading, readable = _read(role, column)
        if readable >= READABLE and _fits(role, column):
            fullness = 1.0 if role.several else 0.5 + 0.5 * column.share
            yield Part(role, column, reading, named * fullness * (0.8 + 0.2 * readable))


def called(role: Role, column: Column) -> float:
    """0 to 1: how much the name of a column is one of the role."""
    alone = column.words == column.last  # not that of a place within the record
    names = (column.base,) if role.spoken and alone else ()
    if role.several and alone:
        names = (*names, re.sub(r" \d+$", "", column.last))  # one of several of that name
    best = 0.0
    for place, each in enumerate(role.aliases):
        alias = each.removeprefix("=").removesuffix("…")
        if alias in (column.words, *names) and not column.within:
            score = 1.0
        elif alias == column.last or (role.spoken and alias == column.base):
            score = 0.4 if column.within else 0.97
        elif column.within or each.startswith("="):
            continue
        elif (each.endswith("…") and column.words.startswith(f"{alias} ")) or alias == column.bare:
            score = 0.95
        elif len(alias) >= 4 and column.words.endswith(f" {alias}"):
            score = 0.8
        elif len(alias) >= 8 and any(_alike(alias, n) for n in (column.words, *names)):
            score = 0.9
        else:
            continue
        best = max(best, score - min(place, 60) * 0.001)
    return best


@lru_cache(maxsize=100_000)  # the same columns come for every role, and again for every source
def _alike(alias: str, name: str) -> bool:
    """Whether a name is one that we know, but for a letter or two."""
    return Indel.normalized_similarity(alias, name) > 0.88


def _read(role: Role, column: Column) -> tuple[str, float]:
    """The reading that reads most of a column, and how much it reads."""
    values = column.values[:LOOKED_AT]
    readings = DAYS if role.readings == ("date",) else role.readings
    if "list" in readings:
        return _split(values), 1.0
    shares = {each: sum(any(True for _ in READINGS[each](v)) for v in values) / len(values) for each in readings}
    best = max(readings, key=lambda each: shares[each])
    if best == "dmy" and shares["mdy"] == shares["dmy"] and any(map(HALF_DAY.search, values)):
        best = "mdy"  # who counts the hours twice has the month first
    return best, shares[best]


def _split(values: Sequence[str]) -> str:
    """Whether cells are lists: then what is in one is in others too."""
    for reading in ("list", "parts"):
        pieces = [list(READINGS[reading](value)) for value in values]
        counts: dict[object, int] = {}
        for each in pieces:
            for piece in set(each):
                counts[piece] = counts.get(piece, 0) + 1
        among = [piece for each in pieces if len(each) > 1 for piece in each]
        keys = reading == "parts" or all(" " not in str(piece) for piece in counts)
        if among and keys and sum(counts[piece] > 1 for piece in among) / len(among) >= AGAIN:
            return reading
    return "code"


def _fits(role: Role, column: Column) -> bool:
    """What the values of a column must be like beside being readable, for what others build on."""
    values = column.values[:LOOKED_AT]
    if role.name == "key":
        short = max(map(len, values)) <= 300 and not any(map(ROUNDED.fullmatch, values))
        return short and column.share >= UNIQUE and column.distinct >= UNIQUE * column.filled
    if role.name in ("name", "legal", "alias"):
        odd = sum(v.strip().replace(".", "").isdigit() or "://" in v for v in values)
        return odd / len(values) < READABLE
    if "spoken" in role.readings:
        return sum(any(map(str.isalpha, v)) for v in values) / len(values) >= READABLE
    if "list" in role.readings:
        odd = sum("://" in v or v.casefold() in YES_OR_NO for v in values)
        return odd / len(values) < READABLE
    return True
