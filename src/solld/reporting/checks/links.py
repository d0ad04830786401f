"""Addresses that cannot lead anywhere, told by how they are written; nobody is asked.

RFC 3986 for the form, the public suffix list for what names end in, and a list of hosts that were closed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from solld.link.folding import host_of, suffixes
from solld.reporting.findings import INFO, VIOLATION, WARNING, Check, Finding, Kind, View, one
from solld.reporting.records import Record
from solld.sources.readings import READINGS

KINDS = (
    Kind("link_spaces", VIOLATION),
    Kind("link_scheme", VIOLATION),
    Kind("link_mail", WARNING),
    Kind("link_host", VIOLATION),
    Kind("link_ending", VIOLATION),
    Kind("link_dead", WARNING),
    Kind("link_unreadable", VIOLATION),
    Kind("link_several", INFO),
)
CLOSED = {  # host -> the year in which it was closed
    "del.icio.us": "2017",
    "friendfeed.com": "2015",
    "geocities.com": "2009",
    "goo.gl": "2025",
    "orkut.com": "2014",
    "plus.google.com": "2019",
    "posterous.com": "2013",
    "storify.com": "2018",
    "vine.co": "2017",
    "wikispaces.com": "2018",
}
EXAMPLES = ("example.com", "example.net", "example.org", "localhost")  # RFC 2606, and what is nobody else's
SCHEME = re.compile(r"https?://", re.IGNORECASE)
TWICE = re.compile(  # http://http://, http://www.http://, http://https:
    r"(?:h?t?tps?:?/*\s*(?:www\.)?\s*|www\.)h?ttps?[:/]+", re.IGNORECASE
)
BROKEN = re.compile(r"(?!https?://)(?:[a-z]{1,6}[:;]?/{1,3}|[a-z]{2,6}[:;]/*|//+)(?=[\w-]+(?:\.|$))", re.IGNORECASE)
MAIL = re.compile(r"(?:mailto:)?[^\s@/]+@[^\s@/]+\.[a-z]{2,}", re.IGNORECASE)
LEFT = "…"  # shown in the place of contact data, which are not kept


@dataclass
class Links:
    view: View

    @cached_property
    def columns(self) -> tuple[str, ...]:
        return self.view.columns_read("url")

    def see(self, record: Record) -> Iterator[Finding]:
        for column in self.columns:
            for cell in record.cells.get(column, ()):
                if found := wrong(cell):
                    kind, told = found
                    yield one(kind, record, column, cell.strip(), told)
            if column in record.dropped:
                yield one("link_mail", record, column, LEFT)

    def end(self) -> Iterator[Finding]:
        yield from ()


@lru_cache(maxsize=4096)
def wrong(cell: str) -> tuple[str, dict[str, str]] | None:
    """What is wrong with a cell that is to hold an address: a kind, and what its sentence needs."""
    text = cell.strip()
    addresses = [str(each) for each in READINGS["url"](text)]
    if LEFT in text or MAIL.fullmatch(text):
        return "link_mail", {}
    if TWICE.match(text) or BROKEN.match(text):
        return "link_scheme", {"scheme": _beginning(text)}
    if len(addresses) > 1:
        return "link_several", {"n": str(len(addresses))}
    if not addresses:
        return _unreadable(text)
    return _host(host_of(addresses[0]))


def _beginning(text: str) -> str:
    match = TWICE.match(text) or BROKEN.match(text)
    return match[0] if match else ""


def _unreadable(text: str) -> tuple[str, dict[str, str]]:
    joined = re.sub(r"\s+", "", text)
    if joined != text and any(True for _ in READINGS["url"](joined)) and (SCHEME.match(text) or "www." in text.lower()):
        return "link_spaces", {}
    if "." not in SCHEME.sub("", text, count=1).partition("/")[0] and " " not in text:
        return "link_host", {}
    return "link_unreadable", {}


def _host(host: str) -> tuple[str, dict[str, str]] | None:
    if host in EXAMPLES or host.endswith((".local", ".localhost", ".example", ".test", ".invalid")):
        return "link_host", {}
    closed = next((year for each, year in CLOSED.items() if host == each or host.endswith(f".{each}")), "")
    if closed:
        return "link_dead", {"host": host, "year": closed}
    if not host.replace(".", "").isdigit() and suffixes().publicsuffix(host) is None:
        return "link_ending", {"ending": f".{host.rpartition('.')[2]}"}
    return None


CHECK = Check("links", 2, KINDS, Links)
