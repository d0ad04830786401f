"""How well matching does on labelled sets: precision, recall, F1 and B-cubed, by the code that `solld match` runs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

import numpy as np
import numpy.typing as npt

from solld.link.comparing import compared
from solld.link.keys import keys_of, number_of
from solld.link.matching import commons_of
from solld.link.pairs import pairs_of
from solld.link.record import Record
from solld.link.sides import side_of

Pair = tuple[str, str]


def candidates_of(records: Mapping[str, Record]) -> tuple[list[str], npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """(ids, pairs of their places, features of each pair)."""
    ids = sorted(records)
    sides = [side_of(records[each]) for each in ids]
    commons = commons_of(sides)
    found = [(number_of(key), place) for place, side in enumerate(sides) for key in keys_of(side, commons.rarity)]
    keys, places = (np.array(column, np.int64) for column in zip(*found, strict=True))
    pairs = np.concatenate(list(pairs_of(keys, places, np.ones(len(ids), np.bool_))))
    return ids, pairs, np.array([compared(sides[one], sides[other], commons) for one, other in pairs])


def pairs_within(clusters: Iterable[Collection[str]], among: Collection[str]) -> set[Pair]:
    """All pairs of clusters, of the records that count."""
    found = set()
    for cluster in clusters:
        members = sorted(each for each in cluster if each in among)
        found |= {(one, other) for place, one in enumerate(members) for other in members[place + 1 :]}
    return found


def rates(found: Collection[Pair], true: Collection[Pair]) -> tuple[float, float, float]:
    """Precision, recall and F1 of pairs."""
    right = len(set(found) & set(true))
    precision, recall = right / max(1, len(found)), right / max(1, len(true))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def b_cubed(found: Iterable[Collection[str]], truth: Mapping[str, str]) -> tuple[float, float]:
    """Precision and recall of clusters, averaged over records. Bagga and Baldwin (1998)."""
    of = {each: frozenset(cluster) & truth.keys() for cluster in found for each in cluster}
    sizes = Counter(truth.values())
    precision = recall = 0.0
    for each, cluster in truth.items():
        together = of.get(each) or frozenset((each,))
        right = sum(truth[other] == cluster for other in together)
        precision += right / len(together)
        recall += right / sizes[cluster]
    return precision / len(truth), recall / len(truth)
