"""An opened site and release: what requests are answered from. Everything here is read once and then only read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from solld import context, describe, fates, formats, hints, ontology, queries, release, site, views
from solld.bygone import Edition
from solld.completion import Completion
from solld.elsewhere import Around, elsewhere
from solld.errors import BadSite, NotFound
from solld.fates import Fates
from solld.finding.clouds import Clouds
from solld.finding.finder import Finder
from solld.hints import Vocabulary
from solld.history import History
from solld.index import Names
from solld.model import Description, Format, Ontology, Origin, Release, Settings
from solld.queries import Query
from solld.rdf import DCT, OWL, NamedNode, Triple
from solld.rdf import triple as plain
from solld.reconcile import terms as reconciled
from solld.reconcile.holdings import Holdings
from solld.search import fields
from solld.search.index import Index
from solld.stores import Store
from solld.stores.embedded import EmbeddedStore
from solld.stores.remote import RemoteStore
from solld.views.tables import Views


@dataclass(frozen=True)
class Service:
    """A release opened for reading."""

    settings: Settings
    release: Release
    store: Store
    past: History | None  # a copied release may be served without its history
    tag: str  # tells this release from any other, for validators
    ontology: Ontology
    prefixes: Mapping[str, str]
    jsonld: Mapping[str, Any]
    formats: tuple[Format, ...]
    queries: tuple[Query, ...]
    known: Vocabulary  # classes and properties, for hints
    vocabulary: NamedNode  # the IRI of the site's own ontology
    vocabulary_version: str
    holdings: Holdings  # what lists are reconciled with
    views: Views  # the pages that queries of the site make
    finder: Finder  # what is searched
    completion: Completion  # what queries can name
    fates: Fates = field(default_factory=Fates)
    clouds: Clouds = field(default_factory=Clouds)  # a cache, of the points of searches
    labels: dict[str, tuple[Triple, ...]] = field(default_factory=dict)  # a cache
    origins: dict[NamedNode, Origin] = field(default_factory=dict)  # a cache, of as many as there are datasets
    editions: dict[int, Edition] = field(default_factory=dict)  # a cache, by release

    def close(self) -> None:
        self.store.close()
        if self.past:
            self.past.close()


def open_service(settings: Settings, opened: Release) -> Service:
    """Opens a release for serving."""
    if opened.manifest["base"] != settings.base:
        raise BadSite(settings.folder / "site.toml", "'base' differs from that of the release; build again")
    store: Store
    if settings.store_query:
        store = RemoteStore.open(settings, opened.folder)
    else:
        store = EmbeddedStore.open(opened.folder / "store")
    history = settings.var / "history.sqlite"
    past = History.read_only(history) if history.exists() else None
    triples = [plain(quad) for quad in store.quads(None, None, None, site.ontology_graph(settings))]
    vocabulary = NamedNode(f"{settings.base}ns")
    prefixes = release.prefixes(opened)
    shown = ontology.read(triples)
    decided = fates.replayed(past.fates(opened.number)) if past else Fates()
    known = hints.vocabulary((*triples, *_graph(store, site.catalog_graph(settings))), settings.base)
    terms = reconciled.terms(shown, known.classes, known.properties, prefixes)
    paged = views.load(settings.folder / "queries")
    settings = replace(settings, views=tuple(paged))
    names = Names(opened.folder / "names", int(opened.manifest.get("index", 1)))
    return Service(
        settings=settings,
        release=opened,
        store=store,
        past=past,
        holdings=Holdings(settings.base, store, shown, decided, names, terms, settings.languages),
        views=Views(store, paged, store.quirks.row_limit if isinstance(store, RemoteStore) else 0),
        finder=Finder(
            Index(opened.folder / "search", int(opened.manifest.get("search", 0))),
            fields.read(triples, shown),
            store,
            names,
        ),
        completion=Completion(store, site.catalog_graph(settings), shown, prefixes),
        fates=decided,
        tag=release.tag(opened),
        ontology=shown,
        prefixes=prefixes,
        jsonld=context.make(triples, opened.manifest["ontology_prefixes"], f"{vocabulary.value}#"),
        formats=formats.load(),
        queries=queries.load(settings.folder / "queries"),
        known=known,
        vocabulary=vocabulary,
        vocabulary_version=_version(triples, vocabulary),
    )


def _graph(store: Store, graph: NamedNode) -> Iterator[Triple]:
    return (plain(quad) for quad in store.quads(None, None, None, graph))


def _version(triples: list[Triple], vocabulary: NamedNode) -> str:
    stated = {
        t.predicate: t.object.value for t in triples if t.subject == vocabulary and not isinstance(t.object, Triple)
    }
    return stated.get(OWL.versionInfo, stated.get(OWL.versionIRI, "").rpartition("/")[2])


def described(service: Service, resource: NamedNode, page: int = 1) -> Description:
    """The description of a resource. NotFound if the release says nothing of it."""
    modified = service.past.modified(resource.value, service.release.number) if service.past else None
    if len(service.labels) > LABELS_KEPT:
        service.labels.clear()
    found = describe.describe(
        service.store,
        service.ontology,
        service.settings.base,
        resource,
        page=page,
        size=service.settings.page_size,
        labels=service.labels,
        origins=service.origins,
        modified=modified or service.release.built,
    )
    if not found.about:
        raise NotFound("/" + resource.value.removeprefix(service.settings.base))
    return _around(service, found)


def _around(service: Service, found: Description) -> Description:
    """A description with where else the thing is; what is there has names, too."""
    around = Around(service.store, service.past, service.fates, service.settings.base)
    there = elsewhere(around, found.resource)
    iris = (iri for each in there for iri in (each.iri, each.graph) if iri.startswith(service.settings.base))
    labels = describe.labels_of(service.store, service.ontology, iris, service.labels)
    return replace(found, elsewhere=there, labels=tuple(dict.fromkeys((*found.labels, *labels)))) if there else found


def catalogued(service: Service, description: Description) -> Description:
    """The description of the catalogue with all that it leads to in its graph: who harvests it reads one document."""
    graph = site.catalog_graph(service.settings)
    found: dict[Triple, None] = {}
    waiting = [description.resource]
    seen = set(waiting)
    while waiting:
        said = [plain(quad) for quad in service.store.quads(waiting.pop(), None, None, graph)]
        found |= dict.fromkeys(sorted((t for t in said if t.predicate not in IDENTITIES), key=str))
        follow = sorted({t.object for t in said if isinstance(t.object, NamedNode)} - seen, key=str, reverse=True)
        seen.update(follow)
        waiting += follow
    owned = (triple for triple in found if triple.subject != description.resource)
    return replace(description, owned=tuple(owned), labels=())


IDENTITIES = (DCT.replaces, DCT.isReplacedBy)  # which the same graph has of things
LABELS_KEPT = 100_000  # a bound on the cache of labels: some 50 MiB
