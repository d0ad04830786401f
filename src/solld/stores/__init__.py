"""What answers SPARQL over a release. A store is a class with the methods of `Store`; add one by adding a module."""

from collections.abc import Iterator
from typing import Protocol

from solld.rdf import DefaultGraph, NamedNode, Quad, Term, Triple

Row = tuple[Term | None, ...]


class Quads(Protocol):
    """What can be asked for the quads that match a pattern."""

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; None is any, and any graph includes the default graph."""
        ...


class Store(Quads, Protocol):
    """An RDF dataset that is only read."""

    def select(self, query: str) -> list[Row]:
        """The rows of a SELECT, in the order of its variables. BadQuery if it is not one."""
        ...

    def ask(self, query: str) -> bool: ...

    def construct(self, query: str) -> list[Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""
        ...

    def close(self) -> None: ...
