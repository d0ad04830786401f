"""Short keys for predicates and classes, and plain values for literals: what JSON and CSV need."""

import math
from collections.abc import Mapping
from typing import Any

from solld.formats.labels import is_prefixed, short
from solld.formats.subcontext import expand, identifier
from solld.model import Context
from solld.rdf import XSD, Literal

RESERVED = frozenset({"id", "type", "label", "referenced_by", "included", "next"})
INTEGERS = frozenset(
    {
        XSD.integer,
        XSD.int,
        XSD.long,
        XSD.short,
        XSD.byte,
        XSD.nonNegativeInteger,
        XSD.positiveInteger,
        XSD.nonPositiveInteger,
        XSD.negativeInteger,
        XSD.unsignedInt,
        XSD.unsignedLong,
        XSD.unsignedShort,
        XSD.unsignedByte,
    }
)
REALS = frozenset({XSD.decimal, XSD.double, XSD.float})
BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class Keys:
    """The terms of the JSON-LD context, else prefix_local, else the IRI: the same for an IRI wherever it occurs."""

    def __init__(self, context: Context):
        self.prefixes = context.prefixes
        self.terms: dict[str, str] = {}
        self.lists: set[str] = set()  # IRIs whose values the context always wants as a list
        for term, definition in context.jsonld.items():
            iri = expand(identifier(term, definition), context.jsonld)
            if term in RESERVED or term.startswith("@") or ":" in term or ":" not in iri:
                continue
            if isinstance(definition, Mapping) and "@reverse" in definition:
                continue
            self.terms.setdefault(iri, term)
            if isinstance(definition, Mapping) and "@set" in str(definition.get("@container")):
                self.lists.add(iri)

    def key(self, iri: str) -> str:
        if iri not in self.terms:
            name = short(iri, self.prefixes)
            self.terms[iri] = name.replace(":", "_") if is_prefixed(name, iri) else iri
        return self.terms[iri]


def plain(literal: Literal) -> Any:
    """A number or a boolean where JSON has one for the value, else the text."""
    if literal.datatype in INTEGERS or literal.datatype in REALS:
        return _number(literal)
    return BOOLEANS.get(literal.value, literal.value) if literal.datatype == XSD.boolean else literal.value


def _number(literal: Literal) -> int | float | str:
    try:
        if literal.datatype in INTEGERS:
            return int(literal.value)
        number = float(literal.value)
    except ValueError:  # ill-typed, or more digits than Python reads
        return literal.value
    return number if math.isfinite(number) else literal.value
