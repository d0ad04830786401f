"""Builds: what is in a release, that a second build does only what changed, and what bad input does."""

import os
import shutil
import sqlite3
from hashlib import sha256
from pathlib import Path

import pytest

from conftest import TINY, identifiers
from solld import build, index, release, site, storing, verify
from solld.errors import BadData, BadSite, Busy, StoreFailed
from solld.history import History
from solld.model import Release, Settings
from solld.rdf import DEFAULT, SH, Literal, NamedNode, RdfFormat, parse
from solld.stores.embedded import EmbeddedStore

LIGHTS = Path("data/lights/lights.ttl")


def edit(settings: Settings, path: Path | str, old: str, new: str) -> None:
    file = settings.folder / path
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def built(settings: Settings) -> Release:
    outcome = build.build(settings)
    assert outcome.release
    return outcome.release


def store_of(made: Release) -> EmbeddedStore:
    return EmbeddedStore.open(made.folder / "store")


def dump(made: Release) -> list[str]:
    return sorted(map(str, store_of(made).quads()))


def test_a_release_holds_the_graphs_that_it_should(tiny: Settings) -> None:
    store = store_of(built(tiny))
    graphs = {q.graph_name.value for q in store.quads() if isinstance(q.graph_name, NamedNode)}
    assert graphs == {tiny.base + path for path in ("dataset/lights", "graph/ontology", "graph/catalog")}


def test_no_blank_node_is_published(tiny: Settings) -> None:
    assert "_:" not in " ".join(dump(built(tiny)))


def test_source_keys_are_not_published(tiny: Settings) -> None:
    assert "/key/" not in " ".join(dump(built(tiny)))


def test_a_release_is_whole(tiny: Settings) -> None:
    release.publish(tiny, built(tiny).number)
    assert verify.verify(tiny) == []


def test_verify_notices_a_store_that_lost_something(tiny: Settings) -> None:
    made = built(tiny)
    release.publish(tiny, made.number)
    import_line = next(store_of(made).quads(graph=NamedNode(f"{tiny.base}dataset/lights")))
    storing.change(made.folder / "store", f"{import_line} .".encode(), b"")
    assert len(verify.verify(tiny)) >= 2


def test_verify_notices_an_index_that_lost_a_name(tiny: Settings) -> None:
    made = built(tiny)
    release.publish(tiny, made.number)
    index.update(made.folder / "names", (), [f"{tiny.base}id/{next(iter(identifiers(tiny).values()))}"])
    (problem,) = verify.verify(tiny)
    assert "names, but the manifest says" in problem


def test_without_changes_no_release_is_made(tiny: Settings) -> None:
    first = built(tiny)
    outcome = build.build(tiny)
    assert (outcome.fresh, outcome.release) == (False, first)


def test_only_what_changed_gets_a_version(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, '"Pharos of Alexandria"', '"The Pharos"')
    outcome = build.build(tiny)
    assert dict(outcome.kinds) == {"updated": 1}
    iri = f"{tiny.base}id/{identifiers(tiny)['pharos']}"
    past = History.read_only(tiny.var / "history.sqlite")
    assert [(v.seq, v.kind) for v in past.versions(iri)] == [(1, "created"), (2, "updated")]


def test_an_incremental_release_equals_one_built_from_nothing(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, "light:sees <stiff>", "light:sees <pharos>")
    edit(tiny, LIGHTS, "light:height 54.850", "light:height 54.9")
    incremental = dump(built(tiny))
    shutil.rmtree(tiny.var)
    assert dump(built(tiny)) == incremental


def test_a_derived_triple_leaves_with_what_it_was_derived_from(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, " ; light:sees <stiff>", "")
    ids = identifiers(tiny)
    seen = NamedNode(f"{tiny.base}ns#seenBy")
    store = store_of(built(tiny))
    assert [str(q.subject)[-10:-1] for q in store.quads(None, seen, None, DEFAULT)] == [ids["creach"]]


def test_a_triple_that_is_also_asserted_stays(tiny: Settings) -> None:
    edit(tiny, LIGHTS, 'skos:prefLabel "Le Stiff"@fr', 'skos:prefLabel "Le Stiff"@fr ; light:seenBy <creach>')
    built(tiny)
    edit(tiny, LIGHTS, " ; light:sees <stiff>", "")
    seen = NamedNode(f"{tiny.base}ns#seenBy")
    subjects = {str(q.subject)[-10:-1] for q in store_of(built(tiny)).quads(None, seen, None, DEFAULT)}
    assert subjects == {identifiers(tiny)[key] for key in ("creach", "stiff")}


def test_a_removed_thing_is_gone_from_the_store_and_kept_in_the_history(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, '<pharos> a light:Lighthouse ; skos:prefLabel "Pharos of Alexandria"@en .', "")
    made = built(tiny)
    iri = f"{tiny.base}id/{identifiers(tiny)['pharos']}"
    assert not list(store_of(made).quads(NamedNode(iri)))
    last = History.read_only(tiny.var / "history.sqlite").latest(iri)
    assert last is not None
    assert (last.kind, last.quads) == ("removed", b"")


def test_a_dataset_that_left_takes_its_graph_along(tiny: Settings) -> None:
    built(tiny)
    (tiny.folder / "data/lights/dataset.ttl").unlink()
    graph = NamedNode(f"{tiny.base}dataset/lights")
    assert not list(store_of(built(tiny)).quads(graph=graph))


def test_two_fresh_clones_give_the_same_release(tiny: Settings, tmp_path: Path) -> None:
    built(tiny)
    dumps, digests = [], []
    for name in ("one", "two"):
        shutil.copytree(tiny.folder, tmp_path / name, ignore=shutil.ignore_patterns("var"))
        made = built(site.load(tmp_path / name))
        dumps.append(dump(made))
        digests.append(made.manifest["digest"])
    assert dumps[0] == dumps[1]
    assert digests[0] == digests[1]


def test_everything_can_be_rebuilt_from_the_site_and_the_history(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, '"Pharos of Alexandria"', '"The Pharos"')
    before = dump(built(tiny))
    shutil.rmtree(tiny.var / "releases")
    (tiny.var / "current").unlink(missing_ok=True)
    assert dump(built(tiny)) == before


def test_the_history_is_append_only(tiny: Settings) -> None:
    built(tiny)
    with sqlite3.connect(tiny.var / "history.sqlite") as db, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        db.execute("DELETE FROM ledger")


def test_literals_are_versioned_as_they_were_written(tiny: Settings) -> None:
    built(tiny)
    iri = f"{tiny.base}id/{identifiers(tiny)['creach']}"
    version = History.read_only(tiny.var / "history.sqlite").latest(iri)
    assert version is not None
    assert b'"54.850"' in version.quads


def test_a_literal_that_the_store_writes_as_another_survives_its_removal(tiny: Settings) -> None:
    edit(tiny, LIGHTS, "geo:lat 48.4590", "geo:lat 48.459, 48.4590")
    built(tiny)
    edit(tiny, LIGHTS, "geo:lat 48.459, 48.4590", "geo:lat 48.459")
    latitude = NamedNode("http://www.w3.org/2003/01/geo/wgs84_pos#lat")
    assert len(list(store_of(built(tiny)).quads(None, latitude, None, DEFAULT))) == 1


def test_old_releases_leave_but_the_current_one_stays(tiny: Settings) -> None:
    release.publish(tiny, built(tiny).number)
    for number in range(6):
        edit(tiny, LIGHTS, "54.850" if number == 0 else f"5{number - 1}.1", f"5{number}.1")
        built(tiny)
    assert release.numbers(tiny) == [1, 4, 5, 6, 7]


def test_rollback_goes_one_back(tiny: Settings) -> None:
    release.publish(tiny, built(tiny).number)
    edit(tiny, LIGHTS, "54.850", "55.1")
    release.publish(tiny, built(tiny).number)
    assert release.publish(tiny, release.earlier(tiny)).number == 1
    current = release.current(tiny)
    assert current is not None
    assert current.number == 1


def test_many_small_builds_leave_nothing_behind(tiny: Settings) -> None:
    for number in range(245, 265):  # numbers whose encoding has ends that an engine may trip over
        text = "".join(f'<n{n}> a light:Lighthouse ; skos:prefLabel "N {n}" .\n' for n in range(number - 3))
        head = "@prefix light: <https://lights.example/ns#> .\n@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        (tiny.folder / "data/lights/more.ttl").write_text(head + text)
        release.publish(tiny, built(tiny).number)
        assert verify.verify(tiny) == []


def test_a_second_build_at_once_says_so(tiny: Settings) -> None:
    with release.locked(tiny), pytest.raises(Busy, match=f"process {os.getpid()}"):
        build.build(tiny)


def test_a_program_that_was_started_meanwhile_does_not_hold_the_site(tiny: Settings) -> None:
    with release.locked(tiny):
        (file,) = [int(each.name) for each in Path("/proc/self/fd").iterdir() if each.resolve() == tiny.var / "lock"]
        started = os.dup(file)  # what a process has of it between fork and exec
    try:
        with release.locked(tiny):
            pass
    finally:
        os.close(started)


# Bad input -----------------------------------------------------------------------------------------------------------


def test_a_syntax_error_names_file_and_line_and_the_last_good_state_stays(tiny: Settings) -> None:
    before = dump(built(tiny))
    edit(tiny, LIGHTS, "<stiff> a light:Lighthouse ;", "<stiff> a light:Lighthouse ")
    outcome = build.build(tiny)
    (finding,) = outcome.findings
    assert (finding.severity, finding.path, finding.line) == ("Violation", "data/lights/lights.ttl", 10)
    assert outcome.release
    named = f"{tiny.base}graph/findings"
    kept = {q for q in dump(outcome.release) if "genid" not in q and named not in q and "#report" not in q}
    assert kept == {q for q in before if "genid" not in q and "#report" not in q}


def test_a_syntax_error_in_one_dataset_does_not_stop_another(tiny: Settings) -> None:
    shutil.copytree(tiny.folder / "data/lights", tiny.folder / "data/more")
    edit(tiny, "data/more/lights.ttl", "<creach> a light:Lighthouse ;", "<creach> a light:Lighthouse")
    outcome = build.build(tiny)
    assert not outcome.conforms
    assert outcome.release
    assert list(store_of(outcome.release).quads(graph=NamedNode(f"{tiny.base}dataset/lights")))


@pytest.mark.parametrize(
    ("old", "new", "message", "field"),
    [
        ('skos:prefLabel "Pharos of Alexandria"@en', "light:height 3.0", "a lighthouse needs a name", "prefLabel"),
        ('"Pharos of Alexandria"@en', '"Pharos"@en ; light:hight 3.0', "did you mean", "hight"),
        ('"Pharos of Alexandria"@en', '"Pharos"@en ; light:sees <nobody>', "nothing says what it is", "sees"),
        ('"Pharos of Alexandria"@en', '"Pharos"@en ; light:owner owner:stat', "scheme/owners/state", "owner"),
        ('"Pharos of Alexandria"@en', '"Pharos"@en ; light:height "high"', "in metres", "height"),
    ],
)
def test_a_violation_refuses_its_thing_and_nothing_else(
    tiny: Settings, old: str, new: str, message: str, field: str
) -> None:
    edit(tiny, LIGHTS, old, new)
    outcome = build.build(tiny)
    finding = outcome.findings[0]
    assert finding.severity == "Violation"
    assert message in finding.message
    assert field in finding.field
    assert (finding.path, finding.line) == ("data/lights/lights.ttl", 13)
    assert outcome.release
    ids = identifiers(tiny)
    store = store_of(outcome.release)
    assert not list(store.quads(NamedNode(f"{tiny.base}id/{ids['pharos']}")))
    assert list(store.quads(NamedNode(f"{tiny.base}id/{ids['creach']}")))


def test_findings_are_published_in_both_languages(tiny: Settings) -> None:
    edit(tiny, LIGHTS, 'skos:prefLabel "Pharos of Alexandria"@en', "light:height 3.0")
    outcome = build.build(tiny)
    assert outcome.release
    graph = NamedNode(f"{tiny.base}graph/findings")
    found = store_of(outcome.release).quads(None, SH.resultMessage, None, graph)
    messages = {q.object.language for q in found if isinstance(q.object, Literal)}
    assert messages == {"en", "fr"}


def test_a_refused_change_keeps_what_was_there(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, '"Pharos of Alexandria"@en', '"Pharos"@en ; light:hight 3.0')
    outcome = build.build(tiny)
    assert outcome.release
    name = next(store_of(outcome.release).quads(NamedNode(f"{tiny.base}id/{identifiers(tiny)['pharos']}")))
    assert "Alexandria" in str(name) or "Lighthouse" in str(name)


def test_a_removed_line_of_the_ledger_is_refused(tiny: Settings) -> None:
    built(tiny)
    path = tiny.folder / "data/lights/ids.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    with pytest.raises(BadData, match="a ledger only grows"):
        build.build(tiny)


def test_an_identifier_used_twice_is_refused_with_its_line(tiny: Settings) -> None:
    built(tiny)
    path = tiny.folder / "data/lights/ids.csv"
    identifier = path.read_text().splitlines()[1].split(",")[0]
    path.write_text(path.read_text() + f"{identifier},another,2026-01-01\n")
    with pytest.raises(BadData, match=r"ids\.csv:5: identifier .* is used twice, first in line 2"):
        build.build(tiny)


def test_a_changed_identifier_is_refused(tiny: Settings) -> None:
    built(tiny)
    path = tiny.folder / "data/lights/ids.csv"
    first = path.read_text().splitlines()[1]
    path.write_text(path.read_text().replace(first.split(",")[0], "4k7r2dm9q"))
    with pytest.raises(BadData, match="must stay it"):
        build.build(tiny)


def test_a_lost_ledger_is_refused(tiny: Settings) -> None:
    built(tiny)
    (tiny.folder / "data/lights/ids.csv").unlink()
    with pytest.raises(BadData, match="put it back"):
        build.build(tiny)


def test_check_tells_of_keys_without_an_identifier(tiny: Settings) -> None:
    built(tiny)
    edit(tiny, LIGHTS, "<pharos>", "<faros>")
    (finding,) = build.check(tiny).findings
    assert (finding.severity, finding.path) == ("Info", "data/lights/ids.csv")
    assert "1 keys have no identifier yet, such as 'faros'" in finding.message


def test_a_wrong_check_character_is_refused(tiny: Settings) -> None:
    (tiny.folder / "data/lights/ids.csv").write_text("id,key,minted\n4k7r2dm9r,creach,2026-01-01\n")
    with pytest.raises(BadData, match=r"ids\.csv:2"):
        build.build(tiny)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("colour = 1", r"site\.toml:1: unknown key 'colour'"),
        ("titel = 'x'", "did you mean 'title'"),
        ("[sparql]\nsecond = 3", "unknown key 'second' in .sparql.; did you mean 'seconds'"),
        ("languages = 'fr'", "must be list"),
    ],
)
def test_a_wrong_setting_is_named(tiny: Settings, line: str, message: str) -> None:
    path = tiny.folder / "site.toml"
    text = path.read_text()
    if line.startswith("languages"):
        text = text.replace('languages = ["en", "fr"]', "")
    path.write_text(text + "\n" + line if line.startswith("[") else line + "\n" + text)
    with pytest.raises(BadSite, match=message):
        site.load(tiny.folder)


def test_a_broken_ontology_stops_the_build_and_names_the_line(tiny: Settings) -> None:
    edit(tiny, "ontology/lights.ttl", "light:Tower a owl:Class ;", "light:Tower a owl:Class")
    with pytest.raises(BadData, match=r"lights\.ttl:\d+"):
        build.build(tiny)


QUOTED = """
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix schema: <https://schema.org/> .
<page> a schema:WebPage ; spdx:checksum <page#sum> .
<page#sum> spdx:checksumValue "SUM" .
<x> a oa:SpecificResource ; oa:hasSource <page> ; oa:hasSelector <x#quote>, <x#position> .
<x#quote> oa:prefix "A " ; oa:exact "tall light" ; oa:suffix " stands" .
<x#position> oa:start 2 ; oa:end 12 .
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("oa:start 2", "oa:start 2", ""),
        ('"tall light"', '"small light"', "not in text.txt at 2-12"),
        ("oa:start 2 ; oa:end 12", "oa:start 3 ; oa:end 13", "it stands at 2-12"),
        ('oa:suffix " stands"', 'oa:suffix " lies"', "the suffix does not stand"),
    ],
)
def test_a_quotation_is_held_against_its_text(tiny: Settings, old: str, new: str, message: str) -> None:
    text = "A tall light stands on the rock."
    (tiny.folder / "texts").mkdir()
    (tiny.folder / "texts/text.txt").write_text(text)
    data = QUOTED.replace("SUM", sha256(text.encode()).hexdigest()).replace(old, new)
    (tiny.folder / "data/lights/quotes.ttl").write_text(data)
    findings = [f.message for f in build.check(tiny).findings]
    assert (message in findings[0]) if message else not findings


def test_a_text_that_is_not_here_is_told(tiny: Settings) -> None:
    (tiny.folder / "data/lights/quotes.ttl").write_text(QUOTED.replace("SUM", "0" * 64))
    (finding,) = build.check(tiny).findings
    assert finding.severity == "Info"
    assert "1 quotations not checked" in finding.message


def test_check_writes_nothing(tiny: Settings) -> None:
    before = sorted(p for p in tiny.folder.rglob("*"))
    build.check(tiny)
    assert sorted(p for p in tiny.folder.rglob("*")) == before


def test_the_source_tree_of_the_tiny_site_has_no_ledger() -> None:
    assert not (TINY / "var").exists()


def test_blank_nodes_keep_their_name_when_something_else_changes(tiny: Settings) -> None:
    def genids() -> set[str]:
        text = " ".join(dump(built(tiny)))
        return {word for word in text.split() if "/dataset/lights" not in word and "genid" in word}

    before = genids()
    edit(tiny, LIGHTS, '"Pharos of Alexandria"', '"The Pharos"')
    assert genids() == before


def test_nquads_of_a_version_parse(tiny: Settings) -> None:
    built(tiny)
    past = History.read_only(tiny.var / "history.sqlite")
    for version in past.current(1):
        assert list(parse(version.quads, format=RdfFormat.N_QUADS))


def test_the_history_of_an_older_solld_is_brought_up_to_date_by_a_build(tiny: Settings) -> None:
    build.build(tiny)
    path = tiny.var / "history.sqlite"
    with sqlite3.connect(path) as db:
        for table in ("fate", "ontology", "erased"):
            db.execute(f"DROP TABLE {table}")
    with pytest.raises(StoreFailed, match="solld publish"):
        History.read_only(path)
    build.build(tiny)
    assert History.read_only(path).fates() == []
    assert verify.verify(tiny, 1) == []
