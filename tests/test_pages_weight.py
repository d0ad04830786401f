"""What a browser is sent: how much of it, with which headers, and as HTML without an error."""

import json
import re
import shutil
import subprocess
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from browsing import WIDE, seen
from conftest import ROOT, needed
from pagetypes import PAGES, PageType
from visited import Visited

VNU = ROOT / "tests/clients/node_modules/vnu-jar/build/dist/vnu.jar"
KB = 1000  # bytes
HTML = "text/html"
ALIASES = {  # addresses of pages that are of a type which has another address
    *("/catalog", "/void", "/.well-known/void", "/ns/{version}", "/ns/versions", "/dataset/{name}/versions"),
    *("/reconcile/v1/preview", "/doc/{name}/versions.{extension}"),
}
ANSWERS = (  # path, Accept, status: one of each way that answers are made
    *(("/", HTML, 200), ("/doc/{a1}", HTML, 200), ("/sparql", HTML, 200), ("/nothing", HTML, 404)),
    *(("/doc/{a3}", HTML, 410), ("/doc/{a3}", "text/turtle", 410), ("/nothing", "*/*", 404), ("/dump", HTML, 200)),
    *(("/doc/{a1}", "text/turtle", 200), ("/doc/{a1}.geojson", "*/*", 200), ("/doc/{a1}.csv", "*/*", 200)),
    *(("/id/{a1}", "*/*", 303), ("/id/{a2}", "*/*", 301), ("/doc/{a2}", HTML, 301), ("/health", "*/*", 200)),
    *(("/sparql?query=ASK%7B%7D", "*/*", 200), ("/sparql?query=ASK", "*/*", 400), ("/graph?default", "*/*", 200)),
    *(("/sparql?query=SELECT*%7B%3Fs%3Fp%3Fo%7DLIMIT+9", HTML, 200), ("/queries/values-shared", "text/csv", 200)),
    *(
        ("/changes.atom", "*/*", 200),
        ("/sitemap.xml", "*/*", 200),
        ("/robots.txt", "*/*", 200),
        ("{report}", HTML, 200),
    ),
    *(("/static/solld.css", "*/*", 200), ("/static/favicon.svg", "*/*", 200), ("/links.csv", "*/*", 200)),
    *(("/reconcile", "*/*", 200), ("/reconcile/preview?id={a1}", HTML, 200), ("/embed/{a1}", HTML, 200)),
)


def asked(visit: Visited, path: str, accept: str, **headers: str) -> HTTPResponse:
    connection = HTTPConnection(visit.host, timeout=30)
    target = visit.address(path).removeprefix(f"http://{visit.host}")
    connection.request("GET", target, headers={"Accept": accept, "Accept-Language": "fr", **headers})
    answer = connection.getresponse()
    answer.body = answer.read()  # type: ignore[attr-defined]
    connection.close()
    return answer


def test_every_page_that_is_described_has_its_type(visit: Visited) -> None:
    described = json.loads(asked(visit, "/openapi.json", "*/*").body)["paths"]  # type: ignore[attr-defined]
    answers = {path: way["get"]["responses"].get("200", {}) for path, way in described.items() if "get" in way}
    pages = {path for path, answer in answers.items() if HTML in answer.get("content", {})}
    known = [visit.address(kind.path).removeprefix(f"http://{visit.host}").partition("?")[0] for kind in PAGES]
    for path in pages - ALIASES - {each for each in pages if each.startswith("/queries/")}:
        pattern = "".join("[^?]+" if each.startswith("{") else re.escape(each) for each in re.split(r"(\{\w+\})", path))
        assert any(re.fullmatch(pattern, each) for each in known) or path.endswith(".{extension}"), path


@pytest.mark.parametrize("kind", PAGES, ids=lambda each: each.name)
def test_a_page_weighs_no_more_than_it_may(visit: Visited, browser: Browser, kind: PageType) -> None:
    context = browser.new_context(viewport=WIDE, locale="fr")  # type: ignore[arg-type]
    sent = {"text": 0, "script": 0, "data": 0}
    with seen(context, visit.address(kind.path), kind) as found:
        found.page.wait_for_load_state("networkidle")
        for each in found.requests:
            of = {"document": "text", "stylesheet": "text", "font": "text", "script": "script"}
            sent[of.get(each.resource_type, "data")] += each.sizes()["responseBodySize"]
        scripts = found.page.locator("script:not([type='application/ld+json'])").count()
    context.close()
    assert sent["text"] <= kind.text * KB, sent
    assert sent["script"] <= kind.script * KB, sent
    assert sent["data"] <= kind.data * KB, sent
    assert bool(scripts) == bool(kind.script)


def test_what_is_text_is_sent_compressed(visit: Visited) -> None:
    for path, accept in (("/", HTML), ("/doc/{rers}", HTML), ("/static/solld.css", "*/*"), ("/ns", "text/turtle")):
        plain = asked(visit, path, accept)
        packed = asked(visit, path, accept, **{"Accept-Encoding": "gzip, br"})
        assert packed.getheader("Content-Encoding") == "gzip"
        assert "Accept-Encoding" in packed.getheader("Vary", "")
        assert len(packed.body) < len(plain.body) / 2  # type: ignore[attr-defined]


@pytest.mark.parametrize(("path", "accept", "status"), ANSWERS)
def test_an_answer_says_what_browsers_may_do_with_it(visit: Visited, path: str, accept: str, status: int) -> None:
    answer = asked(visit, path, accept)
    assert answer.status == status
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Cross-Origin-Resource-Policy") == "cross-origin"
    assert answer.getheader("Access-Control-Allow-Origin") == "*"
    assert answer.getheader("Referrer-Policy") in ("strict-origin-when-cross-origin", "no-referrer")
    policy = dict(
        each.strip().partition(" ")[::2] for each in answer.getheader("Content-Security-Policy", "").split(";")
    )
    assert policy["default-src"] in ("'self'", "'none'")
    assert {"base-uri", "form-action", "frame-ancestors"} <= policy.keys()
    assert "script-src" not in policy
    if answer.getheader("Content-Type", "").startswith(HTML):
        assert policy["default-src"] == "'none'" or policy["object-src"] == "'none'"
        assert "unsafe" not in " ".join(policy.values())
        assert "camera=()" in answer.getheader("Permissions-Policy", "")
        assert answer.getheader("Cross-Origin-Opener-Policy") == "same-origin"
    elif answer.getheader("Content-Type") != "text/javascript; charset=utf-8":
        assert "sandbox" in policy


def test_what_a_browser_has_kept_keeps_its_policy(visit: Visited) -> None:
    query = "/sparql?query=SELECT*%7B%3Fs%3Fp%3Fo%7DLIMIT+9"
    for path in ("/", query):
        tag = asked(visit, path, HTML).getheader("ETag") or ""
        again = asked(visit, path, HTML, **{"If-None-Match": tag})
        assert again.status == 304
        assert again.getheader("Content-Security-Policy") is None


def test_a_page_is_html_without_an_error(visit: Visited, tmp_path: Path) -> None:
    needed(VNU.exists(), "vnu")
    if not shutil.which("java"):
        pytest.skip("there is no Java here, which the checker of the W3C needs")
    for kind in PAGES:
        answer = asked(visit, kind.path, HTML)
        while answer.status in (301, 303):
            answer = asked(visit, answer.getheader("Location", ""), HTML)
        (tmp_path / f"{kind.name}.html").write_bytes(answer.body)  # type: ignore[attr-defined]
    command = [
        "java",
        "-Xss8m",
        "-jar",
        str(VNU),
        "--format",
        "json",
        "--exit-zero-always",
        "--stdout",
        "--errors-only",
    ]
    done = subprocess.run([*command, *map(str, sorted(tmp_path.iterdir()))], capture_output=True, check=True)
    found = json.loads(done.stdout)["messages"]
    assert [f"{Path(each['url']).name}: {each['message']}: {each['extract']}" for each in found] == []
