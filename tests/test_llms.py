"""/llms.txt: the form of llmstxt.org, and every link of it answers."""

import re
from urllib.parse import urlsplit

import pytest

from conftest import Published
from test_markdown import headings, links

BASE = "https://lights.example/"


@pytest.fixture(scope="module")
def text(lights: Published) -> str:
    answer = lights.get("/llms.txt?lang=en")
    assert answer.content_type == "text/plain; charset=utf-8"
    return str(answer.text)


def test_it_has_the_form_that_is_asked_for(text: str) -> None:
    lines = text.split("\n")
    assert lines[0] == "# Lighthouses"
    assert lines[2].startswith("> A tiny site")
    tags = [tag for tag, _ in headings(text)]
    assert tags == ["h1"] + ["h2"] * (len(tags) - 1)
    for section in text.split("\n## ")[1:]:
        for line in filter(None, section.split("\n")[1:]):
            assert re.fullmatch(r"- \[[^\]]+\]\(<?https://\S+\)(: .+)?", line), line


def test_it_leads_to_formats_interfaces_the_vocabulary_data_and_queries(text: str) -> None:
    found = set(links(text))
    for path in ("openapi.json", "sparql", "ns.md", "dataset/lights.md", "queries/heights.rq", "dump/", "sitemap.xml"):
        assert BASE + path in found
    assert any(re.fullmatch(rf"{BASE}(doc/\w+|catalog)\.md", each) for each in found)
    assert [title for tag, title in headings(text)][-1] == "Optional"


def test_every_link_answers(lights: Published, text: str) -> None:
    for each in links(text):
        parts = urlsplit(each)
        answer = lights.get(parts.path + (f"?{parts.query}" if parts.query else ""), Accept="*/*")
        assert answer.status_code in (200, 303), each


def test_it_is_in_the_readers_language(lights: Published) -> None:
    french = lights.get("/llms.txt", Accept_Language="fr")
    assert french.text.startswith("# Phares\n")
    assert french.headers["Content-Language"] == "fr"
    assert "Chaque chose a une adresse permanente" in french.text
