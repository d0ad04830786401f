"""Checks that what an excerpt quotes stands in its text where it says: Web Annotation selectors against the text.

https://www.w3.org/TR/annotation-model/#text-quote-selector, positions count Unicode code points of the decoded text.
A text is found by the SHA-256 that its document states (spdx:checksumValue); texts are not part of a site.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from solld.model import Finding
from solld.rdf import OA, RDF, SPDX, Literal, NamedNode, RdfFormat, Triple, parse


@dataclass(frozen=True)
class Excerpt:
    """A part of a text: the quotation and its place, as the data say."""

    iri: str
    source: str
    exact: str
    prefix: str
    suffix: str
    start: int | None
    end: int | None


EXCERPT = str(OA.SpecificResource).encode()


def texts(folders: Iterable[Path]) -> dict[str, Path]:
    """SHA-256 in hexadecimal -> file, for the files of these folders."""
    files = (path for folder in folders if folder.is_dir() for path in sorted(folder.iterdir()) if path.is_file())
    return {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in files}


def excerpts(resources: Mapping[str, Iterable[bytes]]) -> list[Excerpt]:
    """The excerpts among resources, given as N-Triples lines."""
    found = []
    for iri, lines in resources.items():
        if not any(EXCERPT in line for line in lines):
            continue
        triples = [Triple(t.subject, t.predicate, t.object) for t in _parsed(lines)]
        if Triple(NamedNode(iri), RDF.type, OA.SpecificResource) in triples:
            found.append(_excerpt(iri, triples))
    return found


def _parsed(lines: Iterable[bytes]) -> Iterable[Triple]:
    return parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES)


def _excerpt(iri: str, triples: Sequence[Triple]) -> Excerpt:
    values = {t.predicate: t.object for t in triples}

    def text(predicate: NamedNode) -> str:
        term = values.get(predicate)
        return term.value if isinstance(term, Literal) else ""

    def number(predicate: NamedNode) -> int | None:
        return int(text(predicate)) if text(predicate).isdigit() else None

    source = values.get(OA.hasSource)
    return Excerpt(
        iri,
        source.value if isinstance(source, NamedNode) else "",
        text(OA.exact),
        text(OA.prefix),
        text(OA.suffix),
        number(OA.start),
        number(OA.end),
    )


def checksums(resources: Mapping[str, Iterable[bytes]]) -> dict[str, str]:
    """document -> the SHA-256 that it states."""
    marker = SPDX.checksumValue.value.encode()
    found = {}
    for iri, lines in resources.items():
        for triple in _parsed([line for line in lines if marker in line]):
            if triple.predicate == SPDX.checksumValue and isinstance(triple.object, Literal):
                found[iri] = triple.object.value.lower()
    return found


def check(quoted: Iterable[Excerpt], stated: Mapping[str, str], available: Mapping[str, Path]) -> list[Finding]:
    """A Violation for each quotation that is not in its text; one Info for each text that is not here."""
    found: list[Finding] = []
    by_source: dict[str, list[Excerpt]] = defaultdict(list)
    for excerpt in quoted:
        if excerpt.source in stated:
            by_source[excerpt.source].append(excerpt)
    for source, here in by_source.items():
        path = available.get(stated[source])
        if path is None:
            message = (
                f"the text with SHA-256 {stated[source]} is in no folder of [texts]; {len(here)} quotations not checked"
            )
            found.append(Finding("Info", message, focus=source))
            continue
        text = path.read_bytes().decode("utf-8")
        for excerpt in here:
            found += _wrong(excerpt, text, path)
    return found


def _wrong(excerpt: Excerpt, text: str, path: Path) -> list[Finding]:
    start, end = excerpt.start, excerpt.end
    if start is None or end is None:
        return []  # the shapes ask for both
    found = text[start:end]
    if found != excerpt.exact:
        places = _places(text, excerpt.exact)
        hint = f"it stands at {places}" if places else f"the text has {found[:60]!r} at {start}-{end}"
        return [_finding(excerpt, OA.exact, f"the quotation is not in {path.name} at {start}-{end}; {hint}")]
    wrong = []
    if not text[:start].endswith(excerpt.prefix):
        wrong.append(_finding(excerpt, OA.prefix, f"the prefix does not stand before {start} in {path.name}"))
    if not text[end:].startswith(excerpt.suffix):
        wrong.append(_finding(excerpt, OA.suffix, f"the suffix does not stand after {end} in {path.name}"))
    return wrong


def _places(text: str, exact: str) -> str:
    places: list[str] = []
    at = text.find(exact) if exact else -1
    while at >= 0 and len(places) < 5:
        places.append(f"{at}-{at + len(exact)}")
        at = text.find(exact, at + 1)
    return ", ".join(places)


def _finding(excerpt: Excerpt, field: NamedNode, message: str) -> Finding:
    return Finding("Violation", message, focus=excerpt.iri, field=field.value, value=excerpt.exact)
