"""Loads a release into a server, beside the ones that are there: whole graphs in chunks, or only what changed.

Nothing here changes what is served: a slot that a release on the disk needs is never written. Each graph is counted
when it is loaded and only then entered in the register as whole, so after a broken load the next one goes on with the
graphs that are missing.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from solld.errors import ServerFailed
from solld.rdf import DEFAULT, DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse, triple
from solld.stores.embedded import EmbeddedStore
from solld.stores.remote_graphs import Placement, Register, Slot, merged_iri, none_iri
from solld.stores.remote_server import DATA, Server, chunks

CHUNK = 20_000  # triples sent at once by the Graph Store Protocol: some 2 MiB
TOLD = 200_000  # triples between two words on how far it is
WHOLE = 0.5  # where more than this part of a graph changed it is loaded again
PATIENCE = 5.0  # seconds beyond the longest query, before a slot that was served may be written
SAMPLES = 2  # literals of each datatype that are read back
Say = Callable[[str], None]
Changes = Callable[[str], Mapping[str, set[bytes]] | None]


@dataclass(frozen=True)
class Task:
    """What is loaded: the graphs of a release, from its own store, to a server."""

    server: Server
    base: str
    label: str  # of the release
    store: EmbeddedStore
    changes: Changes  # release label -> graph -> N-Triples that may differ since; None if that is not known
    needed: frozenset[str]  # slots of the releases on the disk
    grace: float  # seconds that a reader may still be at a slot after it was retired
    say: Say


def load(task: Task) -> Placement:
    """Sees to it that every graph of the release is on the server; returns where."""
    register = Register(task.server, task.base)
    for slot in [s for s in register.slots.values() if not s.release and not s.served and s.name not in task.needed]:
        task.say(f"dropping {slot.name}, which a broken load left")
        drop(task.server, slot.name)
        register.remove(slot)
    loader = _Loader(task, register)
    graphs = sorted(graph.value for graph in task.store.graphs())
    places = {graph: loader.placed(graph) for graph in graphs}
    merged = loader.placed(merged_iri(task.base))
    held = [register.slots[name] for name in (merged, *places.values())]
    register.put(*(replace(slot, release=task.label) for slot in held if slot.release != task.label))
    notes = tuple({"sent": sent, "held": held} for sent, held in loader.notes)
    return Placement(task.label, task.server.place.query, merged, places, none_iri(task.base), notes)


class _Loader:
    """Places the graphs of one release, one after the other."""

    def __init__(self, task: Task, register: Register):
        self.task, self.register = task, register
        self.server = task.server
        self.notes: list[tuple[str, str]] = []
        self._changes: dict[str, Mapping[str, set[bytes]] | None] = {}

    def placed(self, graph: str) -> str:
        """The slot that holds a graph as it is in the release."""
        slots = self.register.of(graph)
        for slot in slots:
            if slot.release and self._changed(slot, graph) == set():
                return slot.name
        size = self._size(graph)
        free = [s for s in slots if s.release and not s.served and s.name not in self.task.needed]
        if self.server.place.update:
            for slot in sorted(free, key=lambda s: len(self._changed(s, graph) or ())):
                changed = self._changed(slot, graph)
                if changed is not None and len(changed) <= WHOLE * size and self._updated(slot, changed, size):
                    return slot.name
        return self._loaded(graph, size)

    def _changed(self, slot: Slot, graph: str) -> set[bytes] | None:
        if slot.release == self.task.label:
            return set()
        if slot.release not in self._changes:
            self._changes[slot.release] = self.task.changes(slot.release)
        changes = self._changes[slot.release]
        if changes is None:
            return None
        if graph == merged_iri(self.task.base):
            return {line for lines in changes.values() for line in lines}
        return changes.get(graph, set())

    def _size(self, graph: str) -> int:
        pattern = "{ ?s ?p ?o }" if graph == merged_iri(self.task.base) else f"{{ GRAPH <{graph}> {{ ?s ?p ?o }} }}"
        ((count,),) = self.task.store.select(f"SELECT (COUNT(*) AS ?n) WHERE {pattern}")
        assert isinstance(count, Literal)
        return int(count.value)

    def _name(self, graph: str) -> NamedNode | DefaultGraph:
        return DEFAULT if graph == merged_iri(self.task.base) else NamedNode(graph)

    # Only what changed ---------------------------------------------------------------------------------------------

    def _updated(self, slot: Slot, changed: set[bytes], size: int) -> bool:
        """Brings a slot that nobody reads up to date; False if it then does not hold what it should."""
        self._wait_for_readers(slot)
        self.task.say(f"updating {slot.graph}: {len(changed)} triples may have changed")
        self.register.put(replace(slot, release="", triples=0))
        out: list[Triple] = []
        into: list[Triple] = []
        for quad in EmbeddedStore.of(parse(b"\n".join(changed), format=RdfFormat.N_TRIPLES)).quads():
            # As a store writes them, that is: "1.50" is "1.5".
            kept = next(self.task.store.quads(*_parts(quad), self._name(slot.graph)), None)
            (into if kept else out).append(triple(quad))
        self.server.change(slot.name, out, into)
        if self._count(slot.name) != size:
            return False
        self._keep(slot, size, _Samples(into))
        return True

    def _wait_for_readers(self, slot: Slot) -> None:
        left = slot.retired + self.task.grace + PATIENCE - time.time()
        if slot.retired and left > 0:
            self.task.say(f"waiting {left:.0f} seconds for the last readers of {slot.name}")
            time.sleep(left)

    # Whole graphs --------------------------------------------------------------------------------------------------

    def _loaded(self, graph: str, size: int) -> str:
        slot = self.register.fresh(graph)
        self.register.put(slot)  # so that what a broken load leaves is known, and dropped by the next one
        sent = 0
        samples = _Samples(triple(quad) for quad in self.task.store.quads(None, None, None, self._name(graph)))
        for lines in chunks(samples, CHUNK if self.server.place.graph_store else DATA):
            if self.server.place.graph_store:
                self.server.post(slot.name, lines)
            else:
                self.server.update(f"INSERT DATA {{ GRAPH <{slot.name}> {{\n{lines.decode()}}} }}")
            sent += lines.count(b"\n")
            if sent % TOLD == 0 or sent == size:
                self.task.say(f"loading {graph}: {sent} of {size} triples")
        held = self._count(slot.name)
        if held != size:
            raise ServerFailed(
                slot.name, f"the release has {size} triples and the server holds {held}{self._where(slot)}"
            )
        self._keep(slot, size, samples)
        return slot.name

    def _keep(self, slot: Slot, size: int, sent: "_Samples") -> None:
        self.notes += self._altered(slot, sent)
        self.register.put(replace(slot, release=self.task.label, triples=size, served=False, retired=0.0))

    def _count(self, slot: str) -> int:
        return self.server.number(f"SELECT (COUNT(*) AS ?n) WHERE {{ GRAPH <{slot}> {{ ?s ?p ?o }} }}")

    def _where(self, slot: Slot) -> str:
        """The predicates whose numbers differ, a few of them."""
        pattern = "?s ?p ?o" if slot.graph == merged_iri(self.task.base) else f"GRAPH <{slot.graph}> {{ ?s ?p ?o }}"
        query = "SELECT ?p (COUNT(*) AS ?n) WHERE {{ {} }} GROUP BY ?p"
        mine = {str(p): n.value for p, n in self.task.store.select(query.format(pattern)) if isinstance(n, Literal)}
        rows = self.server.select(query.format(f"GRAPH <{slot.name}> {{ ?s ?p ?o }}"))
        theirs = {str(row[0]): row[1].value for row in rows}
        differ = (
            f"{p}: {mine.get(p, 0)} and {theirs.get(p, 0)}" for p in mine | theirs if mine.get(p) != theirs.get(p)
        )
        return "".join(f"; {text}" for text in islice(differ, 3))

    def _altered(self, slot: Slot, sent: "_Samples") -> Iterator[tuple[str, str]]:
        """(as sent, as held) of literals that the server writes otherwise, from a few of each datatype."""
        for triple_ in sent.taken:
            query = f"SELECT ?o WHERE {{ GRAPH <{slot.name}> {{ {triple_.subject} {triple_.predicate} ?o }} }}"
            held = {str(row[0]) for row in self.server.select(query)}
            if str(triple_.object) not in held:
                yield str(triple_.object), " or ".join(sorted(held)[:2])


class _Samples(Iterable[Triple]):
    """Passes triples on, and remembers some literals of each datatype and language."""

    def __init__(self, triples: Iterable[Triple]):
        self._triples = triples
        self._kinds: Counter[str] = Counter()
        self.taken: list[Triple] = []

    def __iter__(self) -> Iterator[Triple]:
        for each in self._triples:
            if isinstance(each.object, Literal):
                kind = each.object.language or each.object.datatype.value
                if self._kinds[kind] < SAMPLES:
                    self._kinds[kind] += 1
                    self.taken.append(each)
            yield each


def clean(task: Task, keep: frozenset[str]) -> list[str]:
    """Drops the slots that no release needs, but one of each graph to bring up to date the next time."""
    register = Register(task.server, task.base)
    dropped = []
    spare: set[str] = set()
    for slot in sorted(register.slots.values(), key=lambda s: (not s.release, -s.retired)):
        if slot.name in keep or slot.served:
            continue
        if (
            slot.release
            and task.server.place.update
            and slot.graph not in spare
            and slot.graph in _graphs(register, keep)
        ):
            spare.add(slot.graph)
            continue
        if slot.retired and time.time() < slot.retired + task.grace + PATIENCE:
            continue  # somebody may still read it; the next publication drops it
        drop(task.server, slot.name)
        register.remove(slot)
        dropped.append(slot.name)
    return dropped


def _graphs(register: Register, keep: frozenset[str]) -> set[str]:
    return {slot.graph for slot in register.slots.values() if slot.name in keep}


def drop(server: Server, graph: str) -> None:
    """Takes a graph out of the server."""
    if server.place.graph_store:
        server.delete(graph)
    else:
        server.update(f"DROP SILENT GRAPH <{graph}>")


def _parts(quad: Quad) -> tuple[NamedNode, NamedNode, NamedNode | Literal]:
    assert isinstance(quad.subject, NamedNode)
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.subject, quad.predicate, quad.object
