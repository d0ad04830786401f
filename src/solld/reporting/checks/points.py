"""Coordinates that cannot be right: unreadable, zero, exchanged, outside of the country that the record says."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from solld.link.folding import degrees, folded
from solld.rdf import SCHEMA
from solld.reporting import borders
from solld.reporting.findings import INFO, VIOLATION, WARNING, Check, Finding, Kind, View, one, together
from solld.reporting.grouping import Groups
from solld.reporting.records import Record
from solld.sources.readings import READINGS

KINDS = (
    Kind("point_unreadable", VIOLATION),
    Kind("point_zero", VIOLATION),
    Kind("point_exchanged", VIOLATION),
    Kind("point_elsewhere", WARNING),
    Kind("point_nowhere", WARNING),
    Kind("point_shared", INFO),
    Kind("point_coarse", INFO),
)
NEAR = 5.0  # km outside of a country that may be the borders' fault, or a bridge
ABOUT = 50.0  # km that a point may be away from a country when its coordinates were exchanged: many are coarse too
COARSE = 2  # decimals of a degree, at most: a kilometre or more
DEGREE = 111_000  # metres of a degree of latitude, about


@dataclass
class Points:
    view: View
    places: Groups = field(default_factory=Groups)  # by their points; apart by their addresses

    def see(self, record: Record) -> Iterator[Finding]:
        yield from self._unreadable(record)
        latitude, longitude = record.text(SCHEMA.latitude), record.text(SCHEMA.longitude)
        if not latitude or not longitude:
            return
        column = self.view.column(SCHEMA.latitude.value, SCHEMA.longitude.value)
        value = f"{latitude}, {longitude}"
        point = degrees(latitude, longitude)
        if point is None:
            yield one("point_unreadable", record, column, value)
            return
        if found := wrong(*point, record.text(SCHEMA.addressCountry)):
            kind, weight, told = found
            yield one(kind, record, column, value, told, weight)
            return
        digits = max(len(each.partition(".")[2].rstrip("0")) for each in (latitude, longitude))
        if digits <= COARSE:
            yield one(
                "point_coarse", record, column, value, {"n": str(digits), "m": str(DEGREE // 10**digits)}, -digits
            )
        address = _address(record)
        if address:
            self.places.add((latitude, longitude), record.ref, value, apart=address)

    def _unreadable(self, record: Record) -> Iterator[Finding]:
        for column in self.view.columns_read("latitude", "longitude"):
            for cell in record.cells.get(column, ()):
                asked = [each for each in self.view.read[column] if each in ("latitude", "longitude")]
                if cell.strip() and not all(any(True for _ in READINGS[each](cell)) for each in asked):
                    yield one("point_unreadable", record, column, cell.strip())

    def end(self) -> Iterator[Finding]:
        column = self.view.column(SCHEMA.latitude.value, SCHEMA.longitude.value)
        for shown, refs in self.places.shared():
            yield together("point_shared", refs, column, shown)


def wrong(latitude: float, longitude: float, country: str) -> tuple[str, float, dict[str, str]] | None:
    """What is wrong with a point, in degrees, for a record that says a country: kind, weight, facts."""
    if latitude == 0 and longitude == 0:
        return "point_zero", 0, {}
    there = borders.countries_at(latitude, longitude)
    away = borders.distance(latitude, longitude, country) if country and country not in there else None
    if away is not None and away > NEAR:
        exchanged = abs(longitude) <= 90 and (borders.distance(longitude, latitude, country) or 0) <= ABOUT
        kind = "point_exchanged" if exchanged else "point_elsewhere" if there else "point_nowhere"
        where = {"where": there[0]} if there else {}
        return kind, away, {"country": country, "km": f"{away:.0f}"} | where
    if not there and not country:
        return "point_nowhere", 0, {"country": "", "km": ""}
    return None


def _address(record: Record) -> str:
    """What tells two addresses apart; "" for a record that has no street."""
    street = folded(record.text(SCHEMA.streetAddress))
    return f"{street}|{folded(record.text(SCHEMA.addressLocality))}" if street else ""


CHECK = Check("points", 3, KINDS, Points)
