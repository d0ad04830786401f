"""Clusters hold what is one thing: no chains, and never two that are known to be two."""

from solld.link.clusters import cluster_of, clusters


def test_what_is_alike_is_together() -> None:
    assert clusters([("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", 0.8), ("c", "d", 0.1)]) == [{"a", "b", "c"}]


def test_one_that_is_like_a_single_one_of_many_does_not_join_them() -> None:
    many = [(one, other, 0.95) for one in "abcd" for other in "abcd" if one < other]
    assert clusters([*many, ("d", "e", 0.9)]) == [set("abcd")]


def test_a_chain_is_cut_where_it_is_weakest() -> None:
    chain = [("a", "b", 0.95), ("b", "c", 0.55), ("c", "d", 0.95)]
    assert clusters(chain) == [{"a", "b"}, {"c", "d"}]


def test_two_that_are_two_are_never_together() -> None:
    edges = [("a", "b", 0.99), ("b", "c", 0.98), ("a", "c", 0.97)]
    found = clusters(edges, lambda one, other: {one, other} == {"a", "c"})
    assert found == [{"a", "b"}]


def test_the_order_of_pairs_does_not_matter() -> None:
    edges = [("a", "b", 0.9), ("b", "c", 0.8), ("a", "c", 0.7), ("d", "e", 0.6)]
    assert clusters(edges) == clusters(edges[::-1])
    assert cluster_of(clusters(edges)) == {"a": 0, "b": 0, "c": 0, "d": 1, "e": 1}
