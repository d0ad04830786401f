"""What each format writes, read back by another library than the one that wrote it."""

import csv
import io
import json
import logging
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyld import jsonld

from solld import formats
from solld.errors import BadSite, NotAcceptable
from solld.formats.geojson import point
from solld.formats.rdfxml import offered as xml_can_hold
from solld.model import Context, Description, Format, Moment, Ontology, Settings
from solld.rdf import (
    DCT,
    GEO,
    GEOSPARQL,
    RDF,
    SCHEMA,
    SKOS,
    SYNTAXES,
    XSD,
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    Triple,
    read,
    triple,
)


@pytest.fixture(autouse=True)
def as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """rdflib keeps the forms of literals; pyshacl, which other tests use, makes it rewrite them."""
    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)


logging.getLogger("rdflib").setLevel(logging.ERROR)  # it warns of ill-typed literals
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:rdflib", "ignore::DeprecationWarning:rdflib")

BASE = "https://lights.example/"
NS = f"{BASE}ns#"
PREFIXES = {"skos": SKOS.iri, "dct": DCT.iri, "xsd": XSD.iri, "l": NS, "e": "http://e.example/", "rdf": RDF.iri}
JSONLD: dict[str, Any] = {
    "@version": 1.1,
    "l": NS,
    "skos": SKOS.iri,
    "dct": DCT.iri,
    "xsd": XSD.iri,
    "Lighthouse": "l:Lighthouse",
    "name": {"@id": "skos:prefLabel", "@container": "@language"},
    "height": {"@id": "l:height", "@type": "xsd:decimal"},
    "keeper": {"@id": "l:keeper", "@type": "@id"},
    "lit": {"@id": "l:lit"},
    "unused": {"@id": "l:unused"},
}
ONTOLOGY = Ontology({}, {}, {}, {f"{NS}Lighthouse": {"fr": "Phare", "en": "Lighthouse"}}, (SKOS.prefLabel,), ())
CONTEXT = Context(
    settings=Settings(Path(), BASE, {"en": "Lights"}, languages=("fr", "en")),
    ontology=ONTOLOGY,
    prefixes=PREFIXES,
    jsonld=JSONLD,
    language="fr",
    language_tags=("fr", "en", ""),
)
LIGHT = NamedNode(f"{BASE}id/light")
LAMP = NamedNode(f"{BASE}id/light#lamp")
KEEPER = NamedNode(f"{BASE}id/keeper")
PAINTING = NamedNode(f"{BASE}id/painting")
HEIGHT, HAS_LAMP, KEPT_BY, SHOWS = (NamedNode(NS + name) for name in ("height", "lamp", "keeper", "shows"))
ABOUT = (
    Triple(LIGHT, RDF.type, NamedNode(f"{NS}Lighthouse")),
    Triple(LIGHT, SKOS.prefLabel, Literal("Le Phare", language="fr")),
    Triple(LIGHT, SKOS.prefLabel, Literal("The Light", language="en")),
    Triple(LIGHT, HEIGHT, Literal("37.50", datatype=XSD.decimal)),
    Triple(LIGHT, HAS_LAMP, LAMP),
    Triple(LIGHT, KEPT_BY, KEEPER),
)
OWNED = (
    Triple(LAMP, SKOS.notation, Literal("7", datatype=XSD.integer)),
    Triple(LAMP, NamedNode(f"{NS}lit"), Literal("true", datatype=XSD.boolean)),
)
INCOMING = (Triple(PAINTING, SHOWS, LIGHT),)
LABELS = (Triple(KEEPER, SKOS.prefLabel, Literal("Ann", language="en")),)
GRAPHS = {ABOUT[0]: (NamedNode(f"{BASE}dataset/a"), NamedNode(f"{BASE}dataset/b")), ABOUT[1]: (KEEPER,)}
SAMPLE = Description(LIGHT, f"{BASE}doc/light", ABOUT, OWNED, INCOMING, LABELS, GRAPHS, more=True)
ALL = {*ABOUT, *OWNED, *INCOMING, *LABELS}

BY_EXTENSION = {f.extension: f for f in formats.load()}


def written(extension: str, description: Description = SAMPLE, context: Context = CONTEXT) -> str:
    return BY_EXTENSION[extension].write(description, context).decode()


def n3(triple: Triple | Quad) -> tuple[str, ...]:
    """A triple in a form that both libraries share."""
    graph = str(triple.graph_name) if isinstance(triple, Quad) else "DEFAULT"
    return (str(triple.subject), str(triple.predicate), canonical(triple.object), graph)


def canonical(term: Any) -> str:
    """A term as N-Triples with nothing escaped but what must be."""
    if isinstance(term, Literal | rdflib.Literal):
        language = term.language or ""
        datatype = str(getattr(term.datatype, "value", term.datatype or XSD.string.value))
        value = term.value if isinstance(term, Literal) else str(term)
        if datatype in (XSD.integer.value, XSD.decimal.value) and re.fullmatch(r"[-+]?[0-9.]*[0-9][0-9.]*", value):
            value = value.lstrip("+0") or "0"  # rdflib reads 01 as 1; see test_numbers_keep_their_form
        return repr((value, language.lower(), "" if language else datatype))
    if term is None or term == rdflib.graph.DATASET_DEFAULT_GRAPH_ID:
        return "DEFAULT"
    return f"<{term}>" if isinstance(term, rdflib.URIRef) else str(term)


def parsed(text: str, syntax: str) -> set[tuple[str, ...]]:
    """The quads that rdflib reads."""
    found = rdflib.Dataset()
    found.parse(data=text, format=syntax)
    return {tuple(map(canonical, quad)) for quad in found.quads()}


RDFLIB = {"ttl": "turtle", "nt": "nt", "trig": "trig", "nq": "nquads", "rdf": "xml", "jsonld": "json-ld"}

# --- every format -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("format", formats.load(), ids=lambda f: f.extension)
def test_a_format_keeps_the_contract(format: Format) -> None:
    assert "/" in format.media_type
    assert format.media_type == format.media_type.lower()
    assert 0 < format.quality <= 1
    described = Description(LIGHT, SAMPLE.document, (*ABOUT, Triple(LIGHT, SCHEMA.latitude, Literal("48"))))
    assert not (format.cites and format.offered(described, CONTEXT))  # there is no version
    moment = Moment(2, 3, datetime(2026, 11, 25, tzinfo=UTC), "updated", "00")
    context = replace(CONTEXT, moment=moment, built=moment.time)
    first, second = (format.write(SAMPLE, context) for _ in range(2))
    assert isinstance(first, bytes)
    assert first.decode()
    assert first == second
    assert isinstance(format.offered(described, CONTEXT), bool)


def test_formats_differ_and_have_a_stable_order() -> None:
    loaded = formats.load()
    assert [f.extension for f in loaded][:3] == ["ttl", "jsonld", "html"]
    names = [name for f in loaded for name in (f.media_type, *f.aliases)]
    assert len(set(names)) == len(names)
    assert len({f.extension for f in loaded}) == len(loaded) == 15


def test_a_format_is_found_by_its_extension() -> None:
    found = formats.by_extension("nt", formats.load())
    assert found
    assert found.media_type == "application/n-triples"
    assert formats.by_extension("exe", formats.load()) is None


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "jsonld"])
def test_a_triple_format_has_every_triple_once(extension: str) -> None:
    assert parsed(written(extension), RDFLIB[extension]) == {n3(each) for each in ALL}


@pytest.mark.parametrize("extension", ["trig", "nq"])
def test_a_quad_format_has_a_quad_for_each_graph_that_states_it(extension: str) -> None:
    expected = {n3(t) for t in ALL if t not in GRAPHS} | {(*n3(t)[:3], str(g)) for t in GRAPHS for g in GRAPHS[t]}
    assert parsed(written(extension), RDFLIB[extension]) == expected


# --- any triples ------------------------------------------------------------------------------------------------------

letters = st.text(alphabet="abcXYZ019-_.~éß中", min_size=1, max_size=5)
iris = st.builds(
    lambda start, path, end: NamedNode(f"{start}{path}{end.replace('#', '?') if '#' in start else end}"),
    st.sampled_from(["http://e.example/", NS, SKOS.iri, "http://e.example/a%20b/", "urn:x:", "http://e.example/?q="]),
    letters,
    st.sampled_from(["", "/", "#", "#1", "/1", "/a(b)", ",c", "'", "&amp;x", ":y", "%2F"]),
).filter(lambda iri: not iri.value.endswith("."))  # rdflib does not read e:\\. though the grammar has it
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        '"""',
        "''",
        "\\",
        "\\n",
        "a\nb\r\n",
        "\r",
        "\t",
        " .\n\n@prefix",
        "]]>",
        "<b>&amp;</b>",
        "\x00",
        "\ufffe",
        "\u2028",
    ]
)
datatypes = st.sampled_from([XSD.string, XSD.integer, XSD.decimal, XSD.boolean, XSD.date, NamedNode(f"{NS}type")])
literals = (
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["fr", "en-gb", "zh-hant-tw"]))
    | st.builds(lambda text, datatype: Literal(text, datatype=datatype), texts, datatypes)
    | st.builds(lambda n: Literal(n, datatype=XSD.integer), st.sampled_from(["1", "01", "+5", "-5", "1e"]))
    | st.builds(lambda n: Literal(n, datatype=XSD.decimal), st.sampled_from(["1.0", "1.", ".5", "-1.50"]))
)
triples = st.builds(Triple, iris, iris | st.just(RDF.type) | st.just(SKOS.prefLabel), iris | literals)
many = st.lists(triples, min_size=1, max_size=8)


def described(content: Iterable[Triple]) -> Description:
    first, *rest = content
    return Description(LIGHT, SAMPLE.document, (first,), owned=tuple(rest[:2]), labels=tuple(rest[2:]))


@pytest.mark.parametrize("extension", ["ttl", "nt", "trig", "nq"])
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(content=many)
def test_any_triples_are_written_and_read(extension: str, content: list[Triple]) -> None:
    text = written(extension, described(content))
    assert parsed(text, RDFLIB[extension]) == {n3(each) for each in content}


@settings(max_examples=150)
@given(content=many)
def test_rdf_xml_holds_what_it_is_offered_for(content: list[Triple]) -> None:
    description = described(content)
    if xml_can_hold(description, CONTEXT):
        assert parsed(written("rdf", description), "xml") == {n3(each) for each in content}
    else:
        with pytest.raises(NotAcceptable):
            written("rdf", description)


CONTEXTS: dict[str, dict[str, Any]] = {
    "ours": JSONLD,
    "empty": {},
    "aliases": {"id": "@id", "type": "@type", "value": "@value", "e": "http://e.example/"},
    "language": {"@language": "fr", "l": NS},
    "sets": {"x": "urn:x:", "name": {"@id": SKOS.prefLabel.value, "@container": "@set"}, "xsd": XSD.iri},
    "two terms": {"name": {"@id": SKOS.prefLabel.value, "@language": "fr"}, "label": SKOS.prefLabel.value},
    "a prefix that data use as a scheme": {"urn": NS, "http": SKOS.iri},
}


@pytest.mark.parametrize("context", CONTEXTS.values(), ids=CONTEXTS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(content=many)
def test_json_ld_means_the_same_to_pyld(context: dict[str, Any], content: list[Triple]) -> None:
    text = written("jsonld", described(content), replace(CONTEXT, jsonld=context))
    quads = jsonld.to_rdf(json.loads(text), {"format": "application/n-quads"})
    assert parsed(quads, "nquads") == {n3(each) for each in content}


@settings(max_examples=50)
@given(content=many)
def test_the_plain_formats_never_fail(content: list[Triple]) -> None:
    description = described(content)
    assert json.loads(written("json", description))["id"] == LIGHT.value
    assert next(csv.reader(io.StringIO(written("csv", description))))[:2] == ["iri", "type"]


# --- one by one -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("extension", list(RDFLIB))
def test_numbers_keep_their_form(extension: str) -> None:
    content = [Triple(LIGHT, HEIGHT, Literal(form, datatype=XSD.decimal)) for form in ("01.50", "+1.5", "1", "1.")]
    content += [Triple(LIGHT, HEIGHT, Literal(form, datatype=XSD.integer)) for form in ("01", "+1", "-0", "1")]
    text = written(extension, described(content)).encode()
    assert {triple(quad) for quad in read(text, SYNTAXES[extension])} == set(content)


def test_turtle_is_pleasant_to_read() -> None:
    assert (
        written("ttl")
        == """\
@prefix l:    <https://lights.example/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

<https://lights.example/id/light> a l:Lighthouse ;
	skos:prefLabel "Le Phare"@fr ,
		"The Light"@en ;
	l:height 37.50 ;
	l:lamp <https://lights.example/id/light#lamp> ;
	l:keeper <https://lights.example/id/keeper> .

<https://lights.example/id/light#lamp> skos:notation 7 ;
	l:lit true .

<https://lights.example/id/painting> l:shows <https://lights.example/id/light> .

<https://lights.example/id/keeper> skos:prefLabel "Ann"@en .
"""
    )


@pytest.mark.parametrize("iri", ["http://e.example/1", "http://e.example/", f"{RDF.iri}li", "http://e.example/a(b)"])
def test_rdf_xml_is_not_offered_for_a_predicate_without_a_name(iri: str) -> None:
    description = described([Triple(LIGHT, NamedNode(iri), KEEPER)])
    assert not xml_can_hold(description, CONTEXT)
    with pytest.raises(NotAcceptable):
        written("rdf", description)


def test_json_ld_has_the_resource_first_and_only_the_context_it_needs() -> None:
    document = json.loads(written("jsonld"))
    assert [node["@id"] for node in document["@graph"]] == [each.value for each in (LIGHT, LAMP, PAINTING, KEEPER)]
    assert document["@graph"][0]["name"] == {"en": "The Light", "fr": "Le Phare"}
    assert document["@graph"][0]["height"] == "37.50"
    assert document["@graph"][0]["keeper"] == KEEPER.value
    assert "unused" not in document["@context"]
    assert "xsd" in document["@context"]


def test_json_ld_of_one_node_has_no_graph() -> None:
    document = json.loads(written("jsonld", described([ABOUT[3]])))
    assert list(document) == ["@context", "@id", "height"]


def test_json_ld_never_fetches_a_context() -> None:
    remote = replace(CONTEXT, jsonld={"@import": "https://elsewhere.example/context"})
    with pytest.raises(BadSite, match=r"https://elsewhere\.example/context"):
        written("jsonld", SAMPLE, remote)


def test_json_is_flat_and_in_the_readers_language() -> None:
    assert json.loads(written("json")) == {
        "id": LIGHT.value,
        "type": ["Lighthouse"],
        "label": "Le Phare",
        "name": "Le Phare",
        "name_i18n": {"fr": ["Le Phare"], "en": ["The Light"]},
        "height": 37.5,
        "l_lamp": {"id": LAMP.value, "skos_notation": 7, "lit": True},
        "keeper": {"id": KEEPER.value, "label": "Ann"},
        "referenced_by": {"l_shows": [{"id": PAINTING.value}]},
        "sources": [{"id": f"{BASE}dataset/a"}, {"id": f"{BASE}dataset/b"}, {"id": KEEPER.value, "label": "Ann"}],
        "next": f"{BASE}doc/light.json?page=2",
    }


@pytest.mark.parametrize(
    ("lexical", "datatype", "value"),
    [
        ("7", XSD.integer, 7),
        ("0.5", XSD.decimal, 0.5),
        ("1e400", XSD.double, "1e400"),
        ("NaN", XSD.double, "NaN"),
        ("seven", XSD.integer, "seven"),
        ("1", XSD.boolean, True),
        ("maybe", XSD.boolean, "maybe"),
        ("2001-02-03", XSD.date, "2001-02-03"),
    ],
)
def test_json_has_numbers_and_booleans(lexical: str, datatype: NamedNode, value: Any) -> None:
    found = json.loads(written("json", described([Triple(LIGHT, HEIGHT, Literal(lexical, datatype=datatype))])))
    assert found["height"] == value


def test_json_says_what_owns_and_is_owned_once() -> None:
    event = BlankNode("event")
    around = Description(LIGHT, "", (), (Triple(event, SHOWS, LIGHT), Triple(event, KEPT_BY, event)))
    found = json.loads(written("json", around))
    assert found["referenced_by"] == {"l_shows": [{"id": "_:event", "l_shows": {**link(LIGHT)}, "keeper": ANY_EVENT}]}


ANY_EVENT = {"id": "_:event"}


def link(resource: NamedNode) -> dict[str, str]:
    return {"id": resource.value}


def test_csv_has_a_row_for_each_thing() -> None:
    rows = list(csv.DictReader(io.StringIO(written("csv"))))
    assert [(row["iri"], row["relation"], row["lit"]) for row in rows] == [
        (LAMP.value, "l_lamp", "true"),
        (PAINTING.value, "l_shows", ""),
    ]
    assert written("csv").startswith("iri,type,label,relation,")
    assert "\r\n" in written("csv")


def test_csv_is_offered_for_lists_only() -> None:
    assert BY_EXTENSION["csv"].offered(SAMPLE, CONTEXT)
    assert not BY_EXTENSION["csv"].offered(described([ABOUT[0]]), CONTEXT)


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ([(SCHEMA.latitude, "48.5"), (SCHEMA.longitude, "-3")], (-3.0, 48.5)),
        ([(GEO.lat, "48.5"), (GEO.long, "-3")], (-3.0, 48.5)),
        ([(GEOSPARQL.asWKT, "POINT(-3 48.5)")], (-3.0, 48.5)),
        ([(GEOSPARQL.asWKT, "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> Point ( -3 48.5 )")], (-3.0, 48.5)),
        ([(GEOSPARQL.asWKT, "<http://www.opengis.net/def/crs/EPSG/0/4326> POINT(48.5 -3)")], (-3.0, 48.5)),
        ([(GEOSPARQL.asWKT, "<http://www.opengis.net/def/crs/EPSG/0/2154> POINT(48.5 -3)")], None),
        ([(GEOSPARQL.asWKT, "LINESTRING(0 0, 1 1)")], None),
        ([(GEOSPARQL.asWKT, "POINT EMPTY")], None),
        ([(SCHEMA.latitude, "91"), (SCHEMA.longitude, "0")], None),
        ([(SCHEMA.latitude, "north"), (SCHEMA.longitude, "0")], None),
        ([(SCHEMA.latitude, "48.5")], None),
        ([], None),
    ],
)
def test_point(about: list[tuple[NamedNode, str]], expected: tuple[float, float] | None) -> None:
    place = Description(LIGHT, "", tuple(Triple(LIGHT, p, Literal(value)) for p, value in about))
    assert point(place) == expected
    assert BY_EXTENSION["geojson"].offered(place, CONTEXT) == (expected is not None)


def test_geojson_finds_the_point_of_the_place_where_a_thing_is() -> None:
    place = NamedNode(f"{LIGHT.value}#place")
    owned = (
        Triple(place, SCHEMA.geo, LAMP),
        Triple(LAMP, SCHEMA.latitude, Literal("48.5")),
        Triple(LAMP, SCHEMA.longitude, Literal("-4.7")),
    )
    assert point(Description(LIGHT, "", (Triple(LIGHT, SCHEMA.location, place),), owned)) == (-4.7, 48.5)
    assert point(Description(LIGHT, "", (Triple(LIGHT, SCHEMA.about, place),), owned)) is None


def test_geojson_finds_the_point_of_an_owned_node() -> None:
    owned = (Triple(LAMP, SCHEMA.latitude, Literal("48.5")), Triple(LAMP, SCHEMA.longitude, Literal("-3")))
    feature = json.loads(written("geojson", Description(LIGHT, "", (Triple(LIGHT, SCHEMA.geo, LAMP),), owned)))
    assert feature["geometry"] == {"type": "Point", "coordinates": [-3.0, 48.5]}
    assert (feature["id"], feature["properties"]["id"]) == (LIGHT.value, LIGHT.value)
