"""Answers strangers' queries in processes that can be killed.

pyoxigraph has no time limit and some queries end the process that runs them, so a query that runs too long is ended
with its process, and the next one gets a fresh one. Workers are exec'd, never forked: a fork with an open store hung.
"""

import json
import os
import selectors
import subprocess
import sys
import threading
import time
from collections import Counter, deque
from collections.abc import Generator, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from solld.errors import BadQuery, NotAcceptable, SolldError, StoreFailed, TooMany, TooSlow
from solld.stores.worker import FRAME

HELD_BACK = 2**20  # bytes of an answer gathered before its status is sent, so that most errors still get theirs
RETRY_AFTER = 10  # seconds, told to a client whose query hit a limit


@dataclass(frozen=True)
class Request:
    """A query and the formats that each kind of result would be written in; None where the client accepts none."""

    query: str
    solutions: str | None
    boolean: str | None
    graph: str | None
    base: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    accept: str = ""  # as the client said it, for the error
    offers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answered:
    """The kind of result and its bytes; `whole` tells that all of them are there already."""

    kind: str
    chunks: Iterator[bytes]
    whole: bool


class Worker:
    """One process. Not shared: whoever took it from the pool has it alone."""

    def __init__(self, folder: Path, memory: int):
        command = [sys.executable, "-m", "solld.stores.worker", str(folder), str(memory)]
        environment = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        assert self.process.stdout is not None
        os.set_blocking(self.process.stdout.fileno(), False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.process.stdout, selectors.EVENT_READ)
        self._held = bytearray()
        self.ready = False

    def send(self, request: Request) -> None:
        payload = json.dumps({k: v for k, v in vars(request).items() if k not in ("accept", "offers")}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(FRAME.pack(b"Q", len(payload)) + payload)
        self.process.stdin.flush()

    def frame(self, deadline: float) -> tuple[bytes, bytes]:
        """The next frame. TimeoutError after the deadline, EOFError when the process has ended."""
        while True:
            if len(self._held) >= FRAME.size:
                kind, length = FRAME.unpack_from(self._held)
                if len(self._held) >= FRAME.size + length:
                    payload = bytes(self._held[FRAME.size : FRAME.size + length])
                    del self._held[: FRAME.size + length]
                    return kind, payload
            left = deadline - time.monotonic()
            if left <= 0 or not self._selector.select(left):
                raise TimeoutError
            assert self.process.stdout is not None
            data = os.read(self.process.stdout.fileno(), 2**18)
            if not data:
                raise EOFError
            self._held += data

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._selector.close()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                with suppress(BrokenPipeError):  # what was still to be sent to a killed process
                    pipe.close()


class Pool:
    """Workers over one release, for the threads of one web process."""

    def __init__(self, folder: Path, size: int, seconds: float, memory: int, queue: int, per_client: int):
        self.folder, self.seconds, self.memory = folder, seconds, memory
        self.size, self.queue, self.per_client = size, queue, per_client
        self._condition = threading.Condition()
        self._idle: deque[Worker] = deque()
        self._running = 0
        self._waiting = 0
        self._clients: Counter[str] = Counter()
        self._closed = False

    def answer(self, request: Request, client: str) -> Answered:
        """The answer to a query; an error comes before the first byte or ends the bytes with an exception."""
        deadline = time.monotonic() + self.seconds
        worker = self._take(client, deadline)
        steps = self._steps(worker, request, client, time.monotonic() + self.seconds)
        kind = next(steps).decode()
        held: list[bytes] = []
        size = 0
        for chunk in steps:
            held.append(chunk)
            size += len(chunk)
            if size >= HELD_BACK:
                return Answered(kind, _chained(held, steps), whole=False)
        return Answered(kind, iter(held), whole=True)

    def _steps(self, worker: Worker, request: Request, client: str, deadline: float) -> Generator[bytes, None, None]:
        # First the kind of the result, then its bytes. Whatever ends this early ends the process with it.
        finished = False
        try:
            worker.send(request)
            while True:
                kind, payload = worker.frame(deadline)
                if kind == b"Z":
                    finished = True
                    return
                if kind == b"E":
                    finished = True
                    raise self._error(json.loads(payload), request)
                if kind in (b"K", b"D"):
                    yield payload
        except TimeoutError:
            raise TooSlow(f"{self.seconds:g} seconds", RETRY_AFTER) from None
        except (EOFError, BrokenPipeError):
            raise TooSlow(f"{self.memory} MiB of memory, or the depth of nesting", RETRY_AFTER) from None
        finally:
            self._give_back(worker, client, finished)

    def _error(self, facts: Mapping[str, object], request: Request) -> SolldError:
        message = str(facts["message"])
        match facts["status"]:
            case 400:
                return BadQuery(f"the query cannot be read: {message}")
            case 406:
                return NotAcceptable(request.accept, request.offers)
            case 503:
                return TooSlow(f"{self.memory} MiB of memory", RETRY_AFTER)
            case _:
                return StoreFailed(self.folder.name, message)

    def _take(self, client: str, deadline: float) -> Worker:
        with self._condition:
            if self._clients[client] >= self.per_client:
                raise TooMany(f"{self.per_client} queries of your address are running; wait for one to end")
            if self._waiting >= self.queue:
                raise TooMany(f"{self.queue} queries are waiting already; try again in {RETRY_AFTER} seconds")
            self._clients[client] += 1
            self._waiting += 1
            try:
                while self._running >= self.size and not self._closed:
                    if not self._condition.wait(deadline - time.monotonic()):
                        raise TooSlow(f"{self.seconds:g} seconds in the queue", RETRY_AFTER)
                self._running += 1
                worker = self._idle.popleft() if self._idle else None
            except BaseException:
                self._clients[client] -= 1
                raise
            finally:
                self._waiting -= 1
        try:
            return self._readied(worker)
        except BaseException:
            self._release(client)
            raise

    def _readied(self, worker: Worker | None) -> Worker:
        if worker is None or worker.process.poll() is not None:
            worker = Worker(self.folder, self.memory)
        if not worker.ready:
            try:
                kind, _ = worker.frame(time.monotonic() + 30)
            except (EOFError, TimeoutError) as error:
                worker.kill()
                raise StoreFailed(self.folder, "a query process did not start") from error
            worker.ready = kind == b"R"
        return worker

    def _give_back(self, worker: Worker, client: str, finished: bool) -> None:
        if not finished or self._closed:
            worker.kill()
            worker = Worker(self.folder, self.memory) if not self._closed else worker
        with self._condition:
            if not self._closed:
                self._idle.append(worker)
        self._release(client)

    def _release(self, client: str) -> None:
        with self._condition:
            self._running -= 1
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]
            self._condition.notify()

    def close(self) -> None:
        """Ends the idle workers; the running ones end with their queries."""
        with self._condition:
            self._closed = True
            idle, self._idle = self._idle, deque()
        for worker in idle:
            worker.kill()


def _chained(held: list[bytes], rest: Iterator[bytes]) -> Iterator[bytes]:
    yield from held
    yield from rest
