"""A SPARQL server as we use it: SELECTs whose rows are read as they come, updates, graphs.

Only whole answers count. Whatever a server says of an answer that it cut short is an error here: Virtuoso's
X-SPARQL-MaxRows and X-SQL-State, a body that is shorter than it should be, JSON that does not end.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from urllib.parse import quote

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from solld.errors import CutOff, ServerFailed, SolldError, Stopped, Unanswerable
from solld.model import STORES
from solld.rdf import Triple, n_triples
from solld.stores.remote_http import FORM, RETRY_AFTER, Answer, Client, Place, form, message_of

DATA = 1_000  # triples in one INSERT DATA or DELETE DATA: Virtuoso's parser takes less than 5,000
JSON = "application/sparql-results+json"
CHUNK = 2**16  # bytes read at once
# By kind of server: the parameter that limits a query's time, and how it writes seconds.
TIMEOUTS: dict[str, tuple[str, Callable[[float], str]]] = {
    "virtuoso": ("timeout", lambda seconds: str(max(1000, round(seconds * 1000)))),
    "graphdb": ("timeout", lambda seconds: str(max(1, round(seconds)))),
    "fuseki": ("timeout", lambda seconds: f"{seconds:g}"),
    "qlever": ("timeout", lambda seconds: f"{max(1, round(seconds))}s"),
}
# What Virtuoso 7 writes otherwise than it was given, and what it stands for. A quote inside of a string is escaped, so
# none of these can be part of a value.
CORRECTIONS = (
    (re.compile(rb'("type": "bnode", "value": ")nodeID://'), rb"\1"),
    (re.compile(rb'(XMLSchema#boolean", "value": ")1"'), rb'\1true"'),
    (re.compile(rb'(XMLSchema#boolean", "value": ")0"'), rb'\1false"'),
    (
        re.compile(rb'("datatype": ")http://www\.openlinksw\.com/schemas/virtrdf#Geometry"'),
        rb'\1http://www.opengis.net/ont/geosparql#wktLiteral"',
    ),
)
CORRECTED = (
    "the names of blank nodes, which are no valid ones",
    "xsd:boolean, which comes as 1 and 0",
    "geo:wktLiteral, which comes as a datatype of its own",
)
SPACE = 64  # bytes that may lie between the brackets that end a row
ROW = re.compile(rb"\}\s*\}\s*[,\]]|\{\s*\}\s*[,\]]")  # where a row of results ends, roughly


class Server:
    """A server that holds releases; `kind` is told or learnt from what it calls itself."""

    def __init__(self, place: Place, seconds: float):
        self.place, self.seconds = place, seconds
        self.kind = place.kind
        self.name = ""  # as it calls itself
        self.silent_limit = 0  # rows after which it stops without saying so, if it was seen to; 0 is none
        self.client = Client(seconds, place.user, place.password_file)

    def select(
        self,
        query: str,
        defaults: Sequence[str] = (),
        named: Sequence[str] = (),
        limit: int | None = None,
        seconds: float | None = None,
    ) -> QuerySolutions:
        """The rows of a SELECT as they come; `limit` is how many it asks for, `seconds` tells the server to stop.

        Unanswerable if the server refuses it, Stopped if it stopped it, ServerFailed for all else, also while reading.
        """
        pairs = [
            ("query", query),
            *(("default-graph-uri", g) for g in defaults),
            *(("named-graph-uri", g) for g in named),
        ]
        if seconds is not None and self.kind in TIMEOUTS:
            name, written = TIMEOUTS[self.kind]
            pairs.append((name, written(seconds)))
        started = time.monotonic()
        answer = self._post(self.place.query, form(pairs), FORM, JSON)
        if answer.status != 200:
            raise self._refusal(answer, time.monotonic() - started >= 0.9 * (seconds or self.seconds), seconds)
        try:
            _check_whole(answer, limit, seconds or self.seconds)
            rows = Rows(answer, self.kind == "virtuoso", self.silent_limit if limit is None else 0)
            found = parse_query_results(rows, format=QueryResultsFormat.JSON)  # type: ignore[arg-type]
        except (SyntaxError, ValueError) as error:
            answer.close()
            raise ServerFailed(self.place.query, f"its answer is not SPARQL results in JSON: {error}") from error
        if not isinstance(found, QuerySolutions):
            raise ServerFailed(self.place.query, "it answered a SELECT with a boolean")
        return found

    def number(self, query: str, defaults: Sequence[str] = ()) -> int:
        """The one number that a query selects."""
        for row in self.select(query, defaults):
            return int(row[0].value)
        raise ServerFailed(self.place.query, f"no row for {query}")

    def _post(self, url: str, body: bytes, media_type: str, accept: str = "*/*") -> Answer:
        headers = {"Content-Type": media_type, "Accept": accept}
        answer = self.client.request("POST", url, body, headers, writes=accept != JSON)
        if not self.name:
            self.name = " ".join((answer.headers["Server"] or "a server without a name").split())
            self.kind = self.kind or next((kind for kind in STORES if kind in self.name.lower()), "")
        return answer

    def _refusal(self, answer: Answer, late: bool, seconds: float | None) -> SolldError:
        with answer:
            said = message_of(answer)
        if answer.status in (408, 429, 503, 504) or (answer.status == 500 and late):
            return stopped(seconds or self.seconds)
        if answer.status in (400, 413, 414, 500, 501):
            return Unanswerable(f"the server under this endpoint cannot run this query: {said}")
        return ServerFailed(self.place.query, f"it answers {answer.status}: {said}")

    # Writing -----------------------------------------------------------------------------------------------------

    def update(self, text: str) -> None:
        """One SPARQL Update request."""
        self._written(self._post(self.place.update, text.encode(), "application/sparql-update"), self.place.update)

    def change(self, graph: str, out: Iterable[Triple], into: Iterable[Triple]) -> None:
        """Takes triples out of a graph and adds others, a bounded number with each request."""
        for verb, triples in (("DELETE", out), ("INSERT", into)):
            for lines in chunks(triples, DATA):
                self.update(f"{verb} DATA {{ GRAPH <{graph}> {{\n{lines.decode()}}} }}")

    def exchange(self, graph: str, out: Iterable[Triple], into: Iterable[Triple]) -> None:
        """Takes a few triples out of a graph and adds others, with one request."""
        parts = (("DELETE", n_triples(out).decode()), ("INSERT", n_triples(into).decode()))
        self.update(" ;\n".join(f"{verb} DATA {{ GRAPH <{graph}> {{\n{lines}}} }}" for verb, lines in parts if lines))

    def put(self, graph: str, triples: bytes) -> None:
        """Makes a graph what these N-Triples say, by the Graph Store Protocol."""
        self._stored("PUT", graph, triples)

    def post(self, graph: str, triples: bytes) -> None:
        """Adds N-Triples to a graph, by the Graph Store Protocol."""
        self._stored("POST", graph, triples)

    def delete(self, graph: str) -> None:
        """Takes a graph out; none is no error."""
        self._stored("DELETE", graph, None)

    def _stored(self, method: str, graph: str, triples: bytes | None) -> None:
        sign = "&" if "?" in self.place.graph_store else "?"
        url = f"{self.place.graph_store}{sign}graph={quote(graph, safe='')}"
        headers = {"Content-Type": "application/n-triples"} if triples is not None else {}
        answer = self.client.request(method, url, triples, headers, writes=True)
        if method == "DELETE" and answer.status == 404:
            answer.read()
            return
        self._written(answer, url)

    def _written(self, answer: Answer, url: str) -> None:
        with answer:
            if answer.status >= 300:
                raise ServerFailed(url, f"it answers {answer.status}: {message_of(answer)}")
            answer.read()

    def close(self) -> None:
        self.client.close()


def stopped(seconds: float) -> Stopped:
    reason = "the server under this endpoint stopped the query"
    return Stopped(reason, "sparql.seconds", seconds, "seconds", RETRY_AFTER)


def cut_off(rows: int) -> CutOff:
    reason = "the server under this endpoint would give a part of the rows: ask for fewer, with LIMIT"
    return CutOff(reason, "store.rows", rows, "rows")


def _check_whole(answer: Answer, limit: int | None, seconds: float) -> None:
    if answer.headers["X-SQL-State"]:
        answer.close()
        raise stopped(seconds)
    most = answer.headers["X-SPARQL-MaxRows"]
    if most and (limit is None or limit > int(most)):
        answer.close()
        raise cut_off(int(most))


def chunks(triples: Iterable[Triple], size: int) -> Iterator[bytes]:
    """N-Triples of so many triples at a time."""
    rest = iter(triples)
    while lines := n_triples(islice(rest, size)):
        yield lines


class Rows:
    """A body for the parser of results: corrected where the server is known to write otherwise, and counted."""

    def __init__(self, answer: Answer, corrected: bool, silent_limit: int):
        self._answer, self._corrected, self._silent_limit = answer, corrected, silent_limit
        self._held = b""  # read and corrected
        self._at = 0
        self._line = b""  # the beginning of a line that is not whole yet; Virtuoso writes a row to a line
        self._last = b""  # the end of what was counted
        self._counted = 0

    def read(self, size: int = -1) -> bytes:
        if self._at >= len(self._held):
            self._held, self._at = self._next(), 0
        found = self._held[self._at : self._at + size] if size >= 0 else self._held[self._at :]
        self._at += len(found)
        return found

    def _next(self) -> bytes:
        data = self._answer.read(CHUNK)
        if self._silent_limit:
            self._count(data)
        while self._corrected and (data or self._line):
            whole, newline, self._line = (self._line + data).rpartition(b"\n") if data else (self._line, b"", b"")
            if whole:
                return corrected(whole + newline)
            data = self._answer.read(CHUNK)
        return data

    def _count(self, data: bytes) -> None:
        before = len(self._last)
        self._counted += sum(match.end() > before for match in ROW.finditer(self._last + data))
        self._last = data[-SPACE:]
        if self._counted >= self._silent_limit:
            raise cut_off(self._silent_limit)


def corrected(text: bytes) -> bytes:
    """Lines of Virtuoso's JSON, with what it writes otherwise put right."""
    for pattern, stands_for in CORRECTIONS:
        text = pattern.sub(stands_for, text)
    return text
