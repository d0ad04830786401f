"""The entries of a directory, as the site's own query `queries/exports/directory.rq` finds them.

A row of the query says of ?id what its other variables have; an entry is all that its rows say. Columns that are not
among COLUMNS are left aside.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from solld import release
from solld.exports import Source
from solld.model import Settings
from solld.negotiate import lookup_tags
from solld.rdf import Literal, NamedNode, Term
from solld.stores.embedded import EmbeddedStore

QUERY = "directory"
COLUMNS = {
    "name": "a name of it",
    "alias": "another name",
    "description": "a sentence about it",
    "category": "what it is or does, in words",
    "structure": "IRI of its legal or organisational structure",
    "activity": "IRI of a field that it is active in",
    "membership": "IRI of a kind of membership",
    "latitude": "in degrees, WGS 84",
    "longitude": "in degrees, WGS 84",
    "street": "of its address",
    "locality": "of its address",
    "region": "of its address",
    "postcode": "of its address",
    "country": "two letters, ISO 3166",
    "website": "IRI",
    "email": "an address that is not a person's",
    "phone": "a number that is not a person's",
    "identical": "IRI of the same thing elsewhere, as Wikidata has it",
    "kind": "IRI of the Wikidata item of what it is",
    "source": "name of who says so",
}


@dataclass(frozen=True)
class Entry:
    """One thing; the values of each column in their order, each once."""

    iri: str
    values: dict[str, list[Term]] = field(default_factory=lambda: defaultdict(list))

    def texts(self, column: str) -> list[str]:
        return [str(each.value) for each in self.values.get(column, ()) if isinstance(each, Literal | NamedNode)]

    def first(self, column: str) -> str:
        return next(iter(self.texts(column)), "")

    def spoken(self, column: str, tags: Iterable[str]) -> str:
        """The value in the first of the languages that it has; "" is any."""
        by_tag = {each.language or "": each.value for each in self.literals(column)[::-1]}
        return next((by_tag[tag] for tag in tags if tag in by_tag), self.first(column))

    def literals(self, column: str) -> list[Literal]:
        return [each for each in self.values.get(column, ()) if isinstance(each, Literal)]

    def point(self) -> tuple[float, float] | None:
        """Latitude and longitude."""
        try:
            latitude, longitude = float(self.first("latitude")), float(self.first("longitude"))
        except ValueError:
            return None
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def path(settings: Settings) -> Path:
    return settings.folder / "queries" / "exports" / f"{QUERY}.rq"


def is_there(settings: Settings) -> bool:
    """Whether the site has a directory."""
    return path(settings).exists()


def entries(source: Source) -> Iterator[Entry]:
    """The entries, by IRI. The query is the site's own: it may take the time that it takes."""
    query = path(source.settings).read_text(encoding="utf-8")
    store = EmbeddedStore.open(release.folder_of(source.settings, source.number) / "store")
    names, rows = store.table(query)
    found: dict[str, Entry] = {}
    for row in rows:
        said = dict(zip(names, row, strict=True))
        thing = said.pop("id", None)
        if not isinstance(thing, NamedNode):
            continue
        entry = found.setdefault(thing.value, Entry(thing.value))
        for column, value in said.items():
            if value is not None and value not in entry.values[column]:
                entry.values[column].append(value)
    for entry in found.values():
        for values in entry.values.values():
            values.sort(key=str)  # rows come in any order
    return (found[iri] for iri in sorted(found))


def tags(settings: Settings) -> list[str]:
    """The languages of texts, best first: those of the site, then any."""
    return list(
        dict.fromkeys(tag for language in settings.languages for tag in lookup_tags(language, settings.languages))
    )


def identifier(source: Source, entry: Entry) -> str:
    """What an entry is called in lists: its identifier, or the whole IRI of what has none of ours."""
    return entry.iri.removeprefix(f"{source.settings.base}id/")
