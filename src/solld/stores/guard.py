"""Refuses what a public query may not ask for, by its tokens: SERVICE, and updates.

The first of two locks: the worker that runs the query has no network either. Codepoint escapes are read first, as
https://www.w3.org/TR/sparql11-query/#codepointEscape asks, so that \\u0053ERVICE is seen for what it is.
"""

import re

from solld.errors import BadQuery, Refused, TooLarge

ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
SKIPPED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*'"
    r"|<[^<>\"{}|^`\\\x00-\x20]*>"
    r"|#[^\n\r]*"
    r"|[?$@]\w+"
    r"|(?:[^\W\d][\w.-]*)?:[\w:.%\\-]*",  # a prefixed name, with the points inside of it
    re.DOTALL,
)
WORD = re.compile(r"(?<!\w)SERVICE(?!\w)", re.IGNORECASE)
UPDATE = re.compile(r"(?:INSERT|DELETE|LOAD|CLEAR|CREATE|DROP|COPY|MOVE|ADD|WITH)\b", re.IGNORECASE)
PROLOGUE = re.compile(r"\s*(?:PREFIX|BASE)\b", re.IGNORECASE)


def check(query: str, limit_bytes: int) -> None:
    """Refused or TooLarge, with the reason; whatever passes is still to be parsed by the engine."""
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > limit_bytes:
        raise TooLarge(f"the query has {size} bytes; the limit is {limit_bytes}")
    bare = SKIPPED.sub(" ", _unescaped(query))
    if WORD.search(bare):
        raise Refused("SERVICE is refused: this endpoint fetches nothing on behalf of a query")
    rest = bare
    while (prologue := PROLOGUE.match(rest)) and prologue.end():
        rest = rest[prologue.end() :]
    if UPDATE.match(rest.lstrip()):
        raise Refused("updates are refused: this service is read-only; data enter by publishing a release")


def _unescaped(query: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = int(match[1] or match[2], 16)
        if code > 0x10FFFF:
            raise BadQuery(f"{match[0]} is not a character")
        return chr(code)

    return ESCAPE.sub(character, query)
