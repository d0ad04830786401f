"""Holds a release against its manifest and the history: every quad that should be in the store is, and no other."""

from itertools import islice

from solld import release, versions
from solld.errors import BadSite
from solld.history import History
from solld.model import Settings
from solld.rdf import DEFAULT, RdfFormat, parse
from solld.stores.embedded import EmbeddedStore

SHOWN = 10  # problems told, of each kind


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
    problems += _missing(past, opened.number, EmbeddedStore.open(opened.folder / "store"))
    count = sum(1 for _ in EmbeddedStore.open(opened.folder / "store").quads())
    if count != opened.manifest["quads"]:
        problems.append(
            f"release {opened.number}: the store has {count} quads, the manifest says {opened.manifest['quads']}"
        )
    return problems


def _missing(past: History, number: int, store: EmbeddedStore) -> list[str]:
    lines = (line for version in past.current(number) for line in version.quads.split(b"\n"))
    problems = []
    while batch := list(islice(lines, 10_000)):
        for quad in parse(b"\n".join(batch), format=RdfFormat.N_QUADS):
            for graph in (quad.graph_name, DEFAULT):
                if next(store.quads(quad.subject, quad.predicate, quad.object, graph), None) is None:
                    problems.append(f"missing in the store: {quad.subject} {quad.predicate} {quad.object} in {graph}")
        if len(problems) >= SHOWN:
            break
    return problems[:SHOWN]
