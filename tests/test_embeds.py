"""Cards for pages of others, as a frame, as plain HTML, and through oEmbed."""

import html
import json
import re
from typing import Any
from urllib.parse import urlencode
from xml.etree import ElementTree

import pytest

from conftest import Published
from solld.formats.card import card as card_of
from solld.formats.card import iframe, snippet
from solld.model import Description
from solld.rdf import DCT, SKOS, Literal, Triple
from test_heads import Head
from test_html import LIGHT, SAMPLE, context
from test_links_files import linked

__all__ = ["linked"]
BASE = "https://lights.example/"


def card(lights: Published, name: str = "creach", query: str = "?lang=en") -> Any:
    return lights.get(f"/embed/{lights.ids[name]}{query}", Accept="text/html")


# --- the card ---------------------------------------------------------------------------------------------------------


def test_a_card_has_the_name_what_it_is_some_facts_and_where_they_are_from(lights: Published) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", card(lights).text))
    assert "Creach" in text
    assert "Lighthouse" in text
    assert "54.85" in text
    assert "Sources: Lighthouses" in text


def test_a_card_may_stand_in_any_page_and_runs_nothing(lights: Published) -> None:
    answer = card(lights)
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors *" in policy
    assert "default-src 'none'" in policy
    head = Head(answer.text)
    assert not head.all("script")
    assert not head.all("form")
    assert all(a.get("target") == "_blank" for a in head.all("a"))
    assert head.meta("robots") == "noindex"
    assert "frame-ancestors 'self'" in lights.get("/", Accept="text/html").headers["Content-Security-Policy"]


def test_a_card_is_in_the_language_of_its_address(lights: Published) -> None:
    french = card(lights, query="?lang=fr")
    assert "Créac&#39;h" in french.text
    assert 'lang="fr"' in french.text
    assert french.headers["Content-Language"] == "fr"


@pytest.mark.parametrize("path", ["/embed/scheme/owners/state", "/embed/dataset/lights", "/embed/ns", "/embed/catalog"])
def test_everything_that_has_a_document_has_a_card(lights: Published, path: str) -> None:
    answer = lights.get(path, Accept="text/html")
    assert answer.status_code == 200
    assert "<h1>" in answer.text


def test_a_card_of_a_merged_thing_is_that_of_the_one_that_stands(linked: Published) -> None:
    answer = linked.get(f"/embed/{linked.ids['creac-h']}?lang=fr")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/embed/{linked.ids['creach']}?lang=fr")
    assert linked.get("/embed/000000000").status_code == 404


# --- what is copied from a page ---------------------------------------------------------------------------------------


def test_a_page_offers_the_frame_and_the_same_words_without_one(lights: Published) -> None:
    name = lights.ids["creach"]
    page = lights.get(f"/doc/{name}?lang=en", Accept="text/html").text
    details = re.search(r'<details class="embedding".*?</details>', page, re.DOTALL)
    assert details
    frame, snippet = (html.unescape(each) for each in re.findall(r"<code>(.*?)</code>", details[0], re.DOTALL))
    (element,) = Head(frame).all("iframe")
    assert element["src"] == f"{BASE}embed/{name}?lang=en"
    assert element["title"] == "Creach – Lighthouses"
    pasted = Head(snippet)
    assert {tag for tag, _ in pasted.found} <= {"blockquote", "p", "a", "strong", "small"}
    assert pasted.all("a")[0]["href"] == f"{BASE}id/{name}"
    assert pasted.all("blockquote") == [{"cite": f"{BASE}id/{name}", "lang": "en"}]


def test_words_of_others_cannot_break_out_of_what_is_pasted() -> None:
    danger = Literal('"><script>alert(1)</script>', language="en")
    said = (Triple(LIGHT, SKOS.prefLabel, danger), Triple(LIGHT, DCT.description, danger))
    shown = card_of(Description(LIGHT, SAMPLE.document, said), context())
    for text in (snippet(shown), iframe(shown.frame, shown.title)):
        assert {tag for tag, _ in Head(text).found} <= {"blockquote", "p", "a", "strong", "small", "iframe"}
    assert Head(snippet(shown)).all("a")[0]["lang"] == "en"  # a name in another language is marked


# --- oEmbed -----------------------------------------------------------------------------------------------------------


def oembed(lights: Published, url: str, **more: str) -> Any:
    return lights.get("/oembed?" + urlencode({"url": url} | more))


def test_a_page_says_where_its_oembed_is(lights: Published) -> None:
    name = lights.ids["creach"]
    head = Head(lights.get(f"/doc/{name}", Accept="text/html").text)
    (link,) = head.all("link", type="application/json+oembed")
    assert link["href"] == f"{BASE}oembed?{urlencode({'url': f'{BASE}doc/{name}'})}"
    told = lights.get("/" + link["href"].removeprefix(BASE)).json
    assert told
    assert (told["version"], told["type"], told["title"]) == ("1.0", "rich", "Creach")
    assert (told["provider_name"], told["provider_url"]) == ("Lighthouses", BASE)
    (element,) = Head(told["html"]).all("iframe")
    assert (element["width"], element["height"]) == (str(told["width"]), str(told["height"]))


@pytest.mark.parametrize(
    "form", ["{base}id/{id}", "{base}doc/{id}", "{base}doc/{id}.html", "{base}embed/{id}", "http://localhost/doc/{id}"]
)
def test_every_address_of_a_thing_will_do(lights: Published, form: str) -> None:
    answer = oembed(lights, form.format(base=BASE, id=lights.ids["creach"]) + "?lang=fr")
    assert answer.status_code == 200
    assert answer.json["title"] == "Créac'h"


def test_concepts_and_the_home_page_have_it_too(lights: Published) -> None:
    assert oembed(lights, f"{BASE}doc/scheme/owners/state").json["title"]
    assert oembed(lights, BASE).json["title"] == "Lighthouses"


def test_it_is_no_larger_than_is_asked_for(lights: Published) -> None:
    told = oembed(lights, f"{BASE}id/{lights.ids['creach']}", maxwidth="300", maxheight="100").json
    assert (told["width"], told["height"]) == (300, 100)
    told = oembed(lights, f"{BASE}id/{lights.ids['creach']}", maxwidth="9000").json
    assert told["width"] == 480


def test_it_is_there_as_xml(lights: Published) -> None:
    answer = oembed(lights, f"{BASE}id/{lights.ids['creach']}", format="xml")
    assert answer.mimetype == "text/xml"
    root = ElementTree.fromstring(answer.data)
    assert (root.tag, root.findtext("type"), root.findtext("title")) == ("oembed", "rich", "Creach")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("url=https://elsewhere.example/doc/x", 404),
        ("url=https://lights.example/doc/000000000", 404),
        ("url=https://lights.example/queries", 404),
        ("url=https://lights.example/&format=yaml", 501),
        ("url=https://lights.example/&maxwidth=wide", 400),
    ],
)
def test_what_it_cannot_do_is_told_by_the_status(lights: Published, query: str, status: int) -> None:
    answer = lights.get(f"/oembed?{query}", Accept="application/json")
    assert answer.status_code == status
    assert json.loads(answer.data)["status"] == status


# --- lists ------------------------------------------------------------------------------------------------------------


def test_a_list_has_the_first_results_of_a_search_and_leads_to_all_of_them(lights: Published) -> None:
    answer = lights.get("/embed?q=le&lang=fr", Accept="text/html")
    found = lights.get("/search.json?q=le&lang=fr").json
    assert found
    assert found["results"]
    head = Head(answer.text)
    links = [a["href"] for a in head.all("a")]
    assert links[1 : 1 + len(found["results"])] == [each["id"] for each in found["results"]]
    assert links[0] == f"{BASE}search?q=le"
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert not head.all("script")
    assert all(a["target"] == "_blank" for a in head.all("a"))


def test_a_list_that_is_wrong_or_empty_says_so(lights: Published) -> None:
    assert lights.get("/embed?colour=red", Accept="text/html").status_code == 400
    empty = lights.get("/embed?q=xyzzy&lang=en", Accept="text/html")
    assert empty.status_code == 200
    assert "0 results" in empty.text or "No result" in empty.text


def test_a_search_offers_its_list(lights: Published) -> None:
    page = lights.get("/search?q=le&lang=en", Accept="text/html").text
    (frame,) = Head(html.unescape(re.findall(r"<code>(&lt;iframe.*?)</code>", page)[0])).all("iframe")
    assert frame["src"] == f"{BASE}embed?q=le&lang=en"
    assert lights.get("/" + frame["src"].removeprefix(BASE), Accept="text/html").status_code == 200
    (link,) = Head(page).all("link", type="application/json+oembed")
    told = lights.get("/" + link["href"].removeprefix(BASE)).json
    assert told
    assert told["title"] == "« le »"
    assert frame["src"] in html.unescape(told["html"])
