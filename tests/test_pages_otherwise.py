"""Every type of page without scripts, and with the keyboard alone."""

from typing import Any

import pytest

from browsing import Contexts, Seen, seen
from pagetypes import PAGES, PageType
from visited import Visited

MORE = 10  # times that Tab is pressed beyond what there is to reach, before we say that there is no way on
LONG = 80  # elements; of what has more, these are walked through, and then as many before the end
# Each element that gets the focus, with whether one sees that; elements are numbered as they stand in the page.
WALK = """() => {
  const all = [...document.querySelectorAll("*")], at = new Map(all.map((node, n) => [node, n]));
  const told = (node, more) => ({at: at.get(node), html: node.outerHTML.slice(0, 150), ...more});
  window.walked = [];
  window.to = (n) => all[n].focus();
  window.outlined = (node) => getComputedStyle(node).outlineStyle !== "none" &&
    parseFloat(getComputedStyle(node).outlineWidth) >= 2;
  // An editor in a root of its own: the element around it has the outline, a moment after the focus.
  window.within = async (n) => {
    all[n].shadowRoot.querySelector("[contenteditable=true], input, textarea").focus();
    for (let tries = 0; tries < 50 && !outlined(all[n]); tries++) await new Promise((then) => setTimeout(then, 100));
    return outlined(all[n]);
  };
  addEventListener("focusin", (event) => {
    const box = event.target.getBoundingClientRect(), shadow = event.target.shadowRoot !== null;
    const seen = [event.target, event.target.parentElement].some(outlined);  // a field may have it around its box
    const shown = (seen || shadow) && box.width > 0 && box.height > 0 && box.right > 0;
    walked.push(told(event.target, {shown, shadow}));
  }, true);
  return all.filter((node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({visibilityProperty: true}))
    .filter((node) => node.matches("a[href], button, input, select, textarea, summary, [tabindex]"))
    .filter((node) => node.type !== "radio" || node.checked)
    .map((node) => told(node, {}));
}"""
Steps = list[dict[str, Any]]


def walk(found: Seen, times: int) -> Steps:
    """Holds Tab for so many steps; the elements that the focus was on since the page was opened."""
    for _ in range(times):
        found.page.keyboard.down("Tab")
    found.page.keyboard.up("Tab")
    told: Steps = found.page.evaluate("walked")
    return told


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_needs_no_script(visit: Visited, contexts: Contexts, kind: PageType) -> None:
    address = visit.address(kind.path)
    with seen(contexts.get(), address, kind) as found:
        heading = found.page.locator("h1").first.inner_text()
        links = set(
            found.page.locator("main a[href]").evaluate_all("nodes => nodes.map((node) => node.getAttribute('href'))")
        )
    with seen(contexts.get(java_script_enabled=False), address, kind) as found:
        assert found.page.locator("h1").first.inner_text() == heading
        assert found.page.locator("h1").first.is_visible()
        plain = set(
            found.page.locator("main a[href]").evaluate_all("nodes => nodes.map((node) => node.getAttribute('href'))")
        )
        assert plain or kind.framed or kind.status >= 400
        assert kind.script > 9 or links - plain == set()  # what such a script adds is another way to what is there
        assert not [each for each in plain if each.startswith("javascript:")]
        forms = found.page.locator("form" if kind is PAGES[0] else "main form")  # all pages have the same head
        for n in range(forms.count()):
            if n:
                found.page.goto(address)
            form = forms.nth(n)
            form.evaluate("node => node.closest('details')?.setAttribute('open', '')")
            with found.page.expect_navigation() as told:
                form.locator("button, input[type=submit]").first.click()
            assert told.value.status < 500
            assert told.value.headers["content-type"].startswith("text/html")
            assert found.page.locator("h1").first.is_visible()
        assert found.hosts() == {visit.host}


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_the_keyboard_reaches_everything_and_one_sees_where_it_is(
    visit: Visited, contexts: Contexts, kind: PageType
) -> None:
    with seen(contexts.get(), visit.address(kind.path), kind) as found:
        if kind.script > 9:
            found.page.wait_for_load_state("networkidle")  # a map has more to reach when its points are there
        wanted: Steps = found.page.evaluate(WALK)
        if len(wanted) > 2 * LONG:
            walk(found, LONG + 1)  # an editor is a step that is in no list
            found.page.evaluate("(n) => to(n)", wanted[-LONG]["at"])
            wanted = [*wanted[:LONG], *wanted[-LONG:]]
        steps = walk(found, len(wanted) + MORE)
        around = [n for n, each in enumerate(steps) if n and each["at"] == steps[0]["at"]]
        assert around or not wanted, f"no way on from {steps[-1]}"
        steps = steps[: around[0]] if around else []
        places = [each["at"] for each in steps]
        assert places == sorted(places), "the focus goes in another order than one reads"
        assert [each["html"] for each in wanted if each["at"] not in places] == []
        assert [each["html"] for each in steps if not each["shown"]] == []
        for each in {each["at"] for each in steps if each["shadow"]}:
            assert found.page.evaluate("(n) => within(n)", each)
        if not kind.framed:
            _skips(found, steps[0])


def _skips(found: Seen, first: dict[str, Any]) -> None:
    """The first step is a link that one sees, from which the next is in the content."""
    found.page.evaluate("(n) => to(n)", first["at"])
    skip = found.page.locator(":focus")
    assert skip.get_attribute("href") == "#content"
    assert skip.bounding_box()["x"] >= 0  # type: ignore[index]
    found.page.keyboard.press("Enter")
    found.page.keyboard.press("Tab")
    assert found.page.evaluate("document.activeElement.closest('main, footer') !== null")
