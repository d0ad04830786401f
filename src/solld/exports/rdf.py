"""Dumps in N-Quads, Turtle and JSON-LD, in gzip: the same bytes for the same statements."""

import gzip
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO, cast

from solld.exports import Dump, Source
from solld.rdf import SYNTAXES, serialize, triples_of, without_graph

LEVEL = 6


def plain(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Sorted N-Quads lines as N-Triples, each once: what several sources say stands side by side."""
    return (line for line, _ in groupby(map(without_graph, lines)))


def _nquads(source: Source, lines: Iterable[bytes], out: IO[bytes]) -> None:
    with _zipped(out) as file:
        file.writelines(line + b"\n" for line in lines)


def _turtle(source: Source, lines: Iterable[bytes], out: IO[bytes]) -> None:
    with _zipped(out) as file:
        file.writelines(f"@prefix {prefix}: <{ns}> .\n".encode() for prefix, ns in sorted(source.prefixes.items()))
        file.write(b"\n")
        body = cast(IO[bytes], Body(file))
        serialize(triples_of(plain(lines)), body, format=SYNTAXES["ttl"], prefixes=dict(source.prefixes))


class Body:
    """Passes on what comes after the declarations of prefixes, whose order differs from time to time."""

    def __init__(self, out: gzip.GzipFile):
        self._out, self._held, self._begun = out, b"", False

    def write(self, data: bytes) -> int:
        if self._begun:
            self._out.write(data)
            return len(data)
        self._held += data
        while not self._begun and b"\n" in self._held:
            line, _, rest = self._held.partition(b"\n")
            self._begun = not line.startswith(b"@prefix")
            self._held = self._held if self._begun else rest
        if self._begun:
            self._out.write(self._held)
        return len(data)

    def flush(self) -> None:
        """A dump is whole when it is closed."""


def _jsonld(source: Source, lines: Iterable[bytes], out: IO[bytes]) -> None:
    with _zipped(out) as file:
        serialize(triples_of(plain(lines)), cast(IO[bytes], file), format=SYNTAXES["jsonld"])


def _zipped(out: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile("", "wb", LEVEL, out, mtime=0)


DUMPS = (
    Dump("nq.gz", "N-Quads", "application/n-quads", _nquads),
    Dump("ttl.gz", "Turtle", "text/turtle", _turtle),
    Dump("jsonld.gz", "JSON-LD", "application/ld+json", _jsonld),
)
