"""Pages about the service itself, from the texts in `about/`: what is promised, and what wikis need to link here.

# title            the lead stands under it
## heading         of a section
- item             > code             | term | value
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from markupsafe import Markup, escape

from solld.formats.html import ENVIRONMENT, LONGEST_SUMMARY, Frame
from solld.messages import phrases
from solld.model import Settings

TEMPLATE = ENVIRONMENT.get_template("about.html")
ADDRESS = re.compile(
    r"mailto:[^\s|<>\"]+@[^\s|<>\"]*[^\s|<>\".,;:)]|https?://[^\s|<>\"]*[^\s|<>\".,;:)]|(?<![\w/])/[a-z][a-z0-9./_-]*[a-z0-9]|(?<![\w/])/[a-z]+"
)


@dataclass(frozen=True)
class Block:
    """Lines of one kind: "p", "li", "pre", or "dd" with terms."""

    kind: str
    lines: tuple[tuple[str, Markup], ...]  # term, text


@dataclass(frozen=True)
class Part:
    """A section; the first has no heading. A heading may lead somewhere: `## Title | /address`."""

    heading: str
    blocks: tuple[Block, ...]
    href: str = ""


def text_of(name: str, language: str) -> str:
    """The text of a page in a language, in English if it is not there."""
    folder = files("solld") / "about"
    found = folder / f"{name}.{language}.txt"
    return (found if found.is_file() else folder / f"{name}.en.txt").read_text(encoding="utf-8")


def title_of(name: str, language: str) -> str:
    """What the page of a text is called."""
    return text_of(name, language.partition("-")[0]).removeprefix("# ").partition("\n")[0]


def lead_of(name: str, language: str) -> str:
    """The first sentence under the title of a text."""
    lead = text_of(name, language.partition("-")[0]).partition("\n")[2].lstrip("\n").partition("\n")[0]
    return re.split(r"(?<=[.!?])\s", lead.replace("{{", "{"))[0]


def write_page(settings: Settings, language: str, release: int, name: str, values: Mapping[str, str]) -> bytes:
    """The page of a text, in which names in braces stand for values."""
    t = phrases(language)
    archive = t("archive_at", url=settings.archive) if settings.archive else t("archive_somewhere")
    filled = text_of(name, language.partition("-")[0]).format(archive=archive, **values)
    title, _, rest = filled.removeprefix("# ").partition("\n")
    variables = Frame(settings, language, "", release).values()
    lead = rest.lstrip("\n").partition("\n")[0]
    shown = {"title": title, "summary": lead[:LONGEST_SUMMARY], "parts": parts(rest), "json": f"/about/{name}.json"}
    return TEMPLATE.render(variables, **shown).encode()


def parts(text: str) -> list[Part]:
    """The sections of a text."""
    found: list[Part] = []
    for piece in re.split(r"^## ", text, flags=re.MULTILINE):
        heading, _, rest = piece.partition("\n") if found else ("", "", piece)
        heading, _, href = heading.partition(" | ")
        found.append(Part(heading, tuple(_blocks(rest)), href))
    return found


def _blocks(text: str) -> list[Block]:
    found: list[Block] = []
    for line in filter(None, text.split("\n")):
        kind, shown = _line(line)
        if found and found[-1].kind == kind:
            found[-1] = Block(kind, (*found[-1].lines, shown))
        else:
            found.append(Block(kind, (shown,)))
    return found


def _line(line: str) -> tuple[str, tuple[str, Markup]]:
    if line.startswith("- "):
        return "li", ("", linked(line[2:]))
    if line.startswith("> "):
        return "pre", ("", escape(line[2:]))
    if line.startswith("| "):
        term, _, value = line[2:].partition(" | ")
        return "dd", (term, linked(value))
    return "p", ("", linked(line))


def linked(text: str) -> Markup:
    """The text with its addresses as links."""
    shown, start = Markup(), 0
    for match in ADDRESS.finditer(text):
        link = Markup('<a href="{}">{}</a>').format(match[0], match[0].removeprefix("mailto:"))
        shown += escape(text[start : match.start()]) + link
        start = match.end()
    return shown + escape(text[start:])
