"""Pages of a SELECT: the text that asks for the rows of one page, and the one that tells whether another follows."""

from dataclasses import dataclass

from solld.sparql.outline import Outline

SIZE = 100  # rows of a page when nobody says
LARGEST = 10_000
FURTHEST = 1_000_000_000  # rows that may be skipped: beyond it an engine's integers may end


@dataclass(frozen=True)
class Page:
    """One page of a query.

    `text` answers its rows. `beyond` answers one row if there is another page, and none if there is not: to be asked
    first, because the link to the next page stands in a header. Both are functions of the release, so both are cached.
    """

    text: str
    beyond: str


def paged(text: str, number: int, size: int) -> Page | None:
    """A page of a query, numbered from 1; None for what has no pages: another kind, or a LIMIT or OFFSET of its own."""
    end = Outline(text).end
    if end is None:
        return None

    def cut(limit: int, offset: int) -> str:
        # On lines of their own: a comment may follow, or VALUES.
        return f"{text[:end]}\nLIMIT {limit} OFFSET {offset}\n{text[end:]}"

    return Page(cut(size, (number - 1) * size), cut(1, number * size))
