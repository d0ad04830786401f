"""The past of a document in its Link header, also where it is gone: RFC 7089 and RFC 5829."""

from collections.abc import Sequence

from flask import request

from solld import memento
from solld.addresses import document_path, version_path
from solld.memento import Memento, Timeline
from solld.model import Moment
from solld.service import Service


def line_of(opened: Service, about: str) -> list[Moment]:
    """The versions of what is at a path, up to the release that is served; none without a history."""
    line = opened.past.line(opened.settings.base + about) if opened.past else []
    return [moment for moment in line if moment.release <= opened.release.number]


def timeline(opened: Service, about: str, line: Sequence[Moment]) -> Timeline:
    """The addresses of the past. Absolute, for clients do not resolve them, and at this host, where they are."""
    root = request.url_root
    document = document_path(about)
    mementos = tuple(Memento(root + version_path(about, m.seq), m.time, m.seq) for m in memento.live(line))
    return Timeline(root + document, f"{root}timegate/{document}", f"{root}timemap/{document}", mementos)


def links(opened: Service, about: str) -> list[str]:
    """What a document, or its tombstone, says of its past; nothing for what has none."""
    line = line_of(opened, about)
    if not line:
        return []
    return [
        *memento.links(timeline(opened, about, line)),
        f'</{document_path(about)}/versions>; rel="version-history"',
    ]
