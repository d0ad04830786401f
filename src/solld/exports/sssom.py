"""`links.sssom.tsv`: what is known to be the same, related or different, and what is guessed, in SSSOM's table form.

Rows are what was judged or guessed of two of our identifiers, what was decided by hand, and what sources say of others.
https://mapping-commons.github.io/sssom/spec-formats-tsv/
"""

import csv
import io
import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import IO
from urllib.parse import quote, urlsplit

from solld.addresses import thing_iri
from solld.exports import Export, Source
from solld.exports.clusters import Clusters, Thing
from solld.link import graph
from solld.link.consequences import WHY
from solld.link.judgements import MACHINE
from solld.link.numbers import WIKIDATA
from solld.link.told import Link
from solld.messages import pick
from solld.rdf import OWL, SEMAPV, SKOS, SSSOM, NamedNode

COLUMNS = (
    *("subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id", "object_label"),
    *("mapping_justification", "author_label", "subject_source", "object_source", "mapping_source", "mapping_tool"),
    *("mapping_tool_version", "mapping_date", "confidence", "similarity_score", "similarity_measure", "comment"),
)
UNSPECIFIED = "https://w3id.org/sssom/license/unspecified"
ITEMS = "http://www.wikidata.org/entity/"
MEASURE = "probability that they are the same"
ASCII = "".join(map(chr, range(0x21, 0x7F)))  # what is left as it is in a CURIE, as sssom-py checks them (RFC 3987 3.1)
KNOWN = 10_000  # things whose names are remembered
Row = dict[str, str]


class Prefixes:
    """The prefixes of a table: those of its vocabularies, ours, and one for each host that it mentions."""

    def __init__(self, source: Source):
        base = source.settings.base
        self.known = {
            "dataset": f"{base}dataset/",
            "id": thing_iri(base, ""),
            "owl": OWL.iri,
            "semapv": SEMAPV.iri,
            "skos": SKOS.iri,
            "sssom": SSSOM.iri,
            "wikidata": ITEMS,
        }

    def short(self, iri: str) -> str:
        """The IRI with its prefix, which is declared if it is new."""
        for prefix in ("id", "dataset", "owl", "semapv", "skos", "sssom", "wikidata"):
            if iri.startswith(self.known[prefix]):
                return f"{prefix}:{iri.removeprefix(self.known[prefix])}"
        parts = urlsplit(iri)
        namespace = f"{parts.scheme}://{parts.netloc}/"
        if not parts.netloc or not iri.startswith(namespace):
            return iri
        prefix = parts.netloc.replace(":", "-") + ("" if parts.scheme == "https" else f"-{parts.scheme}")
        self.known[prefix] = namespace
        return f"{prefix}:{quote(iri.removeprefix(namespace), ASCII)}"


def _sssom(source: Source, out: IO[bytes]) -> None:
    clusters, prefixes = Clusters(source), Prefixes(source)
    with tempfile.TemporaryFile("w+", dir=source.scratch, encoding="utf-8", newline="") as body:
        table = csv.DictWriter(body, COLUMNS, restval="", delimiter="\t", lineterminator="\n")
        table.writeheader()
        for rows in (_told(clusters, prefixes), _decided(clusters, prefixes), _stated(clusters, prefixes)):
            table.writerows({name: " ".join(cell.split()) for name, cell in row.items()} for row in rows)
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        text.writelines(f"#{line}\n" for line in _metadata(source, prefixes.known))
        body.seek(0)
        shutil.copyfileobj(body, text)
        text.detach()


def _metadata(source: Source, known: Mapping[str, str]) -> Iterator[str]:
    """The lines of the head: YAML, whose strings are those of JSON."""
    settings, built = source.settings, source.past.releases()[source.number]
    yield "curie_map:"
    yield from (f"  {prefix}: {json.dumps(namespace)}" for prefix, namespace in sorted(known.items()))
    yield f"mapping_set_id: {json.dumps(f'{settings.base}links.sssom.tsv')}"
    yield f"mapping_set_title: {json.dumps(pick(settings.title, settings.languages), ensure_ascii=False)}"
    yield f"mapping_set_version: {json.dumps(f'{built:%Y-%m-%d}.{source.number}')}"
    yield f"license: {json.dumps(settings.license or UNSPECIFIED)}"
    yield f"publication_date: {json.dumps(f'{built:%Y-%m-%d}')}"


def _told(clusters: Clusters, prefixes: Prefixes) -> Iterator[Row]:
    """What was judged, and what is guessed."""
    thing = lru_cache(KNOWN)(clusters.thing)
    for link in clusters.links():
        sign = graph.sign(link)
        score = "confidence" if graph.is_confidence(link) else "similarity_score"
        yield _pair(link, thing(link.one), thing(link.other)) | {
            "predicate_id": prefixes.short(sign.predicate.value),
            "predicate_modifier": "Not" if sign.negated else "",
            "mapping_justification": prefixes.short(sign.justification.value),
            "author_label": link.who,
            "mapping_tool": MACHINE if link.method else "",
            "mapping_tool_version": link.method,
            "mapping_date": link.when[:10],
            "comment": link.why,
            score: link.score,
            "similarity_measure": MEASURE if link.score and score == "similarity_score" else "",
        }


def _pair(link: Link, one: Thing | None, other: Thing | None) -> Row:
    return {
        "subject_id": f"id:{link.one}",
        "subject_label": one.facts.name if one else "",
        "subject_source": f"dataset:{one.dataset}" if one else "",
        "object_id": f"id:{link.other}",
        "object_label": other.facts.name if other else "",
        "object_source": f"dataset:{other.dataset}" if other else "",
    }


def _decided(clusters: Clusters, prefixes: Prefixes) -> Iterator[Row]:
    """What was merged by hand; what follows from judgements is told with them."""
    decided = clusters.decided
    for one, other in sorted(decided.merged.items()):
        act = decided.last[one]
        if not act.why.startswith(WHY) and one not in decided.hidden:
            yield _pair(Link(one, other, ""), clusters.thing(one), clusters.thing(other)) | {
                "predicate_id": prefixes.short(OWL.sameAs.value),
                "mapping_justification": prefixes.short(graph.MANUAL.value),
                "mapping_date": act.date,
                "comment": act.why,
            }


def _stated(clusters: Clusters, prefixes: Prefixes) -> Iterator[Row]:
    """What sources say that is the same, or alike, elsewhere, if their licence lets it be told on."""
    base, view = clusters.source.settings.base, clusters.source.view
    for thing in clusters.things():
        said = [(each.predicate, each.iri, each.graph) for each in thing.facts.stated if view.has(each.graph)]
        if clusters.is_open(thing):
            known = {iri for _, iri, _ in said}
            items = (ITEMS + number for agency, number in thing.facts.numbers if agency == WIKIDATA)
            said += [(SKOS.exactMatch, item, f"{base}dataset/{thing.dataset}") for item in items if item not in known]
        for predicate, iri, source in said:
            yield _elsewhere(thing, predicate, iri, source, prefixes)


def _elsewhere(thing: Thing, predicate: NamedNode, iri: str, source: str, prefixes: Prefixes) -> Row:
    return {
        "subject_id": f"id:{thing.identifier}",
        "subject_label": thing.facts.name,
        "subject_source": f"dataset:{thing.dataset}",
        "predicate_id": prefixes.short(predicate.value),
        "object_id": prefixes.short(iri),
        "mapping_justification": prefixes.short(SEMAPV.UnspecifiedMatching.value),
        "mapping_source": prefixes.short(source),
    }


EXPORTS = (Export("links.sssom.tsv", "SSSOM", "text/tab-separated-values; charset=utf-8", _sssom),)
