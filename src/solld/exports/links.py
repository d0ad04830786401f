"""`links.csv`: every record of every source with our address, its Wikidata item, its numbers, and where else it is.

    uri,canonical,state,dataset,id,page,name,wikidata,registers,same,also,related,license

One row for each identifier that leads somewhere; several values of a cell have " | " between them. docs/links.md says
what the columns have. What nobody has judged is not in it.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import IO

from solld.addresses import thing_iri
from solld.exports import Export, Source
from solld.exports.clusters import Clusters, Thing
from solld.exports.facts import SAME
from solld.exports.table import SEPARATOR
from solld.link.judgements import RELATED
from solld.link.numbers import ITEM
from solld.rdf import DCT, iris

COLUMNS = (
    *("uri", "canonical", "state", "dataset", "id", "page", "name"),
    *("wikidata", "registers", "same", "also", "related", "license"),
)
STANDS, MERGED = "stands", "merged"


def _links(source: Source, out: IO[bytes]) -> None:
    clusters = Clusters(source)
    related = _related(clusters)
    licenses: dict[str, str] = {}
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
    table = csv.DictWriter(text, COLUMNS, restval="")
    table.writeheader()
    for thing in clusters.things():
        if thing.dataset not in licenses:
            licenses[thing.dataset] = _license(source, thing.dataset)
        table.writerow(_row(clusters, thing, related) | {"license": licenses[thing.dataset]})
    text.detach()


def _row(clusters: Clusters, thing: Thing, related: Mapping[str, Iterable[str]]) -> dict[str, str]:
    base, end, others = clusters.source.settings.base, clusters.end(thing.identifier), clusters.others(thing.identifier)
    facts = [thing.facts, *(each.facts for each in others if clusters.is_open(each))]
    elsewhere = (each.iri for said in facts for each in said.stated if each.predicate in SAME)
    return {
        "uri": thing_iri(base, thing.identifier),
        "canonical": thing_iri(base, end),
        "state": STANDS if end == thing.identifier else MERGED,
        "dataset": thing.dataset,
        "id": thing.key,
        "page": _cell(page for page in thing.facts.pages if not page.startswith(base)),  # an excerpt of ours is none
        "name": thing.facts.name,
        "wikidata": _cell(item for said in facts for item in said.items),
        "registers": _cell(number for said in facts for number in said.registers),
        "same": _cell(iri for iri in elsewhere if not ITEM.match(iri)),
        "also": _cell(f"{each.dataset}:{each.key}" for each in others),
        "related": _cell(thing_iri(base, each) for each in related.get(end, ())),
    }


def _cell(values: Iterable[str]) -> str:
    return SEPARATOR.join(sorted(set(values)))


def _related(clusters: Clusters) -> Mapping[str, set[str]]:
    """identifier -> those that were judged to have to do with it."""
    found: dict[str, set[str]] = defaultdict(set)
    for link in clusters.links():
        one, other = clusters.end(link.one), clusters.end(link.other)
        if link.state == RELATED and one != other:
            found[one].add(other)
            found[other].add(one)
    return found


def _license(source: Source, dataset: str) -> str:
    """The licence of a dataset as its description has it; else that of the site."""
    iri = f"{source.settings.base}dataset/{dataset}"
    described = source.past.latest(iri, source.number)
    start = f"<{iri}> {DCT.license} <".encode()
    lines = described.quads.split(b"\n") if described else []
    return _cell(iris(line)[2] for line in lines if line.startswith(start)) or source.settings.license


EXPORTS = (Export("links.csv", "links.csv", "text/csv; charset=utf-8; header=present", _links),)
