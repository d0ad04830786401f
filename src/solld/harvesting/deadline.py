"""Cuts a connection when its time is over, whatever it waits for: the handshake, the head of an answer or its body.

The timeout of a socket begins anew with each byte, so a server that sends a byte a second is never too slow for it.
"""

import socket
import threading
import time
from contextlib import suppress


class Deadline:
    """The moment at which an answer must be whole."""

    def __init__(self, seconds: float):
        self._ends = time.monotonic() + seconds
        self._cut = threading.Event()
        self._timer: threading.Timer | None = None
        self._twin: socket.socket | None = None

    @property
    def left(self) -> float:
        """Seconds; never 0, which for a socket means not to wait at all."""
        return max(self._ends - time.monotonic(), 0.001)

    @property
    def over(self) -> bool:
        return self._cut.is_set() or time.monotonic() >= self._ends

    def watch(self, connection: socket.socket) -> None:
        """Watches a twin of the socket: TLS takes the first one's place, and a number that is closed is used again."""
        self._twin = connection.dup()
        self._timer = threading.Timer(self.left, self._end)
        self._timer.daemon = True
        self._timer.start()

    def close(self) -> None:
        if self._timer and self._twin:
            self._timer.cancel()
            self._twin.close()

    def _end(self) -> None:
        self._cut.set()
        with suppress(OSError):  # the connection has ended by itself meanwhile
            if self._twin:
                self._twin.shutdown(socket.SHUT_RDWR)
