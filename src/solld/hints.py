"""Tells what is wrong with a query: line, column, and a hint. It runs nothing and parses nothing with the engine.

The engine parses in a process of its own, because a hostile text ends the process that parses it; what it said is given
here as a text. https://www.w3.org/TR/sparql12-query/
"""

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

from solld.rdf import OWL, RDF, RDFS, VOID, NamedNode, Triple
from solld.sparql import prefixes
from solld.sparql.advice import advise
from solld.sparql.outline import Name, Outline
from solld.sparql.saying import ENGLISH, Saying, in_language, say
from solld.sparql.sense import senseless
from solld.sparql.tokens import Token

LONGEST = 100_000  # characters of a text that is looked into: half a second at the worst; nobody writes more by hand
SHOWN = 10  # warnings of a kind, each of which is compared with all that is known
CANDIDATES = 500  # variables of the query that a misspelt one is compared with
LIKE = 0.6  # of difflib's ratio between local names, from which on one is offered for the other
PREFIX_LIKE = 0.75  # the same between prefixes, which are short
ENGINE = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
# What the engine says in sentences stands among what it lists: "expected one of The SELECT contains …, [_]".
SENTENCE = re.compile(r"(?:[A-Z][A-Za-z]*|\\u)(?: (?:\*|\\u|[A-Za-z-]+))+")
CLASSES = frozenset({OWL.Class, RDFS.Class, RDFS.Datatype})
PROPERTIES = frozenset({OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty, RDF.Property})


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, or looks wrong; `column` counts characters. From 1, and 0 where the place is unknown."""

    line: int
    column: int
    message: str
    hint: str = ""


@dataclass(frozen=True)
class Vocabulary:
    """The classes and properties that a release uses or declares; those that begin with `base` are known completely."""

    classes: frozenset[str]
    properties: frozenset[str]
    base: str

    @cached_property
    def namespaces(self) -> frozenset[str]:
        return frozenset(namespace(iri) for iri in self.classes | self.properties)


@dataclass(frozen=True)
class Report:
    """What can be said of a query without running it."""

    kind: str  # select, construct, describe, ask, or nothing
    variables: tuple[str, ...]  # the columns of a SELECT
    prefixes: Mapping[str, str]  # those that the query declares
    errors: tuple[Problem, ...]  # it cannot be answered
    warnings: tuple[Problem, ...] = ()  # it can, but not as it is meant


def vocabulary(triples: Iterable[Triple], base: str) -> Vocabulary:
    """The vocabulary of a release, from its ontology and from the partitions of its catalogue."""
    classes: set[str] = set()
    properties: set[str] = set()
    for each in triples:
        if each.predicate == RDF.type and isinstance(each.subject, NamedNode):
            if each.object in CLASSES:
                classes.add(each.subject.value)
            elif each.object in PROPERTIES:
                properties.add(each.subject.value)
        elif each.predicate == VOID["class"] and isinstance(each.object, NamedNode):
            classes.add(each.object.value)
        elif each.predicate == VOID.property and isinstance(each.object, NamedNode):
            properties.add(each.object.value)
    return Vocabulary(frozenset(classes), frozenset(properties), base)


def namespace(iri: str) -> str:
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


def check(text: str, complaint: str | None, site: Mapping[str, str], known: Vocabulary | None = None) -> Report:
    """What is wrong with a query; `complaint` is the message of the engine that refused it, `site` are the prefixes."""
    if len(text) > LONGEST:
        return Report("", (), {}, (_engine(complaint),) if complaint else ())
    outline = Outline(text)
    return Report(
        kind=outline.kind,
        variables=outline.variables,
        prefixes=outline.prefixes,
        errors=_sorted(_errors(outline, complaint, site)),
        warnings=_sorted(_warnings(outline, site, known)) if outline.is_query else (),
    )


def _sorted(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.line, problem.column)))


def as_json(report: Report, language: str = ENGLISH) -> dict[str, Any]:
    """The report as POST /sparql/check answers it."""
    errors, warnings = (tuple(said(each, language) for each in found) for found in (report.errors, report.warnings))
    return {"valid": not report.errors} | asdict(replace(report, errors=errors, warnings=warnings))


def said(problem: Problem, language: str) -> Problem:
    """A problem in a language; what the engine says itself stays in English."""
    return replace(problem, message=in_language(problem.message, language), hint=in_language(problem.hint, language))


def _at(outline: Outline, token: Token, message: str, hint: str) -> Problem:
    return Problem(*outline.places(token.start), message, hint)


def _errors(outline: Outline, complaint: str | None, site: Mapping[str, str]) -> Iterator[Problem]:
    yield from (
        _at(
            outline,
            token,
            say("SERVICE is refused here: this endpoint fetches nothing on behalf of a query"),
            say("delete it"),
        )
        for token in outline.tokens
        if token.says("SERVICE")
    )
    if complaint is None:
        return
    departure = advise(outline) if not outline.is_query else None
    for prefix, token in outline.undeclared.items():
        if departure is None or token.start < departure[0].start:  # what comes after may be an IRI without its <
            yield _at(outline, token, say("the prefix {}: is not declared", prefix), _prefix(prefix, site))
    if departure:
        yield _at(outline, *departure)
    elif not outline.undeclared:
        found = senseless(outline)
        yield _at(outline, *found) if found else _engine(complaint)


def _prefix(prefix: str, site: Mapping[str, str]) -> Saying:
    known = prefixes.known(site)
    if prefix in known:
        return say("write at the beginning: {}", prefixes.declaration(prefix, known[prefix]))
    near = difflib.get_close_matches(prefix, [each for each in known if each], 1, PREFIX_LIKE)
    if near:
        return say("did you mean {}:? {}", near[0], prefixes.declaration(near[0], known[near[0]]))
    example = prefixes.declaration(prefix, "http://example.org/")
    return say("declare it at the beginning, like {} (see /prefixes.json)", example)


def _engine(complaint: str) -> Problem:
    """What the engine says, without what it lists of its grammar."""
    match = ENGINE.match(complaint)
    if match is None:
        return Problem(0, 0, complaint)
    sentence = SENTENCE.search(match[3])
    said = sentence[0] if sentence else ""
    unread = say("the query cannot be read from here on, or from a little before")
    return Problem(int(match[1]), int(match[2]), said or unread)


def _warnings(outline: Outline, site: Mapping[str, str], known: Vocabulary | None) -> Iterator[Problem]:
    for variable, token in list(outline.unbound.items())[:SHOWN]:
        near = difflib.get_close_matches(variable, sorted(outline.bound)[:CANDIDATES], 1)
        hint = say("did you mean ?{}?", near[0]) if near else say("nothing in the query gives it a value")
        yield _at(outline, token, say("{} is never bound", token.text), hint)
    if known:
        yield from _unknown(outline, outline.classes, known.classes, "no class {} is known here", site, known)
        yield from _unknown(outline, outline.properties, known.properties, "no property {} is known here", site, known)


def _unknown(
    outline: Outline,
    names: Iterable[Name],
    terms: frozenset[str],
    unknown: str,
    site: Mapping[str, str],
    known: Vocabulary,
) -> Iterator[Problem]:
    """Names in a known namespace that are no known terms: ours for certain, others' if a known one is alike."""
    first = {each.iri: each.token for each in reversed(tuple(names)) if namespace(each.iri) in known.namespaces}
    for iri, token in [(iri, token) for iri, token in first.items() if iri not in terms][:SHOWN]:
        near = _nearest(iri, terms)
        hint = say("did you mean {}?", _short(near, outline.prefixes, site)) if near else ""
        if near or iri.startswith(known.base):
            yield _at(outline, token, say(unknown, token.text), hint)


def _nearest(iri: str, terms: Iterable[str]) -> str:
    """The known term whose local name is most alike, one of the same namespace before another."""
    local = {term: term.removeprefix(namespace(term)) for term in terms}
    wanted = iri.removeprefix(namespace(iri))
    near = difflib.get_close_matches(wanted, local.values(), 3, LIKE)
    found = [term for term in local if near and local[term] == near[0]]
    return min(found, key=lambda term: namespace(term) != namespace(iri), default="")


def _short(iri: str, *mappings: Mapping[str, str]) -> str:
    """The prefixed name of an IRI, by the first mapping that has its namespace."""
    for mapping in mappings:
        for prefix, stem in mapping.items():
            if stem and iri.startswith(stem) and re.fullmatch(r"[\w-]+", iri.removeprefix(stem)):
                return f"{prefix}:{iri.removeprefix(stem)}"
    return f"<{iri}>"
