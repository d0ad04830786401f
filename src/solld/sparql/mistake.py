"""The place where a query departs from the grammar, and how tokens and expectations are said to people."""

import re
from dataclasses import dataclass

from solld.sparql.outline import Outline
from solld.sparql.tokens import Token

IRI = {"<IRIREF>", "<PNAME_LN>", "<PNAME_NS>"}
WORDS = {  # how terminals are said
    "<VAR>": "a variable",
    "<STRING>": "a string",
    "<INTEGER>": "a number",
    "<LANGTAG>": "a language tag",
    "<PNAME_NS>": "a prefix with its colon",
    "<PNAME_LN>": "an IRI",
    "<IRIREF>": "an IRI in <>",
    "<NIL>": "()",
    "<ANON>": "[]",
    "<END>": "the end of the query",
    "<AGGREGATE>": "an aggregate",
}
UNSAID = frozenset({"<DECIMAL>", "<DOUBLE>", "<SIGNED>", "<BLANK>", "<<", "<<(", "{|", "~", "TRUE", "FALSE"})  # rare
SHOWN = 8  # things that are expected, at most, in a message


@dataclass(frozen=True)
class Mistake:
    """The place where a query departs from the grammar."""

    outline: Outline
    at: int  # the number of the token; one past the last for the end

    @property
    def token(self) -> Token:
        tokens = self.outline.tokens
        return tokens[self.at] if self.at < len(tokens) else Token("END", "", len(self.outline.text))

    @property
    def before(self) -> Token:
        return self.outline.tokens[self.at - 1] if self.at else Token("START", "", 0)

    @property
    def after(self) -> Token:
        tokens = self.outline.tokens
        return tokens[self.at + 1] if self.at + 1 < len(tokens) else Token("END", "", len(self.outline.text))

    @property
    def expected(self) -> frozenset[str]:
        return self.outline.parse.expected

    def inside(self, rule: str) -> bool:
        return any(span.rule == rule for span in self.outline.parse.inside)

    def where(self, token: Token) -> str:
        line, column = self.outline.places(token.start)
        return f"line {line}, column {column}"


def said(token: Token) -> str:
    """A token as it is quoted in a message."""
    return f"“{token.text if len(token.text) <= 40 else token.text[:40] + '…'}”"


def expectation(expected: frozenset[str]) -> str:
    """What could have stood there, for people: things first, then signs, then words."""
    names = {WORDS.get(each, "an IRI" if each in IRI else each) for each in expected - UNSAID}
    if "an IRI" in names:
        names -= {WORDS["<IRIREF>"], WORDS["<PNAME_NS>"]}
    names = {"a function" if re.fullmatch(r"<F\w+>", each) else each for each in names}
    shown = sorted(names, key=lambda each: (each.isupper(), not each[0].isalpha(), each))
    return "expected: " + ", ".join(shown[:SHOWN]) + (" …" if len(shown) > SHOWN else "")
