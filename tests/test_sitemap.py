"""Sitemaps: every document that is there, none that is not, with the date of its last change."""

from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from conftest import Published, publish
from solld.cli import main
from solld.model import Settings
from solld.web import sitemap
from test_versions import BEGAN, Clock, edit

ROOT = "http://localhost/"


def entries(published: Published, path: str) -> dict[str, datetime]:
    """address -> date."""
    answer = published.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/xml")
    root = ElementTree.fromstring(answer.data)
    space = f"{{{sitemap.NAMESPACE}}}"
    return {
        each.findtext(f"{space}loc", ""): datetime.fromisoformat(each.findtext(f"{space}lastmod", "")) for each in root
    }


def all_entries(published: Published) -> dict[str, datetime]:
    found: dict[str, datetime] = {}
    for address in entries(published, "/sitemap.xml"):
        found |= entries(published, "/" + address.removeprefix(ROOT))
    return found


@pytest.mark.parametrize("size", [1, 3, 50_000])
def test_every_document_that_is_there_is_found(tiny: Settings, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    monkeypatch.setattr(sitemap, "SHELF", size)
    clock = Clock(monkeypatch)
    ids = publish(tiny).ids
    clock.next_day()
    edit(tiny, "54.850", "55.1")
    main(["withdraw", ids["stiff"], "--why", "its keeper asked", "--site", str(tiny.folder)])
    published = publish(tiny)
    found = all_entries(published)
    assert found[f"{ROOT}doc/{ids['creach']}"] == BEGAN + timedelta(days=1)
    assert found[f"{ROOT}doc/{ids['pharos']}"] == BEGAN
    assert f"{ROOT}doc/{ids['stiff']}" not in found
    assert f"{ROOT}dataset/lights" in found
    assert f"{ROOT}doc/scheme/owners/state" in found
    for address in found:
        assert published.get("/" + address.removeprefix(ROOT)).status_code == 200


def test_what_leads_to_another_is_not_listed(tiny: Settings) -> None:
    ids = publish(tiny).ids
    main(["merge", ids["stiff"], ids["creach"], "--why", "the same", "--site", str(tiny.folder)])
    found = all_entries(publish(tiny))
    assert f"{ROOT}doc/{ids['stiff']}" not in found
    assert f"{ROOT}doc/{ids['creach']}" in found


def test_robots_are_told_where_it_is(lights: Published) -> None:
    assert f"Sitemap: {ROOT}sitemap.xml" in lights.get("/robots.txt").text
    assert lights.get("/sitemap-9.xml").status_code == 404
