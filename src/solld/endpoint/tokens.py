"""Reads a query as far as one can without its grammar: strings, IRIs, comments, names and the words between them.

Every pattern takes what it began to read, closed or not, so that no text is read twice: it is linear, whatever is sent.
https://www.w3.org/TR/sparql11-query/#grammar
"""

import re
from collections.abc import Iterator
from urllib.parse import urljoin

STRING = (
    r'"""(?:[^"\\]++|\\.|"(?!""))*+(?:"""|\Z)'
    r"|'''(?:[^'\\]++|\\.|'(?!''))*+(?:'''|\Z)"
    r'|"(?:[^"\\\n\r]++|\\.)*+"?'
    r"|'(?:[^'\\\n\r]++|\\.)*+'?"
)
IRI = r"<(?:[^<>\"{}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>"
COMMENT = r"#[^\n\r]*+"
WORD = r"[^\W\d][\w-]*+(?:\.++[\w-]++)*+"  # or several, with points between them
TOKEN = re.compile(
    f"(?P<string>{STRING})|(?P<iri>{IRI})|(?P<comment>{COMMENT})|(?P<variable>[?$@]\\w++)"
    rf"|(?P<name>(?:{WORD})?+:(?:[\w:.%-]|\\.)*+)|(?P<word>{WORD})|(?P<space>\s++)|(?P<other>.)",
    re.DOTALL,
)
# As the engine may see it: signs and brackets by themselves, and what an operator may follow.
SCAN = re.compile(
    f"(?P<string>{STRING})|(?P<comment>{COMMENT})|(?P<iri>{IRI})"
    r"|(?P<operand>[?$]\w++|@[\w-]++|(?:[^\W\d][\w.-]*+)?:(?:[\w.:%-]|\\.)*+|[0-9]++|true|false)"
    r"|(?P<word>\w++)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<reified><<)|(?P<other>\S)",
    re.DOTALL | re.IGNORECASE,
)
KEPT = ("word", "other")
Token = tuple[str, str]  # kind, text


def bare(query: str) -> str:
    """The words, numbers and signs of a query: a space stands for each string, IRI, comment, variable and name."""
    return TOKEN.sub(lambda match: match[0] if match.lastgroup in KEPT else " ", query)


def with_brackets(query: str) -> str:
    """The same, but IRIs with an opening bracket stay as they are: they may be none."""

    def shown(match: re.Match[str]) -> str:
        return match[0] if match.lastgroup in KEPT or (match.lastgroup == "iri" and "(" in match[0]) else " "

    return TOKEN.sub(shown, query)


def tokens(query: str) -> Iterator[Token]:
    """The tokens, without white space and comments."""
    for match in TOKEN.finditer(query):
        kind = match.lastgroup or ""
        if kind not in ("space", "comment"):
            yield kind, match[0]


def dataset_clause(query: str, base: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The IRIs after FROM, and those after FROM NAMED, without what cannot be resolved: the parser will tell of it."""
    prefixes: dict[str, str] = {}
    defaults: list[str] = []
    named: list[str] = []
    before: list[Token] = []
    for token in tokens(query):
        kind, text = token
        words = [word.upper() for each, word in before[-2:] if each == "word"]
        if kind == "iri" and words[-1:] == ["BASE"]:
            base = urljoin(base, text[1:-1])
        elif kind == "iri" and len(before) > 1 and before[-1][0] == "name" and before[-2][1].upper() == "PREFIX":
            prefixes[before[-1][1].rstrip(":")] = urljoin(base, text[1:-1])
        elif kind in ("iri", "name") and words[-1:] in (["FROM"], ["NAMED"]):
            iri = urljoin(base, text[1:-1]) if kind == "iri" else _expanded(text, prefixes)
            (defaults if words[-1] == "FROM" else named).append(iri)
        before = [*before[-1:], token]
    return tuple(filter(None, defaults)), tuple(filter(None, named))


def _expanded(name: str, prefixes: dict[str, str]) -> str:
    prefix, _, local = name.partition(":")
    return prefixes[prefix] + re.sub(r"\\(.)", r"\1", local) if prefix in prefixes else ""
