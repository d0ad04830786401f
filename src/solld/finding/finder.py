"""Answers searches from the index of a release."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from solld.findable import acronym_key
from solld.finding.asked import Asked, encoded, short_of
from solld.finding.correcting import corrected, known
from solld.formats.view import Value
from solld.index import Names
from solld.link.folding import folded
from solld.model import Sharing
from solld.rdf import RDF, NamedNode
from solld.search import words
from solld.search.counting import Counts
from solld.search.fields import Facet, Fields
from solld.search.index import Hit, Index, Wanted
from solld.search.paths import Steps, forward
from solld.stores import Quads

SHOWN, BRANCHES = 100, 1000  # values of a facet that are told, the most frequent ones; of one that is a tree
INITIALS = range(3, 9)  # letters of a word that may be short for a name
STANDING, INITIALLED = 5, 50  # names that one is told it may stand for, and among how many
KEPT = 512  # counts of facets, by search: those of wide ones take longest, and are asked for most


@dataclass(frozen=True)
class Choice:
    """A value of a facet, with how many of the results have it, and those below it."""

    value: str  # IRI or text
    count: int
    chosen: bool = False
    below: tuple["Choice", ...] = ()


@dataclass(frozen=True)
class Found:
    """Results of a search: `hits` are those of the page that was asked for."""

    asked: Asked
    total: int
    hits: tuple[Hit, ...]
    facets: tuple[tuple[Facet, tuple[Choice, ...]], ...] = ()
    words: tuple[str, ...] = ()  # that were looked for
    corrected: tuple[tuple[str, str], ...] = ()  # (as it was typed, as it was looked for)
    short_for: tuple[Hit, ...] = ()  # what the text may be the initials of, beside the results


@dataclass(frozen=True)
class Finder:
    """A release that can be searched."""

    index: Index
    fields: Fields
    store: Quads
    names: Names | None = None
    shortened: dict[str, str] = field(default_factory=dict)  # a cache: IRI -> how addresses have it
    _sharing: dict[str, Sharing] = field(default_factory=dict)  # made once
    named: dict[tuple[str, str], Value] = field(default_factory=dict)  # a cache: (language, IRI) -> its name

    def find(self, asked: Asked, facets: bool = True) -> Found:
        """The results of a page, and the facets of all results."""
        looked = self._looked(asked.text)
        wanted = self.wanted(asked, looked)
        total, counts = self._counted(wanted) if facets else (self.index.count(wanted), {})
        hits = self.index.find(wanted, asked.size, (asked.page - 1) * asked.size, asked.by_name) if total else ()
        typed = dict(zip(words.asked(asked.text), looked, strict=True))
        return Found(
            asked,
            total,
            tuple(hits),
            self._choices(asked, counts),
            looked,
            tuple((one, other) for one, other in typed.items() if one != other),
            tuple(self.short_for(asked, {each.iri for each in hits})),
        )

    def short_for(self, asked: Asked, there: Iterable[str] = ()) -> Iterable[Hit]:
        """What has a name whose initials the text is, if a search has nothing but one short word."""
        initialled = self._initialled(asked.text) if asked.page == 1 else ()
        if initialled:
            hits = self.index.find(Wanted(facets=asked.chosen, box=asked.box, iris=initialled), STANDING)
            yield from (each for each in hits if each.iri not in there)

    def _initialled(self, text: str) -> tuple[str, ...]:
        word, *more = words.words(text) or [""]
        if self.names is None or not self.names.there or more or len(word) not in INITIALS:
            return ()
        if known(self.index, word):  # among many names any short word is the initials of some by chance
            return ()
        return tuple(each.iri for each in self.names.known_by([acronym_key(word)], INITIALLED))

    def wanted(self, asked: Asked, looked: tuple[str, ...] | None = None) -> Wanted:
        """What the index is asked for."""
        looked = self._looked(asked.text) if looked is None else looked
        whole = frozenset(word for word in looked if words.is_whole(word))
        return Wanted(looked, whole, folded(asked.text), asked.chosen, asked.box)

    def everything(self, asked: Asked, step: int = 5000) -> Iterable[Hit]:
        """All results, in their order."""
        wanted = self.wanted(asked)
        for offset in range(0, self.index.count(wanted), step):
            yield from self.index.find(wanted, step, offset, asked.by_name)

    def count(self, asked: Asked) -> int:
        return self.index.count(self.wanted(asked))

    def counts(self, asked: Asked) -> Mapping[str, Counts]:
        """Facet -> its values among the results, as a flat list, with how many have them."""
        return self._counted(self.wanted(asked))[1]

    def choices(self, asked: Asked) -> tuple[tuple[Facet, tuple[Choice, ...]], ...]:
        """Each facet that the results have, with its values; those of a tree stand below what they are part of."""
        return self._choices(asked, self.counts(asked))

    def _choices(self, asked: Asked, counts: Mapping[str, Counts]) -> tuple[tuple[Facet, tuple[Choice, ...]], ...]:
        return tuple(
            (each, self._tree(each, counts[each.name], asked)) for each in self.fields.facets if counts.get(each.name)
        )

    def _counted(self, wanted: Wanted) -> tuple[int, Mapping[str, Counts]]:
        # How a search is written decides what comes first, not what is found.
        same = replace(wanted, words=tuple(sorted(wanted.words)), called="")
        found: tuple[int, Mapping[str, Counts]] = self._counts(same)
        return found

    def _tree(self, facet: Facet, counts: Counts, asked: Asked) -> tuple[Choice, ...]:
        chosen = frozenset(asked.values(facet.name))
        counted = dict(counts)
        below: dict[str, list[str]] = {}
        for value, _ in counts:
            above = [each for each in self._above(facet.name, value) if each in counted] if facet.above else []
            for each in above or [""]:
                below.setdefault(each, []).append(value)

        def built(values: Iterable[str], seen: frozenset[str]) -> tuple[Choice, ...]:
            found: dict[str, Choice] = {}
            for value in values:
                if value not in seen:
                    each = Choice(value, counted[value], value in chosen, built(below.get(value, ()), seen | {value}))
                    # A value that has what one below it has tells nothing more.
                    only = each.below[0] if len(each.below) == 1 and not each.chosen else None
                    shown = only if only and only.count == each.count else each
                    found.setdefault(shown.value, shown)
            return tuple(found.values())

        return built(below.get("", ()), frozenset())

    def shared(self, base: str, prefixes: Mapping[str, str]) -> Mapping[str, Sharing]:
        """IRI of a class, or of a concept of a facet's scheme -> how many things have it, and where they are found."""
        if not self._sharing and self.index.there:
            for facet, choices in self.choices(Asked()):
                if facet.scheme or _is_of_types(facet):
                    for each in _flat(choices):
                        path = f"/search?{encoded(facet.name, short_of(each.value, base, prefixes))}"
                        self._sharing.setdefault(each.value, Sharing(each.count, path))
        return self._sharing

    @cached_property
    def _looked(self) -> Any:
        @lru_cache(maxsize=KEPT)
        def looked(text: str) -> tuple[str, ...]:
            if self._initialled(text):  # which are no typing error
                return words.asked(text)
            return tuple(corrected(self.index, word) for word in words.asked(text))

        return looked

    @cached_property
    def _counts(self) -> Any:
        @lru_cache(maxsize=KEPT)
        def counts(wanted: Wanted) -> tuple[int, Mapping[str, Counts]]:
            return self.index.facets(
                wanted, {each.name: BRANCHES if each.above else SHOWN for each in self.fields.facets}
            )

        return counts

    @cached_property
    def _above(self) -> Any:
        @lru_cache(maxsize=100_000)
        def above(name: str, value: str) -> tuple[str, ...]:
            facet = self.fields.facet(name)
            if facet is None or facet.above is None or ":" not in value:
                return ()
            return tuple(each.value for each in forward(facet.above, Steps(self.store.quads), [NamedNode(value)]))

        return above


def _flat(choices: Iterable[Choice]) -> Iterator[Choice]:
    for each in choices:
        yield each
        yield from _flat(each.below)


def _is_of_types(facet: Facet) -> bool:
    first = facet.path.parts[0] if facet.path.kind == "sequence" else facet.path
    return first.predicate == RDF.type
