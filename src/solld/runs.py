"""The runs of harvests as PROV activities in the catalogue, and how fresh each source is, as N-Triples lines.

    <dataset/x> prov:wasGeneratedBy <dataset/x#run-…> ;   the last good ones
      dct:modified …                                       when what is said changed last
      schema:sdDatePublished …                             when the source was seen last
      schema:expires …                                     until when that is held for fresh
    <dataset/x#run-…> a prov:Activity ; prov:startedAtTime … ; prov:endedAtTime … ; prov:used <dataset/x#copy-…> .

Runs that took something in are kept for ever, for records say by which they came; of the others the last one is told.
https://www.w3.org/TR/prov-o/
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from solld import harvested
from solld.harvested.state import Run
from solld.messages import phrases
from solld.model import Dataset, Settings
from solld.rdf import DCAT, DCT, PROV, RDF, RDFS, SCHEMA, XSD, Literal, NamedNode, Triple, n_triples

SHOWN = 12  # runs that the description of a dataset leads to
COMPLETED, FAILED, HELD = (
    SCHEMA.CompletedActionStatus,
    SCHEMA.FailedActionStatus,
    SCHEMA.PotentialActionStatus,
)
STATUS = {"taken": COMPLETED, "unchanged": COMPLETED, "failed": FAILED, "held": HELD}
GOOD = ("taken", "unchanged")
ITEMS = f" {SCHEMA.numberOfItems} ".encode()


def lines(settings: Settings, dataset: Dataset, before: Iterable[bytes], stated: Iterable[NamedNode]) -> bytes:
    """What is told of the runs of a dataset.

    `before` are the lines of the dataset in the newest release: a state that was lost takes no run with it. `stated`
    are the properties that its own description has.
    """
    runs = list(harvested.runs(settings, dataset))
    told = [run for run in runs if run.outcome == "taken" or run is runs[-1]]
    triples = list(dict.fromkeys(each for run in told for each in _run(settings, dataset, run)))
    triples += _fresh(settings, dataset, runs, frozenset(stated))
    known = {harvested.stamp(run.began).encode() for run in runs}
    kept = [line for line in _past(dataset, before) if _began(line) not in known]
    return b"\n".join([*kept, n_triples(triples)])


def _past(dataset: Dataset, before: Iterable[bytes]) -> list[bytes]:
    """Lines of the newest release about runs that took something in, and their copies."""
    start = f"<{dataset.graph.value}#".encode()
    mine = [line for line in before if line.startswith((start + b"run-", start + b"copy-"))]
    taken = {_began(line) for line in mine if ITEMS in line}
    return [line for line in mine if _began(line) in taken]


def _began(line: bytes) -> bytes:
    """The time in the name of the node that a line is about."""
    return line[: line.index(b">")].rpartition(b"#")[2].partition(b"-")[2]


def _run(settings: Settings, dataset: Dataset, run: Run) -> Iterator[Triple]:
    node, facts = NamedNode(harvested.run_iri(dataset, run)), run.facts
    yield Triple(node, RDF.type, PROV.Activity)
    yield Triple(node, PROV.startedAtTime, _time(run.began))
    yield Triple(node, PROV.endedAtTime, _time(run.ended))
    yield Triple(node, SCHEMA.actionStatus, STATUS[run.outcome])
    yield Triple(node, SCHEMA.instrument, Literal(str(facts.get("adapter", ""))))
    for language in settings.languages:
        title = phrases(language)("run_of", day=phrases(language).date(run.began))
        yield Triple(node, DCT.title, Literal(title, language=language))
        yield Triple(node, DCT.description, Literal(_told(language, run), language=language))
    if reason := facts.get("reason"):
        yield Triple(node, RDFS.comment, Literal(str(reason), language="en"))
    if run.outcome == "taken":
        yield Triple(node, SCHEMA.numberOfItems, _integer(facts.get("rows", 0)))
    if facts.get("sha256"):
        copy = NamedNode(f"{dataset.graph.value}#copy-{harvested.stamp(run.began)}")
        yield Triple(node, PROV.used, copy)
        yield from _copy(copy, facts)


def _copy(copy: NamedNode, facts: Any) -> Iterator[Triple]:
    """What the source published then."""
    yield Triple(copy, RDF.type, PROV.Entity)
    if facts["url"].startswith(("http://", "https://")):
        yield Triple(copy, DCAT.downloadURL, NamedNode(facts["url"]))
    yield Triple(copy, SCHEMA.sha256, Literal(facts["sha256"]))
    yield Triple(copy, DCAT.byteSize, Literal(str(facts["bytes"]), datatype=XSD.nonNegativeInteger))
    if facts.get("etag"):
        yield Triple(copy, DCT.identifier, Literal(str(facts["etag"])))
    if facts.get("modified"):
        yield Triple(copy, SCHEMA.version, Literal(str(facts["modified"])))


def _told(language: str, run: Run) -> str:
    t, facts = phrases(language), run.facts
    if run.outcome != "taken":
        return t(f"run_{run.outcome}")
    dropped = sum(facts.get("dropped", {}).values())
    numbers = {name: t.number(facts.get(name, 0)) for name in ("rows", "created", "changed", "gone")}
    return t("run_taken", **numbers, dropped=t.number(dropped))


def _fresh(settings: Settings, dataset: Dataset, runs: list[Run], stated: frozenset[NamedNode]) -> Iterator[Triple]:
    graph = dataset.graph
    good = [run for run in runs if run.outcome in GOOD]
    taken = [run for run in good if run.outcome == "taken"]
    shown = taken[-SHOWN:]
    for run in (*shown, *(run for run in runs[-1:] if run not in shown)):
        link = PROV.wasGeneratedBy if run in shown else PROV.wasInfluencedBy
        yield Triple(graph, link, NamedNode(harvested.run_iri(dataset, run)))
    if taken and DCT.modified not in stated:
        yield Triple(graph, DCT.modified, _time(taken[-1].ended))
    if good:
        yield Triple(graph, SCHEMA.sdDatePublished, _time(good[-1].ended))
        if SCHEMA.expires not in stated:
            yield Triple(graph, SCHEMA.expires, _time(expires(settings, good[-1]).isoformat()))


def expires(settings: Settings, run: Run) -> datetime:
    """Until when what a good run brought is held for fresh."""
    return datetime.fromisoformat(run.ended) + timedelta(days=settings.harvest_expires)


def _time(text: str) -> Literal:
    return Literal(text.replace("+00:00", "Z"), datatype=XSD.dateTime)


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=XSD.integer)
