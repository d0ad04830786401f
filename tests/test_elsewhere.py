"""A page and its JSON tell where else a thing is, with the state of each: nobody takes a guess for an identity."""

import re
from typing import Any

import pytest

from conftest import Published
from test_links_files import BASE, linked

__all__ = ["linked"]


def told(linked: Published, key: str) -> dict[str, list[dict[str, Any]]]:
    """What the JSON of a light says of where else it is, by state."""
    answer = linked.get(f"/doc/{linked.ids[key]}.json").json
    assert answer
    found: dict[str, list[dict[str, Any]]] = {}
    for each in answer.get("links", ()):
        found.setdefault(each["state"], []).append(each)
    return found


def section(linked: Published, key: str, language: str = "en") -> str:
    page = linked.get(f"/doc/{linked.ids[key]}.html?lang={language}").text
    match = re.search(r'<section aria-labelledby="elsewhere">.*?</section>', page, re.DOTALL)
    return match[0] if match else ""


def test_json_has_records_of_others_registers_and_what_is_related(linked: Published) -> None:
    found = told(linked, "creach")
    assert set(found) == {"same", "register", "stated", "related"}
    own, theirs = found["same"]
    assert own["dataset"]["label"] == "Lighthouses"
    assert (theirs["id"], theirs["key"]) == (f"{BASE}id/{linked.ids['creac-h']}", "creac-h")
    assert theirs["page"] == "https://theirs.example/lights/17"
    assert (theirs["dataset"]["label"], theirs["why"]) == ("Theirs", "the same tower")
    numbers = {(each["register"], each["number"]) for each in found["register"]}
    assert numbers == {
        ("XI-WIKIDATA", "Q1412000"),
        ("FR-INSEE", "552081317"),
        ("FR-SIRET", "55208131766522"),
    }
    assert found["register"][0]["page"] == "https://www.wikidata.org/wiki/Q1412000"
    assert [each["id"] for each in found["stated"]] == ["https://phares.example/créach"]
    (related,) = found["related"]
    assert (related["label"], related["by"], related["guess"]) == ("Le Stiff", "Léa", False)


def test_a_guess_says_that_it_is_one(linked: Published) -> None:
    found = told(linked, "stiff-2")
    assert set(found) == {"perhaps"}
    (guess,) = found["perhaps"]
    assert (guess["label"], guess["guess"], guess["score"]) == ("Le Stiff", True, 0.93)
    assert "by" not in guess
    assert "a machine’s guess, nobody has looked yet" in section(linked, "stiff-2")
    assert "Perhaps the same" in section(linked, "stiff-2")


def test_what_is_unlikely_or_denied_is_not_on_a_page(linked: Published) -> None:
    assert told(linked, "nividic") == {}
    assert section(linked, "nividic") == ""
    assert told(linked, "pharos") == {}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ("The same thing in", "decided by hand", "Related, but not the same", "judged by Léa", "In registers")),
        ("fr", ("La même chose dans", "décidé à la main", "Lié, mais distinct", "jugé par Léa", "Dans les registres")),
    ],
)
def test_the_page_tells_it_in_words(linked: Published, language: str, words: tuple[str, ...]) -> None:
    text = section(linked, "creach", language)
    for each in words:
        assert each in text
    assert 'href="https://theirs.example/lights/17"' in text
    assert 'href="https://annuaire-entreprises.data.gouv.fr/entreprise/552081317"' in text
    assert f'href="/doc/{linked.ids["stiff"]}"' in text or f'href="/id/{linked.ids["stiff"]}"' in text


def test_the_page_tells_it_as_a_table_a_row_for_each(linked: Published) -> None:
    text = section(linked, "creach")
    assert text.count("<tr>") == 1 + sum(map(len, told(linked, "creach").values()))
    assert text.count('<th scope="col">') == 3


def test_a_merged_address_shows_the_same_in_one_hop(linked: Published) -> None:
    answer = linked.get(f"/doc/{linked.ids['creac-h']}.json")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/doc/{linked.ids['creach']}.json")
