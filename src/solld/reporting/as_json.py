"""A report as JSON, for programs: what the other forms say, and the facts that the sentences are made of. RFC 8259"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solld.messages import phrases
from solld.reporting.findings import Finding, kinds
from solld.reporting.kept import Report
from solld.reporting.sentences import called, mending, problem, title


def write_json(report: Report, language: str) -> Iterator[bytes]:
    """One object, in pieces: facts, kinds with their counts, columns, reports over time, findings, what was mended."""
    t = phrases(language)
    mended = report.mended_counts()
    counts = report.counts()
    head = {
        **report.facts,
        "language": language,
        "kinds": [
            {
                "kind": name,
                "severity": kind.severity,
                "title": title(t, name),
                "mend": mending(t, name),
                "findings": counts.get(name, (0, 0))[0],
                "new": counts.get(name, (0, 0))[1],
                "mended": mended.get(name, 0),
            }
            for name, kind in kinds().items()
            if name in counts or name in mended
        ],
        "columns": [{"name": c.name, "filled": c.filled, "read_as": list(c.readings)} for c in report.columns()],
        "over_time": [{"run": run, "records": n, "findings": dict(found)} for run, n, found in report.past()],
    }
    yield json.dumps(head, ensure_ascii=False, indent=1)[:-2].encode()
    found = (
        _told(each.finding, language) | {"new": each.fresh}
        for name in kinds()
        if name in counts
        for each in report.findings(name)
    )
    yield from _list("findings", found)
    yield from _list("mended", (_told(each, language) for each in report.mended()))
    yield b"\n}\n"


def _list(name: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    yield f',\n "{name}": ['.encode()
    between = "\n  "
    for row in rows:
        yield (between + json.dumps(row, ensure_ascii=False)).encode()
        between = ",\n  "
    yield b"\n ]"


def _told(finding: Finding, language: str) -> dict[str, Any]:
    t = phrases(language)
    return {
        "kind": finding.kind,
        "severity": kinds()[finding.kind].severity,
        "place": finding.place,
        "id": finding.id,
        "name": finding.name,
        "field": called(t, finding),
        "value": finding.value,
        "problem": problem(t, finding),
        "told": dict(finding.told),
    }
