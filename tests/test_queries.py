"""Saved queries: what their comments declare, what an address may give them, and the SPARQL that comes of it."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyoxigraph
import pytest

from conftest import ROOT, TINY
from solld import build, queries, saved
from solld.errors import BadQuery, BadSite
from solld.model import Settings
from solld.parameters import TYPES, Parameter, declared, term
from solld.queries import Query, bind
from solld.rdf import XSD, Literal, NamedNode

PREFIXES = {"ex": "https://example.org/", "ev": "https://example.org/evidence/", "": "https://example.org/empty/"}
TEXT = """# Which lights are in a place, from a height on.
# fr: Quels phares sont en un lieu, à partir d'une hauteur.
# $place iri e.g. "ex:brest": the place
# fr: le lieu
# $above decimal = "10": metres
# fr: mètres
# $name string@fr required e.g. "Créac'h": a name
PREFIX ex: <https://example.org/>
SELECT ?light ?height WHERE {
  ?light ex:in $place ; ex:height ?height ; ex:name $name . # $place is not touched here
  FILTER(?height > $above && '$place' != "$name")
} ORDER BY ?light
"""


@pytest.fixture
def query(tmp_path: Path) -> Query:
    return read(tmp_path, TEXT)


def read(folder: Path, text: str) -> Query:
    path = folder / "lights.rq"
    path.write_text(text, encoding="utf-8")
    return queries.read(path)


# --- declarations -----------------------------------------------------------------------------------------------------


def test_a_query_says_what_it_answers_and_what_it_may_be_given(query: Query) -> None:
    assert query.summary["fr"].startswith("Quels phares")
    assert query.kind == "select"
    assert query.parameters == (
        Parameter("place", "iri", example="ex:brest", description={"en": "the place", "fr": "le lieu"}),
        Parameter("above", "decimal", default="10", description={"en": "metres", "fr": "mètres"}),
        Parameter("name", "string", "fr", required=True, example="Créac'h", description={"en": "a name"}),
    )


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("$x iri: a thing", Parameter("x", "iri", description={"en": "a thing"})),
        ("$x date required: when", Parameter("x", "date", required=True, description={"en": "when"})),
        ('$x integer = "3" e.g. "4": n', Parameter("x", "integer", default="3", example="4", description={"en": "n"})),
        ("$x string@fr-CA: y: z", Parameter("x", "string", "fr-CA", description={"en": "y: z"})),
    ],
)
def test_what_a_comment_declares(line: str, expected: Parameter) -> None:
    assert declared(line) == expected


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("# $x", "is declared like"),
        ("# $x strin: y", "did you mean string?"),
        ("# $x url: y", "there are iri, string"),
        ("# $x iri@fr: y", "only a string has a language"),
        ('# $x integer = "three": y', "'three' is not a whole number"),
        ('# $x date e.g. "31.1.2026": y', "'31.1.2026' is not a date"),
        ("# $page integer: y", "cannot be a parameter"),
        ("# $lost iri: y", "$lost is declared, and does not stand in the query"),
        ("# $a iri: y\n# $a iri: y", "$a is declared twice"),
    ],
)
def test_a_wrong_declaration_is_told_with_file_and_line(tmp_path: Path, line: str, said: str) -> None:
    with pytest.raises(BadSite) as caught:
        read(tmp_path, f"# What.\n{line}\nSELECT * {{ ?s ?p $x, $a }}")
    assert caught.value.path == tmp_path / "lights.rq"
    assert caught.value.line == line.count("\n") + 2
    assert said in caught.value.reason


@pytest.mark.parametrize("name", ["ex:Light", "<https://lights.example/ns#Light>"])
def test_a_query_says_what_it_is_about(tmp_path: Path, name: str) -> None:
    text = f"# What.\n# about {name}\nPREFIX ex: <https://lights.example/ns#>\nSELECT * {{ ?s ?p ?o }}"
    assert read(tmp_path, text).about == "https://lights.example/ns#Light"


def test_a_subject_with_a_prefix_that_the_query_does_not_declare_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BadSite, match="declares no prefix ex:") as caught:
        read(tmp_path, "# What.\n# about ex:Light\nSELECT * { ?s ?p ?o }")
    assert caught.value.line == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("SELECT * { ?s ?p $x", 3, "the { of line 3, column 10 is open"),
        ("SELCT * { ?s ?p $x }", 3, "did you mean SELECT?"),
        ("SELECT $x\n{ ?s ?p $x }", 3, "with its parameters bound"),
        ("SELECT * {\n BIND(1 AS $x) }", 4, "with its parameters bound"),
        ("SELECT * { ?s ?p $x }\nORDER BY ?x", 4, "?x is the parameter"),
    ],
)
def test_a_query_that_cannot_run_with_its_parameters_is_told_when_it_is_read(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(BadSite) as caught:
        read(tmp_path, f"# What.\n# $x iri: y\n{text}")
    assert (caught.value.line, said in caught.value.reason) == (line, True), caught.value.reason


@pytest.mark.parametrize("folder", [ROOT / "queries", TINY / "queries", ROOT / "src/solld/starter/queries"])
def test_the_queries_of_the_sites_are_in_order(folder: Path) -> None:
    assert queries.load(folder)


# --- terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("type_", "given", "expected"),
    [
        ("iri", "https://example.org/a", NamedNode("https://example.org/a")),
        ("iri", "ex:a/b", NamedNode("https://example.org/a/b")),
        ("iri", ":a", NamedNode("https://example.org/empty/a")),
        ("iri", "<did-you:mean>", NamedNode("did-you:mean")),
        ("iri", "urn:x:y", NamedNode("urn:x:y")),
        ("string", 'a "b" \\ c', Literal('a "b" \\ c')),
        ("integer", "-12", Literal("-12", datatype=XSD.integer)),
        ("decimal", "1.50", Literal("1.50", datatype=XSD.decimal)),
        ("date", "2026-01-31", Literal("2026-01-31", datatype=XSD.date)),
        ("boolean", "true", Literal("true", datatype=XSD.boolean)),
        ("language", "fr-CA", Literal("fr-ca")),
    ],
)
def test_what_is_given_becomes_a_term(type_: str, given: str, expected: NamedNode | Literal) -> None:
    assert term(Parameter("x", type_), given, PREFIXES) == expected


def test_a_text_has_the_language_that_is_declared() -> None:
    assert term(Parameter("x", "string", "fr"), "phare", {}) == Literal("phare", language="fr")


@pytest.mark.parametrize(
    ("type_", "given", "said"),
    [
        ("iri", "evv:a", "there is no prefix evv:; did you mean ev:?"),
        ("iri", "a", "a name with a prefix of this site"),
        ("iri", "https://example.org/a b", "is not an absolute IRI"),
        ("iri", "<https://example.org/> . ?s ?p ?o", "is not an absolute IRI"),
        ("iri", "https://example.org/>}", "is not an absolute IRI"),
        ("integer", "1.5", "'1.5' is not a whole number, like '12'"),
        ("integer", "1" * 19, "is not a whole number"),
        ("integer", "١", "is not a whole number"),
        ("decimal", "1e3", "is not a number"),
        ("date", "2026-02-30", "is not a date, as year-month-day"),
        ("boolean", "yes", "is not true or false"),
        ("language", "français", "is not a language tag"),
        ("string", "\ud800", "is not a text"),
    ],
)
def test_what_is_wrong_is_said_with_name_and_expectation(type_: str, given: str, said: str) -> None:
    with pytest.raises(BadQuery) as caught:
        term(Parameter("x", type_), given, PREFIXES)
    assert str(caught.value).startswith("x=")
    assert said in str(caught.value)


@pytest.mark.parametrize(
    "hostile",
    [
        '"',
        "\\",
        '" } #',
        "'",
        '"""',
        "\n",
        "a\r\nb",
        "\t",
        "\u0000",
        "\u2028",
        "}",
        "# $name",
        "$place",
        "<x>",
        "\\u0022",
        "é😀",
    ],
)
def test_no_text_becomes_syntax(hostile: str) -> None:
    text = bind("SELECT ?x { BIND($given AS ?x) FILTER('$given' = '$given') }", given=Literal(hostile))
    answer = pyoxigraph.Store().query(text)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    assert [row["x"] for row in answer] == [pyoxigraph.Literal(hostile)]


def test_only_variables_are_bound() -> None:
    bound = bind(TEXT, place=NamedNode("https://example.org/a"), name=Literal("n"))
    assert 'ex:in <https://example.org/a> ; ex:height ?height ; ex:name "n" . # $place is not touched here' in bound
    assert "?height > $above && '$place' != \"$name\"" in bound


# --- addresses --------------------------------------------------------------------------------------------------------


def given(query: Query, address: str) -> saved.Asked:
    return saved.asked(query, parse_qsl(address, keep_blank_values=True), PREFIXES)


def test_what_is_not_given_has_its_default_or_is_free(query: Query) -> None:
    asked = given(query, "name=Stiff&place=&page=2&size=7&format=csv&lang=fr")
    assert asked == saved.Asked(
        {"name": Literal("Stiff", language="fr"), "above": Literal("10", datatype=XSD.decimal)}, 2, 7
    )


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("", 'name is missing: a text, like "Créac\'h"'),
        ("name=", "name is missing"),
        ("name=a&name=b", "name is given more than once"),
        ("name=a&plaice=b", "there is no parameter 'plaice'; did you mean 'place'?"),
        ("name=a&zzz=b", "there are place, above, name, page, size"),
        ("name=a&above=high", "above='high' is not a number, like '10'"),
        ("name=a&page=0", "page='0' is not a number from 1"),
        ("name=a&page=1&page=2", "page is given more than once"),
        ("name=a&size=10001", "size='10001' is not a number from 1 to 10000"),
        ("name=a&size=%D9%A1", "is not a number"),
        ("name=a&page=1000000000&size=10000", "begins after row"),
    ],
)
def test_a_wrong_address_is_told(query: Query, address: str, said: str) -> None:
    with pytest.raises(BadQuery) as caught:
        saved.operation(query, given(query, address))
    assert said in str(caught.value)


def test_an_operation_has_the_rows_of_a_page_and_tells_whether_another_follows(query: Query) -> None:
    operation = saved.operation(query, given(query, "name=Stiff&page=3&size=20"))
    assert operation.paged
    assert operation.text.endswith("ORDER BY ?light\nLIMIT 20 OFFSET 40\n\n")
    assert operation.beyond.endswith("ORDER BY ?light\nLIMIT 1 OFFSET 60\n\n")
    assert '"Stiff"@fr' in operation.text


@pytest.mark.parametrize("text", ["ASK {}", "CONSTRUCT WHERE {}", "SELECT * {} LIMIT 5"])
def test_what_has_no_pages_has_one(text: str) -> None:
    query = Query("x", {"en": "x"}, text)
    assert saved.operation(query, saved.Asked({})) == saved.Operation(text)
    with pytest.raises(BadQuery):
        saved.operation(query, saved.Asked({}, page=2))


@pytest.mark.parametrize(
    ("address", "more", "expected"),
    [
        ("", False, {}),
        ("", True, {"next": "?page=2"}),
        (
            "page=2&name=a%26b&size=5",
            True,
            {"first": "?name=a%26b&size=5", "prev": "?name=a%26b&size=5", "next": "?name=a%26b&size=5&page=3"},
        ),
        ("page=4", False, {"first": "", "prev": "?page=3"}),
    ],
)
def test_links_keep_what_was_given(address: str, more: bool, expected: dict[str, str]) -> None:
    pairs = parse_qsl(address)
    page = int(dict(pairs).get("page", 1))
    found = dict(saved.links("/queries/x", pairs, saved.Asked({}, page), more))
    assert found == {name: f"/queries/x{rest}" for name, rest in expected.items()}
    assert all(urlsplit(target).path == "/queries/x" for target in found.values())


def test_every_type_has_an_example_that_it_takes() -> None:
    for name, kind in TYPES.items():
        assert term(Parameter("x", name), kind.example, {})


def test_the_example_of_the_contributing_page_is_right(tmp_path: Path) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    text = page.partition("```sparql\n")[2].partition("```")[0]
    query = read(tmp_path, text)
    assert [each.name for each in query.parameters] == ["place", "from", "language"]
    assert saved.operation(query, given(query, "place=ex:amiens&language=en")).paged


def test_a_site_with_a_query_that_is_wrong_is_not_published(tiny: Settings) -> None:
    (tiny.folder / "queries/wrong.rq").write_text("# What.\nSELECT * {")
    with pytest.raises(BadSite, match=r"wrong\.rq:2: column 11: the query ends while the { of line 2"):
        build.build(tiny)
