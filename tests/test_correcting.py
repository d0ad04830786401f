"""From every fact to who can correct it: the line of a file, the record at its source, the address of its owner."""

import re
import shutil
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from conftest import TINY, Published, publish
from solld import located, site
from test_links_files import linked
from test_merged import Sources, sources

__all__ = ["linked", "sources"]

CONTACT = """
<> dcat:contactPoint <#contact> ; dct:publisher <https://keepers.example/#us> .
<#contact> <http://www.w3.org/2006/vcard/ns#fn> "The keepers" ;
  <http://www.w3.org/2006/vcard/ns#hasEmail> <mailto:keepers@lights.example> .
<https://keepers.example/#us> <http://xmlns.com/foaf/0.1/homepage> <https://keepers.example/> .
"""


def statements(published: Published, path: str) -> list[dict[str, Any]]:
    answer = published.get(path, Accept="application/json")
    assert answer.status_code == 200, answer.text
    assert answer.json
    found: list[dict[str, Any]] = answer.json["statements"]
    return found


def source(published: Published, path: str) -> dict[str, Any]:
    """The only source of the only statement."""
    (statement,) = statements(published, path)
    (found,) = statement["sources"]
    return dict(found)


# --- the site's own files ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "line", "text"),
    [
        ("property=light:height", 6, "54.850"),
        ("property=light:owner", 7, "light:owner owner:state"),
        ("property=light:sees", 7, "light:sees <stiff>"),
        ("property=light:signal", 7, "light:signal <creach#signal>"),
        ("part=signal&property=skos:prefLabel", 8, "<creach#signal> a light:Signal"),
    ],
)
def test_a_fact_of_the_sites_own_data_leads_to_its_line(lights: Published, asked: str, line: int, text: str) -> None:
    found = source(lights, f"/correct/{lights.ids['creach']}?{asked}")
    assert (found["file"], found["line"], found["exact"]) == ("data/lights/lights.ttl", line, True)
    assert text in found["text"]
    written = (lights.settings.folder / found["file"]).read_text(encoding="utf-8").split("\n")[line - 1]
    assert written.strip() == found["text"]


def test_what_a_rule_derives_leads_to_what_it_follows_from_or_to_its_subject(lights: Published) -> None:
    (seen,) = [
        each
        for each in statements(lights, f"/correct/{lights.ids['stiff']}")
        if each["property"].endswith("#seenBy") and each["subject"].endswith(lights.ids["stiff"])
    ]
    (found,) = seen["sources"]
    assert (found["file"], found["line"], found["exact"]) == ("data/lights/lights.ttl", 10, False)


def test_a_concept_leads_to_the_ontology_and_a_dataset_to_its_description(lights: Published) -> None:
    labels = statements(lights, "/correct/scheme/owners/state?property=skos:prefLabel")
    assert {each["sources"][0]["file"] for each in labels} == {"ontology/lights.ttl"}
    (licence,) = statements(lights, "/correct/dataset/lights?property=dct:license")
    assert licence["sources"][0]["file"] == "data/lights/dataset.ttl"


def test_a_line_is_found_as_people_write_turtle(tmp_path: Path) -> None:
    path = tmp_path / "a.ttl"
    path.write_text(
        '<other> e:sees <it> ; e:name "x" .\n<it> a e:Thing ;\n  e:note """long\ntext""" ;\n'
        '  e:name "say \\"x\\"" ;\n  e:other "1" ; e:size 1 .\n\n<it-too> e:name "y" .\n',
        encoding="utf-8",
    )

    def line(object: str, predicate: str = ":name") -> tuple[int, bool]:
        found = located.of_statement(tmp_path, [path], ("it", "https://e/it"), (predicate,), (object,))
        assert found
        return found.line, found.exact

    assert line('"say \\"x\\""') == (5, True)
    assert line("1", ":size") == (6, True)
    assert line("long", ":note") == (3, True)
    assert line('"y"') == (2, False)  # of another, whose name begins alike
    assert located.of_statement(tmp_path, [path, tmp_path / "none.ttl"], ("no", "https://e/no"), ("a",), ("b",)) is None


# --- sources of others ------------------------------------------------------------------------------------------------


def test_a_harvested_record_leads_to_its_source(sources: Sources) -> None:
    published = sources.publish()
    found = source(published, f"/correct/{sources.identifier('one', '1')}?property=schema:url")
    assert found["harvested"]
    assert found["key"] == "1"
    assert (found["file"], found["line"]) == ("one.csv", 2)
    assert "owner" not in found  # who publishes this site did not make what it took from others


def test_a_source_is_never_looked_for_outside_of_the_site(sources: Sources) -> None:
    outside = sources.folder.parent / "outside.csv"
    shutil.copy(sources.file("one"), outside)
    sources.publish()
    path = sources.folder / "data/one/dataset.ttl"
    text = path.read_text(encoding="utf-8")
    assert "<../one.csv>" in text
    path.write_text(text.replace("<../one.csv>", "<https://w3id.org/solld/../outside.csv>"), encoding="utf-8")
    published = publish(site.load(sources.folder))
    assert "file" not in source(published, f"/correct/{sources.identifier('one', '1')}?property=schema:url")


def test_what_two_directories_say_is_corrected_in_each(linked: Published) -> None:
    found = statements(linked, f"/correct/{linked.ids['creach']}?property=skos:prefLabel")
    files = {each["value"]: [each_["file"] for each_ in each["sources"]] for each in found}
    assert files["Phare du Créac’h"] == ["data/theirs/lights.ttl"]
    assert files["Créac'h"] == ["data/lights/lights.ttl"]
    (theirs,) = [each["sources"][0] for each in found if each["value"] == "Phare du Créac’h"]
    assert theirs["record"] == "https://theirs.example/lights/17"
    assert theirs["key"] == "creac-h"


def test_a_merged_address_leads_to_the_one_that_stands(linked: Published) -> None:
    answer = linked.get(f"/correct/{linked.ids['creac-h']}?property=skos:prefLabel")
    assert answer.status_code == 301
    assert answer.headers["Location"] == f"/correct/{linked.ids['creach']}?property=skos:prefLabel"


# --- whom to tell -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def owned(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("owned") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    with (folder / "data/lights/dataset.ttl").open("a", encoding="utf-8") as file:
        file.write(CONTACT)
    return publish(site.load(folder))


def test_the_owner_is_who_the_catalogue_says(owned: Published) -> None:
    found = source(owned, f"/correct/{owned.ids['creach']}?property=light:height")
    assert found["owner"] == "The keepers"
    assert found["addresses"] == [
        "mailto:keepers@lights.example",
        "https://keepers.example/",
        "https://keepers.example/#us",
    ]


def test_a_message_is_written_and_sent_by_nobody(owned: Published) -> None:
    page = owned.get(f"/correct/{owned.ids['creach']}?property=light:height&lang=fr", Accept="text/html").text
    (mail,) = re.findall(r'href="(mailto:[^"]+)"', page)
    parts = urlsplit(mail.replace("&amp;", "&"))
    told = parse_qs(parts.query)
    assert parts.path == "keepers@lights.example"
    assert told["subject"] == ["Une erreur dans la fiche « Créac'h »"]
    assert f"https://lights.example/doc/{owned.ids['creach']}" in told["body"][0]
    assert "54.850" in told["body"][0]
    assert "data/lights/lights.ttl, ligne 6" in told["body"][0]
    (main,) = re.findall(r"<main.*?</main>", page, re.S)  # the search box of the header sends nothing
    assert "<form" not in main
    assert "<script" not in page


def test_who_gives_no_address_is_told_as_such(lights: Published) -> None:
    page = lights.get(f"/correct/{lights.ids['creach']}?property=light:height", Accept="text/html").text
    assert "The catalogue gives no address for this dataset." in page


# --- the links --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of", ["creach", "stiff", "pharos"])
def test_every_row_of_a_page_has_a_link_that_leads_somewhere(lights: Published, of: str) -> None:
    page = lights.get(f"/doc/{lights.ids[of]}?lang=en", Accept="text/html").text
    flags = re.findall(r'<a class="flag" href="([^"]+)" rel="nofollow" aria-label="This is wrong: ([^"]+)"', page)
    assert flags
    for href, _ in flags:
        answer = lights.get(href.replace("&amp;", "&"), Accept="text/html")
        assert answer.status_code == 200, href
        assert 'class="claim"' in answer.text, href


def test_of_a_whole_record_there_is_a_choice_of_what_is_wrong(lights: Published) -> None:
    name = lights.ids["creach"]
    assert f'href="/correct/{name}"' in lights.get(f"/doc/{name}", Accept="text/html").text
    page = lights.get(f"/correct/{name}", Accept="text/html").text
    assert f'href="/correct/{name}?property=light:height"' in page


@pytest.mark.parametrize("path", ["/correct/nothing", "/correct/000000000", "/correct/{creach}?part=none"])
def test_what_is_not_there_cannot_be_corrected(lights: Published, path: str) -> None:
    assert lights.get(path.format(**lights.ids), Accept="text/html").status_code == 404


def test_what_is_said_no_more_may_be_corrected_already(lights: Published) -> None:
    page = lights.get(f"/correct/{lights.ids['creach']}?property=light:colour", Accept="text/html")
    assert page.status_code == 200
    assert "perhaps it is corrected already" in page.text
