"""What a site said at the time of a past release, from the history alone: how versions are described.

A version is described with the vocabulary, prefixes and labels of its time, so that its documents are the same bytes
whenever and wherever they are written.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from solld import context, describe, merging, ontology, release
from solld.addresses import graph_iri, version_path
from solld.errors import NotFound
from solld.history import History
from solld.lru import Lru
from solld.model import Description, Ontology, Version
from solld.rdf import DCT, DEFAULT, DefaultGraph, NamedNode, Quad, RdfFormat, Term, document_of, iris, parse, replaced
from solld.rdf import triple as plain

REPLACES, REPLACED = (b" " + str(term).encode() + b" " for term in (DCT.replaces, DCT.isReplacedBy))
KEPT = 32 * 2**20  # bytes of quads that are kept while a version is described


@dataclass(frozen=True)
class Edition:
    """How the descriptions of a time are written: what the release of then had in its service."""

    ontology: Ontology
    prefixes: Mapping[str, str]
    jsonld: Mapping[str, Any]


@dataclass(frozen=True)
class Said:
    """The quads of one resource."""

    quads: tuple[Quad, ...]
    weight: int


class Bygone:
    """What each resource's newest version up to a release says, quad by quad. Only what has a subject can be asked."""

    def __init__(self, past: History, release: int, base: str):
        self._past, self._release = past, release
        self._apart = b"<" + graph_iri(base, "catalog").encode() + b"> ."  # says which identifiers lead to others
        self._view = merging.of(past, release, base)
        self._said: Lru[str, Said] = Lru(KEPT)

    def quads(
        self,
        subject: NamedNode | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: NamedNode | DefaultGraph | None = None,
    ) -> Iterator[Quad]:
        """The quads that match; what is in a named graph is in the default graph too. None without a subject."""
        if subject is None:
            return
        for quad in self._of(document_of(subject.value)).quads:
            if (
                quad.subject == subject
                and predicate in (None, quad.predicate)
                and object in (None, quad.object)
                and graph in (None, quad.graph_name)
            ):
                yield quad

    def lines(self, version: Version) -> list[bytes]:
        """What a version says, with what was said then of others that led to it."""
        own = version.quads.split(b"\n") if version.quads else []
        for line in tuple(own):
            if REPLACES in line and line.endswith(self._apart):
                one = iris(line)[2]
                other = self._past.latest(one, self._release)
                said = other.quads.split(b"\n") if other and other.quads else []
                own += [replaced(each, {one: version.iri}.get) for each in said if REPLACED not in each]
        return sorted(set(own))

    def seen(self, version: Version) -> list[bytes]:
        """What of it the merged view had."""
        return self._view.said(self.lines(version))

    def _of(self, iri: str) -> Said:
        known = self._said.get(iri)
        if known is None:
            version = self._past.latest(iri, self._release)
            lines = self.lines(version) if version else []
            named = list(parse(b"\n".join(lines), format=RdfFormat.N_QUADS))
            seen = parse(b"\n".join(self._view.said(lines)), format=RdfFormat.N_QUADS)
            merged = dict.fromkeys(Quad(q.subject, q.predicate, q.object, DEFAULT) for q in seen)
            known = Said((*named, *merged), len(version.quads) if version else 0)
            self._said.put(iri, known)
        return known


def edition(past: History, number: int, base: str) -> Edition | None:
    """The edition of a release; None where the history does not know the vocabulary of then."""
    found = past.ontology(number)
    if found is None:
        return None
    _, prefixes, lines = found
    triples = [plain(quad) for quad in parse(lines, format=RdfFormat.N_TRIPLES)]
    return Edition(
        ontology.read(triples),
        release.completed(prefixes),
        context.make(triples, prefixes, f"{base}ns#"),
    )


def described(past: History, edition: Edition, base: str, version: Version) -> Description:
    """The description that a version gives. NotFound for one that says that there is nothing any more."""
    about = version.iri.removeprefix(base)
    path = version_path(about, version.seq)
    if not version.quads:
        raise NotFound(f"/{path}", "this version says that there is nothing any more")
    then = Bygone(past, version.release, base)
    found = describe.describe(then, edition.ontology, base, NamedNode(version.iri), size=0, modified=version.time)
    shown = {*found.about, *found.owned}
    lines = then.seen(version) or then.lines(version)
    rest = dict.fromkeys(plain(quad) for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS))
    return replace(found, document=base + path, owned=(*found.owned, *(t for t in rest if t not in shown)))


@dataclass(frozen=True)
class Difference:
    """What one version says that another one does not, as N-Quads lines: each with the graph of its source."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]


def said(past: History, base: str, version: Version) -> list[bytes]:
    """The sorted N-Quads lines of a version."""
    return Bygone(past, version.release, base).lines(version)


def difference(past: History, base: str, before: Version | None, after: Version | None) -> Difference:
    """What changed from one version to another; nothing is said where there is none."""
    old, new = (set(said(past, base, version)) if version else set() for version in (before, after))
    return Difference(tuple(sorted(old - new)), tuple(sorted(new - old)))
