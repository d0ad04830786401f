"""The Markdown of a description, as a parser of others reads it: the words of the page, whole addresses, footnotes."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from conftest import Published
from solld.formats.markdown import write_markdown
from solld.formats.marked import linked, plain
from solld.messages import phrases
from solld.model import Description
from solld.rdf import DCT, SKOS, VOID, XSD, Literal, NamedNode, Triple
from test_html import LIGHT, SAMPLE, context, read, text, triples

PARSER = MarkdownIt("gfm-like", {"linkify": False}).use(footnote_plugin)
BASE = "https://lights.example/"


def tokens(markdown: str) -> Iterator[Token]:
    for token in PARSER.parse(markdown):
        yield token
        yield from token.children or ()


def words(markdown: str) -> str:
    return " ".join(" ".join(t.content for t in tokens(markdown) if t.type in ("text", "code_inline")).split())


def links(markdown: str) -> list[str]:
    return [str(t.attrs["href"]) for t in tokens(markdown) if t.type == "link_open"]


def headings(markdown: str) -> list[tuple[str, str]]:
    found = PARSER.parse(markdown)
    return [(t.tag, found[n + 1].content) for n, t in enumerate(found) if t.type == "heading_open"]


def written(description: Description = SAMPLE, language: str = "fr") -> str:
    return write_markdown(description, context(language)).decode()


def test_it_says_what_the_page_says_in_the_same_order() -> None:
    markdown, page = written(), read()
    assert headings(markdown)[0] == ("h1", page.text("h1"))
    sections = [e["text"] for e in page.all("h2") if e.get("id", "").startswith("section")]
    assert [title for tag, title in headings(markdown) if tag == "h2"][: len(sections)] == sections
    told = words(markdown)
    places = [told.index(each) for each in ("Un phare <rouge> & blanc.", "37,5", "1 juin 1850", "Ann the Keeper")]
    assert places == sorted(places)
    assert "rouge comme un homard" in told


@pytest.mark.parametrize("language", ["fr", "en", "es"])
def test_it_is_in_the_readers_language_and_marks_the_others(language: str) -> None:
    t = phrases(language)
    markdown = written(language=language)
    assert t("permanent_address") in words(markdown)
    if language != "en":
        assert "Ann the Keeper](https://lights.example/id/keeper) (en)" in markdown


def test_all_addresses_are_whole() -> None:
    found = links(written())
    assert f"{BASE}id/keeper" in found
    assert all(each.startswith(("https://", "http://")) for each in found)
    assert not [each for each in found if "javascript" in each]


def test_sources_are_footnotes_and_each_is_used() -> None:
    markdown = written()
    used = re.findall(r"\[\^(\d+)\](?!:)", markdown)
    defined = re.findall(r"^\[\^(\d+)\]:", markdown, re.MULTILINE)
    assert set(used) == set(defined)
    assert len(defined) == len(set(defined)) > 1
    notes = [t for t in tokens(markdown) if t.type == "footnote_ref"]
    assert len(notes) == len(used)


def test_a_quotation_that_a_mark_leads_to_is_a_quotation() -> None:
    assert any(t.type == "blockquote_open" for t in tokens(written()))
    assert "…En 1900 on répara la tour" in words(written()).replace("**", "")


def test_small_parts_are_a_table() -> None:
    nodes = [NamedNode(f"{LIGHT.value}#part-{n}") for n in range(5)]
    about = tuple(Triple(LIGHT, VOID.classPartition, node) for node in nodes)
    owned = tuple(Triple(node, VOID.entities, Literal(str(n), datatype=XSD.integer)) for n, node in enumerate(nodes))
    markdown = written(Description(LIGHT, SAMPLE.document, about, owned))
    assert sum(t.type == "td_open" for t in tokens(markdown)) == 5


def test_words_of_others_mean_nothing_as_markdown() -> None:
    danger = "*a* _b_ [c](http://d) <script>e</script> `f` | g\n# h &copy; \\i ~~j~~ ![k](l)"
    markdown = written(
        Description(
            LIGHT,
            SAMPLE.document,
            (Triple(LIGHT, SKOS.prefLabel, text(danger)), Triple(LIGHT, DCT.description, text("Un phare"))),
        )
    )
    assert headings(markdown)[0][0] == "h1"
    assert " ".join(danger.split()) in words(markdown).replace(" ,", ",")
    assert not [
        t for t in tokens(markdown) if t.type in ("html_inline", "html_block", "image", "code_inline", "em_open")
    ]


plain_texts = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=20)


@settings(max_examples=300)
@given(plain_texts, plain_texts)
def test_no_text_breaks_out_of_its_place(one: str, other: str) -> None:
    markdown = f"- **{plain('x' + one)}**: {linked(plain('x' + other), 'https://a.example/(b)')}"
    assert words(markdown).replace(" ", "") == f"x{one}:x{other}".replace(" ", "")
    assert links(markdown) == ["https://a.example/(b)"]


# --- over HTTP --------------------------------------------------------------------------------------------------------


def test_everything_has_it(lights: Published) -> None:
    paths = (f"/doc/{lights.ids['creach']}", "/doc/scheme/owners/state", "/dataset/lights", "/ns", "/catalog", "/")
    for path in paths:
        answer = lights.get(path, Accept="text/markdown", Accept_Language="fr")
        assert answer.content_type == "text/markdown; charset=utf-8", path
        assert answer.headers["Content-Language"] == "fr"
        assert answer.headers["Vary"] == "Accept, Accept-Language, Accept-Encoding"
        assert answer.text.startswith("# ")


def test_it_is_found_from_the_page_and_does_not_take_its_place(lights: Published) -> None:
    path = f"/doc/{lights.ids['creach']}"
    page = lights.get(path, Accept="text/html")
    assert f'type="text/markdown" title="Markdown" href="{path}.md"' in page.text
    assert lights.get(f"{path}.md").text == lights.get(path, Accept="text/markdown").text
    assert lights.get(path, Accept="text/*").mimetype != "text/markdown"
    assert lights.get(path, Accept="*/*").mimetype != "text/markdown"


def test_the_home_page_has_counts_and_datasets(lights: Published) -> None:
    markdown = lights.get("/catalog.md?lang=en").text
    assert headings(markdown)[0] == ("h1", "Lighthouses")
    assert f"{BASE}dataset/lights" in links(markdown)
    assert "dataset: 1" in words(markdown)


@settings(max_examples=100, deadline=None)
@given(triples, triples, triples)
def test_no_description_breaks_it(about: list[Triple], owned: list[Triple], incoming: list[Triple]) -> None:
    mine = tuple(Triple(LIGHT, each.predicate, each.object) for each in about)
    markdown = written(Description(LIGHT, SAMPLE.document, mine, tuple(owned), tuple(incoming)))
    assert headings(markdown)[0][0] == "h1"
    used = set(re.findall(r"(?<!\\)\[\^(\d+)\](?!:)", markdown))
    defined = re.findall(r"^\[\^(\d+)\]:", markdown, re.MULTILINE)
    assert used <= set(defined)
    assert len(defined) == len(set(defined))
