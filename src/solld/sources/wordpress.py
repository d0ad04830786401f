"""Posts of any type of a WordPress, by its REST API. https://developer.wordpress.org/rest-api/reference/posts/

    GET /wp-json/wp/v2/structure?per_page=100&_embed=wp:term
    [{"id": 12, "link": "https://...", "title": {"rendered": "L&#8217;Élan"}, "acf": {"ville": "Brest"},
      "_embedded": {"wp:term": [[{"taxonomy": "secteur", "name": "Vélo"}]]}}]

Pages follow one another by the Link header. Terms of taxonomies are numbers, and their names are embedded if one asks.
"""

import html
import re
from collections.abc import Iterator, Mapping
from typing import IO, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from solld.errors import SourceFailed
from solld.sources import Get, Row, Source, lines
from solld.sources.objects import MARK, flat

NAME = "wordpress"
STANDARD = "https://developer.wordpress.org/rest-api/"
ASKED = {"per_page": "100", "_embed": "wp:term"}  # the most on a page
POST = re.compile(rb'"(?:title|guid)"\s*:\s*\{\s*"(?:rendered|raw)"')
LINKS = re.compile(rb'"_links"\s*:')
MARKUP = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<[^<>]*>", re.DOTALL | re.IGNORECASE)
INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|cite|code|em|font|i|mark|q|s|small|span|strong|sub|sup|u)\b[^<>]*>", re.IGNORECASE
)
LEFT_OUT = frozenset(  # what is said of the post as a page, and of who wrote it
    "_links _embedded guid author yoast_head yoast_head_json status type comment_status ping_status sticky template "
    "format class_list".split()
)
CALLED = {"link": "permalink"}  # WordPress's own word for the page of a post


def likes(head: bytes) -> float:
    text = head.removeprefix(MARK).lstrip()
    if lines.begins(head, NAME):
        return 1.0
    return 0.95 if text[:1] == b"[" and POST.search(text) and (LINKS.search(text) or b"/wp-" in text) else 0.0


def collect(get: Get, url: str, into: IO[bytes]) -> None:
    """Writes the posts of all pages. SourceFailed with the URL of a page that is none, or that comes again."""
    lines.begin(into, NAME, url=url)
    seen: set[str] = set()
    where = _first(url)
    for _ in range(lines.PAGES):
        page = get(where, lines.JSON)
        posts = None if page is None else lines.parsed(page.body, where)
        if page is None or not isinstance(posts, list) or not all(isinstance(p, dict) and p.get("id") for p in posts):
            raise SourceFailed(where, f"is no list of posts{_told(posts)}")
        new = {str(post["id"]): post for post in posts if str(post["id"]) not in seen}
        for post in new.values():
            lines.write(into, post, where)
        if not page.next:
            return
        if not new:
            raise SourceFailed(where, "has nothing new and yet a next page")
        if urlsplit(page.next).netloc != urlsplit(page.url).netloc:
            raise SourceFailed(where, f"has its next page at another server: {page.next}")
        seen |= new.keys()
        where = page.next
    raise SourceFailed(url, f"has more than {lines.PAGES} pages")


def _first(url: str) -> str:
    """The URL with what it does not ask for itself; its page is the first."""
    parts = urlsplit(url)
    asked = {name: value for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "page"}
    return parts._replace(query=urlencode(ASKED | asked, safe=":,/"), fragment="").geturl()


def _told(said: Any) -> str:
    return f": {said['message']}" if isinstance(said, dict) and said.get("message") else ""


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each post: `title`, `content` and so on are plain texts, terms have a column for each taxonomy."""
    if not lines.begins(file.read(1000), NAME):
        raise SourceFailed(
            "the file", "is a page of a WordPress, which may have more; give its URL, or --as json if this is all"
        )
    lines.facts(file)
    for place, post in lines.records(file):
        yield Row(place, _cells(post))


def _cells(post: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    terms = _terms(post.get("_embedded"))
    names = {"category": "categories", "post_tag": "tags"}
    said = {name: value for name, value in post.items() if name not in LEFT_OUT}
    said |= {names.get(taxonomy, taxonomy): found for taxonomy, found in terms.items()}
    cells: dict[str, tuple[str, ...]] = {}
    for column, values in flat(said).items():
        name = column.removesuffix(".rendered")
        texts = tuple(_plain(value) for value in values)
        if any(texts):
            cells[CALLED.get(name, name)] = tuple(filter(None, texts))
    return cells


def _terms(embedded: Any) -> dict[str, list[str]]:
    """taxonomy -> the names of the terms of a post."""
    found: dict[str, list[str]] = {}
    groups = embedded.get("wp:term") if isinstance(embedded, dict) else None
    for term in [each for group in groups or [] if isinstance(group, list) for each in group]:
        if isinstance(term, dict) and term.get("taxonomy") and term.get("name"):
            found.setdefault(str(term["taxonomy"]), []).append(str(term["name"]))
    return found


def _plain(text: str) -> str:
    """A text without markup. What is no markup but looks like it is written with entities in HTML."""
    words = MARKUP.sub(" ", INLINE.sub("", text))
    return " ".join(html.unescape(words).split()) if words != text else html.unescape(text).strip()


SOURCE = Source(NAME, "posts of a WordPress", STANDARD, (), likes, read, collect)
