"""Programs of others match lists against a running service: OpenRefine, reconciler, pages of other origins."""

import json
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy
import pandas
import pytest
import reconciler
from playwright.sync_api import Browser, sync_playwright

from conftest import identifiers
from refine import Refine, running
from serving import serving
from solld import build, release
from test_reconcile import organisations

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"]
FLAGS += ["--disable-background-networking", "--disable-component-update"]
TABLE = (  # name, town, the key of what is meant; "" for nothing that is here
    ("Les Jardins de l'Avenir", "Angers", "jardins"),
    ("Huerta Comun", "Madrid", "huerta"),
    ("Cooperative St-Jean", "Bordeaux", "saintjean"),
    ("Emmaus", "Pau", "emmaus-pau"),
    ("Zxqw Plof", "Paris", ""),
)


@dataclass(frozen=True)
class Live:
    """A service that runs, and the identifiers of what it has, by key."""

    address: str
    ids: dict[str, str]


def needs(found: object, name: str) -> None:
    """Skips where a program is not installed; in CI that is a failure."""
    if not found:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not installed")
        pytest.skip(f"{name} is not installed")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    settings = organisations(tmp_path_factory.mktemp("clients") / "site")
    made = build.build(settings).release
    assert made is not None
    release.publish(settings, made.number)
    with serving(settings.folder, "--workers", "2") as server:
        yield Live(f"http://127.0.0.1:{server.port}", identifiers(settings))


@pytest.fixture(scope="module")
def openrefine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Refine]:
    needs(shutil.which("openrefine"), "openrefine")
    with running(tmp_path_factory.mktemp("openrefine")) as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    needs(CHROMIUM.exists(), "chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


def table() -> str:
    return "name,town\n" + "".join(f'"{name}",{town}\n' for name, town, _ in TABLE)


# --- OpenRefine -------------------------------------------------------------------------------------------------------


def test_openrefine_matches_what_is_safe_and_extends_it(live: Live, openrefine: Refine) -> None:
    project = openrefine.project(table())
    towns = [{"column": "town", "property": {"id": "addressLocality", "name": "locality"}}]
    found = openrefine.reconcile(project, f"{live.address}/reconcile", "solld:Actor", towns)
    matched = [each["m"]["id"] if each and each["j"] == "matched" else "" for each in found]
    assert matched == [live.ids.get(key, "") for _, _, key in TABLE]
    extended = openrefine.extend(project, len(TABLE), "name", "postalCode", "identifier")
    assert [column["name"] for column in extended["columns"]] == ["nom", "code postal", "numéro de registre"]
    name, *values = extended["rows"][0]
    assert (name, values) == (TABLE[0][0], ["Les Jardins de l'Avenir", "49000", "FR-INSEE-552081317"])
    assert extended["rows"][3][1:3] == ["Emmaüs", "64000"]


def test_openrefine_leaves_namesakes_to_people(live: Live, openrefine: Refine) -> None:
    project = openrefine.project('name\n"Emmaus"\n"Les Jardin de l Avenr"\n')
    namesakes, misspelt = openrefine.reconcile(project, f"{live.address}/reconcile", "solld:Actor")
    assert namesakes["j"] == "none"
    assert {each["id"] for each in namesakes["c"][:2]} == {live.ids["emmaus-lyon"], live.ids["emmaus-pau"]}
    assert misspelt["c"][0]["id"] == live.ids["jardins"]


def test_openrefine_keeps_a_merged_identifier(live: Live, openrefine: Refine) -> None:
    old = live.ids["moulin-2"]
    project = openrefine.project(f"name\n{old}\n")
    (found,) = openrefine.reconcile(project, f"{live.address}/reconcile", "solld:Actor")
    assert (found["j"], found["m"]["id"], found["m"]["name"]) == ("matched", old, "Le Moulin d'Orvault")
    assert openrefine.extend(project, 1, "addressLocality")["rows"][0][-1] == "Orvault"


def test_the_page_of_openrefine_matches_a_column(live: Live, openrefine: Refine, browser: Browser) -> None:
    project = openrefine.project(table())
    page = browser.new_page(locale="en-GB")
    page.set_default_timeout(20_000)
    page.goto(f"{openrefine.address}project?project={project}")
    page.locator("[title='name'] .column-header-menu").click()
    page.locator(".menu-item", has_text="Reconcile").first.hover()
    page.locator(".menu-item", has_text="Start reconciling").click()
    page.get_by_role("button", name="Add standard service").click()
    page.locator(".input-container input").fill(f"{live.address}/reconcile")
    page.get_by_role("button", name="Add service").click()
    # The types are those of the best candidates of the first rows, which OpenRefine asks for.
    # The list of services lies over them until the mouse leaves it.
    page.locator("input[name='type-choice'][value='solld:Actor']").dispatch_event("click")
    page.get_by_role("button", name="Start reconciling").click()
    link = page.locator(f"a[href='https://w3id.org/solld/id/{live.ids['jardins']}']").first
    link.wait_for()
    assert link.inner_text() == "Les Jardins de l'Avenir"
    matched = [cells[0]["r"]["m"]["id"] for cells in openrefine.rows(project) if cells[0]["r"]["j"] == "matched"]
    page.close()
    assert live.ids["jardins"] in matched
    assert live.ids["huerta"] in matched
    assert live.ids["emmaus-pau"] not in matched  # its town was not told


# --- reconciler -------------------------------------------------------------------------------------------------------


def test_reconciler_finds_all(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy, "NaN", numpy.nan, raising=False)  # it calls so what it writes for a name without answer
    frame = pandas.DataFrame([each[:2] for each in TABLE], columns=["name", "town"])
    found = reconciler.reconcile(
        frame["name"],
        type_id="solld:Actor",
        property_mapping={"addressLocality": frame["town"]},
        reconciliation_endpoint=f"{live.address}/reconcile",
    )
    sure = {row["input_value"]: row["id"] for _, row in found.iterrows() if row["match"] is True}
    assert sure == {name: live.ids[key] for name, _, key in TABLE if key}


# --- pages of other origins -------------------------------------------------------------------------------------------


@contextmanager
def elsewhere() -> Iterator[str]:
    """The address of a page of another origin, with nothing on it."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(b"<!DOCTYPE html><title>elsewhere</title>")

        def log_message(self, *told: Any) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()


FETCH = """async ([url, body]) => {
  const answer = await fetch(url, {method: "POST", body,
    headers: {"Content-Type": "application/json", "Accept-Language": "es"}});
  return await answer.json();
}"""
SCRIPT = """(url) => new Promise((resolve, reject) => {
  window.told = resolve;
  const script = document.createElement("script");
  script.src = url;
  script.onerror = reject;
  document.head.append(script);
})"""


def test_a_page_of_another_origin_asks_with_a_preflight(live: Live, browser: Browser) -> None:
    query = {"conditions": [{"matchType": "name", "propertyValue": "Huerta Común"}]}
    with elsewhere() as address:
        page = browser.new_page()
        page.goto(address)
        told = page.evaluate(FETCH, [f"{live.address}/reconcile/v1/match", json.dumps({"queries": [query]})])
        page.close()
    (first, *_) = told["results"][0]["candidates"]
    assert (first["id"], first["match"]) == (live.ids["huerta"], True)
    assert "España" in first["description"]


def test_a_page_of_another_origin_asks_by_a_script(live: Live, browser: Browser) -> None:
    with elsewhere() as address:
        page = browser.new_page()
        page.goto(address)
        told = page.evaluate(SCRIPT, f"{live.address}/reconcile?query=Huerta&callback=told")
        page.close()
    assert told["result"][0]["id"] == live.ids["huerta"]


def test_a_preview_is_seen_in_a_frame_of_another_origin(live: Live, browser: Browser) -> None:
    with elsewhere() as address:
        page = browser.new_page()
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
        page.goto(address)
        source = f"{live.address}/reconcile/preview?id={live.ids['jardins']}"
        page.set_content(f'<iframe width="430" height="200" src="{source}"></iframe>')
        frame = page.frame_locator("iframe")
        assert frame.locator("h1").inner_text() == "Les Jardins de l'Avenir"
        tall = frame.locator("html").evaluate("node => [node.scrollWidth, node.scrollHeight]")
        page.close()
    assert tall[0] <= 430
    assert tall[1] <= 200
    assert refused == []
