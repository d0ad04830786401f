"""Compacts node objects with a plain JSON-LD context, in reading order and ten times as fast as the general algorithm.

https://www.w3.org/TR/json-ld11-api/#compaction-algorithms for what our contexts use: prefixes, aliases of keywords, and
terms with a type or a language map. Of any other context `is_plain` says no. A test has pyld read what this writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from solld.formats.subcontext import GEN_DELIMS, expand, identifier

Node = dict[str, Any]

KNOWN = frozenset({"@id", "@type", "@container", "@prefix"})
CONTAINERS = (None, "@language", "@set")


@dataclass(frozen=True)
class Term:
    """A key; what it says of its values: their datatype or "@id", and "@language" or "@set"."""

    key: str
    coercion: str | None = None
    container: str | None = None


def is_plain(context: Mapping[str, Any]) -> bool:
    """Whether `Compaction` understands a context: all of its definitions, and no two for the same IRI."""
    terms = {key: value for key, value in context.items() if key != "@version"}
    iris = {expand(identifier(key, value), context) for key, value in terms.items()}
    return len(iris) == len(terms) and all(map(_is_plain, terms, terms.values()))


def _is_plain(key: str, definition: Any) -> bool:
    if isinstance(definition, str):
        return not key.startswith("@")
    return (
        isinstance(definition, Mapping)
        and not key.startswith("@")
        and isinstance(definition.get("@id"), str)
        and definition.keys() <= KNOWN
        and definition.get("@type") not in ("@vocab", "@json", "@none")
        and definition.get("@container") in CONTAINERS
    )


class Compaction:
    """A plain context, ready to compact with."""

    def __init__(self, context: Mapping[str, Any]):
        self.terms: dict[str, Term] = {}
        self.prefixes: list[tuple[str, str]] = []
        self.memo: dict[str, str] = {}
        for key, definition in context.items():
            if key == "@version":
                continue
            iri = expand(identifier(key, definition), context)
            details = definition if isinstance(definition, Mapping) else {}
            coercion = details.get("@type")
            self.terms[iri] = Term(key, coercion and expand(coercion, context), details.get("@container"))
            if details.get("@prefix", not details and iri.endswith(GEN_DELIMS)):
                self.prefixes.append((iri, key))
        self.prefixes.sort(key=lambda pair: -len(pair[0]))
        self.spaces = tuple(namespace for namespace, _ in self.prefixes)
        self.id, self.type = self.name("@id"), self.name("@type")

    def name(self, iri: str) -> str:
        """The key of a predicate, class, datatype or keyword."""
        return self.terms[iri].key if iri in self.terms else self.iri(iri)

    def iri(self, iri: str) -> str:
        """A compact IRI where a prefix fits, as it may stand for a node."""
        if not iri.startswith(self.spaces) or iri.startswith("@"):
            return iri
        if iri not in self.memo:
            prefix, local = next((key, iri[len(ns) :]) for ns, key in self.prefixes if iri.startswith(ns))
            self.memo[iri] = f"{prefix}:{local}" if local and not local.startswith("//") else iri
        return self.memo[iri]

    def node(self, node: Node) -> Node:
        """A node in expanded form, compacted: its id and types, then its properties in their order."""
        compact: Node = {self.id: self.iri(node["@id"])}
        for key, values in node.items():
            if key == "@type":
                types = list(map(self.name, values))
                compact[self.type] = types if len(types) > 1 else types[0]
            elif key != "@id":
                term = self.terms.get(key) or Term(self.name(key))
                compact[term.key] = self.values(term, values)
        return compact

    def values(self, term: Term, values: list[Node]) -> Any:
        if term.container == "@language" and all("@language" in value for value in values):
            texts: dict[str, Any] = {}
            for value in values:
                texts.setdefault(value["@language"], []).append(value["@value"])
            return {tag: found if len(found) > 1 else found[0] for tag, found in texts.items()}
        found = [self.value(term, value) for value in values]
        return found if len(found) > 1 or term.container else found[0]

    def value(self, term: Term, value: Node) -> Any:
        if "@id" in value:
            iri = self.iri(value["@id"])
            return iri if term.coercion == "@id" else {self.id: iri}
        if value.get("@type") == term.coercion and "@language" not in value:
            return value["@value"]
        named = {self.name(key): text for key, text in value.items()}
        if "@type" in value:
            named[self.type] = self.name(value["@type"])
        return named


def compact(nodes: list[Node], context: Mapping[str, Any]) -> list[Node]:
    compaction = Compaction(context)
    return [compaction.node(node) for node in nodes]
