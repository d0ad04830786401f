"""What properties say of things: as texts to compare, and as cells of an extension."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from solld import ontology as display
from solld.errors import BadQuery
from solld.findable import unpacked
from solld.formats.keys import INTEGERS, REALS, plain
from solld.link.record import Record
from solld.messages import phrases
from solld.rdf import DCT, DEFAULT, XSD, Literal, NamedNode, Term
from solld.reconcile.comparing import values_of
from solld.reconcile.holdings import MERGED, STANDS, WITHDRAWN, Holdings, Standing

NUMBERS = frozenset({"latitude", "longitude"})
DATES = frozenset({"foundingDate", "dissolutionDate"})
CONTENTS = ("name", "iri")
TIME = re.compile(r"(-?\d{4}-\d\d-\d\d)(T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)?)?(?:Z|[+-]\d\d:\d\d)?")
Cell = dict[str, Any]


def texts_of(holdings: Holdings, record: Record, predicate: str) -> list[str]:
    """What the merged view says of a thing by a predicate: texts, IRIs and the names of what they are of."""
    return [text for term in _terms(holdings, record.id, predicate) for text in _texts(holdings, term)]


def having(holdings: Holdings, predicate: str, value: str, limit: int) -> Iterator[str]:
    """The things that have a value: an IRI, an identifier of ours, or a text in a language of the pages."""
    identifier = holdings.identifier(value)
    objects: list[Term] = [Literal(value), *(Literal(value, language=tag) for tag in holdings.languages)]
    if identifier:
        objects.append(NamedNode(holdings.iri(holdings.fates.merged.get(identifier, identifier))))
    elif re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", value):
        objects.append(NamedNode(value))
    found = 0
    for each in objects:
        for quad in holdings.store.quads(None, NamedNode(predicate), each, DEFAULT):
            found += 1
            if found > limit:
                return
            yield str(getattr(quad.subject, "value", ""))


def name_of(record: Record, tags: tuple[str, ...]) -> tuple[str, str]:
    """The name of a thing for a reader, and its language ("" for none)."""
    texts = {language.lower(): text for text, language in reversed(record.names or record.other_names)}
    return display.best(texts, tags) or (record.id, "")


# Cells ----------------------------------------------------------------------------------------------------------------


def cells(
    holdings: Holdings, standing: Standing, property_: str, settings: Mapping[str, Any], tags: tuple[str, ...]
) -> list[Cell]:
    """The values of a property of a thing, as an extension has them. BadQuery for a wrong setting."""
    limit, language, content = _settings(settings)
    term = holdings.terms.property(property_)
    if term.id == "status":
        return [{"str": status(standing, tags)}]
    if standing.record is None:
        return []
    if term.iri:
        found = [
            cell
            for each in _terms(holdings, standing.id, term.iri)
            if _speaks(each, language)
            for cell in _cells(holdings, each, content, tags)
        ]
    else:
        wish = _Wish(holdings, standing.record, term.id, language, content, tags)
        found = list(OF_RECORD.get(term.id, _stated)(wish))
    distinct = [cell for number, cell in enumerate(found) if cell not in found[:number]]
    return distinct[:limit] if limit else distinct


def status(standing: Standing, tags: tuple[str, ...]) -> str:
    """What became of an identifier, in words."""
    t = phrases(tags[0] if tags else "en")
    match standing.state:
        case s if s == STANDS:
            return t("reconcile_stands")
        case s if s == MERGED:
            return t("reconcile_merged", id=standing.id)
        case s if s == WITHDRAWN:
            return t("reconcile_withdrawn")
    return standing.state


def _settings(settings: Mapping[str, Any]) -> tuple[int, str, str]:
    limit = str(settings.get("limit") or "0")
    content = settings.get("content") or CONTENTS[0]
    if not re.fullmatch(r"\d{1,6}(\.0)?", limit):
        raise BadQuery(f"the setting 'limit' is a number from 0 on, not {limit!r}")
    if content not in CONTENTS:
        raise BadQuery(f"the setting 'content' is one of {', '.join(CONTENTS)}, not {content!r}")
    return int(float(limit)), str(settings.get("language") or "").lower(), str(content)


@dataclass(frozen=True)
class _Wish:
    """A property of a record, as it is wanted."""

    holdings: Holdings
    record: Record
    name: str
    language: str
    content: str
    tags: tuple[str, ...]


def _named(wish: _Wish) -> Iterator[Cell]:
    named = [text for text, tag in wish.record.names if tag.lower() == wish.language] if wish.language else []
    yield from ({"str": text} for text in (named or [name_of(wish.record, wish.tags)[0]]))


def _others(wish: _Wish) -> Iterator[Cell]:
    yield from ({"str": text} for text, tag in wish.record.other_names if wish.language in ("", tag.lower()))


def _classes(wish: _Wish) -> Iterator[Cell]:
    iris = wish.holdings.nearest(wish.record.types) if wish.name == "type" else wish.record.kinds
    yield from (_class(wish.holdings, iri, wish.content, wish.tags) for iri in iris)


def _described(wish: _Wish) -> Iterator[Cell]:
    for predicate in wish.holdings.ontology.description_predicates:
        for term in _terms(wish.holdings, wish.record.id, predicate.value):
            if isinstance(term, Literal) and _speaks(term, wish.language):
                yield {"str": term.value}


def _licensed(wish: _Wish) -> Iterator[Cell]:
    for each in wish.record.datasets:
        graph = NamedNode(f"{wish.holdings.base}dataset/{each}")
        for quad in wish.holdings.store.quads(graph, DCT.license, None, DEFAULT):
            yield {"str": getattr(quad.object, "value", "")}


def _stated(wish: _Wish) -> Iterator[Cell]:
    for text in values_of(wish.record, wish.name, wish.holdings.called):
        if wish.name in NUMBERS:
            yield {"float": float(text)}
        else:
            yield (date(text) if wish.name in DATES else None) or {"str": text}


OF_RECORD: Mapping[str, Callable[[_Wish], Iterator[Cell]]] = {
    "name": _named,
    "alternateName": _others,
    "type": _classes,
    "classification": _classes,
    "description": _described,
    "dataset": lambda wish: ({"str": each} for each in wish.record.datasets),
    "license": _licensed,
}


def _class(holdings: Holdings, iri: str, content: str, tags: tuple[str, ...]) -> Cell:
    labels = holdings.ontology.labels.get(iri)
    found = display.best(labels, tags) if labels and content == "name" else None
    return {"str": found[0] if found else iri}


def date(text: str) -> Cell | None:
    """A date or time as extensions have them; None for what is none, as a year is."""
    match = TIME.fullmatch(text)
    return {"date": match[1] + (match[2] or "T00:00:00")} if match else None


def _cells(holdings: Holdings, term: Term, content: str, tags: tuple[str, ...]) -> Iterator[Cell]:
    if isinstance(term, Literal):
        yield _cell(term)
    elif isinstance(term, NamedNode):
        identifier = holdings.identifier(term.value) if term.value.startswith(f"{holdings.base}id/") else ""
        hit = holdings.names.of(term.value) if identifier and "#" not in term.value else None
        if content == "iri":
            yield {"str": term.value}
        elif hit:
            yield {"id": identifier, "name": name_of(unpacked(hit.record), tags)[0]}
        else:
            yield {"str": _label(holdings, term, tags)}


def _cell(literal: Literal) -> Cell:
    value = plain(literal)
    if literal.datatype in INTEGERS and isinstance(value, int):
        return {"int": value}
    if literal.datatype in REALS and isinstance(value, int | float):
        return {"float": value}
    if literal.datatype in (XSD.date, XSD.dateTime):
        return date(literal.value) or {"str": literal.value}
    return {"str": literal.value}


def _label(holdings: Holdings, node: NamedNode, tags: tuple[str, ...]) -> str:
    """The name of what is not a thing with an identifier; of a node that belongs to one, what it says."""
    labels = dict(holdings.ontology.labels.get(node.value, {}))
    quads = list(holdings.store.quads(node, None, None, DEFAULT))
    for predicate in reversed(holdings.ontology.label_predicates):
        labels |= {
            quad.object.language or "": quad.object.value
            for quad in quads
            if quad.predicate == predicate and isinstance(quad.object, Literal)
        }
    found = display.best(labels, tags)
    if found:
        return found[0]
    said = sorted(quad.object.value for quad in quads if isinstance(quad.object, Literal))
    return ", ".join(said) or node.value


def _speaks(term: Term, language: str) -> bool:
    return not language or not isinstance(term, Literal) or (term.language or "") in ("", language)


def _terms(holdings: Holdings, identifier: str, predicate: str) -> Iterable[Term]:
    resource = NamedNode(holdings.iri(identifier))
    quads = holdings.store.quads(resource, NamedNode(predicate), None, DEFAULT)
    return sorted((quad.object for quad in quads if isinstance(quad.object, NamedNode | Literal)), key=str)


def _texts(holdings: Holdings, term: Term) -> Iterator[str]:
    yield term.value
    if isinstance(term, NamedNode):
        yield from holdings.ontology.labels.get(term.value, {}).values()
        if identifier := holdings.identifier(term.value):
            yield identifier
            if hit := holdings.names.of(term.value):
                yield from unpacked(hit.record).all_names
        elif not holdings.ontology.labels.get(term.value):
            quads = holdings.store.quads(term, None, None, DEFAULT)
            yield from (quad.object.value for quad in quads if isinstance(quad.object, Literal))
