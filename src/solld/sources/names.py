"""Names of RDF as columns have them: short, with the prefixes that are known everywhere, whoever declares which.

What is relative in a file is so to RELATIVE where nobody knows where the file was; it is written without it.
"""

import re
from functools import lru_cache

RELATIVE = "https://relative.invalid/here/"  # RFC 2606: a host that there will never be
NOWHERE = "https://relative.invalid"
NAMESPACES = {
    "http://schema.org/": "schema",  # they are the same, https://schema.org/docs/faq.html#19
    "https://schema.org/": "schema",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf",
    "http://www.w3.org/2000/01/rdf-schema#": "rdfs",
    "http://www.w3.org/2002/07/owl#": "owl",
    "http://www.w3.org/2004/02/skos/core#": "skos",
    "http://xmlns.com/foaf/0.1/": "foaf",
    "http://purl.org/dc/terms/": "dct",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/ns/dcat#": "dcat",
    "http://www.w3.org/ns/org#": "org",
    "http://www.w3.org/2006/vcard/ns#": "vcard",
    "http://www.w3.org/ns/locn#": "locn",
    "http://www.w3.org/2003/01/geo/wgs84_pos#": "geo",
    "http://www.opengis.net/ont/geosparql#": "geosparql",
    "http://purl.org/goodrelations/v1#": "gr",
    "http://www.w3.org/ns/regorg#": "rov",
    "http://www.w3.org/ns/adms#": "adms",
}
SIMPLE = re.compile(r"[^/#?]+")
LABELS = frozenset(  # properties that say what something is called
    "rdfs:label skos:prefLabel schema:name foaf:name dct:title dc:title vcard:fn vcard:organization-name "
    "gr:name gr:legalName rov:legalName schema:legalName".split()
)


@lru_cache(maxsize=10_000)
def compact(iri: str) -> str:
    """`schema:name`, or the whole IRI where no prefix is known for it."""
    place = max(iri.rfind("#"), iri.rfind("/")) + 1
    prefix = NAMESPACES.get(iri[:place])
    if prefix and SIMPLE.fullmatch(iri[place:]):
        return f"{prefix}:{iri[place:]}"
    return written(iri)


def written(iri: str) -> str:
    """The IRI as it stands in its file, as far as that can be told."""
    return iri.removeprefix(RELATIVE).removeprefix(NOWHERE)


def is_relative(iri: str) -> bool:
    return iri.startswith(NOWHERE)


@lru_cache(maxsize=10_000)
def local(iri: str) -> str:
    """The last part of an IRI: what a class is called, in whatever vocabulary."""
    return re.sub(r"^.*[/#:]", "", iri)
