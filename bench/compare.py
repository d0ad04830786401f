"""Random queries, answered by solld and by `oxigraph serve` over the same store: are the bytes the same?

One engine writes both, so they should be. Where a query has no ORDER BY, rows and lines may come in another order: then
the pieces of both answers are compared, sorted. Turtle is compared as triples too: ours declares the site's prefixes.
"""

import http.client
import json
import re
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import endpoints
import pyoxigraph
import released
from chance import Asked, Chance
from crowd import path_of
from endpoints import Endpoint, running
from mix import draws
from peers import Missing
from programs import Failed, load

SEED = 1863
SHOWN = 160  # characters of a difference
PATIENCE = 30  # seconds
TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "nt": "application/n-triples",
    "ttl": "text/turtle",
}
OUTCOMES = ("same bytes", "other order", "other prefixes", "both refuse", "different")
DECODER = json.JSONDecoder()


@dataclass(frozen=True)
class Said:
    """An answer as it came."""

    status: int
    type: str
    body: bytes


def measure(number: int, triples: int) -> int:
    """Prints how many answers are alike in each format; returns how many are not."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as name:
        folder = Path(name)
        site = released.written(folder, triples, 10, 4)
        store = pyoxigraph.Store.read_only(str(site / "var" / "current" / "store"))
        chance = Chance(SEED, draws(store))
        asked = [chance.query() for _ in range(number)]
        servers = []
        for each in endpoints.all_of(site, folder / "triples.nt", triples, ("solld", "oxigraph")):
            if isinstance(each, Missing):
                raise Failed(f"{each.name}: {each.reason}")
            servers.append(each)
        ours, theirs = servers
        with running(ours, folder / "ours.log"), running(theirs, folder / "theirs.log"):
            return _compared(ours, theirs, asked, triples)


def _compared(ours: Endpoint, theirs: Endpoint, asked: Sequence[Asked], triples: int) -> int:
    print(f"\n{len(asked)} random queries over {triples:,} triples, {ours.name} and {theirs.name}{load()}")
    counts: dict[str, Counter[str]] = {format: Counter() for format in TYPES}
    empty = 0
    for each in asked:
        answers = [_said(server, each) for server in (ours, theirs)]
        outcome = compare(each, *answers)
        empty += len(answers[1].body) < 120
        counts[each.format][outcome] += 1
        if outcome == "different":
            print(f"{each.format}: {' '.join(each.text.split())}")
            for server, answer in zip((ours, theirs), answers, strict=True):
                print(f"  {server.name}: {answer.status} {answer.type} {answer.body[:SHOWN]!r}")
    print(f"{'':8}" + "".join(f"{outcome:>16}" for outcome in OUTCOMES))
    for format, counted in counts.items():
        print(f"{format:8}" + "".join(f"{counted[outcome]:>16}" for outcome in OUTCOMES))
    total = sum(counts.values(), Counter[str]())
    print(f"{'all':8}" + "".join(f"{total[outcome]:>16}" for outcome in OUTCOMES) + f"; {empty} of them short or empty")
    return total["different"]


def _said(server: Endpoint, asked: Asked) -> Said:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    try:
        connection.request("GET", path_of(server.path, asked.text), headers={"Accept": TYPES[asked.format]})
        response = connection.getresponse()
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        raise Failed(f"{server.name} broke off: {error}: {asked.text}") from error
    finally:
        connection.close()
    return Said(response.status, response.headers.get_content_type(), body)


def compare(asked: Asked, ours: Said, theirs: Said) -> str:
    """Which of the outcomes it is."""
    if ours.status != theirs.status or (ours.status == 200 and ours.type != theirs.type):
        return "different"
    if ours.status != 200:
        return "both refuse"
    if ours.body == theirs.body:
        return "same bytes"
    if not asked.ordered and sorted(pieces(ours.body, asked.format)) == sorted(pieces(theirs.body, asked.format)):
        return "other order"
    return "other prefixes" if asked.format == "ttl" and _triples(ours.body) == _triples(theirs.body) else "different"


def pieces(body: bytes, format: str) -> list[bytes]:
    """An answer cut into what may be ordered otherwise: rows, triples; the rest of it is one piece."""
    if format == "xml":
        rows = re.findall(rb"<result>.*?</result>", body, re.DOTALL)
        return [*rows, re.sub(rb"<result>.*</result>", b"", body, flags=re.DOTALL)]
    if format == "json":
        head, found, rest = body.partition(b'"bindings":[')
        return [head, *_bindings(rest.decode())] if found else [body]
    return body.split(b"\r\n" if format == "csv" else b"\n")


def _bindings(text: str) -> list[bytes]:
    """The bindings as they were written, and what follows them."""
    place, found = 0, []
    while text[place] == "{":
        _, end = DECODER.raw_decode(text, place)
        found.append(text[place:end].encode())
        place = end + (text[end] == ",")
    return [*found, text[place:].encode()]


def _triples(body: bytes) -> set[pyoxigraph.Quad]:
    return set(pyoxigraph.parse(body, format=pyoxigraph.RdfFormat.TURTLE))
