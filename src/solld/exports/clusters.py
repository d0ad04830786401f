"""The things of a release, one after another, with what else is the same thing: for lists that join directories."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote

from solld import fates, site
from solld.addresses import thing_iri
from solld.exports import Source
from solld.exports.facts import Facts, Reader, reader
from solld.fates import Fates
from solld.ledger import ERASED
from solld.link import graph
from solld.link.told import Link


@dataclass(frozen=True)
class Thing:
    """What a source has under a key of its own, and we under an identifier."""

    identifier: str
    dataset: str
    key: str  # as the source calls it
    facts: Facts


@dataclass(frozen=True)
class Clusters:
    """The things of a release."""

    source: Source

    @cached_property
    def decided(self) -> Fates:
        return fates.replayed(self.source.past.fates(self.source.number))

    @cached_property
    def _reader(self) -> Reader:
        return reader(self.source)

    def things(self) -> Iterator[Thing]:
        """All that is published, by identifier; what leads to others too."""
        prefix = thing_iri(self.source.settings.base, "")
        for version in self.source.past.current(self.source.number):
            identifier = version.iri.removeprefix(prefix)
            if version.iri.startswith(prefix) and (found := self._thing(identifier, version.quads)):
                yield found

    def end(self, identifier: str) -> str:
        """What an identifier leads to: itself, mostly."""
        return self.decided.merged.get(identifier, identifier)

    def others(self, identifier: str) -> list[Thing]:
        """What else is the same thing as this one."""
        end = self.end(identifier)
        members = (end, *self.decided.led.get(end, ()))
        return [found for each in members if each != identifier and (found := self.thing(each))]

    def thing(self, identifier: str) -> Thing | None:
        """The thing of an identifier; None if the release has nothing of it."""
        version = self.source.past.latest(thing_iri(self.source.settings.base, identifier), self.source.number)
        return self._thing(identifier, version.quads) if version and version.quads else None

    def _thing(self, identifier: str, quads: bytes) -> Thing | None:
        owner = None if identifier in self.decided.hidden else self.source.past.issued(identifier)
        if owner is None or owner[1].startswith(ERASED):
            return None
        settings, view = self.source.settings, self.source.view
        mine = f"{settings.base}dataset/{owner[0]}"
        iri = thing_iri(settings.base, identifier)
        # What licences keep apart is told in the row of who says it, with its licence, and nowhere else.
        facts = self._reader.facts(iri, quads.split(b"\n"), lambda graph: graph == mine or view.has(graph))
        return Thing(identifier, owner[0], unquote(owner[1]), facts)

    def is_open(self, thing: Thing) -> bool:
        """Whether what the source of a thing says is in the merged view."""
        return self.source.view.has(f"{self.source.settings.base}dataset/{thing.dataset}")

    def links(self) -> Iterator[Link]:
        """What is told of pairs, in the order of their identifiers."""
        source, iri = self.source, ""
        said: list[str] = []
        for resource, triple in source.past.derived_in(site.links_graph(source.settings).value, source.number):
            if resource != iri and said:
                yield graph.read(source.settings.base, said)
                said = []
            iri = resource
            said.append(triple)
        if said:
            yield graph.read(source.settings.base, said)
