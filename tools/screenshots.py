"""Pictures of every type of page at two widths, some in the dark, with a sheet of them all: make screenshots.

Without an address the site of the tests is made and served; with --at, a site that runs, whose own pages are then given
as paths: tools/screenshots.py --at http://127.0.0.1:8000 / /search?q=jardin /map
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "src")]

from browsing import CHROMIUM, FLAGS, NARROW, WIDE, Contexts, seen  # noqa: E402
from pagetypes import PAGES, PageType  # noqa: E402
from serving import serving  # noqa: E402
from visited import Visited, visited  # noqa: E402

DARK = ("home", "group", "charter", "search", "map", "values", "networks", "results")  # also taken in the dark
LOOKS = (("wide", WIDE), ("narrow", NARROW))
SHEET = """<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>Every type of page</title>
<style>body{{font:16px/1.4 sans-serif;margin:1rem;background:#eee}}main{{display:flex;flex-wrap:wrap;gap:1rem;
align-items:start}}figure{{margin:0;background:#fff;padding:.4rem}}img{{height:26rem;width:auto;max-width:100%;
object-fit:cover;object-position:top}}</style><h1>Every type of page</h1><main>{figures}</main></html>
"""


@contextmanager
def running(at: str) -> Iterator[Visited]:
    """A site that runs: the one at an address, or that of the tests."""
    if at:
        yield Visited(None, {}, at.removeprefix("http://").rstrip("/"))  # type: ignore[arg-type]
        return
    texts = Path(os.environ.get("SOLLD_SHARED", ROOT.parent / "shared")) / "seeds"
    with tempfile.TemporaryDirectory(prefix="solld-pictures-") as folder:
        made = visited(Path(folder) / "site", texts)
        with serving(made.settings.folder, "--workers", "1") as server:
            yield Visited(made.settings, made.names, f"127.0.0.1:{server.port}")


def take(site: Visited, kinds: list[PageType], folder: Path, language: str) -> list[str]:
    """Takes the pictures; the names of their files."""
    names = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        contexts = Contexts(browser)
        for kind in kinds:
            for look, window in LOOKS:
                for scheme in ("light", "dark") if kind.name in DARK else ("light",):
                    context = contexts.get(viewport=window, color_scheme=scheme, locale=language)
                    with seen(context, site.address(kind.path), kind) as found:
                        found.page.wait_for_load_state("networkidle")
                        names.append(f"{quote(kind.name, safe='')}-{look}-{scheme}.png".replace("%", "_"))
                        found.page.screenshot(path=folder / names[-1], full_page=True)
        browser.close()
    return names


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", help="of pages; names of types if no address is given; all of them if none")
    parser.add_argument("--at", default="", help="the address of a site that runs")
    parser.add_argument("--out", type=Path, default=ROOT / "var/screenshots", help="a folder")
    parser.add_argument("--language", default="fr")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.at:
        kinds = [PageType(path.strip("/") or "home", path) for path in options.paths or ["/"]]
    else:
        kinds = [each for each in PAGES if each.name in options.paths or not options.paths]
    with running(options.at) as site:
        names = take(site, kinds, options.out, options.language)
    figures = "".join(
        f'<figure><a href="{name}"><img src="{name}" alt=""></a><figcaption>{escape(name)}</figcaption></figure>'
        for name in names
    )
    (options.out / "index.html").write_text(SHEET.format(figures=figures), encoding="utf-8")
    print(f"{len(names)} pictures in {options.out}; all of them: {options.out / 'index.html'}")


if __name__ == "__main__":
    main()
