"""The nouns of solld: frozen dataclasses that do nothing.

A newcomer reads this module first. Terms are pyoxigraph's; `iri` is a string, `resource` and `graph` are terms.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from solld.rdf import Literal, NamedNode, Triple

STORES = ("fuseki", "graphdb", "neptune", "oxigraph", "qlever", "virtuoso")  # kinds of servers that are known


@dataclass(frozen=True)
class Settings:
    """site.toml, read once by the command line and passed down."""

    folder: Path  # the site
    base: str  # the IRI prefix of everything published, ends in "/"
    title: Mapping[str, str]  # language tag -> text
    description: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)  # of the pages, the first is the default
    publisher: str = ""  # IRI
    publisher_name: str = ""
    license: str = ""  # IRI, of what the merged view states
    headline: Mapping[str, str] = field(default_factory=dict)  # of the home page; the title if there is none
    contact: str = ""  # where people write to who publishes
    code: str = ""  # where the source code is
    text_folders: tuple[Path, ...] = ()  # where the texts that excerpts quote may be found
    releases_kept: int = 3
    query_seconds: float = 10.0  # from its arrival to its last byte being ready
    query_workers: int = 2  # quick queries at once
    query_quick: float = 0.1  # seconds of computing after which a query is a long one
    query_long: int = 6  # long queries at once
    query_memory: int = 1024  # MiB, for each of them
    query_bytes: int = 1_000_000  # the longest query text
    query_depth: int = 128  # brackets in brackets
    query_patterns: int = 1000  # triple patterns, groups and operators of a query
    query_queue: int = 64  # queries that may wait
    query_per_client: int = 4  # queries of one address that run at once
    query_waiting: int = 32  # queries of one address that may wait
    query_stall: float = 10.0  # seconds that a client may take nothing of a long answer
    proxies: int = 0  # reverse proxies in front, whose X-Forwarded-For is believed
    cache_bytes: int = 64 * 2**20  # of answers, for each process
    store_query: str = ""  # URL of the SPARQL server that the release is served from; "" is the embedded store
    store_update: str = ""
    store_graph_store: str = ""
    store_user: str = ""
    store_password_file: Path | None = None
    store_kind: str = ""
    archive: str = ""  # IRI of where a last dump will be, if the operator stops
    wikidata_property: str = ""  # that our identifiers have in Wikidata, like P1234
    mixnmatch: int = 0  # number of our catalogue in Mix'n'match
    dump_megabytes: int = 4096  # of files that were made, on the disk
    harvest_agent: str = "solld"  # who asks other servers, with where to complain
    harvest_seconds: float = 120.0  # for one answer
    harvest_megabytes: int = 512  # of one answer, unpacked
    harvest_redirects: int = 5
    harvest_wait: float = 1.0  # seconds between two requests to one server
    harvest_at_once: int = 4  # sources
    harvest_shrink: float = 0.2  # of its records that a source may lose at once
    harvest_allow: tuple[str, ...] = ()  # hosts that may have private addresses
    harvest_robots: tuple[str, ...] = ()  # hosts whose robots.txt does not count
    harvest_expires: float = 90.0  # days after which what was harvested is not held for fresh
    harvest_open: tuple[str, ...] = ()  # licences, by IRI, whose data may enter the merged view
    harvest_separate: tuple[str, ...] = ()  # those whose data may be served in a graph of their own
    harvest_personal: tuple[str, ...] = ()  # datasets whose contact data of persons are published
    match_classes: tuple[str, ...] = ()  # whose things are compared; agents if none is given
    match_most: int = 20  # others that a record is compared with
    match_processes: int = 2
    map_tiles: str = ""  # URL of tiles, with {z}, {x} and {y}; "" is the built-in basemap
    map_attribution: str = ""  # whose tiles they are
    map_points: int = 20_000  # that a browser is given at once; clusters of more are made by the server
    page_size: int = 100  # incoming links on one page of a description
    views: tuple[str, ...] = ()  # pages that queries of the site make; known when a release is opened

    @property
    def var(self) -> Path:
        """Where releases and the history are kept."""
        return self.folder / "var"


@dataclass(frozen=True)
class Dataset:
    """A folder of data with its dataset.ttl: one source, one named graph, one ledger."""

    name: str
    graph: NamedNode
    folder: Path
    files: tuple[Path, ...]  # RDF files, sorted; without dataset.ttl


@dataclass(frozen=True)
class Finding:
    """One problem found while reading or validating; `severity` is Violation, Warning or Info."""

    severity: str
    message: str
    path: str = ""  # of the file, relative to the site
    line: int = 0
    focus: str = ""  # IRI
    field: str = ""  # IRI or prefixed name of the property
    value: str = ""
    dataset: str = ""
    messages: tuple[Literal, ...] = ()  # the shape's messages in all its languages


@dataclass(frozen=True)
class Release:
    """One immutable build: a folder with a store, a name index and a manifest."""

    number: int
    folder: Path
    built: datetime
    manifest: Mapping[str, Any]


@dataclass(frozen=True)
class Version:
    """One version of a resource: its canonical N-Quads, and when it was first released."""

    iri: str
    seq: int  # from 1
    release: int
    time: datetime
    kind: str  # created, updated, removed
    digest: str  # hexadecimal
    quads: bytes  # sorted N-Quads; empty when removed


@dataclass(frozen=True)
class Moment:
    """When a version came to be; a Version without what it says."""

    seq: int
    release: int
    time: datetime
    kind: str
    digest: str


@dataclass(frozen=True)
class PropertyShape:
    """How one property of a class is shown: a SHACL property shape, read for display."""

    predicate: NamedNode
    inverse: bool  # sh:inversePath: the values are the subjects that point here
    names: Mapping[str, str]  # sh:name, language tag -> text; may be empty
    group: str  # IRI of the sh:PropertyGroup, or ""
    order: float
    owned: bool  # dash:DetailsViewer: the values are shown inside the description
    role: str  # "label", "description", "key" or ""


@dataclass(frozen=True)
class Group:
    """A sh:PropertyGroup: a heading of the page."""

    iri: str
    labels: Mapping[str, str]
    order: float


@dataclass(frozen=True)
class Ontology:
    """What a release's ontology graph says about showing things, read once when the release is opened."""

    superclasses: Mapping[str, tuple[str, ...]]  # class -> itself and all above it, nearest first
    shapes: Mapping[str, tuple[PropertyShape, ...]]  # target class -> its property shapes, in order
    groups: Mapping[str, Group]
    labels: Mapping[str, Mapping[str, str]]  # term -> language tag -> label; "" is the untagged one
    label_predicates: tuple[NamedNode, ...]  # best first
    description_predicates: tuple[NamedNode, ...]
    icons: Mapping[str, str] = field(default_factory=dict)  # class -> name of an icon of Lucide
    profiles: dict[tuple[str, ...], tuple[PropertyShape, ...]] = field(default_factory=dict)  # a cache, by types


@dataclass(frozen=True)
class Also:
    """A statement of sources that the merged view does not have; `nested` is of nodes that belong to its object."""

    triple: Triple
    graphs: tuple[NamedNode, ...]
    nested: tuple[Triple, ...] = ()
    when: str = ""  # a date or time in ISO 8601, if it is known


@dataclass(frozen=True)
class Elsewhere:
    """Where else a thing is, or what is near it.

    `state` is same, register, stated (a source says that it is the same), related, perhaps (the same) or near
    (perhaps related). The last two are guesses of a machine.
    """

    state: str
    iri: str  # of ours, or of others; the code of a register
    graph: str = ""  # IRI of the dataset that has it, or says so
    key: str = ""  # what it is called there
    page: str = ""  # URL of a page about it there
    score: str = ""  # a probability from 0 to 1
    who: str = ""  # judged so
    when: str = ""  # ISO 8601
    why: str = ""


@dataclass(frozen=True)
class Origin:
    """What is known of a source; times in ISO 8601, "" if they are not known."""

    license: str = ""  # IRI
    seen: str = ""  # when it was fetched last
    expires: str = ""  # until when what it said then is held for fresh


@dataclass(frozen=True)
class Description:
    """The triples that a release holds about one resource, in reading order.

    `about`, `owned` and `incoming` are of the merged view; `graphs` tells for each of them which named graphs state it.
    Of what the merged view says nothing, they are what the graphs of its sources say: `apart`.
    """

    resource: NamedNode
    document: str  # IRI of the document about it, without an extension
    about: tuple[Triple, ...]  # what is said of it
    owned: tuple[Triple, ...] = ()  # what is said of the nodes that it owns, node after node
    incoming: tuple[Triple, ...] = ()  # what points at it, one page
    labels: tuple[Triple, ...] = ()  # labels of the other IRIs that occur
    graphs: Mapping[Triple, tuple[NamedNode, ...]] = field(default_factory=dict)
    also: tuple[Also, ...] = ()  # what else sources say of it
    elsewhere: tuple[Elsewhere, ...] = ()  # where else it is, and what is near
    apart: bool = False
    origins: Mapping[NamedNode, Origin] = field(default_factory=dict)  # of the named graphs that say something of it
    page: int = 1  # of the incoming
    more: bool = False  # there is another page
    modified: datetime | None = None  # when the description last changed


@dataclass(frozen=True)
class Link:
    """A typed link of a document, for the Link header and the page's head (RFC 8288)."""

    rel: str
    target: str  # IRI
    type: str = ""
    datetime: str = ""  # of a memento, as HTTP writes it
    aside: bool = False  # not in the Link header, which is to be short, but in the page and the linkset


@dataclass(frozen=True)
class Sharing:
    """How many things have a value, and the path of the search that finds them."""

    count: int
    path: str


@dataclass(frozen=True)
class Context:
    """What a format needs beside the description: ontology, prefixes, JSON-LD context, and what the reader wants."""

    settings: Settings
    ontology: Ontology
    prefixes: Mapping[str, str]  # prefix -> namespace
    jsonld: Mapping[str, Any]  # the value of @context
    language: str  # of the page and of labels, chosen from the reader's preferences
    language_tags: tuple[str, ...]  # for label lookup, best first
    formats: tuple["Format", ...] = ()  # the others that this document has
    links: tuple[Link, ...] = ()
    release: int = 0
    root: str = ""  # what local paths start with
    query: Mapping[str, str] = field(default_factory=dict)  # parameters of the request
    version: int = 0  # that is shown, if it is one of the past
    moment: Moment | None = None  # the version that is shown, of the past or not
    built: datetime | None = None  # when the release was that is read
    shared: Mapping[str, "Sharing"] = field(default_factory=dict)  # IRI of a concept or class -> who has it
    beside: Mapping[str, Any] = field(default_factory=dict)  # what a page shows beside the description, by its name


@dataclass(frozen=True)
class Format:
    """A way to write a description: media type, extension and function. Add one by adding a module to `formats/`."""

    name: str  # for people: "Turtle"
    media_type: str
    extension: str
    write: Callable[[Description, Context], bytes]
    aliases: tuple[str, ...] = ()  # media types that are answered with this format too
    profile: str = ""  # IRI, a `profile` parameter that the format satisfies
    charset: bool = False  # whether charset=utf-8 is said in Content-Type
    localised: bool = False  # whether the answer differs by Accept-Language
    quality: float = 1.0  # server's preference among what the client likes equally
    cites: bool = False  # whether it tells how to cite the document, and not what the document says
    offered: Callable[[Description, Context], bool] = lambda description, context: (
        True
    )  # e.g. GeoJSON only with a point
