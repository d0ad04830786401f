"""The head of a page: the name, the other names, one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass

from solld.formats.labels import Text
from solld.formats.parts import classes, nearest
from solld.formats.values import Values
from solld.formats.view import Value
from solld.model import Context, Description
from solld.ontology import property_shapes
from solld.rdf import DCT, RDF, SCHEMA, SKOS, Literal, NamedNode, Triple

REIFIED = (RDF.subject, RDF.predicate, RDF.object)
OTHER_NAMES = (SKOS.altLabel, DCT.alternative, SCHEMA.alternateName)
LONGEST_NAME = 120  # characters of a sentence that may stand for a name


@dataclass(frozen=True)
class Head:
    """What is told at the top; `told` are the predicates whose values are all in it."""

    title: Value
    named: bool  # the title is from the data
    names: Sequence[Value]
    leads: Sequence[Value]  # the reader's language first
    told: set[NamedNode]


def head(description: Description, context: Context, values: Values) -> Head:
    """The best label, else a short sentence; else what a statement states, or the type with the end of the IRI."""
    shapes = property_shapes(context.ontology, classes(description.about))
    roles = {shape.predicate: shape.role for shape in shapes if shape.role and not shape.inverse}
    labels = [*(p for p, role in roles.items() if role == "label"), *context.ontology.label_predicates, *OTHER_NAMES]
    sentences = [*(p for p, role in roles.items() if role == "description"), *context.ontology.description_predicates]
    names = _texts(description.about, labels)
    said = {each.predicate for each in description.about}
    sentence = next((p for p in sentences if p in said and p not in labels), None)
    leads = sorted(
        _texts(description.about, [sentence] if sentence else []), key=lambda t: values.labels.rank(t.language)
    )
    best = values.labels.name(description.resource.value)
    if not best and leads and len(leads[0].value) <= LONGEST_NAME:
        best, names, leads = leads[0], [*names, *leads], []
    title = _value(best, values) if best else _unnamed(description, context, values)
    others = [text for text in dict.fromkeys(names) if best and text.value != best.value]
    told = {*labels, sentence} if sentence else {*labels}
    return Head(
        title,
        best is not None,
        [_value(each, values) for each in others],
        [_value(each, values) for each in leads],
        told,
    )


def _texts(about: Sequence[Triple], predicates: Sequence[NamedNode]) -> list[Text]:
    return [
        Text(each.object.value, each.object.language or "")
        for predicate in dict.fromkeys(predicates)
        for each in about
        if each.predicate == predicate and isinstance(each.object, Literal)
    ]


def _unnamed(description: Description, context: Context, values: Values) -> Value:
    said = {each.predicate: each.object for each in description.about}
    if set(REIFIED) <= said.keys():
        return Value(" · ".join(values.value(said[each]).text for each in REIFIED))
    types = nearest(context.ontology, classes(description.about))
    name = values.link(description.resource.value).text
    return Value(f"{values.link(types[0]).text} {name}") if types else Value(name)


def _value(text: Text, values: Values) -> Value:
    return Value(text.value, values.foreign(text.language))
