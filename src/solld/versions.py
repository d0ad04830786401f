"""Turns changes of graphs into new versions of resources, and into the quads that leave and enter the store.

A version of a resource is what all datasets say of it, as sorted N-Quads. What the rules derive from a resource is
published in the same graph, but is no part of a version: it is a function of it.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from solld import ingest, rules
from solld.changes import Change
from solld.delta import Delta, counts
from solld.history import History
from solld.identify import Renamer
from solld.progress import Tick, unseen
from solld.queries import Query
from solld.rdf import document_of, graph_of, in_graph, iris, targets, without_graph

PART = 2000  # resources that are in memory at once
MODULUS = 2**128
Said = Mapping[str, Mapping[str, list[bytes]]]  # resource -> graph -> N-Quads lines
Places = Mapping[str, Sequence[tuple[Change, str, bool]]]  # resource -> what says something of it, as what, and still


def weight(iri: str, digest: str) -> int:
    """What one version, by its hexadecimal digest, adds to the digest of a release."""
    return int.from_bytes(ingest.digest([iri.encode(), digest.encode()]), "big")


def apply(
    changes: Iterable[Change],
    past: History,
    release: int,
    rename: Renamer,
    derive: Iterable[Query],
    erased: frozenset[str] = frozenset(),
    tick: Tick = unseen,
) -> Delta:
    """Writes the new versions into the history and returns the difference for the store.

    `erased` are IRIs that nothing is said of, and that nothing points at.
    """
    changes, derive = tuple(changes), tuple(derive)
    places = _places(changes, rename)
    names = sorted(places.keys() - erased)
    concerned = rules.concerned(derive)
    before = {change.graph for change in changes if past.has_derived(change.graph)}
    delta, waiting = Delta(), []
    for start in range(0, len(names), PART):
        said = {name: _said(places[name], rename, erased) for name in names[start : start + PART]}
        delta.extend(_versioned(said, past, release))
        tick(len(said))
        waiting += [
            name
            for name, graphs in said.items()
            if derive and (not before.isdisjoint(graphs) or _is_concerned(concerned, graphs))
        ]
    for start in range(0, len(waiting), PART):
        part = waiting[start : start + PART]
        said = {name: _said(places[name], rename, erased) for name in part}
        made = _derive(delta, said, past, release, derive)
        repeat(past, release, made - delta.updated.keys() - frozenset(delta.gone), delta)
    for change in changes:
        past.set_parts(change.graph, change.digests.items(), change.removed)
    return delta


def _is_concerned(pattern: "re.Pattern[bytes] | None", graphs: Mapping[str, list[bytes]]) -> bool:
    """Whether a rule may make something of what is said of a resource."""
    return pattern is None or any(pattern.search(line) for lines in graphs.values() for line in lines)


def _places(changes: Iterable[Change], rename: Renamer) -> Places:
    found: dict[str, list[tuple[Change, str, bool]]] = defaultdict(list)
    for change in changes:
        for name in change.resources:
            found[rename(name) or name].append((change, name, True))
        for name in change.removed:
            found[rename(name) or name].append((change, name, False))
    return found


def _said(
    places: Iterable[tuple[Change, str, bool]], rename: Renamer, erased: frozenset[str]
) -> dict[str, list[bytes]]:
    """graph -> N-Quads lines of a resource, under published IRIs; none where the graph says nothing any more."""
    said: dict[str, list[bytes]] = {}
    for change, name, is_there in places:
        end = b"<" + change.graph.encode() + b"> ."
        lines = rename.lines(change.resources[name]) if is_there else []
        said[change.graph] = [line[:-1] + end for line in lines]
        if erased:
            said[change.graph] = [
                line for line in said[change.graph] if erased.isdisjoint(map(document_of, iris(line)[:-1]))
            ]
    return said


def _versioned(said: Said, past: History, release: int) -> Delta:
    """Writes the new versions of some resources."""
    delta = Delta()
    versions: list[tuple[str, str, bytes, bytes]] = []
    for name, graphs in said.items():
        before = past.latest(name)
        old = before.quads.split(b"\n") if before and before.quads else []
        kept = (line for line in old if graph_of(line) not in graphs)
        new = sorted([*kept, *(line for lines in graphs.values() for line in lines)])
        delta.lines += new
        if before and b"\n".join(new) == before.quads:
            continue
        digest = ingest.digest(new)
        kind = "removed" if not new else "updated" if old else "created"
        versions.append((name, kind, digest, b"\n".join(new)))
        delta.kinds[kind] += 1
        delta.sum -= weight(name, before.digest) if before and old else 0
        delta.sum += weight(name, digest.hex()) if new else 0
        if new:
            delta.updated[name] = new
        else:
            delta.gone.append(name)
        _differ(delta, name, old, new)
    past.add_versions(release, versions)
    delta.counts = counts(delta.removed, delta.added)
    delta.size = len(delta.lines) + len(delta.removed)
    return delta


def _differ(delta: Delta, name: str, old: list[bytes], new: list[bytes]) -> None:
    if old and new:
        before, after = set(old), set(new)
        old, new = sorted(before - after), sorted(after - before)
    delta.removed += old
    delta.added += new
    delta.touched |= targets((*old, *new)) - {name}


def _derive(delta: Delta, said: Said, past: History, release: int, derive: tuple[Query, ...]) -> set[str]:
    """Notes what rules make now, and returns the resources of which they make something else than before."""
    changed: set[str] = set()
    by_graph: dict[str, dict[str, list[bytes]]] = defaultdict(dict)
    for name, graphs in said.items():
        for graph, lines in graphs.items():
            suffix = b"<" + graph.encode() + b"> ."
            by_graph[graph][name] = [line.removesuffix(suffix) + b"." for line in lines]
    for graph in sorted(by_graph):
        made = rules.derive(by_graph[graph], derive)
        out: set[str] = set()
        into: set[str] = set()
        for name in sorted(by_graph[graph]):
            before = past.derived(graph, name)
            after = {line.decode() for line in made.get(name, ())}
            out |= before - after
            into |= {t for t in after - before if not past.is_derived(graph, t)}
            if before != after:
                changed.add(name)
                past.set_derived(release, graph, name, before - after, after - before)
            delta.lines += [in_graph(line.encode(), graph) for line in sorted(after)]
        left = {t for t in out if not past.is_derived(graph, t)} - into
        _settle(delta, graph, left, into, past)
    delta.lighten()
    return changed


def _settle(delta: Delta, graph: str, left: Iterable[str], into: Iterable[str], past: History) -> None:
    # A line may be both asserted and derived: it leaves with the last of them and enters with the first.
    changed = Delta()
    for texts, lines in ((sorted(left), changed.removed), (sorted(into), changed.added)):
        for text in texts:
            line = in_graph(text.encode(), graph)
            if not _is_asserted(line, past):
                lines.append(line)
                changed.touched |= {document_of(iri) for iri in iris(line)[:-1]}
    kept = {
        line
        for line in delta.removed
        if graph_of(line) == graph and past.is_derived(graph, without_graph(line).decode())
    }
    delta.removed = [line for line in delta.removed if line not in kept]
    changed.lines += sorted(kept)
    changed.counts = counts(changed.removed, (*changed.added, *kept))
    changed.size = len(changed.added) + len(changed.removed)
    delta.removed += changed.removed
    delta.added += changed.added
    delta.lines += changed.lines
    changed.removed, changed.added, changed.lines = [], [], []
    delta.extend(changed)


def _is_asserted(line: bytes, past: History) -> bool:
    version = past.latest(document_of(iris(line)[0]))
    return version is not None and line in version.quads.split(b"\n")


def repeat(past: History, release: int, iris: Iterable[str], delta: Delta) -> None:
    """New versions of what says the same as before, and means something else now."""
    latest = [v for iri in sorted(set(iris) - delta.repeated) if (v := past.latest(iri)) and v.quads]
    past.add_versions(release, [(v.iri, "updated", bytes.fromhex(v.digest), v.quads) for v in latest])
    delta.repeated |= {version.iri for version in latest}
    delta.kinds["updated"] += len(latest)


def restate(past: History, release: int, iris: Iterable[str], led: Mapping[str, Iterable[str]], delta: Delta) -> None:
    """New versions of what did not change itself, but what leads to it did.

    `led` has what leads to each. The quads are the same; the digest is of all that is said under the identifier.
    """
    for iri in sorted(iris):
        version = past.latest(iri)
        if version is None or not version.quads:
            continue
        others = [other.digest.encode() for each in sorted(led[iri]) if (other := past.latest(each))]
        digest = ingest.digest([version.quads, *others])
        past.add_versions(release, [(iri, "updated", digest, version.quads)])
        delta.sum += weight(iri, digest.hex()) - weight(iri, version.digest)
        delta.kinds["updated"] += 1
        delta.updated[iri] = version.quads.split(b"\n")


def everything(past: History, release: int) -> Iterator[bytes]:
    """Every line of the named graphs of a release, from the history alone; a line may come twice."""
    for version in past.current(release):
        yield from version.quads.split(b"\n")
    for graph, triple in past.all_derived(release):
        yield in_graph(triple.encode(), graph)


def of_graph(past: History, graph: str) -> bytes:
    """A graph of the newest release, as sorted N-Triples; of a small one."""
    lines: set[bytes] = set()
    for name in past.parts(graph):
        version = past.latest(name)
        said = version.quads.split(b"\n") if version else ()
        lines |= {without_graph(line) for line in said if line and graph_of(line) == graph}
        lines |= {text.encode() for text in past.derived(graph, name)}
    return b"\n".join(sorted(lines))
