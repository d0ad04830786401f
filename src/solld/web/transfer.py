"""How bodies come in and answers go out over ASGI: bounded, watched, and broken off where they are not whole.

https://asgi.readthedocs.io/en/latest/specs/www.html
"""

import asyncio
import logging
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from solld.errors import BadQuery, SolldError, TooLarge, Unsupported
from solld.web.asking import Answer, Header, Request
from solld.web.kept import GZIP, NOT_MODIFIED_HEADERS, not_modified

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
BODY = 4  # bytes of a body for each byte that a query may have: in a form a byte may take three
STREAM_LEVEL = 1  # of zlib, for answers whose end nobody knows
BEFORE_WATCHING = 0.02  # seconds
PIECES = 10_000  # that a body may come in
PATIENCE = 20  # seconds that a body may take to arrive
log = logging.getLogger("solld")


async def body_of(request: Request, receive: Receive, limit: int) -> bytes:
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
            for _ in range(PIECES):
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise BadQuery("the body ended before its end")
                found += message.get("body", b"")
                if len(found) > limit:
                    raise TooLarge("the body is too long", "sparql.bytes", limit // BODY, "bytes")
                if not message.get("more_body"):
                    return bytes(found)
        raise BadQuery(f"the body comes in more than {PIECES} pieces")
    except TimeoutError:
        raise BadQuery(f"the body did not arrive within {PATIENCE} seconds") from None


def _is_known(answer: Answer, request: Request) -> bool:
    return not_modified(answer.header(b"etag"), answer.header(b"last-modified"), request)


async def send_answer(answer: Answer, request: Request, send: Send) -> None:
    """Sends a whole answer, or that the client has it already."""
    if answer.status == 200 and request.method in ("GET", "HEAD") and _is_known(answer, request):
        headers = [pair for pair in answer.headers if pair[0] in NOT_MODIFIED_HEADERS]
        answer = Answer(304, tuple(headers), b"")
    await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else answer.body})


async def send_chunks(
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
