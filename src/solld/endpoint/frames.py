"""The frames that the processes of the endpoint send each other: a kind (one byte), a length, and that many bytes.

to a worker          Q  an operation as `operation.py` writes it
from a worker        R  ready, once, when the release is open
                     K  before the data, the kind of result: solutions, boolean, graph, rows or report; with a ? after
                        it where the answer may differ from time to time
                     D  data          E  JSON, an error as errors.facts tells it          Z  the end
to the dispatcher    Q  client address, release, 1 if the compressed form is welcome, operation; a line each
                     G  release, operation, the compressed form of its answer; a line feed after each but the last
from the dispatcher  K D E Z as above, for an answer that is too long to be given in one piece
                     W  a whole answer: what K has, a line feed, its bytes
                     C  the same with its bytes compressed, to who asked for that and where there is one
"""

import struct

FRAME = struct.Struct(">cI")

Frame = tuple[bytes, bytes]


def packed(kind: bytes, payload: bytes | bytearray = b"") -> bytes:
    return FRAME.pack(kind, len(payload)) + payload
