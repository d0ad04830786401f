"""Mappings between vocabularies in SSSOM's table form, as triples: what a source calls so is what another calls so.

    #curie_map:
    #  sector: https://their.example/sectors/
    subject_id <tab> predicate_id <tab> object_id <tab> mapping_justification ...
    category-food <tab> skos:closeMatch <tab> sector:12 <tab> semapv:ManualMappingCuration

Identifiers are CURIEs, IRIs, or keys of the dataset that the file is in. Rows with the modifier `Not`, or that map to
or from sssom:NoTermFound, say that there is no mapping. https://mapping-commons.github.io/sssom/TSV/
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import urljoin

from solld.rdf import OWL, RDFS, SKOS, NamedNode, Triple

ENDING = ".sssom.tsv"
NEEDED = ("subject_id", "predicate_id", "object_id")
BUILT_IN = {  # that SSSOM has without being told
    "owl": OWL.iri,
    "rdfs": RDFS.iri,
    "skos": SKOS.iri,
    "semapv": "https://w3id.org/semapv/vocab/",
    "sssom": "https://w3id.org/sssom/",
}
NOTHING = "https://w3id.org/sssom/NoTermFound"
CURIE = re.compile(r"([\w.-]*):(.*)")


def read(path: Path, base: str) -> list[Triple]:
    """The triples of a file. SyntaxError, with the line, for what cannot be read."""
    text = path.read_text(encoding="utf-8-sig")
    prefixes = BUILT_IN | dict(_prefixes(line for line in text.splitlines() if line.startswith("#")))
    rows = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line and not line.startswith("#")]
    if not rows:
        return []
    header = rows[0][1].split("\t")
    missing = [each for each in NEEDED if each not in header]
    if missing:
        raise _wrong(f"the table has no column {', '.join(missing)}", rows[0][0])
    table = csv.reader((line for _, line in rows[1:]), delimiter="\t")
    found = []
    for (number, _), cells in zip(rows[1:], table, strict=True):
        row = dict(zip(header, (cell.strip() for cell in cells), strict=False))
        terms = [_iri(row.get(each, ""), each, prefixes, base, number) for each in NEEDED]
        if row.get("predicate_modifier", "") != "Not" and NOTHING not in terms:
            found.append(Triple(*map(NamedNode, terms)))
    return found


def _prefixes(comments: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The CURIE map of the YAML in the comments."""
    within = False
    for line in comments:
        said = line[1:]
        if re.match(r"\s*curie_map\s*:\s*$", said):
            within = True
        elif within and (match := re.match(r"\s+([\w.-]+)\s*:\s*[\"']?(\S+?)[\"']?\s*$", said)):
            yield match[1], match[2]
        else:
            within = False


def _iri(text: str, column: str, prefixes: Mapping[str, str], base: str, line: int) -> str:
    match = CURIE.fullmatch(text)
    if not text or re.search(r"[\s<>\"{}|\\^`]", text):
        raise _wrong(f"{text!r} is no identifier (field {column!r})", line)
    if match is None:
        return urljoin(base, text)
    prefix, rest = match[1], match[2]
    if prefix in prefixes:
        return prefixes[prefix] + rest
    if rest.startswith("//") or prefix in ("urn", "mailto"):
        return text
    raise _wrong(f"the prefix {prefix!r} is not in the curie_map (field {column!r})", line)


def _wrong(message: str, line: int) -> SyntaxError:
    error = SyntaxError(message)
    error.lineno = line
    return error
