"""One request and its answer, over one connection that is closed thereafter (RFC 9110, RFC 9112)."""

import socket
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException

from urllib3.connection import HTTPConnection
from urllib3.exceptions import HTTPError
from urllib3.response import HTTPResponse

from solld.errors import SourceFailed
from solld.harvesting import guarded
from solld.harvesting.deadline import Deadline
from solld.harvesting.decoding import PIECE, Undecodable, decoded
from solld.harvesting.guarded import Unanswered, Unreached
from solld.harvesting.head import WholeHead
from solld.harvesting.limits import Most
from solld.harvesting.urls import Target

# What a connection that breaks or a server that speaks no HTTP raises; ValueError is a head that http.client chokes on.
BROKEN = (OSError, HTTPException, HTTPError, ValueError)


@dataclass(frozen=True)
class Question:
    """What is asked, whoever is asked."""

    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def method(self) -> str:
        return "POST" if self.body else "GET"


class Reply:
    """The head of an answer, and its body as it comes. To be closed."""

    def __init__(self, target: Target, response: HTTPResponse, connection: HTTPConnection, deadline: "Timed"):
        self.target, self.status = target, response.status
        self._response, self._connection, self._timed = response, connection, deadline

    def header(self, name: str) -> str:
        return str(self._response.headers.get(name, "")).strip()

    @property
    def headers(self) -> dict[str, str]:
        return {name.lower(): str(value).strip() for name, value in self._response.headers.items()}

    @property
    def words(self) -> str:
        """The status, for messages: ours to name, for a server may write anything after the number."""
        known = self.status in HTTPStatus.__members__.values()
        return f"{self.status} {HTTPStatus(self.status).phrase}" if known else str(self.status)

    def pieces(self, most: Most) -> Iterator[bytes]:
        """The body, unpacked, in pieces. SourceFailed if it is too large, too slow, broken or not whole."""
        length = self.header("Content-Length")
        if length.isdecimal() and float(length) > most.bytes:  # int() refuses a number of 4301 digits
            raise SourceFailed(self.target.url, f"is larger than {most}")
        size = 0
        try:
            for piece in decoded(self._received(most), self.header("Content-Encoding")):
                size += len(piece)
                if size > most.bytes:
                    raise SourceFailed(self.target.url, f"is larger than {most}")
                if piece:
                    yield piece
        except Undecodable as error:
            raise SourceFailed(self.target.url, str(error)) from error

    def close(self) -> None:
        self._timed.close()
        self._response.close()
        self._connection.close()

    def _received(self, most: Most) -> Iterator[bytes]:
        """What comes over the wire. The end of a connection that we cut ourselves is no end of a body."""
        size = 0
        while True:
            try:
                piece = self._response.read1(PIECE, decode_content=False)
            except BROKEN as error:
                raise self._timed.failure(error, self._ending(size)) from error
            if self._timed.over:
                raise self._timed.failure()
            if not piece:
                return
            size += len(piece)
            if size > most.bytes:
                raise SourceFailed(self.target.url, f"is larger than {most}")
            yield piece

    def _ending(self, size: int) -> str:
        length = self.header("Content-Length")
        return f"ended after {size} of {length} bytes" if length else f"ended in the middle, after {size} bytes"


class Timed(Deadline):
    """A deadline that knows whose it is, and says why an exchange failed."""

    def __init__(self, target: Target, seconds: float):
        super().__init__(seconds)
        self.target, self.seconds = target, seconds

    def failure(self, error: Exception | None = None, otherwise: str = "") -> SourceFailed:
        """What to raise: a connection that breaks when its time is over was broken by us."""
        if self.over or isinstance(error, TimeoutError):
            return SourceFailed(self.target.url, f"took longer than {self.seconds:g} seconds (harvest.seconds)")
        if isinstance(error, ssl.SSLCertVerificationError):
            return Unreached(self.target.url, f"has a certificate that is not good: {error.verify_message}")
        if otherwise:
            return SourceFailed(self.target.url, otherwise)
        if isinstance(error, ssl.SSLError) and not isinstance(error, ssl.SSLEOFError):
            return Unreached(self.target.url, f"cannot be reached by TLS: {error.reason or error}")
        if isinstance(error, OSError):
            reason = error.strerror or str(error)
            return Unanswered(self.target.url, f"cannot be reached: {reason}")
        return SourceFailed(self.target.url, f"does not answer in HTTP: {error}")


def asked(target: Target, question: Question, places: list[str], seconds: float, trust: ssl.SSLContext) -> Reply:
    """The answer of a target at one of these addresses. Unanswered if there is none, SourceFailed if it is no HTTP."""
    deadline = Timed(target, seconds)
    connection = HTTPConnection(target.host, target.port, timeout=seconds)
    connection.response_class = WholeHead
    connection.auto_open = 0  # never to look the name up again
    try:
        connection.sock = _opened(target, places, deadline, trust)
        headers = {"Host": target.authority, **question.headers, "Connection": "close"}
        connection.timeout = deadline.left
        connection.request(
            question.method,
            target.path,
            question.body or None,
            headers,
            preload_content=False,
            decode_content=False,
        )
        return Reply(target, connection.getresponse(), connection, deadline)
    except BROKEN as error:
        deadline.close()
        connection.close()
        raise deadline.failure(error) from error


def _opened(target: Target, places: list[str], deadline: Deadline, trust: ssl.SSLContext) -> socket.socket:
    connection = guarded.connected(target, places, deadline)
    try:
        deadline.watch(connection)
        return guarded.secured(connection, target, trust) if target.scheme == "https" else connection
    except BROKEN:
        connection.close()
        raise
