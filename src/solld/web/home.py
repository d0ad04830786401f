"""What the home page tells, from all that a release has; made once for each language."""

from itertools import islice
from urllib.parse import urlencode

from solld.attribution import attributions
from solld.finding import areas, overview
from solld.finding.asked import Asked
from solld.finding.telling import Teller
from solld.formats import networks
from solld.formats.front import Block, Front, Shown, Years, coloured, years
from solld.formats.networks import Picture
from solld.formats.recent import Recent
from solld.messages import Phrases, pick
from solld.negotiate import lookup_tags
from solld.queries import Query
from solld.service import Service
from solld.views.graph import Graph, graph
from solld.views.layout import draw
from solld.views.timeline import by_year, happenings
from solld.web.changes import Change
from solld.web.latest import of_site, told
from solld.web.sheets import GRAPH, sheet_of, teller_of

TIMES = "timeline"  # the view that has dates
DRAWN, WIDE = 20, 600.0  # things in the drawing, and its width
CHANGES, LOOKED = 5, 4000  # that are told, of the last ones that are looked through
LOOKS = {"list": 1, "bars": 2, "chips": 2}  # facets that are shown in each way
LINES, LONGEST = 20, 64  # of a query that is an example, and the characters of one


def front(opened: Service, language: str) -> Front:
    """The home page for a reader."""
    return opened.views.made(("front", language), lambda: _front(opened, language))


def _front(opened: Service, language: str) -> Front:
    settings, who, sheet = opened.settings, teller_of(opened, language), sheet_of(opened, "", language)
    tags = lookup_tags(language, settings.languages)
    asked = overview.first_asked(opened.finder)
    points = opened.clouds.of(opened.finder.wanted(asked), opened.finder.index)
    found = areas.of_results(opened.finder, asked, points)
    placed = overview.places(who, asked, found)
    territorial = {name for each in found.values() for name, _ in each.values.values()}
    blocks = _few(overview.blocks(who, asked, territorial))
    whole = _graph(opened, language)
    return Front(
        headline=pick(settings.headline or settings.title, tags),
        text=pick(settings.description, tags),
        examples=overview.examples(who, asked, blocks),
        counts=_counts(opened, who, asked, whole, sheet.t),
        places=placed,
        picture=None if placed else _picture(opened, whole, language),
        blocks=blocks,
        years=_years(opened, language),
        changes=_changes(opened, language, asked),
        query=_query(opened, tags),
        searched=who.href(asked),
    )


def _few(found: tuple[Block, ...]) -> tuple[Block, ...]:
    """The first of each look."""
    return tuple(
        each for n, each in enumerate(found) if [e.look for e in found[:n]].count(each.look) < LOOKS[each.look]
    )


def _graph(opened: Service, language: str) -> Graph | None:
    if GRAPH not in opened.views.queries:
        return None
    table = opened.views.table(GRAPH, language)
    return opened.views.made((GRAPH, "graph", language, ()), lambda: graph(table))


def _counts(
    opened: Service, who: Teller, asked: Asked, whole: Graph | None, t: Phrases
) -> tuple[tuple[str, str, str], ...]:
    """How much there is."""
    facets = opened.finder.fields
    names = [who.label(facets.facet(name), value).text for name, value in asked.chosen]
    number = opened.finder.count(asked)
    everything = opened.finder.count(Asked())
    sources = attributions(opened.store, opened.settings)
    rows = [(number, t("home_kind", what=names[0]), who.href(asked))] if names else []
    rows.append((everything, t.count("things_count", everything), "/search"))
    if whole and whole.ties:
        rows.append((len(whole.ties), t.count("home_ties", len(whole.ties)), f"/{GRAPH}"))
    rows.append((len(sources), t.count("home_sources", len(sources)), "/about/sources"))
    told_ = [(t.number(n), what, href) for n, what, href in rows]
    return (*told_, (t.day(opened.release.built), t("home_released"), "/changes"))


def _picture(opened: Service, whole: Graph | None, language: str) -> Picture | None:
    """The most connected things, and what ties them."""
    if whole is None or not whole.pairs:
        return None
    some = whole.among(frozenset(_around(whole)))
    sheet = sheet_of(opened, GRAPH, language)
    return networks.picture(some, draw(some.pairs, WIDE), sheet, networks.looks(whole))


def _around(whole: Graph) -> list[str]:
    """What is tied to the most connected thing, directly or by way of others, the nearest first."""
    found = dict.fromkeys([next(iter(whole.degrees))])
    for node in (waiting := list(found)):
        near = sorted(whole.neighbours[node], key=lambda other: -whole.degrees[other])
        waiting += (other for other in near if other not in found)
        found |= dict.fromkeys(near)
        if len(found) >= DRAWN:
            break
    return list(found)[:DRAWN]


def _years(opened: Service, language: str) -> Years | None:
    if TIMES not in opened.views.queries:
        return None
    return years(by_year(happenings(opened.views.table(TIMES, language))))


def _changes(opened: Service, language: str, asked: Asked) -> tuple[Recent, ...]:
    """The last changes of what most people look for; of anything, if those are none of it."""
    if opened.past is None:
        return ()
    wanted = {value for _, value in asked.chosen}
    high = opened.past.until(opened.release.number)
    liked: list[Change] = []
    named: list[Change] = []
    for each in islice(of_site(opened, opened.past, high), LOOKED):
        hit = opened.finder.index.of(each[1])
        if hit and hit.row.get("n"):
            (liked if wanted & set(hit.row.get("t", ())) else named).append(each)
        if len(liked) == CHANGES:
            break
    return told(opened, opened.past, sheet_of(opened, "changes", language), (liked or named)[:CHANGES])


def _is_small(query: Query) -> bool:
    lines = [line for line in query.text.split("\n") if not line.startswith("#")]
    return len(lines) <= LINES and max(map(len, lines)) <= LONGEST


def _query(opened: Service, tags: tuple[str, ...]) -> Shown | None:
    """The saved query that says most on the fewest lines."""
    ready = [each for each in opened.queries if not any(p.required for p in each.parameters)]
    if not ready:
        return None
    fitting = [each for each in ready if _is_small(each)] or [min(ready, key=lambda each: len(each.text))]
    best = max(fitting, key=lambda each: (len(set(each.text.split())), each.name))
    return Shown(
        pick(best.summary, tags),
        coloured(best),
        "/sparql?" + urlencode({"query": best.text}),
        f"/queries/{best.name}",
    )
