"""Pages in Debian's chromium: opened with what they ask for and say, and looked at by axe and by measure."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

from pagetypes import PAGES, PageType

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SMALLEST = {"width": 320, "height": 568}  # 1280 at 400 %: https://www.w3.org/TR/WCAG22/#reflow
WIDTHS = {"wide": WIDE, "narrow": NARROW}
NAMES = [each.name for each in PAGES]
# What depends on colours is looked at by itself, in the light and in the dark: it takes most of the time of axe.
QUICK = {"resultTypes": ["violations"], "preload": False}
REST = {**QUICK, "rules": {"target-size": {"enabled": True}, "color-contrast": {"enabled": False}}}
COLOURS = {**QUICK, "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# Hides what has the colours of something before it: two elements whose ancestors and themselves have the same
# names, classes and computed looks, in each scheme. A list of a thousand links is one link then, and axe is quicker.
LOOK = """() => {
  window.looks ??= new Map();
  const told = ["color", "backgroundColor", "backgroundImage", "opacity", "fontSize", "fontWeight", "display",
    "visibility", "position", "textDecorationLine"];
  for (const node of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(node);
    const own = [node.localName, node.getAttribute("class"), ...told.map((name) => style[name])].join("|");
    looks.set(node, `${looks.get(node) ?? ""} ${own}`);
  }
}"""
THIN = """() => {
  const whole = new Map(), before = new Set(), alike = new Set(), nodes = [...looks.keys()];
  for (const node of nodes) {
    const look = `${whole.get(node.parentElement) ?? ""}/${looks.get(node)}`;
    whole.set(node, look);
    if (before.has(look)) alike.add(node); else before.add(look);
  }
  for (const node of nodes.reverse()) if ([...node.children].some((each) => !alike.has(each))) alike.delete(node);
  for (const node of alike) node.style.setProperty("display", "none", "important");
}"""
# What sticks out of the window, unless it is in a box that scrolls by itself; the innermost elements only.
OVERFLOW = """() => {
  const room = document.scrollingElement;
  if (room.scrollWidth <= innerWidth) return [];
  const scrolls = (node) => node && node !== document.body && node !== document.documentElement &&
    (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(node).overflowX) || scrolls(node.parentElement));
  const out = [...document.body.querySelectorAll("*")].filter((node) =>
    node.getBoundingClientRect().right > innerWidth + 0.5 && !scrolls(node.parentElement));
  const inner = out.filter((node) => !out.some((other) => other !== node && node.contains(other)));
  return [`${room.scrollWidth} > ${innerWidth}`, ...inner.slice(0, 5).map((node) => node.outerHTML.slice(0, 200))];
}"""


@dataclass
class Seen:
    """A page that is open, with what it asked for and what was said in the console."""

    page: Page
    kind: PageType
    requests: list[Request] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    status: int = 0

    def hosts(self) -> set[str]:
        return {urlsplit(each.url).netloc for each in self.requests if not each.url.startswith(("data:", "blob:"))}

    def overflow(self) -> list[str]:
        """What sticks out at the right; nothing if the page is as wide as the window."""
        found: list[str] = self.page.evaluate(OVERFLOW)
        return found

    def violations(self, axe: str, options: dict[str, Any]) -> list[str]:
        """What axe finds, with the element. The browser runs axe for the debugger, so no CSP is in its way."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(axe)
        found = self.page.evaluate("(options) => axe.run(document, options)", options)
        return [
            f"{each['id']} {node['target']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
            for each in found["violations"]
            for node in each["nodes"][:3]
        ]

    def faint(self, axe: str, *schemes: str) -> list[str]:
        """What is hard to tell from its background, in each colour scheme. The page is of no use afterwards."""
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.page.evaluate(LOOK)
        self.page.evaluate(THIN)
        wrong = []
        for scheme in schemes:
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            wrong += [f"{scheme}: {each}" for each in self.violations(axe, COLOURS)]
        return wrong


class Contexts:
    """Contexts of a browser, one for each combination of options: a context costs more than a page."""

    def __init__(self, browser: Browser):
        self.browser = browser
        self._made: dict[str, BrowserContext] = {}

    def get(self, **options: Any) -> BrowserContext:
        wanted = {"viewport": WIDE, "reduced_motion": "reduce", "locale": "fr", **options}
        key = repr(sorted(wanted.items()))
        if key not in self._made:
            self._made[key] = self.browser.new_context(**wanted)
        return self._made[key]


@contextmanager
def seen(context: BrowserContext, address: str, kind: PageType) -> Iterator[Seen]:
    """A page that is loaded, with its fonts."""
    page = context.new_page()
    found = Seen(page, kind)
    page.on("request", lambda request: found.requests.append(request))
    page.on("response", lambda response: found.responses.append(response))
    page.on("console", lambda message: _note(found, message, address))
    page.on("pageerror", lambda error: found.said.append(f"error: {error}"))
    try:
        answer = page.goto(address, wait_until="load")
        assert answer
        page.evaluate("document.fonts.ready.then(() => true)")
        found.status = answer.status
        yield found
    finally:
        page.close()


def _note(found: Seen, message: ConsoleMessage, address: str) -> None:
    if found.kind.status >= 400 and message.location["url"] == address:
        return  # chromium tells that the page itself is an error, which is no fault of the page
    found.said.append(f"{message.type}: {message.text} {message.location['url']}")


def problems(
    context: BrowserContext, address: str, kind: PageType, language: str, axe: str, coloured: str
) -> list[object]:
    """What keeps people from a page: its language, the console, other hosts, what sticks out, what axe finds.

    No language changes colours: those of one width are enough.
    """
    with seen(context, address, kind) as found:
        wrong: list[object] = [] if found.status == kind.status else [found.status]
        tag = found.page.locator("html").get_attribute("lang")
        wrong += [tag] if tag != language else []
        for name in sorted(WIDTHS, key=lambda each: each == coloured):
            found.page.set_viewport_size(WIDTHS[name])  # type: ignore[arg-type]
            wrong += [(name, each) for each in (*found.overflow(), *found.violations(axe, REST))]
        wrong += [(coloured, each) for each in found.faint(axe, "light", "dark")]
        return [*wrong, *found.said, *(found.hosts() - {urlsplit(address).netloc})]
