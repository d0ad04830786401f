"""How long it takes to harvest, lift, check and publish a large source, held against the engine's own bulk load."""

import csv
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from programs import SOLLD, Run, load, run

ROOT = Path(__file__).resolve().parent.parent
MIB = 2**20
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
HEADER = (
    *("Identifier", "Name", "Description", "Street Address", "Locality", "Region", "Postcode", "Country ID"),
    *("Website", "Latitude", "Longitude", "Activities", "Legal Form", "Companies House Number"),
)
WORDS = (
    "coop atelier jardin épicerie maison fabrique repair café vélo terre ferme lieu collectif solidaire local libre "
    "commun partage énergie habitat culture école théâtre"
).split()
FORMS = ("Society", "Company", "Association")
SAME = """import sys, pyoxigraph
from pathlib import Path
store = pyoxigraph.Store.read_only(sys.argv[1])
store.dump(sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
print(len(store))
"""
BULK = """import sys, pyoxigraph
store = pyoxigraph.Store(sys.argv[1])
store.bulk_load(path=sys.argv[2], format=pyoxigraph.RdfFormat.N_QUADS)
store.flush()
"""


def rows(number: int, renamed: int = 0) -> Iterator[list[str]]:
    """Records of a directory, the same everywhere; every `renamed`th has another name than without."""
    chance = random.Random(1)
    for n in range(number):
        town = chance.randrange(2000)
        name = " ".join(chance.choice(WORDS) for _ in range(3)).title() + f" {n}"
        yield [
            f"R{n:07}",
            f"{name} (new)" if renamed and n % renamed == 0 else name,
            "We are " + " ".join(chance.choice(WORDS) for _ in range(12)),
            f"{chance.randrange(200)} rue {chance.choice(WORDS)}",
            f"Ville {town}",
            f"Région {town % 20}",
            f"{10000 + town}",
            "FR",
            f"https://{chance.choice(FORMS).lower()}{n}.example/",
            f"{44 + chance.random() * 5:.6f}",
            f"{chance.random() * 5:.6f}",
            f"{chance.choice(WORDS)};{chance.choice(WORDS)}",
            chance.choice(FORMS),
            f"{n:08}",
        ]


def write(path: Path, number: int, renamed: int = 0) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(rows(number, renamed))


def measure(records: int) -> None:
    """Harvests and publishes one source, then with one record in a hundred renamed, and prints its table."""
    with tempfile.TemporaryDirectory(prefix="solld-bench-") as place:
        site, log = Path(place) / "site", Path(place) / "log"
        make(site)
        source = site / "directory.csv"
        write(source, records)
        adding = ("add-source", str(source), "--name", "directory", "--language", "fr", "--license", CC0)
        run((*SOLLD, *adding, "--site", str(site)), log)
        steps = {"harvest and lift": _solld(site, log, "harvest"), "check and build": _solld(site, log, "publish")}
        quads = Path(place) / "same.nq"
        run((sys.executable, "-c", SAME, str((site / "var/current/store").resolve()), str(quads)), log)
        number = sum(1 for _ in quads.open("rb"))
        bulk = run((sys.executable, "-c", BULK, str(Path(place) / "bulk"), str(quads)), log)
        write(source, records, 100)
        steps |= {"1 % harvested": _solld(site, log, "harvest"), "1 % built": _solld(site, log, "publish")}
        steps |= {
            "unchanged, harvested": _solld(site, log, "harvest"),
            "unchanged, built": _solld(site, log, "publish"),
        }
        _print(records, number, steps, bulk)


def make(site: Path) -> None:
    """A site with the ontology and queries of the bundled one, and no data."""
    site.mkdir()
    for name in ("ontology", "queries"):
        shutil.copytree(ROOT / name, site / name)
    shutil.copy(ROOT / "site.toml", site)
    (site / "data").mkdir()


def _solld(site: Path, log: Path, command: str) -> Run:
    return run((*SOLLD, command, "--site", str(site)), log)


def _print(records: int, quads: int, steps: dict[str, Run], bulk: Run) -> None:
    print(f"\n{records:,} records, {quads:,} quads in the store, merged view included{load()}")
    print(
        f"{'':28}{'seconds':>9}{'records/s':>11}{'quads/s':>11}{'of bulk load':>14}{'of full':>9}{'peak MiB':>10}",
        flush=True,
    )
    full = steps["harvest and lift"].seconds + steps["check and build"].seconds
    peak = max(steps["harvest and lift"].peak_bytes, steps["check and build"].peak_bytes)
    rows_ = [("bulk load of the engine", bulk.seconds, bulk.peak_bytes)]
    rows_ += [(name, each.seconds, each.peak_bytes) for name, each in steps.items()]
    rows_.insert(3, ("full: both", full, peak))
    for name, seconds, peak_bytes in rows_:
        print(
            f"{name:28}{seconds:>9.2f}{records / seconds:>11,.0f}{quads / seconds:>11,.0f}"
            f"{seconds / bulk.seconds:>14.2f}{seconds / full:>9.1%}{peak_bytes / MIB:>10.0f}",
            flush=True,
        )
