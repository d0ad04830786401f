"""A resource in a few lines, to stand in pages of others: as a frame, or as plain HTML that somebody pastes."""

from dataclasses import dataclass
from urllib.parse import urlencode

from markupsafe import Markup

from solld.formats.page import build
from solld.formats.view import Field, Page, Value
from solld.messages import phrases, pick
from solld.model import Context, Description

LONGEST = 280  # characters of the sentence
FACTS, VALUES = 4, 3  # of a card, of each fact
WIDTH, HEIGHT = 480, 260  # of the frame, in CSS pixels


@dataclass(frozen=True)
class Card:
    """What stands in the pages of others. Addresses are permanent."""

    name: Value
    types: tuple[Value, ...]
    sentence: Value | None
    facts: tuple[tuple[Value, tuple[Value, ...], bool], ...]  # property, values, whether there are more
    sources: tuple[Value, ...]
    resource: str  # IRI
    frame: str  # address of the card
    site: str
    home: str
    language: str

    @property
    def title(self) -> str:
        """Its name, with the site's."""
        return f"{self.name.text} – {self.site}"


def card(description: Description, context: Context, page: Page | None = None) -> Card:
    """The card of a description; `page` is its page, if that is made already."""
    page = page or build(description, context)
    base = context.settings.base
    name = description.resource.value.removeprefix(base).removeprefix("id/")
    sentence = page.lead and Value(shortened(page.lead.text), page.lead.language)
    return Card(
        name=page.title,
        types=page.types,
        sentence=sentence,
        facts=tuple(_facts(page))[:FACTS],
        sources=page.datasets,
        resource=description.resource.value,
        frame=f"{base}embed/{name}?{urlencode({'lang': context.language})}",
        site=pick(context.settings.title, context.language_tags),
        home=base,
        language=context.language,
    )


def shortened(text: str, longest: int = LONGEST) -> str:
    """The text in one line, and its first words if it is a long one."""
    words = " ".join(text.split())
    return words if len(words) <= longest else words[:longest].rpartition(" ")[0] + " …"


def _facts(page: Page) -> list[tuple[Value, tuple[Value, ...], bool]]:
    """The first properties that fit a line: none with parts or quotations within, no long text."""
    fields = [field for section in page.sections for field in section.fields if _fits(field)]
    return [(field.name, field.values[:VALUES], len(field.values) > VALUES) for field in fields]


def _fits(field: Field) -> bool:
    return not field.large and not field.incoming and all(len(v.text) <= 80 and v.asserted for v in field.values)


def iframe(address: str, title: str, width: int = WIDTH, height: int = HEIGHT) -> str:
    """The element that shows a card, or a list."""
    text = '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" style="border:0"></iframe>'
    return str(Markup(text).format(address, title, width, height))


def snippet(card: Card) -> str:
    """The same as HTML that needs nothing of ours: no frame, no script, no style."""
    t = phrases(card.language)
    name = Markup('<a href="{}"{}><strong>{}</strong></a>').format(card.resource, _lang(card.name), card.name.text)
    kind = Markup(" ({})").format(" · ".join(each.text for each in card.types)) if card.types else ""
    text = Markup("<p{}>{}</p>\n").format(_lang(card.sentence), card.sentence.text) if card.sentence else ""
    sources = Markup("{}{}{} · ").format(t("sources"), t("colon"), ", ".join(s.text for s in card.sources))
    after = Markup('<p><small>{}<a href="{}">{}</a></small></p>').format(
        sources if card.sources else "", card.home, card.site
    )
    begin = Markup('<blockquote cite="{}" lang="{}">').format(card.resource, card.language)
    return str(Markup("{}\n<p>{}{}</p>\n{}{}\n</blockquote>").format(begin, name, kind, text, after))


def _lang(value: Value | None) -> Markup:
    return Markup(' lang="{}"').format(value.language) if value and value.language else Markup()
