"""Ways into what a site has: which facets are shown on its home page, and how, by their size and kind.

Nothing is known of a facet but what is counted. One that stands for territories is a list beside a map; one of whose
values a few have most of the results is bars, for their lengths tell something; the others are labels to choose from.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from solld.finding import areas
from solld.finding.areas import Areas
from solld.finding.asked import Asked
from solld.finding.finder import Choice, Finder
from solld.finding.telling import Teller
from solld.formats.front import Block, Places, Way
from solld.formats.view import Value
from solld.maps.basemap import placed
from solld.maps.choropleth import Choropleth, choropleth
from solld.messages import phrases
from solld.search.fields import Facet

LARGEST = 0.8  # of what a facet tells of: if one value has more, the facet tells next to nothing
UNEVEN = 2  # times as many as the last that is shown: bars
BARS, CHIPS, LISTED = 8, 14, 18  # values that are shown
EXAMPLES, TRIED = 3, 4  # searches; values of a facet that are tried together with those of another
NAMED = 40  # values whose names are looked at
FEWEST = 3  # values of a facet that is shown
CODE = re.compile(r"\S*\d\S*")  # which is the name of nothing
MUCH = 0.2  # of what the map shows, for another level to be listed below
LOCAL = 0.5  # of all that has a territory: a map of France rather than of countries


def first_asked(finder: Finder) -> Asked:
    """What most people look for: the values that facets name as such."""
    chosen = ((each.name, each.first) for each in finder.fields.facets if each.first)
    found = Asked(chosen=tuple(chosen))
    return found if found.chosen and finder.count(found) else Asked()


def places(who: Teller, asked: Asked, found: dict[str, Areas]) -> tuple[Places, ...]:
    """The levels of territories, first the one that is drawn."""
    most = max((each.total for each in found.values()), default=0)
    ranked = sorted(found.values(), key=lambda each: (each.level == "countries") == (_local(found) > LOCAL * most))
    drawn = [each for each in ranked if each.level != "regions" or "departements" not in found][:1]
    enough = MUCH * max((each.total for each in drawn), default=0)
    rest = [each for each in ranked if each not in drawn and each.total >= enough]
    return tuple(Places(each.level, _view(who, asked, each), each in drawn) for each in (*drawn, *rest))


def _local(found: dict[str, Areas]) -> int:
    return max((each.total for each in found.values() if each.level != "countries"), default=0)


def _view(who: Teller, asked: Asked, found: Areas) -> Choropleth:
    def link(code: str) -> str:
        if code in found.values:
            return who.href(asked.with_value(*found.values[code]))
        return who.href(replace(asked, box=areas.box_of(found.level, code)), path="/map")

    return choropleth(found.level, found.numbers, link, phrases(who.language))


def blocks(who: Teller, asked: Asked, territorial: Iterable[str]) -> tuple[Block, ...]:
    """The facets that tell something, in their order; those that stand for territories are told by maps."""
    left = set(territorial) | {name for name, _ in asked.chosen}
    found = []
    for facet, choices in who.finder.choices(asked):
        if facet.name not in left and not _is_of_areas(choices) and (block := _block(who, asked, facet, choices)):
            found.append(block)
    return tuple(found)


def _is_of_areas(choices: Sequence[Choice]) -> bool:
    """Whether most of the values are territories that there are maps of."""
    return sum(placed(each.value) is not None for each in choices[:NAMED]) > len(choices[:NAMED]) / 2


def _block(who: Teller, asked: Asked, facet: Facet, choices: Sequence[Choice]) -> Block | None:
    """A facet as it is shown; None if it tells nothing."""
    named = [(each, who.label(facet, each.value)) for each in choices[:NAMED]]
    shown = [(each, label) for each, label in named if not CODE.fullmatch(label.text)]
    numbers = [each.count for each, _ in shown]
    if len(shown) < FEWEST or numbers[0] > LARGEST * sum(numbers):
        return None
    look = "list" if _is_plain(shown) else "bars" if numbers[0] > UNEVEN * numbers[: BARS + 1][-1] else "chips"
    shown = shown[: {"list": LISTED, "bars": BARS, "chips": CHIPS}[look]]
    ways = tuple(_way(who, asked, facet, each, label, numbers[0]) for each, label in shown)
    more = who.href(asked) if len(choices) > len(shown) else ""
    return Block(facet.name, who.facet_label(facet), look, ways, more)


def _is_plain(shown: Sequence[tuple[Choice, Value]]) -> bool:
    """Whether values are texts, and not things that have names: there are as many as people write."""
    return all(":" not in each.value for each, _ in shown)


def _way(who: Teller, asked: Asked, facet: Facet, choice: Choice, label: Value, most: int) -> Way:
    number = phrases(who.language).number(choice.count)
    href = who.href(asked.with_value(facet.name, choice.value))
    return Way(label, number, href, max(1, round(100 * choice.count / most)))


def examples(who: Teller, asked: Asked, shown: Sequence[Block]) -> tuple[tuple[tuple[Value, ...], str], ...]:
    """Searches to begin with, each of which finds something: two values together, then one of each facet."""
    tops = [(block.name, choice.value) for block in shown for choice in _first(who, asked, block.name)]
    found: list[tuple[tuple[Value, ...], str]] = []
    for place, first in enumerate(tops):
        for second in tops[place + 1 :]:
            both = asked.with_value(*first).with_value(*second)
            if first[0] != second[0] and not found and who.finder.count(both):
                found.append((tuple(_label(who, *each) for each in (first, second)), who.href(both)))
    used = {label.text for labels, _ in found for label in labels}
    for block in shown:
        left = [each for each in tops if each[0] == block.name and _label(who, *each).text not in used]
        if left and len(found) < EXAMPLES:
            found.append(((_label(who, *left[0]),), who.href(asked.with_value(*left[0]))))
    return tuple(found)


def _first(who: Teller, asked: Asked, name: str) -> Sequence[Choice]:
    choices = next((choices for facet, choices in who.finder.choices(asked) if facet.name == name), ())
    facet = who.finder.fields.facet(name)
    return [each for each in choices[:NAMED] if not CODE.fullmatch(who.label(facet, each.value).text)][:TRIED]


def _label(who: Teller, name: str, value: str) -> Value:
    return who.label(who.finder.fields.facet(name), value)
