"""The three tests of the service description. https://www.w3.org/TR/sparql11-service-description/"""

from conformance import results
from conformance.judge import Reply
from solld.rdf import RDF, SD, BlankNode, NamedNode, Triple

# Section 3.4 of the standard: property -> what its subject is, and what its value is ("" is any resource).
PROPERTIES = {
    SD.endpoint: ("Service", ""),
    SD.feature: ("Service", "Feature"),
    SD.defaultEntailmentRegime: ("Service", "EntailmentRegime"),
    SD.entailmentRegime: ("NamedGraph", "EntailmentRegime"),
    SD.defaultSupportedEntailmentProfile: ("Service", "EntailmentProfile"),
    SD.supportedEntailmentProfile: ("NamedGraph", "EntailmentProfile"),
    SD.extensionFunction: ("Service", "Function"),
    SD.extensionAggregate: ("Service", "Aggregate"),
    SD.languageExtension: ("Service", "Feature"),
    SD.supportedLanguage: ("Service", "Language"),
    SD.propertyFeature: ("Service", "Feature"),
    SD.defaultDataset: ("Service", "Dataset"),
    SD.availableGraphs: ("Service", "GraphCollection"),
    SD.resultFormat: ("Service", ""),
    SD.inputFormat: ("Service", ""),
    SD.defaultGraph: ("Dataset", "Graph"),
    SD.namedGraph: ("GraphCollection", "NamedGraph"),
    SD.name: ("NamedGraph", ""),
    SD.graph: ("NamedGraph", "Graph"),
}
CLASSES = (
    *("Service", "Feature", "Language", "Function", "Aggregate", "EntailmentRegime", "EntailmentProfile"),
    *("GraphCollection", "Dataset", "Graph", "NamedGraph"),
)
DEFINED = {  # instances that the standard itself defines
    "Language": {SD[name] for name in ("SPARQL10Query", "SPARQL11Query", "SPARQL11Update")},
    "Feature": {
        SD[name]
        for name in ("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery")
    },
}
BROADER = {"Dataset": ("Dataset", "GraphCollection")}  # a class -> what its instances are too


def judged(name: str, reply: Reply, endpoint: str) -> str:
    """What is wrong with the answer to a GET of the endpoint without a query, or ""."""
    if reply.status != 200:
        return f"status {reply.status}"
    if reply.media_type not in results.GRAPHS:
        return f"answered in {reply.media_type!r}, which is not RDF"
    answer = results.read(reply.body, reply.media_type, endpoint)
    if not isinstance(answer, results.Graph) or not answer.triples:
        return "there are no triples"
    if name == "has-endpoint-triple":
        said = [str(t.object) for t in answer.triples if t.predicate == SD.endpoint]
        return "" if f"<{endpoint}>" in said else f"the sd:endpoint is {said}, asked was {endpoint}"
    return _schema(answer.triples) if name == "conforms-to-schema" else ""


def _schema(triples: frozenset[Triple]) -> str:
    types: dict[object, set[str]] = {}
    for each in triples:
        if each.predicate == RDF.type and isinstance(each.object, NamedNode) and each.object.value.startswith(SD.iri):
            name = each.object.value.removeprefix(SD.iri)
            if name not in CLASSES:
                return f"sd:{name} is not a class of the vocabulary"
            types.setdefault(each.subject, set()).update(BROADER.get(name, (name,)))
    services = [node for node, names in types.items() if "Service" in names]
    if not services:
        return "there is no sd:Service"
    for service in services:
        if not any(each.subject == service and each.predicate == SD.endpoint for each in triples):
            return f"{service} has no sd:endpoint"
    for each in triples:
        if each.predicate.value.startswith(SD.iri):
            wrong = _statement(each, types)
            if wrong:
                return wrong
    return ""


def _statement(triple: Triple, types: dict[object, set[str]]) -> str:
    if triple.predicate not in PROPERTIES:
        return f"{triple.predicate} is not a property of the vocabulary"
    domain, range = PROPERTIES[triple.predicate]
    if domain not in types.get(triple.subject, ()):
        return f"{triple.subject} has {triple.predicate} and is not said to be a sd:{domain}"
    if not isinstance(triple.object, NamedNode | BlankNode):
        return f"the value {triple.object} of {triple.predicate} is a literal"
    if range and range not in types.get(triple.object, ()) and triple.object not in DEFINED.get(range, ()):
        return f"{triple.object} is the {triple.predicate} of {triple.subject} and is not said to be a sd:{range}"
    return ""
