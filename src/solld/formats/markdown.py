"""A description as Markdown: the words of its page in their order, its sources as footnotes, all addresses whole.

For programs that read as people do, and for who pastes into a wiki or an issue. https://www.rfc-editor.org/rfc/rfc7763
"""

from collections.abc import Iterator
from dataclasses import replace

from solld.formats.citation import citation
from solld.formats.home import Home, home, is_catalog, without_datasets
from solld.formats.marked import Markdown, linked, plain
from solld.formats.page import build
from solld.formats.view import Page
from solld.messages import Phrases, phrases
from solld.model import Context, Description, Format


def write_markdown(description: Description, context: Context) -> bytes:
    """The document of a resource; a catalogue's is the home page."""
    catalog = is_catalog(description)
    whole = replace(context, root=context.settings.base.rstrip("/"))
    page = build(without_datasets(description) if catalog else description, whole)
    t = phrases(context.language)
    writer = Markdown(page, description.document, t)
    blocks = [
        *_head(page, writer, description, t),
        *(_home(home(description, whole), writer, t) if catalog else ()),
        *_body(page, writer, t),
        *_record(page, writer, description, context, t),
    ]
    notes = tuple(writer.footnotes(page.sources))
    return ("\n\n".join(filter(None, [*blocks, "\n".join(notes)])) + "\n").encode()


def _head(page: Page, writer: Markdown, description: Description, t: Phrases) -> Iterator[str]:
    yield f"# {plain(page.title.text)}" + (f" ({page.title.language})" if page.title.language else "")
    yield " · ".join(f"*{linked(plain(v.text), v.href) if v.href else plain(v.text)}*" for v in page.types)
    if page.names:
        yield f"{t('also_named')}{t('colon')}{' · '.join(map(writer.value, page.names))}"
    if page.lead:
        yield writer.value(page.lead) + writer.marks(page.marks)
    yield from map(writer.value, page.leads)
    yield f"{t('permanent_address')}{t('colon')}<{description.resource.value}>"
    if page.apart:
        yield plain(t("apart"))
    if page.quote:
        yield from writer.quote(page.quote)


def _home(home: Home, writer: Markdown, t: Phrases) -> Iterator[str]:
    yield "\n".join(f"- {what}{t('colon')}{number}" for number, what in home.counts)
    if home.datasets:
        yield f"## {t('datasets')}"
    for card in home.datasets:
        yield f"### {writer.value(card.title)}"
        yield writer.value(card.text) if card.text else ""
        yield " · ".join([*card.counts, *([writer.value(card.license)] if card.license else [])])
    if home.classes:
        yield f"## {t('classes')}"
        yield "\n".join(f"- {writer.value(each)}{t('colon')}{number}" for each, number in home.classes)
    if home.schemes:
        yield f"## {t('schemes')}"
        yield "\n".join(f"- {writer.value(each)}" for each in home.schemes)


def _body(page: Page, writer: Markdown, t: Phrases) -> Iterator[str]:
    groups = [(section.title, section.fields) for section in page.sections]
    groups += [(t("also_stated"), page.also), (t("elsewhere"), page.elsewhere)]
    groups += [(page.incoming.title, page.incoming.fields)] if page.incoming else []
    for title, fields in groups:
        if fields:
            yield f"## {plain(title)}"
            yield "\n".join(line for field in fields for line in writer.field(field))


def _record(page: Page, writer: Markdown, description: Description, context: Context, t: Phrases) -> Iterator[str]:
    """What is told of the document itself."""
    base = context.settings.base
    cited = citation(description, context, page.title.text)
    licenses = [link.target for link in context.links if link.rel == "license"]
    told = [(t("document"), f"<{description.document}>")]
    told += [(t("stated_by"), writer.values(page.datasets))] if page.datasets else []
    told += [(t("modified"), t.day(description.modified))] if description.modified else []
    told += [(t("license"), ", ".join(f"<{each}>" for each in licenses))] if licenses else []
    told += [(t("version_address"), f"<{cited.url}>")] if cited else []
    formats = [(f.name, f"{description.document}.{f.extension}") for f in context.formats if f.extension != "md"]
    told += [(t("as_data").rstrip(" :\u00a0"), " · ".join(linked(*each) for each in formats))] if formats else []
    told += [(t("wrong").rstrip(" :"), f"<{base}{page.wrong.removeprefix(base).lstrip('/')}>")] if page.wrong else []
    yield f"## {t('record')}"
    yield "\n".join(f"- **{name}**{t('colon')}{value}" for name, value in told)
    if description.more:
        yield linked(t("next"), f"{description.document}.md?page={description.page + 1}")


FORMATS = (
    Format(
        "Markdown",
        "text/markdown",
        "md",
        write_markdown,
        ("text/x-markdown",),
        charset=True,
        localised=True,
        quality=0.45,
    ),
)
