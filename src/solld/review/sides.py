"""What two records say, row by row, and where they agree: of each what its own sources say, whatever leads where."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from solld import describe
from solld.addresses import graph_iri, thing_iri
from solld.errors import NotFound
from solld.formats.page import build as page_of
from solld.formats.view import Field, Page, Value
from solld.link.folding import folded, latin, page
from solld.link.likeness import words_alike
from solld.messages import phrases
from solld.model import Context
from solld.negotiate import lookup_tags
from solld.rdf import DEFAULT, PROV, DefaultGraph, NamedNode, Quad, RdfFormat, Term, parse
from solld.service import Service

AGREE, PARTLY, DIFFER, ONE = "agree", "partly", "differ", "one"  # how two cells stand to one another
ASIDE = frozenset({PROV.generatedAtTime.value, PROV.wasGeneratedBy.value})  # when and how it was brought here
ALIKE = 0.75  # of the words of two values, from which on they agree in part
KEPT = 200  # records that are kept: a thing comes back in many pairs


@dataclass(frozen=True)
class Side:
    """A record as it is shown: what it is called, where it is published, who says so, and cells by their names."""

    id: str
    title: Value
    address: str
    sources: tuple[Value, ...]
    cells: tuple[tuple[str, tuple[Value, ...]], ...]


@dataclass(frozen=True)
class Row:
    """What both say of one property."""

    name: str
    one: tuple[Value, ...]
    other: tuple[Value, ...]
    state: str


class Own:
    """The quads of a record's own sources; for other things what the release says, for their labels."""

    def __init__(self, service: Service, iri: str):
        version = service.past.latest(iri) if service.past else None
        if version is None or not version.quads:
            raise NotFound("/" + iri.removeprefix(service.settings.base), "nothing is said of it now")
        self._store, apart = service.store, NamedNode(graph_iri(service.settings.base, "catalog"))
        named = [q for q in parse(version.quads, format=RdfFormat.N_QUADS) if q.graph_name != apart]
        merged = dict.fromkeys(Quad(q.subject, q.predicate, q.object, DEFAULT) for q in named)
        self._quads = [*named, *merged]
        self._subjects = {quad.subject for quad in named}

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """The quads that match."""
        if subject is not None and subject not in self._subjects:
            yield from self._store.quads(subject, predicate, object, graph)
            return
        for quad in self._quads:
            if (
                subject in (None, quad.subject)
                and predicate in (None, quad.predicate)
                and object in (None, quad.object)
                and graph in (None, quad.graph_name)
            ):
                yield quad


class Sides:
    """The records of a release, as they are shown side by side."""

    def __init__(self, service: Service):
        self._service = service
        self.side = lru_cache(KEPT)(self._side)

    def _side(self, identifier: str, language: str) -> Side:
        """One record. NotFound if nothing is said of it."""
        service, settings = self._service, self._service.settings
        resource = NamedNode(thing_iri(settings.base, identifier))
        said = describe.describe(
            Own(service, resource.value), service.ontology, settings.base, resource, size=0, origins=service.origins
        )
        context = Context(
            settings=settings,
            ontology=service.ontology,
            prefixes=service.prefixes,
            jsonld=service.jsonld,
            language=language,
            language_tags=lookup_tags(language, settings.languages),
            release=service.release.number,
            root=settings.base.rstrip("/"),
        )
        shown = page_of(said, context)
        address = f"{settings.base}doc/{identifier}"
        return Side(
            identifier, shown.title, address, shown.datasets, tuple(_cells(shown, phrases(language)("review_name")))
        )


def _cells(shown: Page, name: str) -> Iterator[tuple[str, tuple[Value, ...]]]:
    yield name, (shown.title, *(each for each in shown.names if each.text != shown.title.text))
    if shown.types:
        yield "", shown.types
    if shown.lead:
        yield " ", (shown.lead, *shown.leads)
    for section in shown.sections:
        for field in section.fields:
            if field.name.href not in ASIDE:
                yield from _flat(field)


def _flat(field: Field) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """A field, and those of the nodes that are its values: an address is its town, its postcode, its street."""
    plain = tuple(value for value in (*field.values, *field.others) if not value.part)
    if plain:
        yield field.name.text, plain
    for part in field.parts:
        if part.named:
            yield field.name.text, (part.title,)
        for each in part.fields:
            yield from _flat(each)


def rows(one: Side, other: Side, kind: str, sentence: str) -> list[Row]:
    """The rows of both, in the order of the first that has most; `kind` and `sentence` name what pages do not."""
    mine, theirs = _gathered(one.cells), _gathered(other.cells)
    longer, shorter = (mine, theirs) if len(mine) >= len(theirs) else (theirs, mine)
    names = dict.fromkeys((*longer, *shorter))
    words = {"": kind, " ": sentence}
    found = [(name, tuple(mine.get(name, ())), tuple(theirs.get(name, ()))) for name in names]
    return [Row(words.get(name, name), left, right, _state(left, right)) for name, left, right in found]


def _gathered(cells: Iterable[tuple[str, tuple[Value, ...]]]) -> dict[str, list[Value]]:
    found: dict[str, list[Value]] = {}
    for name, values in cells:
        found.setdefault(name, []).extend(values)
    return found


def _state(one: tuple[Value, ...], other: tuple[Value, ...]) -> str:
    if not one or not other:
        return ONE
    mine, theirs = ({_compared(each) for each in values} for values in (one, other))
    if mine == theirs:
        return AGREE
    if mine & theirs or any(words_alike(a.split(), b.split()) >= ALIKE for a in mine for b in theirs):
        return PARTLY
    return DIFFER


def _compared(value: Value) -> str:
    """A value as it is compared: an address without www and a slash at the end, a text without signs and accents."""
    if value.external and (address := page(value.href)):
        return address
    return folded(latin(value.text)) or value.text
