"""The bundled site, published and asked from the outside."""

import csv
import io
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode

import pytest

from conftest import ROOT, Published, publish
from solld import build, site
from solld.model import Settings
from solld.rdf import RdfFormat, parse

NAMES = ["rers", "territoires"]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Settings:
    folder = tmp_path_factory.mktemp("bundled")
    for name in ("ontology", "data", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "site.toml", folder)
    return replace(site.load(folder), text_folders=(shared / "seeds",))


@pytest.fixture(scope="module")
def published(settings: Settings) -> Iterator[Published]:
    opened = publish(settings)
    yield opened
    opened.service.close()


def test_it_conforms_without_a_warning(settings: Settings) -> None:
    assert build.check(settings).findings == ()


def test_every_key_has_its_identifier_already(settings: Settings, published: Published) -> None:
    for name in NAMES:
        assert (settings.folder / f"data/{name}/ids.csv").read_text() == (ROOT / f"data/{name}/ids.csv").read_text()


def test_no_blank_node_and_no_source_key_is_published(published: Published) -> None:
    text = " ".join(map(str, published.service.store.quads()))
    assert "_:" not in text
    assert "/key/" not in text


def test_every_thing_dereferences(published: Published) -> None:
    for key, identifier in published.ids.items():
        found = published.get(f"/id/{identifier}")
        assert found.status_code == 303, key
        answer = published.get(found.headers["Location"], Accept="text/turtle")
        assert answer.status_code == 200, key
        assert list(parse(answer.data, format=RdfFormat.TURTLE)), key


def test_every_resource_has_a_page_in_each_language(published: Published) -> None:
    subjects = sorted({str(q.subject) for q in published.service.store.quads() if "genid" not in str(q.subject)})
    base = published.settings.base
    paths = {s.strip("<>").partition("#")[0].removeprefix(base) for s in subjects if s.startswith(f"<{base}")}
    assert len(paths) > 400
    for number, path in enumerate(sorted(paths - {""})):
        address = f"/{path}" if path not in ("sparql",) else "/catalog"
        answer = published.client.get(
            f"{address}?lang={('fr', 'en', 'es')[number % 3]}", headers={"Accept": "text/html"}, follow_redirects=True
        )
        assert answer.status_code == 200, address
        assert "<h1" in answer.text, address


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*.rq")), ids=lambda p: p.stem)
def test_a_saved_query_answers_over_http_as_many_rows_as_written_down(published: Published, path: Path) -> None:
    answer = published.get("/sparql?" + urlencode({"query": path.read_text()}), Accept="text/csv")
    assert answer.status_code == 200
    rows = list(csv.reader(io.StringIO(answer.text)))[1:]
    with (ROOT / f"tests/answers/{path.stem}.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.reader(file))[1:]
    assert len(rows) == len(expected) > 0


def test_who_created_the_mds_and_which_of_them_only_by_inference(published: Published) -> None:
    founders = json.loads(published.get(f"/doc/{published.ids['mds']}.json").data)["schema_founder"]
    assert published.ids["reas"] in json.dumps(founders)


def test_the_context_is_fresh_and_published(published: Published) -> None:
    served = json.loads(published.get("/context.jsonld").data)
    assert served == json.loads((ROOT / "ontology/context.jsonld").read_text(encoding="utf-8"))
