"""The W3C's SPARQL tests over HTTP, one test each, and the judgement of them; make conformance counts by folder."""

import os
from collections.abc import Iterator, Mapping

import pytest

from conformance import exchange, known, run
from conformance.__main__ import surprises
from conformance.compare import difference
from conformance.judge import Outcome
from conformance.results import Answer, read
from conformance.served import Server
from conformance.suite import Case, Suite, folder, out_of_scope
from conformance.suite import read as read_suite

ROOT = folder()
SUITE = read_suite(ROOT) if ROOT.is_dir() else Suite(ROOT)
CASES = [case for case in SUITE.cases if not out_of_scope(case)]
UPDATES = [case for case in SUITE.cases if case.kind == "ProtocolTest" and out_of_scope(case)]
KNOWN = known.load()
ALL = 1394  # tests of the suite, in scope or not


@pytest.fixture(scope="session")
def outcomes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """How the tests went that this session has chosen, run together so that they share releases."""
    chosen = [item.callspec.params.get("case") for item in request.session.items if hasattr(item, "callspec")]
    iris = {case.iri for case in chosen if isinstance(case, Case)}
    return run.served(SUITE, [case for case in CASES if case.iri in iris], tmp_path_factory.mktemp("conformance"))


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server") / "site") as running:
        running.publish(())
        yield running


@pytest.mark.skipif(not ROOT.is_dir() and not os.environ.get("CI"), reason=f"the W3C's tests are not at {ROOT}")
def test_the_whole_suite_is_read() -> None:
    assert len(SUITE.cases) == ALL


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_service_answers_as_the_test_of_the_w3c_says(case: Case, outcomes: Mapping[str, Outcome]) -> None:
    wrong = outcomes[case.iri].wrong
    if case.iri in KNOWN:
        assert wrong, "it passes now: strike it from known.csv"
        pytest.xfail(KNOWN[case.iri].reason)
    assert not wrong, wrong


@pytest.mark.parametrize("case", [case for case in CASES if case.iri in KNOWN], ids=lambda case: case.name)
def test_a_known_failure_is_the_engines(case: Case) -> None:
    assert run.alone(SUITE, [case])[case.iri].wrong


@pytest.mark.parametrize("failure", KNOWN.values(), ids=lambda failure: failure.test)
def test_a_known_failure_has_a_reason_and_says_whether_the_engine_knows(failure: known.Known) -> None:
    assert failure.reason
    assert failure.issue == "none known" or failure.issue.startswith("https://github.com/oxigraph/oxigraph/")


@pytest.mark.skipif(not CASES, reason="the W3C's tests are not there")
def test_every_known_failure_is_a_test_that_is_run() -> None:
    assert KNOWN.keys() <= {case.iri for case in CASES}


@pytest.mark.parametrize("case", UPDATES, ids=lambda case: case.name)
def test_the_updates_of_the_protocol_tests_are_refused(case: Case, server: Server) -> None:
    assert 400 <= exchange.sent(case.exchanges[0], server.send).status < 500


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("target", ["/graph?default", "/graph?graph=http%3A%2F%2Fexample.org%2F"])
def test_the_graph_store_is_not_written(method: str, target: str, server: Server) -> None:
    reply = server.send(method, target, [("Content-Type", "text/turtle")], b"<http://a/> <http://b/> <http://c/> .")
    assert 400 <= reply.status < 500


@pytest.mark.parametrize(
    ("wrong", "listed", "status"), [("", False, 0), ("no", True, 0), ("no", False, 1), ("", True, 1)]
)
def test_a_new_failure_and_one_that_is_gone_fail_the_run(
    wrong: str, listed: bool, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    case = Case("http://example.org/#one", "sparql11/bind", "QueryEvaluationTest")
    failures = {case.iri: known.Known(case.iri, "the engine", "none known")} if listed else {}
    assert surprises([case], {case.iri: Outcome(wrong)}, failures) == status
    assert bool(wrong or listed) == ("sparql11/bind/one" in capsys.readouterr().out)


def rows(*lines: str) -> Answer:
    """Solutions of ?a and ?b, a line of TSV each."""
    return read("\n".join(("?a\t?b", *lines, "")).encode(), "text/tab-separated-values")


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (rows("1\t2", "3\t4"), rows("3\t4", "1\t2")),
        (rows("_:x\t_:y", "_:y\t_:x"), rows("_:p\t_:q", "_:q\t_:p")),
        (rows("1.50\t"), rows("1.5\t")),
        (rows('"x"@EN\t'), rows('"x"@en\t')),
        (rows("1e3\t<<( _:x <urn:p> 1.0 )>>"), rows("1000e0\t<<( _:y <urn:p> 1.00 )>>")),
        (True, True),
        (read(b"[ <urn:p> [] ] .", "text/turtle"), read(b"_:a <urn:p> _:b .", "text/turtle")),
    ],
)
def test_answers_that_are_the_same(answer: Answer, expected: Answer) -> None:
    assert not difference(answer, expected)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (rows("1\t2"), rows("1\t2", "1\t2")),
        (rows("1\t2"), rows("2\t1")),
        (rows("1\t"), rows("\t1")),
        (rows("_:x\t_:x"), rows("_:p\t_:q")),
        (rows("_:x\t1", "_:x\t2"), rows("_:p\t1", "_:q\t2")),
        (rows("1\t"), rows("1.0\t")),
        (rows('"1"^^<http://www.w3.org/2001/XMLSchema#int>\t'), rows("1\t")),
        (rows('"x"@en\t'), rows('"x"@en--ltr\t')),
        (rows("1.5\t"), rows("1.51\t")),
        (rows(), read(b"?a\n", "text/tab-separated-values")),
        (rows(), False),
        (True, False),
        (read(b"[ <urn:p> [] ] .", "text/turtle"), read(b"_:a <urn:p> _:a .", "text/turtle")),
    ],
)
def test_answers_that_are_not_the_same(answer: Answer, expected: Answer) -> None:
    assert difference(answer, expected)


@pytest.mark.parametrize("position", ["first", "last"])
def test_the_order_of_rows_counts_where_it_is_expected(position: str) -> None:
    index = {"first": 1, "last": 3}[position]
    document = f"""
        PREFIX rs: <http://www.w3.org/2001/sw/DataAccess/tests/result-set#>
        [] a rs:ResultSet ; rs:resultVariable "a", "b" ;
            rs:solution [ rs:index {index} ; rs:binding [ rs:variable "a" ; rs:value 7 ] ] ;
            rs:solution [ rs:index 2 ; rs:binding [ rs:variable "a" ; rs:value 8 ] ] ."""
    expected = read(document.encode(), "text/turtle")
    assert bool(difference(rows("7\t", "8\t"), expected)) == (position == "last")
