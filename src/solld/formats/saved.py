"""Saved queries as pages, as JSON, and as RDF: SHACL executables, as the SPARQL examples of others are published.

https://www.w3.org/TR/shacl-af/#SPARQLSelectExecutable
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from math import inf
from typing import Any
from urllib.parse import urlencode

from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.results import Results
from solld.messages import phrases, pick
from solld.model import Ontology, Settings
from solld.negotiate import lookup_tags
from solld.ontology import label
from solld.parameters import TYPES, Parameter, sample
from solld.queries import Query
from solld.rdf import DCT, RDF, RDFS, SCHEMA, SH, XSD, Literal, NamedNode, Triple

TEMPLATES = {name: ENVIRONMENT.get_template(f"{name}.html") for name in ("queries", "query")}
EXECUTABLES = {
    "select": (SH.SPARQLSelectExecutable, SH.select),
    "ask": (SH.SPARQLAskExecutable, SH.ask),
    "construct": (SH.SPARQLConstructExecutable, SH.construct),
    "describe": (SH.SPARQLExecutable, SH.describe),
}
INPUTS = {"integer": "number", "date": "date"}  # type of a parameter -> of a field; the others are texts


def path(query: Query) -> str:
    return f"/queries/{query.name}"


def example(query: Query) -> str:
    """The path of a query with a value for each parameter that has an example, or needs one."""
    given = {each.name: sample(each) for each in query.parameters if each.example or each.required}
    return f"{path(query)}?{urlencode(given)}" if given else path(query)


# JSON -----------------------------------------------------------------------------------------------------------------


def as_json(queries: Sequence[Query], base: str) -> bytes:
    """The list for programs: texts by language, parameters with their types, an address to try."""
    told = {"queries": [_object(query, base.rstrip("/")) for query in queries]}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _object(query: Query, root: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "kind": query.kind,
        "summary": dict(query.summary),
        "about": query.about or None,
        "address": root + path(query),
        "text": f"{root}{path(query)}.rq",
        "example": root + example(query),
        "parameters": [_parameter(each) for each in query.parameters],
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    told = {"name": parameter.name, "type": parameter.type, "required": parameter.required}
    told |= {name: getattr(parameter, name) for name in ("language", "default", "example") if getattr(parameter, name)}
    return told | {"description": dict(parameter.description)}


# RDF ------------------------------------------------------------------------------------------------------------------


def triples(queries: Sequence[Query], settings: Settings) -> Iterator[Triple]:
    """The queries as executables of the endpoint; no blank nodes, a parameter is a fragment of its query."""
    for query in queries:
        node = NamedNode(settings.base + path(query).lstrip("/"))
        kind, predicate = EXECUTABLES[query.kind]
        yield Triple(node, RDF.type, SH.SPARQLExecutable)
        if kind != SH.SPARQLExecutable:
            yield Triple(node, RDF.type, kind)
        yield Triple(node, DCT.identifier, Literal(query.name))
        for text in _texts(query.summary):
            yield Triple(node, RDFS.comment, text)
        if query.about:
            yield Triple(node, DCT.subject, NamedNode(query.about))
        yield Triple(node, predicate, Literal(query.text))
        yield Triple(node, SCHEMA.target, NamedNode(f"{settings.base}sparql"))
        yield Triple(node, SCHEMA.workExample, NamedNode(settings.base + example(query).lstrip("/")))
        for parameter in query.parameters:
            yield Triple(node, SH.parameter, NamedNode(f"{node.value}#parameter-{parameter.name}"))
        for order, parameter in enumerate(query.parameters, 1):
            yield from _shape(NamedNode(f"{node.value}#parameter-{parameter.name}"), parameter, node, order)


def _shape(shape: NamedNode, parameter: Parameter, query: NamedNode, order: int) -> Iterator[Triple]:
    yield Triple(shape, RDF.type, SH.Parameter)
    # The local name of the path is the name of the variable. https://www.w3.org/TR/shacl/#constraint-components-parameters
    yield Triple(shape, SH.path, NamedNode(f"{query.value}#{parameter.name}"))
    yield Triple(shape, SH.name, Literal(parameter.name))
    yield Triple(shape, SH.order, Literal(str(order), datatype=XSD.integer))
    for text in _texts(parameter.description):
        yield Triple(shape, SH.description, text)
    datatype = TYPES[parameter.type].datatype
    if datatype is None:
        yield Triple(shape, SH.nodeKind, SH.IRI)
    else:
        yield Triple(shape, SH.datatype, RDF.langString if parameter.language else datatype)
    yield Triple(shape, SH.maxCount, Literal("1", datatype=XSD.integer))
    yield Triple(shape, SH.optional, Literal("false" if parameter.required else "true", datatype=XSD.boolean))
    if parameter.default:
        yield Triple(shape, SH.defaultValue, Literal(parameter.default))
    if parameter.example:
        yield Triple(shape, SCHEMA.example, Literal(parameter.example))


def _texts(texts: Mapping[str, str]) -> list[Literal]:
    return [Literal(text, language=tag) for tag, text in texts.items()]


# Pages ----------------------------------------------------------------------------------------------------------------


def list_page(queries: Sequence[Query], ontology: Ontology, settings: Settings, language: str, root: str = "") -> bytes:
    """All queries by subject, each with links to its page and to what it answers."""
    tags = lookup_tags(language, settings.languages)
    subjects = [
        {
            "id": re.split("[#/]", iri)[-1] or "others",
            "label": label(ontology, (), iri, tags) if iri else None,
            "queries": [_row(each, tags, root) for each in queries if each.about == iri],
        }
        for iri in _subjects(queries, ontology, tags)
    ]
    return TEMPLATES["queries"].render(Frame(settings, language, root).values(), subjects=subjects).encode()


def _subjects(queries: Sequence[Query], ontology: Ontology, tags: tuple[str, ...]) -> list[str]:
    """What queries are about: groups of properties as pages have them, then others by label, then nothing."""

    def place(iri: str) -> tuple[bool, float, str]:
        order = ontology.groups[iri].order if iri in ontology.groups else inf
        named = label(ontology, (), iri, tags) if iri else None
        return not iri, order, named.value if named else iri

    return sorted({each.about for each in queries}, key=place)


def _row(query: Query, tags: tuple[str, ...], root: str) -> dict[str, Any]:
    tried = example(query)
    formats = ("csv", "json") if query.kind in ("select", "ask") else ("ttl",)
    return {
        "href": root + path(query),
        "name": query.name,
        "summary": pick(query.summary, tags),
        "parameters": [each.name for each in query.parameters],
        "formats": [(each, f"{root}{tried}{'&' if '?' in tried else '?'}format={each}") for each in formats],
    }


def query_page(
    query: Query,
    settings: Settings,
    language: str,
    root: str = "",
    given: Mapping[str, str] = {},  # parameters as they stand in the address
    formats: Sequence[tuple[str, str]] = (),  # name and address of the results in other formats
    results: Results | None = None,
    pages: Mapping[str, str] = {},  # relation -> address of the pages beside this one
    message: str = "",  # an error
) -> bytes:
    """One query with its form, and results if there are any."""
    tags = lookup_tags(language, settings.languages)
    return (
        TEMPLATES["query"]
        .render(
            Frame(settings, language, root).values(),
            name=query.name,
            summary=pick(query.summary, tags),
            text=query.text,
            fields=fields(query, language, tags, given),
            example=root + example(query),
            formats=formats,
            results=results,
            number=given.get("page", "1"),
            pages=pages,
            message=message,
        )
        .encode()
    )


def fields(query: Query, language: str, tags: Sequence[str], given: Mapping[str, str] = {}) -> list[dict[str, Any]]:
    """The fields of the form of a query, with what was given."""
    t = phrases(language)
    return [
        {
            "name": each.name,
            "type": INPUTS.get(each.type, "text"),
            "choices": ("true", "false") if each.type == "boolean" else (),
            "label": pick(each.description, tags),
            "expected": t(f"type_{each.type}"),
            "language": t.language_name(each.language) if each.language else "",
            "value": given.get(each.name, ""),
            "placeholder": each.default or each.example,
            "required": each.required,
        }
        for each in query.parameters
    ]
