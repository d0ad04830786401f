"""Texts with the words marked that were asked for, whatever their accents."""

import re
from collections.abc import Sequence

from solld.link.folding import folded

WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f][^\W_]*)*")
AROUND = 160  # characters of a long text that are shown, so that the first marked word is among them
Pieces = tuple[tuple[str, bool], ...]


def marked(text: str, words: Sequence[str]) -> Pieces:
    """The pieces of a text, and whether each is, or begins with, one of the folded words."""
    found: list[tuple[str, bool]] = []
    end = 0
    for match in WORD.finditer(text) if words else ():
        if folded(match[0]).startswith(tuple(words)):
            found += [(text[end : match.start()], False), (match[0], True)]
            end = match.end()
    return tuple(piece for piece in (*found, (text[end:], False)) if piece[0])


def has(text: str, words: Sequence[str]) -> bool:
    return any(hit for _, hit in marked(text, words))


def excerpt(text: str, words: Sequence[str]) -> str:
    """The part of a long text that has the first of the words."""
    start = next((match.start() for match in WORD.finditer(text) if folded(match[0]).startswith(tuple(words))), 0)
    if not words or start < AROUND:
        return text
    cut = text.rfind(" ", 0, start - AROUND // 3) + 1
    return "… " + text[cut:]
