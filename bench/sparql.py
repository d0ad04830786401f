"""SPARQL servers over the same triples: what they answer, how fast, cold and warm, and what a bomb does to them."""

import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import alike
import bomb
import crowd
import endpoints
import mix
import pyoxigraph
import released
import speed
from alike import Answer
from endpoints import Endpoint, Running, running
from mix import Query
from peers import Missing
from programs import Failed, load
from speed import Checked, Scale

OURS_LIMIT = 10  # seconds, solld's default; above a million triples the others, which have no limit, need longer
LARGE = 2_000_000
QUICK = Scale(
    seconds=0.15,
    cached=0.1,
    levels=(1, 4, 16),
    texts=3,
    checked=1,
    patience=5,
    most=0.5,
    crowd=1.5,
    bomb_patience=4,
    bomb=5,
)
FULL = Scale(
    seconds=1.5,
    cached=0.7,
    levels=(1, 4, 16),
    texts=8,
    checked=3,
    patience=30,
    most=10,
    crowd=20,
    bomb_patience=12,
    bomb=30,
)


def measure(size: int, quick: bool, chosen: Sequence[str] | None, publish: bool) -> None:
    """Makes the data, starts each server over it, and prints the tables."""
    began = time.monotonic()
    scale = QUICK if quick else FULL
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as name, ExitStack() as stack:
        folder = Path(name)
        make = released.published if publish else released.written
        seconds = OURS_LIMIT * (6 if size > LARGE else 1)
        site = make(folder, size, seconds, max(scale.levels))
        triples = folder / "triples.nt"
        number = released.dump(site, triples)
        queries = mix.load(pyoxigraph.Store.read_only(str(site / "var" / "current" / "store")), scale.texts)
        names = tuple(chosen or endpoints.MAKERS)
        print(f"\nSPARQL: {number:,} triples, {len(queries)} queries, {scale.seconds:g} s each{load()}", flush=True)
        found = list(_loaded(endpoints.all_of(site, triples, number, names), folder))
        servers, checked = _first(found, queries, scale, folder, stack)
        _check(servers, queries, scale, checked)
        speed.measure(servers, queries, scale, checked)
        speed.cached_lookups(servers, queries, folder)
        for server in servers:
            server.stop()
        common = [q for q in queries if not any(checked.marked(s.endpoint.name, q.name) for s in servers)]
        bomb.measure([server.endpoint for server in servers], common, scale, folder)
    print(f"\nthe whole took {(time.monotonic() - began) / 60:.1f} minutes{load()}", flush=True)


def _loaded(found: Iterator[Endpoint | Missing], folder: Path) -> Iterator[Endpoint]:
    for each in found:
        if isinstance(each, Missing):
            print(f"{each.name}: {each.reason}", flush=True)
            continue
        try:
            started = time.monotonic()
            if each.load:
                each.load()
                print(f"{each.name}: loaded in {time.monotonic() - started:.0f} s", flush=True)
        except Failed as error:
            print(f"{each.name}: {error}", flush=True)
        else:
            yield each


def _first(
    found: Sequence[Endpoint], queries: Sequence[Query], scale: Scale, folder: Path, stack: ExitStack
) -> tuple[list[Running], Checked]:
    """Starts the servers, each with an empty page cache, and asks each query for the first time."""
    servers: list[Running] = []
    said: dict[str, list[Answer]] = {}
    emptied = True
    for endpoint in found:
        emptied &= endpoints.drop_caches()
        try:
            server = stack.enter_context(running(endpoint, folder / f"{endpoint.short}.log"))
        except Failed as error:
            print(f"{endpoint.name}: {error}", flush=True)
            continue
        servers.append(server)
        said[endpoint.name] = [_asked(server, query, 0, scale.patience) for query in queries]
    if not servers:
        raise Failed("there is no server to measure")
    cache = "page cache dropped" if emptied else "page cache NOT dropped: only root may write /proc/sys/vm/drop_caches"
    return servers, _cold(said, queries, cache)


def _cold(said: Mapping[str, Sequence[Answer]], queries: Sequence[Query], cache: str) -> Checked:
    """Prints the first answers, and what is wrong with them."""
    print(f"\ncold: each query for the first time after a start, in ms ({cache})")
    print(f"{'':24}{'rows':>9}" + "".join(f"{name:>18}" for name in said))
    checked = Checked()
    for place, query in enumerate(queries):
        answers = {name: each[place] for name, each in said.items()}
        cells = [f"{'-' if answer.wrong else f'{answer.seconds * 1000:,.1f}':>18}" for answer in answers.values()]
        print(f"{query.name:24}{next(iter(answers.values())).rows:>9,}{''.join(cells)}", flush=True)
        _note(checked, query, answers)
    sums = (sum(answer.seconds for answer in each) * 1000 for each in said.values())
    print(f"{'all':33}" + "".join(f"{seconds:>18,.1f}" for seconds in sums), flush=True)
    return checked


def _asked(server: Running, query: Query, variant: int, patience: float) -> Answer:
    endpoint = server.endpoint
    path = crowd.path_of(endpoint.path, query.texts[variant])
    answer = alike.ask(endpoint.port, path, query.accept, query.ordered, patience)
    if answer.late:
        speed.recover(server)
    return answer


def _check(servers: Sequence[Running], queries: Sequence[Query], scale: Scale, checked: Checked) -> None:
    """Compares more answers, and says how many were alike."""
    for query in queries:
        for variant in range(1, min(scale.checked, len(query.texts))):
            said = {s.endpoint.name: _asked(s, query, variant, scale.patience) for s in servers}
            _note(checked, query, said)
    asked = sum(min(scale.checked, len(query.texts)) for query in queries)
    others = max(0, len(servers) - 1)
    print(f"answers: {asked} of each of {others} others compared with ours", flush=True)


def _note(checked: Checked, query: Query, said: Mapping[str, Answer]) -> None:
    """Prints what went wrong, or differs from the first server's answer."""
    (ours, reference), *_ = said.items()
    for name, answer in said.items():
        difference = answer.wrong or (answer.against(reference) if name != ours else "")
        if difference:
            print(f"  {query.name}: {name}: {difference}", flush=True)
            (checked.failed if answer.wrong else checked.different).add((name, query.name))
