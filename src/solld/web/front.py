"""The whole service as one ASGI application: what is kept, queries for the endpoint, and the rest for Flask.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import replace
from typing import Any

from solld.endpoint.client import Endpoint, Reply
from solld.endpoint.operation import CHECK, ROWS, Operation
from solld.errors import NotAcceptable, SolldError
from solld.service import Service
from solld.web import protection
from solld.web.asking import Answer, Header, Request, environ, of, pairs
from solld.web.files import FILE, Files, send_file
from solld.web.kept import SMALLEST, Kept, compressed, key_of, not_modified, varying, zipped
from solld.web.replies import EXPOSED
from solld.web.sparql import BY_EXTENSION, OFFERS, Asked, check, graph, query, saved, wants_page
from solld.web.transfer import BODY, Receive, Send, Watch, body_of, send_answer, send_chunks
from solld.web.turns import Turns
from solld.web.wsgi import Wsgi

Scope = Mapping[str, Any]
Reader = Callable[[Service, Request, bytes], Asked | None]
READERS: Mapping[str, Reader] = {"/sparql": query, "/graph": graph, "/sparql/check": check}
SAVED = re.compile(r"/queries/[^/.]+/?")
INLINE = 32 * 1024  # bytes that are read or compressed at once; more is left to a thread
COMMON = pairs(
    [
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", EXPOSED),
        *protection.ALWAYS.items(),
    ]
)
TOLD, QUERY = "solld.told", "solld.query"  # in the environment of a request
log = logging.getLogger("solld")


class Front:
    """The application; `close` when nobody asks any more."""

    def __init__(self, service_of: Callable[[], Service], wsgi: Wsgi, endpoint: Endpoint):
        self.service_of = service_of
        self.wsgi = wsgi
        # Lists are reconciled in a thread of their own: a batch takes a tenth of a second, for which pages do not wait.
        self.reconciling = Wsgi(wsgi.application)
        self.turns = Turns(service_of().settings.query_waiting)
        self.endpoint = endpoint
        self.kept = Kept(service_of().settings.cache_bytes)
        self.files = Files(service_of().settings)

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
                if is_reconciling(request):
                    await self._reconcile(opened, request, scope, receive, send)
                    return
                body = await body_of(request, receive, opened.settings.query_bytes * BODY)
            except SolldError as error:
                answer = await self._document(opened, request, scope, b"", error)
            else:
                reader = _reader(request)
                if reader:
                    await self._query(opened, request, scope, body, reader, receive, send)
                    return
                answer = await self._document(opened, request, scope, body)
        if answer.status == 200 and answer.header(FILE.lower().encode()):
            await self._file(opened, answer, request, scope, send)
        else:
            await send_answer(answer, request, send)

    async def _reconcile(self, opened: Service, request: Request, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a client of the reconciliation service; TooMany if it has too many batches waiting."""
        with self.turns.taken(request.client):
            body = await body_of(request, receive, opened.settings.query_bytes * BODY)
            await send_answer(await self._document(opened, request, scope, body), request, send)

    async def _file(self, opened: Service, answer: Answer, request: Request, scope: Scope, send: Send) -> None:
        """Sends the file that an answer names."""
        try:
            path = await self.files.path(answer)
        except SolldError as error:
            log_unexpected(error)
            await send_answer(await self._document(opened, request, scope, b"", error), request, send)
        else:
            await send_file(answer, path, request, send, opened.settings.query_stall)

    # Documents --------------------------------------------------------------------------------------------------------

    async def _document(
        self, opened: Service, request: Request, scope: Scope, body: bytes, told: object = None, query: str = ""
    ) -> Answer:
        """What Flask answers. `told` is what it need not find out: an error of the query, or the rows of a page."""
        number, key = opened.release.number, key_of(request)
        reads = request.method in ("GET", "HEAD")
        # A HEAD is answered as the GET that it stands for, so that both have the same headers.
        asked = {**environ(request, body, scope), "REQUEST_METHOD": "GET" if reads else request.method}
        asked[TOLD], asked[QUERY] = told, query

        def first() -> Answer | None:
            return self.kept.get(number, key) if reads and told is None else None

        def then(answer: Answer) -> Answer:
            headers = varying(answer.headers) if answer.status == 200 else answer.headers
            answer = Answer(answer.status, headers, answer.body)
            answer = compressed(answer) if request.zipped else answer
            if reads:
                self.kept.put(number, key, answer)
            return answer

        wsgi = self.reconciling if is_reconciling(request) else self.wsgi
        return await wsgi.ask(asked, body, first, then)

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
            await send_answer(answer, request, send)

    async def _asked(
        self, opened: Service, request: Request, scope: Scope, body: bytes, reader: Reader, watch: "Watch", send: Send
    ) -> Answer | None:
        query = ""
        try:
            asked = await self._read(opened, request, body, reader)
            if asked is None:
                return await self._document(opened, request, scope, body)
            query = asked.operation.query
            if asked.etag and request.method in ("GET", "HEAD") and not_modified(asked.etag, "", request):
                return Answer(304, (*COMMON, *_validators(asked, False)), b"")
            number = opened.release.number
            asked = await self._with_links(number, request, asked)
            async with self.endpoint.ask(number, asked.operation, request.client, request.zipped) as reply:
                if reply.chunks is None or asked.operation.mode in (ROWS, CHECK):
                    return await self._whole(opened, request, scope, body, asked, await _gathered(reply))
                headers = _headers(asked, reply, request)
                stall = opened.settings.query_stall
                await send_chunks(headers, reply.chunks, request, watch, send, stall)
                return None
        except SolldError as found:
            error = NotAcceptable(request.accept, OFFERS) if isinstance(found, NotAcceptable) else found
            log_unexpected(error)
            told = {"error": error, "query": query} if _shown_on_page(request) else error
            return await self._document(opened, request, scope, body, told, query)

    async def _read(self, opened: Service, request: Request, body: bytes, reader: Reader) -> Asked | None:
        if len(body) + len(request.query) <= INLINE:
            return reader(opened, request, body)
        return await asyncio.get_running_loop().run_in_executor(None, reader, opened, request, body)

    async def _with_links(self, number: int, request: Request, asked: Asked) -> Asked:
        """The operation, whose `beyond` is there only if another page is: that must be known before the first byte."""
        if asked.beyond is None:
            return asked
        async with self.endpoint.ask(number, asked.beyond, request.client) as reply:
            more = bool(json.loads(reply.body)["total"])
        return asked if more else replace(asked, beyond=None)

    async def _whole(
        self, opened: Service, request: Request, scope: Scope, body: bytes, asked: Asked, reply: Reply
    ) -> Answer:
        operation = asked.operation
        if operation.mode == ROWS:
            told = {**json.loads(reply.body), "pages": asked.links(bool(asked.beyond))}
            return await self._document(opened, request, scope, body, told)
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
        self.reconciling.close()
        self.files.close()
        self.endpoint.close()


async def _gathered(reply: Reply) -> Reply:
    """The reply in one piece, for what is shown on a page."""
    return replace(
        reply, body=reply.body + b"".join([chunk async for chunk in reply.chunks or _nothing()]), chunks=None
    )


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


def is_reconciling(request: Request) -> bool:
    """Whether a request is one of the Reconciliation API."""
    return request.path.startswith("/reconcile")


def _reader(request: Request) -> Reader | None:
    """What reads a request that the endpoint answers."""
    if request.method == "OPTIONS":
        return None
    return READERS.get(request.path.rstrip("/")) or (saved if SAVED.fullmatch(request.path) else None)


def _shown_on_page(request: Request) -> bool:
    """Whether what is wrong with a query is shown beside it, to a browser."""
    has_page = request.path.startswith(("/sparql", "/queries")) and request.method in ("GET", "HEAD")
    return has_page and b"format=" not in request.query and wants_page(request.accept, "")


def log_unexpected(error: SolldError) -> None:
    """Notes what an operator should know of."""
    if error.status == 500:
        log.error("%s: %s", error.title, error)


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
    told = ", ".join(f'<{target}>; rel="{relation}"' for relation, target in asked.links(bool(asked.beyond)))
    links = ((b"link", told.encode()),) if told else ()
    validators = (
        _validators(asked, reply.volatile) if request.method in ("GET", "HEAD") else ((b"cache-control", b"no-store"),)
    )
    # Not of 304, which would change the policy of the page that a browser has kept.
    policy = (b"content-security-policy", protection.DATA.encode())
    return (content_type, *COMMON, policy, *validators, *links)
