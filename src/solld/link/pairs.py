"""Pairs of records that share keys, the likeliest for each record: sorted arrays, so that millions fit into memory."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from solld.link.keys import CAPS, KINDS

Numbers = npt.NDArray[np.int64]
KIND_BITS = 15  # of a key, that hold its kind
MOST = 40  # other records that one is compared with
# How much a key of a kind tells, beside how few have it.
WEIGHTS = {"number": 30.0, "elsewhere": 20.0, "domain": 8.0, "page": 10.0, "phone": 8.0, "joined": 6.0, "words": 3.0}


def pairs_of(keys: Numbers, records: Numbers, changed: npt.NDArray[np.bool_], most: int = MOST) -> Iterator[Numbers]:
    """Arrays of pairs, one row each: (record, record), the smaller number first.

    `keys` and `records` have one entry for each key of a record; `changed` says by number of a record whether it is
    new or changed: of two that are not, nothing new can be said. No record is in more than `most` pairs, but for those
    that others need more than it does.
    """
    order = np.argsort(keys, kind="stable")
    keys, records = keys[order], records[order]
    starts = np.flatnonzero(np.r_[True, keys[1:] != keys[:-1]])
    sizes = np.diff(np.r_[starts, len(keys)])
    kinds = keys[starts] & KIND_BITS
    caps = np.array([CAPS[kind] for kind in KINDS])
    news = np.add.reduceat(changed[records].astype(np.int64), starts) if len(starts) else starts
    use = (sizes > 1) & (sizes <= caps[kinds]) & (news > 0)
    tell = np.array([WEIGHTS.get(kind, 1.0) for kind in KINDS])
    weights = tell[kinds] / np.log2(1 + sizes)
    left, right, weight = _expanded(records, starts[use], sizes[use], weights[use])
    keep = changed[left] | changed[right]
    yield from _likeliest(left[keep], right[keep], weight[keep], most)


def _expanded(
    records: Numbers, starts: Numbers, sizes: Numbers, weights: npt.NDArray[np.float64]
) -> tuple[Numbers, Numbers, npt.NDArray[np.float64]]:
    """All pairs within blocks; blocks of one size at once."""
    lefts, rights, tells = [], [], []
    for size in np.unique(sizes):
        here = sizes == size
        blocks = records[starts[here][:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        lefts.append(blocks[:, one].ravel().astype(np.int32))
        rights.append(blocks[:, other].ravel().astype(np.int32))
        tells.append(np.repeat(weights[here], len(one)).astype(np.float32))
    if not lefts:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    return np.concatenate(lefts), np.concatenate(rights), np.concatenate(tells)


def _likeliest(left: Numbers, right: Numbers, weight: npt.NDArray[np.float64], most: int) -> Iterator[Numbers]:
    """Each pair once, with the weights of its keys added; of a record those that share most with it."""
    one, other = np.minimum(left, right).astype(np.int64), np.maximum(left, right).astype(np.int64)
    different = one != other
    codes, place = np.unique(one[different] << 32 | other[different], return_inverse=True)
    total: npt.NDArray[np.float64] = np.bincount(place, weights=weight[different], minlength=len(codes)).astype(float)
    one, other = codes >> 32, codes & 0xFFFFFFFF
    keep = _rank(one, total) < most
    keep |= _rank(other, total) < most
    yield np.stack([one[keep], other[keep]], axis=1)


def _rank(of: Numbers, weight: npt.NDArray[np.float64]) -> Numbers:
    """From 0: the place of each pair among those of its record, the weightiest first."""
    order = np.lexsort((-weight, of))
    sorted_of = of[order]
    starts = np.flatnonzero(np.r_[True, sorted_of[1:] != sorted_of[:-1]]) if len(of) else np.empty(0, np.int64)
    first = np.repeat(starts, np.diff(np.r_[starts, len(of)]))
    rank = np.empty(len(of), np.int64)
    rank[order] = np.arange(len(of)) - first
    return rank
