"""What a build states of the site itself, in the catalog graph: descriptions, counts, what became of identifiers."""

from solld import catalog, changes, decisions, exports, findings, harvested, identify, ingest, runs, site
from solld.catalog import Tally
from solld.changes import Change
from solld.fates import Fates
from solld.findings import Report
from solld.history import History
from solld.licences import SEPARATE
from solld.plan import Plan
from solld.rdf import RDF, SKOS, NamedNode, iris, without_graph

EXAMPLES = 3  # things of each dataset that its description names


def change(planned: Plan, past: History, report: Report, decided: Fates) -> Change:
    """The catalog graph: the datasets' own descriptions, what is counted, and what became of identifiers."""
    settings = planned.settings
    graph = site.catalog_graph(settings).value
    tallies = {d.graph.value: _tally(past, settings.base, d.graph.value) for d in planned.datasets}
    schemes = sorted(
        line[1 : line.index(b">")].decode()
        for lines in planned.vocabulary.lines.values()
        for line in lines
        if str(RDF.type).encode() in line and line.endswith(str(SKOS.ConceptScheme).encode() + b" .")
    )
    stated = [line for lines in planned.descriptions.values() for line in lines]
    files = [catalog.File(each.extension, each.name, each.media_type) for each in exports.dumps()]
    passing = planned.gate
    merged = frozenset(graph for graph, kind in passing.kinds.items() if kind != SEPARATE)
    block = catalog.lines(settings, planned.datasets, tallies, schemes, files, stated, merged, passing.ranks)
    for dataset in filter(harvested.is_harvested, planned.datasets):
        before = past.latest(dataset.graph.value)
        lines = [without_graph(line) for line in before.quads.split(b"\n") if line] if before else []
        mine = (iris(line)[:2] for line in stated)
        said = [NamedNode(predicate) for subject, predicate in mine if subject == dataset.graph.value]
        block += runs.lines(settings, dataset, lines, said) + b"\n"
    block += findings.reports(report, planned.datasets)
    described = b"\n".join(stated)
    everything = ingest.grouped(b"\n".join((block + described, *decisions.identities(settings, decided))))
    return changes.compare(graph, everything, past.parts(graph), False)


def _tally(past: History, base: str, graph: str) -> Tally:
    triples = past.tally(graph, "triples").get("", 0)
    found = (identify.published(base, past, iri) for iri in past.examples(graph, EXAMPLES))
    examples = tuple(iri for iri in found if iri)
    return Tally(
        triples, past.tally(graph, "class"), past.tally(graph, "property"), past.number_of_parts(graph), examples
    )
