"""Starts the real server on a free port, for tests that need its processes, sockets and connections."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlencode

from ports import free_port

START = 30  # seconds that a server may take


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    process: "subprocess.Popen[bytes]"
    port: int

    def connection(self, source: str = "127.0.0.1", seconds: float = 30) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=seconds, source_address=(source, 0))

    def ask(
        self, query: str, method: str = "GET", source: str = "127.0.0.1", path: str = "/sparql", **headers: str
    ) -> HTTPResponse:
        """The answer to a query, with its body not read yet."""
        connection = self.connection(source)
        text = urlencode({"query": query}) if query else ""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, text, sent)
        else:
            connection.request(method, f"{path}?{text}" if text else path, headers=sent)
        return connection.getresponse()

    def processes(self) -> list[int]:
        """The server and all that it started."""
        return _tree(self.process.pid)


@contextmanager
def serving(folder: Path, *options: str) -> Iterator[Server]:
    """`solld serve` over a site that has a release, until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "solld", "serve", "--site", str(folder), "--port", str(port), *options]
    process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL)
    server = Server(process, port)
    try:
        _wait(server)
        yield server
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(server: Server) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        try:
            if server.ask("ASK {}").status == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not start")


def _tree(pid: int) -> list[int]:
    try:
        threads = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(c) for t in threads for c in (t / "children").read_text().split()]
    except OSError:
        return []
    return [pid, *(each for child in children for each in _tree(child))]


def cpu_seconds(pid: int) -> float:
    """What a process has used of the processors; 0 for one that has ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_bytes(pid: int) -> int:
    """The resident memory of a process; 0 for one that has ended."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0
