"""Numbers of registers as codes of org-id.guide: an establishment's and a tax number hold that of who has them.

FR-SIRET 55208131766522  ->  FR-SIRET 55208131766522, FR-INSEE 552081317
VAT FR03552081317        ->  VAT FR03552081317, FR-INSEE 552081317
http://www.wikidata.org/entity/Q42 -> XI-WIKIDATA Q42
"""

import re
from collections.abc import Iterable, Iterator

from solld.link.folding import code

Number = tuple[str, str]  # (agency, number); "" for an agency that nobody names
WIKIDATA, INSEE, SIRET, RNA, COMPANIES, VAT = "XI-WIKIDATA", "FR-INSEE", "FR-SIRET", "FR-RNA", "GB-COH", "VAT"
ITEM = re.compile(r"https?://(?:www\.|m\.)?wikidata\.org/(?:entity|wiki|wiki/Special:EntityData)/(Q[1-9]\d*)\b")
SEVERAL = frozenset((SIRET,))  # registers in which one body may have several numbers
EMPTY = re.compile(r"(?:0+|9+|NA|NONE|UNKNOWN|TEST|X+)")  # what is written where there is no number


def numbers_of(stated: Iterable[Number], same: Iterable[str] = ()) -> tuple[Number, ...]:
    """The numbers that are stated, in one form, with those that they hold."""
    found = {number for each in stated for number in _with_parts(*each)}
    found |= {(WIKIDATA, match[1]) for iri in same if (match := ITEM.match(iri))}
    return tuple(sorted(found))


def _with_parts(agency: str, text: str) -> Iterator[Number]:
    agency = agency.strip().upper().replace("_", "-")
    number = code(text)
    if not number or EMPTY.fullmatch(number):
        return
    if agency == COMPANIES and number.isdigit():
        number = number.zfill(8)
    if agency == WIKIDATA and (match := re.search(r"Q[1-9]\d*$", number)):
        number = match[0]
    yield agency, number
    if agency in (SIRET, INSEE, "") and re.fullmatch(r"\d{14}", number) and is_luhn(number):
        yield INSEE, number[:9]
    if agency == VAT and (french := re.fullmatch(r"FR\w\w(\d{9})", number)):
        yield INSEE, french[1]


def is_luhn(digits: str) -> bool:
    """Whether the last digit is the check digit of the others (ISO/IEC 7812-1), as in a SIREN."""
    total = 0
    for place, each in enumerate(reversed(digits)):
        value = int(each) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def same(one: Iterable[Number], other: Iterable[Number]) -> frozenset[Number]:
    """The numbers that both have, of registers that are named."""
    return frozenset(each for each in set(one) & set(other) if each[0])


def apart(one: Iterable[Number], other: Iterable[Number]) -> tuple[Number, Number] | None:
    """Two numbers of one register that cannot be one body's; None if there are none."""
    mine, theirs = _by_agency(one), _by_agency(other)
    for agency in sorted(mine.keys() & theirs.keys()):
        if agency and agency not in SEVERAL and not mine[agency] & theirs[agency]:
            return (agency, min(mine[agency])), (agency, min(theirs[agency]))
    return None


def _by_agency(numbers: Iterable[Number]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for agency, number in numbers:
        found.setdefault(agency, set()).add(number)
    return found
