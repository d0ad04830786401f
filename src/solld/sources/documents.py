"""RDF documents that are held in memory, in whatever language they are."""

from collections.abc import Iterator

from solld.errors import SourceFailed
from solld.rdf import Quad
from solld.sources import jsonld, rdf
from solld.sources.names import RELATIVE


def is_rdf(content: bytes) -> bool:
    return bool(rdf.likes(content) or jsonld.likes(content))


def quads_of(content: bytes, place: str, base: str = RELATIVE) -> Iterator[Quad]:
    """What a document says. SourceFailed with its place, and with what is wrong in it."""
    try:
        if jsonld.likes(content):
            document = jsonld.loads(content.removeprefix(jsonld.MARK).decode("utf-8"))
            yield from jsonld.quads([jsonld.expanded(document, base)])
        elif rdf.likes(content):
            yield from rdf.quads_of(content, base)
        else:
            raise SourceFailed("it", "is no RDF")
    except (SourceFailed, UnicodeDecodeError) as failure:
        raise SourceFailed(place, str(failure)) from failure
