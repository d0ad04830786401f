"""One end of a connection between processes of the endpoint: frames that come are kept until they are asked for."""

import asyncio
from collections import deque
from collections.abc import Callable
from typing import cast

from solld.endpoint.frames import FRAME, Frame

HIGH = 1 << 20  # bytes that were received and not yet taken, above which the other side is made to wait
LOW = HIGH // 4


class Connection(asyncio.Protocol):
    """One end of a connection. `next` gives the frames in their order and EOFError after the last."""

    def __init__(self, when_lost: Callable[[], object] = lambda: None) -> None:
        self.when_lost = when_lost
        self.transport: asyncio.Transport | None = None
        self._bytes = bytearray()
        self._frames: deque[Frame] = deque()
        self._held = 0
        self._paused = False
        self._ended = False
        self._waiter: asyncio.Future[None] | None = None
        self._drained = asyncio.Event()
        self._drained.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)  # uvloop's is one, and does not inherit from it
        self.transport.set_write_buffer_limits(HIGH)

    def connection_lost(self, error: Exception | None) -> None:
        self._ended = True
        self._drained.set()
        self._wake()
        self.when_lost()

    def pause_writing(self) -> None:
        self._drained.clear()

    def resume_writing(self) -> None:
        self._drained.set()

    def data_received(self, data: bytes) -> None:
        held = self._bytes
        held += data
        at = 0
        while len(held) - at >= FRAME.size:
            kind, length = FRAME.unpack_from(held, at)
            end = at + FRAME.size + length
            if len(held) < end:
                break
            self._frames.append((kind, bytes(held[at + FRAME.size : end])))
            self._held += length
            at = end
        if at:
            del held[:at]
            self._wake()
        if self._held > HIGH and not self._paused and self.transport:
            self._paused = True
            self.transport.pause_reading()

    def _wake(self) -> None:
        if self._waiter and not self._waiter.done():
            self._waiter.set_result(None)

    @property
    def ended(self) -> bool:
        """Whether the other side is gone."""
        return self._ended

    async def next(self) -> Frame:
        """The next frame; EOFError when the other side has ended."""
        while not self._frames:
            if self._ended:
                raise EOFError
            self._waiter = asyncio.get_running_loop().create_future()
            await self._waiter
        frame = self._frames.popleft()
        self._held -= len(frame[1])
        if self._paused and self._held < LOW and self.transport and not self._ended:
            self._paused = False
            self.transport.resume_reading()
        return frame

    def write(self, *frames: bytes) -> None:
        """Sends packed frames; what the other side does not take yet is kept. See `drain`."""
        if self.transport and not self._ended:
            self.transport.write(b"".join(frames))

    async def drain(self) -> None:
        """Waits while the other side takes less than it is sent. EOFError when it has ended."""
        await self._drained.wait()
        if self._ended:
            raise EOFError

    def close(self) -> None:
        if self.transport:
            self.transport.abort()
