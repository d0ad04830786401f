"""The entries of the navigation: the pages that a site has, and which of them the reader is on."""

from collections.abc import Sequence
from dataclasses import dataclass

IN_THE_FOOT = ("timeline",)  # views that the navigation has no room for
SEARCHES = ("/", "/search", "/map")  # pages that have a search box of their own


@dataclass(frozen=True)
class Entry:
    """A link; `current` is what aria-current says of it: "page", "true" for a page that belongs to it, or ""."""

    path: str
    message: str
    current: str = ""


def navigation(views: Sequence[str], path: str) -> tuple[Entry, ...]:
    """The entries for a reader of the page at a path."""
    entries: list[tuple[str, str, Sequence[str]]] = [("/search", "nav_search", ()), ("/map", "nav_map", ())]
    entries += [(f"/{view}", f"view_{view}", ()) for view in views if view not in IN_THE_FOOT]
    entries += [
        ("/ns", "vocabulary", ("/scheme", "/doc/scheme")),
        ("/about/data", "data", ("/dump", "/catalog", "/dataset", "/queries", "/sparql", "/about/sources")),
    ]
    return tuple(Entry(own, message, _current(path, own, more)) for own, message, more in entries)


def _current(path: str, own: str, more: Sequence[str]) -> str:
    if path == own:
        return "page"
    inside = any(path.startswith((f"{each}/", f"{each}.")) or path == each for each in (own, *more))
    return "true" if inside else ""
