"""CSV for lists: the things that the resource owns, names or is named by, a row each. RFC 4180, with a header.

iri,type,label,relation,<key>,...
"""

import csv
import io
from collections import defaultdict

from solld.formats.keys import Keys
from solld.formats.labels import Labels, Text
from solld.formats.statements import by_subject, key
from solld.model import Context, Description, Format
from solld.rdf import RDF, Literal, NamedNode, Triple

FEWEST = 2  # rows that make a list
SEPARATOR = " | "  # of several values in a cell


def write_csv(description: Description, context: Context) -> bytes:
    labels, keys = Labels(description, context), Keys(context)
    known = by_subject((*description.owned, *description.incoming, *description.labels))
    rows = []
    for iri, relations in members(description).items():
        cells = _cells(known.get(iri, []), labels, keys)
        types = SEPARATOR.join(labels.label(key(t.object)).value for t in known.get(iri, []) if _is_type(t))
        relation = SEPARATOR.join(keys.key(each) for each in relations)
        rows.append({"iri": iri, "type": types, "label": labels.label(iri).value, "relation": relation} | cells)
    columns = dict.fromkeys(("iri", "type", "label", "relation")) | dict.fromkeys(k for row in rows for k in row)
    table = io.StringIO()
    writer = csv.DictWriter(table, list(columns), restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return table.getvalue().encode()


def members(description: Description) -> dict[str, list[str]]:
    """The rows: owned nodes next to the resource and what points at it, with the predicates between them."""
    owned = {key(each.subject) for each in description.owned}
    found: dict[str, list[str]] = defaultdict(list)
    for each in description.about:
        if not isinstance(each.object, Literal) and key(each.object) in owned:
            found[key(each.object)].append(each.predicate.value)
    for each in (*description.owned, *description.incoming):
        if each.object == description.resource and each.predicate.value not in found[key(each.subject)]:
            found[key(each.subject)].append(each.predicate.value)
    return found


def offered(description: Description, context: Context) -> bool:
    return len(members(description)) >= FEWEST


def _cells(triples: list[Triple], labels: Labels, keys: Keys) -> dict[str, str]:
    """Texts in the reader's language; for IRIs a column of labels and another, <key>_iri, of the IRIs."""
    texts: dict[str, list[Text]] = defaultdict(list)
    for each in triples:
        name = keys.key(each.predicate.value)
        if _is_type(each):
            texts["type_iri"].append(Text(key(each.object)))
        elif isinstance(each.object, Literal):
            texts[name].append(Text(each.object.value, each.object.language or ""))
        else:
            texts[name].append(Text(labels.label(key(each.object)).value))
            texts[f"{name}_iri"].append(Text(key(each.object)))
    cells = {}
    for name, values in texts.items():
        tagged = labels.best(text for text in values if text.language)
        kept = [text.value for text in values if not text.language or text.language == (tagged and tagged.language)]
        cells[name] = SEPARATOR.join(kept)
    return cells


def _is_type(triple: Triple) -> bool:
    return triple.predicate == RDF.type and isinstance(triple.object, NamedNode)


FORMATS = (Format("CSV", "text/csv", "csv", write_csv, charset=True, localised=True, quality=0.5, offered=offered),)
