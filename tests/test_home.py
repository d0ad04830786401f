"""The home page: what one can look by, told from the data alone, on sites that have next to nothing in common."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import Published
from solld.formats.front import coloured, years
from solld.queries import Query
from solld.stores.embedded import EmbeddedStore

ITEM = re.compile(r'<a href="([^"]+)"[^>]*><span[^>]*>([^<]+)</span> <span class="n">([^<]+)</span>')


def home(published: Published, language: str = "en") -> str:
    answer = published.get(f"/?lang={language}", Accept="text/html")
    assert answer.status_code == 200
    return answer.text


def test_it_says_what_the_site_says_of_itself(bundled: Published, lights: Published) -> None:
    assert "<h1>L’économie solidaire, acteur par acteur.</h1>" in home(bundled, "fr")
    assert "<h1>The solidarity economy, actor by actor.</h1>" in home(bundled)
    assert "<h1>Lighthouses</h1>" in home(lights)


def test_each_number_is_that_of_the_search_that_it_leads_to(bundled: Published) -> None:
    items = ITEM.findall(home(bundled))
    assert len(items) > 10
    for href, name, number in items:
        found = bundled.get(html.unescape(href).replace("/search?", "/search.json?")).json
        assert found
        assert str(found["total"]) == number, name


def test_searches_to_begin_with_find_something(bundled: Published) -> None:
    part = re.search(r'<p class="try">(.*?)</p>', home(bundled), re.DOTALL)
    assert part
    examples = re.findall(r'href="([^"]+)"', part[1])
    assert len(examples) == 3
    for href in examples:
        found = bundled.get(html.unescape(href).replace("/search?", "/search.json?")).json
        assert found
        assert found["total"] > 0


def test_every_link_leads_somewhere(lights: Published, bundled: Published) -> None:
    for published in (lights, bundled):
        page = home(published)
        content = page[page.index("<main") : page.index("</main")]
        for href in {html.unescape(each) for each in re.findall(r'href="(/[^"]*)"', content)}:
            assert published.get(href, Accept="text/html").status_code in (200, 303), href


def test_the_query_that_is_shown_runs_as_it_stands(bundled: Published) -> None:
    page = home(bundled)
    run = html.unescape(re.findall(r'href="(/sparql\?query=[^"]+)"', page)[0])
    (query,) = parse_qs(urlsplit(run).query)["query"]
    answer = bundled.get(run, Accept="text/csv")
    assert answer.status_code == 200
    assert answer.text.count("\n") > 1
    shown = re.search(r'aria-label="SPARQL"><code>(.*?)</code>', page, re.DOTALL)
    assert shown
    text = html.unescape(re.sub("<[^>]+>", "", shown[1]))
    assert query.strip().endswith(text)


def test_where_nothing_is_placed_the_most_connected_are_drawn(bundled: Published) -> None:
    page = home(bundled)
    assert '<figure class="tied">' in page
    assert page.count('<a class="node') >= 10
    assert 'class="areas' not in page


def test_the_page_is_its_own_and_the_catalogue_another(lights: Published) -> None:
    base = lights.settings.base
    answer = lights.get("/", Accept="text/html")
    assert f'<{base}>; rel="canonical"' in answer.headers["Link"]
    assert "Content-Location" not in answer.headers
    catalogue = lights.get("/catalog", Accept="text/html")
    assert catalogue.headers["Content-Location"] == "/catalog.html"
    assert "/dataset/lights" in catalogue.text
    assert lights.get("/", Accept="text/turtle").text == lights.get("/catalog", Accept="text/turtle").text


def test_its_queries_are_asked_once(bundled: Published, monkeypatch: pytest.MonkeyPatch) -> None:
    home(bundled)
    asked = []
    plain = EmbeddedStore._query

    def noted(self: EmbeddedStore, query: str) -> Any:
        asked.append(query)
        return plain(self, query)

    monkeypatch.setattr(EmbeddedStore, "_query", noted)
    assert bundled.get("/?lang=en&utm_source=1", Accept="text/html").status_code == 200
    assert asked == []
    assert bundled.service.store.select("SELECT * {}")
    assert asked == ["SELECT * {}"]


def test_years_are_drawn_when_there_are_enough() -> None:
    assert years({}) is None
    assert years({2001: 3, 2002: 4}) is None
    drawn = years({year: year - 1989 for year in range(1990, 2021)})
    assert drawn
    assert (drawn.first, drawn.last) == (1990, 2020)
    tallest = max(drawn.columns, key=lambda each: each.height)
    assert (tallest.year, tallest.y) == (2020, 0)
    assert all(each.x + each.width <= drawn.width for each in drawn.columns)


def test_a_query_is_coloured_and_stays_the_same() -> None:
    query = Query("x", {"en": "It."}, '# It.\nSELECT ?a WHERE { ?a ?b "SELECT <b>" } # end\n')
    shown = coloured(query)
    assert '<span class="k">SELECT</span> <span class="v">?a</span>' in shown
    assert html.unescape(re.sub("<[^>]+>", "", str(shown))) == 'SELECT ?a WHERE { ?a ?b "SELECT <b>" } # end'
