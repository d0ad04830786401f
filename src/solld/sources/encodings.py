"""Tells the encoding of a text that does not say it: by whose letters its bytes would be.

A table has names in it and little else, which charset_normalizer, made for prose, takes for any of the encodings of
Latin letters. So each of those is tried with the letters of each language that is written in it, and the one counts in
which the most of what is not ASCII are letters of one language or signs that everybody writes: `Ação` is Portuguese in
Windows-1252, and `Açăo` in Windows-1250 is nothing. The other scripts it knows well.

UTF-8 is known for certain (RFC 3629), and so are the marks of the byte order; what is not UTF-8 within a text that else
is was pasted in by a program that writes Windows-1252, and is read so.
"""

import codecs
import re
from collections import Counter
from functools import cache

from charset_normalizer import from_bytes

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
SIGNS = "€‚„…‘’“”•–—™©«»°·ºª®§¡¿№×½²³´\xa0\xad"  # that are in texts of any language
WEST = {  # letters beside ASCII, of languages by their codes (CLDR, exemplar characters)
    "fr": "àâæçéèêëîïôœùûüÿ",
    "es": "áéíñóúü",
    "ca": "àçéèíïóòúü",
    "pt": "áâãàçéêíóôõú",
    "it": "àèéìíîòóùú",
    "de": "äöüß",
    "nl": "áâäèéêëïíöóôûüú",
    "sv": "åäöéàü",
    "da": "æøåéäöü",
    "gl": "áéíñóúüçà",
    "et": "äõöüšž",
}
MIDDLE = {
    "pl": "ąćęłńóśźż",
    "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž",
    "hu": "áéíóöőúüű",
    "ro": "ăâîşţ",
    "hr": "čćđšž",
}
LATIN = (  # of encodings with the same share, the first counts
    ("cp1252", WEST),
    ("cp1250", MIDDLE),
    ("iso8859_2", MIDDLE),
    ("cp1254", {"tr": "çğıöşüâîûİ"}),
    ("cp1257", {"lt": "ąčęėįšųūž", "lv": "āčēģīķļņšūž"}),
    ("cp1252", {"is": "áðéíóúýþæö"}),
    ("mac_roman", WEST),
    ("cp850", WEST),
)
# Of languages whose words have no letter of ASCII.
OTHERS = "cp932 cp949 gb18030 big5 euc_jp cp1251 cp1253 cp1255 cp1256 cp874".split()
SIGN = 0.9  # of a letter
ENOUGH = 0.85  # of what is not ASCII must be letters of one language
BESIDE = 0.4  # of the bytes beside ASCII stand next to a letter of ASCII, where Latin letters are written
BROKEN = 0.02  # of the bytes beside ASCII, or one in some lines, may be no UTF-8 in a text that is
PASTED = "solld-pasted"  # the error handler for those


def _pasted(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "replace"), error.end


codecs.register_error(PASTED, _pasted)


def encoding(head: bytes) -> str:
    """The encoding of a text by its beginning: UTF-8 if it can be, else what its bytes look like most."""
    for mark, name in MARKS:
        if head.startswith(mark):
            return name
    if name := _unmarked(head):
        return name
    whole = head[: max(0, len(head) - 4)]  # the end may be in the middle of a character
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        return "utf-8" if _is_mostly_utf8(whole) else _told(head)
    return "utf-8"


def _unmarked(head: bytes) -> str:
    """UTF-16 without a mark: nearly every other byte of ASCII is nothing."""
    even, odd = head[:4096:2].count(0), head[1:4096:2].count(0)
    half = len(head[:4096]) / 2
    if half and max(even, odd) > 0.4 * half and min(even, odd) < 0.1 * half:
        return "utf-16-le" if odd > even else "utf-16-be"
    return ""


def _is_mostly_utf8(head: bytes) -> bool:
    """Whether the characters of several bytes are many more than the bytes that are none."""
    text = head.decode("utf-8", "surrogateescape")
    good = bad = 0
    for character in text:
        if "\udc80" <= character <= "\udcff":
            bad += 1
        elif character > "\x7f":
            good += 1
    return bad <= max(BROKEN * good, min(5, good / 4))


def _told(head: bytes) -> str:
    """What a text that is no UTF-8 is in."""
    seen = Counter(re.findall(rb"[\x80-\xff]", head))
    scored = [(_share(name, letters, seen), -place, name) for place, (name, letters) in enumerate(_alphabets())]
    share, _, latin = max(scored)
    beside = len(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])", head))
    if share >= ENOUGH and beside >= BESIDE * sum(seen.values()):
        return latin
    other = from_bytes(head, cp_isolation=OTHERS).best()
    return other.encoding if other else latin


def _share(name: str, letters: frozenset[str], seen: Counter[bytes]) -> float:
    """0 to 1: how many of the bytes beside ASCII are these letters; a sign is worth less than a letter."""
    found = 0.0
    for byte, number in seen.items():
        character = byte.decode(name, "replace")
        found += number * (1.0 if character in letters else SIGN if character in SIGNS else 0.0)
    return found / sum(seen.values())


@cache
def _alphabets() -> tuple[tuple[str, frozenset[str]], ...]:
    """For each encoding, the letters of each of its languages."""
    return tuple(
        (name, frozenset((*letters, *letters.upper()))) for name, languages in LATIN for letters in languages.values()
    )
