"""Holds a release against the history: its store is made again from there, and must have the same quads."""

import tempfile
from collections.abc import Iterator
from itertools import islice, zip_longest
from pathlib import Path

from solld import index, merging, release, storing, versions
from solld.errors import BadSite
from solld.history import History
from solld.model import Release, Settings
from solld.rdf import Quad
from solld.stores.embedded import EmbeddedStore

SHOWN = 10  # problems told


def verify(settings: Settings, number: int | None = None) -> list[str]:
    """The problems of a release, the current one if no number is given; an empty list is a whole release."""
    opened = release.load(release.folder_of(settings, number)) if number is not None else release.current(settings)
    if opened is None:
        raise BadSite(settings.var, release.NO_RELEASE)
    path = settings.var / "history.sqlite"
    if not path.exists():
        raise BadSite(path, "there is no history to verify the release with")
    past = History.read_only(path)
    problems = []
    total = sum(versions.weight(v.iri, v.digest) for v in past.current(opened.number)) % versions.MODULUS
    if f"{total:032x}" != opened.manifest["digest"]:
        problems.append(f"release {opened.number}: the history's versions are not those of the manifest")
    count = EmbeddedStore.open(opened.folder / "store").count()
    if count != opened.manifest["quads"]:
        problems.append(f"release {opened.number}: {count} quads, but the manifest says {opened.manifest['quads']}")
    if opened.manifest.get("index") == index.VERSION:  # a release that another engine made may have another index
        names = index.Names(opened.folder / "names", index.VERSION).size
        if names != opened.manifest["names"]:
            problems.append(f"release {opened.number}: {names} names, but the manifest says {opened.manifest['names']}")
    view = merging.of(past, opened.number, str(opened.manifest["base"]))
    with tempfile.TemporaryDirectory(dir=settings.var) as folder:
        storing.fill(Path(folder) / "store", merging.everything(past, opened.number, view))
        problems += islice(_differences(opened, Path(folder) / "store"), SHOWN)
    return problems


def _differences(opened: Release, expected: Path) -> Iterator[str]:
    # Both stores keep their quads in the order of the same encoding, so equal ones come in the same order.
    found = EmbeddedStore.open(opened.folder / "store").quads()
    for mine, theirs in zip_longest(found, EmbeddedStore.open(expected).quads()):
        if mine != theirs:
            yield from _explained(opened, expected)
            return


def _explained(opened: Release, expected: Path) -> Iterator[str]:
    for text, one, other in (
        ("should not be in the store", opened.folder / "store", expected),
        ("is missing in the store", expected, opened.folder / "store"),
    ):
        against = EmbeddedStore.open(other)
        for quad in EmbeddedStore.open(one).quads():
            if not _has(against, quad):
                yield f"release {opened.number}: {quad} {text}"


def _has(store: EmbeddedStore, quad: Quad) -> bool:
    return next(store.quads(quad.subject, quad.predicate, quad.object, quad.graph_name), None) is not None  # type: ignore[arg-type]
