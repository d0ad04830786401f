"""Identifiers and paths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.addresses import (
    ALPHABET,
    check_character,
    document_path,
    is_identifier,
    mint,
    normalise,
    thing_path,
)

bodies = st.text(ALPHABET, min_size=8, max_size=8)


def test_the_check_character_is_the_noid_one() -> None:
    assert check_character("4k7r2dm9") == "q"  # the example of the public interface


def test_a_minted_identifier_is_one() -> None:
    assert all(is_identifier(mint()) for _ in range(1000))


@given(bodies, st.integers(0, 8), st.sampled_from(ALPHABET))
def test_a_single_wrong_character_is_noticed(body: str, position: int, wrong: str) -> None:
    whole = body + check_character(body)
    changed = whole[:position] + wrong + whole[position + 1 :]
    assert is_identifier(changed) == (changed == whole)


@given(bodies, st.integers(0, 7))
def test_two_exchanged_characters_are_noticed(body: str, position: int) -> None:
    whole = body + check_character(body)
    changed = whole[:position] + whole[position + 1] + whole[position] + whole[position + 2 :]
    if position + 1 < 8:
        assert is_identifier(changed) == (changed == whole)


@pytest.mark.parametrize("text", ["4K7R2DM9Q", "4k7r-2dm9-q", "4k7r2dm9q"])
def test_case_and_hyphens_do_not_matter(text: str) -> None:
    assert normalise(text) == "4k7r2dm9q"


@pytest.mark.parametrize(
    ("thing", "document"),
    [
        ("id/4k7r2dm9q", "doc/4k7r2dm9q"),
        ("scheme/values", "doc/scheme/values"),
        ("scheme/values/lien-social", "doc/scheme/values/lien-social"),
        (".well-known/genid/ab-0", "doc/.well-known/genid/ab-0"),
        ("ns", "ns"),
        ("dataset/rers", "dataset/rers"),
    ],
)
def test_documents_are_about_things(thing: str, document: str) -> None:
    assert document_path(thing) == document
    assert thing_path(document) == thing
