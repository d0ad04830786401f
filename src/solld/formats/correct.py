"""The page that leads from a mistake to who can correct it, and the same as JSON."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from solld.correcting import Claim, Owner, Saying, Wanted
from solld.formats.head import head
from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.keys import plain
from solld.formats.statements import key
from solld.formats.values import Values, address
from solld.formats.view import Value
from solld.located import Place
from solld.messages import Phrases
from solld.model import Context, Description
from solld.rdf import Literal, Triple

TEMPLATE = ENVIRONMENT.get_template("correct.html")


@dataclass(frozen=True)
class Told:
    """A source of a statement, in words."""

    dataset: Value
    owner: Owner
    writing: tuple[tuple[str, str], ...]  # address to open, how it is shown
    key: str
    page: str
    place: Place | None
    behind: Value | None
    message: str  # to copy
    is_harvested: bool


@dataclass(frozen=True)
class Shown:
    """A statement with its sources."""

    property: Value
    value: Value
    sources: tuple[Told, ...]


def write_page(description: Description, context: Context, claims: Sequence[Claim], wanted: Wanted) -> bytes:
    """All statements of a property with their sources; of a resource, what there is to choose from."""
    values = Values(description, context)
    title = head(description, context, values).title
    frame = Frame(context.settings, context.language, context.root, context.release)
    shown = [_shown(each, values, title.text, description, wanted) for each in claims] if wanted.predicate else []
    choices = {} if wanted.predicate else _choices(claims, values, wanted)
    back = address(description.document, context.settings.base, context.root)
    query = urlencode([pair for pair in context.query.items() if pair[0] in ("property", "part", "inverse")])
    data = values.correction(description.resource.value) + ".json"
    variables = {"title": title, "shown": shown, "choices": sorted(choices.items(), key=lambda c: values.order(c[1]))}
    more = {"back": back, "data": data + (f"?{query}" if query else ""), "resource": description.resource.value}
    return TEMPLATE.render(frame.values() | variables | more).encode()


def _choices(claims: Sequence[Claim], values: Values, wanted: Wanted) -> dict[str, Value]:
    found = {}
    for each in claims:
        node = each.triple.object if wanted.inverse else each.triple.subject
        predicate = each.triple.predicate.value
        found[values.correction(key(node), predicate, wanted.inverse)] = values.term(predicate)
    return found


def _shown(claim: Claim, values: Values, name: str, description: Description, wanted: Wanted) -> Shown:
    triple = claim.triple
    value = values.value(triple.subject if wanted.inverse else triple.object)
    term = values.term(triple.predicate.value)
    told = tuple(_told(each, triple, values, (name, term.text, value.text), description) for each in claim.sayings)
    return Shown(term, value, told)


def _told(saying: Saying, triple: Triple, values: Values, said: tuple[str, str, str], description: Description) -> Told:
    t = values.phrases
    dataset = values.link(saying.graph.value)
    name, term, value = said
    body = t("correct_body", name=name, document=description.document, property=term, value=value)
    body += "\n" + "\n".join(_facts(saying, triple, dataset, t)) + "\n"
    subject = t("correct_subject", name=name)
    writing = tuple((_opening(each, subject, body), each.removeprefix("mailto:")) for each in saying.owner.addresses)
    behind = values.link(saying.behind.value) if saying.behind else None
    message = f"{subject}\n\n{body}"
    place, harvested = saying.place, saying.is_harvested
    return Told(dataset, saying.owner, writing, saying.key, saying.page, place, behind, message, harvested)


def _facts(saying: Saying, triple: Triple, dataset: Value, t: Phrases) -> list[str]:
    """What somebody needs who has the source before them."""
    found = [t("correct_source_line", what=dataset.text)]
    if saying.key:
        found.append(t("correct_key") + t("colon") + saying.key)
    if saying.page:
        found.append(saying.page)
    if saying.place:
        found += [t("correct_line", path=saying.place.path, line=saying.place.line), f"    {saying.place.text}"]
    return [*found, f"{triple.subject} {triple.predicate} {triple.object} ."]


def _opening(address: str, subject: str, body: str) -> str:
    """An address to open; of mail with the text in it, which the reader sends or not."""
    if not address.startswith("mailto:") or "?" in address:
        return address
    return f"{address}?{urlencode({'subject': subject, 'body': body}, quote_via=quote)}"


def write_json(description: Description, claims: Sequence[Claim]) -> bytes:
    told = {"id": description.resource.value, "statements": [_object(each) for each in claims]}
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _object(claim: Claim) -> dict[str, Any]:
    triple = claim.triple
    value: Any = plain(triple.object) if isinstance(triple.object, Literal) else {"id": key(triple.object)}
    return {
        "subject": key(triple.subject),
        "property": triple.predicate.value,
        "value": value,
        "sources": [_source(each) for each in claim.sayings],
    }


def _source(saying: Saying) -> dict[str, Any]:
    told: dict[str, Any] = {
        "dataset": saying.graph.value,
        "harvested": saying.is_harvested,
        "owner": saying.owner.name,
        "addresses": saying.owner.addresses,
        "pages": saying.owner.pages,
        "key": saying.key,
        "record": saying.page,
        "derived_from": saying.behind.value if saying.behind else "",
    }
    if saying.place:
        place = saying.place
        told |= {"file": place.path, "line": place.line, "text": place.text, "exact": place.exact}
    return {name: value for name, value in told.items() if value not in ("", (), None)}
