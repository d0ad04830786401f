"""Files made from a release, for who wants all of it: dumps of datasets and of the merged view, lists for directories.

Each module of this package offers some: `DUMPS` are ways to write statements, `EXPORTS` are files of their own. What is
made is a function of the history and the release: the same bytes today, after a rebuild, and of a release of long ago.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from solld.history import History
from solld.merged import Merged
from solld.model import Settings
from solld.plugins import collect

MERGED = "merged"  # the dump that is not of one dataset


@dataclass(frozen=True)
class Source:
    """A release as files are made from it."""

    settings: Settings
    past: History
    number: int  # of the release
    view: Merged
    prefixes: Mapping[str, str]
    scratch: Path  # a folder for what does not fit into memory


@dataclass(frozen=True)
class Dump:
    """A way to write sorted N-Quads lines; the file's name ends in `extension`."""

    extension: str
    name: str  # for people
    media_type: str
    write: Callable[[Source, Iterable[bytes], IO[bytes]], None]


@dataclass(frozen=True)
class Export:
    """A file of its own."""

    file: str
    name: str  # for people
    media_type: str
    write: Callable[[Source, IO[bytes]], None]
    offered: Callable[[Settings], bool] = lambda settings: True


@cache
def dumps() -> tuple[Dump, ...]:
    return tuple(each for found in collect("solld.exports", "DUMPS") for each in found)


@cache
def exports() -> tuple[Export, ...]:
    return tuple(each for found in collect("solld.exports", "EXPORTS") for each in found)


def parsed(path: str) -> tuple[str, Dump] | Export | None:
    """What a file is, by its path: `dump/rers.nq.gz` (what is dumped, and how), or `export/standard.csv`."""
    folder, _, file = path.partition("/")
    if folder == "export":
        return next((each for each in exports() if each.file == file), None)
    name, _, extension = file.partition(".")
    found = next((dump for dump in dumps() if dump.extension == extension), None)
    return (name, found) if folder == "dump" and found and name else None
