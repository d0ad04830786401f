"""Gathers what a release says about one resource: what is said of it, the nodes it owns, what points at it, labels.

The cost is that of what is shown: a resource with a hundred thousand incoming links is described as fast as another.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import datetime
from itertools import islice

from solld import ontology as display
from solld.addresses import document_path
from solld.also import also, belongs
from solld.model import Description, Ontology, Origin, PropertyShape
from solld.rdf import DCT, DEFAULT, RDF, RDFS, SCHEMA, NamedNode, Triple
from solld.rdf import triple as plain
from solld.stores import Quads

DEPTH = 4  # of nodes that own nodes: actor, cooperation, excerpt, selector
OWNED = 1000  # nodes shown inside one description
ORIGIN = (DCT.license, SCHEMA.sdDatePublished, SCHEMA.expires)

Graphs = dict[Triple, tuple[NamedNode, ...]]
Labels = MutableMapping[str, tuple[Triple, ...]]
Origins = MutableMapping[NamedNode, Origin]


def describe(
    store: Quads,
    ontology: Ontology,
    base: str,
    resource: NamedNode,
    *,
    page: int = 1,
    size: int = 100,
    labels: Labels | None = None,
    origins: Origins | None = None,
    modified: datetime | None = None,
) -> Description:
    """The description of a resource; `page` and `size` are of the incoming links.

    `labels` and `origins` are caches for the release.
    """
    about, stated = _said_by(store, resource)
    apart = not about and bool(stated)
    others = () if apart else also(store, resource, about, stated)
    about = about or [*stated]
    shapes = display.property_shapes(ontology, _types(about))
    _sort(about, shapes)
    owned = _owned(store, ontology, base, resource, about, shapes, size if page == 1 else 0)
    incoming, more = _incoming(store, resource, page, size)
    known = {*about, *owned}
    incoming = [triple for triple in incoming if triple not in known]
    shown = (*about, *owned, *incoming)
    graphs = Stating(store, shown, stated)
    told = (*shown, *(each for other in others for each in (other.triple, *other.nested)))
    sources = sorted({graph for triple in about for graph in graphs[triple]}, key=lambda graph: graph.value)
    return Description(
        resource=resource,
        document=base + document_path(resource.value.removeprefix(base)),
        about=tuple(about),
        owned=tuple(owned),
        incoming=tuple(incoming),
        labels=tuple(_labels(store, ontology, resource, told, sources, {} if labels is None else labels)),
        graphs=graphs,
        also=others,
        apart=apart,
        origins=_origins(
            store, (*sources, *(graph for each in others for graph in each.graphs)), {} if origins is None else origins
        ),
        page=page,
        more=more,
        modified=modified,
    )


def _sort(triples: list[Triple], shapes: tuple[PropertyShape, ...]) -> None:
    ranked = {shape.predicate: rank for rank, shape in enumerate(shapes)}
    triples.sort(
        key=lambda t: (t.predicate != RDF.type, ranked.get(t.predicate, 999), t.predicate.value, str(t.object))
    )


def _said_by(store: Quads, node: NamedNode) -> tuple[list[Triple], Graphs]:
    """What is said of a node, and which named graphs say it, in one scan."""
    merged: list[Triple] = []
    graphs: Graphs = {}
    for quad in store.quads(node):
        triple, graph = plain(quad), quad.graph_name
        if isinstance(graph, NamedNode):
            graphs[triple] = (*graphs.get(triple, ()), graph)
        else:
            merged.append(triple)
    return merged, graphs


def _said(store: Quads, node: NamedNode) -> list[Triple]:
    return [plain(quad) for quad in store.quads(node, None, None, DEFAULT)]


class Stating(Mapping[Triple, tuple[NamedNode, ...]]):
    """Which named graphs state each triple, read when somebody asks: half of the formats never do."""

    def __init__(self, store: Quads, triples: tuple[Triple, ...], known: Graphs):
        self._store, self._triples, self._known = store, triples, known

    def __getitem__(self, triple: Triple) -> tuple[NamedNode, ...]:
        if triple not in self._known:
            self._known[triple] = self._graphs(triple) or self._graphs_of_others(triple)
        return self._known[triple]

    def _graphs(self, triple: Triple) -> tuple[NamedNode, ...]:
        quads = self._store.quads(triple.subject, triple.predicate, triple.object)  # type: ignore[arg-type]
        return tuple(q.graph_name for q in quads if isinstance(q.graph_name, NamedNode))

    def _graphs_of_others(self, triple: Triple) -> tuple[NamedNode, ...]:
        """The graphs that say it of an identifier that leads to one of these."""
        found: dict[NamedNode, None] = {}
        for subject in self._led(triple.subject):
            for object_ in self._led(triple.object):
                found |= dict.fromkeys(self._graphs(Triple(subject, triple.predicate, object_)))  # type: ignore[arg-type]
        return tuple(found)

    def _led(self, term: object) -> Iterator[object]:
        yield term
        if isinstance(term, NamedNode):
            for quad in self._store.quads(term, DCT.replaces, None, DEFAULT):
                yield quad.object

    def __iter__(self) -> Iterator[Triple]:
        return iter(self._triples)

    def __len__(self) -> int:
        return len(self._triples)


def _types(triples: Iterable[Triple]) -> list[str]:
    return sorted(t.object.value for t in triples if t.predicate == RDF.type and isinstance(t.object, NamedNode))


def _owned(
    store: Quads,
    ontology: Ontology,
    base: str,
    resource: NamedNode,
    about: list[Triple],
    shapes: tuple[PropertyShape, ...],
    size: int,
) -> list[Triple]:
    # Depth first, so that a cooperation is followed by its excerpt and that by its selectors.
    found: list[Triple] = []
    seen = {resource}
    # What a thing was derived from may be a whole dataset, which is no part of it.
    datasets, is_thing = f"{base}dataset/", resource.value.startswith(f"{base}id/")

    def walk(node: NamedNode, said: list[Triple], shapes: tuple[PropertyShape, ...], depth: int) -> None:
        for child in _children(store, node, said, shapes, size if depth == 0 else 0):
            if child in seen or len(seen) > OWNED or (is_thing and child.value.startswith(datasets)):
                continue
            seen.add(child)
            inside = _said(store, child) or list(_said_by(store, child)[1])
            mine = display.property_shapes(ontology, _types(inside))
            _sort(inside, mine)
            found.extend(inside)
            if depth + 1 < DEPTH:
                walk(child, inside, mine, depth + 1)

    walk(resource, about, shapes, 0)
    return found


def _children(
    store: Quads, node: NamedNode, said: list[Triple], shapes: tuple[PropertyShape, ...], size: int
) -> Iterator[NamedNode]:
    for shape in shapes:
        if shape.owned and shape.inverse:
            quads = islice(store.quads(None, shape.predicate, node, DEFAULT), size)
            yield from sorted((q.subject for q in quads if isinstance(q.subject, NamedNode)), key=lambda n: n.value)
        elif shape.owned:
            yield from (t.object for t in said if t.predicate == shape.predicate and isinstance(t.object, NamedNode))
    owners = [node, *(t.object for t in said if t.predicate == DCT.replaces and isinstance(t.object, NamedNode))]
    for triple in said:
        if isinstance(triple.object, NamedNode) and any(belongs(triple.object, owner) for owner in owners):
            yield triple.object
    if size:  # the terms of a vocabulary, whether or not a shape says so
        defined = islice(store.quads(None, RDFS.isDefinedBy, node, DEFAULT), OWNED)
        terms = (q.subject for q in defined if isinstance(q.subject, NamedNode) and belongs(q.subject, node))
        yield from sorted(terms, key=lambda term: term.value)


def _origins(store: Quads, graphs: Iterable[NamedNode], cache: Origins) -> dict[NamedNode, Origin]:
    for graph in graphs:
        if graph not in cache:
            cache[graph] = _origin(store, graph)
    return {graph: cache[graph] for graph in graphs}


def _origin(store: Quads, graph: NamedNode) -> Origin:
    """What the catalogue says of a source."""
    found = dict.fromkeys(ORIGIN, "")
    for quad in store.quads(graph, None, None, DEFAULT):
        if quad.predicate in found and not isinstance(quad.object, Triple):
            found[quad.predicate] = quad.object.value
    return Origin(*found.values())


def _incoming(store: Quads, resource: NamedNode, page: int, size: int) -> tuple[list[Triple], bool]:
    start = (page - 1) * size
    quads = list(islice(store.quads(None, None, resource, DEFAULT), start, start + size + 1))
    # A nameless node says nothing by itself: what it belongs to is described where it stands.
    named = [plain(quad) for quad in quads[:size] if "/.well-known/genid/" not in str(quad.subject)]
    return sorted(named, key=str), len(quads) > size  # each store has an order of its own


def _labels(
    store: Quads,
    ontology: Ontology,
    resource: NamedNode,
    shown: Iterable[Triple],
    sources: Iterable[NamedNode],
    cache: Labels,
) -> Iterator[Triple]:
    labelled = {t.subject for t in shown if t.predicate in ontology.label_predicates} | {resource}
    for term in (*(term for triple in shown for term in (triple.subject, triple.object)), *sources):
        if isinstance(term, NamedNode) and term not in labelled:
            labelled.add(term)
            if term.value not in cache:
                cache[term.value] = _labels_of(store, ontology, term)
            yield from cache[term.value]


def labels_of(store: Quads, ontology: Ontology, iris: Iterable[str], cache: Labels) -> Iterator[Triple]:
    """The labels of some resources."""
    for iri in dict.fromkeys(iris):
        if iri not in cache:
            cache[iri] = _labels_of(store, ontology, NamedNode(iri))
        yield from cache[iri]


def _labels_of(store: Quads, ontology: Ontology, term: NamedNode) -> tuple[Triple, ...]:
    for predicate in ontology.label_predicates:
        # What licences keep out of the merged view has its name in the graph of its source.
        quads = list(store.quads(term, predicate, None))
        found = {plain(q) for q in quads if q.graph_name == DEFAULT} or {plain(q) for q in quads}
        if found:
            return tuple(sorted(found, key=lambda t: str(t.object)))
    return _described(store, ontology, term)


def _described(store: Quads, ontology: Ontology, term: NamedNode) -> tuple[Triple, ...]:
    # What has no name is shown by its description.
    for predicate in ontology.description_predicates:
        found = tuple(sorted((plain(q) for q in store.quads(term, predicate, None, DEFAULT)), key=str))
        if found:
            return found
    return ()
