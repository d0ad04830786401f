"""Starts the clients (client.py) and reads what they saw."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import quote

from programs import Failed

SCRIPT = Path(__file__).resolve().parent / "client.py"
BOMBER = "127.0.0.2"
SLACK = 30  # seconds, beyond those that a task may take, after which its process is ended


@dataclass(frozen=True)
class Ask:
    """A request that may be made again and again."""

    name: str
    accept: str
    path: str


@dataclass(frozen=True)
class Seen:
    """What the clients saw of the asks of one name."""

    times: tuple[float, ...]  # seconds, of whole answers with status 200
    ended: Mapping[str, int]  # status, timeout, broken or unreachable -> how many
    bytes: int

    @property
    def wrong(self) -> str:
        """What went otherwise than well, in words; empty where nothing did."""
        return ", ".join(f"{number} x {how}" for how, number in sorted(self.ended.items()) if how != "200")

    def percentile(self, percent: int) -> float | None:
        if len(self.times) < 2:
            return self.times[0] if self.times else None
        return quantiles(self.times, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True)
class Observed:
    """All that the clients saw, in how many seconds, and their own share of a core."""

    elapsed: float
    cpu: float
    asks: Mapping[str, Seen]

    @property
    def per_second(self) -> float:
        return sum(len(seen.times) for seen in self.asks.values()) / self.elapsed

    @property
    def all(self) -> Seen:
        ended: dict[str, int] = {}
        for seen in self.asks.values():
            for how, number in seen.ended.items():
                ended[how] = ended.get(how, 0) + number
        times = tuple(time for seen in self.asks.values() for time in seen.times)
        return Seen(times, ended, sum(seen.bytes for seen in self.asks.values()))


@dataclass(frozen=True)
class Task:
    """How a server is asked; each client has an address of its own unless `sources` says otherwise."""

    asks: Sequence[Ask]
    clients: int
    seconds: float  # in which requests are sent; the last answers are waited for
    patience: float  # seconds that one answer is waited for
    whole: bool = False  # ends with a whole round of the asks, so that servers are compared over the same ones
    most: float = 30  # seconds that a round may take longer
    unique: bool = True  # each text made its own by a comment, so that no cache can know it
    first: int = 0  # the number of the first comment
    source: str = ""


def path_of(endpoint: str, text: str) -> str:
    """The address of a query at an endpoint, which may have parameters already."""
    return f"{endpoint}{'&' if '?' in endpoint else '?'}query={quote(text, safe='')}"


def begin(port: int, task: Task) -> "subprocess.Popen[str]":
    facts = {
        "port": port,
        "sources": [task.source or f"127.0.0.{10 + number}" for number in range(task.clients)],
        **asdict(task),
        "asks": [(ask.name, ask.accept, ask.path) for ask in task.asks],
    }
    command = (sys.executable, "-S", "-E", str(SCRIPT))
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdin
    json.dump(facts, process.stdin)
    process.stdin.close()
    process.stdin = None
    return process


def end(process: "subprocess.Popen[str]", task: Task) -> Observed:
    """Waits for the clients; Failed if they do not end in time."""
    try:
        said, _ = process.communicate(timeout=task.seconds + task.most + task.patience + SLACK)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise Failed("the clients did not end") from None
    if process.returncode:
        raise Failed(f"the clients ended with status {process.returncode}")
    facts: Mapping[str, Any] = json.loads(said)
    asks = {name: Seen(tuple(s["times"]), s["ended"], s["bytes"]) for name, s in facts["asks"].items()}
    return Observed(facts["elapsed"], facts["cpu"], asks)


def give_up(process: "subprocess.Popen[str]", task: Task) -> Observed:
    """Ends the clients; what they waited for is told as timeouts."""
    process.terminate()
    return end(process, task)


def ask(port: int, task: Task) -> Observed:
    return end(begin(port, task), task)


def asks_of(queries: Iterable[tuple[str, str, Sequence[str]]], endpoint: str) -> list[Ask]:
    """One ask for each text of queries (name, accept, texts), the texts of one query after the other."""
    return [Ask(name, accept, path_of(endpoint, text)) for name, accept, texts in queries for text in texts]
