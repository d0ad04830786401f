"""Types and properties, by the names that clients give them: an id of ours, a prefixed name, an IRI, or a label.

Beside the properties of the site there are those of a record, which are called as schema.org calls them, whatever the
site calls its own: what is known of every site can be asked of every site.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from solld import ontology as display
from solld.errors import BadQuery
from solld.formats.labels import short
from solld.link.folding import folded
from solld.messages import load
from solld.model import Ontology

RECORD = (  # what a record says, best known first
    *("name", "addressLocality", "postalCode", "addressCountry", "url", "identifier", "wikidata", "sameAs"),
    *("type", "classification", "streetAddress", "addressRegion", "geo", "latitude", "longitude", "telephone"),
    *("alternateName", "foundingDate", "dissolutionDate", "description", "dataset", "license", "status"),
)
TOLD = ("description", "dataset", "license", "status")  # only for extension: nothing is compared with them
SHOWN = 5  # names that a complaint offers


@dataclass(frozen=True)
class Term:
    """A class or a property."""

    id: str
    iri: str  # "" for what a record says
    labels: Mapping[str, str] = field(default_factory=dict)

    def name(self, tags: tuple[str, ...]) -> str:
        """Its label in the first of these languages."""
        found = display.best(self.labels, tags)
        return found[0] if found else self.id.rpartition(":")[2]


@dataclass(frozen=True)
class Terms:
    """All that can be named."""

    types: Mapping[str, Term]
    properties: Mapping[str, Term]

    @cached_property
    def type_of(self) -> Mapping[str, Term]:
        """Class, by IRI -> its term."""
        return {each.iri: each for each in self.types.values()}

    @cached_property
    def _types(self) -> Mapping[str, Term]:
        return _called(self.types.values())

    @cached_property
    def _properties(self) -> Mapping[str, Term]:
        return _called(self.properties.values())

    def type(self, name: str) -> Term:
        """BadQuery if there is none."""
        return _found(self.types, self._types, name, "type")

    def property(self, name: str) -> Term:
        """BadQuery if there is none."""
        return _found(self.properties, self._properties, name, "property")


def terms(ontology: Ontology, classes: Iterable[str], properties: Iterable[str], prefixes: Mapping[str, str]) -> Terms:
    """The terms of a release: its classes with those above them, its properties, and what records say."""
    above = {each for iri in classes for each in display.classes(ontology, (iri,))}
    known = load()
    record = {each: Term(each, "", known[f"reconcile_{each}"]) for each in RECORD}
    return Terms(
        {each.id: each for each in sorted(_terms(ontology, above, prefixes), key=lambda term: term.id)},
        record | {each.id: each for each in sorted(_terms(ontology, properties, prefixes), key=lambda term: term.id)},
    )


def _terms(ontology: Ontology, iris: Iterable[str], prefixes: Mapping[str, str]) -> Iterable[Term]:
    for iri in iris:
        name = short(iri, prefixes)
        yield Term(name if ":" in name else iri, iri, ontology.labels.get(iri, {}))


def _called(terms: Iterable[Term]) -> Mapping[str, Term]:
    """Any other name -> what alone is called so: IRIs, last parts of them, labels."""
    found: dict[str, Term | None] = {}
    for each in terms:
        local = each.id.rpartition(":")[2]
        for name in {each.iri, folded(local), *map(folded, each.labels.values())} - {""}:
            found[name] = each if found.get(name, each) is each else None
    return {name: each for name, each in found.items() if each}


def _found(known: Mapping[str, Term], called: Mapping[str, Term], name: str, what: str) -> Term:
    term = known.get(name) or called.get(name) or called.get(folded(name))
    if term is None:
        some = ", ".join(list(known)[:SHOWN])
        raise BadQuery(f"there is no {what} {name!r}; there are {some} and others: suggest/{what}?prefix= lists them")
    return term
