"""The index of names: what a search finds, of one space or of all."""

from pathlib import Path

import pytest

from solld.index import VERSION, Entry, Names, Wanted, update


@pytest.fixture
def names(tmp_path: Path) -> Names:
    """Three things and a concept, which alone is called just so."""
    entries = [
        entry("https://x.example/scheme/moulin", "scheme", "moulin"),
        entry("https://x.example/id/1", "id", "moulin", "vert"),
        entry("https://x.example/id/2", "id", "moulin", "de", "la", "riviere"),
        entry("https://x.example/id/3", "id", "four"),
    ]
    assert update(tmp_path / "names", entries, ()) == len(entries)
    return Names(tmp_path / "names", VERSION)


def entry(iri: str, space: str, *words: str) -> Entry:
    return Entry(iri, [" ".join(words)], words, ["".join(words)], (), (), space, b"[]\n{}")


def test_a_search_of_a_space_finds_what_is_there_alone(names: Names) -> None:
    everywhere = names.near(Wanted(["moulin"], ["moulin"]), 1)
    assert [hit.iri for hit in everywhere] == ["https://x.example/scheme/moulin"]
    here = names.near(Wanted(["moulin"], ["moulin"], space="id"), 1)
    assert [hit.space for hit in here] == ["id"]
    both = names.near(Wanted(["moulin"], ["moulin"], space="id"), 10)
    assert {hit.iri[-1] for hit in both} == {"1", "2"}


def test_a_search_with_typing_errors_keeps_to_its_space_too(names: Names) -> None:
    assert {hit.iri[-1] for hit in names.like(Wanted(["mouiln"], space="id"), 10)} == {"1", "2"}
    assert [hit.iri[-1] for hit in names.near(Wanted(["four"], space="id"), 10)] == ["3"]
    assert not names.near(Wanted(["vert"], space="scheme"), 10)


def test_what_was_taken_out_is_not_counted(names: Names, tmp_path: Path) -> None:
    assert (names.frequency("moulin"), names.frequency("vert"), names.frequency("bleu")) == (3, 1, 0)
    update(tmp_path / "names", [entry("https://x.example/id/2", "id", "four")], ["https://x.example/id/1"])
    after = Names(tmp_path / "names", VERSION)
    assert (after.frequency("moulin"), after.frequency("four")) == (1, 2)


def test_what_is_typed_finds_first_what_is_called_so_and_then_what_begins_so(tmp_path: Path) -> None:
    called = ("vert moulin", "moulin vert", "moulin", "grand moulin", "mou lin")
    update(
        tmp_path / "names",
        [entry(f"https://x.example/id/{n}", "id", *each.split()) for n, each in enumerate(called)],
        (),
    )
    names = Names(tmp_path / "names", VERSION)
    assert names.beginning(["moulin"], Wanted(), 10)[0].iri[-1] == "2"
    assert {hit.iri[-1] for hit in names.beginning(["moul"], Wanted(), 3)} == {"1", "2", "4"}
    assert [hit.iri[-1] for hit in names.beginning(["moulin", "ve"], Wanted(), 10)] == ["1", "0"]
