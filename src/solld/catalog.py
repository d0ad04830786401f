"""Describes what a site offers: a DCAT 3 catalogue with VoID counts, as N-Triples lines of the catalog graph.

https://www.w3.org/TR/vocab-dcat-3/  https://www.w3.org/TR/void/
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from solld.model import Dataset, Settings
from solld.rdf import DCAT, DCT, FOAF, RDF, SD, VOID, XSD, Literal, NamedNode, Triple, n_triples

PARTITIONS = 50  # classes and properties listed for each dataset, most frequent first


@dataclass(frozen=True)
class Tally:
    """What a graph holds: triples, and how many for each class and property (IRI -> number)."""

    triples: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    things: int  # resources described


def lines(
    settings: Settings, datasets: Iterable[Dataset], tallies: Mapping[str, Tally], schemes: Iterable[str]
) -> bytes:
    """The generated part of the catalog graph, in N-Triples; a function of the site and the counts, without a clock."""
    datasets = tuple(datasets)
    triples = [*_catalog(settings, datasets, schemes), *_service(settings, datasets)]
    for dataset in datasets:
        triples += _dataset(settings, dataset, tallies[dataset.graph.value])
    return n_triples(triples)


def catalog_iri(settings: Settings) -> NamedNode:
    return NamedNode(f"{settings.base}catalog")


def endpoint_iri(settings: Settings) -> NamedNode:
    return NamedNode(f"{settings.base}sparql")


def _texts(values: Mapping[str, str]) -> list[Literal]:
    return [Literal(text, language=tag) if tag else Literal(text) for tag, text in values.items()]


def _catalog(settings: Settings, datasets: tuple[Dataset, ...], schemes: Iterable[str]) -> Iterator[Triple]:
    catalog = catalog_iri(settings)
    yield Triple(catalog, RDF.type, DCAT.Catalog)
    yield Triple(catalog, RDF.type, VOID.Dataset)
    for title in _texts(settings.title):
        yield Triple(catalog, DCT.title, title)
    for description in _texts(settings.description):
        yield Triple(catalog, DCT.description, description)
    for language in settings.languages:
        yield Triple(catalog, DCT.language, Literal(language, datatype=XSD.language))
    if settings.license:
        yield Triple(catalog, DCT.license, NamedNode(settings.license))
    yield from _publisher(settings, catalog)
    yield Triple(catalog, FOAF.homepage, NamedNode(settings.base))
    yield Triple(catalog, VOID.uriSpace, Literal(settings.base))
    yield Triple(catalog, VOID.sparqlEndpoint, endpoint_iri(settings))
    yield Triple(catalog, DCAT.service, endpoint_iri(settings))
    for dataset in datasets:
        yield Triple(catalog, DCAT.dataset, dataset.graph)
        yield Triple(catalog, VOID.subset, dataset.graph)
    for scheme in schemes:
        yield Triple(catalog, DCAT.themeTaxonomy, NamedNode(scheme))


def _publisher(settings: Settings, catalog: NamedNode) -> Iterator[Triple]:
    if settings.publisher:
        publisher = NamedNode(settings.publisher)
        yield Triple(catalog, DCT.publisher, publisher)
        if settings.publisher_name:
            yield Triple(publisher, RDF.type, FOAF.Agent)
            yield Triple(publisher, FOAF.name, Literal(settings.publisher_name))


def _service(settings: Settings, datasets: tuple[Dataset, ...]) -> Iterator[Triple]:
    endpoint = endpoint_iri(settings)
    yield Triple(endpoint, RDF.type, DCAT.DataService)
    yield Triple(endpoint, RDF.type, SD.Service)
    yield Triple(endpoint, DCT.title, Literal("SPARQL"))
    yield Triple(endpoint, DCAT.endpointURL, endpoint)
    yield Triple(endpoint, SD.endpoint, endpoint)
    yield Triple(endpoint, DCT.conformsTo, NamedNode("https://www.w3.org/TR/sparql11-protocol/"))
    for dataset in datasets:
        yield Triple(endpoint, DCAT.servesDataset, dataset.graph)


def _dataset(settings: Settings, dataset: Dataset, tally: Tally) -> Iterator[Triple]:
    graph = dataset.graph
    yield Triple(graph, RDF.type, DCAT.Dataset)
    yield Triple(graph, RDF.type, VOID.Dataset)
    yield Triple(graph, DCT.identifier, Literal(dataset.name))
    yield Triple(graph, VOID.sparqlEndpoint, endpoint_iri(settings))
    yield Triple(graph, VOID.uriSpace, Literal(f"{settings.base}id/"))
    yield Triple(graph, VOID.triples, _number(tally.triples))
    yield Triple(graph, VOID.entities, _number(tally.things))
    yield Triple(graph, VOID.classes, _number(len(tally.classes)))
    yield Triple(graph, VOID.properties, _number(len(tally.properties)))
    for iri, number in list(tally.classes.items())[:PARTITIONS]:
        part = NamedNode(f"{graph.value}#class-{_name(iri)}")
        yield Triple(graph, VOID.classPartition, part)
        yield Triple(part, VOID["class"], NamedNode(iri))
        yield Triple(part, VOID.entities, _number(number))
    for iri, number in list(tally.properties.items())[:PARTITIONS]:
        part = NamedNode(f"{graph.value}#property-{_name(iri)}")
        yield Triple(graph, VOID.propertyPartition, part)
        yield Triple(part, VOID.property, NamedNode(iri))
        yield Triple(part, VOID.triples, _number(number))


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)


def _name(iri: str) -> str:
    # The local name, and four characters of the whole IRI: schema:Event and another Event are two partitions.
    local = re.sub(r"[^A-Za-z0-9]+", "-", re.split(r"[#/]", iri)[-1])
    return f"{local}-{hashlib.sha256(iri.encode()).hexdigest()[:4]}"
