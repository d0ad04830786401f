"""Turns changes of graphs into new versions of resources, and into the quads that leave and enter the store.

A version of a resource is what all datasets say of it, as sorted N-Quads. What the rules derive from a resource is
published in the same graph, but is no part of a version: it is a function of it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from solld import ingest, rules
from solld.changes import Change
from solld.history import History
from solld.queries import Query
from solld.rdf import RDF, document_of, iris, replaced

TYPE = b" " + str(RDF.type).encode() + b" "
MODULUS = 2**128
Renamer = Callable[[str], str | None]


@dataclass
class Delta:
    """What a build changes; lines are N-Quads with the graph, each ends in b' <graph> .'."""

    removed: list[bytes] = field(default_factory=list)  # no longer in their graph
    added: list[bytes] = field(default_factory=list)  # new in their graph
    lines: list[bytes] = field(
        default_factory=list
    )  # all lines of the resources that changed, and what is derived of them
    updated: dict[str, list[bytes]] = field(default_factory=dict)  # resource -> its new lines
    gone: list[str] = field(default_factory=list)  # resources that no dataset describes any more
    kinds: Counter[str] = field(default_factory=Counter)  # created, updated, removed
    sum: int = 0  # how the sum of the weights of all versions changes
    repeated: set[str] = field(default_factory=set)  # resources that say the same as before, in a new version
    touched: set[str] = field(default_factory=set)  # resources that a line which came or went points at

    def extend(self, other: "Delta") -> None:
        """Adds what happened afterwards."""
        self.removed += other.removed
        self.added += other.added
        left = frozenset(other.removed)  # what came first may have taken them along as what stays
        self.lines = [*(line for line in self.lines if line not in left), *other.lines]
        self.updated |= other.updated
        self.gone += other.gone
        self.kinds += other.kinds
        self.touched |= other.touched
        self.repeated |= other.repeated
        self.sum += other.sum


def weight(iri: str, digest: str) -> int:
    """What one version, by its hexadecimal digest, adds to the digest of a release."""
    return int.from_bytes(ingest.digest([iri.encode(), digest.encode()]), "big")


def graph_of(line: bytes) -> str:
    """The graph of an N-Quads line."""
    return line[line.rindex(b" <") + 2 : -3].decode()


def plain(line: bytes) -> bytes:
    """A line of N-Quads as one of N-Triples."""
    return line[: line.rindex(b" <")] + b" ."


def in_graph(line: bytes, graph: str) -> bytes:
    """A line of N-Triples as one of N-Quads."""
    return line[:-1] + b"<" + graph.encode() + b"> ."


def apply(
    changes: Iterable[Change],
    past: History,
    release: int,
    rename: Renamer,
    derive: Iterable[Query],
    erased: frozenset[str] = frozenset(),
) -> Delta:
    """Writes the new versions into the history and returns the difference for the store.

    `erased` are IRIs that nothing is said of, and that nothing points at.
    """
    changes = tuple(changes)
    said = _published(changes, rename)
    if erased:
        said = {name: _without(graphs, erased) for name, graphs in said.items() if name not in erased}
    delta = Delta()
    versions: list[tuple[str, str, bytes, bytes]] = []
    for name in sorted(said):
        before = past.latest(name)
        old = before.quads.split(b"\n") if before and before.quads else []
        new = sorted(
            [
                *(line for line in old if graph_of(line) not in said[name]),
                *(line for lines in said[name].values() for line in lines),
            ]
        )
        delta.lines += new
        digest = ingest.digest(new)
        if before and b"\n".join(new) == before.quads:
            continue
        kind = "removed" if not new else "updated" if old else "created"
        versions.append((name, kind, digest, b"\n".join(new)))
        delta.kinds[kind] += 1
        delta.sum -= weight(name, before.digest) if before and old else 0
        delta.sum += weight(name, digest.hex()) if new else 0
        if new:
            delta.updated[name] = new
        else:
            delta.gone.append(name)
        _differ(delta, old, new)
    past.add_versions(release, versions)
    made = _derive(delta, said, past, release, tuple(derive))
    repeat(past, release, made - {name for name, *_ in versions}, delta)
    for change in changes:
        past.set_parts(change.graph, change.digests.items(), change.removed)
    return delta


def _published(changes: Iterable[Change], rename: Renamer) -> dict[str, dict[str, list[bytes]]]:
    # resource -> graph -> N-Quads lines, all under published IRIs; no lines where the graph says nothing any more
    said: dict[str, dict[str, list[bytes]]] = defaultdict(dict)
    for change in changes:
        for name, lines in change.resources.items():
            said[rename(name) or name][change.graph] = [
                in_graph(replaced(line, rename), change.graph) for line in lines
            ]
        for name in change.removed:
            said[rename(name) or name][change.graph] = []
    return said


def _without(graphs: Mapping[str, list[bytes]], erased: frozenset[str]) -> dict[str, list[bytes]]:
    return {
        graph: [line for line in lines if erased.isdisjoint(map(document_of, iris(line)[:-1]))]
        for graph, lines in graphs.items()
    }


def _differ(delta: Delta, old: Iterable[bytes], new: Iterable[bytes]) -> None:
    before, after = set(old), set(new)
    out, into = sorted(before - after), sorted(after - before)
    delta.removed += out
    delta.added += into
    delta.touched |= {document_of(iri) for line in (*out, *into) for iri in iris(line)[2:-1]}


def _derive(
    delta: Delta,
    said: Mapping[str, Mapping[str, list[bytes]]],
    past: History,
    release: int,
    derive: tuple[Query, ...],
) -> set[str]:
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
    return changed


def _settle(delta: Delta, graph: str, left: Iterable[str], into: Iterable[str], past: History) -> None:
    # A line may be both asserted and derived: it leaves with the last of them and enters with the first.
    for text in sorted(left):
        line = in_graph(text.encode(), graph)
        if not _is_asserted(line, past):
            delta.removed.append(line)
            delta.touched |= {document_of(iri) for iri in iris(line)[:-1]}
    for text in sorted(into):
        line = in_graph(text.encode(), graph)
        if not _is_asserted(line, past):
            delta.added.append(line)
            delta.touched |= {document_of(iri) for iri in iris(line)[:-1]}
    kept = [line for line in delta.removed if graph_of(line) == graph and past.is_derived(graph, plain(line).decode())]
    if kept:
        delta.removed = [line for line in delta.removed if line not in set(kept)]
        delta.lines += kept


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


def counts(removed: Iterable[bytes], added: Iterable[bytes]) -> dict[str, dict[str, Counter[str]]]:
    """graph -> "triples", "class", "property" -> IRI ("" for triples) -> how much it grew."""
    found: dict[str, dict[str, Counter[str]]] = defaultdict(lambda: defaultdict(Counter))
    for sign, lines in ((-1, removed), (1, added)):
        for line in lines:
            _, predicate, rest = line.split(b" ", 2)
            graph = found[graph_of(line)]
            graph["triples"][""] += sign
            graph["property"][predicate[1:-1].decode()] += sign
            if TYPE in line[: len(line) - len(rest) + 1]:
                graph["class"][rest[1 : rest.index(b">")].decode()] += sign
    return found


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
        lines |= {plain(line) for line in said if line and graph_of(line) == graph}
        lines |= {text.encode() for text in past.derived(graph, name)}
    return b"\n".join(sorted(lines))
