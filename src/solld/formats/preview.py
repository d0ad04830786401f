"""A thing in a few lines: a page for a small frame, or a piece of HTML that is put into a page of others."""

from dataclasses import dataclass

from markupsafe import Markup

from solld.formats.html import ENVIRONMENT

TEMPLATE = ENVIRONMENT.get_template("preview.html")


@dataclass(frozen=True)
class Shown:
    """What is shown: a title that may be a link, a line, and facts (term, value)."""

    title: str
    href: str = ""
    text: str = ""
    facts: tuple[tuple[str, str], ...] = ()


def page(shown: Shown, language: str) -> bytes:
    """A page that stands alone, without anything that runs."""
    variables = {"title": shown.title, "href": shown.href, "text": shown.text, "facts": shown.facts}
    return TEMPLATE.render(variables, language=language, root="").encode()


def flyout_html(shown: Shown) -> str:
    """Paragraphs alone: the page of others has its own looks."""
    title = Markup("<p><strong>{}</strong></p>").format(shown.title)
    return str(title + (Markup("<p>{}</p>").format(shown.text) if shown.text else Markup()))
