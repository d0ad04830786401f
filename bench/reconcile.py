"""How fast a list is reconciled over HTTP, and how well: names as another directory writes them, half of them unknown.

The things are one of the two directories of `twice.py`, the names are of the other: in capitals, a letter missing, with
another legal form. A client sends its next batch when it has the answer, as OpenRefine does.
"""

import csv
import json
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from harvest import CC0, make
from programs import SOLLD, free_port, load, run, start, stop, wait_for
from twice import rows, write

BATCH = 10  # names, as OpenRefine sends them
LIST = 90_000  # names of the list that is timed
CLIENTS = (1, 4)
PATIENCE = 60  # seconds that the server may take
NAME, LOCALITY, POSTCODE = 1, 4, 6  # columns


@dataclass(frozen=True)
class Asked:
    """A name, what is known beside it, and the key of the thing that is meant; "" if it is not there."""

    query: dict[str, Any]
    key: str


@dataclass(frozen=True)
class Row:
    """What came of a list."""

    seconds: float
    number: int
    known: int  # names whose thing is there
    first: int  # of these, whose thing came first
    matched: int
    wrong: int  # of the matched


def measure(things: int, names: int) -> None:
    """Publishes so many things, serves them, asks for so many names, and prints the table."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as place:
        site, log = Path(place) / "site", Path(place) / "log"
        make(site)
        write(site / "left.csv", things, 0)
        adding = ("add-source", str(site / "left.csv"), "--name", "left", "--language", "fr", "--license", CC0)
        for command in (adding, ("harvest", "left"), ("publish",)):
            run((*SOLLD, *command, "--site", str(site)), log)
        with (site / "data/left/ids.csv").open(encoding="utf-8", newline="") as file:
            keys = {row["id"]: row["key"][-7:] for row in csv.DictReader(file)}
        port = free_port()
        process = start((*SOLLD, "serve", "--site", str(site), "--port", str(port)), log, {})
        try:
            wait_for(process, f"http://127.0.0.1:{port}/reconcile", "application/json", PATIENCE)
            _print(things, names, port, keys)
        finally:
            stop(process)


def _print(things: int, names: int, port: int, keys: dict[str, str]) -> None:
    print(f"\n{names:,} names against {things:,} things, half of them there, {BATCH} in a batch{load()}")
    print(f"{'':34}{'names/s':>9}{'90,000 in':>11}{'first':>8}{'match':>8}{'wrong':>7}", flush=True)
    for placed in (False, True):
        asked = asked_for(things, names, placed)
        for clients in CLIENTS:
            told = f"{'name, locality, postcode' if placed else 'name'}, {clients} at once"
            row = _answered(asked, clients, port, keys)
            rate = row.number / row.seconds
            shares = f"{row.first / row.known:>8.1%}{row.matched / row.known:>8.1%}{row.wrong:>7}"
            print(f"{told:34}{rate:>9.0f}{LIST / rate:>9.0f} s{shares}", flush=True)


def asked_for(things: int, names: int, placed: bool) -> list[Asked]:
    """Names of the other directory, spread over all of it: those of its first half are in both."""
    step = max(1, things // names)
    found = []
    for number, row in enumerate(rows(things, 1)):
        if number % step == 0:
            beside = [{"pid": "addressLocality", "v": row[LOCALITY]}, {"pid": "postalCode", "v": row[POSTCODE]}]
            query = {"query": row[NAME], "type_strict": "should"} | ({"properties": beside} if placed else {})
            found.append(Asked(query, f"{number:07}" if number < things // 2 else ""))
    return found[:names]


def _answered(asked: Sequence[Asked], clients: int, port: int, keys: dict[str, str]) -> Row:
    shares = [asked[place::clients] for place in range(clients)]
    begun = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        answers = [each for share in pool.map(lambda share: _client(share, port), shares) for each in share]
    seconds = time.perf_counter() - begun
    known = first = matched = wrong = 0
    for one, result in answers:
        best = keys.get(result[0]["id"], "") if result else ""
        sure = bool(result and result[0]["match"])
        known += bool(one.key)
        first += bool(one.key) and best == one.key
        matched += sure
        wrong += sure and best != one.key
    return Row(seconds, len(asked), known, first, matched, wrong)


def _client(asked: Sequence[Asked], port: int) -> list[tuple[Asked, list[Any]]]:
    """Each name with its candidates, asked one batch after another on one connection."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    found: list[tuple[Asked, list[Any]]] = []
    for first in range(0, len(asked), BATCH):
        batch = asked[first : first + BATCH]
        queries = {f"q{place}": each.query for place, each in enumerate(batch)}
        body = urlencode({"queries": json.dumps(queries)})
        connection.request("POST", "/reconcile", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 200:
            raise OSError(f"status {answer.status}: {told.get('detail')}")
        found += [(each, told[f"q{place}"]["result"]) for place, each in enumerate(batch)]
    connection.close()
    return found
