"""Where a dataset comes from, as its `dataset.ttl` says it in DCAT.

    <> dct:source <#source> .
    <#source> a dcat:Distribution ;
      dcat:downloadURL <https://their.example/elements.json> ;
      dct:conformsTo <https://www.rfc-editor.org/info/rfc8259> .    # what it is read as; the standard of a source

A relative download URL is a file of the site. https://www.w3.org/TR/vocab-dcat-3/#Class:Distribution
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from solld import sources
from solld.errors import BadData
from solld.model import Dataset, Settings
from solld.rdf import DCAT, DCT, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from solld.sources import Source


@dataclass(frozen=True)
class Distribution:
    """What of another directory a dataset is made from."""

    url: str
    path: Path | None  # where it is a file
    source: Source
    title: str  # of the dataset
    license: str  # IRI, "" if none is stated


def of(settings: Settings, dataset: Dataset) -> Distribution:
    """The distribution of a dataset; BadData, with the file, if it says none, or none that can be read."""
    path = dataset.folder / "dataset.ttl"
    try:
        said = list(parse(path=str(path), format=RdfFormat.TURTLE, base_iri=dataset.graph.value))
    except SyntaxError as error:
        raise BadData(path, f"cannot be read: {error}", error.lineno or 0) from error
    sourced = _objects(said, dataset.graph, DCT.source)
    urls = [
        url for each in sourced for url in _objects(said, each, DCAT.downloadURL) + _objects(said, each, DCAT.accessURL)
    ]
    if not urls:
        raise BadData(path, "says no dct:source with a dcat:downloadURL to harvest it from")
    standards = [each for one in sourced for each in _objects(said, one, DCT.conformsTo)]
    source = next((each for each in sources.load() if each.standard in standards), None)
    if source is None:
        known = ", ".join(f"<{each.standard}> ({each.title})" for each in sources.load())
        raise BadData(path, f"dct:conformsTo of its source is one of {known}")
    title = next(
        (t.object.value for t in said if t.subject == dataset.graph and t.predicate == DCT.title), dataset.name
    )
    licenses = [*_objects(said, dataset.graph, DCT.license), ""]
    return Distribution(urls[0], _path(settings, urls[0]), source, title, licenses[0])


def _objects(said: Iterable[Triple | Quad], subject: object, predicate: NamedNode) -> list[str]:
    wanted = subject if isinstance(subject, NamedNode) else NamedNode(str(subject))
    found = (t.object for t in said if t.subject == wanted and t.predicate == predicate)
    return [each.value for each in found if isinstance(each, NamedNode | Literal)]


def _path(settings: Settings, url: str) -> Path | None:
    if url.startswith("file:"):
        return Path(unquote(urlsplit(url).path))
    if url.startswith(settings.base):
        return settings.folder / unquote(url.partition("#")[0].removeprefix(settings.base))
    return None
