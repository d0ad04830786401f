"""What is compared of a thing is read from what its datasets say, by the roles that the ontology gives."""

from solld.link.record import identifier_of, is_compared, record_of
from solld.link.roles import Roles, roles_of
from solld.rdf import NamedNode, RdfFormat, Triple, parse, triple

BASE = "https://a.example/"
ONTOLOGY = """
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX schema: <https://schema.org/> PREFIX : <https://a.example/ns#> PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX dash: <http://datashapes.org/dash#> PREFIX org: <http://www.w3.org/ns/org#>
:Actor rdfs:subClassOf foaf:Agent .  :Network rdfs:subClassOf :Actor, org:Organization .
:town rdfs:subPropertyOf schema:addressLocality .
:Shape sh:targetClass :Actor ; sh:property [ sh:path :called ; dash:propertyRole dash:LabelRole ] .
"""
THING = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX schema: <https://schema.org/>
PREFIX adms: <http://www.w3.org/ns/adms#> PREFIX org: <http://www.w3.org/ns/org#> PREFIX : <https://a.example/ns#>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
GRAPH <https://a.example/dataset/one> {
  <https://a.example/id/x> a :Network ; skos:prefLabel "Le Jardin"@fr, "The Garden"@en ; skos:altLabel "LJ"@fr ;
    schema:location <https://a.example/id/x#place>, <https://a.example/id/amiens> ;
    adms:identifier <https://a.example/id/x#siret> ;
    schema:url <https://jardin.example/> ; schema:foundingDate "2010" ;
    org:subOrganizationOf <https://a.example/id/parent> .
  <https://a.example/id/x#place> schema:latitude 49.9 ; schema:longitude 2.3 ; schema:addressCountry "France" ;
    skos:prefLabel "a place" ; :town "Camon" ; schema:postalCode "80450" .
  <https://a.example/id/x#siret> skos:notation "552 081 317 66522" ; adms:schemaAgency "FR-SIRET" .
}
GRAPH <https://a.example/dataset/two> {
  <https://a.example/id/x> owl:sameAs <http://www.wikidata.org/entity/Q42> ; schema:legalName "LE JARDIN" .
}
"""


def roles(subjects: tuple[str, ...] = ()) -> Roles:
    named = ONTOLOGY.replace("[ sh:path", "<urn:s> . <urn:s> sh:path").replace("LabelRole ]", "LabelRole")
    return roles_of([triple(quad) for quad in parse(named, format=RdfFormat.TURTLE)], subjects)


def lines() -> list[bytes]:
    quads = parse(THING, format=RdfFormat.TRIG)
    return [f"{quad.subject} {quad.predicate} {quad.object} {quad.graph_name} .".encode() for quad in quads]


def test_a_record_has_all_that_is_compared() -> None:
    record = record_of(f"{BASE}id/x", lines(), roles(), {f"{BASE}id/amiens": ("Amiens",)}.__getitem__)
    assert record.id == "x"
    assert record.datasets == ("one", "two")
    assert record.names == (("Le Jardin", "fr"), ("The Garden", "en"))
    assert record.other_names == (("LJ", "fr"), ("LE JARDIN", ""))
    assert record.localities == ("Camon", "Amiens")
    assert (record.postcodes, record.countries, record.points) == (("80450",), ("FR",), ((49.9, 2.3),))
    assert {("FR-INSEE", "552081317"), ("FR-SIRET", "55208131766522"), ("XI-WIKIDATA", "Q42")} == set(record.numbers)
    assert (record.founded, record.urls, record.linked) == ("2010", ("https://jardin.example/",), frozenset({"parent"}))
    assert "http://xmlns.com/foaf/0.1/Agent" in record.types


def test_only_agents_are_compared_where_the_ontology_has_some() -> None:
    record = record_of(f"{BASE}id/x", lines(), roles())
    assert is_compared(record, roles())
    assert not is_compared(record, roles((f"{BASE}ns#Place",)))
    assert not is_compared(record_of(f"{BASE}id/y", [], roles()), roles())


def test_all_are_compared_where_the_ontology_has_no_agents() -> None:
    assert not roles_of([Triple(NamedNode("urn:a"), NamedNode("urn:b"), NamedNode("urn:c"))]).subjects


def test_a_label_of_the_site_is_a_name() -> None:
    line = f'<{BASE}id/z> <{BASE}ns#called> "Zed" <{BASE}dataset/one> .'.encode()
    assert record_of(f"{BASE}id/z", [line], roles()).names == (("Zed", ""),)


def test_an_identifier_is_the_end_of_an_address() -> None:
    assert identifier_of("https://a.example/id/x#place") == "x"
