"""Nothing takes the server down: the attack set is thrown at a running `solld serve` while four good clients go on."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from generate import Site

import siege
from bombs import bombs, count
from senders import ENDLESS, Outcome, Target, posted
from siege import Server, Tree, Visitors, attack, busy, copied, eventually, large, serving, storm, trap, tree

pytestmark = pytest.mark.alone

TRIPLES = 50_000
SECONDS, MEMORY = 1, 256  # the limits of a query
QUIET = 3.0  # seconds of quiet before and after, against which the good clients are measured
# Three times the quiet 95th percentile is what the good clients may wait. But quiet is a few milliseconds, which is one
# turn of the scheduler: below this nobody notices. Where others have work for every core already, a turn takes longer.
UNNOTICED = 0.050  # seconds
MOST = 4.0  # times as long, however much the others do
IDLE = 0.05  # cores
SLACK = 64 * 2**20  # bytes that the allocators of all processes may keep, beside what they kept before
KEPT = 64  # connections between web processes and dispatcher that may be kept for the next queries


@pytest.fixture(scope="module")
def lighthouses(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published site that is large enough for products of it to have no end."""
    folder = tmp_path_factory.mktemp("bombs") / "site"
    site = Site.of(folder, TRIPLES, 2)
    site.write()
    subprocess.run([sys.executable, "-m", "solld", "publish", "--site", str(folder)], check=True, capture_output=True)
    found = "\n".join(f"https://lights.example/id/{identifier}" for identifier in site.identifiers())
    (folder / "identifiers").write_text(found, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def crowded() -> float:
    """How many times as long a turn of the scheduler takes for what others do on this machine, before we begin."""
    return min(MOST, max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1)))


@pytest.fixture(scope="module")
def server(crowded: float, lighthouses: Path) -> Iterator[Server]:  # crowded is read before we make a crowd ourselves
    with serving(lighthouses, SECONDS, MEMORY, lighthouses / "server.log") as server:
        yield server


@dataclass(frozen=True)
class Siege:
    """What happened."""

    thrown: list[tuple[str, Outcome, str]]
    seconds: float
    quiet: float  # seconds: the 95th percentile of the good clients
    meanwhile: float
    wrongs: list[str]  # answers that a good client could not use
    caught: list[str]  # connections that the service opened
    before: Tree
    after: Tree


@dataclass(frozen=True)
class Plan:
    """Where the good clients come from; the bombs come from 127.0.0.1."""

    source: str
    every: int  # bomb is thrown
    at_once: int  # of the four queries that one address may run


@pytest.fixture(
    scope="module",
    params=[Plan("127.0.0.2", every=1, at_once=4), Plan("127.0.0.1", every=6, at_once=2)],
    ids=["clients of another address", "clients of the same address"],
)
def besieged(request: pytest.FixtureRequest, server: Server, lighthouses: Path) -> Siege:
    """The act: quiet, the attack, quiet."""
    plan: Plan = request.param
    visitors = Visitors(server.port, lighthouses / "identifiers", [plan.source] * 4)
    try:
        if plan.every == 1:
            storm(large(attack(SECONDS)), Target(server.port, "127.0.0.1", "", SECONDS), plan.at_once)
        eventually(lambda: busy(server.pid, 0.5) < 1, 5)
        began = time.monotonic()
        time.sleep(QUIET)
        before = tree(server.pid)
        with trap() as (address, caught):
            attacked = time.monotonic()
            target = Target(server.port, "127.0.0.1", address, SECONDS)
            thrown = storm(attack(SECONDS)[:: plan.every], target, plan.at_once)
            ended = time.monotonic()
            eventually(lambda: busy(server.pid, 0.5) < 1, 5)  # the clients that left have left their queries
            calm = time.monotonic()
            time.sleep(QUIET)
            done = time.monotonic()
    finally:
        visitors.leave()
    eventually(lambda: busy(server.pid, 0.5) < IDLE, 10)
    return Siege(
        thrown=thrown,
        seconds=ended - attacked,
        quiet=visitors.p95((began, attacked), (calm, done)),
        meanwhile=visitors.p95((attacked, ended)),
        wrongs=visitors.wrongs(),
        caught=caught,
        before=before,
        after=tree(server.pid),
    )


def test_the_attack_set_is_as_large_as_it_says() -> None:
    names = [bomb.name for bomb in bombs()]
    assert len(names) == len(set(names)) > 300


@pytest.mark.timeout(400)
def test_every_bomb_gets_a_clear_answer_within_the_limit_and_a_second(besieged: Siege) -> None:
    print(f"{len(besieged.thrown)} bombs in {besieged.seconds:.0f} s")
    assert [complaint for _, _, complaint in besieged.thrown if complaint] == []


def test_the_good_clients_never_get_an_error(besieged: Siege) -> None:
    assert besieged.wrongs == []


def test_the_good_clients_wait_less_than_three_times_as_long_as_in_quiet(besieged: Siege, crowded: float) -> None:
    print(f"95 of 100 within {besieged.quiet * 1000:.1f} ms in quiet, {besieged.meanwhile * 1000:.1f} ms meanwhile")
    assert besieged.meanwhile < max(3 * besieged.quiet, UNNOTICED * crowded)


def test_nothing_is_fetched(besieged: Siege) -> None:
    assert besieged.caught == []


def test_no_processor_is_used_afterwards(besieged: Siege, server: Server) -> None:
    assert eventually(lambda: busy(server.pid) < IDLE, 10), f"{busy(server.pid):.2f} cores"


def test_no_process_and_no_file_is_left_over(besieged: Siege) -> None:
    assert besieged.after.zombies == 0
    assert besieged.after.serving == besieged.before.serving
    assert besieged.after.workers <= besieged.before.workers
    assert besieged.after.files <= besieged.before.files + KEPT, f"{besieged.before} -> {besieged.after}"


def test_the_memory_is_given_back(besieged: Siege) -> None:
    assert besieged.after.serving_bytes < besieged.before.serving_bytes + SLACK, (
        f"{besieged.before} -> {besieged.after}"
    )
    assert besieged.after.worker_bytes < besieged.before.worker_bytes + SLACK, f"{besieged.before} -> {besieged.after}"


def test_the_server_still_answers(besieged: Siege, server: Server) -> None:
    assert server.process.poll() is None
    assert server.health()["status"] == "ok"


def test_a_client_that_never_reads_does_not_hold_a_worker(server: Server) -> None:
    with Target(server.port, "127.0.0.1", "", SECONDS).connect(5, receive_bytes=4096) as connected:
        before = siege.workers(server.pid)
        connected.sendall(posted(f"{ENDLESS}#never read"))
        assert eventually(lambda: bool(before - siege.workers(server.pid)), SECONDS + 2), "its process still runs"


@pytest.fixture
def patient(lighthouses: Path, tmp_path: Path) -> Iterator[Server]:
    """A server that lets a query run for a minute."""
    with serving(copied(lighthouses, tmp_path / "site"), 60, 1024, tmp_path / "server.log") as server:
        yield server


def test_a_client_that_leaves_stops_its_query(patient: Server) -> None:
    assert eventually(lambda: busy(patient.pid, 0.3) < IDLE, 15), "what is made ready at the start goes on"
    with Target(patient.port, "127.0.0.1", "", 60).connect(5) as connected:
        connected.sendall(posted(count("?a ?p ?b . ?c ?q ?d FILTER(STR(?b) < STR(?d))")))
        assert eventually(lambda: busy(patient.pid, 0.3) > 0.5, 5), "the query does not run"
    assert eventually(lambda: busy(patient.pid, 0.3) < IDLE, 1.5), "the query runs on"
