"""The page of a search: facets at the side, what was chosen above, results with the words that matched."""

from collections.abc import Sequence
from dataclasses import dataclass

from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.view import Value
from solld.model import Settings

Marked = tuple[tuple[str, bool], ...]  # pieces of a text, and whether each is a word that was asked for


@dataclass(frozen=True)
class Option:
    """A value that a search can be narrowed by, or that it is narrowed by: its link takes it away then."""

    label: Value
    count: str
    href: str
    chosen: bool = False
    below: tuple["Option", ...] = ()
    opened: bool = False  # one of those below is chosen, or it is itself


@dataclass(frozen=True)
class Group:
    """A facet with its values."""

    name: str
    label: str
    options: tuple[Option, ...]
    opened: bool = False


@dataclass(frozen=True)
class Result:
    """One line of the results."""

    href: str
    name: Marked
    language: str = ""  # of the name, if it is another than the page's
    types: tuple[Value, ...] = ()
    place: Marked = ()
    others: tuple[Marked, ...] = ()  # other names that have a word that was asked for
    line: Marked = ()
    line_language: str = ""


@dataclass(frozen=True)
class Listing:
    """What the page shows. Addresses are local."""

    text: str
    total: int
    results: tuple[Result, ...]
    groups: tuple[Group, ...]
    chosen: tuple[tuple[str, str, Value, str], ...]  # facet's name and label, value, address without it
    hidden: tuple[tuple[str, str], ...]  # what a form has to keep
    corrected: tuple[tuple[str, str], ...]
    short_for: tuple[Result, ...]  # what the text may be the initials of
    page: int
    pages: int
    previous: str
    next: str
    by_name: bool
    sorts: tuple[str, str]  # address by relevance, by name
    without_words: tuple[tuple[str, str, int], ...]  # word, address of a search for it alone, results
    clear: str  # address without anything that was chosen
    box: str
    formats: tuple[tuple[str, str], ...]
    map: str
    sparql: str
    query: str  # in SPARQL
    first: int = 0  # number of the first result that is shown


def page(settings: Settings, language: str, root: str, release: int, listing: Listing) -> bytes:
    """The page in HTML."""
    variables = Frame(settings, language, root, release).values()
    return TEMPLATE.render(variables, s=listing).encode()


def shortened(values: Sequence[Option], most: int) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """The first values of a facet with those that are chosen, and the rest."""
    first = [each for number, each in enumerate(values) if number < most or each.opened]
    return tuple(first), tuple(each for each in values if each not in first)


ENVIRONMENT.filters["shortened"] = shortened
TEMPLATE = ENVIRONMENT.get_template("search.html")
