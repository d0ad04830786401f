"""The candidates of a query: wide from the index, then narrow by what they are, and whether the first is safe."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from solld.errors import BadQuery
from solld.findable import Reading, acronym_key, number_key, place_keys, reading, readings, same_key, unpacked, url_keys
from solld.index import Hit, Wanted
from solld.link.names import Name, acronyms, read
from solld.link.record import Record
from solld.reconcile.asking import Condition, Query
from solld.reconcile.comparing import agreement, is_number, numbers, values_of
from solld.reconcile.holdings import SPACE, WITHDRAWN, Holdings, Standing
from solld.reconcile.terms import TOLD, Term
from solld.reconcile.values import having, texts_of
from solld.reconcile.weighing import AGREEMENT, SAFE, Alike, Weighed, alike, may_be, weigh
from solld.sources.readings import country_code

WIDE = 20  # things that are looked at for a name
WIDER = 30  # if that finds nothing that is like it
LIKE = 0.9  # of names, from which on one is found
MARGIN = 0.1  # of probability, by which the first is to be better than the second
FARTHER = 0.4  # the same, if its name is not the very same: then the second may be what is meant
LEAST = 0.02  # of probability: what is less is no candidate
SHARED = 0.01  # of all names: a word that more of them have is not looked for with typing errors


@dataclass(frozen=True)
class Candidate:
    """A thing that may be meant. `id` is the identifier that the client knows it by, if it asked for one."""

    id: str
    record: Record | None  # None for what is withdrawn
    weighed: Weighed
    match: bool = False
    state: str = ""


@dataclass(frozen=True)
class _Asked:
    """A query with its names read and its terms found."""

    query: Query
    names: tuple[Name, ...]
    types: tuple[Term, ...]
    properties: tuple[tuple[Condition, Term], ...]
    readings: tuple[Reading, ...]


def candidates(holdings: Holdings, query: Query) -> list[Candidate]:
    """The candidates of a query, best first. BadQuery for a type or property that is not known."""
    asked = _asked(holdings, query)
    given = [text for text in (*query.ids, *query.names) if holdings.identifier(text)]
    standing = [each for each in map(holdings.standing, given) if each.record or each.state == WITHDRAWN]
    if standing:
        return [_known(holdings, each) for each in standing if _meets(holdings, asked, each.record)][: query.limit]
    if not asked.names and not asked.properties:
        return []
    weighed = [
        Candidate(each.record.id, each.record, result)
        for each in _hits(holdings, asked).values()
        if (result := _weighed(holdings, asked, each)) and result.probability >= LEAST
    ]
    weighed.sort(key=lambda each: (-each.weighed.probability, -_popularity(each.record), each.id))
    return _decided(weighed)[: query.limit]


def _asked(holdings: Holdings, query: Query) -> _Asked:
    properties = []
    for condition in query.conditions:
        if condition.kind == "property" and condition.values:
            term = holdings.terms.property(condition.property)
            if term.id in TOLD:
                raise BadQuery(f"nothing is compared with the property {term.id!r}; it is for extension")
            properties.append((condition, term))
    names = tuple(read(text) for text in query.names if text.strip())
    types = tuple(holdings.terms.type(each) for each in query.types if each)
    read_names = tuple(map(reading, names))
    return _Asked(query, names, types, tuple(properties), read_names)


def _known(holdings: Holdings, standing: Standing) -> Candidate:
    """What was asked for by its identifier."""
    certain = standing.record is not None
    id_ = holdings.identifier(standing.asked)
    return Candidate(id_, standing.record, Weighed(float(certain), key=certain), certain, standing.state)


@dataclass(frozen=True)
class _Found:
    """A thing that was found, by a key that was asked for or not, and how its names are like those that were."""

    key: bool
    packed: bytes
    alike: Alike

    @cached_property
    def record(self) -> Record:
        return unpacked(self.packed)


# Wide -----------------------------------------------------------------------------------------------------------------


def _hits(holdings: Holdings, asked: _Asked) -> dict[str, _Found]:
    """IRI -> what was found."""
    strict = asked.query.strict != "should"
    types = [term.iri for term in asked.types] if strict else []
    found: dict[str, _Found] = {}

    def add(hits: Iterable[Hit], key: bool = False) -> None:
        for hit in hits:
            if hit.iri not in found:
                likest = alike(asked.readings, readings(hit.record), holdings.rarity)
                found[hit.iri] = _Found(key, hit.record, likest)

    numbered = [number_key(number) for text in asked.query.names if is_number(text) for _, number in numbers(text)]
    addressed = [key for text in asked.query.names if "//" in text for key in (*url_keys(text), same_key(text))]
    add(holdings.names.known_by([*numbered, *addressed], WIDE, SPACE), True)
    strong, weak = _keys(asked)
    add(holdings.names.known_by(strong, WIDE, SPACE))
    for name in asked.names:
        for each in name.all:
            # A short name may be the initials of a thing's; a thing may be called by the initials of a long one.
            initials = [acronym_key(each.joined)] if len(each.words) == 1 else []
            called = (each.joined, *sorted(acronyms(each)))
            wanted = Wanted(each.words, called, [*weak, *initials], types, SPACE)
            add(holdings.names.near(wanted, WIDE))
            if not any(one.key or (one.alike.likeness or 0) >= LIKE for one in found.values()):
                add(holdings.names.like(_rare(holdings, wanted), WIDER))
    if not asked.names and not found:
        add(holdings.names.near(Wanted((), (), weak, types, SPACE), WIDER))
        add(_by_value(holdings, asked))
    return found


def _rare(holdings: Holdings, wanted: Wanted) -> Wanted:
    """Without words that too many have, unless all are."""
    most = holdings.names.size * SHARED
    rare = [word for word in wanted.words if holdings.rarity.counts.get(word, 0) <= most]
    return Wanted(rare or wanted.words, wanted.joined[:1], wanted.keys, wanted.types, wanted.space)


def _keys(asked: _Asked) -> tuple[list[str], list[str]]:
    """Keys of the properties: those that nearly say which thing it is, and those of places."""
    strong: list[str] = []
    weak: list[str] = []
    for condition, term in asked.properties:
        if condition.quantifier == "none":
            continue
        for value in condition.values:
            match term.id:
                case "identifier" | "wikidata":
                    strong += [number_key(number) for _, number in numbers(value)]
                case "url":
                    strong += url_keys(value if "//" in value else f"https://{value}")
                case "sameAs":
                    strong += [same_key(value), *(number_key(number) for _, number in numbers(value))]
                case "postalCode":
                    weak += place_keys([value], (), ())
                case "addressLocality":
                    weak += place_keys((), [value], ())
                case "addressCountry":
                    weak += place_keys((), (), [country_code(value) or value])
    return strong, weak


def _by_value(holdings: Holdings, asked: _Asked) -> list[Hit]:
    """Things that have the very value of a property of the site."""
    found: list[Hit] = []
    for condition, term in asked.properties:
        for value in condition.values if term.iri and condition.quantifier != "none" else ():
            for iri in having(holdings, term.iri, value, WIDER):
                hit = holdings.names.of(iri)
                found += [hit] if hit else []
    return found


# Narrow ---------------------------------------------------------------------------------------------------------------


def _weighed(holdings: Holdings, asked: _Asked, found: _Found) -> Weighed | None:
    """None for what does not meet what is required, or cannot be probable."""
    if asked.names and not found.key and not may_be(found.alike, [term.id for _, term in asked.properties], LEAST):
        return None
    record = found.record
    agreements = _agreements(holdings, asked, record)
    if agreements is None or not _meets(holdings, asked, record):
        return None
    fitting = [term.iri in record.types for term in asked.types]
    if fitting and not any(fitting):
        agreements |= {"type": 0.0}
    return weigh(asked.names, found.alike, agreements, holdings.rarity, found.key)


def _agreements(holdings: Holdings, asked: _Asked, record: Record) -> dict[str, float] | None:
    found: dict[str, float] = {}
    for condition, term in asked.properties:
        said = texts_of(holdings, record, term.iri) if term.iri else values_of(record, term.id, holdings.called)
        agreed = agreement(condition, said, term.id)
        if condition.required and (agreed or 0) <= AGREEMENT:
            return None
        if agreed is not None:
            found[term.id] = min(agreed, found.get(term.id, 1.0))
    return found


def _meets(holdings: Holdings, asked: _Asked, record: Record | None) -> bool:
    """Whether a thing is of the types that it must be of, and is called as it must, and not as it must not."""
    if record is None:
        return True
    fitting = [term.iri in record.types for term in asked.types]
    strict = asked.query.strict
    if fitting and ((strict == "any" and not any(fitting)) or (strict == "all" and not all(fitting))):
        return False
    for each in asked.query.conditions:
        if each.kind == "name" and (each.required or each.quantifier == "none"):
            agreed = agreement(each, record.all_names, "name")
            if (agreed or 0) <= AGREEMENT:
                return False
        if each.kind == "id" and each.quantifier == "none" and record.id in map(holdings.identifier, each.values):
            return False
    return True


def _popularity(record: Record | None) -> int:
    return len(record.datasets) if record else 0


def _decided(found: Sequence[Candidate]) -> list[Candidate]:
    """With the first as the match, if that is safe: it is probable, far from the second, and not called as many are."""
    if not found:
        return []
    first, rest = found[0], found[1:]
    second = rest[0].weighed.probability if rest else 0.0
    keyed = first.weighed.key and not any(each.weighed.key for each in rest)
    margin = MARGIN if first.weighed.name in (None, 1.0) else FARTHER
    probable = first.weighed.probability >= SAFE and first.weighed.probability - second >= margin
    safe = probable and not first.weighed.common
    return [Candidate(first.id, first.record, first.weighed, keyed or (safe and not _any_key(rest))), *rest]


def _any_key(found: Iterable[Candidate]) -> bool:
    return any(each.weighed.key for each in found)
