"""The statements of a release, sorted, each once; however many they are, a part of them is in memory at a time."""

import heapq
import itertools
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

from solld import merging, versions
from solld.exports import MERGED, Source

RUN = 500_000  # lines that are sorted in memory


def quads(source: Source, name: str) -> Iterator[bytes]:
    """N-Quads lines: of a dataset, as its source says it; or of the merged view, each with the graph that says so."""
    if name == MERGED:
        things = merging.everything(source.past, source.number, source.view)
        return ordered((line for _, seen in things for line in seen), source.scratch)
    lines = versions.everything(source.past, source.number)
    graph = f"<{source.settings.base}dataset/{name}> .".encode()
    return ordered((line for line in lines if line.endswith(graph)), source.scratch)


def ordered(lines: Iterable[bytes], folder: Path) -> Iterator[bytes]:
    """Lines in their order, each once; what is too much for memory waits in files that have no name."""
    rest = iter(lines)
    part = sorted(set(itertools.islice(rest, RUN)))
    ahead = next(rest, None)
    if ahead is None:
        yield from part
        return
    rest = itertools.chain([ahead], rest)
    with ExitStack() as opened:
        runs = []
        while part:
            run = opened.enter_context(tempfile.TemporaryFile(dir=folder))
            run.writelines(line + b"\n" for line in part)
            run.seek(0)
            runs.append(run)
            part = sorted(set(itertools.islice(rest, RUN)))
        yield from (line[:-1] for line, _ in itertools.groupby(heapq.merge(*runs)))
