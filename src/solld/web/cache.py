"""The cache of answers: a WSGI layer in front of Flask, keyed by release, path, query and the negotiating headers.

An answer is a function of the release and the request, so an answer that a release has given once is given again
without Flask. Also here, because they are the same for every answer: HEAD, conditional requests (RFC 9110 section 13).
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from email.utils import parsedate_to_datetime
from typing import Any

from solld.model import Answer
from solld.service import Service

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]
CACHED = ("200", "301", "303", "404", "406", "410")
LARGEST = 1 / 8  # of the cache, for one answer
OVERHEAD = 1000  # bytes that the key, headers and bookkeeping of an answer are reckoned at
KEPT_HEADERS = (
    "Cache-Control",
    "Content-Location",
    "Date",
    "ETag",
    "Expires",
    "Vary",
    "Last-Modified",
    "Access-Control-Allow-Origin",
)
Key = tuple[str, str, str, str]


class Cache:
    """Answers of one release, the least recently used leave first; bounded by bytes."""

    def __init__(self, limit: int):
        self.limit = limit
        self.size = 0
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key) -> Answer | None:
        answer = self._answers.get(key)
        if answer is not None:
            with self._lock:
                if key in self._answers:
                    self._answers.move_to_end(key)
        return answer

    def put(self, key: Key, answer: Answer) -> None:
        cost = weight(key, answer)
        if cost > self.limit * LARGEST:
            return
        with self._lock:
            before = self._answers.pop(key, None)
            self.size += cost - (weight(key, before) if before else 0)
            self._answers[key] = answer
            while self.size > self.limit:
                old_key, old = self._answers.popitem(last=False)
                self.size -= weight(old_key, old)

    def clear(self) -> None:
        with self._lock:
            self._answers.clear()
            self.size = 0


def weight(key: Key, answer: Answer) -> int:
    """Bytes that an answer is reckoned to take."""
    return OVERHEAD + len(answer.body) + sum(map(len, key))


class CachedApplication:
    """The outermost application: answers from the cache, or asks the one inside."""

    def __init__(self, inside: Application, service_of: Callable[[], Service], limit: int):
        self.inside = inside
        self.service_of = service_of
        self.cache = Cache(limit)
        self._release = 0
        self._computing = threading.Lock()

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return self.inside(environ, start_response)
        release = self.service_of().release.number
        if release != self._release:
            self.cache.clear()
            self._release = release
        key = (
            environ["PATH_INFO"],
            environ.get("QUERY_STRING", ""),
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_ACCEPT_LANGUAGE", ""),
        )
        answer = self.cache.get(key)
        if answer is None:
            found = self._asked(environ, key, release)
            if not isinstance(found, Answer):
                status, headers, chunks = found
                start_response(status, headers)
                return [] if method == "HEAD" else chunks
            answer = found
        return _sent(answer, method, environ, start_response)

    def _asked(
        self, environ: Environ, key: Key, release: int
    ) -> Answer | tuple[str, list[tuple[str, str]], Iterable[bytes]]:
        said: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            said[:] = [status, headers]

        # Descriptions are made one at a time: threads that compute at once only take the interpreter's lock from each
        # other (half as many answers a second). A query waits for its process, so queries may go on side by side.
        with nullcontext() if environ["PATH_INFO"] == "/sparql" else self._computing:
            # A HEAD is answered as the GET it stands for, so that both have the same headers.
            chunks = self.inside({**environ, "REQUEST_METHOD": "GET"}, start)
        status, headers = said
        lengths = [value for name, value in headers if name == "Content-Length"]
        if not lengths:
            return status, headers, chunks  # streamed
        body = b"".join(chunks)
        if hasattr(chunks, "close"):
            chunks.close()
        answer = Answer(status, tuple(headers), body)
        control = next((value for name, value in headers if name == "Cache-Control"), "")
        if control.startswith("public") and status[:3] in CACHED and release == self._release:
            self.cache.put(key, answer)
        return answer


def _sent(answer: Answer, method: str, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    if answer.status.startswith("200") and not_modified(answer, environ):
        start_response("304 Not Modified", [pair for pair in answer.headers if pair[0] in KEPT_HEADERS])
        return []
    start_response(answer.status, list(answer.headers))
    return [] if method == "HEAD" else [answer.body]


def not_modified(answer: Answer, environ: Environ) -> bool:
    """Whether the client has this answer already. RFC 9110 section 13.2.2: If-None-Match decides before the date."""
    headers = dict(answer.headers)
    tags = environ.get("HTTP_IF_NONE_MATCH")
    if tags is not None:
        tag = headers.get("ETag", "")
        return bool(tag) and (tags.strip() == "*" or tag in [t.strip().removeprefix("W/") for t in tags.split(",")])
    since, modified = environ.get("HTTP_IF_MODIFIED_SINCE"), headers.get("Last-Modified")
    if not since or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False  # section 13.1.3: a date that is none is ignored
