"""Measures `solld match` on the labelled sets: make bench-matching. See docs/matching.md for what the columns mean."""

import sys
import time
from collections import Counter
from collections.abc import Mapping

import labelled
import numpy as np
import unlabelled
from labelled import Labelled
from measuring import b_cubed, candidates_of, pairs_within, rates
from programs import Failed

from solld.link.candidates import Candidate
from solld.link.clusters import clusters
from solld.link.matching import candidates, commons_of
from solld.link.sides import side_of
from solld.link.verdicts import SAME

LEASTS = (0.5, 0.9, 0.99)  # probabilities from which on a pair of the peer is one
SUREST = 0.99  # where it would judge alone


def main() -> int:
    print(
        "set                 records  compared    CPU s |  precision recall  F1    | B3: P     R     | clusters (true)"
    )
    has_peer = _has_peer()
    for whole in (labelled.chicago(), labelled.coops_uk(), labelled.editions()):
        _measure(whole)
        if has_peer:
            _measure_peer(whole)
    return _judged(labelled.judged())


def found_in(whole: Labelled) -> tuple[list[Candidate], int, float]:
    """(candidates of a set, how many pairs were compared, seconds of CPU that it took)."""
    began = time.process_time()
    ids, pairs, _ = candidates_of(whole.records)
    sides = [side_of(whole.records[each]) for each in ids]
    found = list(candidates([(sides[one], sides[other]) for one, other in pairs], commons_of(sides)))
    return found, len(pairs), time.process_time() - began


def _measure(whole: Labelled) -> None:
    """A line for the half of the clusters that nothing was learned from, and one for the machine alone."""
    found, compared, seconds = found_in(whole)
    kept = _held_out(whole)
    edges = [(each.one, each.other, each.score) for each in found if each.one in kept and each.other in kept]
    grouped = clusters(edges)
    true = _true(kept)
    precision, recall, f1 = rates(pairs_within(grouped, kept), true)
    right, complete = b_cubed(grouped, kept)
    number = len(kept) - sum(len(each) - 1 for each in grouped)
    print(
        f"{whole.name:18} {len(kept):8} {compared:9} {seconds:8.0f} | {precision:9.4f} {recall:.4f} {f1:.4f} "
        f"| {right:.4f} {complete:.4f} | {number} ({len(set(kept.values()))})",
        flush=True,
    )
    sure = {(each.one, each.other) for each in found if each.certain and each.one in kept and each.other in kept}
    precision, recall, _ = rates(sure, true)
    print(f"   the machine alone: precision {precision:.4f}, recall {recall:.4f}, {len(sure)} pairs", flush=True)


def _has_peer() -> bool:
    """Whether it could be installed; says so if not."""
    try:
        unlabelled.install()
    except Failed as error:
        print(f"{unlabelled.NAME} is not measured: {error}")
        return False
    return True


def _measure_peer(whole: Labelled) -> None:
    """Lines for the same half by a model that learned from no labels: its clusters, and what it is surest of, alone."""
    try:
        found = unlabelled.answer(whole)
    except Failed as error:
        print(f"   {unlabelled.NAME} failed: {error}", flush=True)
        return
    kept = _held_out(whole)
    true = _true(kept)
    print(f"   {unlabelled.NAME}: {len(found.scores)} compared, {found.seconds:.0f} CPU s with learning")
    for least in LEASTS:
        grouped = unlabelled.connected(found.from_on(least, kept))
        precision, recall, f1 = rates(pairs_within(grouped, kept), true)
        right, complete = b_cubed(grouped, kept)
        print(
            f"   {unlabelled.NAME}, p >= {least:<4g}: precision {precision:.4f} recall {recall:.4f} F1 {f1:.4f} "
            f"| B3 {right:.4f} {complete:.4f}"
        )
    sure = found.from_on(SUREST, kept)
    precision, recall, _ = rates(sure, true)
    print(
        f"   {unlabelled.NAME} alone, p >= {SUREST}: precision {precision:.4f}, recall {recall:.4f}, {len(sure)} pairs",
        flush=True,
    )


def _held_out(whole: Labelled) -> Mapping[str, str]:
    return {each: cluster for each, cluster in whole.truth.items() if labelled.is_held_out(cluster)}


def _true(truth: Mapping[str, str]) -> set[tuple[str, str]]:
    together: dict[str, list[str]] = {}
    for each, cluster in truth.items():
        together.setdefault(cluster, []).append(each)
    return pairs_within(together.values(), truth)


def _judged(whole: Labelled) -> int:
    """What is said of the pairs that people judged, in three classes."""
    found = {(each.one, each.other): each for each in found_in(whole)[0]}
    said = {pair: found[pair].verdict if pair in found else "different" for pair in whole.pairs}
    sure = [pair for pair in whole.pairs if pair in found and found[pair].certain]
    table = Counter((label, said[pair]) for pair, label in whole.pairs.items())
    print(f"{whole.name}: judged by people (rows), by solld (columns)")
    for label in ("same", "related", "different"):
        print(f"   {label:10}", *(f"{other} {table[label, other]:3}" for other in ("same", "related", "different")))
    right = np.mean([said[pair] == label for pair, label in whole.pairs.items()])
    wrong = [pair for pair in sure if whole.pairs[pair] != SAME]
    print(f"   right: {right:.3f}; the machine alone: {len(sure)} pairs, {len(wrong)} wrong")
    for pair, label in whole.pairs.items():
        if said[pair] != label and "-v" in sys.argv:
            one, other = (whole.records[each].names[0][0] for each in pair)
            each = found.get(pair)
            print("     ", label, said[pair], one, "|", other, each and (each.score, each.related, each.reasons[:4]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
