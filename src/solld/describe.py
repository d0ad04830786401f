"""Gathers what a release says about one resource: what is said of it, the nodes it owns, what points at it, labels.

The cost is that of what is shown: a resource with a hundred thousand incoming links is described as fast as another.
"""

from collections.abc import Iterable, Iterator, MutableMapping
from datetime import datetime
from itertools import islice

from solld import ontology as display
from solld.addresses import document_path
from solld.model import Description, Ontology, PropertyShape
from solld.rdf import DEFAULT, RDF, DefaultGraph, NamedNode, Triple, document_of
from solld.rdf import triple as plain
from solld.stores import Store

DEPTH = 4  # of nodes that own nodes: actor, cooperation, excerpt, selector
OWNED = 1000  # nodes shown inside one description

Labels = MutableMapping[str, tuple[Triple, ...]]
Graphs = dict[Triple, tuple[NamedNode, ...]]


def exists(store: Store, resource: NamedNode) -> bool:
    """Whether the merged view says anything of a resource."""
    return next(store.quads(resource, None, None, DEFAULT), None) is not None


def describe(
    store: Store,
    ontology: Ontology,
    base: str,
    resource: NamedNode,
    *,
    page: int = 1,
    size: int = 100,
    labels: Labels | None = None,
    modified: datetime | None = None,
) -> Description:
    """The description of a resource; `page` and `size` are of the incoming links, `labels` a cache for the release."""
    graphs: Graphs = {}
    about = _said(store, resource, graphs)
    shapes = display.property_shapes(ontology, _types(about))
    owned = _owned(store, ontology, resource, about, shapes, size if page == 1 else 0, graphs)
    incoming, more = _incoming(store, resource, page, size)
    known = {*about, *owned}
    incoming = [triple for triple in incoming if triple not in known]
    graphs |= {triple: _stating(store, triple) for triple in incoming}
    ranked = {shape.predicate: rank for rank, shape in enumerate(shapes)}
    about.sort(key=lambda t: (t.predicate != RDF.type, ranked.get(t.predicate, 999), t.predicate.value, str(t.object)))
    shown = (*about, *owned, *incoming)
    return Description(
        resource=resource,
        document=base + document_path(resource.value.removeprefix(base)),
        about=tuple(about),
        owned=tuple(owned),
        incoming=tuple(incoming),
        labels=tuple(_labels(store, ontology, resource, shown, {} if labels is None else labels)),
        graphs=graphs,
        page=page,
        more=more,
        modified=modified,
    )


def _said(store: Store, node: NamedNode, graphs: Graphs) -> list[Triple]:
    merged = []
    for quad in store.quads(node):
        triple = plain(quad)
        if isinstance(quad.graph_name, DefaultGraph):
            merged.append(triple)
        elif isinstance(quad.graph_name, NamedNode):
            graphs[triple] = (*graphs.get(triple, ()), quad.graph_name)
    return merged


def _stating(store: Store, triple: Triple) -> tuple[NamedNode, ...]:
    quads = store.quads(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
    return tuple(q.graph_name for q in quads if isinstance(q.graph_name, NamedNode))


def _types(triples: Iterable[Triple]) -> list[str]:
    return [t.object.value for t in triples if t.predicate == RDF.type and isinstance(t.object, NamedNode)]


def _owned(
    store: Store,
    ontology: Ontology,
    resource: NamedNode,
    about: list[Triple],
    shapes: tuple[PropertyShape, ...],
    size: int,
    graphs: Graphs,
) -> list[Triple]:
    # Depth first, so that a cooperation is followed by its excerpt and that by its selectors.
    found: list[Triple] = []
    seen = {resource}

    def walk(node: NamedNode, said: list[Triple], shapes: tuple[PropertyShape, ...], depth: int) -> None:
        for child in _children(store, node, said, shapes, size if depth == 0 else 0):
            if child in seen or len(seen) > OWNED:
                continue
            seen.add(child)
            inside = sorted(
                _said(store, child, graphs), key=lambda t: (t.predicate != RDF.type, t.predicate.value, str(t.object))
            )
            found.extend(inside)
            if depth + 1 < DEPTH:
                walk(child, inside, display.property_shapes(ontology, _types(inside)), depth + 1)

    walk(resource, about, shapes, 0)
    return found


def _children(
    store: Store, node: NamedNode, said: list[Triple], shapes: tuple[PropertyShape, ...], size: int
) -> Iterator[NamedNode]:
    for shape in shapes:
        if shape.owned and shape.inverse:
            quads = islice(store.quads(None, shape.predicate, node, DEFAULT), size)
            yield from sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=lambda n: n.value)
        elif shape.owned:
            yield from (t.object for t in said if t.predicate == shape.predicate and isinstance(t.object, NamedNode))
    for triple in said:
        if isinstance(triple.object, NamedNode) and _belongs(triple.object, node):
            yield triple.object


def _belongs(node: NamedNode, owner: NamedNode) -> bool:
    iri = node.value
    return "/.well-known/genid/" in iri or ("#" in iri and document_of(iri) == document_of(owner.value))


def _incoming(store: Store, resource: NamedNode, page: int, size: int) -> tuple[list[Triple], bool]:
    start = (page - 1) * size
    quads = list(islice(store.quads(None, None, resource, DEFAULT), start, start + size + 1))
    return [plain(quad) for quad in quads[:size]], len(quads) > size


def _labels(
    store: Store, ontology: Ontology, resource: NamedNode, shown: Iterable[Triple], cache: Labels
) -> Iterator[Triple]:
    labelled = {t.subject for t in shown if t.predicate in ontology.label_predicates} | {resource}
    for triple in shown:
        for term in (triple.subject, triple.object):
            if isinstance(term, NamedNode) and term not in labelled:
                labelled.add(term)
                if term.value not in cache:
                    cache[term.value] = _labels_of(store, ontology, term)
                yield from cache[term.value]


def _labels_of(store: Store, ontology: Ontology, term: NamedNode) -> tuple[Triple, ...]:
    for predicate in ontology.label_predicates:
        found = tuple(
            sorted((plain(q) for q in store.quads(term, predicate, None, DEFAULT)), key=lambda t: str(t.object))
        )
        if found:
            return found
    return ()
