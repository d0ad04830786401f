"""Readings: what a lift may ask of a cell beside its text, like the country that it names or the number in it.

    ?row text:Name ?name               the text without blanks around it, markup and entities; nothing for n/a, null, -
    ?row parts:Tags ?tag               each of several in one cell, between ; or | or commas
    ?row country:Pays ?code            two letters, ISO 3166-1, of a code or of a name in any language
    ?row decimal:Surface ?number       an xsd:decimal, with the digits that are written
    ?row latitude:Coordonnées ?lat     in degrees, alone in its cell or before a longitude
    ?row north:Coordonnées ?lat        the latitude of a pair, and of nothing else; east: is its longitude
    ?row url:Site ?address             an http(s) address
    ?row date:Created ?date            an xsd:date or xsd:gYear; dmy: and mdy: where the day or the month stands first
    ?row spoken:Description ?text      the text with the language that it is in, if that can be told
    ?row siren:Numéro ?number          a number of a register, by what such a number looks like

A reading gives nothing for a cell that it cannot read: what is not understood is not changed into something else.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache

from babel import Locale, localedata
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from solld.rdf import Literal, NamedNode
from solld.sources.plain import plain

LITERAL = "urn:x-solld:literal:"  # a datatype of XML Schema whose text the engine leaves as it is
Reading = Callable[[str], Iterator[str | Literal]]

NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)")
NORTHERN, SOUTHERN, EASTERN, WESTERN = "N", "S", "E", "W"  # O is west in French and east in German: it is not read
DEGREES = re.compile(
    r"(?P<before>[NSEW]?)\s*(?P<sign>[+-]?)(?P<number>\d+(?:[.,]\d+)?|[.,]\d+)\s*°?\s*(?P<after>[NSEW]?)",
    re.IGNORECASE,
)
ONE = r"((?:[NSEW]\s*)?[+-]?\d+(?:[.,]\d+)?\s*°?\s*(?:[NSEW](?![a-z]))?)"
PAIR = re.compile(rf"\s*[(\[]?\s*{ONE}\s*(?:[;/|]|,\s|,(?=[+-]?\d+\.)|\s)\s*{ONE}\s*[)\]]?\s*", re.IGNORECASE)
WKT = re.compile(
    r"\s*(?:SRID=4326;)?POINT\s*Z?\s*\(\s*([+-]?[\d.]+)\s+([+-]?[\d.]+)(?:\s+[+-]?[\d.]+)?\s*\)\s*", re.IGNORECASE
)
ADDRESS = re.compile(
    r"(?P<scheme>https?://)?(?P<host>(?:[^\W_](?:[\w-]*[^\W_])?\.)+(?:[^\W\d_]{2,}|xn--[a-z0-9-]+)|\d+\.\d+\.\d+\.\d+)(?P<rest>[:/?#]\S*)?",
    re.IGNORECASE,
)
ADDRESSES = re.compile(r"[\s;|]+|,\s+|,(?=https?://|www\.)")  # what stands between several
NO_YEARS = ("0000", "0001", "9999")  # that programs write where there is no date
ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ]\d\d:.*)?")
LOCAL_DATE = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?:[ T]\d.*)?")
EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
NUMBERS = {  # in registers: what they look like without blanks; whether they exist is not for a reading to say
    "siren": re.compile(r"\d{9}"),
    "siret": re.compile(r"\d{14}"),
    "rna": re.compile(r"W\d[0-9A-Z]\d{7}"),
    "companyhouse": re.compile(r"(?:[A-Z]{2}|\d\d)\d{6}|\d{5,7}|[A-Z]{2}\d{4,5}[A-Z]?"),
    "vat": re.compile(r"[A-Z]{2}[0-9A-Z+*]{2,12}"),
    "wikidata": re.compile(r"Q[1-9]\d*"),
}
SPOKEN = 0.95  # how sure a language must be
LONG_ENOUGH = 25  # characters of a text whose language can be told
NO_COUNTRIES = frozenset(("EU", "EZ", "UN", "XA", "XB", "ZZ"))  # that have two letters all the same
LANGUAGES = (  # that texts of this field are in, of those that can be told apart
    "bg br ca cs cy da de el en es et eu fi fr ga gl hr hu is it lt lv mk nl no pl pt ro ru sk sl sq sr sv tr uk"
).split()
ALSO = {  # what people write for a country, beside its code and its name in the languages of the world
    "uk": "GB",
    "england": "GB",
    "scotland": "GB",
    "wales": "GB",
    "cymru": "GB",
    "northern ireland": "GB",
    "great britain": "GB",
    "angleterre": "GB",
    "ecosse": "GB",
    "grande bretagne": "GB",
    "usa": "US",
    "u s a": "US",
    "holland": "NL",
    "the netherlands": "NL",
    "republic of ireland": "IE",
    "eire": "IE",
    "czech republic": "CZ",
    "deutschland": "DE",
}


def _text(cell: str) -> Iterator[str | Literal]:
    yield from filter(None, [plain(cell)])


def _parts(cell: str) -> Iterator[str | Literal]:
    cell = plain(cell)
    separators = r"[;|\n]" if re.search(r"[;|\n]", cell) else ","
    for each in re.split(separators, cell):
        yield from filter(None, [each.strip()])


def _list(cell: str) -> Iterator[str | Literal]:
    """Keys without blanks within, between any separators that people mix."""
    for each in re.split(r"[;|,\n]", plain(cell)):
        yield from filter(None, [each.strip()])


def _code(cell: str) -> Iterator[str | Literal]:
    """A code that went through a table of numbers: 84200.0 is 84200."""
    yield from _text(re.sub(r"\.0+\s*$", "", cell) if re.fullmatch(r"\s*\d+\.0+\s*", cell) else cell)


def _number(text: str) -> Iterator[str | Literal]:
    if NUMBER.fullmatch(text.strip()):
        yield _literal(text.strip().replace(",", "."), "decimal")


def _degrees(text: str, most: int) -> Iterator[Literal]:
    """The degrees that are written, with their digits; the letter of a side of the world stands for a sign."""
    found = DEGREES.fullmatch(text)
    if not found or bool(found["before"]) + bool(found["after"]) + bool(found["sign"]) > 1:
        return
    side = (found["before"] or found["after"] or "").upper()
    if side and side not in (NORTHERN + SOUTHERN if most == 90 else EASTERN + WESTERN):
        return
    number = found["number"].replace(",", ".")
    if abs(float(number)) <= most:
        minus = side in SOUTHERN + WESTERN if side else found["sign"] == "-"
        yield _literal(("-" if minus else found["sign"] or "") + number, "decimal")


def _pair(cell: str, place: int) -> Iterator[Literal]:
    most = (90, 180)[place]
    if point := WKT.fullmatch(cell):
        yield from _degrees(point[2 - place], most)  # well-known text has the longitude first
    elif pair := PAIR.fullmatch(cell):
        yield from _degrees(pair[place + 1], most)


def _north(cell: str) -> Iterator[Literal]:
    return _pair(cell, 0)


def _east(cell: str) -> Iterator[Literal]:
    return _pair(cell, 1)


def _latitude(cell: str) -> Iterator[Literal]:
    return _degrees(cell.strip(), 90) if DEGREES.fullmatch(cell.strip()) else _north(cell)


def _longitude(cell: str) -> Iterator[Literal]:
    return _degrees(cell.strip(), 180) if DEGREES.fullmatch(cell.strip()) else _east(cell)


def _url(cell: str) -> Iterator[str | Literal]:
    """The addresses of a cell that holds nothing else, but for names of accounts."""
    pieces = [piece for piece in ADDRESSES.split(cell) if piece.strip("/,-–•") and not piece.startswith("@")]
    found = [ADDRESS.fullmatch(piece) for piece in pieces]
    if all(found) and not re.search(r"[<>\"{}\\^`]", cell):
        for match in found:
            if match:
                yield match[0] if match["scheme"] else f"http://{match[0]}"


def _country(cell: str) -> Iterator[str | Literal]:
    plain = cell.strip().upper()
    code = plain if plain in _codes(Locale("en")) else _countries().get(_folded(cell))  # names take a second to load
    if code:
        yield code


def country_code(text: str) -> str:
    """The code of ISO 3166-1 of a country, from a code or a name in any language; "" if it names none."""
    return next(map(str, _country(text)), "")


@cache
def _codes(locale: Locale) -> frozenset[str]:
    """ISO 3166-1 codes."""
    return frozenset(code for code in map(str, locale.territories) if re.fullmatch(r"[A-Z]{2}", code)) - NO_COUNTRIES


@cache
def _countries() -> dict[str, str]:
    """Folded name or code -> code. A name that two countries have in different languages is none."""
    named: dict[str, set[str]] = {}
    for tag in localedata.locale_identifiers():
        if "_" not in tag:
            for code, name in Locale(tag).territories.items():
                if re.fullmatch(r"[A-Z]{2}", code) and code not in NO_COUNTRIES:
                    named.setdefault(_folded(name), set()).add(code)
    codes = {code for found in named.values() for code in found}
    return {name: min(found) for name, found in named.items() if len(found) == 1} | ALSO | {c.lower(): c for c in codes}


def _folded(text: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[\W_]+", " ", plain.casefold()).split())


def _date(cell: str) -> Iterator[Literal]:
    text = cell.strip()
    if match := ISO_DATE.fullmatch(text):
        yield from _day(match[1], match[2], match[3])
    elif re.fullmatch(r"[12]\d{3}", text):
        yield _literal(text, "gYear")
    elif re.fullmatch(r"[12]\d{3}-(0[1-9]|1[0-2])", text):
        yield _literal(text, "gYearMonth")
    elif EPOCH.fullmatch(text):
        number = float(text)
        moment = datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
        yield _literal(moment.date().isoformat(), "date")
    elif match := LOCAL_DATE.fullmatch(text):
        if match[1] == match[2] or int(match[1]) > 12:  # what can be read in two ways is not read
            yield from _day(match[3], match[2], match[1])
        elif int(match[2]) > 12:
            yield from _day(match[3], match[1], match[2])


def _dmy(cell: str) -> Iterator[Literal]:
    match = LOCAL_DATE.fullmatch(cell.strip())
    return _day(match[3], match[2], match[1]) if match else _date(cell)


def _mdy(cell: str) -> Iterator[Literal]:
    match = LOCAL_DATE.fullmatch(cell.strip())
    return _day(match[3], match[1], match[2]) if match else _date(cell)


def _day(year: str, month: str, day: str) -> Iterator[Literal]:
    if year in NO_YEARS:
        return
    try:
        yield _literal(date(int(year), int(month), int(day)).isoformat(), "date")
    except ValueError:  # there is no such day, so there is nothing that it can be read as
        return


def _spoken(cell: str) -> Iterator[str | Literal]:
    text = plain(cell)
    if len(text) >= LONG_ENOUGH:
        language, sure = _identifier().classify(text)
        yield Literal(text, language=language) if sure >= SPOKEN else text
    elif text:
        yield text


@cache
def _identifier() -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages(LANGUAGES)
    return found


def _registered(form: re.Pattern[str]) -> Reading:
    def read(cell: str) -> Iterator[str | Literal]:
        text = re.sub(r"\s", "", cell.rstrip("/").rpartition("/")[2])  # some write the address of the item
        text = re.sub(r"(?<=^\d{9})\.0$|(?<=^\d{14})\.0$", "", text)  # a number that went through a table of numbers
        if form.fullmatch(text):
            yield text

    return read


def _literal(text: str, datatype: str) -> Literal:
    return Literal(text, datatype=NamedNode(LITERAL + datatype))


READINGS: dict[str, Reading] = {
    "text": _text,
    "parts": _parts,
    "list": _list,
    "code": _code,
    "decimal": _number,
    "latitude": _latitude,
    "longitude": _longitude,
    "north": _north,
    "east": _east,
    "url": _url,
    "country": _country,
    "date": _date,
    "dmy": _dmy,
    "mdy": _mdy,
    "spoken": _spoken,
} | {name: _registered(form) for name, form in NUMBERS.items()}
