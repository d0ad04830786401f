"""JSON-LD 1.1, compacted with the site's context: the home of pyld. https://www.w3.org/TR/json-ld11/"""

import json
from collections.abc import Mapping
from typing import Any, cast

from pyld import jsonld

from solld.errors import BadSite
from solld.formats.statements import by_subject, key, statements
from solld.formats.subcontext import subcontext
from solld.model import Context, Description, Format
from solld.rdf import RDF, XSD, Literal, NamedNode, Term, Triple

PROFILE = "http://www.w3.org/ns/json-ld#compacted"
Node = dict[str, Any]


def write_jsonld(description: Description, context: Context) -> bytes:
    """The part of the context that is used, and the nodes, the resource first; a single node is at the top."""
    return json.dumps(compacted(description, context), ensure_ascii=False, indent=2).encode()


def compacted(description: Description, context: Context) -> Node:
    """BadSite if the site's context refers to another one, for nothing is fetched while serving."""
    nodes = [_node(subject, triples) for subject, triples in by_subject(statements(description)).items()]
    used = subcontext(context.jsonld, nodes)
    found = _compact(nodes, used)
    return {"@context": used} | (found[0] if len(found) == 1 else {"@graph": found})


def _compact(nodes: list[Node], context: Any) -> list[Node]:
    try:
        document = jsonld.compact(nodes, context, {"skipExpansion": True, "graph": True, "documentLoader": _refuse})
    except jsonld.JsonLdError as error:
        raise BadSite("the JSON-LD context", _reason(error)) from error
    graph = next(value for key, value in document.items() if key != "@context")  # @graph, or an alias of it
    return cast(list[Node], graph)


def _node(subject: str, triples: list[Triple]) -> Node:
    """A node object in expanded form; literals keep their lexical forms."""
    node: Node = {"@id": subject}
    for each in triples:
        if each.predicate == RDF.type and isinstance(each.object, NamedNode):
            node.setdefault("@type", []).append(each.object.value)
        else:
            node.setdefault(each.predicate.value, []).append(_value(each.object))
    return node


def _value(term: Term | Triple) -> Node:
    if not isinstance(term, Literal):
        return {"@id": key(term)}
    if term.language:
        return {"@value": term.value, "@language": term.language}
    if term.datatype == XSD.string:
        return {"@value": term.value}
    return {"@value": term.value, "@type": term.datatype.value}


def _refuse(url: str, options: Mapping[str, Any]) -> Node:
    raise ValueError(f"it refers to {url}, and no context is fetched; write its terms into the site's context")


def _reason(error: BaseException) -> str:
    """The innermost message: pyld wraps one error in another."""
    cause = getattr(error, "cause", None) or error.__cause__
    return _reason(cause) if cause else str(error)


FORMATS = (Format("JSON-LD", "application/ld+json", "jsonld", write_jsonld, profile=PROFILE, quality=0.95),)
