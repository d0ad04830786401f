"""Sheets of views for one reader, and what the page of a thing shows of them beside its description."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from solld import describe, negotiate
from solld.formats.ego import ego
from solld.formats.sheet import Sheet
from solld.model import Context, Description
from solld.rdf import SKOS, Literal, Triple
from solld.service import LABELS_KEPT, Service
from solld.views.graph import graph

GRAPH = "networks"  # the view that is a graph
NAMES = (SKOS.altLabel,)  # beside labels: what else a thing is called


def sheet_of(opened: Service, name: str, language: str, pairs: Sequence[tuple[str, str]] = ()) -> Sheet:
    """A sheet of a view; `pairs` are the parameters of its address."""
    context = Context(
        settings=opened.settings,
        ontology=opened.ontology,
        prefixes=opened.prefixes,
        jsonld=opened.jsonld,
        language=language,
        language_tags=negotiate.lookup_tags(language, opened.settings.languages),
        release=opened.release.number,
    )

    def labels_of(iris: Iterable[str]) -> Iterable[Triple]:
        if len(opened.labels) > LABELS_KEPT:
            opened.labels.clear()
        return describe.labels_of(opened.store, opened.ontology, iris, opened.labels)

    return Sheet(name, context, labels_of, pairs)


def beside(opened: Service, description: Description, language: str) -> Mapping[str, Any]:
    """What the page of a thing shows of what it is tied to, if the site has a view of that."""
    if GRAPH not in opened.views.queries:
        return {}
    table = opened.views.table(GRAPH, language)
    whole = opened.views.made((GRAPH, "graph", language, ()), lambda: graph(table))
    own = (each.object for each in description.about if each.predicate in (*NAMES, *opened.ontology.label_predicates))
    names = tuple(name.value for name in own if isinstance(name, Literal))
    return {"ego": ego(whole, description.resource.value, sheet_of(opened, GRAPH, language), names)}
