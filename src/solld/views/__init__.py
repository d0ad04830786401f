"""Views: pages that a query of the site makes, `queries/pages/<name>.rq`; the names of its columns say what is what.

What a network, a value or an event is the query knows, and nobody else. A site without the file has no such page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solld import queries
from solld.errors import BadSite
from solld.queries import Query
from solld.sparql.outline import outlined

FOLDER = "pages"  # of queries/
READER = "reader"  # the parameter that a view may have: the language of who reads
SAID = ("wording", "language", "source", "document")  # the words of a source; rows that differ in them only are one


@dataclass(frozen=True)
class Kind:
    """A kind of view: columns that it must have, and those that it may have."""

    needed: tuple[str, ...]
    known: tuple[str, ...]


# In the order of the navigation.
KINDS: Mapping[str, Kind] = {
    "networks": Kind(
        ("from", "to", "kind"), ("fromType", "toType", "directed", "evidence", "line", "statement", "note", *SAID)
    ),
    "values": Kind(
        ("row", "column"), ("group", "columnType", "heading", "evidence", "statement", "via", "note", *SAID)
    ),
    "timeline": Kind(("thing", "what", "date"), ("end", "words", "evidence", "statement", *SAID)),
}


def load(folder: Path) -> Mapping[str, Query]:
    """The views of a site, by name, from its folder of queries. BadSite says what is wrong with one."""
    found = {query.name: query for query in queries.load(folder / FOLDER)}
    for name, query in found.items():
        _check(folder / FOLDER / f"{name}.rq", query)
    return {name: found[name] for name in KINDS if name in found}


def _check(path: Path, query: Query) -> None:
    kind = KINDS.get(query.name)
    if kind is None:
        raise BadSite(path, f"there is no page /{query.name} that a query makes; there are {', '.join(KINDS)}")
    outline = outlined(query.text)
    if outline.kind != "select" or outline.end is None:
        raise BadSite(path, "a page is made of all the rows of a SELECT: one without LIMIT and OFFSET")
    if not outline.projected:
        raise BadSite(path, "name the columns: SELECT * does not tell which there are")
    missing = [each for each in kind.needed if each not in outline.variables]
    if missing:
        raise BadSite(path, f"the column ?{missing[0]} is missing")
    unknown = [each for each in outline.variables if each not in (*kind.needed, *kind.known)]
    if unknown:
        raise BadSite(path, f"there is no column ?{unknown[0]}; there are ?{', ?'.join((*kind.needed, *kind.known))}")
    if [(each.name, each.type) for each in query.parameters] not in ([], [(READER, "language")]):
        raise BadSite(path, f"a page has one parameter at most: ${READER} language")
