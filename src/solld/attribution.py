"""Who is to be named for what the service publishes: every dataset with its licence, publisher and freshness."""

from collections.abc import Iterator
from dataclasses import dataclass

from solld.catalog import catalog_iri
from solld.licences import OPEN, SEPARATE, UNKNOWN, strictest
from solld.model import Settings
from solld.rdf import DCAT, DCT, DEFAULT, PROV, RDFS, SCHEMA, VOID, Literal, NamedNode, Term
from solld.stores import Quads

USES = {OPEN: "merged", SEPARATE: "separate", UNKNOWN: "names"}


@dataclass(frozen=True)
class Attribution:
    """A dataset as others are to name it. Times are in ISO 8601, "" if they are not known."""

    dataset: str  # IRI
    title: dict[str, str]  # language -> text
    use: str  # merged: in the merged view; separate: in its own graph only; names: names and links only
    licenses: tuple[str, ...]  # IRIs
    publishers: tuple[str, ...]  # IRIs or names
    sources: tuple[str, ...]  # URLs
    things: int
    seen: str = ""
    expires: str = ""
    changed: str = ""
    last: dict[str, str] | None = None  # language -> how the last harvest went, if it took nothing in
    reason: str = ""


def attributions(store: Quads, settings: Settings) -> list[Attribution]:
    """All datasets of the catalogue, those whose word counts most first."""
    catalog = catalog_iri(settings)
    graphs = [each for each in _objects(store, catalog, DCAT.dataset) if isinstance(each, NamedNode)]
    ranked = sorted(graphs, key=lambda graph: (int(_first(store, graph, SCHEMA.position) or 0), graph.value))
    return [_attribution(store, settings, graph) for graph in ranked]


def _attribution(store: Quads, settings: Settings, graph: NamedNode) -> Attribution:
    licenses, seen = _values(store, graph, DCT.license), _first(store, graph, SCHEMA.sdDatePublished)
    run = next((each for each in _objects(store, graph, PROV.wasInfluencedBy) if isinstance(each, NamedNode)), None)
    return Attribution(
        dataset=graph.value,
        title=_texts(store, graph, DCT.title),
        use=USES[strictest(settings, licenses, bool(seen))],
        licenses=licenses,
        publishers=_values(store, graph, DCT.rightsHolder) or _values(store, graph, DCT.publisher),
        sources=tuple(dict.fromkeys(_sources(store, graph))),
        things=int(_first(store, graph, VOID.entities) or 0),
        seen=seen,
        expires=_first(store, graph, SCHEMA.expires),
        changed=_first(store, graph, DCT.modified),
        last=_texts(store, run, DCT.description) if run else None,
        reason=_first(store, run, RDFS.comment) if run else "",
    )


def _sources(store: Quads, graph: NamedNode) -> Iterator[str]:
    for each in _objects(store, graph, DCT.source):
        if isinstance(each, NamedNode):
            yield from _values(store, each, DCAT.downloadURL) or _values(store, each, DCAT.accessURL) or [each.value]


def _objects(store: Quads, subject: NamedNode, predicate: NamedNode) -> list[Term]:
    return sorted((quad.object for quad in store.quads(subject, predicate, None, DEFAULT)), key=str)  # type: ignore[misc]


def _values(store: Quads, subject: NamedNode, predicate: NamedNode) -> tuple[str, ...]:
    return tuple(str(getattr(each, "value", each)) for each in _objects(store, subject, predicate))


def _first(store: Quads, subject: NamedNode, predicate: NamedNode) -> str:
    return next(iter(_values(store, subject, predicate)), "")


def _texts(store: Quads, subject: NamedNode, predicate: NamedNode) -> dict[str, str]:
    found = (each for each in _objects(store, subject, predicate) if isinstance(each, Literal))
    return {each.language or "": each.value for each in found}
