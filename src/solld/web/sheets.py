"""Sheets of views for one reader, and what the page of a thing shows of them beside its description."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from solld import describe, negotiate
from solld.errors import LimitHit, Unanswerable
from solld.finding.telling import Teller
from solld.formats import comparison
from solld.formats.ego import ego
from solld.formats.sheet import Sheet
from solld.model import Context, Description
from solld.rdf import SKOS, Literal, Triple
from solld.service import LABELS_KEPT, Service
from solld.views import matrix
from solld.views.graph import graph

log = logging.getLogger("solld")
GRAPH, MATRIX = "networks", "values"  # the views that are one
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


def teller_of(opened: Service, language: str) -> Teller:
    """Who tells what is found to readers of a language."""
    return Teller(
        opened.finder,
        opened.ontology,
        opened.settings.base,
        opened.prefixes,
        negotiate.lookup_tags(language, opened.settings.languages),
        language,
        labels=opened.labels,
    )


def beside(opened: Service, description: Description, language: str) -> Mapping[str, Any]:
    """What the page of a thing shows of views: what it is tied to, and where it is compared."""
    try:
        return _tied(opened, description, language) | _compared(opened, description, language)
    except (LimitHit, Unanswerable) as error:  # of a SPARQL server under the service: the description stands without
        log.warning("what stands beside %s cannot be asked: %s", description.resource.value, error)
        return {}


def _compared(opened: Service, description: Description, language: str) -> dict[str, Any]:
    """The address where a thing is compared with others, or where those that share it are, if it is."""
    if MATRIX not in opened.views.queries:
        return {}
    table, reader = opened.views.table(MATRIX, language), opened.views.reader(MATRIX, language)
    columns = opened.views.made((MATRIX, "columns", reader, ()), lambda: matrix.columns(table))
    shared = opened.views.made((MATRIX, "shared", reader, ()), lambda: matrix.shared(table))
    iri, sheet = description.resource.value, sheet_of(opened, MATRIX, language)
    if iri in shared:
        href = sheet.address(more=_with(sheet, shared[iri][: comparison.ALL])) + f"#{sheet.anchor(iri)}"
        return {"compared": ("row", href)}
    if all(column.iri != iri for column in columns):
        return {}
    others = (each for each in comparison.first(columns) if each != iri)
    return {"compared": ("column", sheet.address(more=_with(sheet, (iri, *others)[: comparison.FIRST])))}


def _with(sheet: Sheet, chosen: Iterable[str]) -> list[tuple[str, str]]:
    return [("with", sheet.short(each)) for each in chosen]


def _tied(opened: Service, description: Description, language: str) -> dict[str, Any]:
    if GRAPH not in opened.views.queries:
        return {}
    table, reader = opened.views.table(GRAPH, language), opened.views.reader(GRAPH, language)
    whole = opened.views.made((GRAPH, "graph", reader, ()), lambda: graph(table))
    own = (each.object for each in description.about if each.predicate in (*NAMES, *opened.ontology.label_predicates))
    names = tuple(name.value for name in own if isinstance(name, Literal))
    return {"ego": ego(whole, description.resource.value, sheet_of(opened, GRAPH, language), names)}
