"""The index of names of a release: the home of tantivy.

One document for each resource that has a name: iri (raw, stored) | name (folded words, stored) | type (raw).
It is a cache: a build can always make it again. Its segment files never change, so a release's index starts as hard
links to the one before.
"""

import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy

from solld.errors import StoreFailed
from solld.rdf import RDF, Literal, RdfFormat, parse

HEAP = 64 * 2**20  # bytes that the writer may hold before it writes a segment
FOLDED = "folded"
TYPE = b" " + str(RDF.type).encode() + b" "


def checkpoint(before: Path, folder: Path) -> None:
    """A copy of an index that shares its files; only the small list of segments is copied."""
    folder.mkdir(parents=True)
    for path in before.iterdir():
        if path.suffix in (".json", ".lock") or path.name.startswith("."):
            if path.suffix != ".lock":
                shutil.copy2(path, folder / path.name)
        else:
            os.link(path, folder / path.name)


def update(folder: Path, entries: Iterable[tuple[str, Sequence[str], Sequence[str]]], removed: Iterable[str]) -> int:
    """Replaces the names of resources: entries are (iri, names, types). Returns how many documents the index has."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = _opened(folder)
        writer = index.writer(HEAP, 1)
        for iri in removed:
            writer.delete_documents_by_term("iri", iri)
        for iri, names, types in entries:
            writer.delete_documents_by_term("iri", iri)
            if names:
                writer.add_document(tantivy.Document(iri=[iri], name=list(names), type=list(types)))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return int(index.searcher().num_docs)
    except (OSError, ValueError) as error:
        raise StoreFailed(folder, str(error)) from error


def entry(name: str, lines: Iterable[bytes], labels: set[str]) -> tuple[str, list[str], list[str]]:
    """(IRI, names, types) of a resource, from what is said of it; `labels` are the predicates of names."""
    kept = {f"<{each}>".encode() for each in labels} | {TYPE.strip()}
    wanted = [line for line in lines if line.split(b" ", 2)[1] in kept]
    names, types = [], []
    for quad in parse(b"\n".join(wanted), format=RdfFormat.N_QUADS):
        if quad.subject.value != name:
            continue
        if isinstance(quad.object, Literal):
            names.append(quad.object.value)
        elif quad.predicate == RDF.type:
            types.append(quad.object.value)
    return name, sorted(set(names)), sorted(set(types))


def find(folder: Path, text: str, limit: int = 10) -> list[tuple[str, str]]:
    """(iri, name) of the resources whose name has these words, best first."""
    index = _opened(folder)
    query, _ = index.parse_query_lenient(text, ["name"], conjunction_by_default=True)
    searcher = index.searcher()
    hits = searcher.search(query, limit).hits
    documents = (searcher.doc(address) for _, address in hits)
    return [(str(d.get_first("iri")), str(d.get_first("name"))) for d in documents]


def _opened(folder: Path) -> tantivy.Index:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name=FOLDED)
    builder.add_text_field("type", tokenizer_name="raw", index_option="basic")
    index = tantivy.Index(builder.build(), path=str(folder))
    analyzer = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .build()
    )
    index.register_tokenizer(FOLDED, analyzer)
    return index
