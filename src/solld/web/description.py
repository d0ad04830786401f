"""The account that the endpoint gives of itself. https://www.w3.org/TR/sparql11-service-description/"""

from collections.abc import Iterator

from solld.addresses import graph_iri
from solld.catalog import catalog_iri, endpoint_iri
from solld.model import Settings
from solld.rdf import DCT, DEFAULT, FORMATS, RDF, RDFS, SD, VOID, XSD, Literal, NamedNode, Triple
from solld.service import Service
from solld.sparql.functions import FUNCTIONS, NAMESPACE

WRITTEN = (
    *("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"),
    *("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"),
)


def describe(opened: Service) -> Iterator[Triple]:
    """Formats, functions, limits, the default graph and the named graphs with their counts."""
    endpoint = endpoint_iri(opened.settings)
    yield Triple(endpoint, RDF.type, SD.Service)
    yield Triple(endpoint, SD.endpoint, endpoint)
    yield Triple(endpoint, SD.supportedLanguage, SD.SPARQL11Query)
    yield Triple(endpoint, RDFS.seeAlso, catalog_iri(opened.settings))
    for name in WRITTEN:
        yield Triple(endpoint, SD.resultFormat, FORMATS[name])
    for name in FUNCTIONS:
        function = NamedNode(NAMESPACE + name)
        yield Triple(endpoint, SD.extensionFunction, function)
        yield Triple(function, RDF.type, SD.Function)
    for text, tag in limits(opened.settings):
        yield Triple(endpoint, DCT.description, Literal(text, language=tag))
    yield from _dataset(opened, endpoint)


def limits(settings: Settings) -> Iterator[tuple[str, str]]:
    """What a query may take, in words, and the language of these."""
    s = settings
    yield (
        f"Read-only. A query may take {s.query_seconds:g} seconds, {s.query_memory} MiB of memory, "
        f"{s.query_bytes} bytes of text, {s.query_depth} levels of brackets and {s.query_patterns} patterns and "
        f"operators; an address may have {s.query_per_client} queries running and {s.query_waiting} waiting. "
        "Rows are not limited: an answer is whole, or an error that names the limit.",
        "en",
    )
    yield (
        f"En lecture seule. Une requête peut prendre {s.query_seconds:g} secondes, {s.query_memory} Mio de mémoire, "
        f"{s.query_bytes} octets de texte, {s.query_depth} niveaux de parenthèses et {s.query_patterns} motifs et "
        f"opérateurs ; une adresse peut avoir {s.query_per_client} requêtes en cours et {s.query_waiting} en attente. "
        "Les lignes ne sont pas limitées : une réponse est entière, ou une erreur qui nomme la limite.",
        "fr",
    )


def _dataset(opened: Service, endpoint: NamedNode) -> Iterator[Triple]:
    dataset, merged = NamedNode(f"{endpoint.value}#dataset"), NamedNode(f"{endpoint.value}#merged")
    yield Triple(endpoint, SD.defaultDataset, dataset)
    yield Triple(endpoint, SD.availableGraphs, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, RDF.type, SD.GraphCollection)
    yield Triple(dataset, SD.defaultGraph, merged)
    yield Triple(merged, RDF.type, SD.Graph)
    for quad in opened.store.quads(catalog_iri(opened.settings), VOID.subset, None, DEFAULT):
        yield Triple(merged, DCT.source, quad.object)
    yield Triple(merged, DCT.rights, NamedNode(f"{opened.settings.base}about/sources"))
    manifest = opened.release.manifest
    datasets = manifest.get("datasets", {})
    for name, told in sorted(datasets.items()):
        node = NamedNode(f"{endpoint.value}#{name}")
        graph = NamedNode(f"{endpoint.value}#{name}-graph")
        yield Triple(dataset, SD.namedGraph, node)
        yield Triple(node, RDF.type, SD.NamedGraph)
        yield Triple(node, SD.name, NamedNode(told["graph"]))
        yield Triple(node, SD.graph, graph)
        yield Triple(graph, RDF.type, SD.Graph)
        yield Triple(graph, VOID.triples, _number(told["triples"]))
        yield from _rights(opened, NamedNode(told["graph"]), graph)
    node, graph = NamedNode(f"{endpoint.value}#links"), NamedNode(graph_iri(opened.settings.base, "links"))
    yield Triple(dataset, SD.namedGraph, node)
    yield Triple(node, RDF.type, SD.NamedGraph)
    yield Triple(node, SD.name, graph)
    yield Triple(dataset, DCT.issued, Literal(opened.release.built.isoformat(), datatype=XSD.dateTime))


def _rights(opened: Service, dataset: NamedNode, graph: NamedNode) -> Iterator[Triple]:
    """Who is to be named for what a graph says."""
    for predicate in (DCT.title, DCT.license, DCT.publisher, DCT.rightsHolder, DCT.source):
        for quad in opened.store.quads(dataset, predicate, None, DEFAULT):
            yield Triple(graph, predicate, quad.object)


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=XSD.integer)
