"""Writes sites about lighthouses: the tests' tiny site, as large as one likes and always the same."""

import csv
import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

TINY = Path(__file__).resolve().parent.parent / "tests" / "sites" / "tiny"
TRIPLES = 12  # that are said of a lighthouse and its signal
COASTS = ("Cap", "Pointe", "Roche", "Île", "Banc", "Récif", "Anse", "Grève")
COLOURS = ("white", "red", "green", "yellow")
PREFIXES = """@prefix light: <https://lights.example/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix owner: <https://lights.example/scheme/owners/> .

"""
DATASET = """@prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<> a dcat:Dataset ; dct:title "Coast {number}"@en, "Côte {number}"@fr ;
  dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .
"""
LIGHTHOUSE = """<k{n}> a light:Lighthouse ; skos:prefLabel "{name} light"@en, "Phare de {name}"@fr ;
  light:height {height} ; geo:lat {latitude:.4f} ; geo:long {longitude:.4f} ; light:owner owner:state ;
  light:signal <k{n}#signal> ; light:sees <k{next}>, <k{far}> .
<k{n}#signal> a light:Signal ; skos:prefLabel "{flashes} {colour} flashes"@en .
"""


@dataclass(frozen=True)
class Site:
    """A generated site: `lighthouses` in each of its datasets."""

    folder: Path
    datasets: int
    lighthouses: int

    @classmethod
    def of(cls, folder: Path, triples: int, datasets: int) -> "Site":
        return cls(folder, datasets, max(1, triples // TRIPLES // datasets))

    @property
    def triples(self) -> int:
        return self.datasets * self.lighthouses * TRIPLES

    def write(self) -> None:
        """The whole site, in a new folder."""
        shutil.copytree(TINY, self.folder, ignore=shutil.ignore_patterns("data", "var"))
        for number in range(self.datasets):
            self._folder(number).mkdir(parents=True)
            (self._folder(number) / "dataset.ttl").write_text(DATASET.format(number=number), encoding="utf-8")
            self.raise_towers(number, (), 0)

    def raise_towers(self, dataset: int, towers: Collection[int], metres: int) -> None:
        """Writes the file of a dataset, with some of its lighthouses higher than at first."""
        lines = (self._lighthouse(dataset, n, metres if n in towers else 0) for n in range(self.lighthouses))
        with (self._folder(dataset) / "lights.ttl").open("w", encoding="utf-8") as file:
            file.write(PREFIXES)
            file.writelines(lines)

    def raise_spread(self, number: int, metres: int) -> None:
        """Raises so many lighthouses, as many in each dataset as in the others."""
        for dataset in range(self.datasets):
            share = len(range(dataset, number, self.datasets))
            self.raise_towers(dataset, range(share), metres)

    def identifiers(self) -> Iterator[str]:
        """The identifiers of the lighthouses; there are none before the site is published."""
        for dataset in range(self.datasets):
            with (self._folder(dataset) / "ids.csv").open(encoding="utf-8", newline="") as file:
                yield from (row["id"] for row in csv.DictReader(file) if row["key"].startswith("k"))

    def _folder(self, dataset: int) -> Path:
        return self.folder / "data" / f"coast-{dataset}"

    def _lighthouse(self, dataset: int, n: int, metres: int) -> str:
        place = dataset * self.lighthouses + n
        return LIGHTHOUSE.format(
            n=n,
            name=f"{COASTS[place % len(COASTS)]} {place}",
            height=f"{place % 71 + metres}.{place % 9 + 1}",
            latitude=place * 7 % 180_000 / 1000 - 90,
            longitude=place * 11 % 360_000 / 1000 - 180,
            next=(n + 1) % self.lighthouses,
            far=(n * 7 + 3) % self.lighthouses,
            flashes=place % 5 + 1,
            colour=COLOURS[place % len(COLOURS)],
        )
