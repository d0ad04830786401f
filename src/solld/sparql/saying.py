"""Sentences about queries that can be said in other languages: each knows its pattern and what fills it.

They are English texts for whoever takes them as such. `sayings.toml` has the patterns in other languages.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

ENGLISH = "en"


class Saying(str):
    """An English sentence; of the parts some may be sayings themselves."""

    pattern: str
    parts: tuple[str, ...]


def say(pattern: str, *parts: str) -> Saying:
    """A sentence of a pattern, with a part for each {} in it."""
    saying = Saying(pattern.format(*parts))
    saying.pattern, saying.parts = pattern, parts
    return saying


def in_language(text: str, language: str) -> str:
    """The text in a language; as it is if it is no saying, or its pattern is not in that language."""
    pattern = _pattern(text, language)
    if pattern is None or not isinstance(text, Saying):
        return text
    return pattern.format(*(in_language(part, language) for part in text.parts))


def is_in(text: str, language: str) -> bool:
    """Whether a text can be said in a language."""
    return _pattern(text, language) is not None


def _pattern(text: str, language: str) -> str | None:
    if not isinstance(text, Saying):
        return None
    if language == ENGLISH:
        return text.pattern
    # Signs alone are the same in each language, unless it has its own.
    same = None if any(map(str.isalpha, text.pattern)) else text.pattern
    return patterns().get(text.pattern, {}).get(language, same)


@cache
def patterns() -> Mapping[str, Mapping[str, str]]:
    """English pattern -> language -> its pattern."""
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(
        files("solld.sparql").joinpath("sayings.toml").read_text(encoding="utf-8")
    )
    return found
