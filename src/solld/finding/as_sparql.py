"""A search in SPARQL: the query whose rows are the resources that the index finds.

What the index has by folding, SPARQL has by a regular expression with all letters that fold to the ones that are asked
for, so it is slower by far; it is there to be read, changed and run anywhere. https://www.w3.org/TR/sparql11-query/
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from solld.finding.asked import Asked
from solld.rdf import DCT, SKOS, Literal, NamedNode
from solld.search import paths, words
from solld.search.cells import Box
from solld.search.entries import SPACES
from solld.search.fields import LATITUDES, LONGITUDES, Fields
from solld.search.paths import Path
from solld.sparql.prefixes import declaration


@dataclass
class Writer:
    """Writes the patterns of one query; `used` are the prefixes that it turns out to need."""

    prefixes: Mapping[str, str]
    used: dict[str, str] = field(default_factory=dict)
    written: dict[NamedNode, str] = field(default_factory=dict)  # the same few for each word of a search

    def short(self, term: NamedNode) -> str:
        """An IRI with a prefix where there is one, if what is left is a plain name."""
        if term not in self.written:
            self.written[term] = self._short(term)
        return self.written[term]

    def _short(self, term: NamedNode) -> str:
        for prefix, namespace in self.prefixes.items():
            local = term.value.removeprefix(namespace)
            if local != term.value and local.replace("_", "").isalnum() and local.isascii():
                self.used[prefix] = namespace
                return f"{prefix}:{local}"
        return str(term)

    def path(self, path: Path) -> str:
        text = paths.sparql(path, self.short)
        return f"({text})" if path.kind == "alternative" else text

    def term(self, value: str) -> str:
        """A value of a facet: values with a scheme are IRIs, others texts in any language."""
        return self.short(NamedNode(value)) if _is_iri(value) else str(Literal(value))


def query(
    asked: Asked, looked: Sequence[str], fields: Fields, shown: Path, base: str, prefixes: Mapping[str, str]
) -> str:
    """The query of a search for some words; `shown` are the predicates of labels and descriptions."""
    writer = Writer(prefixes)
    lines = [*_facets(asked, fields, writer)]
    if asked.box:
        lines += _box(asked.box, fields, writer)
    lines += [line for number, word in enumerate(looked, 1) for line in _word(number, word, fields, writer)]
    spaces = " || ".join(f'STRSTARTS(STR(?thing), "{base}{space}")' for space in SPACES)
    lines += [f"?thing {writer.path(shown)} ?name .", f'FILTER(({spaces}) && !CONTAINS(STR(?thing), "#"))']
    head = "".join(f"{declaration(prefix, namespace)}\n" for prefix, namespace in sorted(writer.used.items()))
    body = "\n".join(f"  {line}" for line in lines)
    return f"{head}SELECT ?thing (SAMPLE(?name) AS ?label) WHERE {{\n{body}\n}} GROUP BY ?thing\n"


def _facets(asked: Asked, fields: Fields, writer: Writer) -> Iterator[str]:
    for number, (name, value) in enumerate(asked.chosen, 1):
        facet = fields.facet(name)
        if facet and facet.is_source:
            was = f"?was{number}"
            yield f"?thing {writer.short(DCT.replaces)}? {was} ."
            yield f"GRAPH {writer.term(value)} {{ {was} ?p{number} ?o{number} }}"
        elif facet and _is_iri(value):
            yield f"?thing {writer.path(facet.path)} {writer.term(value)} ."
            if facet.scheme:
                yield f"{writer.term(value)} {writer.short(SKOS.inScheme)} {writer.term(facet.scheme)} ."
        elif facet:
            yield f"?thing {writer.path(facet.path)} ?{name}{number} ."
            yield f"FILTER(STR(?{name}{number}) = {writer.term(value)})"


def _word(number: int, word: str, fields: Fields, writer: Writer) -> Iterator[str]:
    pattern = str(Literal(words.pattern(word, words.is_whole(word))))
    yield f"?thing {writer.path(everything(fields))} ?text{number} ."
    yield f'FILTER(REGEX(STR(?text{number}), {pattern}, "i"))'


def everything(fields: Fields) -> Path:
    """The path to all texts that are searched."""
    return Path("alternative", parts=(paths.of(*fields.names), fields.text))


def _box(box: Box, fields: Fields, writer: Writer) -> Iterator[str]:
    west, south, east, north = box
    between = "&&" if west <= east else "||"
    yield f"?thing {writer.path(fields.point)} ?point ."
    yield f"?point {writer.path(paths.of(*LATITUDES))} ?lat ; {writer.path(paths.of(*LONGITUDES))} ?long ."
    yield f"FILTER(?lat >= {south} && ?lat <= {north} && (?long >= {west} {between} ?long <= {east}))"


def _is_iri(value: str) -> bool:
    scheme, colon, rest = value.partition(":")
    return bool(colon) and (rest.startswith("//") or scheme == "urn")
