"""What is found, as people and programs are told it: texts in the reader's language, addresses."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from solld import ontology as display
from solld.describe import labels_of
from solld.finding import as_sparql
from solld.finding.asked import Asked, encoded, query_string, short_of
from solld.finding.finder import Choice, Finder, Found
from solld.finding.marking import excerpt, has, marked
from solld.formats.search import Group, Listing, Option, Result
from solld.formats.values import address
from solld.formats.view import Value
from solld.messages import phrases
from solld.model import Ontology
from solld.rdf import SCHEMA, Triple
from solld.search import paths, words
from solld.search.fields import Facet
from solld.search.index import Hit

Object = dict[str, Any]
KEPT = 100_000  # names and short forms that are kept
FILES = (("JSON", "json"), ("GeoJSON", "geojson"), ("CSV", "csv"))


@dataclass(frozen=True)
class Teller:
    """Tells what is found to somebody: `tags` are the languages that are tried, best first."""

    finder: Finder
    ontology: Ontology
    base: str
    prefixes: Mapping[str, str]
    tags: tuple[str, ...]
    language: str
    root: str = ""
    labels: dict[str, tuple[Triple, ...]] | None = None  # a cache of the release

    # Texts and addresses ----------------------------------------------------------------------------------------------

    def label(self, facet: Facet | None, value: str) -> Value:
        """The name of a value of a facet."""
        if facet and _ends_in_country(facet):
            return Value(phrases(self.language).country_name(value))
        if ":" not in value:
            return Value(value)
        known = self.finder.named
        if (self.language, value) not in known:
            if len(known) >= KEPT:
                known.clear()
            known[self.language, value] = self._named(value)
        return known[self.language, value]

    def _named(self, value: str) -> Value:
        cache = self.labels if self.labels is not None else {}
        triples = () if value in self.ontology.labels else labels_of(self.finder.store, self.ontology, (value,), cache)
        found = display.label(self.ontology, triples, value, self.tags)
        if found is None:
            return Value(self.short(value).rpartition("/")[2] or value)
        return Value(found.value, self._foreign(found.language or ""))

    def short(self, value: str) -> str:
        """A value as an address has it."""
        known = self.finder.shortened
        if value not in known:
            if len(known) >= KEPT:
                known.clear()
            known[value] = short_of(value, self.base, self.prefixes)
        return known[value]

    def facet_label(self, facet: Facet) -> str:
        found = display.best(facet.labels, self.tags)
        return found[0] if found else facet.name

    def href(self, asked: Asked, extension: str = "", path: str = "/search") -> str:
        query = query_string(asked, self.base, self.prefixes)
        return f"{self.root}{path}{extension}" + (f"?{query}" if query else "")

    def _foreign(self, tag: str) -> str:
        return tag if tag and tag.partition("-")[0].lower() != self.language.partition("-")[0] else ""

    def name(self, hit: Hit) -> tuple[str, str]:
        """(name or description, its language)."""
        texts = hit.row.get("n") or hit.row.get("d") or {}
        return display.best(texts, self.tags) or (self.short(hit.iri), "")

    def address(self, hit: Hit) -> str:
        """The path of the document about a resource, here."""
        return address(hit.iri, self.base, self.root)

    def types(self, hit: Hit) -> tuple[str, ...]:
        """The classes of a thing that are above none of its others; of the site's own only these, if it has any."""
        given = hit.row.get("t", [])
        above = {each for iri in given for each in self.ontology.superclasses.get(iri, ())[1:]}
        nearest = [each for each in given if each not in above]
        own = [each for each in nearest if each.startswith(self.base)]
        return tuple(sorted(own or [each for each in nearest if each in self.ontology.labels] or nearest))

    # For programs -----------------------------------------------------------------------------------------------------

    def result(self, hit: Hit) -> Object:
        """A resource as JSON tells it."""
        name, language = self.name(hit)
        description = display.best(hit.row.get("d", {}), self.tags)
        told: Object = {
            "id": hit.iri,
            "name": name,
            "language": language,
            "types": [{"id": each, "name": self.label(None, each).text} for each in self.types(hit)],
            "places": hit.row.get("p", []),
            "description": description[0] if description and hit.row.get("n") else "",
            "latitude": hit.row["x"][0] if "x" in hit.row else None,
            "longitude": hit.row["x"][1] if "x" in hit.row else None,
            "document": self.base + "doc/" + hit.iri.removeprefix(self.base).removeprefix("id/"),
        }
        return {key: value for key, value in told.items() if value not in ("", [], None)}

    def counts(self, found: Found) -> Object:
        """The facets as JSON tells them."""
        return {
            facet.name: {"name": self.facet_label(facet), "values": [self._counted(facet, each) for each in choices]}
            for facet, choices in found.facets
        }

    def _counted(self, facet: Facet, choice: Choice) -> Object:
        told: Object = {
            "value": self.short(choice.value),
            "name": self.label(facet, choice.value).text,
            "count": choice.count,
        }
        if ":" in choice.value:
            told["id"] = choice.value
        if choice.chosen:
            told["chosen"] = True
        if choice.below:
            told["narrower"] = [self._counted(facet, each) for each in choice.below]
        return told

    def query(self, found: Found) -> str:
        """The search in SPARQL."""
        shown = paths.of(*dict.fromkeys((*self.ontology.label_predicates, *self.ontology.description_predicates)))
        return as_sparql.query(found.asked, found.words, self.finder.fields, shown, self.base, self.prefixes)

    # For people -------------------------------------------------------------------------------------------------------

    def listing(self, found: Found) -> Listing:
        """What the page of a search shows."""
        asked = found.asked
        pages = max(1, -(-found.total // asked.size))
        turned = [replace(asked, page=asked.page + step) for step in (-1, 1)]
        query = self.query(found)
        plain, around = replace(asked, page=1), self._around(asked)
        return Listing(
            text=asked.text,
            total=found.total,
            results=tuple(self._result(each, found.words) for each in found.hits),
            groups=tuple(self._group(facet, choices, asked, around) for facet, choices in found.facets),
            chosen=tuple(self._chosen(asked)),
            hidden=tuple(self._hidden(asked)),
            corrected=found.corrected,
            short_for=tuple(self._result(each, ()) for each in found.short_for),
            page=asked.page,
            pages=pages,
            previous=self.href(turned[0]) if asked.page > 1 else "",
            next=self.href(turned[1]) if asked.page < pages else "",
            by_name=asked.by_name,
            sorts=(self.href(replace(plain, by_name=False)), self.href(replace(plain, by_name=True))),
            without_words=() if found.total else tuple(self._single_words(asked)),
            clear=self.href(replace(plain, chosen=(), box=None)),
            box=",".join(map(str, asked.box)) if asked.box else "",
            formats=tuple((name, self.href(replace(plain, size=Asked().size), f".{ext}")) for name, ext in FILES),
            map=self.href(plain, path="/map"),
            sparql=f"{self.root}/sparql?{urlencode({'query': query})}",
            query=query,
            first=(asked.page - 1) * asked.size + 1,
        )

    def _result(self, hit: Hit, looked: Sequence[str]) -> Result:
        name, language = self.name(hit)
        line, line_language = display.best(hit.row.get("d", {}), self.tags) or ("", "")
        place = ", ".join(hit.row.get("p", ()))
        return Result(
            href=self.address(hit),
            name=marked(name, looked),
            language=self._foreign(language),
            types=tuple(self.label(None, each) for each in self.types(hit)[:3]),
            place=marked(place, looked),
            others=tuple(marked(each, looked) for each in hit.row.get("o", ()) if has(each, looked)),
            line=marked(excerpt(line, looked), looked) if line != name else (),
            line_language=self._foreign(line_language),
        )

    def _around(self, asked: Asked) -> tuple[str, str]:
        """What stands before and behind one more value in an address."""
        before = query_string(Asked(asked.text, asked.chosen), self.base, self.prefixes)
        behind = query_string(replace(asked, text="", chosen=(), page=1), self.base, self.prefixes)
        return f"{self.root}/search?" + (f"{before}&" if before else ""), f"&{behind}" if behind else ""

    def _group(self, facet: Facet, choices: Sequence[Choice], asked: Asked, around: tuple[str, str]) -> Group:
        options = tuple(self._option(facet, each, asked, around) for each in choices)
        return Group(facet.name, self.facet_label(facet), options, any(each.opened for each in options))

    def _option(self, facet: Facet, choice: Choice, asked: Asked, around: tuple[str, str]) -> Option:
        below = tuple(self._option(facet, each, asked, around) for each in choice.below)
        if choice.chosen:
            href = self.href(asked.without(facet.name, choice.value))
        else:  # as `query_string` writes it, of which there are hundreds on a page
            href = encoded(facet.name, self.short(choice.value)).join(around)
        return Option(
            self.label(facet, choice.value),
            phrases(self.language).number(choice.count),
            href,
            choice.chosen,
            below,
            choice.chosen or any(each.opened for each in below),
        )

    def _chosen(self, asked: Asked) -> Iterable[tuple[str, str, Value, str]]:
        for name, value in asked.chosen:
            facet = self.finder.fields.facet(name)
            if facet:
                yield name, self.facet_label(facet), self.label(facet, value), self.href(asked.without(name, value))
        if asked.box:
            text = ", ".join(f"{each:g}°" for each in asked.box)
            yield "bbox", phrases(self.language)("search_box"), Value(text), self.href(replace(asked, box=None, page=1))

    def _hidden(self, asked: Asked) -> Iterable[tuple[str, str]]:
        for name, value in asked.chosen:
            yield name, self.short(value)
        if asked.box:
            yield "bbox", ",".join(map(str, asked.box))
        if asked.by_name:
            yield "sort", "name"

    def _single_words(self, asked: Asked) -> Iterable[tuple[str, str, int]]:
        """Each word of a search that finds nothing, alone."""
        several = words.asked(asked.text)
        for word in several if len(several) > 1 else ():
            alone = replace(asked, text=word, page=1)
            if number := self.finder.count(alone):
                yield word, self.href(alone), number


def _ends_in_country(facet: Facet) -> bool:
    last = facet.path.parts[-1] if facet.path.kind == "sequence" else facet.path
    return last.predicate == SCHEMA.addressCountry
