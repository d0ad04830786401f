"""Servers that behave badly, on 127.0.0.1: what each path does is a table, and all that they are asked is kept.

A test may add paths of its own. A server ends with its `with`, also in the middle of an answer that has no end.
"""

import contextlib
import gzip
import socket
import socketserver
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

DRIP = 0.02  # seconds from one byte to the next of a server that drips


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    method: str
    path: str  # with its query
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    time: float  # time.monotonic()


@dataclass
class Line:
    """The connection that a request came over, to be answered on."""

    socket: socket.socket
    ending: threading.Event
    number: int  # of the request among those for this path, from 1

    def send(self, content: bytes) -> None:
        self.socket.sendall(content)

    def drip(self, content: bytes) -> None:
        for byte in content:
            if self.ending.wait(DRIP):
                return
            self.send(bytes([byte]))

    def forever(self, content: bytes) -> None:
        while not self.ending.is_set():
            self.send(content)

    def reset(self) -> None:
        """Ends the connection with RST, not with FIN."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


Behaviour = Callable[[Line, Asked], None]


def answer(content: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """An answer as it should be; `Content_Type` is the header Content-Type, and "" leaves a header out."""
    named = {"Content-Length": str(len(content))} | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + content


def says(content: bytes = b"", status: str = "200 OK", **headers: str) -> Behaviour:
    return lambda line, asked: line.send(answer(content, status, **headers))


def raw(content: bytes) -> Behaviour:
    return lambda line, asked: line.send(content)


def chunks(*pieces: bytes) -> bytes:
    body = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces)
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body


def redirect(location: str, status: str = "302 Found") -> Behaviour:
    return says(status=status, Location=location)


def bomb(coding: str, window: int) -> Behaviour:
    """Zeros without end, packed a thousand times smaller."""

    def behave(line: Line, asked: Asked) -> None:
        packer = zlib.compressobj(9, zlib.DEFLATED, window)
        line.send(answer(Content_Length="", Content_Encoding=coding))
        while not line.ending.is_set():
            line.send(packer.compress(bytes(2**20)))

    return behave


def endless(head: bytes, repeated: bytes) -> Behaviour:
    def behave(line: Line, asked: Asked) -> None:
        line.send(head)
        line.forever(repeated)

    return behave


def echo(line: Line, asked: Asked) -> None:
    """Says which path, method, accept and body it was asked."""
    text = f"{asked.method} {asked.path} {asked.headers.get('accept', '')} {asked.body.decode()}"
    line.send(answer(text.encode(), Content_Type="Text/Plain; charset=utf-8"))


def validated(line: Line, asked: Asked) -> None:
    """Has an ETag and a date, and answers 304 to who knows them."""
    same = asked.headers.get("if-none-match") == '"one"'
    status = "304 Not Modified" if same else "200 OK"
    dated = {"ETag": '"one"', "Last_Modified": "Wed, 21 Oct 2026 07:28:00 GMT"}
    line.send(answer(b"" if same else b"content", status, **dated))


def after(failures: int, behaviour: Behaviour, then: Behaviour) -> Behaviour:
    """Behaves badly so many times, then well."""
    return lambda line, asked: (behaviour if line.number <= failures else then)(line, asked)


def reset(line: Line, asked: Asked) -> None:
    line.reset()


def broken_off(line: Line, asked: Asked) -> None:
    line.send(b"HTTP/1.1 200 OK\r\n\r\n0123456789")
    line.ending.wait(0.1)  # for the bytes to arrive before the reset drops them
    line.reset()


def silent(line: Line, asked: Asked) -> None:
    line.ending.wait(30)


NOT_FOUND = says(status="404 Not Found")
TEXT = b"a,b\n1,2\n" * 100
OK = b"HTTP/1.1 200 OK\r\n"
BEHAVIOURS: Mapping[str, Behaviour] = {
    "/good": says(TEXT, Content_Type="text/csv; charset=utf-8"),
    "/echo": echo,
    "/validated": validated,
    "/unasked-304": says(status="304 Not Modified"),
    "/empty": says(),
    "/no-length": raw(OK + b"\r\n" + TEXT),
    "/chunked": raw(chunks(TEXT[:300], TEXT[300:], b"")),
    "/gzip": says(gzip.compress(TEXT), Content_Encoding="gzip"),
    "/x-gzip": says(gzip.compress(TEXT), Content_Encoding="X-GZip"),
    "/gzip-members": says(gzip.compress(TEXT[:8]) + gzip.compress(TEXT[8:]), Content_Encoding="gzip"),
    "/deflate": says(zlib.compress(TEXT), Content_Encoding="deflate"),
    "/deflate-raw": says(zlib.compress(TEXT)[2:-4], Content_Encoding="deflate"),
    # too slow
    "/silent": silent,
    "/drip-404": lambda line, asked: line.drip(b"HTTP/1.1 404 Not Found\r\nX: " + b"x" * 10_000),
    "/drip-head": lambda line, asked: line.drip(OK + b"X: " + b"x" * 10_000),
    "/drip-body": lambda line, asked: line.drip(answer(b"x" * 10_000)),
    "/drip-without-length": lambda line, asked: line.drip(OK + b"\r\n" + b"x" * 10_000),
    "/drip-chunks": lambda line, asked: line.drip(chunks(*[b"x"] * 10_000)),
    "/continue-forever": lambda line, asked: line.forever(b"HTTP/1.1 100 Continue\r\n\r\n"),
    # too much
    "/large": says(b"x" * 200_000),
    "/says-large": says(b"x", Content_Length="9" * 5000),
    "/endless": endless(OK + b"\r\n", b"x" * 65536),
    "/endless-chunks": endless(chunks(), b"1\r\nx\r\n" * 5000),
    "/endless-members": endless(OK + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b"") * 1000),
    "/gzip-bomb": bomb("gzip", 31),
    "/deflate-bomb": bomb("deflate", 15),
    "/endless-head": endless(OK, b"X-More: and more\r\n" * 100),
    "/endless-line": endless(OK, b"x" * 65536),
    # not whole
    "/short": says(b"0123456789", Content_Length="100"),
    "/short-chunk": raw(chunks(b"0123456789") + b"64\r\nabc"),
    "/no-last-chunk": raw(chunks(b"0123456789")),
    "/bad-chunk": raw(chunks(b"0123456789") + b"zz\r\nabc\r\n0\r\n\r\n"),
    "/short-gzip": says(gzip.compress(TEXT)[:-5], Content_Encoding="gzip"),
    "/short-gzip-without-length": says(gzip.compress(TEXT)[:-5], Content_Encoding="gzip", Content_Length=""),
    "/gzip-and-more": says(gzip.compress(TEXT) + b"<!-- -->", Content_Encoding="gzip"),
    "/no-gzip": says(TEXT, Content_Encoding="gzip"),
    "/brotli": says(b"\x0b\x02\x80abc\x03", Content_Encoding="br"),
    "/zstd": says(b"\x28\xb5\x2f\xfd", Content_Encoding="zstd"),
    "/gzip-gzip": says(gzip.compress(gzip.compress(TEXT)), Content_Encoding="gzip, gzip"),
    "/broken-off": broken_off,
    "/short-head": raw(OK + b"Content-Type: text/csv\r\n"),
    "/short-header": raw(OK + b"Content-Type: text/csv\r\nContent-Len"),
    "/short-status": raw(b"HTTP/1.1 404 Not"),
    "/no-trailer": raw(chunks(TEXT) + b"0\r\n"),
    # no HTTP
    "/nothing": raw(b""),
    "/reset": reset,
    "/no-http": raw(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "/two-lengths": raw(OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef"),
    # elsewhere
    "/loop": redirect("/loop"),
    "/to-good": redirect("/good", "301 Moved Permanently"),
    "/to-nowhere": says(status="302 Found"),
    "/to-file": redirect("file:///etc/passwd"),
    "/to-ftp": redirect("ftp://ftp.example/x"),
    "/to-user": redirect("http://user@public.example/"),
    "/307": redirect("/echo", "307 Temporary Redirect"),
    "/303": redirect("/echo", "303 See Other"),
}


@dataclass
class Hostile:
    """A running server."""

    port: int
    scheme: str
    behaviours: dict[str, Behaviour]
    asked: list[Asked] = field(default_factory=list)

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [asked.path for asked in self.asked]


@contextmanager
def hostile(
    more: Mapping[str, Behaviour] | None = None,
    tls: ssl.SSLContext | None = None,
    otherwise: Behaviour = NOT_FOUND,
) -> Iterator[Hostile]:
    """A server with the behaviours of the table and these; what it does not know is 404, also /robots.txt."""
    ending = threading.Event()
    lock = threading.Lock()

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            # The other side ends connections when it likes; that is what is tested.
            with contextlib.suppress(OSError):
                connection = tls.wrap_socket(self.request, server_side=True) if tls else self.request
                connection.settimeout(10)
                asked = _read(connection)
                with lock:
                    running.asked.append(asked)
                    number = running.paths.count(asked.path)
                behaviour = running.behaviours.get(asked.path.partition("?")[0], otherwise)
                behaviour(Line(connection, ending, number), asked)
                connection.close()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 50

    with Server(("127.0.0.1", 0), Handler) as server:
        scheme = "https" if tls else "http"
        running = Hostile(server.server_address[1], scheme, dict(BEHAVIOURS) | dict(more or {}))
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield running
        finally:
            ending.set()
            server.shutdown()


def _read(connection: socket.socket) -> Asked:
    """OSError if no whole request comes."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _some(connection)
        if received.startswith(b"\x16"):
            connection.sendall(answer(b"this is no TLS", "400 Bad Request"))
            raise ConnectionError("the other side speaks TLS")
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    while len(body) < int(headers.get("content-length", 0)):
        body += _some(connection)
    return Asked(method, path, headers, body, time.monotonic())


def _some(connection: socket.socket) -> bytes:
    received = connection.recv(65536)
    if not received:
        raise ConnectionError("the other side said nothing more")
    return received
