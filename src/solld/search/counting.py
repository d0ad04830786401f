"""How many results have each value of a facet: exact counts, also of a quarter of a million results.

Counting a value costs time for each result that has it, and things have several: their class and all classes above
it. But things have few different sets of values together, so each has its set as one more term: sets are counted, and
what is in them gets their count. Of facets with too many sets for that, such as places, the values are counted.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

import tantivy

EXACT = 65_000  # values that each segment counts: with fewer, counts would be estimates
FEW = 250  # different sets of values of a facet up to which sets are counted
TOTAL = ""  # beside the facets, whose names have letters
LONGEST = 10_000  # letters of a set; one that is longer has too many values to be one of few

Counts = list[tuple[str, int]]  # values, the most frequent first
Sets = Mapping[str, int]  # set of values, written -> how many documents of the index have just these


def written(values: Iterable[str]) -> str:
    """A set of values as one term; an empty text stands for one that is too long."""
    text = json.dumps(sorted(set(values)), ensure_ascii=False)
    return text if len(text) <= LONGEST else ""


def few_sets(searcher: tantivy.Searcher, name: str) -> Sets | None:
    """The sets of a facet that an index has; None where there are too many to count by them."""
    _, counted = _counted(searcher, tantivy.Query.all_query(), {name: f"sets.{name}"}, {name: FEW + 1})
    found = dict(counted[name])
    return None if len(found) > FEW or "" in found else found


def counts(
    searcher: tantivy.Searcher, query: tantivy.Query, sizes: Mapping[str, int], sets: Mapping[str, Sets | None]
) -> tuple[int, dict[str, Counts]]:
    """How many a query finds, and of each facet as many values of these as `sizes` says, with how many have them."""
    fields = {
        name: f"facet.{name}" if sets[name] is None else f"sets.{name}"
        for name in sizes
        if not _is_everywhere(sets[name], searcher.num_docs)
    }
    limits = {name: size if sets[name] is None else FEW for name, size in sizes.items()}
    total, found = _counted(searcher, query, {name: each for name, each in fields.items() if sets[name] != {}}, limits)
    for name in sizes.keys() - fields.keys():  # one set that all documents have: it is as frequent as what is found
        found[name] = [(each, total) for each in sets[name] or () if total]
    return total, {
        name: found.get(name, []) if sets[name] is None else _spread(found.get(name, []), size)
        for name, size in sizes.items()
    }


def _is_everywhere(sets: Sets | None, size: int) -> bool:
    return sets is not None and list(sets.values()) == [size]


def _spread(sets: Counts, size: int) -> Counts:
    counted = Counter[str]()
    for each, number in sets:
        for value in json.loads(each):
            counted[value] += number
    return sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:size]


def _counted(
    searcher: tantivy.Searcher, query: tantivy.Query, fields: Mapping[str, str], sizes: Mapping[str, int]
) -> tuple[int, dict[str, Counts]]:
    asked: dict[str, Any] = {
        name: {"terms": {"field": field, "size": sizes[name], "segment_size": EXACT}} for name, field in fields.items()
    }
    told = searcher.aggregate(query, asked | {TOTAL: {"value_count": {"field": "weight"}}})
    total = int(told.pop(TOTAL)["value"])
    return total, {
        name: [(str(each["key"]), int(each["doc_count"])) for each in found["buckets"]] for name, found in told.items()
    }
