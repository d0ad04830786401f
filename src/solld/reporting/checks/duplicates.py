"""Records that seem to be one: of one identifier, the same row, one name at one place, one number, one website."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from solld.rdf import DCT, SCHEMA, SKOS
from solld.reporting.findings import INFO, VIOLATION, WARNING, Check, Finding, Kind, View, together
from solld.reporting.folding import code, folded, page
from solld.reporting.records import Record, Ref

KINDS = (
    Kind("same_identifier", VIOLATION),
    Kind("same_row", WARNING),
    Kind("same_name", WARNING),
    Kind("same_number", WARNING),
    Kind("same_website", INFO),
)
DIGITS = 3  # of a point, for two to be one place: about 100 m
Groups = dict[str, list[Ref]]


@dataclass
class Duplicates:
    """What the records seen so far are known by; 100,000 records are some 100 MiB."""

    view: View
    things: Groups = field(default_factory=dict)
    rows: dict[int, list[Ref]] = field(default_factory=dict)
    names: Groups = field(default_factory=dict)
    numbers: Groups = field(default_factory=dict)
    websites: Groups = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)  # of numbers that are there twice
    shown: dict[str, str] = field(default_factory=dict)  # of what is compared, as it was written first

    def see(self, record: Record) -> Iterator[Finding]:
        ref = record.ref
        if record.thing:
            self.things.setdefault(record.id, []).append(ref)
        self.rows.setdefault(hash(tuple(sorted(record.cells.items()))), []).append(ref)
        for key, shown in _named(record).items():
            self._add(self.names, key, shown, ref)
        for agency, number in record.numbers:
            key = f"{agency} {code(number)}"
            if key in self.numbers:
                self.columns.setdefault(key, self._column(record, number) or agency)
            self._add(self.numbers, key, number, ref)
        for url in dict.fromkeys(record.texts(SCHEMA.url)):
            if key := page(url):
                self._add(self.websites, key, url, ref)
        yield from ()

    def _add(self, groups: Groups, key: str, shown: str, ref: Ref) -> None:
        found = groups.setdefault(key, [])
        if ref not in found:
            found.append(ref)
        self.shown.setdefault(key, shown)

    def _column(self, record: Record, number: str) -> str:
        """Which of the columns that the lift reads has a number."""
        wanted = code(number)
        cells = ((column, cell) for column in self.view.read for cell in record.cells.get(column, ()))
        return next((column for column, cell in cells if code(cell) == wanted), "")

    def end(self) -> Iterator[Finding]:
        same = {_places(refs) for refs in self.rows.values() if len(refs) > 1}
        for key, refs in _several(self.things, same):
            yield together("same_identifier", refs, self.view.column(DCT.identifier.value), key)
        for refs in self.rows.values():
            if len(refs) > 1:
                yield together("same_row", refs, "", refs[0].name or refs[0].id)
        known = same | {_places(refs) for refs in self.things.values() if len(refs) > 1}
        told: set[tuple[str, ...]] = set()
        for key, refs in _several(self.names, known):
            if _places(refs) not in told:  # one name may be at one place by its postcode, locality and point
                told.add(_places(refs))
                yield together("same_name", refs, self.view.column(SKOS.prefLabel.value), self.shown[key])
        for key, refs in _several(self.numbers, known):
            yield together("same_number", refs, self.columns[key], self.shown[key], register=key.partition(" ")[0])
        for key, refs in _several(self.websites, known):
            yield together("same_website", refs, self.view.column(SCHEMA.url.value), self.shown[key])


def _several(groups: Groups, known: set[tuple[str, ...]]) -> Iterator[tuple[str, list[Ref]]]:
    """The groups of more than one record that are not told of already."""
    return ((key, refs) for key, refs in groups.items() if len(refs) > 1 and _places(refs) not in known)


def _places(refs: list[Ref]) -> tuple[str, ...]:
    return tuple(ref.place for ref in refs)


def _named(record: Record) -> dict[str, str]:
    """What a record is called together with where it is, as far as both are known: compared -> shown."""
    name = folded(record.name)
    places = [f"p {code(each)}" for each in record.texts(SCHEMA.postalCode)[:1] if code(each)]
    places += [f"l {folded(each)}" for each in record.texts(SCHEMA.addressLocality)[:1] if folded(each)]
    latitude, longitude = record.text(SCHEMA.latitude), record.text(SCHEMA.longitude)
    if latitude and longitude:
        places.append(f"x {float(latitude):.{DIGITS}f} {float(longitude):.{DIGITS}f}")
    return {f"{name}|{place}": record.name for place in places} if name else {}


CHECK = Check("duplicates", 1, KINDS, Duplicates)
