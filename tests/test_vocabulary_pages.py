"""The vocabulary and its lists of concepts, as people read them: anchors, shapes, counts, trees."""

import html
import re

from conftest import ROOT, Published
from solld.rdf import DEFAULT, NamedNode

NS = "https://w3id.org/solld/ns#"


def page(published: Published, path: str, language: str = "en") -> str:
    answer = published.get(path, Accept="text/html", Accept_Language=language)
    assert answer.status_code == 200
    return answer.text


def entry(text: str, anchor: str) -> str:
    """The part of the page that is about a term."""
    found = re.search(rf'<article class="entry" id="{anchor}".*?</article>', text, re.DOTALL)
    assert found, anchor
    return found[0]


def test_every_term_of_the_site_has_its_anchor(bundled: Published, lights: Published) -> None:
    for published in (bundled, lights):
        text = page(published, "/ns")
        base = published.settings.base
        known = published.service.known.classes | published.service.known.properties
        for iri in (each for each in known if each.startswith(f"{base}ns#")):
            assert f'id="{iri.rpartition("#")[2]}"' in text, iri


def test_links_within_the_page_lead_to_something(bundled: Published) -> None:
    for path in ("/ns", "/doc/scheme/values"):
        text = page(bundled, path)
        anchors = re.findall(r'\bid="([^"]+)"', text)
        assert len(anchors) == len(set(anchors))
        inside = set(re.findall(r'href="#([^"]+)"', text))
        assert inside <= set(anchors)


def test_a_class_is_told_with_its_shape_and_how_often_there_is_one(bundled: Published) -> None:
    told = entry(page(bundled, "/ns"), "Actor")
    found = bundled.get("/search.json?type=ns%23Actor").json
    assert found
    assert f"{found['total']} in the data" in told
    assert "<table" in told
    assert re.search(r'<th scope="row">.*?<td>.*?<td class="card-n">\d', told, re.DOTALL)
    for href in re.findall(r'href="(/id/[^"]+)"', told):
        assert bundled.get(href).status_code == 303


def test_a_property_is_told_with_an_example_of_the_data(bundled: Published) -> None:
    told = entry(page(bundled, "/ns"), "cooperatesWith")
    store = bundled.service.store
    stated = {
        (getattr(q.subject, "value", ""), getattr(q.object, "value", ""))
        for q in store.quads(None, NamedNode(NS + "cooperatesWith"), None, DEFAULT)
    }
    base = bundled.settings.base
    pairs = re.findall(r'class="pair"><a href="/([^"]+)".*?→</span> <a href="/([^"]+)"', told)
    assert pairs
    assert {(base + a, base + b) for a, b in pairs} <= stated


def test_the_numbers_of_a_shape_are_in_its_table(lights: Published) -> None:
    told = entry(page(lights, "/ns"), "Lighthouse")
    rows = dict(re.findall(r'<tr>.*?href="#?([^"]+)".*?class="card-n">([^<]+)<', told, re.DOTALL))
    assert rows["height"] == "0..1"


def test_concepts_stand_below_what_they_are_part_of(bundled: Published) -> None:
    text = page(bundled, "/doc/scheme/values", "fr")
    tree = text[text.index('class="tree"') : text.index("</section>", text.index('class="tree"'))]
    above, below = tree.index('id="solidarite"'), tree.index('id="solidarite-territoires"')
    between = tree[above:below]
    assert between.count("<ul>") > between.count("</ul>")


def test_the_number_of_a_concept_is_that_of_its_search(bundled: Published) -> None:
    text = page(bundled, "/doc/scheme/values")
    found = re.findall(r'class="tally" href="(/search\?[^"]+)"[^>]*>(\d+) in the data', text)
    assert len(found) > 5
    for href, number in found[:8]:
        told = bundled.get(html.unescape(href).replace("/search?", "/search.json?")).json
        assert told
        assert told["total"] == int(number)


def test_the_vocabulary_lists_its_schemes(bundled: Published) -> None:
    text = page(bundled, "/ns", "es")
    for path in sorted((ROOT / "ontology" / "schemes").glob("*.ttl")):
        assert f'href="/scheme/{path.stem}"' in text


def test_data_of_the_same_addresses_stay_what_they_were(bundled: Published) -> None:
    for path in ("/ns", "/doc/scheme/values"):
        assert bundled.get(path, Accept="text/turtle").mimetype == "text/turtle"
        assert bundled.get(f"{path}.json").json
