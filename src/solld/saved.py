"""Answers the address of a saved query with SPARQL: what it was given becomes terms, and one page of its rows.

    /queries/{name}?place=Amiens&page=2&size=50

Whether another page follows must be known before the first byte, because Link: rel="next" is a header. So an operation
has two texts: `beyond` is asked first, and has one row if there is another page; `text` has the rows of the page, and
no other leaves the engine. Both are functions of the release, and are cached like any answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from solld.errors import BadQuery
from solld.parameters import OTHERS, terms
from solld.queries import Query, bind
from solld.rdf import Literal, NamedNode
from solld.sparql.paging import FURTHEST, LARGEST, SIZE, paged


@dataclass(frozen=True)
class Asked:
    """What an address asks of a query: its terms, and the page."""

    terms: Mapping[str, NamedNode | Literal]
    page: int = 1
    size: int = SIZE


@dataclass(frozen=True)
class Operation:
    """The SPARQL of an address; `beyond` is empty where there are no pages."""

    text: str
    beyond: str = ""

    @property
    def paged(self) -> bool:
        return bool(self.beyond)


def asked(query: Query, pairs: Iterable[tuple[str, str]], prefixes: Mapping[str, str]) -> Asked:
    """Reads the parameters of an address, percent-decoded. BadQuery says which is wrong and what is expected."""
    pairs = tuple(pairs)
    own = [(name, value) for name, value in pairs if name not in OTHERS]
    return Asked(
        terms(query.parameters, own, prefixes),
        _number(pairs, "page", 1, FURTHEST),
        _number(pairs, "size", SIZE, LARGEST),
    )


def _number(pairs: tuple[tuple[str, str], ...], name: str, default: int, largest: int) -> int:
    values = [value for key, value in pairs if key == name and value]
    if len(values) > 1:
        raise BadQuery(f"{name} is given more than once; it has one value")
    if not values:
        return default
    text = values[0]
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(largest)) and 1 <= int(text) <= largest):
        raise BadQuery(f"{name}={text!r} is not a number from 1 to {largest}")
    return int(text)


def operation(query: Query, wanted: Asked) -> Operation:
    """The texts that answer; BadQuery for a page of what has none, or one that lies too far away."""
    text = bind(query.text, **wanted.terms)
    page = paged(text, wanted.page, wanted.size)
    if page is None:
        if wanted.page > 1:
            raise BadQuery(f"page={wanted.page}: this query has one page: it is no SELECT, or has a LIMIT of its own")
        return Operation(text)
    if wanted.page * wanted.size > FURTHEST:
        raise BadQuery(f"page={wanted.page} begins after row {FURTHEST}; narrow the question instead")
    return Operation(page.text, page.beyond)


def links(path: str, pairs: Iterable[tuple[str, str]], wanted: Asked, more: bool) -> tuple[tuple[str, str], ...]:
    """(relation, address) of the pages beside this one, with the parameters as they were given; `more`: one follows."""
    kept = [(name, value) for name, value in pairs if name != "page" and value]

    def page(number: int) -> str:
        more_pairs = [*kept, ("page", str(number))] if number > 1 else kept
        return f"{path}?{urlencode(more_pairs)}" if more_pairs else path

    found = []
    if wanted.page > 1:
        found += [("first", page(1)), ("prev", page(wanted.page - 1))]
    if more:
        found.append(("next", page(wanted.page + 1)))
    return tuple(found)
