"""Words of names in many languages: legal forms, words that say nothing, abbreviations, numbers."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Table = Mapping[str, Mapping[str, str]]


@cache
def load() -> Table:
    """Kind of words -> word, folded -> what it stands for: `forms`, `empty`, `whole`, `numbers`, `parts`, `also`."""
    text = files("solld.link.words").joinpath("words.toml").read_text(encoding="utf-8")
    return {
        kind: {word: meaning for meaning, words in entries.items() for word in words.split()}
        for kind, entries in tomllib.loads(text).items()
    }
