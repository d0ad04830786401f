"""SHACL property paths: read from the ontology, walked in a store, and written in SPARQL.

https://www.w3.org/TR/shacl/#property-paths
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from solld.rdf import DEFAULT, RDF, SH, DefaultGraph, Literal, NamedNode, Quad, Term

Quads = Callable[[NamedNode | None, NamedNode | None, Term | None, DefaultGraph], Iterator[Quad]]
Properties = Mapping[NamedNode, Sequence[Term]]
NODES = 50_000  # whose properties are kept while an index is made


class Steps:
    """What a merged view says, step by step; with `kept`, what is said of a node is read once."""

    def __init__(self, quads: Quads, kept: bool = False):
        self.quads = quads
        self.said = lru_cache(maxsize=NODES)(self._said) if kept else None

    def objects(self, node: NamedNode, predicate: NamedNode) -> Iterable[Term]:
        if self.said:
            return self.said(node).get(predicate, ())
        return (quad.object for quad in self.quads(node, predicate, None, DEFAULT))  # type: ignore[misc]

    def subjects(self, predicate: NamedNode, node: Term) -> Iterable[Term]:
        return (quad.subject for quad in self.quads(None, predicate, node, DEFAULT))  # type: ignore[misc]

    def _said(self, node: NamedNode) -> Properties:
        found: dict[NamedNode, list[Term]] = {}
        for quad in self.quads(node, None, None, DEFAULT):
            found.setdefault(quad.predicate, []).append(quad.object)  # type: ignore[arg-type]
        return found


NIL = RDF.nil


@dataclass(frozen=True)
class Path:
    """`kind` is predicate, inverse, sequence, alternative, optional, any (none or more) or some (one or more)."""

    kind: str
    predicate: NamedNode | None = None
    parts: tuple["Path", ...] = ()


MODIFIERS = {
    SH.inversePath: "inverse",
    SH.zeroOrMorePath: "any",
    SH.oneOrMorePath: "some",
    SH.zeroOrOnePath: "optional",
}
SIGNS = {"any": "*", "some": "+", "optional": "?"}


def read(index: Mapping[NamedNode, Properties], node: Term) -> Path:
    """The path that a node of an ontology is. ValueError for what is none."""
    if not isinstance(node, NamedNode):
        raise ValueError(f"{node} is no path")
    said = index.get(node, {})
    if RDF.first in said:
        return Path("sequence", parts=tuple(read(index, each) for each in _items(index, node)))
    if SH.alternativePath in said:
        return Path(
            "alternative", parts=tuple(read(index, each) for each in _items(index, said[SH.alternativePath][0]))
        )
    for predicate, kind in MODIFIERS.items():
        if predicate in said:
            return Path(kind, parts=(read(index, said[predicate][0]),))
    return Path("predicate", node)


def of(*predicates: NamedNode) -> Path:
    """Any of these predicates."""
    parts = tuple(Path("predicate", each) for each in predicates)
    return parts[0] if len(parts) == 1 else Path("alternative", parts=parts)


def _items(index: Mapping[NamedNode, Properties], node: Term) -> Iterator[Term]:
    seen: set[Term] = set()
    while isinstance(node, NamedNode) and node != NIL:
        said = index.get(node, {})
        if node in seen or RDF.first not in said or RDF.rest not in said:
            raise ValueError(f"{node} is no list")
        seen.add(node)
        yield said[RDF.first][0]
        node = said[RDF.rest][0]


def forward(path: Path, steps: Steps, starts: Iterable[Term]) -> dict[Term, None]:
    """What the path leads to in the merged view, in the order of its steps."""
    found: dict[Term, None] = {}
    if path.kind == "predicate":
        for node in starts:
            if isinstance(node, NamedNode):
                found.update(dict.fromkeys(steps.objects(node, path.predicate)))  # type: ignore[arg-type]
    elif path.kind == "inverse":
        found = backward(path.parts[0], steps, starts)
    elif path.kind == "sequence":
        found = dict.fromkeys(starts)
        for part in path.parts:
            found = forward(part, steps, found)
    elif path.kind == "alternative":
        given = list(starts)
        for part in path.parts:
            found |= forward(part, steps, given)
    else:
        found = _repeated(path, starts, lambda nodes: forward(path.parts[0], steps, nodes))
    return found


def backward(path: Path, steps: Steps, ends: Iterable[Term]) -> dict[Term, None]:
    """From where the path leads to any of these."""
    found: dict[Term, None] = {}
    if path.kind == "predicate":
        for node in ends:
            found.update(dict.fromkeys(steps.subjects(path.predicate, node)))  # type: ignore[arg-type]
    elif path.kind == "inverse":
        found = forward(path.parts[0], steps, ends)
    elif path.kind == "sequence":
        found = dict.fromkeys(ends)
        for part in reversed(path.parts):
            found = backward(part, steps, found)
    elif path.kind == "alternative":
        given = list(ends)
        for part in path.parts:
            found |= backward(part, steps, given)
    else:
        found = _repeated(path, ends, lambda nodes: backward(path.parts[0], steps, nodes))
    return found


def _repeated(
    path: Path, starts: Iterable[Term], step: Callable[[Iterable[Term]], dict[Term, None]]
) -> dict[Term, None]:
    found = dict.fromkeys(starts) if path.kind in ("any", "optional") else {}
    last = dict.fromkeys(starts) if not found else dict(found)
    while last:
        last = {node: None for node in step(last) if node not in found}
        found |= last
        if path.kind == "optional":
            break
    return found


def touched(path: Path, steps: Steps, nodes: Iterable[Term]) -> dict[Term, None]:
    """From where the path may pass through any of these: what must be looked at again when they change."""
    given = dict.fromkeys(nodes)
    if path.kind == "predicate":
        return given
    if path.kind == "inverse":  # it is what the node at its end says
        return forward(path.parts[0], steps, touched(path.parts[0], steps, given))
    if path.kind == "alternative":
        return {start: None for part in path.parts for start in touched(part, steps, given)}
    if path.kind != "sequence":
        return {**given, **backward(path, steps, touched(path.parts[0], steps, given))}
    found: dict[Term, None] = {}
    for place in range(len(path.parts) - 1, -1, -1):
        found = {**touched(path.parts[place], steps, given), **backward(path.parts[place], steps, found)}
    return found


def tree(path: Path) -> Path | None:
    """The step that leads from a value to the one above it, if a path ends in any number of such steps."""
    last = path.parts[-1] if path.kind == "sequence" else path
    return last.parts[0] if last.kind == "any" else None


def sparql(path: Path, short: Callable[[NamedNode], str]) -> str:
    """The path as SPARQL 1.1 writes it; `short` writes an IRI."""
    if path.predicate is not None:
        return short(path.predicate)
    parts = [sparql(each, short) for each in path.parts]
    if path.kind == "sequence":
        return "/".join(_bracketed(each, text, ("alternative",)) for each, text in zip(path.parts, parts, strict=True))
    if path.kind == "alternative":
        return "|".join(parts)
    inner = _bracketed(path.parts[0], parts[0], ("alternative", "sequence", "inverse", *SIGNS))
    return f"^{inner}" if path.kind == "inverse" else inner + SIGNS[path.kind]


def _bracketed(path: Path, text: str, kinds: Sequence[str]) -> str:
    return f"({text})" if path.kind in kinds else text


def literals(terms: Iterable[Term]) -> Iterator[Literal]:
    return (term for term in terms if isinstance(term, Literal))
