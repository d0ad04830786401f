"""DCAT catalogues: a row for each dataset, and what of it could be harvested. https://www.w3.org/TR/vocab-dcat-3/"""

import re
from collections.abc import Iterator
from typing import IO
from urllib.parse import urlsplit

from solld.errors import SourceFailed
from solld.rdf import DCAT, DCT, RDF, BlankNode, Literal, NamedNode
from solld.sources import Offer, Row, Source
from solld.sources.documents import is_rdf, quads_of
from solld.sources.graphs import NOTHING, WHOLE, Graph, Node, graph_of, rows_of
from solld.sources.names import RELATIVE, local

STANDARD = "https://www.w3.org/TR/vocab-dcat-3/"
LARGEST = 64 * 2**20  # bytes of a catalogue
CATALOG = re.compile(rb"(?:dcat:|www\.w3\.org/ns/dcat#)Catalog\b")
DATASET = re.compile(rb"(?:dcat:|www\.w3\.org/ns/dcat#)distribution\b")
FORMATS = (  # by which a distribution is known, in its media type, its format or its URL; the best first
    ("n-quads", "nq", "rdf_n_quads"),
    ("trig", "rdf_trig"),
    ("n-triples", "nt", "rdf_n_triples"),
    ("turtle", "ttl", "rdf_turtle"),
    ("rdf+xml", "rdf", "rdf_xml"),
    ("ld+json", "jsonld", "json_ld"),
    ("geo+json", "geojson", "vnd.geo+json"),
    ("csv", "tab-separated-values", "tsv"),
    ("json",),
    ("html",),
)
PACKED = re.compile(r"\.(?:gz|zip|bz2)$", re.IGNORECASE)  # what is unpacked
SEALED = re.compile(r"\.(?:7z|xz|zst|rar|tar|tgz|tar\.\w+)$", re.IGNORECASE)  # what is not


def likes(head: bytes) -> float:
    if b"www.w3.org/ns/dcat#" not in head or not is_rdf(head):
        return 0.0
    return 0.985 if CATALOG.search(head) else 0.96 if DATASET.search(head) else 0.0


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each dataset, with its distributions in it."""
    graph = _graph(file, where or RELATIVE)
    datasets = _datasets(graph)
    inside = {DCAT.Dataset, DCAT.Catalog, DCAT.CatalogRecord}

    def within(record: Node, node: Node) -> str:
        return WHOLE if inside.isdisjoint(_objects(graph, node, RDF.type)) else NOTHING

    return rows_of(graph, datasets, within)


def offers(file: IO[bytes], base: str) -> tuple[Offer, ...]:
    """What could be harvested, the best of each dataset first; `base` is where the catalogue was."""
    graph = _graph(file, base or RELATIVE)
    return tuple(
        offer
        for dataset in _datasets(graph)
        for _, offer in sorted(_offered(graph, dataset), key=lambda found: (found[0], found[1].url))
    )


def _offered(graph: Graph, dataset: Node) -> Iterator[tuple[int, Offer]]:
    """The distributions of a dataset that are in a format that is read here, with the place of the format."""
    title = _first(graph, dataset, DCT.title) or _text(dataset)
    for distribution in _objects(graph, dataset, DCAT.distribution):
        if not isinstance(distribution, NamedNode | BlankNode):
            continue
        url = _first(graph, distribution, DCAT.downloadURL) or _first(graph, distribution, DCAT.accessURL)
        said = [_first(graph, distribution, p) for p in (DCAT.mediaType, DCT.format)]
        path = urlsplit(url).path
        inner = PACKED.sub("", path)
        tokens = [local(each).lower() for each in (*said, inner.replace(".", "/")) if each]
        place = next((n for token in tokens for n, names in enumerate(FORMATS) if token in names), None)
        license_ = _first(graph, distribution, DCT.license) or _first(graph, dataset, DCT.license)
        for endpoint in _endpoints(graph, distribution):  # which is asked in many questions, so it comes last
            yield 2 * len(FORMATS), Offer(_text(dataset), title, endpoint, "sparql", license_)
        if url and place is not None and not SEALED.search(path):
            rank = place + len(FORMATS) * (inner != path)  # what is not packed is read with less work
            yield rank, Offer(_text(dataset), title, url, FORMATS[place][0], license_)


def _endpoints(graph: Graph, distribution: Node) -> Iterator[str]:
    """The services of a distribution that answer SPARQL (DCAT section 6.11)."""
    for service in _objects(graph, distribution, DCAT.accessService):
        if isinstance(service, NamedNode | BlankNode):
            url = _first(graph, service, DCAT.endpointURL)
            standards = [str(getattr(each, "value", "")) for each in _objects(graph, service, DCT.conformsTo)]
            if url and any("sparql" in each.lower() for each in (*standards, urlsplit(url).path)):
                yield url


def _graph(file: IO[bytes], base: str) -> Graph:
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise SourceFailed("the catalogue", f"is larger than {LARGEST // 2**20} MB")
    return graph_of(quads_of(content, "the catalogue", base))


def _datasets(graph: Graph) -> list[Node]:
    return [node for node in graph.said if DCAT.Dataset in _objects(graph, node, RDF.type)]


def _objects(graph: Graph, node: Node, predicate: NamedNode) -> list[object]:
    return [value for said, value in graph.edges(node) if said == predicate]


def _first(graph: Graph, node: Node, predicate: NamedNode) -> str:
    found = (each.value for each in _objects(graph, node, predicate) if isinstance(each, NamedNode | Literal))
    return next(found, "")


def _text(node: Node) -> str:
    return node.value if isinstance(node, NamedNode) else f"_:{node.value}"


SOURCE = Source("dcat", "DCAT catalogue", STANDARD, (), likes, read, offers=offers)
