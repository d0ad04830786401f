"""The mix of queries: bench/queries/*.rq, with parameters that are drawn from the data, the same ones in every run."""

import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from directory import PREFIXES, SEED

HERE = Path(__file__).resolve().parent / "queries"
KNOWN = 2000  # values of a parameter that are drawn from, spread over all there are
RESULTS = "application/sparql-results+json"
TRIPLES = "application/n-triples"
PARAMETER = re.compile(r"\$(\w+)")
PREFIX = re.compile(r"\b(\w+):")


@dataclass(frozen=True)
class Query:
    """One of the mix: its texts differ in what was drawn for its parameters."""

    name: str
    texts: tuple[str, ...]
    accept: str
    ordered: bool


def load(store: pyoxigraph.Store, variants: int) -> list[Query]:
    """The mix over the data of a store, each query with so many draws of its parameters."""
    known = draws(store)
    return [_query(path, known, variants) for path in sorted(HERE.glob("*.rq"))]


def draws(store: pyoxigraph.Store) -> dict[str, list[str]]:
    """The terms that each parameter may have, as SPARQL writes them, by bench/queries/draws/*.rq."""
    return {
        path.stem: _drawn(store, path.read_text(encoding="utf-8")) for path in sorted((HERE / "draws").glob("*.rq"))
    }


def with_prefixes(text: str) -> str:
    """A query with the prefixes that it uses declared."""
    used = dict.fromkeys(name for name in PREFIX.findall(text) if name in PREFIXES)
    return "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in used) + text


def _drawn(store: pyoxigraph.Store, text: str) -> list[str]:
    found = store.query(with_prefixes(text))
    assert isinstance(found, pyoxigraph.QuerySolutions)
    values = sorted(str(solution[0]) for solution in found)
    return values[:: max(1, len(values) // KNOWN)]


def _query(path: Path, known: Mapping[str, Sequence[str]], variants: int) -> Query:
    text = "".join(line for line in path.read_text(encoding="utf-8").splitlines(keepends=True) if line[0] != "#")
    chance = random.Random(f"{SEED} {path.stem}")

    def variant() -> str:
        drawn = {name: known[name][int(chance.random() * len(known[name]))] for name in PARAMETER.findall(text)}
        return with_prefixes(PARAMETER.sub(lambda match: drawn[match[1]], text))

    texts = tuple(variant() for _ in range(variants)) if PARAMETER.search(text) else (with_prefixes(text),)
    return Query(path.stem, texts, TRIPLES if "CONSTRUCT" in text else RESULTS, "ORDER BY" in text)
