"""Search: what is found, counted, told; and that the index, the SPARQL that is shown and the data say the same."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import closing
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import ROOT, Published, publish
from lives import lives
from solld import merging, release, searching
from solld.finding.asked import Asked
from solld.finding.marking import excerpt, marked
from solld.finding.telling import Teller
from solld.history import History
from solld.link.folding import folded
from solld.model import Settings
from solld.search import index
from solld.stores.embedded import EmbeddedStore

NAMESPACE = "https://lights.example/ns#"
DECLARED = """
@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix light: <https://lights.example/ns#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix void: <http://rdfs.org/ns/void#> .

<https://lights.example/ns#search> a hydra:IriTemplate ; hydra:mapping [
    hydra:variable "q" ; sh:path [ sh:alternativePath ( skos:prefLabel ( light:sees skos:prefLabel )
      ( [ sh:inversePath light:sees ] light:signal skos:prefLabel ) ) ] ] , [
    hydra:variable "type" ; rdfs:label "Type"@en ; sh:order 1 ; sh:defaultValue light:Lighthouse ;
    sh:path ( rdf:type [ sh:zeroOrMorePath rdfs:subClassOf ] ) ] , [
    hydra:variable "owner" ; rdfs:label "Owner"@en, "Propriétaire"@fr ; sh:order 2 ;
    sh:path ( light:owner [ sh:zeroOrMorePath skos:broader ] ) ] , [
    hydra:variable "near" ; rdfs:label "Sees"@en ; sh:order 3 ; sh:path [ sh:oneOrMorePath light:sees ] ] , [
    hydra:variable "height" ; rdfs:label "Height"@en ; sh:order 4 ; sh:path light:height ] , [
    hydra:variable "beside" ; rdfs:label "Sees what others see"@en ; sh:order 4.5 ;
    sh:path ( light:sees [ sh:inversePath light:sees ] ) ] , [
    hydra:variable "source" ; rdfs:label "Source"@en ; sh:order 5 ; hydra:property void:inDataset ] .
"""


@pytest.fixture
def searched(tiny: Settings) -> Settings:
    """The tiny site, which says what it is searched by."""
    (tiny.folder / "ontology" / "search.ttl").write_text(DECLARED, encoding="utf-8")
    return tiny


def found(published: Published, query: str) -> dict[str, object]:
    answer = published.get(f"/search.json?{query}")
    assert answer.status_code == 200, answer.text
    told: dict[str, object] = answer.get_json()
    return told


def ids(told: dict[str, object]) -> set[str]:
    return {each["id"] for each in told["results"]}  # type: ignore[attr-defined]


def names(told: dict[str, object]) -> list[str]:
    return [each["name"] for each in told["results"]]  # type: ignore[attr-defined]


def rows(published: Published, query: str) -> set[str]:
    """What the SPARQL of a search finds at the endpoint."""
    answer = published.get(f"/sparql?query={quote(str(found(published, query)['sparql']))}", Accept="text/csv")
    assert answer.status_code == 200, answer.text
    return {row["thing"] for row in csv.DictReader(io.StringIO(answer.text))}


def everything(published: Published, query: str) -> set[str]:
    answer = published.get(f"/search.csv?{query}")
    assert answer.status_code == 200, answer.text
    return {row["id"] for row in csv.DictReader(io.StringIO(answer.text))}


# What is found -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        "Réseau des Territoires",
        "reseau des territoires",
        "RESEAU TERRITOIRES",
        "territoir reseau",  # beginnings of words, in any order
        "resau territoires",  # a letter is missing
        "réseau territiores",  # two letters are exchanged
        "reseau, territoires (solidaire)",
    ],
)
def test_the_obvious_thing_is_first_however_it_is_typed(bundled: Published, typed: str) -> None:
    assert names(found(bundled, f"q={quote(typed)}"))[0] == "Réseau des Territoires pour l'Economie Solidaire"


def test_a_correction_is_told_and_what_is_there_is_never_corrected(bundled: Published) -> None:
    assert found(bundled, "q=territiores")["corrected"] == {"territiores": "territoires"}
    assert "corrected" not in found(bundled, "q=territoires")
    page = bundled.get("/search?q=territiores&lang=en", Accept="text/html").text
    assert "searched for “territoires”" in page


def test_initials_lead_to_what_they_are_short_for(bundled: Published) -> None:
    told = found(bundled, "q=RTES&lang=fr")
    network = "Réseau des Territoires pour l'Economie Solidaire"
    first = told["short_for"][0]  # type: ignore[index]
    assert (first["name"], first["types"][0]["name"]) == (network, "Réseau")
    assert network in unescape(bundled.get("/search?q=rtes&lang=fr", Accept="text/html").text)
    assert bundled.get("/suggest?q=RTES").get_json()["results"][0]["name"] == network
    assert "short_for" in found(bundled, "q=RTES&type=solld:Network")
    assert "short_for" not in found(bundled, "q=RTES&type=solld:Charter")  # what was chosen holds for it too
    assert "short_for" not in found(bundled, "q=territoires")
    assert "corrected" not in told  # they are no typing error


def test_a_word_that_something_has_is_not_taken_for_initials(searched: Settings) -> None:
    path = searched.folder / "data/lights/lights.ttl"
    with path.open("a", encoding="utf-8") as file:
        for number, name in enumerate(("Bay of Red Stones", "Bors", "Far Arch Light")):
            file.write(f'<named-{number}> a light:Lighthouse ; skos:prefLabel "{name}"@en .\n')
    with closing(publish(searched)) as published:
        assert found(published, "q=FAL")["short_for"][0]["name"] == "Far Arch Light"  # type: ignore[index]
        assert "short_for" not in found(published, "q=Bors")


def test_a_word_that_nothing_is_near_finds_nothing_and_says_what_to_do(bundled: Published) -> None:
    assert found(bundled, "q=xylophone")["total"] == 0
    page = bundled.get("/search?q=xylophone+savoirs&lang=en", Accept="text/html").text
    assert "Nothing matches all of this" in page
    assert 'href="/search?q=savoirs"' in page


def test_words_are_found_in_all_languages(bundled: Published) -> None:
    mutual = found(bundled, "q=mutual+societies")
    mutuelles = found(bundled, "q=mutuelles")
    assert ids(mutual) & ids(mutuelles)


def test_results_by_name_are_in_its_order(bundled: Published) -> None:
    told = found(bundled, "type=solld:Actor&sort=name&size=100&lang=fr")
    sorted_by = [folded(name) for name in names(told)]
    assert sorted_by == sorted(sorted_by)
    assert told["total"] == len(sorted_by)


@pytest.mark.parametrize("size", [1, 7, 100])
def test_pages_hold_everything_once(bundled: Published, size: int) -> None:
    told, seen = found(bundled, f"source=dataset/territoires&size={size}"), []
    while True:
        seen += [each["id"] for each in told["results"]]  # type: ignore[attr-defined]
        if "next" not in told:
            break
        told = bundled.get(str(told["next"]).partition("localhost")[2]).get_json()
    assert len(seen) == len(set(seen)) == told["total"]
    assert set(seen) == everything(bundled, "source=dataset/territoires")


# The same in SPARQL ---------------------------------------------------------------------------------------------------


def values(told: dict[str, object]) -> Iterator[tuple[str, str, int]]:
    """(facet, value, count) of everything that is counted, in trees too."""

    def below(name: str, each: dict[str, object]) -> Iterator[tuple[str, str, int]]:
        yield name, str(each["value"]), int(str(each["count"]))
        for inner in each.get("narrower", ()):  # type: ignore[attr-defined]
            yield from below(name, inner)

    for name, facet in told["facets"].items():  # type: ignore[attr-defined]
        for each in facet["values"]:
            yield from below(name, each)


def test_every_count_of_every_facet_is_what_the_endpoint_finds(bundled: Published) -> None:
    counted = list(dict.fromkeys(values(found(bundled, ""))))
    assert len(counted) > 50
    assert {name for name, _, _ in counted} >= {"type", "kind", "value", "source", "evidence", "level"}
    for name, value, count in counted:
        query = f"{name}={quote(value)}"
        assert len(rows(bundled, query)) == count, query
        assert len(everything(bundled, query)) == count, query


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=cooperation",
        "q=r%C3%A9seau+savoirs",
        "q=l%27%C3%A9conomie",
        "q=territiores",
        "q=d%C3%A9veloppement+durable&type=solld:Value",
        "q=a",
        "type=solld:Actor&source=dataset/rers&evidence=scheme/evidence/explicit",
        "value=scheme/values/solidarite",
        "value=scheme/values/solidarite&value=scheme/values/cooperation",
        "type=solld:Network&q=solidaire",
        "bbox=-5,41,10,52",
    ],
)
def test_a_search_and_its_sparql_find_the_same(bundled: Published, query: str) -> None:
    assert rows(bundled, query) == everything(bundled, query)


def test_counts_narrow_with_what_was_chosen(bundled: Published) -> None:
    for name, value, count in values(found(bundled, "q=reseau")):
        assert found(bundled, f"q=reseau&{name}={quote(value)}")["total"] == count


# Formats --------------------------------------------------------------------------------------------------------------


def test_points_are_in_geojson_and_in_the_box(searched: Settings) -> None:
    published = publish(searched)
    with closing(published):
        told = json.loads(published.get("/search.geojson").data)
        (feature,) = told["features"]
        assert feature["geometry"] == {"type": "Point", "coordinates": [-5.1292, 48.459]}
        assert (told["pointed"], told["total"]) == (1, len(everything(published, "")))
        for box, there in (("-6,48,-5,49", 1), ("-5,48,-4,49", 0), ("179,48,-5,49", 1), ("170,-10,-170,10", 0)):
            assert found(published, f"bbox={box}")["total"] == there, box
            assert rows(published, f"bbox={box}") == everything(published, f"bbox={box}"), box


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("text/html", "text/html; charset=utf-8"),
        ("*/*", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        ("application/geo+json", "application/geo+json"),
        ("text/csv", "text/csv; charset=utf-8"),
    ],
)
def test_the_format_is_negotiated(bundled: Published, accept: str, media_type: str) -> None:
    answer = bundled.get("/search?q=savoirs", Accept=accept)
    assert answer.headers["Content-Type"] == media_type
    assert "Accept" in answer.headers["Vary"]
    again = bundled.get("/search?q=savoirs", Accept=accept, If_None_Match=answer.headers["ETag"])
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("bbox=1,2", "bbox is '1,2'"),
        ("bbox=1,60,2,50", "south is below north"),
        ("bbox=a,b,c,d", "bbox is 'a,b,c,d'"),
        ("page=0", "page is '0'"),
        ("page=1.5", "page is '1.5'"),
        ("size=5000", "size is '5000'"),
        ("sort=date", "sort is 'date'"),
        ("tyep=x", "did you mean type?"),
        ("q=" + "x" * 500, "q has 500 characters"),
        ("page=100000&size=1000", "beyond the first 100000 results"),
    ],
)
def test_what_is_wrong_is_named(bundled: Published, query: str, told: str) -> None:
    answer = bundled.get(f"/search.json?{query}")
    assert answer.status_code == 400
    assert told in answer.get_json()["detail"]


def test_what_others_hang_on_to_links_does_no_harm(bundled: Published) -> None:
    assert found(bundled, "q=savoirs&utm_source=x&fbclid=y")["total"] == found(bundled, "q=savoirs")["total"]


def test_a_page_in_each_language_has_its_form_its_facets_and_its_links(bundled: Published) -> None:
    for language, button, facet in (
        ("fr", "Rechercher", "Champ"),
        ("en", "Search", "Field"),
        ("es", "Buscar", "Campo"),
    ):
        answer = bundled.get(f"/search?q=savoirs&lang={language}", Accept="text/html")
        assert answer.headers["Content-Language"] == language
        assert f">{button}</button>" in answer.text
        assert facet in bundled.get(f"/search?lang={language}", Accept="text/html").text
        assert "<mark>savoirs</mark>" in answer.text or "<mark>Savoirs</mark>" in answer.text


def test_a_chosen_value_can_be_taken_away_and_is_kept_by_the_form(bundled: Published) -> None:
    page = bundled.get("/search?q=savoirs&type=solld:Network", Accept="text/html").text
    assert '<a href="/search?q=savoirs" rel="nofollow">' in page
    assert '<input type="hidden" name="type" value="ns#Network">' in page


def test_suggestions_begin_as_what_was_typed(bundled: Published) -> None:
    told = bundled.get("/suggest?q=r%C3%A9seau+d").get_json()
    assert 0 < len(told["results"]) <= 10
    text, labels, _, iris = bundled.get("/suggest?q=univ&format=opensearch").get_json()
    assert text == "univ"
    assert labels
    assert len(labels) == len(iris)


def test_words_are_marked_as_they_were_asked_for() -> None:
    assert marked("L’Économie solidaire", ["econ"]) == (("L’", False), ("Économie", True), (" solidaire", False))
    assert marked("rien", []) == (("rien", False),)
    long = "mot " * 100 + "but " + "mot " * 100
    assert "but" in excerpt(long, ["but"])[:200]


# What is indexed again ------------------------------------------------------------------------------------------------


def contents(settings: Settings, folder: Path) -> tuple[dict[str, object], dict[str, list[tuple[str, int]]]]:
    """All rows of an index, and all counts."""
    opened = index.Index(folder, index.VERSION)
    hits = opened.find(index.Wanted(), 1000)
    assert opened.count(index.Wanted()) == len(hits)
    _, counts = opened.facets(
        index.Wanted(), dict.fromkeys(("type", "owner", "near", "height", "beside", "source"), 1000)
    )
    looked = ("a", "b", "c", "creach", "two", "red")
    asked = {word: {hit.iri for hit in opened.find(index.Wanted((word,)), 1000)} for word in looked}
    return {hit.iri: (hit.row, [w for w in asked if hit.iri in asked[w]]) for hit in hits}, {
        k: sorted(v) for k, v in counts.items()
    }


def afresh(settings: Settings, folder: Path) -> Path:
    """The index of the newest release, made anew."""
    newest = release.load(release.folder_of(settings, max(release.numbers(settings))))
    past = History.read_only(settings.var / "history.sqlite")
    with closing(past), closing(EmbeddedStore.open(newest.folder / "store")) as store:
        view = searching.viewed(
            settings, past, newest.number, store, merging.of(past, newest.number, settings.base).leading
        )
        searching.everything(view, past, newest.number, folder)
    return newest.folder


@pytest.mark.parametrize("seed", range(4))
def test_an_index_that_only_took_changes_is_as_a_new_one(searched: Settings, tmp_path: Path, seed: int) -> None:
    for number, _ in enumerate(lives(searched, seed, 6)):
        fresh = tmp_path / f"fresh-{number}"
        newest = afresh(searched, fresh)
        assert contents(searched, newest / "search") == contents(searched, fresh / "search")


def test_what_is_found_by_its_neighbour_follows_it(searched: Settings) -> None:
    published = publish(searched)
    with closing(published):
        assert names(found(published, "q=stiff&sort=name&lang=fr")) == ["Créac'h", "Le Stiff"]
    path = searched.folder / "data" / "lights" / "lights.ttl"
    path.write_text(path.read_text(encoding="utf-8").replace('"Le Stiff"@fr', '"Le Raide"@fr'), encoding="utf-8")
    published = publish(searched)
    with closing(published):
        assert found(published, "q=stiff")["total"] == 0
        assert names(found(published, "q=raide&sort=name&lang=fr")) == ["Créac'h", "Le Raide"]


def test_a_mapping_without_a_path_is_told_with_its_place(searched: Settings) -> None:
    path = searched.folder / "ontology" / "search.ttl"
    path.write_text(DECLARED.replace("sh:path light:height", "sh:description light:height"), encoding="utf-8")
    with pytest.raises(Exception, match=r"a mapping of https://lights.example/ns#search needs a hydra:variable"):
        publish(searched)


def test_a_release_of_another_engine_says_that_it_has_no_such_index(searched: Settings) -> None:
    published = publish(searched)
    with closing(published):
        opened = index.Index(published.service.release.folder / "search", index.VERSION + 1)
        with pytest.raises(Exception, match="solld build and solld publish renew it"):
            opened.find(index.Wanted(), 1)


def test_the_queries_that_are_shown_never_have_what_was_typed_as_syntax(bundled: Published) -> None:
    for typed in ('"} INSERT {', "\\", "a'b\"c", "(a|b)+", "${x}", "*"):
        assert rows(bundled, f"q={quote(typed)}") == everything(bundled, f"q={quote(typed)}")


def test_a_teller_needs_no_cache(bundled: Published) -> None:
    opened = bundled.service
    teller = Teller(opened.finder, opened.ontology, opened.settings.base, opened.prefixes, ("fr", "en"), "fr")
    listing = teller.listing(opened.finder.find(Asked("savoirs")))
    assert listing.total
    assert all(group.options for group in listing.groups)


def test_every_line_of_the_documentation_answers(bundled: Published) -> None:
    text = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")
    lines = [line.split("  ")[0] for line in text.splitlines() if line.startswith(("/search", "/suggest"))]
    assert len(lines) > 10
    for line in lines:
        answer = bundled.get(quote(line, safe="/?=&,:"), Accept="application/json, */*;q=0.1")
        assert answer.status_code == 200, line
        if answer.is_json and "bbox" not in line:
            assert answer.get_json().get("total", 1) > 0, line
