"""Dumps as a table: a row for each thing, a column for each property, values of a cell with " | " between them.

RFC 4180, with a header. Columns are called as their prefixes are, with the language: `skos:prefLabel@fr`.
"""

import csv
import io
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from typing import IO

from solld.exports import Dump, Source
from solld.exports.rdf import plain
from solld.rdf import Literal, Triple, triples_of

SEPARATOR = " | "
Short = Callable[[str], str]


def _csv(source: Source, lines: Iterable[bytes], out: IO[bytes]) -> None:
    namespaces = sorted(((ns, prefix) for prefix, ns in source.prefixes.items()), key=lambda pair: -len(pair[0]))

    def short(iri: str) -> str:
        return next((f"{prefix}:{iri[len(ns) :]}" for ns, prefix in namespaces if iri.startswith(ns)), iri)

    with tempfile.TemporaryFile(dir=source.scratch) as kept:  # all columns are known at the end only

        def keeping() -> Iterator[bytes]:
            for line in plain(lines):
                kept.write(line + b"\n")
                yield line

        columns = {_column(triple, short) for triple in triples_of(keeping())}
        kept.seek(0)
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        table = csv.DictWriter(text, ["id", *sorted(columns)], restval="")
        table.writeheader()
        table.writerows(_rows(triples_of(kept), short))
        text.detach()


def _column(triple: Triple, short: Short) -> str:
    language = triple.object.language if isinstance(triple.object, Literal) else None
    return short(triple.predicate.value) + (f"@{language}" if language else "")


def _rows(triples: Iterable[Triple], short: Short) -> Iterator[dict[str, str]]:
    for subject, said in groupby(triples, key=lambda triple: triple.subject):
        cells: dict[str, list[str]] = defaultdict(list)
        for triple in said:
            cells[_column(triple, short)].append(getattr(triple.object, "value", str(triple.object)))
        yield {"id": getattr(subject, "value", str(subject))} | {k: SEPARATOR.join(v) for k, v in cells.items()}


DUMPS = (Dump("csv", "CSV", "text/csv; charset=utf-8; header=present", _csv),)
