"""The map over HTTP: the page without a script, all points at once, clusters."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

from conftest import TINY, Published, publish
from mapped import FAR, FRANCE, NUMBER, PLACE, TOGETHER, by_departement, mapped
from solld import site
from solld.errors import BadSite
from solld.web import create_app


@pytest.fixture(scope="module")
def coast(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Published]:
    folder = tmp_path_factory.mktemp("coast") / "site"
    shutil.copytree(TINY, folder, ignore=shutil.ignore_patterns("var"))
    published = publish(mapped(site.load(folder)))
    yield published
    published.close()


def told(coast: Published, address: str) -> Any:
    answer = coast.get(address)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text)


# The page -------------------------------------------------------------------------------------------------------------


def test_the_page_needs_no_script_to_tell_where_the_results_are(coast: Published) -> None:
    page = coast.get("/map", Accept_Language="fr").text
    assert re.findall(r'<h2 id="(\w+)">', page) == ["countries", "departements", "regions"]
    areas = dict(re.findall(r"<span>([^<]+)</span> <span class=\"n\">(\d+)</span>", page))
    assert areas["Bouches-du-Rhône"] == str(TOGETHER)
    assert areas["Royaume-Uni"] == areas["Australie"] == "1"


def test_areas_that_the_data_name_lead_to_their_results(coast: Published) -> None:
    page = coast.get("/map?q=feu&country=FR", Accept_Language="en").text
    links = re.findall(r'<li><a href="(/search[^"]+)"><span>([^<]+)</span> <span class="n">(\d+)</span>', page)
    by_name = {name: (href.replace("&amp;", "&"), int(number)) for href, name, number in links}
    assert by_name["Finistère"][1] == by_departement()["29"]
    assert {name for name in by_name if name != "France"} == {"Finistère", "Gironde", "Manche", "Bouches-du-Rhône"}
    for href, number in by_name.values():
        assert json.loads(coast.get(href, Accept="application/json").text)["total"] == number


def test_areas_that_only_points_tell_lead_to_the_map_around_them(coast: Published) -> None:
    page = coast.get("/map?q=port", Accept_Language="fr").text
    (href,) = set(re.findall(r'<a href="(/map\?[^"]+)"><span>Bouches-du-Rhône', page))
    around = coast.get(href.replace("&amp;", "&"), Accept_Language="fr").text
    assert f"{TOGETHER} dans la zone" in around


def test_the_list_of_results_and_its_files_have_the_same_parameters(coast: Published) -> None:
    page = coast.get("/map?q=phare&bbox=-5,48,0,49&lang=fr").text
    assert 'href="/search?q=phare&amp;lang=fr"' in page
    for extension in ("json", "geojson", "csv"):
        assert f'href="/search.{extension}?q=phare"' in page
    assert "PREFIX" in page or "SELECT" in page


def test_what_has_no_point_is_said(coast: Published) -> None:
    page = coast.get("/map?q=Alexandria", Accept_Language="en").text
    assert "None of these results has a point" in page
    assert "map.js" not in page


def test_results_are_counted_with_those_that_have_no_point(coast: Published) -> None:
    page = coast.get("/map", Accept_Language="en").text
    total = told(coast, "/search.json?size=1")["total"]
    assert f"{NUMBER} results on the map" in page
    assert f"of {total}: the others have no point" in page


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_page_is_in_the_language_of_the_reader(coast: Published, language: str) -> None:
    answer = coast.get(f"/map?lang={language}")
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}">' in answer.text
    assert f'lang={language}"' in re.findall(r'"points":("[^"]+")', answer.text)[0]


def test_nothing_on_the_page_comes_from_another_host_or_runs_inline(coast: Published) -> None:
    answer = coast.get("/map")
    assert "style=" not in answer.text
    assert not re.findall(r'<script(?![^>]*(?:src="/static/|type="application/json"))', answer.text)
    assert not re.findall(r'(?:src|data-\w+)="https?:', answer.text)
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")


def test_who_wants_geojson_finds_it_at_the_search(coast: Published) -> None:
    answer = coast.get("/map?q=phare", Accept="application/geo+json")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/search.geojson?q=phare"
    assert coast.get("/map", Accept="image/png").status_code == 406


def test_a_parameter_that_is_none_is_told(coast: Published) -> None:
    answer = coast.get("/map?tpye=x", Accept="application/problem+json")
    assert answer.status_code == 400
    assert "did you mean type" in answer.text


def test_the_page_is_asked_for_again_only_when_it_changed(coast: Published) -> None:
    first = coast.get("/map?q=phare")
    again = coast.get("/map?q=phare", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304
    assert "Accept-Language" in first.headers["Vary"]
    assert coast.client.head("/map?q=phare").headers["ETag"] == first.headers["ETag"]


# Points and clusters --------------------------------------------------------------------------------------------------


def test_all_points_are_there_with_what_a_popup_says(coast: Published) -> None:
    points = told(coast, "/map/points.json?lang=fr")
    assert points["number"] == NUMBER == len(points["lat"])
    place = points["name"].index("Cordouan")
    assert (points["lat"][place], points["lon"][place]) == (45.5863, -1.1734)
    assert points["types"][points["type"][place]] == "Phare"
    assert coast.get(points["path"][place]).status_code == 303


def test_a_name_in_another_language_than_the_page_says_so(coast: Published) -> None:
    points = told(coast, "/map/points.json?lang=en")
    tongues = {name: points["languages"][n] for name, n in zip(points["name"], points["language"], strict=True)}
    assert tongues["Cordouan"] == "fr"
    assert tongues["Creach"] == ""


def test_points_are_those_of_the_search(coast: Published) -> None:
    found = told(coast, "/search.geojson?q=feu")["features"]
    points = told(coast, "/map/points.json?q=feu")
    assert sorted(points["name"]) == sorted(each["properties"]["name"] for each in found)


def test_the_box_of_an_address_is_what_is_looked_at_and_not_what_is_searched(coast: Published) -> None:
    assert told(coast, "/map/points.json?bbox=0,0,1,1")["number"] == NUMBER


@settings(deadline=None)
@given(zoom=st.integers(0, 4))
def test_clusters_of_the_world_have_all_points(coast: Published, zoom: int) -> None:
    found = told(coast, f"/map/clusters.json?z={zoom}")
    assert sum(each[2] for each in found["clusters"]) + len(found["points"]) == NUMBER == found["number"]


def test_clusters_tell_what_is_first_in_their_box(coast: Published) -> None:
    latitude, longitude = PLACE
    box = f"{longitude - 0.01},{latitude - 0.01},{longitude + 0.01},{latitude + 0.01}"
    found = told(coast, f"/map/clusters.json?z=18&bbox={box}&lang=fr")
    assert found["number"] == TOGETHER == len(found["first"])
    assert [each[2] for each in found["clusters"]] == [TOGETHER]
    assert {each[5] for each in found["first"]} == {"Phare"}


def test_too_many_points_are_clustered_here(coast: Published) -> None:
    few = replace(coast.service, settings=replace(coast.settings, map_points=NUMBER - 1))
    points = json.loads(Client(create_app(lambda: few)).get("/map/points.json").text)
    assert points["clustered"] is True
    assert "lat" not in points
    west, south, east, north = points["box"]
    assert east == FAR["Split Point"][1]
    assert south == FAR["Split Point"][0]
    assert west < FRANCE[0] + 1
    assert north == FAR["Bell Rock"][0]


@pytest.mark.parametrize(
    "address", ["/map/clusters.json?z=21", "/map/clusters.json?z=x", "/map/clusters.json?bbox=1,2"]
)
def test_a_wrong_zoom_or_box_is_told(coast: Published, address: str) -> None:
    assert coast.get(address).status_code == 400


def test_points_need_the_language_of_the_reader_only(coast: Published) -> None:
    answer = coast.get("/map/points.json")
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["ETag"]
    assert "Accept-Language" in answer.headers["Vary"]


# The small map of a page ----------------------------------------------------------------------------------------------


def test_the_page_of_what_has_a_point_shows_where_it_is(coast: Published) -> None:
    page = coast.get(f"/doc/{coast.ids['m0']}.html", Accept_Language="fr").text
    assert 'role="img" aria-label="Carte : 45,5863° N, 1,1734° O"' in page
    href = re.findall(r'<a href="(/map\?bbox=[^"]+)">', page)[0].replace("&amp;", "&")
    west, south, east, north = map(float, re.findall(r"bbox=([-\d.,]+)", href)[0].split(","))
    assert west < -1.1734 < east
    assert south < 45.5863 < north
    assert coast.get(href).status_code == 200


def test_the_page_of_what_names_a_territory_shows_that(coast: Published) -> None:
    page = coast.get(f"/doc/{coast.ids['d33-0']}.html", Accept_Language="fr").text
    assert 'aria-label="Carte : Gironde"' in page


def test_the_page_of_what_is_nowhere_has_no_map(coast: Published) -> None:
    assert "locator" not in coast.get(f"/doc/{coast.ids['pharos']}.html").text


# Settings -------------------------------------------------------------------------------------------------------------


def test_tiles_of_a_server_are_let_in_and_nothing_else(tiny: Any) -> None:
    path = Path(tiny.folder) / "site.toml"
    path.write_text(
        path.read_text() + '\n[map]\ntiles = "https://{s}.tiles.example/{z}/{x}/{y}.png"\nattribution = "© Tiles"\n'
    )
    published = publish(site.load(tiny.folder))
    answer = published.get("/map")
    published.close()
    assert "img-src 'self' https://*.tiles.example" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert '"tiles":"https://{s}.tiles.example/{z}/{x}/{y}.png"' in answer.text
    assert "© Tiles" in answer.text


@pytest.mark.parametrize("tiles", ["tiles/{z}", "https://a.example; script-src *", "ftp://a.example/{z}"])
def test_tiles_are_an_address(tiny: Any, tiles: str) -> None:
    path = Path(tiny.folder) / "site.toml"
    path.write_text(f'{path.read_text()}\n[map]\ntiles = "{tiles}"\n')
    with pytest.raises(BadSite):
        site.load(tiny.folder)
