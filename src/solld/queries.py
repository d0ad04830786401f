"""Reads SPARQL from files: the comments at the top say what a query answers and what it may be asked.

# What this answers, in one sentence.
# fr: La même chose en français.
# about solld:Network
# $place string@fr e.g. "Amiens": the name of a place
# fr: le nom d'un lieu
SELECT ... $place ...

The file runs as it stands: a parameter is a variable, and one that nobody binds is free. `about` is an IRI in <>, or a
name with a prefix that the query declares: the list of queries has those of one subject together, under its label.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from solld.errors import BadQuery, BadSite
from solld.parameters import Parameter, declared, sample, term
from solld.rdf import Literal, NamedNode
from solld.sparql.advice import advise
from solld.sparql.outline import Outline, outlined
from solld.sparql.tokens import tokens

SUBJECT = re.compile(r"# about (\S+)")
TRANSLATION = re.compile(r"# ([a-z]{2,3}(?:-[A-Za-z0-9]+)*): (.+)")


@dataclass(frozen=True)
class Query:
    """A saved query; `summary` by language, "en" being the first comment."""

    name: str
    summary: Mapping[str, str]
    text: str
    parameters: tuple[Parameter, ...] = ()
    kind: str = "select"  # or construct, describe, ask
    about: str = ""  # the IRI of its subject


def load(folder: Path) -> tuple[Query, ...]:
    """The queries of a folder, by name."""
    return tuple(read(path) for path in sorted(folder.glob("*.rq")))


def read(path: Path) -> Query:
    """One query file; BadSite with the line of what is wrong with it."""
    text = path.read_text(encoding="utf-8")
    first, *rest = text.splitlines() or [""]
    if not first.startswith("# "):
        raise BadSite(path, "the first line must be a comment that says what the query answers", 1)
    texts: list[dict[str, str]] = [{"en": first[2:].strip()}]  # of the query, then of each parameter
    parameters: list[Parameter] = []
    about = ""
    for number, line in enumerate(rest, 2):
        if line.startswith("# $"):
            parameters.append(_declared(path, number, line[2:], parameters))
            texts.append(dict(parameters[-1].description))
        elif translated := TRANSLATION.fullmatch(line):
            texts[-1][translated[1]] = translated[2].strip()
        elif subject := SUBJECT.fullmatch(line):
            about = _subject(path, number, subject[1], text)
        else:
            break
    described = tuple(replace(p, description=t) for p, t in zip(parameters, texts[1:], strict=True))
    return Query(path.stem, texts[0], text, described, _checked(path, text, described), about)


def _subject(path: Path, line: int, name: str, text: str) -> str:
    """The IRI that a name in <> or with a prefix stands for."""
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    declared_prefixes = outlined(text).prefixes
    if prefix not in declared_prefixes:
        raise BadSite(
            path, f"about {name}: the query declares no prefix {prefix}:; write an IRI in <>, or declare it", line
        )
    return declared_prefixes[prefix] + local


def _declared(path: Path, number: int, line: str, before: list[Parameter]) -> Parameter:
    try:
        parameter = declared(line)
        for value in filter(None, (parameter.default, parameter.example)):
            if parameter.type != "iri" or "://" in value:  # prefixes are known when the release is opened
                term(parameter, value, {})
    except (ValueError, BadQuery) as error:
        raise BadSite(path, str(error), number) from error
    if any(each.name == parameter.name for each in before):
        raise BadSite(path, f"${parameter.name} is declared twice", number)
    return parameter


def _checked(path: Path, text: str, parameters: tuple[Parameter, ...]) -> str:
    """The kind of the query; it must be one, with its parameters and without."""
    outline = outlined(text)
    _parsed(path, outline, "")
    for parameter in parameters:
        uses = [token for token in outline.tokens if token.kind == "VAR" and token.text[1:] == parameter.name]
        other = next((token for token in uses if token.text[0] != "$"), None)
        if not uses:
            line = next(n for n, each in enumerate(text.splitlines(), 1) if each.startswith(f"# ${parameter.name} "))
            raise BadSite(path, f"${parameter.name} is declared, and does not stand in the query", line)
        if other:
            line, _ = outline.places(other.start)
            raise BadSite(path, f"{other.text} is the parameter: write ${parameter.name}, or name it otherwise", line)
    if parameters:
        bound = bind(text, **{each.name: _sample(each) for each in parameters})
        _parsed(path, outlined(bound), "with its parameters bound, ")
    return outline.kind


def _parsed(path: Path, outline: Outline, when: str) -> None:
    if not outline.is_query:
        token, message, hint = advise(outline)
        line, column = outline.places(token.start)
        raise BadSite(path, f"{when}column {column}: {message}; {hint}", line)


def _sample(parameter: Parameter) -> NamedNode | Literal:
    return NamedNode(parameter.kind.example) if parameter.type == "iri" else term(parameter, sample(parameter), {})


def bind(text: str, **terms: NamedNode | Literal) -> str:
    """The query with `$name` replaced by terms: they are written by the RDF library, never as raw strings."""
    pieces, done = [], 0
    for token in tokens(text):
        if token.kind == "VAR" and token.text[0] == "$" and token.text[1:] in terms:
            pieces += [text[done : token.start], str(terms[token.text[1:]])]
            done = token.end
    return "".join([*pieces, text[done:]])
