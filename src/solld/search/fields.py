"""What a site is searched by: the mappings of its ontology's hydra:IriTemplate, or what any site has.

A mapping has a hydra:variable, which is the parameter, and a path (sh:path) from a thing to what it is found by:

    q        texts: the words of all of them count; a named text is more than others
    bbox     nodes that have a latitude and a longitude
    another  a facet: what the path leads to can be chosen. One that ends in any number of steps is a tree
    sh:defaultValue of a facet is the value that most people look for: what has it comes first
    skos:inScheme of a facet is the concept scheme that its values are of: a path may lead to others, too
    void:inDataset  in the place of a path is the source: which datasets say something of the thing

https://www.hydra-cg.com/spec/latest/core/#templated-links
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from solld.model import Ontology
from solld.ontology import Index, indexed
from solld.rdf import HYDRA, RDF, RDFS, SCHEMA, SH, SKOS, VOID, Literal, NamedNode, Triple
from solld.search import paths
from solld.search.paths import Path

TEXT, BOX = "q", "bbox"
RESERVED = frozenset({TEXT, BOX, "page", "size", "format", "lang", "sort"})
SOURCE = Path("predicate", VOID.inDataset)
NAMES = (SKOS.altLabel, SKOS.hiddenLabel, SCHEMA.alternateName, SCHEMA.legalName)  # beside labels
LATITUDES = (SCHEMA.latitude, NamedNode("http://www.w3.org/2003/01/geo/wgs84_pos#lat"))
LONGITUDES = (SCHEMA.longitude, NamedNode("http://www.w3.org/2003/01/geo/wgs84_pos#long"))


@dataclass(frozen=True)
class Facet:
    """Something that a search can be narrowed by."""

    name: str  # the parameter
    path: Path
    labels: Mapping[str, str]  # language tag -> text
    order: float = 0
    first: str = ""  # a value: what has it comes before the rest
    scheme: str = ""  # IRI of the only concept scheme whose concepts are its values, if there is one

    @property
    def is_source(self) -> bool:
        return self.path == SOURCE

    @property
    def above(self) -> Path | None:
        """The step from a value to the one above it."""
        return paths.tree(self.path)


@dataclass(frozen=True)
class Fields:
    """What things are searched by."""

    names: tuple[NamedNode, ...]  # predicates of what a thing is called
    text: Path
    point: Path
    facets: tuple[Facet, ...]

    def facet(self, name: str) -> Facet | None:
        return next((each for each in self.facets if each.name == name), None)


def read(triples: Iterable[Triple], shown: Ontology) -> Fields:
    """What an ontology says; ValueError with the mapping that cannot be read."""
    index = indexed(triples)
    names = (*shown.label_predicates, *(each for each in NAMES if each not in shown.label_predicates))
    said = {each.name: each for each in _mappings(index)}
    text, point = said.pop(TEXT, None), said.pop(BOX, None)
    descriptions = paths.of(*dict.fromkeys((*names, *shown.description_predicates)))
    return Fields(
        names=names,
        text=text.path if text else descriptions,
        point=point.path if point else DEFAULT_POINT,
        facets=tuple(sorted(said.values(), key=lambda each: (each.order, each.name))) or DEFAULT_FACETS,
    )


def _mappings(index: Index) -> Iterable[Facet]:
    for template, said in index.items():
        if HYDRA.IriTemplate in said.get(RDF.type, ()):
            for node in said.get(HYDRA.mapping, ()):
                yield _mapping(index, template, node)


def _mapping(index: Index, template: NamedNode, node: object) -> Facet:
    said = index.get(node, {}) if isinstance(node, NamedNode) else {}
    variable = next((v.value for v in said.get(HYDRA.variable, ()) if isinstance(v, Literal)), "")
    path = next(iter((*said.get(SH.path, ()), *said.get(HYDRA.property, ()))), None)
    if not variable.isidentifier() or path is None or (variable in RESERVED and variable not in (TEXT, BOX)):
        raise ValueError(f"a mapping of {template.value} needs a hydra:variable that is not taken, and a sh:path")
    labels = {v.language or "": v.value for v in said.get(RDFS.label, ()) if isinstance(v, Literal)}
    order = next((float(v.value) for v in said.get(SH.order, ()) if isinstance(v, Literal)), 0.0)
    first = next((str(getattr(v, "value", "")) for v in said.get(SH.defaultValue, ())), "")
    scheme = next((str(getattr(v, "value", "")) for v in said.get(SKOS.inScheme, ())), "")
    return Facet(variable, paths.read(index, path), labels, order, first, scheme)


TYPES = {"en": "Type", "fr": "Type", "es": "Tipo"}
SOURCES = {"en": "Source", "fr": "Source", "es": "Fuente"}
DEFAULT_FACETS = (Facet("type", paths.of(RDF.type), TYPES, 1), Facet("source", SOURCE, SOURCES, 2))
DEFAULT_POINT = Path(
    "sequence",
    parts=(
        Path("optional", parts=(paths.of(SCHEMA.location),)),
        Path("optional", parts=(paths.of(SCHEMA.geo),)),
    ),
)
