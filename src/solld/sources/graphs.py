"""Rows of RDF: one for each record, with what is said of it and of the nodes that are within it.

    <a> schema:name "Élan"@fr ; schema:address [ schema:postalCode "27000" ] .

    @id                               a
    schema:name                       "Élan"@fr
    schema:address.schema:postalCode  27000

Which nodes are records is told in records.py, how columns are called in names.py. Numbers keep their digits: what is
given here is not to have been through a store. https://www.w3.org/TR/rdf11-concepts/
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from solld.errors import SourceFailed
from solld.rdf import RDF, XSD, BlankNode, Literal, NamedNode, Quad, Term, Triple
from solld.sources import Cell, Row
from solld.sources.names import compact, is_relative, written

MOST = 2_000_000  # triples that are held at once, which takes 0.8 GB and half a minute
DEPTH = 3  # nodes within nodes
NESTED = 10_000  # nodes within a record
IDENTIFIER = "@id"  # the column of the IRI

Node = NamedNode | BlankNode
Said = tuple[NamedNode, Term]
WHOLE, LITERALS, NOTHING = "whole", "literals", "nothing"
Within = Callable[[Node, Node], str]  # record, node in it -> how much of the node is told with the record


@dataclass(frozen=True)
class Graph:
    """What is said of each node, which are in the order of the file."""

    said: Mapping[Node, tuple[Said, ...]]

    def edges(self, node: Node) -> Iterator[Said]:
        """What is said of a node, with the members of a list in its place."""
        for predicate, value in self.said.get(node, ()):
            if isinstance(value, NamedNode | BlankNode) and self.is_list(value):
                yield from ((predicate, member) for member in self.members(value))
            else:
                yield predicate, value

    def is_list(self, node: Node) -> bool:
        return node == RDF.nil or any(predicate == RDF.first for predicate, _ in self.said.get(node, ()))

    def members(self, head: Node) -> Iterator[Term]:
        """The members of a collection (RDF Schema section 5.2); a circle ends where it begins again."""
        for cell in self.chain(head):
            yield from (value for predicate, value in self.said[cell] if predicate == RDF.first)

    def chain(self, head: Node) -> Iterator[Node]:
        """The nodes that a list is made of."""
        seen: set[Node] = set()
        rest: Term | None = head
        while isinstance(rest, NamedNode | BlankNode) and rest in self.said and rest not in seen:
            seen.add(rest)
            yield rest
            rest = next((value for predicate, value in self.said[rest] if predicate == RDF.rest), None)


def graph_of(triples: Iterable[Triple] | Iterable[Quad], most: int = MOST) -> Graph:
    """The graph of triples, whichever named graphs they are in. SourceFailed if there are too many.

    What is said of statements (RDF 1.2) is not of records, and is left out.
    """
    said: dict[Node, list[Said]] = {}
    known: dict[NamedNode, NamedNode] = {}  # so that an IRI that stands there a million times is held once
    rest: Iterator[Triple | Quad] = iter(triples)
    for each in islice(rest, most):
        subject, value = each.subject, each.object
        if isinstance(subject, Triple) or isinstance(value, Triple):
            continue
        if isinstance(value, NamedNode):
            value = known.setdefault(value, value)
        said.setdefault(subject, []).append((known.setdefault(each.predicate, each.predicate), value))
    if next(rest, None) is not None:
        raise SourceFailed(
            f"triple {most + 1}",
            f"more than {most} triples are not read at once; what is sorted by subject can be split into several files",
        )
    return Graph({node: tuple(_ordered(what, said)) for node, what in said.items()})


def _ordered(what: list[Said], said: Mapping[Node, list[Said]]) -> Iterable[Said]:
    """What is said of a node, each once, in an order that does not come from the file: RDF has none.

    So a record is the same when it is written in another order; blank nodes go by what is said of them.
    """
    if len(what) == 1:
        return what

    def order(each: Said) -> tuple[str, str, str]:
        predicate, value = each
        if not isinstance(value, BlankNode):
            return predicate.value, value.value, str(value)
        return (
            predicate.value,
            "",
            "".join(sorted(f"{p}{o}" for p, o in said.get(value, ()) if not isinstance(o, BlankNode))),
        )

    return sorted(dict.fromkeys(what), key=order)


@dataclass
class _Walk:
    """What a record says, as far as it was looked at."""

    graph: Graph
    within: Within
    record: Node
    cells: dict[str, dict[Cell, None]] = field(default_factory=dict)
    nodes: dict[Node, str] = field(default_factory=dict)  # node -> how much of it is told

    def into(self, node: Node, prefix: str, path: tuple[Node, ...], much: str) -> None:
        if self.nodes.get(node) != WHOLE:
            self.nodes[node] = much
        if len(self.nodes) > NESTED:
            raise SourceFailed(_place(self.record, 0), f"has more than {NESTED} nodes within it")
        for predicate, value in self.graph.edges(node):
            if path[1:] and predicate == RDF.type:
                continue  # a postal address is none of the kinds of a record
            column = prefix + compact(predicate.value)
            if isinstance(value, Literal):
                self._add(column, _cell(value))
            elif much == WHOLE:
                self._follow(value, column, path)

    def _follow(self, value: Term, column: str, path: tuple[Node, ...]) -> None:
        if isinstance(value, NamedNode):
            self._add(column, written(value.value))
        if isinstance(value, Literal) or value not in self.graph.said or value in path or len(path) > DEPTH:
            return
        much = self.within(self.record, value)
        if much != NOTHING:
            self.into(value, f"{column}.", (*path, value), much)

    def _add(self, column: str, cell: Cell) -> None:
        if (cell if isinstance(cell, str) else cell.value).strip():
            self.cells.setdefault(column, {})[cell] = None


def rows_of(graph: Graph, records: Iterable[Node], within: Within) -> Iterator[Row]:
    """A row for each record, in the order of the file."""
    for number, record in enumerate(records, 1):
        walk = _Walk(graph, within, record)
        walk.into(record, "", (record,), WHOLE)
        cells: dict[str, tuple[Cell, ...]] = {}
        if isinstance(record, NamedNode) and not is_relative(record.value):
            cells[IDENTIFIER] = (record.value,)
        cells |= {column: tuple(values) for column, values in walk.cells.items()}
        yield Row(_place(record, number), cells, tuple(_triples(graph, walk.nodes, repr(cells))))


def _place(record: Node, number: int) -> str:
    return f"<{written(record.value)}>" if isinstance(record, NamedNode) else f"record {number}"


def _cell(literal: Literal) -> Cell:
    return literal if literal.language or literal.datatype != XSD.string else literal.value


def _triples(graph: Graph, nodes: Mapping[Node, str], text: str) -> Iterator[Triple]:
    """What is said of some nodes, as it can stand elsewhere: what is relative to the file means nothing there.

    Blank nodes are called by what the record says, so that the next time it is the same.
    """
    seed = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()
    blanks: dict[Node, BlankNode] = {}

    def named(node: Node) -> Node:
        if isinstance(node, NamedNode) and not is_relative(node.value):
            return node
        return blanks.setdefault(node, BlankNode(f"n{seed}x{len(blanks)}"))

    def shown(value: Term) -> Term:
        if isinstance(value, NamedNode) and is_relative(value.value) and value not in nodes:
            return Literal(written(value.value))
        return value if isinstance(value, Literal) else named(value)

    for node, predicate, value in _statements(graph, nodes):
        if not is_relative(predicate.value):
            yield Triple(named(node), predicate, shown(value))


def _statements(graph: Graph, nodes: Mapping[Node, str]) -> Iterator[tuple[Node, NamedNode, Term]]:
    """What is said of some nodes, as much of it as is told, with the nodes of lists."""
    for node, much in nodes.items():
        for predicate, value in graph.said[node]:
            if isinstance(value, Literal) or predicate == RDF.type or much == WHOLE:
                yield node, predicate, value
            if much == WHOLE and not isinstance(value, Literal) and graph.is_list(value):
                yield from ((cell, p, o) for cell in graph.chain(value) for p, o in graph.said[cell])
