"""The address that a page answers: what its links to itself in other languages keep, and what machines call it.

The web layer says it once for each request, and `Frame` reads it for every page: a page cannot forget it.
"""

from contextvars import ContextVar
from dataclasses import dataclass
from urllib.parse import urlencode

LANG = "lang"
LONGEST = 2000  # characters of parameters that are repeated in the head of a page, once for each language


@dataclass(frozen=True)
class Asked:
    """A path from the root of the site, and the parameters with it, in their order."""

    path: str = "/"
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def language(self) -> str:
        """The language that the address asks for, "" if it leaves that to the reader."""
        return dict(self.pairs).get(LANG, "")

    @property
    def is_short(self) -> bool:
        return sum(len(name) + len(value) for name, value in self.pairs) <= LONGEST

    def keeping(self, *names: str) -> "Asked":
        """The address without other parameters than these, and the language."""
        return Asked(self.path, tuple(pair for pair in self.pairs if pair[0] in (*names, LANG)))

    def query(self, language: str) -> str:
        """The parameters with another language, or with none: "?page=2&lang=fr"; "" if there are none at all."""
        pairs = [pair for pair in self.pairs if pair[0] != LANG] + [(LANG, language)] * bool(language)
        return f"?{urlencode(pairs)}" if pairs else ""

    def at(self, address: str, language: str) -> str:
        """The address of a page in a language."""
        return address + self.query(language)


NOWHERE = Asked()
ASKED: ContextVar[Asked] = ContextVar("asked", default=NOWHERE)
