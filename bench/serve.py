"""Requests a second for a document in Turtle and in HTML, of solld and of the servers that people use now."""

import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import peers
import pyoxigraph
import wrk
from generate import TRIPLES, Site
from peers import Missing, Server
from programs import SOLLD, Failed, free_port, last_line, load, read, run, start, stop, wait_for

WARM = 10  # addresses that are asked again and again
KNOWN = 1000  # addresses that a server gets warm with, before others are asked once each
MARGIN = 1.3  # how much faster than in the last second a server may become
PATIENCE = 180  # seconds that a server may take to load the triples
TURTLE, HTML = "text/turtle", "text/html"
COLUMNS = ("Turtle warm", "Turtle first", "HTML warm", "HTML first")
SEED = 1886  # the order of the addresses is the same in every run


@dataclass(frozen=True)
class Row:
    """Requests a second of one server, in the order of the columns; None where it has no such answer."""

    name: str
    publishes: bool
    rates: tuple[float | None, ...]
    reason: str = ""


def measure(lighthouses: int, seconds: int) -> None:
    """Publishes a site, serves its triples with each server in turn, and prints the table."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as name:
        folder = Path(name)
        try:
            wrk.install(folder / "log")
        except Failed as error:
            print(error)
            return
        site = Site.of(folder / "site", lighthouses * TRIPLES, min(20, lighthouses))
        site.write()
        run((*SOLLD, "publish", "--site", str(site.folder)), folder / "log")
        number = _dump(site, folder / "triples.nt")
        identifiers = list(site.identifiers())
        random.Random(SEED).shuffle(identifiers)
        print(f"\nrequests a second: {wrk.CLIENTS} clients, {seconds} s each, {number:,} triples{load()}", flush=True)
        print(f"{'':24}" + "".join(f"{column:>14}" for column in COLUMNS), flush=True)
        rows = [
            _shown(_row(each, identifiers, folder, seconds))
            for each in peers.all_of(site.folder, folder / "triples.nt", free_port(), folder / "log")
        ]
        _compare(rows)


def _dump(site: Site, path: Path) -> int:
    store = pyoxigraph.Store.read_only(str(site.folder / "var" / "current" / "store"))
    graph = pyoxigraph.DefaultGraph()
    store.dump(output=path, format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=graph)
    return sum(1 for _ in store.quads_for_pattern(None, None, None, graph))


def _row(server: Server | Missing, identifiers: Sequence[str], folder: Path, seconds: int) -> Row:
    if isinstance(server, Missing):
        return Row(server.name, False, (), server.reason)
    try:
        return Row(server.name, server.publishes, _rates(server, identifiers, folder, seconds))
    except (Failed, OSError) as error:
        return Row(server.name, server.publishes, (), f"{error} ({last_line(folder / 'server.log')})")


def _rates(server: Server, identifiers: Sequence[str], folder: Path, seconds: int) -> tuple[float | None, ...]:
    if server.before:
        run(server.before, folder / "server.log")
    process = start(server.command, folder / "server.log", server.environment)
    rates: list[float | None] = []
    try:
        wait_for(process, server.origin + server.turtle(identifiers[0]), TURTLE, PATIENCE)
        for accept, path_of in ((TURTLE, server.turtle), (HTML, server.html)):
            if path_of is None:
                rates += [None, None]
                continue
            _check(server.origin + path_of(identifiers[0]), accept, identifiers[0])
            few, known = (_listed(part, path_of, folder) for part in (identifiers[:WARM], identifiers[:KNOWN]))
            fresh = _listed(identifiers[KNOWN:], path_of, folder)
            wrk.ask(server.origin, known, 0, accept, 1)
            first = _first(server.origin, fresh, accept, seconds)
            rates += [_warm(server.origin, few, accept, seconds), first]
    finally:
        stop(process)
    return tuple(rates)


def _listed(identifiers: Sequence[str], path_of: Callable[[str], str], folder: Path) -> Path:
    file = folder / f"paths-{len(identifiers)}"
    file.write_text("".join(f"{path_of(each)}\n" for each in identifiers), encoding="utf-8")
    return file


def _check(url: str, accept: str, identifier: str) -> None:
    media_type, body = read(url, accept)
    if media_type != accept or identifier.encode() not in body:
        raise Failed(f"{url} is not the description of {identifier} in {accept}, but {media_type}")


def _first(origin: str, paths: Path, accept: str, seconds: int) -> float:
    """Each address is asked once: second after second, as long as there are others."""
    number = len(paths.read_text(encoding="utf-8").splitlines())
    asked, counted = 0, 0
    rates: list[float] = []
    while len(rates) < seconds and asked + counted * MARGIN < number:
        answered = wrk.ask(origin, paths, asked, accept, 1)
        counted = answered.requests
        asked += counted + wrk.CLIENTS  # what was under way when the second ended was asked too
        rates.append(answered.per_second)
    if asked > number:
        raise Failed(f"{number:,} addresses are too few for this server")
    return sum(rates) / len(rates)


def _warm(origin: str, paths: Path, accept: str, seconds: int) -> float:
    wrk.ask(origin, paths, 0, accept, 1)
    return wrk.ask(origin, paths, 0, accept, seconds).per_second


def _shown(row: Row) -> Row:
    rates = "".join(f"{'-' if rate is None else f'{rate:,.0f}':>14}" for rate in row.rates)
    print(f"{row.name:24}{rates or f'  {row.reason}'}", flush=True)
    return row


def _compare(rows: Sequence[Row]) -> None:
    ours = rows[0]
    others = [row.rates for row in rows[1:] if row.publishes and row.rates]
    if not ours.rates or not others:
        return
    best = [max(filter(None, column), default=None) for column in zip(*others, strict=True)]
    ratios = (f"{mine / rate:.1f} x" if mine and rate else "-" for mine, rate in zip(ours.rates, best, strict=True))
    print(f"{'solld / best publisher':24}" + "".join(f"{ratio:>14}" for ratio in ratios), flush=True)
