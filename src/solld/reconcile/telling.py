"""Answers in the forms of both versions: manifest, candidates, suggestions, extension."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solld import __version__
from solld import ontology as display
from solld.findable import unpacked
from solld.index import Hit
from solld.link.folding import folded
from solld.link.record import Record
from solld.messages import phrases, pick
from solld.model import Settings
from solld.reconcile.asking import BATCH, QUALIFIERS, Extension
from solld.reconcile.holdings import SPACE, Holdings
from solld.reconcile.matching import Candidate
from solld.reconcile.terms import RECORD, Term
from solld.reconcile.values import CONTENTS, cells, name_of

WIDTH, HEIGHT = 430, 200  # pixels of a preview
OTHERS = 2  # other names that a description tells
Object = dict[str, Any]


@dataclass(frozen=True)
class Reader:
    """Who reads an answer: the language of it, the languages of labels, and where the service is."""

    language: str
    tags: tuple[str, ...]
    root: str  # URL of the service, with no slash at its end
    draft: bool = False  # of the 1.0 draft


# Manifest -------------------------------------------------------------------------------------------------------------


def manifest(holdings: Holdings, settings: Settings, reader: Reader, types: Sequence[Term]) -> Object:
    """What the service offers, in the version that the reader speaks."""
    root, t = reader.root, phrases(reader.language)
    told: Object = {
        "versions": ["1.0-draft"] if reader.draft else ["0.1", "0.2"],
        "name": pick(settings.title, (reader.language, "en")),
        "documentation": f"{root}/about/reconciliation",
        "logo": f"{root}/static/favicon.svg",
        "serviceVersion": __version__,
        "batchSize": BATCH,
        "standardizedScore": True,
        "defaultTypes": [type_(holdings, each, reader) for each in types],
    }
    size = {"width": WIDTH, "height": HEIGHT}
    if reader.draft:
        return told | {
            "lang": reader.language,
            "view": {"url": f"{settings.base}{SPACE}/{{id}}"},
            "suggest": {"entity": True, "property": True, "type": True},
            "preview": size
            | {"url": f"{root}/reconcile/preview?id={{{{id}}}}"},  # what the W3C group's test bench opens
            "extend": {"proposeProperties": True, "propertySettings": _settings(t, "id", "name", "helpText")},
        }
    return told | {
        "identifierSpace": f"{settings.base}{SPACE}/",
        "schemaSpace": f"{settings.base}ns#",
        "view": {"url": f"{settings.base}{SPACE}/{{{{id}}}}"},
        "preview": size | {"url": f"{root}/reconcile/preview?id={{{{id}}}}"},
        "suggest": {
            each: {
                "service_url": f"{root}/reconcile",
                "service_path": f"/suggest/{each}",
                "flyout_service_url": f"{root}/reconcile",
                "flyout_service_path": f"/flyout/{each}?id=${{id}}",
            }
            for each in ("entity", "property", "type")
        },
        "extend": {
            "propose_properties": {"service_url": f"{root}/reconcile", "service_path": "/extend/propose"},
            "property_settings": _settings(t, "name", "label", "help_text"),
        },
    }


def _settings(t: Any, key: str, label: str, help_: str) -> list[Object]:
    choices = [{"value": each, "name": t(f"reconcile_content_{each}")} for each in CONTENTS]
    kinds: Sequence[tuple[str, Object]] = (
        ("limit", {"type": "number", "default": 0}),
        ("language", {"type": "text", "default": ""}),
        ("content", {"type": "select", "default": CONTENTS[0], "choices": choices}),
    )
    return [
        {key: name, label: t(f"reconcile_{name}"), help_: t(f"reconcile_{name}_help")} | more for name, more in kinds
    ]


def type_(holdings: Holdings, term: Term, reader: Reader) -> Object:
    """A class, with those right above it."""
    above = holdings.ontology.superclasses.get(term.iri, ())[1:]
    known = holdings.terms.type_of
    near = {each for iri in above for each in holdings.ontology.superclasses.get(iri, ())[1:]}
    broader = [known[each] for each in above if each not in near and each in known]
    told: Object = {"id": term.id, "name": term.name(reader.tags)}
    return told | (
        {"broader": [{"id": each.id, "name": each.name(reader.tags)} for each in broader]} if broader else {}
    )


# Candidates -----------------------------------------------------------------------------------------------------------


def candidate(holdings: Holdings, found: Candidate, reader: Reader) -> Object:
    """A candidate; of one that is withdrawn, only that it is."""
    weighed = found.weighed
    told: Object = {"id": found.id, "score": round(100 * weighed.probability, 1), "match": found.match}
    if found.record is None:
        word = phrases(reader.language)("reconcile_withdrawn")
        return told | {"name": f"{found.id} ({word})", "description": word, "type": [], "features": []}
    name, language = name_of(found.record, reader.tags)
    types = _types(holdings, found.record, reader)
    told |= {"name": name, "type": types, "features": _features(found, reader)}
    if text := _description(holdings, found, reader, types):
        told["description"] = text
    return told | ({"lang": language} if reader.draft and language else {})


def _types(holdings: Holdings, record: Record, reader: Reader) -> list[Object]:
    known = holdings.terms.type_of
    found = [known[iri] for iri in holdings.nearest(record.types) if iri in known]
    return [{"id": each.id, "name": each.name(reader.tags)} for each in found]


def _features(found: Candidate, reader: Reader) -> list[Object]:
    weighed, t = found.weighed, phrases(reader.language)
    values: dict[str, tuple[str, float | bool]] = {}
    if weighed.name is not None:
        values["name"] = (t("reconcile_name"), round(100 * weighed.name, 1))
    if weighed.place is not None:
        values["place"] = (t("reconcile_feature_place"), round(100 * weighed.place, 1))
    for id_, agreed in weighed.agreements.items():
        values.setdefault(id_, (t(f"reconcile_{id_}") if id_ in RECORD else id_, round(100 * agreed, 1)))
    values["key_match"] = (t("reconcile_feature_key_match"), weighed.key)
    values["popularity"] = (t("reconcile_feature_popularity"), len(found.record.datasets) if found.record else 0)
    named = reader.draft
    return [{"id": id_, "value": value} | ({"name": name} if named else {}) for id_, (name, value) in values.items()]


def description(holdings: Holdings, found: Candidate, reader: Reader) -> str:
    """What tells a thing from its namesakes: classes, kinds, place, other names; what it was merged into."""
    types = _types(holdings, found.record, reader) if found.record else []
    return _description(holdings, found, reader, types)


def _description(holdings: Holdings, found: Candidate, reader: Reader, types: Sequence[Object]) -> str:
    record, t = found.record, phrases(reader.language)
    if record is None:
        return t("reconcile_withdrawn")
    kinds = [
        best[0] for iri in record.kinds if (best := display.best(holdings.ontology.labels.get(iri, {}), reader.tags))
    ]
    place = [*record.postcodes[:1], *record.localities[:1]]
    countries = [t.country_name(each) for each in record.countries[:1]]
    own = name_of(record, reader.tags)[0]
    others = [each for each in dict.fromkeys(record.all_names) if each != own][:OTHERS]
    parts = [
        ", ".join(kinds or [each["name"] for each in types]),
        ", ".join([" ".join(place), *countries] if place else countries),
    ]
    parts += [t("reconcile_also", names=", ".join(others))] if others else []
    asked = holdings.identifier(found.id)
    if asked and asked != record.id:
        parts.insert(0, t("reconcile_merged", id=record.id))
    return " · ".join(filter(None, parts))


# Suggestions ----------------------------------------------------------------------------------------------------------


def terms_like(known: Iterable[Term], prefix: str, tags: tuple[str, ...]) -> list[Term]:
    """The terms whose id or label begins with a text, or has a word that does; all for none. Its own id comes first."""
    wanted = folded(prefix)
    ranked = []
    for place, each in enumerate(known):
        local = each.id.rpartition(":")[2]
        texts = [folded(text) for text in (each.id, local, *each.labels.values())]
        if prefix in (each.id, each.iri) and prefix:
            ranked.append((0, place, each))
        elif any(text.startswith(wanted) for text in texts):
            ranked.append((1, place, each))
        elif any(f" {wanted}" in f" {text}" for text in texts):
            ranked.append((2, place, each))
    return [each for _, _, each in sorted(ranked, key=lambda entry: entry[:2])]


def property_(term: Term, reader: Reader, qualified: bool = False) -> Object:
    """A property; `qualified` with the ways in which its values can be compared."""
    told: Object = {"id": term.id, "name": term.name(reader.tags)}
    if term.iri:
        told["description"] = term.iri
    if qualified:
        t = phrases(reader.language)
        told["matchQualifiers"] = [{"id": each, "name": t(f"reconcile_match_{each}")} for each in QUALIFIERS]
    return told


def record_of(hit: Hit) -> Record:
    """The record of what was found in the index."""
    return unpacked(hit.record)


# Extension ------------------------------------------------------------------------------------------------------------


def extension(holdings: Holdings, asked: Extension, reader: Reader) -> Object:
    """The values of properties of things, each under the identifier that was asked for."""
    columns = [(id_, holdings.terms.property(id_), settings) for id_, settings in asked.properties]
    meta = [{"id": id_, "name": term.name(reader.tags)} for id_, term, _ in columns]
    rows: dict[str, Mapping[str, list[Object]]] = {}
    for id_ in asked.ids:
        standing = holdings.standing(id_)
        rows[id_] = {name: cells(holdings, standing, name, settings, reader.tags) for name, _, settings in columns}
    if not reader.draft:
        return {"meta": meta, "rows": rows}
    return {
        "meta": meta,
        "rows": [
            {"id": id_, "properties": [{"id": name, "values": values} for name, values in row.items()]}
            for id_, row in rows.items()
        ],
    }
