"""Writes the store of a release: whole, or a copy of the one before with what changed; with the merged view beside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph

from solld.errors import StoreFailed
from solld.merged import Merged
from solld.rdf import DEFAULT, NamedNode, Quad, RdfFormat, document_of, parse, without_graph

PLAIN = Merged()


def checkpoint(before: Path, folder: Path) -> None:
    """A copy of a release's store that shares its files by hard links."""
    try:
        pyoxigraph.Store.read_only(str(before)).backup(str(folder))
    except OSError as error:
        raise StoreFailed(folder, str(error)) from error


def fill(folder: Path, things: Iterable[tuple[list[bytes], list[bytes]]]) -> int:
    """A new store from N-Quads lines of named graphs, and those that are in the merged view; its number of quads."""
    whole = folder.with_suffix(".nq")  # in one file, for a second load would have to make room within the first
    try:
        with whole.open("wb") as file:
            for lines, seen in things:
                file.writelines(line + b"\n" for line in lines)
                file.writelines(without_graph(line) + b"\n" for line in seen)
        store = pyoxigraph.Store(str(folder))
        store.bulk_load(path=str(whole), format=RdfFormat.N_QUADS)
        store.flush()
        return len(store)
    except (OSError, RuntimeError) as error:
        raise StoreFailed(folder, str(error)) from error
    finally:
        whole.unlink(missing_ok=True)


@dataclass(frozen=True)
class Contested:
    """N-Quads lines of things of which several sources speak, as the merged view has them or not."""

    has: Sequence[bytes] = ()
    out: Sequence[bytes] = ()
    before: Sequence[bytes] = ()  # those that it did not have


def change(
    folder: Path,
    removed: bytes,
    added: bytes,
    before: Merged = PLAIN,
    after: Merged = PLAIN,
    contested: Contested = Contested(),
) -> int:
    """Applies N-Quads of named graphs to a store and keeps its merged view; returns how its number of quads changed.

    Additions hold what removals may take along, too (see Delta.entering). Identifiers may have led elsewhere before;
    for the rest both views are made in the same way.
    """
    try:
        store = pyoxigraph.Store(str(folder))
        out, into = _quads(removed), _quads(added)
        moved = before.leading.differs(after.leading)
        doubtful = dict.fromkeys(_viewed((*out, *_mentioning(store, moved)), before))
        difference = -_remove(store, out) + _add(store, into)
        difference -= _remove(store, [quad for quad in doubtful if not _stated(store, quad, after)])
        difference += _add(store, list(_viewed((*into, *_mentioning(store, moved)), after)))
        difference += _settle(store, after, contested)
        store.flush()
        return difference
    except (OSError, RuntimeError) as error:
        raise StoreFailed(folder, str(error)) from error


def _settle(store: pyoxigraph.Store, view: Merged, contested: Contested) -> int:
    """Takes what another source's word stands against out of the merged view; returns how the number changed."""
    has, out, before = (
        [Quad(q.subject, q.predicate, q.object, DEFAULT) for q in _quads(b"\n".join(lines))]
        for lines in (contested.has, contested.out, contested.before)
    )
    difference = _add(store, [quad for quad in before if _stated(store, quad, view)])
    return difference - _remove(store, out) + _add(store, has)


def _viewed(quads: Iterable[Quad], view: Merged) -> Iterator[Quad]:
    """Quads of named graphs as a merged view has them, if their graph is in it."""
    return (view.leading.merged(quad) for quad in quads if view.has(str(getattr(quad.graph_name, "value", ""))))


def _mentioning(store: pyoxigraph.Store, iris: Iterable[str]) -> list[Quad]:
    """The quads of named graphs about these, or that point at them."""
    found = []
    for iri in sorted(iris):
        node = NamedNode(iri)
        for quads in (store.quads_for_pattern(node, None, None), store.quads_for_pattern(None, None, node)):
            found += [quad for quad in quads if quad.graph_name != DEFAULT]
    return found


def pointing(folder: Path, iris: Iterable[str], by: Iterable[str] = ()) -> set[str]:
    """The resources that a source says something of these of, in a store that is not written.

    `by` are the predicates that count; without any, all do.
    """
    predicates: Sequence[NamedNode | None] = [NamedNode(each) for each in by] or [None]
    patterns = [(predicate, NamedNode(iri)) for iri in sorted(iris) for predicate in predicates]
    try:
        store = pyoxigraph.Store.read_only(str(folder))
        found = (quad for pattern in patterns for quad in store.quads_for_pattern(None, *pattern))
        return {document_of(quad.subject.value) for quad in found if quad.graph_name != DEFAULT}  # type: ignore[union-attr]
    except OSError as error:
        raise StoreFailed(folder, str(error)) from error


def _quads(text: bytes) -> list[Quad]:
    return list(parse(text, format=RdfFormat.N_QUADS))


def _stated(store: pyoxigraph.Store, merged: Quad, view: Merged) -> bool:
    """Whether a named graph that is in the merged view has what makes a quad of it."""
    to = view.leading
    for subject in to.sources(merged.subject):
        for object_ in to.sources(merged.object):
            for other in store.quads_for_pattern(subject, merged.predicate, object_, None):  # type: ignore[arg-type]
                # A pattern with a literal may match more than was asked (see EmbeddedStore.quads): each is looked up,
                # as it is asked for, since the store gives numbers back without digits that do not count.
                asked = Quad(subject, merged.predicate, object_, other.graph_name)  # type: ignore[arg-type]
                if merged in map(to.merged, _named((asked,), view)) and asked in store:
                    return True
    return False


def _named(quads: Iterable[Quad], view: Merged) -> Iterator[Quad]:
    return (q for q in quads if q.graph_name != DEFAULT and view.has(str(getattr(q.graph_name, "value", ""))))


def _remove(store: pyoxigraph.Store, quads: Iterable[Quad]) -> int:
    number = 0
    for quad in quads:
        if quad in store:
            store.remove(quad)
            number += 1
    return number


def _add(store: pyoxigraph.Store, quads: Iterable[Quad]) -> int:
    before = [quad for quad in quads if quad not in store]
    store.extend(before)
    counted = pyoxigraph.Store()  # it rewrites literals as the other does: two that differ may be one there
    counted.extend(before)
    return len(counted)
