"""Makes the JSON-LD context from the ontology: short keys that a programmer likes.

A key is the local name of a property or class; of two with the same name the site's own keeps it, the other gets its
prefix. Properties whose values are things are coerced to IRIs, labels become language maps, datatypes are implied.
https://www.w3.org/TR/json-ld11/#the-context
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from solld.ontology import DESCRIPTIONS, LABELS, Index, indexed
from solld.rdf import DASH, OWL, RDF, RDFS, SH, XSD, NamedNode, Term, Triple

RESOURCES = (OWL.ObjectProperty,)
KEYWORDS = {"id": "@id", "type": "@type"}


def make(triples: Iterable[Triple], prefixes: Mapping[str, str], namespace: str) -> dict[str, Any]:
    """The value of @context, with sorted keys; `namespace` is the site's own."""
    index = indexed(triples)
    facts = _facts(index)
    context: dict[str, Any] = {"@version": 1.1, **KEYWORDS}
    known = {ns: prefix for prefix, ns in prefixes.items()}
    terms: dict[str, Any] = {}
    for iri in sorted(facts, key=lambda i: (not i.startswith(namespace), i)):
        stem = iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]
        local, prefix = iri[len(stem) :], known.get(stem)
        if not local or prefix is None:
            continue
        key = local if local not in terms and local not in KEYWORDS else f"{prefix}_{local}"
        terms[key] = {"@id": f"{prefix}:{local}", **facts[iri]} if facts[iri] else f"{prefix}:{local}"
    context |= dict(sorted(prefixes.items()))
    return context | dict(sorted(terms.items()))


def document(context: Mapping[str, Any]) -> str:
    """The text of context.jsonld."""
    return json.dumps({"@context": context}, indent=2, ensure_ascii=False) + "\n"


def _facts(index: Index) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {term.value: {"@container": "@language"} for term in (*LABELS, *DESCRIPTIONS)}
    for subject, properties in index.items():
        types = set(properties.get(RDF.type, ()))
        if types & {OWL.Class, RDFS.Class, OWL.DatatypeProperty, RDF.Property, OWL.AnnotationProperty}:
            found.setdefault(subject.value, {})
        if types & set(RESOURCES):
            found.setdefault(subject.value, {})["@type"] = "@id"
    for properties in index.values():
        for path in properties.get(SH.path, ()):
            inverse = index.get(path, {}).get(SH.inversePath, ()) if isinstance(path, NamedNode) else ()
            for each in inverse or (path,):
                if isinstance(each, NamedNode) and each != RDF.type:
                    fact = _of_shape(properties)
                    if not inverse:
                        found.setdefault(each.value, {}).update(fact)
                    else:
                        found.setdefault(each.value, {})["@type"] = "@id"
        for target in properties.get(SH.targetClass, ()):
            found.setdefault(target.value, {})
    return found


def _of_shape(properties: Mapping[NamedNode, Iterable[Term]]) -> dict[str, str]:
    kinds = set(properties.get(SH.nodeKind, ()))
    datatypes = [d for d in properties.get(SH.datatype, ()) if isinstance(d, NamedNode)]
    if (
        kinds & {SH.IRI}
        or tuple(properties.get(SH["class"], ()))
        or DASH.DetailsViewer in properties.get(DASH.viewer, ())
    ):
        return {"@type": "@id"}
    if RDF.langString in datatypes or DASH.LabelRole in properties.get(DASH.propertyRole, ()):
        return {"@container": "@language"}
    if datatypes and datatypes[0] != XSD.string:
        return {"@type": datatypes[0].value}
    return {}
