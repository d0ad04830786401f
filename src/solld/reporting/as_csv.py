"""A report as CSV, for a spreadsheet beside the giver's own file. RFC 4180"""

import csv
import io
from collections.abc import Iterator

from solld.messages import phrases
from solld.reporting.findings import Finding, kinds
from solld.reporting.kept import Report
from solld.reporting.sentences import called, mending, problem, title

HEADER = ("kind", "severity", "state", "place", "id", "name", "field", "value", "what", "problem", "mend")
MARK = "\ufeff"  # without it spreadsheets read UTF-8 as something else
NEW, STILL, MENDED = "new", "still", "mended"


def write_csv(report: Report, language: str) -> Iterator[bytes]:
    """The header, and a line for each finding, the worst of each kind first; then what was mended."""
    yield (MARK + _line(HEADER)).encode()
    for kind in kinds():
        for found in report.findings(kind):
            yield _line(_cells(found.finding, NEW if found.fresh else STILL, language)).encode()
    for finding in report.mended():
        yield _line(_cells(finding, MENDED, language)).encode()


def _cells(finding: Finding, state: str, language: str) -> tuple[str, ...]:
    t = phrases(language)
    about = (finding.place, finding.id, finding.name, called(t, finding), finding.value)
    said = (title(t, finding.kind), problem(t, finding), mending(t, finding.kind))
    return (finding.kind, kinds()[finding.kind].severity, state, *about, *said)


def _line(cells: tuple[str, ...]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()
