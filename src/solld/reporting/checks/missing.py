"""What records lack: a name, a place, a point, a website, a description; what none of them has is said once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from solld.rdf import DCT, RDFS, SCHEMA, SKOS, NamedNode
from solld.reporting.findings import INFO, VIOLATION, WARNING, Check, Finding, Kind, View, one
from solld.reporting.records import Record, Ref

KINDS = (
    Kind("name_missing", VIOLATION),
    Kind("place_missing", WARNING),
    Kind("point_missing", INFO),
    Kind("website_missing", INFO),
    Kind("description_missing", INFO),
    Kind("never_given", INFO),
)
ADDRESS = (SCHEMA.addressLocality, SCHEMA.postalCode, SCHEMA.streetAddress)

MADE_OF = {
    "name_missing": (SKOS.prefLabel,),
    "point_missing": (SCHEMA.latitude, SCHEMA.longitude),
    "website_missing": (SCHEMA.url,),
    "description_missing": (DCT.description,),
}


def _any(*predicates: NamedNode) -> Callable[[Record], bool]:
    return lambda record: any(each.value in record.said for each in predicates)


HAS: dict[str, Callable[[Record], bool]] = {
    "name_missing": _any(SKOS.prefLabel),
    "place_missing": _any(*ADDRESS, SCHEMA.latitude),
    "point_missing": _any(SCHEMA.latitude),
    "website_missing": _any(SCHEMA.url, RDFS.seeAlso),
    "description_missing": _any(DCT.description, SCHEMA.description),
}


@dataclass
class Missing:
    view: View
    number: int = 0  # of records
    had: set[str] = field(default_factory=set)
    lacking: dict[str, list[Ref]] = field(default_factory=lambda: {kind: [] for kind in HAS})

    @cached_property
    def columns(self) -> dict[str, frozenset[str]]:
        """Kind -> columns whose cells stand for what is missing: one that cannot be read is told of already."""
        read = self.view.columns
        return {
            kind: frozenset(column for each in made for column in read.get(each.value, ()))
            for kind, made in MADE_OF.items()
        }

    def see(self, record: Record) -> Iterator[Finding]:
        has = {kind for kind, test in HAS.items() if test(record)}
        self.had |= has
        has |= {kind for kind, columns in self.columns.items() if columns & (record.cells.keys() | record.dropped)}
        self.number += bool(record.thing)
        if record.thing:
            ref = record.ref
            # Of what lies nowhere, it is said once that it does.
            for kind in HAS.keys() - has - ({"point_missing"} if "place_missing" not in has else set()):
                self.lacking[kind].append(ref)
        yield from ()

    def end(self) -> Iterator[Finding]:
        for kind, refs in self.lacking.items():
            if kind in self.had:
                yield from (one(kind, ref) for ref in refs)
            elif refs:
                what = kind.removesuffix("_missing")
                yield Finding("never_given", field=what, told={"n": str(self.number), "what": what})


CHECK = Check("missing", 6, KINDS, Missing)
