"""The map in Debian's chromium: with the keyboard, on phones, without a script, and without anybody being told."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from conftest import ROOT, TINY, publish
from mapped import NUMBER, PLACE, TOGETHER, mapped
from serving import serving
from solld import site

CHROMIUM = Path("/usr/bin/chromium")
AXE = ROOT / "tests/clients/node_modules/axe-core/axe.min.js"
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PORT = f"{PLACE[1] - 0.2},{PLACE[0] - 0.2},{PLACE[1] + 0.2},{PLACE[0] + 0.2}"


def served(folder: Path, settings: str) -> Iterator[str]:
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    with (folder / "site.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    publish(mapped(site.load(folder))).close()
    with serving(folder) as server:
        yield f"http://127.0.0.1:{server.port}"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site whose points are clustered in the browser."""
    yield from served(tmp_path_factory.mktemp("here") / "site", "")


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same site, whose points are clustered on the server."""
    yield from served(tmp_path_factory.mktemp("there") / "site", "\n[map]\npoints = 3\n")


@pytest.fixture(scope="module", params=["in the browser", "on the server"])
def clustered(request: pytest.FixtureRequest) -> str:
    return str(request.getfixturevalue("here" if request.param == "in the browser" else "there"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("chromium is not installed")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


class Seen:
    """What a page has asked for and said while it was looked at."""

    def __init__(self, page: Page):
        self.hosts: set[str] = set()
        self.said: list[str] = []
        page.on("request", lambda request: self.hosts.add(re.sub(r"(https?://[^/]+).*", r"\1", request.url)))
        page.on("console", lambda message: self.said.append(message.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="fr-FR", viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    yield context.new_page()
    context.close()


def opened(page: Page, address: str) -> Seen:
    seen = Seen(page)
    page.goto(address)
    page.wait_for_selector("#map .bubble, #map .dot")
    return seen


def focused(page: Page, name: str) -> Any:
    return page.evaluate(f"document.activeElement.{name}")


def counted(page: Page) -> int:
    """How many the heading of the list says are in view."""
    found = re.match(r"\d+", page.locator("#map-number").inner_text())
    return int(found[0]) if found else 0


def test_the_map_shows_the_points_and_tells_nobody(page: Page, clustered: str) -> None:
    seen = opened(page, f"{clustered}/map")
    assert page.locator("#map .land").count() > 200
    assert page.locator("#map .bubble").count() >= 1
    assert seen.hosts == {clustered}
    assert seen.said == []


def test_numbers_of_what_is_in_view_are_exact(page: Page, clustered: str) -> None:
    opened(page, f"{clustered}/map?bbox=-170,-60,170,75")
    bubbles = [int(each) for each in page.locator("#map .bubble").all_inner_texts()]
    assert sum(bubbles) + page.locator("#map .dot").count() == NUMBER == counted(page)


def test_a_cluster_is_opened_with_the_keyboard_until_it_is_a_list(page: Page, clustered: str) -> None:
    opened(page, f"{clustered}/map?bbox={PORT}")
    page.locator("#map .bubble").focus()
    assert focused(page, "getAttribute('role')") == "button"
    assert focused(page, "getAttribute('aria-label')") == f"{TOGETHER} résultats : agrandir"
    for _ in range(20):
        page.keyboard.press("Enter")
        page.wait_for_timeout(150)
        if page.locator(".leaflet-popup").count():
            break
        page.locator("#map .bubble:focus").wait_for()
    popup = page.locator(".leaflet-popup")
    popup.locator("li").first.wait_for()
    assert popup.locator("li").count() == TOGETHER
    assert focused(page, "textContent").startswith("Feu du port")
    page.keyboard.press("Escape")
    page.locator("#map .bubble:focus").wait_for()
    assert page.locator(".leaflet-popup").count() == 0


def test_a_point_tells_what_it_is_and_leads_to_its_page(page: Page, clustered: str) -> None:
    opened(page, f"{clustered}/map?bbox=-1.3,45.5,-1.0,45.7")
    page.locator("#map .dot").focus()
    assert focused(page, "getAttribute('aria-label')") == "Cordouan, Phare"
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup")
    assert popup.locator(".soft").inner_text() == "Phare"
    popup.get_by_role("link", name="Cordouan").click()
    page.wait_for_url(re.compile(r"/doc/"))
    assert page.locator("h1").inner_text() == "Cordouan"


def test_the_list_and_the_address_follow_the_view(page: Page, clustered: str) -> None:
    opened(page, f"{clustered}/map?q=feu&bbox={PORT}")
    assert counted(page) == TOGETHER
    assert page.locator("#map-list a").first.inner_text().startswith("Feu du port")
    page.locator("#map").focus()
    before = page.url
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
        page.wait_for_timeout(30)
    page.locator("#map-list a").first.wait_for(state="detached")
    assert counted(page) == 0
    assert page.url != before
    assert "q=feu" in page.url
    kept = page.url
    page.reload()
    page.locator("#map-number", has_text=re.compile(r"\d")).wait_for()
    assert page.url == kept


def test_the_results_in_the_view_are_found_as_a_list(page: Page, clustered: str) -> None:
    opened(page, f"{clustered}/map?bbox={PORT}")
    page.locator("#map-more").click()
    page.wait_for_url(re.compile(r"/search\?bbox="))
    assert page.locator(".total").inner_text().startswith(f"{TOGETHER} ")


def test_zooming_in_parts_clusters(page: Page, here: str) -> None:
    opened(page, f"{here}/map?bbox=-5,47,8,50")
    before = page.locator("#map .dot").count()
    for _ in range(2):
        page.get_by_role("button", name="Plus près").click()
        page.wait_for_timeout(200)
    page.locator("#map .dot").nth(before).wait_for()


def test_names_are_in_the_language_of_the_page(page: Page, here: str) -> None:
    opened(page, f"{here}/map?lang=en&bbox=-12,36,25,58")
    assert "Germany" in page.locator("#map .name").all_inner_texts()
    opened(page, f"{here}/map?lang=fr&bbox=-12,36,25,58")
    assert "Allemagne" in page.locator("#map .name").all_inner_texts()


@pytest.mark.parametrize("width", [1280, 390])
def test_targets_are_large_enough_and_nothing_is_cut(browser: Browser, here: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    page = context.new_page()
    opened(page, f"{here}/map")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = page.evaluate(
        "[...document.querySelectorAll('#map .bubble, #map .dot, #map .leaflet-bar a, main .beside a, main .regs a')]"
        ".map(e => e.getBoundingClientRect()).filter(r => r.width && r.height).map(r => Math.min(r.width, r.height))"
    )
    context.close()
    assert min(sizes) >= 20
    assert sum(size < 24 for size in sizes) / len(sizes) < 0.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, here: str, scheme: Any) -> None:
    if not AXE.exists():
        if os.environ.get("CI"):
            pytest.fail("axe-core is not installed; make test does that")
        pytest.skip("axe-core is not installed")
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce", bypass_csp=True)
    page = context.new_page()
    opened(page, f"{here}/map?bbox=-5,42,9,51")
    page.locator("#map .dot").first.click()
    page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
    found = page.evaluate("axe.run().then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.html)]))")
    context.close()
    assert found == []


def test_without_a_script_there_are_territories_and_links(browser: Browser, here: str) -> None:
    context = browser.new_context(java_script_enabled=False, locale="fr-FR")
    page = context.new_page()
    page.goto(f"{here}/map?bbox={PORT}")
    assert not page.locator("#map").is_visible()
    assert page.locator("svg.areas").count() == 2
    assert page.get_by_text(f"{TOGETHER} dans la zone").is_visible()
    page.get_by_role("link", name="Voir en liste").last.click()
    assert page.locator(".total").inner_text().startswith(f"{TOGETHER} ")
    context.close()
