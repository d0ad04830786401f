"""Where a query departs from the grammar: an LL(1) table made from query.ebnf, and the one loop that follows it.

The engine's own messages name places far behind the mistake. Here the first token that cannot follow is known, with all
that could have stood there. A stack of our own, so depth costs nothing but memory; each token is looked at once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files

from solld.sparql.tokens import Token

START, END = "Query", "<END>"
# Functions by the number of their arguments: a class of tokens each.
FUNCTIONS = {
    "F0": "RAND NOW UUID STRUUID",
    "F1": "STR LANG LANGDIR DATATYPE IRI URI ABS CEIL FLOOR ROUND STRLEN UCASE LCASE ENCODE_FOR_URI YEAR MONTH DAY "
    "HOURS MINUTES SECONDS TIMEZONE TZ MD5 SHA1 SHA256 SHA384 SHA512 ISIRI ISURI ISBLANK ISLITERAL ISNUMERIC HASLANG "
    "HASLANGDIR ISTRIPLE SUBJECT PREDICATE OBJECT",
    "F2": "LANGMATCHES CONTAINS STRSTARTS STRENDS STRBEFORE STRAFTER STRLANG STRDT SAMETERM",
    "F3": "IF STRLANGDIR TRIPLE",
    "F1OR2": "ADJUST",
    "F2OR3": "SUBSTR REGEX",
    "F3OR4": "REPLACE",
    "FN": "CONCAT COALESCE",
    "AGGREGATE": "SUM MIN MAX AVG SAMPLE",
}
CLASSES = {word: f"<{name}>" for name, words in FUNCTIONS.items() for word in words.split()}
PIECE = re.compile(r'"[^"]+"|<\w+>|\w+|[()|*+?=]')

Symbols = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A rule of the grammar, and the tokens that it covers: from `first` up to, without, `last`."""

    rule: str
    first: int
    last: int


@dataclass(frozen=True)
class Parse:
    """What following the grammar gave; `at` is the number of the first token that cannot follow, if there is one."""

    spans: tuple[Span, ...]
    at: int | None = None
    expected: frozenset[str] = frozenset()  # the terminals that could have stood there
    inside: tuple[Span, ...] = ()  # the rules that are not finished, outermost first


@dataclass(frozen=True)
class Table:
    """`moves`: rule -> terminal -> the symbols that stand for the rule, last first."""

    moves: Mapping[str, Mapping[str, Symbols]]
    first: Mapping[str, frozenset[str]]
    nullable: frozenset[str]
    keywords: frozenset[str]
    conflicts: tuple[str, ...] = ()  # of which there are none: a test says so


def parse(tokens: Sequence[Token], watched: frozenset[str] = frozenset()) -> Parse:
    """Follows the grammar; of the rules that are watched it keeps the spans."""
    table = load()
    kinds = [terminal(token, table.keywords) for token in tokens]
    kinds.append(END)
    state = _State(table, kinds)
    at, stack = 0, state.stack
    while stack:
        top = stack.pop()
        if isinstance(top, Opened):
            state.spans.append(Span(top.rule, top.first, at))
        elif top in table.moves:
            symbols = table.moves[top].get(kinds[at])
            if symbols is None:
                stack.append(top)
                return state.failed(at)
            if not symbols:
                state.emptied.append(top)
            if top in watched:
                stack.append(Opened(top, at))
            stack.extend(symbols)
        elif top == kinds[at]:
            at += 1
            state.emptied.clear()
        else:
            stack.append(top)
            return state.failed(at)
    return Parse(tuple(state.spans))


@dataclass(frozen=True, slots=True)
class Opened:
    rule: str
    first: int


@dataclass
class _State:
    table: Table
    kinds: list[str]
    stack: list[str | Opened] = field(default_factory=lambda: [END, START])
    spans: list[Span] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)  # rules that came to nothing since the last token

    def failed(self, at: int) -> Parse:
        inside = [Span(each.rule, each.first, at) for each in self.stack if isinstance(each, Opened)]
        return Parse(tuple(self.spans), at, frozenset(self._expected()), tuple(inside))

    def _expected(self) -> Iterator[str]:
        for rule in self.emptied:
            yield from self.table.first[rule]
        for symbol in reversed(self.stack):
            if isinstance(symbol, Opened):
                continue
            yield from self.table.first.get(symbol, (symbol,))
            if symbol not in self.table.nullable:
                return


def terminal(token: Token, keywords: frozenset[str]) -> str:
    """The terminal of the grammar that a token is."""
    match token.kind:
        case "WORD":
            word = token.text.upper()
            return CLASSES.get(word) or (word if word in keywords else "a" if token.text == "a" else "<WORD>")
        case "SIGN":
            return token.text
        case kind:
            return f"<{kind}>"


@cache
def load() -> Table:
    """The table of query.ebnf."""
    return table_of(files("solld.sparql").joinpath("query.ebnf").read_text(encoding="utf-8"))


def table_of(ebnf: str) -> Table:
    """The LL(1) table of a grammar whose first rule is the start."""
    rules = _rules(ebnf)
    nullable, first = _first(rules)
    follow = _follow(rules, nullable, first)
    moves: dict[str, dict[str, Symbols]] = {rule: {} for rule in rules}
    conflicts = []
    for rule, alternatives in rules.items():
        for symbols in alternatives:
            begins = set(_first_of(symbols, nullable, first))
            if all(symbol in nullable for symbol in symbols):
                begins |= follow[rule]
            for each in begins:
                if each in moves[rule]:
                    conflicts.append(f"{rule} before {each}")
                moves[rule][each] = symbols[::-1]
    words = {symbol for rule in rules.values() for symbols in rule for symbol in symbols if symbol.isupper()}
    return Table(
        moves, {r: frozenset(f) for r, f in first.items()}, frozenset(nullable), frozenset(words), tuple(conflicts)
    )


def _rules(ebnf: str) -> dict[str, list[Symbols]]:
    """rule -> its alternatives; what stands in brackets becomes a rule of its own."""
    lines = (line for line in ebnf.splitlines() if not line.startswith("#"))
    pieces = PIECE.findall("\n".join(lines))
    heads = [i for i, piece in enumerate(pieces) if i + 1 < len(pieces) and pieces[i + 1] == "="]
    rules: dict[str, list[Symbols]] = {}
    for head, following in zip(heads, [*heads[1:], len(pieces)], strict=True):
        _Reader(pieces[head], iter(pieces[head + 2 : following]), rules).read()
    return rules


class _Reader:
    """Reads the right side of one rule."""

    def __init__(self, name: str, pieces: Iterator[str], rules: dict[str, list[Symbols]]):
        self.name, self.pieces, self.rules = name, pieces, rules

    def read(self) -> None:
        self.rules[self.name] = []  # in the order of the file
        self.rules[self.name] = self._alternatives()

    def _alternatives(self) -> list[Symbols]:
        found: list[list[str]] = [[]]
        for piece in self.pieces:
            match piece:
                case ")":
                    break
                case "|":
                    found.append([])
                case "(":
                    found[-1].append(self._rule(self._alternatives()))
                case "?" | "*" | "+":
                    found[-1][-1] = self._repeated(found[-1][-1], piece)
                case _:
                    found[-1].append(piece.strip('"'))
        return [tuple(symbols) for symbols in found]

    def _repeated(self, symbol: str, sign: str) -> str:
        if sign == "?":
            return self._rule([(symbol,), ()])
        many = self._rule([])
        self.rules[many] = [(symbol, many), ()]
        return many if sign == "*" else self._rule([(symbol, many)])

    def _rule(self, alternatives: list[Symbols]) -> str:
        name = f"{self.name}.{len(self.rules)}"
        self.rules[name] = alternatives
        return name


def _first(rules: Mapping[str, list[Symbols]]) -> tuple[set[str], dict[str, set[str]]]:
    """The rules that may be nothing, and what each may begin with."""
    nullable: set[str] = set()
    first: dict[str, set[str]] = {rule: set() for rule in rules}
    before = -1
    while before != (before := len(nullable) + sum(map(len, first.values()))):
        for rule, alternatives in rules.items():
            for symbols in alternatives:
                first[rule].update(_first_of(symbols, nullable, first))
                if all(symbol in nullable for symbol in symbols):
                    nullable.add(rule)
    return nullable, first


def _first_of(symbols: Iterable[str], nullable: set[str], first: Mapping[str, set[str]]) -> Iterator[str]:
    for symbol in symbols:
        yield from tuple(first.get(symbol, (symbol,)))
        if symbol not in nullable:
            return


def _follow(
    rules: Mapping[str, list[Symbols]], nullable: set[str], first: Mapping[str, set[str]]
) -> dict[str, set[str]]:
    """What may come after each rule."""
    follow: dict[str, set[str]] = {rule: set() for rule in rules}
    follow[next(iter(rules))].add(END)
    before = -1
    while before != (before := sum(map(len, follow.values()))):
        for rule, alternatives in rules.items():
            for symbols in alternatives:
                for place, symbol in enumerate(symbols):
                    if symbol in rules:
                        rest = symbols[place + 1 :]
                        follow[symbol].update(_first_of(rest, nullable, first))
                        if all(each in nullable for each in rest):
                            follow[symbol] |= follow[rule]
    return follow
