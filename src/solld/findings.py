"""Writes findings as RDF: a validation report for each dataset, and its results.

https://www.w3.org/TR/shacl/#validation-report
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from solld.model import Dataset, Finding
from solld.rdf import RDF, SH, XSD, Literal, NamedNode, Triple, n_triples


@dataclass(frozen=True)
class Report:
    """Findings, and how their nodes and the resources that they are about are named."""

    findings: tuple[Finding, ...]
    genid: str  # what the IRIs of results start with
    rename: Callable[[str], str | None]  # from source keys to published IRIs


def lines(report: Report) -> bytes:
    """The results of all findings, in N-Triples."""
    return n_triples(triple for finding in report.findings for triple in _result(report, finding))


def reports(report: Report, datasets: Iterable[Dataset]) -> bytes:
    """One sh:ValidationReport for each dataset, with links to its results, in N-Triples."""
    return n_triples(triple for dataset in datasets for triple in _report(report, dataset))


def _report(report: Report, dataset: Dataset) -> Iterator[Triple]:
    mine = [finding for finding in report.findings if finding.dataset == dataset.name]
    node = NamedNode(f"{dataset.graph.value}#report")
    conforms = "false" if any(finding.severity == "Violation" for finding in mine) else "true"
    yield Triple(node, RDF.type, SH.ValidationReport)
    yield Triple(node, SH.conforms, Literal(conforms, datatype=XSD.boolean))
    for finding in mine:
        yield Triple(node, SH.result, _node(report, finding))


def _result(report: Report, finding: Finding) -> Iterator[Triple]:
    node = _node(report, finding)
    yield Triple(node, RDF.type, SH.ValidationResult)
    yield Triple(node, SH.resultSeverity, SH[finding.severity])
    for message in finding.messages or (Literal(finding.message, language="en"),):
        yield Triple(node, SH.resultMessage, message)
    if finding.focus:
        yield Triple(node, SH.focusNode, NamedNode(report.rename(finding.focus) or finding.focus))
    if finding.field.startswith("http"):
        yield Triple(node, SH.resultPath, NamedNode(finding.field))
    if finding.value:
        yield Triple(node, SH.value, Literal(finding.value))


def _node(report: Report, finding: Finding) -> NamedNode:
    facts = (finding.severity, finding.message, finding.path, finding.focus, finding.field, finding.value)
    return NamedNode(report.genid + hashlib.sha256(repr(facts).encode()).hexdigest()[:20])
