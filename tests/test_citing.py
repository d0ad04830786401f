"""How a document is cited, read by programs that read citations; its links, by clients of Signposting and Memento."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import mwparserfromhell
import pytest
import rispy
from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle, formatter
from citeproc.source.json import CiteProcJSON
from memento_client import MementoClient
from pybtex.database import parse_string
from signposting import find_signposting_http
from signposting.linkset import find_signposting_linkset

from conftest import ROOT, Published, identifiers, publish
from serving import serving
from solld import site
from solld.cli import main
from solld.model import Settings
from test_versions import BEGAN, Clock, edit

BASE = "https://lights.example/"
TITLE = "Odd | title [1] {x} <b> 100 % & co_ $ # ~ ^ \\ end"


@pytest.fixture
def cited(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Published]:
    """The tiny site after two releases; Creach has two versions, and a name with all signs that have a meaning."""
    (tiny.folder / "site.toml").open("r+").write(
        'publisher = "https://x.example/me"\npublisher_name = "Phares & balises"\n'
        + (tiny.folder / "site.toml").read_text()
    )
    clock = Clock(monkeypatch)
    settings = site.load(tiny.folder)
    publish(settings).close()
    clock.next_day()
    edit(settings, '"Creach"@en', json.dumps(TITLE) + "@en")
    published = publish(settings)
    yield published
    published.close()


def path(published: Published, extension: str = "") -> str:
    return f"/doc/{published.ids['creach']}{extension}"


def version(published: Published) -> str:
    return f"{BASE}version/{published.ids['creach']}/2"


def english(published: Published, extension: str) -> str:
    answer = published.get(path(published, extension), Accept_Language="en")
    assert answer.status_code == 200
    return answer.text


def test_bibtex(cited: Published) -> None:
    (entry,) = parse_string(english(cited, ".bib"), "bibtex").entries.values()
    assert entry.type == "misc"
    fields = entry.fields
    assert (fields["url"], fields["year"], fields["month"]) == (version(cited), "2026", "01")
    assert fields["urldate"] == "2026-01-02"
    latex = r"Odd | title [1] \{x\} <b> 100 \% \& co\_ \$ \# \textasciitilde{} \textasciicircum{} \textbackslash{} end"
    assert fields["title"] == f"{{{latex}}}"
    assert f"{BASE}id/{cited.ids['creach']}" in fields["note"].replace("\\", "")
    assert str(entry.persons["author"][0]) == "{Phares \\& balises}"


def test_ris(cited: Published) -> None:
    (entry,) = rispy.loads(english(cited, ".ris"))
    assert entry["type_of_reference"] == "ELEC"
    assert entry["title"] == TITLE
    assert entry["urls"] == [version(cited)]
    assert (entry["year"], entry["publisher"]) == ("2026", "Phares & balises")


def test_csl_json(cited: Published) -> None:
    told = json.loads(english(cited, ".csl"))
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    bibliography = CitationStylesBibliography(style, CiteProcJSON(told), formatter.plain)
    bibliography.register(Citation([CitationItem(told[0]["id"])]))
    (written,) = map(str, bibliography.bibliography())
    assert TITLE in written
    assert version(cited) in written
    assert "2026" in written


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Lien web", {"site": "Lighthouses", "éditeur": "Phares & balises", "date": "2 janvier 2026", "langue": "en"}),
        (
            "cite web",
            {"website": "Lighthouses", "date": "2026-01-02", "language": "en"},
        ),
    ],
)
def test_wikitext(cited: Published, name: str, expected: dict[str, str]) -> None:
    templates = mwparserfromhell.parse(english(cited, ".wiki")).filter_templates(recursive=False)
    (template,) = (each for each in templates if each.name.strip() == name)
    values = {str(each.name).strip(): str(each.value).strip() for each in template.params}
    assert {key: values[key] for key in expected} == expected
    assert values["url"] == version(cited)
    title = mwparserfromhell.parse(values["titre" if name == "Lien web" else "title"].replace("{{!}}", "|"))
    assert title.strip_code() == TITLE
    assert values.get("access-date", values.get("consulté le")) in ("2026-01-02", "2 janvier 2026")


def test_the_page_has_it_all_to_copy(cited: Published) -> None:
    page = cited.get(path(cited), Accept="text/html", Accept_Language="fr").text
    assert version(cited) in page
    assert "{{Lien web |langue=fr |titre=Créac&#39;h |" in page
    assert "{{cite web |title=Créac&#39;h |" in page
    for extension in (".bib", ".ris", ".csl", ".wiki"):
        assert f'href="{path(cited, extension)}"' in page
    old = cited.get(f"/version/{cited.ids['creach']}/1.bib", Accept_Language="en")
    assert f"{BASE}version/{cited.ids['creach']}/1" in old.text
    assert old.text.count("2026-01-01") == 1


@pytest.mark.parametrize(
    "media_type",
    ["application/x-bibtex", "application/x-research-info-systems", "application/vnd.citationstyles.csl+json"],
)
def test_as_for_a_doi_it_is_asked_for_by_type(cited: Published, media_type: str) -> None:
    answer = cited.get(path(cited), Accept=media_type)
    assert answer.mimetype == media_type


# Links ----------------------------------------------------------------------------------------------------------------


def test_signposting_clients_find_their_way(cited: Published) -> None:
    with serving(cited.settings.folder, "--workers", "1") as server:
        home = f"http://127.0.0.1:{server.port}"
        signs = find_signposting_http(f"{home}{path(cited)}")
        assert signs.citeAs
        assert signs.citeAs.target == f"{BASE}id/{cited.ids['creach']}"
        assert signs.license
        assert signs.license.target == cited.settings.license
        assert {str(each.target) for each in signs.types} >= {"https://schema.org/AboutPage", f"{BASE}ns#Lighthouse"}
        assert {each.type for each in signs.describedBy} >= {
            "text/turtle",
            "application/ld+json",
            "application/rdf+xml",
        }
        (linkset,) = signs.linksets
        assert linkset.type == "application/linkset+json"
        found = find_signposting_linkset(linkset.target).for_context(f"{home}{path(cited)}")
        assert found.citeAs
        assert found.citeAs.target == signs.citeAs.target
        assert {each.type for each in found.describedBy} > {each.type for each in signs.describedBy}
        for each in found.describedBy:
            answer = server.ask("", path=str(each.target).removeprefix(home))
            assert answer.status == 200
            assert (answer.headers["Content-Type"] or "").startswith(str(each.type))


def test_the_linkset_is_as_the_rfc_says(cited: Published) -> None:
    answer = cited.get(f"/linkset{path(cited)}")
    assert answer.mimetype == "application/linkset+json"
    (told,) = json.loads(answer.data)["linkset"]
    assert told.pop("anchor") == f"http://localhost{path(cited)}"
    for relation, targets in told.items():
        assert " " not in relation
        for target in targets:
            assert target["href"].startswith("http")
            assert set(target) <= {"href", "type", "datetime"}
    assert {"cite-as", "license", "type", "timegate", "timemap", "original", "version-history", "collection"} <= set(
        told
    )
    text = cited.get(f"/linkset{path(cited)}", Accept="application/linkset")
    assert text.mimetype == "application/linkset"
    assert text.text.count('anchor="') == text.text.count("<http")


@pytest.mark.parametrize("path", ["/linkset/doc/4k7r2dm9q", "/linkset/nothing", "/linkset/doc/4k7r2dm9z"])
def test_what_is_no_document_has_no_linkset(lights: Published, path: str) -> None:
    assert lights.get(path).status_code == 404


def test_memento_clients_find_every_version_and_the_past_of_what_is_gone(
    tiny: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    publish(tiny).close()
    clock.next_day()
    edit(tiny, "54.850", "55.1")
    publish(tiny).close()
    clock.next_day()
    ids = identifiers(tiny)
    main(["withdraw", ids["pharos"], "--why", "it fell", "--site", str(tiny.folder)])
    publish(tiny).close()
    with serving(tiny.folder, "--workers", "1") as server:
        home = f"http://127.0.0.1:{server.port}"
        client = MementoClient()
        for key, hours, seq in (("creach", 1, 1), ("creach", 25, 2), ("creach", -999, 1), ("pharos", 99, 1)):
            when = datetime.fromtimestamp(BEGAN.timestamp() + 3600 * hours, UTC).replace(tzinfo=None)
            found = client.get_memento_info(f"{home}/doc/{ids[key]}", when)
            assert found["timegate_uri"] == f"{home}/timegate/doc/{ids[key]}"
            assert found["mementos"]["closest"]["uri"] == [f"{home}/version/{ids[key]}/{seq}"]


def test_the_header_stays_short_and_the_page_has_the_links_too(lights: Published) -> None:
    for about in ("/ns", "/catalog", "/dataset/lights", f"/doc/{lights.ids['creach']}", "/doc/scheme/owners/state"):
        answer = lights.get(about, Accept="text/html")
        assert len(answer.headers["Link"]) < 4096
        for relation in ("timegate", "timemap", "original", "version-history", "linkset"):
            assert f'rel="{relation}"' in answer.headers["Link"], about
            assert f'<link rel="{relation}" href=' in answer.text, about


def test_the_header_stays_short_in_the_bundled_site(tmp_path: Path) -> None:
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "site.toml", tmp_path)
    published = publish(site.load(tmp_path))
    for about in ("/ns", "/catalog", *(f"/doc/{i}" for i in list(published.ids.values())[:40])):
        assert len(published.get(about, Accept="text/turtle").headers.get("Link", "")) < 4096, about
    published.close()
