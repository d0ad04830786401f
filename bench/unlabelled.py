"""A model that learns without labels, splink's, on the records that solld is measured with.

It runs in a process of its own: columns of what records say go in, probabilities of pairs come out.
"""

import csv
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import peers
from labelled import Labelled
from measuring import Pair
from programs import run

from solld.link.record import Record

REQUIREMENTS = peers.PINNED / "splink.txt"
NAME = next(each.replace("==", " ") for each in REQUIREMENTS.read_text().split() if each.startswith("splink=="))
SCRIPT = peers.PINNED / "splink_pairs.py"
PYTHON = peers.HOME / "splink" / "bin" / "python"
COLUMNS = ("id", "dataset", "name", "other_name", "street", "postcode", "locality", "url", "phone")


@dataclass(frozen=True)
class Answer:
    """What it makes of a set."""

    scores: dict[Pair, float]  # probability of each pair that was compared
    seconds: float  # of CPU, with what it takes to start and to learn

    def from_on(self, least: float, among: Collection[str]) -> set[Pair]:
        """Pairs of the records that count, with at least this probability."""
        return {(a, b) for (a, b), score in self.scores.items() if score >= least and a in among and b in among}


def install() -> None:
    """Failed where it cannot be."""
    with TemporaryDirectory() as folder:
        peers.install_python(Path(folder) / "log", "splink", REQUIREMENTS.name)


def answer(whole: Labelled) -> Answer:
    with TemporaryDirectory() as folder:
        records, pairs = Path(folder) / "records.csv", Path(folder) / "pairs.csv"
        with records.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows((COLUMNS, *map(_row, whole.records.values())))
        # Isolated, for it shall find no module of ours; PYTHONPATH names them.
        took = run((str(PYTHON), "-I", str(SCRIPT), str(records), str(pairs)), Path(folder) / "log")
        with pairs.open(encoding="utf-8", newline="") as file:
            found = {_pair(row["one"], row["other"]): float(row["probability"]) for row in csv.DictReader(file)}
    return Answer(found, took.cpu_seconds)


def _row(record: Record) -> tuple[str, ...]:
    names = [text for text, _ in record.names]
    others = [text for text, _ in record.other_names]
    where = (record.streets, record.postcodes, record.localities)
    said = (record.datasets, names, others, *where, record.urls, record.phones)
    return record.id, *(next(iter(each), "") for each in said)


def _pair(one: str, other: str) -> Pair:
    return (one, other) if one < other else (other, one)


def connected(pairs: Iterable[Pair]) -> list[frozenset[str]]:
    """The connected components of a graph, each as the records in it."""
    of: dict[str, set[str]] = {}
    for one, other in pairs:
        mine, theirs = of.setdefault(one, {one}), of.setdefault(other, {other})
        if mine is not theirs:
            mine |= theirs
            of.update(dict.fromkeys(theirs, mine))
    return [frozenset(each) for each in {id(each): each for each in of.values()}.values()]
