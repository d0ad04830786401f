"""Asks the dispatcher, from a web process; a connection that is closed ends what was asked over it."""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from solld.endpoint.connection import Connection
from solld.endpoint.frames import packed
from solld.endpoint.operation import Operation
from solld.errors import BrokenAnswer, Unavailable, again

IDLE = 8  # connections that are kept for the next operations
PATIENCE = 3.0  # seconds that a dispatcher may take to come back after an accident
RETRY_AFTER = 2  # seconds, told to a client meanwhile
AGAIN = 0.05  # seconds between two tries


@dataclass(frozen=True)
class Reply:
    """An answer: its kind and its bytes, or, when it is too long for one piece, the chunks that they come in."""

    kind: str
    volatile: bool  # it may differ from time to time
    body: bytes
    zipped: bool = False  # the body is compressed
    chunks: AsyncIterator[bytes] | None = None


class Endpoint:
    """The way to the dispatcher; one for an event loop."""

    def __init__(self, path: Path):
        self.path = path
        self._idle: deque[Connection] = deque()

    @asynccontextmanager
    async def ask(self, release: int, operation: Operation, client: str, zipped: bool = False) -> AsyncIterator[Reply]:
        """The reply to an operation; SolldError as the dispatcher told it. Leaving early stops the query."""
        connection = await self._connected()
        finished = False
        try:
            connection.write(packed(b"Q", f"{client}\n{release}\n{zipped:d}\n".encode() + operation.written()))
            kind, payload = await connection.next()
            if kind == b"E":
                finished = True
                raise again(json.loads(payload))
            if kind == b"K":
                yield Reply(*_head(payload), b"", chunks=_chunks(connection))
                return
            head, _, body = payload.partition(b"\n")
            finished = True
            yield Reply(*_head(head), body, zipped=kind == b"C")
        except EOFError:
            raise Unavailable("the process that dispatches queries ended", RETRY_AFTER) from None
        finally:
            if finished and not connection.ended and len(self._idle) < IDLE:
                self._idle.append(connection)
            else:
                connection.close()

    async def keep_zipped(self, release: int, operation: Operation, zipped: bytes) -> None:
        """Gives the compressed form of an answer, so that no web process need make it again."""
        connection = await self._connected()
        connection.write(packed(b"G", f"{release}\n".encode() + operation.written() + b"\n" + zipped))
        self._idle.append(connection)

    async def _connected(self) -> Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.ended:
                return connection
        loop = asyncio.get_running_loop()
        until = loop.time() + PATIENCE
        while True:
            try:
                return (await loop.create_unix_connection(Connection, str(self.path)))[1]
            except (ConnectionError, FileNotFoundError) as error:
                if loop.time() > until:
                    raise Unavailable("the process that dispatches queries is being started", RETRY_AFTER) from error
                await asyncio.sleep(AGAIN)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()


async def _chunks(connection: Connection) -> AsyncIterator[bytes]:
    while True:
        try:
            kind, payload = await connection.next()
        except EOFError:
            raise BrokenAnswer("the process that runs queries ended") from None
        if kind == b"D":
            yield payload
        elif kind == b"E":
            raise again(json.loads(payload))
        else:
            return


def _head(told: bytes) -> tuple[str, bool]:
    return told.rstrip(b"?").decode(), told.endswith(b"?")
