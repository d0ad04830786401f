"""The editor of queries in a browser: completion from the data, mistakes at their place, the keyboard, no script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from browsing import Contexts, seen
from pagetypes import PAGES
from visited import Visited

(KIND,) = (each for each in PAGES if each.name == "sparql")
NAMED = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"


@pytest.fixture
def page(visit: Visited, contexts: Contexts) -> Iterator[Page]:
    with seen(contexts.get(), visit.address(KIND.path), KIND) as found:
        yield found.page
        assert found.said == []


def write(page: Page, text: str) -> None:
    """Writes in place of all; brackets are closed by the editor as they are by people."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(text)


def written(page: Page) -> str:
    return "\n".join(page.locator(".cm-line").all_inner_texts())


def test_a_property_is_found_by_its_label_and_brings_its_prefix(page: Page) -> None:
    write(page, "SELECT * WHERE { ?who a <https://w3id.org/solld/ns#Actor> ; no")
    page.keyboard.type("m")
    first = page.locator(".cm-tooltip-autocomplete li", has_text="skos:prefLabel")
    first.wait_for()
    assert "nom" in first.inner_text()
    first.click()
    assert written(page).startswith(f"{NAMED}\nSELECT")
    assert written(page).endswith("skos:prefLabel")


def test_the_properties_of_the_class_come_first(page: Page) -> None:
    write(page, "SELECT * WHERE { ?who a <https://w3id.org/solld/ns#Statement> ; ")
    page.keyboard.press("Control+Space")
    options = page.locator(".cm-tooltip-autocomplete li")
    options.first.wait_for()
    statement = options.all_inner_texts()
    page.keyboard.press("Escape")
    write(page, "SELECT * WHERE { ?who a <https://w3id.org/solld/ns#Actor> ; ")
    page.keyboard.press("Control+Space")
    options.first.wait_for()
    assert options.all_inner_texts()[:10] != statement[:10]


def test_a_mistake_is_marked_at_its_place_and_told_with_a_hint(page: Page) -> None:
    write(page, "SELECT * WHERE {\n  ?s foaf:name ?o .\n}")
    page.locator(".cm-lintRange-error").wait_for()
    assert page.locator(".cm-lintRange-error").inner_text() == "foaf:name"
    state = page.locator("#query-state")
    assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in state.inner_text()
    state.get_by_role("button").click()
    assert page.evaluate("document.activeElement.shadowRoot !== null")
    write(page, "SELECT * WHERE { ?s ?p ?o }")
    state.wait_for(state="hidden")


def test_the_keyboard_runs_a_query_and_is_not_trapped(page: Page) -> None:
    write(page, 'SELECT ("là" AS ?here) { }')
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.shadowRoot === null")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/sparql?query=*")
    assert page.locator("table.answers td").all_inner_texts() == ["là"]
    assert written(page) == 'SELECT ("là" AS ?here) { }'


def test_without_a_script_the_form_runs_and_rows_are_sorted_by_links(visit: Visited, contexts: Contexts) -> None:
    with seen(contexts.get(java_script_enabled=False), visit.address(KIND.path), KIND) as found:
        page = found.page
        page.get_by_role("textbox", name="Requête").fill("SELECT ?n { VALUES ?n { 2 3 1 } } LIMIT 3")
        page.get_by_role("button", name="Exécuter").first.click()
        page.locator("thead a").click()
        assert page.locator("table.answers td").all_inner_texts() == ["1", "2", "3"]
        page.locator("thead a").click()
        assert page.locator("table.answers td").all_inner_texts() == ["3", "2", "1"]
