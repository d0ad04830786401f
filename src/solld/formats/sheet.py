"""What pages made by queries share: names in the reader's language, numbered sources, filters, the same as data."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from solld.formats.labels import Text
from solld.formats.values import Values
from solld.formats.view import Mark, Value
from solld.model import Context, Description
from solld.rdf import NamedNode, Triple
from solld.views.said import Said

Pairs = Sequence[tuple[str, str]]  # parameters of an address
LabelsOf = Callable[[Iterable[str]], Iterable[Triple]]


@dataclass(frozen=True)
class Proof:
    """Words of a source as a page has them: in place with a mark, and in the list that the mark leads to."""

    number: int
    anchor: str
    text: str
    language: str  # if it is not that of the page
    excerpt: Value | None
    mark: Mark


@dataclass(frozen=True)
class Choice:
    """A filter as a link: what it leaves, how many, whether it is set; the link of one that is set takes it away."""

    name: Value
    count: int
    href: str
    chosen: bool = False
    look: str = ""  # the class of its colour


class Sheet:
    """A page for one reader, that gives each source a number when it is first referred to.

    `labels_of` finds the labels of things; they are looked for when they are first named.
    """

    def __init__(self, name: str, context: Context, labels_of: LabelsOf, asked: Pairs):
        here = NamedNode(context.settings.base + name)
        self.values = Values(Description(here, here.value, ()), context)
        self.context, self.t, self.asked = context, self.values.phrases, tuple(asked)
        self.path = f"{context.root}/{name}"
        self.numbers: dict[Said, int] = {}
        self._labels_of, self._known = labels_of, set[str]()

    def link(self, iri: str) -> Value:
        """The name of a thing, which leads to it."""
        self.label(iri)
        return self.values.link(iri)

    def label(self, iri: str) -> Text | None:
        """The best label of a thing for the reader, if the data give one."""
        if iri not in self._known:
            self._known.add(iri)
            self.values.labels.learn(self._labels_of((iri,)))
        return self.values.labels.given(iri)

    def name(self, iri: str) -> Value | None:
        """The name of a thing; None for none."""
        return self.link(iri) if iri else None

    def proofs(self, said: Iterable[Said]) -> tuple[Proof, ...]:
        """Words of sources, each with its number."""
        return tuple(map(self._proof, said))

    def _proof(self, said: Said) -> Proof:
        number = self.numbers.setdefault(said, len(self.numbers) + 1)
        mark = Mark(str(number), f"#source-{number}", self.t("source", n=number))
        # Not everything that words come from is an excerpt with words of its own for a name.
        return Proof(
            number, f"source-{number}", said.wording, self.values.foreign(said.language), self.name(said.source), mark
        )

    def sources(self) -> tuple[tuple[Value | None, tuple[Proof, ...]], ...]:
        """All that was referred to, by the document that it stands in."""
        found: dict[str, list[Proof]] = {}
        for said in self.numbers:
            found.setdefault(said.document, []).append(self._proof(said))
        return tuple((self.name(document), tuple(proofs)) for document, proofs in found.items())

    # Addresses --------------------------------------------------------------------------------------------------------

    def short(self, iri: str) -> str:
        """An IRI as addresses of these pages have it: without the base, and an identifier without all else."""
        return iri.removeprefix(self.context.settings.base).removeprefix("id/")

    def anchor(self, iri: str) -> str:
        """What a row about a thing is called within the page."""
        return "row-" + re.sub(r"[^A-Za-z0-9]+", "-", self.short(iri))

    def address(self, extension: str = "", without: Sequence[str] = (), more: Pairs = ()) -> str:
        """The address of this page with other parameters, or of its data in a format."""
        # What is chosen anew begins with its first page.
        pairs = [(k, v) for k, v in self.asked if v and k not in (*without, "page", "format")] + [*more]
        return f"{self.path}{extension}" + (f"?{urlencode(pairs, safe='/:')}" if pairs else "")

    def choices(
        self, parameter: str, counts: Mapping[str, int], chosen: str, looks: Mapping[str, str] = {}
    ) -> tuple[Choice, ...]:
        """Filters by one parameter, the one that is set first, then those that leave the most."""
        found = []
        for iri, count in sorted(counts.items(), key=lambda item: (item[0] != chosen, -item[1])):
            if name := self.name(iri):
                more = () if iri == chosen else ((parameter, self.short(iri)),)
                href = self.address(without=(parameter,), more=more)
                found.append(Choice(name, count, href, iri == chosen, looks.get(iri, "")))
        return tuple(found)

    def frame(self, name: str, summary: str, sparql: str, extensions: Sequence[tuple[str, str]]) -> dict[str, object]:
        """The variables that all these pages have."""
        return {
            "name": name,
            "summary": summary,
            "sources": self.sources(),
            "sparql": sparql,
            "sparql_href": f"{self.context.root}/sparql?{urlencode({'query': sparql})}",
            "formats": [(title, self.address(f".{extension}")) for title, extension in extensions],
        }
