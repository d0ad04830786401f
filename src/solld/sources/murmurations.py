"""Profiles that an index of Murmurations lists, each fetched from where its publisher has it.

    GET /v2/nodes?schema=organizations_schema-v1.0.0
    {"data": [{"profile_url": "https://their.example/profile.json", "status": "posted", "last_updated": 1601979232403}],
     "links": {"next": "https://.../v2/nodes?page=2&..."}, "meta": {"number_of_results": 40, "total_pages": 2}}
    {"linked_schemas": ["organizations_schema-v1.0.0"], "name": "...", "geolocation": {"lat": 51.5, "lon": -0.1}, ...}

https://github.com/MurmurationsNetwork/MurmurationsServices/blob/main/api/rest/v2/index.yaml
A list of the URLs of profiles will do too, as JSON or one on a line.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import IO, Any
from urllib.parse import urlsplit

from solld.errors import SourceFailed
from solld.sources import Get, Row, Source, lines
from solld.sources.objects import MARK, flat

NAME = "murmurations"
STANDARD = "https://docs.murmurations.network/"
LOOKED_AT = 2000  # bytes of what may be a list of URLs
PROFILE = re.compile(rb'"linked_schemas"\s*:\s*\[')
INDEX = re.compile(rb'"profile_url"\s*:\s*"')
URL = re.compile(rb"https?://[^\s\"<>]+")
JSON_URLS = re.compile(rb'\[\s*(?:"https?:[^"\s]*(?:"\s*(?:,\s*|\]\s*$|$)|$))+')
TEXT_URLS = re.compile(rb'(?:https?://[^\s"<>]+(?:\s+|$))+')
OF_INDEX = ("node_id", "profile_url", "last_updated")  # that a profile does not say of itself


def likes(head: bytes) -> float:
    text = head.removeprefix(MARK).lstrip()
    if lines.begins(head, NAME):
        return 1.0
    if text[:1] in (b"{", b"[") and (PROFILE.search(text) or INDEX.search(text)):
        return 0.95
    if JSON_URLS.fullmatch(text[:LOOKED_AT]):
        return 0.7  # more than any list of JSON
    return 0.3 if TEXT_URLS.fullmatch(text[:LOOKED_AT]) else 0.0


def collect(get: Get, url: str, into: IO[bytes]) -> None:
    """Writes the profiles that are listed at a URL, or the profile that is there.

    A profile that is gone (404, 410), or that the index calls deleted, is left out. SourceFailed with its URL for one
    that cannot be had in another way: what is missing today would be removed from what is published.
    """
    lines.begin(into, NAME, url=url)
    for node, found in _nodes(get, url):
        where = node["profile_url"]
        profile = lines.maybe(get, where) if found is None else found
        if profile is None:
            continue
        if not isinstance(profile, dict) or "linked_schemas" not in profile:
            raise SourceFailed(where, "is no profile, for it has no linked_schemas")
        lines.write(into, profile | _known(node), where)


def _known(node: Mapping[str, Any]) -> dict[str, Any]:
    """What the index knows; the identifier of a node is the SHA-256 of its URL, also where a list has only that."""
    node_id = sha256(node["profile_url"].encode()).hexdigest()
    return {"node_id": node_id, **{name: node[name] for name in OF_INDEX if node.get(name)}}


def _nodes(get: Get, url: str) -> Iterator[tuple[dict[str, Any], Any]]:
    """Each node that a URL speaks of, once, with its profile if that is what is there."""
    page = get(url, lines.JSON)
    if page is None:
        raise SourceFailed(url, "is not there (404)")
    text = page.body.removeprefix(MARK).strip()
    said: Any = text.decode("utf-8", "replace").split() if TEXT_URLS.fullmatch(text) else None
    said = lines.parsed(page.body, url) if said is None else said
    if isinstance(said, dict) and "linked_schemas" in said:
        yield {"profile_url": url}, said
    elif isinstance(said, list):
        nodes = [each if isinstance(each, dict) else {"profile_url": each} for each in said]
        yield from ((node, None) for node in _each(nodes, url, set()))
    else:
        yield from ((node, None) for node in _index(get, url, said))


def _index(get: Get, url: str, said: Any) -> Iterator[dict[str, Any]]:
    """The nodes of all pages. SourceFailed if a page has nothing new, or if there are fewer than the index says."""
    seen: set[str] = set()
    given = 0
    where = url
    for _ in range(lines.PAGES):
        nodes, wanted = _page(said, where)
        given += len(nodes)
        before = len(seen)
        yield from _each(nodes, where, seen)
        following = _next(said, where)
        if not following:
            if given < wanted:
                raise SourceFailed(url, f"speaks of {wanted} nodes and gives {given}; ask for less at once")
            return
        if len(seen) == before:
            raise SourceFailed(where, "has nothing new and yet a next page")
        where = following
        said = lines.answered(get, where)
    raise SourceFailed(url, f"has more than {lines.PAGES} pages")


def _page(said: Any, url: str) -> tuple[list[dict[str, Any]], int]:
    """The nodes of a page, and how many there are on all."""
    nodes = said.get("data", [] if said.get("meta") else None) if isinstance(said, dict) else None
    if not isinstance(nodes, list) or not all(isinstance(each, dict) for each in nodes):
        errors = said.get("errors") if isinstance(said, dict) else None
        raise SourceFailed(url, f"is no page of an index of Murmurations{f': {errors}' if errors else ''}")
    told = (said.get("meta") or {}).get("number_of_results", 0)
    return nodes, int(told) if str(told).isdecimal() else 0


def _next(said: Mapping[str, Any], url: str) -> str:
    """The URL of the next page, at the server of this one; "" if this is the last.

    An index behind a proxy writes http for its https.
    """
    following = str((said.get("links") or {}).get("next") or "")
    if not following:
        return ""
    here, there = urlsplit(url), urlsplit(following)
    if there.netloc != here.netloc:
        raise SourceFailed(url, f"has its next page at another server: {following}")
    return there._replace(scheme=here.scheme).geturl()


def _each(nodes: list[dict[str, Any]], url: str, seen: set[str]) -> Iterator[dict[str, Any]]:
    """The nodes that are not deleted; those of a page that was seen before only once."""
    for node in nodes:
        where = node.get("profile_url")
        if not isinstance(where, str) or not URL.fullmatch(where.encode()):
            raise SourceFailed(url, f"lists what is no URL of a profile: {str(where)[:200]!r}")
        if where not in seen:
            seen.add(where)
            if node.get("status") != "deleted":
                yield node


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each profile, with `node_id`, `profile_url` and `last_updated` as the index has them."""
    head = file.read(1000)
    if lines.begins(head, NAME):
        lines.facts(file)
        for place, profile in lines.records(file):
            yield Row(place, flat(profile))
        return
    said = lines.parsed(head + file.read(), "the file")
    profiles = said if isinstance(said, list) else [said]
    for number, profile in enumerate(profiles):
        if not isinstance(profile, dict) or "linked_schemas" not in profile or "data" in profile:
            raise SourceFailed(f"$[{number}]", "is no profile; give the URL of a list, so that they can be fetched")
        yield Row(f"$[{number}]", flat(profile))


SOURCE = Source(NAME, "profiles of Murmurations", STANDARD, (), likes, read, collect)
