"""Makes a release of the past again, from the history alone: its store, its names, its manifest.

What it says is what it said; what a build found about its data then is not told again beyond the findings graph.
"""

import shutil
from contextlib import closing
from typing import Any

import solld
from solld import index, indexing, merging, release, searching, storing, versions
from solld.errors import BadSite, StoreFailed
from solld.history import History
from solld.model import Release, Settings
from solld.plan import Say
from solld.search import index as search
from solld.stores.embedded import EmbeddedStore


def make(settings: Settings, number: int, say: Say) -> Release:
    """The release of a number: as it lies on the disk, or made again. BadSite if there never was one."""
    folder = release.folder_of(settings, number)
    path = settings.var / "history.sqlite"
    if not path.exists():
        raise BadSite(path, "there is no history to make a release from")
    with release.locked(settings):
        past = History.read_only(path)
        try:
            if number not in past.releases():
                last = max(past.releases(), default=0)
                raise BadSite(path, f"there never was a release {number}; there are 1 to {last}")
            if not folder.is_dir():
                say(f"making release {number} again")
                _make(settings, past, number)
            return release.load(folder)
        except OSError as error:
            raise StoreFailed(error.filename or folder, error.strerror or str(error)) from error
        finally:
            past.close()


def _make(settings: Settings, past: History, number: int) -> None:
    folder = release.folder_of(settings, number)
    fresh = folder.with_name(f"{number}.new")  # no release until it has its name: a build clears it away
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        view = merging.of(past, number, settings.base)
        quads = storing.fill(fresh / "store", merging.everything(past, number, view))
        entries = indexing.of(past, number, settings.base, view).everything()
        names = index.update(fresh / "names", entries, ())
        with closing(EmbeddedStore.open(fresh / "store")) as store:
            viewed = searching.viewed(settings, past, number, store, view.leading)
            searched = searching.everything(viewed, past, number, fresh)
        manifest = _manifest(settings, past, number, quads, names) | {"search": search.VERSION, "searched": searched}
        release.write_manifest(fresh, manifest)
        fresh.rename(folder)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _manifest(settings: Settings, past: History, number: int, quads: int, names: int) -> dict[str, Any]:
    _, prefixes, _ = past.ontology(number) or (0, {}, b"")
    total = sum(versions.weight(v.iri, v.digest) for v in past.current(number)) % versions.MODULUS
    prefix = f"{settings.base}dataset/"
    return {
        "release": number,
        "built": past.releases()[number].isoformat(),
        "engine": solld.__version__,
        "base": settings.base,
        "quads": quads,
        "names": names,
        "index": index.VERSION,
        "inputs": {},  # so that a build reads everything anew
        "ledgers": {},
        "prefixes": prefixes,
        "ontology_prefixes": prefixes,
        "datasets": {iri.removeprefix(prefix): {"graph": iri} for iri in past.under(prefix, number)},
        "changes": past.kinds(number),
        "findings": [],
        "digest": f"{total:032x}",
    }
