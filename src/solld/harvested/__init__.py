"""What was harvested, as a build reads it: `var/harvest/<name>/`, beside a dataset that has a `lift.rq`.

copy            what the source published when it was harvested last, as it came
state.sqlite    what its rows became, and every run

Each resource says by which run it came to be what it is (prov:wasGeneratedBy); that alone makes no new version of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from solld.harvested.state import Run, State
from solld.lazily import Lazily
from solld.merged import Merged
from solld.model import Dataset, Settings
from solld.rdf import PROV, XSD, Literal, in_graph, without_graph

LIFT = "lift.rq"
GENERATED = tuple(f" {each} ".encode() for each in (PROV.wasGeneratedBy, PROV.generatedAtTime))


@dataclass(frozen=True)
class Since:
    """How far a release has read a state: the state's own name, its run, and what the files beside it were."""

    state: str
    run: int
    files: str = ""  # fingerprint


@dataclass(frozen=True)
class Harvested:
    """Resources that changed since then, or all; `gone` are no longer described."""

    resources: Mapping[str, list[bytes]]  # which are fetched when they are asked for
    gone: frozenset[str]
    whole: bool  # whether these are all
    several: tuple[str, ...] = ()  # those of them of which several records say different things


def folder_of(settings: Settings, name: str) -> Path:
    return settings.var / "harvest" / name


def state_of(settings: Settings, name: str) -> State | None:
    """The state of a source, to read; None if it was never harvested."""
    path = folder_of(settings, name) / "state.sqlite"
    return State.read_only(path) if path.exists() else None


def is_harvested(dataset: Dataset) -> bool:
    """Whether a dataset is what another directory publishes."""
    return (dataset.folder / LIFT).exists()


def now(settings: Settings, dataset: Dataset) -> Since | None:
    """How far a build would read; None if there is nothing."""
    state = state_of(settings, dataset.name)
    if state is None:
        return None
    try:
        return Since(state.fact("self"), state.last_change())
    finally:
        state.close()


def read(settings: Settings, dataset: Dataset, since: Since | None, single: frozenset[str] = frozenset()) -> Harvested:
    """What changed since, or everything if that cannot be told.

    Of the properties `single`, which can have one value or one in each language, one record is believed if several are
    of one thing: the first by what they say, for their order in the source may change.
    """
    state = state_of(settings, dataset.name)
    if state is None:
        return Harvested({}, frozenset(), True)
    state.hold()  # until nobody asks for its resources any more
    several = frozenset(state.several())
    of = partial(_lines, state, dataset, {run.number: run for run in state.runs()}, several, single)
    if since is None or since.state != state.fact("self"):
        return Harvested(Lazily(state.names(), of), frozenset(), True, tuple(sorted(several)))
    changed = list(state.changed(since.run))
    gone = frozenset(name for name, there in changed if not there)
    here = [name for name, there in changed if there]
    return Harvested(Lazily(here, of), gone, False, tuple(sorted(several.intersection(here))))


def _lines(
    state: State,
    dataset: Dataset,
    runs: Mapping[int, Run],
    several: frozenset[str],
    single: frozenset[str],
    name: str,
) -> list[bytes]:
    run = runs.get(state.run_of(name))
    lines = _agreed(state.said(name), single) if name in several else state.lines(name)
    if run is None:
        return lines
    began = Literal(run.began.replace("+00:00", "Z"), datatype=XSD.dateTime)
    said = (
        f"<{name}> {PROV.wasGeneratedBy} <{run_iri(dataset, run)}> .",
        f"<{name}> {PROV.generatedAtTime} {began} .",
    )
    return sorted([*lines, *map(str.encode, said)])


def _agreed(said: Sequence[list[bytes]], single: frozenset[str]) -> list[bytes]:
    """What records of one thing say together; what can be one only as the first says it."""
    ranks = {f"urn:x-solld:record:{number}": number for number in range(len(said))}
    quads = [in_graph(line, graph) for graph, lines in zip(ranks, said, strict=True) for line in lines]
    kept = Merged(ranks=ranks, single=single).said(quads)
    return sorted(set(map(without_graph, kept)))


def run_iri(dataset: Dataset, run: Run) -> str:
    """The IRI of a run: it has its time, so that none is used again when a state is lost."""
    return f"{dataset.graph.value}#run-{stamp(run.began)}"


def stamp(time: str) -> str:
    """A time as names of nodes have it."""
    return time.replace(":", "").replace("+0000", "Z")


def said(lines: list[bytes]) -> list[bytes]:
    """What a resource says, without by which run, and when."""
    by, at = GENERATED
    return [line for line in lines if by not in line and at not in line]


def runs(settings: Settings, dataset: Dataset) -> Iterator[Run]:
    """The runs of a dataset, oldest first."""
    state = state_of(settings, dataset.name)
    if state is not None:
        try:
            yield from state.runs()
        finally:
            state.close()
