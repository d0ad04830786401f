"""The site that a browser visits: the bundled one with a directory, a second version, a merge, a withdrawal."""

import csv
import io
import re
import shutil
from collections.abc import Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path

from solld import build, ledger, release, site
from solld.cli import main
from solld.model import Settings
from solld.reporting import kept

ROOT = Path(__file__).parents[1]
DIRECTORY = "annuaire"  # the dataset that is harvested
TOWNS = (  # name, department, latitude, longitude
    *(("Grenoble", "38", 45.188, 5.724), ("Lyon", "69", 45.758, 4.835), ("Lille", "59", 50.629, 3.057)),
    *(("Nantes", "44", 47.218, -1.554), ("Rennes", "35", 48.117, -1.678), ("Pau", "64", 43.295, -0.371)),
)
KINDS = ("Régie de quartier", "Jardin partagé", "Épicerie solidaire", "Ressourcerie", "Café associatif")
COLUMNS = ("id", "name", "description", "street", "city", "postcode", "country", "website", "latitude", "longitude")


@dataclass(frozen=True)
class Visited:
    """A published site, and what stands for {names} in the paths of pages."""

    settings: Settings
    names: Mapping[str, str]
    host: str = ""  # where it is served

    def address(self, path: str) -> str:
        """The address of a page by the pattern of its path: /doc/{rers} -> http://127.0.0.1:8000/doc/5k2m..."""
        return f"http://{self.host}" + re.sub(r"\{([\w-]+)\}", lambda found: self.names[found[1]], path)


def visited(folder: Path, texts: Path) -> Visited:
    """Makes the site in a folder that does not exist; `texts` are the files that it quotes."""
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.toml", folder)
    published(folder, texts)
    file = folder / "annuaire.csv"
    write_directory(file)
    licence = "https://creativecommons.org/publicdomain/zero/1.0/"
    told(folder, "add-source", str(file), "--name", DIRECTORY, "--license", licence)
    told(folder, "harvest", DIRECTORY)
    told(folder, "report", DIRECTORY)
    actors = folder / "data/rers/actors.ttl"
    actors.write_text(
        actors.read_text("utf-8").replace("entreprises de type lutte", "entreprises du type lutte"), "utf-8"
    )
    published(folder, texts)
    ids = identifiers(folder)
    told(folder, "merge", ids["a2"], ids["a1"], "--why", "deux fiches de la même association")
    told(folder, "withdraw", ids["a3"], "--why", "l’association le demande")
    settings = published(folder, texts)
    key = kept.key_of(settings, DIRECTORY, False)
    return Visited(settings, {**ids, "report": f"/report/{DIRECTORY}/{key}"})


def identifiers(folder: Path) -> dict[str, str]:
    """source key -> identifier, over all datasets."""
    found = [ledger.read(path) for path in sorted(folder.glob("data/*/ids.csv"))]
    return {key: identifier for each in found for key, (identifier, _) in each.items()}


def published(folder: Path, texts: Path) -> Settings:
    """Publishes what a site holds now."""
    settings = replace(site.load(folder), text_folders=(texts,))
    made = build.build(settings).release
    assert made is not None
    release.publish(settings, made.number)
    return settings


def told(folder: Path, *command: str) -> None:
    """Runs a command of solld, without what it says."""
    with redirect_stdout(io.StringIO()):
        assert main([*command, "--site", str(folder), "--json"]) == 0, command


def write_directory(path: Path) -> None:
    """Sixty associations, some of which lack an address, a point or a website that exists."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for n in range(60):
            town, department, latitude, longitude = TOWNS[n % len(TOWNS)]
            kind = KINDS[n % len(KINDS)]
            point = ("", "") if n % 11 == 10 else (round(latitude + n / 700, 5), round(longitude + n / 500, 5))
            website = "" if n % 7 == 6 else f"https://asso-{n}.example.org/" if n % 13 else "htp:/asso"
            text = "Un lieu ouvert à toutes et à tous, tenu par ses membres." if n % 3 else ""
            address = (f"{n + 1} rue des Alliances", town, f"{department}000", "FR")
            rows.writerow((f"a{n}", f"{kind} de {town} {n + 1}", text, *address, website, *point))
