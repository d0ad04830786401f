"""What is promised of addresses, in words and for programs; what wikis need; the rules for w3id.org, in Apache."""

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import mwparserfromhell
import pytest

from conftest import Published, identifiers, publish
from ports import free_port
from solld.addresses import is_identifier
from solld.cli import main
from solld.formats import about
from solld.model import Settings

BASE = "https://lights.example/"
APACHE = Path("/usr/sbin/apache2")
MODULES = Path("/usr/lib/apache2/modules")
LOADED = ("mpm_event", "authz_core", "rewrite")
PAGES = ["/about/persistence", "/about/sources", "/about/wikidata", "/about/mediawiki"]


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_pages_are_there_in_each_language_and_lead_somewhere(lights: Published, path: str, language: str) -> None:
    name = path.rpartition("/")[2]
    assert (about.text_of(name, language) == about.text_of(name, "en")) is (language == "en")
    answer = lights.get(f"{path}?lang={'fr' if language == 'fr' else 'en'}", Accept="text/html")
    assert answer.status_code == 200
    assert "{" not in re.sub(r"<pre.*?</pre>", "", answer.text, flags=re.DOTALL).replace("{9}", "")
    content = answer.text[answer.text.index("<main") : answer.text.index("</main")]
    for target in re.findall(r'href="(/[^"]*)"', content):
        assert lights.get(target).status_code == 200, target
    assert lights.get(f"{path}.json").is_json


def test_every_page_leads_to_the_promise(lights: Published) -> None:
    for path in ("/", "/ns", f"/doc/{lights.ids['creach']}", "/dump/", "/sparql", "/nothing"):
        assert 'href="/about/persistence"' in lights.get(path, Accept="text/html").text


def test_wikidata_is_told_what_a_property_needs(tiny: Settings) -> None:
    publish(tiny).close()
    ids = identifiers(tiny)
    main(["merge", ids["pharos"], ids["creach"], "--why", "the same", "--site", str(tiny.folder)])
    published = publish(tiny)
    told = published.get("/about/wikidata.json").json
    assert told
    assert told["count"] == len(ids) - 1
    pattern = re.compile(told["regex"])
    assert all(pattern.fullmatch(each) and is_identifier(each) for each in ids.values())
    assert told["examples"]
    for example in told["examples"]:
        identifier = example.removeprefix(f"{BASE}id/")
        assert told["formatter_url"].replace("$1", identifier) == example
        assert published.get(f"/id/{identifier}").status_code in (301, 303)
    published.close()


def test_the_template_is_wikitext_that_does_what_it_says(lights: Published) -> None:
    page = lights.get("/about/mediawiki", Accept="text/html", Accept_Language="en").text
    shown = [re.sub("<[^>]+>", "", each) for each in re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)]
    texts = [
        each.replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'").replace("&amp;", "&") for each in shown
    ]
    url, sql, link, template, use = texts
    assert url == f"{BASE}id/$1"
    assert f"'{url}'" in sql
    (wikilink,) = mwparserfromhell.parse(link).filter_wikilinks()
    prefix, _, identifier = str(wikilink.title).partition(":")
    assert lights.get(url.replace("$1", identifier).removeprefix(BASE[:-1])).status_code == 303
    assert prefix == "lights"
    (called,) = mwparserfromhell.parse(use).filter_templates()
    assert str(called.name) == "Lights"
    body = mwparserfromhell.parse(template[len("<includeonly>") : template.index("</includeonly>")])
    arguments = body.filter_arguments(recursive=False)
    assert {str(each.name) for each in body.filter_arguments()} == {"1", "2"}, arguments
    filled = str(body).replace("{{{1}}}", str(called.get(1).value)).replace("{{{2|{{PAGENAME}}}}}", "Creach")
    (external,) = mwparserfromhell.parse(filled).filter_external_links()
    assert str(external.url) == f"{BASE}id/{identifier}"
    assert str(external.title) == "Creach"


# ?info ----------------------------------------------------------------------------------------------------------------


def test_any_address_tells_what_it_is(tiny: Settings) -> None:
    publish(tiny).close()
    ids = identifiers(tiny)
    main(["merge", ids["pharos"], ids["creach"], "--why", "the same", "--site", str(tiny.folder)])
    main(["withdraw", ids["stiff"], "--why", "asked for", "--date", "2026-11-25", "--site", str(tiny.folder)])
    published = publish(tiny)
    for path, status, more in (
        (f"/id/{ids['creach']}", "stands", {"what": "Creach", "version": f"{BASE}version/{ids['creach']}/2"}),
        (f"/doc/{ids['creach']}", "stands", {"where": f"{BASE}id/{ids['creach']}"}),
        (f"/doc/{ids['creach']}.ttl", "stands", {"where": f"{BASE}id/{ids['creach']}"}),
        (f"/version/{ids['creach']}/1", "stands", {"where": f"{BASE}id/{ids['creach']}"}),
        (f"/id/{ids['pharos']}", "merged", {"replaced_by": f"{BASE}id/{ids['creach']}"}),
        (f"/id/{ids['stiff']}", "withdrawn", {"date": "2026-11-25", "reason": "asked for"}),
        ("/id/4k7r2dm9q", "never issued", {}),
        ("/dataset/lights", "stands", {"what": "Lighthouses"}),
        ("/scheme/owners/state", "stands", {"what": "The state"}),
        ("/ns", "stands", {}),
        ("/", "stands", {}),
        ("/changes.json", "a service", {}),
    ):
        answer = published.get(f"{path}?info", Accept="application/json", Accept_Language="en")
        told = answer.json
        assert told
        assert told["status"] == status, path
        assert {key: told[key] for key in more} == more, path
        assert told["persistence"]["statement"] == f"{BASE}about/persistence"
    text = published.get(f"/id/{ids['creach']}?info", Accept="text/plain", Accept_Language="en")
    assert text.mimetype == "text/plain"
    assert text.text.startswith("erc:\nwho: ")
    assert "\nwhat: Creach\n" in text.text
    published.close()


# w3id -----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def apache(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A real Apache that reads .htaccess: its port, and the folder that it serves."""
    if not APACHE.exists():
        if os.environ.get("CI"):
            pytest.fail("apache2 is not installed; make test does that, as root")
        pytest.skip("apache2 is not installed (Debian's apache2-bin)")
    root = tmp_path / "w3id"
    root.mkdir()
    port = free_port()
    user = "User nobody\nGroup nogroup\n" if os.geteuid() == 0 else ""
    tmp_path.chmod(0o755)
    for parent in tmp_path.parents:
        if os.access(parent, os.W_OK) and parent != Path("/") and parent != Path("/tmp"):
            parent.chmod(0o755)
    (tmp_path / "apache.conf").write_text(
        f"ServerRoot {tmp_path}\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile {tmp_path}/pid\n"
        f"ErrorLog {tmp_path}/log\nDocumentRoot {root}\nAllowEncodedSlashes NoDecode\n{user}"
        + "".join(
            f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in ("mpm_event", "authz_core", "rewrite")
        )
        + f"<Directory {root}>\nAllowOverride All\nRequire all granted\n</Directory>\n"
    )
    process = subprocess.Popen([APACHE, "-X", "-f", tmp_path / "apache.conf"], stderr=subprocess.PIPE)
    try:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                break
            except OSError:
                assert process.poll() is None, process.stderr and process.stderr.read()
                time.sleep(0.05)
        yield port, root
    finally:
        process.terminate()
        process.wait(10)


def location(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.headers.get("Location", "")


def test_the_rules_for_w3id_work_in_apache(apache: tuple[int, Path], tiny: Settings) -> None:
    port, root = apache
    text = (tiny.folder / "site.toml").read_text(encoding="utf-8")
    (tiny.folder / "site.toml").write_text(text.replace(BASE, "https://w3id.org/lights.v1/"), encoding="utf-8")
    options = ["--home", "https://data.example/ess/", "--contact", "@me", "--site", str(tiny.folder)]
    assert main(["export", "w3id", "--to", str(root / "lights.v1"), *options]) == 0
    for path in (
        "",
        "id/4k7r2dm9q",
        "doc/4k7r2dm9q.ttl",
        "id/4k7r2dm9q?info",
        "sparql?query=ASK%20%7B%7D&format=json",
        "version/https://others.example/it%3Fn=1/2",
        "doc/scheme/owners/%C3%A9tat",
        "a+b%2Bc",
        "ldes/2026-11/1",
    ):
        assert location(port, f"/lights.v1/{path}") == (302, f"https://data.example/ess/{path}"), path
    assert location(port, "/lightsxv1/id/4k7r2dm9q")[0] == 404
    readme = (root / "lights.v1" / "README.md").read_text(encoding="utf-8")
    assert "@me" in readme
    assert "https://w3id.org/lights.v1/" in readme


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--home", "data.example", "--contact", "me"], "http(s) URL"),
        (["--home", "https://data.example/", "--contact", " "], "whom to ask"),
        (["--home", "https://data.example/", "--contact", "me"], "needs no rules"),
    ],
)
def test_rules_that_would_not_work_are_refused(
    tiny: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], options: list[str], said: str
) -> None:
    folder = tmp_path / "out"
    assert main(["export", "w3id", "--to", str(folder), *options, "--site", str(tiny.folder)]) == 2
    assert said in capsys.readouterr().err
    assert not folder.exists()
