"""The vocabulary as people read it: classes, properties, their shapes, and how often and where the data have them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Any

from solld import site
from solld.finding.asked import Asked
from solld.finding.telling import Teller
from solld.formats.sheet import Sheet
from solld.formats.view import Value
from solld.formats.vocabulary import Adopted, Listed, Rule, Term, Vocabulary
from solld.model import Description
from solld.ontology import Index, indexed
from solld.rdf import DEFAULT, OWL, RDF, RDFS, SH, SKOS, VOID, Literal, NamedNode
from solld.rdf import triple as plain
from solld.service import Service
from solld.web.concepts import tree
from solld.web.sheets import beside, sheet_of, teller_of

CLASSES = frozenset({OWL.Class, RDFS.Class})
PROPERTIES = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property})
TEXTS = (SKOS.definition, RDFS.comment, SKOS.scopeNote, SKOS.example)
FACTS = (
    (RDFS.subClassOf, "term_subclass"),
    (RDFS.subPropertyOf, "term_subproperty"),
    (RDFS.domain, "term_domain"),
    (RDFS.range, "term_range"),
    (OWL.inverseOf, "term_inverse"),
    (OWL.equivalentClass, "term_equivalent"),
    (OWL.equivalentProperty, "term_equivalent"),
    (RDFS.seeAlso, "term_see"),
)
STATUS = NamedNode("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")
KINDS = (SH["class"], SH.datatype, SH.node, SH.nodeKind)  # of what a shape says of values
EXAMPLES, LOOKED = 3, 30  # things that have a term, and statements among which they are looked for


def around(opened: Service, description: Description, language: str) -> Mapping[str, Any]:
    """What stands on a page beside a description: the terms of a vocabulary, the tree of a list, or views."""
    types = {each.object for each in description.about if each.predicate == RDF.type}
    if description.resource == opened.vocabulary:
        return {"vocabulary": page(opened, language)}
    if SKOS.ConceptScheme in types:
        return {"scheme": tree(opened, description.resource, language)}
    return beside(opened, description, language)


def page(opened: Service, language: str) -> Vocabulary:
    """The vocabulary for readers of a language."""
    return opened.views.made(("vocabulary", language), lambda: Reading(opened, language).page())


@dataclass(frozen=True)
class Reading:
    """The vocabulary of a release, read for one language."""

    opened: Service
    language: str

    @cached_property
    def index(self) -> Index:
        graph, store = site.ontology_graph(self.opened.settings), self.opened.store
        make = lambda: indexed([plain(quad) for quad in store.quads(None, None, None, graph)])  # noqa: E731
        return self.opened.views.made(("vocabulary", "index"), make)

    @cached_property
    def sheet(self) -> Sheet:
        return sheet_of(self.opened, "ns", self.language)

    @cached_property
    def who(self) -> Teller:
        return teller_of(self.opened, self.language)

    @cached_property
    def typed(self) -> tuple[str, Mapping[str, int]]:
        """The facet of types, if there is one, and how many things have each."""
        counts = self.opened.finder.counts(Asked())
        for facet in self.opened.finder.fields.facets:
            first = facet.path.parts[0] if facet.path.kind == "sequence" else facet.path
            if first.predicate == RDF.type:
                return facet.name, dict(counts[facet.name])
        return "", {}

    @cached_property
    def used(self) -> Mapping[str, int]:
        return self.opened.views.made(("vocabulary", "used"), self._used)

    def _used(self) -> Mapping[str, int]:
        """Class or property -> how many things or statements of all datasets have it."""
        store, graph = self.opened.store, site.catalog_graph(self.opened.settings)
        found: Counter[str] = Counter()
        for of, number in ((VOID.property, VOID.triples), (VOID["class"], VOID.entities)):
            for quad in store.quads(None, of, None, graph):
                part = quad.subject if isinstance(quad.subject, NamedNode) else None
                for counted in store.quads(part, number, None, graph) if part else ():
                    found[quad.object.value] += int(counted.object.value)  # type: ignore[union-attr]
        return found

    def page(self) -> Vocabulary:
        own = f"{self.opened.vocabulary.value}#"
        terms = {iri: said for iri, said in self.index.items() if iri.value.startswith(own)}
        classes = [iri for iri, said in terms.items() if CLASSES & set(said.get(RDF.type, ()))]
        properties = [iri for iri, said in terms.items() if PROPERTIES & set(said.get(RDF.type, ()))]
        return Vocabulary(
            namespace=own,
            version=self.opened.vocabulary_version,
            classes=self._ordered(map(self._class, classes)),
            properties=self._ordered(map(self._property, properties)),
            schemes=tuple(self._schemes()),
            adopted=tuple(self._adopted({iri.value for iri in terms})),
        )

    def _ordered(self, terms: Iterator[Term]) -> tuple[Term, ...]:
        return tuple(sorted(terms, key=lambda each: self.sheet.t.order(each.name.text)))

    # Terms ------------------------------------------------------------------------------------------------------------

    def _class(self, iri: NamedNode) -> Term:
        facet, counts = self.typed
        number = counts.get(iri.value, 0)
        asked = Asked(chosen=((facet, iri.value),), size=EXAMPLES)
        hits = self.opened.finder.find(asked, facets=False).hits if number else ()
        examples = tuple((self.sheet.link(hit.iri), None) for hit in hits)
        href = self.who.href(Asked(chosen=asked.chosen)) if number else ""
        return self._term(iri, tuple(self._rules(iri)), number, href, examples)

    def _property(self, iri: NamedNode) -> Term:
        found = islice(self.opened.store.quads(None, iri, None, DEFAULT), LOOKED)
        pairs = [(quad.subject.value, quad.object) for quad in found if isinstance(quad.subject, NamedNode)]
        pairs.sort(key=lambda pair: (pair[0], str(pair[1])))  # stores have orders of their own
        whole = [pair for pair in pairs if "#" not in pair[0]] or pairs
        examples = tuple((self.sheet.link(thing), self._value(value)) for thing, value in whole[:EXAMPLES])
        return self._term(iri, (), self.used.get(iri.value, 0), "", examples)

    def _term(
        self,
        iri: NamedNode,
        rules: tuple[Rule, ...],
        number: int,
        href: str,
        examples: tuple[tuple[Value, Value | None], ...],
    ) -> Term:
        said = self.index[iri]
        texts = (self._text(said, predicate) for predicate in TEXTS)
        facts = [(message, self._told_apart(said.get(predicate, ()))) for predicate, message in FACTS]
        below = [each for each, about in self.index.items() if iri in about.get(RDFS.subClassOf, ())]
        facts.insert(1, ("term_below", self._links(below)))
        return Term(
            anchor=iri.value.rpartition("#")[2],
            name=self.sheet.link(iri.value),
            short=self._short(iri.value),
            texts=tuple(text for text in texts if text),
            facts=tuple((message, values) for message, values in facts if values),
            rules=rules,
            number=self.sheet.t.number(number) if number else "",
            href=href,
            examples=examples,
            status=next((each.value for each in said.get(STATUS, ()) if isinstance(each, Literal)), ""),
        )

    def _rules(self, iri: NamedNode) -> Iterator[Rule]:
        """What shapes say of the properties of a class; several of one property are told together."""
        found: dict[tuple[NamedNode, bool], list[Mapping[NamedNode, Sequence[Any]]]] = {}
        for said in self.index.values():
            if iri in said.get(SH.targetClass, ()):
                for node in said.get(SH.property, ()):
                    shape = self.index.get(node, {})  # type: ignore[arg-type]
                    path = next(iter(shape.get(SH.path, ())), None)
                    back = next(iter(self.index.get(path, {}).get(SH.inversePath, ())), None)  # type: ignore[arg-type]
                    named = back or path
                    if isinstance(named, NamedNode) and self._known(named):
                        found.setdefault((named, back is not None), []).append(shape)
        for (of, inverse), shapes in sorted(found.items(), key=lambda item: self._place(item[1])):
            yield self._rule(of, inverse, shapes)

    def _place(self, shapes: Sequence[Mapping[NamedNode, Sequence[Any]]]) -> tuple[float, float]:
        """Where pages show a property: the order of its group, and in that."""
        groups = [self.opened.ontology.groups.get(each.value) for s in shapes for each in s.get(SH.group, ())]
        orders = [float(each.value) for shape in shapes for each in shape.get(SH.order, ())]
        return min((each.order for each in groups if each), default=0.0), min(orders, default=0.0)

    def _rule(self, path: NamedNode, inverse: bool, shapes: Sequence[Mapping[NamedNode, Sequence[Any]]]) -> Rule:
        kinds = [each for shape in shapes for kind in KINDS for each in shape.get(kind, ())]
        least, most = (
            [int(each.value) for shape in shapes for each in shape.get(bound, ())]
            for bound in (SH.minCount, SH.maxCount)
        )
        low, high = max(least, default=0), min(most) if most else None
        names = (self._text(shape, SH.name) for shape in shapes)
        named = self.sheet.link(path.value)
        name = next((each for each in names if each and each.text.lower() != named.text.lower()), None)
        number = str(low) if low == high else f"{low}..{'*' if high is None else high}"
        return Rule(named, inverse, self._links(dict.fromkeys(kinds)), number, name)

    # Words ------------------------------------------------------------------------------------------------------------

    def _text(self, said: Mapping[NamedNode, Sequence[Any]], predicate: NamedNode) -> Value | None:
        texts = [each for each in said.get(predicate, ()) if isinstance(each, Literal)]
        labels = self.sheet.values.labels
        best = min(texts, key=lambda each: labels.rank(each.language or ""), default=None)
        return Value(best.value, self.sheet.values.foreign(best.language or "")) if best else None

    def _links(self, nodes: Any) -> tuple[Value, ...]:
        return tuple(self.sheet.link(each.value) for each in nodes if isinstance(each, NamedNode) and self._known(each))

    def _told_apart(self, nodes: Sequence[Any]) -> tuple[Value, ...]:
        """Links, those to terms of others with the prefix that tells whose they are."""
        iris = [each.value for each in nodes if isinstance(each, NamedNode) and self._known(each)]
        found = []
        for iri, value in zip(iris, map(self.sheet.link, iris), strict=True):
            short = self._short(iri)
            own = iri.startswith(self.opened.settings.base) or value.text == short
            found.append(value if own else replace(value, text=f"{value.text} ({short})"))
        return tuple(found)

    def _known(self, node: NamedNode) -> bool:
        """Whether a node is something that has a name of its own, and not a part of an axiom or of a shape."""
        return "/.well-known/genid/" not in node.value

    def _value(self, term: Any) -> Value | None:
        if isinstance(term, NamedNode):
            return self.sheet.link(term.value)
        return self.sheet.values.literal(term) if isinstance(term, Literal) else None

    def _short(self, iri: str) -> str:
        found = (
            f"{prefix}:{iri.removeprefix(namespace)}"
            for prefix, namespace in self.opened.prefixes.items()
            if namespace and iri.startswith(namespace)
        )
        return min(found, key=len, default=iri)

    # What else there is -----------------------------------------------------------------------------------------------

    def _schemes(self) -> Iterator[Listed]:
        store = self.opened.store
        schemes = [iri for iri, said in self.index.items() if SKOS.ConceptScheme in said.get(RDF.type, ())]
        for iri in sorted(schemes, key=lambda each: self.sheet.t.order(self.sheet.link(each.value).text)):
            number = sum(1 for _ in store.quads(None, SKOS.inScheme, iri, DEFAULT))
            text = self._text(self.index[iri], SKOS.definition)
            yield Listed(self.sheet.link(iri.value), text, self.sheet.t.number(number))

    def _adopted(self, own: set[str]) -> Iterator[Adopted]:
        """Terms of others that the data have, those that are used most first."""
        for iri, number in sorted(self.used.items(), key=lambda item: (-item[1], item[0])):
            if iri not in own and not iri.startswith(self.opened.settings.base):
                yield Adopted(self.sheet.link(iri), self._short(iri), self.sheet.t.number(number))
