"""JSON that is not nested without end: reading 40,000 brackets one in the other takes a minute, and a megabyte a day.

What tells where something stands in a JSON text has the whole way to it, which is longer with each bracket.
"""

import re
from typing import IO

from solld.errors import SourceFailed

DEEPEST = 200  # arrays and objects in one another
ESCAPED = re.compile(rb"\\.", re.DOTALL)
STRING = re.compile(rb'"[^"]*"')
OPENING, CLOSING = b"[{", b"]}"
OTHERS = bytes(set(range(256)) - set(OPENING + CLOSING + b'"'))


class Shallow:
    """A file of JSON that is read, as long as it is not nested too deep: SourceFailed then."""

    def __init__(self, file: IO[bytes]):
        self._file, self._depth, self._is_text, self._rest = file, 0, False, b""

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._look(piece)
        return piece

    def _look(self, piece: bytes) -> None:
        # Texts are taken out by what C does for a whole piece; a piece may begin and end within one.
        brackets = ESCAPED.sub(b"", self._rest + piece)
        self._rest = b"\\" if brackets.endswith(b"\\") else b""
        brackets = (b'"' if self._is_text else b"") + brackets.translate(None, OTHERS)
        brackets, quote, _ = STRING.sub(b"", brackets).partition(b'"')
        self._is_text = bool(quote)
        opened = sum(map(brackets.count, (b"[", b"{")))
        if self._depth + opened > DEEPEST:
            self._count(brackets)
        self._depth += 2 * opened - len(brackets)

    def _count(self, brackets: bytes) -> None:
        depth = self._depth
        for each in brackets:
            depth += 1 if each in OPENING else -1
            if depth > DEEPEST:
                raise SourceFailed("the file", f"is JSON in JSON without end: more than {DEEPEST} levels")
