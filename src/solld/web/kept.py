"""What is the same for every answer: what is kept of a release, conditional requests, compression.

An answer is a function of the release and the request: what was answered once is answered again from memory.
https://www.rfc-editor.org/rfc/rfc9110#section-13  https://www.rfc-editor.org/rfc/rfc9110#section-8.4
"""

import zlib
from collections.abc import Sequence
from email.utils import parsedate_to_datetime

from solld.lru import Lru
from solld.web.asking import Answer, Header, Request

KEPT = (200, 301, 303, 404, 406, 410)  # statuses
NOT_MODIFIED_HEADERS = (
    *(b"cache-control", b"content-location", b"date", b"etag", b"expires", b"vary", b"last-modified"),
    b"access-control-allow-origin",
)
SMALLEST = 1000  # bytes that are worth compressing
LEVEL = 5  # of zlib: 1 is twice as fast and 15 % larger, 9 three times as slow and 1 % smaller
GZIP = 16 + zlib.MAX_WBITS
COMPRESSED = (b"font/woff2",)  # media types that are compressed already
Key = tuple[str, str, bytes, str, str, bool]


class Kept:
    """The answers of one release."""

    def __init__(self, limit: int):
        self._answers: Lru[Key, Answer] = Lru(limit)
        self._release = 0

    def get(self, release: int, key: Key) -> Answer | None:
        """An answer of this release, which forgets those of another."""
        if release != self._release:
            self._answers.clear()
            self._release = release
        return self._answers.get(key)

    def put(self, release: int, key: Key, answer: Answer) -> None:
        if release == self._release and answer.status in KEPT and answer.header(b"cache-control").startswith("public"):
            self._answers.put(key, answer)


def key_of(request: Request) -> Key:
    """What an answer depends on, beside the release; of the host too, for some headers have whole addresses."""
    host, language = request.headers.get("host", ""), request.headers.get("accept-language", "")
    return (f"{request.scheme}://{host}", request.path, request.query, request.accept, language, request.zipped)


def zipped(body: bytes) -> bytes:
    """The body in gzip."""
    return zlib.compress(body, LEVEL, GZIP)


def compressed(answer: Answer) -> Answer:
    """The answer with its body compressed, if that is worth it. Other bytes are no strong match: its tag is weak."""
    headers = answer.headers
    if (
        len(answer.body) < SMALLEST
        or answer.header(b"content-encoding")
        or answer.header(b"content-type").encode() in COMPRESSED
    ):
        return answer
    body = zipped(answer.body)
    tag = answer.header(b"etag")
    weak = f"W/{tag}" if tag and not tag.startswith("W/") else tag
    replaced = {b"etag": weak.encode(), b"content-length": str(len(body)).encode()}
    kept = tuple((name, replaced.get(name, value)) for name, value in headers)
    return Answer(answer.status, (*kept, (b"content-encoding", b"gzip")), body)


def varying(headers: Sequence[Header]) -> tuple[Header, ...]:
    """The headers with Accept-Encoding among what the answer varies by."""
    vary = b", ".join([*(value for name, value in headers if name == b"vary"), b"Accept-Encoding"])
    return (*(pair for pair in headers if pair[0] != b"vary"), (b"vary", vary))


def not_modified(answer_tag: str, modified: str, request: Request) -> bool:
    """Whether the client has this answer already. RFC 9110 section 13.2.2: If-None-Match decides before the date."""
    tags = request.headers.get("if-none-match")
    if tags is not None:
        tag = answer_tag.removeprefix("W/")
        return bool(tag) and (tags.strip() == "*" or tag in [t.strip().removeprefix("W/") for t in tags.split(",")])
    since = request.headers.get("if-modified-since")
    if not since or not modified:
        return False
    try:
        return parsedate_to_datetime(modified) <= parsedate_to_datetime(since)
    except (TypeError, ValueError):
        return False  # section 13.1.3: a date that is none is ignored
