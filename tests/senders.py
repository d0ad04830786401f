"""Throws bombs at a server: over HTTP as it should be, and in the ways that are bombs by themselves."""

import gzip
import http.client
import json
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from bombs import BROKEN, TRAP, WRONG, Bomb, cross

PATIENCE = 8  # seconds that an answer is waited for, beside those of the limit
KEPT = 64 * 1024  # bytes of an answer that are kept
LIMIT_NAMES = {
    f"sparql.{name}" for name in ("seconds", "memory", "queue", "waiting", "long", "depth", "patterns", "bytes")
}
SMALL = "ASK {}"
CROWD = "127.0.0.3"  # where those come from who are so many that their address may not ask more for a while
COUNTED = f"SELECT (COUNT(*) AS ?n) {{ {cross(4)} }}"
ENDLESS = f"SELECT * {{ {cross(3)} }}"


@dataclass(frozen=True)
class Target:
    """A server on this machine, the address we come from, and where nothing may connect."""

    port: int
    source: str
    trap: str
    seconds: float  # the limit of a query

    def connect(self, timeout: float, receive_bytes: int = 0) -> socket.socket:
        connected = socket.socket()
        if receive_bytes:
            connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        connected.settimeout(timeout)
        connected.bind((self.source, 0))
        connected.connect(("127.0.0.1", self.port))
        return connected


@dataclass(frozen=True)
class Outcome:
    """What came back; a status of 0 is a connection that was closed without one."""

    status: int
    seconds: float  # from the last byte sent to the last byte received
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""  # its beginning
    size: int = 0
    broken: bool = False


CLOSED = 0


def throw(bomb: Bomb, to: Target) -> Outcome:
    """Sends a bomb as HTTP wants it sent, and reads the answer as fast as it comes."""
    text = bomb.text().replace(TRAP, to.trap)
    parameters = [(name, value.replace(TRAP, to.trap)) for name, value in bomb.parameters]
    path, body, headers = "/sparql", None, {"Accept": bomb.accept}
    if bomb.method != "POST":
        path += "?" + urlencode([(bomb.field, text), *parameters])
    elif bomb.media_type == "application/x-www-form-urlencoded":
        body = urlencode([(bomb.field, text), *parameters]).encode()
        headers["Content-Type"] = bomb.media_type
    else:
        path += "?" + urlencode(parameters) if parameters else ""
        body = text.encode()
        headers["Content-Type"] = bomb.media_type
    return request(to, bomb.method, path, body, headers)


def request(
    to: Target, method: str, path: str, body: bytes | Iterable[bytes] | None, headers: Mapping[str, str]
) -> Outcome:
    connection = http.client.HTTPConnection(
        "127.0.0.1", to.port, timeout=to.seconds + PATIENCE, source_address=(to.source, 0)
    )
    try:
        # A server may answer and close before it has read all of a body: the answer is what counts.
        with suppress(BrokenPipeError, ConnectionResetError):
            connection.request(method, path, body, headers)
        sent = time.monotonic()
        try:
            answer = connection.getresponse()
        except (http.client.HTTPException, ConnectionError, TimeoutError):
            return Outcome(CLOSED, time.monotonic() - sent)
        kept, size, broken = b"", 0, False
        try:
            while data := answer.read1(2**18):
                kept += data[: KEPT - len(kept)]
                size += len(data)
            broken = bool(answer.length) and method != "HEAD"
        except (http.client.HTTPException, ConnectionError, TimeoutError, ValueError):
            broken = True
        seconds = time.monotonic() - sent
        return Outcome(answer.status, seconds, {k.lower(): v for k, v in answer.getheaders()}, kept, size, broken)
    finally:
        connection.close()


def complaints(
    name: str, outcome: Outcome, *, may: frozenset[int], limit: str, seconds: float, bare: bool = False
) -> str:
    """What is wrong with an answer, or nothing; `bare` where the HTTP server may answer before the service does."""
    said = f"{name}: {outcome.status} after {outcome.seconds:.1f} s"
    if outcome.seconds > seconds + 1:
        return f"{said}: too late"
    if outcome.status == 200 and outcome.broken:
        return "" if BROKEN in may else f"{said}: broken after {outcome.size} bytes"
    if outcome.status == CLOSED:
        return "" if bare and CLOSED in may else f"{said}: closed without an answer"
    if outcome.status not in may:
        return f"{said}, not {sorted(may)}: {outcome.body[:200]!r}"
    if outcome.status < 400 or bare or not outcome.body:
        return ""
    return _problem(said, outcome, limit)


def _problem(said: str, outcome: Outcome, limit: str) -> str:
    if outcome.headers.get("content-type", "").partition(";")[0] != "application/problem+json":
        return f"{said}: the error is {outcome.headers.get('content-type')}"
    problem = json.loads(outcome.body)
    if problem.get("status") != outcome.status or not problem.get("title") or not problem.get("detail"):
        return f"{said}: {problem}"
    hit = problem.get("limit")
    if outcome.status in (413, 429, 503) or (limit and outcome.status == 400):
        if not isinstance(hit, dict) or not {"name", "value", "unit"} <= hit.keys():
            return f"{said}: the limit is not named: {problem}"
        if hit["name"] not in LIMIT_NAMES or (limit and outcome.status == 400 and hit["name"] != limit):
            return f"{said}: it names the limit {hit}"
    if outcome.status in (429, 503) and not outcome.headers.get("retry-after"):
        return f"{said}: no Retry-After"
    return ""


# Ways of sending that are bombs. Each returns the answer that it got, if it waited for one.


def posted(query: str) -> bytes:
    """A whole request, as bytes."""
    return _post(len(query.encode())) + query.encode()


def _post(body_bytes: int, *lines: str, type_: str = "application/sparql-query") -> bytes:
    length = (f"Content-Length: {body_bytes}",) if body_bytes >= 0 else ()
    return "\r\n".join(("POST /sparql HTTP/1.1", "Host: x", f"Content-Type: {type_}", *length, *lines, "", "")).encode()


def _said(connected: socket.socket, seconds: float) -> Outcome:
    """What a server says on a connection that was written by hand; it is waited for so many seconds."""
    started = time.monotonic()
    connected.settimeout(seconds)
    answer = http.client.HTTPResponse(connected)
    try:
        answer.begin()
        body = answer.read()
    except (http.client.HTTPException, ConnectionError, TimeoutError):
        return Outcome(CLOSED, time.monotonic() - started)
    finally:
        answer.close()
    headers = {k.lower(): v for k, v in answer.getheaders()}
    return Outcome(answer.status, time.monotonic() - started, headers, body[:KEPT], len(body))


def _written(to: Target, *parts: bytes, pause: float = 0, half_closed: bool = False) -> Outcome:
    """Writes parts, with a pause between, and reads what comes back."""
    with to.connect(to.seconds + PATIENCE) as connected:
        with suppress(OSError):  # it may answer and close before it has all of them
            for part in parts:
                connected.sendall(part)
                time.sleep(pause)
            if half_closed:
                connected.shutdown(socket.SHUT_WR)
        return _said(connected, to.seconds + PATIENCE)


def slow_headers(to: Target) -> Outcome:
    head = _post(len(SMALL))
    step = len(head) // 10 + 1
    return _written(to, *(head[i : i + step] for i in range(0, len(head), step)), SMALL.encode(), pause=0.2)


def slow_body(to: Target) -> Outcome:
    return _written(to, _post(len(SMALL)), *(bytes([byte]) for byte in SMALL.encode()), pause=0.3)


def _many(to: Target, number: int, part: bytes, seconds: float) -> Outcome:
    """Connections that are begun and not gone on with; then a whole request, which has to be answered."""
    held = [to.connect(10) for _ in range(number)]
    try:
        for connected in held:
            connected.sendall(part)
        time.sleep(seconds)
        return _written(to, posted(SMALL))
    finally:
        for connected in held:
            connected.close()


def many_half_headers(to: Target) -> Outcome:
    return _many(to, 200, b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: ", 1.5)


def many_half_bodies(to: Target) -> Outcome:
    return _many(to, 64, _post(1000) + b"ASK", 1.5)


def too_little_body(to: Target) -> Outcome:
    return _written(to, _post(1000), b"ASK {", half_closed=True)


def too_much_body(to: Target) -> Outcome:
    return _written(to, _post(len("ASK {")), b"ASK {} garbage")


def two_lengths(to: Target) -> Outcome:
    return _written(to, _post(len(SMALL), "Content-Length: 3"), SMALL.encode())


def a_length_and_chunks(to: Target) -> Outcome:
    return _written(to, _post(5, "Transfer-Encoding: chunked"), b"6\r\nASK {}\r\n0\r\n\r\n")


def a_negative_length(to: Target) -> Outcome:
    return _written(to, _post(-1, "Content-Length: -1"), SMALL.encode())


def a_length_of_terabytes(to: Target) -> Outcome:
    return _written(to, _post(10**15), SMALL.encode())


def chunks(to: Target) -> Outcome:
    return _written(to, _post(-1, "Transfer-Encoding: chunked"), b"3\r\nASK\r\n3\r\n {}\r\n0\r\n\r\n")


def wrong_chunks(to: Target) -> Outcome:
    return _written(to, _post(-1, "Transfer-Encoding: chunked"), b"zz\r\nASK {}\r\n")


def endless_chunks(to: Target) -> Outcome:
    chunk = b"10000\r\n" + b"#" * 0x10000 + b"\r\n"
    return _written(to, _post(-1, "Transfer-Encoding: chunked"), *([chunk] * 400))


def one_byte_chunks(to: Target) -> Outcome:
    return _written(to, _post(-1, "Transfer-Encoding: chunked"), b"1\r\n#\r\n" * 20_000 + b"0\r\n\r\n")


def a_zipped_body(to: Target) -> Outcome:
    body = gzip.compress(b"#" * 50_000_000 + b"\nASK {}")
    return _written(to, _post(len(body), "Content-Encoding: gzip"), body)


def five_megabytes(to: Target) -> Outcome:
    return request(to, "POST", "/sparql", b"#" * 5_000_000, {"Content-Type": "application/sparql-query"})


def five_megabytes_of_a_form(to: Target) -> Outcome:
    body = b"query=" + b"%23" * 1_700_000
    return request(to, "POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})


def _get(to: Target, pairs: str, method: str = "GET", **headers: str) -> Outcome:
    return request(to, method, f"/sparql?{pairs}", None, {k.replace("_", "-"): v for k, v in headers.items()})


def a_long_address(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%7D%23" + "a" * 60_000)


def an_address_of_a_megabyte(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%7D%23" + "a" * 1_000_000)


def a_thousand_parameters(to: Target) -> Outcome:
    return _get(to, "&".join(f"p{i}={i}" for i in range(1000)) + "&query=ASK%7B%7D")


def a_thousand_queries(to: Target) -> Outcome:
    return _get(to, "&".join(["query=ASK%7B%7D"] * 1000))


def a_hundred_thousand_parameters(to: Target) -> Outcome:
    body = ("a=1&" * 100_000 + "query=ASK%7B%7D").encode()
    return request(to, "POST", "/sparql", body, {"Content-Type": "application/x-www-form-urlencoded"})


def half_percents(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%7D%2")


def lone_surrogates(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%20%23%ED%A0%80%0A%7D")


def bytes_that_are_no_text(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%20%23%FF%FE%0A%7D")


def a_nul_in_the_address(to: Target) -> Outcome:
    return _get(to, "query=ASK%20%7B%00%7D")


def a_body_that_is_no_text(to: Target) -> Outcome:
    return request(to, "POST", "/sparql", b"ASK { # \xff\xfe\n}", {"Content-Type": "application/sparql-query"})


def _charset(to: Target, charset: str, body: bytes) -> Outcome:
    return request(to, "POST", "/sparql", body, {"Content-Type": f"application/sparql-query; charset={charset}"})


def a_charset_of_quadratic_cost(to: Target) -> Outcome:
    return _charset(to, "punycode", b"-" + b"b" * 900_000)


def a_charset_with_escapes(to: Target) -> Outcome:
    return _charset(to, "unicode_escape", b"ASK { # \\ud800\n}")


def a_charset_that_is_none(to: Target) -> Outcome:
    return _charset(to, "\u00e9" * 100, SMALL.encode())


def a_charset_for_names_of_hosts(to: Target) -> Outcome:
    return _charset(to, "idna", b"a." * 400_000)


def a_charset_that_zips(to: Target) -> Outcome:
    return _charset(to, "zlib", gzip.compress(b"#" * 1_000_000))


def a_long_accept(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%7D", Accept=",".join(f"a/b{i};q=0.{i}" for i in range(3000)))


def a_strange_accept(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%7D", Accept="text/*;q=1e400, */*;q=nan;q=-1, ;;;,,, application/" + "x" * 10_000)


def ten_thousand_etags(to: Target) -> Outcome:
    return _get(to, "query=ASK%7B%7D", If_None_Match=",".join(f'W/"{i:x}"' for i in range(4000)))


def a_thousand_headers(to: Target) -> Outcome:
    return _written(to, _post(len(SMALL), *(f"X-{i}: y" for i in range(1000))), SMALL.encode())


def a_header_of_a_megabyte(to: Target) -> Outcome:
    return _written(to, _post(len(SMALL), "X: " + "y" * 1_000_000), SMALL.encode())


def head_of_a_bomb(to: Target) -> Outcome:
    return _get(to, urlencode({"query": COUNTED + "#head"}), "HEAD")


def head_of_an_endless_answer(to: Target) -> Outcome:
    return _get(to, urlencode({"query": ENDLESS + "#head"}), "HEAD")


def a_bomb_for_the_page(to: Target) -> Outcome:
    return _get(to, urlencode({"query": COUNTED + "#page"}), Accept="text/html")


def an_endless_answer_for_the_page(to: Target) -> Outcome:
    return _get(to, urlencode({"query": ENDLESS + "#page"}), Accept="text/html")


def an_endless_answer_zipped(to: Target) -> Outcome:
    return _get(to, urlencode({"query": ENDLESS + "#gzip"}), Accept_Encoding="gzip")


def other_methods(to: Target) -> Outcome:
    outcomes = [request(to, method, "/sparql", b"x" * 100_000, {}) for method in ("PUT", "PATCH", "DELETE", "BREW")]
    return next((o for o in outcomes if o.status != 405), outcomes[0])


def no_http(to: Target) -> Outcome:
    return _written(to, b"\x16\x03\x01\x02\x00\x01\x00" + bytes(range(256)) * 8, half_closed=True)


def no_http_without_an_end(to: Target) -> Outcome:
    return _written(to, *([b"A" * 2**16] * 160))


def a_preface_of_http2(to: Target) -> Outcome:
    return _written(to, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\x00" * 90, half_closed=True)


def a_hundred_requests_at_once(to: Target) -> Outcome:
    return _written(to, posted(SMALL) * 100)


def an_expectation_without_a_body(to: Target) -> Outcome:
    """The client waits to be told to go on, and then goes away."""
    with to.connect(5) as connected:
        connected.sendall(_post(100, "Expect: 100-continue"))
        connected.settimeout(1)
        with suppress(TimeoutError):
            connected.recv(1000)
    return _written(to, posted(SMALL))


def _left(to: Target, query: str) -> None:
    with to.connect(5) as connected:
        connected.sendall(posted(query))


def a_client_that_leaves_at_once(to: Target) -> Outcome:
    _left(to, COUNTED + "#left")
    return _written(to, posted(SMALL))


def fifty_clients_that_leave_at_once(to: Target) -> Outcome:
    crowd = replace(to, source=CROWD)
    for i in range(50):
        _left(crowd, f"{COUNTED}#left {i}")
    return _written(to, posted(SMALL))


def fifty_clients_that_leave_endless_answers(to: Target) -> Outcome:
    crowd = replace(to, source=CROWD)
    for i in range(50):
        _left(crowd, f"{ENDLESS}#left {i}")
    return _written(to, posted(SMALL))


def _unread(to: Target, seconds: float, bytes_a_second: int) -> Outcome:
    """Reads next to nothing of an endless answer for some seconds, and tells what a small query gets after that."""
    with to.connect(5, receive_bytes=4096) as connected:
        connected.sendall(posted(f"{ENDLESS}#{bytes_a_second}"))
        for _ in range(int(seconds * 5)):
            time.sleep(0.2)
            if bytes_a_second:
                with suppress(ConnectionError, TimeoutError):
                    connected.recv(max(1, bytes_a_second // 5))
        return _written(to, posted(SMALL))


def a_client_that_never_reads(to: Target) -> Outcome:
    return _unread(to, to.seconds + 1, 0)


def a_client_that_reads_five_bytes_a_second(to: Target) -> Outcome:
    return _unread(to, to.seconds + 1, 5)


@dataclass(frozen=True)
class Way:
    """A way of sending that is a bomb, and what may come back."""

    send: Callable[[Target], Outcome]
    may: frozenset[int]
    bare: bool = False  # the HTTP server may answer or close by itself, without the service

    @property
    def name(self) -> str:
        return self.send.__name__.replace("_", " ")


_ANSWERED = frozenset({200})
_HTTP = frozenset({CLOSED, 400, 408, 413, 414, 431, 501})  # what HTTP itself has for nonsense
WAYS: tuple[Way, ...] = (
    Way(slow_headers, _ANSWERED | {CLOSED, 408}, bare=True),
    Way(slow_body, _ANSWERED | {CLOSED, 408}, bare=True),
    Way(many_half_headers, _ANSWERED),
    Way(many_half_bodies, _ANSWERED),
    Way(too_little_body, _HTTP, bare=True),
    Way(too_much_body, WRONG),
    Way(two_lengths, _HTTP | _ANSWERED, bare=True),
    Way(a_length_and_chunks, _HTTP | _ANSWERED, bare=True),
    Way(a_negative_length, _HTTP, bare=True),
    Way(a_length_of_terabytes, frozenset({413})),
    Way(chunks, _ANSWERED),
    Way(wrong_chunks, _HTTP, bare=True),
    Way(endless_chunks, frozenset({413})),
    Way(one_byte_chunks, _ANSWERED | WRONG),
    Way(a_zipped_body, frozenset({400, 413, 415})),
    Way(five_megabytes, frozenset({413})),
    Way(five_megabytes_of_a_form, frozenset({413})),
    Way(a_long_address, _ANSWERED | {414}),
    Way(an_address_of_a_megabyte, frozenset({400, 414, 431, CLOSED}), bare=True),
    Way(a_thousand_parameters, _ANSWERED | WRONG),
    Way(a_thousand_queries, WRONG),
    Way(a_hundred_thousand_parameters, _ANSWERED | WRONG | {413}),
    Way(half_percents, _ANSWERED | WRONG),
    Way(lone_surrogates, WRONG),
    Way(bytes_that_are_no_text, WRONG),
    Way(a_nul_in_the_address, WRONG),
    Way(a_body_that_is_no_text, WRONG),
    Way(a_charset_of_quadratic_cost, WRONG | {415}),
    Way(a_charset_with_escapes, WRONG | {415}),
    Way(a_charset_that_is_none, _ANSWERED | WRONG | {415}, bare=True),
    Way(a_charset_for_names_of_hosts, WRONG | {415}),
    Way(a_charset_that_zips, WRONG | {415}),
    Way(a_long_accept, frozenset({406, 431})),
    Way(a_strange_accept, _ANSWERED | {406}),
    Way(ten_thousand_etags, _ANSWERED | {431}),
    Way(a_thousand_headers, _ANSWERED | {400, 431}, bare=True),
    Way(a_header_of_a_megabyte, frozenset({CLOSED, 400, 431}), bare=True),
    Way(head_of_a_bomb, frozenset({503})),
    Way(head_of_an_endless_answer, frozenset({200, 503})),
    Way(a_bomb_for_the_page, frozenset({503}), bare=True),
    Way(an_endless_answer_for_the_page, frozenset({200, 503}), bare=True),
    Way(an_endless_answer_zipped, frozenset({503, BROKEN})),
    Way(other_methods, frozenset({405})),
    Way(no_http, _HTTP, bare=True),
    Way(no_http_without_an_end, _HTTP, bare=True),
    Way(a_preface_of_http2, _HTTP, bare=True),
    Way(a_hundred_requests_at_once, _ANSWERED),
    Way(an_expectation_without_a_body, _ANSWERED),
    Way(a_client_that_leaves_at_once, _ANSWERED),
    Way(fifty_clients_that_leave_at_once, _ANSWERED),
    Way(fifty_clients_that_leave_endless_answers, _ANSWERED),
    Way(a_client_that_never_reads, _ANSWERED),
    Way(a_client_that_reads_five_bytes_a_second, _ANSWERED),
)
