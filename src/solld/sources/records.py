"""Which nodes of a graph are records, and which are only part of one: told by their types and by who points at them.

- Whatever has a type or a name is a record, but for blank nodes that a record points at.
- An address, a point or the like is part of what points at it; so is a node `x#y` of `x`.
- A catalogue, a list or a web page is no record beside others: it neither holds nor hides its members.
- Terms of a vocabulary are no records of a file that only classifies its records by them.

Types are told by what they are called, for there are many vocabularies that have an Address.
"""

from collections.abc import Iterable, Iterator, Sequence

from solld.rdf import RDF, BlankNode, Literal, NamedNode, Quad, Term, Triple, document_of
from solld.sources import Row
from solld.sources.graphs import LITERALS, NOTHING, WHOLE, Graph, Node, graph_of, rows_of
from solld.sources.names import LABELS, compact, local

PARTS = frozenset(
    "Address PostalAddress GeoCoordinates GeoShape Geometry Point Location Place SpatialThing ContactPoint "
    "OpeningHoursSpecification OpeningHours QuantitativeValue MonetaryAmount PropertyValue Identifier ImageObject "
    "Image MediaObject VirtualLocation PostalCodeRangeSpecification Site Voice Cell Fax Email OnlineAccount "
    "AggregateRating Rating Period PeriodOfTime AdministrativeArea".split()
)
CONTAINERS = frozenset(
    "Dataset DataCatalog Catalog CatalogRecord Distribution DataDownload DataService DataFeed DataFeedItem ItemList "
    "ListItem BreadcrumbList WebSite WebPage WebPageElement AboutPage CollectionPage ContactPage FAQPage ItemPage "
    "ProfilePage QAPage SearchResultsPage SiteNavigationElement WPHeader WPFooter Document PersonalProfileDocument "
    "Collection OrderedCollection OrderedCollectionPage PartialCollectionView Page SearchAction "
    "ReadAction EntryPoint PropertyValueSpecification Linkset".split()
)
TERMS = frozenset(
    "Concept ConceptScheme Class Ontology Property ObjectProperty DatatypeProperty "
    "AnnotationProperty FunctionalProperty TransitiveProperty SymmetricProperty DefinedTerm DefinedTermSet "
    "CategoryCode CategoryCodeSet Datatype Restriction Vocabulary".split()
)
GENERAL = frozenset("Thing Resource NamedIndividual Entity Feature Work Home".split())  # what anything may be called
PLACES = frozenset("Place Location SpatialThing AdministrativeArea Site".split())  # parts that may be records
ABOUT_TERMS = frozenset(("skos", "rdfs", "owl"))  # whose properties join terms of a vocabulary


def rows(triples: Iterable[Triple] | Iterable[Quad]) -> Iterator[Row]:
    """The rows of triples or quads. SourceFailed if there are too many of them."""
    nodes = Nodes(graph_of(triples))
    records = frozenset(_chosen(nodes))
    return rows_of(nodes.graph, [node for node in nodes.graph.said if node in records], Nearness(nodes, records))


class Nodes:
    """What is known of the nodes of a graph."""

    def __init__(self, graph: Graph):
        self.graph = graph
        self.types: dict[Node, frozenset[str]] = {}
        self.named: set[Node] = set()  # that are called something
        self.pointing: dict[Node, set[Node]] = {}  # node -> what else points at it, but for containers
        for node in graph.said:
            self._look(node)

    def _look(self, node: Node) -> None:
        found = [(p, o) for p, o in self.graph.edges(node)]
        types = frozenset(o.value for p, o in found if p == RDF.type and isinstance(o, NamedNode))
        self.types[node] = frozenset(map(compact, types))
        if any(compact(predicate.value) in LABELS for predicate, _ in found):
            self.named.add(node)
        if not self.is_container(node) and not self.graph.is_list(node):
            for predicate, value in found:
                if predicate != RDF.type and not isinstance(value, Literal) and value != node:
                    self.pointing.setdefault(value, set()).add(node)

    def _called(self, node: Node) -> frozenset[str]:
        return frozenset(map(local, self.types.get(node, ())))

    def is_container(self, node: Node) -> bool:
        return not self._called(node).isdisjoint(CONTAINERS) and not self.is_term(node)

    def is_term(self, node: Node) -> bool:
        return not self._called(node).isdisjoint(TERMS)

    def is_like_a_part(self, node: Node) -> bool:
        """Whether it is a part and nothing else: many a shop says that it is a place too."""
        called = self._called(node) - GENERAL
        return bool(called) and called <= PARTS

    def is_place(self, node: Node) -> bool:
        return node in self.named and not self._called(node).isdisjoint(PLACES)

    def pointed(self, node: Node) -> set[Node]:
        return self.pointing.get(node, set())

    def are_alike(self, one: Node, other: Node) -> bool:
        """Whether two nodes are of the same kind: they share a type, or have none."""
        mine, theirs = self.types[one], self.types[other]
        return mine == theirs or not mine.isdisjoint(theirs)


def _chosen(nodes: Nodes) -> list[Node]:
    """The records: things if there are any, else terms, else what may be a part or a container."""
    found = [node for node in nodes.graph.said if _is_candidate(nodes, node)]
    things = [n for n in found if not (nodes.is_container(n) or nodes.is_term(n) or nodes.is_like_a_part(n))]
    terms = [node for node in found if nodes.is_term(node)]
    parts = [n for n in found if nodes.is_like_a_part(n) and not nodes.is_container(n) and not nodes.is_term(n)]
    if things or terms:
        places = [node for node in parts if nodes.is_place(node)]
        used = _used(nodes, things, terms)
        return [*things, *places, *(node for node in terms if node not in used)]
    if parts:
        return parts
    members = set(found)
    return [n for n in found if not any(o in members and o != n for _, o in nodes.graph.edges(n))] or found


def _is_candidate(nodes: Nodes, node: Node) -> bool:
    if nodes.graph.is_list(node):
        return False
    if isinstance(node, BlankNode):
        return bool(nodes.types[node] or node in nodes.named) and not nodes.pointed(node)
    if not nodes.types[node] and node not in nodes.named:
        return False
    return not _is_part(nodes, node)


def _is_part(nodes: Nodes, node: NamedNode) -> bool:
    others = nodes.pointed(node)
    if nodes.is_term(node) or not others:
        return False
    if nodes.is_like_a_part(node):
        return any(not nodes.is_like_a_part(other) or nodes.pointed(other) for other in others)
    whole = document_of(node.value)
    return whole != node.value and any(
        isinstance(other, NamedNode)
        and other.value == whole
        and not nodes.are_alike(other, node)
        and not nodes.is_term(other)
        for other in others
    )


def _used(nodes: Nodes, things: Iterable[Node], terms: Sequence[Node]) -> set[Term]:
    """The terms by which things are classified, and the other terms of their vocabularies."""
    joined: dict[Term, set[Term]] = {term: set() for term in terms}
    for each in terms:
        for predicate, value in nodes.graph.edges(each):
            if value in joined and compact(predicate.value).partition(":")[0] in ABOUT_TERMS:
                joined[each].add(value)
                joined[value].add(each)
    found: set[Term] = set()
    left = [value for thing in things for _, value in nodes.graph.edges(thing) if value in joined]
    while left:
        term = left.pop()
        if term not in found:
            found.add(term)
            left += joined[term]
    return found


class Nearness:
    """How much of a node is told within a record that points at it."""

    def __init__(self, nodes: Nodes, records: frozenset[Node]):
        self._nodes, self._records = nodes, records

    def __call__(self, record: Node, node: Node) -> str:
        """The whole of a part; of what is a record of another kind, and of what many share, only what it is called."""
        nodes = self._nodes
        if nodes.is_container(node) or nodes.graph.is_list(node):
            return NOTHING
        if node in self._records or nodes.is_term(node):
            return NOTHING if nodes.are_alike(record, node) else LITERALS
        if isinstance(node, BlankNode) or nodes.is_like_a_part(node) or len(nodes.pointed(node)) <= 1:
            return WHOLE
        return LITERALS
