"""The page of a map: the results of a search by territory, and what a script needs to show them as points."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from solld.formats.assets import asset, version
from solld.formats.html import ENVIRONMENT, Frame, embedded
from solld.formats.search import Listing
from solld.maps.basemap import areas
from solld.maps.choropleth import Choropleth, name_of
from solld.messages import Phrases, phrases
from solld.model import Settings

LISTED = 24  # areas that are listed before the rest is folded
SCRIPT = "dist/map.js"
WORDS = ("closer", "farther", "close", "all", "here", "view", "cluster")  # messages of the script: map_script_...


@dataclass(frozen=True)
class Territories:
    """One level of territories: its map and its list."""

    level: str
    view: Choropleth
    by_points: bool  # whether the points are counted, and not what the data say
    drawn: bool  # else it is only listed: its map would be that of a finer level again


@dataclass(frozen=True)
class Page:
    """What the page shows beside what it has in common with the list of results. Addresses are local."""

    listing: Listing
    pointed: int  # results that have a point
    inside: int | None  # of them in the box that was asked for
    territories: Sequence[Territories]
    search: str  # the same as a list
    inside_search: str  # the same in the box, as a list
    points: str
    clusters: str


def page(settings: Settings, language: str, root: str, release: int, told: Page) -> bytes:
    """The page in HTML."""
    variables = Frame(settings, language, root, release).values()
    return TEMPLATE.render(
        variables,
        s=told.listing,
        m=told,
        listed=LISTED,
        script=root + asset(SCRIPT),
        settings=embedded(_settings(settings, language, root, told)),
    ).encode()


def _settings(settings: Settings, language: str, root: str, told: Page) -> Mapping[str, Any]:
    """What the script is told."""
    t = phrases(language)
    return {
        "language": language,
        "search": told.search,
        "points": told.points,
        "clusters": told.clusters,
        "world": root + asset("dist/world.json"),
        "france": root + asset("dist/france.json"),
        "regions": {code: name_of("regions", code, t) for code in areas("regions")},
        "tiles": settings.map_tiles,
        "attribution": settings.map_attribution if settings.map_tiles else t("map_basemap"),
        "words": _words(t),
    }


def _words(t: Phrases) -> Mapping[str, str]:
    return {each: t.texts[f"map_script_{each}"] for each in WORDS}


ENVIRONMENT.globals["map_style"] = version("map.css")
TEMPLATE = ENVIRONMENT.get_template("map.html")
