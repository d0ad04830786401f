"""Records that seem to be one: of one identifier, the same row, one name at one place, one number, one website."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from solld.link.folding import code, degrees, folded, page
from solld.rdf import DCT, SCHEMA, SKOS
from solld.reporting.findings import INFO, VIOLATION, WARNING, Check, Finding, Kind, View, together
from solld.reporting.grouping import Groups
from solld.reporting.records import Record, Ref

KINDS = (
    Kind("same_identifier", VIOLATION),
    Kind("same_row", WARNING),
    Kind("same_name", WARNING),
    Kind("same_number", WARNING),
    Kind("same_website", INFO),
)
DIGITS = 3  # of a point, for two to be one place: about 100 m


@dataclass
class Duplicates:
    view: View
    things: Groups = field(default_factory=Groups)
    rows: Groups = field(default_factory=Groups)
    names: Groups = field(default_factory=Groups)
    numbers: Groups = field(default_factory=Groups)
    websites: Groups = field(default_factory=Groups)
    columns: dict[str, str] = field(default_factory=dict)  # number that is there twice -> its column

    def see(self, record: Record) -> Iterator[Finding]:
        ref = record.ref
        if record.thing:
            self.things.add(record.thing, ref, record.id)
        self.rows.add(tuple(sorted(record.cells.items())), ref, record.name or record.id)
        for place in _places(record):
            self.names.add((folded(record.name), place), ref, record.name)
        for agency, number in record.numbers:
            if self.numbers.add((agency, code(number)), ref, f"{agency} {number}"):
                self.columns.setdefault(f"{agency} {code(number)}", self._column(record, number) or agency)
        for url in dict.fromkeys(record.texts(SCHEMA.url)):
            if key := page(url):
                self.websites.add(key, ref, url)
        yield from ()

    def _column(self, record: Record, number: str) -> str:
        """Which of the columns that the lift reads has a number."""
        wanted = code(number)
        cells = ((column, cell) for column in self.view.read for cell in record.cells.get(column, ()))
        return next((column for column, cell in cells if code(cell) == wanted), "")

    def end(self) -> Iterator[Finding]:
        known: set[tuple[Ref, ...]] = set()  # those that are told of already, by what is surer
        for shown, refs in self.rows.shared():
            known.add(tuple(refs))
            yield together("same_row", refs, "", shown)
        for shown, refs in _fresh(self.things, known):
            yield together("same_identifier", refs, self.view.column(DCT.identifier.value), shown)
        for shown, refs in _fresh(self.names, known):
            yield together("same_name", refs, self.view.column(SKOS.prefLabel.value), shown)
        for shown, refs in _fresh(self.numbers, set(known)):
            register, _, number = shown.partition(" ")
            yield together("same_number", refs, self.columns[f"{register} {code(number)}"], number, register=register)
        for shown, refs in _fresh(self.websites, set(known)):
            yield together("same_website", refs, self.view.column(SCHEMA.url.value), shown)


def _fresh(groups: Groups, known: set[tuple[Ref, ...]]) -> Iterator[tuple[str, list[Ref]]]:
    """The groups that are not known yet; they are then."""
    for shown, refs in groups.shared():
        if tuple(refs) not in known:
            known.add(tuple(refs))
            yield shown, refs


def _places(record: Record) -> Iterator[str]:
    """Where a record with a name is, by each way in which that is known."""
    if not folded(record.name):
        return
    if postcode := code(record.text(SCHEMA.postalCode)):
        yield f"postcode {postcode}"
    if locality := folded(record.text(SCHEMA.addressLocality)):
        yield f"locality {locality}"
    if point := degrees(record.text(SCHEMA.latitude), record.text(SCHEMA.longitude)):
        yield f"point {point[0]:.{DIGITS}f} {point[1]:.{DIGITS}f}"


CHECK = Check("duplicates", 1, KINDS, Duplicates)
