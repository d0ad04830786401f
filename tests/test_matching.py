"""Pairs get one of three answers, with reasons whose signs fit their words; measured on sets of others."""

import re
from dataclasses import replace

import numpy as np
import pytest
from labelled import Labelled, chicago, half
from matching import found_in
from measuring import b_cubed, pairs_within, rates

from conftest import ROOT
from solld.link.candidates import Candidate
from solld.link.clusters import clusters
from solld.link.comparing import FEATURES
from solld.link.folding import domain
from solld.link.keys import keys_of, number_of
from solld.link.likeness import EVEN
from solld.link.matching import candidates, commons_of
from solld.link.numbers import numbers_of
from solld.link.pairs import pairs_of
from solld.link.record import Record
from solld.link.scoring import load, log_odds
from solld.link.sides import side_of
from solld.messages import load as load_messages

GARDEN = Record(
    id="a", datasets=("one",), names=(("Les Jardins de Cocagne", "fr"),), localities=("Amiens",), postcodes=("80000",),
    streets=("12 rue des Otages",), countries=("FR",), urls=("https://jardins-cocagne.org/",),
)  # fmt: skip


def found(one: Record, other: Record) -> Candidate | None:
    sides = [side_of(one), side_of(other)]
    return next(candidates([(sides[0], sides[1])], commons_of(sides)), None)


def other(**changed: object) -> Record:
    return replace(GARDEN, **{"id": "b", "datasets": ("two",), **changed})  # type: ignore[arg-type]


def test_the_same_is_certain() -> None:
    each = found(GARDEN, other(names=(("Jardins de Cocagne (association)", "fr"),)))
    assert each
    assert (each.verdict, each.one, each.other) == ("same", "a", "b")
    assert each.score > 0.9
    assert found(GARDEN, other()).certain  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "verdict"),
    [
        ({"names": (("LES JARDINS DE COCAGNE", ""),), "streets": ()}, "same"),
        ({"names": (("Jardin de Cocagne", "fr"),), "urls": ("http://www.jardins-cocagne.org/contact",)}, "same"),
        ({"datasets": ("one",), "localities": ("Nice",), "postcodes": ("06000",), "streets": ("3 quai",)}, "related"),
        ({"names": (("Boutique des Jardins de Cocagne", "fr"),)}, "related"),
        ({"names": (("Fondation Cocagne SA", "fr"),), "postcodes": ("80080",)}, "related"),
    ],
)
def test_there_are_three_answers(changed: dict[str, object], verdict: str) -> None:
    each = found(GARDEN, other(**changed))
    assert each
    assert each.verdict == verdict
    assert each.certain is (verdict == "same" and each.certain)


SHOP = Record(
    id="a", datasets=("one",), names=(("Issba - Werkstatt", "de"),), localities=("Imst",), postcodes=("6460",),
    streets=("Brennbichl 84",), countries=("AT",), urls=("https://issba.at/imst/werkstatt.html",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "url", "changed"),
    [
        ("Issba - Fahrräder", "https://issba.at/imst/raeder.html", {}),  # another section of the name
        ("Issba Werkstatt Imst", "https://issba.at/", {}),  # the body and a page of it
        ("Issba - Werkstatt", "https://issba.at/imst/werkstatt", {"localities": ("Arzl",), "streets": ("Dorf 3",)}),
        ("Issba - Fahrräder", "", {"urls": ()}),
    ],
)
def test_entries_of_one_dataset_with_one_website_are_parts(name: str, url: str, changed: dict[str, object]) -> None:
    entry = replace(SHOP, **{"id": "b", "names": ((name, "de"),), "urls": (url,), **changed})  # type: ignore[arg-type]
    each = found(SHOP, entry)
    assert each
    assert each.verdict == "related"
    assert each.score < 0.5


def test_a_page_below_a_website_elsewhere_is_of_a_group() -> None:
    leeds = other(urls=("https://jardins-cocagne.org/groupes/lyon",), localities=("Lyon",), postcodes=("69001",))
    each = found(GARDEN, replace(leeds, streets=("4 rue Pizay",)))
    assert each
    assert each.verdict == "related"
    in_english = found(GARDEN, other(urls=("https://jardins-cocagne.org/en/index.html",)))
    assert in_english
    assert in_english.certain


def test_names_that_are_only_alike_are_not_enough() -> None:
    names = ("Atelier vélo solidaire de Lille", "Atelier vélo Lille")
    mine, theirs = (Record(id=key, names=((name, "fr"),)) for key, name in zip("ab", names, strict=True))
    each = found(mine, theirs)
    assert each
    assert (each.verdict, each.score) == ("different", 0.4)
    there = [replace(record, localities=("Lille",), postcodes=("59000",)) for record in (mine, theirs)]
    with_place = found(*there)
    assert with_place
    assert with_place.verdict == "same"


@pytest.mark.parametrize(
    ("changed", "certain"),
    [
        ({}, True),
        ({"datasets": ("one",)}, False),  # who lists it twice meant two
        ({"postcodes": ("80090",)}, False),
        ({"names": (("Cocagne", "fr"),)}, False),
        ({"streets": ("5 place Vogel",)}, False),
    ],
)
def test_one_name_of_rare_words_at_one_postcode_is_certain(changed: dict[str, object], certain: bool) -> None:
    mine = replace(GARDEN, urls=(), localities=())
    each = found(mine, other(**{"urls": (), "localities": (), "streets": (), **changed}))
    assert each
    assert each.certain is certain


def test_legal_forms_of_italy_are_no_part_of_a_name() -> None:
    mine = replace(GARDEN, names=(("Il Girasole Soc. Coop. Soc.", "it"),))
    each = found(mine, other(names=(("Cooperativa Sociale Il Girasole Onlus", "it"),)))
    assert each
    assert each.certain
    assert each.reasons[0].feature == "name-same"


def test_two_that_have_a_page_on_a_platform_share_no_website() -> None:
    mine, theirs = (
        replace(GARDEN, id=key, names=((name, ""),), urls=(f"https://{name}.webs.com/",), streets=(), postcodes=())
        for key, name in (("a", "mosaic"), ("b", "legion"))
    )
    assert found(mine, theirs) is None


@pytest.mark.parametrize(
    ("url", "whose"),
    [
        ("https://www.jardin.org/contact", "jardin.org"),
        ("http://jardin.free.fr/", "jardin.free.fr"),  # a host that a platform gave to one
        ("https://fr.jardin.wordpress.com/a", "jardin.wordpress.com"),
        ("https://jardin.pagesperso-orange.fr", "jardin.pagesperso-orange.fr"),
        ("https://www.free.fr/", ""),
        ("https://fr-fr.facebook.com/jardin", ""),  # a page by its path
        ("https://[broken", ""),
    ],
)
def test_a_website_is_of_who_has_its_host(url: str, whose: str) -> None:
    assert domain(url) == whose


def test_one_host_on_a_platform_is_one_website() -> None:
    mine, theirs = (
        replace(GARDEN, id=key, datasets=(key,), urls=(f"{scheme}://cocagne.free.fr/",), streets=(), postcodes=())
        for key, scheme in (("a", "http"), ("b", "https"))
    )
    each = found(mine, theirs)
    assert each
    assert each.certain
    assert "website-same" in {reason.feature for reason in each.reasons}


def test_what_is_judged_without_a_person_tells_the_website_that_it_rests_on() -> None:
    mine, theirs = (
        Record(id=key, datasets=(key,), names=((name, "fr"),), localities=("Roubaix",), urls=(url,), postcodes=codes)
        for key, name, url, codes in (
            ("a", "Potager de Roubaix (association)", "https://potager.free.fr/index.html", ()),
            ("b", "Le Potager de Roubaix", "http://potager.free.fr/", ("59100",)),
        )
    )
    each = found(mine, theirs)
    assert each
    assert each.certain
    assert "website-same" in {reason.feature for reason in each.reasons if reason.weight > 0}


def test_one_number_of_a_register_is_one_body() -> None:
    number = {"numbers": numbers_of([("FR-INSEE", "552081317")])}
    each = found(replace(GARDEN, **number), other(names=(("Jardins Cocagne", ""),), urls=(), streets=(), **number))  # type: ignore[arg-type]
    assert each
    assert (each.verdict, each.certain) == ("same", True)


def test_two_numbers_of_a_register_are_two_bodies() -> None:
    one, two = (numbers_of([("FR-INSEE", number)]) for number in ("552081317", "732829320"))
    each = found(replace(GARDEN, numbers=one), other(numbers=two))
    assert each
    assert each.verdict == "related"
    assert each.score <= 0.01
    assert "rule-number-other" in [reason.feature for reason in each.reasons]


def test_a_namesake_elsewhere_is_another() -> None:
    names, where = (("Camplight", ""),), {"streets": (), "postcodes": ()}
    one = replace(GARDEN, names=names, localities=("Sofia",), countries=("BG",), urls=("http://c.net",), **where)  # type: ignore[arg-type]
    two = other(names=names, localities=("Glastonbury",), countries=("GB",), urls=("http://c.co.uk",), **where)
    each = found(one, two)
    assert each is None or (each.verdict != "same" and not each.certain)


def test_numbers_in_names_tell_groups_apart() -> None:
    each = found(replace(GARDEN, names=(("Groupe 12", ""),)), other(names=(("Groupe 13", ""),)))
    assert each is None or each.verdict != "same"


def test_reasons_have_signs_that_fit_their_words() -> None:
    each = found(GARDEN, other(localities=("Nice",), postcodes=("06000",), streets=("3 quai des Belges",)))
    assert each
    for reason in each.reasons:
        against = reason.feature.endswith("-other") or reason.feature.startswith("rule-") or reason.feature == "far"
        assert (reason.weight < 0) is against, reason


def test_no_feature_that_speaks_for_it_lowers_the_odds() -> None:
    rows = np.random.default_rng(7).random((300, len(FEATURES)))
    before = log_odds(rows, load())
    for place, name in enumerate(FEATURES):
        raised = rows.copy()
        raised[:, place] = 1.0
        moved = log_odds(raised, load()) - before
        against = name.endswith(("_apart", "_more", "_within", "far"))
        assert (moved <= 1e-9 if against else moved >= -1e-9).all(), name


def test_what_shares_no_key_is_not_compared_and_only_what_changed_is() -> None:
    sides = [side_of(GARDEN), side_of(other()), side_of(Record(id="c", names=(("Zorglub", ""),)))]
    found_keys = [(number_of(key), place) for place, side in enumerate(sides) for key in keys_of(side, EVEN)]
    keys, places = (np.array(column, np.int64) for column in zip(*found_keys, strict=True))
    (pairs,) = pairs_of(keys, places, np.array([True, False, True]))
    assert pairs.tolist() == [[0, 1]]
    (pairs,) = pairs_of(keys, places, np.array([False, False, True]))
    assert not len(pairs)


@pytest.fixture(scope="module")
def sites() -> Labelled:
    return half(chicago(), held_out=True)


def test_sites_of_a_city_are_found_and_none_is_wrong(shared: object, sites: Labelled) -> None:
    each, _, _ = found_in(sites)
    together: dict[str, list[str]] = {}
    for key, cluster in sites.truth.items():
        together.setdefault(cluster, []).append(key)
    true = pairs_within(together.values(), sites.truth)
    grouped = clusters([(pair.one, pair.other, pair.score) for pair in each])
    _, _, f1 = rates(pairs_within(grouped, sites.truth), true)
    assert f1 > 0.945
    assert min(b_cubed(grouped, sites.truth)) > 0.95
    precision, recall, _ = rates({(pair.one, pair.other) for pair in each if pair.certain}, true)
    assert precision >= 0.995
    assert recall > 0.25


def _source(module: str) -> str:
    return (ROOT / f"src/solld/link/{module}.py").read_text(encoding="utf-8")


def test_every_reason_has_a_sentence_in_all_languages() -> None:
    text = (ROOT / "src/solld/link/reasons.py").read_text(encoding="utf-8")
    rules = re.findall(r'(?:\(|yield )"([a-z-]+)"(?:,? ?[\d.)]|, [A-Z])', _source("verdicts") + _source("branches"))
    told = set(re.findall(r'"((?:[a-z]+-)+(?:same|other|alike|near))"', text)) | {f"rule-{rule}" for rule in rules}
    assert {"name-other", "rule-branch", "rule-page-other", "rule-number-other"} <= told
    for key in told | {"near", "far", "acronym", "website-same", "telephone-other"}:
        assert set(load_messages()[f"match_{key}"]) == {"fr", "en", "es"}, key
