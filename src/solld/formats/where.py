"""Where a thing is, for the small map of its page: its point, else the territory or the country that it names."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from solld.formats.geojson import point
from solld.maps.basemap import areas, placed
from solld.maps.choropleth import name_of
from solld.maps.clusters import Box
from solld.maps.locator import Locator, at_point, of_area
from solld.messages import Phrases, phrases
from solld.model import Context, Description
from solld.rdf import SCHEMA, Literal, NamedNode

DIGITS = 4  # of a coordinate that people see: some ten metres


@dataclass(frozen=True)
class Where:
    """What where.html shows; `around` leads to the large map."""

    view: Locator
    words: str
    around: str


def where(description: Description, context: Context) -> Where | None:
    """Where a thing is; None if nobody says."""
    t = phrases(context.language)
    found = point(description)
    if found:
        view = at_point(*found)
        return Where(view, _coordinates(*found, t), map_of(view.box, context))
    area = next(_areas(description), None)
    if area is None:
        return None
    view = of_area(*area)
    return Where(view, name_of(*area, t), map_of(view.box, context))


def map_of(box: Box, context: Context) -> str:
    """The address of the large map with a box."""
    lang = {"lang": context.query["lang"]} if "lang" in context.query else {}
    return f"{context.root}/map?" + urlencode(
        {"bbox": ",".join(f"{round(each, DIGITS):g}" for each in box), **lang}, safe=","
    )


def _areas(description: Description) -> Iterator[tuple[str, str]]:
    """The areas of the basemap that are named: by their address at INSEE, then by the code of a country."""
    for each in description.about:
        found = placed(each.object.value) if isinstance(each.object, NamedNode) else None
        if found:
            yield found
    for each in (*description.about, *description.owned):
        if each.predicate == SCHEMA.addressCountry and isinstance(each.object, Literal):
            code = each.object.value.strip().upper()
            if code in areas("countries"):
                yield "countries", code


def _coordinates(longitude: float, latitude: float, t: Phrases) -> str:
    """A point in words, with the side of the equator and of Greenwich."""
    north = t("map_north" if latitude >= 0 else "map_south", n=t.number(f"{abs(latitude):.{DIGITS}f}"))
    east = t("map_east" if longitude >= 0 else "map_west", n=t.number(f"{abs(longitude):.{DIGITS}f}"))
    return f"{north}, {east}"
