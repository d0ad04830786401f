"""JSON-LD contexts that documents refer to, as they are taken here: nothing is fetched that a stranger names.

A context that is fetched is a server that must be up, may see who reads, and may change what was meant. These are no
copies: they say what terms mean as far as records need it. https://www.w3.org/TR/json-ld11/#iana-security
"""

import re
from collections.abc import Mapping
from typing import Any

from solld.sources.names import written

LINK = {"@type": "@id"}
SCHEMA_ORG = {
    "@vocab": "https://schema.org/",
    "id": "@id",
    "type": "@type",
} | {
    term: {"@id": f"https://schema.org/{term}", **LINK}
    for term in ("additionalType", "image", "license", "logo", "mainEntityOfPage", "sameAs", "url")
}
ACTIVITY_STREAMS = {
    "@vocab": "https://www.w3.org/ns/activitystreams#",
    "id": "@id",
    "type": "@type",
} | {
    term: {"@id": f"https://www.w3.org/ns/activitystreams#{term}", **LINK}
    for term in ("actor", "attributedTo", "first", "image", "items", "last", "next", "object", "partOf", "prev", "url")
}
GOGOCARTO = {  # theirs has no name and no categories, and makes an IRI of an id that all instances share
    "@vocab": "https://schema.org/",
    "id": "http://purl.org/dc/terms/identifier",
    "title": "http://www.w3.org/2000/01/rdf-schema#label",
    "description": "http://www.w3.org/2000/01/rdf-schema#comment",
    "descriptionMore": "http://purl.org/dc/terms/description",
    "email": "http://xmlns.com/foaf/0.1/mbox",
    "telephone": "http://xmlns.com/foaf/0.1/phone",
    "website": "http://xmlns.com/foaf/0.1/homepage",
    "latitude": "http://www.w3.org/2003/01/geo/wgs84_pos#lat",
    "longitude": "http://www.w3.org/2003/01/geo/wgs84_pos#long",
}
PINNED: Mapping[str, Mapping[str, Any]] = {  # by the URL as `_plain` writes it
    "schema.org": SCHEMA_ORG,
    "schema.org/docs/jsonldcontext.json": SCHEMA_ORG,
    "schema.org/docs/jsonldcontext.jsonld": SCHEMA_ORG,
    "w3.org/ns/activitystreams": ACTIVITY_STREAMS,
    "rawgit.com/jmvanel/rdf-convert/master/context-gogo.jsonld": GOGOCARTO,
}


def is_pinned(url: str) -> bool:
    return _plain(url) in PINNED


def load(url: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """A document loader of pyld. ValueError that names a context that is not pinned."""
    if not is_pinned(url):
        raise ValueError(f"its context {written(url)} is not known here, and none is fetched")
    return {"contextUrl": None, "documentUrl": url, "document": {"@context": PINNED[_plain(url)]}}


def _plain(url: str) -> str:
    """People write http or https or neither, www or not, a slash or none."""
    return re.sub(r"^(?:https?:)?/*(?:www\.)?", "", written(url.strip()).partition("#")[0]).rstrip("/")
