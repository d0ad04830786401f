"""The outline of a query: its kind, what it selects, what binds its variables, which names it uses, where it ends."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from solld.sparql.grammar import Span, parse
from solld.sparql.tokens import Places, Token, tokens

KINDS = {"SELECT": "select", "CONSTRUCT": "construct", "DESCRIBE": "describe", "ASK": "ask"}
RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
WATCHED = frozenset(
    {"SelectClause", "Projected", "Assigned", "SolutionModifier", "OrderClause", "LimitOffset", "Prologue"}
    | {
        "ConstructTemplate",
        "GroupClause",
        "Group",
        "Pattern",
        "Triples",
        "Verb",
        "Predicate",
        "GraphName",
        "DataBlock",
        "DataVar",
        "DataValue",
    }
)
ESCAPE = re.compile(r"\\(.)")


@lru_cache(maxsize=512)
def outlined(text: str) -> "Outline":
    """The outline of a text that is read again and again: a saved query, by a build and by each release after it."""
    return Outline(text)


@dataclass(frozen=True)
class Name:
    """An IRI that stands in the query, and the token that says it."""

    iri: str
    token: Token


class Outline:
    """A text read as a query. What cannot be known of a text that is no query is empty."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = tokens(text)
        self.parse = parse(self.tokens, WATCHED)

    @property
    def is_query(self) -> bool:
        """Whether the grammar allows it; the engine may still refuse it."""
        return self.parse.at is None

    @cached_property
    def places(self) -> Places:
        return Places(self.text)

    def spans(self, *rules: str) -> Iterator[Span]:
        """The spans of rules, in the order in which they begin."""
        return (span for span in self._spans if span.rule in rules)

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return tuple(sorted((*self.parse.spans, *self.parse.inside), key=lambda span: (span.first, -span.last)))

    @cached_property
    def kind(self) -> str:
        """select, construct, describe, ask or nothing."""
        start = next((span.last for span in self.spans("Prologue")), 0)
        return KINDS.get(self.tokens[start].text.upper(), "") if start < len(self.tokens) else ""

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """prefix -> namespace, as the query declares them."""
        found = {}
        for word, prefix, iri in zip(self.tokens, self.tokens[1:], self.tokens[2:], strict=False):
            if word.says("PREFIX") and prefix.kind == "PNAME_NS" and iri.kind == "IRIREF":
                found[prefix.text[:-1]] = iri.text[1:-1]
        return found

    @cached_property
    def undeclared(self) -> Mapping[str, Token]:
        """The prefixes that are used and not declared, each with where it stands first."""
        found: dict[str, Token] = {}
        before = None
        for token in self.tokens:
            if token.kind in ("PNAME_LN", "PNAME_NS") and not (before and before.says("PREFIX")):
                prefix = token.text.partition(":")[0]
                if prefix not in self.prefixes:
                    found.setdefault(prefix, token)
            before = token
        return found

    def iri(self, token: Token) -> str:
        """The IRI that a token says; nothing if it says none, or has an unknown prefix."""
        if token.kind == "IRIREF":
            return token.text[1:-1]
        if token.kind not in ("PNAME_LN", "PNAME_NS"):
            return RDF_TYPE if token.text == "a" else ""
        prefix, _, local = token.text.partition(":")
        return self.prefixes[prefix] + ESCAPE.sub(r"\1", local) if prefix in self.prefixes else ""

    @cached_property
    def projected(self) -> tuple[Token, ...]:
        """The variables that the outermost SELECT names, in order; none for SELECT *."""
        clause = next((span for span in self.spans("SelectClause")), None) if self.kind == "select" else None
        if clause is None:
            return ()
        names = [s for s in self.spans("Projected", "Assigned") if clause.first <= s.first and s.last <= clause.last]
        return tuple(self.tokens[span.first] for span in names)

    @cached_property
    def variables(self) -> tuple[str, ...]:
        """The columns of a SELECT; for SELECT * what its patterns bind."""
        if self.kind != "select":
            return ()
        shown = self.projected or (token for token in self.tokens if token.kind == "VAR" and name(token) in self.bound)
        return tuple(dict.fromkeys(name(token) for token in shown))

    @cached_property
    def bound(self) -> frozenset[str]:
        """The variables to which something in the query gives a value: a triple, VALUES, GRAPH, AS."""
        templates = [(span.first, span.last) for span in self.spans("ConstructTemplate")]
        found: set[str] = set()
        for span in self.spans("Triples", "DataVar", "GraphName", "Assigned"):
            if not any(first <= span.first < last for first, last in templates):
                found.update(name(token) for token in self.tokens[span.first : span.last] if token.kind == "VAR")
        return frozenset(found)

    @cached_property
    def unbound(self) -> Mapping[str, Token]:
        """The variables that are used and never given a value, each with where it stands first."""
        found: dict[str, Token] = {}
        for token in self.tokens:
            if token.kind == "VAR" and name(token) not in self.bound:
                found.setdefault(name(token), token)
        return found

    @cached_property
    def properties(self) -> tuple[Name, ...]:
        """The IRIs that stand as predicates, in paths too."""
        found = (Name(self.iri(self.tokens[s.first]), self.tokens[s.first]) for s in self.spans("Predicate"))
        return tuple(each for each in found if each.iri)

    @cached_property
    def classes(self) -> tuple[Name, ...]:
        """The IRIs that stand as the objects of rdf:type."""
        return tuple(self._classes())

    def _classes(self) -> Iterator[Name]:
        for span in self.spans("Verb"):
            if span.last != span.first + 1 or self.iri(self.tokens[span.first]) != RDF_TYPE:
                continue
            place = span.last
            while place < len(self.tokens):
                if found := self.iri(self.tokens[place]):
                    yield Name(found, self.tokens[place])
                if place + 1 == len(self.tokens) or self.tokens[place + 1].text != ",":
                    break
                place += 2

    @property
    def end(self) -> int | None:
        """Where in the text LIMIT and OFFSET may be written; None for what has one, or is no SELECT."""
        if self.kind != "select" or not self.is_query:
            return None
        modifier = [span for span in self.parse.spans if span.rule == "SolutionModifier"][-1]  # the outermost ends last
        if any(span.last == modifier.last and span.first >= modifier.first for span in self.spans("LimitOffset")):
            return None
        return self.tokens[modifier.last - 1].end


def name(variable: Token) -> str:
    """The name of a variable: ?x and $x are the same."""
    return variable.text[1:]
