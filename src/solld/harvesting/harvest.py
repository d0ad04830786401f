"""Harvests one source: fetches what it publishes now, takes in what changed, and notes what happened.

Whatever goes wrong, what was good last time stays: the copy, and what its rows became.
"""

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import solld
from solld import harvested
from solld import runs as runs_
from solld.addresses import key_iri
from solld.errors import SolldError, SourceFailed
from solld.harvested import LIFT
from solld.harvested.state import Run, State
from solld.harvesting import distribution, losing, personal
from solld.harvesting.distribution import Distribution
from solld.harvesting.fetching import Session, Validators
from solld.harvesting.limits import LIMITED, Most
from solld.harvesting.packed import unpack
from solld.harvesting.resuming import Resuming
from solld.harvesting.taking import DIGESTS, take
from solld.harvesting.urls import came_from
from solld.model import Dataset, Settings
from solld.progress import Tick, bar
from solld.sources import HEAD, Get, Row, Source
from solld.sources.lift import asked, lifted

TAKEN, UNCHANGED, HELD, FAILED = "taken", "unchanged", "held", "failed"
COUNTS = ("lifted", "created", "changed", "gone")
BLOCK = 2**20  # bytes that are read at once
TOLD = 200  # rows between two looks at how far it is
Say = Callable[[str], None]
Collect = Callable[[Get, str, IO[bytes]], None]


@dataclass(frozen=True)
class Place:
    """The files of a source under var/harvest/."""

    folder: Path

    @property
    def copy(self) -> Path:
        return self.folder / "copy"  # what was taken in last

    @property
    def fetched(self) -> Path:
        return self.folder / "fetched"  # what is being looked at

    @property
    def pages(self) -> Path:
        return self.folder / "pages"  # of a harvest that broke off

    @property
    def held(self) -> Path:
        return self.folder / "held"  # what a person is to look at


@dataclass(frozen=True)
class Attempt:
    """A harvest that is under way; `facts` is what will be known of it."""

    settings: Settings
    dataset: Dataset
    session: Session
    state: State
    place: Place
    accept: bool
    began: str
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def last(self) -> Mapping[str, Any]:
        """The facts of the last good run."""
        return next((r.facts for r in reversed(self.state.runs()) if r.outcome in (TAKEN, UNCHANGED)), {})


class Held(SolldError):
    """The source says much less than the last time."""

    def __init__(self, reason: str):
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


def harvest(settings: Settings, dataset: Dataset, session: Session, say: Say, accept: bool = False) -> Run:
    """Harvests a source and returns the run. With `accept`, what was held back is taken in, and what comes now too."""
    place = Place(harvested.folder_of(settings, dataset.name))
    state = State.open(place.folder / "state.sqlite")
    attempt = Attempt(
        settings, dataset, session, state, place, accept, _now(), {"adapter": f"solld {solld.__version__}"}
    )
    try:
        outcome = _harvest(attempt, say)
        if outcome == UNCHANGED:
            state.begin()
            _note(attempt, outcome)
    except SolldError as error:
        state.rollback()
        state.begin()
        attempt.facts["reason"] = str(error)
        _note(attempt, HELD if isinstance(error, Held) else FAILED)
    finally:
        place.fetched.unlink(missing_ok=True)
        runs = state.runs()
        state.rollback()
        state.close()
    return runs[-1]


def _note(attempt: Attempt, outcome: str) -> None:
    """Ends the transaction with a run."""
    state = attempt.state
    state.add_run(Run(state.next_run(), attempt.began, _now(), outcome, attempt.facts))
    state.commit()


def _harvest(attempt: Attempt, say: Say) -> str:
    dataset, place, facts, last = attempt.dataset, attempt.place, attempt.facts, attempt.last
    come = distribution.of(attempt.settings, dataset)
    query = (dataset.folder / LIFT).read_text(encoding="utf-8")
    facts |= {"url": come.url, "source": come.source.name}
    say(f"fetching {dataset.name}")
    if attempt.accept and place.held.exists():
        shutil.move(place.held, place.fetched)
        held = next((run.facts for run in reversed(attempt.state.runs()) if run.outcome == HELD), {})
        facts |= about(place.fetched) | {key: held[key] for key in ("redirected",) if key in held}
    elif not _fetch(come, attempt.session, place, last, facts):
        shutil.copyfile(place.copy, place.fetched)  # the server says that it is the same
        facts |= {
            key: last[key] for key in ("sha256", "bytes", "etag", "modified", "media_type") if key in last
        } | facts
    name = lift_name(come.source, query)
    if facts["sha256"] == last.get("sha256") and attempt.state.fact("lift") == name:
        kept = {key: value for key, value in last.items() if key not in COUNTS}
        facts |= kept | facts | dict.fromkeys(COUNTS, 0)
        return UNCHANGED
    say(f"lifting {dataset.name}")
    _take(attempt, come, query, name, say)
    place.held.unlink(missing_ok=True)
    place.fetched.replace(place.copy)
    return TAKEN


def lift_name(source: Source, query: str) -> str:
    """What tells a lift from every other: the state keeps by which one its rows were lifted, and how it knows them."""
    return hashlib.sha256(f"{solld.__version__} {DIGESTS} {source.name} {query}".encode()).hexdigest()


def base_of(come: Distribution, facts: Mapping[str, Any]) -> str:
    """What the IRIs of a file are relative to (RFC 3986 section 5.1.3), by what is known of the run that brought it."""
    return "" if come.path else came_from(come.url, facts.get("redirected", come.url))


def _fetch(come: Distribution, session: Session, place: Place, last: Mapping[str, Any], facts: dict[str, Any]) -> bool:
    """Brings what the source publishes now, unpacked; False if it is the same as the last time."""
    most = Most(session.limits.bytes, LIMITED)
    if come.path is not None:
        try:
            shutil.copyfile(come.path, place.fetched)
        except OSError as error:
            raise SourceFailed(come.path, f"cannot be read: {error.strerror}") from error
        unpack(place.fetched, come.url, most)
        facts |= about(place.fetched)
        return True
    if come.source.collect is not None:
        _collect(come.source.collect, come.url, Resuming(session, place.pages), place.fetched, facts)
        return True
    # A kill between the state and the copy leaves a copy that is not what the state has.
    whole = last.get("url") == come.url and place.copy.exists() and about(place.copy)["sha256"] == last.get("sha256")
    before = Validators(last.get("etag", ""), last.get("modified", "")) if whole else Validators()
    accept = ", ".join((*come.source.media_types, "*/*;q=0.1"))
    answer = session.save(come.url, place.fetched, accept, before)
    facts |= {key: value for key, value in asdict(answer).items() if value and key not in ("url", "status")}
    if answer.status != 304 and unpack(place.fetched, come.url, most):
        facts |= about(place.fetched)
    if answer.url != come.url.partition("#")[0]:
        facts["redirected"] = answer.url
    return answer.status != 304


def _collect(collect: Collect, url: str, get: Resuming, path: Path, facts: dict[str, Any]) -> None:
    """Brings all that a service says, from where a harvest before broke off."""
    try:
        with path.open("wb") as file:
            collect(get, url, file)
    except SourceFailed:
        if not get.broke:
            get.forget()
        raise
    get.forget()
    facts |= about(path)
    if get.resumed:
        facts["resumed"] = get.resumed


def about(path: Path) -> dict[str, Any]:
    """The SHA-256 of a file, and how many bytes it has."""
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            total.update(block)
    return {"sha256": total.hexdigest(), "bytes": path.stat().st_size}


def _take(attempt: Attempt, come: Distribution, query: str, name: str, say: Say) -> None:
    settings, dataset, state, place = attempt.settings, attempt.dataset, attempt.state, attempt.place
    base = key_iri(settings.base, dataset.name)
    dropped: Counter[str] = Counter()
    filled: Counter[str] = Counter()

    def read() -> Iterator[Row]:
        dropped.clear()
        filled.clear()
        size = place.fetched.stat().st_size
        with place.fetched.open("rb") as file, bar(say, f"lifting {dataset.name}", "B", size) as tick:
            if come.source.likes(file.read(HEAD)) <= 0:
                raise SourceFailed(come.url, f"this is not {come.source.title}, as dataset.ttl says")
            file.seek(0)
            rows = _followed(come.source.read(file, base_of(come, attempt.facts)), file, tick)
            kept = rows if dataset.name in settings.harvest_personal else personal.without(rows, dropped)
            yield from losing.counted(kept, asked(query), filled)

    resources, same = state.number(), state.fact("lift") == name
    state.begin()
    taken = take(state, read, lambda rows: lifted(rows, query, base), name, state.next_run())
    dropped_ = {column: n for column, n in sorted(dropped.items()) if n}
    most = settings.harvest_shrink
    reason = losing.lost(attempt.last, taken, filled, asked(query), most)
    if not reason and same:  # else it is the lift that made others of them
        reason = losing.ended(taken, resources, most)
    attempt.facts.update(asdict(taken), dropped=dropped_, columns=dict(sorted(filled.items())))
    if reason and not attempt.accept:
        shutil.move(place.fetched, place.held)
        raise Held(f"{reason}; {losing.WAITS.format(name=dataset.name)}")
    _note(attempt, TAKEN)


def _followed(rows: Iterable[Row], file: IO[bytes], tick: Tick) -> Iterator[Row]:
    """The rows, and how far in the file they are."""
    told = 0
    for number, row in enumerate(rows):
        if number % TOLD == 0:
            place = file.tell()
            tick(max(0, place - told))
            told = max(told, place)
        yield row


def status(settings: Settings, dataset: Dataset) -> Mapping[str, Any]:
    """What is known of a source: its last run, and the last one that was good."""
    runs = list(harvested.runs(settings, dataset))
    good = next((run for run in reversed(runs) if run.outcome in (TAKEN, UNCHANGED)), None)
    counted = next((run for run in reversed(runs) if "rows" in run.facts and run.outcome == TAKEN), None)
    expires = runs_.expires(settings, good) if good else None
    return {
        "dataset": dataset.name,
        "last": asdict(runs[-1]) if runs else None,
        "good": good.ended if good else None,
        "expires": expires.isoformat() if expires else None,
        "expired": expires is not None and expires < datetime.now(UTC),
        "records": counted.facts["rows"] if counted else 0,
        "runs": len(runs),
    }


def _now() -> str:
    return datetime.now(UTC).replace(microsecond=0).isoformat()
