"""The past of a document in its Link header, also where it is gone: RFC 7089 and RFC 5829."""

from collections.abc import Sequence

from flask import request

from solld import memento
from solld.addresses import document_path, iri_of, is_document, version_path
from solld.errors import Gone
from solld.fates import ERASED
from solld.memento import Memento, Timeline
from solld.model import Link, Moment, Version
from solld.rdf import NamedNode
from solld.service import Service


def line_of(opened: Service, about: str) -> list[Moment]:
    """The versions of what is at a path, up to the release that is served; none of what was erased."""
    if about.removeprefix("id/") in opened.fates.erased:
        return []
    line = opened.past.line(iri_of(opened.settings.base, about)) if opened.past else []
    known = [moment for moment in line if moment.release <= opened.release.number]
    # Between an erasure and the release without it, all that is left of a thing is that it is gone.
    return known if any(moment.kind != "removed" for moment in known) else []


def timeline(opened: Service, about: str, line: Sequence[Moment]) -> Timeline:
    """The addresses of the past. Absolute, for clients do not resolve them, and at this host, where they are."""
    root = request.url_root
    document = document_path(about)
    mementos = tuple(Memento(root + version_path(about, m.seq), m.time, m.seq) for m in memento.live(line))
    return Timeline(root + document, f"{root}timegate/{document}", f"{root}timemap/{document}", mementos)


def relations(opened: Service, about: str, path: str) -> tuple[Link, ...]:
    """The typed links of a document to its past, and to the list of all its links."""
    linkset = Link("linkset", f"/linkset/{path}", "application/linkset+json")
    line = line_of(opened, about)
    if not line or not is_document(about):
        return (linkset,)
    known = timeline(opened, about, line)
    return (
        Link("original", known.original),
        Link("timegate", known.timegate),
        Link("timemap", known.timemap, memento.LINK_FORMAT),
        Link("version-history", f"/{document_path(about)}/versions"),
        *(Link("memento", m.uri, datetime=memento.http_date(m.time)) for m in known.mementos[-1:]),
        linkset,
    )


def links(opened: Service, about: str) -> list[str]:
    """What a document, or its tombstone, says of its past; nothing for what has none."""
    line = line_of(opened, about)
    if not line or not is_document(about):
        return []
    return [
        *memento.links(timeline(opened, about, line)),
        f'</{document_path(about)}/versions>; rel="version-history"',
    ]


def tombstone(opened: Service, about: str) -> Gone:
    """What is told of something that is not published any more: since when, why, and its last version."""
    if about.removeprefix("id/") in opened.fates.erased:
        return Gone(iri_of(opened.settings.base, about), opened.fates.withdrawn[about.removeprefix("id/")].date, ERASED)
    line = line_of(opened, about)
    act = opened.fates.withdrawn.get(about.removeprefix("id/"))
    last = [moment for moment in line if moment.kind != "removed"][-1:]
    ended = line[-1].time.date().isoformat() if line else ""
    path = f"/{version_path(about, last[0].seq)}" if last else ""
    why = act.why if act else _left(opened, about)
    return Gone(iri_of(opened.settings.base, about), act.date if act else ended, why, path)


def _left(opened: Service, about: str) -> str:
    """Why something is gone whose source is gone."""
    issued = opened.past.issued(about.removeprefix("id/")) if opened.past else None
    name = issued[0] if issued else about.removeprefix("dataset/") if about.startswith("dataset/") else ""
    return f"its source, {name}, left" if name and name not in opened.release.manifest["datasets"] else ""


def is_removed(opened: Service, resource: NamedNode) -> bool:
    """Whether it is withdrawn, or no source says anything of it any more; rules may still, for others point at it."""
    identifier = resource.value.removeprefix(f"{opened.settings.base}id/")
    if identifier in opened.fates.hidden:
        return True
    latest = opened.past.latest(resource.value, opened.release.number) if opened.past else None
    if latest is None or latest.kind == "removed":
        return latest is not None
    if not resource.value.endswith(f"/id/{identifier}") or not _is_left(opened, latest):
        return False
    led = (one for one, other in opened.fates.merged.items() if other == identifier)
    return all(is_removed(opened, NamedNode(f"{opened.settings.base}id/{one}")) for one in led)


def _is_left(opened: Service, version: Version) -> bool:
    """Whether nothing is said but what became of identifiers."""
    own = f"<{opened.settings.base}graph/catalog> .".encode()
    return all(line.endswith(own) for line in version.quads.split(b"\n"))
