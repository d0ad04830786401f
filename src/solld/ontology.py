"""Reads from the ontology graph how things are shown: class tree, labels, order and grouping of properties.

sh:name, sh:order and sh:group: https://www.w3.org/TR/shacl/#nonValidation
dash:DetailsViewer and dash:propertyRole: https://datashapes.org/forms.html
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from solld.model import Group, Ontology, PropertyShape
from solld.rdf import DASH, DCT, FOAF, RDF, RDFS, SCHEMA, SH, SKOS, Literal, NamedNode, Term, Triple

LABELS = (SKOS.prefLabel, RDFS.label, DCT.title, SCHEMA.name, FOAF.name)  # when no shape says what a label is
DESCRIPTIONS = (SKOS.definition, DCT.description, RDFS.comment, SCHEMA.description)
LUCIDE = "https://lucide.dev/icons/"
ROLES = {DASH.LabelRole: "label", DASH.DescriptionRole: "description", DASH.KeyInfoRole: "key"}

Index = Mapping[NamedNode, Mapping[NamedNode, Sequence[Term]]]  # subject -> predicate -> objects


def read(triples: Iterable[Triple]) -> Ontology:
    """The ontology of a release, from the triples of its ontology graph."""
    index = indexed(triples)
    shapes = _shapes(index)
    roles = [(shape, role) for each in shapes.values() for shape in each for role in (shape.role,) if role]
    return Ontology(
        superclasses=_superclasses(index),
        shapes=shapes,
        groups=_groups(index),
        labels=_labels(index),
        label_predicates=_with_roles("label", roles, LABELS),
        description_predicates=_with_roles("description", roles, DESCRIPTIONS),
        icons=_icons(index),
    )


def _icons(index: Index) -> dict[str, str]:
    """The icons of classes: foaf:depiction is the address of one at Lucide, which the package has."""
    return {
        subject.value: each.value.removeprefix(LUCIDE)
        for subject, said in index.items()
        for each in said.get(FOAF.depiction, ())
        if isinstance(each, NamedNode) and each.value.startswith(LUCIDE)
    }


def indexed(triples: Iterable[Triple]) -> Index:
    index: dict[NamedNode, dict[NamedNode, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            index[triple.subject][triple.predicate].append(triple.object)  # type: ignore[arg-type]
    return index


def _with_roles(
    role: str, roles: Iterable[tuple[PropertyShape, str]], default: tuple[NamedNode, ...]
) -> tuple[NamedNode, ...]:
    # The default's order is good for mixed data; what a shape names beside it comes after.
    stated = sorted({s.predicate.value for s, r in roles if r == role and s.predicate not in default})
    return (*default, *(NamedNode(iri) for iri in stated))


def _superclasses(index: Index) -> dict[str, tuple[str, ...]]:
    above = {s.value: [o.value for o in p[RDFS.subClassOf] if isinstance(o, NamedNode)] for s, p in index.items()}
    found = {}
    for start in [c for c, parents in above.items() if parents]:
        chain = [start]
        for each in chain:  # breadth first: the list grows while it is walked
            chain += [parent for parent in above.get(each, ()) if parent not in chain]
        found[start] = tuple(chain)
    return found


def _labels(index: Index) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for subject, properties in index.items():
        for predicate in reversed(LABELS):
            for term in properties.get(predicate, ()):
                if isinstance(term, Literal):
                    found.setdefault(subject.value, {})[term.language or ""] = term.value
    return found


def _groups(index: Index) -> dict[str, Group]:
    return {
        subject.value: Group(
            subject.value, _texts(properties.get(RDFS.label, ())), _number(properties.get(SH.order, ()))
        )
        for subject, properties in index.items()
        if SH.PropertyGroup in properties.get(RDF.type, ())
    }


def _shapes(index: Index) -> dict[str, tuple[PropertyShape, ...]]:
    found: dict[str, list[PropertyShape]] = defaultdict(list)
    for properties in index.values():
        for target in properties.get(SH.targetClass, ()):
            for node in properties.get(SH.property, ()):
                shape = _property_shape(index, node)
                if shape and isinstance(target, NamedNode):
                    found[target.value].append(shape)
    return {target: tuple(sorted(shapes, key=lambda s: s.order)) for target, shapes in found.items()}


def _property_shape(index: Index, node: Term) -> PropertyShape | None:
    properties = index.get(node, {}) if isinstance(node, NamedNode) else {}
    path = next(iter(properties.get(SH.path, ())), None)
    if not isinstance(path, NamedNode):
        return None
    inverse = next(iter(index.get(path, {}).get(SH.inversePath, ())), None)
    group = next((g.value for g in properties.get(SH.group, ()) if isinstance(g, NamedNode)), "")
    return PropertyShape(
        predicate=inverse if isinstance(inverse, NamedNode) else path,
        inverse=isinstance(inverse, NamedNode),
        names=_texts(properties.get(SH.name, ())),
        group=group,
        order=_number(properties.get(SH.order, ())),
        owned=DASH.DetailsViewer in properties.get(DASH.viewer, ()),
        role=next(
            (ROLES[r] for r in properties.get(DASH.propertyRole, ()) if isinstance(r, NamedNode) and r in ROLES), ""
        ),
    )


def _texts(terms: Iterable[Term]) -> dict[str, str]:
    return {term.language or "": term.value for term in terms if isinstance(term, Literal)}


def _number(terms: Iterable[Term]) -> float:
    return next((float(term.value) for term in terms if isinstance(term, Literal)), 0.0)


def classes(ontology: Ontology, types: Iterable[str]) -> list[str]:
    """The classes of a thing and all above them, the nearest first."""
    found: list[str] = []
    chains = [ontology.superclasses.get(each, (each,)) for each in types]
    for rank in range(max(map(len, chains), default=0)):
        found += [chain[rank] for chain in chains if rank < len(chain) and chain[rank] not in found]
    return found


def property_shapes(ontology: Ontology, types: Iterable[str]) -> tuple[PropertyShape, ...]:
    """How the properties of a thing with these types are shown, in order; the nearest class decides for a property."""
    key = tuple(types)
    if key not in ontology.profiles:
        ontology.profiles[key] = _property_shapes(ontology, key)
    return ontology.profiles[key]


def _property_shapes(ontology: Ontology, types: tuple[str, ...]) -> tuple[PropertyShape, ...]:
    found: dict[tuple[NamedNode, bool], PropertyShape] = {}
    for each in classes(ontology, types):
        for shape in ontology.shapes.get(each, ()):
            found.setdefault((shape.predicate, shape.inverse), shape)
    return tuple(sorted(found.values(), key=lambda s: (_group_order(ontology, s.group), s.order, s.predicate.value)))


def _group_order(ontology: Ontology, group: str) -> float:
    return ontology.groups[group].order if group in ontology.groups else float("inf")


def best(texts: Mapping[str, str], tags: Iterable[str]) -> tuple[str, str] | None:
    """(text, its language) by RFC 4647 lookup: each tag and its prefixes in turn, then untagged, then any."""
    for tag in tags:
        while tag:
            if tag in texts:
                return texts[tag], tag
            tag = tag.rpartition("-")[0]
    if "" in texts:
        return texts[""], ""
    return next(((text, tag) for tag, text in sorted(texts.items())), None)


def label(ontology: Ontology, labels: Iterable[Triple], iri: str, tags: tuple[str, ...]) -> Literal | None:
    """The label of a resource: among these triples, else in the ontology."""
    wanted = NamedNode(iri)
    by_predicate: dict[NamedNode, dict[str, str]] = {}
    for triple in labels:
        if triple.subject == wanted and isinstance(triple.object, Literal):
            by_predicate.setdefault(triple.predicate, {}).setdefault(triple.object.language or "", triple.object.value)
    texts = next((by_predicate[p] for p in ontology.label_predicates if p in by_predicate), None)
    chosen = best(texts or ontology.labels.get(iri, {}), tags)
    if chosen is None:
        return None
    return Literal(chosen[0], language=chosen[1]) if chosen[1] else Literal(chosen[0])
