"""A search as its address asks it: /search?q=&type=&place=&...&bbox=&sort=&page=&size=

Values of facets are IRIs, paths of ours (scheme/fields/x), prefixed names or texts. A facet that is given several
times asks for all of the values. bbox is west,south,east,north in degrees, as in GeoJSON (RFC 7946 section 5).
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import urlencode

from solld.errors import BadQuery
from solld.search.cells import Box
from solld.search.fields import Fields

OTHERS = ("q", "bbox", "sort", "page", "size", "format", "lang")
PASSING = re.compile(r"utm_\w+|fbclid|gclid|mc_[ce]id")  # which others hang on to links
SORTS = ("best", "name")
SIZE, MOST = 20, 1000  # results of a page
DEEPEST = 100_000  # results, beyond which pages are not turned: dumps have everything
LONGEST = 400  # characters of a text that is searched


@dataclass(frozen=True)
class Asked:
    """What is searched for."""

    text: str = ""
    chosen: tuple[tuple[str, str], ...] = ()  # (facet, IRI or text)
    box: Box | None = None
    by_name: bool = False
    page: int = 1
    size: int = SIZE
    whole: bool = True  # neither page nor size was given: a file has everything

    def values(self, facet: str) -> tuple[str, ...]:
        return tuple(value for name, value in self.chosen if name == facet)

    def with_value(self, facet: str, value: str) -> "Asked":
        chosen = (facet, value)
        return replace(self, chosen=(*(each for each in self.chosen if each != chosen), chosen), page=1)

    def without(self, facet: str, value: str) -> "Asked":
        return replace(self, chosen=tuple(each for each in self.chosen if each != (facet, value)), page=1)


def read(given: Iterable[tuple[str, str]], fields: Fields, base: str, prefixes: Mapping[str, str]) -> Asked:
    """The parameters of an address. BadQuery that names the one that is wrong."""
    asked = Asked()
    names = {each.name for each in fields.facets}
    for name, value in given:
        if name in names:
            asked = asked.with_value(name, iri_of(value.strip(), base, prefixes)) if value.strip() else asked
        elif name == "q":
            asked = replace(asked, text=_text(value))
        elif name == "bbox":
            asked = replace(asked, box=_box(value)) if value else asked
        elif name == "sort":
            asked = replace(asked, by_name=_sort(value) == "name")
        elif name == "page":
            asked = replace(asked, whole=False, page=_number(name, value, DEEPEST))
        elif name == "size":
            asked = replace(asked, whole=False, size=_number(name, value, MOST))
        elif name not in OTHERS and not PASSING.fullmatch(name):
            near = difflib.get_close_matches(name, [*names, *OTHERS], 1)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join((*OTHERS, *sorted(names)))}"
            raise BadQuery(f"/search has no parameter {name!r}{hint}")
    if asked.page * asked.size > DEEPEST and asked.page > 1:
        raise BadQuery(
            f"page {asked.page} is beyond the first {DEEPEST} results; /search.csv has all of them in one file"
        )
    return asked


def iri_of(value: str, base: str, prefixes: Mapping[str, str]) -> str:
    """The IRI that a value is short for, or the value, which is a text."""
    prefix, colon, local = value.partition(":")
    if re.match(r"(id|scheme|dataset)/[^\s<>\"]+$|ns#", value):
        return base + value
    if colon and not local.startswith("//") and prefix in prefixes and not re.search(r"\s", value):
        return prefixes[prefix] + local
    return value


def short_of(iri: str, base: str, prefixes: Mapping[str, str]) -> str:
    """The shortest value that stands for an IRI or a text."""
    if re.match(re.escape(base) + r"((id|scheme|dataset)/[^\s<>\"]+$|ns#)", iri):
        return iri.removeprefix(base)
    for prefix, namespace in prefixes.items():
        local = iri.removeprefix(namespace)
        if prefix and local != iri and re.fullmatch(r"[\w.-]+", local):
            return f"{prefix}:{local}"
    return iri


@lru_cache(maxsize=50_000)
def encoded(name: str, value: str) -> str:
    """One parameter as an address has it."""
    return urlencode([(name, value)], safe="/,:")


def query_string(asked: Asked, base: str, prefixes: Mapping[str, str], more: Sequence[tuple[str, str]] = ()) -> str:
    """The parameters as an address has them, always in one order; "" if there are none."""
    pairs = [("q", asked.text)] if asked.text else []
    pairs += [(name, short_of(value, base, prefixes)) for name, value in asked.chosen]
    if asked.box:
        pairs.append(("bbox", ",".join(f"{each:.6f}".rstrip("0").rstrip(".") for each in asked.box)))
    if asked.by_name:
        pairs.append(("sort", "name"))
    if asked.size != SIZE:
        pairs.append(("size", str(asked.size)))
    if asked.page > 1:
        pairs.append(("page", str(asked.page)))
    return "&".join(encoded(name, value) for name, value in (*pairs, *more))


def _text(value: str) -> str:
    plain = " ".join(value.split())
    if len(plain) > LONGEST:
        raise BadQuery(f"q has {len(plain)} characters; {LONGEST} are the most")
    return plain


def _sort(value: str) -> str:
    if value not in SORTS:
        raise BadQuery(f"sort is {value!r}; it is one of {', '.join(SORTS)}")
    return value


def _number(name: str, value: str, most: int) -> int:
    if not re.fullmatch(r"[1-9]\d{0,5}", value) or int(value) > most:
        raise BadQuery(f"{name} is {value!r}; it is a number from 1 to {most}")
    return int(value)


def _box(value: str) -> Box:
    try:
        west, south, east, north = map(float, value.split(","))
    except ValueError:
        raise BadQuery(f"bbox is {value!r}; it is west,south,east,north in degrees, as 5.6,45.1,5.8,45.3") from None
    if not (-180 <= west <= 180 and -180 <= east <= 180 and -90 <= south <= north <= 90):
        raise BadQuery(f"bbox is {value!r}; longitudes are from -180 to 180, and south is below north")
    return west, south, east, north
