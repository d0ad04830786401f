"""Random queries over the directory, always the same ones: connected patterns, and what SPARQL puts around them."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from mix import with_prefixes

# What is said of a thing of each kind: predicate -> the kind of its value.
SAID: Mapping[str, Mapping[str, str]] = {
    "organisation": {
        "dir:place": "town",
        "dir:type": "type",
        "dir:value": "value",
        "dir:field": "concept",
        "dir:memberOf": "organisation",
        "dir:cooperatesWith": "organisation",
        "dct:source": "source",
        "skos:prefLabel": "text",
        "skos:altLabel": "text",
        "dct:identifier": "text",
        "dct:description": "text",
        "foaf:homepage": "page",
        "dir:founded": "date",
        "dct:modified": "moment",
        "dir:employees": "number",
        "geo:lat": "number",
        "gsp:asWKT": "point",
    },
    "town": {"dir:within": "region", "skos:prefLabel": "text", "dir:population": "number", "geo:long": "number"},
    "region": {"dir:within": "country", "skos:prefLabel": "text"},
    "country": {"skos:prefLabel": "text"},
    "membership": {
        "dir:member": "organisation",
        "dir:network": "organisation",
        "dir:role": "concept",
        "dir:since": "date",
        "prov:wasDerivedFrom": "excerpt",
    },
    "excerpt": {"dir:quotation": "text", "dct:date": "date", "dct:source": "source"},
    "source": {"dct:title": "text", "dct:issued": "date"},
    "concept": {"skos:prefLabel": "text", "skos:broader": "concept"},
    "type": {"skos:prefLabel": "text"},
    "value": {"skos:prefLabel": "text", "skos:broader": "concept"},
}
STARTS = ("organisation", "organisation", "organisation", "town", "membership", "excerpt")
FILTERS: Mapping[str, Sequence[str]] = {
    "text": (
        'LANG({v}) = "fr"',
        'LANGMATCHES(LANG({v}), "e*")',
        'CONTAINS(LCASE(STR({v})), "o")',
        'REGEX(STR({v}), "^[A-M]", "i")',
        "STRLEN(STR({v})) > 20",
    ),
    "number": ("{v} > 40", "{v} * 2 < 90.5", "{v} IN (1, 2, 3, 42)", "ISNUMERIC({v}) && ABS({v}) >= 3"),
    "date": ('{v} >= "1990-01-01"^^xsd:date', '{v} != "2000-01-01"^^xsd:date'),
    "moment": ("MONTH({v}) = 3", 'YEAR({v}) = 2025 && {v} > "2025-06-01T00:00:00Z"^^xsd:dateTime'),
    "page": ('CONTAINS(STR({v}), "1")', "ISIRI({v})"),
    "point": ('STRSTARTS(STR({v}), "POINT(1")', "DATATYPE({v}) = gsp:wktLiteral"),
}
BINDS: Mapping[str, Sequence[str]] = {
    "text": ("UCASE(STR({v}))", 'CONCAT(STR({v}), " · ", LANG({v}))', "STRLEN({v})", "SUBSTR(STR({v}), 1, 4)"),
    "number": ("{v} + 1", "{v} / 3", "CEIL({v})", "xsd:double({v})"),
    "date": ("STR({v})", 'IF({v} < "2000-01-01"^^xsd:date, "before", "after")'),
    "moment": ("HOURS({v})", "STRDT(STR({v}), xsd:string)"),
    "page": ("STR({v})", "ENCODE_FOR_URI(STR({v}))"),
    "point": ("STRAFTER(STR({v}), '(')",),
}
AGGREGATES: Mapping[str, Sequence[str]] = {
    "number": ("SUM({v})", "AVG({v})", "MIN({v})", "MAX({v})"),
    "date": ("MIN({v})", "MAX({v})"),
    "text": ("COUNT(DISTINCT {v})", "MIN(STR({v}))"),
}
Chosen = TypeVar("Chosen")
SOLUTIONS = ("json", "xml", "csv", "tsv")
GRAPHS = ("nt", "ttl")


@dataclass(frozen=True)
class Asked:
    """A query, the extension of the format that it is asked in, and whether its rows have an order."""

    text: str
    format: str
    ordered: bool


class Chance:
    """Makes queries; `known` are terms of each kind that the data has."""

    def __init__(self, seed: int, known: Mapping[str, Sequence[str]]):
        self.random = random.Random(seed)
        self.known = known

    def query(self) -> Asked:
        """One query. Where there is a LIMIT, all variables are in the order, so that the rows are the same ones."""
        self.kinds: dict[str, str] = {}
        where = self._pattern()
        draw = self.random.random()
        if draw < 0.07:
            return Asked(with_prefixes(f"ASK {{ {where} }}"), self._one(("json", "xml")), True)
        if draw < 0.12:
            variable = self._one(list(self.kinds))
            limited = f"{{ SELECT {variable} WHERE {{ {where} }} ORDER BY {variable} LIMIT 2 }}"
            return Asked(with_prefixes(f"DESCRIBE {variable} WHERE {limited}"), self._one(GRAPHS), False)
        if draw < 0.3:
            made = " . ".join(self._made() for _ in range(1 + self._of(2)))
            return Asked(with_prefixes(f"CONSTRUCT {{ {made} }} WHERE {{ {where} }}"), self._one(GRAPHS), False)
        if draw < 0.5:
            return self._grouped(where)
        return self._selected(where)

    def _selected(self, where: str) -> Asked:
        shown = sorted(self.random.sample(sorted(self.kinds), 1 + self._of(len(self.kinds))))
        text = f"SELECT {'DISTINCT ' if self._chance(0.3) else ''}{' '.join(shown)} WHERE {{ {where} }}"
        ordered = self._chance(0.4)
        if ordered:
            keys = " ".join(f"DESC({name})" if self._chance(0.3) else name for name in shown)
            text += f" ORDER BY {keys}" + (
                f" LIMIT {1 + self._of(50)} OFFSET {self._of(9)}" if self._chance(0.5) else ""
            )
        return Asked(with_prefixes(text), self._one(SOLUTIONS), ordered)

    def _grouped(self, where: str) -> Asked:
        by = self._one(sorted(self.kinds))
        measured = [(name, kind) for name, kind in self.kinds.items() if kind in AGGREGATES and name != by]
        name, kind = self._one(measured) if measured else (by, "")
        made = [f"({self._one(AGGREGATES[kind]).format(v=name)} AS ?made)"] if measured else []
        text = f"SELECT {by} (COUNT(*) AS ?number) {' '.join(made)} WHERE {{ {where} }} GROUP BY {by}"
        if self._chance(0.3):
            text += " HAVING (COUNT(*) > 1)"
        ordered = self._chance(0.5)
        return Asked(with_prefixes(text + (f" ORDER BY DESC(?number) {by}" * ordered)), self._one(SOLUTIONS), ordered)

    def _pattern(self) -> str:
        start = self._one(STARTS)
        self.kinds["?v0"] = start
        parts = [self._step("?v0") for _ in range(1 + self._of(3))]
        if self._chance(0.4):
            parts.insert(0, self._anchor())
        if self._chance(0.3):
            parts.append(f"OPTIONAL {{ {self._step(self._thing())} }}")
        if self._chance(0.2):
            thing = self._thing()
            parts.append(f"{{ {self._step(thing)} }} UNION {{ {self._step(thing)} }}")
        if self._chance(0.15):
            thing = self._thing()
            predicate = self._one(sorted(SAID[self.kinds[thing]]))
            parts.append(f"FILTER {self._one(('NOT ', ''))}EXISTS {{ {thing} {predicate} ?other }}")
        for table, form in ((FILTERS, "FILTER({made})"), (BINDS, "BIND({made} AS ?made{number})")):
            fit = [(name, kind) for name, kind in self.kinds.items() if kind in table]
            if fit and self._chance(0.3):
                name, kind = self._one(fit)
                parts.append(form.format(made=self._one(table[kind]).format(v=name), number=len(self.kinds)))
                if table is BINDS:
                    self.kinds[f"?made{len(self.kinds)}"] = "made"
        return " ".join(part if part.endswith((")", "}")) else f"{part} ." for part in parts)

    def _step(self, thing: str) -> str:
        """A triple that says something of a thing, with a variable of its own."""
        predicate, kind = self._one(sorted(SAID[self.kinds[thing]].items()))
        variable = f"?v{len(self.kinds)}"
        self.kinds[variable] = kind
        return f"{thing} {predicate} {variable}"

    def _anchor(self) -> str:
        """A triple with a term of the data, so that not everything answers."""
        kind = self.kinds["?v0"]
        fixed = sorted((p, k) for p, k in SAID[kind].items() if k in self.known)
        if not fixed:
            return f"?v0 a ?v{len(self.kinds)}"
        predicate, wanted = self._one(fixed)
        return f"?v0 {predicate} {self._one(self.known[wanted])}"

    def _thing(self) -> str:
        return self._one([name for name, kind in self.kinds.items() if kind in SAID])

    def _made(self) -> str:
        return f"{self._thing()} dir:made {self._one(sorted(self.kinds))}"

    def _one(self, choices: Sequence[Chosen]) -> Chosen:
        return choices[self._of(len(choices))]

    def _of(self, number: int) -> int:
        return int(self.random.random() * number)

    def _chance(self, share: float) -> bool:
        return self.random.random() < share
