"""Brings the state of matching up to a release: only what has a new version since is read."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from solld.addresses import thing_iri
from solld.history import History
from solld.link.keys import keys_of
from solld.link.keys import number_of as key_number
from solld.link.record import Labels, Record, identifier_of, is_compared, record_of
from solld.link.roles import Roles, roles_of
from solld.link.sides import side_of
from solld.link.state import State
from solld.model import Settings
from solld.progress import bar
from solld.rdf import Literal, triples_of

STEP = 2000  # places of the history that are read at once
Say = Callable[[str], None]


def follow(
    settings: Settings,
    past: History,
    release: int,
    state: State,
    say: Say,
    subjects: Iterable[str] = (),
    waiting: Iterable[str] = (),
) -> tuple[list[int], set[str]]:
    """(numbers of the records that are new or changed, identifiers of those and of what is gone).

    `waiting` are identifiers that a run before was killed with.
    """
    known = past.ontology(release)
    roles = roles_of(triples_of(known[2].splitlines()) if known else (), subjects)
    labels = _labels(past, release, roles)
    low, high = int(state.fact("place") or 0), past.until(release)
    newest = past.newest(low, high)  # versions that others replaced since are not read
    touched = set(waiting)
    with bar(say, "reading what changed", "versions", high - low) as tick:
        for start in range(low, high, STEP):
            rows = past.logged(start, min(high, start + STEP))
            for place, iri, _, quads in rows:
                if place in newest and iri.startswith(thing_iri(settings.base, "")):
                    before = state.record(identifier_of(iri))
                    if _is_other(state, before, iri, quads, roles, labels):
                        touched.add(identifier_of(iri))
            state.settle()
            tick(len(rows))
    state.set_fact("place", str(high))
    commons = state.commons()
    fresh: list[int] = []
    for identifier in sorted(touched):
        if (number := state.number_of(identifier)) is not None:
            state.drop_keys(number)
            state.put_keys(number, map(key_number, keys_of(state.side(number), commons.rarity)))
            fresh.append(number)
    return fresh, touched


def _is_other(state: State, before: Record | None, iri: str, quads: bytes, roles: Roles, labels: Labels) -> bool:
    """Puts what a version says in the place of what was known; tells whether that is compared otherwise."""
    record = record_of(iri, quads.splitlines(), roles, labels) if quads else None
    if record and not is_compared(record, roles):
        record = None
    if record == before:
        return False  # it has a new version for another reason: something leads to it
    if before:
        state.drop(before.id, side_of(before))
    if record:
        state.put(record, side_of(record))
    return True


def _labels(past: History, release: int, roles: Roles) -> Labels:
    """What a release calls a thing."""
    named = {predicate for predicate, played in roles.of.items() if "names" in played}

    @lru_cache(maxsize=20_000)
    def of(iri: str) -> tuple[str, ...]:
        found = past.latest(iri, release)
        triples = triples_of(found.quads.splitlines()) if found and found.quads else ()
        return tuple(
            each.object.value
            for each in triples
            if getattr(each.subject, "value", "") == iri
            and each.predicate.value in named
            and isinstance(each.object, Literal)
        )

    return of
