"""Validates resources against the ontology's shapes: the home of the SHACL library.

https://www.w3.org/TR/shacl/ by the Rust `shacl` package, which agrees with pyshacl on our shapes (a test compares them)
and takes a fortieth of its time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import shacl

from solld.errors import BadData
from solld.rdf import SH, Literal, NamedNode, RdfFormat, parse


@dataclass(frozen=True)
class Shapes:
    """Compiled shapes, and the messages in them: text -> literal with its language."""

    compiled: shacl.Shapes
    messages: Mapping[str, Literal]


@dataclass(frozen=True)
class Result:
    """One sh:ValidationResult; terms as plain strings."""

    focus: str
    severity: str  # Violation, Warning, Info
    path: str  # IRI, or a SPARQL property path, or ""
    value: str
    message: str
    messages: tuple[Literal, ...]
    shape: str


def compile_shapes(ontology: bytes) -> Shapes:
    """The shapes of an ontology in N-Triples. BadData if they are not well-formed.

    Blank nodes must be as they were read: a path that is an IRI is a predicate, whatever is said of that IRI.
    """
    said = (t.object for t in parse(ontology, format=RdfFormat.N_TRIPLES) if t.predicate == SH.message)
    messages = {message.value: message for message in said if isinstance(message, Literal)}
    try:
        return Shapes(shacl.Shapes.from_text(ontology.decode(), "ntriples"), messages)
    except (ValueError, RuntimeError) as error:
        raise BadData("ontology", f"the shapes cannot be compiled: {error}") from error


def validate(shapes: Shapes, data: Iterable[bytes], focuses: frozenset[str] | None = None) -> list[Result]:
    """The results for N-Triples lines; with `focuses`, only those about these resources or fragments of them."""
    report = shapes.compiled.validate_text(b"\n".join(data).decode(), "ntriples")
    found = []
    for result in report.results:
        focus = result.focus_node.strip("<>")
        if focuses is not None and focus.partition("#")[0] not in focuses:
            continue
        messages = tuple(shapes.messages[text] for text in result.messages if text in shapes.messages)
        found.append(
            Result(
                focus=focus,
                severity=result.severity,
                path=(result.path or "").strip("<>"),
                value=result.value_plain or "",
                message=_in_english(messages) or result.message or _generic(result),
                messages=messages,
                shape=(result.root_shape or "").strip("<>"),
            )
        )
    return sorted(found, key=lambda r: (r.focus, r.path, r.message, r.value))


def _in_english(messages: tuple[Literal, ...]) -> str:
    return next((m.value for m in messages if m.language in ("en", None)), "")


def _generic(result: shacl.Result) -> str:
    return f"violates {result.component.removesuffix('ConstraintComponent')}"


def types_of(lines: Iterable[bytes]) -> list[bytes]:
    """The rdf:type lines among N-Triples lines."""
    return [line for line in lines if b" " + str(_TYPE).encode() + b" " in line]


_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
