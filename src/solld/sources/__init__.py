"""Reads what other directories publish, each kind in a module of its own that offers a `SOURCE`.

What is read is rows: columns with texts, just as they are written, for a dataset's lift to make triples of. A file may
be larger than the memory; nothing of it is held but the row that is read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import IO

from solld.errors import SourceFailed
from solld.plugins import collect

HEAD = 256 * 1024  # bytes by which a source is known


@dataclass(frozen=True)
class Row:
    """A record as its source has it; `place` says where in the file, for messages."""

    place: str
    cells: Mapping[str, tuple[str, ...]]  # column -> its values, in their order; none is empty


@dataclass(frozen=True)
class Source:
    """A kind of file. `likes` says from 0 to 1 how much the beginning of a file looks like it."""

    name: str
    title: str  # for people
    media_types: tuple[str, ...]
    likes: Callable[[bytes], float]
    read: Callable[[IO[bytes]], Iterator[Row]]  # SourceFailed with the place of what cannot be read


@cache
def load() -> tuple[Source, ...]:
    return collect("solld.sources", "SOURCE")


def named(name: str) -> Source:
    """The source of a name; SourceFailed for one that there is not."""
    found = next((each for each in load() if each.name == name), None)
    if found is None:
        raise SourceFailed(name, f"there is no such source; there are {', '.join(each.name for each in load())}")
    return found


def recognised(head: bytes, name: str, media_type: str = "") -> Source:
    """The source that a file is, by its beginning; its media type decides between what looks alike.

    Servers call JSON text and CSV a download, so what is in a file counts before what it is called. SourceFailed if it
    is nothing that is known.
    """
    plain = media_type.partition(";")[0].strip().lower()
    liked = [(each.likes(head), plain in each.media_types, each) for each in load()]
    score, _, best = max(liked, key=lambda found: found[:2])
    if score <= 0:
        raise SourceFailed(name, f"this is none of {', '.join(each.title for each in load())}")
    return best
