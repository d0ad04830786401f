"""What sources say of a resource that the merged view does not have: other values, and what licences keep apart.

Bookkeeping (types, runs, times) is left out: it is not about the resource.
"""

from collections.abc import Collection, Iterator, Mapping

from solld.model import Also
from solld.rdf import DCT, DEFAULT, PROV, RDF, Literal, NamedNode, Triple, document_of
from solld.rdf import triple as plain
from solld.stores import Quads

ASIDE = frozenset((RDF.type, DCT.replaces, DCT.isReplacedBy, DCT.modified, PROV.wasGeneratedBy, PROV.generatedAtTime))
DEPTH = 3  # of nodes that belong to what is said
Graphs = Mapping[Triple, tuple[NamedNode, ...]]


def also(store: Quads, resource: NamedNode, about: Collection[Triple], stated: Graphs) -> tuple[Also, ...]:
    """`about` is what the merged view says of a resource; `stated` is what named graphs say, and which."""
    known = frozenset(about)
    led = [each.object for each in about if each.predicate == DCT.replaces and isinstance(each.object, NamedNode)]
    found: list[Also] = []
    for node in (resource, *led):
        said = stated if node == resource else _named(store, node)
        for each, graphs in said.items():
            object_ = resource if each.object in led else each.object
            told = Triple(resource, each.predicate, object_)
            if told not in known and each.predicate not in ASIDE:
                nested = tuple(_nested(store, each.object, node, graphs[0], DEPTH))
                found.append(Also(told, graphs, nested, _when(store, said, graphs[0])))
    return tuple(sorted(found, key=lambda each: (each.triple.predicate.value, each.graphs[0].value, str(each.triple))))


def _named(store: Quads, node: NamedNode) -> Graphs:
    found: dict[Triple, tuple[NamedNode, ...]] = {}
    for quad in store.quads(node):
        if isinstance(quad.graph_name, NamedNode):
            found[plain(quad)] = (*found.get(plain(quad), ()), quad.graph_name)
    return found


def _nested(store: Quads, term: object, owner: NamedNode, graph: NamedNode, depth: int) -> Iterator[Triple]:
    """What a graph says of a node that belongs to a resource, node after node."""
    if not isinstance(term, NamedNode) or not depth or not belongs(term, owner):
        return
    for quad in sorted(store.quads(term, None, None, graph), key=str):
        yield plain(quad)
        yield from _nested(store, quad.object, owner, graph, depth - 1)


def belongs(node: NamedNode, owner: NamedNode) -> bool:
    """Whether a node is a part of a thing: a fragment of it, or one that had no name."""
    is_own = "#" in node.value and document_of(node.value) == document_of(owner.value)
    return is_own or "/.well-known/genid/" in node.value


def _when(store: Quads, said: Graphs, graph: NamedNode) -> str:
    """When a source changed what it says of something; else when that was brought here, or the dataset was changed."""
    for predicate in (DCT.modified, PROV.generatedAtTime):
        for each, graphs in said.items():
            if each.predicate == predicate and graph in graphs and isinstance(each.object, Literal):
                return each.object.value
    for predicate in (DCT.modified, DCT.issued):
        for quad in store.quads(graph, predicate, None, DEFAULT):
            if isinstance(quad.object, Literal):
                return quad.object.value
    return ""
