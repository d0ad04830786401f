"""Contact data of persons that were left out of what is published: how many, and never which."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from solld.reporting.findings import INFO, Check, Finding, Kind, View
from solld.reporting.records import Record

KINDS = (Kind("persons_left_out", INFO),)


@dataclass
class Persons:
    view: View
    dropped: Counter[str] = field(default_factory=Counter)  # column -> records

    def see(self, record: Record) -> Iterator[Finding]:
        self.dropped.update(record.dropped)
        yield from ()

    def end(self) -> Iterator[Finding]:
        for column, number in self.dropped.items():
            yield Finding("persons_left_out", field=column, told={"n": str(number)}, weight=number)


CHECK = Check("persons", 8, KINDS, Persons)
