"""Puts a release into the server that the site is served from, and makes it the current one.

load      beside what is served; a release that is there already costs a look at the register
switch    one rename of var/current, as always: the web processes follow it to the graphs that remote.json names
clean     what no release on the disk needs is dropped, or kept to be brought up to date for the next
"""

import secrets
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from solld import release
from solld.errors import BadSite
from solld.history import History
from solld.model import Release, Settings
from solld.rdf import graph_of, without_graph
from solld.stores import remote_load
from solld.stores.embedded import EmbeddedStore
from solld.stores.remote import place_of
from solld.stores.remote_graphs import Placement, Register, label_of, number_of, read_placement, write_placement
from solld.stores.remote_load import Changes, Task
from solld.stores.remote_probe import prepare, probe
from solld.stores.remote_server import Server

SECONDS = 900.0  # that a server may work on one chunk, or on a count, without a byte


def publish(settings: Settings, number: int, say: Callable[[str], None]) -> tuple[Release, Placement | None]:
    """Makes a release the current one, after it was put into the server if the site has one."""
    if not settings.store_query:
        return release.publish(settings, number), None
    with release.locked(settings):
        wanted = release.load(release.folder_of(settings, number))
        server = Server(place_of(settings), SECONDS)
        try:
            task = _task(settings, wanted, server, say)
            prepare(server, settings.base)
            placement = replace(remote_load.load(task), quirks=probe(server, settings.base).as_data())
            write_placement(wanted.folder, placement)
            register = Register(server, settings.base)
            before = release.current(settings)
            register.mark({*placement.slots, *_slots(before)}, time.time())
            served = release.publish(settings, number)
            register.mark(placement.slots, time.time())
            remote_load.clean(task, _needed(settings))
            return served, placement
        finally:
            server.close()


def _task(settings: Settings, wanted: Release, server: Server, say: Callable[[str], None]) -> Task:
    label = label_of(wanted.number, wanted.manifest["built"], lineage(settings))
    return Task(
        server,
        settings.base,
        label,
        EmbeddedStore.open(wanted.folder / "store"),
        _changes(settings, wanted.number),
        _needed(settings),
        2 * settings.query_seconds + settings.query_stall,  # that a query may wait and run, and its client stand still
        say,
    )


def lineage(settings: Settings) -> str:
    """What tells the releases of this var/ from those of another one of the same site; made once, at random."""
    path = settings.var / "lineage"
    if not path.exists():
        path.write_text(secrets.token_hex(8), encoding="utf-8")
    return path.read_text(encoding="utf-8")


def _slots(opened: Release | None) -> frozenset[str]:
    placement = read_placement(opened.folder) if opened else None
    return placement.slots if placement else frozenset()


def _needed(settings: Settings) -> frozenset[str]:
    """The slots of all releases on the disk."""
    opened = (release.load(release.folder_of(settings, number)) for number in release.numbers(settings))
    return frozenset().union(*map(_slots, opened))


def _changes(settings: Settings, number: int) -> Changes:
    path = settings.var / "history.sqlite"
    if not path.exists():
        raise BadSite(path, "there is no history; a release is put into a server where it was built")
    past = History.read_only(path)
    known = {label_of(n, built.isoformat(), lineage(settings)) for n, built in past.releases().items()}

    def changes(label: str) -> dict[str, set[bytes]] | None:
        """graph -> the N-Triples lines that one of the two releases has and the other may not have."""
        if label not in known:
            return None
        low, high = sorted((number_of(label), number))
        found: dict[str, set[bytes]] = defaultdict(set)
        for before, after in past.differing(low, high):
            for line in filter(None, {*before.split(b"\n")} ^ {*after.split(b"\n")}):
                found[graph_of(line)].add(without_graph(line))
        for graph, triple in past.differing_derived(low, high):
            found[graph].add(triple.encode())
        return dict(found)

    return changes
