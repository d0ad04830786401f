"""What is said of a query that is wrong: where, what, and what to do."""

import ast
import random
import re
import time

import pyoxigraph
import pytest

from conftest import ROOT
from solld import hints
from solld.hints import Vocabulary, as_json, check
from solld.rdf import OWL, RDF, VOID, NamedNode, Triple
from solld.sparql import saying

SITE = {"ex": "https://example.org/ns#", "light": "https://lights.example/ns#"}
STORE = pyoxigraph.Store()
KNOWN = Vocabulary(
    frozenset({"https://lights.example/ns#Lighthouse", "http://xmlns.com/foaf/0.1/Person"}),
    frozenset({"https://lights.example/ns#height", "https://lights.example/ns#sees", "http://xmlns.com/foaf/0.1/name"}),
    "https://lights.example/",
)


def complaint(query: str) -> str | None:
    """What the engine says when it parses."""
    try:
        STORE.query(query, base_iri="https://lights.example/")
    except SyntaxError as error:
        return str(error)
    return None


def report(query: str) -> hints.Report:
    return check(query, complaint(query), SITE, KNOWN)


# line and column, a part of the message, a part of the hint
ERRORS = [
    ("SELCT ?x WHERE { ?x ?p ?o }", 1, 1, "“SELCT” is not a word", "did you mean SELECT?"),
    ("SELECT DISTINT ?x { ?x ?p ?o }", 1, 8, "“DISTINT”", "DISTINCT"),
    ("SELECT * {\n ?s ?p ?o .\n OPTIONL { ?s ?q ?r } }", 3, 2, "“OPTIONL”", "OPTIONAL"),
    ("SELECT * { { ?s ?p ?o } UNOIN { ?a ?b ?c } }", 1, 25, "“UNOIN”", "UNION"),
    ("SELECT * { ?s ?p ?o FILER(?o > 1) }", 1, 21, "“FILER”", "FILTER"),
    ("SELECT * { ?s ?p ?o } GRUOP BY ?s", 1, 23, "“GRUOP”", "GROUP"),
    ("SELECT * { ?s ?p ?o FILTER(STRSTART(?o, 'a')) }", 1, 28, "“STRSTART”", "STRSTARTS"),
    ("SELECT * { ?s ?p ?o FILTER(near(?o)) }", 1, 28, "there is no function “near”", "geof:distance"),
    ("SELECT * { ?s foaf:name ?o }", 1, 15, "the prefix foaf: is not declared", "PREFIX foaf: <http://xmlns.com/foaf"),
    ("SELECT * { ?s light:sees ?o }", 1, 15, "the prefix light:", "PREFIX light: <https://lights.example/ns#>"),
    ("SELECT * { ?s lihgt:sees ?o }", 1, 15, "the prefix lihgt:", "did you mean light:?"),
    ("SELECT * { ?s unheardof:sees ?o }", 1, 15, "the prefix unheardof:", "/prefixes.json"),
    ("SELECT * { ?s ?p ?o", 1, 20, "the { of line 1, column 10 is open", "write }"),
    ("SELECT * { { ?s ?p ?o }\n\n", 3, 1, "the { of line 1, column 10 is open", "write }"),
    ("SELECT * { ?s ?p ?o } }", 1, 23, "this } closes nothing", "delete it"),
    ("SELECT * { ?s ?p ?o FILTER(?o > 1 }", 1, 35, "the ( of line 1, column 27 is open", "write )"),
    ("SELECT * { ?s ?p ( 1 2 }", 1, 24, "the ( of line 1, column 18 is open", "write )"),
    ("SELECT * { ?s ?p ?o ORDER BY ?s }", 1, 21, "the { of line 1, column 10 is open", "at the end of the query"),
    ("SELECT * { ?s ?p ?o } LIMIT 3 ORDER BY ?s", 1, 31, "ORDER cannot stand here", "in this order"),
    ('SELECT * { ?s ?p "abc }', 1, 18, "the string that begins here is not closed", 'write " at its end'),
    ('SELECT * {\n ?s ?p """abc }', 2, 8, "the string that begins here is not closed", 'write """ at its end'),
    ("SELECT * { ?s ?p <http://a/b ?o }", 1, 18, "the IRI that begins here is not closed", "write >"),
    ("SELECT * { ?s ?p <http://a/b", 1, 18, "the IRI that begins here is not closed", "write >"),
    ("SELECT * { ?s ?p 'a\\d' }", 1, 20, "\\d means nothing in a string", "write \\\\d"),
    ("SELECT * { ?s ?p “a” }", 1, 18, "“ is not a quotation mark of SPARQL", 'write "'),
    ("SELECT * { ?s\u00a0?p ?o }", 1, 14, "no-break space", "write a space"),
    ("SELECT * { ?s ?p ?o FILTER(?o == 3) }", 1, 32, "“==” is not an operator", "one ="),
    ("SELECT * { ?s ?p ?o FILTER(?o <> 3) }", 1, 31, "“<>” is not an operator", "!="),
    ("SELECT * { ?s ?p ?o FILTER(?o = 3 AND ?p = 4) }", 1, 35, "“AND” is not an operator", "&&"),
    ("SELECT * { ?s ?p ?o FILTER(NOT BOUND(?o)) }", 1, 32, "NOT stands only before EXISTS", "write !BOUND"),
    ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 1, 28, "FILTER needs brackets", "FILTER(?o"),
    ("SELECT * {\n ?s ?p ?o\n ?a ?b ?c }", 3, 2, "a triple ended before this", "write ."),
    ("SELECT * { ?s ?p . }", 1, 18, "the triple has no object", "a subject, a property and an object"),
    ("SELECT * { ?s . }", 1, 15, "no property and no object", "a subject, a property and an object"),
    ("SELECT name { ?s ?p ?name }", 1, 8, "“name” is neither a variable nor", "write ?name"),
    ("SELECT ?a, ?b { ?a ?p ?b }", 1, 10, "separated by spaces", "delete the comma"),
    ("SELECT COUNT(?s) { ?s ?p ?o }", 1, 8, "COUNT stands in SELECT without brackets", "AS ?name"),
    ("SELECT (COUNT(?s)) { ?s ?p ?o }", 1, 18, "an expression needs a name", "AS ?name"),
    ("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o }", 1, 8, "?s is neither grouped nor aggregated", "add ?s to GROUP BY"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", 1, 8, "SELECT * cannot stand with GROUP BY", "name the variables"),
    ("SELECT (1 AS ?x) (2 AS ?x) {}", 1, 24, "SELECT names ?x twice", "a name of its own"),
    ("SELECT (1 AS ?p) { ?s ?p ?o }", 1, 14, "SELECT gives ?p a value", "another variable"),
    ("SELECT * { ?s ?p ?x . BIND(1 AS ?x) }", 1, 33, "?x has a value already", "another variable"),
    ("SELECT * { VALUES (?a ?b) { (1 2) (3) } }", 1, 35, "1 values for 2 variables", "UNDEF"),
    ("SELECT * { _:a ?p ?o { _:a ?q ?r } }", 1, 24, "_:a stands in another group", "a variable"),
    ("SELECT * WHERE ?s ?p ?o", 1, 16, "a group is missing here", "write {"),
    ("SELECT * { ?s ?p ?o };", 1, 22, "; cannot stand at the end", "delete it"),
    ("PREFIX ex <https://example.org/> SELECT * {}", 1, 8, "a prefix ends in a colon", "PREFIX ex:"),
    ("@prefix ex: <https://example.org/> . SELECT * {}", 1, 1, "@prefix is Turtle", "write PREFIX"),
    ("PREFIX ex: <https://example.org/> . SELECT * {}", 1, 35, ". cannot stand after PREFIX", "delete it"),
    ("SELECT * {} LIMIT ten", 1, 19, "“ten” cannot stand here", "expected: a number"),
    ("DESCRIBE", 1, 9, "the query ends too early", "expected: a variable, an IRI, *"),
    ("", 1, 1, "there is no query", "begin with SELECT"),
    ("INSERT DATA { <a> <b> <c> }", 1, 1, "updates are refused", "publishing"),
    ("PREFIX a: <http://a/>\nDELETE WHERE { ?s ?p ?o }", 2, 1, "updates are refused", "publishing"),
]


@pytest.mark.parametrize(("query", "line", "column", "message", "hint"), ERRORS, ids=[case[0][:50] for case in ERRORS])
def test_an_error_has_its_place_and_a_hint(query: str, line: int, column: int, message: str, hint: str) -> None:
    assert complaint(query) is not None
    (error,) = report(query).errors
    assert (error.line, error.column) == (line, column)
    assert message in error.message
    assert hint in error.hint


def test_service_is_refused_though_the_engine_takes_it() -> None:
    (error,) = check("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", None, SITE).errors
    assert (error.line, error.column) == (1, 12)
    assert "SERVICE is refused" in error.message


def test_each_missing_prefix_is_told_once() -> None:
    found = report("SELECT * { ?s foaf:name ?o ; ex:a ?b ; foaf:nick 'dct:x'^^xsd:string }").errors
    assert [error.hint.split(":", 2)[1].strip() for error in found] == ["PREFIX foaf", "PREFIX ex", "PREFIX xsd"]


def test_what_nobody_here_understands_is_said_as_the_engine_says_it() -> None:
    found = check("ASK {}", "error at 3:7: expected one of Reifiers are not allowed on property paths, [_]", {}).errors
    assert found == (hints.Problem(3, 7, "Reifiers are not allowed on property paths"),)
    assert check("ASK {}", "something else", {}).errors == (hints.Problem(0, 0, "something else"),)


LIGHT = "PREFIX light: <https://lights.example/ns#> PREFIX foaf: <http://xmlns.com/foaf/0.1/> "
WARNINGS = [
    ("SELECT ?nmae { ?s ?p ?name }", "?nmae is never bound", "did you mean ?name?"),
    ("SELECT * { ?s ?p ?o FILTER(?zzz > 1) }", "?zzz is never bound", "nothing in the query"),
    ("CONSTRUCT { ?s ?p ?lost } WHERE { ?s ?p ?o }", "?lost is never bound", ""),
    (LIGHT + "SELECT * { ?s a light:Lighthose }", "no class light:Lighthose", "light:Lighthouse"),
    (LIGHT + "SELECT * { ?s light:hight ?o }", "no property light:hight", "light:height"),
    (LIGHT + "SELECT * { ?s ^light:sees/light:seees* ?o }", "no property light:seees", "light:sees"),
    (LIGHT + "SELECT * { ?s light:quite_another ?o }", "no property light:quite_another", ""),
    (LIGHT + "SELECT * { ?s foaf:nmae ?o }", "no property foaf:nmae", "foaf:name"),
    ("SELECT * { ?s <http://xmlns.com/foaf/0.1/Name> ?o }", "Name>", "<http://xmlns.com/foaf/0.1/name>"),
]


@pytest.mark.parametrize(("query", "message", "hint"), WARNINGS, ids=[case[1] for case in WARNINGS])
def test_a_query_that_is_right_and_not_meant_so_is_warned_of(query: str, message: str, hint: str) -> None:
    found = report(query)
    (warning,) = found.warnings
    assert found.errors == ()
    assert message in warning.message
    assert hint in warning.hint


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT ?n { { SELECT (COUNT(*) AS ?n) { ?s ?p ?o } } } ORDER BY ?n",
        "SELECT ?g ?v { GRAPH ?g { } VALUES ?v { 1 } }",
        LIGHT + "SELECT * { ?s a light:Lighthouse ; light:height ?h ; foaf:mbox ?m ; a foaf:Document }",
        "SELECT * { ?s <http://elsewhere.example/nmae> ?o }",
        "DESCRIBE <https://lights.example/id/x>",
    ],
)
def test_a_query_as_it_should_be_is_not_warned_of(query: str) -> None:
    assert (report(query).errors, report(query).warnings) == ((), ())


def test_the_vocabulary_is_what_the_ontology_declares_and_the_catalogue_counts() -> None:
    def node(name: str) -> NamedNode:
        return NamedNode(f"https://lights.example/ns#{name}")

    triples = [
        Triple(node("A"), RDF.type, OWL.Class),
        Triple(node("p"), RDF.type, OWL.ObjectProperty),
        Triple(node("x"), RDF.type, node("A")),
        Triple(node("part"), VOID["class"], node("B")),
        Triple(node("part"), VOID.property, node("q")),
    ]
    found = hints.vocabulary(triples, "https://lights.example/")
    assert found.classes == {node("A").value, node("B").value}
    assert found.properties == {node("p").value, node("q").value}


def test_a_report_as_json() -> None:
    told = as_json(report("PREFIX a: <http://a/> SELECT ?x { ?y ?p ?o }"))
    assert told == {
        "valid": True,
        "kind": "select",
        "variables": ("x",),
        "prefixes": {"a": "http://a/"},
        "errors": (),
        "warnings": (
            {"line": 1, "column": 30, "message": "?x is never bound", "hint": "nothing in the query gives it a value"},
        ),
    }


# In other languages ---------------------------------------------------------------------------------------------------


def sayings() -> set[str]:
    """The patterns that the code has."""
    found = {"no class {} is known here", "no property {} is known here"}  # which are given on
    for path in (ROOT / "src/solld/hints.py", *(ROOT / "src/solld/sparql").glob("*.py")):
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "say":
                first = each.args[0]
                found |= {str(first.value)} if isinstance(first, ast.Constant) else set()
    return found


def test_all_that_is_said_can_be_said_in_the_languages_of_the_pages() -> None:
    assert set(saying.patterns()) == sayings()
    for english, others in saying.patterns().items():
        assert set(others) == {"fr", "es"}, english
        for text in others.values():
            assert text.count("{}") == english.count("{}"), text
            assert re.findall(r"\b[A-Z]{2,}\b", text) == re.findall(
                r"\b[A-Z]{2,}s?\b", english.replace("IRIs", "IRI")
            ), text


@pytest.mark.parametrize(
    ("query", "language", "message", "hint"),
    [
        (
            "SELECT * {",
            "fr",
            "la requête finit alors que le { (ligne 1, colonne 10) est ouvert",
            "écrivez } là où il finit",
        ),
        ("SELECT * {", "es", "la consulta termina con el { (línea 1, columna 10) abierto", "escriba } donde termina"),
        (
            "SELECT * { ?s foaf:nom ?o }",
            "fr",
            "le préfixe foaf: n’est pas déclaré",
            "écrivez au début : PREFIX foaf: <",
        ),
        ("SELECT ?a ?a { ?a ?b ?c } GROUP BY ?b", "fr", "?a n’est ni groupée ni agrégée", "ajoutez ?a à GROUP BY"),
        (
            'SELECT * { ?s ?p "a }',
            "fr",
            "la chaîne qui commence ici n’est pas fermée",
            'écrivez " à sa fin ; une chaîne de',
        ),
        ("SELECT * { ?s ?p ?o } ]", "es", "este ] no cierra nada", "bórrelo"),
        ("SELECT * { ?s ?p 1 ?s", "fr", "un triplet", ""),
        ("SELECT ?s WHERE { ?s a } ", "fr", "le triplet n’a pas d’objet", "un triplet est un sujet"),
        ("SELECT * { ?s ?p ?o } LIMIT many", "fr", "« many »", "attendu : un nombre"),
    ],
)
def test_a_problem_is_told_in_another_language(query: str, language: str, message: str, hint: str) -> None:
    found = report(query).errors[0]
    told = hints.said(found, language)
    assert message in told.message
    assert hint in told.hint
    assert (told.line, told.column) == (found.line, found.column)
    assert hints.said(found, "en") == hints.said(found, "de") == found


def test_what_the_engine_says_itself_stays_as_it_is() -> None:
    problem = hints.Problem(1, 2, "The engine says so", "")
    assert hints.said(problem, "fr") == problem


HOSTILE = {
    "nested": "SELECT * " + "{" * 100_000,
    "nested and closed": "SELECT * " + "{" * 49_000 + "}" * 49_000,
    "values": "SELECT * {" + "VALUES ?x{1}" * 8_000 + "}",
    "binds": "SELECT * {" + "BIND(1 AS ?x)" * 7_000 + "}",
    "classes": "SELECT * { ?x a " + "<https://lights.example/ns#C>," * 3_000 + "<b> }",
    "variables": "SELECT " + " ".join(f"?x{n}" for n in range(14_000)) + "{}",
    "prefixes": "SELECT * {" + " ".join(f"p{n}:a ?x 1 ." for n in range(6_000)) + "}",
    "a word": "SELECT " + "x" * 99_000,
    "strings": "SELECT * { ?x ?y " + "'\\\\n'," * 16_000 + " 1 }",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize("said", [None, "error at 1:1: expected [_]"])
def test_a_hostile_text_costs_little(query: str, said: str | None) -> None:
    started = time.process_time()
    check(query[: hints.LONGEST], said, SITE, KNOWN)
    assert time.process_time() - started < 4  # half a second on a quiet machine


def test_a_text_that_is_too_long_is_not_looked_into() -> None:
    found = check("SELECT * {} #" + "x" * hints.LONGEST, "error at 1:5: expected [_]", SITE)
    assert (found.kind, [(error.line, error.column) for error in found.errors]) == ("", [(1, 5)])


PIECES = [
    "{",
    "}",
    "(",
    ")",
    ".",
    ";",
    ",",
    "?x",
    "FILTER",
    "SELECT",
    "OPTIONAL",
    '"',
    "'",
    "<",
    ">",
    "\\",
    "a:b",
    "LIMIT",
    "5",
]


def mutated(text: str, chance: random.Random) -> str:
    """The text with a few characters deleted, doubled, or pieces put in."""
    for _ in range(chance.randint(1, 3)):
        place = chance.randrange(len(text))
        cut = chance.randrange(4)
        piece = chance.choice([*PIECES, text[place : place + 5], ""])
        text = text[:place] + piece + text[place + cut :]
    return text


def test_whatever_is_mistyped_is_told_with_its_place_and_nothing_that_is_right_is() -> None:
    chance = random.Random(11)
    texts = [path.read_text(encoding="utf-8") for path in sorted((ROOT / "queries").glob("*.rq"))]
    refused = placed = 0
    for _ in range(1500):
        query = mutated(chance.choice(texts), chance)
        said = complaint(query)
        found = check(query, said, SITE, KNOWN)
        assert bool(found.errors) == (said is not None), query
        for problem in (*found.errors, *found.warnings):
            assert problem.line == 0 or problem.line <= query.count("\n") + 1, query
        refused += said is not None
        placed += bool(found.errors and found.errors[0].hint)
    assert refused > 500
    assert placed > 0.95 * refused  # the others are told as the engine tells them
