"""What is compared of a name: its words without legal forms and empty words, and other names that stand in it.

"Les Jardins de l'Avenir, S.C.O.P. (ex Potagers du Nord)"
    words  jardins avenir        forms  cooperative        acronym  jda
    others  potagers nord
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from solld.link.folding import folded, latin
from solld.link.words import load

MOST = 200  # characters of a name that are read: what is longer is a description
DOTTED = re.compile(r"\b(?:[^\W\d_]\.\s?)+[^\W\d_]\b\.?")  # S.C.O.P., e. V.
KOINSEP = re.compile(r"\bkoin\W{0,2}s\W{0,2}ep\b", re.IGNORECASE)
COOP = re.compile(r"\bco[-\s]{1,2}op", re.IGNORECASE)
GENITIVE = re.compile(r"(?<=\w)['’`?]s\b", re.IGNORECASE)
BRACKETS = re.compile(r"[(\[]([^()\[\]]*)[)\]]")
DASH = re.compile(r"\s+[-–—|:/]+\s+|\s*[–—|]\s*|:\s+")
TRADING = re.compile(
    r"[\s,;(]+(?:t/as?|trading as|d/?b/?a|a/?k/?a|f/?k/?a|formerly|anciennement|dite?|ex|alias|genannt|vormals|"
    r"également appelée?|auch|detto|antes)[\s.:-]+",
    re.IGNORECASE,
)
LONG_FORMS = re.compile(
    r"\b(industrial (?:and|&) provident|community interest company|community benefit society|registered society|"
    r"eingetragener verein|ekonomisk f[oö]rening|limited [sş]irketi|anonim [sş]irketi|loi (?:de )?1901)\b",
    re.IGNORECASE,
)
JOINED_FORM = re.compile(
    r"(.{3,})(genossenschaft|stiftung|verein|verband|szovetkezet|osuuskunta|[ck]ooperativ[ae]|coop)"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name as it is compared."""

    text: str  # as it is written
    words: tuple[str, ...]  # folded, in their order; never empty unless the text has no letters or digits
    forms: frozenset[str] = frozenset()  # kinds of bodies that legal forms in it name: "cooperative", "company"
    acronym: str = ""  # the first letters of its words, empty words too; "" for fewer than three
    others: tuple["Name", ...] = ()  # in brackets, behind "trading as", beside a dash; with its form grown on
    bracketed: frozenset[str] = frozenset()  # words in brackets, which may tell one of several from the others

    @property
    def all(self) -> tuple["Name", ...]:
        return (self, *self.others)

    @property
    def joined(self) -> str:
        """Its words without blanks: "Bees Coop" is "Beescoop"."""
        return "".join(self.words)

    @property
    def joined_sorted(self) -> str:
        """Its words in the order of the alphabet, so that their own order does not matter."""
        return " ".join(sorted(self.words))


@lru_cache(maxsize=100_000)
def read(text: str) -> Name:
    """The name that a text is, with those that stand in it."""
    text = " ".join(text.split())[:MOST]
    bracketed = [TRADING.sub("", f" {each}") for each in BRACKETS.findall(text)]
    first, *more = [each.strip(" (") for each in TRADING.split(text) if each.strip(" (")] or [""]
    plain = BRACKETS.sub(" ", first)
    whole = _one(first, text)
    grown = [_one(first, opened=False)] if any(map(JOINED_FORM.fullmatch, tokens(first))) else []
    within = [plain, *(BRACKETS.sub(" ", each).rstrip(") ") for each in more), *bracketed, *_beside(plain)]
    return replace(
        whole,
        others=tuple(_distinct(whole, [*map(_one, within), *grown])),
        bracketed=frozenset(word for each in bracketed for word in _one(each).words),
    )


def _beside(text: str) -> list[str]:
    """The two sides of a dash, if there is one."""
    sides = [side for side in DASH.split(text) if side.strip()]
    return sides if len(sides) == 2 else []


@lru_cache(maxsize=50_000)
def sections(text: str) -> tuple[tuple[str, ...], ...]:
    """The words of each side of the dashes in a name, without brackets; one if there is none."""
    return tuple(_one(side).words for side in DASH.split(BRACKETS.sub(" ", text)) if side.strip())


def _distinct(whole: Name, others: Iterable[Name]) -> list[Name]:
    found: dict[tuple[str, ...], Name] = {}
    for each in others:
        if each.words and each.words != whole.words and len(each.joined) > 1:
            found.setdefault(each.words, each)
    return list(found.values())


@lru_cache(maxsize=10_000)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text in Latin letters, folded, before any is left out."""
    text = LONG_FORMS.sub(lambda match: re.sub(r"\W+|and", "", match[0]), text)
    text = KOINSEP.sub("koinsep", latin(GENITIVE.sub("s", COOP.sub("coop", text))))
    return tuple(folded(DOTTED.sub(lambda match: re.sub(r"[.\s]", "", match[0]) + " ", text)).split())


def _one(text: str, written: str = "", opened: bool = True) -> Name:
    """A name in which no other stands; with legal forms that are grown onto words if it is not `opened`."""
    table, found = load(), list(tokens(text))
    forms = frozenset(meaning for word in found if (meaning := table["forms"].get(word)))
    if len(found) > 1 and found[-1] == "i":  # the first of several that are counted in Roman numbers
        found[-1] = "1"
    full = [table["whole"].get(word, table["numbers"].get(word, word)) for word in found]
    kept = [
        word for word, raw in zip(full, found, strict=True) if raw not in table["forms"] and raw not in table["empty"]
    ]
    if not kept or (len(kept) == 1 and len(kept[0]) < 3):  # "The Co-operative Group", "Coop 57"
        kept = full
    return Name(written or text.strip(), tuple(_opened(kept) if opened else kept), forms, _acronym(found))


def _opened(words: Iterable[str]) -> Iterable[str]:
    """A legal form that is grown onto a word is no part of it: Wohnbaugenossenschaft."""
    for word in words:
        match = JOINED_FORM.fullmatch(word)
        yield match[1] if match else word


def _acronym(found: list[str]) -> str:
    initials = "".join(word[0] for word in found)
    return initials if len(initials) > 2 else ""


def acronyms(name: Name) -> frozenset[str]:
    """What a name may be shortened to: the initials of its words, with and without empty words and legal forms."""
    short = "".join(word[0] for word in name.words)
    found = tokens(name.text)
    without = "".join(word[0] for word in found if word not in load()["empty"])
    return frozenset(each for each in (name.acronym, short, without) if len(each) > 2)


def digits(name: Name) -> frozenset[str]:
    """The numbers in a name, without zeros before them: a group 12 is another than a group 13."""
    found = (match for word in name.words for match in re.findall(r"\d+", word))
    return frozenset(each.lstrip("0") or "0" for each in found)


def parts(name: Name) -> frozenset[str]:
    """What kinds of parts its words name: "branch", "shop", "project", "group"."""
    return frozenset(meaning for word in tokens(name.text) if (meaning := load()["parts"].get(word)))
