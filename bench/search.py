"""Searches of a million things: how long a page takes, and how long SQLite's FTS5 takes for the names alone.

The things of a directory of 20,000, again and again, each with a word of its own, so that words are as frequent as in
real names. In the same run, on the same queries: solld's page of results with its facets, tantivy's answer within it,
and FTS5's rows without any facet. Times are of one core, in milliseconds.
"""

import random
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from harvest import CC0, make
from programs import SOLLD, load, run
from twice import write

from solld import ontology, release, site
from solld.finding import asked, telling
from solld.finding.finder import Finder
from solld.formats import search as shown
from solld.link.folding import folded
from solld.model import Ontology, Settings
from solld.rdf import triple as plain
from solld.search import fields, index, words
from solld.stores.embedded import EmbeddedStore

THINGS = 20_000  # of the directory that is multiplied
QUERIES = 500
SYLLABLES = "ba do ri ka lu me no pi ta ve zo shi".split()


def measure(number: int) -> None:
    """Publishes a directory, makes an index of so many things of it, searches it, and prints the table."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as place:
        folder, log = Path(place) / "site", Path(place) / "log"
        make(folder)
        write(folder / "left.csv", min(THINGS, number), 0)
        adding = ("add-source", str(folder / "left.csv"), "--name", "left", "--language", "fr", "--license", CC0)
        for command in (adding, ("harvest", "left"), ("publish",)):
            run((*SOLLD, *command, "--site", str(folder)), log)
        settings = site.load(folder)
        opened = release.current(settings)
        assert opened is not None
        store = EmbeddedStore.open(opened.folder / "store")
        triples = [plain(quad) for quad in store.quads(None, None, None, site.ontology_graph(settings))]
        display = ontology.read(triples)
        declared = fields.read(triples, display)
        before = index.Index(opened.folder / "search", index.VERSION)
        began = time.perf_counter()
        index.update(Path(place) / "search", multiplied(before, declared, number), ())
        took = time.perf_counter() - began
        million = index.Index(Path(place) / "search", index.VERSION)
        names = _sqlite(Path(place) / "fts.sqlite", million)
        finder = Finder(million, declared, store)
        print(f"\n{number:,} things, indexed in {took:.0f} s{load()}")
        _print(settings, finder, display, release.prefixes(opened), names)
        names.close()


def _print(
    settings: Settings, finder: Finder, display: Ontology, prefixes: Mapping[str, str], names: sqlite3.Connection
) -> None:
    teller = telling.Teller(finder, display, settings.base, prefixes, ("fr", "en", ""), "fr", labels={})
    chance = random.Random(1)
    queries = [asked.read(each, finder.fields, settings.base, prefixes) for each in mixed(finder.index, chance)]

    def page(query: asked.Asked) -> None:
        shown.page(settings, "fr", "", 1, teller.listing(finder.find(query)))

    def rows(query: asked.Asked) -> None:
        match = " ".join(f'"{word}"*' for word in words.asked(query.text))
        if match:
            names.execute("SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT 20", (match,)).fetchall()

    print(f"{'':34}{'p50':>8}{'p95':>8}{'p99':>8}{'of FTS5':>10}")
    found = {
        title: times(each, queries)
        for title, each in (
            ("solld: the page, facets and all", page),
            ("tantivy: the answer within it", lambda each: finder.find(each, facets=False)),
            ("SQLite FTS5: names alone", rows),
            ("solld again: facets are kept", page),
        )
    }
    peer = found["SQLite FTS5: names alone"][1]
    for title, taken in found.items():
        print(f"{title:34}" + "".join(f"{value:8.1f}" for value in taken) + f"{taken[1] / peer:10.2f}", flush=True)


def multiplied(before: index.Index, declared: fields.Fields, number: int) -> Iterator[index.Entry]:
    """The things of an index until there are so many, each with a word that few have."""
    chance = random.Random(2)
    hits = before.find(index.Wanted(), 100_000)
    things = [hit for hit in hits if hit.row.get("n")]
    values = {hit.iri: _values(before, hit.iri, declared) for hit in things}
    for each in range(number):
        hit = things[each % len(things)]
        word = "".join(chance.choices(SYLLABLES, k=4))
        names = [f"{name} {word}" for name in hit.row["n"].values()]
        spoken = [found for name in names for found in words.words(name)]
        texts = [*hit.row.get("d", {}).values(), *hit.row.get("p", ()), *hit.row.get("o", ())]
        point = hit.row.get("x")
        yield index.Entry(
            f"{hit.iri}-{each}",
            spoken,
            {*spoken, *words.all_of(texts)},
            [folded(name) for name in names],
            values[hit.iri],
            (point[0], point[1]) if point else None,
            10,
            folded(names[0]),
            dict(hit.row) | {"n": dict(zip(hit.row["n"], names, strict=True))},
        )


def _values(before: index.Index, iri: str, declared: fields.Fields) -> dict[str, list[str]]:
    found = before.values(iri, [each.name for each in declared.facets])
    return {name: [value for value, _ in counted] for name, counted in found.items()}


def _sqlite(path: Path, million: index.Index) -> sqlite3.Connection:
    names = sqlite3.connect(path)
    names.execute(
        "CREATE VIRTUAL TABLE names USING fts5(name, tokenize=\"unicode61 remove_diacritics 2\", prefix='2 3 4')"
    )
    step = 50_000
    for offset in range(0, million.size, step):
        hits = million.find(index.Wanted(), step, offset)
        rows = [(" ".join((*hit.row["n"].values(), *hit.row.get("d", {}).values())),) for hit in hits]
        names.executemany("INSERT INTO names (name) VALUES (?)", rows)
    names.commit()
    return names


def mixed(million: index.Index, chance: random.Random) -> Iterator[list[tuple[str, str]]]:
    """What people ask: names whole, begun and misspelt, words with a place, places and kinds alone, boxes of a map."""
    for _ in range(QUERIES):
        (hit,) = million.find(index.Wanted(), 1, chance.randrange(min(million.size, 20_000)))
        name = next(iter(hit.row["n"].values()))
        spoken = [word for word in name.split() if len(word) > 3] or [name]
        place = (hit.row.get("p") or [name])[0]
        yield chance.choices(
            [
                [("q", name)],
                [("q", " ".join(spoken[:2]))],
                [("q", chance.choice(spoken)[: chance.randint(4, 7)])],
                [("q", misspelt(max(spoken, key=len), chance))],
                [("q", f"{chance.choice(spoken)} {place}")],
                [("locality", place)],
                [("q", chance.choice(spoken)), ("country", "FR")],
                box(hit, chance),
            ],
            [25, 20, 10, 10, 15, 8, 7, 5],
        )[0]


def misspelt(word: str, chance: random.Random) -> str:
    place = chance.randrange(1, max(2, len(word) - 1))
    return word[:place] + word[place + 1 : place + 2] + word[place : place + 1] + word[place + 2 :]


def box(hit: index.Hit, chance: random.Random) -> list[tuple[str, str]]:
    north, east = hit.row.get("x", [51.5, 0.1])
    size = chance.choice([0.05, 0.2, 1.0])
    return [
        ("bbox", f"{max(-180, east - size)},{max(-90, north - size)},{min(180, east + size)},{min(90, north + size)}")
    ]


def times(run: Callable[[asked.Asked], object], queries: list[asked.Asked]) -> list[float]:
    taken = []
    for query in queries:
        began = time.process_time()
        run(replace(query))
        taken.append((time.process_time() - began) * 1000)
    taken.sort()
    return [taken[int(len(taken) * share)] for share in (0.5, 0.95, 0.99)]
