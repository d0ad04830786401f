"""Refuses what a public query may not ask for, before it is parsed: SERVICE, updates, too much of anything.

The first of two locks: the process that runs the query has no network either. The engine tells tokens apart as its
grammar needs them, so `<2)SERVICE#>` may be an IRI, or less-than, a number and a SERVICE with a comment: whatever could
be a SERVICE and is not surely quoted counts as one. Codepoint escapes need no care here: the engine reads them inside
of strings and IRIs only, and anywhere else they are a syntax error.
"""

import re

from solld.endpoint.tokens import SCAN, bare, with_brackets
from solld.errors import Refused, TooComplex

BLANK = r"(?:[ \t\r\n]|#[^\r\n]*[\r\n])*+"
NAMED = r"(?:[?$]\w++|<[^>]*+>|(?:[^\W\d](?:[\w.\-])*+)?:(?:[\w.:%\-]|\\.)*+)"
# The engine wants no white space between words and numbers, so a boundary is no condition on either side.
SERVICE = re.compile(
    r"(?:(?<![\w?$@:\-\\/])|(?<=true)|(?<=false)|(?<=[0-9]))"
    rf"SERVICE(?={BLANK}(?:SILENT{BLANK})?{NAMED}{BLANK}\{{)",
    re.IGNORECASE,
)
PROLOGUE = re.compile(r"\s*+(?:PREFIX|BASE|VERSION)\b", re.IGNORECASE)
UPDATE = re.compile(r"\s*+(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE)
VOLATILE = re.compile(r"\b(?:NOW|RAND|UUID|STRUUID)\s*+\(", re.IGNORECASE)
BRACKETS = re.compile(r"[(\[{}\])]")
# What the engine handles one inside of the other, though it is written one after the other. Numbers with their points
# and signs, and the commas and brackets of a list of values, are none of it.
PARTS = re.compile(
    r"(?:(?<=[\s({])[+-])?(?:\d++\.?+\d*+|\.\d++)(?:E[+-]?\d++)?+"
    r"|(?P<part>\|\||&&|[{\[.;!^/|*+-]|\b(?:NOT|IN)\b)",
    re.IGNORECASE,
)
# Without any of these, and with few signs, a text is what it seems: most queries are, and need no closer look.
NOTABLE = re.compile(r"SERVICE|INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH|NOW|RAND|UUID")
SIGNS = ("&&", "{", "[", ".", ";", "!", "^", "/", "*", "+", "-", "NOT", "IN")
MENTIONS = 100  # of SERVICE, each of which is looked at up to the end of the query
READ_ONLY = "updates are refused: this service is read-only; data enter by publishing a release"


def check(query: str, depth: int, patterns: int) -> bool:
    """Whether an answer may differ from time to time (NOW, RAND). Refused or TooComplex for what is not to be run."""
    if _is_plain(query.upper(), depth, patterns):
        return False
    if asks_others(query):
        raise Refused("SERVICE is refused: this endpoint fetches nothing on behalf of a query")
    words = bare(query)
    # What looks like an IRI after less-than may be brackets and calls.
    seen = with_brackets(query) if "(" in query else words
    rest = 0
    while prologue := PROLOGUE.match(words, rest):
        rest = prologue.end()
    if UPDATE.match(words, rest):
        raise Refused(READ_ONLY)
    _check_depth(seen, depth)
    number = sum(1 for part in PARTS.finditer(words) if part["part"])
    if number > patterns:
        raise TooComplex(f"the query has {number} patterns and operators", "sparql.patterns", patterns, "of them")
    return bool(VOLATILE.search(seen))


def _is_plain(upper: str, depth: int, patterns: int) -> bool:
    """Whether nothing can be wrong, however the text is read; `upper` is the query in capitals."""
    return (
        upper.isascii()  # others have letters that are taken for an I or an S
        and not NOTABLE.search(upper)
        and upper.count("(") + upper.count("[") + upper.count("{") <= depth
        and upper.count("|") + sum(map(upper.count, SIGNS)) <= patterns
    )


def _check_depth(words: str, limit: int) -> None:
    depth = 0
    for bracket in BRACKETS.finditer(words):
        depth += 1 if bracket[0] in "([{" else -1
        if depth > limit:
            raise TooComplex(f"the query nests more than {limit} brackets", "sparql.depth", limit, "levels")


def asks_others(query: str) -> bool:
    """Whether the engine may find a SERVICE in the query."""
    named = query.upper().count("SERVICE")
    if named > MENTIONS:
        raise TooComplex(f"the query says SERVICE {named} times", "SERVICE", MENTIONS, "times")
    starts = [match.start() for match in SERVICE.finditer(query)]
    if not starts:
        return False
    hidden, ambiguous = _hidden(query)
    return ambiguous or any(not any(start <= at < end for start, end in hidden) for at in starts)


def _hidden(query: str) -> tuple[list[tuple[int, int]], bool]:
    """Where strings, comments and IRIs are, and whether one of these may be something else.

    After an operand, inside of parentheses, `<` may begin an IRI or be less-than. Up to the first such place there is
    only one way to read the query.
    """
    hidden: list[tuple[int, int]] = []
    opened: list[str] = []
    after_operand = ambiguous = False
    for match in SCAN.finditer(query):
        kind = match.lastgroup
        compares = after_operand and opened[-1:] == ["("]
        if kind in ("string", "comment", "iri"):
            hidden.append(match.span())
        ambiguous = ambiguous or (compares and kind in ("iri", "reified"))
        if kind == "open":
            opened.append(match[0])
        elif kind == "close" and opened:
            opened.pop()
        if kind != "comment":
            after_operand = kind in ("string", "iri", "close", "operand")
    return hidden, ambiguous
