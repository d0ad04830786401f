"""How the merged view of a release is made, from the history alone: a function of what the catalogue of then says.

The graph of links is never in it: what is guessed, or denied, of two things is not said of them.
"""

import re
from collections.abc import Iterable, Iterator

from solld import fates, leading
from solld.addresses import graph_iri
from solld.history import History
from solld.leading import Leading
from solld.merged import Merged, single
from solld.model import Version
from solld.rdf import DCAT, SCHEMA, VOID, graph_of, in_graph, iris

HAS, IN, RANK = (f" {each} ".encode() for each in (DCAT.dataset, VOID.subset, SCHEMA.position))
NUMBER = re.compile(rb'"(\d+)"')


def of(past: History, number: int, base: str) -> Merged:
    """The merged view of a release."""
    to = leading.of(base, fates.replayed(past.fates(number)).merged)
    return of_catalogue(past, number, base, to)


def of_catalogue(past: History, number: int, base: str, to: Leading) -> Merged:
    """The merged view of a release whose identifiers lead so."""
    catalog = past.latest(f"{base}catalog", number)
    lines = catalog.quads.split(b"\n") if catalog else []
    known, open_ = ({iris(line)[2] for line in lines if sign in line} for sign in (HAS, IN))
    _, _, ontology = past.ontology(number) or (0, {}, b"")
    closed = frozenset((*(known - open_), graph_iri(base, "links")))
    return Merged(to, closed, dict(_ranks(past, number, base, known)), single(ontology))


def _ranks(past: History, number: int, base: str, known: Iterable[str]) -> Iterator[tuple[str, int]]:
    for own in ("ontology", "catalog", "findings"):
        yield graph_iri(base, own), -1
    for graph in sorted(known):
        described = past.latest(graph, number)
        for line in described.quads.split(b"\n") if described else ():
            if line.startswith(f"<{graph}>".encode() + RANK) and (found := NUMBER.search(line)):
                yield graph, int(found[1])


def gathered(past: History, number: int, view: Merged, version: Version) -> list[bytes]:
    """The lines of a thing with those of what leads to it; none if they come with what the thing leads to."""
    to = view.leading
    first = to.to.get(version.iri, version.iri)
    if first not in to.led:
        return _lines(version)
    others = (past.latest(each, number) for each in (first, *to.led[first]))
    found = [each for each in others if each and each.quads]
    if not found or found[0].iri != version.iri:
        return []
    return [line for each in found for line in _lines(each)]


def _lines(version: Version) -> list[bytes]:
    return version.quads.split(b"\n") if version.quads else []


def everything(past: History, number: int, view: Merged) -> Iterator[tuple[list[bytes], list[bytes]]]:
    """A thing after another: the lines of the named graphs of a release, and what of them is in the merged view.

    All are N-Quads; a line may come twice.
    """
    for version in past.current(number):
        yield _lines(version), view.said(gathered(past, number, view, version))
    for graph, triple in past.all_derived(number):
        line = in_graph(triple.encode(), graph)
        yield [line], [view.leading.quad(line)] if view.has(graph) else []


def contested(past: History, number: int, view: Merged, names: Iterable[str]) -> tuple[list[bytes], list[bytes]]:
    """What the view of a release has of things of which several sources speak, and what it does not have of them."""
    has: list[bytes] = []
    out: list[bytes] = []
    for name in sorted({view.leading.to.get(each, each) for each in names}):
        lines = [
            line
            for each in (name, *view.leading.led.get(name, ()))
            if (version := past.latest(each, number))
            for line in _lines(version)
        ]
        if len({graph_of(line) for line in lines}) > 1:
            mine, others = view.parted(lines)
            has, out = has + mine, out + others
    return has, out
