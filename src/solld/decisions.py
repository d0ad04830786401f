"""What decisions on identifiers do to a build: what leads where, and what has a new version because of it."""

from collections.abc import Iterator

from solld import fates, identify, judging, release, storing, versions
from solld.addresses import thing_iri
from solld.delta import Delta
from solld.fates import Act, Fates
from solld.history import History
from solld.identify import Register
from solld.leading import Leading
from solld.model import Release, Settings
from solld.rdf import DCT, PROV, NamedNode, iris, replaced


def decided(settings: Settings, register: Register, past: History | None) -> Fates:
    """The decisions on identifiers; BadData if one is wrong, or one that a release was made with is gone."""
    path = fates.path_of(settings.folder)
    found = fates.read(path, register.issued())
    fates.check_kept(path, found.acts, past.fates() if past else [])
    return found


def decide(settings: Settings, act: Act) -> None:
    """Writes a decision on an identifier into the site; BadData if it cannot be taken. A build makes it public."""
    with release.locked(settings):
        history = settings.var / "history.sqlite"
        past = History.read_only(history) if history.exists() else None
        register = identify.checked(settings, past, {})
        path = fates.path_of(settings.folder)
        before = decided(settings, register, past)
        judging.check(settings, register, before, fates.taken(path, before, [act], register.issued()), act)
        fates.add(path, before, [act], register.issued())


def restate(past: History, newest: Release | None, number: int, before: Leading, after: Leading, delta: Delta) -> None:
    """What other identifiers lead to has a new version when one of these has; what points at these, when they move."""
    changed = {*delta.updated, *delta.gone}
    others = {after.to[iri] for iri in after.to.keys() & changed} - changed
    # Rules may make something else of what leads to it, though that says the same.
    made = {after.to[iri] for iri in after.to.keys() & delta.repeated} - changed - others
    versions.restate(past, number, others, after.led, delta)
    moved = before.differs(after)
    pointing = {after.to.get(iri, iri) for iri in _pointing(past, newest, number, moved)} if moved else set()
    versions.repeat(past, number, (pointing | made) - changed - others, delta)


def _pointing(past: History, newest: Release | None, number: int, moved: set[str]) -> set[str]:
    """The resources that say something of these."""
    if newest:
        return storing.pointing(newest.folder / "store", moved)
    lines = ((each.iri, line) for each in past.current(number) for line in each.quads.split(b"\n"))
    return {iri for iri, line in lines if moved & set(iris(line)[2:])}


def identities(settings: Settings, decided: Fates) -> Iterator[bytes]:
    """What became of identifiers, as N-Triples lines; nothing is said of what is not published."""
    hidden = decided.hidden
    for one, other in (*decided.merged.items(), *decided.parted.items()):
        if one in hidden or other in hidden:
            continue
        mine, theirs = (NamedNode(thing_iri(settings.base, each)) for each in (one, other))
        if one in decided.merged:
            yield f"{mine} {DCT.isReplacedBy} {theirs} .".encode()
            yield f"{theirs} {DCT.replaces} {mine} .".encode()
        else:
            yield f"{mine} {PROV.wasDerivedFrom} {theirs} .".encode()


def led(past: History, leading: Leading, iri: str, release: int | None = None) -> Iterator[bytes]:
    """What is said of others that lead here, in a release or now, as if it was said of this one."""
    for other in leading.led.get(iri, ()):
        version = past.latest(other, release)
        for line in version.quads.split(b"\n") if version and version.quads else ():
            yield replaced(line, {other: iri}.get)
