"""Runs a query test against an endpoint and says what is wrong with the answer."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Protocol
from urllib.parse import urljoin

from conformance import results
from conformance.compare import difference, exact
from conformance.suite import PUBLISHED, Case, Content, Suite
from solld.rdf import DEFAULT, NamedNode, Quad, parse, syntax_of

# Solutions and graphs are asked for together, as the kind of a query is the endpoint's to know.
BOTH = ("application/sparql-results+json, text/turtle", "application/sparql-results+xml, application/n-triples")
FORMATS = {"csv": ("text/csv",), "tsv": ("text/tab-separated-values",)}  # tests of these formats, by expected result
RDF_FILES = ("ttl", "rdf")  # expected results whose order says nothing, unless they have an rs:index
ORDERED = re.compile(r"ORDER\s+BY[^}]*$", re.IGNORECASE)  # behind the last group, so of the whole query
UNKNOWN_FUNCTION = "Unknown function"  # the title of the problem that the service answers with
FROM = re.compile(r"^\s*FROM\s+(?:NAMED\s+)?<([^>]*)>", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True)
class Reply:
    """A response: status, headers by lower-case name, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip()


@dataclass(frozen=True)
class Outcome:
    """How a test went."""

    wrong: str = ""  # what is wrong with the answers; "" if the test is passed
    exact: bool = True  # whether all terms are as expected, and not only their values


class Endpoint(Protocol):
    """What answers queries: a server, or the engine in this process."""

    def query(self, text: str, accept: str, by_get: bool) -> Reply: ...


def content(suite: Suite, case: Case) -> Content:
    """The files that a test's store is made of.

    FROM and FROM NAMED name files too, where the manifest names none. The service description is that of a store with
    a named graph, for which the manifest of its tests itself does.
    """
    if case.kind == "ServiceDescriptionTest":
        manifest = f"{PUBLISHED}{case.folder}/manifest.ttl"
        return ((manifest, manifest),)
    if not case.result or case.content:
        return case.content
    named = {urljoin(case.query, reference) for reference in FROM.findall(suite.query(case))}
    return tuple(sorted((iri, iri) for iri in named if iri.startswith(PUBLISHED)))


def quads(suite: Suite, files: Content) -> Iterator[Quad]:
    """The quads of a test's store. Blank nodes of different files are different."""
    for graph, iri in files:
        path = suite.path(iri)
        name = NamedNode(graph) if graph else DEFAULT
        for each in parse(path=str(path), format=syntax_of(path), base_iri=iri, rename_blank_nodes=True):
            yield Quad(each.subject, each.predicate, each.object, name) if graph else each


def judged(suite: Suite, case: Case, endpoint: Endpoint) -> Outcome:
    """How an endpoint that has the test's data answers its query."""
    if "Syntax" in case.kind:
        return _syntax(suite, case, endpoint)
    text = suite.query(case)
    extension = case.result.rpartition(".")[2]
    body, media_type = suite.path(case.result).read_bytes(), results.MEDIA_TYPES[extension]
    expected = results.read(body, media_type, case.result)
    if isinstance(expected, results.Solutions) and extension not in RDF_FILES and ORDERED.search(text):
        expected = replace(expected, ordered=True)
    exact = True
    for accept in FORMATS.get(extension, BOTH):
        # A relative IRI of a query is relative to its file, which a query that is sent says by a BASE.
        outcome = _answer(endpoint, f"BASE <{case.query}>\n{text}", accept, expected, case.lax)
        if outcome.wrong:
            return Outcome(f"{accept.partition(',')[0]}: {outcome.wrong}")
        exact = exact and outcome.exact
    return Outcome(exact=exact)


def _syntax(suite: Suite, case: Case, endpoint: Endpoint) -> Outcome:
    reply = endpoint.query(suite.query(case), BOTH[0], by_get=True)
    # That a function is not known is found when the query has been read.
    unknown = reply.status == 400 and UNKNOWN_FUNCTION in excerpt(reply)
    status = 200 if unknown else reply.status
    expected = 200 if case.kind.startswith("Positive") else 400
    return Outcome("" if status == expected else f"status {reply.status}, expected {expected}: {excerpt(reply)}")


def _answer(endpoint: Endpoint, query: str, accept: str, expected: results.Answer, lax: bool) -> Outcome:
    reply = endpoint.query(query, accept, by_get=accept == BOTH[0])
    if reply.status != 200:
        return Outcome(f"status {reply.status}: {excerpt(reply)}")
    if reply.media_type not in accept:
        return Outcome(f"answered in {reply.media_type}")
    try:
        answer = results.read(reply.body, reply.media_type)
    except (KeyError, SyntaxError, ValueError) as error:
        return Outcome(f"the answer cannot be read: {error!r}")
    return Outcome(difference(answer, expected, lax), exact(answer, expected, lax))


def excerpt(reply: Reply) -> str:
    return reply.body[:300].decode(errors="replace")
