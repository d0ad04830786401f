"""Brings the index of searches up to date with what a build changed: the things, and those that are found by them."""

from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from solld import index as names
from solld import merging
from solld.delta import Delta
from solld.errors import BadData
from solld.history import History
from solld.leading import Leading
from solld.model import Release, Settings
from solld.ontology import read as shown
from solld.rdf import DEFAULT, NamedNode, triples_of
from solld.search import fields, index, paths
from solld.search.entries import Release as Viewed
from solld.stores.embedded import EmbeddedStore

FOLDER = "search"
FEW = 1000  # things that are looked at one by one, whatever there is
SHARE = 0.3  # of all things, above which it is as quick to look at all again


def update(
    settings: Settings,
    past: History,
    newest: Release | None,
    number: int,
    folder: Path,
    delta: Delta,
    leading: Leading,
    again: bool,
) -> int:
    """Writes the index of a release beside its store, which is whole; returns how many resources it has.

    `again` says that what searches see may have changed with the ontology.
    """
    store = EmbeddedStore.open(folder / "store")
    with closing(store):
        view = viewed(settings, past, number, store, leading)
        if newest is None or again or not _stands(past, newest):
            return everything(view, past, number, folder)
        before = newest.folder / FOLDER
        led = merging.of(past, newest.number, settings.base).leading
        changed = _changed(view, led, newest, delta)
        if len(changed) > max(FEW, SHARE * index.Index(before, index.VERSION).size):
            return everything(view, past, number, folder)
        names.checkpoint(before, folder / FOLDER)
        return index.update(folder / FOLDER, view.entries(sorted(changed)), delta.gone)


def everything(view: Viewed, past: History, number: int, folder: Path) -> int:
    """Writes the index of a release anew."""
    return index.update(folder / FOLDER, view.entries(each.iri for each in past.current(number)), ())


def viewed(settings: Settings, past: History, number: int, store: EmbeddedStore, leading: Leading) -> Viewed:
    """A release, as searches see it. BadData if its ontology says badly what it is searched by."""
    _, _, lines = past.ontology(number) or (0, {}, b"")
    triples = list(triples_of(lines.split(b"\n")))
    ontology = shown(triples)
    try:
        found = fields.read(triples, ontology)
    except ValueError as error:
        raise BadData(settings.folder / "ontology", str(error)) from error
    return Viewed(settings.base, found, ontology, leading, store.quads, settings.languages[0])


def _stands(past: History, newest: Release) -> bool:
    """Whether the index of the newest release is one that can be gone on with: nothing that was erased is in it."""
    same = newest.manifest.get("search") == index.VERSION
    return same and int(newest.manifest.get("erased_before", 0)) == past.last_erasure()


def _changed(view: Viewed, led: Leading, newest: Release, delta: Delta) -> set[str]:
    """The things that changed, and those that are found by what did, as it is and as it was.

    `led` is where identifiers led before: what is said of one is said of another then.
    """
    moved = {*delta.updated, *delta.gone, *led.differs(view.leading)}
    moved |= {each.to[iri] for each in (led, view.leading) for iri in moved & each.to.keys()}
    nodes = [NamedNode(iri) for iri in moved]
    followed: Iterable[paths.Path] = (view.fields.text, view.fields.point, *(f.path for f in view.fields.facets))
    earlier = EmbeddedStore.open(newest.folder / "store")
    found = {*moved, *delta.touched}
    found |= {view.leading.to[iri] for iri in found & view.leading.to.keys()}
    with closing(earlier):
        for path in followed:
            for quads in (view.quads, earlier.quads):
                starts = paths.touched(path, paths.Steps(quads), [*nodes, *_parts(quads, nodes)])
                found |= {each.value for each in starts if isinstance(each, NamedNode)}
    return {iri for iri in found if iri not in delta.gone}


def _parts(quads: paths.Quads, nodes: Iterable[NamedNode]) -> list[NamedNode]:
    """The nodes that belong to things: their address is that of the thing with a fragment."""
    return [
        quad.object
        for node in nodes
        for quad in quads(node, None, None, DEFAULT)
        if isinstance(quad.object, NamedNode) and quad.object.value.startswith(f"{node.value}#")
    ]
