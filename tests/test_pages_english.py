"""Every type of page in English, for everybody: seen by axe at two widths, its colours at one of them."""

import pytest

from browsing import Contexts, problems
from pagetypes import PAGES, PageType
from visited import Visited


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_is_for_everybody(visit: Visited, contexts: Contexts, axe: str, kind: PageType) -> None:
    assert problems(contexts.get(locale="en"), visit.address(kind.path), kind, "en", axe, coloured="narrow") == []
