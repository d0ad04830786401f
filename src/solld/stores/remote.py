"""A release on another server, for sites that outgrow one machine: a store over the graphs that hold it."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from solld.errors import BadQuery, BadSite, ServerFailed, StoreFailed
from solld.model import Settings
from solld.rdf import DEFAULT, XSD, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Term, Triple
from solld.stores import Row
from solld.stores.remote_answer import Target, triples, truth
from solld.stores.remote_graphs import Placement, Register, read_placement, write_placement
from solld.stores.remote_http import Place
from solld.stores.remote_probe import Quirks, probe
from solld.stores.remote_query import Rewritten, rewrite
from solld.stores.remote_server import Server

logger = logging.getLogger("solld")
SECONDS = 30.0  # that a page waits for one answer
INEXACT = (XSD.double, XSD.float)


def place_of(settings: Settings) -> Place:
    return Place(
        settings.store_query,
        settings.store_update,
        settings.store_graph_store,
        settings.store_user,
        str(settings.store_password_file or ""),
        settings.store_kind,
    )


def placed(folder: Path) -> Placement:
    """Where the release of a folder lies; BadSite if it was not put into a server."""
    placement = read_placement(folder)
    if placement is None:
        raise BadSite(folder, "this release is not on the server of [store]; solld publish puts it there")
    return placement


def target_of(settings: Settings, folder: Path) -> Target:
    """What a query process needs to answer the public over the release of a folder."""
    placement = placed(folder)
    quirks = Quirks.of(placement.quirks)
    # With its kind, so that the first query of a process already tells the server when to stop.
    place = replace(place_of(settings), kind=quirks.kind)
    return Target(place, placement.stored, settings.query_seconds, quirks.able, quirks.silent_limit)


def look(settings: Settings, folder: Path) -> Quirks:
    """Asks the server what it does otherwise, says it in the log, and notes it for the processes that ask it."""
    placement = placed(folder)
    server = Server(place_of(settings), SECONDS)
    quirks = probe(server, settings.base)
    server.close()
    for sentence in quirks.sentences():
        logger.info(sentence)
    if quirks != Quirks.of(placement.quirks):
        logger.warning("the server is not what it was when the release was published")
        write_placement(folder, replace(placement, quirks=quirks.as_data()))
    return quirks


class RemoteStore:
    """A release that was loaded into a server."""

    def __init__(self, server: Server, base: str, placement: Placement, quirks: Quirks):
        self.server, self.base, self.placement, self.quirks = server, base, placement, quirks
        self._public = {stored: public for public, stored in placement.graphs.items()}
        names = " ".join(f"<{name}>" for name in (placement.merged, *placement.graphs.values()))
        self._any = f"VALUES ?g {{ {names} }} GRAPH ?g"
        # Where a server shortens doubles, the text of each is asked for too.
        self._exact = any(str(datatype) in sent for sent, _ in quirks.changed for datatype in INEXACT)

    @classmethod
    def open(cls, settings: Settings, folder: Path) -> "RemoteStore":
        """The release of a folder, on the server of the site."""
        placement = placed(folder)
        server = Server(place_of(settings), SECONDS)
        register = Register(server, settings.base)
        missing = sorted(name for name in placement.slots if not getattr(register.slots.get(name), "release", ""))
        if missing:
            raise StoreFailed(settings.store_query, f"{missing[0]} is not there any more; solld publish puts it there")
        quirks = Quirks.of(placement.quirks)
        server.silent_limit = quirks.silent_limit
        return cls(server, settings.base, placement, quirks)

    def select(self, query: str) -> list[Row]:
        return _read(self._rows(self._rewritten(query, "SELECT")))

    def ask(self, query: str) -> bool:
        return bool(truth(self._rows, self._rewritten(query, "ASK")))

    def construct(self, query: str) -> list[Triple]:
        return list(triples(self._rows, self._rewritten(query, "CONSTRUCT", "DESCRIBE")))

    def _rewritten(self, query: str, *forms: str) -> Rewritten:
        asked = rewrite(query, self.base, self.placement.stored, able=self.quirks.able)
        if asked.form not in forms:
            raise BadQuery(f"this query is not a {' or '.join(forms)}")
        return asked

    def _rows(self, asked: Rewritten) -> QuerySolutions:
        return self.server.select(asked.text, asked.defaults, asked.named, asked.limit)

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """The quads that match, as they come: a reader that has enough may stop."""
        asked = {"?s": subject, "?p": predicate, "?o": object}
        free = [name for name, term in asked.items() if term is None]
        where = " ".join(name if term is None else str(term) for name, term in asked.items())
        source = self._any if graph is None else f"GRAPH <{self._stored(graph)}>"
        names = [*free, *(["?g"] if graph is None else [])]
        texts = "(STR(?o) AS ?text)" if object is None and self._exact else ""
        rows = self.server.select(
            f"SELECT {' '.join(names) or '(1 AS ?one)'} {texts} WHERE {{ {source} {{ {where} }} }}"
        )
        for row in _iterated(rows):
            found = asked | dict(zip(names, row, strict=False))
            if texts:
                found["?o"] = _exact(found["?o"], row[-1])
            name = graph if graph is not None else self._graph(found.pop("?g"))
            yield Quad(found["?s"], found["?p"], found["?o"], name)  # type: ignore[arg-type]

    def _stored(self, graph: NamedNode | DefaultGraph) -> str:
        if isinstance(graph, DefaultGraph):
            return self.placement.merged
        return self.placement.graphs.get(graph.value, self.placement.none)

    def _graph(self, stored: Term | None) -> NamedNode | DefaultGraph:
        assert isinstance(stored, NamedNode)
        return NamedNode(self._public[stored.value]) if stored.value in self._public else DEFAULT

    def close(self) -> None:
        self.server.close()


def _exact(term: Term | None, text: Term | None) -> Term | None:
    if isinstance(term, Literal) and term.datatype in INEXACT and isinstance(text, Literal):
        return Literal(text.value, datatype=term.datatype)
    return term


def _iterated(rows: QuerySolutions) -> Iterator[Row]:
    width = range(len(rows.variables))
    try:
        for row in rows:
            yield tuple(row[i] for i in width)
    except (SyntaxError, ValueError) as error:
        raise ServerFailed("select", f"the answer cannot be read to its end: {error}") from error


def _read(rows: QuerySolutions) -> list[Row]:
    return list(_iterated(rows))
