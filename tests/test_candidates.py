"""Candidates are kept with their reasons, found from either side, and forgotten with an identifier."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from solld.errors import StoreFailed
from solld.link.candidates import Candidate, Candidates, Reason

LIKELY = Candidate("a", "b", "same", 0.9, 0.05, False, (Reason("name-same", 4.5, "Le Phare", "Phare (Le)"),))
CERTAIN = Candidate("b", "c", "same", 0.999, 0.0, True, (Reason("number-same", 9.0, "FR-SIREN-1", "1"),))
SHOP = Candidate("c", "d", "related", 0.2, 0.7, False, ())


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Candidates]:
    opened = Candidates.open(tmp_path / "match" / "candidates.sqlite")
    opened.put([LIKELY, CERTAIN, SHOP])
    yield opened
    opened.close()


def test_they_are_found_from_either_side_the_likeliest_first(kept: Candidates) -> None:
    assert kept.of("b") == [CERTAIN, LIKELY]
    assert kept.pair("b", "a") == LIKELY
    assert kept.pair("a", "d") is None
    assert list(kept.all(0.5)) == [CERTAIN, LIKELY]
    assert kept.number() == 3


def test_what_is_put_again_takes_the_place_of_what_was(kept: Candidates) -> None:
    again = Candidate("a", "b", "different", 0.1, 0.1, False, ())
    kept.put([again])
    assert kept.pair("a", "b") == again


def test_what_an_identifier_is_in_can_be_forgotten(kept: Candidates) -> None:
    kept.drop(["b"])
    assert list(kept.all()) == [SHOP]


def test_another_process_reads_them_and_cannot_change_them(kept: Candidates) -> None:
    kept.set_fact("method", "rules 1")
    read = Candidates.read_only(kept.path)
    assert read.fact("method") == "rules 1"
    assert read.of("a") == [LIKELY]
    read.close()


def test_a_file_that_is_none_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match=r"candidates\.sqlite"):
        Candidates.read_only(tmp_path / "candidates.sqlite")
