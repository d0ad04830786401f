"""A directory as `standard.csv`, which mykomap and the maps of the Digital Commons Co-operative import: 27 headers.

https://github.com/DigitalCommons/mykomap-monolith/blob/main/docs/data-pipeline.md
"""

import csv
import io
from typing import IO

from solld.exports import Export, Source
from solld.exports.directory import Entry, entries, identifier, is_there, tags

SEPARATOR = ";"  # of several values
HEADERS = (
    *("Identifier", "Name", "Description", "Organisational Structure", "Primary Activity", "Activities"),
    *("Street Address", "Locality", "Region", "Postcode", "Country ID", "Territory ID", "Website", "Phone", "Email"),
    *("Twitter", "Facebook", "Companies House Number", "Qualifiers", "Membership Type", "Latitude", "Longitude"),
    *("Geo Container", "Geo Container Confidence", "Geo Container Latitude", "Geo Container Longitude"),
    "Geocoded Address",
)
PLAIN = {  # header -> column
    "Organisational Structure": "structure",
    "Street Address": "street",
    "Locality": "locality",
    "Region": "region",
    "Postcode": "postcode",
    "Country ID": "country",
    "Phone": "phone",
    "Email": "email",
    "Membership Type": "membership",
}


def _standard(source: Source, out: IO[bytes]) -> None:
    languages = tags(source.settings)
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    table = csv.DictWriter(text, HEADERS, restval="")
    table.writeheader()
    table.writerows(_row(source, entry, languages) for entry in entries(source))
    text.detach()


def _row(source: Source, entry: Entry, languages: list[str]) -> dict[str, str]:
    activities, point = entry.texts("activity"), entry.point()
    row = {header: entry.first(column) for header, column in PLAIN.items()}
    return row | {
        "Identifier": identifier(source, entry),
        "Name": entry.spoken("name", languages),
        "Description": entry.spoken("description", languages),
        "Primary Activity": activities[0] if activities else "",
        "Activities": SEPARATOR.join(activities),
        "Website": SEPARATOR.join(entry.texts("website")),
        "Latitude": str(point[0]) if point else "",
        "Longitude": str(point[1]) if point else "",
    }


EXPORTS = (Export("standard.csv", "standard.csv", "text/csv; charset=utf-8; header=present", _standard, is_there),)
