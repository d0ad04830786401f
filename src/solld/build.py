"""Builds a release: plans what to do, names and versions what changed, and applies it to a checkpoint.

plan      files -> what changed, checked           plan, changes, ingest, validate, quotations
name      source keys -> identifiers               identify, ledger
version   one row per version of a resource        versions, history
apply     the difference, to a checkpoint          release, index
"""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import solld
from solld import (
    decisions,
    fates,
    findings,
    generated,
    history,
    identify,
    index,
    indexing,
    judging,
    leading,
    merged,
    merging,
    plan,
    release,
    searching,
    site,
    storing,
    versions,
)
from solld.addresses import thing_iri
from solld.delta import Delta
from solld.errors import StoreFailed
from solld.findings import Report
from solld.history import History
from solld.identify import Register
from solld.judging import Followed
from solld.leading import Leading
from solld.link import stating
from solld.link.told import Standing
from solld.model import Finding, Release, Settings
from solld.plan import VIOLATION, Plan, Say
from solld.progress import bar
from solld.rdf import in_graph
from solld.search import index as search
from solld.storing import Contested


@dataclass(frozen=True)
class Outcome:
    """What a build did. `fresh` tells whether it made a release; without changes the newest one stands."""

    release: Release | None
    fresh: bool
    findings: tuple[Finding, ...]
    kinds: Mapping[str, int]  # created, updated, removed -> how many resources

    @property
    def conforms(self) -> bool:
        return not any(finding.severity == VIOLATION for finding in self.findings)


def check(settings: Settings, say: Say = lambda text: None) -> Outcome:
    """Reads and checks the whole site; writes nothing and needs no release."""
    path = settings.var / "history.sqlite"
    past = History.read_only(path) if path.exists() else None
    register = identify.checked(settings, past, {})
    decided = decisions.decided(settings, register, past)
    followed = judging.follow(settings, register, decided, _today(), past, None)
    planned = plan.make(settings, None, None, say, identify.keys(register, followed.decided.hidden))
    told = (*followed.findings, *judging.foretold(followed), *_unnamed(settings, register, planned.named))
    return Outcome(None, False, (*planned.findings, *told), {})


def _today() -> str:
    return history.now().date().isoformat()


def _unnamed(settings: Settings, register: Register, named: Iterable[str]) -> Iterator[Finding]:
    # A line that was taken out of a ledger before the first build of a clone can only be noticed here.
    for dataset, keys in identify.missing(settings.base, register, named).items():
        if register.read.get(dataset):
            message = f"{len(keys)} keys have no identifier yet, such as {min(keys)!r}; a build will mint them"
            yield Finding("Info", message, f"data/{dataset}/ids.csv", dataset=dataset)


def build(settings: Settings, say: Say = lambda text: None) -> Outcome:
    """Makes a release of what the site holds now, if that differs from the newest one."""
    with release.locked(settings):
        past = History.open(settings.var / "history.sqlite")
        try:
            release.clear_orphans(settings, past.releases())
            past.begin()
            outcome = _build(settings, past, say)
            past.commit()
        except OSError as error:
            raise StoreFailed(error.filename or settings.var, error.strerror or str(error)) from error
        finally:
            past.rollback()
            past.close()
        if outcome.fresh and outcome.release:
            release.prune(settings, outcome.release.number)
        return outcome


def _build(settings: Settings, past: History, say: Say) -> Outcome:
    number = max(past.releases(), default=0)
    folder = release.folder_of(settings, number)
    # What a release before an erasure has would go on in the files that the next one shares with it.
    newest = release.load(folder) if folder.is_dir() and number >= past.last_erasure() else None
    register = identify.checked(settings, past, newest.manifest["ledgers"] if newest else {})
    decided = decisions.decided(settings, register, past)
    followed = judging.follow(settings, register, decided, _today(), past, newest)
    seen = stating.of_manifest(newest.manifest if newest else {})
    planned = plan.make(settings, past, newest, say, identify.keys(register, followed.decided.hidden))
    planned = replace(planned, findings=(*planned.findings, *followed.findings))
    stated = stating.now(settings, followed.judged, seen) == seen
    if newest and stated and _is_as(newest, planned, followed, register, past):
        return Outcome(newest, False, planned.findings, {})
    if followed.acts:
        fates.add(fates.path_of(settings.folder), decided, followed.acts, register.issued())
    fresh = release.folder_of(settings, number + 1)
    try:
        fresh.mkdir(parents=True)
        return _write(planned, register, past, newest, number + 1, fresh, followed, say)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def _is_as(newest: Release, planned: Plan, followed: Followed, register: Register, past: History) -> bool:
    """Whether a release would be as the newest one."""
    return (
        len(followed.decided.acts) == len(past.fates())
        and not register.read
        and not any(c.digests or c.removed for c in planned.changes)
        and planned.inputs == newest.manifest["inputs"]
        and newest.manifest.get("index") == index.VERSION
        and newest.manifest.get("search") == search.VERSION
        and followed.fingerprint == newest.manifest.get(judging.KEY, "")
    )


def _write(
    planned: Plan,
    register: Register,
    past: History,
    newest: Release | None,
    number: int,
    folder: Path,
    followed: Followed,
    say: Say,
) -> Outcome:
    settings, standing = planned.settings, Standing(followed.judged, followed.decided)
    decided = standing.decided
    built = history.now()
    latest = max(past.releases().values(), default=built)
    built = max(built, latest)  # a clock that was set back never gives a release an earlier time than the one before
    past.add_release(number, built)
    say("naming and versioning")
    register = identify.minted(settings, register, planned.named, built.date().isoformat())
    for name, entries in register.read.items():
        past.add_identifiers(name, ((identifier, key, minted) for key, (identifier, minted) in entries.items()))
    rename = identify.Renamer(settings.base, register)
    erased = frozenset(thing_iri(settings.base, each) for each in decided.erased)
    with bar(say, "versioning", "resources", sum(len(change.digests) for change in planned.changes)) as tick:
        delta = versions.apply(planned.changes, past, number, rename, planned.vocabulary.rules, erased, tick)
    _count(past, delta)
    if planned.again or past.ontology(number) is None:
        past.add_ontology(number, planned.vocabulary.prefixes, versions.of_graph(past, planned.vocabulary.graph))
    before = leading.of(settings.base, fates.replayed(past.fates()).merged)
    after = leading.of(settings.base, decided.merged)
    acts = decided.acts[len(past.fates()) :]
    past.add_fates(number, acts)
    report = Report(planned.findings, plan.genid(settings), rename)
    later = versions.apply([generated.change(planned, past, report, decided)], past, number, rename, (), erased)
    _count(past, later)
    delta.extend(later)
    decisions.restate(past, newest, number, before, after, delta)
    delta.extend(_unversioned(site.findings_graph(settings).value, findings.lines(report), past, number))
    seen = stating.of_manifest(newest.manifest if newest else {})
    delta.extend(stating.change(settings, past, number, standing, seen, acts, planned.again))
    past.touch(number, {iri for iri in delta.touched - delta.updated.keys() if iri.startswith(settings.base)})
    say("writing the store")
    quads = _store(past, newest, folder, delta, number, settings.base, after)
    say("writing the index of names")
    sizes = _indexed(planned, past, newest, number, folder, delta, after)
    manifest = _manifest(planned, number, built.isoformat(), quads, delta, past, newest) | sizes
    manifest["links"] = asdict(stating.now(settings, standing.judged, seen))
    manifest[judging.KEY] = followed.fingerprint
    release.write_manifest(folder, manifest)
    return Outcome(release.load(folder), True, planned.findings, dict(delta.kinds))


def _indexed(
    planned: Plan, past: History, newest: Release | None, number: int, folder: Path, delta: Delta, after: Leading
) -> dict[str, int]:
    """Writes the indexes of a release; what its manifest says of them."""
    base = planned.settings.base
    view = merging.of_catalogue(past, number, base, after)
    names = indexing.update(planned, past, newest, number, folder, delta, view)
    # More of the merged view may differ than what changed.
    again = planned.again or newest is None or not view.is_as(merging.of(past, newest.number, base))
    found = searching.update(planned.settings, past, newest, number, folder, delta, after, again)
    return {"names": names, "index": index.VERSION, "searched": found, "search": search.VERSION}


def _count(past: History, delta: Delta) -> None:
    for graph, kinds in delta.counts.items():
        for kind, differences in kinds.items():
            past.count(graph, kind, differences)


def _unversioned(graph: str, block: bytes, past: History, number: int) -> Delta:
    """The difference of a graph that has no versions: its lines are kept as derived from itself."""
    before = past.derived(graph, graph)
    after = set(block.decode().splitlines())
    past.set_derived(number, graph, graph, before - after, after - before)
    return Delta(
        removed=[in_graph(t.encode(), graph) for t in sorted(before - after)],
        added=[in_graph(t.encode(), graph) for t in sorted(after - before)],
        lines=[in_graph(t.encode(), graph) for t in sorted(after)],
    )


def _store(
    past: History, newest: Release | None, folder: Path, delta: Delta, number: int, base: str, after: Leading
) -> int:
    """Writes the release's store; returns how many quads it has."""
    store = folder / "store"
    view = merging.of_catalogue(past, number, base, after)
    before = merging.of(past, newest.number, base) if newest else view
    if newest and view.is_as(before) and not delta.is_many:
        storing.checkpoint(newest.folder / "store", store)
        moved = before.leading.differs(after)
        names = {*merged.things((*delta.lines, *delta.removed)), *moved}
        names |= {each.to[name] for each in (before.leading, after) for name in moved & each.to.keys()}
        has, out = merging.contested(past, number, view, names)
        _, earlier = merging.contested(past, newest.number, before, names)
        difference = storing.change(
            store, b"\n".join(delta.removed), b"\n".join(delta.entering()), before, view, Contested(has, out, earlier)
        )
        return int(newest.manifest["quads"]) + difference
    return storing.fill(store, merging.everything(past, number, view))


def _manifest(
    planned: Plan,
    number: int,
    built: str,
    quads: int,
    delta: Delta,
    past: History,
    newest: Release | None,
) -> dict[str, Any]:
    settings = planned.settings
    return {
        "release": number,
        "built": built,
        "engine": solld.__version__,
        "base": settings.base,
        "quads": quads,
        "inputs": dict(sorted(planned.inputs.items())),
        "harvested": dict(planned.harvested),
        "ledgers": identify.fingerprints(settings),
        "prefixes": dict(sorted(planned.prefixes.items())),
        "ontology_prefixes": dict(sorted(planned.vocabulary.prefixes.items())),
        "datasets": {d.name: {"graph": d.graph.value, **_sizes(past, d.graph.value)} for d in planned.datasets},
        "erased_before": past.last_erasure(),  # a release before it has what was erased since
        "changes": {kind: delta.kinds[kind] for kind in ("created", "updated", "removed")},
        "findings": [{**asdict(finding), "messages": ()} for finding in planned.findings],
        "digest": _digest(past, newest, delta, number),
    }


def _digest(past: History, newest: Release | None, delta: Delta, number: int) -> str:
    """One number for all versions of a release: the sum of theirs, so a small change costs a small sum."""
    if newest:
        total = int(newest.manifest["digest"], 16) + delta.sum
    else:
        total = sum(versions.weight(v.iri, v.digest) for v in past.current(number))
    return f"{total % versions.MODULUS:032x}"


def _sizes(past: History, graph: str) -> dict[str, int]:
    return {"triples": past.tally(graph, "triples").get("", 0), "resources": past.number_of_parts(graph)}
