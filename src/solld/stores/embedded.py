"""The embedded store: pyoxigraph over a folder, opened read-only, or in memory for a build's own work."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph

from solld.errors import BadQuery, StoreFailed
from solld.rdf import DefaultGraph, Literal, NamedNode, Quad, QueryBoolean, QuerySolutions, QueryTriples, Term, Triple
from solld.stores import Row


class EmbeddedStore:
    """A release's store. A folder must not be opened while it is written: a release is complete before it is served."""

    def __init__(self, store: pyoxigraph.Store):
        self._store: pyoxigraph.Store | None = store

    @classmethod
    def open(cls, folder: Path) -> "EmbeddedStore":
        if not folder.is_dir():
            raise StoreFailed(folder, "there is no store here")
        try:
            return cls(pyoxigraph.Store.read_only(str(folder)))
        except OSError as error:
            raise StoreFailed(folder, str(error)) from error

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> "EmbeddedStore":
        """A store in memory."""
        store = pyoxigraph.Store()
        store.bulk_extend(quads)
        return cls(store)

    @property
    def _opened(self) -> pyoxigraph.Store:
        if self._store is None:
            raise StoreFailed("store", "it is closed")
        return self._store

    def select(self, query: str) -> list[Row]:
        result = self._query(query)
        if not isinstance(result, QuerySolutions):
            raise BadQuery("this query is not a SELECT")
        width = len(result.variables)
        return [tuple(solution[i] for i in range(width)) for solution in result]

    def table(self, query: str) -> tuple[tuple[str, ...], Iterator[Row]]:
        """The names of the variables of a SELECT, and its rows as they come."""
        result = self._query(query)
        if not isinstance(result, QuerySolutions):
            raise BadQuery("this query is not a SELECT")
        names = tuple(variable.value for variable in result.variables)
        return names, (tuple(solution[i] for i in range(len(names))) for solution in result)

    def ask(self, query: str) -> bool:
        result = self._query(query)
        if not isinstance(result, QueryBoolean):
            raise BadQuery("this query is not an ASK")
        return bool(result)

    def construct(self, query: str) -> list[Triple]:
        result = self._query(query)
        if not isinstance(result, QueryTriples):
            raise BadQuery("this query is not a CONSTRUCT or DESCRIBE")
        return list(result)

    def _query(self, query: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        try:
            return self._opened.query(query)
        except SyntaxError as error:
            raise BadQuery(str(error)) from error
        except (OSError, RuntimeError) as error:
            raise StoreFailed("query", str(error)) from error

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        found = self._opened.quads_for_pattern(subject, predicate, object, graph)
        if not isinstance(object, Literal):
            return found
        # On disk, 0.5.13 also gives the literals that follow one whose encoding ends in the byte 255, like 1023.
        wanted = as_stored(object)
        return (quad for quad in found if quad.object == wanted)

    def count(self) -> int:
        """How many quads there are; no term of them is read."""
        return len(self._opened)

    def graphs(self) -> list[NamedNode]:
        """The named graphs; the engine remembers those that became empty, which are none."""
        names = [graph for graph in self._opened.named_graphs() if isinstance(graph, NamedNode)]
        return [name for name in names if next(self.quads(None, None, None, name), None)]

    def close(self) -> None:
        self._store = None


def as_stored(literal: Literal) -> Literal:
    """The literal as a store writes it: "1.50" is kept as "1.5"."""
    node = NamedNode("http://example.org/")
    memory = pyoxigraph.Store()
    memory.add(Quad(node, node, literal))
    (quad,) = memory
    assert isinstance(quad.object, Literal)
    return quad.object
