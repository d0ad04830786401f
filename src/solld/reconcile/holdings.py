"""What the reconciliation service answers from: the release, its index, its terms, and what became of identifiers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from solld.addresses import is_identifier, normalise
from solld.fates import Fates
from solld.findable import unpacked
from solld.index import Names
from solld.link.likeness import Rarity
from solld.link.record import Record
from solld.model import Ontology
from solld.rdf import DEFAULT, NamedNode
from solld.reconcile.terms import Term, Terms
from solld.stores import Quads

SPACE = "id"  # what is reconciled are things that have identifiers
STANDS, MERGED, WITHDRAWN, UNKNOWN = "stands", "merged", "withdrawn", "unknown"


@dataclass(frozen=True)
class Standing:
    """An identifier that was asked for, and what became of it."""

    asked: str
    id: str  # where it leads
    state: str
    record: Record | None = None  # unless it is withdrawn or unknown


class Counts(Mapping[str, int]):
    """word -> in how many names it is, which the index knows."""

    def __init__(self, names: Names):
        self._names = names
        self._known: dict[str, int] = {}

    def __getitem__(self, word: str) -> int:
        if word not in self._known:
            self._known[word] = self._names.frequency(word)
        return self._known[word]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


@dataclass(frozen=True)
class Holdings:
    """A release, as it is reconciled with."""

    base: str
    store: Quads
    ontology: Ontology
    fates: Fates
    names: Names
    terms: Terms
    languages: tuple[str, ...] = ()  # of the pages

    @cached_property
    def rarity(self) -> Rarity:
        return Rarity(Counts(self.names), self.names.size)

    @cached_property
    def populated(self) -> tuple[tuple[Term, int], ...]:
        """The classes that things have, and how many, the largest first."""
        counted = ((term, self.names.count(term.iri, SPACE)) for term in self.terms.types.values())
        return tuple(sorted((each for each in counted if each[1]), key=lambda each: (-each[1], each[0].id)))

    @cached_property
    def nearest(self) -> Callable[[frozenset[str]], list[str]]:
        """Classes -> those of them above none of the others, sorted; the same few sets come again and again."""

        @lru_cache(maxsize=1000)
        def nearest(types: frozenset[str]) -> list[str]:
            above = {each for iri in types for each in self.ontology.superclasses.get(iri, ())[1:]}
            return sorted(types - above)

        return nearest

    @cached_property
    def called(self) -> Mapping[str, tuple[str, ...]]:
        """Class or concept of the ontology -> its names, with the id that it has here."""
        ids = {term.iri: term.id for term in self.terms.types.values()}
        known = self.ontology.labels
        return {iri: (*known.get(iri, {}).values(), *([ids[iri]] if iri in ids else [])) for iri in {*known, *ids}}

    def iri(self, identifier: str) -> str:
        return f"{self.base}{SPACE}/{identifier}"

    def standing(self, text: str) -> Standing:
        """What became of an identifier, written in any way that we give it to people."""
        asked = self.identifier(text)
        if not asked:
            return Standing(text, text, UNKNOWN)
        target = self.fates.merged.get(asked, asked)
        if asked in self.fates.hidden or target in self.fates.withdrawn:
            return Standing(text, target, WITHDRAWN)
        hit = self.names.of(self.iri(target))
        if hit is None:
            return Standing(text, target, UNKNOWN if self._is_unsaid(target) else STANDS)
        return Standing(text, target, MERGED if target != asked else STANDS, unpacked(hit.record))

    def identifier(self, text: str) -> str:
        """The identifier that a text is: bare, as a path, as an IRI; "" for another text."""
        last = text.strip().removeprefix(self.base)
        if "/" in last:
            path, _, last = last.rpartition("/")
            if path.lstrip("/").rpartition("/")[2] not in (SPACE, "doc") or ("//" in path and self.base not in text):
                return ""
        plain = normalise(last)
        return plain if is_identifier(plain) else ""

    def _is_unsaid(self, identifier: str) -> bool:
        return next(iter(self.store.quads(NamedNode(self.iri(identifier)), None, None, DEFAULT)), None) is None
