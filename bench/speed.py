"""How fast each server answers each query, by one client or many, uncached and cached, as ratios to ours."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import geometric_mean

import crowd
import wrk
from crowd import Observed, Task
from endpoints import Running
from mix import RESULTS, Query
from programs import Failed, load

CORES = os.cpu_count() or 1
WARM = 4  # clients that warm each server with all texts of all queries
LOOKUPS = ("01-identifier", "05-three-hops", "16-members-of-members")


@dataclass(frozen=True)
class Scale:
    """How long things are measured."""

    seconds: float  # that each query is asked by each number of clients; a round of its texts is always ended
    cached: float  # the same with texts that were asked before
    levels: tuple[int, ...]  # numbers of clients
    texts: int  # of each query, with other parameters
    checked: int  # texts of each query whose answers are compared
    patience: float  # seconds that one answer is waited for
    most: float  # seconds more that a round of the texts may take
    crowd: float  # seconds that a query may be expected to take beside others, by what it takes alone
    bomb_patience: float  # seconds after which the bomber gives up and sends the next
    bomb: float  # seconds beside bombs; quiet for half as long


@dataclass
class Checked:
    """What is known of the answers, as (server, query)."""

    failed: set[tuple[str, str]] = field(default_factory=set)  # not measured
    different: set[tuple[str, str]] = field(default_factory=set)  # measured, marked, and not in the means

    def marked(self, server: str, query: str) -> bool:
        return (server, query) in self.failed | self.different


@dataclass(frozen=True)
class Figures:
    """Milliseconds and requests a second of one server for one query."""

    p50: float
    p95: float
    rate: float

    @classmethod
    def of(cls, observed: Observed) -> "Figures | None":
        seen = observed.all
        p50, p95 = seen.percentile(50), seen.percentile(95)
        return None if p50 is None or p95 is None else cls(p50 * 1000, p95 * 1000, observed.per_second)


Row = Mapping[str, Figures]  # server -> what it did


class Bench:
    """The servers that are measured, all of them up: one is asked while the others have nothing to do."""

    def __init__(self, servers: Sequence[Running], scale: Scale, checked: Checked):
        self.servers, self.scale, self.checked = servers, scale, checked
        self.names = [server.endpoint.name for server in servers]
        self.number = 0  # of the last comment: no text is ever sent twice
        self.alone: dict[tuple[str, str], float] = {}  # median seconds at one client
        self.busiest = (0.0, "")

    def table(self, queries: Sequence[Query], count: int, unique: bool) -> None:
        how = "each text once" if unique else "the same texts again: a cache may answer"
        print(f"\n{count} client{'s' * (count > 1)}, {how}: ms and requests a second{load()}")
        ratios = [f"/{server.endpoint.short}" for server in self.servers[1:]]
        print(
            f"{'':24}"
            + "".join(f"{name:>27}" for name in self.names)
            + "".join(f"{name:>10}" for name in ratios)
            + "\n"
            f"{'':24}" + f"{'p50':>10}{'p95':>9}{'/s':>8}" * len(self.names) + f"{'p50':>10}" * len(ratios),
            flush=True,
        )
        self.busiest = (0.0, "")
        rows = {query.name: self._row(query, count, unique) for query in queries}
        self._means(rows)
        print(f"  the clients used at most {self.busiest[0]:.2f} of a core ({self.busiest[1]})", flush=True)

    def _row(self, query: Query, count: int, unique: bool) -> Row:
        row: dict[str, Figures] = {}
        wrong = []
        for server in self.servers:
            key = (server.endpoint.name, query.name)
            if key in self.checked.failed or self.alone.get(key, 0) * count / CORES > self.scale.crowd:
                continue
            observed = self._ask(server, [query], count, self.scale.seconds if unique else self.scale.cached, unique)
            if observed.all.wrong:
                wrong.append(f"  {query.name}: {key[0]}: {observed.all.wrong}")
            if figures := Figures.of(observed):
                row[key[0]] = figures
                if unique and count == 1:
                    self.alone[key] = figures.p50 / 1000
            self.busiest = max(self.busiest, (observed.cpu, f"{query.name} of {key[0]}"))
        print("\n".join((self._line(query, row), *wrong)), flush=True)
        return row

    def _ask(self, server: Running, queries: Sequence[Query], count: int, seconds: float, unique: bool) -> Observed:
        endpoint = server.endpoint
        asks = crowd.asks_of([(q.name, q.accept, q.texts) for q in queries], endpoint.path)
        task = Task(asks, count, seconds, self.scale.patience, True, self.scale.most, unique, self.number)
        observed = crowd.ask(endpoint.port, task)
        self.number += sum(sum(seen.ended.values()) for seen in observed.asks.values())
        if "timeout" in observed.all.ended:
            recover(server)
        return observed

    def warm(self, queries: Sequence[Query]) -> None:
        for server in self.servers:
            fit = [q for q in queries if (server.endpoint.name, q.name) not in self.checked.failed]
            self._ask(server, fit, WARM, self.scale.seconds, True)

    def _line(self, query: Query, row: Row) -> str:
        cells = []
        for name in self.names:
            if name not in row:
                cells.append(f"{'-':>10}{'-':>9}{'-':>8}")
                continue
            figures, mark = row[name], "!" if self.checked.marked(name, query.name) else ""
            cells.append(f"{mark + digits(figures.p50):>10}{digits(figures.p95):>9}{digits(figures.rate):>8}")
        ours = row.get(self.names[0])
        for name in self.names[1:]:
            cells.append(f"{f'{ours.p50 / row[name].p50:.2f}' if ours and name in row else '-':>10}")
        return f"{query.name:24}{''.join(cells)}"

    def _means(self, rows: Mapping[str, Row]) -> None:
        ours = self.names[0]
        for name in self.names[1:]:
            pairs = {
                query: (row[ours], row[name])
                for query, row in rows.items()
                if ours in row and name in row and not self.checked.marked(name, query)
            }
            if not pairs:
                continue
            p50 = {query: mine.p50 / other.p50 for query, (mine, other) in pairs.items()}
            p95 = geometric_mean(mine.p95 / other.p95 for mine, other in pairs.values())
            rate = geometric_mean(mine.rate / other.rate for mine, other in pairs.values())
            worst = max(p50, key=lambda query: p50[query])
            print(
                f"  solld / {name}, geometric means of {len(pairs)}: p50 {geometric_mean(p50.values()):.2f}, "
                f"p95 {p95:.2f}, requests a second {rate:.2f}; furthest behind at {worst}: p50 {p50[worst]:.2f}",
                flush=True,
            )


def measure(servers: Sequence[Running], queries: Sequence[Query], scale: Scale, checked: Checked) -> None:
    """Prints a table for each number of clients: first uncached, then with what was asked before."""
    bench = Bench(servers, scale, checked)
    bench.warm(queries)
    print(
        f"\n! other answers than ours, not in the means; - no such answer, or one that so many clients would wait for "
        f"longer than {scale.crowd:g} s"
    )
    for unique in (True, False):
        for count in scale.levels:
            bench.table(queries, count, unique)


def cached_lookups(servers: Sequence[Running], queries: Sequence[Query], folder: Path) -> None:
    """Where the clients in Python could be what limits a rate: a few lookups asked again and again by wrk."""
    try:
        wrk.install(folder / "log")
    except Failed as error:
        print(error)
        return
    texts = [text for query in queries if query.name in LOOKUPS for text in query.texts]
    rates = []
    for server in servers:
        paths = folder / "paths"
        paths.write_text("".join(f"{crowd.path_of(server.endpoint.path, text)}\n" for text in texts), encoding="utf-8")
        origin = f"http://127.0.0.1:{server.endpoint.port}"
        try:
            wrk.ask(origin, paths, 0, RESULTS, 1, 16)
            rates.append(f"{server.endpoint.name} {wrk.ask(origin, paths, 0, RESULTS, 2, 16).per_second:,.0f}")
        except Failed as error:
            rates.append(f"{server.endpoint.name}: {error}")
    print(f"\n{len(texts)} lookups again and again, by wrk with 16 connections, requests a second: {'; '.join(rates)}")


def recover(server: Running) -> None:
    """A peer cannot end what it is at, so it is started again; ours has to get over it by itself."""
    if server.endpoint.name != "solld":
        server.restart()


def digits(number: float) -> str:
    """Three that matter."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.1f}" if number >= 10 else f"{number:.2f}"
