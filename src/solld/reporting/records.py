"""The records of a source as they were taken in last: what stands in each row, and what it became.

What a row became is not made again but looked up in the state, by what is in the row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import unquote

from solld import harvested
from solld.addresses import key_iri
from solld.errors import BadSite, SourceFailed
from solld.harvested import LIFT
from solld.harvested.state import Run, State
from solld.harvesting import distribution, personal
from solld.harvesting.distribution import Distribution
from solld.harvesting.harvest import TAKEN, UNCHANGED, Place, about, base_of, lift_name
from solld.harvesting.taking import digest_of
from solld.model import Dataset, Settings
from solld.rdf import ADMS, DCT, SKOS, Literal, NamedNode, Term, document_of, triples_of
from solld.sources import Cell, Row


@dataclass(frozen=True, slots=True)
class Ref:
    """Which record is meant."""

    place: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Record:
    """A row of a source. `said` are the triples of the thing that it became and of the nodes that belong to that."""

    place: str  # in their file: "line 12", "data[3]"
    id: str  # theirs
    name: str
    thing: str  # IRI of its source key; "" if it became nothing
    cells: Mapping[str, tuple[str, ...]]  # column -> texts, as they are written, without contact data of persons
    said: Mapping[str, tuple[Term, ...]]  # IRI of a property -> its values
    numbers: tuple[tuple[str, str], ...] = ()  # (agency, number) in registers
    dropped: frozenset[str] = field(default=frozenset())  # columns in which contact data of persons were left out

    @property
    def ref(self) -> Ref:
        return Ref(self.place, self.id, self.name)

    def texts(self, predicate: NamedNode) -> tuple[str, ...]:
        """The values of a property as texts."""
        return tuple(str(term.value) for term in self.said.get(predicate.value, ()))

    def text(self, predicate: NamedNode) -> str:
        """The first value of a property; "" if there is none."""
        return next(iter(self.texts(predicate)), "")


@dataclass(frozen=True)
class Harvest:
    """What was taken in of a source when it was harvested last."""

    settings: Settings
    dataset: Dataset
    come: Distribution
    query: str  # its lift
    run: Run  # in which they came to be what they are
    seen: str  # when the source was last known to say the same, ISO 8601

    @cached_property
    def name(self) -> str:
        """What a report on it is kept under: the time of the run, so that none is used again."""
        return self.run.began.replace("+00:00", "Z").replace(":", "")


def taken(settings: Settings, dataset: Dataset) -> Harvest:
    """The last good harvest of a dataset. BadSite if there is none, or if its lift or its copy is another by now."""
    runs = [run for run in harvested.runs(settings, dataset) if run.outcome in (TAKEN, UNCHANGED)]
    if not runs:
        raise BadSite(dataset.folder, f"was never harvested; solld harvest {dataset.name} does that")
    come = distribution.of(settings, dataset)
    query = (dataset.folder / LIFT).read_text(encoding="utf-8")
    state = _state(settings, dataset)
    try:
        same = state.fact("lift") == lift_name(come.source, query)
    finally:
        state.close()
    if not same:
        reason = f"is another than that of the last harvest; solld harvest {dataset.name} takes the records in by it"
        raise BadSite(dataset.folder / LIFT, reason)
    copy = Place(harvested.folder_of(settings, dataset.name)).copy
    if not copy.exists() or about(copy)["sha256"] != runs[-1].facts["sha256"]:
        raise BadSite(copy, f"is not what was taken in last; solld harvest {dataset.name} brings it")
    changed = next((run for run in reversed(runs) if run.outcome == TAKEN), runs[-1])
    return Harvest(settings, dataset, come, query, changed, runs[-1].began)


def _state(settings: Settings, dataset: Dataset) -> State:
    state = harvested.state_of(settings, dataset.name)
    if state is None:
        raise BadSite(dataset.folder, f"was never harvested; solld harvest {dataset.name} does that")
    return state


def records(harvest: Harvest) -> Iterator[Record]:
    """All records, in the order of the file; one is held at a time. SourceFailed for a row that is not in the state."""
    settings, dataset = harvest.settings, harvest.dataset
    base = key_iri(settings.base, dataset.name)
    keep = dataset.name in settings.harvest_personal
    state = _state(settings, dataset)
    try:
        with Place(harvested.folder_of(settings, dataset.name)).copy.open("rb") as file:
            for row in harvest.come.source.read(file, base_of(harvest.come, harvest.run.facts)):
                dropped: Counter[str] = Counter()
                cleaned = row if keep else next(personal.without([row], dropped))
                made = state.made_of(digest_of(cleaned))
                if made is None:
                    raise SourceFailed(row.place, f"was not taken in; solld harvest {dataset.name} does that")
                yield _record(cleaned, made, base, frozenset(column for column, n in dropped.items() if n))
    finally:
        state.close()


def _record(row: Row, made: Mapping[str, list[bytes]], base: str, dropped: frozenset[str]) -> Record:
    """What a row became; of several things it is the first."""
    thing = next((name for name in made if name.startswith(base)), "")
    said: dict[str, tuple[Term, ...]] = {}
    nodes: dict[str, dict[str, str]] = {}
    for each in triples_of(made.get(thing, ())):
        if isinstance(each.subject, NamedNode) and document_of(each.subject.value) == thing:
            value = each.object
            if isinstance(value, NamedNode | Literal):
                said[each.predicate.value] = (*said.get(each.predicate.value, ()), value)
                nodes.setdefault(each.subject.value, {})[each.predicate.value] = str(value.value)
    numbers = _numbers(nodes, [str(each.value) for each in said.get(ADMS.identifier.value, ())])
    named = said.get(SKOS.prefLabel.value, ())
    key = unquote(thing.removeprefix(base))
    stated = [str(each.value) for each in said.get(DCT.identifier.value, ())]
    return Record(
        row.place,
        stated[0] if stated and key not in stated else key,
        str(named[0].value) if named else "",
        thing,
        {column: tuple(map(_text, values)) for column, values in row.cells.items()},
        said,
        numbers,
        dropped,
    )


def _numbers(nodes: Mapping[str, Mapping[str, str]], identifiers: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """(agency, number) of identifiers, which are nodes of their own. https://www.w3.org/TR/vocab-adms/"""
    found = ((nodes.get(node, {})) for node in identifiers)
    wanted = [(each.get(ADMS.schemaAgency.value, ""), each.get(SKOS.notation.value, "")) for each in found]
    return tuple(sorted({pair for pair in wanted if all(pair)}))


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.value
