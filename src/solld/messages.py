"""What the pages say in the reader's language: messages*.toml, dates, numbers and names of languages.

The home of Babel, whose data are the Unicode CLDR. https://babel.pocoo.org/
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import files

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global
from babel.dates import format_date, format_datetime, format_skeleton
from babel.numbers import format_decimal

from solld import sorting

FALLBACK = "en"
FILES = tuple(
    sorted(each.name for each in files("solld").iterdir() if re.fullmatch(r"messages[\w-]*\.toml", each.name))
)
UNGROUPED = 10_000  # below it a number has no separators: 2001 is more often a year than an amount


@cache
def load() -> Mapping[str, Mapping[str, str]]:
    """key -> language -> text."""
    found: dict[str, Mapping[str, str]] = {}
    for name in FILES:
        found |= tomllib.loads(files("solld").joinpath(name).read_text(encoding="utf-8"))
    return found


@cache
def phrases(language: str) -> "Phrases":
    return Phrases(language)


def pick(texts: Mapping[str, str], tags: Sequence[str]) -> str:
    """The text in the first of the languages that it has, else any."""
    return next((texts[tag] for tag in tags if tag in texts), next(iter(texts.values()), ""))


@cache
def language_tags() -> frozenset[str]:
    """The codes of all languages that the CLDR knows (ISO 639)."""
    return frozenset(Locale(FALLBACK).languages)


@cache
def language_names() -> frozenset[str]:
    """The names of languages, in all languages."""
    tags = (tag for tag in localedata.locale_identifiers() if "_" not in tag)
    return frozenset(str(name) for tag in tags for name in Locale(tag).languages.values())


class Phrases:
    """The messages in one language; in English those that it lacks."""

    def __init__(self, language: str):
        self.language = language
        try:
            self.locale = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            self.locale = Locale(FALLBACK)
        primary = language.partition("-")[0]
        self.texts = {key: texts.get(primary, texts[FALLBACK]) for key, texts in load().items()}

    @property
    def locale_name(self) -> str:
        """The language with the country that most readers of it live in, if it does not say one: fr_FR."""
        if self.locale.territory:
            return f"{self.locale.language}_{self.locale.territory}"
        likely = get_global("likely_subtags").get(self.locale.language, "")
        return "_".join((self.locale.language, *str(likely).split("_")[2:]))

    def __call__(self, key: str, **values: object) -> str:
        return self.texts[key].format(**values) if values else self.texts[key]

    def count(self, key: str, n: int) -> str:
        """A message of the form "one|other", with the number."""
        one, _, other = self.texts[key].partition("|")
        return (one if self.locale.plural_form(n) == "one" else other or one).format(n=self.number(n))

    def number(self, value: int | str) -> str:
        """A number as it is written in the language, with all digits that count; the text itself if it is none."""
        if str(value).isascii() and str(value).isdecimal() and len(str(value)) < len(str(UNGROUPED)):
            return str(value)
        try:
            amount = Decimal(value)
        except InvalidOperation:
            return str(value)
        if not amount.is_finite() or "e" in str(value).lower():
            return str(value)
        return format_decimal(
            amount, locale=self.locale, decimal_quantization=False, group_separator=abs(amount) >= UNGROUPED
        )

    def order(self, text: str) -> sorting.Key:
        """What names are sorted by in this language."""
        return sorting.key(text, self.locale.language)

    def date(self, value: str) -> str:
        """An XML Schema date, dateTime or gYearMonth in words; the text itself if it is none."""
        try:
            if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
                return format_date(date.fromisoformat(value), "long", locale=self.locale)
            if re.fullmatch(r"\d{4}-\d\d", value):
                return format_skeleton("yMMMM", date.fromisoformat(f"{value}-01"), locale=self.locale)
            return self.time(datetime.fromisoformat(value)) if "T" in value else value
        except ValueError:  # a time zone on a date, a year before 1, 24:00
            return value

    def time(self, moment: datetime) -> str:
        """A moment, in UTC if it says its zone."""
        if moment.tzinfo is None:
            return format_datetime(moment, "long", locale=self.locale).removesuffix(" UTC")
        return format_datetime(moment.astimezone(UTC), "long", locale=self.locale)

    def day(self, moment: datetime) -> str:
        return format_date(moment.date(), "long", locale=self.locale)

    def country_name(self, code: str) -> str:
        """The name of a country (ISO 3166-1) in this language; the code if it has none."""
        return str(self.locale.territories.get(code) or code)

    def language_name(self, tag: str) -> str:
        """The name of a language in this one; the tag if it has none."""
        name = self.locale.languages.get(tag.partition("-")[0])
        return str(name) if name else tag
