"""Asks an Answerer as a query process does: the result is serialised as it comes, an error may end it in the middle."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pyoxigraph

from solld.errors import ServerFailed, SolldError
from solld.rdf import SYNTAXES, QueryBoolean, QueryResultsFormat, QuerySolutions
from solld.stores.remote_answer import Answerer

RESULTS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}


@dataclass
class Told:
    """What came of a query: its kind, its bytes in pieces, and the error that ended it."""

    kind: str = ""
    pieces: list[bytes] = field(default_factory=list)
    error: SolldError | None = None
    when_written: Callable[[bytes], None] = lambda data: None

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)

    @property
    def status(self) -> int:
        return self.error.status if self.error else 200

    def write(self, data: bytes) -> int:
        self.pieces.append(bytes(data))
        self.when_written(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is held."""


def ask(
    answerer: Answerer,
    query: str,
    format: str,
    base: str,
    defaults: Sequence[str] = (),
    named: Sequence[str] = (),
    told: Told | None = None,
) -> Told:
    told = told or Told()
    try:
        result = answerer.run(query, base, defaults, named)
        if isinstance(result, QuerySolutions | QueryBoolean):
            told.kind = "boolean" if isinstance(result, QueryBoolean) else "solutions"
            result.serialize(told, format=RESULTS[format])  # type: ignore[arg-type]
        else:
            told.kind = "graph"
            pyoxigraph.serialize(result, told, format=SYNTAXES[format])  # type: ignore[arg-type]
    except SolldError as error:
        told.error = error
    except (SyntaxError, ValueError) as error:  # of a body that is no results
        told.error = ServerFailed("store", str(error))
    return told
