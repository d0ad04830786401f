"""The place where a query departs from the grammar, and how tokens and expectations are said to people."""

import re
from dataclasses import dataclass

from solld.sparql.outline import Outline
from solld.sparql.saying import Saying, say
from solld.sparql.tokens import Token

IRI = {"<IRIREF>", "<PNAME_LN>", "<PNAME_NS>"}
AN_IRI = say("an IRI")
WORDS = {  # how terminals are said
    "<VAR>": say("a variable"),
    "<STRING>": say("a string"),
    "<INTEGER>": say("a number"),
    "<LANGTAG>": say("a language tag"),
    "<PNAME_NS>": say("a prefix with its colon"),
    "<PNAME_LN>": AN_IRI,
    "<IRIREF>": say("an IRI in <>"),
    "<NIL>": "()",
    "<ANON>": "[]",
    "<END>": say("the end of the query"),
    "<AGGREGATE>": say("an aggregate"),
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

    def where(self, token: Token) -> Saying:
        line, column = self.outline.places(token.start)
        return say("line {}, column {}", str(line), str(column))


def said(token: Token) -> Saying:
    """A token as it is quoted in a message."""
    return say("“{}”", token.text if len(token.text) <= 40 else f"{token.text[:40]}…")


def expectation(expected: frozenset[str]) -> Saying:
    """What could have stood there, for people: things first, then signs, then words."""
    names: set[str] = {WORDS.get(each, AN_IRI if each in IRI else each) for each in expected - UNSAID}
    if AN_IRI in names:
        names -= {WORDS["<IRIREF>"], WORDS["<PNAME_NS>"]}
    names = {say("a function") if re.fullmatch(r"<F\w+>", each) else each for each in names}
    shown = sorted(names, key=lambda each: (each.isupper(), not each[0].isalpha(), each))
    more = ["…"] if len(shown) > SHOWN else []
    listed = ", ".join(["{}"] * len(shown[:SHOWN])) + (" {}" if more else "")
    return say("expected: {}", say(listed, *shown[:SHOWN], *more))
