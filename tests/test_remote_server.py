"""What a server may do wrong, by a server that does it: no answer of it is taken for data, none is half taken."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from asked import Told, ask
from solld.errors import CutOff, ServerFailed, SolldError, Unanswerable, again, facts
from solld.stores.remote_answer import Answerer, Target
from solld.stores.remote_http import Place
from solld.stores.remote_query import Able, Graphs
from solld.stores.remote_server import Server, corrected, cut_off, stopped

JSON = "application/sparql-results+json"
HEAD = b'{"head":{"vars":["x"]},"results":{"bindings":['
ROW = b'{"x":{"type":"literal","value":"a"}}'
WHOLE = HEAD + ROW + b"]}}"
Play = Callable[[BaseHTTPRequestHandler], None]


def answer(
    status: int, body: bytes, content_type: str = JSON, length: int | None = None, **headers: str
) -> Callable[[BaseHTTPRequestHandler], None]:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        handler.wfile.write(body)
        handler.close_connection = length is not None

    return play


def chunked(*chunks: bytes, last: bool = True) -> Play:
    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", JSON)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for chunk in chunks:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        if last:
            handler.wfile.write(b"0\r\n\r\n")
        handler.close_connection = not last

    return play


def silence(handler: BaseHTTPRequestHandler) -> None:
    handler.close_connection = True


class Stage:
    """A server that plays one part."""

    def __init__(self) -> None:
        self.play: Play = answer(200, WHOLE)
        self.requests: list[dict[str, str]] = []
        stage = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _act(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                stage.requests.append({"method": self.command, **{k.lower(): v for k, v in self.headers.items()}})
                stage.play(self)

            def log_message(self, *arguments: object) -> None:
                """Says nothing."""

            do_GET = do_POST = do_PUT = _act  # noqa: N815

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.http.server_port}/sparql"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.http.shutdown()
    made.http.server_close()


def told(stage: Stage, query: str = "SELECT ?x { ?x ?y ?z }", seconds: float = 5.0, silent_limit: int = 0) -> Told:
    target = Target(Place(stage.url), Graphs("http://m/", {}, "http://n/"), seconds, Able(), silent_limit)
    return ask(Answerer(target), query, "csv", "http://b/")


LONG = [HEAD, *(ROW + b"," for _ in range(40_000))]
BAD = {
    "a page of HTML": (answer(200, b"<html><body>Sign in</body></html>", "text/html"), 502),
    "nothing": (answer(200, b""), 502),
    "a boolean": (answer(200, b'{"head":{},"boolean":true}'), 502),
    "half of its JSON": (answer(200, HEAD + ROW), 502),
    "JSON with an error in it": (answer(200, HEAD + ROW + b",Error: evaluation failed"), 502),
    "more after its JSON": (answer(200, WHOLE + b" and more"), 502),
    "less than it said": (answer(200, WHOLE, length=len(WHOLE) + 10), 502),
    "a chunk too few": (chunked(HEAD, ROW, last=False), 502),
    "no answer": (silence, 502),
    "400": (answer(400, b"SP031: Internal error\n\nSPARQL query:\nSELECT secret", "text/plain"), 501),
    "401": (answer(401, b"who are you"), 502),
    "403": (answer(403, b"no"), 502),
    "404": (answer(404, b"<html><h1>Not Found</h1></html>", "text/html"), 502),
    "500": (answer(500, b"it fell over", "text/plain"), 501),
    "503": (answer(503, b"busy", "text/plain"), 503),
    "504": (answer(504, b"", "text/plain"), 503),
    "an answer that it cut off": (answer(200, WHOLE, X_SPARQL_MaxRows="10000"), 501),
    "an answer that ran out of time": (answer(200, WHOLE, X_SQL_State="S1TAT", X_SQL_Message="RC...: partial"), 503),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_answer_is_an_error_and_no_data(stage: Stage, case: str) -> None:
    stage.play, status = BAD[case]
    found = told(stage)
    assert found.status == status
    assert found.data in (b"", b"x\r\n", b"x\r\na\r\n")  # less than a process sends before it knows the end
    assert "secret" not in str(found.error)
    assert "<html>" not in str(found.error)


@pytest.mark.parametrize("end", [chunked(*LONG, last=False), chunked(*LONG, b"Error"), chunked(*LONG, ROW)])
def test_an_answer_that_breaks_after_its_beginning_ends_in_an_error(stage: Stage, end: Play) -> None:
    stage.play = end
    found = told(stage)
    assert found.data.count(b"a\r\n") > 38_000
    assert found.status == 502


def test_a_long_answer_is_passed_on_as_it_comes(stage: Stage) -> None:
    first = threading.Event()

    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for chunk in LONG:
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
        assert first.wait(5)  # the client has something before the server is done
        last = ROW + b"]}}"
        handler.wfile.write(b"%x\r\n%s\r\n0\r\n\r\n" % (len(last), last))

    stage.play = play
    answerer = Answerer(Target(Place(stage.url), Graphs("http://m/", {}, "http://n/"), 5.0, Able()))
    found = ask(
        answerer, "SELECT ?x { ?x ?y ?z }", "csv", "http://b/", told=Told(when_written=lambda data: first.set())
    )
    assert found.error is None
    assert found.data.count(b"a\r\n") == 40_001


def test_rows_are_counted_where_a_server_cuts_off_in_silence(stage: Stage) -> None:
    stage.play = answer(200, HEAD + b",".join([ROW] * 1000) + b"]}}")
    assert told(stage, silent_limit=1001).status == 200
    found = told(stage, silent_limit=1000)
    assert isinstance(found.error, CutOff)
    assert (found.error.name, found.error.value) == ("store.rows", 1000)
    assert told(stage, "SELECT ?x { ?x ?y ?z } LIMIT 1000", silent_limit=1000).status == 200


def test_a_query_with_a_limit_of_its_own_is_not_cut_off_by_the_same_number(stage: Stage) -> None:
    stage.play = answer(200, WHOLE, X_SPARQL_MaxRows="10000")
    assert told(stage, "SELECT ?x { ?x ?y ?z } LIMIT 10000").status == 200
    assert told(stage, "SELECT ?x { ?x ?y ?z } LIMIT 10001").status == 501
    nested = "SELECT ?x { { SELECT ?x { ?x ?y ?z } LIMIT 5 } }"
    assert told(stage, nested).status == 501


def test_a_server_that_says_nothing_for_too_long_is_left(stage: Stage) -> None:
    wait = threading.Event()
    stage.play = lambda handler: wait.wait(5) and None  # type: ignore[assignment]
    found = told(stage, seconds=0.3)
    wait.set()
    assert found.status == 503


def test_a_connection_that_the_server_closed_meanwhile_is_opened_again(stage: Stage) -> None:
    server = Server(Place(stage.url), 5)
    assert len(list(server.select("SELECT ?x { }"))) == 1

    def once(handler: BaseHTTPRequestHandler) -> None:
        stage.play = answer(200, WHOLE)
        handler.close_connection = True

    stage.play = once
    assert len(list(server.select("SELECT ?x { }"))) == 1


def test_basic_credentials_are_shown_only_where_they_are_asked_for(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "password").write_text("open sesame\n")
    server = Server(Place(stage.url, stage.url, user="ali", password_file=str(tmp_path / "password")), 5)
    list(server.select("SELECT ?x { }"))
    assert all("authorization" not in request for request in stage.requests)
    expected = "Basic " + base64.b64encode(b"ali:open sesame").decode()

    def gate(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("Authorization") == expected:
            answer(204, b"")(handler)
        else:
            answer(401, b"", WWW_Authenticate='Basic realm="cave"')(handler)

    stage.play = gate
    server.client._challenges.clear()
    server.update("DROP GRAPH <http://x/>")
    assert stage.requests[-1]["authorization"] == expected


def test_a_token_goes_with_what_writes_and_with_nothing_else(stage: Stage, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("t0k3n\n")
    server = Server(Place(stage.url, stage.url, stage.url, password_file=str(tmp_path / "token")), 5)
    list(server.select("SELECT ?x { }"))
    assert "authorization" not in stage.requests[-1]
    server.update("DROP GRAPH <http://x/>")
    assert stage.requests[-1]["authorization"] == "Bearer t0k3n"
    server.put("http://x/", b"")
    assert stage.requests[-1]["authorization"] == "Bearer t0k3n"


@pytest.mark.parametrize("status", [400, 403, 500, 503])
def test_a_write_that_is_refused_is_told(stage: Stage, status: int) -> None:
    stage.play = answer(status, b"disk full", "text/plain")
    with pytest.raises(ServerFailed, match=f"{status}: disk full"):
        Server(Place(stage.url, stage.url), 5).update("DROP GRAPH <http://x/>")


VIRTUOSO = (
    (
        b'{ "type": "bnode", "value": "nodeID://b10" }',
        b'{ "type": "bnode", "value": "b10" }',
    ),
    (
        b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1" }',
        b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "true" }',
    ),
    (
        b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "0" }',
        b'"datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "false" }',
    ),
    (
        b'"datatype": "http://www.openlinksw.com/schemas/virtrdf#Geometry", "value": "POINT(1 2)"',
        b'"datatype": "http://www.opengis.net/ont/geosparql#wktLiteral", "value": "POINT(1 2)"',
    ),
    # what a value says stays as it is: its quotes are escaped
    (rb'"value": "XMLSchema#boolean\", \"value\": \"1\""', rb'"value": "XMLSchema#boolean\", \"value\": \"1\""'),
    (b'"datatype": "http://www.w3.org/2001/XMLSchema#integer", "value": "1" }',) * 2,
)


@pytest.mark.parametrize(("given", "expected"), VIRTUOSO)
def test_what_virtuoso_writes_otherwise_is_put_right(given: bytes, expected: bytes) -> None:
    assert corrected(given) == expected


def test_corrections_reach_over_the_pieces_in_which_an_answer_comes(stage: Stage) -> None:
    line = b'{"x": { "type": "typed-literal", "datatype": "http://www.w3.org/2001/XMLSchema#boolean", "value": "1" }}'
    body = HEAD + b"\n" + b",\n".join([line] * 3000) + b"]}}"
    pieces = [body[i : i + 997] for i in range(0, len(body), 997)]
    stage.play = chunked(*pieces)
    server = Server(Place(stage.url, kind="virtuoso"), 5)
    assert {row[0].value for row in server.select("SELECT ?x { }")} == {"true"}


@pytest.mark.parametrize(
    "error", [ServerFailed("http://x/", "gone"), Unanswerable("no"), cut_off(10), stopped(2.0)], ids=lambda e: e.title
)
def test_an_error_reaches_another_process_as_it_is(error: SolldError) -> None:
    assert str(again(json.loads(json.dumps(facts(error))))) == str(error)
