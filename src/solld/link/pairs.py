"""Pairs of records that share keys, the likeliest for each record: sorted arrays, so that millions fit into memory."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from solld.link.keys import CAPS, KINDS

Numbers = npt.NDArray[np.int64]
KIND_BITS = 15  # of a key, that hold its kind
MOST = 20  # other records that one is compared with
STEP = 10_000  # records whose pairs are found at once
LOW = 0xFFFFFFFF  # of a pair as a code: the number of the second
# How much a key of a kind tells, beside how few have it.
WEIGHTS = {"number": 30.0, "elsewhere": 20.0, "domain": 8.0, "page": 10.0, "phone": 8.0, "joined": 6.0, "words": 3.0}


@dataclass(frozen=True)
class Blocks:
    """Records that share a key, block after block: `records[starts[n] : starts[n] + sizes[n]]` are those of the nth."""

    records: Numbers
    starts: Numbers
    sizes: Numbers
    weights: npt.NDArray[np.float64]  # what a key tells


def pairs_of(keys: Numbers, records: Numbers, changed: npt.NDArray[np.bool_], most: int = MOST) -> Iterator[Numbers]:
    """Arrays of pairs, one row each: (record, record), the smaller number first; no pair comes twice.

    `keys` and `records` have one entry for each key of a record; `changed` says by number of a record whether it is
    new or changed: of two that are not, nothing new can be said. Each that is comes with at most `most` others, beside
    those that want it among theirs. A step of records is looked at at once, so that memory is bounded.
    """
    blocks = _blocks(keys, records)
    numbers = np.flatnonzero(changed)
    told = np.empty(0, np.int64)  # pairs that came, and may come again from the other side
    for start in range(0, len(numbers), STEP):
        step = numbers[start : start + STEP]
        now = np.zeros(len(changed), np.bool_)
        now[step] = True
        codes = _likeliest(*_with_others(blocks, now), most)
        codes = codes[~np.isin(codes, told)]
        again = changed[codes & LOW] & ((codes & LOW) > step[-1])
        told = np.concatenate([told, codes[again]])
        one, other = codes >> 32, codes & LOW
        # Those of the step are at hand all the time: in the order of the others, each of these is read once.
        outside = np.where(now[one], other, one)
        order = np.argsort(outside, kind="stable")
        yield np.stack([one[order], other[order]], axis=1)


def _blocks(keys: Numbers, records: Numbers) -> Blocks:
    """The blocks in which there is somebody to be compared with, and not too many."""
    order = np.argsort(keys, kind="stable")
    keys, records = keys[order], records[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]]) if len(keys) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(keys)])
    kinds = keys[starts] & KIND_BITS
    use = (sizes > 1) & (sizes <= np.array([CAPS[kind] for kind in KINDS])[kinds])
    tell = np.array([WEIGHTS.get(kind, 1.0) for kind in KINDS])
    return Blocks(records, starts[use], sizes[use], (tell[kinds] / np.log2(1 + sizes))[use])


def _with_others(blocks: Blocks, now: npt.NDArray[np.bool_]) -> tuple[Numbers, Numbers, npt.NDArray[np.float64]]:
    """(record of the step, another of one of its blocks, what their key tells); blocks of one size at once."""
    empty = np.empty(0, np.int64)
    lefts, rights, tells = [empty], [empty], [np.empty(0)]
    for size in np.unique(blocks.sizes):
        here = blocks.sizes == size
        members = blocks.records[blocks.starts[here][:, None] + np.arange(size)]
        block, place = np.nonzero(now[members])
        left, right = np.repeat(members[block, place], size), members[block].ravel()
        others = left != right
        lefts.append(left[others])
        rights.append(right[others])
        tells.append(np.repeat(blocks.weights[here][block], size)[others])
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(tells)


def _likeliest(left: Numbers, right: Numbers, weight: npt.NDArray[np.float64], most: int) -> Numbers:
    """Pairs as codes, sorted: of each record of the step those that share most with it, the keys' weights added."""
    codes, place = np.unique(left << 32 | right, return_inverse=True)
    total: npt.NDArray[np.float64] = np.bincount(place, weights=weight, minlength=len(codes)).astype(float)
    keep = codes[_rank(codes >> 32, total) < most]
    one, other = keep >> 32, keep & LOW
    return np.unique(np.minimum(one, other) << 32 | np.maximum(one, other))


def _rank(of: Numbers, weight: npt.NDArray[np.float64]) -> Numbers:
    """From 0: the place of each pair among those of its record, the weightiest first."""
    order = np.lexsort((-weight, of))
    sorted_of = of[order]
    starts = np.flatnonzero(np.r_[True, sorted_of[1:] != sorted_of[:-1]]) if len(of) else np.empty(0, np.int64)
    first = np.repeat(starts, np.diff(np.r_[starts, len(of)]))
    rank = np.empty(len(of), np.int64)
    rank[order] = np.arange(len(of)) - first
    return rank
