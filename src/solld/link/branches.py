"""Whether two are a body and a part of it, or two parts: told by their addresses, their pages and their names.

Who lists two entries with one website has mostly meant two: shops of a firm, groups of an association, campaigns.
"""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from solld.link.folding import host_of
from solld.link.names import Name, sections
from solld.link.sides import Side

Features = Mapping[str, float]
NEARBY = 0.3  # of `near`: 4 km, as far as two names of one place are apart
FAR = 0.3  # of `far`: 8 km
PART = 0.45  # the most that the score of two parts of one body may be
MOVED = 0.6  # the same of two addresses in one place: a shop may have moved
SAME_NAME = 0.95  # share of names that are the same but for a letter
FRONTS = frozenset("index home default accueil start startseite inicio drupal joomla wordpress wp cms site web".split())
DEEP = 2  # parts of a path that lead to one of many: /where/group/leeds


def branch_rules(one: Side, other: Side, f: Features, within: bool) -> Iterator[tuple[str, float]]:
    """Rules that hold, and the most that a score may be by them; `within`: both are entries of one dataset."""
    if (within and are_sections(one, other)) or (f["domain_same"] and f["part_apart"]):
        yield "part", PART
    if f["domain_same"]:
        yield from _on_one_website(one, other, f, within)


def _on_one_website(one: Side, other: Side, f: Features, within: bool) -> Iterator[tuple[str, float]]:
    moved = f["place_apart"] or f["far"] > FAR
    pages = _pages_apart(one, other)
    if within and f["place_apart"] and f["near"] < NEARBY:
        yield "branch", 0.3
    elif within and f["street_apart"] and (f["house_apart"] or f["place_apart"]):
        yield "branch", PART if f["place_apart"] else MOVED
    elif within and f["far"] > FAR and not f["place_same"]:
        yield "branch", PART if pages else MOVED
    elif not within and moved and _is_below(one, other):
        yield "branch", PART
    if within and pages and not f["name_equal"] and f["name_share"] < SAME_NAME and not f["acronym"]:
        yield "page-other", PART


def are_sections(one: Side, other: Side) -> bool:
    """Whether names of both differ beside a dash: Issba - workshop, Issba - second hand."""
    return any(_sections_apart(mine, theirs) for mine in one.names for theirs in other.names)


def _sections_apart(one: Name, other: Name) -> bool:
    mine, theirs = sections(one.text), sections(other.text)
    if len(mine) < 2 or len(theirs) < 2:
        return False
    common = set(mine) & set(theirs)
    return bool(common) and set(mine) != set(theirs) and len(common) < min(len(mine), len(theirs))


def _pages_apart(one: Side, other: Side) -> bool:
    """Whether each leads to another page of the website."""
    mine, theirs = ({(host_of(url), *_path(url)) for url in each.record.urls} for each in (one, other))
    return bool(mine and theirs) and mine.isdisjoint(theirs)


def _is_below(one: Side, other: Side) -> bool:
    """Whether one has the website, and the other a page far below its front."""
    depths = [min((len(_path(url)) for url in each.record.urls), default=0) for each in (one, other)]
    return min(depths) == 0 and max(depths) >= DEEP


def _path(url: str) -> tuple[str, ...]:
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that are no IPv6 address
        return ()
    found = (part for part in (*parts.path.split("/"), parts.query) if part and not _is_front(part))
    return tuple(found)


def _is_front(part: str) -> bool:
    """Whether a part of a path leads nowhere else: /en/, /index.html."""
    return len(part) == 2 or part.partition(".")[0].casefold() in FRONTS
