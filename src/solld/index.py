"""The index of names of a release: the home of tantivy.

One document for each resource that has a name:

    iri     raw, stored          joined  raw    a name without its blanks, each of its names
    name    stored, the first    key     raw    what it is known by beside its words: numbers, domains, places
    record  stored bytes         type    raw    its classes and those above them
    word    raw, folded words of its names     space   raw, stored    the first part of its path: id, scheme ...

It is a cache: a build can always make it again. Its segment files never change, so a release's index starts as hard
links to the one before. `VERSION` is in the manifest of a release, for an index that another engine has made may have
other fields.
"""

import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import tantivy

from solld.errors import StoreFailed, Unavailable

VERSION = 5
COUNTED = 100  # resources that have a word, from which on some more or less tell nothing
HEAP = 64 * 2**20  # bytes that the writer may hold before it writes a segment
RAW = ("joined", "key", "type", "space", "word")
KEY = 0.5  # how much a key counts beside words of its rarity: a place is shared by many, and is not to hide a name
CALLED = 2.0  # the same of a whole name
BEGINS = 5.0  # of a name that begins so, among what has a word that does
LONG = 8  # letters from which on a word may have two typing errors
SHORT = 4  # letters below which a word may have none
OTHER = "this release has an index that another version of solld made: solld build and solld publish renew it"


@dataclass(frozen=True)
class Entry:
    """What the index has of a resource; one without names is not in it."""

    iri: str
    names: Sequence[str] = ()
    words: Iterable[str] = ()
    joined: Iterable[str] = ()
    keys: Iterable[str] = ()
    types: Iterable[str] = ()
    space: str = ""
    record: bytes = b""


@dataclass(frozen=True)
class Wanted:
    """What is looked for: any of these words, better those that have the keys too; of these classes, in this space."""

    words: Sequence[str] = ()
    joined: Sequence[str] = ()
    keys: Sequence[str] = ()
    types: Sequence[str] = ()  # any of them
    space: str = ""


@dataclass(frozen=True)
class Hit:
    """A document that was found; the higher the score, the more and the rarer words it has in common."""

    iri: str
    score: float
    record: bytes = field(repr=False)
    space: str = ""


def checkpoint(before: Path, folder: Path) -> None:
    """A copy of an index that shares its files; only the small list of segments is copied."""
    folder.mkdir(parents=True)
    for path in before.iterdir():
        if path.suffix in (".json", ".lock") or path.name.startswith("."):
            if path.suffix != ".lock":
                shutil.copy2(path, folder / path.name)
        else:
            os.link(path, folder / path.name)


def update(folder: Path, entries: Iterable[Entry], removed: Iterable[str]) -> int:
    """Replaces what the index has of resources. Returns how many documents it has then."""
    documents = ((each.iri, _document(each) if each.names else None) for each in entries)
    return written(folder, schema(), documents, removed)


def written(
    folder: Path,
    schema: tantivy.Schema,
    documents: Iterable[tuple[str, tantivy.Document | None]],
    removed: Iterable[str],
) -> int:
    """Replaces the documents of an index, by IRI; one that is None is taken away. Returns how many there are then."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(HEAP, 1)
        for iri in removed:
            writer.delete_documents_by_term("iri", iri)
        for iri, document in documents:
            writer.delete_documents_by_term("iri", iri)
            if document is not None:
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        return int(index.searcher().num_docs)
    except (OSError, ValueError) as error:
        raise StoreFailed(folder, str(error)) from error


def _document(entry: Entry) -> tantivy.Document:
    return tantivy.Document(
        iri=[entry.iri],
        name=[entry.names[0]],
        word=sorted(set(entry.words)),
        joined=sorted(set(entry.joined)),
        key=sorted(set(entry.keys)),
        type=sorted(set(entry.types)),
        space=[entry.space],
        record=[entry.record],
    )


def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("name", stored=True, tokenizer_name="raw", index_option="basic")
    for name in RAW:
        builder.add_text_field(name, stored=name == "space", tokenizer_name="raw", index_option="basic")
    builder.add_bytes_field("record", stored=True, indexed=False)
    return builder.build()


class Opened:
    """An index that is opened for reading when it is first asked. Unavailable if another engine has made it."""

    VERSION: int  # of the fields
    schema: Callable[[], tantivy.Schema]

    def __init__(self, folder: Path, version: int):
        self.folder, self.version = folder, version

    @property
    def there(self) -> bool:
        """Whether the release has an index that this engine can read."""
        return self.version == self.VERSION

    @cached_property
    def _index(self) -> tantivy.Index:
        if not self.there:
            raise Unavailable(OTHER, 60)
        try:
            return tantivy.Index(type(self).schema(), path=str(self.folder))
        except (OSError, ValueError) as error:
            raise StoreFailed(self.folder, str(error)) from error

    @cached_property
    def _searcher(self) -> tantivy.Searcher:
        return self._index.searcher()

    @property
    def size(self) -> int:
        """How many resources it has."""
        return int(self._searcher.num_docs)

    def _term(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._index.schema, name, value, "basic")

    def _boosted(self, name: str, value: str, boost: float) -> tantivy.Query:
        return tantivy.Query.boost_query(self._term(name, value), boost)


class Names(Opened):
    """The index of names of a release."""

    VERSION = VERSION
    schema = staticmethod(schema)

    def frequency(self, word: str) -> int:
        """How many resources have a folded word in their names."""
        found = int(self._searcher.doc_freq("word", word))
        if 1 < found <= COUNTED:  # the engine counts what was deleted, too, until it merges segments
            return int(self._searcher.search(self._term("word", word), 1).count or 0)  # type: ignore[attr-defined]
        return found

    def count(self, type_: str, space: str = "") -> int:
        """How many resources have a class."""
        query = self._among([], Wanted(types=(type_,), space=space))
        found = self._searcher.search(query, 1)
        return int(found.count or 0)  # type: ignore[attr-defined]

    def near(self, wanted: Wanted, limit: int) -> list[Hit]:
        """Those that have any of the words, or that are called just so, best first."""
        options = [self._term("word", word) for word in wanted.words]
        options += [self._boosted("joined", each, CALLED) for each in wanted.joined]
        options += [self._boosted("key", each, KEY) for each in wanted.keys]
        return self._found(options, wanted, limit)

    def like(self, wanted: Wanted, limit: int) -> list[Hit]:
        """Those that have words with typing errors of these, or names that are written in one here, best first."""
        options = [self._fuzzy("word", word) for word in wanted.words]
        options += [self._fuzzy("joined", each) for each in wanted.joined if len(each) > SHORT]
        options += [self._boosted("key", each, KEY) for each in wanted.keys]
        return self._found(options, wanted, limit)

    def known_by(self, keys: Sequence[str], limit: int, space: str = "") -> list[Hit]:
        """Those that have any of the keys."""
        if not keys:
            return []
        return self._found([self._term("key", each) for each in keys], Wanted(space=space), limit)

    def beginning(self, words: Sequence[str], wanted: Wanted, limit: int, offset: int = 0) -> list[Hit]:
        """Those whose names have these words, the last of which may be cut; all, without words.

        First what is called just so, then what has a name that begins so.
        """
        musts = [self._term("word", word) for word in words[:-1]]
        if words:
            typed = "".join(words)
            last = tantivy.Query.const_score_query(self._cut("word", words[-1]), 0.0)
            begins = tantivy.Query.const_score_query(self._cut("joined", typed), BEGINS)
            musts.append(tantivy.Query.boolean_query(_any([last, begins, self._boosted("joined", typed, CALLED)])))
            if len(words) > 1:
                musts.append(last)  # what begins so may have its words otherwise: "ab", "c" is no "a", "bc"
        return self._found([], wanted, limit, offset, musts)

    def of(self, iri: str) -> Hit | None:
        """What the index has of a resource."""
        hits = self._searcher.search(self._term("iri", iri), 1).hits
        return self._hit(*hits[0]) if hits else None

    def __contains__(self, iri: str) -> bool:
        return int(self._searcher.doc_freq("iri", iri)) > 0 and self.of(iri) is not None

    # Queries ----------------------------------------------------------------------------------------------------------

    def _found(
        self,
        options: Sequence[tantivy.Query],
        wanted: Wanted,
        limit: int,
        offset: int = 0,
        musts: Sequence[tantivy.Query] = (),
    ) -> list[Hit]:
        if not options and not musts and not wanted.types and not wanted.space:
            return []
        if options and wanted.space and not (musts or wanted.types or offset):
            # A filter doubles the time of a search, and nearly all that has a name is in the space that is asked for.
            hits = self._hits(tantivy.Query.boolean_query(_any(options)), limit)
            if all(each.space == wanted.space for each in hits):
                return hits
        query = self._among([*musts, *([tantivy.Query.boolean_query(_any(options))] if options else [])], wanted)
        return self._hits(query, limit, offset)

    def _hits(self, query: tantivy.Query, limit: int, offset: int = 0) -> list[Hit]:
        hits = self._searcher.search(query, limit, count=False, offset=offset).hits
        return [self._hit(score, address) for score, address in hits]

    def _among(self, musts: Sequence[tantivy.Query], wanted: Wanted) -> tantivy.Query:
        filters = [tantivy.Query.const_score_query(self._term("space", wanted.space), 0.0)] if wanted.space else []
        if wanted.types:
            of = tantivy.Query.boolean_query(_any([self._term("type", each) for each in wanted.types]))
            filters.append(tantivy.Query.const_score_query(of, 0.0))
        return tantivy.Query.boolean_query([(tantivy.Occur.Must, each) for each in (*musts, *filters)])

    def _hit(self, score: float, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        iri, space = (str(document.get_first(name)) for name in ("iri", "space"))
        return Hit(iri, float(score or 0), bytes(document.get_first("record") or b""), space)

    def _cut(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.regex_query(self._index.schema, name, re.escape(value) + ".*")

    def _fuzzy(self, name: str, value: str) -> tantivy.Query:
        if len(value) < SHORT:
            return self._term(name, value)
        return tantivy.Query.fuzzy_term_query(self._index.schema, name, value, 2 if len(value) >= LONG else 1, True)


def _any(options: Sequence[tantivy.Query]) -> list[tuple[tantivy.Occur, tantivy.Query]]:
    return [(tantivy.Occur.Should, each) for each in options]
