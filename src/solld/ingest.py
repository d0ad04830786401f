"""Reads the files of a graph into resources: for each one the N-Triples lines said of it and of its fragments.

Works on the parsed input and never on what a store gives back, because a store rewrites literals. Blank nodes become
skolem IRIs under /.well-known/genid/, made from a hash of their own description (RDF 1.1 section 3.5; RDFC-1.0).
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph

from solld import mappings
from solld.model import Finding
from solld.rdf import BlankNode, Quad, RdfFormat, Triple, n_triples, parse, syntax_of

Lines = Mapping[str, list[bytes]]  # resource -> its N-Triples lines, sorted, without newlines


@dataclass(frozen=True)
class Reading:
    """What was read: resources with their lines, the prefixes of the files, and the files that could not be read."""

    resources: Lines
    prefixes: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    gone: frozenset[str] | None = None  # if these are only the resources that changed: those that are gone since

    @property
    def unreadable(self) -> bool:
        """Whether a file could not be read."""
        return any(finding.severity == "Violation" for finding in self.findings)


def read(files: Iterable[Path], base_of: Callable[[Path], str], genid: str, site: Path, dataset: str = "") -> Reading:
    """Reads RDF files together; `base_of` gives the IRI that relative IRIs of a file are resolved with.

    A file that cannot be parsed is a finding with file and line, and nothing of it is taken.
    """
    prefixes: dict[str, str] = {}
    findings: list[Finding] = []
    blocks: list[bytes] = []
    for path in files:
        try:
            block, declared = _triples(path, base_of(path), genid)
        except (SyntaxError, ValueError, OSError) as error:
            findings.append(_unreadable(error, path, site, dataset))
            continue
        blocks.append(block)
        prefixes |= declared
    return Reading(grouped(b"".join(blocks)), prefixes, tuple(findings))


def as_read(files: Iterable[Path], base: str) -> bytes:
    """The N-Triples of files together, with their blank nodes."""
    return b"".join(n_triples(parse(path=str(path), format=syntax_of(path), base_iri=base)) for path in files)


def _triples(path: Path, base: str, genid: str) -> tuple[bytes, dict[str, str]]:
    if path.name.endswith(mappings.ENDING):
        return n_triples(mappings.read(path, base)), {}
    parser = parse(path=str(path), format=syntax_of(path), base_iri=base, rename_blank_nodes=False)
    # Named graphs of a file are not kept: a dataset is one named graph, and the file is its content.
    plain = parser if syntax_of(path) in (RdfFormat.TURTLE, RdfFormat.N_TRIPLES) else map(_triple, parser)
    block = n_triples(plain)
    if b"_:" in block:
        block = skolemised(block, genid)
    return block, dict(parser.prefixes)


def _triple(quad: Quad | Triple) -> Triple:
    return Triple(quad.subject, quad.predicate, quad.object)


def _unreadable(error: Exception, path: Path, site: Path, dataset: str) -> Finding:
    line = getattr(error, "lineno", None) or 0
    said = re.search(r"\(line (\d+)\)|line (\d+)", str(error))
    if not line and said:
        line = int(said[1] or said[2])
    message = f"cannot be read: {error}"
    return Finding("Violation", message, str(path.relative_to(site)), line, dataset=dataset)


def grouped(block: bytes) -> dict[str, list[bytes]]:
    """N-Triples lines by the resource that they are said of, in order of first mention; duplicates are dropped."""
    found: dict[bytes, list[bytes]] = {}
    starts: tuple[bytes, ...] = ()  # of a line about the same resource as the one before, as most are
    lines: list[bytes] = []
    for line in filter(None, block.split(b"\n")):
        if not line.startswith(starts):
            subject = line[1 : line.index(b">")].partition(b"#")[0]
            lines = found.setdefault(subject, [])
            starts = (b"<" + subject + b">", b"<" + subject + b"#")
        lines.append(line)
    return {subject.decode(): sorted(set(lines)) for subject, lines in found.items()}


def skolemised(block: bytes, genid: str) -> bytes:
    """N-Triples whose blank nodes are IRIs.

    Each set of blank nodes that are connected is canonicalised on its own, with what points at it; so a change
    elsewhere in the file renames nothing.
    """
    ground: list[Triple] = []
    component: dict[str, str] = {}  # union-find over labels of blank nodes

    def root(label: str) -> str:
        while component[label] != label:
            component[label] = component[component[label]]
            label = component[label]
        return label

    blank: list[tuple[str, Triple]] = []
    for each in parse(block, format=RdfFormat.N_TRIPLES):
        one = Triple(each.subject, each.predicate, each.object)
        labels = [t.value for t in (one.subject, one.object) if isinstance(t, BlankNode)]
        for label in labels:
            component.setdefault(label, label)
        if len(labels) == 2:
            component[root(labels[0])] = root(labels[1])
        if labels:
            blank.append((labels[0], one))
        else:
            ground.append(one)
    clusters: dict[str, list[Triple]] = defaultdict(list)
    for label, one in blank:
        clusters[root(label)].append(one)
    named = (one for cluster in clusters.values() for one in _named(cluster, genid))
    return n_triples((*ground, *named))


def _named(cluster: list[Triple], genid: str) -> Iterator[Triple]:
    dataset = pyoxigraph.Dataset(Quad(t.subject, t.predicate, t.object) for t in cluster)
    dataset.canonicalize(pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0)
    text = "\n".join(sorted(f"{q.subject} {q.predicate} {q.object} ." for q in dataset))
    name = hashlib.sha256(text.encode()).hexdigest()[:20]

    def iri(term: pyoxigraph.NamedNode | BlankNode) -> pyoxigraph.NamedNode:
        return pyoxigraph.NamedNode(f"{genid}{name}-{term.value.removeprefix('c14n')}")

    for quad in dataset:
        subject = iri(quad.subject) if isinstance(quad.subject, BlankNode) else quad.subject
        target = iri(quad.object) if isinstance(quad.object, BlankNode) else quad.object
        yield Triple(subject, quad.predicate, target)


def digest(lines: Iterable[bytes]) -> bytes:
    """16 bytes that identify a sorted list of lines."""
    return hashlib.blake2b(b"\n".join(lines), digest_size=16).digest()
