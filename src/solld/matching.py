"""Matches the newest release: candidates of what is new or changed, and judgements of what is certain.

The state is written when the candidates are: a run that is killed is made again. Judgements are written last.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from importlib.resources import files

import numpy as np

from solld import history, identify, release
from solld.errors import BadSite
from solld.history import History
from solld.link import candidates, judgements, numbers, state
from solld.link.candidates import Candidate, Candidates
from solld.link.clusters import clusters
from solld.link.comparing import FEATURES
from solld.link.comparisons import compared
from solld.link.following import follow
from solld.link.judgements import DIFFERENT, MACHINE, RELATED, SAME, UNDO, Judgement, Judgements, pair
from solld.link.pairs import pairs_of
from solld.link.state import State
from solld.messages import Phrases, phrases
from solld.model import Settings
from solld.progress import bar

VERSION = "4"  # of rules; what changes what a pair is judged to be changes it
Say = Callable[[str], None]


@dataclass(frozen=True)
class Matched:
    """What a run did."""

    records: int  # that are compared with one another
    changed: int  # of these, since the run before
    gone: int
    compared: int  # pairs
    candidates: int  # that are kept, of all runs
    verdicts: Mapping[str, int]  # of these
    judged: int  # as the same, by the machine, now
    undone: int  # of the machine's own judgements
    unsure: int  # candidates that wait for a person


def method() -> str:
    """Name and version of how pairs are scored: another for other rules, words or trees."""
    content = "".join(
        files("solld.link").joinpath(name).read_text("utf-8") for name in ("fitted.json", "words/words.toml")
    )
    return f"solld {VERSION}-{blake2b((content + str(FEATURES)).encode(), digest_size=4).hexdigest()}"


def match(settings: Settings, say: Say, again: bool = False, dry: bool = False) -> Matched:
    """Matches what changed since the last run; everything if `again`. With `dry` nothing is judged."""
    with release.locked(settings):
        served = release.current(settings)
        if served is None:
            raise BadSite(settings.var, release.NO_RELEASE)
        past = History.read_only(settings.var / "history.sqlite")
        known, kept = State.open(state.path_of(settings.var)), Candidates.open(candidates.path_of(settings))
        try:
            return _matched(settings, past, served.number, known, kept, say, again, dry)
        finally:
            past.close()
            known.close()
            kept.close()


def _matched(
    settings: Settings, past: History, number: int, known: State, kept: Candidates, say: Say, again: bool, dry: bool
) -> Matched:
    begun = f"{method()} {past.last_erasure()} {' '.join(settings.match_classes)}"
    known.db.execute("BEGIN IMMEDIATE")
    kept.db.execute("BEGIN IMMEDIATE")
    is_other = known.fact("method") != begun or kept.fact(candidates.METHOD) != method()
    if again or is_other or int(known.fact("place") or 0) > past.until(number):
        known.clear()
        kept.db.execute("DELETE FROM candidate")
    waiting = json.loads(known.fact("waiting") or "[]")  # of a run that was killed before its candidates were written
    fresh, touched = follow(settings, past, number, known, say, settings.match_classes, waiting)
    known.set_fact("waiting", json.dumps(sorted(touched)))
    known.set_fact("method", begun)
    known.db.execute("COMMIT")  # before processes read it
    total = _compare(settings, known, kept, fresh, touched, say)
    kept.set_fact(candidates.METHOD, method())
    kept.db.execute("COMMIT")
    known.set_fact("waiting", "[]")
    judged, undone = _judge(settings, past, known, kept, touched, dry)
    verdicts = Counter(dict(kept.db.execute("SELECT verdict, COUNT(*) FROM candidate GROUP BY verdict").fetchall()))
    (unsure,) = kept.db.execute("SELECT COUNT(*) FROM candidate WHERE NOT certain AND score >= 0.1").fetchone()
    return Matched(
        known.number(),
        len(fresh),
        len(touched) - len(fresh),
        total,
        kept.number(),
        dict(verdicts),
        judged,
        undone,
        unsure,
    )


def _compare(
    settings: Settings, known: State, kept: Candidates, fresh: list[int], touched: Iterable[str], say: Say
) -> int:
    """Writes the candidates of what is new or changed; gives how many pairs were compared."""
    kept.drop(touched)
    if not fresh:
        return 0
    keys, records = known.keys()
    changed = np.zeros(int(records.max(initial=0)) + 1, np.bool_)
    changed[fresh] = True
    total = 0
    steps = pairs_of(keys, records, changed, settings.match_most)
    with bar(say, "comparing", "pairs", None) as tick:
        for done, found in compared(known, steps, settings.match_processes):
            kept.put(found)
            total += done
            tick(done)
    return total


def _judge(
    settings: Settings, past: History, known: State, kept: Candidates, touched: Iterable[str], dry: bool
) -> tuple[int, int]:
    """Adds what the machine judges of what is certain, and takes back what is so no longer."""
    is_issued = identify.checked(settings, past, {}).issued()
    judged = judgements.read(judgements.path_of(settings.folder), is_issued)
    sure = {(each.one, each.other): each for each in kept.all() if each.certain}
    together = {
        (one, other)
        for cluster in clusters([(*each, found.score) for each, found in sure.items()], _apart(known, judged))
        for one in cluster
        for other in cluster
        if (one, other) in sure
    }
    t = phrases(settings.languages[0])
    when = history.now().isoformat().replace("+00:00", "Z")
    new = [
        Judgement(*each, SAME, MACHINE, when, _why(sure[each], t), f"{sure[each].score:.4f}", method())
        for each in sorted(together)
        if each not in judged.standing and each not in judged.touched
    ]
    changed = set(touched)
    lost = [
        Judgement(*each, UNDO, MACHINE, when, t("match_uncertain"), "", method())
        for each, standing in sorted(judged.standing.items())
        if standing.by_machine and standing.verdict == SAME and each not in sure and changed & set(each)
        and known.record(each[0]) and known.record(each[1])  # one that leads to the other is not compared any more
    ]  # fmt: skip
    if not dry:
        judgements.record(settings, [*lost, *new], is_issued)
    return len(new), len(lost)


def _why(found: Candidate, t: Phrases) -> str:
    """The weightiest reasons, in the language of the site."""
    return "; ".join(t(f"match_{each.feature}") for each in found.reasons[:4] if each.weight > 0) or t("match_certain")


def _apart(known: State, judged: Judgements) -> Callable[[str, str], bool]:
    """Whether two must never be one: they have different numbers in one register, or were judged to be two."""
    stated: dict[str, tuple[numbers.Number, ...]] = {}

    def numbers_of(identifier: str) -> tuple[numbers.Number, ...]:
        if identifier not in stated:
            record = known.record(identifier)
            stated[identifier] = record.numbers if record else ()
        return stated[identifier]

    def apart(one: str, other: str) -> bool:
        standing = judged.standing.get(pair(one, other))
        if standing and standing.verdict in (DIFFERENT, RELATED):
            return True
        return numbers.apart(numbers_of(one), numbers_of(other)) is not None

    return apart
