"""Materialises shortcuts by the site's own rules: `ontology/rules/*.rq`.

A rule is a
`SELECT ?this ?subject ?predicate ?object WHERE { GRAPH ?this { ... } }`. Each resource is loaded into a graph
of its own name, so a rule sees one resource at a time: that is what lets a build apply it to what has changed only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from solld import queries
from solld.errors import BadQuery, BadSite
from solld.queries import Query
from solld.rdf import NamedNode, Quad, RdfFormat, Triple, n_triples, parse
from solld.stores.embedded import EmbeddedStore

BATCH = 20_000  # resources loaded at once: memory is bounded, and the cost of a query is small beside it


def load(folder: Path) -> tuple[Query, ...]:
    return queries.load(folder)


def derive(resources: Mapping[str, Iterable[bytes]], rules: Iterable[Query]) -> dict[str, set[bytes]]:
    """resource -> the N-Triples lines that the rules make of it."""
    rules = tuple(rules)
    found: dict[str, set[bytes]] = defaultdict(set)
    names = list(resources)
    for start in range(0, len(names) if rules else 0, BATCH):
        store = EmbeddedStore.of(_quads({name: resources[name] for name in names[start : start + BATCH]}))
        for rule in rules:
            for this, triple in _answers(store, rule):
                found[this].add(n_triples([triple]).rstrip(b"\n"))
    return found


def _quads(resources: Mapping[str, Iterable[bytes]]) -> Iterator[Quad]:
    for name, lines in resources.items():
        graph = NamedNode(name)
        for each in parse(b"\n".join(lines), format=RdfFormat.N_TRIPLES):
            yield Quad(each.subject, each.predicate, each.object, graph)


def _answers(store: EmbeddedStore, rule: Query) -> Iterator[tuple[str, Triple]]:
    try:
        rows = store.select(rule.text)
    except BadQuery as error:
        raise BadSite(f"ontology/rules/{rule.name}.rq", str(error)) from error
    for row in rows:
        match row:
            case (NamedNode() as this, NamedNode() as subject, NamedNode() as predicate, target) if target is not None:
                yield this.value, Triple(subject, predicate, target)
            case _:
                raise BadSite(
                    f"ontology/rules/{rule.name}.rq", "a rule selects ?this ?subject ?predicate ?object, all bound"
                )
