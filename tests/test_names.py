"""Names are read without what says nothing, in many languages, and are alike by their rare words."""

import pytest

from solld.link.likeness import Rarity, is_acronym, likeness, rarity_of
from solld.link.names import digits, parts, read
from solld.link.numbers import apart, is_luhn, numbers_of


@pytest.mark.parametrize(
    ("text", "words", "forms"),
    [
        ("Les Jardins de l'Avenir, S.C.O.P.", ("jardins", "avenir"), {"cooperative"}),
        ("Outlandish Co-operative Limited", ("outlandish",), {"cooperative", "company"}),
        ("Tauschkreis Linz e. V.", ("tauschkreis", "linz"), {"association"}),
        ("Cooperativa Sociale Ravinala ONLUS", ("ravinala",), {"cooperative", "social", "association"}),
        ("Κοιν.Σ.Επ. Ροβύθι", ("rovythi",), {"cooperative"}),
        ("C.I.C. Low Carbon Hub", ("low", "carbon", "hub"), {"cic"}),
        ("Low Carbon Hub Community Interest Company", ("low", "carbon", "hub"), {"cic"}),
        ("The Co-operative", ("the", "cooperative"), {"cooperative"}),  # else nothing were left
        ("Scout Group Twelve", ("scout", "group", "12"), set()),
        ("St. Mary's Ctr", ("saint", "marys", "centre"), set()),
    ],
)
def test_a_name_is_read(text: str, words: tuple[str, ...], forms: set[str]) -> None:
    name = read(text)
    assert (name.words, set(name.forms)) == (words, forms)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Foo Limited t/a Bar Shop", ("bar", "shop")),
        ("Jardins de l'Avenir (ex Potagers du Nord)", ("potagers", "nord")),
        ("Jardins de l'Avenir (JDA)", ("jda",)),
        ("ADMR - Aide à domicile en milieu rural", ("admr",)),
        ("Foo GmbH, vormals Bar", ("bar",)),
    ],
)
def test_another_name_stands_in_a_name(text: str, other: tuple[str, ...]) -> None:
    assert other in [each.words for each in read(text).others]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Beescoop", "Bees Coop"),
        ("Community Harvest Whestone", "Community Harvest Whetstone Limited"),
        ("Sociality", "Sociality – Κοοπερατίβα Ψηφιακής Επικοινωνίας"),
        ("Aide à Domicile en Milieu Rural", "ADMR - Aide à domicile en milieu rural"),
        ("Avenir Jardins", "Les jardins de l’avenir"),
        ("Jardins de l'Avenir (ex Potagers du Nord)", "POTAGERS DU NORD"),
        ("Drei Höfe eG", "3 Höfe"),
        ("Pain & Partage", "Pain et Partage"),
    ],
)
def test_names_of_one_body_are_alike(one: str, other: str) -> None:
    assert likeness(read(one), read(other)) > 0.9


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Scout Group 12", "Scout Group 13"),
        ("Jardins de l'Avenir", "Cafe de l'Avenir"),
        ("Coop 57", "Coop 58"),
        ("Mira", "Mila"),
    ],
)
def test_names_of_two_bodies_are_less_so(one: str, other: str) -> None:
    assert likeness(read(one), read(other)) < 0.8


def test_the_order_of_two_names_does_not_matter() -> None:
    one, other = read("Association des Jardins de Cocagne"), read("Jardin de Cocagne")
    assert likeness(one, other) == pytest.approx(likeness(other, one))


def test_initials_are_another_name() -> None:
    assert is_acronym(read("WAO Co-op"), read("We Are Open Limited"))
    assert likeness(read("WAO"), read("We Are Open")) == 0.8
    assert not is_acronym(read("WAP"), read("We Are Open"))


def test_rare_words_tell_more() -> None:
    rarity = rarity_of(map(read, [*["garden club"] * 50, "zorglub club"]))
    assert rarity.weight("zorglub") > rarity.weight("garden") >= rarity.weight("club")
    one, other = read("Zorglub Garden"), read("Zorglub Club")
    assert likeness(one, other, rarity) > likeness(one, other, Rarity())


def test_numbers_and_parts_are_found() -> None:
    assert digits(read("Scout Group 012")) == {"12"}
    assert parts(read("Filiale Linz")) == {"branch"}


def test_a_number_holds_others() -> None:
    assert ("FR-INSEE", "552081317") in numbers_of([("FR-SIRET", "552 081 317 66522")])
    assert ("FR-INSEE", "552081317") in numbers_of([("VAT", "FR 03 552081317")])
    assert ("XI-WIKIDATA", "Q42") in numbers_of([], ["http://www.wikidata.org/entity/Q42"])
    assert ("GB-COH", "02330975") in numbers_of([("GB-COH", "2330975")])
    assert not numbers_of([("FR-INSEE", "000000000")])


def test_two_establishments_of_one_body_have_its_number() -> None:
    one, other = (numbers_of([("FR-SIRET", f"552081317{end}")]) for end in ("66522", "00001"))
    assert apart(one, other) is None
    assert apart(numbers_of([("FR-INSEE", "552081317")]), numbers_of([("FR-INSEE", "732829320")]))
    assert is_luhn("552081317")
    assert not is_luhn("552081318")
