"""Turns a query over a release into a SELECT over the graphs that hold it on a server.

The server only ever gets a SELECT: an ASK asks for one row, a CONSTRUCT for the variables of its template, a DESCRIBE
for what is to be described. So one result format is read, one limit of rows is watched, and the rest is made here.

The names under which graphs are stored never reach an answer: `GRAPH ?g { P }` becomes a union over the named graphs,
`{ GRAPH <stored> { VALUES ?g { <public> } P } } UNION ...`, which every server reads rightly: oxigraph evaluates a
subquery over all graphs at once, Virtuoso refuses EXISTS and some joins with a variable. Where that grows too long it
is `GRAPH ?stored { VALUES (?stored ?g) { (<stored> <public>) ... } P }`, and ?stored is nowhere selected.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph

from solld.errors import BadSyntax, Refused, Unanswerable
from solld.stores.remote_tokens import (
    Clauses,
    Token,
    closing,
    raw,
    read,
    refuse_mixed,
    separated,
    significant,
    split,
    text_of,
)

SPELT_OUT = 20_000  # characters that one GRAPH may grow to, with a part for each named graph
# IRIs that call functions of a server's own: of its database, of the machine that it runs in
PRIVATE = re.compile(r"<(bif|sql|java):|<http://www\.openlinksw\.com/schemas/(bif|sql)#", re.IGNORECASE)


@dataclass(frozen=True)
class Able:
    """What a server does rightly, of what some do not."""

    merges: bool = True  # several default graphs give each triple once
    mixes: bool = True  # a VALUES of strings and IRIs keeps them apart


@dataclass(frozen=True)
class Graphs:
    """Where a release is stored: the merged view, and each named graph by its public name."""

    merged: str
    named: Mapping[str, str]  # public -> stored
    none: str  # a name that no graph has

    def dataset(
        self, defaults: Sequence[str], named: Sequence[str], merges: bool
    ) -> tuple[tuple[str, ...], Mapping[str, str]]:
        """The stored default graphs and the named ones, for what a client names; nothing named is the whole release."""
        if not defaults and not named:
            return (self.merged,), self.named
        wanted = {name: self.named[name] for name in named if name in self.named}
        found = tuple(dict.fromkeys(self.named[name] for name in defaults if name in self.named))
        if len(found) > 1 and set(defaults) >= self.named.keys():
            return (self.merged,), wanted
        if len(found) > 1 and not merges:
            raise Unanswerable(
                "the server under this endpoint gives duplicate rows over several default graphs; "
                "ask one of them, the merged view (none named), or GRAPH ?g"
            )
        return found or (self.none,), wanted


@dataclass(frozen=True)
class Rewritten:
    """A query as it is sent, and what becomes of its rows."""

    form: str  # SELECT, ASK, CONSTRUCT or DESCRIBE
    text: str  # a SELECT, or "" for a DESCRIBE of constants only
    defaults: tuple[str, ...]
    named: tuple[str, ...]  # stored names of the graphs that the text may read beside the default graph
    template: str = ""  # of a CONSTRUCT, with its braces
    described: tuple[str, ...] = ()  # constants of a DESCRIBE
    limit: int | None = None  # rows that the query itself asks for at most


def rewrite(
    query: str,
    base: str,
    graphs: Graphs,
    defaults: Sequence[str] = (),
    named: Sequence[str] = (),
    able: Able = Able(),
) -> Rewritten:
    """BadQuery, with the place, for what is no query; Refused for what would reach into the server."""
    if any(token.says("SERVICE") for token in raw(query)):  # before it is run, be it over nothing
        raise Refused("SERVICE is refused: this endpoint fetches nothing on behalf of a query")
    variables = checked(query, base)
    tokens, base = read(query, base)
    for token in tokens:
        if token.kind == "iri" and PRIVATE.match(token.text):
            raise Refused(f"{token.text} is refused: it calls into the server under this endpoint")
    if not able.mixes:
        refuse_mixed(tokens)
    clauses = split(separated(tokens))
    if not defaults and not named:
        defaults, named = clauses.defaults, clauses.named
    stored, known = graphs.dataset(defaults, named, able.merges)
    asked = _composed(clauses, variables, stored, _Graphs(known, graphs.none, _unused(query)))
    if any(token.says("IRI", "URI") for token in tokens):  # the functions resolve what they are given
        asked = replace(asked, text=f"BASE <{base}> {asked.text}")
    if asked.text:
        _recheck(asked.text)
    return asked


def checked(query: str, base: str) -> tuple[str, ...]:
    """The variables that a query selects, by running it over nothing."""
    try:
        result = pyoxigraph.Store().query(query, base_iri=base)
    except (SyntaxError, ValueError) as error:
        raise BadSyntax(str(error)) from error
    except (OSError, RuntimeError):
        return ()  # it is a query: what goes wrong when it is run is for the server to say
    return tuple(str(v) for v in result.variables) if isinstance(result, pyoxigraph.QuerySolutions) else ()


def _unused(query: str) -> str:
    name = "stored"
    while name in query:
        name += "_"
    return name


class _Graphs:
    """Rewrites GRAPH in the parts of one query, and remembers which stored graphs they read."""

    def __init__(self, known: Mapping[str, str], none: str, prefix: str):
        self.known, self.none, self.prefix = known, none, prefix
        self.read: dict[str, None] = {}
        self.fresh = 0

    def text(self, tokens: Sequence[Token]) -> str:
        return "".join(self._pieces(list(tokens)))

    def _pieces(self, tokens: list[Token]) -> Iterator[str]:
        at = 0
        while at < len(tokens):
            if not tokens[at].says("GRAPH"):
                yield tokens[at].text
                at += 1
                continue
            name, opening = list(significant(tokens, at + 1))[:2]
            end = closing(tokens, opening)
            yield self._graph(tokens[name], tokens[opening + 1 : end])
            at = end + 1

    def _graph(self, name: Token, group: list[Token]) -> str:
        inside = self.text(group)
        first = next(significant(group), None)
        if name.kind == "iri":
            stored = self.known.get(name.text[1:-1], self.none)
            if first is None:
                return "{ }" if stored != self.none else "{ FILTER(false) }"
            self.read[stored] = None
            return f"GRAPH <{stored}> {{{inside}}}"
        if first is None:
            publics = " ".join(f"<{public}>" for public in self.known)
            return f"{{ VALUES {name.text} {{ {publics} }} }}"
        pairs = self.known or {self.none: self.none}
        self.read |= dict.fromkeys(pairs.values())
        if group[first].says("SELECT"):
            inside = f"{{{inside}}}"
        if len(pairs) * len(inside) <= SPELT_OUT or any(token.says("SELECT") for token in group):
            parts = (
                f"{{ GRAPH <{stored}> {{ VALUES {name.text} {{ <{public}> }} {inside} }} }}"
                for public, stored in pairs.items()
            )
            return f"{{ {' UNION '.join(parts)} }}"
        self.fresh += 1
        fresh = f"?{self.prefix}{self.fresh}"
        rows = " ".join(f"(<{stored}> <{public}>)" for public, stored in pairs.items())
        return f"GRAPH {fresh} {{ VALUES ({fresh} {name.text}) {{ {rows} }} {inside} }}"


def _composed(clauses: Clauses, variables: tuple[str, ...], defaults: tuple[str, ...], graphs: _Graphs) -> Rewritten:
    head, where, tail = (graphs.text(part) for part in (clauses.head, clauses.where, clauses.tail))
    template = ""
    described: tuple[str, ...] = ()
    limit = _number_after(clauses.tail, "LIMIT")
    match clauses.form:
        case "SELECT":
            text = f"SELECT {_selected(clauses.head, head, variables)} WHERE {where} {tail}"
        case "ASK":
            text, limit = _one(clauses.tail, where, tail), 1
        case "CONSTRUCT":
            made = clauses.head if text_of(clauses.head).strip() else clauses.where
            template, selected = text_of(made), _variables(made) or ("(1 AS ?one)",)
            windowed = limit is not None or _number_after(clauses.tail, "OFFSET") is not None
            distinct = "" if windowed or _mints(template) else "DISTINCT "
            text = f"SELECT {distinct}{' '.join(selected)} WHERE {where} {tail}"
        case _:
            described = tuple(t.text for t in clauses.head if t.kind == "iri")
            selected = _variables(clauses.head)
            if any(t.says("*") for t in clauses.head):
                selected = checked(f"SELECT * WHERE {text_of(clauses.where)} {text_of(clauses.tail)}", "http://a/")
            distinct = "" if limit is not None else "DISTINCT "
            text = f"SELECT {distinct}{' '.join(selected)} WHERE {where} {tail}" if selected and where else ""
    return Rewritten(clauses.form, text, defaults, tuple(graphs.read), template, described, limit)


def _recheck(text: str) -> None:
    try:
        pyoxigraph.Store().query(text)
    except (SyntaxError, ValueError) as error:
        raise Unanswerable(
            f"this query cannot be passed on to the server under this endpoint; spaces around < may help ({error})"
        ) from error
    except (OSError, RuntimeError):
        return  # it is a query: what goes wrong when it is run is for the server to say


def _selected(tokens: Sequence[Token], text: str, variables: tuple[str, ...]) -> str:
    # `*` would show the variables that were added, and servers differ in the order that it gives
    stars = [i for i, token in enumerate(tokens) if token.says("*")]
    words = [token for token in tokens if token.kind != "space"]
    if variables and stars and words[-1].says("*"):
        text = text_of(tokens[: stars[-1]]) + " ".join(variables)
    return text.strip()


def _one(tokens: Sequence[Token], where: str, tail: str) -> str:
    if not any(token.kind != "space" for token in tokens):
        return f"SELECT (1 AS ?one) WHERE {where} LIMIT 1"
    return f"SELECT (1 AS ?one) WHERE {{ {{ SELECT * WHERE {where} {tail} }} }} LIMIT 1"


def _variables(tokens: Sequence[Token]) -> tuple[str, ...]:
    names = (f"?{token.text[1:]}" for token in tokens if token.kind == "variable")
    return tuple(dict.fromkeys(names))


def _mints(template: str) -> bool:
    return "_:" in template or "[" in template or "(" in template


def _number_after(tokens: Sequence[Token], word: str) -> int | None:
    """The number of a LIMIT or OFFSET of the query itself, not of what is nested in it."""
    depth = 0
    for i, token in enumerate(tokens):
        if token.kind == "mark":
            depth += (token.text in "{([") - (token.text in "})]")
        elif depth == 0 and token.says(word) and (found := re.match(r"\s*(\d+)", text_of(tokens[i + 1 :]))):
            return int(found[1])
    return None
