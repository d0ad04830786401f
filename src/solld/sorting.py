"""How names are sorted in a language: what a dictionary of it does, without ICU.

Accents do not count, unless nothing else differs; a letter that is its own in the language stands after its base.
https://www.unicode.org/reports/tr10/  https://github.com/unicode-org/cldr/tree/main/common/collation
"""

import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache

SIGNS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})
SPANISH, DANISH, SWEDISH = {"n": "ñ"}, {"z": "æøå"}, {"z": "åäö"}
CZECH = {"c": "č", "r": "ř", "s": "š", "z": "ž"}
AFTER: Mapping[str, Mapping[str, str]] = {  # language -> letter -> the letters after it, in order
    **dict.fromkeys(("es", "gl", "eu"), SPANISH),
    **dict.fromkeys(("da", "nb", "nn", "no"), DANISH),
    **dict.fromkeys(("sv", "fi"), SWEDISH),
    "pl": {"a": "ą", "c": "ć", "e": "ę", "l": "ł", "n": "ń", "o": "ó", "s": "ś", "z": "źż"},
    **dict.fromkeys(("cs", "sk"), CZECH),
    "hr": {"c": "čć", "d": "đ", "s": "š", "z": "ž"},
}
Key = tuple[str, str, str]


@cache
def _letters(language: str) -> Mapping[str, str]:
    """Letter -> how it is compared: its base, and something that comes after all that may follow that."""
    own = AFTER.get(language, {})
    return {letter: base + "\U0010ffff" * place for base, after in own.items() for place, letter in enumerate(after, 1)}


@lru_cache(maxsize=8192)
def key(text: str, language: str) -> Key:
    """What names are compared by: letters, then accents, then capitals, small ones first."""
    own = _letters(language)
    small = unicodedata.normalize("NFC", text.casefold())
    primary = "".join(own.get(sign) or _plain(sign) for sign in small)
    return primary.strip(), unicodedata.normalize("NFD", small), text.swapcase()


def _plain(sign: str) -> str:
    """A sign without its accents; all signs that are no letters and no digits are one, before them."""
    if sign.isspace():
        return " "
    if not sign.isalnum():
        return "" if unicodedata.combining(sign) else "!"
    bare = unicodedata.normalize("NFKD", sign.translate(SIGNS))
    return "".join(each for each in bare if not unicodedata.combining(each))
