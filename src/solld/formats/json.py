"""Plain JSON for programmers who do not care for RDF: flat, with short keys, in the reader's language."""

import json
from collections import defaultdict
from typing import Any

from solld.elsewhere import REGISTER
from solld.formats.keys import Keys, plain
from solld.formats.labels import Labels, Text
from solld.formats.statements import by_subject, graphs_of, key
from solld.link.told import GUESSES
from solld.model import Also, Context, Description, Elsewhere, Format, Origin
from solld.rdf import RDF, Literal, NamedNode, Triple

Object = dict[str, Any]


def write_json(description: Description, context: Context) -> bytes:
    return json.dumps(plain_object(description, context), ensure_ascii=False, indent=2).encode()


def plain_object(description: Description, context: Context) -> Object:
    """The resource with the nodes it owns within; `referenced_by` has what points at it, one page."""
    writer = Writer(description, context)
    iri = description.resource.value
    content = writer.object(iri, description.about)
    for each in (*description.owned, *description.incoming):
        if each.object == description.resource and key(each.subject) not in writer.shown:
            references = content.setdefault("referenced_by", {})
            references.setdefault(writer.keys.key(each.predicate.value), []).append(writer.link(key(each.subject)))
    rest = [writer.link(subject) for subject in writer.owned if subject not in writer.shown]
    if rest:
        content["included"] = rest
    if description.also:
        content["also_stated"] = [writer.also(each) for each in description.also]
    if description.elsewhere:
        content["links"] = [writer.elsewhere(each) for each in description.elsewhere]
    content["sources"] = [writer.source(graph) for graph in graphs_of(description)]
    if description.more:
        content["next"] = f"{description.document}.json?page={description.page + 1}"
    return content


class Writer:
    """Turns triples into objects; a node that is owned is written out where it is first mentioned."""

    def __init__(self, description: Description, context: Context):
        self.labels, self.keys = Labels(description, context), Keys(context)
        self.owned, self.origins = by_subject(description.owned), description.origins
        self.shown: set[str] = {description.resource.value}

    def object(self, iri: str, triples: tuple[Triple, ...] | list[Triple]) -> Object:
        self.shown.add(iri)
        content: Object = {"id": iri}
        types = [self.keys.key(key(t.object)) for t in triples if t.predicate == RDF.type and _is_iri(t.object)]
        if types:
            content["type"] = types
        label = self.labels.name(iri)
        if label:
            content["label"] = label.value
        values: dict[str, list[Any]] = defaultdict(list)
        for each in triples:
            if each.predicate != RDF.type or not _is_iri(each.object):
                values[each.predicate.value].append(each.object)
        for predicate, objects in values.items():
            content |= self.entries(predicate, objects)
        return content

    def entries(self, predicate: str, objects: list[Any]) -> Object:
        """The key with its values; if they are in several languages, `<key>_i18n` has all by language."""
        name = self.keys.key(predicate)
        texts: dict[str, list[str]] = defaultdict(list)
        others = []
        for each in objects:
            if isinstance(each, Literal) and each.language:
                texts[each.language].append(each.value)
            else:
                others.append(plain(each) if isinstance(each, Literal) else self.link(key(each)))
        best = self.labels.best(Text("", tag) for tag in texts)
        values = (texts[best.language] if best else []) + others
        entry = {name: values if len(values) > 1 or predicate in self.keys.lists else values[0]}
        if len(texts) > 1:
            entry[f"{name}_i18n"] = dict(texts)
        return entry

    def also(self, each: Also) -> Object:
        """A value that the merged view does not have, with who says it, and when."""
        term = each.triple.object
        value: Any = plain(term) if isinstance(term, Literal) else self.link(key(term))
        if each.nested:
            inner = by_subject(each.nested)
            value = {"id": key(term)} | {
                self.keys.key(t.predicate.value): plain(t.object)
                for said in inner.values()
                for t in said
                if isinstance(t.object, Literal)
            }
        entry = {"property": self.keys.key(each.triple.predicate.value), "value": value}
        if isinstance(term, Literal) and term.language:
            entry["language"] = term.language
        entry["sources"] = [self.source(graph) for graph in each.graphs]
        return entry | ({"date": each.when} if each.when else {})

    def elsewhere(self, each: Elsewhere) -> Object:
        """A record, a number or a thing that is the same, related, or only guessed to be; the state tells which."""
        told: Object = {"state": each.state, "guess": each.state in GUESSES}
        if each.state == REGISTER:
            told |= {"register": each.iri, "number": each.key, "page": each.page}
        else:
            told |= self.link(each.iri) | {"key": each.key, "page": each.page}
        told["dataset"] = self.source(NamedNode(each.graph)) if each.graph else None
        told |= {"score": float(each.score) if each.score else None}
        told |= {"by": each.who, "date": each.when, "why": each.why}
        return {name: value for name, value in told.items() if value not in ("", None)}

    def source(self, graph: NamedNode) -> Object:
        """A dataset, with its licence and how fresh it is."""
        origin = self.origins.get(graph, Origin())
        facts = {"license": origin.license, "seen": origin.seen, "expires": origin.expires}
        return self.link(graph.value) | {key: value for key, value in facts.items() if value}

    def link(self, iri: str) -> Object:
        if iri in self.owned and iri not in self.shown:
            return self.object(iri, self.owned[iri])
        label = self.labels.name(iri)
        return {"id": iri, "label": label.value} if label else {"id": iri}


def _is_iri(term: object) -> bool:
    return isinstance(term, NamedNode)


FORMATS = (Format("JSON", "application/json", "json", write_json, localised=True, quality=0.6),)
