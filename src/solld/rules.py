"""Materialises shortcuts by the site's own rules: `ontology/rules/*.rq`.

A rule is a
`SELECT ?this ?subject ?predicate ?object WHERE { GRAPH ?this { ... } }`. Each resource is loaded into a graph
of its own name, so a rule sees one resource at a time: that is what lets a build apply it to what has changed only.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from solld import queries
from solld.errors import BadQuery, BadSite
from solld.queries import Query
from solld.rdf import NamedNode, Quad, RdfFormat, Triple, n_triples, parse
from solld.sparql.tokens import tokens
from solld.stores.embedded import EmbeddedStore

NEVER = re.compile(rb"(?!)")
BATCH = 20_000  # resources loaded at once: memory is bounded, and the cost of a query is small beside it


def load(folder: Path) -> tuple[Query, ...]:
    return queries.load(folder)


def concerned(rules: Iterable[Query]) -> re.Pattern[bytes] | None:
    """What is found in the N-Triples of every resource that a rule can make something of; None if that cannot be told.

    A rule matches only where each of its triple patterns does, so some IRI that stands in them outside of OPTIONAL,
    EXISTS, MINUS, FILTER and BIND is in the data. With UNION, or paths that may be empty, nothing can be said.
    """
    found: set[str] = set()
    for rule in rules:
        mine = _required(rule)
        if not mine:
            return None
        found |= mine
    return re.compile(b"|".join(re.escape(f"<{iri}>".encode()) for iri in sorted(found))) if found else NEVER


def _required(rule: Query) -> set[str]:
    found: set[str] = set()
    prefixes = dict(re.findall(r"PREFIX\s+([\w-]*):\s*<([^>]*)>", rule.text, re.IGNORECASE))
    body = tokens(rule.text)
    opened = next((n for n, token in enumerate(body) if token.says("WHERE")), len(body))
    depth, aside = 0, 0  # of brackets; the depth from which on nothing is required
    pending = False
    for before, token in zip(body[opened:], body[opened + 1 :], strict=False):
        if token.says("UNION", "VALUES", "SELECT") or (token.text in ("*", "?", "!") and not aside):
            return set()
        pending = pending or token.says("OPTIONAL", "EXISTS", "MINUS", "FILTER", "BIND")
        if token.text in ("{", "("):
            depth += 1
            if pending and not aside:
                aside = depth
            pending = False
        elif token.text in ("}", ")"):
            aside = 0 if aside == depth else aside
            depth -= 1
        elif not aside and not before.says("GRAPH"):
            prefix, colon, local = token.text.partition(":")
            if token.kind == "IRIREF":
                found.add(token.text[1:-1])
            elif colon and token.kind == "PNAME_LN" and prefix in prefixes:
                found.add(prefixes[prefix] + local)
    return found


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
