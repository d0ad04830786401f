"""The view model of a description: what its page says, in which order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from solld.formats.elsewhere import fields_of
from solld.formats.head import LONGEST_NAME, head
from solld.formats.parts import Parts, Shaped, classes, named_incoming, nearest
from solld.formats.quotes import TOLD, Quotes
from solld.formats.sources import Sources
from solld.formats.statements import by_subject, key
from solld.formats.values import Values
from solld.formats.view import Field, Page, Section, Value
from solld.model import Context, Description
from solld.ontology import property_shapes
from solld.rdf import PROV, Literal, NamedNode

FIRST, LAST = float("-inf"), float("inf")


def build(description: Description, context: Context) -> Page:
    """The page about a resource, whatever it is."""
    about, resource = description.about, description.resource.value
    values = Values(description, context)
    quotes = Quotes(values, by_subject((*about, *description.owned)))
    sources = Sources(description, values, quotes, by_subject(description.owned))
    parts = Parts(description, context.ontology, sources)
    top = head(description, context, values)
    derived = [key(each.object) for each in about if each.predicate == PROV.wasDerivedFrom]
    marks = tuple(dict.fromkeys(map(sources.mark, derived)))
    quote = quotes.quote(resource) if quotes.has(resource) else None
    told = top.told | {PROV.wasDerivedFrom} | (TOLD if quote else set())
    fields = parts.fields(resource, [each for each in about if each.predicate not in told])
    also = _also(description, sources)
    entries = sources.entries()
    types = classes(about)
    graphs = {graph.value: None for each in about for graph in description.graphs.get(each, ())}
    return Page(
        title=replace(top.title, text=f"« {_shortened(quote.text)} »") if quote and not top.named else top.title,
        types=tuple(
            map(values.link, sorted(nearest(context.ontology, types), key=lambda t: not t.startswith(values.base)))
        ),
        names=tuple(top.names),
        key=tuple(field for _, field in fields if field.key and not field.large),
        lead=top.leads[0] if top.leads else None,
        leads=tuple(top.leads[1:]),
        marks=marks,
        quote=replace(quote, fields=()) if quote else None,
        sections=tuple(_sections(fields, parts.rest(), context, values)),
        also=also,
        elsewhere=fields_of(description, values),
        apart=description.apart,
        incoming=_incoming(description, context, values),
        sources=entries,
        classes=tuple(map(values.link, types)),
        datasets=tuple(map(values.link, graphs)),
        wrong=values.correction(resource) if about else "",
    )


def _shortened(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= LONGEST_NAME else words[:LONGEST_NAME].rpartition(" ")[0] + " …"


def _sections(fields: Iterable[Shaped], rest: Sequence[Field], context: Context, values: Values) -> list[Section]:
    """The groups of the shapes in their order; before them what has a shape without a group, after them the others."""
    found: dict[tuple[float, str], list[Field]] = defaultdict(list)
    groups = context.ontology.groups
    for shape, field in fields:
        group = groups.get(shape.group) if shape else None
        if group:
            found[group.order, values.labels.pick(group.labels) or values.labels.label(group.iri).value].append(field)
        elif shape:
            found[FIRST, values.phrases("facts")].append(field)
        else:
            found[LAST, values.phrases("other")].append(field)
    if rest:
        found[LAST, values.phrases("other")] += rest
    if len(found) == 1 and (LAST, values.phrases("other")) in found:  # other than what?
        return [Section("section-1", values.phrases("facts"), tuple(*found.values()))]
    ordered = sorted(found.items(), key=lambda item: item[0])
    return [Section(f"section-{n}", title, tuple(fields)) for n, ((_, title), fields) in enumerate(ordered, 1)]


def _also(description: Description, sources: Sources) -> tuple[Field, ...]:
    """What sources say beside the merged view, by property, each value with its source and the date of that."""
    values = sources.values
    groups: dict[NamedNode, list[Value]] = defaultdict(list)
    for each in description.also:
        told = [values.value(t.object).text for t in each.nested if isinstance(t.object, Literal)]
        value = Value(", ".join(told)) if told else values.value(each.triple.object)
        day = ((values.phrases("date"), Value(values.phrases.date(each.when), machine=each.when)),) if each.when else ()
        marks = tuple(sources.mark(graph.value) for graph in each.graphs)
        groups[each.triple.predicate].append(replace(value, marks=marks, notes=day))
    return tuple(
        Field(values.term(iri), tuple(found), wrong=values.correction(description.resource.value, iri))
        for iri, found in ((predicate.value, found) for predicate, found in groups.items())
    )


def _incoming(description: Description, context: Context, values: Values) -> Section | None:
    """What points at the resource, by predicate; one page."""
    shapes = property_shapes(context.ontology, classes(description.about))
    names = {shape.predicate: dict(shape.names) for shape in shapes if shape.inverse and shape.names}
    groups: dict[NamedNode, list[Value]] = defaultdict(list)
    told = set(named_incoming(description, context.ontology))
    for each in description.incoming:
        if each in told:
            continue
        groups[each.predicate].append(values.link(key(each.subject)))
    fields = [
        Field(
            values.term(predicate.value, names.get(predicate)),
            tuple(sorted(links, key=values.order)),
            incoming=predicate not in names,
            wrong=values.correction(description.resource.value, predicate.value, inverse=True),
        )
        for predicate, links in groups.items()
    ]
    paged = description.more or description.page > 1
    return Section("incoming", values.phrases("incoming"), tuple(fields)) if fields or paged else None
