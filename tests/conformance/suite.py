"""The W3C's SPARQL tests as their manifests describe them. https://w3c.github.io/rdf-tests/

Nothing of them is in this repository: they are read where SOLLD_SHARED says.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote, unquote

from solld.rdf import RDF, RDFS, BlankNode, Literal, NamedNode, Namespace, Triple, parse, syntax_of

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
UT = Namespace("http://www.w3.org/2009/sparql/tests/test-update#")
HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
PUBLISHED = "https://w3c.github.io/rdf-tests/sparql/"  # relative IRIs of the suite's files are resolved against this
LISTS = ("sparql10", "sparql11", "sparql12")  # folders that only include others
UPDATES = ("UpdateEvaluationTest", "PositiveUpdateSyntaxTest", "NegativeUpdateSyntaxTest")

Node = NamedNode | BlankNode | Literal | Triple
Facts = Mapping[Node, Mapping[str, list[Node]]]
Content = tuple[tuple[str, str], ...]  # (name of the graph, or "" for the default one; IRI of a file), sorted


@dataclass(frozen=True)
class Exchange:
    """One HTTP request of a protocol test, and what the response has to be."""

    method: str
    target: str  # path and query string, as the manifest has them
    headers: tuple[tuple[str, str], ...]
    body: bytes | None
    statuses: tuple[str, ...]  # local names: OK, Created, StatusCode4xx
    boolean: bool | None = None
    format: str = ""  # boolean, tabular or RDF
    media_type: str = ""  # of the response
    graph: str | None = None  # Turtle that the response's body is to be isomorphic to


@dataclass(frozen=True)
class Case:
    """One test of a manifest. Files are named by IRIs; see `Suite.path`."""

    iri: str
    folder: str  # "sparql11/bind"
    kind: str  # the local name of its class
    query: str = ""
    content: Content = ()
    result: str = ""
    lax: bool = False  # mf:LaxCardinality, for REDUCED
    requires: tuple[str, ...] = ()  # local names of what the standard leaves open
    exchanges: tuple[Exchange, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.folder}/{self.iri.rpartition('#')[2]}"


@dataclass(frozen=True)
class Suite:
    """The tests of a folder of the W3C's rdf-tests."""

    root: Path
    cases: tuple[Case, ...] = field(default_factory=tuple)

    def path(self, iri: str) -> Path:
        """The file that an IRI of the suite names."""
        return self.root / unquote(iri.removeprefix(PUBLISHED))

    def query(self, case: Case) -> str:
        return self.path(case.query).read_text(encoding="utf-8")


def folder() -> Path:
    """Where the suite lies, if it is there."""
    shared = os.environ.get("SOLLD_SHARED")
    return Path(shared or Path(__file__).parents[3] / "shared") / "w3c" / "rdf-tests" / "sparql"


def read(root: Path) -> Suite:
    """All tests under a folder, in the order of the folders' names and of the manifests' entries."""
    manifests = [path for path in sorted(root.glob("*/*/manifest*.ttl")) if path.parent.parent.name in LISTS]
    return Suite(root, tuple(case for path in manifests for case in _cases(root, path)))


def out_of_scope(case: Case) -> str:
    """Why a test is not run, or ""."""
    name = case.iri.rpartition("#")[2]
    if case.kind.removesuffix("11") in UPDATES or case.query.endswith(".ru") or name.startswith(("update_", "bad_up")):
        return "update: the service is read-only"
    if case.folder == "sparql11/entailment":
        return "entailment regimes: what is to be stated is stated at build time"
    if case.folder in ("sparql11/service", "sparql11/syntax-fed"):
        return "federated query: SERVICE is refused"
    if case.folder == "sparql11/http-rdf-update":
        return "deprecated by the W3C in favour of graph-store-protocol"
    if "DirectGraphIdentification" in case.requires:
        return "direct graph identification: not offered; the indirect form is"
    if "POSTGraphCreation" in case.requires:
        return "creation of graphs by POST: the service is read-only"
    return ""


def _cases(root: Path, path: Path) -> Iterator[Case]:
    folder = path.parent.relative_to(root).as_posix()
    facts = _facts(path, f"{PUBLISHED}{quote(folder)}/{path.name}")
    for properties in list(facts.values()):
        for entries in properties.get(MF.entries.value, ()):
            for entry in _items(facts, entries):
                yield _case(folder, facts, entry)


def _facts(path: Path, base: str) -> Facts:
    found: dict[Node, dict[str, list[Node]]] = {}
    for each in parse(path=str(path), format=syntax_of(path), base_iri=base):
        found.setdefault(each.subject, {}).setdefault(each.predicate.value, []).append(each.object)
    return found


def _items(facts: Facts, node: Node) -> Iterator[Node]:
    while node != RDF.nil:
        yield facts[node][RDF.first.value][0]
        (node,) = facts[node][RDF.rest.value]


def _all(facts: Facts, node: Node, predicate: NamedNode) -> Sequence[Node]:
    return facts.get(node, {}).get(predicate.value, ())


def _one(facts: Facts, node: Node, predicate: NamedNode) -> str:
    return next((_text(each) for each in _all(facts, node, predicate)), "")


def _text(node: Node) -> str:
    return "" if isinstance(node, Triple) else node.value


def _local(node: Node) -> str:
    return _text(node).rpartition("#")[2]


def _case(folder: str, facts: Facts, entry: Node) -> Case:
    (action, *_) = [*_all(facts, entry, MF.action), Literal("")]
    query = _text(action) if isinstance(action, NamedNode) else _one(facts, action, QT.query)
    # Some tests have their graphs at the test, some at its action.
    content = {("", _text(file)) for file in _all(facts, action, QT.data)}
    content |= {(_text(file), _text(file)) for file in _all(facts, action, QT.graphData) if file not in facts}
    for graph in _all(facts, entry, UT.graphData):
        content.add((_one(facts, graph, RDFS.label), _one(facts, graph, UT.graph)))
    return Case(
        iri=_text(entry),
        folder=folder,
        kind=_local(_all(facts, entry, RDF.type)[0]),
        query=query,
        content=tuple(sorted(content)),
        result=_one(facts, entry, MF.result),
        lax=MF.LaxCardinality in _all(facts, entry, MF.resultCardinality),
        requires=tuple(_local(each) for each in _all(facts, entry, MF.requires)),
        exchanges=tuple(_exchanges(facts, action)),
    )


def _exchanges(facts: Facts, action: Node) -> Iterator[Exchange]:
    for requests in _all(facts, action, HT.requests):
        for request in _items(facts, requests):
            (answer,) = _all(facts, request, HT.resp)
            boolean = _one(facts, answer, MF.expectedBoolean)
            yield Exchange(
                method=_one(facts, request, HT.methodName),
                target=_one(facts, request, HT.absolutePath),
                headers=_headers(facts, request),
                body=_body(facts, request),
                statuses=tuple(_local(each) for each in _all(facts, answer, MF.expectedStatus)),
                boolean=boolean == "true" if boolean else None,
                format=_one(facts, answer, MF.expectedFormat),
                media_type=dict(_headers(facts, answer)).get("content-type", "").partition(";")[0],
                graph=next((_one(facts, body, CNT.chars) for body in _all(facts, answer, HT.body)), None),
            )


def _headers(facts: Facts, message: Node) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_one(facts, each, HT.fieldName), _one(facts, each, HT.fieldValue))
        for headers in _all(facts, message, HT.headers)
        for each in _items(facts, headers)
    )


def _body(facts: Facts, message: Node) -> bytes | None:
    for body in _all(facts, message, HT.body):
        return _one(facts, body, CNT.chars).encode(_one(facts, body, CNT.characterEncoding))
    return None
