"""The versions of a document, and what changed between two of them: as a page, as JSON, as RDF, as a patch.

https://www.w3.org/TR/prov-o/  https://afs.github.io/rdf-patch/
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from solld.addresses import document_path, version_path
from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.results import Cell, Label, cell
from solld.messages import phrases
from solld.model import Format, Moment, Settings
from solld.rdf import (
    AS,
    DCT,
    PROV,
    RDF,
    XSD,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Term,
    Triple,
    parse,
    write,
)

TEMPLATE = ENVIRONMENT.get_template("versions.html")
ACTS = {"created": AS.Create, "updated": AS.Update, "removed": AS.Delete}
WORDS = {"created": "change_created", "updated": "change_updated", "removed": "change_removed"}
PREFIXES = {"as": AS.iri, "dct": DCT.iri, "prov": PROV.iri, "xsd": XSD.iri}


@dataclass(frozen=True)
class Story:
    """The versions of one thing, oldest first; if two were asked for, what the second says that the first does not."""

    settings: Settings
    about: str  # path of the thing
    line: tuple[Moment, ...]
    pair: tuple[int, int] | None = None
    removed: tuple[bytes, ...] = ()  # N-Quads lines
    added: tuple[bytes, ...] = ()
    label: Label = lambda iri: None

    @property
    def terms(self) -> Iterator[tuple["Named", ...]]:
        """What the page names: the thing, and what the lines of a difference have."""
        yield (NamedNode(self.settings.base + self.about),)
        for quad in _quads((*self.removed, *self.added)):
            yield quad.subject, quad.predicate, quad.object, quad.graph_name

    @property
    def document(self) -> str:
        return document_path(self.about)

    def iri(self, seq: int) -> str:
        return self.settings.base + version_path(self.about, seq)


Named = Term | Triple | DefaultGraph
Statement = tuple[Named, ...]  # subject, predicate, graph
Writer = Callable[[Story, str, int], bytes]  # story, language, release


# JSON -----------------------------------------------------------------------------------------------------------------


def _json(story: Story, language: str, release: int) -> bytes:
    base = story.settings.base
    told: dict[str, Any] = {"id": base + story.about, "document": base + story.document}
    if story.pair:
        told |= {"from": story.pair[0], "to": story.pair[1]}
        told |= {"added": list(map(_statement, story.added)), "removed": list(map(_statement, story.removed))}
    else:
        told["versions"] = [
            {
                "version": moment.seq,
                "address": story.iri(moment.seq),
                "time": moment.time.isoformat(),
                "change": moment.kind,
                "release": moment.release,
                "digest": moment.digest,
            }
            for moment in story.line
        ]
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _statement(line: bytes) -> dict[str, Any]:
    (quad,) = parse(line, format=RdfFormat.N_QUADS)
    found: dict[str, Any] = {"subject": _name(quad.subject), "predicate": quad.predicate.value}
    if isinstance(quad.object, Literal):
        found |= {"object": quad.object.value, "datatype": quad.object.datatype.value}
        found |= {"language": quad.object.language} if quad.object.language else {}
    else:
        found["object"] = _name(quad.object)
        found["type"] = "iri"
    return found | {"source": _name(quad.graph_name)}


def _name(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else str(term)


# RDF ------------------------------------------------------------------------------------------------------------------


def triples(story: Story) -> Iterator[Triple]:
    """The versions as prov:Entity, each a revision of the one before."""
    document = NamedNode(story.settings.base + story.document)
    before: NamedNode | None = None
    for moment in story.line:
        version = NamedNode(story.iri(moment.seq))
        yield Triple(document, DCT.hasVersion, version)
        yield Triple(version, RDF.type, PROV.Entity)
        yield Triple(version, DCT.isVersionOf, document)
        yield Triple(version, PROV.specializationOf, NamedNode(story.settings.base + story.about))
        yield Triple(version, DCT.issued, Literal(moment.time.isoformat(), datatype=XSD.dateTime))
        yield Triple(version, DCT.type, ACTS[moment.kind])
        yield Triple(version, DCT.identifier, Literal(str(moment.seq)))
        if before:
            yield Triple(version, PROV.wasRevisionOf, before)
        before = version


def _rdf(syntax: RdfFormat) -> Writer:
    return lambda story, language, release: write(triples(story), syntax, PREFIXES)


def _patch(story: Story, language: str, release: int) -> bytes:
    lines = [*(b"D " + line for line in story.removed), *(b"A " + line for line in story.added)]
    return b"TX .\n" + b"".join(line + b"\n" for line in lines) + b"TC .\n"


# HTML -----------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A version, as the page shows it."""

    seq: int
    href: str  # "" where there is nothing to look at
    time: str  # for machines
    day: str
    change: str
    difference: str  # address of what it changed


@dataclass(frozen=True)
class Changed:
    """The values of one property that one source gave before, and those that it gives now."""

    subject: Cell
    predicate: Cell
    source: Cell
    removed: tuple[Cell, ...]
    added: tuple[Cell, ...]


def _html(story: Story, language: str, release: int) -> bytes:
    t = phrases(language)
    root, resource = "", story.settings.base + story.about
    rows = [
        Row(
            m.seq,
            f"{root}/{version_path(story.about, m.seq)}" if m.kind != "removed" else "",
            m.time.isoformat(),
            t.day(m.time),
            t(WORDS[m.kind]),
            f"?from={m.seq - 1}&to={m.seq}",
        )
        for m in reversed(story.line)
    ]
    variables = Frame(story.settings, language, root, release).values()
    return TEMPLATE.render(
        variables,
        rows=rows,
        pair=story.pair,
        changed=_changed(story),
        resource=resource,
        name=story.label(resource),
        document=f"{root}/{story.document}",
    ).encode()


def _changed(story: Story) -> list[Changed]:
    found: dict[Statement, tuple[list[Named], list[Named]]] = {}
    for place, lines in enumerate((story.removed, story.added)):
        for quad in _quads(lines):
            found.setdefault((quad.subject, quad.predicate, quad.graph_name), ([], []))[place].append(quad.object)
    about = NamedNode(story.settings.base + story.about)

    def shown(term: Named) -> Cell:
        return cell(None if isinstance(term, DefaultGraph) else term, story.settings, "", story.label)

    return [
        Changed(*map(shown, said), *(tuple(map(shown, values)) for values in found[said]))  # type: ignore[arg-type]
        for said in sorted(found, key=lambda said: (said[0] != about, *map(str, said)))
    ]


def _quads(lines: Iterable[bytes]) -> Iterable[Quad]:
    return parse(b"\n".join(lines), format=RdfFormat.N_QUADS)


def _format(name: str, media_type: str, extension: str, *aliases: str, quality: float = 0.5) -> Format:
    return Format(name, media_type, extension, lambda d, c: b"", aliases, quality=quality)


PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=0.9)
JSON = _format("JSON", "application/json", "json", quality=0.8)
LISTS: dict[Format, Writer] = {
    PAGE: _html,
    JSON: _json,
    _format("Turtle", "text/turtle", "ttl"): _rdf(RdfFormat.TURTLE),
    _format("N-Triples", "application/n-triples", "nt"): _rdf(RdfFormat.N_TRIPLES),
    _format("RDF/XML", "application/rdf+xml", "rdf"): _rdf(RdfFormat.RDF_XML),
    _format("JSON-LD", "application/ld+json", "jsonld"): _rdf(RdfFormat.JSON_LD),
}
DIFFERENCES: dict[Format, Writer] = {
    PAGE: _html,
    JSON: _json,
    _format("RDF Patch", "application/rdf-patch", "rdfp"): _patch,
}


def writers(story: Story) -> dict[Format, Writer]:
    """What a story can be written in."""
    return DIFFERENCES if story.pair else LISTS


def formats(story: Story) -> Sequence[Format]:
    return tuple(writers(story))
