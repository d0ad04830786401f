"""The merged view of several sources: licences keep some apart, one word counts, and nothing is lost in either."""

import csv
import gzip
import hashlib
import io
import json
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from conftest import ROOT, Published, publish
from solld import cli, site, verify
from solld.exports.made import make
from solld.leading import Leading
from solld.merged import Merged
from solld.rdf import DCT, PROV, SKOS, NamedNode

BASE = "https://w3id.org/solld/"
BY, ODBL = "https://creativecommons.org/licenses/by/4.0/", "https://opendatacommons.org/licenses/odbl/1-0/"
HEAD = ["id", "name", "website", "city", "postcode", "country", "latitude", "longitude"]
FABRIQUE = ["1", "La Fabrique", "https://fabrique.example/", "Amiens", "80000", "FR", "49.8941", "2.2958"]
HALLES = ["2", "Coop des Halles", "https://halles.example/", "Beauvais", "60000", "FR", "49.4295", "2.0807"]
ATELIER = ["x9", "Atelier Fabrique", "https://www.fabrique.example/", "Amiens", "80090", "FR", "49.8951", "2.3001"]
OTHER = ["x8", "Autre chose", "https://autre.example/", "Lyon", "69000", "FR", "45.7512", "4.8519"]


class Sources:
    """A site with two sources, `one` and `two`."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("ontology", "queries"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "site.toml", folder)
        (folder / "data").mkdir()
        self.published: Published | None = None
        for name, rows in (("one", [FABRIQUE, HALLES]), ("two", [ATELIER, OTHER])):
            self.write(name, rows)
            self.solld("add-source", str(self.file(name)), "--name", name, "--language", "fr", "--license", BY)

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.csv"

    def write(self, name: str, rows: list[list[str]]) -> None:
        out = io.StringIO()
        csv.writer(out).writerows([HEAD, *rows])
        self.file(name).write_text(out.getvalue(), encoding="utf-8")

    def solld(self, *arguments: str, status: int = 0) -> None:
        assert cli.main([*arguments, "--site", str(self.folder)]) == status

    def describe(self, name: str, rights: str = "", kind: str = "") -> None:
        """Says under which licence a source is, and what kind of source it is."""
        path = self.folder / "data" / name / "dataset.ttl"
        text = re.sub(r"  (# )?dct:(license|type) .*\n", "", path.read_text(encoding="utf-8"))
        more = (f"  dct:license <{rights}> ;\n" if rights else "") + (
            f"  dct:type <{BASE}scheme/source-kinds/{kind}> ;\n" if kind else ""
        )
        path.write_text(text.replace("  dct:source", f"{more}  dct:source"), encoding="utf-8")

    def publish(self) -> Published:
        self.solld("harvest")
        if self.published:
            self.published.close()
        self.published = publish(site.load(self.folder))
        assert verify.verify(self.published.settings) == []
        return self.published

    def identifier(self, name: str, key: str) -> str:
        path = self.folder / "data" / name / "ids.csv"
        return next(row["id"] for row in csv.DictReader(path.open(encoding="utf-8")) if row["key"] == key)

    def merge(self) -> tuple[str, str]:
        """Says that two records are of one thing; returns the loser and the winner."""
        loser, winner = self.identifier("two", "x9"), self.identifier("one", "1")
        self.solld("merge", loser, winner, "--why", "one café")
        return loser, winner


@pytest.fixture
def sources(tmp_path: Path) -> Sources:
    return Sources(tmp_path)


def names(published: Published, graph: str = "") -> set[str]:
    said = "?s a ns:Actor ; skos:prefLabel ?n"
    pattern = f"GRAPH <{BASE}dataset/{graph}> {{ {said} }}" if graph else said
    query = f"PREFIX skos: <{SKOS.iri}> PREFIX ns: <{BASE}ns#> SELECT ?n {{ {pattern} }}"
    return {row[0].value for row in published.service.store.select(query)}  # type: ignore[union-attr]


# Licences -------------------------------------------------------------------------------------------------------------


def test_what_is_share_alike_stands_in_its_own_graph_alone(sources: Sources) -> None:
    sources.describe("two", ODBL)
    published = sources.publish()
    assert names(published) == {"La Fabrique", "Coop des Halles"}
    assert names(published, "two") == {"Atelier Fabrique", "Autre chose"}
    other = sources.identifier("two", "x8")
    page = published.get(f"/doc/{other}", Accept="text/html", Accept_Language="en")
    assert page.status_code == 200
    assert "Autre chose" in page.text
    assert "in the graph of their source only" in page.text
    assert ODBL in page.headers["Link"]
    assert BY not in page.headers["Link"]
    assert published.get(f"/doc/{other}.json").json["label"] == "Autre chose"  # type: ignore[index]
    files = {name: _dump(published, f"dump/{name}.nq.gz") for name in ("merged", "two")}
    dumped = {name: gzip.decompress(path.read_bytes()).decode() for name, path in files.items()}
    assert not re.search(f"^<{BASE}id/{other}", dumped["merged"], re.MULTILINE)
    assert "Autre chose" not in dumped["merged"]
    assert "Autre chose" in dumped["two"]
    changes = published.get("/ldes", Accept="application/trig").text
    page_of_log = re.findall(r"/ldes/[0-9-]+(?=>)", changes)[0]
    months = published.get(page_of_log, Accept="application/trig").text
    log = published.get(re.findall(r"/ldes/[0-9-]+/1(?=>)", months)[0], Accept="application/trig").text
    assert "La Fabrique" in log
    assert "Autre chose" not in log


def _dump(published: Published, file: str) -> Path:
    return make(published.settings, published.service.release.number, file)


def test_of_what_has_no_licence_names_and_links_are_published(sources: Sources) -> None:
    sources.describe("two")
    published = sources.publish()
    assert names(published) == {"La Fabrique", "Coop des Halles", "Atelier Fabrique", "Autre chose"}
    graph = NamedNode(f"{BASE}dataset/two")
    said = {quad.predicate.value for quad in published.service.store.quads(None, None, None, graph)}
    assert SKOS.prefLabel.value in said
    assert not any(each.startswith("https://schema.org/") for each in said)
    text = " ".join(map(str, published.service.store.quads()))
    assert "45.7512" not in text
    assert "69000" not in text
    assert b"45.7512" not in gzip.decompress(_dump(published, "dump/two.nq.gz").read_bytes())
    sources.describe("two", "https://licences.example/unheard-of")
    published = sources.publish()
    assert "45.7512" not in " ".join(map(str, published.service.store.quads()))
    told = {each["dataset"]: each["use"] for each in published.get("/about/sources.json").json["sources"]}  # type: ignore[index]
    assert told[f"{BASE}dataset/two"] == "names"
    sources.describe("two", BY)  # and all of it, once there is one
    assert "45.7512" in " ".join(map(str, sources.publish().service.store.quads()))
    sources.describe("two")
    assert "45.7512" not in " ".join(map(str, sources.publish().service.store.quads()))


def test_a_site_may_say_itself_what_a_licence_allows(sources: Sources) -> None:
    mine = "https://licences.example/ours"
    sources.describe("two", mine)
    text = (sources.folder / "site.toml").read_text(encoding="utf-8")
    (sources.folder / "site.toml").write_text(f'{text}\n[harvest]\nopen = ["{mine}"]\nseparate = ["{BY}"]\n')
    published = sources.publish()
    assert names(published) == {"Atelier Fabrique", "Autre chose"}
    assert names(published, "one") == {"La Fabrique", "Coop des Halles"}


def test_everybody_who_is_to_be_named_is_named(sources: Sources) -> None:
    sources.describe("one", BY, "register")
    sources.describe("two", ODBL)
    published = sources.publish()
    told = published.get("/about/sources.json").json["sources"]  # type: ignore[index]
    assert [(each["dataset"].rpartition("/")[2], each["use"], each["licenses"]) for each in told] == [
        ("one", "merged", [BY]),
        ("two", "separate", [ODBL]),
    ]
    assert all(each["seen"] and each["expires"] > each["seen"] and each["things"] == 2 for each in told)
    page = published.get("/about/sources", Accept="text/html", Accept_Language="fr").text
    assert "seulement dans son propre graphe" in page
    described = published.get("/sparql", Accept="text/turtle").text
    assert BY in described
    assert ODBL in described
    assert f"{BASE}about/sources" in described or "about/sources" in described
    assert '</about/sources>; rel="copyright"' in published.get("/dump/merged.nq.gz").headers["Link"]
    assert f'<{ODBL}>; rel="license"' in published.get("/dump/two.nq.gz").headers["Link"]
    assert ODBL not in published.get("/dump/merged.nq.gz").headers["Link"]
    sources_of = published.get(f"/doc/{sources.identifier('one', '1')}.json").json["sources"]  # type: ignore[index]
    assert [(each["id"], each["license"]) for each in sources_of] == [(f"{BASE}dataset/one", BY)]


# Whose word counts ----------------------------------------------------------------------------------------------------


def test_one_value_is_in_the_view_and_the_others_beside_it(sources: Sources) -> None:
    sources.describe("one", BY, "aggregator")
    sources.describe("two", BY, "register")
    sources.publish()
    loser, winner = sources.merge()
    published = sources.publish()
    assert "Atelier Fabrique" in names(published)
    assert "La Fabrique" not in names(published)
    told = published.get(f"/doc/{winner}.json").json
    assert told
    assert told["label"] == "Atelier Fabrique"
    assert {each["id"] for each in told["url"]} == {FABRIQUE[2], ATELIER[2]}  # there may be several websites
    assert told["location"]["address"]["postalCode"] == "80090"
    also = {each["property"]: each for each in told["also_stated"]}
    assert also["prefLabel"]["value"] == "La Fabrique"
    assert also["location"]["value"]["postalCode"] == "80000"
    assert also["location"]["value"]["latitude"] == 49.8941
    for each in also.values():
        assert [source["id"] for source in each["sources"]] == [f"{BASE}dataset/one"]
        assert re.match(r"\d{4}-\d\d-\d\dT", each["date"])
    page = published.get(f"/doc/{winner}", Accept="text/html", Accept_Language="en").text
    section = page[page.index('id="also"') : page.index("</section>", page.index('id="also"'))]
    assert "La Fabrique" in section
    assert "80000" in section
    assert "#source-" in section
    assert published.get(f"/doc/{loser}").status_code == 301
    assert "La Fabrique" in published.get(f"/doc/{winner}.trig").text
    sources.describe("one", BY, "own-site")
    assert {"La Fabrique"} <= names(sources.publish()) - {"Atelier Fabrique"}


def test_a_separate_source_is_told_of_beside_the_view(sources: Sources) -> None:
    sources.describe("two", ODBL, "own-site")
    sources.publish()
    _, winner = sources.merge()
    told = sources.publish().get(f"/doc/{winner}.json").json
    assert told
    assert told["label"] == "La Fabrique"
    also = {each["property"]: each for each in told["also_stated"]}
    assert also["prefLabel"]["value"] == "Atelier Fabrique"
    assert also["prefLabel"]["sources"][0]["license"] == ODBL


def line(subject: str, predicate: str, object_: str, graph: str) -> bytes:
    return f"<urn:x:{subject}> <{predicate}> {object_} <urn:g:{graph}> .".encode()


NAME, MODIFIED = SKOS.prefLabel.value, DCT.modified.value
VIEW = Merged(Leading(), ranks={"urn:g:a": 2, "urn:g:b": 2, "urn:g:c": 1}, single=frozenset([NAME, "urn:at"]))


@pytest.mark.parametrize(
    ("lines", "out"),
    [
        ([("s", NAME, '"A"@en', "a"), ("s", NAME, '"C"@en', "c")], {0}),  # the rank
        ([("s", NAME, '"A"@en', "a"), ("s", NAME, '"C"@fr', "c")], set()),  # another language
        ([("s", NAME, '"A"@en', "a"), ("s", NAME, '"C"@EN', "c")], {0}),
        ([("s", NAME, '"A"@en', "a"), ("s", NAME, '"A"@en', "c")], set()),  # the same
        ([("s", "urn:of", '"A"', "a"), ("s", "urn:of", '"C"', "c")], set()),  # there may be several
        ([("s", NAME, '"A"', "a"), ("t", NAME, '"C"', "c")], set()),  # of something else
        ([("s", NAME, '"A"', "a"), ("s", NAME, '"B"', "b"), ("s", MODIFIED, '"2020"', "b")], {0}),  # the newest
        ([("s", NAME, '"A"', "a"), ("s", NAME, '"B"', "b")], {1}),  # the first by name
        ([("s", NAME, '"A"', "a"), ("s", NAME, '"A2"', "a"), ("s", NAME, '"B"', "b")], {2}),  # all of one source
        (  # the nodes of what is left out
            [
                ("s", "urn:at", "<urn:x:s#a>", "a"),
                ("s#a", "urn:in", "<urn:x:s#in>", "a"),
                ("s#in", "urn:of", '"A"', "a"),
                ("s", "urn:at", "<urn:x:s#c>", "c"),
                ("s#c", "urn:of", '"C"', "c"),
            ],
            {0, 1, 2},
        ),
        (  # but not those that something else points at
            [
                ("s", "urn:at", "<urn:x:s#a>", "a"),
                ("s#a", "urn:of", '"A"', "a"),
                ("s", "urn:also", "<urn:x:s#a>", "b"),
                ("s", "urn:at", "<urn:x:s#c>", "c"),
            ],
            {0},
        ),
    ],
)
def test_the_rule_of_the_view(lines: list[tuple[str, str, str, str]], out: set[int]) -> None:
    given = [line(*each) for each in lines]
    kept, left = VIEW.parted(given)
    assert {given.index(each) for each in left} == out
    assert sorted([*kept, *left]) == sorted(given)


def _shuffled(random_: random.Random, sources: Sources) -> list[Callable[[], None]]:
    rows = {"one": [FABRIQUE, HALLES], "two": [ATELIER, OTHER]}

    def change() -> None:
        name = random_.choice(["one", "two"])
        row = random_.choice(rows[name])
        changed = [*row[:1], f"{row[1]} {random_.randrange(9)}", *row[2:6], f"4{random_.randrange(9)}.5", row[7]]
        sources.write(name, [changed if each is row else each for each in rows[name]])

    def describe() -> None:
        kinds = ["", "own-site", "register", "aggregator"]
        sources.describe(random_.choice(["one", "two"]), random_.choice([BY, BY, ODBL, ""]), random_.choice(kinds))

    return [change, change, describe]


@pytest.mark.parametrize("seed", range(2))
def test_however_it_came_to_be_the_view_is_the_same(sources: Sources, seed: int) -> None:
    random_ = random.Random(seed)
    acts = _shuffled(random_, sources)
    sources.publish()
    merged = False
    for _ in range(7):
        for _ in range(random_.randrange(1, 3)):
            random_.choice(acts)()
        if random_.random() < 0.4:
            if merged:
                loser, winner = sources.identifier("two", "x9"), sources.identifier("one", "1")
                sources.solld("split", loser, winner, "--why", "two after all")
            else:
                sources.merge()
            merged = not merged
        sources.publish()  # which holds the release against one made anew


# Where it came from ---------------------------------------------------------------------------------------------------


def test_each_record_says_by_which_run_it_came_and_the_catalogue_tells_of_it(sources: Sources) -> None:
    published = sources.publish()
    store, catalog = published.service.store, NamedNode(f"{BASE}graph/catalog")
    thing = NamedNode(f"{BASE}id/{sources.identifier('one', '1')}")
    (run,) = {quad.object for quad in store.quads(thing, PROV.wasGeneratedBy)}
    assert isinstance(run, NamedNode)
    said = {quad.predicate: quad.object for quad in store.quads(run, None, None, catalog)}
    assert {PROV.startedAtTime, PROV.endedAtTime, PROV.used} <= said.keys()
    assert "2 records read" in str(sorted(map(str, (q.object for q in store.quads(run, DCT.description)))))
    copy = said[PROV.used]
    assert isinstance(copy, NamedNode)
    digest = {q.object.value for q in store.quads(copy) if q.predicate.value.endswith("sha256")}  # type: ignore[union-attr]
    assert digest == {hashlib.sha256(sources.file("one").read_bytes()).hexdigest()}
    page = published.get("/dataset/one", Accept="text/html", Accept_Language="en").text
    assert "2 records read" in page


def test_what_went_wrong_is_told_where_the_source_is_described(sources: Sources) -> None:
    sources.publish()
    sources.file("one").write_text("id,name\n1,a,b,c\n", encoding="utf-8")
    sources.solld("harvest", status=3)
    sources.solld("publish")
    published = publish(site.load(sources.folder))
    page = published.get("/dataset/one", Accept="text/html", Accept_Language="en").text
    assert "could not be read" in page
    assert "line 2" in page
    told = {each["dataset"]: each for each in published.get("/about/sources.json").json["sources"]}  # type: ignore[index]
    assert "line 2" in told[f"{BASE}dataset/one"]["reason"]
    assert "reason" not in told[f"{BASE}dataset/two"]
    assert names(published) >= {"La Fabrique"}


def test_a_lost_state_takes_no_run_with_it(sources: Sources) -> None:
    published = sources.publish()
    before = {q.object for q in published.service.store.quads(None, PROV.wasGeneratedBy)}
    shutil.rmtree(sources.folder / "var" / "harvest")
    sources.write("one", [[*FABRIQUE[:1], "New name", *FABRIQUE[2:]], HALLES])
    published = sources.publish()
    catalog = NamedNode(f"{BASE}graph/catalog")
    for run in before:
        assert isinstance(run, NamedNode)
        assert list(published.service.store.quads(run, PROV.endedAtTime, None, catalog))


def test_a_source_leaves_by_one_command_and_what_others_attest_stays(sources: Sources) -> None:
    sources.publish()
    loser, winner = sources.merge()
    sources.publish()
    other, stays = sources.identifier("one", "2"), sources.identifier("two", "x8")
    ledger = (sources.folder / "data" / "one" / "ids.csv").read_text(encoding="utf-8")
    sources.solld("remove-source", "one")
    published = publish(site.load(sources.folder))
    assert verify.verify(published.settings) == []
    assert (sources.folder / "data" / "one" / "ids.csv").read_text(encoding="utf-8") == ledger
    assert names(published) == {"Atelier Fabrique", "Autre chose"}
    assert not list(published.service.store.quads(None, None, None, NamedNode(f"{BASE}dataset/one")))
    gone = published.get(f"/id/{other}", Accept="application/json")
    assert gone.status_code == 410
    assert "its source, one, left" in gone.text
    assert published.get("/dataset/one").status_code == 410
    assert published.get(f"/id/{stays}").status_code == 303
    assert published.get(f"/id/{loser}").headers["Location"].endswith(winner)
    told = published.get(f"/doc/{winner}.json").json  # which the other source attests
    assert told
    assert told["label"] == "Atelier Fabrique"
    assert "Coop des Halles" in published.get(f"/version/{other}/1", Accept="text/turtle").text
    sources.solld("remove-source", "one", status=2)


def test_a_source_that_comes_back_has_its_identifiers_again(sources: Sources) -> None:
    sources.publish()
    before = sources.identifier("one", "2")
    sources.solld("remove-source", "one")
    sources.solld("add-source", str(sources.file("one")), "--name", "one", "--language", "fr", "--license", BY)
    published = sources.publish()
    assert sources.identifier("one", "2") == before
    assert published.get(f"/doc/{before}.json").json["label"] == "Coop des Halles"  # type: ignore[index]


def test_a_dataset_of_the_site_is_not_taken_out_with_a_source(sources: Sources) -> None:
    (sources.folder / "data" / "one" / "own.ttl").write_text("# ours\n", encoding="utf-8")
    sources.solld("remove-source", "one", status=2)
    assert (sources.folder / "data" / "one" / "lift.rq").exists()


def test_the_command_says_how_fresh_a_source_is(sources: Sources, capsys: pytest.CaptureFixture[str]) -> None:
    sources.publish()
    capsys.readouterr()
    sources.solld("harvest", "one", "--status", "--json")
    (told,) = json.loads(capsys.readouterr().out)
    assert told["expires"] > told["good"]
    assert told["expired"] is False
