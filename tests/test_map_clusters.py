"""Clusters of points: nothing is lost or counted twice, at any zoom, and a million are no matter."""

import time
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solld.maps.clusters import DEEPEST, WORLD, Box, Cloud
from solld.maps.projections import mercator, unmercator

points = st.lists(st.tuples(st.floats(-85, 85), st.floats(-180, 180)), max_size=60)
near = st.lists(st.tuples(st.floats(48.80, 48.90), st.floats(2.25, 2.42)), min_size=1, max_size=60)


def cloud(given: Sequence[tuple[float, float]]) -> Cloud:
    return Cloud([latitude for latitude, _ in given], [longitude for _, longitude in given])


def tile(zoom: int, column: int, row: int) -> Box:
    """A little less than a tile, so that its neighbours are not in it."""
    (west, north), (east, south) = (
        unmercator((column + part) / 2**zoom, (row + part) / 2**zoom) for part in (1e-6, 1 - 1e-6)
    )
    return west, south, east, north


@given(points, st.integers(0, 4))
def test_every_point_of_the_world_is_in_one_cluster(given: list[tuple[float, float]], zoom: int) -> None:
    found = cloud(given).clusters(zoom)
    assert sum(each.number for each in found) == len(given)
    assert len({each.first for each in found}) == len(found)


@pytest.mark.parametrize("zoom", range(DEEPEST + 1))
@given(given=near)
def test_every_point_is_in_one_cluster_at_every_zoom(zoom: int, given: list[tuple[float, float]]) -> None:
    whole, depth = cloud(given), min(zoom + 2, DEEPEST + 2)
    places = [mercator(longitude, latitude) for latitude, longitude in given]
    tiles = {(int(x * 2**depth), int(y * 2**depth)) for x, y in places}
    found = [each for column, row in tiles for each in whole.clusters(zoom, tile(depth, column, row))]
    assert sum(each.number for each in found) == len(given)


@given(points, st.integers(0, 4))
def test_a_cluster_is_in_the_midst_of_its_points(given: list[tuple[float, float]], zoom: int) -> None:
    whole = cloud(given)
    for each in whole.clusters(zoom):
        west, south, east, north = each.box
        assert west - 1e-6 <= each.longitude <= east + 1e-6
        assert south - 1e-6 <= each.latitude <= north + 1e-6
        latitude, longitude = given[each.first]
        assert west <= longitude <= east
        assert south <= latitude <= north


@given(st.tuples(st.floats(-85, 85), st.floats(-180, 180)), st.integers(2, 9), st.integers(0, DEEPEST))
def test_points_at_one_place_are_one_cluster_however_near(place: tuple[float, float], number: int, zoom: int) -> None:
    latitude, longitude = place
    box = (longitude - 1e-4, latitude - 1e-4, longitude + 1e-4, latitude + 1e-4)
    (found,) = cloud([place] * number).clusters(zoom, box)
    assert found.number == number
    assert found.box == (longitude, latitude, longitude, latitude)


def test_two_points_part_as_one_comes_nearer() -> None:
    two = cloud([(48.85, 2.30), (48.85, 2.40)])
    numbers = [len(two.clusters(zoom, (2.2, 48.8, 2.5, 48.9))) for zoom in range(DEEPEST + 1)]
    assert numbers == sorted(numbers)
    assert numbers[0] == 1
    assert numbers[14] == 2


def test_no_points_are_no_clusters() -> None:
    assert cloud([]).clusters(3) == []
    assert cloud([(48.85, 2.3)]).clusters(10, (100, 0, 101, 1)) == []


def test_a_box_that_is_too_wide_for_a_zoom_is_clustered_as_at_a_lesser_one() -> None:
    rng = np.random.default_rng(7)
    many = Cloud(rng.uniform(-60, 75, 20_000), rng.uniform(-180, 180, 20_000))
    assert many.clusters(12, WORLD) == many.clusters(4, WORLD)
    assert len(many.clusters(4)) < 64 * 64


def test_circles_do_not_lie_on_each_other() -> None:
    rng = np.random.default_rng(7)
    many = Cloud(rng.normal(48, 2, 20_000), rng.normal(2, 3, 20_000))
    middles = [mercator(each.longitude, each.latitude) for each in many.clusters(6, (-5, 42, 9, 51))]
    pixels = np.array(middles) * 256 * 2**6
    distances = np.hypot(*(pixels[:, None] - pixels[None, :]).transpose(2, 0, 1)) + 1e9 * np.eye(len(pixels))
    assert np.quantile(distances.min(axis=1), 0.02) > 30


@pytest.mark.alone
def test_a_million_points_are_clustered_in_less_than_fifty_milliseconds() -> None:
    rng = np.random.default_rng(1)
    towns = rng.integers(0, 3000, 1_000_000)
    many = Cloud(
        np.clip(rng.uniform(-40, 65, 3000)[towns] + rng.normal(0, 0.4, 1_000_000), -85, 85),
        np.clip(rng.uniform(-120, 140, 3000)[towns] + rng.normal(0, 0.5, 1_000_000), -180, 180),
    )
    for zoom in range(DEEPEST + 1):
        width = min(360.0, 5 * 360 / 2**zoom)  # of a screen of 1280 pixels
        box = (max(-180, 2 - width / 2), max(-85, 47 - width / 3), min(180, 2 + width / 2), min(85, 47 + width / 3))
        seconds = []
        for _ in range(3):
            start = time.process_time()
            many.clusters(zoom, box)
            seconds.append(time.process_time() - start)
        assert min(seconds) < 0.05, zoom
