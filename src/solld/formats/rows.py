"""The rows of a view as CSV and JSON: what the query answers, and the names of things in the reader's language.

CSV: the columns of the query, as the endpoint writes them, then <column>_label for each that has IRIs. RFC 4180.
"""

import csv
import io
import json
from typing import Any

from solld.formats.sheet import Sheet
from solld.rdf import Literal, NamedNode, Term
from solld.views.tables import Table

LABEL = "_label"


def write_csv(table: Table, sheet: Sheet) -> bytes:
    named = _named(table)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow((*table.columns, *(f"{column}{LABEL}" for column in named)))
    for row in table.rows:
        labels = (_label(row.get(column), sheet) for column in named)
        writer.writerow((*(_text(row.get(column)) for column in table.columns), *labels))
    return out.getvalue().encode()


def write_json(table: Table, sheet: Sheet, summary: str, sparql: str) -> bytes:
    """{"summary", "query", "columns", "cut", "rows": [{column: {"value", "type", "language", "datatype", "label"}}]}"""
    rows = [{column: _object(term, sheet) for column, term in row.items()} for row in table.rows]
    told = {"summary": summary, "query": sparql, "columns": table.columns, "cut": table.cut, "rows": rows}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _named(table: Table) -> tuple[str, ...]:
    """The columns that have IRIs."""
    found = {column for row in table.rows for column, term in row.items() if isinstance(term, NamedNode)}
    return tuple(column for column in table.columns if column in found)


def _text(term: Term | None) -> str:
    return "" if term is None else str(term) if not isinstance(term, NamedNode | Literal) else term.value


def _label(term: Term | None, sheet: Sheet) -> str:
    found = sheet.label(term.value) if isinstance(term, NamedNode) else None
    return found.value if found else ""


def _object(term: Term, sheet: Sheet) -> dict[str, Any]:
    if isinstance(term, Literal):
        more = {"language": term.language} if term.language else {"datatype": term.datatype.value}
        return {"value": term.value, "type": "literal", **more}
    given = sheet.label(term.value) if isinstance(term, NamedNode) else None
    label = {"label": given.value, "label_language": given.language} if given else {}
    return {"value": _text(term), "type": "uri" if isinstance(term, NamedNode) else "bnode", **label}
