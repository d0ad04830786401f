"""What the index of searches has of a resource, read from the merged view in a release's store."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from solld.leading import Leading
from solld.link.folding import degrees, folded
from solld.model import Ontology
from solld.rdf import DEFAULT, RDF, SCHEMA, SKOS, Literal, NamedNode, Term, document_of
from solld.search import words
from solld.search.fields import LATITUDES, LONGITUDES, Facet, Fields
from solld.search.index import Entry
from solld.search.paths import Path, Properties, Quads, Steps, forward, of

SPACES = ("id/", "scheme/")  # where things and concepts are
VALUES = 500  # of a facet of one thing; more are those of lists
WORDS = 5000  # of one thing
POINTING = 1024  # what points at a thing is counted up to this
SUMMARY = 300  # characters of a description that a list shows
LOCALITY = Path(
    "sequence",
    parts=(
        of(SCHEMA.location),
        Path(
            "alternative",
            parts=(
                Path("sequence", parts=(of(SCHEMA.address), of(SCHEMA.addressLocality))),
                of(SKOS.prefLabel),
            ),
        ),
    ),
)


@dataclass(frozen=True)
class Release:
    """A release's merged view, as searches see it. `quads` reads it with its named graphs."""

    base: str
    fields: Fields
    shown: Ontology
    leading: Leading
    quads: Quads
    language: str  # whose names things are sorted by

    @cached_property
    def steps(self) -> Steps:
        return Steps(self.quads, kept=True)

    def entries(self, iris: Iterable[str]) -> Iterator[Entry]:
        """What the index has of these; of what has neither name nor description, and of what is no more, nothing."""
        for iri in iris:
            if iri.startswith(tuple(self.base + space for space in SPACES)) and "#" not in iri:
                yield self.entry(iri)

    def entry(self, iri: str) -> Entry:
        thing = NamedNode(iri)
        said = self._said(thing)
        names = _texts(said, self.fields.names)
        labels = _texts(said, self.shown.label_predicates)
        descriptions = _texts(said, self.shown.description_predicates)
        if (not labels and not descriptions) or iri in self.leading.to:
            return Entry(iri)
        texts = [term.value for term in forward(self.fields.text, self.steps, [thing]) if isinstance(term, Literal)]
        point = self._point(thing)
        facets = {facet.name: self._values(facet, thing) for facet in self.fields.facets if not facet.is_source}
        facets |= {facet.name: self._sources(thing) for facet in self.fields.facets if facet.is_source}
        return Entry(
            iri,
            list(dict.fromkeys(word for text in names for word in words.words(text.value))),
            set(islice((word for text in (*(n.value for n in names), *texts) for word in words.words(text)), WORDS)),
            {folded(text.value) for text in names},
            facets,
            point,
            self._weight(thing, facets),
            folded(_best(labels or descriptions, self.language)),
            self._row(thing, said, labels, descriptions, point),
        )

    def _said(self, node: NamedNode) -> Properties:
        assert self.steps.said
        return self.steps.said(node)

    def _row(
        self,
        thing: NamedNode,
        said: Properties,
        labels: list[Literal],
        descriptions: list[Literal],
        point: tuple[float, float] | None,
    ) -> dict[str, object]:
        """Names, descriptions, types, other names, places and point; what is empty is not there."""
        others = [t.value for t in _texts(said, self.fields.names) if t.value not in {each.value for each in labels}]
        places = [t.value for t in forward(LOCALITY, self.steps, [thing]) if isinstance(t, Literal)]
        row = {
            "n": _by_language(labels),
            "d": {tag: _shortened(text) for tag, text in _by_language(descriptions).items()},
            "t": [t.value for t in said.get(RDF.type, ()) if isinstance(t, NamedNode)],
            "o": list(dict.fromkeys(others))[:5],
            "p": list(dict.fromkeys(places))[:3],
            "x": list(point) if point else [],
        }
        return {key: value for key, value in row.items() if value}

    def _values(self, facet: Facet, thing: NamedNode) -> list[str]:
        """What its path leads to: IRIs that are not part of the thing, and texts."""
        found: Iterable[Term] = forward(facet.path, self.steps, [thing])
        if facet.scheme:
            found = (term for term in found if isinstance(term, NamedNode) and self._is_of(term, facet.scheme))
        terms = (
            term.value for term in found if not isinstance(term, NamedNode) or document_of(term.value) != thing.value
        )
        return list(dict.fromkeys(value for value in islice(terms, VALUES) if value))

    def _is_of(self, concept: NamedNode, scheme: str) -> bool:
        return NamedNode(scheme) in self.steps.objects(concept, SKOS.inScheme)

    def _sources(self, thing: NamedNode) -> list[str]:
        """The datasets that say something of it, or of what leads to it."""
        prefix = f"{self.base}dataset/"
        graphs = {
            getattr(quad.graph_name, "value", "")
            for each in self.leading.sources(thing)
            for quad in self.quads(each, None, None, None)  # type: ignore[arg-type]
        }
        return sorted(graph for graph in graphs if graph.startswith(prefix))

    def _point(self, thing: NamedNode) -> tuple[float, float] | None:
        for node in forward(self.fields.point, self.steps, [thing]):
            if isinstance(node, NamedNode):
                said = self._said(node)
                north, east = (_first(said, predicates) for predicates in (LATITUDES, LONGITUDES))
                if point := degrees(north, east):
                    return point
        return None

    def _weight(self, thing: NamedNode, facets: Mapping[str, list[str]]) -> int:
        """0 to 20: how prominent a thing is. Of concepts and sources, at which nearly everything points, nothing."""
        if not any(each.first in facets[each.name] for each in self.fields.facets if each.first):
            return 0
        pointing = sum(1 for _ in islice(self.quads(None, None, thing, DEFAULT), POINTING))
        return 10 + int(math.log2(1 + pointing))


def _first(said: Properties, predicates: Iterable[NamedNode]) -> str:
    return next((said[each][0].value for each in predicates if each in said), "")


def _texts(said: Properties, predicates: Iterable[NamedNode]) -> list[Literal]:
    return [term for predicate in predicates for term in said.get(predicate, ()) if isinstance(term, Literal)]


def _by_language(texts: Iterable[Literal]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        found.setdefault(text.language or "", text.value)
    return found


def _best(texts: list[Literal], language: str) -> str:
    return next((text.value for text in texts if text.language == language), texts[0].value)


def _shortened(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SUMMARY else plain[:SUMMARY].rpartition(" ")[0] + " …"
