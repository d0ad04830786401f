"""Findings on the records of a source, and what a check is: one file each in `checks/`, which offers a `CHECK`."""

import dataclasses
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from solld.model import Dataset, Settings
from solld.plugins import collect
from solld.reporting.records import Record, Ref

VIOLATION, WARNING, INFO = "Violation", "Warning", "Info"  # as in SHACL: wrong, doubtful, worth knowing
SEVERITIES = (VIOLATION, WARNING, INFO)
NAMED = 3  # other records that a finding names
SHORT = 16  # characters of an identifier that people recognise


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a record, or with several together; all texts are as the source has them.

    `told` fills the sentence of the kind. What is `together` is known by its value, and not by which records share it.
    """

    kind: str
    place: str = ""  # in their file
    id: str = ""  # theirs
    name: str = ""
    field: str = ""  # their column, or what the property is called
    value: str = ""
    told: Mapping[str, str] = dataclasses.field(default_factory=dict)
    weight: float = 0  # the worst of a kind come first
    together: bool = False

    @property
    def key(self) -> str:
        """What tells the finding from every other, in the next report too.

        That is neither where it stands in the file, nor the field of what is written: which columns a property is made
        of is told from a sample, and may be told otherwise the next time.
        """
        about = "" if self.together else self.id or self.name
        text = "\x1f".join((self.kind, about, self.value or self.field))
        return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True)
class Kind:
    """A kind of finding; `messages-report.toml` has what it is called, what is wrong, and what would mend it."""

    name: str
    severity: str


@dataclass(frozen=True)
class View:
    """What checks know of a source beside its records."""

    settings: Settings
    dataset: Dataset
    read: Mapping[str, tuple[str, ...]]  # column -> the readings of it that the lift asks for
    columns: Mapping[str, tuple[str, ...]]  # IRI of a property -> the columns that it is made of, as far as is known

    def column(self, *predicates: str) -> str:
        """The columns of some properties, or what the first is called."""
        found = dict.fromkeys(column for each in predicates for column in self.columns.get(each, ()))
        return ", ".join(found) or local(predicates[0])

    def columns_read(self, *readings: str) -> tuple[str, ...]:
        """The columns that the lift reads in one of these ways."""
        return tuple(column for column, asked in self.read.items() if set(asked) & set(readings))


class Watch(Protocol):
    """A check that is under way."""

    def see(self, record: Record) -> Iterable[Finding]:
        """What is wrong with a record by itself."""
        ...

    def end(self) -> Iterable[Finding]:
        """What shows only when all records were seen."""
        ...


@dataclass(frozen=True)
class Check:
    """A check with its kinds in the order in which a report has them."""

    name: str
    order: int
    kinds: tuple[Kind, ...]
    begin: Callable[[View], Watch]


def local(iri: str) -> str:
    """What a property is called at the end of its IRI."""
    return iri.replace("#", "/").rpartition("/")[2]


@cache
def load() -> tuple[Check, ...]:
    """The checks that there are, in the order of a report."""
    return tuple(sorted(collect("solld.reporting.checks", "CHECK"), key=lambda check: check.order))


@cache
def kinds() -> Mapping[str, Kind]:
    """name -> kind, in the order of a report."""
    return {kind.name: kind for check in load() for kind in check.kinds}


def one(
    kind: str,
    about: Record | Ref,
    column: str = "",
    value: str = "",
    told: Mapping[str, str] | None = None,
    weight: float = 0,
) -> Finding:
    """A finding on one record."""
    return Finding(kind, about.place, about.id, about.name, column, value, told or {}, weight)


def together(kind: str, records: list[Ref], column: str, value: str, register: str = "") -> Finding:
    """A finding on several records; it stands with the first of them."""
    first, *others = records
    named = ", ".join(f"{each.id if len(each.id) <= SHORT else each.name} ({each.place})" for each in others[:NAMED])
    more = f" + {len(others) - NAMED}" if len(others) > NAMED else ""
    told = {"n": str(len(records)), "others": named + more} | ({"register": register} if register else {})
    return Finding(kind, first.place, first.id, first.name, column, value, told, len(records), together=True)
