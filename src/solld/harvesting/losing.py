"""What a source may lose at once: more than that waits for a person, for it may be a mistake of theirs.

A list that is shorter, one whose columns are called otherwise, one whose identifiers are others: each would end what
was published under addresses that are to stay.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solld.harvesting.taking import Taken
from solld.sources import Row

WAITS = "waits for a person; solld harvest {name} --accept takes it in"


def counted(rows: Iterable[Row], columns: Iterable[str], filled: Counter[str]) -> Iterator[Row]:
    """The rows; `filled` counts in how many of them each of the columns is."""
    names = frozenset(columns)
    for row in rows:
        filled.update(names & row.cells.keys())
        yield row


def lost(last: Mapping[str, Any], taken: Taken, filled: Mapping[str, int], columns: Iterable[str], most: float) -> str:
    """Which records or columns a source has no more, in words; "" if that is not much.

    `columns` are those that its lift reads, `most` is what may be lost: 0.2 is a fifth.
    """
    before = last.get("rows", 0)
    if taken.rows < before * (1 - most):
        return f"has {taken.rows} records, and had {before}: more than {most:.0%} fewer (harvest.shrink)"
    said = last.get("columns", {})
    empty = [name for name in columns if said.get(name, 0) > before * most and not filled.get(name)]
    if empty:
        named = ", ".join(map(repr, sorted(empty)))
        return f"has no {named} any more, which lift.rq reads (solld add-source --again guesses a lift anew)"
    return ""


def ended(taken: Taken, before: int, most: float) -> str:
    """How many of the resources that there were would end, in words; "" if that is not much."""
    if taken.gone > before * most:
        return f"would end {taken.gone} of {before} resources, though it has {taken.rows} records (harvest.shrink)"
    return ""
