"""Parameters of saved queries: how a query declares them, and how what a client gives becomes an RDF term.

# $name type [required | = "default"] [e.g. "example"]: description
# fr: la même description en français

A value is written as it would stand in an address, between double quotes. Types are those of TYPES; `string@fr` is a
string in a language. The term is written by the RDF library, so nothing that a client gives becomes a piece of syntax.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from solld.errors import BadQuery
from solld.rdf import XSD, Literal, NamedNode

OTHERS = ("page", "size", "format", "lang")  # that the address of any query may have
RESERVED = (*OTHERS, "query")
DECLARATION = re.compile(
    r"\$(?P<name>[A-Za-z][A-Za-z0-9_]*) (?P<type>[a-z]+)(?:@(?P<language>[A-Za-z]+(?:-[A-Za-z0-9]+)*))?"
    r'(?: (?P<required>required)| = "(?P<default>[^"]+)")?(?: e\.g\. "(?P<example>[^"]+)")?: (?P<description>\S.*)'
)
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
# Schemes of IRIs that people give; another is more likely a misspelt prefix, unless it stands in <>.
SCHEMES = ("http", "https", "urn", "tag", "mailto", "geo", "doi", "info", "tel", "ftp", "did", "ark")

Prefixes = Mapping[str, str]


@dataclass(frozen=True)
class Parameter:
    """One parameter; default and example as they stand in an address, empty where there is none."""

    name: str
    type: str
    language: str = ""  # of a string
    required: bool = False
    default: str = ""
    example: str = ""
    description: Mapping[str, str] = field(default_factory=dict)  # language -> text

    @property
    def kind(self) -> "Type":
        return TYPES[self.type]


@dataclass(frozen=True)
class Type:
    """A type of parameters: how a text is read, what is expected, and an example for who has none."""

    read: Callable[[str, Parameter, Prefixes], NamedNode | Literal]  # ValueError if the text is wrong
    expected: str
    example: str
    datatype: NamedNode | None  # None: an IRI


def _iri(text: str, parameter: Parameter, prefixes: Prefixes) -> NamedNode:
    if text.startswith("<") and text.endswith(">"):
        return NamedNode(text[1:-1])
    prefix, colon, local = text.partition(":")
    if colon and prefix in prefixes and not local.startswith("//"):
        return NamedNode(prefixes[prefix] + local)
    if colon and prefix.lower() in SCHEMES:
        return NamedNode(text)
    near = difflib.get_close_matches(prefix, prefixes, 1) if colon else []
    raise ValueError(f"there is no prefix {prefix}:" + (f"; did you mean {near[0]}:?" if near else "") if colon else "")


def _string(text: str, parameter: Parameter, prefixes: Prefixes) -> Literal:
    return Literal(text, language=parameter.language) if parameter.language else Literal(text)


def _matching(pattern: str, datatype: NamedNode) -> Callable[[str, Parameter, Prefixes], Literal]:
    compiled = re.compile(pattern)

    def read(text: str, parameter: Parameter, prefixes: Prefixes) -> Literal:
        if not compiled.fullmatch(text):
            raise ValueError
        return Literal(text, datatype=datatype)

    return read


def _date(text: str, parameter: Parameter, prefixes: Prefixes) -> Literal:
    return Literal(date.fromisoformat(text).isoformat(), datatype=XSD.date)


def _language(text: str, parameter: Parameter, prefixes: Prefixes) -> Literal:
    if not LANGUAGE.fullmatch(text):
        raise ValueError
    return Literal(text.lower())  # as LANG() gives it: the store keeps tags in lower case


TYPES: Mapping[str, Type] = {
    "iri": Type(_iri, "an absolute IRI, or a name with a prefix of this site", "https://example.org/thing", None),
    "string": Type(_string, "a text", "text", XSD.string),
    "integer": Type(_matching(r"[+-]?[0-9]{1,18}", XSD.integer), "a whole number", "12", XSD.integer),
    "decimal": Type(
        _matching(r"[+-]?([0-9]{1,18}(\.[0-9]{0,18})?|\.[0-9]{1,18})", XSD.decimal), "a number", "1.5", XSD.decimal
    ),
    "date": Type(_date, "a date, as year-month-day", "2026-01-31", XSD.date),
    "boolean": Type(_matching(r"true|false", XSD.boolean), "true or false", "true", XSD.boolean),
    "language": Type(_language, "a language tag", "fr", XSD.string),
}


def declared(line: str) -> Parameter:
    """The parameter that a comment declares, without its #. ValueError says what is wrong with it."""
    match = DECLARATION.fullmatch(line)
    if match is None:
        raise ValueError('a parameter is declared like $name string@fr = "default" e.g. "example": description')
    name, type_, language = match["name"], match["type"], match["language"] or ""
    if name in RESERVED:
        raise ValueError(f"${name} cannot be a parameter: addresses have {', '.join(RESERVED)} already")
    if type_ not in TYPES:
        near = difflib.get_close_matches(type_, TYPES, 1)
        raise ValueError(
            f"${name}: there is no type {type_!r}"
            + (f"; did you mean {near[0]}?" if near else f"; there are {', '.join(TYPES)}")
        )
    if language and type_ != "string":
        raise ValueError(f"${name}: only a string has a language, not {type_}@{language}")
    return Parameter(
        name,
        type_,
        language,
        required=bool(match["required"]),
        default=match["default"] or "",
        example=match["example"] or "",
        description={"en": match["description"].strip()},
    )


def term(parameter: Parameter, text: str, prefixes: Prefixes) -> NamedNode | Literal:
    """What a client gives, as a term. BadQuery names the parameter, what was given and what is expected."""
    try:
        return parameter.kind.read(text, parameter, prefixes)
    except ValueError as error:
        raise BadQuery(
            f"{parameter.name}={text!r} is not {_expectation(parameter)}" + (f" ({error})" if _telling(error) else "")
        ) from error


def _telling(error: ValueError) -> bool:
    return str(error).startswith("there is no prefix")


def _expectation(parameter: Parameter) -> str:
    return f"{parameter.kind.expected}, like {sample(parameter)!r}"


def sample(parameter: Parameter) -> str:
    """A value that the parameter may have."""
    return parameter.example or parameter.default or parameter.kind.example


def terms(
    parameters: Iterable[Parameter], given: Iterable[tuple[str, str]], prefixes: Prefixes
) -> dict[str, NamedNode | Literal]:
    """name -> term, of what a client gives and of the defaults. An empty value is one that a form left out."""
    known = {each.name: each for each in parameters}
    found: dict[str, NamedNode | Literal] = {}
    for name, text in given:
        if name not in known:
            raise BadQuery(_unknown(name, known))
        if name in found:
            raise BadQuery(f"{name} is given more than once; it has one value")
        if text:
            found[name] = term(known[name], text, prefixes)
    for each in known.values():
        if each.name not in found and each.default:
            found[each.name] = term(each, each.default, prefixes)
        if each.name not in found and each.required:
            raise BadQuery(f"{each.name} is missing: {_expectation(each)}")
    return found


def _unknown(name: str, known: Iterable[str]) -> str:
    offered = [*known, *OTHERS]
    near = difflib.get_close_matches(name, offered, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(offered)}"
    return f"there is no parameter {name!r}; {hint}"
