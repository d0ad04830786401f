"""The text shown for an IRI in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import unquote

from solld.model import Context, Description
from solld.rdf import Literal, NamedNode, Triple


@dataclass(frozen=True)
class Text:
    """A text and the language it is in; "" for none."""

    value: str
    language: str = ""


class Labels:
    """The labels of everything that a description mentions: its own triples first, then the ontology's."""

    def __init__(self, description: Description, context: Context):
        self.tags, self.prefixes, self.ontology = context.language_tags, context.prefixes, context.ontology
        self.ranks: dict[str, float] = {}
        self.found: dict[str, tuple[int, float, Text]] = {}
        self.predicates = tuple(dict.fromkeys((*self.ontology.label_predicates, *self.ontology.description_predicates)))
        self.learn(chain(description.labels, description.about, description.owned, description.incoming))

    def learn(self, triples: Iterable[Triple]) -> None:
        """Takes the labels among the triples."""
        order = {predicate: place for place, predicate in enumerate(self.predicates)}
        for each in triples:
            place = order.get(each.predicate)
            if place is not None and isinstance(each.object, Literal) and isinstance(each.subject, NamedNode):
                text = Text(each.object.value, each.object.language or "")
                candidate = (place, self.rank(text.language), text)
                iri = each.subject.value
                if iri not in self.found or candidate[:2] < self.found[iri][:2]:
                    self.found[iri] = candidate

    def rank(self, tag: str) -> float:
        """How late a language comes for this reader: 0 is best; a regional one comes just after its language."""
        if tag not in self.ranks:
            tags = {each: place for place, each in enumerate(self.tags)}
            parts = tag.split("-")
            places = (tags.get("-".join(parts[:n])) for n in range(len(parts), 0, -1))
            rank = next((place + 0.5 * (n > 0) for n, place in enumerate(places) if place is not None), len(tags))
            self.ranks[tag] = rank
        return self.ranks[tag]

    def given(self, iri: str) -> Text | None:
        """The best label that the data give, or a sentence that stands for one: not everything has a name."""
        if iri in self.found:
            return self.found[iri][2]
        known = self.ontology.labels.get(iri)
        return self.best(Text(value, tag.lower()) for tag, value in known.items()) if known else None

    def name(self, iri: str) -> Text | None:
        """The best label that the data give."""
        described = iri in self.found and self.found[iri][0] >= len(self.ontology.label_predicates)
        return None if described else self.given(iri)

    def predicate(self, iri: str) -> NamedNode | None:
        """The predicate that the best label was taken from, if it is of the description's triples."""
        return self.predicates[self.found[iri][0]] if iri in self.found else None

    def label(self, iri: str) -> Text:
        """The best label that there is; at worst a name made from the IRI."""
        return self.given(iri) or Text(short(iri, self.prefixes))

    def best(self, texts: Iterable[Text]) -> Text | None:
        return min(texts, key=lambda text: self.rank(text.language), default=None)

    def pick(self, texts: Mapping[str, str]) -> str:
        """Of one text in several languages the best; "" if there is none."""
        found = self.best(Text(value, tag.lower()) for tag, value in texts.items())
        return found.value if found else ""


def short(iri: str, prefixes: Mapping[str, str]) -> str:
    """The prefixed name, else the last part of the IRI, else the IRI."""
    matching = [(namespace, prefix) for prefix, namespace in prefixes.items() if iri.startswith(namespace)]
    namespace, prefix = max(matching, key=lambda pair: len(pair[0]), default=("", ""))
    local = iri.removeprefix(namespace)
    if namespace and local and "/" not in local and "#" not in local:
        return f"{prefix}:{unquote(local)}"
    last = iri.rstrip("/#").replace("#", "/").rpartition("/")[2]
    return unquote(last) or iri


def is_prefixed(name: str, iri: str) -> bool:
    """Whether `short` has found a prefix for the IRI."""
    return ":" in name and name != iri
