"""Heads of answers that are whole: http.client takes one that was cut for one that has fewer headers.

Its body then seems to end with the connection, so that an answer that broke off in its head was an empty file.
"""

import io
import socket
from http.client import HTTPException, HTTPResponse


class WholeHead(HTTPResponse):
    """An answer whose head ends with an empty line. HTTPException if it does not."""

    def __init__(self, sock: socket.socket, debuglevel: int = 0, method: str | None = None, url: str | None = None):
        super().__init__(sock, debuglevel, method, url)
        self._lines = self.fp = _Lines(self.fp.detach())

    def begin(self) -> None:
        super().begin()
        self._lines.in_head = False  # a last chunk is enough, also without the line that should follow it


class _Lines(io.BufferedReader):
    in_head = True
    nothing_yet = True  # then the end is a connection that was closed before an answer, which http.client tells

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        if self.in_head and not line.endswith(b"\n") and len(line) != size and (line or not self.nothing_yet):
            raise HTTPException("the head of the answer ends in the middle")
        self.nothing_yet = False
        return line
