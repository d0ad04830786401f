"""One process that runs public queries over a release: started by `stores/workers.py`, killed when it takes too long.

It imports as little as it can: a fresh one is wanted in well under a tenth of a second. Frames on both pipes are
a kind (one byte), a length (four bytes, big-endian) and that many bytes:

    in    Q  JSON: query, solutions, boolean, graph (names of formats, or null), default_graphs, named_graphs, base
    out   R  ready, once, when the release is open
          K  the kind of result, before its data: solutions, boolean or graph
          D  data          E  JSON: status, message          Z  the end
"""

import ctypes
import json
import resource
import struct
import sys
from typing import Any, BinaryIO

import pyoxigraph

FRAME = struct.Struct(">cI")
CHUNK = 64 * 1024  # bytes gathered before a frame is written
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
RESULTS = {
    "json": pyoxigraph.QueryResultsFormat.JSON,
    "xml": pyoxigraph.QueryResultsFormat.XML,
    "csv": pyoxigraph.QueryResultsFormat.CSV,
    "tsv": pyoxigraph.QueryResultsFormat.TSV,
}
GRAPHS = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
}


class Frames:
    """A file that a serializer writes to, which sends frames of data."""

    def __init__(self, out: BinaryIO):
        self.out = out
        self.held = bytearray()

    def write(self, data: bytes) -> int:
        self.held += data
        if len(self.held) >= CHUNK:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self.held:
            send(self.out, b"D", bytes(self.held))
            self.held.clear()


def send(out: BinaryIO, kind: bytes, payload: bytes = b"") -> None:
    out.write(FRAME.pack(kind, len(payload)) + payload)
    out.flush()


def answer(store: pyoxigraph.Store, request: dict[str, Any], out: BinaryIO) -> None:
    """Runs one query and writes its frames."""
    defaults = [pyoxigraph.NamedNode(iri) for iri in request["default_graphs"]]
    named = [pyoxigraph.NamedNode(iri) for iri in request["named_graphs"]]
    dataset: dict[str, Any] = {}
    if defaults or named:
        dataset = {"default_graph": defaults, "named_graphs": named}
    result = store.query(request["query"], base_iri=request["base"], **dataset)
    kind = (
        "solutions"
        if isinstance(result, pyoxigraph.QuerySolutions)
        else "boolean"
        if isinstance(result, pyoxigraph.QueryBoolean)
        else "graph"
    )
    name = request[kind]
    if name is None:
        send(out, b"E", json.dumps({"status": 406, "message": kind}).encode())
        return
    frames = Frames(out)
    send(out, b"K", kind.encode())
    if kind == "graph":
        syntax = GRAPHS[name]
        prefixes = request["prefixes"] if name in ("ttl", "trig", "rdf") else None
        pyoxigraph.serialize(result, frames, format=syntax, prefixes=prefixes)  # type: ignore[arg-type]
    else:
        result.serialize(frames, format=RESULTS[name])  # type: ignore[arg-type]
    frames.flush()
    send(out, b"Z")


def isolate(memory: int) -> None:
    """Limits memory (MiB) and leaves the network where the platform lets an ordinary process do so."""
    # RLIMIT_AS would not work: an idle process already maps hundreds of MiB that it never touches.
    resource.setrlimit(resource.RLIMIT_DATA, (memory * 2**20, memory * 2**20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        libc.unshare(CLONE_NEWUSER | CLONE_NEWNET)


def main() -> None:
    folder, memory = sys.argv[1], int(sys.argv[2])
    isolate(memory)
    store = pyoxigraph.Store.read_only(folder)
    read, out = sys.stdin.buffer, sys.stdout.buffer
    send(out, b"R")
    while header := read.read(FRAME.size):
        _, length = FRAME.unpack(header)
        request = json.loads(read.read(length))
        try:
            answer(store, request, out)
        except (SyntaxError, ValueError) as error:
            send(out, b"E", json.dumps({"status": 400, "message": str(error)}).encode())
        except MemoryError:
            send(out, b"E", json.dumps({"status": 503, "message": "memory"}).encode())
        except (OSError, RuntimeError) as error:
            send(out, b"E", json.dumps({"status": 500, "message": str(error)}).encode())


if __name__ == "__main__":
    main()
