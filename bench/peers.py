"""The servers that solld is held against: how each is installed, started with the same triples, and asked."""

import hashlib
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from programs import SOLLD, Failed, run

HERE = Path(__file__).resolve().parent
PINNED = HERE / "peers"
HOME = HERE / ".peers"  # where they are installed
BASE = "https://lights.example/"
WORKERS = 2  # processes, for the servers that can be told; solld's default


@dataclass(frozen=True)
class Server:
    """A server on this machine; `turtle` and `html` give the path of the description of an identifier."""

    name: str
    origin: str
    command: tuple[str, ...]
    turtle: Callable[[str], str]
    html: Callable[[str], str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    before: tuple[str, ...] = ()  # a command that loads the triples

    @property
    def publishes(self) -> bool:
        """Whether it publishes documents to people and machines; else it is an endpoint."""
        return self.html is not None


@dataclass(frozen=True)
class Missing:
    """A server that cannot be measured, and why."""

    name: str
    reason: str


def all_of(site: Path, triples: Path, port: int, log: Path) -> Iterator[Server | Missing]:
    """solld first, then the others; what is not installed yet is installed."""
    yield Server(
        "solld",
        _origin(port),
        (*SOLLD, "serve", "--site", str(site), "--port", str(port)),
        lambda identifier: f"/doc/{identifier}.ttl",
        lambda identifier: f"/doc/{identifier}",
    )
    yield from _installed(("Linked Data Fragments", "Trifid"), _install_node, lambda: _node(triples, port), log)
    yield Missing("Prez", "it is not on PyPI; its authors install it from a clone with Poetry")
    yield from _installed(
        ("rdflib-endpoint (SPARQL)", "Oxigraph (SPARQL)"), install_python, lambda: _python(triples, port), log
    )


def _installed(
    names: Sequence[str], install: Callable[[Path], None], servers: Callable[[], list[Server]], log: Path
) -> Iterator[Server | Missing]:
    try:
        install(log)
        yield from servers()
    except Failed as error:
        yield from (Missing(name, str(error)) for name in names)


def _install_node(log: Path) -> None:
    if not shutil.which("npm"):
        raise Failed("there is no npm here: apt-get install npm")
    folder = HOME / "node"
    lock = PINNED / "package-lock.json"
    if not _is_fresh(folder, lock):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("package.json", lock.name):
            shutil.copy(PINNED / name, folder / name)
        # No scripts: they would only compile HDT, and the triples are served from memory.
        run(("npm", "ci", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund"), log)
        _note(folder, lock)


def install_python(log: Path, name: str = "python", requirements: str = "requirements.txt") -> None:
    """Installs pinned packages in an environment of their own, unless they are there."""
    folder = HOME / name
    lock = PINNED / requirements
    if not _is_fresh(folder, lock):
        run((sys.executable, "-m", "venv", str(folder)), log)
        run((str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(lock)), log)
        _note(folder, lock)


def _is_fresh(folder: Path, lock: Path) -> bool:
    note = folder / "installed"
    return note.exists() and note.read_text(encoding="utf-8") == _digest(lock)


def _note(folder: Path, lock: Path) -> None:
    (folder / "installed").write_text(_digest(lock), encoding="utf-8")


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _node(triples: Path, port: int) -> list[Server]:
    modules = HOME / "node" / "node_modules"
    configuration = triples.with_name("ldf.json")
    stated = (PINNED / "ldf.json").read_text(encoding="utf-8")
    configuration.write_text(stated.replace("TRIPLES", str(triples)), encoding="utf-8")
    fragments, trifid = modules / "@ldf" / "server" / "bin" / "ldf-server", modules / "trifid"
    return [
        Server(
            "Linked Data Fragments",
            _origin(port),
            ("node", str(fragments), str(configuration), str(port), str(WORKERS)),
            _fragment,
            _fragment,
        ),
        Server(
            "Trifid",
            _origin(port),
            (
                *("node", str(trifid / "server.js"), "--config", str(trifid / "instances/docker-fetch/config.yaml")),
                *("--port", str(port), "--dataset-base-url", BASE),
            ),
            lambda identifier: f"/id/{identifier}",
            lambda identifier: f"/id/{identifier}",
            {"FETCH_HANDLER_FILE": str(triples), "FETCH_HANDLER_FILE_TYPE": "application/n-triples"},
        ),
    ]


def _fragment(identifier: str) -> str:
    return f"/lights?subject={quote(f'{BASE}id/{identifier}', safe='')}"


def _python(triples: Path, port: int) -> list[Server]:
    programs = HOME / "python" / "bin"
    store = triples.parent / "oxigraph"
    return [
        Server(
            "rdflib-endpoint (SPARQL)",
            _origin(port),
            (str(programs / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(triples)),
            lambda identifier: f"/?query={_construct(identifier)}",  # a DESCRIBE is answered in RDF/XML only
        ),
        Server(
            "Oxigraph (SPARQL)",
            _origin(port),
            (str(programs / "oxigraph"), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"),
            lambda identifier: f"/query?query={_construct(identifier)}",
            before=(str(programs / "oxigraph"), "load", "--location", str(store), "--file", str(triples)),
        ),
    ]


def _construct(identifier: str) -> str:
    return quote(f"CONSTRUCT WHERE {{ <{BASE}id/{identifier}> ?p ?o }}", safe="")


def _origin(port: int) -> str:
    return f"http://127.0.0.1:{port}"
