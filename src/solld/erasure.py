"""Erases things when the law says so: from the site's tables, the history, the feed, the dumps and all releases.

What is left of each is that its address was erased, and when. After an accident it can be done again, and ends then.
"""

from collections.abc import Iterable, Sequence

from solld import decisions, fates, identify, ingest, ledger, located, release, site
from solld.addresses import key_iri, thing_iri
from solld.delta import counts
from solld.errors import BadSite
from solld.fates import ERASED, Act, Fates
from solld.history import History, erasing
from solld.history.erasing import Erasure
from solld.identify import Register
from solld.link import candidates, judgements, state
from solld.model import Settings


def erase(settings: Settings, identifiers: Sequence[str], day: str) -> list[str]:
    """Erases these and what leads to them; returns where files of the site still have them. A build has to follow."""
    path = settings.var / "history.sqlite"
    if not path.exists():
        raise BadSite(path, "there is no history to erase something from")
    with release.locked(settings):
        History.open(path).close()  # an older one is brought up to date
        past = History.read_only(path)
        try:
            register = identify.checked(settings, past, {})
            decided = decisions.decided(settings, register, past)
            every = _with_what_leads_there(decided, identifiers)
            owners = {each: owner for each in every if (owner := _owner(register, past, each))}
            _decide(settings, register, decided, every, day)
        finally:
            past.close()
        notes = _still_there(settings, owners)
        for dataset in sorted({dataset for dataset, _ in owners.values()}):
            ledger.forget(settings.folder / "data" / dataset / "ids.csv", dataset, every)
        erasing.erase(path, _erasure(settings, every, owners), ingest.digest, _count)
        return notes


def _with_what_leads_there(decided: Fates, identifiers: Iterable[str]) -> list[str]:
    ends = dict.fromkeys(decided.merged.get(each, each) for each in identifiers)
    led = [one for one, other in sorted(decided.merged.items()) if other in ends]
    return [*led, *ends]


def _owner(register: Register, past: History, identifier: str) -> tuple[str, str] | None:
    """(dataset, key) of an identifier, as far as it can still be read."""
    for dataset, entries in register.read.items():
        for key, (mine, _) in entries.items():
            if mine == identifier and not key.startswith(ledger.ERASED):
                return dataset, key
    return past.issued(identifier)


def _decide(settings: Settings, register: Register, decided: Fates, every: Sequence[str], day: str) -> None:
    path = fates.path_of(settings.folder)
    acts = [Act(day, "erase", each, "", ERASED) for each in every if each not in decided.erased]
    fates.add(path, decided, acts, register.issued())
    fates.forget(path, every)
    judgements.forget(settings, every)
    candidates.forget(candidates.path_of(settings), every)
    state.forget(settings.var)


def _erasure(settings: Settings, every: Iterable[str], owners: dict[str, tuple[str, str]]) -> Erasure:
    readable = {i: (d, k) for i, (d, k) in owners.items() if not k.startswith(ledger.ERASED)}
    return Erasure(
        iris=frozenset(thing_iri(settings.base, each) for each in every),
        named=frozenset(key_iri(settings.base, dataset) + key for dataset, key in readable.values()),
        keys=tuple((each, ledger.erased_key(*readable[each])) for each in sorted(readable)),
    )


def _count(past: History, lines: Sequence[bytes]) -> None:
    for graph, kinds in counts(sorted(set(lines)), ()).items():
        for kind, differences in kinds.items():
            past.count(graph, kind, differences)


def _still_there(settings: Settings, owners: dict[str, tuple[str, str]]) -> list[str]:
    """Where files of the site still describe or mention them: whoever keeps the files has to delete that."""
    found = []
    for identifier, (name, key) in owners.items():
        for dataset in site.datasets(settings):
            here = dataset.name == name
            names = (key, thing_iri(settings.base, identifier)) if here else (f"{name}/{key}", identifier)
            for path in (*dataset.files, dataset.folder / "dataset.ttl"):
                line = located.line_in(path, *names)
                if line:
                    found.append(f"{path.relative_to(settings.folder)}:{line}")
    return sorted(set(found))
