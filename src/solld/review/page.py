"""The page of a pair: two records side by side, why they may be one, and what can be said of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

from solld.formats.html import ENVIRONMENT, Frame
from solld.link.candidates import Candidate, Reason
from solld.link.judgements import DIFFERENT, RELATED, SAME, UNSURE, Judgement, Pair
from solld.messages import Phrases, phrases
from solld.review.desk import Desk
from solld.review.sides import Row, Side, rows

VERDICTS = ((SAME, "s"), (RELATED, "r"), (DIFFERENT, "d"), (UNSURE, "l"))  # with their keys
TEMPLATE = ENVIRONMENT.get_template("review.html")
FEW = 1  # per cent: below that and above its counterpart a likelihood is not told closer


@dataclass(frozen=True)
class Because:
    """A reason in words, and whether it speaks for their being the same."""

    text: str
    one: str
    other: str
    speaks_for: bool


@dataclass(frozen=True)
class View:
    """All that is shown of a pair."""

    pair: Pair
    one: Side
    other: Side
    rows: tuple[Row, ...]
    guess: Candidate | None
    reasons: tuple[Because, ...]
    standing: Judgement | None


def view(desk: Desk, pair: Pair, language: str) -> View:
    """What is shown of a pair. NotFound if nothing is said of one of them."""
    t = phrases(language)
    with desk.lock:
        order = sorted(pair, key=lambda each: (desk.dataset_of(each), each))  # a source stays on its side
        one, other = (desk.sides.side(each, language) for each in order)
        guess = desk.guesses.get(pair)
        reasons = because(guess, t, turned=order != list(pair))
        said = rows(one, other, t("review_kind"), t("review_sentence"))
        return View(pair, one, other, tuple(said), guess, reasons, desk.standing(pair))


def because(guess: Candidate | None, t: Phrases, turned: bool) -> tuple[Because, ...]:
    """The reasons of a guess in words, the weightiest first; `turned` if the other is shown first."""
    return tuple(_because(each, t, turned) for each in (guess.reasons if guess else ()))


def _because(reason: Reason, t: Phrases, turned: bool) -> Because:
    text = t(f"match_{reason.feature}")
    text = text[:1].upper() + text[1:]
    one, other = (reason.other, reason.one) if turned else (reason.one, reason.other)
    return Because(text, one, other, reason.weight > 0)


def percent(probability: float) -> int:
    """A probability in per cent; what is not sure is never 0 or 100."""
    return min(max(round(probability * 100), FEW), 100 - FEW)


def write(desk: Desk, found: View | None, language: str, token: str, notice: str = "") -> bytes:
    """The page of a pair, or the one that says that all is done."""
    settings = desk.service.settings
    frame = Frame(settings, language, "", desk.service.release.number)
    t = phrases(language)
    previous, following = (desk.neighbour(found.pair, step) if found else None for step in (-1, 1))
    variables = frame.values() | {
        "view": found,
        "who": desk.who,
        "done": len(desk.done),
        "all": max(len(desk.pairs), len(desk.done)),
        "undone": desk.undone,
        "verdicts": VERDICTS,
        "token": token,
        "notice": t(notice) if notice else "",
        "presets": t("review_presets").split("|"),
        "previous": address(previous),
        "next": address(following),
        "likely": percent(found.guess.score) if found and found.guess else 0,
        "near": percent(found.guess.related) if found and found.guess else 0,
        "look": _look(("review.css", "review.js")),
    }
    return TEMPLATE.render(variables).encode()


def _look(names: Iterable[str]) -> str:
    """What the addresses of these files end in, so that a browser asks for them when they change."""
    return str(sum(len(files("solld").joinpath("static", name).read_bytes()) for name in names))


def address(pair: Pair | None) -> str:
    """The path of the page of a pair; "" for none."""
    return f"/pair/{pair[0]}/{pair[1]}" if pair else ""
