"""The pages that queries of a site make: networks, values, timeline, in three languages, as pages and as data."""

import csv
import io
import json
import re
import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.etree import ElementTree

import pytest

from conftest import ROOT, TINY, Published, publish
from solld import build, site, views
from solld.errors import BadSite
from solld.formats import comparison, networks
from solld.messages import load as messages
from solld.rdf import Literal, NamedNode
from solld.stores.embedded import EmbeddedStore
from solld.views.conditions import Among, Row, Years, narrowed, year
from solld.views.graph import Graph, Tie
from solld.views.layout import draw
from solld.views.tables import KEPT, Table, Views
from solld.views.timeline import happenings
from solld.web import create_app
from test_html import Reader

NAMES = ("networks", "values", "timeline")
LANGUAGES = ("fr", "en", "es")
HTML, JSON = "text/html", "application/json"
KIND = "scheme/cooperation-kinds/creation-commune"


def read(published: Published, path: str, **headers: str) -> Reader:
    answer = published.get(path, Accept=HTML, **headers)
    assert answer.status_code == 200, answer.text
    return Reader(answer.data)


def table(published: Published, path: str) -> list[dict[str, str]]:
    """The rows of a CSV; without the labels."""
    answer = published.get(path)
    assert answer.content_type.startswith("text/csv"), answer.text
    rows = csv.DictReader(io.StringIO(answer.text, newline=""))
    return [{name: value for name, value in row.items() if not name.endswith("_label")} for row in rows]


def key(published: Published, name: str) -> str:
    return published.ids[name]


# --- as pages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_page_speaks_the_language_of_the_reader(bundled: Published, name: str, language: str) -> None:
    answer = bundled.get(f"/{name}", Accept=HTML, Accept_Language=language)
    page = Reader(answer.data)
    assert answer.headers["Content-Language"] == language
    assert page.text("h1") == messages()[f"view_title_{name}"][language]
    assert page.text("p", class_="lead") == views.load(ROOT / "queries")[name].summary[language]
    assert bundled.get(f"/{name}?lang={language}", Accept=HTML).headers["Content-Language"] == language


@pytest.mark.parametrize("name", NAMES)
def test_a_page_can_be_kept_and_asked_for_its_headers(bundled: Published, name: str) -> None:
    answer = bundled.get(f"/{name}", Accept=HTML)
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))
    again = bundled.get(f"/{name}", Accept=HTML, If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304
    head = bundled.client.head(f"/{name}", headers={"Accept": HTML})
    assert (head.status_code, head.headers["ETag"]) == (200, answer.headers["ETag"])
    assert 'rel="alternate"; type="text/csv"' in answer.headers["Link"]


@pytest.mark.parametrize("name", NAMES)
def test_the_navigation_leads_to_it(bundled: Published, name: str) -> None:
    assert read(bundled, "/", Accept_Language="en").all("a", href=f"/{name}")


def test_what_a_page_loads_is_of_this_site_and_exists(bundled: Published) -> None:
    for name in NAMES:
        page = read(bundled, f"/{name}")
        sheets = [each["href"] for each in page.all("link", rel="stylesheet")]
        assert any("views.css" in href for href in sheets)
        for href in sheets:
            assert bundled.get(href).status_code == 200
        assert not [attributes for _, attributes in page.elements if "style" in attributes]


@pytest.mark.parametrize("name", NAMES)
def test_every_mark_leads_to_words_of_a_source(bundled: Published, name: str) -> None:
    page = read(bundled, f"/{name}")
    anchors = {attributes["id"] for _, attributes in page.elements if "id" in attributes}
    marks = [attributes["href"] for _, attributes in page.elements if attributes.get("class") == "src"]
    assert marks
    assert {href.removeprefix("#") for href in marks} <= anchors


@pytest.mark.parametrize("name", NAMES)
def test_no_anchor_is_there_twice(bundled: Published, name: str) -> None:
    page = read(bundled, f"/{name}")
    anchors = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(anchors) == len(set(anchors))


# --- as data, and the SPARQL that gives the same ----------------------------------------------------------------------

ADDRESSES = (
    "networks",
    f"networks?kind={KIND}",
    "networks?type=foaf:Group",
    "networks?around={rers}",
    "networks?around={rers}&kind=solld:Recognition",
    "values",
    "values?with={rers}&with={reseau}",
    "values?with={charte}&lang=es",
    "timeline",
    "timeline?what=schema:Event",
    "timeline?from=1990&to=2001",
    "timeline?from=2002",
)


def filled(published: Published, address: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda match: published.ids[match[1]], address)


def rows_of_endpoint(published: Published, sparql: str) -> list[tuple[str, ...]]:
    answer = published.get(f"/sparql?query={quote(sparql)}", Accept="text/csv")
    assert answer.status_code == 200, answer.text
    return [tuple(row) for row in csv.reader(io.StringIO(answer.text, newline=""))]


@pytest.mark.parametrize("address", ADDRESSES)
def test_the_query_that_a_page_shows_gives_the_rows_of_its_csv(bundled: Published, address: str) -> None:
    address = filled(bundled, address)
    page = read(bundled, f"/{address}", Accept_Language="fr")
    (shown,) = {each["href"] for each in page.all("a") if each["href"].startswith("/sparql?query=")}
    (sparql,) = parse_qs(urlsplit(shown).query)["query"]
    header, *rows = rows_of_endpoint(bundled, sparql)
    name, _, query = address.partition("?")
    told = table(bundled, f"/{name}.csv?{query}" if "lang=" in query else f"/{name}.csv?lang=fr&{query}")
    assert sorted(tuple(row[column] for column in header) for row in told) == sorted(rows)
    assert rows or "from=2002" in address


def test_a_filter_leaves_some_of_the_rows(bundled: Published) -> None:
    whole = table(bundled, "/networks.csv")
    kind = f"https://w3id.org/solld/{KIND}"
    assert table(bundled, f"/networks.csv?kind={KIND}") == [row for row in whole if row["kind"] == kind]
    assert 0 < len(table(bundled, f"/networks.csv?kind={KIND}")) < len(whole)


def test_csv_names_things_in_the_language_of_the_reader(bundled: Published) -> None:
    answers = {tag: bundled.get(f"/networks.csv?kind={KIND}&lang={tag}").text for tag in LANGUAGES}
    kinds = {tag: next(csv.DictReader(io.StringIO(text)))["kind_label"] for tag, text in answers.items()}
    assert kinds == {"fr": "Création commune", "en": "Joint creation (co-foundation)", "es": "Creación común"}


@pytest.mark.parametrize("name", NAMES)
def test_json_has_the_query_and_labels(bundled: Published, name: str) -> None:
    told: Any = json.loads(bundled.get(f"/{name}.json?lang=en").data)
    assert len(told["rows"]) == len(table(bundled, f"/{name}.csv?lang=en"))
    assert "SELECT" in told["query"]
    first = told["rows"][0][told["columns"][0]]
    assert first["type"] == "uri"
    assert first["label"]
    assert bundled.get(f"/{name}", Accept=JSON).get_json()["columns"] == told["columns"]


def test_graphml_has_the_ties_with_two_sides(bundled: Published) -> None:
    root = ElementTree.fromstring(bundled.get("/networks.graphml?lang=en").data)
    space = {"g": "http://graphml.graphdrawing.org/xmlns"}
    nodes = {node.get("id") for node in root.iterfind(".//g:node", space)}
    edges = root.findall(".//g:edge", space)
    ties = {(r["from"], r["to"], r["kind"], r["statement"]) for r in table(bundled, "/networks.csv") if r["to"]}
    assert len(edges) == len(ties)
    assert {edge.get("source") for edge in edges} | {edge.get("target") for edge in edges} == nodes


@pytest.mark.parametrize("path", ["/networks.ttl", "/values.graphml"])
def test_another_format_is_not_there(bundled: Published, path: str) -> None:
    assert bundled.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/values?with=nothing", "/timeline?from=now", "/networks?page=0", "/networks?kind=a%20b"]
)
def test_what_cannot_be_read_is_told(bundled: Published, path: str) -> None:
    answer = bundled.get(path, Accept=JSON)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")


# --- networks ---------------------------------------------------------------------------------------------------------


def test_the_drawing_and_the_list_have_the_same_links(bundled: Published) -> None:
    page = read(bundled, "/networks")
    drawn = {each["href"] for each in page.all("a") if each.get("class", "").startswith("node ")}
    assert drawn <= {each["href"] for each in page.all("a") if not each.get("class", "").startswith("node ")}
    assert len(drawn) > 20
    assert all(each.get("tabindex") == "-1" for each in page.all("a") if each.get("class", "").startswith("node "))
    assert page.all("figure", aria_hidden="true")


def test_how_surely_a_tie_is_said_is_told_in_words(bundled: Published) -> None:
    page = read(bundled, "/networks", Accept_Language="en")
    degrees = {each["text"] for each in page.all("a", class_="degree")}
    assert degrees == {"Explicit", "Inferred", "Interpreted", "Ambiguous"}


def test_all_cooperations_of_the_texts_are_told(bundled: Published) -> None:
    sparql = """PREFIX solld: <https://w3id.org/solld/ns#>
        SELECT ?node { ?node a solld:Cooperation ; solld:participant|solld:provider ?who }"""
    stated = {row[0].value for row in bundled.service.store.select(sparql)}  # type: ignore[union-attr]
    told = {row["statement"] for row in table(bundled, "/networks.csv")}
    assert stated <= told


def test_a_page_around_a_thing_has_its_ties_only(bundled: Published) -> None:
    rers = key(bundled, "rers")
    rows = table(bundled, f"/networks.csv?around={rers}")
    assert {True} == {f"https://w3id.org/solld/id/{rers}" in (row["from"], row["to"]) for row in rows}
    page = read(bundled, f"/networks?around={rers}")
    assert page.all("a", href="/networks")  # takes the filter away


def test_a_thing_may_be_given_by_its_iri(bundled: Published) -> None:
    rers = key(bundled, "rers")
    iri = quote(f"https://w3id.org/solld/id/{rers}", safe="")
    assert table(bundled, f"/networks.csv?around={iri}") == table(bundled, f"/networks.csv?around={rers}")


def test_a_filter_that_leaves_nothing_says_what_to_do(bundled: Published) -> None:
    page = read(bundled, "/networks?kind=ns%23Nothing", Accept_Language="en")
    assert page.text("p", class_="empty").startswith("Nothing meets these filters.")


# --- the ties on the page of a thing ----------------------------------------------------------------------------------


def test_the_page_of_a_thing_draws_what_it_is_tied_to(bundled: Published) -> None:
    rers = key(bundled, "rers")
    page = read(bundled, f"/doc/{rers}", Accept_Language="en")
    drawn = [each["href"] for each in page.all("a") if each.get("class", "").startswith("node ")]
    assert 8 <= len(drawn) <= 12
    assert page.text("text", class_="in") == "RERS"
    listed = page.text("ul", class_="rel")
    assert "joint creation" in listed
    assert page.all("a", href=f"/networks?around={rers}")


def test_the_page_of_what_is_compared_leads_there(bundled: Published) -> None:
    rers = key(bundled, "rers")
    (link,) = [e["href"] for e in read(bundled, f"/doc/{rers}").all("a") if e["href"].startswith("/values?with=")]
    page = read(bundled, link)
    chosen = [each["value"] for each in page.all("input", type="checkbox") if "checked" in each]
    assert rers in chosen
    assert len(chosen) > 1


def test_the_page_of_a_value_leads_to_those_that_share_it(bundled: Published) -> None:
    page = read(bundled, "/doc/scheme/values/cooperation")
    (link,) = [each["href"] for each in page.all("a") if each["href"].startswith("/values?with=")]
    path, _, anchor = link.partition("#")
    row = next(a for tag, a in read(bundled, path).elements if tag == "tr" and a.get("id") == anchor)
    assert row["id"] == "row-scheme-values-cooperation"
    assert key(bundled, "rers") in path


def test_the_page_of_what_is_tied_to_nothing_has_no_drawing(bundled: Published) -> None:
    page = read(bundled, f"/doc/{key(bundled, 'page')}")
    assert not page.all("svg", class_="ego")
    assert "/values?with=" not in bundled.get(f"/doc/{key(bundled, 'page')}", Accept=HTML).text


# --- values -----------------------------------------------------------------------------------------------------------


def test_what_is_shared_comes_first(bundled: Published) -> None:
    page = read(bundled, "/values", Accept_Language="en")
    shares = [each["text"] for each in page.all("span") if each.get("class", "").startswith("share")]
    counts = [int(found[0]) if (found := re.findall(r"\d+", text)) else 1 for text in shares]
    groups = [list(run) for run in _falling(counts)]
    assert len(groups) == 2  # values, and principles
    assert counts[0] > 1


def _falling(numbers: list[int]) -> Iterator[list[int]]:
    """The numbers in runs that do not rise."""
    run: list[int] = []
    for number in numbers:
        if run and number > run[-1]:
            yield run
            run = []
        run.append(number)
    yield run


def test_all_that_the_texts_say_of_values_is_there_in_their_words(bundled: Published) -> None:
    """Every statement about a value with each of its excerpts, and every principle in the words of its charter."""
    sparql = """PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX solld: <https://w3id.org/solld/ns#> PREFIX prov: <http://www.w3.org/ns/prov#>
        PREFIX oa: <http://www.w3.org/ns/oa#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?value ?exact {
          { ?s rdf:object ?value ; prov:wasDerivedFrom/oa:hasSelector/oa:exact ?exact . ?value a solld:Value }
          UNION { ?charter solld:hasPrinciple ?value . ?value skos:definition ?exact } }"""
    stated = {(row[0].value, row[1].value) for row in bundled.service.store.select(sparql)}  # type: ignore[union-attr]
    told = {(row["row"], row["wording"]) for row in table(bundled, "/values.csv?" + everything(bundled))}
    assert len(stated) > 50
    assert stated <= told
    page = read(bundled, "/values?" + everything(bundled))
    words = {" ".join(each["text"].split()) for each in page.all("q")}
    assert {" ".join(wording.split()) for _, wording in stated} <= words


def everything(published: Published) -> str:
    """The parameters that compare all that there is to compare."""
    page = read(published, "/values")
    return "&".join(f"with={each['value']}" for each in page.all("input", type="checkbox"))


def test_words_stay_in_their_language(bundled: Published) -> None:
    english, french = (read(bundled, "/values", Accept_Language=tag) for tag in ("en", "fr"))
    assert {each.get("lang") for each in english.all("q")} == {"fr"}
    assert {each.get("lang") for each in french.all("q")} == {None}


def test_a_value_that_is_read_in_a_charter_is_marked_as_an_interpretation(bundled: Published) -> None:
    rows = table(bundled, f"/values.csv?with={key(bundled, 'charte')}")
    readings = {row["evidence"].rpartition("/")[2] for row in rows if row["group"].endswith("#Value")}
    principles = {row["evidence"].rpartition("/")[2] for row in rows if row["group"].endswith("#CharterPrinciple")}
    assert (readings, principles) == ({"interpreted"}, {"explicit"})


def test_the_reader_chooses_what_is_compared(bundled: Published) -> None:
    chosen = [key(bundled, "rers"), key(bundled, "reseau")]
    page = read(bundled, f"/values?with={chosen[0]}&with={chosen[1]}")
    assert [each["value"] for each in page.all("input", type="checkbox") if "checked" in each] != []
    assert {each["value"] for each in page.all("input", type="checkbox") if "checked" in each} == set(chosen)
    assert len(page.all("th", scope="col")) == 3 * 2  # two tables: values, principles
    assert page.all("form", action="/values", method="get")


def test_what_nobody_has_chosen_is_four_of_many(bundled: Published) -> None:
    page = read(bundled, "/values")
    boxes = page.all("input", type="checkbox")
    assert len([each for each in boxes if "checked" in each]) == 4 < len(boxes)


# --- timeline ---------------------------------------------------------------------------------------------------------


def test_what_has_no_date_stands_apart_in_the_words_of_the_source(bundled: Published) -> None:
    page = read(bundled, "/timeline", Accept_Language="en")
    assert page.text("td", class_="when") == "2001"
    undated = [row for row in table(bundled, "/timeline.csv") if not row["date"]]
    words = {each["text"] for each in page.all("q")}
    assert {row["words"] for row in undated} <= words
    assert "depuis qu'elle a existé" in words


def test_years_are_a_filter(bundled: Published) -> None:
    assert len(table(bundled, "/timeline.csv?from=2001&to=2001")) == 1
    assert table(bundled, "/timeline.csv?to=2000") == []


# --- a site of another kind -------------------------------------------------------------------------------------------


def test_the_engine_knows_nothing_of_what_is_shown(lights: Published) -> None:
    networks = read(lights, "/networks", Accept_Language="en")
    assert networks.text("p", class_="lead") == "Which lighthouse sees which, and who owns them."
    creach, stiff, pharos = (lights.ids[name] for name in ("creach", "stiff", "pharos"))
    assert networks.all("a", href=f"/id/{creach}")
    values = read(lights, f"/values?with={creach}", Accept_Language="en")
    assert [each["text"] for each in values.all("q")] == ["two white flashes"]
    timeline = read(lights, "/timeline", Accept_Language="en")
    assert [each["text"] for each in timeline.all("td", class_="when")] == ["-0280", "1700"]
    dated = [row["thing"].rpartition("/")[2] for row in table(lights, "/timeline.csv") if row["date"]]
    assert set(dated) == {pharos, stiff}
    assert timeline.all("q")[-1]["text"] == "under Napoleon III"


def test_years_before_our_era_are_years(lights: Published) -> None:
    assert [row["date"] for row in table(lights, "/timeline.csv?to=0")] == ["-0280"]


def test_notes_are_asked_for_in_the_language_of_the_reader(lights: Published) -> None:
    notes = {tag: {row["note"] for row in table(lights, f"/values.csv?lang={tag}")} for tag in ("fr", "en")}
    assert notes == {"fr": {"vu de la mer"}, "en": {"seen from the sea"}}


def test_a_site_without_the_file_has_no_page_and_no_link_to_it(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "site", ignore=shutil.ignore_patterns("var"))
    (tmp_path / "site/queries/pages/values.rq").unlink()
    published = publish(site.load(tmp_path / "site"))
    assert published.get("/values").status_code == 404
    assert "/values" not in published.get("/openapi.json").get_json()["paths"]
    page = read(published, "/")
    assert (bool(page.all("a", href="/values")), bool(page.all("a", href="/networks"))) == (False, True)
    published.close()


GOOD = "# All.\nSELECT ?from ?to ?kind { ?from ?kind ?to }"
WRONG = {
    "missing": "# All.\nSELECT ?from ?to { ?from ?kind ?to }",
    "there is no column": "# All.\nSELECT ?from ?to ?kind ?color { ?from ?kind ?to, ?color }",
    "without LIMIT": f"{GOOD} LIMIT 3",
    "SELECT": "# All.\nCONSTRUCT WHERE { ?from ?kind ?to }",
    "name the columns": "# All.\nSELECT * { ?from ?kind ?to }",
    "one parameter": "# All.\n# $other iri: a\nSELECT ?from ?to ?kind { ?from ?kind ?to, $other }",
}


@pytest.mark.parametrize("told", WRONG)
def test_a_site_with_a_wrong_view_is_not_published(tmp_path: Path, told: str) -> None:
    shutil.copytree(TINY, tmp_path / "site", ignore=shutil.ignore_patterns("var"))
    (tmp_path / "site/queries/pages/networks.rq").write_text(WRONG[told], encoding="utf-8")
    with pytest.raises(BadSite, match=re.escape(told)):
        build.build(site.load(tmp_path / "site"))


@pytest.mark.parametrize("name", NAMES)
def test_the_columns_are_documented(name: str) -> None:
    lines = (ROOT / "docs/pages.md").read_text(encoding="utf-8").splitlines()
    row = next(line for line in lines if line.startswith(f"| `{name}.rq`"))
    _, _, _, needed, known, _ = (re.findall(r"\?(\w+)", cell) for cell in row.split("|"))
    said = re.findall(r"\?(\w+)", next(line for line in lines if "?wording" in line))
    kind = views.KINDS[name]
    assert tuple(needed) == kind.needed
    assert {*known, *said} == set(kind.known)


def test_a_page_that_nobody_knows_is_told(tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages/colours.rq").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BadSite, match="no page /colours"):
        views.load(tmp_path)


def test_many_to_compare_are_not_all_offered_at_once(lights: Published) -> None:
    """A site on which a hundred hold something."""
    rows = "".join(f' (<urn:c{n}> "{n}")' for n in range(100))
    text = f"# Many.\nSELECT ?row ?column ?wording {{ VALUES (?column ?wording) {{{rows} }} BIND(<urn:r> AS ?row) }}"
    query = replace(lights.service.views.queries["values"], text=text, parameters=())
    service = replace(lights.service, views=Views(lights.service.store, {"values": query}))
    client = create_app(lambda: service).test_client()
    page = Reader(client.get("/values?lang=en", headers={"Accept": HTML}).data)
    assert len(page.all("input", type="checkbox")) == comparison.BOXES
    assert "40 others can be compared too" in " ".join(each["text"] for each in page.all("p", class_="soft"))
    asked = [("with", f"urn:c{n}") for n in range(31)]
    assert client.get(f"/values?{urlencode(asked)}").status_code == 400
    one = Reader(client.get("/values?with=urn:c99", headers={"Accept": HTML}).data)
    assert [each["value"] for each in one.all("input", type="checkbox") if "checked" in each] == ["urn:c99"]


# --- pieces -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *[("2001", 2001), ("1850-06-01", 1850), ("-0280", -280), ("2001-09-11T10:00:00Z", 2001), ("2001Z", 2001)],
        *[("vers 1900", None), ("1900s", None), ("", None), ("12", None)],
    ],
)
def test_the_year_of_a_date(text: str, expected: int | None) -> None:
    assert year(text) == expected


def test_conditions_say_the_same_in_sparql_as_here(lights: Published) -> None:
    dates = ["2001", "1850-06-01", "-0280", "vers 1900", "19000", "1899-12-31T00:00:00Z", ""]
    values = " ".join(f'("{each}")' if each else "(UNDEF)" for each in dates)
    text = f"SELECT ?date WHERE {{ VALUES (?date) {{ {values} }} }}"
    for condition in (Years("date", 1850, 2001), Years("date", -9999, 0), Among(("date",), (NamedNode("urn:x"),))):
        rows = [{"date": Literal(each)} if each else {} for each in dates]
        kept = sorted(row["date"].value for row in rows if condition.holds(row))
        asked = lights.service.store.select(narrowed(text, (condition,)))
        assert sorted(row[0].value for row in asked) == kept  # type: ignore[union-attr]


def test_views_are_asked_before_somebody_does(lights: Published) -> None:
    store = EmbeddedStore.open(lights.service.release.folder / "store")
    found = Views(store, lights.service.views.queries)
    found.warm(("fr", "en"))
    store.close()  # nobody can ask it any more
    assert len(found.table("networks", "en").rows) == 3
    assert {row["note"].value for row in found.table("values", "fr").rows} == {"vu de la mer"}


def test_what_is_made_of_rows_is_made_once(lights: Published) -> None:
    found = Views(lights.service.store, lights.service.views.queries)
    made: list[int] = []

    def slowly() -> None:
        time.sleep(0.05)
        made.append(1)

    def ask() -> None:
        found.made("slow", slowly)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert made == [1]
    for number in range(KEPT + 1):
        found.made(number, lambda: None)
    ask()
    assert made == [1, 1]  # what was used least recently is forgotten


def test_a_drawing_is_the_same_each_time_and_keeps_things_apart() -> None:
    pairs = [(f"n{a}", f"n{(a * 7 + 3) % 60}") for a in range(60) if a != (a * 7 + 3) % 60] + [("x", "y")]
    first, again = draw(pairs), draw(reversed(pairs))
    assert first == again
    places = list(first.places.values())
    assert len(set(places)) == len(places)
    near = [abs(a[0] - b[0]) + abs(a[1] - b[1]) for n, a in enumerate(places) for b in places[n + 1 :]]
    assert min(near) > 6
    assert all(0 <= x <= first.width and 0 <= y <= first.height for x, y in places)


def test_a_filter_counts_what_the_others_leave(bundled: Published) -> None:
    rers = key(bundled, "rers")
    page = read(bundled, f"/networks?around={rers}&kind={KIND}", Accept_Language="en")
    (chosen,) = page.all("a", aria_current="true", href=f"/networks?around={rers}")
    assert chosen["text"].startswith("Joint creation (co-foundation) 3")
    whole = read(bundled, "/networks", Accept_Language="en")
    assert whole.all("a", href=f"/networks?kind={KIND}")[0]["text"] == "Joint creation (co-foundation) 6"


def test_of_a_large_graph_the_most_connected_are_drawn() -> None:
    spokes = [tie("hub", f"n{n:04}") for n in range(1000)]
    ring = [tie(f"n{n:04}", f"n{n + 1:04}") for n in range(40)]
    whole = Graph((*spokes, *ring), {})
    assert len(whole.degrees) == 1001
    shown = networks.drawn(whole)
    assert 1 < len(shown.degrees) <= networks.FEWER
    assert next(iter(shown.degrees)) == "hub"
    small = Graph((*spokes[:200], tie("alone", "")), {})
    assert len(networks.drawn(small).degrees) == 201


def tie(start: str, end: str) -> Tie:
    return Tie(start, end, "urn:k", False, "", "solid", "", "", ())


def test_a_date_in_words_is_no_date() -> None:
    dates = ("vers 1900", "1901")
    rows: tuple[Row, ...] = tuple({"thing": NamedNode(f"urn:{n}"), "date": Literal(d)} for n, d in enumerate(dates))
    found = happenings(Table(("thing", "what", "date"), rows))
    assert [(each.date, each.year) for each in found] == [("1901", 1901), ("vers 1900", None)]
