"""What a description states, in the order in which formats write it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain

from solld.model import Description
from solld.rdf import DEFAULT, Literal, NamedNode, Quad, Triple

Subjects = Mapping[str, list[Triple]]


def statements(description: Description) -> list[Triple]:
    """Each triple once: of the resource, of the nodes it owns, of what points at it, labels."""
    parts = (description.about, description.owned, description.incoming, description.labels)
    return list(dict.fromkeys(chain.from_iterable(parts)))


def quads(description: Description) -> list[Quad]:
    """A quad for each graph that states a triple, graph after graph; what no graph states is in the default graph."""
    graphs: dict[NamedNode | None, list[Triple]] = {None: []}
    for other in description.also:
        for name in other.graphs:
            graphs.setdefault(name, []).extend((other.triple, *other.nested))
    for triple in statements(description):
        for graph in description.graphs.get(triple) or (None,):
            graphs.setdefault(graph, []).append(triple)
    return [
        Quad(each.subject, each.predicate, each.object, graph or DEFAULT)
        for graph, triples in graphs.items()
        for each in dict.fromkeys(triples)
    ]


def graphs_of(description: Description) -> list[NamedNode]:
    """The named graphs that say something of the resource, by name."""
    found = {graph for each in description.about for graph in description.graphs.get(each, ())}
    return sorted(found, key=lambda graph: graph.value)


def by_subject(triples: Iterable[Triple]) -> Subjects:
    """The triples of each subject: an IRI, or the label of a blank node with `_:` before it."""
    found: dict[str, list[Triple]] = defaultdict(list)
    for each in triples:
        found[key(each.subject)].append(each)
    return found


def key(term: object) -> str:
    """An IRI, or `_:` and the label of a blank node."""
    return term.value if isinstance(term, NamedNode) else str(term)


def iris(said: Iterable[Triple], predicate: NamedNode) -> list[str]:
    """The IRIs that a predicate has among statements."""
    return [each.object.value for each in said if each.predicate == predicate and isinstance(each.object, NamedNode)]


def literals(said: Iterable[Triple], predicate: NamedNode) -> list[Literal]:
    """The literals that a predicate has among statements."""
    return [each.object for each in said if each.predicate == predicate and isinstance(each.object, Literal)]
