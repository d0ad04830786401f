"""What other datasets of the newest release say differently of the same things.

They are the same by a decision on identifiers, by a link, or by a number in a register; if only one record of each has
the domain of a website, they may be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from solld.link.folding import domain
from solld.rdf import SCHEMA
from solld.reporting.findings import INFO, WARNING, Check, Finding, Kind, View, one
from solld.reporting.published import Other, Others, opened
from solld.reporting.records import Record, Ref
from solld.reporting.sameness import COMPARED, Said, differing, said_by

KINDS = (Kind("other_says", WARNING), Kind("other_may_say", INFO))


@dataclass(frozen=True)
class Maybe:
    """A record that has the domain of a record of others."""

    ref: Ref
    said: Said
    other: Other
    domain: str


@dataclass
class Differences:
    view: View
    maybe: dict[str, list[Maybe]] = field(default_factory=dict)  # by domain, of those that one record has
    domains: set[str] = field(default_factory=set)

    @cached_property
    def others(self) -> Others:
        return opened(self.view.settings, self.view.dataset)

    def see(self, record: Record) -> Iterator[Finding]:
        if not record.thing or self.others.is_empty:
            return
        mine = {found for url in record.texts(SCHEMA.url) if (found := domain(url))}
        same = self.others.same(record)
        for other in same:
            yield from self._differing("other_says", record.ref, said_by(record.said), other)
        for each in mine:
            if each in self.domains:
                self.maybe.pop(each, None)
                continue
            self.domains.add(each)
            others = [other for other in self.others.alone_at(each) if other not in same]
            if others:
                said = said_by(record.said)
                self.maybe[each] = [Maybe(record.ref, said, other, each) for other in others]

    def end(self) -> Iterator[Finding]:
        for each in (each for those in self.maybe.values() for each in those):
            yield from self._differing("other_may_say", each.ref, each.said, each.other, domain=each.domain)

    def _differing(self, kind: str, ref: Ref, mine: Said, other: Other, **told: str) -> Iterator[Finding]:
        theirs = self.others.said(other)
        for what in differing(mine, theirs):
            column = self.view.column(*(each.value for each in COMPARED[what]))
            called = theirs.get("name", (other.iri,))[0]
            more = {"theirs": theirs[what][0], "dataset": other.dataset, "other": called, **told}
            yield one(kind, ref, column, mine[what][0], more)


CHECK = Check("others", 7, KINDS, Differences)
