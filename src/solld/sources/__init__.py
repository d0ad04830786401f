"""Reads what other directories publish, each kind in a module of its own that offers a `SOURCE`.

What is read is rows: columns with texts, just as they are written, for a dataset's lift to make triples of. A file may
be larger than the memory; nothing of it is held but the row that is read. A source that is not one file but many
answers of a service has `collect`, which writes what it says into one file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Protocol

from solld.errors import SourceFailed
from solld.plugins import collect
from solld.rdf import Literal, Triple

HEAD = 256 * 1024  # bytes by which a source is known


Cell = str | Literal  # a literal where the source says which language or datatype a text has; an IRI is a text


@dataclass(frozen=True)
class Row:
    """A record as its source has it; `place` says where in the file, for messages."""

    place: str
    cells: Mapping[str, tuple[Cell, ...]]  # column -> its values, in their order; none is empty
    triples: tuple[Triple, ...] = ()  # what a source in RDF says of the record, for lifts that want it whole


@dataclass(frozen=True)
class Page:
    """An answer of a server, whole."""

    url: str  # after redirects
    media_type: str  # without parameters, lower case; "" if it does not say
    body: bytes
    next: str = ""  # the URL of rel=next in its Link header (RFC 8288)
    headers: Mapping[str, str] = field(default_factory=dict)  # by names in lower case


class Get(Protocol):
    """Asks a server for one page, politely and within the limits of the site. SourceFailed with the URL and why.

    With `body` it is a POST of that media type. What is not there (404, 410) is None.
    """

    def __call__(self, url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None: ...


@dataclass(frozen=True)
class Offer:
    """What a catalogue says that could be harvested."""

    dataset: str  # its IRI, or what it is called there
    title: str  # of the dataset
    url: str
    format: str
    license: str  # "" if none is stated


class Read(Protocol):
    """The records of a file. SourceFailed with the place of what cannot be read.

    `where` is the URL that the file came from, which its relative IRIs are relative to; "" if that is not known.
    """

    def __call__(self, file: IO[bytes], where: str = "", /) -> Iterator[Row]: ...


@dataclass(frozen=True)
class Source:
    """A kind of file or service. `likes` says from 0 to 1 how much the beginning of an answer looks like it."""

    name: str
    title: str  # for people
    standard: str  # IRI of what it conforms to (dct:conformsTo of a distribution)
    media_types: tuple[str, ...]  # the first is asked for
    likes: Callable[[bytes], float]
    read: Read
    collect: Callable[[Get, str, IO[bytes]], None] | None = None  # writes what is at a URL, for `read`
    offers: Callable[[IO[bytes], str], tuple[Offer, ...]] | None = None  # what a catalogue that was at a URL leads to


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
