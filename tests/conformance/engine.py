"""The engine alone, in this process: what the served answers are held against."""

from collections.abc import Iterable

import pyoxigraph

from conformance.judge import UNKNOWN_FUNCTION, Reply
from solld.rdf import Quad, QueryBoolean, QuerySolutions, serialize

FORMATS = {
    "application/sparql-results+json": pyoxigraph.QueryResultsFormat.JSON,
    "application/sparql-results+xml": pyoxigraph.QueryResultsFormat.XML,
    "text/csv": pyoxigraph.QueryResultsFormat.CSV,
    "text/tab-separated-values": pyoxigraph.QueryResultsFormat.TSV,
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
}


class Engine:
    """A store in memory that answers as an endpoint does."""

    def __init__(self, quads: Iterable[Quad]):
        self._store = pyoxigraph.Store()
        self._store.extend(quads)

    def query(self, text: str, accept: str, by_get: bool) -> Reply:
        try:
            result = self._store.query(text, base_iri="http://localhost/")
            tabular = isinstance(result, QuerySolutions | QueryBoolean)
            media_type = accept.split(", ")[0 if tabular else -1]
            if tabular:
                body = result.serialize(format=FORMATS[media_type])  # type: ignore[arg-type]
            else:
                body = serialize(result, format=FORMATS[media_type])  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            return Reply(400, {}, str(error).encode())
        except RuntimeError as error:
            if not str(error).startswith("The custom function"):
                raise
            return Reply(400, {}, f"{UNKNOWN_FUNCTION}: {error}".encode())
        return Reply(200, {"content-type": media_type}, body or b"")
