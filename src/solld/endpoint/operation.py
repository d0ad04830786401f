"""What is asked of the endpoint: a query, the first rows of one, a graph, or whether a text is a query."""

import json
from dataclasses import dataclass

QUERY, ROWS, GRAPH, CHECK = "query", "rows", "graph", "check"


@dataclass(frozen=True)
class Operation:
    """One question to a release. Formats are the extensions of what each kind of result is written in, or None."""

    mode: str = QUERY
    query: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    solutions: str | None = None
    boolean: str | None = None
    graph: str | None = None
    iri: str = ""  # of the graph that is asked for; none is the default graph
    rows: int = 0  # how many are wanted

    def written(self) -> bytes:
        """As the processes tell it to each other: one line, the same for the same operation."""
        return json.dumps(vars(self)).encode()
