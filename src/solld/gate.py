"""What of each dataset is published, and how: its licence decides, and what kind of source it is.

open        in the merged view and the dumps
separate    in its own graph, and nowhere else
unknown     of what was harvested: names, identifiers and links, and no more

What stands in a site's own files is published: who writes them there knows that it may be. The rank of a dataset, which
says whose word counts where two differ, is the place of its kind (dct:type) in the scheme of kinds (schema:position);
a site's own datasets come first, and a source without a kind comes last.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from solld import harvested, licences, ontology
from solld.changes import Change
from solld.ingest import Lines
from solld.licences import UNKNOWN
from solld.model import Dataset, Settings
from solld.rdf import DCT, FOAF, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, iris, triples_of

KEPT = (  # of what may only be named and linked
    *(RDF.type, DCT.identifier, DCT.source, FOAF.page, RDFS.seeAlso, OWL.sameAs, SKOS.exactMatch, SKOS.closeMatch),
    *(SKOS.inScheme, PROV.wasDerivedFrom, PROV.wasGeneratedBy, PROV.generatedAtTime),
)
LICENSE, TYPE, POSITION = (f" {each} ".encode() for each in (DCT.license, DCT.type, SCHEMA.position))
NUMBER = re.compile(rb'"(\d+)"')


@dataclass(frozen=True)
class Gate:
    """For each dataset, by its graph, what is published of it, and its rank."""

    kinds: Mapping[str, str]
    ranks: Mapping[str, int]


def of(settings: Settings, datasets: Sequence[Dataset], descriptions: Lines, vocabulary: Lines) -> Gate:
    """What the descriptions of the datasets say."""
    places = {name: _number(lines) for name, lines in vocabulary.items()}
    last = max((place for place in places.values() if place is not None), default=0) + 1
    kinds: dict[str, str] = {}
    ranks: dict[str, int] = {}
    for dataset in datasets:
        graph, said = dataset.graph.value, descriptions.get(dataset.graph.value, [])
        source = harvested.is_harvested(dataset)
        kinds[graph] = licences.strictest(settings, _objects(said, graph, LICENSE), source)
        stated = [places.get(each) for each in _objects(said, graph, TYPE)]
        found = [place for place in (_number(said), *stated) if place is not None]
        ranks[graph] = found[0] if found else last if source else 0
    return Gate(kinds, ranks)


def _objects(lines: Iterable[bytes], graph: str, predicate: bytes) -> list[str]:
    start = f"<{graph}>".encode() + predicate
    return [iris(line)[2] for line in lines if line.startswith(start) and line.endswith(b"> .") and b'"' not in line]


def _number(lines: Iterable[bytes]) -> int | None:
    found = (NUMBER.search(line) for line in lines if POSITION in line)
    return next((int(match[1]) for match in found if match), None)


def fingerprints(passing: Gate, datasets: Iterable[Dataset], vocabulary: str) -> dict[str, str]:
    """dataset -> the fingerprint of what it is checked with, and of whether it is published whole."""
    unknown = {d.name for d in datasets if passing.kinds[d.graph.value] == UNKNOWN}
    return {d.name: f"{vocabulary} names" if d.name in unknown else vocabulary for d in datasets}


def whole(lines: list[bytes]) -> list[bytes]:
    """All that is said."""
    return lines


def said(passing: Gate, graph: str, vocabulary: Lines) -> Callable[[list[bytes]], list[bytes]]:
    """What is published of the lines of a resource: all, or those that name it and link to it."""
    if passing.kinds[graph] != UNKNOWN:
        return whole
    view = ontology.read(triples_of(line for lines in vocabulary.values() for line in lines))
    kept = tuple(f"> {each} ".encode() for each in (*KEPT, *view.label_predicates))

    def named(lines: list[bytes]) -> list[bytes]:
        mine = (line for line in lines if b"#" not in line[: line.index(b">")])
        return [line for line in mine if any(each in line for each in kept)]

    return named


def passed(change: Change, before: Mapping[str, bytes], said: Callable[[list[bytes]], list[bytes]]) -> Change:
    """A change with what is published of it; what nothing is published of is not there."""
    if said is whole:
        return change
    resources = {name: said(lines) for name, lines in change.resources.items()}
    empty = {name for name, lines in resources.items() if not lines}
    return replace(
        change,
        digests={name: digest for name, digest in change.digests.items() if name not in empty},
        resources={name: lines for name, lines in resources.items() if lines},
        removed=tuple(sorted({*change.removed, *(empty & before.keys())})),
    )
