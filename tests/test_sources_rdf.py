# ruff: noqa: E501  what others write has long lines
"""Sources in RDF: whatever they are written in, the rows are the records, with nothing lost and every digit."""

import io
import json
import socket
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph, URIRef
from rdflib import Literal as RdflibLiteral

from conftest import ROOT
from solld import sources
from solld.errors import SourceFailed
from solld.harvesting import looking
from solld.harvesting.fetching import Session
from solld.harvesting.limits import Limits
from solld.rdf import XSD, Literal, NamedNode, RdfFormat, Triple, parse, write
from solld.sources import Cell, Row, graphs, records
from solld.sources.lift import lift
from test_harvest import said, site, solld

__all__ = ["site"]  # a fixture
RDF_XMLNS = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:s="http://schema.org/"'
PREFIXES = """@prefix : <https://a.example/> . @prefix schema: <https://schema.org/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix ex: <http://ex.example/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No source asks anybody while it reads."""

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("something asks the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)


def rows(content: bytes | str, kind: str = "") -> list[Row]:
    file = content.encode() if isinstance(content, str) else content
    source = sources.recognised(file[: sources.HEAD], "file")
    assert source.name == kind or not kind
    return list(source.read(io.BytesIO(file)))


def turtle(text: str) -> list[Row]:
    return rows(PREFIXES + text, "rdf")


def cells(found: list[Row]) -> list[dict[str, tuple[Cell, ...]]]:
    return [dict(row.cells) for row in found]


def places(found: list[Row]) -> list[str]:
    return [row.place for row in found]


# What is a record -----------------------------------------------------------------------------------------------------


def test_a_row_has_what_is_said_of_a_record_and_of_what_is_within_it() -> None:
    (row,) = turtle("""
      :1 a schema:Organization, org:Organization ; schema:name "Élan"@fr, "Elan" ; schema:url <https://elan.example/> ;
        schema:address [ a schema:PostalAddress ; schema:postalCode "27000" ; ex:floor 02 ] ;
        <http://schema.org/geo> [ schema:latitude 48.1370 ; schema:longitude -1.50e0 ] ; ex:size "7"^^xsd:integer .
    """)
    assert row.place == "<https://a.example/1>"
    assert dict(row.cells) == {
        "@id": ("https://a.example/1",),
        "rdf:type": ("http://www.w3.org/ns/org#Organization", "https://schema.org/Organization"),
        "schema:name": ("Elan", Literal("Élan", language="fr")),
        "schema:url": ("https://elan.example/",),
        "schema:address.schema:postalCode": ("27000",),
        "schema:address.http://ex.example/floor": (Literal("02", datatype=XSD.integer),),
        "schema:geo.schema:latitude": (Literal("48.1370", datatype=XSD.decimal),),
        "schema:geo.schema:longitude": (Literal("-1.50e0", datatype=XSD.double),),
        "http://ex.example/size": (Literal("7", datatype=XSD.integer),),
    }
    assert len(row.triples) == 13


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (":1 a ex:Farm . :2 rdfs:label 'b' . :3 ex:size 4 .", [":1", ":2"]),
        ("[] a ex:Farm ; rdfs:label 'a' . [] rdfs:label 'b' . [] ex:size 3 .", ["record 1", "record 2"]),
        (":1 a ex:Farm ; ex:of [ a ex:Network ; rdfs:label 'n' ] .", [":1"]),
        (":1 a ex:Farm ; schema:address :1a . :1a a schema:PostalAddress ; schema:postalCode '1' .", [":1"]),
        (":1 a ex:Farm ; ex:at <https://a.example/1#x> . <https://a.example/1#x> a ex:Spot ; ex:n 1 .", [":1"]),
        (":1 a ex:Farm ; ex:runs :2 . :2 a ex:Shop ; rdfs:label 'b' .", [":1", ":2"]),
        (":c a schema:Dataset ; schema:hasPart :1, [ a ex:Farm ] . :1 a ex:Farm .", ["record 1", ":1"]),
        (
            ":l a schema:ItemList ; schema:itemListElement [ a schema:ListItem ; schema:item [ a ex:Farm ] ] .",
            ["record 1"],
        ),
        (":c a schema:Dataset ; schema:hasPart ( [ a ex:Farm ] :1 ) . :1 a ex:Farm .", ["record 1", ":1"]),
        (":p a schema:WebPage ; schema:name 'p' ; schema:mainEntity [ a ex:Farm ; schema:name 'f' ] .", ["record 1"]),
        (":p a foaf:Document ; foaf:primaryTopic <https://a.example/p#me> . <https://a.example/p#me> a ex:Farm .", [":p#me"]),
        (":p a schema:WebPage ; schema:name 'p' .", [":p"]),
        (":1 a ex:Farm ; org:classification :k . :k a skos:Concept ; skos:prefLabel 'k' ; skos:inScheme :s . "
         ":s a skos:ConceptScheme . :other a skos:Concept ; skos:inScheme :s .", [":1"]),
        (":1 a foaf:Agent ; foaf:name 'n' . :k a skos:Concept ; skos:inScheme :s . :s a skos:ConceptScheme .",
         [":1", ":k", ":s"]),
        (":e ex:place :1 . :e a ex:Event . :1 a schema:Place, schema:Store ; schema:name 's' .", [":e", ":1"]),
        (":1 a ex:Farm . :2 a schema:Place ; schema:name 'p' . [] a schema:ImageObject ; schema:name 'i' .", [":1", ":2"]),
        (":p a schema:Place ; schema:name 'p' ; schema:geo [ a schema:GeoCoordinates ] .", [":p"]),
        (":c ex:member :1, :2 . :1 a ex:Farm . :2 a ex:Farm .", [":1", ":2"]),
        ("GRAPH :g { :1 a ex:Farm . } GRAPH :h { :1 rdfs:label 'a' . :2 a ex:Farm . }", [":1", ":2"]),
    ],
)  # fmt: skip
def test_which_nodes_are_records(text: str, expected: list[str]) -> None:
    wanted = [f"<https://a.example/{each[1:]}>" if each.startswith(":") else each for each in expected]
    assert places(turtle(text)) == wanted


def test_a_category_is_told_by_what_it_is_called_and_a_record_of_the_same_kind_is_only_pointed_at() -> None:
    (row, other) = turtle("""
      :1 a ex:Farm ; org:classification :k ; org:subOrganizationOf :2 .
      :2 a ex:Farm ; rdfs:label "Two" .
      :k a skos:Concept ; skos:prefLabel "food"@en ; skos:inScheme :s .
      :s a skos:ConceptScheme ; skos:hasTopConcept :k .
    """)
    assert {name: v for name, v in row.cells.items() if name.startswith("org:")} == {
        "org:classification": ("https://a.example/k",),
        "org:classification.skos:prefLabel": (Literal("food", language="en"),),
        "org:subOrganizationOf": ("https://a.example/2",),
    }
    assert "rdfs:label" in other.cells


def test_a_record_is_the_same_in_any_order() -> None:
    said = [
        ":1 a ex:Farm",
        ":1 ex:at _:a",
        ":1 ex:at _:b",
        "_:a ex:n 1",
        "_:b ex:n 2",
        ":1 rdfs:label 'x'@en",
        ":1 rdfs:label 'y'",
    ]
    assert turtle(" . ".join(said) + " .") == turtle(" . ".join(reversed(said)).replace("_:a", "_:z") + " .")


def test_a_list_keeps_its_order() -> None:
    (row,) = turtle(":1 a ex:Farm ; ex:list ( 'c' 'a' 'b' ) .")
    assert row.cells["http://ex.example/list"] == ("c", "a", "b")


def test_circles_and_depth_come_to_an_end() -> None:
    (row,) = turtle("""
      :1 a ex:Farm ; ex:a _:a . _:a ex:b _:b . _:b ex:back :1 ; ex:a _:a ; ex:c _:c . _:c ex:d _:d . _:d ex:e "deep" .
      :1 ex:list _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "x" ;
        <http://www.w3.org/1999/02/22-rdf-syntax-ns#rest> _:l .
    """)
    ex = "http://ex.example/"
    assert row.cells[f"{ex}a.{ex}b.{ex}back"] == ("https://a.example/1",)
    assert row.cells[f"{ex}list"] == ("x",)
    assert not [name for name in row.cells if name.endswith(f"{ex}e")]


def test_what_many_share_is_not_told_whole_in_each() -> None:
    text = ":hub ex:name 'hub' . " + "".join(f":{n} a ex:Farm ; ex:in :hub . :hub ex:has :{n} . " for n in range(50))
    found = turtle(text)
    assert all(len(row.cells) == 4 and len(row.triples) == 3 for row in found)
    assert len(found) == 50


def test_nodes_within_nodes_have_a_limit() -> None:
    circle = "".join(f"_:{n} ex:p " + ", ".join(f"_:{m}" for m in range(60)) + " ." for n in range(60))
    assert len(turtle(f":1 a ex:Farm ; ex:p _:0 . {circle}")) == 1
    with pytest.raises(SourceFailed, match=r"a\.example/1.*more than 10000 nodes"):
        turtle(":1 a ex:Farm ; ex:p " + ", ".join(f"[ ex:n {n} ]" for n in range(10_001)) + " .")


def test_a_graph_has_a_limit() -> None:
    said = [Triple(NamedNode(f"urn:{n}"), NamedNode("urn:p"), Literal("x")) for n in range(11)]
    assert len(graphs.graph_of(said, 11).said) == 11
    with pytest.raises(SourceFailed, match="more than 10 triples"):
        graphs.graph_of(said, 10)


NODES = st.integers(0, 6).map(lambda n: f"_:b{n}" if n > 3 else f"<https://a.example/{n}>")
KINDS = st.sampled_from(
    [f"<http://ex.example/{name}>" for name in ("Farm", "PostalAddress", "Concept", "Dataset", "ListItem", "Class")]
)
LINES = st.one_of(
    st.tuples(NODES, KINDS).map(lambda t: f"{t[0]} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> {t[1]} ."),
    st.tuples(NODES, st.sampled_from("pq"), NODES).map(lambda t: f"{t[0]} <urn:{t[1]}> {t[2]} ."),
    st.tuples(NODES, st.text("ab", max_size=2)).map(lambda t: f'{t[0]} <http://schema.org/name> "{t[1]}" .'),
    st.tuples(NODES, st.sampled_from(["first", "rest"]), NODES).map(
        lambda t: f"{t[0]} <http://www.w3.org/1999/02/22-rdf-syntax-ns#{t[1]}> {t[2]} ."
    ),
)


@given(st.lists(LINES, max_size=25))
def test_any_graph_gives_rows_that_say_only_what_it_says(lines: list[str]) -> None:
    said = list(parse("\n".join(lines), format=RdfFormat.N_TRIPLES))
    texts = {q.object.value for q in said if hasattr(q.object, "value")} | {
        getattr(q.subject, "value", "") for q in said
    }
    found = list(records.rows(said))
    assert len(set(places(found))) == len(found)
    for row in found:
        assert all(values for values in row.cells.values())
        assert {v if isinstance(v, str) else v.value for values in row.cells.values() for v in values} <= texts
        assert {(t.predicate, t.object) for t in row.triples if isinstance(t.object, Literal)} <= {
            (q.predicate, q.object) for q in said
        }
    again = list(records.rows(parse("\n".join(lines), format=RdfFormat.N_TRIPLES, rename_blank_nodes=True)))
    assert again == found  # whatever blank nodes are called, the next harvest has the same rows


def test_records_of_a_batch_do_not_share_blank_nodes() -> None:
    found = turtle(":1 a ex:Farm ; ex:at [ ex:n 1.50 ] . :2 a ex:Farm ; ex:at [ ex:n 2.50 ] .")
    query = "CONSTRUCT { ?s <urn:n> ?n } WHERE { ?s <http://ex.example/at>/<http://ex.example/n> ?n }"
    lifted = b"\n".join(sorted(lift(found, query, "https://b.example/")))
    decimal = b"^^<http://www.w3.org/2001/XMLSchema#decimal> ."
    assert lifted.split(b"\n") == [
        b'<https://a.example/1> <urn:n> "1.50"' + decimal,
        b'<https://a.example/2> <urn:n> "2.50"' + decimal,
    ]


# Files ----------------------------------------------------------------------------------------------------------------


TWO = """:1 a ex:Farm ; schema:name "Élan 1"@fr ; ex:lat "48.1370"^^xsd:decimal ; schema:address [ schema:postalCode "1" ] .
         :2 a ex:Farm ; schema:name "Two, \\"quoted\\"\\nand more" ; schema:sameAs <https://é.example/ü> ."""


@pytest.mark.parametrize("syntax", ["turtle", "nt", "xml", "pretty-xml", "nquads", "trig"])
def test_every_language_gives_the_same_rows(syntax: str) -> None:
    graph = Graph().parse(data=PREFIXES + TWO, format="turtle")
    if syntax in ("nquads", "trig"):
        content = b"".join(
            str(t).encode() + b" <https://a.example/g> .\n" for t in parse(PREFIXES + TWO, format=RdfFormat.TURTLE)
        )
        if syntax == "trig":
            content = b"<https://a.example/g> {\n" + content.replace(b" <https://a.example/g> .", b" .") + b"}"
    else:
        content = graph.serialize(format=syntax, encoding="utf-8")
    found = {row.place: row for row in rows(content, "rdf")}
    for row in turtle(TWO):
        assert {k: set(v) for k, v in found[row.place].cells.items()} == {k: set(v) for k, v in row.cells.items()}
    assert len(found) == 2


@pytest.mark.parametrize(
    "head",
    [
        "# a comment, with <b>html</b>; and so on\n\n# another\n@prefix a: <urn:a> .\n",
        "PREFIX a: <urn:a>\n<urn:s> a <urn:o> .",
        "@base <https://a.example/> .\n<1> a <2> .",
        'PREFIX a: <urn:a>\n<urn:s> a:text """two lines\nASK us\nSELECT one""" .',
        "\ufeff@prefix : <urn:x:> .\n:a a :b .",
        "<urn:s> <urn:p> 'x' .",
        "<urn:s>\n  a <urn:C> ;\n",
        "_:a <urn:p> _:b .",
        "[] a <urn:C> .",
        "<urn:g> { <urn:s> <urn:p> <urn:o> }",
        "<urn:s> <urn:p> \"a\\\"b\"@fr <urn:g> .",
        f"<rdf:RDF {RDF_XMLNS}></rdf:RDF>",
        f"\ufeff<?xml version='1.0'?>\n<!-- > -->\n<RDF {RDF_XMLNS.replace(':rdf', '')}/>",
        f"<s:Organization rdf:about='urn:a' {RDF_XMLNS}/>",
        '<!DOCTYPE rdf:RDF [\n<!ENTITY rdf "http://www.w3.org/1999/02/22-rdf-syntax-ns#">]><rdf:RDF xmlns:rdf="&rdf;"/>',
    ],
)  # fmt: skip
def test_rdf_is_known_by_how_it_begins(head: str) -> None:
    assert sources.recognised(head.encode(), "file").name == "rdf"


@pytest.mark.parametrize(
    "head",
    [
        "<?xml version='1.0'?><rss version='2.0'><channel/></rss>",
        "<kml xmlns='http://www.opengis.net/kml/2.2'></kml>",
        "<!DOCTYPE html><html><body>&lt;urn:a&gt; a</body></html>",
        "<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>",
        "PREFIX a: <urn:a>\nSELECT * WHERE { ?s ?p ?o }",
        "name,address\n<b>,x\n",
        "# id, name\n1, a\n",
        "[1, 2]",
        '[{"a": 1}]',
        "{}",
    ],
)
def test_what_is_not_rdf_is_not_liked(head: str) -> None:
    assert sources.named("rdf").likes(head.encode()) == 0


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (PREFIXES + ":1 a ex:Farm .\n:2 a ex:Farm\n:3 a ex:Farm .", r"line \d+: this is not TriG"),
        (PREFIXES + ":1 a nowhere:Farm .", "line 5: .*nowhere"),
        ("<urn:a> <urn:p> <http://a b> .", "line 1: .*IRI"),
        (b"<urn:a> <urn:p> \"caf\xe9\" .", "line 1: .*UTF-8"),
        (f"<rdf:RDF {RDF_XMLNS}><rdf:Description", "not RDF/XML"),
        (f"<?xml version='1.0' encoding='klingon'?><rdf:RDF {RDF_XMLNS}/>", "klingon"),
    ],
)  # fmt: skip
def test_what_is_broken_is_told_with_its_place(content: str | bytes, reason: str) -> None:
    with pytest.raises(SourceFailed, match=reason):
        rows(content, "rdf")


@pytest.mark.parametrize("encoding", ["iso-8859-1", "utf-16", "windows-1252"])
def test_xml_in_another_encoding(encoding: str) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><rdf:RDF {RDF_XMLNS}>" + "".join(
        f"<s:Organization rdf:about='https://a.example/{n}'><s:name>Épicerie {n}</s:name></s:Organization>"
        for n in range(3000)
    )
    content = (text + "</rdf:RDF>").encode(encoding)
    if encoding == "utf-16":
        assert sources.named("rdf").likes(content) == 0  # nobody writes that; it is refused, not read wrongly
        return
    assert cells(rows(content, "rdf"))[-1]["schema:name"] == ("Épicerie 2999",)


@pytest.mark.parametrize(
    "entities",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        f'<!ENTITY b "{"a" * 100_000}">',
        '<!ENTITY b SYSTEM "file:///etc/passwd">',
        '<!ENTITY % p SYSTEM "http://evil.example/p.dtd">%p;',
        f'<!ENTITY x "y"> <!-- {" " * sources.HEAD} --> <!ENTITY b "&x;&x;">',
    ],
    ids=["laughs", "quadratic", "file", "parameter", "far"],
)
def test_entities_that_grow_are_refused(entities: str) -> None:
    text = f"<?xml version='1.0'?><!DOCTYPE rdf:RDF [{entities}]><rdf:RDF {RDF_XMLNS}><s:A rdf:about='urn:a'><s:name>&b;</s:name></s:A></rdf:RDF>"
    with pytest.raises(SourceFailed, match=r"entit|DOCTYPE"):
        list(sources.named("rdf").read(io.BytesIO(text.encode())))


def test_entities_that_are_namespaces_are_read() -> None:
    text = f"""<?xml version="1.0"?><!DOCTYPE rdf:RDF [ <!ENTITY s "http://schema.org/" > <!ENTITY x "http://x.example/"> ]>
      <rdf:RDF {RDF_XMLNS}><rdf:Description rdf:about="&x;1"><rdf:type rdf:resource="&s;Farm"/></rdf:Description></rdf:RDF>"""
    assert cells(rows(text, "rdf")) == [{"@id": ("http://x.example/1",), "rdf:type": ("http://schema.org/Farm",)}]


def test_what_is_relative_is_no_identifier() -> None:
    found = cells(rows("<#me> a <urn:C> ; <urn:p> </about>, <page>, <#me> .", "rdf"))
    assert found == [{"rdf:type": ("urn:C",), "urn:p": ("/about", "#me", "page")}]


@pytest.mark.parametrize(
    ("name", "label", "number"),
    [
        ("essglobal/essglobal-vocab.ttl", "http://www.w3.org/2000/01/rdf-schema#label", 52),
        ("sirene-ld-fr/categories-juridiques.nt", "http://www.w3.org/2000/01/rdf-schema#label", 306),
        ("sirene-ld-fr/departements.ttl", "http://id.insee.fr/def/geo#nom", 102),
        ("sirene-ld-fr/regions.ttl", "http://id.insee.fr/def/geo#nom", 34),
    ],
)
def test_vocabularies_and_territories_are_rows_with_labels(shared: Path, name: str, label: str, number: int) -> None:
    content = (shared / "data" / name).read_bytes()
    graph = Graph().parse(data=content, format="nt" if name.endswith(".nt") else "turtle")
    found = {row.cells["@id"][0]: row for row in rows(content, "rdf")}
    labels: dict[str, set[tuple[str, str | None]]] = {}
    for subject, _, text in graph.triples((None, URIRef(label), None)):
        assert isinstance(text, RdflibLiteral)
        if text.strip():  # one is empty
            labels.setdefault(str(subject), set()).add((str(text), text.language))
    assert len(labels) == number
    column = label if "insee" in label else "rdfs:label"
    for iri, texts in labels.items():
        said = {(v, None) if isinstance(v, str) else (v.value, v.language) for v in found[iri].cells[column]}
        assert said == texts
        assert len(found[iri].triples) >= len(list(graph.triples((URIRef(iri), None, None))))


HOSTILE = {
    "blanks": b" " * sources.HEAD + b"x",
    "lines": b"\n" * sources.HEAD,
    "prefix and lines": b"PREFIX a: <urn:a>" + b"\n" * sources.HEAD,
    "letters": b"x" * sources.HEAD,
    "IRI": b"<" + b":" * sources.HEAD,
    "IRIs": b"<a:" * (sources.HEAD // 3),
    "triple and blanks": b"<urn:a> <urn:b> <urn:c>" + b" " * sources.HEAD + b"x",
    "line and blanks": b"<urn:a> <urn:b> <urn:c> ." + b" " * sources.HEAD + b"x\n",
    "string": b'<urn:a> <urn:b> "' + b"\\\\a" * (sources.HEAD // 3),
    "comments": b"#\n" * (sources.HEAD // 2) + b"x",
    "comments of XML": b"<!-- -->" * (sources.HEAD // 8) + b"x",
    "open comments": b"<!-- " * (sources.HEAD // 5),
    "DOCTYPE": b"<!DOCTYPE a [" + b"] " * (sources.HEAD // 2),
    "entities": b"<!DOCTYPE a [" + b"<!ENTITY a '" * (sources.HEAD // 12),
    "attributes": b"<html" + b" lang=a" * (sources.HEAD // 7) + b" xml:lang='b'>",
    "tags": b"<html>" + b"<a " * (sources.HEAD // 3),
    "lists": b'{"@context": [' * (sources.HEAD // 14),
    "contexts": b'{"@context": ' * (sources.HEAD // 13),
    "services": b"http://www.w3.org/ns/sparql-service-description#" * (sources.HEAD // 48),
    "catalogues": b"@prefix dcat: <http://www.w3.org/ns/dcat#> ." + b"dcat:" * (sources.HEAD // 5),
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_beginning_of_a_file_takes_long_to_know(name: str) -> None:
    start = time.monotonic()
    for source in sources.load():
        source.likes(HOSTILE[name])
    assert time.monotonic() - start < 5


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_no_file_takes_long_to_refuse(name: str) -> None:
    start = time.monotonic()
    for kind in ("rdf", "jsonld", "html"):
        with suppress(SourceFailed):
            list(sources.named(kind).read(io.BytesIO(HOSTILE[name])))
    assert time.monotonic() - start < 20


# JSON-LD --------------------------------------------------------------------------------------------------------------


def ld(text: str) -> list[Row]:
    return rows(text, "jsonld")


def test_json_ld_keeps_digits_and_cleans_dirt() -> None:
    (row,) = ld("""{"@context": "http://schema.org", "@type": "Organization", "@id": "https://a.example/a b",
      "name": {"@value": "Élan", "@language": "fr_FR"}, "url": "www.elan.example", "logo": "/logo.png",
      "sameAs": ["https://x.example/é é", "https://y.example/%zz"], "alternateName": "Line\\none",
      "numberOfEmployees": 7, "geo": {"latitude": 48.1370, "longitude": -1.50e0, "elevation": 12345678901234567890}}""")
    assert dict(row.cells) == {
        "@id": ("https://a.example/a%20b",),
        "rdf:type": ("https://schema.org/Organization",),
        "schema:alternateName": ("Line\none",),
        "schema:name": (Literal("Élan", language="fr-FR"),),
        "schema:url": ("www.elan.example",),
        "schema:logo": ("/logo.png",),
        "schema:sameAs": ("https://x.example/é%20é", "https://y.example/%25zz"),
        "schema:numberOfEmployees": (Literal("7", datatype=XSD.integer),),
        "schema:geo.schema:latitude": (Literal("48.1370", datatype=XSD.decimal),),
        "schema:geo.schema:longitude": (Literal("-1.50e0", datatype=XSD.double),),
        "schema:geo.schema:elevation": (Literal("12345678901234567890", datatype=XSD.integer),),
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"@context": %s, "@graph": [%s, %s]}',
        '[{"@context": %s, "@graph": [%s]}, {"@context": "https://schema.org/", "@graph": %s}]',
        '{"@context": %s, "@type": "Dataset", "name": "all", "hasPart": [%s, %s]}',
        '{"@context": %s, "@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": %s}, {"@type": "ListItem", "item": %s}]}',
        '{"@context": %s, "@type": "DataCatalog", "dataset": {"@type": "Dataset", "hasPart": {"@list": [%s, %s]}}}',
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "context",
    ['"https://schema.org"', '["http://www.schema.org/", {"x": "urn:x"}]', '{"@vocab": "http://schema.org/"}', '"schema.org"'],
)  # fmt: skip
def test_json_ld_is_read_however_it_is_nested(text: str, context: str) -> None:
    one = '{"@id": "https://a.example/1", "@type": "Organization", "name": "One"}'
    two = '{"@type": "Organization", "name": "Two", "address": {"postalCode": "1"}}'
    found = {row["schema:name"]: row for row in cells(ld(text % (context, one, two)))}
    assert found.keys() == {("One",), ("Two",)}
    assert found["Two",]["schema:address.schema:postalCode"] == ("1",)


@pytest.mark.parametrize("document", ['{"@context": "https://schema.org", "@graph": [%s]}', "[%s]"])
@pytest.mark.parametrize("label", ["", '"@id": "_:n0", '])
def test_a_long_list_is_read_in_parts_that_say_the_same(document: str, label: str) -> None:
    context = "" if "@context" in document else '"@context": "https://schema.org", '
    node = f'{{{context}"@type": "Store", "name": "%d", "geo": {{"latitude": %d.50}}, "parentOrganization": {{{label}"name": "all"}}}}'
    found = cells(ld(document % ", ".join(node % (n, n) for n in range(1100))))
    geo = "schema:geo.schema:latitude"
    assert {(row["schema:name"][0], str(row[geo][0])) for row in found} == {
        (str(n), str(Literal(f"{n}.50", datatype=XSD.decimal))) for n in range(1100)
    }
    assert all(row["schema:parentOrganization.schema:name"] == ("all",) for row in found)


def test_a_context_that_is_not_known_is_never_fetched_and_is_named() -> None:
    unknown = '{"@context": "https://evil.example/c.jsonld", %s}'
    with pytest.raises(SourceFailed, match=r"evil\.example/c\.jsonld is not known"):
        ld(unknown % '"@id": "urn:a", "name": "x"')
    listed = unknown % '"@graph": [{"@id": "urn:a", "name": "x"}]'
    assert cells(rows(listed, "json")) == [{"@id": ("urn:a",), "name": ("x",)}]
    with pytest.raises(SourceFailed, match=r"evil\.example/c\.jsonld is not known"):
        list(sources.named("jsonld").read(io.BytesIO(listed.encode())))
    for hidden in ('{"@import": "https://evil.example/i"}', '[{"@vocab": "urn:v:"}, "https://evil.example/i"]'):
        with pytest.raises(SourceFailed, match=r"evil\.example/i"):
            list(sources.named("jsonld").read(io.BytesIO(b'{"@context": %s, "@type": "x"}' % hidden.encode())))


def test_what_gogocarto_calls_json_ld_keeps_names_and_categories() -> None:
    element = {
        "id": "1Ab",
        "name": "Épicerie",
        "geo": {"latitude": 48.5, "longitude": 2.0},
        "categories": ["Food", "Shop"],
        "address": {"streetAddress": "1 rue X", "postalCode": "80000"},
        "website": "https://e.example",
    }
    url = "https://rawgit.com/jmvanel/rdf-convert/master/context-gogo.jsonld"
    (row,) = ld(json.dumps({"@context": url, "@graph": [element]}))
    assert row.cells["dct:identifier"] == ("1Ab",)
    assert row.cells["schema:name"] == ("Épicerie",)
    assert row.cells["schema:categories"] == ("Food", "Shop")
    assert row.cells["schema:address.schema:postalCode"] == ("80000",)
    assert row.cells["schema:geo.geo:lat"] == (Literal("48.5", datatype=XSD.decimal),)


def test_json_with_keys_of_json_ld_that_mean_nothing_is_json() -> None:
    assert cells(rows('{"rows": [{"@id": "1", "@type": "x", "name": "a"}]}', "json"))[0]["name"] == ("a",)
    assert cells(rows('[{"@id": "urn:1", "http://schema.org/name": [{"@value": "a"}]}]', "jsonld"))[0]["@id"] == (
        "urn:1",
    )


def test_json_ld_with_an_empty_context_is_json() -> None:
    assert cells(rows('[{"@context": {}, "@type": "x", "bf_titre": "a"}]', "json"))[0]["bf_titre"] == ("a",)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"@context": "https://schema.org",\n "name": }', "line 2: this is not JSON"),
        ('{"@context": {"a": "urn:a"}, "a": NaN}', "NaN is no number"),
        ('{"@context": {"a": {"@id": "urn:a", "@type": 7}}, "a": 1}', "the JSON-LD: "),
        ('{"@context": {"a": "b", "b": "a"}, "a": 1}', "the JSON-LD: "),
        ('{"@context": {"@vocab": "urn:"}, "a": ' * 2000 + "1" + "}" * 2000, "the JSON-LD: |the file: "),
        (b'{"@context": {"@vocab": "urn:"}, "a": "\xff"}', "not UTF-8"),
    ],
)
def test_broken_json_ld_is_told(text: str | bytes, reason: str) -> None:
    with pytest.raises(SourceFailed, match=reason):
        rows(text, "jsonld")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["@id", "@type", "@value", "@language", "@list", "@set", "@graph", "@reverse", "a", "urn:b", "_:c"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["@id", "@type", "a", "@graph", "name"]), JSON, max_size=4))
def test_any_json_ld_is_read_or_refused(document: dict[str, object]) -> None:
    text = json.dumps({"@context": {"@vocab": "https://schema.org/"}, **document})
    try:
        found = list(sources.named("jsonld").read(io.BytesIO(text.encode())))
    except SourceFailed:
        return
    assert all(write(row.triples, RdfFormat.N_TRIPLES) or not row.triples for row in found)


# HTML -----------------------------------------------------------------------------------------------------------------

PAGE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="{charset}"><title>x</title><link rel="canonical" href="https://coop.example/page">{head}</head>
<body><nav>Accueil</nav>{body}</body></html>"""


def page(body: str = "", head: str = "", charset: str = "utf-8") -> list[Row]:
    return rows(PAGE.format(charset=charset, head=head, body=body).encode(charset), "html")


def script(text: str, media_type: str = "application/ld+json") -> str:
    return f'<script type="{media_type}">{text}</script>'


ORGANISATION = '"@context": "https://schema.org", "@type": "LocalBusiness", "name": "Épicerie"'
ADDRESS = '<div itemprop="address" itemscope itemtype="https://schema.org/PostalAddress"><b itemprop="postalCode">80000</b></div>'
MICRODATA = f"""<div itemscope itemtype="http://schema.org/LocalBusiness"><h1 itemprop="name"> Épicerie
  </h1><a itemprop="url" href="/nous">nous</a>{ADDRESS}<meta itemprop="latitude" content="48.1370"></div>"""
RDFA = """<div vocab="https://schema.org/" typeof="LocalBusiness"><p property="name">Épicerie</p>
  <p property="description" lang="en">A shop</p><span property="latitude" datatype="xsd:decimal" content="48.1370"></span></div>"""


def test_microdata_is_read() -> None:
    assert cells(page(MICRODATA)) == [
        {
            "rdf:type": ("http://schema.org/LocalBusiness",),
            "schema:name": ("Épicerie",),
            "schema:url": ("https://coop.example/nous",),
            "schema:address.schema:postalCode": ("80000",),
            "schema:latitude": ("48.1370",),
        }
    ]


def test_rdfa_is_read_with_languages_and_digits() -> None:
    (row,) = cells(page(RDFA))
    assert row["schema:name"] == (Literal("Épicerie", language="fr"),)
    assert row["schema:description"] == (Literal("A shop", language="en"),)
    assert row["schema:latitude"] == (Literal("48.1370", datatype=XSD.decimal),)


def test_what_a_page_says_in_several_ways_is_one_record() -> None:
    geo = '"geo": {"@type": "GeoCoordinates", "latitude": 48.1370}'
    (row,) = page(MICRODATA + RDFA, script(f'{{{ORGANISATION}, "@id": "#shop", {geo}}}'))
    assert row.cells["@id"] == ("https://coop.example/page#shop",)
    assert row.cells["schema:geo.schema:latitude"] == (Literal("48.1370", datatype=XSD.decimal),)
    assert row.cells["schema:address.schema:postalCode"] == ("80000",)
    assert Literal("A shop", language="en") in row.cells["schema:description"]


def test_two_branches_of_one_name_stay_two() -> None:
    branch = "{" + ORGANISATION + ', "telephone": "%s"}'
    assert len(page(head=script(f"[{branch % 1}, {branch % 2}]"))) == 2


@pytest.mark.parametrize("charset", ["utf-8", "iso-8859-1", "windows-1252"])
def test_pages_in_any_encoding(charset: str) -> None:
    assert cells(page(MICRODATA, charset=charset))[0]["schema:name"] == ("Épicerie",)


@pytest.mark.parametrize(
    "text",
    [
        "\n//<![CDATA[\n{%s}\n//]]>\n",
        "{%s, // what it is\n \"x\": 1}",
        "<!-- ours -->{%s}",
        "{%s,\n \"description\": \"two\nlines\"}",
    ],
)  # fmt: skip
def test_scripts_with_dirt_in_them_are_read(text: str) -> None:
    assert cells(page(head=script(text % ORGANISATION, "Application/LD+JSON; charset=utf-8")))[0]["schema:name"] == (
        "Épicerie",
    )


def test_a_broken_script_is_an_error_only_if_nothing_else_is_found() -> None:
    broken = script("{" + ORGANISATION + ",\n oops}")
    unknown = script('{"@context": "https://evil.example/c", "@type": "x"}')
    assert len(page(MICRODATA, broken + unknown)) == 1
    with pytest.raises(SourceFailed, match="script 2, line 2 of it: this is not JSON"):
        page(head=script('{"@context": "https://schema.org"}') + broken)
    with pytest.raises(SourceFailed, match=r"script 1: its context https://evil\.example/c"):
        page(head=unknown)


def test_a_page_about_a_page_gives_the_thing() -> None:
    graph = """{"@context": "https://schema.org", "@graph": [
      {"@type": "WebSite", "@id": "https://coop.example/#website", "name": "Site", "publisher": {"@id": "https://coop.example/#org"}},
      {"@type": "WebPage", "@id": "https://coop.example/", "name": "Home", "primaryImageOfPage": {"@type": "ImageObject", "url": "x.png"}},
      {"@type": "BreadcrumbList", "itemListElement": [{"@type": "ListItem", "position": 1, "name": "Home"}]},
      {"@type": "Organization", "@id": "https://coop.example/#org", "name": "Coop", "logo": {"@type": "ImageObject", "@id": "https://coop.example/#logo"}}]}"""
    assert places(page(head=script(graph))) == ["<https://coop.example/#org>"]


def test_h_cards_are_read_if_there_is_nothing_else() -> None:
    card = '<div class="h-card"><a class="p-name u-url" href="https://b.example/">Bar</a><p class="p-adr h-adr"><b class="p-locality">Brest</b></p></div>'
    (row,) = cells(page(card))
    assert row["schema:name"] == ("Bar",)
    assert row["http://microformats.org/wiki/adr.http://microformats.org/wiki/locality"] == ("Brest",)
    assert [row["schema:name"] for row in cells(page(card + MICRODATA))] == [("Épicerie",)]


@pytest.mark.parametrize("text", ["<html></html>", "<!doctype html><p>", "<html><body>hello</body></html>"])
def test_a_page_that_says_nothing_has_no_rows(text: str) -> None:
    assert rows(text, "html") == []


@pytest.mark.timeout(60)
def test_a_page_that_is_a_bomb_is_refused_or_read_soon() -> None:
    nested = "<div itemscope itemprop='a' typeof='x' property='y'>" * 3000
    start = time.monotonic()
    with suppress(SourceFailed):
        page(nested)
    assert time.monotonic() - start < 30


# The guess ------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def organisations(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same 172 organisations in every language."""
    folder = tmp_path_factory.mktemp("organisations")
    content = (shared / "data" / "schemaorg" / "tech-coops.schemaorg.jsonld").read_text(encoding="utf-8")
    graph = Graph().parse(data=content, format="json-ld")
    for syntax, name in (("turtle", "ttl"), ("nt", "nt"), ("pretty-xml", "rdf"), ("xml", "xml")):
        (folder / f"file.{name}").write_bytes(graph.serialize(format=syntax, encoding="utf-8"))
    (folder / "file.jsonld").write_text(content, encoding="utf-8")
    (folder / "file.html").write_text(PAGE.format(charset="utf-8", head=script(content), body=""), encoding="utf-8")
    return folder


@pytest.mark.parametrize("name", ["jsonld", "ttl", "nt", "rdf", "xml", "html"])
def test_a_lift_is_guessed_for_organisations_in_any_language(organisations: Path, name: str) -> None:
    found = looking.look(ROOT, str(organisations / f"file.{name}"), Session(Limits()))
    roles = {(use.fragment.name, part.role.name): part.column.name for use in found.uses for part in use.parts}
    assert found.number == 172
    assert (
        roles.items()
        >= {
            ("record", "key"): "@id",
            ("name", "name"): "schema:name",
            ("website", "website"): "schema:url",
            ("description", "description"): "schema:description",
            ("category", "category"): "schema:knowsAbout",
        }.items()
    )
    assert found.licence is not None
    assert found.licence.iri == "https://creativecommons.org/publicdomain/zero/1.0/"


VOCABULARIES = """@prefix schema: <https://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix locn: <http://www.w3.org/ns/locn#> .
@prefix rov: <http://www.w3.org/ns/regorg#> .
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix gr: <http://purl.org/goodrelations/v1#> .
@prefix ess: <http://purl.org/essglobal/vocab/> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix gsp: <http://www.opengis.net/ont/geosparql#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SAID = {  # what organisations say in the vocabularies of this field, with a number for $
    "schema": (
        """<https://a.example/$> a schema:Organization ;
      schema:name "Coop $"@en ;
      schema:legalName "Coop $ Ltd" ;
      schema:url <https://c$.example/> ;
      schema:foundingDate "1999-01-02"^^xsd:date ;
      schema:description "A worker cooperative that bakes bread in town $"@en ;
      schema:sameAs <https://www.wikidata.org/entity/Q$1> ;
      schema:vatID "FR$123456789" ;
      schema:identifier "ID$" ;
      schema:keywords "bread", "food" ;
 schema:location [ a schema:Place ;
      schema:address [ a schema:PostalAddress ;
      schema:streetAddress "$ High St" ;
      schema:postalCode "8000$" ;
      schema:addressLocality "Amiens" ;
      schema:addressRegion "Somme" ;
      schema:addressCountry "FR" ] ;
      schema:geo [ a schema:GeoCoordinates ;
      schema:latitude 48.1$0 ;
      schema:longitude 2.1$0 ] ] .""",
        {
            "key": "schema:identifier",
            "name": "schema:name",
            "legal": "schema:legalName",
            "website": "schema:url",
            "founded": "schema:foundingDate",
            "description": "schema:description",
            "elsewhere": "schema:sameAs",
            "vat": "schema:vatID",
            "category": "schema:keywords",
            "page": "@id",
            "street": "schema:location.schema:address.schema:streetAddress",
            "postcode": "schema:location.schema:address.schema:postalCode",
            "locality": "schema:location.schema:address.schema:addressLocality",
            "region": "schema:location.schema:address.schema:addressRegion",
            "country": "schema:location.schema:address.schema:addressCountry",
            "latitude": "schema:location.schema:geo.schema:latitude",
            "longitude": "schema:location.schema:geo.schema:longitude",
        },
    ),
    "org": (
        """<https://a.example/$> a org:Organization ;
      skos:prefLabel "Coop $"@fr ;
      skos:altLabel "C$"@fr ;
      rov:legalName "Coop $ SA" ;
      rov:registration [ a adms:Identifier ;
      skos:notation "12345678$" ] ;
      foaf:homepage <https://c$.example/> ;
      dct:description "Une coopérative de pain dans la ville $"@fr ;
      org:classification <https://a.example/k> ;
      org:hasSite [ a org:Site ;
      org:siteAddress [ a vcard:Address ;
      vcard:street-address "$ rue X" ;
      vcard:locality "Amiens" ;
      vcard:postal-code "8000$" ;
      vcard:country-name "France" ] ;
      locn:geometry "POINT(2.1$ 48.1$)"^^gsp:wktLiteral ] ;
      owl:sameAs <https://b.example/$> .
<https://a.example/k> a skos:Concept ;
      skos:prefLabel "bread"@en .""",
        {
            "key": "@id",
            "name": "skos:prefLabel",
            "alias": "skos:altLabel",
            "legal": "rov:legalName",
            "website": "foaf:homepage",
            "description": "dct:description",
            "elsewhere": "owl:sameAs",
            "registered_number": "rov:registration.skos:notation",
            "street": "org:hasSite.org:siteAddress.vcard:street-address",
            "locality": "org:hasSite.org:siteAddress.vcard:locality",
            "postcode": "org:hasSite.org:siteAddress.vcard:postal-code",
            "country": "org:hasSite.org:siteAddress.vcard:country-name",
            "point": "org:hasSite.locn:geometry",
        },
    ),
    "essglobal": (
        """<https://a.example/$> a ess:SSEInitiative ;
      gr:name "Coop $" ;
      dc:description "A worker cooperative that bakes bread in town $" ;
      foaf:homepage <https://c$.example/> ;
      ess:legalForm <https://a.example/lf/L2> ;
      ess:primaryActivity <https://a.example/am/AM10> ;
      ess:hasAddress <https://a.example/$#address> ;
      geo:lat "48.1$" ;
      geo:long "2.$" . <https://a.example/$#address> a vcard:Address ;
      vcard:street-address "$ High St" ;
      vcard:locality "Oxford" ;
      vcard:postal-code "OX1 $AA" ;
      vcard:country-name "United Kingdom" .""",
        {
            "key": "@id",
            "name": "gr:name",
            "description": "dc:description",
            "website": "foaf:homepage",
            "latitude": "geo:lat",
            "longitude": "geo:long",
            "street": "http://purl.org/essglobal/vocab/hasAddress.vcard:street-address",
            "postcode": "http://purl.org/essglobal/vocab/hasAddress.vcard:postal-code",
            "locality": "http://purl.org/essglobal/vocab/hasAddress.vcard:locality",
            "country": "http://purl.org/essglobal/vocab/hasAddress.vcard:country-name",
        },
    ),
    "locn": (
        """<https://a.example/$> a org:FormalOrganization ;
      skos:prefLabel "Coop $"@nl ;
      locn:address [ a locn:Address ;
      locn:thoroughfare "Kerkstraat" ;
      locn:locatorDesignator "$" ;
      locn:postCode "900$" ;
      locn:postName "Gent" ;
      locn:adminUnitL1 "BE" ] ;
      locn:location [ a dct:Location ;
      gsp:asWKT "POINT(2.1$ 48.1$)"^^gsp:wktLiteral ] ;
      foaf:page <https://c$.example/> .""",
        {
            "key": "@id",
            "name": "skos:prefLabel",
            "street": "locn:address.locn:thoroughfare",
            "housenumber": "locn:address.locn:locatorDesignator",
            "postcode": "locn:address.locn:postCode",
            "locality": "locn:address.locn:postName",
            "country": "locn:address.locn:adminUnitL1",
            "point": "locn:location.geosparql:asWKT",
            "elsewhere": "foaf:page",
        },
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_lift_is_guessed_for_the_vocabularies_of_this_field(tmp_path: Path, name: str) -> None:
    text, expected = SAID[name]
    path = tmp_path / "file.ttl"
    path.write_text(VOCABULARIES + "".join(text.replace("$", str(n)) for n in range(1, 10)), encoding="utf-8")
    found = looking.look(ROOT, str(path), Session(Limits()))
    roles = {
        part.role.name: part.column.name for use in found.uses for part in use.parts if use.fragment.name != "concept"
    }
    assert found.number == 9
    assert roles == {"page": "@id", **expected}


@pytest.mark.timeout(240)
def test_organisations_are_harvested_and_again_only_what_changed(
    site: Path, organisations: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (organisations / "file.ttl").read_text(encoding="utf-8")
    text += "<urn:x-fixture:tech-coops:TC001> <http://schema.org/geo> [ <http://schema.org/latitude> 48.1370 ] .\n"
    file = site / "file.ttl"
    file.write_text(text, encoding="utf-8")
    assert solld(site, "add-source", str(file), "--name", "coops") == 0
    assert solld(site, "harvest") == 0
    found = said(site, "coops")
    for row in rows(text, "rdf"):
        thing = found[quote(str(row.cells["@id"][0]), safe="")]
        assert thing["prefLabel"] == [f"{name}@en" for name in row.cells["schema:name"]]
        websites = [
            v for v in row.cells.get("schema:url", ()) if str(v).startswith(("http://", "https://"))
        ]  # one is not
        assert thing.get("url", []) == websites
        descriptions = [d for d in row.cells.get("schema:description", ()) if isinstance(d, Literal)]
        assert len(thing.get("description", [])) == len(descriptions)
    other = Graph().parse(data=text, format="turtle").serialize(format="nt")  # with other blank nodes, in another order
    file.write_text(other.replace("Agaric", "Agaric Coop"), encoding="utf-8")
    capsys.readouterr()
    assert solld(site, "harvest", "--json") == 0
    (run,) = json.loads(capsys.readouterr().out)
    assert (run["outcome"], run["facts"]["rows"], run["facts"]["lifted"]) == ("taken", 172, 1)
