"""What other datasets say in the newest release, by what things can be known by: numbers, domains, links."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from solld import fates, identify, leading, ledger, release
from solld.addresses import thing_iri
from solld.history import History
from solld.leading import Leading
from solld.link.folding import code, domain
from solld.model import Dataset, Settings
from solld.rdf import ADMS, OWL, SCHEMA, SKOS, Literal, NamedNode, Term, document_of
from solld.reporting.records import Record
from solld.reporting.sameness import Said, said_by
from solld.stores import Quads
from solld.stores.embedded import EmbeddedStore

SAME = (OWL.sameAs, SKOS.exactMatch)
DEEP = 3  # nodes within nodes: a place has an address


@dataclass(frozen=True)
class Other:
    """A thing of another dataset."""

    iri: str
    dataset: str
    graph: str


@dataclass
class Others:
    """The things of other datasets, by what they can be known by."""

    base: str
    store: Quads | None = None
    leading: Leading = field(default_factory=Leading)
    identifiers: Mapping[str, str] = field(default_factory=dict)  # source key of ours -> IRI in the release
    numbers: dict[tuple[str, str], set[Other]] = field(default_factory=dict)
    domains: dict[str, set[Other]] = field(default_factory=dict)
    linked: dict[str, set[Other]] = field(default_factory=dict)  # IRI that is the same, or leads to the same

    @property
    def is_empty(self) -> bool:
        return not (self.numbers or self.domains or self.linked)

    def same(self, record: Record) -> tuple[Other, ...]:
        """The things that are the same as what a record is about."""
        found = {other for agency, number in record.numbers for other in self._numbered(agency, number)}
        named = identify.split(self.base, record.thing)
        mine = self.identifiers.get(named[1], "") if named else ""
        about = {mine, self.leading.to.get(mine, mine)} - {""}
        about |= {text for each in SAME for text in record.texts(each)}
        found |= {other for iri in about for other in self.linked.get(iri, ())}
        return tuple(sorted(found, key=lambda other: (other.dataset, other.iri)))

    def _numbered(self, agency: str, number: str) -> set[Other]:
        return self.numbers.get((agency, code(number)), set())

    def alone_at(self, domain: str) -> Iterator[Other]:
        """The things that are the only ones of their dataset with a domain."""
        found = self.domains.get(domain, set())
        for other in sorted(found, key=lambda each: each.dataset):
            if sum(each.graph == other.graph for each in found) == 1:
                yield other

    def said(self, other: Other) -> Said:
        """What its dataset says of a thing and of the nodes that belong to it."""
        said: dict[str, tuple[Term, ...]] = {}
        waiting = [NamedNode(other.iri)]
        for _ in range(DEEP):
            here, waiting = waiting, []
            for node in here:
                for quad in self.store.quads(node, None, None, NamedNode(other.graph)) if self.store else ():
                    said[quad.predicate.value] = (*said.get(quad.predicate.value, ()), quad.object)  # type: ignore[arg-type]
                    if isinstance(quad.object, NamedNode) and quad.object.value.startswith(f"{other.iri}#"):
                        waiting.append(quad.object)
        return said_by(said)


def opened(settings: Settings, dataset: Dataset) -> Others:
    """What others say in the release that is served; nothing if there is none."""
    served = release.current(settings)
    if served is None:
        return Others(settings.base)
    store = EmbeddedStore.open(served.folder / "store")
    path = settings.var / "history.sqlite"
    merged: Mapping[str, str] = {}
    if path.exists():
        past = History.read_only(path)
        try:
            merged = fates.replayed(past.fates(served.number)).merged
        finally:
            past.close()
    ids = dataset.folder / "ids.csv"
    known = ledger.read(ids) if ids.exists() else {}
    identifiers = {key: thing_iri(settings.base, identifier) for key, (identifier, _) in known.items()}
    found = Others(settings.base, store, leading.of(settings.base, merged), identifiers)
    _index(found, settings, dataset)
    return found


def _index(found: Others, settings: Settings, dataset: Dataset) -> None:
    agencies = {node: agency for _, node, agency in _stated(found, dataset, ADMS.schemaAgency)}
    for other, node, number in _stated(found, dataset, SKOS.notation):
        if node in agencies:
            found.numbers.setdefault((agencies[node], code(number)), set()).add(other)
    for other, _, url in _stated(found, dataset, SCHEMA.url):
        if name := domain(url):
            found.domains.setdefault(name, set()).add(other)
    for other, _, iri in (each for predicate in SAME for each in _stated(found, dataset, predicate)):
        found.linked.setdefault(iri, set()).add(other)
    for other, node, _ in _stated(found, dataset, SKOS.prefLabel):
        if node == other.iri and node.startswith(thing_iri(settings.base, "")):
            for iri in {node, found.leading.to.get(node, node)}:
                found.linked.setdefault(iri, set()).add(other)


def _stated(found: Others, dataset: Dataset, predicate: NamedNode) -> Iterator[tuple[Other, str, str]]:
    """Who of the other datasets states a property, of which node, and its value."""
    prefix = f"{found.base}dataset/"
    for quad in found.store.quads(None, predicate) if found.store else ():
        graph, node = getattr(quad.graph_name, "value", ""), getattr(quad.subject, "value", "")
        if graph.startswith(prefix) and graph != dataset.graph.value and isinstance(quad.object, NamedNode | Literal):
            yield Other(document_of(node), graph.removeprefix(prefix), graph), node, str(quad.object.value)
