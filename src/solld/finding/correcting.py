"""Words that nothing has, with the nearest that something has: typing errors are forgiven, and told."""

from collections.abc import Iterable

from rapidfuzz.distance import OSA

from solld.search import words
from solld.search.index import Hit, Index

LONG = 7  # letters from which on a word may have two errors
LEAST = 4  # letters below which a word may have none
NEAR = 200  # resources whose words are looked at
BEGINNING = 2000  # words with the same two first letters that are looked at


def known(index: Index, word: str) -> bool:
    """Whether anything has a word, or one that begins with it."""
    if index.frequency(word):
        return True
    return not words.is_whole(word) and bool(index.beginning(word, 1))


def corrected(index: Index, word: str) -> str:
    """The word that was meant: itself if something has it, or if nothing is near."""
    if len(word) < LEAST or known(index, word):
        return word
    for distance in (1, 2) if len(word) >= LONG else (1,):
        near = [(n, each) for n, each in _near(index, word, distance) if n <= distance]
        if near:
            return min(near, key=lambda found: (found[0], -index.frequency(found[1]), found[1]))[1]
    return word


def _near(index: Index, word: str, distance: int) -> Iterable[tuple[int, str]]:
    candidates = {each for hit in index.like(word, distance, NEAR) for each in _words(hit)}
    candidates |= {each for each, _ in index.beginning(word[:2], BEGINNING)}
    for each in candidates:
        if abs(len(each) - len(word)) <= distance:
            yield OSA.distance(word, each, score_cutoff=distance), each


def _words(hit: Hit) -> Iterable[str]:
    row = hit.row
    texts = [*row.get("n", {}).values(), *row.get("d", {}).values(), *row.get("o", ()), *row.get("p", ())]
    return words.all_of(texts)
