"""Fields in the order of the shapes, with the nodes that a resource owns as parts within."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from solld.formats.sources import Sources
from solld.formats.statements import key
from solld.formats.view import Field, Part, Value
from solld.model import Description, Ontology, PropertyShape
from solld.ontology import property_shapes
from solld.rdf import PROV, RDF, SH, SKOS, VOID, Literal, NamedNode, Triple
from solld.sorting import Key

DEEPEST = 4  # parts within parts
RANKS = {SKOS.notation: 1, SH.order: 1, VOID.entities: -1, VOID.triples: -1}  # what orders parts, up or down
Shapes = dict[tuple[str, bool], PropertyShape]
Shaped = tuple[PropertyShape | None, Field]


class Parts:
    """Builds fields and parts; a node is shown once, where it is first met."""

    def __init__(self, description: Description, ontology: Ontology, sources: Sources):
        self.ontology, self.sources, self.owned = ontology, sources, sources.owned
        self.values, self.quotes = sources.values, sources.quotes
        self.stated = {*description.about, *description.owned}
        self.shown: set[str] = {self.values.resource}
        self.anchored: set[str] = set()  # those of them that a link can lead to
        self.waiting: set[str] = set()  # nodes next to the resource, which are not to be shown within another
        self.numbers = {self.quotes.anchor(iri): _number(said) for iri, said in self.owned.items()}
        self.known: dict[tuple[str, ...], Shapes] = {}
        self.pointing: dict[str, list[Triple]] = defaultdict(list)  # IRI -> what owned nodes say that points at it
        for each in named_incoming(description, ontology):
            self.pointing[self.values.resource].append(each)
        for said in self.owned.values():
            for each in said:
                if not isinstance(each.object, Literal):
                    self.pointing[key(each.object)].append(each)

    def fields(self, iri: str, said: Sequence[Triple], depth: int = 0) -> list[Shaped]:
        """The fields of a node with their shapes, in order; those without a shape last, by name."""
        shapes = self.shapes(tuple(classes(said)))
        ranks = {each: rank for rank, each in enumerate(shapes)}
        groups: dict[tuple[str, bool], list[Triple]] = defaultdict(list)
        for each in (*said, *self.not_asserted(iri, said)):
            if each.predicate != RDF.type or isinstance(each.object, Literal):
                groups[each.predicate.value, False].append(each)
        for each in self.pointing[iri]:
            shaped = depth == 0 or (each.predicate.value, True) in shapes
            if shaped and key(each.subject) not in self.shown | self.sources.statements.keys() | self.quotes.shown:
                groups[each.predicate.value, True].append(each)
        found = []
        if depth == 0:
            self.waiting = {key(t.subject if inverse else t.object) for (_, inverse), ts in groups.items() for t in ts}
        for name in sorted(groups, key=lambda name: (ranks.get(name, len(ranks)), name)):
            field = self.field(shapes.get(name), name[1], groups[name], depth)
            if field.values or field.others:
                found.append((shapes.get(name), field))
        return found

    def shapes(self, types: tuple[str, ...]) -> Shapes:
        """The property shapes of things with these types, by predicate and whether it is inverse."""
        if types not in self.known:
            found = property_shapes(self.ontology, types)
            self.known[types] = {(shape.predicate.value, shape.inverse): shape for shape in found}
        return self.known[types]

    def not_asserted(self, iri: str, said: Sequence[Triple]) -> Iterator[Triple]:
        """What statements tell of a node though the data do not state it."""
        stated = {(each.predicate.value, each.object) for each in said}
        for subject, predicate, object in self.sources.about:
            if subject == iri and (predicate, object) not in stated and ":" in predicate:
                yield Triple(NamedNode(iri), NamedNode(predicate), object)

    def field(self, shape: PropertyShape | None, inverse: bool, triples: list[Triple], depth: int) -> Field:
        name = self.values.term(triples[0].predicate.value, dict(shape.names) if shape else None)
        marks = [self.sources.marks(each) if depth == 0 else () for each in triples]
        shared = marks[0] if len(triples) > 1 and len(set(marks)) == 1 else ()
        values: list[Value] = []
        texts: dict[str, list[Value]] = defaultdict(list)
        for each, own in zip(triples, marks, strict=True):
            for value in self.shown_as(each, inverse, depth):
                value = replace(value, marks=own) if own and not shared and not value.part else value
                tagged = isinstance(each.object, Literal) and each.object.language
                (texts[each.object.language or ""] if isinstance(each.object, Literal) and tagged else values).append(
                    value
                )
        best = min(texts, key=self.values.labels.rank, default="")
        others = tuple(value for tag, found in texts.items() if tag != best and depth == 0 for value in found)
        ordered = sorted(values, key=self.order) if not isinstance(triples[0].object, Literal) else values
        node = key(triples[0].object if inverse else triples[0].subject)
        wrong = self.values.correction(node, triples[0].predicate.value, inverse)
        shown = (*texts.get(best, ()), *ordered)
        told_first = shape is not None and shape.role == "key"
        return Field(name, shown, others, shared, inverse and shape is None, wrong, told_first)

    def shown_as(self, triple: Triple, inverse: bool, depth: int) -> Iterator[Value]:
        """A value; the members of a list; a part or a quotation if the node is owned and not shown yet."""
        term = triple.subject if inverse else triple.object
        if isinstance(term, Literal):
            yield self.annotated(self.values.literal(term), triple)
            return
        iri = key(term)
        if iri == RDF.nil.value or any(each.predicate == RDF.first for each in self.owned.get(iri, ())):
            for member in self.members(iri):
                yield from self.shown_as(Triple(triple.subject, triple.predicate, member.object), False, depth)
        elif not self.fresh(iri, depth):
            yield self.annotated(self.here(iri), triple)
        elif self.quotes.has(iri):
            yield replace(self.values.link(iri), quote=self.quotes.quote(iri))
        else:
            yield replace(self.values.link(iri), part=self.part(iri, depth + 1))

    def fresh(self, iri: str, depth: int) -> bool:
        """Whether a node is to be shown where it is mentioned."""
        seen = iri in self.shown or iri in self.quotes.shown or (depth > 0 and iri in self.waiting)
        return iri in self.owned and not seen and depth < DEEPEST

    def here(self, iri: str) -> Value:
        """A link, within the page to a node that it has shown already."""
        link = self.values.link(iri)
        return replace(link, href=f"#{self.quotes.anchor(iri)}") if iri in self.anchored else link

    def annotated(self, value: Value, triple: Triple) -> Value:
        notes = self.sources.notes(triple)
        if not notes:
            return value
        return replace(value, notes=notes, asserted=triple in self.stated)

    def members(self, iri: str) -> Iterator[Triple]:
        """The members of an RDF list, as the triples that hold them."""
        while iri in self.owned and iri not in self.shown:
            self.shown.add(iri)
            yield from (each for each in self.owned[iri] if each.predicate == RDF.first)
            iri = next((key(each.object) for each in self.owned[iri] if each.predicate == RDF.rest), "")

    def part(self, iri: str, depth: int) -> Part:
        self.shown.add(iri)
        self.anchored.add(iri)
        said = self.owned[iri]
        sources = [key(each.object) for each in said if each.predicate == PROV.wasDerivedFrom]
        quoted = [each for each in sources if self.quotes.has(each)]
        name = self.values.labels.predicate(iri)
        told = [each for each in said if each.predicate != name]
        rest = [each for each in told if each.predicate != PROV.wasDerivedFrom or key(each.object) not in quoted]
        back = [each.predicate for each in rest if key(each.object) == self.values.resource]
        only = {each for each in back if [t.predicate for t in rest].count(each) == 1}  # the page itself says this
        rest = [each for each in rest if each.predicate not in only]
        types = tuple(map(self.values.link, nearest(self.ontology, classes(said))))
        label = self.values.labels.given(iri)
        title = self.values.link(iri)
        if not label:
            title = replace(title, text=types[0].text if types else title.text, code=False)
        fields = tuple(field for _, field in self.fields(iri, rest, depth))
        quotes = tuple(map(self.quotes.quote, quoted))
        first = tuple(field for field in fields if field.key)
        more = tuple(field for field in fields if first and not field.key)
        return Part(self.quotes.anchor(iri), title, label is not None, types, first or fields, quotes, more)

    def order(self, value: Value) -> tuple[float, str, Key, str]:
        """Parts by their number and type, then everything by name."""
        if not value.part:
            return 0.0, "", *self.values.order(value)
        types = " ".join(each.text for each in value.part.types)
        return self.numbers[value.part.anchor], types, *self.values.order(value.part.title)

    def rest(self) -> list[Field]:
        """The owned nodes that nothing has led to."""
        left = [iri for iri in self.owned if iri not in self.sources.statements]
        values = [
            replace(self.values.link(iri), part=self.part(iri, 1))
            for iri in left
            if iri not in self.shown and iri not in self.quotes.shown and not self.quotes.has(iri)
        ]
        return [Field(Value(self.values.phrases("other")), tuple(values))] if values else []


def named_incoming(description: Description, ontology: Ontology) -> list[Triple]:
    """The incoming triples that the shapes have a name for, if all are here; in pages they stay together."""
    if description.more or description.page > 1:
        return []
    shapes = property_shapes(ontology, classes(description.about))
    named = {shape.predicate for shape in shapes if shape.inverse and shape.names}
    return [each for each in description.incoming if each.predicate in named]


def classes(said: Sequence[Triple]) -> list[str]:
    return [each.object.value for each in said if each.predicate == RDF.type and isinstance(each.object, NamedNode)]


def nearest(ontology: Ontology, types: Sequence[str]) -> list[str]:
    """The types without those that follow from another of them."""
    above = {upper for each in types for upper in ontology.superclasses.get(each, ())[1:]}
    return [each for each in types if each not in above] or list(types)


def _number(said: Sequence[Triple]) -> float:
    for each in said:
        if (
            each.predicate in RANKS
            and isinstance(each.object, Literal)
            and re.fullmatch(r"\d+(\.\d+)?", each.object.value)
        ):
            return RANKS[each.predicate] * float(each.object.value)
    return float("inf")
