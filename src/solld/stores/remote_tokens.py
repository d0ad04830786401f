"""The words and clauses of a SPARQL query, every IRI absolute, so that a server reads the names that we have read.

What is sent has no PREFIX, no comment and no \\u escape: nothing that two parsers could read differently.
https://www.w3.org/TR/sparql11-query/#sparqlGrammar
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from solld.errors import BadQuery, Unanswerable
from solld.rdf import Literal, NamedNode, RdfFormat, parse

_LOCAL = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_MORE = "\u00b7\u0300-\u036f\u203f\u2040"  # name characters beside letters and digits
TOKEN = re.compile(
    r"(?P<space>(?:\s|\#[^\n\r]*)+)"
    r'|(?P<string>"""(?:[^"\\]|\\.|"(?!""))*"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*'''"
    r'|"(?:[^"\\\n\r]|\\.)*"'
    r"|'(?:[^'\\\n\r]|\\.)*')"
    # `?a<?b&&?c>?d` compares; no IRI begins with a variable or holds an "and" in any query that was meant
    r'|(?P<iri><(?![?$])(?:(?!&&)[^<>"{}|^`\x00-\x20])*>)'
    rf"|(?P<variable>[?$][\w{_MORE}]+)"
    rf"|(?P<blank>_:\w(?:[\w.{_MORE}-]*[\w{_MORE}-])?)"
    rf"|(?P<name>(?:[^\W\d_](?:[\w.{_MORE}-]*[\w{_MORE}-])?)?:"
    rf"(?:(?:[\w:{_MORE}]|{_LOCAL})(?:(?:[\w:.{_MORE}-]|{_LOCAL})*(?:[\w:{_MORE}-]|{_LOCAL}))?)?)"
    r"|(?P<tag>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)"
    r"|(?P<word>[^\W\d]\w*)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
NAMED = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
SHORT = 18  # characters of an IRI with its brackets
FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True)
class Token:
    """A piece of a query; `kind` is a group of TOKEN, and an IRI's text is the absolute IRI in angle brackets."""

    kind: str
    text: str

    def says(self, *words: str) -> bool:
        """Whether it is one of these keywords or marks."""
        return self.kind in ("word", "mark") and self.text.upper() in words


def raw(query: str) -> list[Token]:
    """The tokens of a text as they stand."""
    return [Token(m.lastgroup or "", m[0]) for m in TOKEN.finditer(query)]


def read(query: str, base: str) -> tuple[list[Token], str]:
    """The tokens of a query that is known to be well-formed, without its prologue, and the base that holds in it."""
    tokens = raw(query)
    start, base, prefixes = _prologue(tokens, base)
    return [_plain(token, base, prefixes) for token in tokens[start:]], base


def _prologue(tokens: list[Token], base: str) -> tuple[int, str, dict[str, str]]:
    # PREFIX name: <iri>, BASE <iri> and VERSION "1.2", in any order; each IRI is relative to the base before it
    prefixes: dict[str, str] = {}
    at = 0
    while True:
        words = [i for i in range(at, min(at + 6, len(tokens))) if tokens[i].kind != "space"]
        if words and tokens[words[0]].says("PREFIX"):
            prefixes[tokens[words[1]].text] = absolute(_unescaped(tokens[words[2]].text[1:-1]), base)
            at = words[2] + 1
        elif words and tokens[words[0]].says("BASE", "VERSION"):
            if tokens[words[0]].says("BASE"):
                base = absolute(_unescaped(tokens[words[1]].text[1:-1]), base)
            at = words[1] + 1
        else:
            return at, base, prefixes


def _plain(token: Token, base: str, prefixes: dict[str, str]) -> Token:
    match token.kind:
        case "space":
            return Token("space", "\n" if "\n" in token.text else " ")
        case "string":
            quote = 3 if token.text.startswith(('"""', "'''")) else 1
            return Token("string", str(Literal(_unescaped(token.text[quote:-quote]))))
        case "iri":
            return Token("iri", str(_checked(absolute(_unescaped(token.text[1:-1]), base))))
        case "name":
            prefix, _, local = token.text.partition(":")
            if f"{prefix}:" not in prefixes:
                raise BadQuery(f"the prefix {prefix}: is not declared")
            local = re.sub(r"\\(.)", r"\1", local)
            return Token("iri", str(_checked(prefixes[f"{prefix}:"] + local)))
        case _:
            return token


def _checked(iri: str) -> NamedNode:
    # An escape may have hidden a bracket that would end the IRI in what is sent.
    try:
        return NamedNode(iri)
    except ValueError as error:
        raise BadQuery(f"<{iri}> is not an IRI: {error}") from error


def absolute(iri: str, base: str) -> str:
    """The IRI resolved against a base (RFC 3986 section 5), by the library that resolves all others."""
    if SCHEME.match(iri) and "/." not in iri:
        return iri
    try:
        if "<" in iri or ">" in iri:
            raise ValueError("it has a bracket")
        (quad,) = parse(f"<{iri}> <a:a> <a:a> .".encode(), format=RdfFormat.TURTLE, base_iri=base)
    except (SyntaxError, ValueError) as error:
        raise BadQuery(f"<{iri}> is not an IRI: {error}") from error
    assert isinstance(quad.subject, NamedNode)
    return quad.subject.value


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code and (int(code, 16) > 0x10FFFF or 0xD800 <= int(code, 16) < 0xE000):
            raise BadQuery(f"{match[0]} is not a character")
        return chr(int(code, 16)) if code else NAMED.get(match[3], match[0])

    return ESCAPE.sub(character, text) if "\\" in text else text


def significant(tokens: list[Token], start: int = 0) -> Iterator[int]:
    """The places of what is not white space."""
    return (i for i in range(start, len(tokens)) if tokens[i].kind != "space")


def closing(tokens: list[Token], opening: int) -> int:
    """The place of the bracket that closes the one at a place."""
    depth = 0
    for i in range(opening, len(tokens)):
        if tokens[i].kind == "mark":
            depth += (tokens[i].text in "{([") - (tokens[i].text in "})]")
            if depth == 0:
                return i
    raise BadQuery("the brackets of the query do not match")


def separated(tokens: list[Token]) -> list[Token]:
    """Every GROUP_CONCAT with its separator, which Virtuoso 7 insists on; a space is what the standard means."""
    found = list(tokens)
    for at in reversed([i for i, token in enumerate(tokens) if token.says("GROUP_CONCAT")]):
        opening = next(significant(found, at + 1))
        end = closing(found, opening)
        if not any(token.says("SEPARATOR") for token in found[opening:end]):
            found.insert(end, Token("mark", ' ; SEPARATOR = " "'))
    return found


def text_of(tokens: Iterable[Token]) -> str:
    return "".join(token.text for token in tokens)


@dataclass(frozen=True)
class Clauses:
    """A query by its parts; `head` is what stands between the form and the dataset."""

    form: str
    head: list[Token]
    where: list[Token]  # the group with its braces, or nothing
    tail: list[Token]  # solution modifiers and VALUES
    defaults: tuple[str, ...]
    named: tuple[str, ...]


def split(tokens: list[Token]) -> Clauses:
    """The parts of a query."""
    first = next(significant(tokens))
    form = tokens[first].text.upper()
    if form not in FORMS:
        raise BadQuery(f"a query begins with {', '.join(FORMS)}, not with {tokens[first].text}")
    start = next(significant(tokens, first + 1), len(tokens))
    template = closing(tokens, start) + 1 if form == "CONSTRUCT" and tokens[start].says("{") else first + 1
    head = list(tokens[first + 1 : template])
    defaults: list[str] = []
    named: list[str] = []
    at = template
    while at < len(tokens) and not tokens[at].says("{", "WHERE"):
        if tokens[at].says("FROM"):
            following = list(significant(tokens, at + 1))[:2]
            is_named = tokens[following[0]].says("NAMED")
            at = following[1] if is_named else following[0]
            (named if is_named else defaults).append(tokens[at].text[1:-1])
        elif tokens[at].says("(", "["):
            end = closing(tokens, at)
            head += tokens[at:end]
            at = end
            head.append(tokens[at])
        elif form == "DESCRIBE" and tokens[at].says("ORDER", "LIMIT", "OFFSET", "GROUP", "HAVING", "VALUES"):
            break
        else:
            head.append(tokens[at])
        at += 1
    if at < len(tokens) and tokens[at].says("WHERE"):
        at = next(significant(tokens, at + 1))
    end = closing(tokens, at) + 1 if at < len(tokens) and tokens[at].says("{") else at
    return Clauses(form, head, tokens[at:end], tokens[end:], tuple(defaults), tuple(named))


def refuse_mixed(tokens: list[Token]) -> None:
    """Unanswerable for a VALUES that has both strings and short IRIs for one variable."""
    for at in [i for i, token in enumerate(tokens) if token.says("VALUES")]:
        names = next(significant(tokens, at + 1))
        end = closing(tokens, names) if tokens[names].says("(") else names
        width = sum(token.kind == "variable" for token in tokens[names : end + 1])
        opening = next(significant(tokens, end + 1))
        data = [t for t in tokens[opening + 1 : closing(tokens, opening)] if t.kind != "space" and not t.says("(", ")")]
        kinds: dict[int, set[str]] = defaultdict(set)
        column = 0
        for i, token in enumerate(data):
            typed = token.says("^") or token.kind == "tag" or (i and data[i - 1].says("^"))
            following = data[i + 1] if i + 1 < len(data) else token
            if not typed:
                is_plain = token.kind == "string" and not (following.says("^") or following.kind == "tag")
                is_short = token.kind == "iri" and len(token.text) <= SHORT
                kinds[column % max(width, 1)].add("string" if is_plain else "iri" if is_short else "other")
                column += 1
        if any({"iri", "string"} <= found for found in kinds.values()):
            raise Unanswerable(
                "the server under this endpoint confuses strings and IRIs that stand in one VALUES for one variable"
            )
