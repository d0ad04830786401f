"""One process that runs public queries over a release, one at a time; killed when one takes too much.

It is started by `processes.py` with a JSON argument, and imports as little as it can: a fresh one is wanted in a few
hundredths of a second. What it reads and writes are the frames of `frames.py`, on its standard input and output.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import pyoxigraph

from solld.endpoint import guard
from solld.endpoint.frames import packed
from solld.endpoint.isolation import isolate
from solld.endpoint.tokens import dataset_clause
from solld.errors import BadQuery, BadSyntax, NotAcceptable, NotFound, SolldError, StoreFailed, UnknownFunction, facts

SHOWN = 500_000  # characters of rows on a page; one row may have more
COUNTING = 1.0  # seconds after which a page says that there are more rows
CHUNK = 64 * 1024  # bytes gathered before they are sent
SOURCE, OUT = 0, 1
RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
}
WITH_PREFIXES = ("ttl", "trig", "rdf")
Result = pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean | Iterable[pyoxigraph.Triple]
Operation = dict[str, Any]


class Output:
    """What a serializer writes to: frames of data, sent in chunks."""

    def __init__(self) -> None:
        self.held = bytearray()
        self.frames = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        if len(self.held) >= CHUNK:
            self._gather()
            self._send()
        return len(data)

    def flush(self) -> None:
        """Serializers call it; what is held is sent when there is enough of it, or with the end."""

    def frame(self, kind: bytes, payload: bytes = b"") -> None:
        self._gather()
        self.frames += packed(kind, payload)

    def end(self, kind: bytes, payload: bytes = b"") -> None:
        """The last frame; a short answer leaves in one piece with it."""
        self.frame(kind, payload)
        self._send()

    def _gather(self) -> None:
        if self.held:
            self.frames += packed(b"D", self.held)
            self.held.clear()

    def _send(self) -> None:
        view = memoryview(self.frames)
        sent = 0
        while sent < len(view):
            sent += os.write(OUT, view[sent:])
        view.release()
        self.frames.clear()


class Worker:
    """A release opened for queries, with the limits that its queries have."""

    def __init__(self, settings: dict[str, Any]):
        self.store = pyoxigraph.Store.read_only(settings["store"])
        self.prefixes: dict[str, str] = settings["prefixes"]
        self.base: str = settings["base"]
        self.depth, self.patterns = int(settings["depth"]), int(settings["patterns"])
        self._merged: tuple[tuple[tuple[str, ...], tuple[str, ...]], pyoxigraph.Store] | None = None

    def answer(self, operation: Operation, out: Output) -> None:
        """Writes the frames of one answer."""
        ways: dict[str, Callable[[Operation, Output], None]] = {
            "query": self.query,
            "rows": self.rows,
            "graph": self.graph,
            "check": self.check,
        }
        try:
            ways[operation["mode"]](operation, out)
        except SolldError as error:
            _told(error, out)
        except (SyntaxError, ValueError) as error:
            _told(self.unreadable(error), out)
        except RuntimeError as error:
            kind = UnknownFunction if "function" in str(error) else BadQuery
            _told(kind(f"the query cannot be run: {error}"), out)
        except OSError as error:
            _told(StoreFailed("store", str(error)), out)

    def unreadable(self, error: Exception) -> SolldError:
        """What it means that something cannot be parsed: here it can only be the query."""
        return BadSyntax(str(error))

    def query(self, operation: Operation, out: Output) -> None:
        """A query, in the formats of the SPARQL 1.1 Protocol."""
        volatile, result = self.run(operation)
        kind = _kind(result)
        name = operation[kind]
        if name is None:
            raise NotAcceptable("", ())  # who asked knows what was accepted and offered
        out.frame(b"K", _head(kind, volatile))
        if isinstance(result, pyoxigraph.QuerySolutions | pyoxigraph.QueryBoolean):
            result.serialize(out, format=RESULTS[name])  # type: ignore[arg-type]
        else:
            self.written(result, name, out)
        out.end(b"Z")

    def written(self, triples: Iterable[pyoxigraph.Triple], name: str, out: Output) -> None:
        """Writes triples in the format of a name."""
        prefixes = self.prefixes if name in WITH_PREFIXES else None
        pyoxigraph.serialize(triples, out, format=GRAPHS[name], prefixes=prefixes)  # type: ignore[arg-type]

    def rows(self, operation: Operation, out: Output) -> None:
        """The first rows as N-Triples terms, and how many there are, or more than how many: for a page."""
        volatile, result = self.run(operation)
        columns, rows = _rows(result)
        shown, size = [], 0
        for row in islice(rows, operation["rows"]):
            shown.append([None if term is None else str(term) for term in row])
            size += sum(len(text) for text in shown[-1] if text)
            if size > SHOWN:
                break
        total, until = len(shown), time.monotonic() + COUNTING
        for _ in rows:
            total += 1
            if time.monotonic() > until:
                break
        else:
            until = 0.0
        out.frame(b"K", _head("rows", volatile))
        out.write(
            json.dumps(
                {"kind": _kind(result), "columns": columns, "rows": shown, "total": total, "counted": not until}
            ).encode()
        )
        out.end(b"Z")

    def graph(self, operation: Operation, out: Output) -> None:
        """A whole graph; its IRI, or none for the default graph. https://www.w3.org/TR/sparql11-http-rdf-update/"""
        name = operation["graph"]
        iri = operation["iri"]
        graph = pyoxigraph.NamedNode(iri) if iri else pyoxigraph.DefaultGraph()
        if iri and not self.store.contains_named_graph(graph):
            raise NotFound(f"/graph?graph={iri}", "there is no graph of this name")
        out.frame(b"K", b"graph")
        prefixes = self.prefixes if name in WITH_PREFIXES else None
        self.store.dump(out, GRAPHS[name], from_graph=graph, prefixes=prefixes)  # type: ignore[arg-type]
        out.end(b"Z")

    def check(self, operation: Operation, out: Output) -> None:
        """Parses without running: what kind of query it is and its variables, or the engine's complaint."""
        query = operation["query"]
        guard.check(query, self.depth, self.patterns)
        report: dict[str, Any] = {"message": None}
        try:
            result = pyoxigraph.Store().query(query, base_iri=self.base)
            report["kind"] = {"solutions": "select", "boolean": "ask"}.get(_kind(result), "graph")
            if isinstance(result, pyoxigraph.QuerySolutions):
                report["variables"] = [variable.value for variable in result.variables]
        except (SyntaxError, RuntimeError) as error:
            report["message"] = str(error)
        out.frame(b"K", b"report")
        out.write(json.dumps(report).encode())
        out.end(b"Z")

    def run(self, operation: Operation) -> tuple[bool, Result]:
        """Whether the result may differ from time to time, and the result."""
        query = operation["query"]
        volatile = guard.check(query, self.depth, self.patterns)
        defaults, named = tuple(operation["default_graphs"]), tuple(operation["named_graphs"])
        asked = bool(defaults or named)
        if not asked and "from" in query.lower():
            defaults, named = dataset_clause(query, self.base)
        store = self.store
        dataset: dict[str, Any] = {}
        if len(set(defaults)) > 1:
            # Several default graphs are an RDF merge: the engine would give a triple once for each graph that has it.
            store = self._merge(defaults, named)
            dataset = {"default_graph": pyoxigraph.DefaultGraph(), "named_graphs": _nodes(named)}
        elif asked:
            dataset = {"default_graph": _nodes(defaults[:1]), "named_graphs": _nodes(named)}
        return volatile, store.query(query, base_iri=self.base, **dataset)

    def _merge(self, defaults: tuple[str, ...], named: tuple[str, ...]) -> pyoxigraph.Store:
        if self._merged is None or self._merged[0] != (defaults, named):
            merged = pyoxigraph.Store()
            for graph in _nodes(defaults):
                merged.bulk_extend(
                    pyoxigraph.Quad(quad.subject, quad.predicate, quad.object)
                    for quad in self.store.quads_for_pattern(None, None, None, graph)
                )
            for graph in _nodes(named):
                merged.bulk_extend(self.store.quads_for_pattern(None, None, None, graph))
            self._merged = (defaults, named), merged
        return self._merged[1]


def _nodes(iris: tuple[str, ...]) -> list[pyoxigraph.NamedNode]:
    return [pyoxigraph.NamedNode(iri) for iri in iris]


def _kind(result: Result) -> str:
    if isinstance(result, pyoxigraph.QuerySolutions):
        return "solutions"
    return "boolean" if isinstance(result, pyoxigraph.QueryBoolean) else "graph"


def _rows(result: Result) -> tuple[list[str], Iterator[Any]]:
    if isinstance(result, pyoxigraph.QueryBoolean):
        return ["boolean"], iter([[pyoxigraph.Literal(bool(result))]])
    if not isinstance(result, pyoxigraph.QuerySolutions):
        return ["subject", "predicate", "object"], ((t.subject, t.predicate, t.object) for t in result)
    names = [variable.value for variable in result.variables]
    return names, (tuple(solution[i] for i in range(len(names))) for solution in result)


def _head(kind: str, volatile: bool) -> bytes:
    return kind.encode() + b"?" * volatile


def _told(error: SolldError, out: Output) -> None:
    out.held.clear()
    out.end(b"E", json.dumps(facts(error)).encode())


def main() -> None:
    settings = json.loads(sys.argv[1])
    isolate(settings["memory"])
    work(Worker(settings))


def work(worker: Worker) -> None:
    """Answers one operation after the other, until nobody asks any more."""
    out = Output()
    out.end(b"R")
    with open(SOURCE, "rb", closefd=False) as source:
        while header := source.read(5):
            length = int.from_bytes(header[1:], "big")
            worker.answer(json.loads(source.read(length)), out)


if __name__ == "__main__":
    main()
