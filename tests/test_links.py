"""What was judged and what is guessed of pairs is data in a graph apart: it changes with what changed alone."""

import csv
import io
import random
import shutil
from itertools import combinations
from pathlib import Path
from urllib.parse import quote

import pytest

from conftest import identifiers, publish
from solld import build, fates, release, restored
from solld.cli import main
from solld.history import History
from solld.link import candidates, judgements
from solld.link.candidates import Candidate, Candidates, Reason
from solld.link.judgements import DIFFERENT, MACHINE, RELATED, SAME, UNDO, UNSURE, Judgement
from solld.link.told import NEAR, PERHAPS, Link, Standing, guess
from solld.model import Settings
from solld.rdf import DEFAULT, OWL, SKOS, NamedNode
from solld.stores.embedded import EmbeddedStore

KEYS = ("creach", "stiff", "pharos")
GRAPH = "https://lights.example/graph/links"


def judge(settings: Settings, one: str, other: str, verdict: str, who: str = "Léa", score: str = "") -> None:
    """Adds a judgement to the file of a site, as the review does."""
    path = judgements.path_of(settings.folder)
    issued = set(identifiers(settings).values()).__contains__
    line = Judgement(
        one, other, verdict, who, "2026-11-25T10:00:00Z", "looked at both", score, "rules 1" if score else ""
    )
    judgements.add(path, judgements.read(path, issued), [line], issued)


def guessed(settings: Settings, *found: tuple[str, str, float, float]) -> None:
    """Puts candidates: two identifiers, how likely they are the same, and related."""
    opened = Candidates.open(candidates.path_of(settings))
    opened.set_fact("method", "rules 1")
    for first, second, score, related in found:
        one, other = sorted((first, second))
        verdict = SAME if score > 0.5 else RELATED if related > 0.5 else DIFFERENT
        opened.put([Candidate(one, other, verdict, score, related, False, (Reason("name-same", 2.0, "a", "a"),))])
    opened.close()


def told(settings: Settings) -> dict[tuple[str, str], str]:
    """What the newest release tells of pairs, by their source keys."""
    keys = {identifier: key for key, identifier in identifiers(settings).items()}
    past = History.read_only(settings.var / "history.sqlite")
    try:
        found: dict[str, dict[str, str]] = {}
        for iri, triple in past.derived_in(GRAPH, max(past.releases())):
            _, predicate, value = triple.split(" ", 2)
            found.setdefault(iri, {})[predicate] = value
    finally:
        past.close()
    pairs = {}
    for iri, said in found.items():
        one, other = (keys[each] for each in iri.rpartition("#")[2].split("-"))
        modifier = "not " if any("predicate_modifier" in each for each in said) else ""
        who = next((value for predicate, value in said.items() if "author_label" in predicate), "nobody")
        predicate = said[str(OWL.annotatedProperty)].rpartition("#")[2].removesuffix("> .")
        pairs[min(one, other), max(one, other)] = f"{modifier}{predicate} by {who.strip(' .')}"
    return pairs


@pytest.fixture
def ids(tiny: Settings) -> dict[str, str]:
    build.build(tiny)
    return identifiers(tiny)


def test_what_was_judged_and_guessed_is_told_with_its_author(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, pharos = (ids[key] for key in KEYS)
    judge(tiny, creach, stiff, RELATED)
    judge(tiny, creach, pharos, DIFFERENT, MACHINE, "0.05")
    guessed(tiny, (creach, stiff, 0.9, 0.1), (stiff, pharos, 0.7, 0.1))
    assert build.build(tiny).fresh
    assert told(tiny) == {
        ("creach", "stiff"): 'relatedMatch by "Léa"',  # a person's word counts, not the guess
        ("creach", "pharos"): 'not exactMatch by "solld"',
        ("pharos", "stiff"): "closeMatch by nobody",
    }
    assert not build.build(tiny).fresh


def test_each_state_is_written_so_that_it_can_be_told_again(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, _ = (ids[key] for key in KEYS)
    for verdict, who, expected in (
        (UNSURE, "Léa", 'closeMatch by "Léa"'),
        (DIFFERENT, "Léa", 'not exactMatch by "Léa"'),
        (SAME, "Léa", 'sameAs by "Léa"'),
    ):
        judge(tiny, creach, stiff, verdict, who)
        build.build(tiny)
        assert told(tiny) == {("creach", "stiff"): expected}
    judge(tiny, creach, stiff, UNDO)
    build.build(tiny)
    assert told(tiny) == {}


def test_a_change_is_followed_whichever_it_is(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, pharos = (ids[key] for key in KEYS)
    guessed(tiny, (creach, stiff, 0.9, 0.1), (stiff, pharos, 0.1, 0.8), (creach, pharos, 0.1, 0.1))
    build.build(tiny)
    assert told(tiny) == {("creach", "stiff"): "closeMatch by nobody", ("pharos", "stiff"): "relatedMatch by nobody"}
    guessed(tiny, (creach, stiff, 0.1, 0.1), (creach, pharos, 0.3, 0.1))
    build.build(tiny)
    assert told(tiny) == {("creach", "pharos"): "closeMatch by nobody", ("pharos", "stiff"): "relatedMatch by nobody"}
    opened = Candidates.open(candidates.path_of(tiny))
    opened.drop([stiff])
    opened.close()
    build.build(tiny)
    assert told(tiny) == {("creach", "pharos"): "closeMatch by nobody"}


def test_what_is_withdrawn_or_merged_is_guessed_of_no_more(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, pharos = (ids[key] for key in KEYS)
    both = {("creach", "stiff"): "closeMatch by nobody", ("pharos", "stiff"): "closeMatch by nobody"}
    guessed(tiny, (creach, stiff, 0.9, 0.1), (stiff, pharos, 0.8, 0.1))
    build.build(tiny)
    assert told(tiny) == both
    site = ("--why", "w", "--site", str(tiny.folder))
    main(["withdraw", pharos, *site])
    build.build(tiny)
    assert told(tiny) == {("creach", "stiff"): "closeMatch by nobody"}
    main(["restore", pharos, *site])
    main(["merge", stiff, creach, *site])
    build.build(tiny)
    assert told(tiny) == {("pharos", "stiff"): "closeMatch by nobody"}
    judge(tiny, creach, pharos, DIFFERENT)  # and so is what leads to it
    build.build(tiny)
    assert told(tiny) == {("creach", "pharos"): 'not exactMatch by "Léa"'}


def test_where_nothing_was_matched_the_guesses_of_the_newest_release_stand(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, pharos = (ids[key] for key in KEYS)
    guessed(tiny, (creach, stiff, 0.9, 0.1), (stiff, pharos, 0.8, 0.1))
    build.build(tiny)
    before = told(tiny)
    for path in candidates.path_of(tiny).parent.iterdir():
        path.unlink()
    assert not build.build(tiny).fresh
    (tiny.folder / "ontology" / "more.ttl").write_text("<https://lights.example/ns#x> a <https://x.example/X> .")
    build.build(tiny)
    assert told(tiny) == before
    judge(tiny, creach, stiff, DIFFERENT)
    main(["withdraw", pharos, "--why", "w", "--site", str(tiny.folder)])
    build.build(tiny)
    assert told(tiny) == {("creach", "stiff"): 'not exactMatch by "Léa"'}
    guessed(tiny, (creach, stiff, 0.9, 0.1))  # another file: everything is looked at
    build.build(tiny)
    assert told(tiny) == {("creach", "stiff"): 'not exactMatch by "Léa"'}


def test_what_is_erased_is_in_no_release(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, pharos = (ids[key] for key in KEYS)
    guessed(tiny, (creach, stiff, 0.9, 0.1), (stiff, pharos, 0.8, 0.1))
    build.build(tiny)
    main(["erase", pharos, "--site", str(tiny.folder)])
    build.build(tiny)
    assert told(tiny) == {("creach", "stiff"): "closeMatch by nobody"}
    content = b"".join(path.read_bytes() for path in tiny.var.glob("history.sqlite*"))
    assert f"{GRAPH}#".encode() in content
    assert not any(f"{'-'.join(sorted((pharos, each)))}>".encode() in content for each in (creach, stiff))


def test_nothing_follows_from_a_guess(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, pharos = (ids[key] for key in KEYS)
    guessed(tiny, (creach, stiff, 0.99, 0.0))
    judge(tiny, stiff, pharos, DIFFERENT)
    published = publish(tiny)
    try:
        store = published.service.store
        for predicate in (OWL.sameAs, SKOS.exactMatch, SKOS.closeMatch):
            assert not list(store.quads(None, predicate, None))
        merged = f"SELECT * {{ ?s ?p ?o FILTER(STRSTARTS(STR(?s), '{GRAPH}#')) }}"
        apart = f"SELECT ?m {{ GRAPH <{GRAPH}> {{ ?m a <https://w3id.org/sssom/Mapping> }} }}"
        asked = [
            published.get("/sparql?query=" + quote(each), Accept="application/sparql-results+json")
            for each in (merged, apart)
        ]
        assert [len(answer.json["results"]["bindings"]) for answer in asked if answer.json] == [0, 2]
        assert {published.get(f"/id/{each}").status_code for each in (creach, stiff, pharos)} == {303}
    finally:
        published.close()


def test_a_release_of_the_past_has_the_links_of_then(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, _ = (ids[key] for key in KEYS)
    guessed(tiny, (creach, stiff, 0.9, 0.1))
    first = build.build(tiny).release
    judge(tiny, creach, stiff, RELATED)
    second = build.build(tiny).release
    assert first
    assert second
    shutil.rmtree(first.folder)
    again = restored.make(tiny, first.number, lambda text: None)
    assert links_of(again.folder) == {SKOS.closeMatch}
    assert links_of(second.folder) == {SKOS.relatedMatch}


def links_of(folder: Path) -> set[object]:
    store = EmbeddedStore.open(folder / "store")
    return {quad.object for quad in store.quads(None, OWL.annotatedProperty, None, NamedNode(GRAPH))}


@pytest.mark.parametrize(
    ("score", "related", "state"),
    [(0.19, 0.1, None), (0.2, 0.1, PERHAPS), (0.6, 0.3, PERHAPS), (0.3, 0.6, NEAR), (0.1, 0.3, None)],
)
def test_what_is_too_unlikely_is_not_told(score: float, related: float, state: str | None) -> None:
    found = guess(Candidate("a", "b", SAME, score, related, False, ()), "rules 1")
    assert (found.state if found else None) == state


def test_what_was_judged_of_one_counts_for_what_leads_to_it() -> None:
    decided = fates.replayed(
        [fates.Act("2026-01-01", "merge", "a", "b", "w"), fates.Act("2026-01-01", "merge", "d", "c", "w")]
    )
    line = Judgement("b", "c", DIFFERENT, "Léa", "2026-01-01", "")
    standing = Standing(judgements.of([line]), decided)
    open_ = {two for two in combinations("abcdef", 2) if standing.link(two, Link(*two, PERHAPS)) is not None}
    closed = set(combinations("abcd", 2)) - {("b", "c")}  # which was judged, and is told so
    assert open_ == set(combinations("abcdef", 2)) - closed


def test_a_merge_undone_a_year_later_leaves_no_trace_but_the_history(tiny: Settings, ids: dict[str, str]) -> None:
    creach, stiff, _ = (ids[key] for key in KEYS)
    build.build(tiny)
    before = merged_view(tiny)
    judge(tiny, creach, stiff, SAME)
    published = publish(tiny)
    old, new = sorted((creach, stiff), key=lambda each: published.get(f"/id/{each}").status_code == 303)
    assert published.get(f"/doc/{old}.json").headers["Location"] == f"/doc/{new}.json"
    assert old in published.get("/links.csv").text
    published.close()
    judge(tiny, creach, stiff, UNDO)
    published = publish(tiny)
    try:
        assert {published.get(f"/id/{each}").status_code for each in (creach, stiff)} == {303}
        answer = published.get(f"/doc/{old}.json").json
        assert answer
        assert "links" not in answer
        rows = list(csv.DictReader(io.StringIO(published.get("/links.csv").text, newline="")))
        assert {row["state"] for row in rows} == {"stands"}
        assert {row["also"] for row in rows} == {""}
        assert published.get("/redirects.csv").text.count("\n") == 1
        assert merged_view(tiny) == before
    finally:
        published.close()


def merged_view(settings: Settings) -> set[str]:
    """What the newest release says of things."""
    store = EmbeddedStore.open(release.folder_of(settings, release.numbers(settings)[-1]) / "store")
    things = "https://lights.example/id/"
    return {str(quad) for quad in store.quads(None, None, None, DEFAULT) if things in str(quad.subject)}


def test_what_is_followed_bit_by_bit_is_what_is_found_at_once(tiny: Settings, ids: dict[str, str], life: int) -> None:
    chance = random.Random(life)
    mine = sorted(ids[key] for key in KEYS)
    for _ in range(4):
        for _ in range(chance.randint(1, 3)):
            one, other = chance.sample(mine, 2)
            act = chance.choice(["guess", "guess", "judge", "judge", "withdraw", "restore", "merge"])
            if act == "guess":
                guessed(tiny, (one, other, chance.random(), chance.random()))
            elif act == "judge":
                verdict = chance.choice([SAME, RELATED, DIFFERENT, UNSURE, UNDO])
                judge(tiny, one, other, verdict, chance.choice(["Léa", MACHINE]))
            else:
                main([act, one, *([other] if act == "merge" else []), "--why", "w", "--site", str(tiny.folder)])
        build.build(tiny)
        after = told(tiny)
        ontology = tiny.folder / "ontology" / "more.ttl"
        ontology.write_text(f"<https://lights.example/ns#x> a <https://x.example/{chance.random()}> .")
        build.build(tiny)  # everything is looked at again
        assert told(tiny) == after
