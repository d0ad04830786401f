"""What a stranger's bomb does to everybody else: the mix by four clients, alone and while a cross join is counted."""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import geometric_mean

import crowd
from crowd import BOMBER, Ask, Observed, Task
from directory import SEED
from endpoints import Endpoint, Running, running
from mix import RESULTS, Query
from programs import Failed, load
from speed import Scale, digits

CLIENTS = 4
TEXTS = 2  # of each query
BOMB = "SELECT (COUNT(*) AS ?number) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HEADSTART = 1  # seconds that the bomb burns before anybody else asks
AFTER = 2  # seconds in which the server's use of the processor is read, after the bomber has left


def measure(found: Sequence[Endpoint], queries: Sequence[Query], scale: Scale, folder: Path) -> None:
    """Prints a row for each server, which is ended afterwards whatever it is doing."""
    print(
        f"\nthe bomb beside: {len(queries)} queries by {CLIENTS} clients, then the same while {BOMBER} sends a "
        f"cross join, waits {scale.bomb_patience:g} s and sends it again{load()}\n"
        f"{'':18}{'quiet p50':>10}{'p95':>9}{'/s':>8}{'beside p50':>12}{'p95':>9}{'/s':>8}"
        f"{'p50 of each':>14}{'its p95':>9}{'cores after':>13}  what the bomber got; what went wrong",
        flush=True,
    )
    for endpoint in found:
        try:
            with running(endpoint, folder / f"{endpoint.short}.log") as server:
                print(_row(server, queries, scale), flush=True)
        except Failed as error:
            print(f"{endpoint.name:18}{error}", flush=True)


def _row(server: Running, queries: Sequence[Query], scale: Scale) -> str:
    endpoint = server.endpoint
    asks = _shuffled(queries, endpoint.path)
    crowd.ask(endpoint.port, Task(asks, CLIENTS, scale.bomb / 4, scale.patience, most=scale.bomb))
    calm = Task(asks, CLIENTS, scale.bomb / 2, scale.patience, first=10_000_000, whole=True, most=scale.bomb)
    quiet = crowd.ask(endpoint.port, calm)
    bombs = Task(
        [Ask("bomb", RESULTS, crowd.path_of(endpoint.path, BOMB))],
        *(1, scale.bomb + HEADSTART, scale.bomb_patience),
        source=BOMBER,
    )
    bomber = crowd.begin(endpoint.port, bombs)
    time.sleep(HEADSTART)
    beside = crowd.ask(endpoint.port, Task(asks, CLIENTS, scale.bomb, scale.patience, first=20_000_000))
    got = crowd.give_up(bomber, bombs).all
    time.sleep(1)
    before = server.cpu_seconds()
    time.sleep(AFTER)
    cores = (server.cpu_seconds() - before) / AFTER
    bomber_got = ", ".join(f"{number} x {how}" for how, number in sorted(got.ended.items()))
    return (
        f"{endpoint.name:18}{_cells(quiet, 10)}{_cells(beside, 12)}{_each(quiet, beside)}{cores:>13.1f}"
        f"  {bomber_got}" + (f"; {beside.all.wrong}" if beside.all.wrong else "")
    )


def _shuffled(queries: Sequence[Query], endpoint: str) -> list[Ask]:
    """In an order that is the same in every run."""
    texts = ((query.name, query.accept, query.texts[:TEXTS]) for query in queries)
    asks = crowd.asks_of(texts, endpoint)
    random.Random(SEED).shuffle(asks)
    return asks


def _cells(observed: Observed, width: int) -> str:
    p50, p95 = observed.all.percentile(50), observed.all.percentile(95)
    if p50 is None or p95 is None:
        return f"{'no answer':>{width}}{'-':>9}{'-':>8}"
    return f"{digits(p50 * 1000):>{width}}{digits(p95 * 1000):>9}{digits(observed.per_second):>8}"


def _each(quiet: Observed, beside: Observed) -> str:
    """How often longer each query took than when it was quiet: geometric means over the queries."""
    cells = []
    for percent, width in ((50, 14), (95, 9)):
        ratios = []
        for name, seen in quiet.asks.items():
            before = seen.percentile(percent)
            after = beside.asks[name].percentile(percent) if name in beside.asks else None
            if before and after:
                ratios.append(after / before)
        shown = f"{geometric_mean(ratios):.2f} x" if ratios else "-"
        cells.append(f"{shown:>{width}}")
    return "".join(cells)
