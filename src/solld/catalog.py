"""Describes what a site offers: a DCAT 3 catalogue with VoID counts, as N-Triples lines of the catalog graph.

https://www.w3.org/TR/vocab-dcat-3/  https://www.w3.org/TR/void/
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from solld.addresses import graph_iri
from solld.messages import phrases
from solld.model import Dataset, Settings
from solld.rdf import DCAT, DCT, FOAF, RDF, SCHEMA, SD, VOID, XSD, Literal, NamedNode, Triple, n_triples, triples_of

FILE_TYPES = "http://publications.europa.eu/resource/authority/file-type/"
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
TYPES = {  # media type -> code in the EU's list of file types
    "application/n-quads": "RDF_N_QUADS",
    "text/turtle": "RDF_TURTLE",
    "application/ld+json": "JSON_LD",
    "text/csv": "CSV",
}
LANGUAGES = "http://publications.europa.eu/resource/authority/language/"
THREE = {  # language tag -> its code in the EU's list, which is that of ISO 639-3
    "bg": "BUL",
    "br": "BRE",
    "ca": "CAT",
    "co": "COS",
    "cs": "CES",
    "da": "DAN",
    "de": "DEU",
    "el": "ELL",
    "en": "ENG",
    "es": "SPA",
    "et": "EST",
    "eu": "EUS",
    "fi": "FIN",
    "fr": "FRA",
    "ga": "GLE",
    "gl": "GLG",
    "hr": "HRV",
    "hu": "HUN",
    "it": "ITA",
    "lt": "LIT",
    "lv": "LAV",
    "mt": "MLT",
    "nl": "NLD",
    "oc": "OCI",
    "pl": "POL",
    "pt": "POR",
    "ro": "RON",
    "sk": "SLK",
    "sl": "SLV",
    "sv": "SWE",
    "uk": "UKR",
}
RANGES = {  # what DCAT-AP wants the value of a property to be, where nobody says what it is
    DCT.license: DCT.LicenseDocument,
    DCT.language: DCT.LinguisticSystem,
    DCT.accrualPeriodicity: DCT.Frequency,
    DCT.rights: DCT.RightsStatement,
    DCT.conformsTo: DCT.Standard,
    DCT.publisher: FOAF.Agent,
    DCAT.mediaType: DCT.MediaType,
    DCAT.compressFormat: DCT.MediaType,
    DCT["format"]: DCT.MediaTypeOrExtent,
    FOAF.homepage: FOAF.Document,
    DCAT.landingPage: FOAF.Document,
}
PARTITIONS = 50  # classes and properties listed for each dataset, most frequent first


@dataclass(frozen=True)
class Tally:
    """What a graph holds: triples, and how many for each class and property (IRI -> number)."""

    triples: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    things: int  # resources described
    examples: tuple[str, ...] = ()  # IRIs of some of them


@dataclass(frozen=True)
class File:
    """A kind of file that dumps are had in."""

    extension: str
    name: str
    media_type: str  # of what is in it; packed if the extension says so


def lines(
    settings: Settings,
    datasets: Iterable[Dataset],
    tallies: Mapping[str, Tally],
    schemes: Iterable[str],
    files: Iterable[File],
    stated: Iterable[bytes],
    merged: frozenset[str],
    ranks: Mapping[str, int],
) -> bytes:
    """The generated part of the catalog graph, in N-Triples; a function of the site and the counts, without a clock.

    `stated` is what the descriptions of the datasets say themselves, in lines: what they leave out is made up for.
    `merged` are the graphs that the merged view is made from, and of which the catalogue has subsets therefore;
    `ranks` says whose word counts there, the lower the more.
    """
    datasets, files, said = tuple(datasets), tuple(files), tuple(triples_of(stated))
    triples = [*_catalog(settings, datasets, schemes, merged), *_services(settings, datasets)]
    triples += [*_links(settings), *_files(settings, catalog_iri(settings), "merged", files, [])]
    for dataset in datasets:
        own = [each for each in said if each.subject == dataset.graph]
        triples += _dataset(settings, dataset, tallies[dataset.graph.value])
        if not any(each.predicate == SCHEMA.position for each in own):
            triples.append(Triple(dataset.graph, SCHEMA.position, _number(ranks[dataset.graph.value])))
        triples += _left_out(settings, dataset, own)
        triples += _files(settings, dataset.graph, dataset.name, files, own)
    return n_triples(dict.fromkeys((*triples, *_ranges((*triples, *said)))))


def _links(settings: Settings) -> Iterator[Triple]:
    """The graph of links, which is not in the merged view: no dataset of somebody, and no subset therefore."""
    graph = NamedNode(graph_iri(settings.base, "links"))
    yield Triple(catalog_iri(settings), DCT.hasPart, graph)
    yield Triple(graph, RDF.type, VOID.Dataset)
    for language in settings.languages:
        yield Triple(graph, DCT.title, Literal(phrases(language)("graph_links"), language=language))
    yield Triple(graph, VOID.sparqlEndpoint, endpoint_iri(settings))
    yield Triple(graph, DCT.conformsTo, NamedNode("https://mapping-commons.github.io/sssom/"))
    for file in ("links.csv", "links.sssom.tsv"):
        yield Triple(graph, VOID.dataDump, NamedNode(settings.base + file))


def _left_out(settings: Settings, dataset: Dataset, own: Iterable[Triple]) -> Iterator[Triple]:
    """What DCAT-AP wants of a dataset, where its own description does not say it: title, description, publisher."""
    said = {each.predicate: each for each in own}
    titles = [each.object for each in own if each.predicate == DCT.title] or [Literal(dataset.name)]
    for predicate in (DCT.title, DCT.description):
        if predicate not in said:
            yield from (Triple(dataset.graph, predicate, title) for title in titles)
    if DCT.publisher not in said and settings.publisher:
        yield Triple(dataset.graph, DCT.publisher, NamedNode(settings.publisher))


def _files(
    settings: Settings, dataset: NamedNode, name: str, files: Iterable[File], own: Iterable[Triple]
) -> Iterator[Triple]:
    licenses = [each.object for each in own if each.predicate == DCT.license]
    licenses = licenses or ([NamedNode(settings.license)] if settings.license else [])
    for file in files:
        here = NamedNode(f"{dataset.value}#{file.extension}")
        url = NamedNode(f"{settings.base}dump/{name}.{file.extension}")
        media_type = file.media_type.partition(";")[0]
        yield Triple(dataset, DCAT.distribution, here)
        yield Triple(dataset, VOID.dataDump, url)
        yield Triple(here, RDF.type, DCAT.Distribution)
        yield Triple(here, DCT.title, Literal(file.name))
        yield Triple(here, DCAT.accessURL, NamedNode(f"{settings.base}dump/"))
        yield Triple(here, DCAT.downloadURL, url)
        yield Triple(here, DCAT.mediaType, NamedNode(MEDIA_TYPES + media_type))
        if media_type in TYPES:
            yield Triple(here, DCT["format"], NamedNode(FILE_TYPES + TYPES[media_type]))
        if file.extension.endswith(".gz"):
            yield Triple(here, DCAT.compressFormat, NamedNode(f"{MEDIA_TYPES}application/gzip"))
        yield from (Triple(here, DCT.license, each) for each in licenses)


def _ranges(triples: Iterable[Triple]) -> Iterator[Triple]:
    triples = tuple(triples)
    typed = {each.subject for each in triples if each.predicate == RDF.type}
    for each in triples:
        if each.predicate in RANGES and isinstance(each.object, NamedNode) and each.object not in typed:
            yield Triple(each.object, RDF.type, RANGES[each.predicate])


def catalog_iri(settings: Settings) -> NamedNode:
    return NamedNode(f"{settings.base}catalog")


def endpoint_iri(settings: Settings) -> NamedNode:
    return NamedNode(f"{settings.base}sparql")


def stream_iri(settings: Settings) -> NamedNode:
    return NamedNode(f"{settings.base}ldes")


def _texts(values: Mapping[str, str]) -> list[Literal]:
    return [Literal(text, language=tag) if tag else Literal(text) for tag, text in values.items()]


def _catalog(
    settings: Settings, datasets: tuple[Dataset, ...], schemes: Iterable[str], merged: frozenset[str]
) -> Iterator[Triple]:
    catalog = catalog_iri(settings)
    yield Triple(catalog, RDF.type, DCAT.Catalog)
    yield Triple(catalog, RDF.type, VOID.Dataset)
    for title in _texts(settings.title):
        yield Triple(catalog, DCT.title, title)
    for description in _texts(settings.description):
        yield Triple(catalog, DCT.description, description)
    for language in settings.languages:
        yield Triple(catalog, DCT.language, _language(language))
    if settings.license:
        yield Triple(catalog, DCT.license, NamedNode(settings.license))
    yield from _publisher(settings, catalog)
    yield Triple(catalog, FOAF.homepage, NamedNode(settings.base))
    yield Triple(catalog, VOID.uriSpace, Literal(settings.base))
    yield Triple(catalog, VOID.sparqlEndpoint, endpoint_iri(settings))
    for service in (endpoint_iri(settings), stream_iri(settings)):
        yield Triple(catalog, DCAT.service, service)
    for dataset in datasets:
        yield Triple(catalog, DCAT.dataset, dataset.graph)
        if dataset.graph.value in merged:
            yield Triple(catalog, VOID.subset, dataset.graph)
    for scheme in schemes:
        yield Triple(catalog, VOID.rootResource, NamedNode(scheme))


def _publisher(settings: Settings, catalog: NamedNode) -> Iterator[Triple]:
    if settings.publisher:
        publisher = NamedNode(settings.publisher)
        yield Triple(catalog, DCT.publisher, publisher)
        if settings.publisher_name:
            yield Triple(publisher, RDF.type, FOAF.Agent)
            yield Triple(publisher, FOAF.name, Literal(settings.publisher_name))


def _language(tag: str) -> NamedNode:
    return NamedNode(LANGUAGES + THREE[tag] if tag in THREE else f"http://lexvo.org/id/iso639-1/{tag}")


def _services(settings: Settings, datasets: tuple[Dataset, ...]) -> Iterator[Triple]:
    endpoint, stream = endpoint_iri(settings), stream_iri(settings)
    yield Triple(endpoint, RDF.type, SD.Service)
    yield Triple(endpoint, SD.endpoint, endpoint)
    for service, title, specification in (
        (endpoint, "SPARQL", "https://www.w3.org/TR/sparql11-protocol/"),
        (stream, "Linked Data Event Stream", "https://w3id.org/ldes/specification"),
    ):
        yield Triple(service, RDF.type, DCAT.DataService)
        yield Triple(service, DCT.title, Literal(title))
        yield Triple(service, DCAT.endpointURL, service)
        yield Triple(service, DCT.conformsTo, NamedNode(specification))
        for dataset in datasets:
            yield Triple(service, DCAT.servesDataset, dataset.graph)


def _dataset(settings: Settings, dataset: Dataset, tally: Tally) -> Iterator[Triple]:
    graph = dataset.graph
    yield Triple(graph, RDF.type, DCAT.Dataset)
    yield Triple(graph, RDF.type, VOID.Dataset)
    yield Triple(graph, DCT.identifier, Literal(dataset.name))
    yield Triple(graph, VOID.sparqlEndpoint, endpoint_iri(settings))
    yield Triple(graph, VOID.uriSpace, Literal(f"{settings.base}id/"))
    yield Triple(graph, VOID.triples, _number(tally.triples))
    yield Triple(graph, VOID.entities, _number(tally.things))
    for example in tally.examples:
        yield Triple(graph, VOID.exampleResource, NamedNode(example))
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
