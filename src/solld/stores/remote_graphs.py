"""Where the graphs of releases lie on a server: slots, the register of what each holds, and a release's own list.

A slot is a graph of the server that holds one graph of the site as it was in some release. Releases in which a graph
did not change share its slot. A slot that no release needs any more is brought up to date for the next one, which costs
what changed since, or dropped.

    <base>dataset/lights/stored/2      a slot of the named graph <base>dataset/lights
    <base>graph/merged/stored/3        a slot of the merged view
    <base>graph/stored                 the register: one triple for each slot, its value in JSON
    var/releases/<n>/remote.json       which slots release n is served from
"""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from solld.addresses import graph_iri
from solld.errors import StoreFailed
from solld.rdf import RDF, Literal, NamedNode, Triple, n_triples
from solld.stores.remote_query import Graphs
from solld.stores.remote_server import Server

FILE = "remote.json"
AT_ONCE = 400  # slots written with one request


@dataclass(frozen=True)
class Slot:
    """A graph on the server. Without a release it holds nothing that can be relied on."""

    name: str
    graph: str  # the public name, or merged_iri
    release: str = ""  # whose state of the graph it holds: label_of
    triples: int = 0
    served: bool = False  # by some machine, as far as the register knows
    retired: float = 0.0  # seconds since the epoch, when it was last served


def label_of(number: int, built: str, lineage: str) -> str:
    """What a release is called on a server: its number may come again where var/ was made anew, and its time too."""
    return f"{number}@{built}@{lineage}"


def number_of(label: str) -> int:
    return int(label.partition("@")[0])


def merged_iri(base: str) -> str:
    return graph_iri(base, "merged")


def register_iri(base: str) -> str:
    return graph_iri(base, "stored")


def none_iri(base: str) -> str:
    """A graph that is never written."""
    return f"{register_iri(base)}/none"


def probe_iri(base: str, number: int) -> str:
    return f"{register_iri(base)}/probe-{number}"


@dataclass(frozen=True)
class Placement:
    """Where one release lies: the content of remote.json."""

    release: str
    query: str  # address of the server
    merged: str
    graphs: Mapping[str, str]  # public -> stored
    none: str
    notes: tuple[Mapping[str, Any], ...] = ()  # literals that the server changed
    quirks: Mapping[str, Any] = field(default_factory=dict)  # what it does otherwise, as last seen: remote_probe.Quirks

    @property
    def stored(self) -> Graphs:
        return Graphs(self.merged, self.graphs, self.none)

    @property
    def slots(self) -> frozenset[str]:
        return frozenset((self.merged, *self.graphs.values()))


def read_placement(folder: Path) -> Placement | None:
    """Where the release of a folder lies, if it was loaded into a server."""
    path = folder / FILE
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return Placement(**facts | {"notes": tuple(facts["notes"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise StoreFailed(path, f"cannot be read: {error}") from error


def write_placement(folder: Path, placement: Placement) -> None:
    """Written whole or not at all."""
    fresh = folder / f"{FILE}.new"
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(asdict(placement), file, indent=2, sort_keys=True, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / FILE)


class Register:
    """The register of a server's slots, for the one process that publishes."""

    def __init__(self, server: Server, base: str):
        self._server, self.base = server, base
        self.slots: dict[str, Slot] = {}
        rows = server.select(
            f"SELECT ?slot ?facts WHERE {{ GRAPH <{register_iri(base)}> {{ ?slot {RDF.value} ?facts }} }}"
        )
        for row in rows:
            slot = Slot(row[0].value, **json.loads(row[1].value))
            self.slots[slot.name] = slot

    def of(self, graph: str) -> list[Slot]:
        return [slot for slot in self.slots.values() if slot.graph == graph]

    def fresh(self, graph: str) -> Slot:
        """A new slot for a graph; its name was never used before, as far as the register knows."""
        taken = {int(slot.name.rpartition("/")[2]) for slot in self.of(graph)}
        return Slot(f"{graph}/stored/{max(taken, default=0) + 1}", graph)

    def put(self, *slots: Slot) -> None:
        """Writes slots into the register."""
        for start in range(0, len(slots), AT_ONCE):
            some = slots[start : start + AT_ONCE]
            old = [self.slots[slot.name] for slot in some if slot.name in self.slots]
            self.slots |= {slot.name: slot for slot in some}
            self._write(old, some)

    def remove(self, slot: Slot) -> None:
        del self.slots[slot.name]
        self._write([slot], [])

    def mark(self, served: Iterable[str], now: float) -> None:
        """Notes which slots are served; those that were and are not any more are retired now."""
        names = frozenset(served)
        changed = [slot for slot in self.slots.values() if slot.served != (slot.name in names)]
        self.put(*(replace(s, served=s.name in names, retired=now if s.served else s.retired) for s in changed))

    def _write(self, old: Iterable[Slot], new: Iterable[Slot]) -> None:
        # In one request: between two of them the register would know nothing of a slot that is served.
        if self._server.place.update:
            self._server.exchange(register_iri(self.base), _triples(old), _triples(new))
        else:
            self._server.put(register_iri(self.base), n_triples(_triples(self.slots.values())))


def _triples(slots: Iterable[Slot]) -> list[Triple]:
    def facts(slot: Slot) -> Literal:
        return Literal(json.dumps({k: v for k, v in asdict(slot).items() if k != "name"}, sort_keys=True))

    return [Triple(NamedNode(slot.name), RDF.value, facts(slot)) for slot in slots]
