"""What is known of SPARQL without an engine: tokens, the grammar, outlines and pages, held against the W3C's tests."""

import random
import time
from pathlib import Path

import pyoxigraph
import pytest

from solld.sparql import grammar
from solld.sparql.outline import Outline
from solld.sparql.paging import paged
from solld.sparql.tokens import Places, tokens, unclosed

STORE = pyoxigraph.Store()


def engine_reads(query: str) -> bool:
    try:
        STORE.query(query, base_iri="http://example.org/")
    except SyntaxError:
        return False
    except RuntimeError:  # it was read, and names a function that the engine does not have
        return True
    return True


# --- tokens -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("?a<?b && ?c>?d", "VAR SIGN VAR SIGN VAR SIGN VAR"),
        ("<http://a/b>a:b.c .", "IRIREF PNAME_LN SIGN"),
        ("a:b.c. :d : _:e.f.", "PNAME_LN SIGN PNAME_LN PNAME_NS BLANK SIGN"),
        ("p:%20x\\,y", "PNAME_LN"),
        ("1 1.5 .5 1e3 1.e3 -2 +4.5", "INTEGER DECIMAL DECIMAL DOUBLE DOUBLE SIGNED SIGNED"),
        ("() ( \n) [] [ ]", "NIL NIL ANON ANON"),
        ("\"a\\\"b\" '' 'it' '''it's''' \"\"\"say \"x\" \"\"\"", "STRING STRING STRING STRING STRING"),
        ('"x"@fr-CA "x"@en--ltr "x"^^a:b', "STRING LANGTAG STRING LANGTAG STRING SIGN PNAME_LN"),
        ("<<( )>> << >> {| |} ~", "SIGN SIGN SIGN SIGN SIGN SIGN SIGN"),
        ("SELECT # all of it\n*", "WORD SIGN"),
        ("true.OPTIONAL", "WORD SIGN WORD"),
        ("“x”", "BAD WORD BAD"),
        ('"not closed\n ?x', "BAD VAR"),
        ('"""not closed\n ?x', "BAD"),
        ("<\\u0078>", "IRIREF"),
    ],
)
def test_a_text_has_these_tokens(text: str, kinds: str) -> None:
    assert " ".join(token.kind for token in tokens(text)) == kinds


def test_every_character_but_space_and_comments_is_in_a_token() -> None:
    alphabet = "ab:.?$<>\"'\\@#{}()[]-+1e_é“\n %^|&=!*/;,~"
    chance = random.Random(3)
    for _ in range(2000):
        text = "".join(chance.choices(alphabet, k=chance.randint(0, 30)))
        found = tokens(text)
        assert all(text[token.start : token.end] == token.text for token in found)
        gaps = zip([0, *(token.end for token in found)], [*(token.start for token in found), len(text)], strict=True)
        for gap in (text[start:end].strip() for start, end in gaps):
            assert gap == "" or gap.startswith("#")


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "p:a.",
        "p:...",
        ".",
        '"',
        "'\"",
        "<",
        "(",
        "( ",
        "[#\n",
        "%",
        "\\",
        '"\\',
        '"""a',
        "@a-",
        "1e",
        "_:a.",
        "a-",
    ],
)
def test_the_time_grows_with_the_length(piece: str) -> None:
    started = time.monotonic()
    tokens(piece * (100_000 // len(piece)))
    assert time.monotonic() - started < 5  # a fifth of a second on a quiet machine; minutes where it is not linear


def test_lines_and_columns_are_counted_in_characters_from_one() -> None:
    text = "a\r\nbé\n😀c\rd"
    places = Places(text)
    assert [places(text.index(letter)) for letter in "abécd"] == [(1, 1), (2, 1), (2, 2), (3, 2), (4, 1)]
    assert [places.offset(*places(n)) for n in range(len(text))] == list(range(len(text)))


@pytest.mark.parametrize(
    ("text", "opened", "wrong"),
    [("{ ( [", "{([", None), ("{ ( }", "{(", "}"), ("{ } )", "", ")"), ("{ ')' }", "", None)],
)
def test_brackets_are_followed(text: str, opened: str, wrong: str | None) -> None:
    found, first = unclosed(tokens(text))
    assert ("".join(token.text for token in found), first.text if first else None) == (opened, wrong)


# --- grammar ----------------------------------------------------------------------------------------------------------


def test_the_next_token_alone_decides() -> None:
    assert grammar.load().conflicts == ()


def test_a_grammar_in_which_it_does_not_is_found_out() -> None:
    assert grammar.table_of('S = A "x" | B\nA = <VAR>\nB = <VAR> "y"').conflicts


# The engine takes what the grammar does not allow: <?a&&?b> is an IRI there, and here it is too.
LENIENT = {"sparql10/syntax-sparql3/syn-bad-26.rq"}


def test_every_query_of_the_w3c_that_the_engine_reads_follows_the_grammar(shared: Path) -> None:
    folder = shared / "w3c/rdf-tests/sparql"
    paths = [path for path in folder.rglob("*.rq") if str(path.relative_to(folder)) not in LENIENT]
    assert len(paths) > 1000
    texts = {path: path.read_bytes().decode("utf-8", "replace") for path in paths}
    texts = {path: text for path, text in texts.items() if "SERVICE" not in text}  # an engine would go to the network
    read = {path: text for path, text in texts.items() if engine_reads(text)}
    assert [str(path) for path, text in read.items() if not Outline(text).is_query] == []
    # What follows the grammar and is refused is refused for other reasons: scopes, labels, grouping.
    refused = [path for path in texts if path not in read]
    assert sum(Outline(texts[path]).is_query for path in refused) < len(refused) / 2


@pytest.mark.parametrize(
    ("query", "place", "expected"),
    [
        ("SELCT * {}", 0, {"SELECT", "ASK", "PREFIX"}),
        ("SELECT * { ?s ?p ?o ?q }", 6, {".", ";", "}", ","}),
        ("SELECT * { ?s ?p }", 5, {"<VAR>", "<IRIREF>", "<STRING>"}),
        ("SELECT ?x", 2, {"{", "WHERE", "<VAR>", "FROM"}),
        ("ASK {} LIMIT", 4, {"<INTEGER>"}),
        ("PREFIX x", 1, {"<PNAME_NS>"}),
    ],
)
def test_the_first_token_that_cannot_follow_is_known_and_what_could(query: str, place: int, expected: set[str]) -> None:
    parse = grammar.parse(tokens(query))
    assert parse.at == place
    assert expected <= parse.expected


def test_depth_costs_no_stack_of_the_interpreter() -> None:
    assert Outline("ASK " + "{" * 50_000 + "}" * 50_000).is_query
    assert not Outline("ASK " + "{" * 50_000).is_query


# --- outline ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "kind", "variables"),
    [
        ("SELECT ?b (COUNT(?a) AS ?n) { ?a ?p ?b } GROUP BY ?b", "select", ("b", "n")),
        ("select * { ?s $p 1 . BIND(2 AS ?t) VALUES ?v { 1 } FILTER(?u > 1) }", "select", ("s", "p", "t", "v")),
        ("PREFIX a: <b> # SELECT\nASK { ?s a:b 'SELECT' }", "ask", ()),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "construct", ()),
        ("DESCRIBE ?x { ?x ?p ?o }", "describe", ()),
        ("nothing", "", ()),
        ("", "", ()),
    ],
)
def test_kind_and_columns(query: str, kind: str, variables: tuple[str, ...]) -> None:
    outline = Outline(query)
    assert (outline.kind, outline.variables) == (kind, variables)


def test_variables_that_nothing_binds() -> None:
    query = "SELECT ?a ?lost { ?a ?p ?o . { SELECT (1 AS ?x) {} } FILTER(?x > ?typo) } ORDER BY ?sorted"
    assert list(Outline(query).unbound) == ["lost", "typo", "sorted"]


def test_a_template_binds_nothing() -> None:
    assert list(Outline("CONSTRUCT { ?s ?p ?lost } WHERE { ?s ?p ?o }").unbound) == ["lost"]


def test_prefixes_that_are_used_and_not_declared() -> None:
    query = "PREFIX a: <http://a/> SELECT * { ?s a:b b:c ; :d 'e:f'^^c:g } # h:i"
    assert list(Outline(query).undeclared) == ["b", "", "c"]


def test_properties_and_classes() -> None:
    outline = Outline("PREFIX a: <http://a/> SELECT * { ?s a a:C, <http://a/D> ; ^a:p/(a:q|!a:r)* ?o . ?o a:t a:u }")
    assert [each.iri for each in outline.classes] == ["http://a/C", "http://a/D"]
    local = [each.iri.rpartition("/")[2] for each in outline.properties]
    assert local == ["22-rdf-syntax-ns#type", "p", "q", "r", "t"]


# --- pages ------------------------------------------------------------------------------------------------------------

ROWS = "VALUES ?x { 1 2 3 4 5 6 7 }"
PAGED = {
    "plain": f"SELECT ?x {{ {ROWS} }} ORDER BY ?x",
    "a comment at the end": f"SELECT ?x {{ {ROWS} }} ORDER BY ?x # LIMIT 2",
    "values at the end": "SELECT ?x {} VALUES ?x { 1 2 3 4 5 6 7 }",
    "a limit inside": f"SELECT ?x {{ {{ SELECT ?x {{ {ROWS} }} ORDER BY ?x LIMIT 7 }} }} ORDER BY ?x",
    "a limit in a condition": (
        f"SELECT ?x {{ {ROWS} }} GROUP BY ?x HAVING (EXISTS {{ SELECT * {{ {ROWS} }} LIMIT 1 }}) ORDER BY ?x"
    ),
    "the word in a string": f"SELECT ?x {{ {ROWS} FILTER(?x < 10 || 'LIMIT 2' = '') }} ORDER BY ?x",
    "a variable of that name": f"SELECT ?x {{ {ROWS} BIND(1 AS ?LIMIT) }} ORDER BY ?x",
    "grouped": f"SELECT ?x (COUNT(*) AS ?offset) {{ {ROWS} }} GROUP BY ?x ORDER BY ?x",
}


def numbers(query: str) -> list[int]:
    answer = STORE.query(query)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return [int(row["x"].value) for row in answer]


@pytest.mark.parametrize("query", PAGED.values(), ids=PAGED)
def test_pages_are_the_rows_in_pieces(query: str) -> None:
    pages = [paged(query, number, 3) for number in (1, 2, 3, 4)]
    assert [numbers(page.text) for page in pages if page] == [[1, 2, 3], [4, 5, 6], [7], []]
    assert [len(numbers(page.beyond)) for page in pages if page] == [1, 1, 0, 0]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {} LIMIT 5",
        "SELECT * {} offset 5",
        "SELECT * {} OFFSET 5 LIMIT 2 # no more",
        "SELECT ?x {} LIMIT 5 VALUES ?x { 1 }",
        "ASK { SELECT * {} }",
        "CONSTRUCT { ?s ?p ?o } WHERE { SELECT * { ?s ?p ?o } }",
        "DESCRIBE <http://a/>",
        "no query",
    ],
)
def test_what_has_a_limit_or_is_no_select_has_no_pages(query: str) -> None:
    assert paged(query, 1, 10) is None
