"""What lists of links need of a thing: its name, its pages at its sources, its numbers, and what it is the same as."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from solld import ontology
from solld.exports import Source
from solld.exports.directory import tags
from solld.link.numbers import WIKIDATA, numbers_of
from solld.rdf import (
    ADMS,
    OWL,
    PROV,
    SCHEMA,
    SKOS,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    graph_of,
    parse,
    triples_of,
)

SAME = (OWL.sameAs, SKOS.exactMatch)
ALIKE = (SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
NODES = (SKOS.notation, ADMS.schemaAgency)
TOLD = (*SAME, *ALIKE, *NODES, ADMS.identifier, SCHEMA.sameAs, PROV.wasDerivedFrom)
READ = frozenset(str(each).encode() for each in TOLD)


@dataclass(frozen=True)
class Stated:
    """That a source says that something is the same as, or like, something elsewhere."""

    predicate: NamedNode
    iri: str
    graph: str


@dataclass(frozen=True)
class Facts:
    """Of one thing. Numbers are (agency, number), those of Wikidata among them."""

    name: str = ""
    pages: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    stated: tuple[Stated, ...] = ()

    @property
    def items(self) -> list[str]:
        """Wikidata's items."""
        return [number for agency, number in self.numbers if agency == WIKIDATA]

    @property
    def registers(self) -> list[str]:
        """Numbers as codes of org-id.guide with the number."""
        return [f"{agency}-{number}" for agency, number in self.numbers if agency and agency != WIKIDATA]


@dataclass(frozen=True)
class Reader:
    """Reads facts; the ontology of a site says what a name is."""

    predicates: Mapping[str, int]  # of names, by IRI: the lower, the better
    tags: Mapping[str, int]  # languages

    def facts(self, iri: str, lines: Iterable[bytes], is_open: Callable[[str], bool]) -> Facts:
        """The facts of a thing in its N-Quads lines, of those graphs that are open."""
        names = {f"<{each}>".encode() for each in self.predicates}
        wanted = (line for line in lines if (verb := line.split(b" ", 2)[1]) in READ or verb in names)
        quads = list(parse(b"\n".join(line for line in wanted if is_open(graph_of(line))), format=RdfFormat.N_QUADS))
        about = [quad for quad in quads if quad.subject.value == iri]
        linked = [(q.predicate, q.object.value, _graph(q)) for q in about if isinstance(q.object, NamedNode)]
        said = [Stated(*each) for each in linked if each[0] in (*SAME, *ALIKE)]
        same = [target for predicate, target, _ in linked if predicate in (*SAME, SCHEMA.sameAs)]
        pages = {target for predicate, target, _ in linked if predicate == PROV.wasDerivedFrom}
        return Facts(
            self._name(about),
            tuple(sorted(page for page in pages if page.startswith(("http://", "https://")))),
            numbers_of(_numbers(quads, about), same),
            tuple(sorted(said, key=lambda each: (each.iri, each.predicate.value, each.graph))),
        )

    def _name(self, about: Iterable[Quad]) -> str:
        def rank(place: int, name: Literal) -> tuple[int, int, str]:
            language = (name.language or "").lower()
            known = self.tags.get(language, self.tags.get(language.partition("-")[0], len(self.tags)))
            return place, known, name.value

        named = ((self.predicates.get(q.predicate.value), q.object) for q in about)
        ranked = [rank(place, name) for place, name in named if place is not None and isinstance(name, Literal)]
        return min(ranked)[2] if ranked else ""


def _graph(quad: Quad) -> str:
    return str(getattr(quad.graph_name, "value", ""))


def _numbers(quads: Iterable[Quad], about: Iterable[Quad]) -> list[tuple[str, str]]:
    nodes: dict[str, dict[NamedNode, str]] = {}
    for quad in quads:
        if quad.predicate in NODES:
            nodes.setdefault(str(getattr(quad.subject, "value", "")), {})[quad.predicate] = str(
                getattr(quad.object, "value", "")
            )
    wanted = (nodes.get(str(getattr(q.object, "value", "")), {}) for q in about if q.predicate == ADMS.identifier)
    return [(each.get(ADMS.schemaAgency, ""), each[SKOS.notation]) for each in wanted if SKOS.notation in each]


def reader(source: Source) -> Reader:
    """The reader of a release."""
    _, _, lines = source.past.ontology(source.number) or (0, {}, b"")
    shown = ontology.read(triples_of(lines.split(b"\n")))
    predicates = {each.value: place for place, each in enumerate(shown.label_predicates)}
    return Reader(predicates, {tag: place for place, tag in enumerate(tags(source.settings))})
