"""A report for a terminal: counts, and the worst of each kind."""

from collections.abc import Iterator

from solld.messages import Phrases, phrases
from solld.reporting.findings import Finding, kinds
from solld.reporting.kept import Report
from solld.reporting.sentences import called, problem, title

SHOWN = 10  # of each kind
WIDTH = 150  # characters of a line


def write_text(report: Report, language: str, address: str) -> Iterator[str]:
    """The lines of the summary; the private page of the report is at `address`."""
    t = phrases(language)
    facts, counts, mended = report.facts, report.counts(), report.mended_counts()
    number, fresh = (sum(each[place] for each in counts.values()) for place in (0, 1))
    since = f" ({fresh} new, {sum(mended.values())} mended since {facts['compared']})" if facts["compared"] else ""
    yield f"{facts['dataset']}: {facts['records']} records harvested on {facts['harvested']}: {number} findings{since}"
    for name, kind in kinds().items():
        if name in counts:
            yield f"{title(t, name)} ({kind.severity.lower()}): {counts[name][0]}"
            yield from (_line(t, found.finding) for found in report.findings(name, SHOWN))
            if counts[name][0] > SHOWN:
                yield f"  … and {counts[name][0] - SHOWN} more"
    yield f"the page for who gave the data: {address}"


def _line(t: Phrases, finding: Finding) -> str:
    about = " ".join(filter(None, (finding.place, finding.id, finding.name if finding.name != finding.value else "")))
    written = ": ".join(filter(None, (called(t, finding), repr(finding.value) if finding.value else "")))
    said = "; ".join(filter(None, (about, written, problem(t, finding))))
    text = f"  {' '.join(said.split())}"
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
