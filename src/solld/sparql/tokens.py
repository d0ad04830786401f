"""SPARQL in tokens, with their places. https://www.w3.org/TR/sparql12-query/#sparqlGrammar

Any text has tokens: what fits nothing is a token of kind BAD, so that whoever reads on can say what is wrong and where.
Each pattern reads on without going back, so the time grows with the length of the text, whatever it holds.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

NAME = (
    r"A-Za-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F\u2C00-\u2FEF"
    + (r"\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF")
)
REST = NAME + r"_0-9\u00B7\u0300-\u036F\u203F\u2040"
# Points inside of a name belong to it, those at its end do not.
WORDS = rf"[{NAME}_](?:[{REST}-]++|\.++(?=[{REST}-]))*+"
ESCAPED = r"%[0-9A-Fa-f]{2}|\\[_~.!$&'()*+,;=/?#@%-]"
LOCAL = rf"(?:[{REST}:]|{ESCAPED})(?:[{REST}:-]++|{ESCAPED}|\.++(?=[{REST}:-]|{ESCAPED}))*+"
EXPONENT = r"[eE][+-]?[0-9]+"
STRING = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""',
    r"'''(?:[^'\\]++|\\.|'(?!''))*+'''",
    r'"(?!"")(?:[^"\\\n\r]++|\\.)*+"',
    r"'(?!'')(?:[^'\\\n\r]++|\\.)*+'",
)
# In the order of trying: the longest first where one begins like another.
KINDS = (
    ("SPACE", r"(?:[ \t\r\n]|\#[^\n\r]*)+"),
    ("IRIREF", r"<(?:[^<>\"{}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"),
    ("VAR", rf"[?$][{REST}]+"),
    ("BLANK", rf"_:[{REST}](?:[{REST}-]++|\.++(?=[{REST}-]))*+"),
    ("NAME", rf"(?:{WORDS})?:(?:{LOCAL})?|{WORDS}"),
    ("STRING", "|".join(STRING)),
    ("LANGTAG", r"@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[A-Za-z]+)?"),
    ("SIGNED", rf"[+-](?:[0-9]*\.?[0-9]+(?:{EXPONENT})?|[0-9]+\.{EXPONENT})"),
    ("DOUBLE", rf"(?:[0-9]+\.[0-9]*|\.?[0-9]+){EXPONENT}"),
    ("DECIMAL", r"[0-9]*\.[0-9]+"),
    ("INTEGER", r"[0-9]+"),
    ("NIL", r"\((?:[ \t\r\n]|\#[^\n\r]*)*+\)"),
    ("ANON", r"\[(?:[ \t\r\n]|\#[^\n\r]*)*+\]"),
    ("SIGN", r"<<\(|\)>>|<<|>>|\{\||\|\}|\^\^|\|\||&&|!=|<=|>=|[{}()\[\].,;|/^!=<>+*?~-]"),
    # An unclosed long string goes to the end of the text, a short one to the end of its line.
    ("BAD", r"\"\"\"[\s\S]*|'''[\s\S]*|[\"'][^\n\r]*|@|."),
)
TOKEN = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in KINDS), re.DOTALL)
PIECE = re.compile(r"[.-]|[^.-]+")
WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
OPENING = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query; `start` is its place in the text, from 0."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords, in whatever case."""
        return self.kind == "WORD" and self.text.upper() in words


def tokens(text: str) -> tuple[Token, ...]:
    """The tokens of a query, without white space and comments."""
    return tuple(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    for match in TOKEN.finditer(text):
        kind = match.lastgroup
        assert kind
        if kind == "NAME":
            yield from _name(match[0], match.start())
        elif kind != "SPACE":
            yield Token(kind, match[0], match.start())


def _name(text: str, start: int) -> Iterator[Token]:
    """A prefixed name, or words: without a colon, points separate words."""
    if ":" in text:
        yield Token("PNAME_NS" if text.endswith(":") and text.index(":") == len(text) - 1 else "PNAME_LN", text, start)
        return
    for match in PIECE.finditer(text):
        kind = "SIGN" if match[0] in ".-" else "WORD" if WORD.fullmatch(match[0]) else "BAD"
        yield Token(kind, match[0], start + match.start())


class Places:
    """Lines and columns of a text, both from 1; a column is a number of characters."""

    def __init__(self, text: str):
        self.starts = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]

    def __call__(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.starts, offset)
        return line, offset - self.starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """The place in the text of a line and column."""
        return self.starts[min(line, len(self.starts)) - 1] + column - 1


def unclosed(found: Sequence[Token]) -> tuple[list[Token], Token | None]:
    """The brackets that are open at the end, outermost first, and the first that closes none or another's."""
    opened: list[Token] = []
    for token in found:
        if token.kind != "SIGN":
            continue
        if token.text in OPENING:
            opened.append(token)
        elif token.text in OPENING.values():
            if not opened or OPENING[opened[-1].text] != token.text:
                return opened, token
            opened.pop()
    return opened, None
