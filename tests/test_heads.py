"""What machines read in the head of every page: languages, canonical addresses, summaries, Open Graph."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from conftest import Published
from solld import messages
from solld.formats.asked import Asked

BASE = "https://lights.example/"
LANGUAGES = ("en", "fr")


class Head(HTMLParser):
    """The elements of a page, by kind."""

    def __init__(self, text: str):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))

    def all(self, tag: str, **wanted: str) -> list[dict[str, str]]:
        return [attrs for name, attrs in self.found if name == tag and wanted.items() <= attrs.items()]

    def meta(self, name: str) -> str:
        return next((a["content"] for a in self.all("meta") if name in (a.get("name"), a.get("property"))), "")

    def alternates(self) -> dict[str, str]:
        return {a["hreflang"]: a["href"] for a in self.all("link", rel="alternate") if "hreflang" in a}


@pytest.fixture(scope="module")
def pages(lights: Published) -> dict[str, str]:
    """Kind of page -> its address."""
    some = lights.ids["creach"]
    return {
        "home": "/",
        "resource": f"/doc/{some}",
        "concept": "/doc/scheme/owners/state",
        "dataset": "/dataset/lights",
        "vocabulary": "/ns",
        "version": f"/version/{some}/1",
        "versions": f"/doc/{some}/versions",
        "queries": "/queries",
        "saved query": "/queries/heights",
        "query": "/sparql",
        "dumps": "/dump/",
        "persistence": "/about/persistence",
        "sources": "/about/sources",
        "search": "/search",
        "map": "/map",
        "correcting": f"/correct/{some}",
    }


KINDS = (
    *("home", "resource", "concept", "dataset", "vocabulary", "version", "versions"),
    *("queries", "saved query", "query", "dumps", "persistence", "sources"),
    *("search", "map", "correcting"),
)


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_names_itself_in_every_language(lights: Published, pages: dict[str, str], kind: str) -> None:
    head = Head(lights.get(pages[kind], Accept="text/html").text)
    found = head.alternates()
    assert set(found) == {*lights.settings.languages, "x-default"}
    for tag, address in found.items():
        assert address.startswith(BASE)
        assert address.endswith(f"?lang={tag}") == (tag != "x-default")
        parts = urlsplit(address)
        answer = lights.get(f"{parts.path}?{parts.query}", Accept="text/html")
        assert answer.status_code == 200, address
        assert Head(answer.text).alternates() == found
        if tag != "x-default":
            assert Head(answer.text).all("html")[0]["lang"] == tag
            assert Head(answer.text).all("link", rel="canonical") == [{"rel": "canonical", "href": address}]


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_has_a_card(lights: Published, pages: dict[str, str], kind: str) -> None:
    head = Head(lights.get(pages[kind], Accept="text/html").text)
    assert head.meta("og:title")
    assert not head.meta("og:title").endswith(f" – {lights.settings.title['en']}")
    assert head.meta("og:site_name") == lights.settings.title["en"]
    assert head.meta("description") == head.meta("og:description") != ""
    assert "\n" not in head.meta("description")
    assert head.meta("og:url") == head.all("link", rel="canonical")[0]["href"]
    assert head.meta("og:type") in ("website", "article")
    assert head.meta("og:locale") == "en_US"
    assert head.meta("twitter:card") == "summary"
    assert not head.meta("og:image")  # there is none that says something of the page


def test_the_switch_of_languages_keeps_the_parameters(lights: Published) -> None:
    head = Head(lights.get("/sparql?query=ASK%20%7B%7D&lang=en&x=1&x=2", Accept="text/html").text)
    links = {a["hreflang"]: a["href"] for a in head.all("a") if "hreflang" in a}
    assert links == {tag: f"?query=ASK+%7B%7D&x=1&x=2&lang={tag}" for tag in lights.settings.languages}


def test_what_an_address_has_beside_does_not_make_another_page_of_a_thing(lights: Published) -> None:
    address = f"/doc/{lights.ids['creach']}"
    head = Head(lights.get(f"{address}?utm_source=x", Accept="text/html").text)
    assert head.all("link", rel="canonical")[0]["href"] == BASE + address.lstrip("/")


def test_an_error_is_not_to_be_found_again(lights: Published) -> None:
    head = Head(lights.get("/nothing", Accept="text/html").text)
    assert head.meta("robots") == "noindex"
    assert not head.all("link", rel="canonical")
    assert not head.alternates()


def test_a_very_long_address_is_not_repeated_for_every_language() -> None:
    assert Asked("/sparql", (("query", "x" * 1000),)).is_short
    assert not Asked("/sparql", (("query", "x" * 3000),)).is_short


@pytest.mark.parametrize(
    ("tag", "name"), [("fr", "fr_FR"), ("en", "en_US"), ("es", "es_ES"), ("pt-BR", "pt_BR"), ("br", "br_FR")]
)
def test_a_language_is_told_with_the_country_of_most_who_speak_it(tag: str, name: str) -> None:
    assert messages.phrases(tag).locale_name == name
