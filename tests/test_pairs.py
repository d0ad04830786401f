"""Pairs are found a step of records at a time: each once, all that share a key, and of many the likeliest."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.link import pairs
from solld.link.keys import number_of
from solld.link.pairs import pairs_of

RECORDS = 12
SHARED = [("word", "garden"), ("place", "garden amiens"), ("number", "FR-INSEE 552081317"), ("joined", "gardens")]


@given(st.sets(st.tuples(st.sampled_from(SHARED), st.integers(0, RECORDS - 1)), min_size=1),
       st.lists(st.booleans(), min_size=RECORDS, max_size=RECORDS), st.integers(1, RECORDS))  # fmt: skip
def test_each_pair_that_shares_a_key_comes_once(
    has: set[tuple[tuple[str, str], int]], changed: list[bool], step: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pairs, "STEP", step)
        found = _found(has, changed)
    wanted = {
        (one, other)
        for one, other in combinations(range(RECORDS), 2)
        if (changed[one] or changed[other]) and any({(key, one), (key, other)} <= has for key in SHARED)
    }
    assert len(found) == len(set(found))
    assert set(found) == wanted


def test_a_record_is_compared_with_those_that_share_most_with_it() -> None:
    has = {(SHARED[0], each) for each in range(RECORDS)} | {(SHARED[2], each) for each in (0, 7)}
    found = _found(has, [True] + [False] * (RECORDS - 1), most=1)
    assert found == [(0, 7)]


def test_what_more_share_than_a_key_allows_is_no_pair() -> None:
    keys = np.full(100, number_of(("word", "cooperative")))
    assert not list(_pairs(keys, np.arange(100), np.ones(100, np.bool_), 40))


def _found(has: set[tuple[tuple[str, str], int]], changed: list[bool], most: int = 40) -> list[tuple[int, int]]:
    rows = sorted((number_of(key), record) for key, record in has)
    keys, records = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    return _pairs(keys, records, np.array(changed), most)


def _pairs(
    keys: pairs.Numbers, records: pairs.Numbers, changed: "np.typing.NDArray[np.bool_]", most: int
) -> list[tuple[int, int]]:
    return [(int(one), int(other)) for step in pairs_of(keys, records, changed, most) for one, other in step]
