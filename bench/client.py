"""The clients of the SPARQL benchmark, in a process of their own: reads a task as JSON, writes what they saw as JSON.

Why not wrk: it cannot give each client an address of its own (servers that are fair between addresses would see a
single one), does not tell which query got which answer, forgets what is under way when its time is up (all of it, when
sixteen clients share two cores over a slow query), runs for whole seconds only, and adds samples that nobody measured
(its correction for coordinated omission). What this costs is told under every table, as the share of a core that the
clients used; where they could be what limits a rate, with answers from a cache, wrk is asked too.

Each client sends its next request when it has the whole of the last answer, on a connection that it keeps.
"""

import gc
import json
import select
import signal
import socket
import sys
import time
from collections.abc import Iterator
from typing import Any

BUFFER = 2**20
TICK = 0.1  # seconds between two looks at who waits too long
LAST_CHUNK = b"0\r\n\r\n"


class Broken(Exception):
    """The connection ended before the answer did."""


class Client:
    """One connection, and what is known of the answer that it is reading."""

    def __init__(self, port: int, source: str):
        self.port, self.source = port, source
        self.socket: socket.socket | None = None
        self.name = ""
        self.started = 0.0
        self.reset()

    def reset(self) -> None:
        self.head = b""
        self.status = 0
        self.left = -1  # bytes; below zero: until the last chunk, or the end of the connection
        self.chunked = False
        self.tail = b""
        self.bytes = 0

    def send(self, name: str, request: bytes, poll: select.epoll) -> int:
        """Sends a request, on a new connection where there is none; returns its file number."""
        self.reset()
        self.name, self.started = name, time.perf_counter()
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), 5, (self.source, 0))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            poll.register(self.socket.fileno(), select.EPOLLIN)
        self.socket.sendall(request)
        self.socket.setblocking(False)
        return self.socket.fileno()

    def read(self, view: memoryview) -> bool:
        """Reads what is there; whether that was the end of the answer. Broken if the connection ended too soon."""
        assert self.socket is not None
        number = self.socket.recv_into(view)
        if not number:
            if self.status and self.left < 0 and not self.chunked:
                self.close()
                return True
            raise Broken
        part = view[:number]
        if not self.status:
            self.head += bytes(part)
            head, found, rest = self.head.partition(b"\r\n\r\n")
            if not found:
                return False
            self._understand(head.lower())
            part = memoryview(rest)
        return self._counted(part)

    def _understand(self, head: bytes) -> None:
        self.status = int(head[9:12])
        fields = dict(line.split(b":", 1) for line in head.split(b"\r\n")[1:])
        self.chunked = b"chunked" in fields.get(b"transfer-encoding", b"")
        if b"content-length" in fields:
            self.left = int(fields[b"content-length"])

    def _counted(self, part: memoryview) -> bool:
        self.bytes += len(part)
        if self.chunked:
            # A chunk's own data may hold these bytes, but hardly just where a read ends, while the server waits.
            self.tail = (self.tail + bytes(part[-len(LAST_CHUNK) :]))[-len(LAST_CHUNK) :]
            return self.tail == LAST_CHUNK
        return self.bytes == self.left

    def close(self) -> None:
        if self.socket:
            self.socket.close()
            self.socket = None


class Load:
    """A task that is being done: `asks` are (name, request), taken in turn by whichever client is free."""

    def __init__(self, task: dict[str, Any], asks: Iterator[tuple[str, bytes]]):
        self.asks = asks
        self.clients = [Client(task["port"], source) for source in task["sources"]]
        self.patience: float = task["patience"]
        self.seconds: float = task["seconds"]
        self.round = len(task["asks"]) if task["whole"] else 1
        self.most: float = task["most"]
        self.until = time.perf_counter() + self.seconds
        self.asked = 0
        self.poll = select.epoll()
        self.waiting: dict[int, Client] = {}
        self.seen: dict[str, dict[str, Any]] = {}

    def run(self) -> dict[str, Any]:
        view = memoryview(bytearray(BUFFER))
        cpu, started = time.process_time(), time.perf_counter()
        for client in self.clients:
            self._next(client)
        look = started + TICK
        while self.waiting:
            for number, _ in self.poll.poll(TICK):
                self._read(self.waiting[number], number, view)
            if (now := time.perf_counter()) > look:
                look = now + TICK
                for number, client in list(self.waiting.items()):
                    if now - client.started > self.patience:
                        self._ended(client, number, "timeout")
        elapsed = time.perf_counter() - started
        return {"elapsed": elapsed, "cpu": (time.process_time() - cpu) / elapsed, "asks": self.seen}

    def stop(self, *_: object) -> None:
        """What is under way is given up."""
        self.until, self.most, self.patience = 0.0, 0.0, 0.0

    def _read(self, client: Client, number: int, view: memoryview) -> None:
        try:
            if client.read(view):
                self._ended(client, number, str(client.status))
        except (Broken, ConnectionError):
            self._ended(client, number, "broken")

    def _ended(self, client: Client, number: int, how: str) -> None:
        took = time.perf_counter() - client.started
        seen = self.seen.setdefault(client.name, {"times": [], "ended": {}, "bytes": 0})
        seen["ended"][how] = seen["ended"].get(how, 0) + 1
        if how == "200":
            seen["times"].append(took)
            seen["bytes"] += client.bytes
        del self.waiting[number]
        if how in ("timeout", "broken"):
            client.close()
        self._next(client)

    def _next(self, client: Client) -> None:
        over = time.perf_counter() - self.until
        if over >= self.most or (over >= 0 and not self.asked % self.round):
            client.close()
            return
        self.asked += 1
        name, request = next(self.asks)
        try:
            self.waiting[client.send(name, request, self.poll)] = client
        except OSError:
            client.close()
            seen = self.seen.setdefault(name, {"times": [], "ended": {}, "bytes": 0})
            seen["ended"]["unreachable"] = seen["ended"].get("unreachable", 0) + 1
            time.sleep(0.05)


def requests(task: dict[str, Any]) -> Iterator[tuple[str, bytes]]:
    """The asks of a task for ever; with `unique`, each text once only."""
    host = f" HTTP/1.1\r\nHost: 127.0.0.1:{task['port']}\r\nAccept: ".encode()
    parts = [
        (name, f"GET {path}".encode(), host + accept.encode() + b"\r\n\r\n") for name, accept, path in task["asks"]
    ]
    number = task["first"]
    while True:
        for name, start, end in parts:
            number += 1
            yield name, b"%b%%0A%%23%d%b" % (start, number, end) if task["unique"] else start + end


def main() -> None:
    task = json.load(sys.stdin)
    gc.disable()
    load = Load(task, requests(task))
    signal.signal(signal.SIGTERM, load.stop)
    json.dump(load.run(), sys.stdout)


if __name__ == "__main__":
    main()
