"""Where values come from: numbered marks, and the list of sources that they lead to.

What a reified statement or another node says of a value, and the excerpts that it was derived from, count before the
named graphs that state it. https://www.w3.org/TR/prov-o/#wasDerivedFrom
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace

from solld.formats.quotes import Quotes
from solld.formats.statements import Subjects, key
from solld.formats.values import Values
from solld.formats.view import Mark, Source, Value
from solld.licences import name_of
from solld.model import Description, Origin
from solld.rdf import PROV, RDF, Literal, Term, Triple

NOT_NOTES = frozenset({RDF.type, RDF.subject, RDF.predicate, RDF.object, PROV.wasDerivedFrom})
Told = tuple[str, str, Term | Triple]  # subject, predicate, object


@dataclass(frozen=True)
class Statement:
    """An rdf:Statement about a triple that may or may not be stated."""

    iri: str
    told: Told
    derived: tuple[str, ...]
    notes: tuple[tuple[str, Value], ...]


class Sources:
    """Gives each source a number when it is first referred to."""

    def __init__(self, description: Description, values: Values, quotes: Quotes, owned: Subjects):
        self.graphs, self.values, self.quotes, self.owned = description.graphs, values, quotes, owned
        self.origins = {graph.value: origin for graph, origin in description.origins.items()}
        self.statements: dict[str, Statement] = {}
        self.about: dict[Told, list[Statement]] = defaultdict(list)
        self.mentions: dict[str, list[str]] = defaultdict(
            list
        )  # IRI -> excerpts of nodes that name it and the resource
        self.within: set[str] = set()  # excerpts that are quoted inside of a part
        self.numbers: dict[str, int] = {}
        shown = (*description.about, *description.owned)
        self.counts = Counter(graph.value for each in shown for graph in self.graphs.get(each, ()))
        for iri, said in owned.items():
            self._read(iri, said)

    def _read(self, iri: str, said: list[Triple]) -> None:
        objects = {each.predicate: each.object for each in said}
        derived = tuple(key(each.object) for each in said if each.predicate == PROV.wasDerivedFrom)
        if {RDF.subject, RDF.predicate, RDF.object} <= objects.keys():
            told = (key(objects[RDF.subject]), key(objects[RDF.predicate]), objects[RDF.object])
            notes = tuple(self._notes(iri, [each for each in said if each.predicate not in NOT_NOTES]))
            self.statements[iri] = Statement(iri, told, derived, notes)
            self.about[told].append(self.statements[iri])
        elif derived and not self.quotes.has(iri):
            self.within.update(each for each in derived if self.quotes.has(each))
            mentioned = {key(each.object) for each in said if not isinstance(each.object, Literal)}
            if self.values.resource in mentioned:
                for other in mentioned:
                    self.mentions[other] += derived

    def _notes(self, iri: str, said: list[Triple]) -> Iterator[tuple[str, Value]]:
        """What a statement says of itself: links to it, and texts in the best language."""
        tags = {each.object.language or "" for each in said if isinstance(each.object, Literal)}
        best = min(tags, key=self.values.labels.rank, default="")
        for each in sorted(said, key=lambda t: isinstance(t.object, Literal)):
            value, name = self.values.value(each.object), self.values.term(each.predicate.value).text
            if not isinstance(each.object, Literal):
                yield name, Value(value.text, value.language, self.values.link(iri).href)
            elif (each.object.language or "") in ("", best):
                yield name, value

    def marks(self, triple: Triple) -> tuple[Mark, ...]:
        """Marks for the excerpts that a value was derived from, else for the graphs that state it."""
        object = triple.object
        statements = self.about.get((key(triple.subject), triple.predicate.value, object), [])
        derived = [each for statement in statements for each in statement.derived]
        if not derived and key(triple.subject) == self.values.resource and not isinstance(object, Literal):
            derived = self.mentions.get(key(object), [])
        sources = derived or [graph.value for graph in self.graphs.get(triple, ())]
        return tuple(dict.fromkeys(map(self.mark, sources)))

    def notes(self, triple: Triple) -> tuple[tuple[str, Value], ...]:
        told = (key(triple.subject), triple.predicate.value, triple.object)
        return tuple(dict.fromkeys(note for statement in self.about.get(told, ()) for note in statement.notes))

    def mark(self, iri: str) -> Mark:
        """A number that leads to the list, or a quotation mark that leads to the quotation within a part."""
        if iri in self.within:
            return Mark("❝", f"#{self.quotes.anchor(iri)}", self.values.phrases("quotation"))
        number = self.numbers.setdefault(iri, len(self.numbers) + 1)
        return Mark(str(number), f"#source-{number}", self.values.phrases("source", n=number))

    def entries(self) -> tuple[Source, ...]:
        """The list of the sources that have a number."""
        return tuple(self._entry(iri, number) for iri, number in self.numbers.items())

    def _entry(self, iri: str, number: int) -> Source:
        quote = self.quotes.quote(iri) if self.quotes.has(iri) else None
        origin = self.origins.get(iri, Origin())
        licensed = self._license(origin.license) if origin.license else None
        seen, expires = (self.values.phrases.date(time[:10]) for time in (origin.seen, origin.expires))
        return Source(
            number, f"source-{number}", self.values.link(iri), quote, self.counts[iri], licensed, seen, expires
        )

    def _license(self, iri: str) -> Value:
        """By its name, where the data do not give it one."""
        link, name = self.values.link(iri), name_of(iri)
        return replace(link, text=name) if link.text == iri and name != iri else link
