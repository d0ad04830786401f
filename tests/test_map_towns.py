"""Towns on the map, as the results name them."""

from solld.finding.towns import Town, towns


def test_a_town_is_in_the_middle_of_what_is_there() -> None:
    given = [("Brest", 48.38, -4.49), ("Brest", 48.40, -4.50), ("Brest", 48.39, -4.47), ("Lyon", 45.76, 4.84)]
    assert towns(given) == [Town("Brest", 48.39, -4.49, 3)]


def test_one_that_is_elsewhere_does_not_move_it() -> None:
    given = [("Brest", 48.39, -4.49)] * 4 + [("Brest", 52.1, 23.7)]
    assert [(each.latitude, each.number) for each in towns(given)] == [(48.39, 5)]


def test_a_name_that_several_towns_have_is_not_written() -> None:
    assert towns([("Newport", 51.58, -3.0), ("Newport", 52.77, -2.38)] * 3) == []


def test_the_most_frequent_is_first() -> None:
    given = [("Brest", 48.39, -4.49)] * 2 + [("Lyon", 45.76, 4.84)] * 3
    assert [each.name for each in towns(given)] == ["Lyon", "Brest"]
