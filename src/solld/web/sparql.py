"""What the endpoint is asked over HTTP, as operations: queries, whole graphs, and whether a text is a query.

https://www.w3.org/TR/sparql11-protocol/  https://www.w3.org/TR/sparql11-http-rdf-update/
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from solld import negotiate
from solld import saved as saving
from solld.endpoint.operation import CHECK, GRAPH, QUERY, ROWS, Operation
from solld.errors import BadQuery, MethodNotAllowed, NotAcceptable, NotFound
from solld.model import Context, Description, Format
from solld.queries import Query
from solld.service import Service
from solld.web.asking import Request
from solld.web.protocol import Wanted, check_iris, pairs, read, values

Links = tuple[tuple[str, str], ...]  # relation, address


def _written(description: Description, context: Context) -> bytes:
    raise NotImplementedError("results are written by the process that runs the query")


def _format(name: str, media_type: str, extension: str, *aliases: str, quality: float = 1.0) -> Format:
    return Format(name, media_type, extension, _written, aliases=aliases, quality=quality)


SOLUTIONS = (
    _format("JSON", "application/sparql-results+json", "json", "application/json"),
    _format("XML", "application/sparql-results+xml", "xml", "application/xml", "text/xml", quality=0.9),
    _format("CSV", "text/csv", "csv", quality=0.8),
    _format("TSV", "text/tab-separated-values", "tsv", quality=0.7),
)
BOOLEANS = SOLUTIONS  # CSV and TSV of a boolean are an extension that several servers have
GRAPHS = (
    _format("Turtle", "text/turtle", "ttl", "application/x-turtle"),
    _format("N-Triples", "application/n-triples", "nt", "text/plain", quality=0.9),
    _format("RDF/XML", "application/rdf+xml", "rdf", "application/xml", quality=0.8),
    _format("JSON-LD", "application/ld+json", "jsonld", "application/json", quality=0.8),
    _format("TriG", "application/trig", "trig", quality=0.6),
    _format("N-Quads", "application/n-quads", "nq", quality=0.6),
)
PAGE = _format("HTML", "text/html", "html", "application/xhtml+xml", quality=0.1)
SHOWN = 500  # rows on the page; the other formats have all of them
OFFERS = tuple(f.media_type for f in (*SOLUTIONS, *GRAPHS))
# What other endpoints call formats in ?format=, and SPARQLWrapper sends with every query, beside a good Accept.
OTHER_NAMES = {
    "turtle": ("ttl",),
    "n3": ("ttl",),
    "ntriples": ("nt",),
    "n-triples": ("nt",),
    "rdf+xml": ("rdf",),
    "rdfxml": ("rdf",),
    "xml": ("rdf",),
    "json-ld": ("jsonld",),
    "json": ("jsonld",),
    "nquads": ("nq",),
    "n-quads": ("nq",),
    "sparql-results+json": ("json",),
    "sparql-results+xml": ("xml",),
}
BY_EXTENSION = {f.extension: f for f in (*SOLUTIONS, *GRAPHS)}

KNOWN = frozenset({*BY_EXTENSION, *(f.media_type for f in BY_EXTENSION.values()), *OTHER_NAMES})


@dataclass(frozen=True)
class Asked:
    """An operation that a request asks for, and how it is to be answered."""

    operation: Operation
    page: bool = False  # a browser wants to see the answer
    etag: str = ""  # of the answer, known before it is there: a function of release, query and format
    beyond: Operation | None = None  # whose answer has a row if there is another page
    links: Callable[[bool], Links] = lambda more: ()  # to other pages; whether there is another is told


def query(opened: Service, request: Request, body: bytes) -> Asked | None:
    """A query, or None for a request without one, which asks for the account of the service."""
    if request.method not in ("GET", "HEAD", "POST"):
        raise MethodNotAllowed(request.method, ("GET", "HEAD", "OPTIONS", "POST"))
    content_type = request.headers.get("content-type", "")
    asked = read(request.method, request.query, content_type, body, opened.settings.query_bytes)
    if asked.query is None:
        return None
    return asked_for(opened, request, asked)


def asked_for(opened: Service, request: Request, asked: Wanted) -> Asked:
    """The operation of a query, in the formats that the client likes."""
    reads = request.method in ("GET", "HEAD")
    page, solutions, boolean, graph = formats(request.accept, asked.format, reads)
    query, datasets = asked.query or "", (asked.default_graphs, asked.named_graphs)
    if page:
        return Asked(Operation(ROWS, query, *datasets, rows=SHOWN), page=True)
    if not (solutions or boolean or graph):
        raise NotAcceptable(request.accept or asked.format, OFFERS)
    operation = Operation(QUERY, query, *datasets, solutions, boolean, graph)
    return Asked(operation, etag=etag(opened, operation) if reads else "")


@lru_cache(maxsize=512)  # clients send few different headers
def formats(accept: str, asked: str, reads: bool) -> tuple[bool, str | None, str | None, str | None]:
    """Whether a page is liked best, and the format for solutions, booleans and graphs that is."""
    solutions, boolean, graph = (chosen(accept, asked, f) for f in (SOLUTIONS, BOOLEANS, GRAPHS))
    return (reads and wants_page(accept, asked), solutions, boolean, graph)


def wants_page(accept: str, asked: str) -> bool:
    """Whether the client likes a page best."""
    if asked:
        return False
    try:
        return negotiate.negotiate(accept, (*SOLUTIONS, *GRAPHS, PAGE)) is PAGE
    except NotAcceptable:
        return False


def chosen(accept: str, asked: str, formats: Sequence[Format]) -> str | None:
    """The extension of the format that is written; None if the client likes none of these."""
    if asked:
        for wanted in (asked, *OTHER_NAMES.get(asked, ())):
            for each in formats:
                if wanted in (each.extension, each.media_type, *each.aliases):
                    return each.extension
        if asked in KNOWN:
            return None
    try:
        return negotiate.negotiate(accept, formats).extension
    except NotAcceptable:
        return None


def graph(opened: Service, request: Request, body: bytes) -> Asked:
    """A graph of the store, by the Graph Store Protocol; read only."""
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(request.method, ("GET", "HEAD", "OPTIONS"))
    found = pairs(request.query, "utf-8", "the address")
    default, named = values(found, "default"), values(found, "graph")
    if len(default) + len(named) != 1:
        raise BadQuery("say which graph: ?default, or ?graph= and its IRI")
    check_iris(named)
    wanted = next(iter(values(found, "format")), "")
    name = chosen(request.accept, wanted, GRAPHS)
    if name is None:
        raise NotAcceptable(request.accept or wanted, tuple(f.media_type for f in GRAPHS))
    iri = named[0] if named else ""
    operation = Operation(GRAPH, graph=name, iri=iri)
    return Asked(operation, etag=etag(opened, operation))


def saved(opened: Service, request: Request, body: bytes) -> Asked:
    """A saved query with what its parameters are given, a page of its rows."""
    if request.method not in ("GET", "HEAD"):
        raise MethodNotAllowed(request.method, ("GET", "HEAD", "OPTIONS"))
    found, wanted = wanted_of(opened, request.path, request.query)
    text = Wanted(found.text, format=next(iter(values(pairs(request.query, "utf-8", "the address"), "format")), ""))
    asked = asked_for(opened, request, text)
    beyond = Operation(ROWS, found.beyond, rows=1) if found.beyond else None
    return replace(asked, beyond=beyond, links=partial(links_of, request.path, request.query, wanted))


def wanted_of(opened: Service, path: str, address: bytes) -> tuple[saving.Operation, saving.Asked]:
    """The SPARQL that answers the address of a saved query, and what was asked. BadQuery, NotFound."""
    query = saved_query(opened, path.removeprefix("/queries/").rstrip("/"))
    asked = saving.asked(query, pairs(address, "utf-8", "the address"), opened.prefixes)
    return saving.operation(query, asked), asked


def saved_query(opened: Service, name: str) -> Query:
    """The saved query of that name."""
    for query in opened.queries:
        if query.name == name:
            return query
    raise NotFound(f"/queries/{name}", "/queries lists those that there are")


def links_of(path: str, address: bytes, asked: saving.Asked, more: bool) -> Links:
    """The pages beside the one that was asked for; `more`: one follows."""
    return saving.links(path, pairs(address, "utf-8", "the address"), asked, more)


def check(opened: Service, request: Request, body: bytes) -> Asked:
    """A text that may be a query; it is parsed and not run."""
    if request.method != "POST":
        raise MethodNotAllowed(request.method, ("POST", "OPTIONS"))
    asked = read("POST", request.query, request.headers.get("content-type", ""), body, opened.settings.query_bytes)
    return Asked(Operation(CHECK, asked.query or ""))


def etag(opened: Service, operation: Operation) -> str:
    """A weak validator: rows without an order may come in another one. It needs no answer, so 304 needs none either."""
    key = hashlib.blake2b(operation.written(), digest_size=9).hexdigest()
    return f'W/"{opened.tag}-{key}"'
