"""Reads what a query may be answered with, independently of the engine that wrote it.

https://www.w3.org/TR/sparql12-results-json/ · https://www.w3.org/TR/sparql12-results-xml/
https://www.w3.org/TR/sparql11-results-csv-tsv/ · the vocabulary http://www.w3.org/2001/sw/DataAccess/tests/result-set#
"""

import csv
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree

from pyoxigraph import BaseDirection

from solld.rdf import RDF, XSD, BlankNode, Literal, NamedNode, Namespace, RdfFormat, Triple, parse

RS = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
INDEX = RS["index"]
SRX = "{http://www.w3.org/2005/sparql-results#}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
ITS_DIR = "{http://www.w3.org/2005/11/its}dir"
NUMBER = re.compile(r"[+-]?\d+(\.\d*)?([eE][+-]?\d+)?")
GRAPHS = {
    "text/turtle": RdfFormat.TURTLE,
    "application/n-triples": RdfFormat.N_TRIPLES,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/trig": RdfFormat.TRIG,
}
MEDIA_TYPES = {  # of the files of the suite, by extension
    "srj": "application/sparql-results+json",
    "srx": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "nt": "application/n-triples",
    "trig": "application/trig",
}

Term = NamedNode | BlankNode | Literal | Triple
Row = Mapping[str, Term]


@dataclass(frozen=True)
class Solutions:
    """The answer to a SELECT; an unbound variable is not in its row."""

    variables: tuple[str, ...]
    rows: tuple[Row, ...]
    ordered: bool = False  # whether the order of the rows is part of the answer


@dataclass(frozen=True)
class Graph:
    """The answer to a CONSTRUCT or DESCRIBE."""

    triples: frozenset[Triple]


Answer = bool | Solutions | Graph


class Unreadable(ValueError):
    """What was answered is not what its media type says."""


def read(body: bytes, media_type: str, base: str = "") -> Answer:
    """The answer in a document; a graph in the result-set vocabulary is the answer that it describes."""
    match media_type:
        case "application/sparql-results+json":
            return _json(body)
        case "application/sparql-results+xml":
            return _xml(body)
        case "text/csv":
            return _csv(body)
        case "text/tab-separated-values":
            return _tsv(body)
        case _ if media_type in GRAPHS:
            return _graph(body, GRAPHS[media_type], base)
    raise Unreadable(f"an answer of type {media_type!r}")


def literal(value: str, datatype: str = "", language: str = "", direction: str = "") -> Literal:
    """A literal; the case of a language tag does not matter. https://www.w3.org/TR/rdf12-concepts/#dfn-language-tag"""
    if direction:
        return Literal(value, language=language.lower(), direction=BaseDirection(direction))
    if language:
        return Literal(value, language=language.lower())
    return Literal(value, datatype=NamedNode(datatype) if datatype else XSD.string)


def _folded(term: Term) -> Term:
    if isinstance(term, Triple):
        return Triple(_folded(term.subject), term.predicate, _folded(term.object))  # type: ignore[arg-type]
    if isinstance(term, Literal) and term.language:
        return literal(term.value, language=term.language, direction=str(term.direction or ""))
    return term


def _json(body: bytes) -> Answer:
    document = json.loads(body)
    if "boolean" in document:
        if not isinstance(document["boolean"], bool):
            raise Unreadable(f"boolean is {document['boolean']!r}")
        return document["boolean"]
    rows = tuple(
        {name: _json_term(each) for name, each in binding.items()} for binding in document["results"]["bindings"]
    )
    return Solutions(tuple(document["head"]["vars"]), rows)


def _json_term(term: Mapping[str, Any]) -> Term:
    value = term["value"]
    match term["type"]:
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "literal" | "typed-literal":
            return literal(value, term.get("datatype", ""), term.get("xml:lang", ""), term.get("its:dir", ""))
        case "triple":
            parts = [_json_term(value[name]) for name in ("subject", "predicate", "object")]
            return Triple(*parts)  # type: ignore[arg-type]
    raise Unreadable(f"a term of type {term['type']!r}")


def _xml(body: bytes) -> Answer:
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError as error:
        raise Unreadable(f"not XML: {error}") from error
    boolean = root.find(f"{SRX}boolean")
    if boolean is not None:
        return {"true": True, "false": False}[(boolean.text or "").strip()]
    variables = tuple(each.attrib["name"] for each in root.iterfind(f"{SRX}head/{SRX}variable"))
    rows = tuple(
        {binding.attrib["name"]: _xml_term(binding[0]) for binding in result.iterfind(f"{SRX}binding")}
        for result in root.iterfind(f"{SRX}results/{SRX}result")
    )
    return Solutions(variables, rows)


def _xml_term(element: ElementTree.Element) -> Term:
    value = element.text or ""
    match element.tag.removeprefix(SRX):
        case "uri":
            return NamedNode(value)
        case "bnode":
            return BlankNode(value)
        case "literal":
            given = element.attrib
            return literal(value, given.get("datatype", ""), given.get(XML_LANG, ""), given.get(ITS_DIR, ""))
        case "triple":
            parts = [_xml_term(element.find(f"{SRX}{name}")[0]) for name in ("subject", "predicate", "object")]  # type: ignore[index]
            return Triple(*parts)  # type: ignore[arg-type]
    raise Unreadable(f"an element {element.tag!r}")


def _csv(body: bytes) -> Solutions:
    """CSV keeps no datatypes: what looks like a number is read as one, the rest but blank nodes as strings."""
    lines = list(csv.reader(io.StringIO(body.decode(), newline="")))
    variables = tuple(lines[0])
    rows = tuple(
        {name: _csv_term(value) for name, value in zip(variables, line, strict=True) if value} for line in lines[1:]
    )
    return Solutions(variables, rows)


def _csv_term(value: str) -> Term:
    if value.startswith("_:"):
        return BlankNode(value[2:])
    return Literal(value, datatype=XSD.double if NUMBER.fullmatch(value) else XSD.string)


def _tsv(body: bytes) -> Solutions:
    lines = re.split(r"\r?\n", body.decode())
    if lines[-1]:
        raise Unreadable("the last line does not end")
    variables = tuple(name.removeprefix("?") for name in lines[0].split("\t"))
    rows = tuple(
        {name: _turtle_term(value) for name, value in zip(variables, line.split("\t"), strict=True) if value}
        for line in lines[1:-1]
    )
    return Solutions(variables, rows)


def _turtle_term(value: str) -> Term:
    (found,) = parse(f"<urn:s> <urn:p> {value} .", format=RdfFormat.TURTLE)
    return _folded(found.object)


def _graph(body: bytes, syntax: RdfFormat, base: str) -> Answer:
    triples = frozenset(
        Triple(_folded(each.subject), each.predicate, _folded(each.object))  # type: ignore[arg-type]
        for each in parse(body, format=syntax, base_iri=base or None)
    )
    sets = [each.subject for each in triples if each.predicate == RDF.type and each.object == RS.ResultSet]
    return _result_set(triples, sets[0]) if sets else Graph(triples)


def _result_set(triples: Iterable[Triple], root: Term) -> Answer:
    facts: defaultdict[Term, dict[NamedNode, list[Term]]] = defaultdict(dict)  # a solution may have no bindings
    for each in triples:
        facts[each.subject].setdefault(each.predicate, []).append(each.object)
    if RS.boolean in facts[root]:
        return _lexical(facts[root][RS.boolean]) == "true"
    solutions = facts[root].get(RS.solution, [])
    ordered = any(INDEX in facts[each] for each in solutions)
    if ordered:
        solutions.sort(key=lambda each: int(_lexical(facts[each][INDEX])))
    rows = tuple(
        {_lexical(facts[each][RS.variable]): facts[each][RS.value][0] for each in facts[solution].get(RS.binding, [])}
        for solution in solutions
    )
    return Solutions(tuple(_lexical([each]) for each in facts[root].get(RS.resultVariable, [])), rows, ordered)


def _lexical(values: Sequence[Term]) -> str:
    (value,) = values
    return "" if isinstance(value, Triple) else value.value
