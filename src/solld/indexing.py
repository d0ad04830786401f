"""Brings the index of names up to date with what a build changed: the things that changed, and what is at those places.

The index has what the merged view says, so nothing of a source whose licence keeps it apart.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from solld import decisions, findable, index, merging, storing
from solld.delta import Delta
from solld.history import History
from solld.index import Entry
from solld.link.record import Record, record_of
from solld.link.roles import Roles, roles_of
from solld.merged import Merged
from solld.model import Release
from solld.plan import Plan
from solld.rdf import triples_of

LABELS = 20_000  # names of places that are kept while an index is made
Labels = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True)
class Said:
    """What a release says, as the index has it."""

    base: str
    past: History
    number: int  # of the release
    view: Merged
    roles: Roles

    def everything(self) -> Iterator[Entry]:
        """Of every resource, what the index has of it."""
        return self.entries((each.iri, each.quads.split(b"\n")) for each in self.past.current(self.number))

    def entries(self, things: Iterable[tuple[str, list[bytes]]]) -> Iterator[Entry]:
        """Of these resources and what sources say of them; of those that lead to others, nothing."""
        labels = self._labels()
        for iri, lines in things:
            if iri not in self.view.leading.to:
                space = iri.removeprefix(self.base).partition("/")[0] if iri.startswith(self.base) else ""
                yield findable.entry(iri, space, self._record(iri, lines, labels))

    def lines(self, iri: str) -> list[bytes]:
        """What sources say of a resource; nothing if it is not there."""
        version = self.past.latest(iri, self.number)
        return version.quads.split(b"\n") if version and version.quads else []

    def _record(self, iri: str, lines: list[bytes], labels: Labels) -> Record:
        led = decisions.led(self.past, self.view.leading, iri, self.number)
        others = self.view.leading.led.get(iri, ())
        return record_of(iri, self.view.said([*lines, *led]), self.roles, labels, others)

    def _labels(self) -> Labels:
        """The names of places, which are things of their own."""

        @lru_cache(maxsize=LABELS)
        def labels(iri: str) -> tuple[str, ...]:
            first = self.view.leading.to.get(iri, iri)
            lines = self.lines(first)
            return self._record(first, lines, lambda _: ()).all_names if lines else ()

        return labels


def update(
    planned: Plan, past: History, newest: Release | None, number: int, folder: Path, delta: Delta, view: Merged
) -> int:
    """Writes the index of a release beside its store; returns how many resources it has."""
    names, base = folder / "names", planned.settings.base
    roles = roles_of(triples_of(line for lines in planned.vocabulary.lines.values() for line in lines))
    said = Said(base, past, number, view, roles)
    # What a name is may have changed with the ontology, and what counts with what is said of the sources.
    if newest is None or planned.again or not _stands(past, newest, view, base):
        return index.update(names, said.everything(), ())
    index.checkpoint(newest.folder / "names", names)
    led = view.leading.to.keys() & delta.updated.keys()  # they are found under what they lead to
    return index.update(names, said.entries(_changed(said, folder / "store", delta)), (*delta.gone, *led))


def _stands(past: History, newest: Release, view: Merged, base: str) -> bool:
    """Whether the index of the newest release is one that can be gone on with."""
    return newest.manifest.get("index") == index.VERSION and view.is_as(merging.of(past, newest.number, base))


def _changed(said: Said, store: Path, delta: Delta) -> Iterator[tuple[str, list[bytes]]]:
    """The things that were updated, and those that are at a place that was, with what is said of them."""
    for iri, lines in delta.updated.items():
        yield iri, said.lines(iri) if delta.is_many else list(lines)
    locations = [predicate for predicate, played in said.roles.of.items() if "locations" in played]
    for iri in sorted(storing.pointing(store, {*delta.updated, *delta.gone}, locations) - delta.updated.keys()):
        yield iri, said.lines(iri)


def of(past: History, number: int, base: str, view: Merged) -> Said:
    """What a release of the past says, or the newest, from the history alone."""
    _, _, lines = past.ontology(number) or (0, {}, b"")
    return Said(base, past, number, view, roles_of(triples_of(lines.split(b"\n"))))
