"""GeoJSON: a row for each feature, with its properties, and its point if it has one. RFC 7946"""

import re
from collections.abc import Iterator
from typing import IO, Any

from solld.sources import Row, Source
from solld.sources.objects import flat, rows

STANDARD = "https://www.rfc-editor.org/info/rfc7946"
BEGINS = re.compile(rb'"type"\s*:\s*"FeatureCollection"|"features"\s*:\s*\[')


def likes(head: bytes) -> float:
    return 0.9 if BEGINS.search(head) and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{" else 0.0


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """Columns are the properties, `id` of the feature, and `longitude` and `latitude`, in degrees, WGS 84.

    A feature that is no point has `geometry`, which says what it is.
    """
    return rows(file, _cells)


def _cells(feature: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    geometry = feature.get("geometry") or {}
    kind, point = geometry.get("type"), geometry.get("coordinates")
    if kind == "MultiPoint" and isinstance(point, list) and len(point) == 1:
        kind, point = "Point", point[0]
    cells = flat(feature.get("properties") or {})
    if "id" in feature and feature["id"] is not None:
        cells.setdefault("id", (str(feature["id"]),))
    if kind and kind != "Point":
        cells.setdefault("geometry", (str(kind),))  # so that it can be told which features have no point
    elif isinstance(point, list) and len(point) >= 2:
        cells |= {"longitude": (str(point[0]),), "latitude": (str(point[1]),)}
    return cells


SOURCE = Source("geojson", "GeoJSON", STANDARD, ("application/geo+json", "application/vnd.geo+json"), likes, read)
