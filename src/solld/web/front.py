"""The whole service as one ASGI application: what is kept, queries for the endpoint, and the rest for Flask.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import json
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from solld.endpoint.client import Endpoint, Reply
from solld.endpoint.operation import CHECK, ROWS, Operation
from solld.errors import BadQuery, NotAcceptable, SolldError, TooLarge, Unsupported
from solld.service import Service
from solld.web.asking import Answer, Header, Request, environ, of, pairs
from solld.web.kept import GZIP, NOT_MODIFIED_HEADERS, SMALLEST, Kept, compressed, key_of, not_modified, varying, zipped
from solld.web.sparql import BY_EXTENSION, OFFERS, Asked, check, graph, query
from solld.web.wsgi import Wsgi

Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
Reader = Callable[[Service, Request, bytes], Asked | None]
READERS: Mapping[str, Reader] = {"/sparql": query, "/graph": graph, "/sparql/check": check}
BODY = 4  # bytes of a body for each byte that a query may have: in a form a byte may take three
STREAM_LEVEL = 1  # of zlib, for answers whose end nobody knows
BEFORE_WATCHING = 0.02  # seconds
PATIENCE = 20  # seconds that a body may take to arrive
INLINE = 32 * 1024  # bytes that are compressed at once; more is left to a thread
COMMON = pairs(
    [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", "Allow, Content-Location, ETag, Last-Modified, Link, Location, Retry-After"),
        ("X-Content-Type-Options", "nosniff"),
    ]
)
log = logging.getLogger("solld")


class Front:
    """The application; `close` when nobody asks any more."""

    def __init__(self, service_of: Callable[[], Service], wsgi: Wsgi, endpoint: Endpoint):
        self.service_of = service_of
        self.wsgi = wsgi
        self.endpoint = endpoint
        self.kept = Kept(service_of().settings.cache_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        opened = self.service_of()
        request = of(scope, opened.settings.proxies)
        key = key_of(request)
        reads = request.method in ("GET", "HEAD")
        answer = self.kept.get(opened.release.number, key) if reads else None
        if answer is None:
            try:
                body = await _body(request, receive, opened.settings.query_bytes * BODY)
            except SolldError as error:
                answer = await self._document(opened, request, scope, b"", error)
            else:
                reader = READERS.get(request.path.rstrip("/"))
                if reader and request.method != "OPTIONS":
                    await self._query(opened, request, scope, body, reader, receive, send)
                    return
                answer = await self._document(opened, request, scope, body)
        await _send(answer, request, send)

    # Documents --------------------------------------------------------------------------------------------------------

    async def _document(
        self, opened: Service, request: Request, scope: Scope, body: bytes, told: object = None, status: int = 0
    ) -> Answer:
        """What Flask answers. `told` is what it need not find out: an error, or the rows of a page."""
        number, key = opened.release.number, key_of(request)
        reads = request.method in ("GET", "HEAD")
        # A HEAD is answered as the GET that it stands for, so that both have the same headers.
        asked = {**environ(request, body, scope), "REQUEST_METHOD": "GET" if reads else request.method}
        asked["solld.told"] = told

        def first() -> Answer | None:
            return self.kept.get(number, key) if reads and told is None else None

        def then(answer: Answer) -> Answer:
            headers = varying(answer.headers) if answer.status == 200 else answer.headers
            answer = Answer(answer.status, headers, answer.body)
            answer = compressed(answer) if request.zipped else answer
            if reads:
                self.kept.put(number, key, answer)
            return answer

        return await self.wsgi.ask(asked, body, first, then)

    # Queries ----------------------------------------------------------------------------------------------------------

    async def _query(
        self, opened: Service, request: Request, scope: Scope, body: bytes, reader: Reader, receive: Receive, send: Send
    ) -> None:
        watch = Watch(receive)
        try:
            answer = await self._asked(opened, request, scope, body, reader, watch, send)
        except asyncio.CancelledError:
            if not watch.gone:
                raise
            return  # the client is gone, and its query with it
        finally:
            watch.end()
        if answer:
            await _send(answer, request, send)

    async def _asked(
        self, opened: Service, request: Request, scope: Scope, body: bytes, reader: Reader, watch: "Watch", send: Send
    ) -> Answer | None:
        page = False
        try:
            asked = reader(opened, request, body)
            if asked is None:
                return await self._document(opened, request, scope, body)
            page = asked.page
            if asked.etag and request.method in ("GET", "HEAD") and not_modified(asked.etag, "", request):
                return Answer(304, (*COMMON, *_validators(asked, False)), b"")
            number = opened.release.number
            async with self.endpoint.ask(number, asked.operation, request.client, request.zipped) as reply:
                if reply.chunks is None:
                    return await self._whole(opened, request, scope, body, asked, reply)
                headers = _headers(asked, reply, request)
                stall = opened.settings.query_stall
                await _stream(headers, reply.chunks, request, watch, send, stall)
                return None
        except SolldError as found:
            error = NotAcceptable(request.accept, OFFERS) if isinstance(found, NotAcceptable) else found
            log_unexpected(error)
            told = {"error": error} if page else error
            return await self._document(opened, request, scope, body, told)

    async def _whole(
        self, opened: Service, request: Request, scope: Scope, body: bytes, asked: Asked, reply: Reply
    ) -> Answer:
        operation = asked.operation
        if operation.mode == ROWS:
            return await self._document(opened, request, scope, body, json.loads(reply.body))
        if operation.mode == CHECK:
            return await self._document(
                opened, request, scope, body, {"report": json.loads(reply.body), "query": operation.query}
            )
        content, encoding = await self._encoded(opened, request, operation, reply)
        headers = (*_headers(asked, reply, request), (b"content-length", str(len(content)).encode()), *encoding)
        answer = Answer(200, headers, content)
        if request.method in ("GET", "HEAD") and not reply.volatile:
            self.kept.put(opened.release.number, key_of(request), answer)
        return answer

    async def _encoded(
        self, opened: Service, request: Request, operation: Operation, reply: Reply
    ) -> tuple[bytes, tuple[Header, ...]]:
        if reply.zipped:
            return reply.body, ((b"content-encoding", b"gzip"),)
        if not request.zipped or len(reply.body) < SMALLEST:
            return reply.body, ()
        if len(reply.body) <= INLINE:
            return zipped(reply.body), ((b"content-encoding", b"gzip"),)
        content = await asyncio.get_running_loop().run_in_executor(None, zipped, reply.body)
        if not reply.volatile:
            await self.endpoint.keep_zipped(opened.release.number, operation, content)
        return content, ((b"content-encoding", b"gzip"),)

    def close(self) -> None:
        self.wsgi.close()
        self.endpoint.close()


def log_unexpected(error: SolldError) -> None:
    """Notes what an operator should know of."""
    if error.status == 500:
        log.error("%s: %s", error.title, error)


async def _body(request: Request, receive: Receive, limit: int) -> bytes:
    """The body of a request, bounded in bytes and time."""
    declared = request.headers.get("content-length", "0")
    if not declared.isdigit() or int(declared) > limit:
        raise TooLarge("the body is too long", "sparql.bytes", limit // BODY, "bytes")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise Unsupported("a body may not be compressed")
    if declared == "0" and "transfer-encoding" not in request.headers and request.method in ("GET", "HEAD"):
        return b""
    found = bytearray()
    try:
        async with asyncio.timeout(PATIENCE):
            while True:
                message = await receive()
                found += message.get("body", b"")
                if len(found) > limit:
                    raise TooLarge("the body is too long", "sparql.bytes", limit // BODY, "bytes")
                if not message.get("more_body"):
                    return bytes(found)
    except TimeoutError:
        raise BadQuery(f"the body did not arrive within {PATIENCE} seconds") from None


def _validators(asked: Asked, volatile: bool) -> tuple[Header, ...]:
    vary = (b"vary", b"Accept, Accept-Encoding")
    if volatile or not asked.etag:
        return (vary, (b"cache-control", b"no-store"))
    return (vary, (b"etag", asked.etag.encode()), (b"cache-control", b"public, max-age=60"))


def _headers(asked: Asked, reply: Reply, request: Request) -> tuple[Header, ...]:
    extension = getattr(asked.operation, reply.kind)
    written = BY_EXTENSION[extension]
    charset = "; charset=utf-8" if written.media_type.startswith("text/") else ""
    content_type = (b"content-type", (written.media_type + charset).encode())
    links = ((b"link", asked.links.encode()),) if asked.links else ()
    validators = (
        _validators(asked, reply.volatile) if request.method in ("GET", "HEAD") else ((b"cache-control", b"no-store"),)
    )
    return (content_type, *COMMON, *validators, *links)


def _is_known(answer: Answer, request: Request) -> bool:
    return not_modified(answer.header(b"etag"), answer.header(b"last-modified"), request)


async def _send(answer: Answer, request: Request, send: Send) -> None:
    if answer.status == 200 and request.method in ("GET", "HEAD") and _is_known(answer, request):
        headers = [pair for pair in answer.headers if pair[0] in NOT_MODIFIED_HEADERS]
        answer = Answer(304, tuple(headers), b"")
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})


async def _stream(
    headers: tuple[Header, ...],
    chunks: AsyncIterator[bytes],
    request: Request,
    watch: "Watch",
    send: Send,
    stall: float,
) -> None:
    """Sends chunks as they come. An answer that ends in an error ends the connection without the last chunk."""
    squeeze = zlib.compressobj(STREAM_LEVEL, zlib.DEFLATED, GZIP) if request.zipped else None
    encoding = ((b"content-encoding", b"gzip"),) if squeeze else ()
    await send({"type": "http.response.start", "status": 200, "headers": (*headers, *encoding)})
    if request.method == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    loop = asyncio.get_running_loop()
    try:
        async for chunk in chunks:
            data = await loop.run_in_executor(None, squeeze.compress, chunk) if squeeze else chunk
            async with asyncio.timeout(stall):
                await send({"type": "http.response.body", "body": data, "more_body": True})
    except (SolldError, TimeoutError) as error:
        # granian closes the connection of an answer that was not finished, so that nobody takes it for whole.
        log.warning("an answer was broken off: %s", error or f"the client took nothing for {stall:g} seconds")
        return
    watch.end()
    await send({"type": "http.response.body", "body": squeeze.flush() if squeeze else b""})


class Watch:
    """Cancels the current task when the client goes away before the answer is given."""

    def __init__(self, receive: Receive):
        self.gone = False
        self._task = asyncio.current_task()
        self._watching: asyncio.Future[None] | None = None
        # Most answers are there before it would be worth looking whether somebody waits for them.
        self._later = asyncio.get_running_loop().call_later(BEFORE_WATCHING, self._start, receive)

    def _start(self, receive: Receive) -> None:
        self._watching = asyncio.ensure_future(self._watch(receive))

    async def _watch(self, receive: Receive) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        if self._task:
            self.gone = True
            self._task.cancel()

    def end(self) -> None:
        """The answer is given: now a client may go."""
        self._later.cancel()
        if self._watching:
            self._watching.cancel()
