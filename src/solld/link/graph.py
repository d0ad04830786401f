"""Links as RDF, for the graph that is kept apart for them: each is a resource that tells of two, and asserts nothing.

    <graph/links#4k7r2dm9q-9xbwjhb70> a sssom:Mapping ;
        owl:annotatedSource <id/4k7r2dm9q> ; owl:annotatedTarget <id/9xbwjhb70> ;
        owl:annotatedProperty skos:closeMatch ; sssom:confidence 0.93 ;
        sssom:mapping_justification semapv:CompositeMatching ; sssom:mapping_tool "solld" .

These are the properties that SSSOM has for its columns (https://mapping-commons.github.io/sssom/spec-formats-owl/), but
the class: an owl:Axiom would be one, and there is no triple here that says that two are the same. Somebody is named as
the author of what was judged, nobody of a guess.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solld.addresses import graph_iri, thing_iri
from solld.link.judgements import DIFFERENT, MACHINE, RELATED, SAME, UNSURE
from solld.link.told import NEAR, PERHAPS, Link
from solld.rdf import DCT, OWL, RDF, RDFS, SEMAPV, SKOS, SSSOM, XSD, Literal, NamedNode, Term, Triple, triples_of

MANUAL, COMPOSITE = SEMAPV.ManualMappingCuration, SEMAPV.CompositeMatching


@dataclass(frozen=True)
class Sign:
    """How a state is written: a predicate, whether it is denied, and how it is known."""

    predicate: NamedNode
    negated: bool
    justification: NamedNode


def sign(link: Link) -> Sign:
    """owl:sameAs is only what a person said; what was judged by rule is skos:exactMatch, a guess skos:closeMatch."""
    by_machine = link.is_guess or link.who == MACHINE
    predicate = {
        SAME: SKOS.exactMatch if by_machine else OWL.sameAs,
        DIFFERENT: SKOS.exactMatch,
        RELATED: SKOS.relatedMatch,
        NEAR: SKOS.relatedMatch,
        UNSURE: SKOS.closeMatch,
        PERHAPS: SKOS.closeMatch,
    }[link.state]
    return Sign(predicate, link.state == DIFFERENT, COMPOSITE if by_machine else MANUAL)


def is_confidence(link: Link) -> bool:
    """Whether its score is how sure it is that the link holds; else it is how likely the two are the same."""
    return link.is_guess or (link.state == SAME and link.who == MACHINE)


def node(base: str, link: Link) -> str:
    """The IRI of a link."""
    return f"{graph_iri(base, 'links')}#{link.one}-{link.other}"


def lines(base: str, link: Link) -> set[str]:
    """What is said of a link, in N-Triples."""
    here, told = NamedNode(node(base, link)), sign(link)
    said: list[tuple[NamedNode, Term]] = [
        (RDF.type, SSSOM.Mapping),
        (OWL.annotatedSource, NamedNode(thing_iri(base, link.one))),
        (OWL.annotatedProperty, told.predicate),
        (OWL.annotatedTarget, NamedNode(thing_iri(base, link.other))),
        (SSSOM.mapping_justification, told.justification),
    ]
    if told.negated:
        said.append((SSSOM.predicate_modifier, SSSOM.NegatedPredicate))
    if link.score:
        score = SSSOM.confidence if is_confidence(link) else SSSOM.similarity_score
        said.append((score, Literal(link.score, datatype=XSD.decimal)))
    if link.who:
        said.append((SSSOM.author_label, Literal(link.who)))
    if link.when:
        said.append((DCT.created, Literal(link.when, datatype=XSD.dateTime if "T" in link.when else XSD.date)))
    if link.why:
        said.append((RDFS.comment, Literal(link.why)))
    if link.method:
        said += [(SSSOM.mapping_tool, Literal(MACHINE)), (SSSOM.mapping_tool_version, Literal(link.method))]
    return {f"{Triple(here, predicate, value)} ." for predicate, value in said}


def read(base: str, said: Iterable[str]) -> Link:
    """The link that lines tell of."""
    return of({t.predicate.value: t.object for t in triples_of(line.encode() for line in said)}, base)  # type: ignore[misc]


def of(told: Mapping[str, Term], base: str) -> Link:
    """The link of its properties, by their IRIs."""

    def text(predicate: NamedNode) -> str:
        return str(getattr(told.get(predicate.value), "value", ""))

    prefix = thing_iri(base, "")
    one, other = (text(each).removeprefix(prefix) for each in (OWL.annotatedSource, OWL.annotatedTarget))
    who = text(SSSOM.author_label)
    return Link(
        one,
        other,
        _state(text(OWL.annotatedProperty), SSSOM.predicate_modifier.value in told, bool(who)),
        text(SSSOM.confidence) or text(SSSOM.similarity_score),
        who,
        text(DCT.created),
        text(RDFS.comment),
        text(SSSOM.mapping_tool_version),
    )


def _state(predicate: str, negated: bool, judged: bool) -> str:
    """The state that a predicate stands for: what nobody is named for is a guess."""
    if negated:
        return DIFFERENT
    if predicate == SKOS.relatedMatch.value:
        return RELATED if judged else NEAR
    if predicate == SKOS.closeMatch.value:
        return UNSURE if judged else PERHAPS
    return SAME
