"""The tests of SPARQL Protocol and of Graph Store Protocol, whose manifests hold the requests and what is to come back.

https://www.w3.org/TR/sparql11-protocol/ · https://www.w3.org/TR/sparql11-http-rdf-update/

The service is read-only: where a Graph Store test writes, the runner makes the release that the write would have made,
and the reads that follow are the test.
"""

import email
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import parse_qsl, urlsplit

from conformance import results
from conformance.compare import difference
from conformance.judge import Reply, excerpt
from conformance.suite import Case, Exchange
from solld.rdf import DEFAULT, NamedNode, Quad, RdfFormat, parse

STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
TABULAR = ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values")
KINDS = {"boolean": TABULAR[:2], "tabular": TABULAR, "RDF": (*results.GRAPHS, "application/ld+json")}

Publish = Callable[[Iterable[Quad]], None]
Send = Callable[[str, str, Iterable[tuple[str, str]], bytes | None], Reply]
PATHS = {"/sparql/": "/sparql", "/gsp": "/graph"}  # what stands for a path of the service in the manifests -> the path


def sent(exchange: Exchange, send: Send) -> Reply:
    """The response of the service to a request."""
    path, mark, query = exchange.target.partition("?")
    return send(exchange.method, PATHS[path] + mark + query, exchange.headers, exchange.body)


def protocol(case: Case, send: Send) -> str:
    """What is wrong with the responses to a protocol test's requests, or ""."""
    for each in case.exchanges:
        wrong = _wrong(each, sent(each, send))
        if wrong:
            return f"{each.method} {each.target}: {wrong}"
    return ""


def graph_store(case: Case, send: Send, publish: Publish) -> str:
    """What is wrong with the responses to a Graph Store test's reads, or ""."""
    graphs: dict[str, set[Quad]] = {}
    publish(())
    for each in case.exchanges:
        name = _graph(each)
        if each.method in ("GET", "HEAD"):
            wrong = _wrong(each, sent(each, send))
            if wrong:
                return f"{each.method} {each.target}: {wrong}"
            continue
        if each.method in ("PUT", "DELETE"):
            graphs.pop(name, None)
        if each.body:
            graphs.setdefault(name, set()).update(_quads(each, name))
        publish(quad for graph in graphs.values() for quad in graph)
    return ""


def _quads(exchange: Exchange, name: str) -> Iterator[Quad]:
    """What a write says, in Turtle or as several Turtle files of a form."""
    head = "".join(f"{header}: {value}\n" for header, value in exchange.headers)
    message = email.message_from_bytes(f"{head}\n".encode() + (exchange.body or b""))
    for part in message.walk():
        if part.is_multipart():
            continue
        body = part.get_payload(decode=True)
        assert isinstance(body, bytes)
        for each in parse(body, format=RdfFormat.TURTLE, base_iri=name or None, rename_blank_nodes=True):
            yield Quad(each.subject, each.predicate, each.object, NamedNode(name) if name else DEFAULT)


def _graph(exchange: Exchange) -> str:
    """The IRI of the graph that a request is about; "" is the default graph."""
    return dict(parse_qsl(urlsplit(exchange.target).query, keep_blank_values=True)).get("graph", "")


def _wrong(exchange: Exchange, reply: Reply) -> str:
    if not any(_is(reply.status, status) for status in exchange.statuses):
        return f"status {reply.status}, expected {' or '.join(exchange.statuses)}: {excerpt(reply)}"
    if exchange.media_type and reply.media_type != exchange.media_type:
        return f"answered in {reply.media_type!r}, expected {exchange.media_type}"
    if exchange.format and reply.media_type not in KINDS[exchange.format]:
        return f"answered in {reply.media_type!r}, expected a format of {exchange.format}"
    if exchange.boolean is not None:
        return difference(results.read(reply.body, reply.media_type), exchange.boolean)
    if exchange.graph is not None:
        base = _graph(exchange)
        expected = results.read(exchange.graph.encode(), "text/turtle", base)
        return difference(results.read(reply.body, reply.media_type, base), expected)
    return ""


def _is(status: int, expected: str) -> bool:
    return str(status)[0] == expected[10] if expected.startswith("StatusCode") else status == STATUSES[expected]
