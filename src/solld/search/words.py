"""The words of texts and of what is asked: folded, so that accents and capitals do not count."""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from solld.link.folding import folded

LONGEST = 64  # letters of a word that count
SHORT = 3  # letters below which a word is looked for whole, since too many begin so
MOST = 12  # words of a search that count
STOP = frozenset(  # articles and little words of the languages of pages, which are in every text and say nothing
    "a al au aux avec d da das de del della der des di die do dos du e el en et for from i il in l la las le les lo "
    "los na no o of on or os ou par pour que qui sur the to u un una une with y".split()
)


def words(text: str) -> list[str]:
    """The folded words of a text, in their order."""
    return [word[:LONGEST] for word in folded(text).split()]


def asked(text: str) -> tuple[str, ...]:
    """The words that a search must find; little ones only when there are no others."""
    every = list(dict.fromkeys(words(text)))
    return tuple(([word for word in every if word not in STOP] or every)[:MOST])


def all_of(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in words(text)}


@cache
def _variants() -> dict[str, str]:
    """Letter or digit -> those that fold to it; of the scripts that are written with capitals and marks."""
    found: dict[str, str] = {}
    for number in (*range(0x80, 0x590), *range(0x1E00, 0x2000), *range(0x2C60, 0x2C80), *range(0xA720, 0xA800)):
        letter = chr(number)
        plain = folded(letter)
        if len(plain) == 1 and plain != letter and unicodedata.category(letter)[0] in "LN":
            found[plain] = found.get(plain, "") + letter
    return found


def pattern(word: str, whole: bool) -> str:
    """A regular expression for texts that have a word, or one that begins with it, whatever the accents.

    In the syntax of XPath and XQuery, which SPARQL has. https://www.w3.org/TR/xpath-functions/#regex-syntax
    """
    letters = "".join(f"[{letter}{_variants().get(letter, '')}]\\p{{M}}*" for letter in word)
    sharp = letters.replace(f"[s{_variants().get('s', '')}]\\p{{M}}*" * 2, f"(ß|[s{_variants().get('s', '')}]{{2}})")
    return f"(^|[^\\p{{L}}\\p{{M}}\\p{{N}}]){sharp}" + ("([^\\p{L}\\p{M}\\p{N}]|$)" if whole else "")


def is_whole(word: str) -> bool:
    """Whether a word is looked for as it is; longer ones may be the beginning of another."""
    return len(word) < SHORT and not re.fullmatch(r"\d+", word)
