"""Who can correct a statement: the datasets that state it, whose they are, and where it stands in a file or a record.

Nothing is sent to anybody: whoever found a mistake learns where to tell it, or which line to change.
https://www.w3.org/TR/vocab-dcat-3/#Property:resource_contact_point
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from solld import located, site
from solld.addresses import key_iri, thing_iri
from solld.elsewhere import Around
from solld.link.judgements import SAME
from solld.located import Place
from solld.model import Dataset, Description, Settings
from solld.rdf import DCAT, DCT, DEFAULT, FOAF, RDF, SCHEMA, VCARD, XSD, Literal, NamedNode, Triple, document_of

CLAIMS = 200  # statements of one page
NAMES = (VCARD.fn, FOAF.name, SCHEMA.name)
ADDRESSES = (VCARD.hasEmail, FOAF.mbox, SCHEMA.email, VCARD.hasURL, FOAF.homepage, SCHEMA.url)
PAGES = (DCAT.landingPage, FOAF.page, DCAT.accessURL, DCAT.downloadURL)


@dataclass(frozen=True)
class Wanted:
    """Which statements: of a property, or of all; of a node that belongs to the resource; those that point at it."""

    predicate: str = ""  # IRI
    part: str = ""  # the fragment of the node
    inverse: bool = False


@dataclass(frozen=True)
class Owner:
    """Whose a dataset is: a name, where to write to, and pages; "" and () for what the catalogue does not say."""

    name: str
    addresses: tuple[str, ...]  # mailto: and http(s) addresses, those of the contact point first
    pages: tuple[str, ...]


@dataclass(frozen=True)
class Saying:
    """A dataset that states something, and where."""

    graph: NamedNode
    owner: Owner
    is_harvested: bool
    key: str = ""  # what the subject is called there
    page: str = ""  # URL of the record at its source
    place: Place | None = None  # in the site's own files
    behind: NamedNode | None = None  # what a rule has derived the statement from: the place is its


@dataclass(frozen=True)
class Claim:
    """A statement with those who make it."""

    triple: Triple
    sayings: tuple[Saying, ...]


def claims(around: Around, settings: Settings, description: Description, wanted: Wanted) -> tuple[Claim, ...]:
    """The statements that a page shows, each with who makes it."""
    source = _Source(around, settings, description)
    found = (each for each in _statements(description) if _is_wanted(each[0], description, wanted))
    return tuple(Claim(each, tuple(source.said(each, g) for g in graphs)) for each, graphs in islice(found, CLAIMS))


def _statements(description: Description) -> Iterator[tuple[Triple, Sequence[NamedNode]]]:
    for each in dict.fromkeys(chain(description.about, description.owned, description.incoming)):
        yield each, description.graphs.get(each, ())
    for other in description.also:
        yield other.triple, other.graphs


def _is_wanted(each: Triple, description: Description, wanted: Wanted) -> bool:
    node = description.resource.value + (f"#{wanted.part}" if wanted.part else "")
    end = each.object if wanted.inverse else each.subject
    return isinstance(end, NamedNode) and end.value == node and wanted.predicate in ("", each.predicate.value)


class _Source:
    """Looks up sources, each once."""

    def __init__(self, around: Around, settings: Settings, description: Description):
        self.around, self.settings = around, settings
        self.datasets = {each.graph: each for each in site.datasets(settings)}
        self.pages = {each.graph: each.page for each in description.elsewhere if each.state == SAME and each.page}
        self.owned = description.owned
        self.owners: dict[NamedNode, Owner] = {}

    def said(self, each: Triple, graph: NamedNode) -> Saying:
        dataset = self.datasets.get(graph)
        harvested = bool(self.objects(graph, SCHEMA.sdDatePublished))  # when it was fetched last
        if graph not in self.owners:
            self.owners[graph] = self.owner(graph, harvested)
        key = self.key(each.subject, dataset)
        place = self.record(graph, key) if harvested else self.place(each, graph, dataset)
        behind = None
        if not harvested and not (place and place.exact):
            for node in _behind(self.owned, each):
                other = self.place(node, graph, dataset)
                if other and other.exact:
                    place, behind = other, node.subject
                    break
        owner, page = self.owners[graph], self.pages.get(graph.value, "")
        return Saying(graph, owner, harvested, key, page, place, behind if isinstance(behind, NamedNode) else None)

    # Whose ------------------------------------------------------------------------------------------------------------

    def owner(self, graph: NamedNode, harvested: bool) -> Owner:
        """What the catalogue says. Who publishes this site does not own what it took from others."""
        agents = [*self.objects(graph, DCT.rightsHolder), *self.objects(graph, DCT.publisher)]
        ours = self.settings.publisher if harvested else ""
        people = [*self.objects(graph, DCAT.contactPoint), *(each for each in agents if _value(each) != ours)]
        if graph not in self.datasets and self.settings.publisher:
            people.append(NamedNode(self.settings.publisher))
        names = [_value(name) for each in people for name in self.said_of(each, *NAMES)]
        names += [_value(each) for each in people if isinstance(each, Literal)]
        told = [_value(a) for each in people for a in self.said_of(each, *ADDRESSES)]
        told += [_value(each) for each in people if isinstance(each, NamedNode)]
        sources = [graph, *self.objects(graph, DCT.source)]
        pages = [_value(page) for each in sources for page in (*self.said_of(each, *PAGES), each)]
        return Owner(next(iter(names), ""), _public(told, self.settings.base), _public(pages, self.settings.base))

    def objects(self, subject: NamedNode, predicate: NamedNode) -> list[object]:
        found = [quad.object for quad in self.around.store.quads(subject, predicate, None, DEFAULT)]
        return sorted(found, key=str)

    def said_of(self, node: object, *predicates: NamedNode) -> Iterator[object]:
        if isinstance(node, NamedNode):
            for predicate in predicates:
                yield from self.objects(node, predicate)

    # Where ------------------------------------------------------------------------------------------------------------

    def key(self, subject: object, dataset: Dataset | None) -> str:
        """What the dataset calls a thing; "" if it gives it no key."""
        prefix, iri = thing_iri(self.around.base, ""), document_of(_value(subject))
        if dataset is None or self.around.past is None or not iri.startswith(prefix):
            return ""
        identifier = iri.removeprefix(prefix)
        owners = (self.around.past.issued(each) for each in (identifier, *self.around.fates.led.get(identifier, ())))
        return next((owner[1] for owner in owners if owner and owner[0] == dataset.name), "")

    def place(self, each: Triple, graph: NamedNode, dataset: Dataset | None) -> Place | None:
        """The line of the site's own files; what is derived stands in none, and its subject is the nearest to it."""
        subject, key = _value(each.subject), self.key(each.subject, dataset)
        fragment = subject[len(document_of(subject)) :]
        names: tuple[str, ...] = (subject, subject.removeprefix(self.around.base))[::-1]
        files: Sequence[Path] = dataset.files if dataset else ()
        if dataset and key:
            names = (key + fragment, f"{key_iri(self.around.base, dataset.name)}{key}{fragment}")
        elif graph == site.ontology_graph(self.settings):
            files = site.ontology_files(self.settings)
        elif graph == site.catalog_graph(self.settings):
            described = self.datasets.get(NamedNode(document_of(subject)))
            files, names = ((described.folder / "dataset.ttl",) if described else ()), (fragment, subject)
        return located.of_statement(
            self.settings.folder, files, names, self.ways(each.predicate, dataset), self.ways(each.object, dataset)
        )

    def record(self, graph: NamedNode, key: str) -> Place | None:
        """The line of a record whose source is a file of the site."""
        here = self.settings.folder.resolve()
        for each in self.objects(graph, DCT.source):
            for url in map(_value, self.said_of(each, DCAT.downloadURL)):
                path = (here / url.removeprefix(self.around.base)).resolve()
                if url.startswith(self.around.base) and path.is_relative_to(here) and path.is_file():
                    return located.of_record(here, path, key)
        return None

    def ways(self, term: object, dataset: Dataset | None) -> tuple[str, ...]:
        """How a term may be written in a file of the dataset."""
        if isinstance(term, Literal):
            lines = term.value.strip().split("\n")
            bare = lines[0] if len(lines) > 1 or term.datatype not in (XSD.string, RDF.langString) else ""
            return (json.dumps(term.value, ensure_ascii=False), bare)
        iri = _value(term)
        local = iri[max(iri.rfind("/"), iri.rfind("#")) + 1 :]
        written = (f"<{iri}>", f"<{iri.removeprefix(self.around.base)}>", f":{local}" if local else "")
        if term == RDF.type:
            return (*written, "a")
        prefix, fragment = thing_iri(self.around.base, ""), iri[len(document_of(iri)) :]
        owner = None
        if self.around.past and iri.startswith(prefix):
            owner = self.around.past.issued(document_of(iri).removeprefix(prefix))
        if not owner:
            return written
        near = dataset is not None and owner[0] == dataset.name
        return (f"<{owner[1]}{fragment}>" if near else f"<../{owner[0]}/{owner[1]}{fragment}>",)


def _behind(owned: Sequence[Triple], each: Triple) -> Iterator[Triple]:
    """What nodes that name both ends of a statement say of its object: a reified statement, a cooperation."""
    naming = {t.subject for t in owned if t.object == each.subject}
    yield from (t for t in owned if t.subject in naming and t.object == each.object and t.predicate != RDF.type)


def _public(found: Sequence[str], base: str) -> tuple[str, ...]:
    """The addresses that somebody can open or write to; a bare address of mail is one too."""
    told = (f"mailto:{each}" if "@" in each and "/" not in each and ":" not in each else each for each in found)
    mine = (each for each in told if each.startswith(("mailto:", "http://", "https://")) and not each.startswith(base))
    return tuple(dict.fromkeys(mine))


def _value(term: object) -> str:
    return str(getattr(term, "value", ""))
