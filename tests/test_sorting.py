"""Names are sorted as readers of each language look them up; the orders are those of the CLDR."""

import random

import pytest

from solld import sorting
from solld.messages import phrases
from solld.model import Description
from solld.rdf import SKOS, Literal, Triple
from test_html import LIGHT, SAMPLE, read, term, thing, values

ORDERS = {
    "accents count only where nothing else differs": ("fr", "cote coté côte côté coteau"),
    "a capital comes after the small letter": ("fr", "eau Eau école Écologie énergie Zoo"),
    "a ligature is its two letters": ("fr", "odeur œuf œuvre offre"),
    "English takes foreign accents as French does": ("en", "ñu nube oso résumé resumés"),
    "ñ is a letter of its own in Spanish": ("es", "nube nuez nutria ñame ñu oso"),
    "and within a word": ("es", "cana canto caña cañón capa"),
    "other accents are none in Spanish": ("es", "area área arenal índice Índice indio"),
    "the last letters of Danish": ("da", "zebra æble ø å"),
    "the last letters of Swedish": ("sv", "zebra å ä ö"),
    "signs come before letters": ("fr", "«Zoo» 3e abc"),
    "Polish": ("pl", "lampa łąka mama zebra źródło żaba"),
}


@pytest.mark.parametrize(("language", "words"), ORDERS.values(), ids=ORDERS)
def test_the_order_is_that_of_the_language(language: str, words: str) -> None:
    wanted = words.split()
    for seed in range(20):
        shuffled = random.Random(seed).sample(wanted, len(wanted))
        assert sorted(shuffled, key=phrases(language).order) == wanted


def test_a_space_comes_before_all_letters_so_that_short_names_come_first() -> None:
    wanted = ["Les Amis", "Les Zouaves", "Lesage"]
    assert sorted([wanted[2], wanted[0], wanted[1]], key=phrases("fr").order) == wanted


def test_a_letter_of_its_own_stays_one_however_it_is_written() -> None:
    assert sorting.key("n\u0303u", "es")[0] == sorting.key("ñu", "es")[0] > sorting.key("nz", "es")[0]
    assert sorting.key("Ñu", "es")[0] == sorting.key("ñu", "es")[0]


def test_pages_and_their_data_use_it() -> None:
    labels = [
        Triple(thing(name), SKOS.prefLabel, Literal(name, language="es")) for name in ("nz", "nuez", "ñu", "ópera")
    ]
    said = tuple(Triple(LIGHT, term("near"), each.subject) for each in labels)
    page = read(Description(LIGHT, SAMPLE.document, said, labels=tuple(labels)), "es")
    assert values(page)["l:near"].startswith("nueznzñuópera")
