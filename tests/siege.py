"""A server under siege: starts it, throws the attack set at it, asks it politely meanwhile, looks at its processes."""

import http.client
import json
import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from bombs import bombs
from ports import free_port
from senders import WAYS, Outcome, Target, complaints, throw

TICKS = os.sysconf("SC_CLK_TCK")  # of CPU time in a second
VISITORS = Path(__file__).with_name("visitors.py")
WORKER = re.compile(rb"^solld\..*\bworker$|/worker\.py$")  # what a process that runs queries is started with
READY = 30  # seconds that a server has to start


@dataclass(frozen=True)
class Tree:
    """The processes of a server, at one moment."""

    serving: int  # processes that serve: web, dispatcher and whoever started them
    workers: int  # processes that run queries
    zombies: int
    serving_bytes: int  # of memory; a page that several share is counted once
    worker_bytes: int
    files: int  # open in the serving processes

    def __str__(self) -> str:
        return (
            f"{self.serving} serving with {self.serving_bytes / 2**20:.0f} MiB and {self.files} files, "
            f"{self.workers} workers with {self.worker_bytes / 2**20:.0f} MiB, {self.zombies} zombies"
        )


def tree(root: int) -> Tree:
    """Read from /proc. A process that ends meanwhile is left out."""
    number: Counter[bool] = Counter()  # whether it is a worker -> processes
    size: Counter[bool] = Counter()
    zombies = files = 0
    for process in _descendants(root):
        folder = Path("/proc") / str(process)
        with suppress(OSError):  # it has ended
            if _stat(folder)[0] == "Z":
                zombies += 1
                continue
            works = is_worker(process)
            shares = (folder / "smaps_rollup").read_text().splitlines()
            opened = len(os.listdir(folder / "fd"))
            number[works] += 1
            size[works] += sum(int(line.split()[1]) * 1024 for line in shares if line.startswith("Pss:"))
            files += 0 if works else opened
    return Tree(number[False], number[True], zombies, size[False], size[True], files)


def is_worker(process: int) -> bool:
    arguments = (Path("/proc") / str(process) / "cmdline").read_bytes().split(b"\0")
    return any(WORKER.search(each) for each in arguments)


def workers(root: int) -> set[int]:
    """The processes that run queries."""
    found = set()
    for process in _descendants(root):
        with suppress(OSError):
            if is_worker(process):
                found.add(process)
    return found


def _stat(folder: Path) -> tuple[str, int]:
    fields = (folder / "stat").read_text().rpartition(")")[2].split()
    return fields[0], int(fields[11]) + int(fields[12])


def _descendants(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with suppress(OSError):
                parent = int((Path("/proc") / entry / "stat").read_text().rpartition(")")[2].split()[1])
                parents.setdefault(parent, []).append(int(entry))
    found = [root]
    for process in found:
        found += parents.get(process, [])
    return found


def busy(root: int, seconds: float = 1.0) -> float:
    """Cores that the processes of a server use."""
    before = {process: _cpu(process) for process in _descendants(root)}
    time.sleep(seconds)
    spent = sum(max(0, _cpu(process) - before.get(process, 0)) for process in _descendants(root))
    return spent / TICKS / seconds


def _cpu(process: int) -> int:
    with suppress(OSError):
        return _stat(Path("/proc") / str(process))[1]
    return 0


def eventually(claim: Callable[[], bool], seconds: float) -> bool:
    """Whether a claim comes true within so many seconds."""
    until = time.monotonic() + seconds
    while not (held := claim()) and time.monotonic() < until:
        time.sleep(0.1)
    return held


@dataclass(frozen=True)
class Server:
    """A running `solld serve`."""

    process: "subprocess.Popen[bytes]"
    port: int
    seconds: float  # the limit of a query
    folder: Path
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def health(self) -> Mapping[str, object]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/health")
            return dict(json.loads(connection.getresponse().read()))
        finally:
            connection.close()


def with_limits(folder: Path, seconds: float, memory: int) -> None:
    """Writes the limits of a site, and a cache so small that it is full at once."""
    path = folder / "site.toml"
    kept = path.read_text(encoding="utf-8").partition("\n[sparql]")[0]
    limits = f"\n[sparql]\nseconds = {seconds}\nstall = {seconds}\nmemory = {memory}\n\n[cache]\nbytes = {2**20}\n"
    path.write_text(kept + limits, encoding="utf-8")


@contextmanager
def serving(folder: Path, seconds: float, memory: int, log: Path) -> Iterator[Server]:
    """Serves the published site of a folder, on a free port, to this machine only."""
    with_limits(folder, seconds, memory)
    port = free_port()
    command = [sys.executable, "-m", "solld", "serve", "--site", str(folder), "--port", str(port), "--workers", "2"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    server = Server(process, port, seconds, folder, log)
    try:
        if not eventually(lambda: _answers(server), READY):
            raise RuntimeError(f"the server did not start: {log.read_text(errors='replace')[-2000:]}")
        yield server
    finally:
        _end(process)


def _answers(server: Server) -> bool:
    with suppress(OSError, http.client.HTTPException, ValueError):
        return server.health().get("status") == "ok" or "release" in server.health()
    return False


def _end(process: "subprocess.Popen[bytes]") -> None:
    processes = _descendants(process.pid)
    process.terminate()
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for left in processes:  # with the server gone nobody else ends them
        with suppress(ProcessLookupError):
            os.kill(left, signal.SIGKILL)


def copied(folder: Path, to: Path) -> Path:
    """A site with its releases, for a server with other limits."""
    shutil.copytree(folder, to, symlinks=True)
    return to


@dataclass(frozen=True)
class Asked:
    """One question of a visitor."""

    began: float
    seconds: float
    wrong: str


class Visitors:
    """The well-behaved clients, while they are there."""

    def __init__(self, port: int, identifiers: Path, sources: Sequence[str]):
        command = [sys.executable, str(VISITORS), str(port), str(identifiers), *sources]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.asked: list[Asked] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.asked.append(Asked(*json.loads(line)))

    def leave(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(40)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def p95(self, *spans: tuple[float, float]) -> float:
        """Seconds, of what was asked in these spans of time."""
        times = sorted(a.seconds for a in self.asked if any(begin <= a.began < end for begin, end in spans))
        return times[int(len(times) * 0.95)]

    def wrongs(self) -> list[str]:
        return [a.wrong for a in self.asked if a.wrong]


@contextmanager
def trap() -> Iterator[tuple[str, list[str]]]:
    """(an address, who connected to it): a listener that nothing may ever connect to."""
    caught: list[str] = []
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening:
        listening.settimeout(0.2)
        stopped = threading.Event()

        def listen() -> None:
            while not stopped.is_set():
                with suppress(TimeoutError):
                    connected, _ = listening.accept()
                    with connected:
                        connected.settimeout(1)
                        with suppress(OSError):
                            caught.append(connected.recv(200).decode("latin-1").partition("\r")[0])

        listener = threading.Thread(target=listen)
        listener.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}/", caught
        finally:
            stopped.set()
            listener.join()


Throw = tuple[str, Callable[[Target], Outcome], Callable[[Outcome], str]]  # name, how, what is wrong with the answer


def large(throws: Iterable[Throw]) -> list[Throw]:
    """Those that have a megabyte or more: after them an allocator has grown to what it will keep."""
    return [each for each in throws if re.search("900 kB|100,000|megabytes", each[0])]


def attack(seconds: float) -> list[Throw]:
    """The whole set: the queries, and the ways of sending spread among them; `seconds` is the limit of a query."""
    queries: list[Throw] = [
        (b.name, partial(throw, b), partial(complaints, b.name, may=b.may, limit=b.limit, seconds=seconds))
        for b in bombs()
    ]
    ways: list[Throw] = [
        (w.name, w.send, partial(complaints, w.name, may=w.may, limit="", seconds=seconds, bare=w.bare)) for w in WAYS
    ]
    step = len(queries) // len(ways)
    for place, way in enumerate(ways):
        queries.insert(place * (step + 1), way)
    return queries


def storm(throws: Iterable[Throw], to: Target, at_once: int, seconds: float = 300) -> list[tuple[str, Outcome, str]]:
    """Throws all of them, so many at once, while there is time: name, answer, complaint."""
    until = time.monotonic() + seconds
    waiting: queue.SimpleQueue[Throw] = queue.SimpleQueue()
    for each in throws:
        waiting.put(each)
    thrown: list[tuple[str, Outcome, str]] = []

    def work() -> None:
        with suppress(queue.Empty):
            while True:
                name, send, judge = waiting.get_nowait()
                if time.monotonic() > until:
                    thrown.append((name, Outcome(0, 0), f"{name}: not thrown, the time was over"))
                    continue
                try:
                    outcome = send(to)
                except OSError as error:
                    thrown.append((name, Outcome(0, 0), f"{name}: {type(error).__name__} {error}"))
                else:
                    thrown.append((name, outcome, judge(outcome)))

    threads = [threading.Thread(target=work) for _ in range(at_once)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return thrown
