"""A running `solld serve` over a site of its own, which is given one release after another.

The data of a test are put into a release as they are, by writing the release folder itself: publishing would add the
catalogue and the ontology's graph, and would replace blank nodes by IRIs, which the W3C's expected results do not have.
The server is told of a release as by any publication, and says at /health when it serves it.
"""

import http.client
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlencode

import pyoxigraph

from conformance.judge import Reply
from ports import free_port
from solld import release, site
from solld.rdf import NamedNode, Quad

SETTINGS = """\
base = "{base}"
title = "The W3C's SPARQL tests"

[sparql]
workers = 1
per_client = 16
"""
PATIENCE = 30.0  # seconds for a server to start, to serve another release, or to end
SILENCE = 15.0  # seconds without a byte of an answer; the service has ten for a query, and these take milliseconds


class NotServed(Exception):
    """The server did not start, did not follow a release, or answers no more: the rest need not be tried."""


@dataclass
class Server:
    """One server process; use it in a `with`, and publish before asking. Used by one thread at a time."""

    folder: Path
    number: int = 0  # of the release that is served

    def __enter__(self) -> "Server":
        self.port = free_port()
        self.base = f"http://127.0.0.1:{self.port}/"
        self.folder.mkdir(parents=True)
        (self.folder / "site.toml").write_text(SETTINGS.format(base=self.base), encoding="utf-8")
        self.settings = site.load(self.folder)
        self._write(())
        self._log = (self.folder / "log").open("wb")
        command = [sys.executable, "-m", "solld", "serve", "--site", str(self.folder)]
        command += ["--host", "127.0.0.1", "--port", str(self.port), "--workers", "1"]
        self._process = subprocess.Popen(command, stdout=self._log, stderr=subprocess.STDOUT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def _stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def publish(self, quads: Iterable[Quad]) -> None:
        """Makes a release of these quads and returns when it is served."""
        before = self.number
        self._write(quads)
        self._await()
        shutil.rmtree(release.folder_of(self.settings, before), ignore_errors=True)  # as the next build would prune it

    def _write(self, quads: Iterable[Quad]) -> None:
        self.number += 1
        folder = release.folder_of(self.settings, self.number)
        folder.mkdir(parents=True)
        store = pyoxigraph.Store(str(folder / "store"))
        store.extend(quads)
        store.flush()
        manifest = {
            "release": self.number,
            "built": "2026-01-01T00:00:00+00:00",
            "engine": "conformance",
            "base": self.base,
            "quads": len(store),
            "names": 0,
            "inputs": {},
            "ledgers": {},
            "prefixes": {},
            "ontology_prefixes": {},
            "datasets": _datasets(store),
            "changes": {},
            "findings": [],
            "digest": f"{self.number:032x}",
        }
        del store  # closes it
        release.write_manifest(folder, manifest)
        release.publish(self.settings, self.number)

    def _await(self) -> None:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError):  # it may not listen yet
                if json.loads(self.send("GET", "/health").body).get("release") == self.number:
                    return
            time.sleep(0.02)
        raise NotServed(f"release {self.number} is not served: {(self.folder / 'log').read_text()[-2000:]}")

    def send(
        self, method: str, target: str, headers: Iterable[tuple[str, str]] = (), body: bytes | None = None
    ) -> Reply:
        """One request on a connection of its own, with these headers and no others but Host and Content-Length."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=SILENCE)) as connection:
            connection.putrequest(method, target, skip_accept_encoding=True)
            for name, value in headers:
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return Reply(response.status, found, response.read())

    def query(self, text: str, accept: str, by_get: bool) -> Reply:
        """A query operation, by GET or as the body of a POST."""
        if by_get:
            return self.send("GET", "/sparql?" + urlencode({"query": text}), [("Accept", accept)])
        headers = [("Accept", accept), ("Content-Type", "application/sparql-query")]
        return self.send("POST", "/sparql", headers, text.encode())


def _datasets(store: pyoxigraph.Store) -> dict[str, dict[str, Any]]:
    """The named graphs as the manifest of a release names them."""
    sizes = Counter(quad.graph_name.value for quad in store if isinstance(quad.graph_name, NamedNode))
    return {
        f"graph-{number}": {"graph": iri, "triples": size, "resources": 0}
        for number, (iri, size) in enumerate(sorted(sizes.items()))
    }
