"""Real SPARQL servers that tests start: temporary folders, free ports of the loopback, ended by their PID."""

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

import pytest

from ports import free_port

PATIENCE = 90  # seconds that a server may take to start on a busy machine
INSTALL = "apt-get install --no-install-recommends virtuoso-opensource-7-bin"
INI = """
[Database]
DatabaseFile = db
ErrorLogFile = log
LockFile = lock
TransactionFile = trx
xa_persistent_file = pxa
FileExtend = 20
[TempDatabase]
DatabaseFile = tmpdb
TransactionFile = tmptrx
[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 10000
MaxDirtyBuffers = 6000
ServerThreads = 20
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 10
[SPARQL]
ResultSetMaxRows = 10000
"""


@dataclass(frozen=True)
class Running:
    """A server that listens, and how [store] of site.toml names it."""

    name: str
    origin: str
    query: str
    update: str
    graph_store: str
    user: str = ""
    password_file: str = ""

    def table(self, *without: str) -> str:
        """The table [store]."""
        keys = ("query", "update", "graph_store", "user", "password_file")
        lines = (f'{key} = "{getattr(self, key)}"' for key in keys if getattr(self, key) and key not in without)
        return "\n[store]\n" + "\n".join(lines) + "\n"


@contextmanager
def oxigraph(folder: Path) -> Iterator[Running]:
    """`oxigraph serve` of the package that the tests install."""
    program = str(Path(sys.executable).with_name("oxigraph"))

    def start(port: int) -> list[str]:
        return [program, "serve", "--location", str(folder / "oxigraph"), "--bind", f"127.0.0.1:{port}"]

    with _started(start, folder, "/query?query=ASK%7B%7D") as origin:
        yield Running("oxigraph", origin, f"{origin}/query", f"{origin}/update", f"{origin}/store")


@contextmanager
def virtuoso(folder: Path) -> Iterator[Running]:
    """Virtuoso 7 with the settings that it comes with."""
    program = shutil.which("virtuoso-t")
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(f"there is no Virtuoso here: {INSTALL}")
        pytest.skip(f"there is no Virtuoso here: {INSTALL}")

    def start(port: int) -> list[str]:
        (folder / "virtuoso.ini").write_text(INI.format(sql=free_port(), http=port), encoding="utf-8")
        return [str(program), "+configfile", "virtuoso.ini", "+foreground"]

    (folder / "password").write_text("dba\n", encoding="utf-8")
    with _started(start, folder, "/sparql?query=ASK%7B%7D") as origin:
        yield Running(
            "virtuoso",
            origin,
            f"{origin}/sparql",
            f"{origin}/sparql-auth",
            f"{origin}/sparql-graph-crud-auth",
            "dba",
            str(folder / "password"),
        )


@contextmanager
def _started(start: Callable[[int], list[str]], folder: Path, path: str) -> Iterator[str]:
    """Where a server listens. Another program may take a free port before it does: then it gets another one."""
    deadline = time.monotonic() + PATIENCE
    while True:
        port = free_port()
        with (folder / "server.log").open("wb") as log:
            process = subprocess.Popen(start(port), cwd=folder, stdout=log, stderr=log)
        try:
            while process.poll() is None:
                if _answers(f"http://127.0.0.1:{port}{path}"):
                    yield f"http://127.0.0.1:{port}"
                    return
                assert time.monotonic() < deadline, "the server does not listen"
                time.sleep(0.05)  # it needs a moment
        finally:
            process.kill()
            process.wait()
        assert time.monotonic() < deadline, (folder / "server.log").read_text(errors="replace")[-2000:]


def _answers(address: str) -> bool:
    with suppress(URLError, OSError), urlopen(address, timeout=5) as answer:
        return bool(answer.status == 200)
    return False


class Proxy:
    """Stands before a server, counts what is written, and does what `meddle` says with each write."""

    def __init__(self, running: Running):
        self.written: list[tuple[str, str, bytes]] = []  # method, path with query, body
        self.meddle: Callable[[int, bytes], str] = lambda number, body: "pass"  # or "break", "lose", "refuse"
        self.rows = 0  # after which results are cut off, in silence
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fate = "pass"
                if "sparql-results" not in self.headers.get("Accept", ""):
                    proxy.written.append((self.command, self.path, body))
                    fate = proxy.meddle(len(proxy.written), body)
                if fate == "break":
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                elif fate in ("lose", "refuse"):
                    self._answer(204 if fate == "lose" else 500, {}, b"" if fate == "lose" else b"no more disk")
                else:
                    self._answer(*proxy.asked(self.command, self.path, body, dict(self.headers)))

            def _answer(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in ("content-length", "transfer-encoding", "connection", "server", "date"):
                        self.send_header(name, value)
                if status != 204:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments: object) -> None:
                """Says nothing."""

            do_GET = do_POST = do_PUT = do_DELETE = _forward  # noqa: N815

        self._origin = running.origin
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        mine = f"http://127.0.0.1:{self.server.server_port}"
        keys = ("query", "update", "graph_store")
        addresses = {key: getattr(running, key).replace(running.origin, mine) for key in keys}
        self.running = replace(running, origin=mine, **addresses)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def asked(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        """The answer of the server behind."""
        request = Request(self._origin + path, body or None, headers, method=method)
        try:
            with urlopen(request, timeout=60) as answer:
                return answer.status, dict(answer.headers), self._cut(answer.read())
        except HTTPError as error:
            return error.code, dict(error.headers), error.read()

    def _cut(self, body: bytes) -> bytes:
        if not self.rows or not body.lstrip().startswith(b"{"):
            return body
        results = json.loads(body)
        del results["results"]["bindings"][self.rows :]
        return json.dumps(results).encode()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
