"""Excerpts as quotations. https://www.w3.org/TR/annotation-model/#text-quote-selector"""

import re

from solld.formats.statements import Subjects, key
from solld.formats.values import Values
from solld.formats.view import Field, Quote, Value
from solld.rdf import OA, RDF, Literal, NamedNode, Triple, document_of

TOLD = frozenset({RDF.type, OA.hasSource, OA.hasSelector, OA.exact, OA.prefix, OA.suffix, OA.start, OA.end})


class Quotes:
    """Reads excerpts and their selectors among the owned nodes; `shown` are those that a quotation holds."""

    def __init__(self, values: Values, subjects: Subjects):
        self.values, self.subjects = values, subjects
        self.shown: set[str] = set()
        self.anchors: set[str] = set()

    def has(self, iri: str) -> bool:
        """Whether a node is an excerpt whose words are known."""
        return any(each.predicate == OA.exact and isinstance(each.object, Literal) for each in self.triples(iri))

    def triples(self, iri: str) -> list[Triple]:
        """What is said of an excerpt and of its selectors."""
        said = self.subjects.get(iri, [])
        return [*said, *(each for node in self.selectors(iri) for each in self.subjects.get(node, []))]

    def selectors(self, iri: str) -> list[str]:
        said = self.subjects.get(iri, [])
        return [key(each.object) for each in said if each.predicate == OA.hasSelector]

    def quote(self, iri: str) -> Quote:
        """An excerpt as a quotation; to be asked for one that `has`."""
        self.shown.update((iri, *self.selectors(iri)))
        said = self.triples(iri)
        texts: dict[NamedNode, Literal] = {}
        for each in said:
            if isinstance(each.object, Literal):
                texts.setdefault(each.predicate, each.object)

        def text(predicate: NamedNode) -> str:
            return texts[predicate].value if predicate in texts else ""

        anchor = self.anchor(iri)
        first = anchor not in self.anchors
        self.anchors.add(anchor)
        return Quote(
            anchor=anchor if first else "",
            text=text(OA.exact),
            language=self.values.foreign(texts[OA.exact].language or ""),
            prefix=text(OA.prefix),
            suffix=text(OA.suffix),
            start=text(OA.start),
            end=text(OA.end),
            link=Value(
                self.values.phrases("excerpt"), href=self.values.link(iri).href, here=self.values.link(iri).here
            ),
            sources=tuple(self.values.value(each.object) for each in said if each.predicate == OA.hasSource),
            fields=tuple(self.fields(said)),
        )

    def fields(self, said: list[Triple]) -> list[Field]:
        """Whatever else is said, for instance the rights of the quoted text."""
        others: dict[NamedNode, list[Value]] = {}
        for each in said:
            if each.predicate not in TOLD:
                others.setdefault(each.predicate, []).append(self.values.value(each.object))
        return [Field(self.values.term(predicate.value), tuple(values)) for predicate, values in others.items()]

    def anchor(self, iri: str) -> str:
        """The id of an element about an IRI: its fragment if the page's document has it, else made from all of it."""
        if "#" in iri and document_of(iri) == document_of(self.values.resource):
            return iri.partition("#")[2]
        return re.sub(r"[^\w-]+", "-", iri.removeprefix(self.values.base)).strip("-")
