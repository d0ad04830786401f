"""How long `solld match` takes: two directories that share half of what they list, each in its own words."""

import csv
import json
import random
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from harvest import CC0, HEADER, MIB, make
from programs import SOLLD, Run, load, run
from words import KINDS, SYLLABLES, THINGS

TOWNS = 3_000
SOURCES = ("left", "right")
FORMS = ("", " SCOP", " (association)", " SCIC", " coop")


def rows(number: int, side: int, renamed: int = 0) -> Iterator[list[str]]:
    """The records of one of two directories; the first half of each is in both. Every `renamed`th is renamed."""
    for n in range(number):
        which = n if n < number // 2 else n + side * number
        chance = random.Random(which)
        town = chance.randrange(TOWNS)
        own = "".join(chance.choice(SYLLABLES) for _ in range(3))
        name = f"{chance.choice(KINDS)[0]} {chance.choice(('de', 'des', 'du'))} {chance.choice(THINGS)[0]} {own}"
        place = (44 + chance.random() * 5, chance.random() * 5)
        street = f"{chance.randrange(1, 200)} rue {''.join(chance.choice(SYLLABLES) for _ in range(2))}"
        said = random.Random(which * 2 + side)  # what the two say each in their own way
        if said.random() < 0.3:
            letter = said.randrange(len(name) - 1)
            name = name[:letter] + name[letter + 1 :]
        name = (name.upper() if said.random() < 0.2 else name) + said.choice(FORMS)
        yield [
            f"{SOURCES[side]}{n:07}",
            f"{name} (nouveau)" if renamed and n % renamed == 0 else name,
            "",
            street if said.random() < 0.7 else "",
            f"Ville-{town}",
            f"Région {town % 20}",
            f"{10000 + town}" if said.random() < 0.8 else "",
            "FR",
            f"https://{own}{which}.example/" if said.random() < 0.5 else "",
            f"{place[0] + said.gauss(0, 0.002):.6f}",
            f"{place[1] + said.gauss(0, 0.002):.6f}",
            "",
            "",
            f"{which:08}" if side and said.random() < 0.1 else "",
        ]


def write(path: Path, number: int, side: int, renamed: int = 0) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(rows(number, side, renamed))


def measure(records: int) -> None:
    """Matches two directories of so many records, then with one in a hundred renamed, then unchanged."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as place:
        site, log = Path(place) / "site", Path(place) / "log"
        make(site)
        for side, name in enumerate(SOURCES):
            write(site / f"{name}.csv", records, side)
            adding = ("add-source", str(site / f"{name}.csv"), "--name", name, "--language", "fr", "--license", CC0)
            run((*SOLLD, *adding, "--site", str(site)), log)
            _solld(site, log, "harvest", name)
        _solld(site, log, "publish")
        steps = {"all": _matched(site, log)}
        found = _found(site)
        steps["unchanged"] = _matched(site, log)
        write(site / "left.csv", records, 0, 100)
        _solld(site, log, "harvest", "left")
        _solld(site, log, "publish")
        steps["1 % renamed"] = _matched(site, log)
        _print(records, steps, found)


def _solld(site: Path, log: Path, *command: str) -> Run:
    return run((*SOLLD, *command, "--site", str(site)), log)


def _matched(site: Path, log: Path) -> tuple[Run, int]:
    """What it took, and how many pairs were compared."""
    took = _solld(site, log, "match", "--dry-run", "--json")
    text = log.read_text(encoding="utf-8")
    return took, int(json.loads(text[text.index("{") :])["compared"])


def _found(site: Path) -> tuple[int, int, int]:
    """(pairs that are the same and are said to be, that are certain, that are certain and wrong)."""
    key: dict[str, str] = {}
    for name in SOURCES:
        with (site / f"data/{name}/ids.csv").open(encoding="utf-8") as file:
            key |= {row["id"]: row["key"] for row in csv.DictReader(file)}
    right = certain = wrong = 0
    with sqlite3.connect(site / "var/match/candidates.sqlite") as db:
        for one, other, sure in db.execute("SELECT one, other, certain FROM candidate WHERE verdict = 'same'"):
            same = key[one][-7:] == key[other][-7:] and key[one] != key[other]
            right, certain, wrong = right + same, certain + sure, wrong + (sure and not same)
    return right, certain, wrong


def _print(records: int, steps: dict[str, tuple[Run, int]], found: tuple[int, int, int]) -> None:
    print(f"\n{records:,} records against {records:,}, of which {records // 2:,} are the same{load()}")
    print(f"{'':28}{'seconds':>9}{'pairs':>12}{'of all':>9}{'peak MiB':>10}")
    for name, (took, pairs) in steps.items():
        share = took.seconds / steps["all"][0].seconds
        print(f"{name:28}{took.seconds:>9.1f}{pairs:>12,}{share:>9.1%}{took.peak_bytes / MIB:>10.0f}", flush=True)
    print(f"said to be the same, and are: {found[0]:,}; certain: {found[1]:,}, of which wrong: {found[2]:,}")
