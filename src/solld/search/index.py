"""The index that searches are answered from; with `solld.index` and `counting` the home of tantivy.

One document for each resource that has a name or a description:

    iri     raw, stored           lat lon  a point, for maps       cell  raw, the cells it is in, for boxes
    name    raw, folded words of what it is called    called  raw, its names without blanks
    text    raw, all folded words it is found by      begins  raw, the first words of its names, see `_beginnings`
    facet   JSON: facet -> values, IRIs or texts      sets    JSON: facet -> its values as one term, for counting
    row     stored bytes: what a list shows of it     order   its name, folded, for sorting
    weight  how much points at it: the logarithm, times ten

It is a cache, as the index of names is; its segment files never change, so a release starts from the one before.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import tantivy

from solld.index import Opened, written
from solld.search import counting
from solld.search.cells import Box, cells, cover

VERSION = 3
BEGINNING = 4  # letters from which on names that begin so come first
DEEP = 3  # words of a name that are kept as what it begins with
EXPANDED = 48  # words that begin as one that is asked for, up to which each is looked for
ORDERED = 100  # letters of a name that are sorted by
WORLD = "0/0/0"  # the cell that every point is in


@dataclass(frozen=True)
class Entry:
    """What the index has of a resource; one without a row is not in it."""

    iri: str
    names: Sequence[str] = ()  # words
    texts: Iterable[str] = ()  # words
    called: Iterable[str] = ()  # names, folded
    facets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    point: tuple[float, float] | None = None
    weight: int = 0
    order: str = ""
    row: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Wanted:
    """What is looked for: all of the words, all of the facets' values, within the box."""

    words: Sequence[str] = ()
    whole: frozenset[str] = frozenset()  # words that are not to be the beginning of longer ones
    called: str = ""  # folded; what is called just so comes first, then what begins so
    facets: Sequence[tuple[str, str]] = ()
    box: Box | None = None
    pointed: bool = False  # only what has a point
    iris: tuple[str, ...] = ()  # only these


@dataclass(frozen=True)
class Hit:
    """A document that was found."""

    iri: str
    row: Mapping[str, Any] = field(repr=False)


def update(folder: Path, entries: Iterable[Entry], removed: Iterable[str]) -> int:
    """Replaces what the index has of resources. Returns how many documents it has then."""
    documents = ((each.iri, _document(each) if each.row is not None else None) for each in entries)
    return written(folder, schema(), documents, removed)


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document(
        iri=[entry.iri],
        name=list(entry.names),
        text=sorted(set(entry.texts)),
        called=sorted({_joined(name) for name in entry.called}),
        begins=sorted({each for name in entry.called for each in _beginnings(name)}),
        order=[entry.order[:ORDERED]],
        row=[json.dumps(entry.row, ensure_ascii=False, separators=(",", ":")).encode()],
    )
    document.add_unsigned("weight", entry.weight)
    facets = {name: list(values) for name, values in entry.facets.items() if values}
    document.add_json("facet", facets)
    document.add_json("sets", {name: counting.written(values) for name, values in facets.items()})
    if entry.point:
        document.add_float("lat", entry.point[0])
        document.add_float("lon", entry.point[1])
        for cell in cells(*entry.point):
            document.add_text("cell", cell)
    return document


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", tokenizer_name="raw", index_option="freq")
    for name in ("text", "called", "begins", "cell"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("facet", "sets"):
        builder.add_json_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("lat", "lon"):
        builder.add_float_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("weight", indexed=False, fast=True)
    builder.add_text_field("order", fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("row", stored=True, indexed=False)
    return builder.build()


class Index(Opened):
    """The index of searches of a release."""

    VERSION = VERSION
    schema = staticmethod(schema)

    def frequency(self, word: str) -> int:
        """How many resources have a word."""
        return int(self._searcher.doc_freq("text", word))

    def beginning(self, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Words that begin so, with how many resources have them, the most frequent first."""
        return [(word, n) for word, n in self._searcher.terms_with_prefix("text", prefix, limit=limit) if n]

    def like(self, word: str, distance: int, limit: int) -> list[Hit]:
        """Resources with words that are a typing error away, or two."""
        query = tantivy.Query.fuzzy_term_query(self._index.schema, "text", word, distance, True)
        return self._hits(self._searcher.search(query, limit, count=False).hits)

    def find(self, wanted: Wanted, limit: int, offset: int = 0, by_name: bool = False) -> list[Hit]:
        """Some of what there is: the best first, or by their names."""
        query = self._query(wanted, ranked=bool(wanted.words) and not by_name)
        if by_name:
            found = self._searcher.search(query, limit, False, "order", offset, tantivy.Order.Asc)
        elif wanted.words:
            found = self._searcher.search(query, limit, False, offset=offset, weight_by_field="weight")
        else:
            found = self._searcher.search(query, limit, False, "weight", offset)
        return self._hits(found.hits)

    def count(self, wanted: Wanted) -> int:
        return int(self._searcher.search(self._query(wanted), 1).count or 0)  # type: ignore[attr-defined]

    def facets(self, wanted: Wanted, sizes: Mapping[str, int]) -> tuple[int, dict[str, counting.Counts]]:
        """How many there are, and of each facet as many values of these, with how many have them."""
        return counting.counts(self._searcher, self._query(wanted), sizes, {name: self._sets(name) for name in sizes})

    @cached_property
    def _sets(self) -> Callable[[str], counting.Sets | None]:
        return cache(lambda name: counting.few_sets(self._searcher, name))

    def values(self, iri: str, names: Iterable[str]) -> dict[str, list[tuple[str, int]]]:
        """The values that one resource has of facets."""
        asked = {name: {"terms": {"field": f"facet.{name}", "size": counting.EXACT}} for name in names}
        told = self._searcher.aggregate(self._term("iri", iri), asked)
        return {name: [(str(each["key"]), 1) for each in found["buckets"]] for name, found in told.items()}

    def points(self, wanted: Wanted, limit: int) -> tuple[list[float], list[float], list[tantivy.DocAddress]]:
        """Latitudes, longitudes and addresses of what is found and has a point; `at` tells more of an address."""
        hits = self._searcher.search(self._query(replace(wanted, pointed=True)), limit, False, "weight").hits
        addresses = [address for _, address in hits]
        return self._values("lat", addresses), self._values("lon", addresses), addresses

    def _values(self, name: str, addresses: list[Any]) -> list[float]:
        return self._searcher.fast_field_values(name, addresses)  # type: ignore[return-value]  # they are of floats

    def at(self, segment: int, document: int) -> Hit:
        """What is at an address."""
        return self._hits([(0, tantivy.DocAddress(segment, document))])[0]

    def of(self, iri: str) -> Hit | None:
        """What the index has of a resource."""
        hits = self._hits(self._searcher.search(self._term("iri", iri), 1, count=False).hits)
        return hits[0] if hits else None

    # Queries ----------------------------------------------------------------------------------------------------------

    def _hits(self, hits: Iterable[tuple[Any, Any]]) -> list[Hit]:
        documents = (self._searcher.doc(address) for _, address in hits)
        return [Hit(str(d.get_first("iri")), json.loads(bytes(d.get_first("row") or b"{}"))) for d in documents]

    def _query(self, wanted: Wanted, ranked: bool = False) -> tantivy.Query:
        """What is wanted; ranked it takes longer, for what is better has to be found out of each result."""
        having = [(self._best if ranked else self._having)(word, word in wanted.whole) for word in wanted.words]
        musts = [self._silent(self._term(f"facet.{name}", value)) for name, value in wanted.facets]
        if wanted.iris:
            musts.append(self._silent(self._ones("iri", wanted.iris)))
        if wanted.box or wanted.pointed:
            musts.append(self._silent(self._within(wanted.box) if wanted.box else self._term("cell", WORLD)))
        better = self._called(wanted.called) if ranked else []
        if better and wanted.words == (wanted.called,):  # what is called so has the word: one union is quicker
            having, better = [_any_of([*having, *better])], []
        if not having and not musts:
            return tantivy.Query.all_query()
        if not better:
            return _all_of([*having, *musts])
        return tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, each) for each in (*having, *musts)]
            + [(tantivy.Occur.Should, each) for each in better]
        )

    def _called(self, name: str) -> list[tantivy.Query]:
        """What is called just so, and what begins so: it is meant more often than what has it in its middle."""
        called = _joined(name)
        found = [self._boosted("called", called, 4.0)] if called else []
        return [*found, tantivy.Query.const_score_query(self._begins(name), 6.0)] if len(called) >= BEGINNING else found

    def _having(self, word: str, whole: bool) -> tantivy.Query:
        """What has a word."""
        longer = self._longer_than(word, whole)
        return self._longer("text", word, [word, *longer]) if longer else self._term("text", word)

    def _best(self, word: str, whole: bool) -> tantivy.Query:
        """What has a word: better in its name, and as it is written than as the beginning of another."""
        options = [self._boosted("name", word, 3.0), self._term("text", word)]
        longer = self._longer_than(word, whole)
        for name, boost in (("name", 8.0), ("text", 0.2)) if longer else ():
            options.append(tantivy.Query.const_score_query(self._longer(name, word, longer), boost))
        return _any_of(options)

    def _longer_than(self, word: str, whole: bool) -> list[str]:
        return [] if whole else [each for each, _ in self.beginning(word, EXPANDED + 1) if each != word]

    def _begins(self, called: str) -> tantivy.Query:
        """What has a name that begins so; of one with more words than the index keeps, with the first of them."""
        first = _beginnings(called)[-1]
        if len(called.split()) > DEEP:
            return self._term("begins", first)
        found = self._searcher.terms_with_prefix("begins", first, limit=EXPANDED)
        return self._longer("begins", first, [each for each, _ in found])

    def _longer(self, name: str, start: str, terms: Sequence[str]) -> tantivy.Query:
        """What has one of the terms of a field that begin so; if there are many, `terms` are some of them."""
        # An expression costs a millisecond for a million resources, whatever it finds; a word next to nothing.
        if len(terms) < EXPANDED:
            return self._ones(name, terms)
        return tantivy.Query.regex_query(self._index.schema, name, _escaped(start) + ".*")

    def _within(self, box: Box) -> tantivy.Query:
        """What is in a box, which may go through the 180th meridian (RFC 7946 section 5.2)."""
        west, south, east, north = box
        if west > east:
            return _any_of([self._within((west, south, 180.0, north)), self._within((-180.0, south, east, north))])
        inside, edge = cover(box)
        there = _all_of([self._ones("cell", edge), self._range("lat", south, north), self._range("lon", west, east)])
        return _any_of([self._ones("cell", inside), there])

    def _range(self, name: str, low: float, high: float) -> tantivy.Query:
        return tantivy.Query.range_query(self._index.schema, name, tantivy.FieldType.Float, low, high)

    def _ones(self, name: str, values: Iterable[str]) -> tantivy.Query:
        several = list(values)
        if len(several) > EXPANDED:  # then one set of documents is quicker than as many lists of them
            return tantivy.Query.term_set_query(self._index.schema, name, several)
        return _any_of([self._term(name, each) for each in several])

    def _silent(self, query: tantivy.Query) -> tantivy.Query:
        return tantivy.Query.const_score_query(query, 0.0)


def _any_of(options: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in options])


def _joined(name: str) -> str:
    return name.replace(" ", "")


def _beginnings(name: str) -> list[str]:
    """How many words, and these without blanks: the first, the first two, and so on.

    Names that begin so are as many terms as there are such words, few for a million names; as names they would be
    as many as there are names, and take a tenth of a second to go through.
    """
    some = name.split()[:DEEP]
    return [f"{n}{''.join(some[:n])}" for n in range(1, len(some) + 1)]


def _all_of(parts: Iterable[tantivy.Query]) -> tantivy.Query:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in parts])


def _escaped(word: str) -> str:
    """A folded word has letters and digits alone, which mean themselves in a regular expression."""
    return "".join(c if c.isalnum() else f"\\{c}" for c in word)
