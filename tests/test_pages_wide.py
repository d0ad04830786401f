"""Every type of page in a wide window, for everybody: seen by axe in light and dark, whole, and from no other host."""

import pytest

from browsing import ALL, DARK, WIDE, Contexts, seen
from pagetypes import PAGES, PageType
from visited import Visited


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_is_for_everybody(visit: Visited, contexts: Contexts, axe: str, kind: PageType, language: str) -> None:
    context = contexts.get(viewport=WIDE, locale=language)
    with seen(context, visit.address(kind.path), kind) as found:
        assert found.status == kind.status
        assert found.page.locator("html").get_attribute("lang") == language
        assert found.said == []
        assert found.hosts() == {visit.host}
        assert found.overflow() == []
        assert found.violations(axe, ALL) == []
        found.page.emulate_media(color_scheme="dark")
        assert found.violations(axe, DARK) == []
