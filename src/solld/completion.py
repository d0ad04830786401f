"""What a query can name: the classes and properties that the data have, how often, and which stand together.

Counts are those of the catalogue (VoID partitions); which properties things of a class have is told from some of them.
https://www.w3.org/TR/void/#class-property-partitions
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from solld.formats.labels import short
from solld.model import Ontology
from solld.ontology import best
from solld.rdf import RDF, VOID, Literal, NamedNode
from solld.sparql import prefixes
from solld.stores import Store

CLASSES = 200  # the most frequent ones, for which properties are looked at
LOOKED_AT = 60  # things of each class
PARTITIONS = f"""SELECT ?term (SUM(?n) AS ?all) WHERE {{
  GRAPH $graph {{ ?catalog {VOID.subset} ?set . ?set $kind ?part . ?part $says ?term ; $number ?n }}
}} GROUP BY ?term"""
PROPERTIES = f"""SELECT ?property (COUNT(DISTINCT ?thing) AS ?n) WHERE {{
  {{ SELECT ?thing WHERE {{ ?thing {RDF.type} $class }} LIMIT {LOOKED_AT} }}
  ?thing ?property ?value
}} GROUP BY ?property"""


@dataclass(frozen=True)
class Used:
    """The terms of a release: IRI -> how often, the most frequent first; class -> its properties, usual ones first."""

    classes: Mapping[str, int]
    properties: Mapping[str, int]
    of: Mapping[str, tuple[str, ...]]


class Completion:
    """The terms of a release, told to editors."""

    def __init__(self, store: Store, catalog: NamedNode, ontology: Ontology, site: Mapping[str, str]):
        self._store, self._catalog, self._ontology = store, catalog, ontology
        self._prefixes = prefixes.known(site)
        self._site = site

    @cached_property
    def used(self) -> Used:
        """Asked once for a release."""
        classes = self._partitions(VOID.classPartition, VOID["class"], VOID.entities)
        properties = self._partitions(VOID.propertyPartition, VOID.property, VOID.triples)
        of = {each: self._properties(each) for each in list(classes)[:CLASSES]}
        derived = sorted({each for found in of.values() for each in found} - properties.keys())
        return Used(classes, properties | dict.fromkeys(derived, 0), of)

    def told(self, language: str, tags: tuple[str, ...]) -> dict[str, Any]:
        """The terms in a language: names as a query writes them, labels, counts; in `of` numbers of properties."""
        numbers = {iri: number for number, iri in enumerate(self.used.properties)}
        return {
            "language": language,
            "prefixes": self._prefixes,
            "classes": [
                self._term(iri, count, tags) | {"of": [numbers[each] for each in self.used.of.get(iri, ())]}
                for iri, count in self.used.classes.items()
            ],
            "properties": [self._term(iri, count, tags) for iri, count in self.used.properties.items()],
        }

    def _term(self, iri: str, count: int, tags: Iterable[str]) -> dict[str, Any]:
        name = short(iri, self._site)
        if ":" not in name or name == iri:
            name = short(iri, self._prefixes)
        label = best(self._ontology.labels.get(iri, {}), tags)
        told = {"iri": iri, "name": name if ":" in name and name != iri else f"<{iri}>"}
        return told | ({"label": label[0]} if label else {}) | ({"count": count} if count else {})

    def _partitions(self, kind: NamedNode, says: NamedNode, number: NamedNode) -> dict[str, int]:
        rows = self._store.select(_bound(PARTITIONS, graph=self._catalog, kind=kind, says=says, number=number))
        found = [(row[0].value, _number(row[1])) for row in rows if isinstance(row[0], NamedNode)]
        return dict(sorted(found, key=lambda each: (-each[1], each[0])))

    def _properties(self, iri: str) -> tuple[str, ...]:
        rows = self._store.select(_bound(PROPERTIES, **{"class": NamedNode(iri)}))
        found = [(row[0].value, _number(row[1])) for row in rows if isinstance(row[0], NamedNode)]
        return tuple(each for each, _ in sorted(found, key=lambda each: (-each[1], each[0])))


def _bound(query: str, **terms: NamedNode) -> str:
    for name, term in terms.items():
        query = query.replace(f"${name}", str(term))
    return query


def _number(term: object) -> int:
    return int(term.value) if isinstance(term, Literal) else 0
