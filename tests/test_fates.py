"""Merge, split, withdraw, undo: addresses go on to answer, and the merged view follows. PERMANENCE 1.2, U6 to U8."""

import csv
import io
import json
import shutil
from pathlib import Path

import pytest

from conftest import Published, identifiers, publish
from lives import lives
from solld import build, fates, index, release, site, verify
from solld.cli import main
from solld.errors import BadData
from solld.model import Settings
from solld.rdf import DCT, DEFAULT, NamedNode, Quad, RdfFormat, parse
from solld.stores.embedded import EmbeddedStore
from test_versions import LIGHTS, edit

BASE = "https://lights.example/"
LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"


def decided(settings: Settings, act: str, *ids: str, why: str = "the same light") -> int:
    return main([act, *ids, "--why", why, "--site", str(settings.folder)])


def asked(published: Published, query: str) -> list[str]:
    answer = published.client.get("/sparql", query_string={"query": query}, headers={"Accept": "text/csv"})
    return answer.text.split("\r\n")[1:-1]


@pytest.fixture
def ids(tiny: Settings) -> dict[str, str]:
    build.build(tiny)
    return identifiers(tiny)


def test_a_merged_identifier_leads_to_the_other_in_one_hop(tiny: Settings, ids: dict[str, str]) -> None:
    loser, winner = ids["pharos"], ids["creach"]
    assert decided(tiny, "merge", loser, winner) == 0
    published = publish(tiny)
    for path, target in ((f"/id/{loser}", f"/id/{winner}"), (f"/doc/{loser}.ttl", f"/doc/{winner}.ttl")):
        answer = published.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (301, target)
    assert published.get(f"/id/{winner}").status_code == 303
    text = published.get(f"/doc/{winner}.nt").text
    assert "Pharos of Alexandria" in text
    assert f"<{BASE}id/{winner}> <{DCT.replaces.value}> <{BASE}id/{loser}>" in text
    assert verify.verify(tiny) == []


def test_the_view_has_the_winner_and_the_source_its_own(tiny: Settings, ids: dict[str, str]) -> None:
    loser, winner = (f"{BASE}id/{ids[key]}" for key in ("stiff", "creach"))
    decided(tiny, "merge", ids["stiff"], ids["creach"])
    published = publish(tiny)
    both = f"SELECT ?l {{ <{winner}> <{LABEL}> ?l }} ORDER BY ?l"
    assert {"Le Stiff", "Creach", "Créac'h"} == set(asked(published, both))
    assert asked(published, f"SELECT ?p {{ <{loser}> ?p ?o }}") == [DCT.isReplacedBy.value]
    assert asked(published, f"SELECT ?s {{ ?s <{BASE}ns#sees> <{loser}> }}") == []
    assert asked(published, f"SELECT ?s {{ ?s <{BASE}ns#sees> <{winner}> }}") == [winner]
    own = f"SELECT ?l {{ GRAPH <{BASE}dataset/lights> {{ <{loser}> <{LABEL}> ?l }} }}"
    assert asked(published, own) == ["Le Stiff"]
    quads = list(parse(published.get(f"/doc/{ids['creach']}.nq").data, format=RdfFormat.N_QUADS))
    stated = {str(q.graph_name) for q in quads if "Le Stiff" in str(q.object)}
    assert stated == {f"<{BASE}dataset/lights>"}  # a fact that moved is still one step from its source


def test_a_chain_is_one_hop_and_undoing_goes_back(tiny: Settings, ids: dict[str, str]) -> None:
    one, two, three = ids["pharos"], ids["stiff"], ids["creach"]
    before = publish(tiny)
    plain = {key: before.get(f"/doc/{i}.nq").data for key, i in ids.items()}
    decided(tiny, "merge", one, two)
    decided(tiny, "merge", two, three)
    published = publish(tiny)
    assert [published.get(f"/id/{i}").headers["Location"] for i in (one, two)] == [f"/id/{three}"] * 2
    assert verify.verify(tiny) == []
    decided(tiny, "restore", two, why="another light after all")
    published = publish(tiny)
    assert published.get(f"/id/{two}").status_code == 303
    assert published.get(f"/id/{one}").headers["Location"] == f"/id/{two}"
    decided(tiny, "restore", one, why="that one too")
    published = publish(tiny)
    assert {key: published.get(f"/doc/{i}.nq").data for key, i in ids.items()} == plain
    assert verify.verify(tiny) == []


def test_a_split_says_where_it_came_from(tiny: Settings, ids: dict[str, str]) -> None:
    loser, winner = ids["pharos"], ids["creach"]
    decided(tiny, "merge", loser, winner)
    publish(tiny)
    assert decided(tiny, "split", loser, winner, why="two lights") == 0
    published = publish(tiny)
    assert published.get(f"/id/{loser}").status_code == 303
    text = published.get(f"/doc/{loser}.nt").text
    assert f"<{BASE}id/{loser}> <http://www.w3.org/ns/prov#wasDerivedFrom> <{BASE}id/{winner}>" in text
    said = published.get(f"/doc/{winner}.nt").text.splitlines()
    assert not any("Pharos" in line for line in said if line.startswith(f"<{BASE}id/{winner}>"))


def test_what_is_withdrawn_says_since_when_and_why(tiny: Settings, ids: dict[str, str]) -> None:
    identifier = ids["stiff"]
    before = publish(tiny).get(f"/doc/{identifier}.nq").data
    main(["withdraw", identifier, "--why", "its keeper asked", "--date", "2026-11-25", "--site", str(tiny.folder)])
    published = publish(tiny)
    for path in (f"/id/{identifier}", f"/doc/{identifier}"):
        told = published.get(path, Accept="application/json")
        assert told.status_code == 410
        facts = json.loads(told.text)
        assert (facts["date"], facts["reason"], facts["last_version"]) == (
            "2026-11-25",
            "its keeper asked",
            f"/version/{identifier}/1",
        )
    page = published.get(f"/doc/{identifier}", Accept="text/html")
    assert page.status_code == 410
    assert "its keeper asked" in page.text
    assert f"/version/{identifier}/1" in page.text
    for media_type, syntax in (("text/turtle", RdfFormat.TURTLE), ("application/n-triples", RdfFormat.N_TRIPLES)):
        answer = published.get(f"/doc/{identifier}", Accept=media_type)
        assert answer.status_code == 410
        assert any("Tombstone" in str(q.object) for q in parse(answer.data, format=syntax))
        assert "timegate" in answer.headers["Link"]
    assert asked(published, f"SELECT ?l {{ <{BASE}id/{identifier}> <{LABEL}> ?l }}") == []
    rows = list(csv.DictReader(io.StringIO(published.get("/tombstones.csv").text)))
    assert [(row["id"], row["why"]) for row in rows] == [(f"{BASE}id/{identifier}", "its keeper asked")]
    assert verify.verify(tiny) == []
    decided(tiny, "restore", identifier, why="it was asked to come back")
    published = publish(tiny)
    assert published.get(f"/doc/{identifier}.nq").data == before
    assert published.get("/tombstones.csv").text.count("\n") == 1


def test_who_is_withdrawn_is_withdrawn_with_all_that_leads_there(tiny: Settings, ids: dict[str, str]) -> None:
    decided(tiny, "merge", ids["stiff"], ids["creach"])
    publish(tiny)
    decided(tiny, "withdraw", ids["creach"], why="its keeper asked")
    published = publish(tiny)
    assert published.get(f"/id/{ids['stiff']}").headers["Location"] == f"/id/{ids['creach']}"
    assert published.get(f"/id/{ids['creach']}").status_code == 410
    assert asked(published, f'SELECT ?s {{ ?s <{LABEL}> "Le Stiff"@fr }}') == []
    assert verify.verify(tiny) == []
    decided(tiny, "restore", ids["creach"], why="it came back")
    assert asked(publish(tiny), f'SELECT ?s {{ ?s <{LABEL}> "Le Stiff"@fr }}') == [f"{BASE}id/{ids['creach']}"]


def test_names_are_found_under_what_they_lead_to(tiny: Settings, ids: dict[str, str]) -> None:
    def found() -> list[str]:
        names = index.Names(publish(tiny).service.release.folder / "names", index.VERSION)
        return [hit.iri for hit in names.near(index.Wanted(["stiff"]), 10)]

    assert found() == [f"{BASE}id/{ids['stiff']}"]
    decided(tiny, "merge", ids["stiff"], ids["creach"])
    assert found() == [f"{BASE}id/{ids['creach']}"]
    decided(tiny, "restore", ids["stiff"])
    assert found() == [f"{BASE}id/{ids['stiff']}"]


def test_redirects_are_listed(tiny: Settings, ids: dict[str, str]) -> None:
    decided(tiny, "merge", ids["pharos"], ids["creach"], why="the same, they say")
    rows = list(csv.DictReader(io.StringIO(publish(tiny).get("/redirects.csv").text)))
    assert [(row["old"], row["new"], row["why"]) for row in rows] == [
        (f"{BASE}id/{ids['pharos']}", f"{BASE}id/{ids['creach']}", "the same, they say")
    ]


def test_a_change_of_what_was_merged_is_a_change_of_the_other(tiny: Settings, ids: dict[str, str]) -> None:
    decided(tiny, "merge", ids["stiff"], ids["creach"])
    first = publish(tiny)
    count = len(json.loads(first.get(f"/doc/{ids['creach']}/versions.json").text)["versions"])
    edit(tiny, "32.4", "33.3")
    published = publish(tiny)
    versions = json.loads(published.get(f"/doc/{ids['creach']}/versions.json").text)["versions"]
    assert len(versions) == count + 1
    assert '"33.3"' in published.get(f"/version/{ids['creach']}/{count + 1}.nt").text
    assert '"32.4"' in published.get(f"/version/{ids['creach']}/{count}.nt").text
    told = json.loads(published.get(f"/doc/{ids['creach']}/versions.json?from={count}&to={count + 1}").text)
    assert [s["object"] for s in told["removed"] + told["added"]] == ["32.4", "33.3"]
    assert verify.verify(tiny) == []


@pytest.mark.parametrize(
    ("acts", "reason"),
    [
        ([("merge", "creach", "creach")], "one of them has to stay"),
        ([("merge", "creach", "stiff"), ("merge", "stiff", "creach")], "one of them has to stay"),
        ([("merge", "creach", "stiff"), ("merge", "creach", "pharos")], "merged"),
        ([("withdraw", "creach"), ("merge", "stiff", "creach")], "withdrawn"),
        ([("restore", "creach")], "neither merged nor withdrawn"),
        ([("split", "creach", "stiff")], "not merged into"),
        ([("merge", "nope", "stiff")], "never issued"),
    ],
)
def test_a_decision_that_cannot_be_taken_is_refused_and_changes_nothing(
    tiny: Settings, ids: dict[str, str], acts: list[tuple[str, ...]], reason: str, capsys: pytest.CaptureFixture[str]
) -> None:
    *good, bad = acts
    for act, *keys in good:
        assert decided(tiny, act, *(ids.get(key, key) for key in keys)) == 0
    path = fates.path_of(tiny.folder)
    before = path.read_bytes() if path.exists() else b""
    assert decided(tiny, bad[0], *(ids.get(key, key) for key in bad[1:])) == 1
    said = capsys.readouterr().err
    assert reason in said
    assert "fates.csv" in said
    assert (path.read_bytes() if path.exists() else b"") == before


def test_a_decision_that_was_published_cannot_be_taken_out_of_the_file(tiny: Settings, ids: dict[str, str]) -> None:
    decided(tiny, "merge", ids["pharos"], ids["creach"])
    build.build(tiny)
    fates.path_of(tiny.folder).unlink()
    with pytest.raises(BadData, match=r"fates\.csv:2: the decision .* is gone"):
        build.build(tiny)


def test_the_same_site_without_its_history_leads_the_same_way(
    tiny: Settings, ids: dict[str, str], tmp_path: Path
) -> None:
    decided(tiny, "merge", ids["pharos"], ids["creach"])
    decided(tiny, "withdraw", ids["stiff"])
    publish(tiny)
    shutil.copytree(tiny.folder, tmp_path / "clone", ignore=shutil.ignore_patterns("var"))
    clone = publish(site.load(tmp_path / "clone"))
    assert clone.get(f"/id/{ids['pharos']}").headers["Location"] == f"/id/{ids['creach']}"
    assert clone.get(f"/id/{ids['stiff']}").status_code == 410


def view(settings: Settings) -> tuple[set[str], set[str]]:
    """The merged view of the newest release, and what it should be, made from the named graphs in the plain way."""
    served = release.load(release.folder_of(settings, release.numbers(settings)[-1]))
    store = EmbeddedStore.open(served.folder / "store")
    state = fates.read(fates.path_of(settings.folder), lambda identifier: True)

    def led(term: object) -> object:
        if isinstance(term, NamedNode) and term.value.startswith(f"{BASE}id/"):
            one = term.value.removeprefix(f"{BASE}id/")
            return NamedNode(f"{BASE}id/{state.merged.get(one, one)}")
        return term

    expected = set()
    for quad in store.quads():
        if quad.graph_name not in (DEFAULT, NamedNode(f"{BASE}graph/links")):  # what is judged and guessed stays apart
            own = quad.graph_name == NamedNode(f"{BASE}graph/catalog")
            subject, object_ = (quad.subject, quad.object) if own else (led(quad.subject), led(quad.object))
            expected.add(str(Quad(subject, quad.predicate, object_)))  # type: ignore[arg-type]
    return {str(q) for q in store.quads(None, None, None, DEFAULT)}, expected


def test_whatever_happens_the_view_is_that_of_a_plain_model(tiny: Settings, life: int) -> None:
    for _ in lives(tiny, life, 9):
        found, expected = view(tiny)
        assert found == expected
        release.publish(tiny, release.numbers(tiny)[-1])
        assert verify.verify(tiny) == []


def promised(acts: list[list[str]], described: set[str], everything: dict[str, str]) -> dict[str, tuple[int, str]]:
    """identifier -> (status, where it leads), by the promises alone: the plainest reading of the decisions."""
    parents: dict[str, str] = {}
    withdrawn: set[str] = set()
    for _, act, one, other, _ in acts:
        if act == "merge":
            parents[one] = other
        elif act == "withdraw":
            withdrawn.add(one)
        elif act == "split" or one in parents:
            del parents[one]
        else:
            withdrawn.remove(one)

    def end(each: str) -> str:
        return end(parents[each]) if each in parents else each

    said = {end(each) for each in described if each not in withdrawn}  # of the one is said of the other
    found = {}
    for each in everything.values():
        if each in parents:
            found[each] = (301, f"/id/{end(each)}")
        elif each in withdrawn or each not in said:
            found[each] = (410, "")
        else:
            found[each] = (303, f"/doc/{each}")
    return found


def test_whatever_happens_every_address_answers_as_promised(tiny: Settings, life: int) -> None:
    for _ in lives(tiny, life, 7):
        published = publish(tiny)
        path = tiny.folder / "data" / "fates.csv"
        acts = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))[1:] if path.exists() else []
        ids = identifiers(tiny)
        text = (tiny.folder / LIGHTS).read_text(encoding="utf-8")
        described = {i for key, i in ids.items() if f"<{key}> a " in text}
        for identifier, (status, where) in promised(acts, described, ids).items():
            answer = published.get(f"/id/{identifier}")
            assert (answer.status_code, answer.headers.get("Location", "")) == (status, where), identifier
            if status == 303:
                assert published.get(where, Accept="text/turtle").status_code == 200
            if status == 410:
                assert "version/" in published.get(f"/id/{identifier}", Accept="text/html").text
        published.close()
