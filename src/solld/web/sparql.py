"""SPARQL 1.1 Protocol, query only: GET, POST form and POST body. https://www.w3.org/TR/sparql11-protocol/"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, request
from werkzeug.http import parse_options_header

from solld import negotiate
from solld.catalog import endpoint_iri
from solld.errors import BadQuery, NotAcceptable, Refused, SolldError, TooLarge, Unsupported
from solld.formats import html
from solld.model import Context, Description, Format
from solld.rdf import DCT, FORMATS, RDF, SD, XSD, Literal, NamedNode, RdfFormat, Triple, read_results, triples_of, write
from solld.service import Service
from solld.stores import guard
from solld.stores.workers import Answered, Request
from solld.web.documents import etag, service

blueprint = Blueprint("sparql", __name__)


def _written(description: Description, context: Context) -> bytes:
    raise NotImplementedError("results are written by the worker that runs the query")


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
FORM, BODY = "application/x-www-form-urlencoded", "application/sparql-query"
TRIPLE = ("subject", "predicate", "object")
SHOWN = 500  # rows on the page; the other formats have all of them


@dataclass(frozen=True)
class Asked:
    """A protocol operation: the query and the dataset that the client wants."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str  # an extension that overrides Accept, from ?format=


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    opened = service()
    asked = _asked(opened)
    if asked.query is None:
        return _about(opened)
    return _page(opened, asked) if _wants_page() else _answered(opened, asked)


def _asked(opened: Service) -> Asked:
    pairs = _pairs(request.query_string, "the address")
    if request.method == "POST":
        media_type, options = parse_options_header(request.headers.get("Content-Type", ""))
        length = request.content_length
        if length is not None and length > 4 * opened.settings.query_bytes:
            raise TooLarge(f"the body has {length} bytes; the limit of a query is {opened.settings.query_bytes}")
        body = request.stream.read(4 * opened.settings.query_bytes + 1)
        match media_type.lower():
            case "application/sparql-query":
                if any(name == "query" for name, _ in pairs):
                    raise BadQuery("the query stands both in the address and in the body")
                pairs.append(("query", _decoded(body, options.get("charset", "utf-8"))))
            case "application/x-www-form-urlencoded":
                pairs += _pairs(body, "the form")
            case "application/sparql-update":
                raise Refused("updates are refused: this service is read-only; data enter by publishing a release")
            case _:
                raise Unsupported(f"send {FORM} or {BODY}, not {media_type or 'nothing'!r}")
    return _operation(pairs)


def _operation(pairs: list[tuple[str, str]]) -> Asked:
    def all_of(wanted: str) -> tuple[str, ...]:
        return tuple(value for name, value in pairs if name == wanted)

    queries = all_of("query")
    if all_of("update"):
        raise Refused("updates are refused: this service is read-only; data enter by publishing a release")
    if len(queries) > 1:
        raise BadQuery("there is more than one query parameter")
    if request.method == "POST" and not queries:
        raise BadQuery("there is no query parameter")
    graphs = (*all_of("default-graph-uri"), *all_of("named-graph-uri"))
    for iri in graphs:
        _checked_iri(iri)
    return Asked(
        queries[0] if queries else None,
        all_of("default-graph-uri"),
        all_of("named-graph-uri"),
        next(iter(all_of("format")), ""),
    )


def _checked_iri(iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise BadQuery(f"{iri!r} is not an absolute IRI: {error}") from error


def _pairs(text: bytes, where: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text.decode("ascii"), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError as error:
        raise BadQuery(f"{where} is not percent-encoded UTF-8: {error.reason}") from error


def _decoded(body: bytes, charset: str) -> str:
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError) as error:
        raise BadQuery(f"the body is not {charset}: {error}") from error


def _answered(opened: Service, asked: Asked) -> Response:
    chosen = {
        kind: _chosen(asked, formats)
        for kind, formats in (("solutions", SOLUTIONS), ("boolean", BOOLEANS), ("graph", GRAPHS))
    }
    accept = request.headers.get("Accept", "")
    offers = tuple(f.media_type for f in (*SOLUTIONS, *GRAPHS))
    if not any(chosen.values()):
        raise NotAcceptable(accept, offers)
    extensions = {kind: found.extension if found else None for kind, found in chosen.items()}
    answered = _run(opened, asked, extensions, accept, offers)
    written = chosen[answered.kind]
    assert written is not None
    return _response(answered, written)


def _run(
    opened: Service, asked: Asked, extensions: Mapping[str, str | None], accept: str, offers: tuple[str, ...]
) -> Answered:
    query = asked.query or ""
    guard.check(query, opened.settings.query_bytes)
    wanted = Request(
        query,
        solutions=extensions["solutions"],
        boolean=extensions["boolean"],
        graph=extensions["graph"],
        base=opened.settings.base,
        default_graphs=asked.default_graphs,
        named_graphs=asked.named_graphs,
        prefixes=opened.prefixes,
        accept=accept,
        offers=offers,
    )
    return opened.pool.answer(wanted, request.remote_addr or "")


def _chosen(asked: Asked, formats: tuple[Format, ...]) -> Format | None:
    if asked.format:
        return next((f for f in formats if f.extension == asked.format or f.media_type == asked.format), None)
    try:
        return negotiate.negotiate(request.headers.get("Accept", ""), formats)
    except NotAcceptable:
        return None


def _response(answered: Answered, written: Format) -> Response:
    if answered.whole:
        body = b"".join(answered.chunks)
        response = Response(body)
        if request.method == "GET":
            response.headers["ETag"] = etag(body, written.media_type)
            response.headers["Cache-Control"] = "public, max-age=60"
    else:
        response = Response(answered.chunks)
        response.headers["Cache-Control"] = "no-store"
    charset = "; charset=utf-8" if written.media_type.startswith("text/") else ""
    response.headers["Content-Type"] = written.media_type + charset
    response.headers["Vary"] = "Accept"
    return response


def _wants_page() -> bool:
    if request.method != "GET" or request.args.get("format"):
        return False
    try:
        return negotiate.negotiate(request.headers.get("Accept", ""), (*SOLUTIONS, *GRAPHS, PAGE)) is PAGE
    except NotAcceptable:
        return False


def _page(opened: Service, asked: Asked) -> Response:
    """The form, with the first rows of the answer or with what is wrong."""
    table, message, status = None, "", 200
    if asked.query:
        try:
            table = _table(_run(opened, asked, {"solutions": "json", "boolean": "json", "graph": "nt"}, "", ()))
        except SolldError as error:
            message, status = str(error), error.status
    settings = opened.settings
    language = negotiate.choose_language(
        request.headers.get("Accept-Language", ""), request.args.get("lang", ""), settings.languages
    )
    formats = GRAPHS if table and table.columns == TRIPLE else SOLUTIONS
    links = [(f.name, "/sparql?" + urlencode({"query": asked.query, "format": f.extension})) for f in formats if table]
    body = html.sparql_page(settings, language, "", asked.query or "", opened.queries, links, table, message)
    response = Response(body, status, content_type="text/html; charset=utf-8")
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = language
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def _table(answered: Answered) -> html.Table:
    body = b"".join(answered.chunks)
    if answered.kind == "graph":
        rows = [(t.subject, t.predicate, t.object) for t in triples_of([body])]
        return html.Table(TRIPLE, tuple(rows[:SHOWN]), len(rows))  # type: ignore[arg-type]
    columns, found = read_results(body)
    return html.Table(columns, tuple(found[:SHOWN]), len(found))


def _about(opened: Service) -> Response:
    """Without a query: the page for a browser, the service description for a program."""
    chosen = negotiate.negotiate(request.headers.get("Accept", ""), (*GRAPHS[:4], PAGE))
    if chosen is PAGE:
        return _page(opened, Asked(None, (), (), ""))
    syntax = {"ttl": RdfFormat.TURTLE, "nt": RdfFormat.N_TRIPLES, "rdf": RdfFormat.RDF_XML, "jsonld": RdfFormat.JSON_LD}
    body = write(service_description(opened), syntax[chosen.extension], opened.prefixes)
    response = Response(body, content_type=chosen.media_type)
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


def service_description(opened: Service) -> Iterator[Triple]:
    """https://www.w3.org/TR/sparql11-service-description/"""
    endpoint = endpoint_iri(opened.settings)
    dataset = NamedNode(f"{endpoint.value}#dataset")
    yield Triple(endpoint, RDF.type, SD.Service)
    yield Triple(endpoint, SD.endpoint, endpoint)
    yield Triple(endpoint, SD.supportedLanguage, SD.SPARQL11Query)
    for format_ in ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"):
        yield Triple(endpoint, SD.resultFormat, FORMATS[format_])
    for format_ in ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads"):
        yield Triple(endpoint, SD.resultFormat, FORMATS[format_])
    yield Triple(endpoint, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, NamedNode(f"{endpoint.value}#merged"))
    yield Triple(NamedNode(f"{endpoint.value}#merged"), RDF.type, SD.Graph)
    seconds = f"{opened.settings.query_seconds:g} seconds, {opened.settings.query_memory} MiB a query"
    yield Triple(endpoint, DCT.description, Literal(f"Read-only. Limits: {seconds}.", language="en"))
    for name, facts in sorted(opened.release.manifest["datasets"].items()):
        node = NamedNode(f"{endpoint.value}#{name}")
        yield Triple(dataset, SD.namedGraph, node)
        yield Triple(node, RDF.type, SD.NamedGraph)
        yield Triple(node, SD.name, NamedNode(facts["graph"]))
        yield Triple(
            node, NamedNode("http://rdfs.org/ns/void#triples"), Literal(str(facts["triples"]), datatype=XSD.integer)
        )
