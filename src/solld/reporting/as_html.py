"""A report as a page: how many findings of each kind there are, and where they are; or as a file that stands alone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from urllib.parse import urlencode

from markupsafe import Markup

from solld.errors import NotFound
from solld.formats.html import ENVIRONMENT, Frame
from solld.messages import Phrases, phrases
from solld.model import Settings
from solld.reporting.findings import Finding, kinds
from solld.reporting.kept import Report
from solld.reporting.sentences import called, mending, problem, title

TEMPLATE = ENVIRONMENT.get_template("report.html")
FIRST = 10  # findings of each kind on the page of all
PAGE = 200  # on a page of one kind
WHOLE = 1000  # of each kind in a file
MENDED = 50  # that are shown
LONGEST = 300  # characters of a value


@dataclass(frozen=True)
class Asked:
    """What of a report is shown, to whom, and where its page is; `path` is "" for a file that stands alone."""

    settings: Settings
    language: str
    path: str = ""
    lang: str = ""  # that was asked for by the address
    kind: str = ""  # all if none
    page: int = 1

    def address(self, kind: str = "", page: int = 1) -> str:
        """The page of a kind, relative to the page of all."""
        asked = {"kind": kind} if kind else {}
        asked |= {"page": str(page)} if page > 1 else {}
        return f"{self.path}?{urlencode(asked | ({'lang': self.lang} if self.lang else {}))}".removesuffix("?")


@dataclass(frozen=True)
class Row:
    """A finding as a row of a table."""

    finding: Finding
    field: str
    value: str
    problem: str
    fresh: bool


@dataclass(frozen=True)
class Section:
    """A kind of finding with some of what was found; `sentence` is what is wrong with all of them, if it is one."""

    kind: str
    title: str
    severity: str  # of the kind, in lower case
    number: int
    fresh: int
    mended: int
    mend: str
    sentence: str
    rows: tuple[Row, ...]

    @property
    def more(self) -> int:
        return self.number - len(self.rows)

    @property
    def writes(self) -> bool:
        """Whether there is anything in the column of what is written."""
        return any(row.field or row.value for row in self.rows)


def write_page(report: Report, asked: Asked, release: int = 0) -> bytes:
    """The page; NotFound for a kind that is not there, or a page after the last."""
    t = phrases(asked.language)
    sections = _sections(report, asked, t)
    shown = [each for each in sections if each.number and asked.kind in ("", each.kind)]
    if asked.kind and not (shown and shown[0].rows):
        raise NotFound(asked.path, "there is no such kind of finding, or no such page of it")
    root = "" if asked.path else asked.settings.base.rstrip("/")
    facts = report.facts
    variables = Frame(asked.settings, asked.language, root, release).values() | {
        **({} if asked.path else {"languages": ()}),  # a file is in one
        "css": "" if asked.path else _css(),
        "asked": asked,
        "facts": facts,
        "day": t.date(facts["harvested"]),
        "number": sum(each.number for each in sections),
        "fresh": sum(each.fresh for each in sections),
        "mended": sum(each.mended for each in sections),
        "sections": sections,
        "shown": shown,
        "pages": _pages(shown[0].number, asked) if asked.kind else (),
        "mends": () if asked.kind else tuple(_row(t, each, False) for each in report.mended(MENDED)),
        "kinds": {each.kind: each.title for each in sections},
        "columns": () if asked.kind else report.columns(),
        "past": () if asked.kind else [(t.date(_time(run)), n, sum(c.values())) for run, n, c in report.past()],
    }
    return TEMPLATE.render(variables).encode()


def _sections(report: Report, asked: Asked, t: Phrases) -> list[Section]:
    counts, mended = report.counts(), report.mended_counts()
    return [
        Section(
            kind=name,
            title=title(t, name),
            severity=kind.severity.lower(),
            number=counts.get(name, (0, 0))[0],
            fresh=counts.get(name, (0, 0))[1] if report.facts["compared"] else 0,
            mended=mended.get(name, 0),
            mend=mending(t, name),
            sentence=_sentence(t, name),
            rows=_rows(report, asked, t, name) if asked.kind in ("", name) else (),
        )
        for name, kind in kinds().items()
        if name in counts or name in mended
    ]


def _sentence(t: Phrases, kind: str) -> str:
    """The sentence that is the same for all findings of a kind; "" if each has its own."""
    return problem(t, Finding(kind)) if "{" not in t(f"finding_{kind}").split("|")[1] else ""


def _rows(report: Report, asked: Asked, t: Phrases, kind: str) -> tuple[Row, ...]:
    number = PAGE if asked.kind else FIRST if asked.path else WHOLE
    found = report.findings(kind, number, (asked.page - 1) * PAGE if asked.kind else 0)
    compared = bool(report.facts["compared"])
    return tuple(_row(t, each.finding, each.fresh and compared) for each in found)


def _row(t: Phrases, finding: Finding, fresh: bool) -> Row:
    value = finding.value if len(finding.value) <= LONGEST else f"{finding.value[: LONGEST - 1]}…"
    return Row(finding, called(t, finding), value, problem(t, finding), fresh)


def _pages(number: int, asked: Asked) -> Sequence[tuple[str, str]]:
    """(relation, address) of the pages before and after."""
    before = [("prev", asked.address(asked.kind, asked.page - 1))] if asked.page > 1 else []
    after = [("next", asked.address(asked.kind, asked.page + 1))] if number > asked.page * PAGE else []
    return (*before, *after)


def _time(run: str) -> str:
    """The time of a run as XML Schema writes it: 2026-11-25T130041Z is 2026-11-25T13:00:41+00:00."""
    return re.sub(r"T(\d\d)(\d\d)(\d\d)Z", r"T\1:\2:\3+00:00", run)


@cache
def _css() -> Markup:
    """The style sheet without its fonts, which are files of their own."""
    text = files("solld").joinpath("static/solld.css").read_text(encoding="utf-8")
    return Markup(re.sub(r"@font-face\{.*?\}\n", "", text).replace("</", ""))
