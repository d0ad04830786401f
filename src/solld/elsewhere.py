"""Where else a thing is: records of other directories that are the same, registers, what sources say is the same
elsewhere; what is related; and what may be the same, which nobody has looked at.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from solld.addresses import graph_iri, thing_iri
from solld.fates import Fates
from solld.history import History
from solld.link import graph
from solld.link.consequences import WHY
from solld.link.judgements import RELATED, SAME
from solld.link.numbers import ITEM, WIKIDATA, Number, numbers_of
from solld.link.registers import page_of
from solld.link.told import LIKELY, NEAR, PERHAPS, Link
from solld.model import Elsewhere
from solld.rdf import ADMS, OWL, PROV, SKOS, NamedNode, Quad, Term
from solld.stores import Quads

SAMENESS = (OWL.sameAs, SKOS.exactMatch)
STATED, REGISTER = "stated", "register"


@dataclass(frozen=True)
class Around:
    """What it takes to look around a thing: a release, and what became of identifiers."""

    store: Quads
    past: History | None
    fates: Fates
    base: str


def elsewhere(around: Around, resource: NamedNode) -> tuple[Elsewhere, ...]:
    """Where else a thing is, by state: what is surest comes first. Nothing of what is not a thing of ours."""
    prefix = thing_iri(around.base, "")
    if not resource.value.startswith(prefix) or "#" in resource.value:
        return ()
    identifier = resource.value.removeprefix(prefix)
    led = around.fates.led.get(identifier, ())
    links = [link for each in (identifier, *led) for link in _links(around, each)]
    same = [_led(around, one, links) for one in led]
    own = _record(around, identifier)
    said = {each: list(around.store.quads(NamedNode(prefix + each))) for each in (identifier, *led)}
    found = [*([own] if own and (same or own.page) else []), *same, *_stated(around, said.values())]
    return (*found, *_near(around, identifier, links))


def _record(around: Around, identifier: str) -> Elsewhere | None:
    """The record that a thing is of, at its source."""
    owner = around.past.issued(identifier) if around.past else None
    if owner is None or identifier in around.fates.hidden:
        return None
    dataset = f"{around.base}dataset/{owner[0]}"
    iri = thing_iri(around.base, identifier)
    pages = around.store.quads(NamedNode(iri), PROV.wasDerivedFrom, None, NamedNode(dataset))
    urls = sorted(_text(quad.object) for quad in pages if isinstance(quad.object, NamedNode))
    page = next((url for url in urls if url.startswith(("http:", "https:")) and not url.startswith(around.base)), "")
    return Elsewhere(SAME, iri, dataset, unquote(owner[1]), page)


def _led(around: Around, one: str, links: Iterable[Link]) -> Elsewhere:
    """The record that leads here, with who judged so, or since when it does."""
    record = _record(around, one) or Elsewhere(SAME, thing_iri(around.base, one))
    act = around.fates.last[one]
    judged = next((each for each in links if each.state == SAME and one in (each.one, each.other)), None)
    who, when, why = (judged.who, judged.when, judged.why) if judged else ("", act.date, act.why.removeprefix(WHY))
    return Elsewhere(SAME, record.iri, record.graph, record.key, record.page, who=who, when=when, why=why)


def _links(around: Around, identifier: str) -> Iterator[Link]:
    """What the graph of links tells of an identifier."""
    apart, node = NamedNode(graph_iri(around.base, "links")), NamedNode(thing_iri(around.base, identifier))
    for end in (OWL.annotatedSource, OWL.annotatedTarget):
        for quad in around.store.quads(None, end, node, apart):
            if isinstance(quad.subject, NamedNode):
                said = around.store.quads(quad.subject, None, None, apart)
                yield graph.of({each.predicate.value: each.object for each in said}, around.base)  # type: ignore[misc]


def _near(around: Around, identifier: str, links: Iterable[Link]) -> list[Elsewhere]:
    """What was judged to be related, and what is guessed; of each thing what is surest."""
    order = (RELATED, PERHAPS, NEAR)
    best: dict[str, Elsewhere] = {}
    told = [each for each in links if each.state in order and (not each.is_guess or each.probability >= LIKELY)]
    for link in sorted(told, key=lambda each: (order.index(each.state), -each.probability)):
        ours = {each for each in (link.one, link.other) if around.fates.merged.get(each, each) == identifier}
        if len(ours) == 1:
            other = link.ends(ours.pop())
            iri = thing_iri(around.base, around.fates.merged.get(other, other))
            rest = (link.score, link.who, link.when, "" if link.is_guess else link.why)
            best.setdefault(iri, Elsewhere(link.state, iri, _dataset(around, other), "", "", *rest))
    there = (each for each in best.values() if next(around.store.quads(NamedNode(each.iri)), None))
    return sorted(there, key=lambda each: (order.index(each.state), -float(each.score or 0), each.iri))


def _dataset(around: Around, identifier: str) -> str:
    owner = around.past.issued(identifier) if around.past else None
    return f"{around.base}dataset/{owner[0]}" if owner else ""


def _stated(around: Around, said: Iterable[list[Quad]]) -> Iterator[Elsewhere]:
    """Numbers of registers, and what sources say that a thing is elsewhere."""
    numbers: dict[Number, str] = {}
    same: dict[str, str] = {}
    for quads in said:
        named = [quad for quad in quads if isinstance(quad.graph_name, NamedNode)]
        for quad in named:
            source, value = _text(quad.graph_name), _text(quad.object)
            if quad.predicate == ADMS.identifier:
                numbers |= dict.fromkeys(numbers_of([_number(around.store, quad.object)]), source)
            elif quad.predicate in SAMENESS and ITEM.match(value):
                numbers |= dict.fromkeys(numbers_of((), [value]), source)
            elif quad.predicate in SAMENESS and value.startswith(("http:", "https:")):
                same.setdefault(value, source)
    for agency, number in sorted(numbers, key=lambda each: (each[0] != WIKIDATA, each)):
        if agency:
            yield Elsewhere(REGISTER, agency, numbers[agency, number], number, page_of(agency, number))
    for iri in sorted(same):
        yield Elsewhere(STATED, iri, same[iri], "", iri)


def _number(store: Quads, node: object) -> Number:
    said = {quad.predicate: quad.object for quad in store.quads(node)} if isinstance(node, NamedNode) else {}
    return _text(said.get(ADMS.schemaAgency)), _text(said.get(SKOS.notation))


def _text(term: Term | object) -> str:
    return str(getattr(term, "value", ""))
