"""The VoID description that SemApps reads at /.well-known/void: the server as a dataset, a partition for each dataset.

Its mirror looks for the node that is called after the host, and reads each partition's `void:uriSpace` as Turtle: ours
is a whole dataset. https://github.com/assemblee-virtuelle/semapps (void/service.ts, sync/services/mirror.ts)
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from solld.formats.statements import by_subject, iris, literals
from solld.model import Description
from solld.rdf import DCAT, DCT, VOID, NamedNode, Triple

CONTEXT = {
    "dc": DCT.iri,
    "void": VOID.iri,
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dc:license": {"@type": "@id"},
    "void:feature": {"@type": "@id"},
    "void:sparqlEndpoint": {"@type": "@id"},
    "void:dataDump": {"@type": "@id"},
    "void:entities": {"@type": "xsd:integer"},
    "void:class": {"@type": "@id"},
    "void:classPartition": {"@type": "@id"},
}


def fragment(url: str) -> str:
    """What the server of a URL is called: its host and port, the first of - and . and : each an underscore."""
    host = re.sub(r"^https?://", "", url).partition("/")[0]
    for sign in "-.:":
        host = host.replace(sign, "_", 1)
    return host


def write(catalog: Description, root: str) -> bytes:
    """The document; `root` is the URL of the host that is asked, with its slash."""
    known = by_subject((*catalog.about, *catalog.owned))
    said = known[catalog.resource.value]
    partitions = [_partition(iri, known, root) for iri in iris(said, DCAT.dataset)]
    server: dict[str, Any] = {
        "@id": f"#{fragment(root)}",
        "@type": "void:Dataset",
        "dc:title": _texts(said, DCT.title),
        "dc:description": _texts(said, DCT.description),
        "dc:license": iris(said, DCT.license),
        "void:feature": "http://www.w3.org/ns/formats/Turtle",
        "void:uriSpace": root,
        "void:sparqlEndpoint": f"{root}sparql",
        "void:dataDump": iris(said, VOID.dataDump),
        "void:classPartition": partitions,
    }
    document = {"@context": {**CONTEXT, "@base": f"{root}.well-known/void"}, "@graph": [server]}
    return json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


def _partition(dataset: str, known: Mapping[str, list[Triple]], root: str) -> dict[str, Any]:
    said = known.get(dataset, [])
    classes = [each for part in iris(said, VOID.classPartition) for each in iris(known.get(part, []), VOID["class"])]
    entities = next((each.value for each in literals(said, VOID.entities)), "0")
    return {
        "void:uriSpace": f"{root}graph?graph={quote(dataset, safe='')}",
        "void:class": sorted(set(classes)),
        "void:entities": entities,
    }


def _texts(said: Iterable[Triple], predicate: NamedNode) -> list[dict[str, str]]:
    texts = literals(said, predicate)
    return [{"@value": each.value} | ({"@language": each.language} if each.language else {}) for each in texts]
