"""The words of sources in the rows of a view: rows that differ in them only say one thing with several proofs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from solld.rdf import Literal, NamedNode
from solld.views.conditions import Row


@dataclass(frozen=True)
class Said:
    """Words of a source: their language, the excerpt and the document that they stand in; "" for what is not known."""

    wording: str
    language: str = ""
    source: str = ""  # IRI of the excerpt
    document: str = ""  # IRI of the text


def text(row: Row, column: str) -> str:
    """The value of a column as a text; "" if it has none."""
    return row[column].value if column in row else ""


def said(row: Row, column: str = "wording") -> Said | None:
    """The words that a row has, or the source that it names without words."""
    words = row.get(column)
    if words is None and "source" not in row:
        return None
    tagged = words.language or "" if isinstance(words, Literal) else ""
    return Said(text(row, column), text(row, "language") or tagged, text(row, "source"), text(row, "document"))


def noted(row: Row, column: str = "note") -> Said | None:
    """What is to be noted of a row, with its language."""
    words = row.get(column)
    return Said(words.value, words.language or "") if isinstance(words, Literal) else None


def gathered(
    rows: Iterable[Row], columns: Sequence[str], words: str = "wording"
) -> dict[tuple[str, ...], tuple[Said, ...]]:
    """What rows say, without the words -> all words for it; in the order of the rows."""
    found: dict[tuple[str, ...], dict[Said, None]] = {}
    for row in rows:
        proofs = found.setdefault(tuple(text(row, column) for column in columns), {})
        if proof := said(row, words):
            proofs[proof] = None
    return {key: tuple(proofs) for key, proofs in found.items()}


def iris(rows: Iterable[Row]) -> list[str]:
    """All IRIs that stand in rows, each once."""
    return list(dict.fromkeys(term.value for row in rows for term in row.values() if isinstance(term, NamedNode)))
