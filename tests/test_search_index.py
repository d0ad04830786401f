"""The index of searches by itself: boxes against plain comparison, and names that begin as what is typed."""

import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from solld.link.folding import folded
from solld.search import words
from solld.search.cells import DEEPEST, Box, cells, cover
from solld.search.index import VERSION, Entry, Index, Wanted, update

LATITUDES = some.floats(-90, 90) | some.sampled_from([-90.0, 0.0, 45.0, 90.0, 45.0 + 180 / 4**7])
LONGITUDES = some.floats(-180, 180) | some.sampled_from([-180.0, 0.0, 90.0, 180.0, 360 / 4**7])
POINTS = some.tuples(LATITUDES, LONGITUDES)
ACROSS = [(170.0, -90.0, -170.0, 90.0), (3.0, 47.5, -3.5, 48.0), (-180.0, -90.0, 180.0, 90.0)]


@some.composite
def boxes(draw: some.DrawFn) -> Box:
    """Small ones and wide ones, some of no width or height."""
    west, south = draw(LONGITUDES), draw(LATITUDES)
    wide, high = (draw(some.sampled_from([0.0, 1e-6, 0.01, 0.5, 7.0, 400.0])) for _ in range(2))
    return west, south, min(180.0, west + wide), min(90.0, south + high)


def is_in(point: tuple[float, float], box: Box) -> bool:
    west, south, east, north = box
    across = west <= point[1] <= east if west <= east else point[1] >= west or point[1] <= east
    return south <= point[0] <= north and across


@given(boxes(), POINTS, some.floats(0, 1), some.floats(0, 1))
def test_cells_within_a_box_have_its_points_alone_and_no_other_cell_has_any(
    box: Box, anywhere: tuple[float, float], across: float, up: float
) -> None:
    west, south, east, north = box
    within, edge = cover(box)
    assert not set(within) & set(edge)
    assert len(within) + len(edge) < 1200  # words of one query
    inside = (min(north, south + up * (north - south)), min(east, west + across * (east - west)))
    for point in (anywhere, inside, (south, west), (north, east)):
        named = set(cells(*point))
        assert len(named) == DEEPEST + 1
        if named & set(within):
            assert is_in(point, box)
        elif not named & set(edge):
            assert not is_in(point, box)


@pytest.fixture(scope="module")
def scattered(tmp_path_factory: pytest.TempPathFactory) -> tuple[Index, Sequence[tuple[float, float]]]:
    """An index of two thousand points, most of them near each other, and these."""
    folder = tmp_path_factory.mktemp("index") / "search"
    near = [(47 + (n * 37 % 1000) / 500, 2 + (n * 91 % 1000) / 250) for n in range(1800)]
    far = [(-90 + n * 0.9, 180 - n * 1.8) for n in range(200)]
    points = near + far
    update(folder, (Entry(f"https://a.example/{n}", point=each, row={}) for n, each in enumerate(points)), ())
    update(folder, [Entry("https://a.example/nowhere", row={})], ())
    return Index(folder, VERSION), points


@settings(deadline=None)
@given(
    boxes() | some.sampled_from([(170.0, -90.0, -170.0, 90.0), (3.0, 47.5, 3.5, 48.0), (-180.0, -90.0, 180.0, 90.0)])
)
def test_a_box_finds_what_is_in_it(scattered: tuple[Index, Sequence[tuple[float, float]]], box: Box) -> None:
    index, points = scattered
    expected = {f"https://a.example/{n}" for n, point in enumerate(points) if is_in(point, box)}
    hits = index.find(Wanted(box=box), 5000)
    assert {hit.iri for hit in hits} == expected
    assert len(hits) == len(expected) == index.count(Wanted(box=box))
    latitudes, longitudes, _ = index.points(Wanted(box=box), 5000)
    assert len(latitudes) == len(longitudes) == len(expected)


def test_what_has_a_point_is_told_from_what_has_none(
    scattered: tuple[Index, Sequence[tuple[float, float]]],
) -> None:
    index, points = scattered
    assert index.count(Wanted(pointed=True)) == len(points) == index.size - 1


def named(folder: Path, *names: str) -> Index:
    entries = [
        Entry(name, words.words(name), words.words(name), [folded(name)], order=folded(name), row={}) for name in names
    ]
    update(folder, entries, ())
    return Index(folder, VERSION)


def first(index: Index, typed: str) -> list[str]:
    asked = words.asked(typed)
    whole = frozenset(word for word in asked if words.is_whole(word))
    return [hit.iri for hit in index.find(Wanted(asked, whole, folded(typed)), 10)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("epicer", ["Épicerie des Deux Rives", "Les amis de l'épicerie"]),
        ("Épicerie des", ["Épicerie des Deux Rives", "Les amis de l'épicerie"]),
        ("épicerie des deux riv", ["Épicerie des Deux Rives"]),
        ("epicerie deux rives", ["Épicerie des Deux Rives"]),
        ("les amis de l'épi", ["Les amis de l'épicerie"]),
        ("les", ["Les amis de l'épicerie"]),
    ],
)
def test_what_begins_as_typed_is_before_what_has_it_in_its_middle(
    tmp_path: Path, typed: str, expected: list[str]
) -> None:
    index = named(tmp_path / "search", "Les amis de l'épicerie", "Épicerie des Deux Rives", "Librairie du Port")
    assert first(index, typed) == expected


def test_what_begins_so_is_first_among_many_words_that_do(tmp_path: Path) -> None:
    many = [f"Le coop{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(200)]
    index = named(tmp_path / "search", *many, *(each.removeprefix("Le ").capitalize() for each in many[::2]))
    hits = index.find(Wanted(("coop",), called="coop"), 300)
    assert len(hits) == 300
    assert all(hit.iri.startswith("Coop") for hit in hits[:100])
    assert not any(hit.iri.startswith("Coop") for hit in hits[100:])


# Counts ---------------------------------------------------------------------------------------------------------------

FACETS = ("class", "place", "source", "none", "long", "lately")


def with_facets(number: int) -> Entry:
    """Of few sets of classes, of many sets of places, all of one source; some have a very long list."""
    chance = random.Random(number)
    facets = {
        "class": ["Thing", *chance.sample(["Shop", "School", "Bank", 'A "quoted" one'], chance.randint(0, 2))],
        "place": [f"town {chance.randrange(400)}", *chance.sample(["North", "South"], chance.randint(0, 1))],
        "source": ["left"],
        "none": [],
        "long": [f"{'x' * 500}{n}" for n in range(30)] if number % 50 == 3 else ["short"][: number % 2],
        "lately": ["late"] if number >= 1000 else [],
    }
    names = ["even", "odd"][number % 2], f"n{number}"
    return Entry(f"https://a.example/{number}", names, names, facets=facets, row={})


def test_counts_of_facets_are_those_of_plain_counting(tmp_path: Path) -> None:
    entries = {number: with_facets(number) for number in range(1200)}
    update(tmp_path / "search", entries.values(), ())
    gone = [number for number in entries if number % 7 == 0]
    update(tmp_path / "search", (), [entries.pop(number).iri for number in gone])
    index = Index(tmp_path / "search", VERSION)
    searches = {
        Wanted(): set(entries),
        Wanted(("even",)): {n for n in entries if n % 2 == 0},
        Wanted(("odd",), facets=(("class", "Shop"),)): {
            n for n, e in entries.items() if n % 2 and "Shop" in e.facets["class"]
        },
        Wanted(("n12",), frozenset({"n12"})): {12},
        Wanted(facets=(("place", "North"),)): {n for n, e in entries.items() if "North" in e.facets["place"]},
        Wanted(("nobody",)): set(),
    }
    for wanted, numbers in searches.items():
        expected = {name: Counter(v for n in numbers for v in entries[n].facets[name]) for name in FACETS}
        assert index.count(wanted) == len(numbers), wanted
        total, found = index.facets(wanted, dict.fromkeys(FACETS, 1000))
        assert total == len(numbers)
        assert {name: dict(counted) for name, counted in found.items()} == expected, wanted
        for counted in found.values():
            assert [n for _, n in counted] == sorted((n for _, n in counted), reverse=True)
        _, some_of = index.facets(wanted, dict.fromkeys(FACETS, 2))
        assert all(len(some_of[name]) == min(2, len(expected[name])) for name in FACETS)
