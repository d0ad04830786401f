"""SPARQL endpoints: what has a type or a name there, with what is said of it, in pages and checked to be all of it.

Pages go on after the last subject (an OFFSET makes a server sort all that went before, and Virtuoso refuses a large
one), until one is empty: servers cut long results without a word. What is said of the subjects of a page is counted
too, and if less comes than was counted, they are asked for in smaller pages.
https://www.w3.org/TR/sparql11-protocol/ https://www.w3.org/TR/sparql11-service-description/

    # SPARQL <https://their.example/sparql>          the file that is written begins so; the rest is N-Triples
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO
from urllib.parse import urlencode

from solld.errors import SourceFailed
from solld.rdf import SD, BlankNode, Literal, NamedNode, Term, Triple, n_triples, read_solutions
from solld.sources import Get, Page, Source
from solld.sources.documents import is_rdf, quads_of
from solld.sources.rdf import read

STANDARD = "https://www.w3.org/TR/sparql11-protocol/"
MARK = b"# SPARQL <"
SUBJECTS = 200  # of a page
MOST = 200_000  # subjects of a service, which are a thousand pages
RESULTS = "application/sparql-results+json"
RDF = "text/turtle, application/rdf+xml;q=0.9, application/n-triples;q=0.9, */*;q=0.1"
SPACE = rb"http://www\.w3\.org/ns/sparql-service-description#"
SERVICE = re.compile(SPACE + rb"Service\b")
DECLARED = re.compile(SPACE + rb"[\"'>]")
PREFIX = re.compile(rb"([\w-]{1,40})[\"']?\s*+[:=]\s*+[\"'<]$")  # before its namespace
NAMES = "rdfs:label|skos:prefLabel|schema:name|<http://schema.org/name>|foaf:name|dct:title"
PREFIXES = """PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX schema: <https://schema.org/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX dct: <http://purl.org/dc/terms/>
"""
BNODE = re.compile(rb'("bnode"\s*,\s*"value"\s*:\s*")([^"\\]*)"')  # which Virtuoso calls nodeID://b10000
OWN = "http://www.openlinksw.com/"  # what Virtuoso says of itself in a graph of its own, and nobody asked for
Solution = dict[str, Term]


@dataclass(frozen=True)
class Endpoint:
    get: Get
    url: str
    graph: str  # what is around a pattern, where the default graph is empty

    def within(self, pattern: str) -> str:
        return self.graph % pattern


def likes(head: bytes) -> float:
    """A service description, or what was collected here; the page with a form that people see is neither."""
    if head.startswith(MARK):
        return 0.99
    if re.match(rb"\s*<(?:!doctype\s+html|html)", head, re.IGNORECASE):
        return 0.0
    before = (head[max(0, each.start() - 60) : each.start()] for each in DECLARED.finditer(head))
    prefixes = {re.escape(found[1]) for found in map(PREFIX.search, before) if found}
    return 0.97 if SERVICE.search(head) or any(re.search(rb"\b%s:Service\b" % p, head) for p in prefixes) else 0.0


def collect(get: Get, url: str, into: IO[bytes]) -> None:
    """Writes what the service says of all its subjects. SourceFailed if it is not all, or not SPARQL."""
    endpoint = _endpoint(get, url)
    into.write(MARK + url.encode() + b">\n")
    number = 0
    for subjects in _pages(endpoint):
        number += len(subjects)
        if number > MOST:
            raise SourceFailed(url, f"says something of more than {MOST} subjects; a dump of it would be read at once")
        for triples in _said(endpoint, subjects):
            into.write(n_triples(triples))
    if not number:
        raise SourceFailed(url, "nothing in it has a type or a name")


def _endpoint(get: Get, url: str) -> Endpoint:
    """The service, tried with a question that any can answer; what is described elsewhere is asked there."""
    found, query = url, "SELECT ?s WHERE { ?s ?p ?o } LIMIT 1"  # to ASK, Virtuoso answers with a number
    try:
        answer = _ask(get, url, query)
    except SourceFailed:
        found = _described(get, url)
        if found in ("", url):
            raise
        answer = _ask(get, found, query)
    return Endpoint(get, found, "%s" if answer else "GRAPH ?g { %s }")


def _described(get: Get, url: str) -> str:
    """The sd:endpoint that the description of a service names; "" if there is none."""
    page = get(url, RDF)
    if page is None:
        return ""
    if not is_rdf(page.body):
        return ""
    said = [
        q
        for q in quads_of(page.body, page.url, page.url)
        if q.predicate == SD.endpoint and isinstance(q.object, NamedNode)
    ]
    return next((q.object.value for q in said if isinstance(q.object, NamedNode)), "")


def _pages(endpoint: Endpoint) -> Iterator[list[NamedNode]]:
    """All subjects that have a type or a name, in their order."""
    last = ""
    while True:
        pattern = endpoint.within(f"?s a|{NAMES} ?any")
        wanted = f'isIRI(?s) && STR(?s) > {Literal(last)} && !STRSTARTS(STR(?s), "{OWN}")'
        query = f"""{PREFIXES}SELECT DISTINCT ?s WHERE {{ {pattern} FILTER({wanted}) }}
ORDER BY STR(?s) LIMIT {SUBJECTS}"""
        found = [s["s"] for s in _ask(endpoint.get, endpoint.url, query)]
        subjects = [each for each in found if isinstance(each, NamedNode)]
        if not subjects:
            return
        if subjects[-1].value <= last or len(subjects) > SUBJECTS:
            raise SourceFailed(endpoint.url, f"does not go on after <{last}>, as it was asked to")
        yield subjects
        last = subjects[-1].value


def _said(endpoint: Endpoint, subjects: Sequence[NamedNode]) -> Iterator[list[Triple]]:
    """What is said of some subjects; in halves if that is too much for the service."""
    try:
        yield _whole(endpoint, subjects)
    except SourceFailed:
        if len(subjects) == 1:
            raise
        middle = len(subjects) // 2
        yield from _said(endpoint, subjects[:middle])
        yield from _said(endpoint, subjects[middle:])


def _whole(endpoint: Endpoint, subjects: Sequence[NamedNode]) -> list[Triple]:
    """What is said of some subjects, and of blank nodes and of what has no type within them."""
    values = " ".join(map(str, subjects))
    inner = "?s ?p ?o OPTIONAL { ?o ?q ?v FILTER(isBlank(?o) || NOT EXISTS { ?o a ?type }) }"
    pattern = f"VALUES ?s {{ {values} }} {endpoint.within(inner)}"
    found = _ask(endpoint.get, endpoint.url, f"SELECT ?s ?p ?o ?q ?v WHERE {{ {pattern} }}")
    counted = _ask(endpoint.get, endpoint.url, f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}")
    number = int(counted[0]["n"].value) if counted and "n" in counted[0] else -1
    if number != len(found):
        what = f"<{subjects[0].value}>" + (f" to <{subjects[-1].value}>" if len(subjects) > 1 else "")
        raise SourceFailed(endpoint.url, f"gives {len(found)} of the {number} things that it says of {what}")
    return _triples(found, subjects[0].value)


def _triples(found: list[Solution], name: str) -> list[Triple]:
    """Triples in an order, and with names of blank nodes, that are the same the next time."""
    labels: dict[Term, BlankNode] = {}
    scope = hashlib.blake2b(name.encode(), digest_size=8).hexdigest()

    def named(term: Term) -> Term:
        if not isinstance(term, BlankNode):
            return term
        return labels.setdefault(term, BlankNode(f"b{scope}x{len(labels)}"))

    def order(solution: Solution) -> tuple[str, ...]:
        return tuple("" if isinstance(term := solution.get(n), BlankNode | None) else str(term) for n in "spoqv")

    triples: dict[Triple, None] = {}
    for each in sorted(found, key=order):
        triples[Triple(each["s"], each["p"], named(each["o"]))] = None  # type: ignore[arg-type]
        if "q" in each:
            triples[Triple(named(each["o"]), each["q"], named(each["v"]))] = None  # type: ignore[arg-type]
    return list(triples)


def _ask(get: Get, url: str, query: str) -> list[Solution]:
    """The solutions of a query (SPARQL 1.1 Protocol section 2.1.2), all of them or SourceFailed."""
    body = urlencode({"query": query}).encode()
    page = get(url, f"{RESULTS}, application/sparql-results+xml;q=0.5", body, "application/x-www-form-urlencoded")
    if page is None:
        raise SourceFailed(url, "there is nothing")
    _refuse_partial(page)
    try:
        return [dict(each) for each in read_solutions(BNODE.sub(_label, page.body), page.media_type)]
    except (SyntaxError, ValueError) as error:
        kind = page.media_type or "something that does not say what it is"
        raise SourceFailed(url, f"answers with {kind} that is no SPARQL result, or not whole: {error}") from error


def _label(match: re.Match[bytes]) -> bytes:
    """A label of a blank node with nothing in it that labels do not have."""
    return match[1] + re.sub(rb"\W", b"", match[2]) + b'"'


def _refuse_partial(page: Page) -> None:
    """Virtuoso gives what it found until its time was over with 200, and says so in a header of its own."""
    if state := page.headers.get("x-sql-state"):
        message = page.headers.get("x-sql-message", "")
        raise SourceFailed(page.url, f"gives only a part of an answer: {state} {message}".strip())


SOURCE = Source("sparql", "SPARQL endpoint", STANDARD, (RESULTS,), likes, read, collect)
