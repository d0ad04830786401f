"""Names for the IRIs of a table: what is published here, and terms, are called by their labels."""

from collections.abc import Iterable, Sequence

from solld import ontology as display
from solld.describe import labels_of
from solld.formats.results import Label
from solld.formats.view import Value
from solld.negotiate import lookup_tags
from solld.rdf import NamedNode, Triple
from solld.service import LABELS_KEPT, Service

UNNAMED = 50  # of what has no name in the merged view, the number that is looked for elsewhere


def namer(opened: Service, language: str, rows: Iterable[Sequence[object]]) -> Label:
    """What gives the IRIs of these rows their names in a language."""
    base, labels = opened.settings.base, opened.ontology.labels
    tags = lookup_tags(language, opened.settings.languages)
    primary = language.partition("-")[0].lower()
    iris = (term.value for row in rows for term in row if isinstance(term, NamedNode))
    found = _labels(opened, [iri for iri in dict.fromkeys(iris) if iri.startswith(base) and iri not in labels])

    def name(iri: str) -> Value | None:
        if iri not in labels and iri not in found:
            return None
        text = display.label(opened.ontology, found.get(iri, ()), iri, tags)
        if text is None:
            return None
        tag = text.language or ""
        return Value(text.value, tag if tag.partition("-")[0].lower() not in ("", primary) else "")

    return name


def _labels(opened: Service, iris: Sequence[str]) -> dict[str, tuple[Triple, ...]]:
    """The labels of things, asked for together: a release on another server answers once."""
    if len(opened.labels) > LABELS_KEPT:
        opened.labels.clear()
    unknown = [iri for iri in iris if iri not in opened.labels]
    if unknown:
        _learn(opened, unknown)
        for _ in labels_of(opened.store, opened.ontology, unknown[:UNNAMED], opened.labels):
            pass
    return {iri: opened.labels[iri] for iri in iris if iri in opened.labels}


def _learn(opened: Service, iris: Sequence[str]) -> None:
    """Takes the names that the merged view gives into the cache of labels, as `labels_of` does one by one."""
    predicates = opened.ontology.label_predicates
    among = ", ".join(map(str, predicates))
    values = " ".join(str(NamedNode(iri)) for iri in iris)
    rows = opened.store.select(f"SELECT ?s ?p ?o WHERE {{ VALUES ?s {{ {values} }} ?s ?p ?o FILTER(?p IN ({among})) }}")
    said: dict[str, dict[NamedNode, list[Triple]]] = {}
    for s, p, o in rows:
        if isinstance(s, NamedNode) and isinstance(p, NamedNode) and o is not None:
            said.setdefault(s.value, {}).setdefault(p, []).append(Triple(s, p, o))
    for iri, by_predicate in said.items():
        first = next(p for p in predicates if p in by_predicate)
        opened.labels[iri] = tuple(sorted(by_predicate[first], key=lambda t: str(t.object)))
