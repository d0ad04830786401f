"""Records of which it is known who is who: sets that matching is measured with, and a half of each to learn from.

Of each set clusters, never records, are halved: what is measured has nothing that was learned from.
"""

import csv
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from solld.link.numbers import numbers_of
from solld.link.record import Record
from solld.sources.readings import country_code

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("SOLLD_SHARED", ROOT.parent / "shared")) / "data"


@dataclass(frozen=True)
class Labelled:
    """A set of records; what they are is known for all (`truth`), or for some pairs (`pairs`)."""

    name: str
    records: Mapping[str, Record]  # by id
    truth: Mapping[str, str] = field(default_factory=dict)  # id -> cluster
    pairs: Mapping[tuple[str, str], str] = field(default_factory=dict)  # pair -> same, related, different


def is_held_out(cluster: str) -> bool:
    """Whether a cluster is of the half that nothing is learned from."""
    return sha256(cluster.encode()).digest()[0] % 2 == 1


def half(found: Labelled, held_out: bool) -> Labelled:
    """The records of one half of the clusters."""
    kept = {each for each, cluster in found.truth.items() if is_held_out(cluster) == held_out}
    records = {each: record for each, record in found.records.items() if each in kept}
    return Labelled(found.name, records, {each: found.truth[each] for each in kept})


def chicago() -> Labelled:
    """Sites of several directories of one city, without numbers or websites."""
    records, truth = {}, {}
    for row in _rows("matching/chicago_early_learning_sites.csv"):
        key = f"c{row['Id']}"
        records[key] = _record(
            key, "", row["Site name"], street=row["Address"], postcode=row["Zip"], phone=row["Phone"]
        )
        truth[key] = row["True Id"]
    return Labelled("Chicago", records, truth)


def coops_uk() -> Labelled:
    """The co-operatives of 2016 and of 2023, seven years later, without the identifiers that both editions have."""
    records, truth = {}, {}
    for row in _rows("coops-uk/2016_open_data_organisations.csv"):
        key = f"2016-{row['CUK Organisation ID']}"
        records[key] = _record(
            key, "2016", row["Registered Name"], other=row["Trading Name"], street=row["Registered Street"],
            locality=row["Registered City"], postcode=row["Registered Postcode"], country="GB",
            region=row["Registered State/Province"],
        )  # fmt: skip
        truth[key] = row["CUK Organisation ID"]
    for row in _rows("coops-uk/2023-Q2_standard.csv"):
        records["2023-" + row["Identifier"]] = _coop_2023("2023-" + row["Identifier"], row)
        truth["2023-" + row["Identifier"]] = row["Identifier"]
    return Labelled("Co-ops UK", records, truth)


def editions() -> Labelled:
    """Two editions a year apart, in which trading names became registered names; both have websites and points.

    What one edition says of where a co-operative is, or of its website, is left out of two thirds of the records.
    """
    records, truth = {}, {}
    for year in ("2022", "2023"):
        for row in _rows(f"coops-uk/{year}-Q2_standard.csv"):
            key = f"{year}-{row['Identifier']}"
            record = _coop_2023(key, row, dataset=year)
            records[key] = _thinned(record, sha256(key.encode()).digest()[1] % 6)
            truth[key] = row["Identifier"]
    return Labelled("Editions", records, truth)


def _thinned(record: Record, how: int) -> Record:
    """A record without its address, its point, its place, its website, or as it is."""
    if how < 2:
        record = replace(record, streets=(), postcodes=(), points=())
    if how in (1, 2):
        record = replace(record, localities=(), regions=())
    if how in (2, 3):
        record = replace(record, streets=(), urls=())
    if how == 4:
        record = replace(record, points=(), regions=())
    return record


def judged() -> Labelled:
    """The pairs that people judged, among all records of their sources."""
    records = (
        _susy()
        | _tech()
        | {
            f"coops-uk-2023 {row['Identifier']}": _coop_2023(f"coops-uk-2023 {row['Identifier']}", row)
            for row in _rows("coops-uk/2023-Q2_standard.csv")
        }
    )
    pairs = {}
    for row in _rows("matching/labelled-pairs.csv"):
        one, other = sorted((f"{row['source_a']} {row['id_a']}", f"{row['source_b']} {row['id_b']}"))
        pairs[(one, other)] = row["label"]
    return Labelled("labelled pairs", records, pairs=pairs)


def _rows(path: str) -> Iterator[dict[str, str]]:
    with (DATA / path).open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _coop_2023(key: str, row: Mapping[str, str], dataset: str = "coops-uk") -> Record:
    return _record(
        key, dataset, row["Name"], street=row["Street Address"], locality=row["Locality"], region=row["Region"],
        postcode=row["Postcode"], country=row["Country ID"], url=row["Website"],
        point=(row["Latitude"], row["Longitude"]),
    )  # fmt: skip


def _tech() -> dict[str, Record]:
    found = {}
    for row in _rows("tech-coops/tech-coops.csv"):
        key = f"tech-coops {row['id']}"
        country = next((code for part in reversed(re.split("[,/]", row["place"])) if (code := country_code(part))), "")
        several = "/" in row["place"]
        found[key] = _record(
            key,
            "tech-coops",
            row["name"],
            locality=row["place"],
            url=row["website"],
            country="" if several else country,
        )
    return found


def _susy() -> dict[str, Record]:
    found = {}
    for each in json.loads((DATA / "susy-ssedas/susy-ssedas.geojson").read_text(encoding="utf-8"))["features"]:
        said, (east, north) = each["properties"], each["geometry"]["coordinates"]
        key = f"susy-ssedas {said['_id']}"
        found[key] = _record(
            key, "susy", said.get("name", ""), locality=said.get("addr:city", ""),
            postcode=said.get("addr:postcode", ""),
            street=f"{said.get('addr:street', '')} {said.get('addr:housenumber', '')}", point=(str(north), str(east)),
            country=said.get("addr:country", ""), url=said.get("website") or said.get("contact:website", ""),
        )  # fmt: skip
    return found


def _record(
    key: str, dataset: str, name: str, *, other: str = "", street: str = "", locality: str = "", region: str = "",
    postcode: str = "", country: str = "", url: str = "", phone: str = "", point: tuple[str, str] = ("", ""),
    number: tuple[str, str] = ("", ""),
) -> Record:  # fmt: skip
    """A record as a lift would make it."""

    def some(text: str) -> tuple[str, ...]:
        return (text.strip(),) if text.strip() else ()

    address = url.strip() if "://" in url or not url.strip() else f"http://{url.strip()}"
    return Record(
        id=key,
        datasets=some(dataset),
        names=tuple((text, "") for text in some(name)),
        other_names=tuple((text, "") for text in some(other) if text != name),
        streets=some(street),
        localities=some(locality),
        regions=some(region),
        postcodes=some(postcode),
        countries=some(country_code(country) or country),
        urls=some(address),
        phones=some(phone),
        points=((float(point[0]), float(point[1])),) if all(point) else (),
        numbers=numbers_of([number]) if number[1] else (),
    )
