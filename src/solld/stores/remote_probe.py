"""Asks a server what it does otherwise than the standard says, at every start: so that it is said, not hidden.

Two small graphs, written when a release is loaded, are asked for: literals of every kind, and enough triples for a
cross join that would fill more than the usual limits.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from solld.errors import CutOff, ServerFailed, SolldError
from solld.rdf import DCT, GEOSPARQL, XSD, Literal, NamedNode, Triple
from solld.stores.remote_graphs import probe_iri
from solld.stores.remote_load import drop
from solld.stores.remote_query import Able
from solld.stores.remote_server import CORRECTED, TIMEOUTS, Server, chunks

SUBJECTS = 26  # in each probe graph: crossed three times they are more than the 10,000 rows that Virtuoso comes with
VALUE = DCT.identifier
logger = logging.getLogger("solld")


def _literals() -> tuple[Literal, ...]:
    typed = (
        ("48.85837", XSD.decimal),
        ("48.85837", XSD.double),
        ("0.1", XSD.float),
        ("10000000000", XSD.double),
        ("true", XSD.boolean),
        ("1234567890123456789", XSD.integer),
        ("2024-01-02", XSD.date),
        ("-0044-03-15", XSD.date),
        ("2024-01-02T03:04:05.125Z", XSD.dateTime),
        ("2024", XSD.gYear),
        ("P1Y", XSD.duration),
        ("P1D", XSD.dayTimeDuration),
        ("POINT(2.35 48.85)", GEOSPARQL.wktLiteral),
        ("https://example.org/a b", XSD.anyURI),
    )
    plain = (Literal('a\tb\n"c"\\ é 😀'), Literal(" "), Literal(""), Literal("x", language="en-gb"))
    return (*(Literal(text, datatype=datatype) for text, datatype in typed), *plain)


def _triples(graph: str) -> list[Triple]:
    literals = _literals()
    assert len(literals) <= SUBJECTS
    numbers = (Literal(i) for i in range(SUBJECTS - len(literals)))
    return [Triple(NamedNode(f"{graph}#{i}"), VALUE, each) for i, each in enumerate((*literals, *numbers))]


def prepare(server: Server, base: str) -> None:
    """Writes the graphs that are asked for, if they are not there."""
    for number in (1, 2):
        graph = probe_iri(base, number)
        wanted = _triples(probe_iri(base, 1))  # the same triples in both
        if server.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}") == len(wanted):
            continue
        if server.place.graph_store:
            (lines,) = chunks(wanted, len(wanted))
            server.put(graph, lines)
            continue
        drop(server, graph)
        for each in wanted:  # one by one: Virtuoso's INSERT DATA refuses durations
            try:
                server.change(graph, (), [each])
            except ServerFailed as refused:
                logger.debug("%s: %s", each.object, refused)


@dataclass(frozen=True)
class Quirks:
    """What a server does otherwise, and what we do about it."""

    server: str = ""  # as it calls itself
    kind: str = ""
    row_limit: int = 0  # rows that it gives at most; 0 if none was met
    announced: bool = True  # whether it says that it cut an answer off
    duplicates: bool = False  # several default graphs give a triple that is in two of them twice
    shared_values: bool = True  # a VALUES of IRIs and strings keeps them apart
    booleans: bool = True  # a comparison gives an xsd:boolean
    service: bool = False  # it asks other servers for a SERVICE; we refuse those anyway
    timeout: str = ""  # the parameter by which it is told when to stop
    changed: tuple[tuple[str, str], ...] = ()  # literals: as loaded, as given back
    corrected: tuple[str, ...] = ()  # what is put right in what it answers

    @property
    def silent_limit(self) -> int:
        """Rows after which an answer may have been cut off in silence; 0 is none."""
        return 0 if self.announced else self.row_limit

    @property
    def able(self) -> Able:
        return Able(merges=not self.duplicates, mixes=self.shared_values)

    @classmethod
    def of(cls, facts: Mapping[str, Any]) -> "Quirks":
        """From what `as_data` gave, also when it has been JSON meanwhile."""
        changed = tuple((str(sent), str(held)) for sent, held in facts.get("changed", ()))
        return cls(**{**facts, "changed": changed, "corrected": tuple(facts.get("corrected", ()))})

    def as_data(self) -> dict[str, Any]:
        return asdict(self)

    def sentences(self) -> Iterator[str]:
        """For the log and for people."""
        yield f"the data are served from {self.server}" + (f" ({self.kind})" if self.kind else "")
        if self.row_limit:
            said = "says so" if self.announced else "does not say so, so rows are counted"
            yield f"it gives at most {self.row_limit} rows and {said}; a longer answer is an error here"
        if self.duplicates:
            yield "over several default graphs it gives duplicates; such queries are refused here"
        if not self.shared_values:
            yield "it takes a string for an IRI where a VALUES mixes it with a short IRI; such queries are refused here"
        if not self.booleans:
            yield "a comparison that is selected comes as a number instead of a boolean"
        if self.service:
            yield "it would ask other servers for a SERVICE; the endpoint refuses those before"
        if not self.timeout:
            yield "it cannot be told when to stop: set its own limit of time; ours only ends the waiting"
        for sent, held in self.changed:
            yield f"it gives {sent} back as {held}"
        for text in self.corrected:
            yield f"put right in its answers: {text}"


def probe(server: Server, base: str) -> Quirks:
    """Asks for everything; an error of one question is no quirk but the server's failure."""
    one, two = probe_iri(base, 1), probe_iri(base, 2)
    held = _held(server, one)
    quirks = Quirks(
        server=server.name,
        kind=server.kind,
        duplicates=server.number("SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }", (one, two)) > len(held),
        shared_values=_keeps_values_apart(server),
        booleans=_first(server, "SELECT (1 = 1 AS ?x) WHERE { }") == str(Literal(True)),
        service=_fetches(server),
        timeout=TIMEOUTS[server.kind][0] if server.kind in TIMEOUTS else "",
        changed=tuple(
            (str(each.object), held.get(each.subject.value, "nothing"))
            for each in _triples(one)
            if isinstance(each.subject, NamedNode) and held.get(each.subject.value) != str(each.object)
        ),
        corrected=CORRECTED if server.kind == "virtuoso" else (),
    )
    return _limited(server, one, quirks, len(held) ** 3)


def _held(server: Server, graph: str) -> dict[str, str]:
    rows = server.select(f"SELECT ?s ?o WHERE {{ GRAPH <{graph}> {{ ?s {VALUE} ?o }} }}")
    return {row[0].value: str(row[1]) for row in rows}


def _first(server: Server, query: str) -> str:
    return next((str(row[0]) for row in server.select(query)), "")


def _keeps_values_apart(server: Server) -> bool:
    # Virtuoso takes a string for an IRI after an IRI of at most 16 characters.
    rows = server.select('SELECT ?x WHERE { VALUES ?x { <urn:x> "plain" } }')
    try:
        return str(Literal("plain")) in {str(row[0]) for row in rows}
    except SyntaxError:  # "plain" came as an IRI, and is none
        return False


def _fetches(server: Server) -> bool:
    query = f"SELECT ?x WHERE {{ SERVICE <{server.place.query}> {{ SELECT (1 AS ?x) WHERE {{ }} }} }}"
    try:
        return _first(server, query) != ""
    except SolldError as refused:
        logger.debug("SERVICE: %s", refused)
        return False


def _limited(server: Server, graph: str, quirks: Quirks, wanted: int) -> Quirks:
    triples = " ".join(f"?{x} ?{x}p ?{x}o ." for x in "abc")
    try:
        found = sum(1 for _ in server.select(f"SELECT ?a WHERE {{ GRAPH <{graph}> {{ {triples} }} }}"))
    except CutOff as cut:
        return replace(quirks, row_limit=int(cut.value))
    if found < wanted:
        return replace(quirks, row_limit=found, announced=False)
    return quirks
