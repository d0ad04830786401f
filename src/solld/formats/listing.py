"""The files that can be had of a release, as a page and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from solld.formats.html import ENVIRONMENT, Frame
from solld.messages import phrases
from solld.model import Settings

SHOWN = 50  # past releases on the page; all are in the JSON
TEMPLATE = ENVIRONMENT.get_template("dumps.html")


@dataclass(frozen=True)
class File:
    """A file; `of` is the name of the dataset, "" for the merged view."""

    of: str
    name: str  # of the format, for people
    path: str
    media_type: str


@dataclass(frozen=True)
class Listing:
    """What there is of a release, and where the releases before are."""

    settings: Settings
    number: int
    built: datetime
    files: tuple[File, ...]
    releases: tuple[tuple[int, datetime, str], ...]  # number, when it was built, path; newest first


def write_json(listing: Listing) -> bytes:
    told = {
        "release": listing.number,
        "built": listing.built.isoformat(),
        "license": listing.settings.license,
        "files": [
            {
                "dataset": f"{listing.settings.base}dataset/{file.of}" if file.of else None,
                "path": file.path,
                "checksum": f"{file.path}.sha256",
                "media_type": file.media_type,
            }
            for file in listing.files
        ],
        "releases": [
            {"release": number, "built": built.isoformat(), "path": path} for number, built, path in listing.releases
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def write_page(listing: Listing, language: str, release: int) -> bytes:
    t = phrases(language)
    rows: dict[str, list[File]] = {}
    for file in listing.files:
        rows.setdefault(file.of, []).append(file)
    releases: Sequence[tuple[int, str, str, str]] = [
        (number, built.isoformat(), t.day(built), path) for number, built, path in listing.releases[:SHOWN]
    ]
    variables = Frame(listing.settings, language, "", release).values()
    return TEMPLATE.render(
        variables, rows=rows, releases=releases, number=listing.number, built=listing.built, day=t.day(listing.built)
    ).encode()
