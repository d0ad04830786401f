"""The vocabulary of the site is complete, agrees with what others say of the terms it builds on, is used as defined.

Reads ontology/, data/ and queries/ as files; knows nothing of the engine. The mappings and the quotations are checked
against the shared texts and data of others, found beside the project or where SOLLD_SHARED says.
"""

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import owlrl
import pyshacl
import pytest
import shacl
from pyoxigraph import QuerySolutions, RdfFormat, Store
from rdflib import OWL, RDF, RDFS, SH, SKOS, Graph, Literal, Namespace, Node, URIRef
from rdflib.collection import Collection

ROOT = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("SOLLD_SHARED", ROOT.parent / "shared"))

BASE = "https://w3id.org/solld/"
ONTOLOGY = URIRef(f"{BASE}ns")
SCHEMES = f"{BASE}scheme/"
SOLLD = Namespace(f"{BASE}ns#")
DCT = Namespace("http://purl.org/dc/terms/")
ORG = Namespace("http://www.w3.org/ns/org#")
PROV = Namespace("http://www.w3.org/ns/prov#")
SCHEMA = Namespace("https://schema.org/")
VS = Namespace("http://www.w3.org/2003/06/sw-vocab-status/ns#")
CONTRADICTION = URIRef("http://www.daml.org/2002/03/agents/agent-ont#error")  # as owlrl reports one

LANGUAGES = {"fr", "en", "es"}
TERM_FILES = [ROOT / "ontology/solld.ttl", *sorted((ROOT / "ontology/schemes").glob("*.ttl"))]
AUTHORED = [*TERM_FILES, ROOT / "ontology/alignments.ttl"]
RULES = sorted((ROOT / "ontology/rules").glob("*.rq"))
QUERIES = sorted((ROOT / "queries").glob("*.rq"))

PREFIXES = """
@prefix actortype: <https://w3id.org/solld/scheme/actor-types/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix evidence: <https://w3id.org/solld/scheme/evidence/> .
@prefix ex: <https://example.org/> .
@prefix field: <https://w3id.org/solld/scheme/fields-of-action/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix kind: <https://w3id.org/solld/scheme/cooperation-kinds/> .
@prefix level: <https://w3id.org/solld/scheme/territory-levels/> .
@prefix m8g: <http://data.europa.eu/m8g/> .
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix solld: <https://w3id.org/solld/ns#> .
@prefix value: <https://w3id.org/solld/scheme/values/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

# What others say of the terms that this vocabulary and its data build on, as far as a contradiction can come of it.
# PROV-O of 2013-04-30, ORG of 2014-01-16, FOAF 0.99, SKOS of 2009-08-18, CPOV.
NEIGHBOURS = """
prov:Activity owl:disjointWith prov:Entity .
prov:wasDerivedFrom rdfs:domain prov:Entity ; rdfs:range prov:Entity .
prov:wasAttributedTo rdfs:domain prov:Entity ; rdfs:range prov:Agent .
prov:wasAssociatedWith rdfs:domain prov:Activity ; rdfs:range prov:Agent .
prov:generated rdfs:domain prov:Activity ; rdfs:range prov:Entity .
prov:used rdfs:domain prov:Activity ; rdfs:range prov:Entity .
prov:startedAtTime rdfs:domain prov:Activity .
prov:endedAtTime rdfs:domain prov:Activity .
prov:atLocation rdfs:range prov:Location .

org:Organization rdfs:subClassOf foaf:Agent .
org:OrganizationalUnit rdfs:subClassOf org:Organization .
m8g:PublicOrganisation rdfs:subClassOf org:Organization .
org:Role rdfs:subClassOf skos:Concept .
org:ChangeEvent rdfs:subClassOf prov:Activity .
org:classification rdfs:domain org:Organization ; rdfs:range skos:Concept .
org:purpose rdfs:domain org:Organization .
org:subOrganizationOf rdfs:domain org:Organization ; rdfs:range org:Organization .
org:linkedTo rdfs:domain org:Organization ; rdfs:range org:Organization .
org:member a owl:FunctionalProperty ; rdfs:domain org:Membership ; rdfs:range foaf:Agent .
org:organization a owl:FunctionalProperty ; rdfs:domain org:Membership ; rdfs:range org:Organization .
org:role rdfs:range org:Role .
org:memberOf rdfs:domain foaf:Agent ; rdfs:range org:Organization .
org:resultingOrganization rdfs:domain org:ChangeEvent ; rdfs:range org:Organization .

foaf:Person rdfs:subClassOf foaf:Agent ; owl:disjointWith foaf:Organization, foaf:Project .
foaf:Group rdfs:subClassOf foaf:Agent .
foaf:Document owl:disjointWith foaf:Organization, foaf:Project .
foaf:member rdfs:domain foaf:Group ; rdfs:range foaf:Agent .

skos:Concept owl:disjointWith skos:Collection, skos:ConceptScheme .
skos:inScheme rdfs:range skos:ConceptScheme .
skos:topConceptOf rdfs:subPropertyOf skos:inScheme ; owl:inverseOf skos:hasTopConcept .
skos:hasTopConcept rdfs:domain skos:ConceptScheme ; rdfs:range skos:Concept .
skos:member rdfs:domain skos:Collection .
skos:semanticRelation rdfs:domain skos:Concept ; rdfs:range skos:Concept .
skos:broader rdfs:subPropertyOf skos:broaderTransitive .
skos:broaderTransitive a owl:TransitiveProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:related a owl:SymmetricProperty ; rdfs:subPropertyOf skos:semanticRelation ;
  owl:propertyDisjointWith skos:broaderTransitive .
skos:broadMatch rdfs:subPropertyOf skos:broader .
skos:relatedMatch rdfs:subPropertyOf skos:related .
skos:closeMatch a owl:SymmetricProperty ; rdfs:subPropertyOf skos:semanticRelation .
skos:exactMatch a owl:SymmetricProperty, owl:TransitiveProperty ; rdfs:subPropertyOf skos:closeMatch ;
  owl:propertyDisjointWith skos:broadMatch, skos:relatedMatch .
skos:prefLabel owl:propertyDisjointWith skos:altLabel .
"""


def turtle(text: str) -> Graph:
    return Graph().parse(data=PREFIXES + text, format="turtle")


def read(paths: Iterable[Path]) -> Graph:
    graph = Graph()
    for path in paths:
        graph.parse(path, format="turtle", publicID=base_of(path))
    return graph


def base_of(path: Path) -> str:
    """The base of relative IRIs: a dataset's own in dataset.ttl, that of its source keys in its other files."""
    name = path.parent.name
    return f"{BASE}dataset/{name}" if path.name == "dataset.ttl" else f"{BASE}key/{name}/"


@cache
def terms() -> Graph:
    return read(TERM_FILES)


@cache
def ontology() -> Graph:
    return read(sorted((ROOT / "ontology").rglob("*.ttl")))


@cache
def shapes() -> Graph:
    return read([ROOT / "ontology/shapes.ttl"])


@cache
def alignments() -> Graph:
    return read([ROOT / "ontology/alignments.ttl"])


@cache
def data() -> Graph:
    return read(sorted((ROOT / "data").glob("*/*.ttl")))


def shared(name: str) -> Path:
    """A file of the shared folder; the test is skipped without it, but not where all tests must run."""
    path = SHARED / name
    if not path.exists():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{path} is missing; SOLLD_SHARED says where shared/ is")
    return path


def derived(graph: Graph) -> Graph:
    """What the rules make of a graph, each thing with its fragments in a graph of its own, as a build does it."""
    lines = graph.serialize(format="nt").splitlines()
    quads = "".join(f"{line.removesuffix('.')} {thing_of(line)} .\n" for line in lines if line)
    store = Store()
    store.load(quads.encode(), format=RdfFormat.N_QUADS)
    rows = [row for path in RULES for row in solutions(store, path)]
    found = [f"{row['subject']} {row['predicate']} {row['object']} ." for row in rows]
    return Graph().parse(data="\n".join(found), format="nt")


def thing_of(line: str) -> str:
    """The subject of an N-Triples line, without its fragment."""
    return line[: line.index(">")].partition("#")[0] + ">"


def solutions(store: Store, path: Path) -> QuerySolutions:
    result = store.query(path.read_text(encoding="utf-8"))
    assert isinstance(result, QuerySolutions)
    return result


def closed(graph: Graph) -> Graph:
    """All that follows from a graph by OWL 2 RL; of its texts only the names, as nothing follows from the others."""
    result = Graph()
    for subject, predicate, term in graph:
        if predicate in (SKOS.prefLabel, SKOS.altLabel) or not isinstance(term, Literal):
            result.add((subject, predicate, term))
    owlrl.DeductiveClosure(owlrl.OWLRL_Semantics, axiomatic_triples=False, datatype_axioms=False).expand(result)
    return result


def contradictions(graph: Graph) -> list[str]:
    return sorted(str(message) for message in closed(graph).objects(None, CONTRADICTION))


def languages(graph: Graph, subject: Node, *predicates: URIRef) -> set[str | None]:
    found = (term for predicate in predicates for term in graph.objects(subject, predicate))
    return {term.language for term in found if isinstance(term, Literal)}


def defined(kind: Node) -> list[URIRef]:
    return sorted(s for s in terms().subjects(RDF.type, kind) if isinstance(s, URIRef))


def local(node: object) -> str:
    return str(node).removeprefix(BASE) or "(none)"


CLASSES, PROPERTIES = defined(OWL.Class), defined(OWL.ObjectProperty)
CONCEPTS, CONCEPT_SCHEMES = defined(SKOS.Concept), defined(SKOS.ConceptScheme)
ALL_TERMS = [*CLASSES, *PROPERTIES, *CONCEPTS, *CONCEPT_SCHEMES]


# --- Completeness ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("term", ALL_TERMS, ids=local)
def test_a_term_has_labels_in_three_languages(term: URIRef) -> None:
    assert languages(terms(), term, RDFS.label, SKOS.prefLabel) == LANGUAGES


@pytest.mark.parametrize("term", ALL_TERMS, ids=local)
def test_a_term_is_defined_in_french_english_and_spanish(term: URIRef) -> None:
    assert languages(terms(), term, SKOS.definition) == {"fr", "en", "es"}


@pytest.mark.parametrize("term", ALL_TERMS, ids=local)
def test_a_term_says_who_defines_it_and_its_status(term: URIRef) -> None:
    assert terms().value(term, RDFS.isDefinedBy) in {ONTOLOGY, *CONCEPT_SCHEMES}
    assert str(terms().value(term, VS.term_status)) in {"stable", "testing"}


def test_there_are_as_many_terms_as_designed() -> None:
    assert (len(CLASSES), len(PROPERTIES), len(CONCEPT_SCHEMES)) == (9, 18, 9)  # the ninth: kinds of sources


def test_the_ontology_states_its_version() -> None:
    version = str(terms().value(ONTOLOGY, OWL.versionInfo))
    assert terms().value(ONTOLOGY, OWL.versionIRI) == URIRef(f"{ONTOLOGY}/{version}")


@pytest.mark.parametrize("predicate", [DCT.title, DCT.description], ids=local)
def test_the_ontology_is_presented_in_three_languages(predicate: URIRef) -> None:
    assert languages(terms(), ONTOLOGY, predicate) == LANGUAGES


@pytest.mark.parametrize("predicate", [DCT.created, DCT.modified, DCT.license, DCT.creator], ids=local)
def test_the_ontology_says_when_by_whom_and_under_which_licence(predicate: URIRef) -> None:
    assert terms().value(ONTOLOGY, predicate) is not None


@pytest.mark.parametrize("concept", CONCEPTS, ids=local)
def test_a_concept_is_at_the_top_of_its_scheme_or_below_another(concept: URIRef) -> None:
    scheme = URIRef(concept.rpartition("/")[0])
    assert terms().value(concept, SKOS.inScheme) == scheme
    below = terms().value(concept, SKOS.broader) is not None
    assert ((concept, SKOS.topConceptOf, scheme) in terms()) is not below
    assert ((scheme, SKOS.hasTopConcept, concept) in terms()) is not below


@pytest.mark.parametrize("concept", CONCEPTS, ids=local)
def test_a_concept_is_not_above_itself(concept: URIRef) -> None:
    assert concept not in set(terms().transitive_objects(concept, SKOS.broader)) - {concept}
    assert (concept, SKOS.broader, concept) not in terms()


def test_the_labels_of_a_scheme_are_unique() -> None:
    for scheme in CONCEPT_SCHEMES:
        concepts = list(terms().subjects(SKOS.inScheme, scheme))
        labels = [label for concept in concepts for label in terms().objects(concept, SKOS.prefLabel)]
        assert len(labels) == len(set(labels))


# --- Consistency -----------------------------------------------------------------------------------------------------


@cache
def everything() -> Graph:
    return read(AUTHORED) + data() + derived(data()) + turtle(NEIGHBOURS)


def test_vocabulary_alignments_and_data_have_no_contradiction() -> None:
    assert contradictions(everything()) == []


@pytest.mark.parametrize(
    "said",
    [
        "ex:x a solld:Actor, solld:Charter .",
        "ex:x a solld:Actor ; solld:holdsValue ex:p . ex:p a solld:CharterPrinciple .",
        "ex:f a solld:Foundation ; solld:founder ex:c . ex:c a solld:Cooperation .",
        "ex:x solld:adheresTo ex:y . ex:y solld:adheresTo ex:z .",
        "ex:c a solld:Cooperation ; prov:generated ex:r ; prov:wasDerivedFrom ex:excerpt .",
        "ex:f a solld:Foundation ; org:resultingOrganization ex:o ; prov:wasDerivedFrom ex:excerpt .",
        "field:cooperation-internationale skos:broadMatch <http://purl.org/essglobal/standard/themes/T11> .",
        "value:solidarite-generations skos:related value:solidarite .",
        "value:solidarite a skos:ConceptScheme .",
    ],
)
def test_a_contradiction_is_found(said: str) -> None:
    assert contradictions(read(AUTHORED) + turtle(NEIGHBOURS) + turtle(said)) != []


@pytest.mark.parametrize(
    "said",
    [
        "ex:f a solld:Foundation ; solld:founder ex:x ; solld:founded ex:o .",
        "ex:c a solld:Cooperation ; solld:participant ex:x ; solld:beneficiary ex:o .",
        "ex:x solld:cooperatesWith ex:o .",
        "ex:x solld:holdsValue value:solidarite ; solld:fieldOfAction field:agrotourisme .",
        "ex:r a solld:Recognition ; solld:recogniser ex:x ; solld:recognised ex:o .",
        "ex:a a solld:Realisation ; solld:realisedBy ex:x .",
        "ex:x solld:adheresTo ex:charter .",
    ],
)
def test_nobody_becomes_an_organisation_by_what_is_said_of_them(said: str) -> None:
    result = closed(read(AUTHORED) + turtle(NEIGHBOURS) + turtle(said))
    assert (URIRef("https://example.org/x"), RDF.type, SOLLD.Actor) in result
    assert list(result.subjects(RDF.type, ORG.Organization)) == []


# --- Use -------------------------------------------------------------------------------------------------------------


def iris(graph: Graph) -> set[str]:
    return {str(node) for triple in graph for node in triple if isinstance(node, URIRef)}


def iris_of_query(path: Path) -> set[str]:
    """The IRIs that a SPARQL file names, in full or with a prefix that it declares."""
    text = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    prefixes = dict(re.findall(r"PREFIX\s+(\w*):\s*<([^>]*)>", text, re.IGNORECASE))
    body = re.sub(r"PREFIX\s+\w*:\s*<[^>]*>|\"[^\"\n]*\"", "", text, flags=re.IGNORECASE)
    named = {prefixes[p] + name for p, name in re.findall(r"\b(\w+):([\w-]+)", body) if p in prefixes}
    return named | set(re.findall(r"<([^>\s]+)>", body))


def own(used: Iterable[str]) -> set[str]:
    """Those of the IRIs that this vocabulary should define: its terms, and the concepts of its schemes."""
    return {iri for iri in used if iri.startswith((str(SOLLD), SCHEMES))}


@cache
def known() -> frozenset[str]:
    return frozenset(str(s) for graph in (ontology(), data()) for s in graph.subjects(RDF.type, None))


@pytest.mark.parametrize("graph", [ontology, shapes, alignments, data], ids=lambda f: f.__name__)
def test_every_term_and_concept_that_a_graph_uses_exists(graph: object) -> None:
    shape_parts = (f"{SOLLD}shape-", f"{SOLLD}group-")  # not terms: a property shape needs no type
    assert callable(graph)
    assert {iri for iri in own(iris(graph())) - known() if not iri.startswith(shape_parts)} == set()


@pytest.mark.parametrize("path", [*RULES, *QUERIES], ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_term_and_concept_that_a_query_uses_exists(path: Path) -> None:
    assert own(iris_of_query(path)) - known() == set()


def test_every_shape_that_a_shape_uses_exists() -> None:
    used = {*shapes().objects(None, SH.property), *shapes().objects(None, SH.group)}
    assert used - set(shapes().subjects()) == set()


def foreign_terms() -> set[str]:
    """Classes and properties of others that data and shapes name."""
    named = {*data().predicates(), *data().objects(None, RDF.type), *data().objects(None, RDF.predicate)}
    for predicate in (SH.path, SH.inversePath, SH.targetClass, SH["class"]):
        named |= set(shapes().objects(None, predicate))
    for paths in shapes().objects(None, SH.alternativePath):
        named |= set(Collection(shapes(), paths))
    return {str(node) for node in named if isinstance(node, URIRef) and not node.startswith(BASE)}


def test_every_term_of_others_has_a_label_in_three_languages() -> None:
    bare = {iri for iri in foreign_terms() if not languages(ontology(), URIRef(iri), RDFS.label) >= LANGUAGES}
    assert bare == set()


# --- Rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.stem)
def test_a_rule_says_what_it_derives_and_selects_four_variables(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert re.match(r"# \S.*\.\n# fr: \S.*\.\n", text)
    assert [v.value for v in solutions(Store(), path).variables] == ["this", "subject", "predicate", "object"]


TAKE_PART = "ex:c solld:participant ex:a, ex:b ."
BOTH_WAYS = "ex:a solld:cooperatesWith ex:b . ex:b solld:cooperatesWith ex:a . "
COOPERATION = "ex:c a solld:Cooperation ; solld:evidence evidence:inferred "
STATEMENT = "ex:s a rdf:Statement ; rdf:subject ex:a ; rdf:predicate solld:holdsValue ; rdf:object value:solidarite "
MEMBERSHIP = "ex:m a org:Membership ; org:member ex:a ; org:organization ex:b "
FOUNDATION = "ex:f a solld:Foundation ; solld:founder ex:a, ex:b ; solld:founded ex:o "


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (COOPERATION + "; solld:participant ex:a, ex:b .", BOTH_WAYS),
        (COOPERATION + "; solld:participant ex:a .", ""),
        ("ex:c a solld:Cooperation ; solld:participant ex:a, ex:b ; solld:evidence evidence:ambiguous .", ""),
        (f"{COOPERATION}; solld:provider ex:a ; solld:beneficiary ex:b .", BOTH_WAYS + TAKE_PART),
        (FOUNDATION + "; solld:evidence evidence:explicit .", "ex:o schema:founder ex:a, ex:b ."),
        (FOUNDATION + "; solld:evidence evidence:ambiguous .", ""),
        (MEMBERSHIP + "; solld:evidence evidence:explicit .", "ex:a org:memberOf ex:b ."),
        (MEMBERSHIP + "; solld:evidence evidence:ambiguous .", ""),
        (STATEMENT + "; solld:evidence evidence:interpreted .", "ex:a solld:holdsValue value:solidarite ."),
        (STATEMENT + "; solld:evidence evidence:ambiguous .", ""),
        (COOPERATION + "; solld:participant ex:a . ex:d a solld:Cooperation ; solld:participant ex:b .", ""),
    ],
)
def test_what_the_rules_derive(said: str, expected: str) -> None:
    assert set(derived(turtle(said))) == set(turtle(expected))


# --- Shapes ----------------------------------------------------------------------------------------------------------

DISPLAY = {RDF.type, SH.group, SH.message, SH.name, SH.order, SH.path, SH.property, SH.severity, SH.targetClass}
DASH = "http://datashapes.org/dash#"


def constraints(shape: Node) -> set[Node]:
    """The constraint components that stand on a shape itself."""
    return {p for p in shapes().predicates(shape) if p not in DISPLAY and not str(p).startswith(DASH)}


def shown_shapes() -> Iterator[Node]:
    """The shapes that a page or a report shows: with a target, or a property shape of one that has a target."""
    for shape in set(shapes().subjects(SH.targetClass)):
        yield shape
        yield from shapes().objects(shape, SH.property)


@pytest.mark.parametrize("kind", [SH.message, SH.name, RDFS.label], ids=lambda p: p.fragment)
def test_what_shapes_say_is_said_in_every_language(kind: URIRef) -> None:
    expected = {"fr", "en"} if kind == SH.message else LANGUAGES
    assert {s for s in shapes().subjects(kind) if languages(shapes(), s, kind) != expected} == set()


def test_the_shapes_are_well_formed() -> None:
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes(), meta_shacl=True)
    assert conforms, text


def test_every_constraint_has_a_message() -> None:
    silent = {s for s in shown_shapes() if constraints(s) and not languages(shapes(), s, SH.message)}
    assert silent == set()


def test_every_message_has_a_constraint() -> None:
    assert {s for s in shapes().subjects(SH.message) if not constraints(s)} == set()


def test_every_property_shape_is_shown_or_only_adds_a_constraint() -> None:
    properties = {p for p in shapes().objects(None, SH.property) if (p, SH.order, None) in shapes()}
    for shape in properties:
        order = shapes().value(shape, SH.order)
        added = isinstance(order, Literal) and order.value == 99
        assert ((shape, SH.group, None) in shapes()) is not added
        assert ((shape, SH.name, None) in shapes()) is not added


def test_every_class_that_the_data_use_has_a_shape() -> None:
    targets = set(shapes().objects(None, SH.targetClass))
    above = {c: set(ontology().transitive_objects(c, RDFS.subClassOf)) for c in data().objects(None, RDF.type)}
    assert {c for c, classes in above.items() if not classes & targets} == set()


Finding = tuple[str, str, str]  # severity, focus node, English message


def in_context(graph: Graph) -> Graph:
    """The graph with the class tree and the concepts that it names: what a validator must know beside it."""
    context = Graph()
    for iri in {*own(iris(graph)), *CLASSES, *CONCEPT_SCHEMES}:
        for predicate in (RDF.type, RDFS.label, RDFS.subClassOf, SKOS.prefLabel, SKOS.definition, SKOS.inScheme):
            for term in ontology().objects(URIRef(iri), predicate):
                context.add((URIRef(iri), predicate, term))
    return graph + context


def findings_of_pyshacl(graph: Graph) -> set[Finding]:
    _, report, _ = pyshacl.validate(graph, shacl_graph=shapes(), inference="none")
    assert isinstance(report, Graph)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        severity, focus = report.value(result, SH.resultSeverity), report.value(result, SH.focusNode)
        found.add((str(severity).rpartition("#")[2], str(focus), english(report, result, SH.resultMessage)))
    return found


def findings_of_shacl(graph: Graph) -> set[Finding]:
    # The library gives one message of a shape, in any language: the English one of the same shape stands for it.
    compiled = shacl.Shapes.from_text(shapes().serialize(format="nt"), "ntriples")
    report = compiled.validate_text(graph.serialize(format="nt"), "ntriples")
    in_english = {str(m): english(shapes(), shape, SH.message) for shape, m in shapes().subject_objects(SH.message)}
    found = set()
    for result in report.results:
        severity = result.severity.strip("<>").rpartition("#")[2]
        found.add((severity, result.focus_node.strip("<>"), in_english[result.message or ""]))
    return found


def english(graph: Graph, subject: Node, predicate: URIRef) -> str:
    texts = (term for term in graph.objects(subject, predicate) if isinstance(term, Literal))
    return next(str(text) for text in texts if text.language == "en")


def test_data_and_ontology_conform() -> None:
    assert {f for f in findings_of_shacl(data() + ontology()) if f[0] == "Violation"} == set()


def test_both_validators_find_the_same_in_data_and_ontology() -> None:
    assert findings_of_shacl(data() + ontology()) == findings_of_pyshacl(data() + ontology())


EXCERPT = """
ex:x a oa:SpecificResource ; oa:hasSource ex:page ; oa:hasSelector ex:q, ex:p ; dct:rights ex:rights .
ex:q a oa:TextQuoteSelector ; oa:exact "tel quel"@fr .
ex:p a oa:TextPositionSelector ; oa:start 1 ; oa:end 9 .
"""
SAID = " ; solld:evidence evidence:explicit ; prov:wasDerivedFrom ex:x "
ACTORS = f'ex:a a solld:Actor ; skos:prefLabel "A"@fr{SAID}. ex:b a solld:Actor ; dct:description "un B"@fr{SAID}. '
CAPTION = ' ; rdfs:label "un libellé"@fr, "a caption"@en '
NAMED = 'ex:n a solld:Actor ; skos:prefLabel "N"@fr'
LINK = "ex:c a solld:Cooperation ; solld:cooperationKind kind:lien"
RECOGNISED = "ex:r a solld:Recognition ; solld:recognised ex:a"
SUBJECT = "ex:s a rdf:Statement ; rdf:subject ex:a"


def test_good_data_have_no_findings() -> None:
    form = f"<{SCHEMES}recognition-forms/heritage>"
    good = (
        f"{NAMED}{SAID}. {STATEMENT}{SAID}. {MEMBERSHIP}{SAID}. {LINK} ; solld:participant ex:a, ex:b{CAPTION}{SAID}. "
        f"ex:f a solld:Foundation ; solld:founded ex:a ; solld:founder ex:b{CAPTION}{SAID}. "
        f"{RECOGNISED} ; solld:recogniser ex:b ; solld:recognitionForm {form}{CAPTION}{SAID}. "
    )
    assert findings_of_pyshacl(in_context(turtle(ACTORS + EXCERPT + good))) == set()


@pytest.mark.parametrize(
    ("finding", "said", "words"),
    [
        ("Violation n", f"ex:n a solld:Actor{SAID}.", "Give the actor a name"),
        ("Violation n", f'ex:n a solld:Actor ; skos:prefLabel "N"{SAID}.', "with its language tag"),
        ("Violation n", f'{NAMED} ; skos:prefLabel "M"@fr{SAID}.', "One name for each language"),
        ("Warning n", f"{NAMED} ; solld:evidence evidence:explicit .", "where this is known from"),
        ("Warning n", f"{NAMED} ; prov:wasDerivedFrom ex:x .", "how the source speaks"),
        ("Warning n", f'ex:n a org:Organization ; skos:prefLabel "N"@fr{SAID}.', "add the type solld:Actor"),
        ("Violation n", f"{NAMED} ; a solld:Network, schema:Person{SAID}.", "not an organisation"),
        ("Violation n", f"{NAMED} ; solld:holdsValue field:agrotourisme{SAID}.", "is a solld:Value"),
        ("Violation c", f"{LINK} ; solld:participant ex:a, ex:b ; prov:wasDerivedFrom ex:x .", "how the source states"),
        ("Violation c", f"{LINK} ; solld:participant ex:a ; solld:evidence evidence:explicit .", "at least one"),
        ("Violation c", f"{LINK} ; solld:evidence evidence:inferred{SAID}.", "One degree of evidence"),
        ("Violation c", f"{LINK} ; solld:evidence kind:lien ; prov:wasDerivedFrom ex:x .", "One degree of evidence"),
        ("Violation c", f"ex:c a solld:Cooperation ; solld:participant ex:a, ex:b{SAID}.", "of which kind"),
        ("Warning c", f"ex:c a solld:Cooperation ; solld:cooperationKind value:cooperation{SAID}.", "Take the kind"),
        ("Violation c", f"{LINK}{SAID}.", "has participants"),
        ("Warning c", f"{LINK} ; solld:participant ex:a{SAID}.", "takes two"),
        ("Violation c", f"{LINK} ; solld:participant ex:a, ex:x{SAID}.", "A participant is"),
        ("Warning c", f"{LINK} ; solld:participant ex:a, ex:b{SAID}.", "Give this statement a caption"),
        ("Violation f", f"ex:f a solld:Foundation ; solld:founder ex:b{SAID}.", "Say what was founded"),
        ("Warning f", f"ex:f a solld:Foundation ; solld:founded ex:a{SAID}.", "Say who founded"),
        ("Violation r", f"ex:r a solld:Recognition ; solld:recogniser ex:a{SAID}.", "Say what is recognised"),
        ("Warning r", f"{RECOGNISED}{SAID}.", "Say who recognises"),
        ("Warning r", f"{RECOGNISED} ; solld:recogniser ex:b{SAID}.", "Say in which form"),
        ("Violation m", f"ex:m a org:Membership ; org:member ex:a{SAID}.", "exactly one organisation"),
        ("Violation m", f"{MEMBERSHIP} ; org:member ex:b{SAID}.", "exactly one member"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate solld:holdsValue{SAID}.", "exactly one object"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate org:memberOf ; rdf:object ex:b{SAID}.", "derived from a node"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate solld:holdsValue ; rdf:object kind:lien{SAID}.", "a solld:Value"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate solld:adheresTo ; rdf:object ex:b{SAID}.", "a solld:Charter"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate solld:territoryLevel ; rdf:object kind:lien{SAID}.", "A level"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate schema:location ; rdf:object ex:b{SAID}.", "is a schema:Place"),
        ("Violation s", f"{SUBJECT} ; rdf:predicate solld:expressesValue{SAID}.", "is an interpretation"),
        ("Violation y", "ex:y a oa:SpecificResource ; oa:hasSource ex:d ; oa:hasSelector ex:p .", "one quotation"),
        ("Violation y", "ex:y a oa:SpecificResource ; oa:hasSource ex:d ; oa:hasSelector ex:q .", "one position"),
        ("Violation y", "ex:y a oa:SpecificResource ; oa:hasSelector ex:q, ex:p .", "exactly one document"),
        ("Violation z", "ex:z a oa:TextPositionSelector ; oa:start 9 ; oa:end 1 .", "oa:start comes before"),
        ("Violation z", 'ex:z a oa:TextPositionSelector ; oa:start "1" ; oa:end 9 .', "counted from 0"),
        ("Violation z", "ex:z a oa:TextQuoteSelector .", "exactly one text"),
        ("Violation l", f"ex:l a schema:Place{SAID}.", "Give the place a name"),
        (
            "Violation g",
            "ex:g a schema:GeoCoordinates ; schema:latitude 148.0 ; schema:longitude 2.3 .",
            "One latitude",
        ),
        ("Violation d", f"ex:d a schema:Report{SAID}.", "Give the document a title"),
        ("Warning k", f'ex:k a solld:Charter ; dct:title "Charte"@fr{SAID}.', "Give the principles"),
        ("Violation k", f'ex:k a solld:CharterPrinciple ; skos:prefLabel "P"@fr{SAID}.', "in the words of the charter"),
        ("Violation k", "ex:k a skos:Concept .", "Give the concept a name"),
    ],
)
def test_bad_data_are_found_by_both_validators(finding: str, said: str, words: str) -> None:
    graph = in_context(turtle(ACTORS + EXCERPT + said))
    severity, focus = finding.split()
    found = findings_of_pyshacl(graph)
    assert [f for f in found if f[:2] == (severity, f"https://example.org/{focus}") and words in f[2]]
    assert findings_of_shacl(graph) == found


# --- Alignments, against the data of others --------------------------------------------------------------------------

MATCHES = (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch)
ESSGLOBAL = "http://purl.org/essglobal/"
INSEE = "http://id.insee.fr/codes/cj/"
BY_HAND = {f"{ESSGLOBAL}standard/themes"}  # the scheme is published, but the vocabulary does not name it


def matched(prefix: str) -> list[URIRef]:
    targets = {o for predicate in MATCHES for o in alignments().objects(None, predicate)}
    return sorted(o for o in targets if isinstance(o, URIRef) and o.startswith(prefix))


def test_only_concepts_are_matched_and_only_with_concepts_of_others() -> None:
    for predicate in MATCHES:
        for concept, target in alignments().subject_objects(predicate):
            assert concept in CONCEPTS
            assert str(target).startswith((ESSGLOBAL, INSEE))


def test_no_class_or_property_is_said_to_be_the_same_as_one_of_others() -> None:
    same = (OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs)
    assert not [t for predicate in same for t in alignments().triples((None, predicate, None))]


def test_two_concepts_are_matched_in_one_way_only() -> None:
    pairs = [pair for predicate in MATCHES for pair in alignments().subject_objects(predicate)]
    assert len(pairs) == len(set(pairs))


def test_the_schemes_of_essglobal_that_are_mapped_to_are_named_by_its_vocabulary() -> None:
    vocabulary = Graph().parse(shared("data/essglobal/essglobal-vocab.ttl"), format="turtle")
    named = iris(vocabulary) | BY_HAND
    assert {str(target).rpartition("/")[0] for target in matched(ESSGLOBAL)} - named == set()


def test_the_terms_of_essglobal_that_are_referred_to_exist() -> None:
    vocabulary = Graph().parse(shared("data/essglobal/essglobal-vocab.ttl"), format="turtle")
    referred = {o for o in alignments().objects(None, RDFS.seeAlso) if str(o).startswith(f"{ESSGLOBAL}vocab/")}
    assert referred
    assert referred <= set(vocabulary.subjects(RDF.type))


@pytest.mark.parametrize("target", matched(INSEE), ids=lambda t: t.removeprefix(INSEE))
def test_a_legal_category_of_insee_has_the_label_that_we_give(target: URIRef) -> None:
    categories = Graph().parse(shared("data/sirene-ld-fr/categories-juridiques.nt"), format="nt")
    label = categories.value(URIRef(f"https://sireneld.io/vocab/sirecj#{target.rpartition('/')[2]}"), RDFS.label)
    assert str(alignments().value(target, SKOS.prefLabel)) == str(label)


SEEDS = {"rers": "seeds/000_38faa8685b2f1aac.txt", "territoires": "seeds/004_434078c2eacfd4fc.txt"}


def quotations() -> Iterator[tuple[str, str]]:
    """(dataset, words that a scope note says are in its text)"""
    for note in terms().objects(None, SKOS.scopeNote):
        if match := re.match(r"(?:Jeu de données|Dataset) (\w+)(?: )?: « ([^»]+) »", str(note)):
            yield match[1], match[2]


def test_scope_notes_quote_the_texts_exactly() -> None:
    texts = {name: shared(path).read_bytes().decode("utf-8") for name, path in SEEDS.items()}
    assert [(name, words) for name, words in quotations() if words not in texts[name]] == []


def test_most_concepts_quote_a_text() -> None:
    assert len(set(quotations())) > 80
