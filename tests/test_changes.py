"""The log of changes: nothing is left out, nothing comes twice, whatever the pages are."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from conftest import Published, publish
from solld.model import Settings
from test_versions import BEGAN, Clock, edit

OTHERS = "https://others.example/it?n=1&m=%C3%A9"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def lived(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> Published:
    """Three releases, a day after another: made, one height changed, one light withdrawn."""
    clock = Clock(monkeypatch)
    edit(tiny, "<stiff> a", f'<{OTHERS}> skos:prefLabel "what others made"@en .\n<stiff> a')
    publish(tiny)
    clock.next_day()
    edit(tiny, "54.850", "55.1")
    publish(tiny)
    clock.next_day()
    edit(tiny, '<pharos> a light:Lighthouse ; skos:prefLabel "Pharos of Alexandria"@en .', "")
    return publish(tiny)


def changes(published: Published, query: str = "") -> list[dict[str, object]]:
    """All of them, following `next`."""
    found: list[dict[str, object]] = []
    path = f"/changes.json?{query}"
    while path:
        answer = published.get(path)
        assert answer.status_code == 200
        told = json.loads(answer.text)
        found += told["changes"]
        path = told.get("next", "").removeprefix("http://localhost")
        assert (f"<http://localhost{path}>" in answer.headers.get("Link", "")) == bool(path)
    return found


@pytest.mark.parametrize("size", [1, 2, 7, 1000])
def test_every_change_comes_once_and_in_its_order(lived: Published, size: int) -> None:
    found = changes(lived, f"size={size}")
    assert found == changes(lived)
    places = [change["place"] for change in found]
    assert places == sorted(set(places))  # type: ignore[type-var]
    times = [datetime.fromisoformat(str(change["time"])) for change in found]
    assert times == sorted(times)
    copy: dict[object, object] = {}
    for change in found:  # what a follower does
        if change["change"] == "removed":
            del copy[change["id"]]
        else:
            copy[change["id"]] = change["address"]
    assert OTHERS in copy
    for address in copy.values():
        assert lived.get(str(address).removeprefix("https://lights.example") + ".nq").status_code == 200
    assert f"https://lights.example/id/{lived.ids['pharos']}" not in copy
    assert f"https://lights.example/id/{lived.ids['creach']}" in copy


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        (f"since={(BEGAN + timedelta(days=1)).date()}&until={(BEGAN + timedelta(days=2)).date()}", {"updated"}),
        (f"since={(BEGAN + timedelta(days=9)).date()}", set()),
        (f"until={(BEGAN + timedelta(hours=1)).strftime('%Y-%m-%dT%H:%M:%SZ')}", {"created"}),
        (f"since={(BEGAN + timedelta(days=2)).isoformat()}", {"removed", "updated"}),
    ],
)
def test_a_span_of_time_can_be_asked_for(lived: Published, query: str, kinds: set[str]) -> None:
    assert {change["change"] for change in changes(lived, query)} == kinds


@pytest.mark.parametrize("query", ["since=yesterday", "until=2026-13-01", "after=x", "size=-1"])
def test_what_is_no_time_or_number_is_refused(lived: Published, query: str) -> None:
    answer = lived.get(f"/changes.json?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.text


def test_the_feed_for_people_has_the_latest_first(lived: Published) -> None:
    answer = lived.get("/changes.atom")
    assert answer.mimetype == "application/atom+xml"
    root = ElementTree.fromstring(answer.data)
    entries = root.findall(f"{ATOM}entry")
    times = [entry.findtext(f"{ATOM}updated", "") for entry in entries]
    assert times == sorted(times, reverse=True)
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == len(changes(lived))
    for entry in entries:
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert lived.get(link.attrib["href"].removeprefix("http://localhost")).status_code in (200, 404, 410)
