"""A dataset in the words of schema.org, for search engines of datasets: what its DCAT description says.

https://schema.org/Dataset  https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from collections.abc import Iterable
from typing import Any

from solld.formats.statements import Subjects, by_subject, iris, literals
from solld.model import Context, Description
from solld.rdf import DCAT, DCT, FOAF, RDF, Literal, NamedNode, Triple

KINDS = {DCAT.Dataset: "Dataset", DCAT.Catalog: "DataCatalog"}
MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


def dataset(description: Description, context: Context) -> dict[str, Any] | None:
    """A schema.org Dataset or DataCatalog as JSON-LD; None for what is neither."""
    said = description.about
    kind = next(
        (name for iri, name in KINDS.items() if any(t.predicate == RDF.type and t.object == iri for t in said)), ""
    )
    if not kind:
        return None
    known = by_subject((*description.owned, *description.labels))
    told: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": kind,
        "@id": description.resource.value,
        "url": description.document,
        "name": _text(said, DCT.title, context),
        "description": _text(said, DCT.description, context),
        "license": _first(said, DCT.license),
        "dateModified": _first(said, DCT.modified),
        "datePublished": _first(said, DCT.issued),
        "keywords": sorted({each.value for each in literals(said, DCAT.keyword) if _is_read(each, context)}),
        "isAccessibleForFree": True,
        "publisher": _publisher(said, known),
    }
    if kind == "Dataset":
        told["distribution"] = [_download(known.get(iri, [])) for iri in iris(said, DCAT.distribution)]
        told["includedInDataCatalog"] = {"@type": "DataCatalog", "@id": f"{context.settings.base}catalog"}
    else:
        told["dataset"] = [{"@type": "Dataset", "@id": iri} for iri in iris(said, DCAT.dataset)]
    return {name: value for name, value in told.items() if value}


def _download(said: list[Triple]) -> dict[str, Any]:
    told = {
        "@type": "DataDownload",
        "contentUrl": _first(said, DCAT.downloadURL),
        "encodingFormat": _first(said, DCAT.mediaType).removeprefix(MEDIA_TYPES),
        "name": next((each.value for each in literals(said, DCT.title)), ""),
    }
    return {name: value for name, value in told.items() if value}


def _publisher(said: Iterable[Triple], known: Subjects) -> dict[str, Any] | None:
    iri = _first(said, DCT.publisher)
    names = [each.value for each in literals(known.get(iri, []), FOAF.name)]
    return {"@type": "Organization", "@id": iri, **({"name": names[0]} if names else {})} if iri else None


def _text(said: Iterable[Triple], predicate: NamedNode, context: Context) -> str:
    """The text in the first of the reader's languages that it has."""
    texts = {(each.language or "").lower(): each.value for each in literals(said, predicate)}
    return next((texts[tag] for tag in context.language_tags if tag in texts), next(iter(texts.values()), ""))


def _is_read(literal: Literal, context: Context) -> bool:
    return (literal.language or "").lower() in (context.language, "")


def _first(said: Iterable[Triple], predicate: NamedNode) -> str:
    return next((t.object.value for t in said if t.predicate == predicate and not isinstance(t.object, Triple)), "")
