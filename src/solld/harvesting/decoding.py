"""Content codings (RFC 9110 section 8.4), unpacked in pieces of bounded size and checked to their end.

This does not use the decoders of urllib3: 2.8 takes a gzip stream that was cut for a whole one, and forgives what
comes after it.
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

ACCEPTED = "gzip, deflate"  # br and zstd are in no Python before 3.14
PIECE = 2**16  # bytes, of what is read and of what is unpacked at once
GZIP, ZLIB, RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class Undecodable(ValueError):
    """A body that is not in its content coding, or not whole."""


def decoded(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The content of a body, in pieces of about PIECE bytes at most. Undecodable if it is broken."""
    match coding.strip().lower():
        case "" | "identity":
            yield from pieces
        case "gzip" | "x-gzip":
            yield from _inflated(pieces, GZIP)
        case "deflate":
            rest = iter(pieces)
            head = _head(rest)
            yield from _inflated(chain([head], rest), ZLIB if _has_zlib_head(head) else RAW)
        case other:
            raise Undecodable(f"is packed as {other}, and only {ACCEPTED} were asked for")


def _inflated(pieces: Iterable[bytes], window: int) -> Iterator[bytes]:
    stream = zlib.decompressobj(window)
    try:
        for piece in pieces:
            left = piece
            while left:
                if stream.eof:  # RFC 1952 section 2.2: a file may be several members
                    stream = zlib.decompressobj(window)
                yield stream.decompress(left, PIECE)
                left = stream.unconsumed_tail or stream.unused_data
        yield stream.flush()  # some bytes at most: all that came in was taken
    except zlib.error as error:
        raise Undecodable(f"cannot be unpacked: {error}") from error
    if not stream.eof:
        raise Undecodable("is packed and ends in the middle")


def _head(pieces: Iterator[bytes]) -> bytes:
    """Two bytes or more, if there are as many."""
    head = b""
    while len(head) < 2 and (piece := next(pieces, b"")):
        head += piece
    return head


def _has_zlib_head(head: bytes) -> bool:
    """RFC 1950: a multiple of 31 that says method 8. Some servers say deflate and leave it out."""
    return len(head) > 1 and head[0] & 15 == 8 and int.from_bytes(head[:2], "big") % 31 == 0
