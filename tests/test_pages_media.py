"""Every type of page printed, in a narrow or enlarged window, with the reader's colours, and without motion."""

import pytest

from browsing import NARROW, SMALLEST, WIDE, Contexts, Seen, seen
from pagetypes import PAGES, PageType
from visited import Visited

SHEET = {"width": 718, "height": 1000}  # the print area of A4 with margins of 1 cm, in CSS pixels
CHROME = "header.top, footer, nav, .skip, form button, .toc"
MOVING = """() => [...document.querySelectorAll("*")].filter((node) => {
  const style = getComputedStyle(node);
  const lasts = (text) => text.split(",").some((each) => parseFloat(each) > 0);
  return lasts(style.transitionDuration) || (style.animationName !== "none" && lasts(style.animationDuration)) ||
    style.scrollBehavior === "smooth";
}).slice(0, 5).map((node) => node.outerHTML.slice(0, 150))"""
# https://www.w3.org/TR/WCAG22/#text-spacing
SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`* {line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important}
    p {margin-bottom: 2em !important}`);
  document.adoptedStyleSheets = [sheet];
}"""
CLIPPED = """() => [...document.body.querySelectorAll("*")].filter((node) => {
  const style = getComputedStyle(node), clips = (way) => ["hidden", "clip"].includes(way);
  if (!node.checkVisibility() || !node.innerText || node.closest(".sr, svg, .leaflet-container")) return false;
  // hidden, or cut short on purpose
  if (style.clipPath !== "none" || style.webkitLineClamp !== "none" || style.textOverflow === "ellipsis") return false;
  return (clips(style.overflowY) && node.scrollHeight > node.clientHeight + 2) ||
    (clips(style.overflowX) && node.scrollWidth > node.clientWidth + 2);
}).slice(0, 5).map((node) => node.outerHTML.slice(0, 150))"""
# With the reader's colours backgrounds are gone: what is pressed or filled in must have an edge, or be as a link is.
EDGELESS = """() => [...document.querySelectorAll("button, input:not([type=hidden]), select, textarea, .btn")]
  .filter((node) => node.checkVisibility() && !["checkbox", "radio", "range"].includes(node.type))
  .filter((node) => ![node, node.parentElement].some((each) => parseFloat(getComputedStyle(each).borderTopWidth)))
  .filter((node) => getComputedStyle(node).textDecorationLine !== "underline")
  .map((node) => node.outerHTML.slice(0, 150))"""


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_is_printed_without_what_surrounds_it(
    visit: Visited, contexts: Contexts, axe: str, kind: PageType
) -> None:
    with seen(contexts.get(color_scheme="dark"), visit.address(kind.path), kind) as found:
        found.page.emulate_media(media="print")
        found.page.set_viewport_size(SHEET)  # type: ignore[arg-type]
        around = found.page.locator(CHROME).all()
        assert [each.evaluate("node => node.outerHTML.slice(0, 100)") for each in around if each.is_visible()] == []
        assert found.page.locator("h1").first.is_visible()
        paper = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert paper in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")
        assert found.overflow() == []
        assert found.faint(axe, "dark") == []


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_can_be_narrow_enlarged_and_spaced_and_nothing_moves(
    visit: Visited, contexts: Contexts, kind: PageType
) -> None:
    with seen(contexts.get(viewport=NARROW), visit.address(kind.path), kind) as found:
        assert found.overflow() == []  # a script may look at the width when the page is opened
        assert found.page.evaluate(MOVING) == []
        found.page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        found.page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert found.overflow() == []
        found.page.evaluate("document.documentElement.style.fontSize = ''")
        found.page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
        assert found.overflow() == []
        found.page.evaluate(SPACED)
        assert found.overflow() == []
        assert found.page.evaluate(CLIPPED) == []


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_keeps_its_edges_with_colours_of_the_reader(visit: Visited, contexts: Contexts, kind: PageType) -> None:
    with seen(contexts.get(forced_colors="active"), visit.address(kind.path), kind) as found:
        assert found.page.evaluate("matchMedia('(forced-colors: active)').matches")
        assert found.page.evaluate(EDGELESS) == []


FAINT = """<!doctype html><html lang="en"><title>A list</title><style>
  body { background: #fff } li { color: #222 } .soft { color: #c4c4c4 } section { background: #333; color: #eee }
  @media (prefers-color-scheme: dark) { body { background: #111; color: #eee } li { color: #ddd }
    li:nth-child(400) a { color: #222 !important } section { background: #222 } }
</style><main><h1>A list</h1><ul>{items}</ul><section><p>On dark <b>ground</b></p></section></main>"""
ITEMS = "".join(f'<li>Entry {n} <a href="/{n}" style="color: inherit">of a list</a></li>' for n in range(300))


@pytest.mark.parametrize(
    ("item", "wrong"),
    [
        ("<li class=soft>An entry</li>", ["light: color-contrast ['.soft']"]),
        ("<li>An entry <a href='/x' style='color: #ccc'>of a list</a></li>", ["light: color-contrast ['a[href"]),
        ("<li><section>In <i style='color: #444'>itself</i></section></li>", ["light: color-contrast ['i']"]),
    ],
)
def test_what_is_faint_is_found_among_many_that_are_alike(
    contexts: Contexts, axe: str, item: str, wrong: list[str]
) -> None:
    page = contexts.get().new_page()
    page.set_content(FAINT.replace("{items}", ITEMS + item + ITEMS))
    assert page.locator("*").count() > 1200
    found = Seen(page, PAGES[0]).faint(axe, "light", "dark")
    # The link in the middle of the list is faint in the dark alone, by its place.
    *light, dark = [each for each in found if not each.startswith("dark: color-contrast ['i']")]
    assert [each[: len(start)] for each, start in zip(light, wrong, strict=True)] == wrong
    assert "of a list" in dark
    page.close()
