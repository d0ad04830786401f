"""A finding in words, in the language of the reader."""

from solld.messages import Phrases
from solld.reporting.findings import Finding
from solld.sources.readings import READINGS

COUNTRIES = ("country", "where")  # what of a finding is the code of a country
NUMBERS = ("n", "km", "m")


def title(t: Phrases, kind: str) -> str:
    """What a kind of finding is called."""
    return t(f"finding_{kind}").split("|")[0]


def mending(t: Phrases, kind: str) -> str:
    """What would mend findings of a kind."""
    return t(f"finding_{kind}").split("|")[2]


def problem(t: Phrases, finding: Finding) -> str:
    """What is wrong."""
    sentence = t(f"finding_{finding.kind}").split("|")[1]
    return sentence.format(**{name: _told(t, name, value) for name, value in finding.told.items()})


def called(t: Phrases, finding: Finding) -> str:
    """The field of a finding: a column of theirs, or in words what there is no column of."""
    return t(f"report_what_{finding.field}") if finding.kind == "never_given" else finding.field


def _told(t: Phrases, name: str, value: str) -> str:
    if name in COUNTRIES:
        return t.country_name(value)
    if name in NUMBERS:
        return t.number(value)
    if name == "what" or (name == "reading" and value in READINGS):
        return t(f"report_what_{'date' if value in ('dmy', 'mdy') else value}")
    return value
