"""Reads a site and checks what changed in it since the newest release; writes nothing."""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import solld
from solld import changes, context, gate, harvested, identify, ingest, merged, queries, reading, rules, site, validate
from solld.changes import Change, Known
from solld.errors import BadData
from solld.gate import Gate
from solld.history import History
from solld.ingest import Lines, Reading
from solld.model import Dataset, Finding, Release, Settings
from solld.progress import bar
from solld.queries import Query
from solld.rdf import RdfFormat, Triple, document_of, parse, replaced
from solld.views import load as load_views

Say = Callable[[str], None]  # tells a person what is being done
VIOLATION = "Violation"


@dataclass(frozen=True)
class Vocabulary:
    """The ontology of a site, read whole at every build: it is small, and every check needs it."""

    graph: str
    files: tuple[Path, ...]
    lines: Lines
    prefixes: Mapping[str, str]
    shapes: validate.Shapes
    rules: tuple[Query, ...]
    fingerprint: str  # of its files and of the engine: when it changes, everything is looked at again
    single: frozenset[str]  # properties of which a thing has one value, or one in each language


@dataclass(frozen=True)
class Plan:
    """What a build will do: the changes that passed the checks, and what was found."""

    settings: Settings
    datasets: tuple[Dataset, ...]
    vocabulary: Vocabulary
    changes: tuple[Change, ...]  # of the ontology and the datasets
    descriptions: Lines  # of the datasets' dataset.ttl files, under source keys
    named: frozenset[str]  # every resource that differs, whether it passed or not: its key gets an identifier
    findings: tuple[Finding, ...]
    prefixes: Mapping[str, str]
    inputs: Mapping[str, str]  # graph -> fingerprint of what it was made from
    harvested: Mapping[str, Mapping[str, Any]]  # dataset -> how far what was harvested is read
    gate: Gate
    again: bool  # the ontology or the engine changed


def read_vocabulary(settings: Settings) -> Vocabulary:
    """BadData, with file and line, if the ontology cannot be read: nothing can be checked without it."""
    files = site.ontology_files(settings)
    read = ingest.read(files, lambda path: settings.base, genid(settings), settings.folder)
    for finding in read.findings:
        raise BadData(settings.folder / finding.path, finding.message, finding.line)
    rule_files = sorted((settings.folder / "ontology" / "rules").glob("*.rq"))
    return Vocabulary(
        site.ontology_graph(settings).value,
        files,
        read.resources,
        read.prefixes,
        validate.compile_shapes(ingest.as_read(files, settings.base)),
        rules.load(settings.folder / "ontology" / "rules"),
        changes.fingerprint([*files, *rule_files], settings.base, solld.__version__),
        merged.single(b"\n".join(line for lines in read.resources.values() for line in lines)),
    )


def genid(settings: Settings) -> str:
    """What skolem IRIs start with (RDF 1.1 section 3.5)."""
    return f"{settings.base}.well-known/genid/"


def make(
    settings: Settings,
    past: History | None,
    newest: Release | None,
    say: Say,
    withdrawn: Mapping[str, frozenset[str]] = MappingProxyType({}),
) -> Plan:
    """Reads what changed since the newest release, or everything without one, and checks it.

    `withdrawn` are the source keys of each dataset that are not published, though the data may have them.
    """
    vocabulary, datasets = _vocabulary(settings, say), site.datasets(settings)
    manifest: Mapping[str, Any] = newest.manifest if newest else {}
    before: Mapping[str, str] = manifest.get("inputs", {})
    again = before.get(vocabulary.graph) != vocabulary.fingerprint
    inputs = {vocabulary.graph: vocabulary.fingerprint, **_descriptions_input(settings, datasets)}
    described, badly = _descriptions(settings, datasets)
    passing = gate.of(settings, datasets, described, vocabulary.lines)
    checked = gate.fingerprints(passing, datasets, vocabulary.fingerprint)
    sources = [reading.of(settings, d, checked[d.name], withdrawn, manifest) for d in datasets]
    inputs |= {e.graph: e.fingerprint for e in sources}
    unread = {e.dataset for e in sources if before.get(e.graph) == e.fingerprint}
    readings = _read(settings, vocabulary, [each for each in sources if each.dataset not in unread], say)
    found = [_kept(f) for f in manifest.get("findings", ()) if _stands(f, settings, unread, readings)]
    inputs |= {d.graph.value: "unreadable" for d, read in readings.items() if read.unreadable}
    known = _known(settings, vocabulary, past, readings.values(), withdrawn)
    taken, named = [], list(described)
    if again:
        taken = [changes.compare(vocabulary.graph, vocabulary.lines, _parts(past, vocabulary.graph), again)]
        found += _checked(settings, None, vocabulary.files, vocabulary, known, taken[0])
    for dataset, read in readings.items():
        say(f"checking {dataset.name}")
        parts = _parts(past, dataset.graph.value, read)
        named += read.resources.keys() - parts.keys()
        mine, change = _compared(settings, dataset, vocabulary, known, read, parts, again, passing, say)
        found, taken = found + mine, taken + change
    return Plan(
        settings,
        datasets,
        vocabulary,
        (*taken, *_left(settings, past, datasets, vocabulary.graph)),
        described,
        frozenset(named),
        (*found, *badly, *_stale_context(settings, vocabulary)),
        _prefixes(manifest, vocabulary, readings.values()),
        inputs,
        {each.dataset.name: asdict(each.now) for each in sources if each.now},
        passing,
        again,
    )


def _read(
    settings: Settings, vocabulary: Vocabulary, inputs: Iterable[reading.Input], say: Say
) -> dict[Dataset, Reading]:
    return {each.dataset: reading.read(settings, each, genid(settings), vocabulary.single, say) for each in inputs}


def _vocabulary(settings: Settings, say: Say) -> Vocabulary:
    say("reading the ontology")
    for folder in ("queries", "queries/exports"):
        queries.load(settings.folder / folder)  # BadSite: such a site could be published, and not be served
    load_views(settings.folder / "queries")
    return read_vocabulary(settings)


def _prefixes(manifest: Mapping[str, Any], vocabulary: Vocabulary, readings: Iterable[Reading]) -> dict[str, str]:
    """The prefixes that are declared anywhere; the first declaration counts."""
    declared = (manifest.get("prefixes", {}), vocabulary.prefixes, *(read.prefixes for read in readings))
    return dict(ChainMap(*map(dict, reversed(declared))))


def _descriptions_input(settings: Settings, datasets: Sequence[Dataset]) -> dict[str, str]:
    descriptions = [d.folder / "dataset.ttl" for d in datasets]
    runs = [repr(run) for d in datasets if harvested.is_harvested(d) for run in harvested.runs(settings, d)]
    return {site.catalog_graph(settings).value: changes.fingerprint(descriptions, site.fingerprint(settings), *runs)}


def _stands(
    finding: Mapping[str, Any], settings: Settings, unread: set[Dataset], readings: Mapping[Dataset, Reading]
) -> bool:
    """Whether a finding of the newest release holds: nothing of what it is about was looked at again."""
    for dataset, read in readings.items():
        if finding["dataset"] == dataset.name:
            focus = document_of(finding["focus"])
            return bool(read.gone is not None and focus and focus not in read.resources and focus not in read.gone)
    return any(finding["dataset"] == dataset.name for dataset in unread)


def _compared(
    settings: Settings,
    dataset: Dataset,
    vocabulary: Vocabulary,
    known: Known,
    read: Reading,
    parts: Mapping[str, bytes],
    again: bool,
    passing: Gate,
    say: Say,
) -> tuple[list[Finding], list[Change]]:
    """The findings about a dataset that was read, and what changed in it, if that can be told."""
    found = [replace(f, dataset=dataset.name) for f in read.findings]
    if read.unreadable and parts:
        return found, []  # the last good state stays: what a broken file said cannot be told from what was taken out
    graph = dataset.graph.value
    said = gate.said(passing, graph, vocabulary.lines)
    change = changes.compare(graph, read.resources, parts, again, read.gone, lambda lines: harvested.said(said(lines)))
    mine: list[Finding] = []
    with bar(say, f"checking {dataset.name}", "resources", len(change.digests)) as tick:
        for part in changes.parts(change):
            mine += _checked(settings, dataset, dataset.files, vocabulary, known, part)
            tick(len(part.resources))
    refused = {document_of(f.focus) for f in mine if f.severity == VIOLATION}
    return [*found, *mine], [gate.passed(changes.without(change, refused), parts, said)]


def _stale_context(settings: Settings, vocabulary: Vocabulary) -> Iterator[Finding]:
    path = settings.folder / "ontology" / "context.jsonld"
    if path.exists() and path.read_text(encoding="utf-8") != context_document(settings, vocabulary):
        message = "the JSON-LD context is not that of the ontology any more; solld export context makes it anew"
        yield Finding("Warning", message, str(path.relative_to(settings.folder)), 1)


def _kept(finding: Mapping[str, Any]) -> Finding:
    return Finding(**{**finding, "messages": ()})


def _parts(past: History | None, graph: str, read: Reading | None = None) -> Mapping[str, bytes]:
    if past is None:
        return {}
    if read is not None and read.gone is not None:
        return past.parts_of(graph, {*read.resources, *read.gone})
    return past.parts(graph)


def _descriptions(settings: Settings, datasets: Sequence[Dataset]) -> tuple[Lines, tuple[Finding, ...]]:
    files = {dataset.folder / "dataset.ttl": dataset.graph.value for dataset in datasets}
    read = ingest.read(files, files.__getitem__, genid(settings), settings.folder)
    return read.resources, read.findings


def _known(
    settings: Settings,
    vocabulary: Vocabulary,
    past: History | None,
    readings: Iterable[Reading],
    withdrawn: Mapping[str, frozenset[str]],
) -> Known:
    def is_hidden(iri: str) -> bool:
        parts = identify.split(settings.base, document_of(iri))
        return parts is not None and identify.is_among(withdrawn.get(parts[0], frozenset()), parts[0], parts[1])

    readings = tuple(readings)
    gone = frozenset(name for read in readings for name in read.gone or ())
    terms = frozenset(line[1 : line.index(b">")].decode() for lines in vocabulary.lines.values() for line in lines)

    def is_defined(iri: str) -> bool:
        here = any(iri in read.resources for read in readings)
        return here or is_hidden(iri) or (past is not None and iri not in gone and past.is_described(iri))

    def types(iri: str) -> list[bytes]:
        name = identify.published(settings.base, past, iri) if past else None
        version = past.latest(name) if past and name else None
        lines = (line.rpartition(b" <")[0] + b" ." for line in (version.quads.splitlines() if version else ()))
        return [replaced(line, {name: iri}.get) for line in validate.types_of(lines)]

    return Known(vocabulary.lines, terms, is_defined, types, is_hidden)


def _checked(
    settings: Settings,
    dataset: Dataset | None,
    files: Sequence[Path],
    vocabulary: Vocabulary,
    known: Known,
    change: Change,
) -> list[Finding]:
    found = changes.check_terms(settings, change, known)
    found += changes.check_shapes(vocabulary.shapes, change, known)
    found += changes.check_quotations(settings, change)
    return [changes.located(settings, dataset, finding, files) for finding in found]


def _left(settings: Settings, past: History | None, datasets: Iterable[Dataset], ontology: str) -> list[Change]:
    """Everything of the graphs whose dataset is no longer in the site."""
    own = (site.catalog_graph, site.findings_graph, site.links_graph)
    mine = {ontology, *(graph(settings).value for graph in own)}
    mine |= {dataset.graph.value for dataset in datasets}
    gone = [graph for graph in (past.graphs() if past else ()) if graph not in mine]
    return [Change(graph, {}, {}, tuple(sorted(_parts(past, graph)))) for graph in gone]


def context_document(settings: Settings, vocabulary: Vocabulary) -> str:
    """The text of context.jsonld for an ontology."""
    triples = [
        Triple(t.subject, t.predicate, t.object)
        for lines in vocabulary.lines.values()
        for t in parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES)
    ]
    return context.document(context.make(triples, vocabulary.prefixes, f"{settings.base}ns#"))
