"""Gives each pair of records that may be one a probability, by splink, without labels: splink_pairs.py RECORDS PAIRS.

    id,dataset,name,other_name,street,postcode,locality,url,phone  ->  one,other,probability      (both CSV)

Pairs are across datasets, where there is more than one: none of them is thought to list a thing twice.

It runs in an environment of its own, and knows nothing of solld. https://moj-analytical-services.github.io/splink/
"""

import logging
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import splink.comparison_level_library as levels
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_library import CustomComparison

SAMPLED = 4e6  # pairs at random that tell how often two things agree by chance
RECALL = 0.6  # the guess that splink asks for: how many of all that are one the rules in SURELY find
SEED = 1

# Columns as they are compared. A name is without its legal form, and each of its words has a weight, more if it is
# rarer: nearly all housing co-operatives are called that. Of a phone the area is left out, which few directories say.
PREPARED = r"""
CREATE MACRO folded(text) AS
    nullif(trim(regexp_replace(replace(lower(strip_accents(text)), '''', ''), '[^a-z0-9]+', ' ', 'g')), '');
CREATE MACRO named(text) AS
    coalesce(nullif(trim(regexp_replace(
        regexp_replace(folded(replace(text, '&', ' and ')), '\bco op(erative)?(s?)\b', 'coop\2', 'g'),
        '\b(limited|ltd|plc|llp|cic|inc|llc|corp|the|and|of|society)\b ?', '', 'g')), ''), folded(text));
CREATE TABLE plain AS SELECT
    id AS unique_id, coalesce(dataset, '') AS dataset, named(name) AS name, named(other_name) AS other_name,
    folded(street) AS street, replace(folded(postcode), ' ', '') AS postcode, folded(locality) AS locality,
    nullif(regexp_extract(lower(url), '^(?:[a-z]+://)?(?:www\.)?([^/:?#]+)', 1), '') AS host,
    nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 7), '') AS phone
FROM read_csv(?, header = true, all_varchar = true);
CREATE TABLE said AS SELECT DISTINCT unique_id, unnest(string_split(name, ' ')) AS word FROM plain;
CREATE TABLE telling AS
    SELECT word, ln((SELECT count(*) FROM plain) / count(*)) + 0.1 AS weight FROM said GROUP BY word;
CREATE TABLE weighed AS
    SELECT unique_id, map(list(word ORDER BY word), list(weight ORDER BY word)) AS weights,
        arg_max(word, (weight, word)) AS rare
    FROM said JOIN telling USING (word) GROUP BY unique_id;
CREATE TABLE records AS SELECT
    plain.*, weights, rare, string_split(name, ' ') AS words,
    list_filter([name, other_name], lambda each: each IS NOT NULL) AS names,
    nullif(regexp_extract(street, '\d+'), '') AS number,
    nullif(trim(regexp_replace(street, '\b(\d+\w*|n|s|e|w|north|south|east|west|flat|unit|suite)\b', '', 'g')), '')
        AS road,
    CASE WHEN regexp_matches(postcode, '^\d') THEN left(postcode, 3) ELSE postcode[:-4] END AS area,
    left(name, 3) AS start, coalesce(area, '') AS near
FROM plain LEFT JOIN weighed USING (unique_id)
"""

ROAD = ("number", "substr(road, 1, 4)")
BLOCKS = (
    ("phone",),
    ("host",),
    ROAD,
    ("words[1]", "words[2]"),
    ("rare", "number"),
    ("rare", "postcode"),
    ("rare", "locality"),
    ("postcode", "substr(name, 1, 3)"),
)
SURELY = (("name", "phone"), ("name", *ROAD), ("name", "postcode"), ("phone", "number"))
# Blocks to learn from by EM. It does so if both those that are one and those that are not are common, and at least two
# columns are left to compare: splink leaves out what it blocks by. `start` and `near` leave all of them.
LEARNED = {True: (("phone",), ROAD), False: (("name",), ("start", "near"))}  # with phones, without

COMMON = (
    "coalesce(list_sum(list_transform("
    "list_intersect(map_keys(weights_l), map_keys(weights_r)), lambda word: weights_l[word])), 0)"
)
ALL = f"(list_sum(map_values(weights_l)) + list_sum(map_values(weights_r)) - {COMMON})"
SHARED = f"{COMMON} / {ALL}"  # Jaccard's measure, of weights
ALIKE = "jaro_winkler_similarity(name_l, name_r)"
NAME = (
    f"list_has_any(names_l, names_r) OR {SHARED} >= 0.8 OR {ALIKE} >= 0.96",
    f"{SHARED} >= 0.5 OR {ALIKE} >= 0.92",
    f"{SHARED} >= 0.25",
)
ON_ROAD = "jaro_winkler_similarity(road_l, road_r) >= 0.88"
IN_AREA = "coalesce(area_l = area_r, true)"
# One comparison: what depends on each other would be counted twice. A postcode is a few houses, or half a town.
PLACE = (
    f"number_l = number_r AND {ON_ROAD} AND {IN_AREA}",
    f"number_l = number_r AND {IN_AREA}",
    "postcode_l = postcode_r AND coalesce(number_l = number_r OR road_l = road_r, true)",
    f"{ON_ROAD} AND {IN_AREA}",
)
TOWN = "locality_l = locality_r OR area_l = area_r"


def main(records: Path, pairs: Path) -> None:
    logging.disable(logging.WARNING)
    connection = duckdb.connect()
    connection.execute("SET threads = 1")  # with more, the seed does not make runs alike
    for each in PREPARED.split(";\n"):
        connection.execute(each, [str(records)] if "read_csv" in each else [])
    linker = _learned(_tables(connection), _filled(connection))
    found = linker.inference.predict().physical_name
    connection.execute(
        f"COPY (SELECT unique_id_l AS one, unique_id_r AS other, match_probability AS probability "
        f"FROM {found} ORDER BY ALL) TO '{pairs}' (HEADER)"
    )


def _tables(connection: Any) -> list[Any]:
    """The records of each dataset."""
    datasets = connection.execute("SELECT DISTINCT dataset FROM records ORDER BY ALL").fetchall()
    given = DuckDBAPI(connection)
    for number, dataset in enumerate(datasets):
        connection.execute(
            f"CREATE TABLE dataset_{number} AS "
            f"SELECT * EXCLUDE dataset FROM records WHERE dataset = ? ORDER BY unique_id",
            dataset,
        )
    return [given.register(f"dataset_{number}") for number in range(len(datasets))]


def _filled(connection: Any) -> frozenset[str]:
    """Columns that some record has; those that none has are neither compared nor blocked by."""
    counts = connection.execute("SELECT count(COLUMNS(*)) FROM records")
    names = [each[0] for each in counts.description]
    ((*found,),) = counts.fetchall()
    return frozenset(name for name, count in zip(names, found, strict=True) if count)


def _learned(tables: Sequence[Any], filled: frozenset[str]) -> Any:
    settings = SettingsCreator(
        link_type="link_only" if len(tables) > 1 else "dedupe_only",
        comparisons=list(_comparisons(filled)),
        blocking_rules_to_generate_predictions=_rules(BLOCKS, filled),
        retain_matching_columns=False,
    )
    linker = Linker(tables, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match(_rules(SURELY, filled), recall=RECALL)
    linker.training.estimate_u_using_random_sampling(SAMPLED, seed=SEED, min_count_per_level=None)
    for rule in _rules(LEARNED["phone" in filled], filled):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    return linker


def _rules(blocks: Iterable[tuple[str, ...]], filled: frozenset[str]) -> list[Any]:
    return [block_on(*each) for each in blocks if all(filled & set(re.findall(r"\w+", column)) for column in each)]


def _comparisons(filled: frozenset[str]) -> Iterator[Any]:
    yield _compared("name", ("name",), *NAME)
    yield _compared("street", ("street", "postcode", "locality"), *PLACE, *((TOWN,) if "locality" in filled else ()))
    for column in ("host", "phone"):
        if column in filled:
            yield _compared(column, (column,))


def _compared(column: str, needed: Iterable[str], *conditions: str) -> Any:
    """A column that is the same, more so if that is rare; then conditions, the strongest first."""
    unknown = " AND ".join(f"({each}_l IS NULL OR {each}_r IS NULL)" for each in needed)
    return CustomComparison(
        [
            levels.CustomLevel(unknown).configure(is_null_level=True),
            levels.ExactMatchLevel(column, term_frequency_adjustments=True),
            *map(levels.CustomLevel, conditions),
            levels.ElseLevel(),
        ],
        output_column_name=column,
    )


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
