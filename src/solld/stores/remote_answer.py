"""Runs one public query over a release on a server, as it streams: what a query process has instead of a store."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

import pyoxigraph

from solld.errors import NotFound, ServerFailed
from solld.rdf import BlankNode, NamedNode, QueryBoolean, QueryResultsFormat, QuerySolutions, Term, Triple
from solld.stores.remote_http import Place
from solld.stores.remote_query import Able, Graphs, Rewritten, rewrite
from solld.stores.remote_server import Server

BATCH = 500  # resources that one request describes
RECENT = 10_000  # triples of a CONSTRUCT that are remembered, so that most of what is made twice is sent once
PLACE = "urn:solld:place:"  # what stands for a variable while a template is read
Result = QuerySolutions | QueryBoolean | Iterator[Triple]
Row = Sequence[Term | None]


@dataclass(frozen=True)
class Target:
    """What a query process needs to know of a release on a server; passed to it as JSON."""

    place: Place
    graphs: Graphs
    seconds: float
    able: Able
    silent_limit: int = 0

    def dump(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def load(cls, text: str) -> "Target":
        facts = json.loads(text)
        kinds = {"place": Place, "graphs": Graphs, "able": Able}
        return cls(**facts | {name: kind(**facts[name]) for name, kind in kinds.items()})


class Answerer:
    """A release on a server, for one query process."""

    def __init__(self, target: Target):
        self.target = target
        self.server = Server(target.place, target.seconds)
        self.server.silent_limit = target.silent_limit

    def run(self, query: str, base: str, defaults: Sequence[str] = (), named: Sequence[str] = ()) -> Result:
        """The result of a query, of the type that its form asks for; its rows or triples come as they are taken.

        A SolldError may also come while they are taken: what came before is not the whole answer then.
        """
        asked = rewrite(query, base, self.target.graphs, defaults, named, self.target.able)
        match asked.form:
            case "SELECT":
                return self.rows(asked)
            case "ASK":
                return truth(self.rows, asked)
            case _:
                return told(triples(self.rows, asked), self.target.place.query)

    def graph(self, iri: str) -> Iterator[Triple]:
        """A whole graph; the merged view without a name. NotFound if the release has none of this name."""
        stored = self.target.graphs.named.get(iri) if iri else self.target.graphs.merged
        if stored is None:
            raise NotFound(f"/graph?graph={iri}", "there is no graph of this name")
        text = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{stored}> {{ ?s ?p ?o }} }}"
        asked = Rewritten("CONSTRUCT", text, (), (), "{ ?s ?p ?o }")
        return told(triples(self.rows, asked), self.target.place.query)

    def rows(self, asked: Rewritten) -> QuerySolutions:
        return self.server.select(asked.text, asked.defaults, asked.named, asked.limit, self.target.seconds)


def told(items: Iterator[Triple], address: str) -> Iterator[Triple]:
    """The same, where a body that is no results, or not all of them, is the server's failure and not the client's."""
    try:
        yield from items
    except (SyntaxError, ValueError) as error:
        raise ServerFailed(address, f"its answer cannot be read to the end: {error}") from error


def truth(rows: Callable[[Rewritten], QuerySolutions], asked: Rewritten) -> QueryBoolean:
    """The answer to an ASK, which was asked as a SELECT of one row."""
    found = "true" if next(rows(asked), None) is not None else "false"
    result = pyoxigraph.parse_query_results(f'{{"head":{{}},"boolean":{found}}}', format=QueryResultsFormat.JSON)
    assert isinstance(result, QueryBoolean)
    return result


def triples(rows: Callable[[Rewritten], QuerySolutions], asked: Rewritten) -> Iterator[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE."""
    if asked.form == "CONSTRUCT":
        yield from _filled(asked.template, rows(asked))
        return
    described: Iterable[str] = asked.described
    if asked.text:
        described = (*described, *(str(term) for row in _tuples(rows(asked)) for term in row if _is_iri(term)))
    for batch in _batched(iter(dict.fromkeys(described))):
        values = " ".join(batch)
        text = f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o }}"
        for subject, predicate, object_ in _tuples(rows(Rewritten("SELECT", text, asked.defaults, ()))):
            yield Triple(subject, predicate, object_)  # type: ignore[arg-type]


def _is_iri(term: Term | None) -> bool:
    return isinstance(term, NamedNode)


def _tuples(rows: QuerySolutions) -> Iterator[Row]:
    width = range(len(rows.variables))
    for row in rows:
        yield tuple(row[i] for i in width)


def _batched(items: Iterator[Any]) -> Iterator[list[Any]]:
    while batch := list(islice(items, BATCH)):
        yield batch


def _filled(template: str, rows: QuerySolutions) -> Iterator[Triple]:
    """The template filled with each row. What would be no triple is left out, what came a moment ago too."""
    names = [str(variable) for variable in rows.variables]
    places = {f"{PLACE}{i}": i for i in range(len(names))}
    values = " ".join(f"<{place}>" for place in places)
    # The engine that reads templates everywhere else reads this one too, over one row of placeholders.
    made = pyoxigraph.Store().query(f"CONSTRUCT {template} WHERE {{ VALUES ({' '.join(names)}) {{ ({values}) }} }}")
    assert isinstance(made, pyoxigraph.QueryTriples)
    patterns = [(t.subject, t.predicate, t.object) for t in made]
    recent: set[Triple] = set()
    for row in _tuples(rows):
        nameless: dict[str, BlankNode] = {}
        for pattern in patterns:
            subject, predicate, object_ = (_put(term, row, places, nameless) for term in pattern)
            if isinstance(subject, NamedNode | BlankNode) and isinstance(predicate, NamedNode) and object_ is not None:
                triple = Triple(subject, predicate, object_)
                if triple not in recent:
                    recent.add(triple)
                    yield triple
        if len(recent) > RECENT:
            recent.clear()


def _put(term: Any, row: Row, places: Mapping[str, int], nameless: dict[str, BlankNode]) -> Any:
    if isinstance(term, NamedNode):
        place = places.get(term.value)
        return term if place is None else row[place]
    if isinstance(term, BlankNode):
        return nameless.setdefault(term.value, BlankNode())
    if isinstance(term, Triple):
        parts = [_put(part, row, places, nameless) for part in (term.subject, term.predicate, term.object)]
        return None if None in parts else Triple(*parts)
    return term
