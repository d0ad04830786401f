"""A store on another server, by the SPARQL 1.1 Protocol, for sites that outgrow one machine: SPARQLWrapper's home."""

from collections.abc import Iterator
from urllib.error import URLError

from SPARQLWrapper import JSON, N3, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import SPARQLWrapperException

from solld.errors import BadQuery, StoreFailed
from solld.queries import bind
from solld.rdf import DEFAULT, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Term, Triple, parse
from solld.stores import Row


class RemoteStore:
    """A release that was loaded into a server; `seconds` limits each request."""

    def __init__(self, endpoint: str, seconds: int = 30):
        self.endpoint, self.seconds = endpoint, seconds

    def _asked(self, query: str, format_: str) -> object:
        wrapper = SPARQLWrapper(self.endpoint)
        wrapper.setTimeout(self.seconds)
        wrapper.setMethod("POST")
        wrapper.setQuery(query)
        wrapper.setReturnFormat(format_)
        try:
            return wrapper.query()
        except SPARQLWrapperException as error:
            raise BadQuery(f"{self.endpoint}: {error}") from error
        except (URLError, OSError) as error:
            raise StoreFailed(self.endpoint, str(error)) from error

    def _json(self, query: str) -> dict[str, object]:
        result = self._asked(query, JSON).convert()  # type: ignore[attr-defined]
        if not isinstance(result, dict):
            raise StoreFailed(self.endpoint, "the answer is not SPARQL results in JSON")
        return result

    def select(self, query: str) -> list[Row]:
        result = self._json(query)
        if "results" not in result:
            raise BadQuery("this query is not a SELECT")
        names = result["head"]["vars"]  # type: ignore[index]
        bindings = result["results"]["bindings"]  # type: ignore[index]
        return [tuple(_term(row[name]) if name in row else None for name in names) for row in bindings]

    def ask(self, query: str) -> bool:
        result = self._json(query)
        if "boolean" not in result:
            raise BadQuery("this query is not an ASK")
        return bool(result["boolean"])

    def construct(self, query: str) -> list[Triple]:
        body = self._asked(query, N3).response.read()  # type: ignore[attr-defined]
        return [Triple(t.subject, t.predicate, t.object) for t in parse(body, format=RdfFormat.TURTLE)]

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        parts = {"subject": subject, "predicate": predicate, "object": object}
        bound = {name: term for name, term in parts.items() if isinstance(term, NamedNode | Literal)}
        triple = bind(" ".join(f"${name}" if name in bound else f"?{name}" for name in parts), **bound)
        if isinstance(graph, NamedNode):
            where = f"GRAPH {graph} {{ {triple} }}"
        elif graph is None:
            where = f"{{ {triple} }} UNION {{ GRAPH ?graph {{ {triple} }} }}"
        else:
            where = triple
        for row in self.select(f"SELECT ?subject ?predicate ?object ?graph WHERE {{ {where} }}"):
            s, p, o = (given or found for given, found in zip((subject, predicate, object), row, strict=False))
            name = graph if isinstance(graph, NamedNode) else row[3] if isinstance(row[3], NamedNode) else DEFAULT
            yield Quad(s, p, o, name)  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing is held open between requests."""


def _term(binding: dict[str, str]) -> Term:
    match binding["type"]:
        case "uri":
            return NamedNode(binding["value"])
        case "bnode":
            raise StoreFailed("remote", "the server answered with a blank node; a release has none")
        case _:
            if "xml:lang" in binding:
                return Literal(binding["value"], language=binding["xml:lang"])
            if "datatype" in binding:
                return Literal(binding["value"], datatype=NamedNode(binding["datatype"]))
            return Literal(binding["value"])
