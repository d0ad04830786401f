"""RDF terms, namespaces, parsing and writing: the home of pyoxigraph's term and format part.

Terms: https://www.w3.org/TR/rdf11-concepts/. Everything else says `from solld.rdf import NamedNode`.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
    serialize,
)

__all__ = [
    "BlankNode",
    "DefaultGraph",
    "Literal",
    "NamedNode",
    "Quad",
    "QueryBoolean",
    "QueryResultsFormat",
    "QuerySolutions",
    "QueryTriples",
    "RdfFormat",
    "Term",
    "Triple",
    "parse",
    "serialize",
]

Term = NamedNode | BlankNode | Literal


class Namespace:
    """A namespace whose terms are attributes: SKOS.prefLabel, or items where Python forbids the name."""

    def __init__(self, iri: str):
        self.iri = iri

    def __getattr__(self, local: str) -> NamedNode:
        if local.startswith("__"):
            raise AttributeError(local)
        return self[local]

    def __getitem__(self, local: str) -> NamedNode:
        term = NamedNode(self.iri + local)
        self.__dict__[local] = term
        return term


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
DCT = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
VOID = Namespace("http://rdfs.org/ns/void#")
SH = Namespace("http://www.w3.org/ns/shacl#")
DASH = Namespace("http://datashapes.org/dash#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
AS = Namespace("https://www.w3.org/ns/activitystreams#")
LDES = Namespace("https://w3id.org/ldes#")
TREE = Namespace("https://w3id.org/tree#")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SCHEMA = Namespace("https://schema.org/")
ADMS = Namespace("http://www.w3.org/ns/adms#")
ORG = Namespace("http://www.w3.org/ns/org#")
OA = Namespace("http://www.w3.org/ns/oa#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
GEO = Namespace("http://www.w3.org/2003/01/geo/wgs84_pos#")
SSSOM = Namespace("https://w3id.org/sssom/")
SEMAPV = Namespace("https://w3id.org/semapv/vocab/")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
GEOSPARQL = Namespace("http://www.opengis.net/ont/geosparql#")

DEFAULT = DefaultGraph()
BATCH = 1000  # lines that are parsed at once

SYNTAXES = {  # file extension -> syntax
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "nq": RdfFormat.N_QUADS,
    "trig": RdfFormat.TRIG,
    "rdf": RdfFormat.RDF_XML,
    "owl": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}


def syntax_of(path: Path) -> RdfFormat:
    """The syntax that a file's extension says; KeyError for another."""
    return SYNTAXES[path.suffix.lstrip(".").lower()]


def document_of(iri: str) -> str:
    """The IRI without its fragment: a thing and the nodes that belong to it share it."""
    return iri.partition("#")[0]


def n_triples(statements: Iterable[Triple] | Iterable[Quad]) -> bytes:
    """Triples, or quads of the default graph, as N-Triples; one line each, in the order given."""
    return cast(bytes, serialize(statements, format=RdfFormat.N_TRIPLES))


def triples_of(lines: Iterable[bytes]) -> Iterator[Triple]:
    """The triples of lines of N-Triples or N-Quads, which are read a few at a time."""
    rest = iter(lines)
    while batch := b"\n".join(islice(rest, BATCH)):
        for each in parse(batch, format=RdfFormat.N_QUADS):
            yield Triple(each.subject, each.predicate, each.object)


def write(triples: Iterable[Triple], syntax: RdfFormat, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Triples in a triple syntax, in the order given; consecutive triples of a subject are grouped."""
    return cast(bytes, serialize(triples, format=syntax, prefixes=dict(prefixes or {})))


def write_quads(quads: Iterable[Quad], syntax: RdfFormat, prefixes: Mapping[str, str] | None = None) -> bytes:
    """Quads in a dataset syntax, in the order given."""
    return cast(bytes, serialize(quads, format=syntax, prefixes=dict(prefixes or {})))


def read(content: bytes, syntax: RdfFormat) -> Iterator[Quad]:
    """The quads of a document held in memory. SyntaxError with line and column."""
    return cast(Iterator[Quad], parse(content, format=syntax))


def read_solutions(body: bytes, media_type: str) -> Iterator[Mapping[str, Term]]:
    """The solutions of SPARQL results in JSON or XML, with their digits; of a boolean one, which says `boolean`."""
    xml = media_type.endswith("xml")
    results = parse_query_results(body, format=QueryResultsFormat.XML if xml else QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        yield {"boolean": Literal(bool(results))}
        return
    names = [variable.value for variable in results.variables]
    for solution in results:
        yield {name: term for name in names if (term := solution[name]) is not None}


def read_results(body: bytes) -> tuple[tuple[str, ...], list[tuple[Term | None, ...]]]:
    """The variables and rows of SPARQL results in JSON; a boolean is one row of one column."""
    results = parse_query_results(body, format=QueryResultsFormat.JSON)
    if isinstance(results, QueryBoolean):
        return ("boolean",), [(Literal(bool(results)),)]
    names = tuple(variable.value for variable in results.variables)
    return names, [tuple(row[i] for i in range(len(names))) for row in results]


def parse_term(text: str | None) -> Term | None:
    """The term of its N-Triples text."""
    if text is None:
        return None
    if text.startswith("<<("):
        return Literal(text)  # a triple term is shown as it is written
    (quad,) = parse(f"_:s <urn:p> {text} .", format=RdfFormat.N_TRIPLES)
    return cast(Term, quad.object)


def triple(quad: Quad) -> Triple:
    """The quad without its graph."""
    return Triple(quad.subject, quad.predicate, quad.object)


def used(prefixes: Mapping[str, str], triples: Iterable[Triple]) -> dict[str, str]:
    """The prefixes whose namespace occurs in the triples, so that a document declares only what it needs."""
    namespaces = sorted(((ns, prefix) for prefix, ns in prefixes.items()), key=lambda pair: -len(pair[0]))
    found: dict[str, str] = {}
    seen: set[str] = set()
    for each in triples:
        for term in (each.subject, each.predicate, each.object):
            iri = (
                term.datatype.value if isinstance(term, Literal) else term.value if isinstance(term, NamedNode) else ""
            )
            stem = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
            if stem in seen:
                continue
            seen.add(stem)
            match = next((pair for pair in namespaces if iri.startswith(pair[0])), None)
            if match:
                found[match[1]] = match[0]
    return dict(sorted(found.items()))


TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|<([^>]*)>')  # of N-Triples: a literal's string, or an IRI


def replaced(line: bytes, replace: Callable[[str], str | None]) -> bytes:
    """A line of N-Triples or N-Quads with its IRIs replaced; literals are left alone. None keeps an IRI."""

    def one(match: re.Match[bytes]) -> bytes:
        if match[1] is None:
            return match[0]
        new = replace(match[1].decode())
        return match[0] if new is None else b"<" + new.encode() + b">"

    return TOKEN.sub(one, line)


def graph_of(line: bytes) -> str:
    """The graph of a line of N-Quads."""
    return line[line.rindex(b" <") + 2 : -3].decode()


def without_graph(line: bytes) -> bytes:
    """A line of N-Quads as one of N-Triples."""
    return line[: line.rindex(b"<")] + b"."


def in_graph(line: bytes, graph: str) -> bytes:
    """A line of N-Triples as one of N-Quads."""
    return line[:-1] + b"<" + graph.encode() + b"> ."


def targets(lines: Iterable[bytes]) -> set[str]:
    """The resources that lines of N-Triples or N-Quads point at."""
    found = set()
    for line in lines:
        rest = line.split(b" ", 2)[2]
        if rest[:1] == b"<":
            found.add(rest[1 : rest.index(b">")].partition(b"#")[0])
    return {each.decode() for each in found}


def iris(line: bytes) -> list[str]:
    """The IRIs of a line, subject first."""
    return [m[1].decode() for m in TOKEN.finditer(line) if m[1] is not None]
