"""What is asked of the endpoint: a query, the first rows of one, a graph, or whether a text is a query."""

from dataclasses import dataclass

QUERY, ROWS, GRAPH, CHECK = "query", "rows", "graph", "check"


@dataclass(frozen=True)
class Operation:
    """One question to a release. Formats are the extensions of what each kind of result is written in, or None."""

    release: int
    mode: str = QUERY
    query: str = ""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    solutions: str | None = None
    boolean: str | None = None
    graph: str | None = None
    iri: str = ""  # of the graph that is asked for; none is the default graph
    rows: int = 0  # how many are wanted
    accept: str = ""  # as the client said it, for the error
    offers: tuple[str, ...] = ()
    zipped: bool = False  # whether the compressed form is welcome

    @classmethod
    def of(cls, told: dict[str, object]) -> "Operation":
        """From what `vars` gave, through JSON."""
        return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in told.items()})  # type: ignore[arg-type]

    @property
    def key(self) -> tuple[object, ...]:
        """What the answer is a function of."""
        return (
            *(self.release, self.mode, self.query, self.default_graphs, self.named_graphs),
            *(self.solutions, self.boolean, self.graph, self.iri, self.rows),
        )
