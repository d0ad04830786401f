"""The way through the pages: no link of navigation and footer leads nowhere, and each page says where one is."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from conftest import ROOT, Published
from solld.formats.navigation import navigation


class Links(HTMLParser):
    """The links in the header and in the footer of a page, with what aria-current says of them."""

    def __init__(self, text: str):
        super().__init__()
        self.inside = False
        self.found: dict[str, str] = {}
        self.forms: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.inside = self.inside or tag in ("header", "footer")
        if tag == "a" and self.inside:
            self.found.setdefault(attributes["href"] or "", attributes.get("aria-current") or "")
        if tag == "form" and self.inside:
            self.forms.append(attributes["action"] or "")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag not in ("header", "footer")


def links(published: Published, path: str, language: str = "en") -> Links:
    answer = published.get(path, Accept="text/html", Accept_Language=language)
    assert answer.status_code == 200, path
    return Links(answer.text)


@pytest.mark.parametrize("language", ["en", "fr", "es"])
@pytest.mark.parametrize("site", ["lights", "bundled"])
def test_no_link_of_header_and_footer_leads_nowhere(site: str, language: str, request: pytest.FixtureRequest) -> None:
    published: Published = request.getfixturevalue(site)
    found = [each for each in links(published, "/ns", language).found if each.startswith(("/", "?"))]
    assert len(found) > 20
    for href in found:
        path = "/ns" + href if href.startswith("?") else href.partition("#")[0]
        answer = published.get(path, Accept="text/html", Accept_Language=language)
        assert answer.status_code in (200, 303), href


def test_the_navigation_has_what_the_site_has() -> None:
    assert [each.path for each in navigation((), "/")] == ["/search", "/map", "/ns", "/about/data"]
    with_views = [each.path for each in navigation(("networks", "timeline", "values"), "/")]
    assert with_views == ["/search", "/map", "/networks", "/values", "/ns", "/about/data"]


@pytest.mark.parametrize(
    ("path", "entry", "says"),
    [
        ("/search?q=a", "/search", "page"),
        ("/about/data", "/about/data", "page"),
        ("/dump/", "/about/data", "true"),
        ("/ns", "/ns", "page"),
        ("/ns.html", "/ns", "true"),
        ("/networks", "/networks", "page"),
    ],
)
def test_a_page_says_which_entry_it_belongs_to(lights: Published, path: str, entry: str, says: str) -> None:
    found = links(lights, path).found
    assert found[entry] == says
    assert [each for each, said in found.items() if said in ("page", "true") and not each.startswith("?")] == [entry]


def test_each_page_has_one_box_to_search_in(lights: Published) -> None:
    assert links(lights, "/about").forms == ["/search"]
    for path in ("/", "/search", "/map"):
        assert links(lights, path).forms == []
        assert lights.get(path, Accept="text/html").text.count('role="search"') == 1


def test_the_pages_about_the_service_are_listed(lights: Published) -> None:
    told = lights.get("/about/index.json").json
    assert told
    listed = {each["address"] for each in told["pages"]}
    texts = {path.name.partition(".")[0] for path in (ROOT / "src/solld/about").glob("*.txt")} - {"index"}
    assert listed == {f"/about/{name}" for name in texts}
    page = lights.get("/about?lang=fr", Accept="text/html").text
    for address in listed:
        assert f'href="{address}"' in page


def test_the_lines_of_the_page_of_the_data_work(lights: Published) -> None:
    text = lights.get("/about/data", Accept="text/html").text
    told = lights.get("/about/data.json").json
    assert told
    assert told["example"] in lights.ids.values()
    assert f"/doc/{told['example']}.md" in text
    saved = urlsplit(told["saved"])
    assert lights.get(f"{saved.path}?{saved.query}").mimetype == "text/csv"
    assert lights.get(f"/doc/{told['example']}.md").status_code == 200


def test_changes_are_told_newest_first(lights: Published) -> None:
    page = lights.get("/changes", Accept="text/html", Accept_Language="en").text
    assert page.index("Latest changes") < page.index("created")
    assert f"/doc/{lights.ids['creach']}/versions" in page
    assert lights.get("/changes", Accept="application/json").json == lights.get("/changes.json").json
    few = lights.get("/changes?before=9", Accept="text/html").text
    assert 0 < few.count('<li class="created"') <= 8
    assert 'rel="prev"' in few
    assert lights.get("/changes?before=x", Accept="text/html").status_code == 400


def test_what_is_new_comes_from_a_dataset(lights: Published) -> None:
    page = lights.get("/changes", Accept="text/html", Accept_Language="en").text
    dataset = lights.get("/dataset/lights.json").json
    assert dataset
    assert f"created: <span>{dataset['label']}" in page.replace(' lang="en"', "")
