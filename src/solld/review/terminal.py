"""Judging in a terminal: two columns, the reasons, one letter; works over ssh, and in a pipe."""

import shutil
import textwrap
from collections.abc import Iterator
from itertools import zip_longest
from typing import TextIO

from solld.link.judgements import Pair
from solld.messages import phrases
from solld.review.desk import Desk
from solld.review.page import VERDICTS, View, percent, view

LETTERS = {key: verdict for verdict, key in VERDICTS}
WIDEST = 140  # columns


def run(desk: Desk, first: Pair | None, language: str, lines: TextIO, out: TextIO) -> int:
    """Shows pairs and writes what is answered, until all is done or somebody quits; returns how many were judged."""
    current = first or desk.next()
    while current:
        found = view(desk, current, language)
        print("\n".join(shown(desk, found, language, shutil.get_terminal_size().columns)), file=out, flush=True)
        answer = _answer(lines, out)
        if answer == "q":
            break
        if answer == "u":
            current = desk.undo() or current
        elif answer == "j":
            current = desk.neighbour(current, 1) or current
        elif answer == "k":
            current = desk.neighbour(current, -1) or current
        else:
            letter, _, why = answer.partition(" ")
            seen = found.standing.when if found.standing else ""
            if desk.judge(current, LETTERS[letter], " ".join(why.split()), seen):
                current = desk.next(current)
            else:
                print(phrases(language)("review_meanwhile"), file=out)
    print(phrases(language)("review_done", done=len(desk.done), all=max(len(desk.pairs), len(desk.done))), file=out)
    return len(desk.done)


def _answer(lines: TextIO, out: TextIO) -> str:
    """What somebody answers: a letter, and a reason after a verdict; "q" at the end of what there is to read."""
    letters = "s same, r related, d different, l later, u undo, j next, k previous, q quit; a reason may follow"
    while True:
        print(f"{letters}: ", end="", file=out, flush=True)
        line = lines.readline()
        answer = line.strip()
        if not line or answer == "q":
            return "q"
        if answer in ("u", "j", "k") or answer.partition(" ")[0] in LETTERS:
            return answer


def shown(desk: Desk, found: View, language: str, columns: int) -> Iterator[str]:
    """The lines of a pair."""
    t = phrases(language)
    width = min(columns, WIDEST)
    yield ""
    yield f"── {t('review_done', done=len(desk.done), all=len(desk.pairs))} " + "─" * (width - 20)
    if found.guess:
        yield (
            t("review_score", n=percent(found.guess.score))
            + ", "
            + t("review_related_score", n=percent(found.guess.related))
        )
    for each in found.reasons:
        values = " · ".join(dict.fromkeys(filter(None, (each.one, each.other))))
        yield f"  {'+' if each.speaks_for else '-'} {each.text}{f': {values}' if values else ''}"
    if found.standing:
        verdict, when = t(f"review_{found.standing.verdict}"), t.date(found.standing.when[:10])
        yield t("review_standing", verdict=verdict, who=found.standing.who, when=when)
    yield ""
    name, state = 18, 16
    side = max((width - name - state) // 2 - 2, 12)
    sources = [", ".join(source.text for source in each.sources) for each in (found.one, found.other)]
    yield from _columns(("", f"{found.one.id} {sources[0]}", "", f"{found.other.id} {sources[1]}"), (name, side, state))
    for row in found.rows:
        cells = ("\n".join(value.text for value in values) or "–" for values in (row.one, row.other))
        mine, theirs = cells
        yield from _columns((row.name, mine, t(f"review_{row.state}"), theirs), (name, side, state))


def _columns(cells: tuple[str, str, str, str], widths: tuple[int, int, int]) -> Iterator[str]:
    name, side, state = widths
    sizes = (name, side, state, side)
    wrapped = [
        [part for line in cell.splitlines() for part in textwrap.wrap(line, size) or [""]]
        for cell, size in zip(cells, sizes, strict=True)
    ]
    for parts in zip_longest(*wrapped, fillvalue=""):
        yield "  ".join(f"{part:<{size}}" for part, size in zip(parts, sizes, strict=True)).rstrip()
