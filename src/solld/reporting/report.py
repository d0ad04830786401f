"""Makes the report on a dataset: every record passes all checks once, and what they find is kept."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from solld.model import Dataset, Settings
from solld.reporting import fields, findings, kept
from solld.reporting.findings import Finding, View, Watch
from solld.reporting.kept import Column
from solld.reporting.records import Record, records, taken
from solld.sources.lift import asked

Say = Callable[[str], None]


@dataclass
class Pass:
    """One pass over the records; what is counted is whole when the findings were all taken."""

    view: View
    watches: tuple[Watch, ...]
    filled: Counter[str] = field(default_factory=Counter)
    facts: dict[str, Any] = field(default_factory=dict)

    def findings(self, every: Iterable[Record]) -> Iterator[Finding]:
        for record in every:
            self.facts["records"] += 1
            self.filled.update({*record.cells, *record.dropped})
            for watch in self.watches:
                yield from watch.see(record)
        for watch in self.watches:
            yield from watch.end()

    def columns(self) -> Iterator[Column]:
        for name, number in self.filled.items():
            yield Column(name, number, self.view.read.get(name, ()))


def make(settings: Settings, dataset: Dataset, say: Say) -> Path:
    """Makes the report on what was harvested last and returns its file. BadSite if nothing was."""
    harvest = taken(settings, dataset)
    read = asked(harvest.query)
    say(f"looking at {dataset.name}")
    columns = fields.of(islice(records(harvest), fields.LOOKED_AT), read)
    view = View(settings, dataset, read, columns)
    facts = {
        "dataset": dataset.name,
        "title": harvest.come.title,
        "url": harvest.come.path.name if harvest.come.path else harvest.come.url,
        "source": harvest.come.source.name,
        "harvested": harvest.seen,
        "records": 0,
    }
    passing = Pass(view, tuple(check.begin(view) for check in findings.load()), facts=facts)
    return kept.write(
        settings, dataset.name, harvest.name, facts, passing.findings(records(harvest)), passing.columns()
    )
