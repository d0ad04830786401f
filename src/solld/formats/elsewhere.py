"""Where else a thing is, as its page tells it: by state, each with who says so, and what is a guess in words."""

from collections import defaultdict
from collections.abc import Iterator

from solld.elsewhere import REGISTER, STATED
from solld.formats.values import Values, address
from solld.formats.view import Field, Value
from solld.link.judgements import MACHINE, RELATED, SAME
from solld.link.registers import name_of
from solld.link.told import NEAR, PERHAPS
from solld.messages import Phrases
from solld.model import Description, Elsewhere

NAMES = {
    SAME: "elsewhere_same",
    REGISTER: "elsewhere_register",
    STATED: "elsewhere_stated",
    RELATED: "elsewhere_related",
    PERHAPS: "elsewhere_perhaps",
    NEAR: "elsewhere_near",
}
GLYPHS = {SAME: "circle-check", REGISTER: "database", PERHAPS: "triangle-alert", NEAR: "triangle-alert"}
CHANCES = ((0.95, "chance_high"), (0.8, "chance_good"), (0.0, "chance_even"))  # from which probability on


def fields_of(description: Description, values: Values) -> tuple[Field, ...]:
    """For each state, what is in it."""
    found: dict[str, list[Value]] = defaultdict(list)
    for each in description.elsewhere:
        found[each.state].append(_value(each, values))
    return tuple(
        Field(Value(values.phrases(name)), tuple(found[state]), glyph=GLYPHS.get(state, "link"))
        for state, name in NAMES.items()
        if found[state]
    )


def _value(each: Elsewhere, values: Values) -> Value:
    notes = tuple(_notes(each, values))
    if each.state == REGISTER:
        return Value(f"{name_of(each.iri)} {each.key}", href=each.page, external=bool(each.page), notes=notes)
    if each.state == STATED:
        return Value(each.iri, href=address(each.iri, values.base, values.root), external=True, notes=notes)
    if each.state == SAME:
        dataset = values.link(each.graph or each.iri)
        href = each.page or dataset.href
        return Value(dataset.text, dataset.language, href, external=bool(each.page), notes=notes)
    link = values.link(each.iri)
    return Value(link.text, link.language, link.href, notes=notes)


def _notes(each: Elsewhere, values: Values) -> Iterator[tuple[str, Value]]:
    """What is said of it, in words; each with a name for who does not see the page."""
    t = values.phrases
    if each.state == SAME and each.key:
        yield t("elsewhere_key"), Value(f"{t('elsewhere_key')} {each.key}")
    elif each.state != SAME and each.graph:
        yield t("stated_by"), Value(values.link(each.graph).text, values.link(each.graph).language)
    if each.state in (PERHAPS, NEAR):
        chance = next(name for least, name in CHANCES if float(each.score or 0) >= least)
        yield t("elsewhere_state"), Value(t("elsewhere_guess", chance=t(chance)))
    elif each.when:
        yield t("elsewhere_state"), Value(_judged(each, t))


def _judged(each: Elsewhere, t: Phrases) -> str:
    """Who judged, and when; by hand, without a name, it was decided."""
    day = t.date(each.when[:10])
    if each.who == MACHINE:
        return t("elsewhere_rule", day=day)
    return t("elsewhere_judged", who=each.who, day=day) if each.who else t("elsewhere_decided", day=day)
