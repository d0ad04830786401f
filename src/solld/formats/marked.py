"""Markdown from the view model of a page: texts, links, lists, tables, footnotes. https://github.github.com/gfm/"""

import re
from collections.abc import Iterable, Iterator, Sequence

from solld.formats.view import Field, Mark, Page, Part, Quote, Source, Table, Value
from solld.messages import Phrases

SPECIAL = re.compile(r"([\\`*_\[\]<>|~$]|&(?=#?\w+;))")
INDENT = "  "


def plain(text: str) -> str:
    """A text in one line, none of whose signs mean anything."""
    return SPECIAL.sub(r"\\\1", " ".join(text.split()))


def linked(text: str, address: str) -> str:
    """A link; `text` is Markdown."""
    target = address.replace("<", "%3C").replace(">", "%3E").replace("\n", "")
    return f"[{text}](<{target}>)" if re.search(r"[()\s]", target) else f"[{text}]({target})"


class Markdown:
    """Writes the parts of one page; `document` is its address, which anchors within it are relative to."""

    def __init__(self, page: Page, document: str, t: Phrases):
        self.document, self.t = document, t
        self.quotes = {quote.anchor: quote for quote in _quotes(page)}
        self.numbers = {source.anchor: source.number for source in page.sources}
        self.used: list[str] = []  # anchors of quotations that footnotes are for

    # Lines ------------------------------------------------------------------------------------------------------------

    def value(self, value: Value) -> str:
        """A value with its link, its language if it is another, its notes and its marks."""
        text = f"`{value.text}`" if value.code and "`" not in value.text else plain(value.text)
        if value.here:
            text = f"**{text}**"
        elif value.href:
            text = linked(text, self.address(value.href))
        text += f" ({value.language})" if value.language else ""
        text += f" ({plain(self.t('not_asserted'))})" if not value.asserted else ""
        notes = (f"{plain(name)}{self.t('colon')}{self.value(note)}" for name, note in value.notes)
        return text + "".join(f" – {note}" for note in notes) + self.marks(value.marks)

    def address(self, href: str) -> str:
        return self.document + href if href.startswith("#") else href

    def marks(self, marks: Iterable[Mark]) -> str:
        """Footnotes."""
        return "".join(f"[^{self.number(mark.href.removeprefix('#'))}]" for mark in marks)

    def number(self, anchor: str) -> int:
        if anchor not in self.numbers:
            self.numbers[anchor] = max(self.numbers.values(), default=0) + 1
            self.used.append(anchor)
        return self.numbers[anchor]

    def values(self, values: Sequence[Value]) -> str:
        return ", ".join(map(self.value, values))

    # Blocks -----------------------------------------------------------------------------------------------------------

    def field(self, field: Field, depth: int = 0) -> Iterator[str]:
        """An item of a list, with an item within for each value if they are many or large."""
        indent = INDENT * depth
        name = self.t("incoming_field", name=field.name.text) if field.incoming else field.name.text
        term = plain(name if field.name.code else name[:1].upper() + name[1:])
        head = f"{indent}- **{term}**{self.marks(field.marks)}{self.t('colon')}".rstrip()
        values = (*field.values, *field.others)
        table = field.table if field.parts and not depth else None
        if table:
            yield from (head, "", *self.table(table), "")
        elif not field.large and len(values) == 1:
            yield f"{head} {self.value(values[0])}"
        else:
            yield head
            for value in values:
                yield from self.item(value, depth + 1)

    def item(self, value: Value, depth: int) -> Iterator[str]:
        indent = INDENT * depth
        if value.part:
            yield from self.part(value.part, depth)
        elif value.quote:
            yield from self.quote(value.quote, indent)
        else:
            yield f"{indent}- {self.value(value)}"

    def part(self, part: Part, depth: int) -> Iterator[str]:
        types = [each.text for each in part.types if each.text != part.title.text]
        kind = f" *({plain(' · '.join(types))})*" if types else ""
        yield f"{INDENT * depth}- {self.value(part.title)}{kind}"
        for field in part.fields:
            yield from self.field(field, depth + 1)
        for quote in part.quotes:  # an empty line, or two quotations would be one
            yield from ("", *self.quote(quote, INDENT * (depth + 1)))

    def quote(self, quote: Quote, indent: str = "") -> Iterator[str]:
        yield f"{indent}> {self.words(quote)}"

    def words(self, quote: Quote) -> str:
        """An excerpt in one line, with where it is from."""
        before = f"…{plain(quote.prefix)} " if quote.prefix else ""
        after = f" {plain(quote.suffix)}…" if quote.suffix else ""
        language = f" ({quote.language})" if quote.language else ""
        where = [self.value(each) for each in quote.sources]
        where += [self.t("characters", start=quote.start, end=quote.end)] if quote.end else []
        where += [f"{plain(f.name.text)}{self.t('colon')}{self.value(v)}" for f in quote.fields for v in f.values]
        return f"{before}**{plain(quote.text)}**{after}{language}" + (f" — {', '.join(where)}" if where else "")

    def table(self, table: Table) -> Iterator[str]:
        yield "| " + " | ".join(plain(column.text) for column in table.columns) + " |"
        yield "| " + " | ".join("---" for _ in table.columns) + " |"
        for _, cells in table.rows:
            yield "| " + " | ".join(self.values(cell) for cell in cells) + " |"

    def footnotes(self, sources: Sequence[Source]) -> Iterator[str]:
        """The sources, and the quotations that marks led to."""
        for source in sources:
            told = [self.words(source.quote) if source.quote else self.value(source.title)]
            told += [self.t.count("statements", source.statements)] if source.statements else []
            told += [f"{self.t('license')}{self.t('colon')}{self.value(source.license)}"] if source.license else []
            told += [self.t("seen", day=source.seen, until=source.expires)] if source.seen else []
            yield f"[^{source.number}]: " + " · ".join(told)
        for anchor in self.used:
            quote = self.quotes.get(anchor)
            yield f"[^{self.numbers[anchor]}]: " + (self.words(quote) if quote else self.address(f"#{anchor}"))


def _quotes(page: Page) -> Iterator[Quote]:
    """All quotations of a page, wherever they stand."""
    if page.quote:
        yield page.quote
    sections = (*page.sections, *([page.incoming] if page.incoming else []))
    for field in (*(field for section in sections for field in section.fields), *page.also, *page.elsewhere):
        yield from _within(field)


def _within(field: Field) -> Iterator[Quote]:
    for value in (*field.values, *field.others):
        if value.quote:
            yield value.quote
        if value.part:
            yield from value.part.quotes
            for inner in value.part.fields:
                yield from _within(inner)
