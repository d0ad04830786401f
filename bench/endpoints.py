"""The SPARQL servers that are held against each other over the same triples, each started on a free port of its own."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import peers
import virtuoso
from crowd import path_of
from peers import Missing
from programs import SOLLD, Failed, free_port, start, stop, wait_for
from released import DATASET

SMALL = 200_000  # triples up to which rdflib-endpoint is measured unless it is asked for: it is 5 to 290 times slower
READY = "ASK {}"
PATIENCE = 120  # seconds for a start
DROP = Path("/proc/sys/vm/drop_caches")


@dataclass(frozen=True)
class Endpoint:
    """A SPARQL server on this machine."""

    name: str
    port: int
    path: str
    command: tuple[str, ...]
    load: Callable[[], None] | None = None  # makes its own database, once

    @property
    def short(self) -> str:
        """For the head of a column, and for files."""
        return re.split(r"\W", self.name)[0]


def all_of(site: Path, triples: Path, number: int, names: tuple[str, ...]) -> Iterator[Endpoint | Missing]:
    """solld first, then the others that are wanted; what is not installed yet is installed."""
    folder = triples.parent
    for name, make in MAKERS.items():
        if name not in names:
            continue
        if name == "rdflib" and number > SMALL and names == tuple(MAKERS):
            yield Missing("rdflib-endpoint", f"left out above {SMALL:,} triples; --servers rdflib asks for it")
            continue
        try:
            yield make(site, triples, folder / "log")
        except Failed as error:
            yield Missing(name, str(error))


def _solld(site: Path, triples: Path, log: Path) -> Endpoint:
    port = free_port()
    return Endpoint("solld", port, "/sparql", (*SOLLD, "serve", "--site", str(site), "--port", str(port)))


def _oxigraph(site: Path, triples: Path, log: Path) -> Endpoint:
    """Serves the very folder of the release; the tests have the same version, so theirs will do."""
    program = Path(sys.executable).with_name("oxigraph")
    if not program.exists():
        peers.install_python(log)
        program = peers.HOME / "python" / "bin" / "oxigraph"
    store = (site / "var" / "current" / "store").resolve()
    port = free_port()
    command = (str(program), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}")
    return Endpoint("oxigraph serve", port, "/query", command)


def _virtuoso(site: Path, triples: Path, log: Path) -> Endpoint:
    virtuoso.install(log)
    port = free_port()
    database = virtuoso.Database(triples.parent / "virtuoso", port)
    # Without its name the graph would be asked together with those that Virtuoso has of its own.
    path = f"/sparql?default-graph-uri={DATASET}"
    return Endpoint("Virtuoso 7", port, path, database.command, lambda: database.load(triples, DATASET))


def _rdflib(site: Path, triples: Path, log: Path) -> Endpoint:
    peers.install_python(log)
    program = peers.HOME / "python" / "bin" / "rdflib-endpoint"
    port = free_port()
    command = (str(program), "serve", "--host", "127.0.0.1", "--port", str(port), str(triples))
    return Endpoint("rdflib-endpoint", port, "/", command)


MAKERS: dict[str, Callable[[Path, Path, Path], Endpoint]] = {
    "solld": _solld,
    "oxigraph": _oxigraph,
    "virtuoso": _virtuoso,
    "rdflib": _rdflib,
}


class Running:
    """A server that is started, and started again where a query that it cannot end holds it."""

    def __init__(self, endpoint: Endpoint, log: Path):
        self.endpoint, self.log = endpoint, log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Failed, with the end of its log, if it does not answer a query."""
        self.process = start(self.endpoint.command, self.log, {})
        origin = f"http://127.0.0.1:{self.endpoint.port}"
        try:
            wait_for(self.process, origin + path_of(self.endpoint.path, READY), "*/*", PATIENCE)
        except Failed:
            self.stop()
            raise

    def stop(self) -> None:
        if self.process:
            stop(self.process)
            self.process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def cpu_seconds(self) -> float:
        """What it and its children have used since they were started."""
        return sum(_cpu(pid) for pid in _family(self.process.pid)) if self.process else 0.0


@contextmanager
def running(endpoint: Endpoint, log: Path) -> Iterator[Running]:
    server = Running(endpoint, log)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def drop_caches() -> bool:
    """Empties the page cache of the machine; whether it may."""
    os.sync()
    try:
        DROP.write_text("3", encoding="ascii")
    except OSError:
        return False
    return True


def _family(ancestor: int) -> list[int]:
    """A process and all that descend from it, whatever sessions they have made for themselves."""
    parents = {int(path.name): _fields(int(path.name)) for path in Path("/proc").glob("[0-9]*")}
    children: dict[int, list[int]] = {}
    for pid, fields in parents.items():
        if fields:
            children.setdefault(int(fields[1]), []).append(pid)
    found = [ancestor]
    for pid in found:
        found += children.get(pid, [])
    return found


def _fields(pid: int) -> list[str]:
    """Of /proc/PID/stat, from the third on; none if it has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _cpu(pid: int) -> float:
    # Of its own and of the children that have ended, so that what a killed process used is not forgotten.
    return sum(int(field) for field in _fields(pid)[11:15]) / os.sysconf("SC_CLK_TCK")
