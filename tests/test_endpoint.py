"""The endpoint as strangers meet it: a real server with its processes, asked over sockets."""

import gzip
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPResponse, IncompleteRead
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import TINY
from serving import Server, cpu_seconds, memory_bytes, serving
from solld import build, release, site

pytestmark = pytest.mark.alone

COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"  # takes a while
ENDLESS = "SELECT (COUNT(*) AS ?n) WHERE { " + " ".join(f"?a{i} ?b{i} ?c{i} ." for i in range(6)) + " }"
ROWS = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"  # more than anybody reads
LIMITS = "\n[sparql]\nseconds = 6\nmemory = 256\nstall = 2\nper_client = 3\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with its first release."""
    folder = tmp_path_factory.mktemp("endpoint") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    with (folder / "site.toml").open("a", encoding="utf-8") as settings:
        settings.write(LIMITS)
    publish(folder)
    return folder


def publish(folder: Path) -> int:
    settings = site.load(folder)
    outcome = build.build(settings)
    assert outcome.release
    release.publish(settings, outcome.release.number)
    return outcome.release.number


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Server]:
    with serving(folder, "--workers", "2") as running:
        yield running


def workers(server: Server) -> list[int]:
    """The processes that run queries."""
    found = []
    for pid in server.processes():
        try:
            text = Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            continue
        if b"solld.endpoint.worker" in text:
            found.append(pid)
    return found


def others(server: Server) -> list[int]:
    return [pid for pid in server.processes() if pid not in workers(server)]


def used(server: Server) -> float:
    """Seconds that the processes which run now have used to run queries."""
    return sum(map(cpu_seconds, workers(server)))


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    """Waits until something is true, and fails if it does not become so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def problem(answer: HTTPResponse) -> dict[str, object]:
    assert answer.headers["Content-Type"] == "application/problem+json"
    found: dict[str, object] = json.loads(answer.read())
    return found


def test_the_first_bytes_leave_before_the_query_ends_and_what_breaks_off_is_seen_to(server: Server) -> None:
    started = time.monotonic()
    answer = server.ask(ROWS, Accept="text/csv")
    assert answer.status == 200
    assert answer.read(100)
    assert time.monotonic() - started < 5
    with pytest.raises(IncompleteRead):
        answer.read()


def test_memory_stays_flat_over_a_long_answer(server: Server) -> None:
    before = {pid: memory_bytes(pid) for pid in others(server)}
    answer = server.ask(ROWS, Accept="text/tab-separated-values")
    taken = 0
    grown = 0
    while taken < 30_000_000:
        data = answer.read(1_000_000)
        taken += len(data)
        grown = max(grown, *(memory_bytes(pid) - before.get(pid, 0) for pid in others(server)))
    answer.close()
    assert grown < 40_000_000


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_query_over_its_time_is_told_the_limit_in_time(server: Server, method: str) -> None:
    started = time.monotonic()
    answer = server.ask(f"{ENDLESS} # {method}", method)
    told = problem(answer)
    assert answer.status == 503
    assert told["limit"] == {"name": "sparql.seconds", "value": 6, "unit": "seconds"}
    assert answer.headers["Retry-After"]
    assert time.monotonic() - started < 7


def test_a_query_over_its_memory_is_told_so(server: Server) -> None:
    answer = server.ask("SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l ?a")
    told = problem(answer)
    assert answer.status == 503
    assert told["limit"] in (
        {"name": "sparql.memory", "value": 256, "unit": "MiB"},
        {"name": "sparql.seconds", "value": 6, "unit": "seconds"},
    )


def test_a_client_that_goes_away_takes_its_query_along(server: Server) -> None:
    connection = server.connection()
    connection.request("GET", f"/sparql?query={quote(ENDLESS)}%23gone")
    before = used(server)
    until(lambda: used(server) > before + 0.1)
    connection.close()

    def idle() -> bool:
        before = used(server)
        time.sleep(0.2)
        return used(server) - before < 0.1

    until(idle, 1.5)


def test_a_client_that_reads_nothing_does_not_hold_a_process_for_ever(server: Server) -> None:
    answer = server.ask(ROWS + " # slow", Accept="text/csv")
    answer.read(10)
    busy = workers(server)
    until(lambda: any(pid not in workers(server) for pid in busy), 8)
    answer.close()


def test_identical_queries_run_once(server: Server) -> None:
    def ask(text: str, answers: list[bytes]) -> None:
        answers.append(server.ask(text).read())

    single: list[bytes] = []
    before = used(server)
    ask(f"{COUNT} # single", single)
    alone = used(server) - before
    before = used(server)
    answers: list[bytes] = []
    threads = [threading.Thread(target=ask, args=(f"{COUNT} # eight", answers)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == single * 8
    assert used(server) - before < 3 * alone + 0.2


def test_what_one_web_process_has_answered_all_have(server: Server) -> None:
    query = f"{COUNT} # kept"
    first = server.ask(query).read()
    before = used(server)
    assert {server.ask(query).read() for _ in range(20)} == {first}
    assert used(server) - before < 0.05


def test_an_answer_that_may_differ_is_never_kept(server: Server) -> None:
    query = "SELECT (STRUUID() AS ?u) (NOW() AS ?n) WHERE {}"
    answers = [server.ask(query) for _ in range(3)]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}
    assert len({answer.read() for answer in answers}) == 3


def test_the_compressed_answer_is_the_same_answer(server: Server) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } ORDER BY ?s ?p ?o"
    plain, packed = server.ask(query), server.ask(query, Accept_Encoding="gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert plain.headers["ETag"] == packed.headers["ETag"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    body = packed.read()
    assert gzip.decompress(body) == plain.read()
    assert server.ask(query, Accept_Encoding="gzip;q=0").headers["Content-Encoding"] is None


def test_a_long_answer_is_compressed_as_it_comes(server: Server) -> None:
    query = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f }"
    packed, plain = server.ask(query, Accept="text/csv", Accept_Encoding="gzip"), server.ask(query, Accept="text/csv")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert sorted(gzip.decompress(packed.read()).splitlines()) == sorted(plain.read().splitlines())


def test_a_validator_is_enough_for_304(server: Server) -> None:
    query = f"{COUNT} # validated"
    tag = server.ask(query).headers["ETag"]
    before = used(server)
    answer = server.ask(query, If_None_Match=tag)
    assert (answer.status, answer.read(), answer.headers["ETag"]) == (304, b"", tag)
    assert used(server) - before < 0.05
    assert server.ask(query, If_None_Match='"another"').status == 200
    assert server.ask(query, Accept="text/csv", If_None_Match=tag).status == 200


def test_head_has_the_headers_of_get(server: Server) -> None:
    query = "SELECT * WHERE { ?s ?p ?o } LIMIT 3"
    get, head = server.ask(query), server.ask(query, "HEAD")
    assert head.read() == b""
    assert {**head.headers, "date": ""} == {**get.headers, "date": ""}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/sparql", "/graph?default"])
def test_what_would_write_is_not_allowed(server: Server, method: str, path: str) -> None:
    answer = server.ask("", method, path=path)
    assert answer.status == 405
    assert "GET" in answer.headers["Allow"]


def test_a_preflight_is_answered(server: Server) -> None:
    answer = server.ask("", "OPTIONS", Origin="https://example.org", Access_Control_Request_Method="POST")
    assert answer.status == 204
    assert "POST" in answer.headers["Access-Control-Allow-Methods"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/graph?default", 200),
        ("/graph?graph=https%3A%2F%2Flights.example%2Fdataset%2Flights", 200),
        ("/graph?graph=https%3A%2F%2Flights.example%2Fnone", 404),
        ("/graph", 400),
        ("/graph?default&graph=https%3A%2F%2Flights.example%2Fdataset%2Flights", 400),
        ("/graph?graph=no+iri", 400),
    ],
)
def test_graphs_are_read_by_the_graph_store_protocol(server: Server, path: str, status: int) -> None:
    assert server.ask("", path=path).status == status
    assert server.ask("", "HEAD", path=path).status == status


def test_a_dispatcher_that_ends_is_started_again(server: Server) -> None:
    for pid in server.processes():
        if b"endpoint.dispatcher" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    until(lambda: server.ask("ASK {} # again").status == 200, 15)


def test_nothing_is_left_of_many_accidents(server: Server) -> None:
    def files() -> int:
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in others(server))

    crash = "SELECT * WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l } ORDER BY ?l"
    server.ask("ASK {} # warm").read()
    before = files()
    for n in range(6):
        connection = server.connection()
        connection.request("GET", f"/sparql?query={quote(crash)}%23{n}")
        time.sleep(0.1)
        for pid in workers(server):
            os.kill(pid, signal.SIGSEGV)
        assert connection.getresponse().status == 503
        connection.close()
    assert server.ask("ASK {} # alive").status == 200
    until(lambda: files() <= before + 4)
    until(lambda: len(workers(server)) <= 4)


def test_a_new_release_is_answered_from_at_once_and_under_another_tag(folder: Path, server: Server) -> None:
    query = "SELECT ?h WHERE { ?l <https://lights.example/ns#height> ?h } ORDER BY ?h"
    before = server.ask(query)
    assert b"99.5" not in before.read()
    path = folder / "data" / "lights" / "lights.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace("54.85", "99.5"), encoding="utf-8")
    number = publish(folder)
    until(lambda: json.loads(server.ask("", path="/health").read())["release"] == number)

    def everywhere() -> bool:  # each process looks for itself, so one may answer from the release before for a moment
        asked = [server.ask(query, If_None_Match=before.headers["ETag"]) for _ in range(20)]
        return all(answer.status == 200 and b"99.5" in answer.read() for answer in asked)

    until(everywhere, 3)
