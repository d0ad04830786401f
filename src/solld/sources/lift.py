"""Lifts rows to triples, by a dataset's own `lift.rq`: a CONSTRUCT over one row after another.

    PREFIX column: <urn:x-solld:column:>           the cells of a column just as they are
    PREFIX text: <urn:x-solld:text:>               the same read in one of the ways of readings.py
    PREFIX latitude: <urn:x-solld:latitude:>
    CONSTRUCT { ?thing skos:prefLabel ?name ; geo:lat ?latitude }
    WHERE {
      ?row column:Identifier ?key BIND(IRI(ENCODE_FOR_URI(?key)) AS ?thing)
      { ?row text:Full%20name ?text BIND(STRLANG(?text, "en") AS ?name) }
      UNION { ?row latitude:Lat ?latitude }
    }

What a column is called stands there as ENCODE_FOR_URI writes it, but for colons.

Relative IRIs are source keys of the dataset. What a source in RDF says of the records is there too, as it says it.
Numbers are hidden in datatypes of ours: the engine would write 48.1370 as 48.137 if it knew that it is one.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import quote, unquote

from solld import ingest
from solld.errors import BadQuery, SourceFailed
from solld.ingest import Lines
from solld.rdf import XSD, Literal, NamedNode, Quad, n_triples
from solld.sources import Row
from solld.sources.readings import LITERAL, READINGS
from solld.sparql.tokens import tokens
from solld.stores.embedded import EmbeddedStore

SPACE, ROW, COLUMN, ABOUT = "urn:x-solld:", "urn:x-solld:row:", "urn:x-solld:column:", "urn:x-solld:about"
BATCH = 100  # rows that are lifted at once; more are slower
PREFIX = re.compile(r"PREFIX\s+([\w-]*):\s*<urn:x-solld:([a-z]+):>", re.IGNORECASE)
WHOLE = re.compile(r"<urn:x-solld:([a-z]+):([^>]*)>")
Read = Mapping[str, tuple[str, ...]]  # column -> the readings of it that a query asks for


def column(name: str, reading: str = "column") -> str:
    """The IRI of a column."""
    return f"{SPACE}{reading}:{local(name)}"


def local(name: str) -> str:
    """The name of a column as it stands in an IRI, and after a prefix."""
    return quote(name, safe=":")


@lru_cache
def asked(query: str) -> Read:
    """Which columns a query reads, and how."""
    found: dict[str, dict[str, None]] = {}
    prefixes = dict(PREFIX.findall(query))
    named = [(r, name) for r, name in WHOLE.findall(query) if name]
    for prefix, reading in prefixes.items():
        name = rf"(?<![\w-]){re.escape(prefix)}:((?:[\w:.-]|%[0-9A-Fa-f]{{2}}|\\.)*(?:[\w:-]|%[0-9A-Fa-f]{{2}}|\\.))"
        named += [(reading, each.replace("\\", "")) for each in re.findall(name, query)]
    for reading, name in named:
        if reading == "column" or reading in READINGS:
            found.setdefault(unquote(name), {})[reading] = None
    return {name: tuple(readings) for name, readings in found.items()}


@dataclass(frozen=True)
class Lifted:
    """What a batch of rows became: N-Triples lines by the resource that they are said of."""

    own: tuple[Lines, ...]  # for each row what is said of the thing that it is about
    shared: Lines  # what rows speak of besides


def lift(rows: Iterable[Row], query: str, base: str) -> Iterator[bytes]:
    """The N-Triples lines of all rows, each once in a batch."""
    for _, lifted in batches(rows, query, base):
        for lines in (*lifted.own, lifted.shared):
            for said in lines.values():
                yield from said


def batches(rows: Iterable[Row], query: str, base: str) -> Iterator[tuple[list[Row], Lifted]]:
    """Rows, a batch after another, with what they became. SourceFailed, with where the rows are, for a bad query."""
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        yield batch, lifted(batch, query, base)


def lifted(rows: Sequence[Row], query: str, base: str) -> Lifted:
    """What some rows became. Which row a thing is of can be told if the query calls them ?row and ?thing."""
    marked = _marked(query)
    if not marked and len(rows) > 1:
        return _together([lifted([row], query, base) for row in rows])
    named = ingest.grouped(_text(rows, marked or query, base))
    if not marked:
        return Lifted((named,), {})
    about = [named.pop(f"{ROW}{number}", []) for number in range(len(rows))]
    things = [{line[line.rindex(b"<") + 1 : -3].partition(b"#")[0].decode() for line in lines} for lines in about]
    often = Counter(thing for each in things for thing in each)
    double = [number for number, each in enumerate(things) if any(often[thing] > 1 for thing in each)]
    if double and len(rows) > 1:  # rows that are about the same thing are lifted each on its own
        alone = {number: lifted([rows[number]], query, base) for number in double}
        rest = [row for number, row in enumerate(rows) if number not in alone]
        others = iter(_each(lifted(rest, query, base)) if rest else ())
        return _together([alone[n] if n in alone else next(others) for n in range(len(rows))])
    own = tuple({thing: named[thing] for thing in each if thing in named} for each in things)
    mine = {thing for each in own for thing in each}
    return Lifted(own, {name: lines for name, lines in named.items() if name not in mine})


def _each(found: Lifted) -> list[Lifted]:
    return [Lifted((own,), found.shared if number == 0 else {}) for number, own in enumerate(found.own)]


def _together(found: Iterable[Lifted]) -> Lifted:
    own: list[Lines] = []
    shared: dict[str, list[bytes]] = {}
    for each in found:
        own += each.own
        for name, lines in each.shared.items():
            shared[name] = sorted({*shared.get(name, ()), *lines})
    return Lifted(tuple(own), shared)


@lru_cache
def _marked(query: str) -> str:
    """The query with a triple that tells what each row is about; "" if it does not name its rows and things so."""
    found = list(tokens(query))
    names = {token.text[1:] for token in found if token.kind == "VAR"}
    start = next((n for n, token in enumerate(found) if token.text.upper() == "CONSTRUCT"), None)
    if start is None or start + 1 >= len(found) or found[start + 1].text != "{" or not {"row", "thing"} <= names:
        return ""
    place = found[start + 1].start + 1
    return f"{query[:place]} ?row <{ABOUT}> ?thing . {query[place:]}"


def _text(rows: Sequence[Row], query: str, base: str) -> bytes:
    store = EmbeddedStore.of(_quads(rows, asked(query)))
    try:
        triples = store.construct(f"BASE <{base}>\n{query}")
    except BadQuery as error:
        raise SourceFailed(f"the lift of {rows[0].place} to {rows[-1].place}", str(error)) from error
    return n_triples(triples).replace(f"^^<{LITERAL}".encode(), f"^^<{XSD.iri}".encode())


def _quads(rows: Iterable[Row], read: Read) -> Iterator[Quad]:
    predicates = {name: [(each, NamedNode(column(name, each))) for each in asked] for name, asked in read.items()}
    for number, row in enumerate(rows):
        node = NamedNode(f"{ROW}{number}")
        for name, readings in predicates.items():
            for value in row.cells.get(name, ()):
                for reading, predicate in readings:
                    for found in _read(value, reading):
                        yield Quad(node, predicate, found)
        for each in row.triples:
            yield Quad(
                each.subject, each.predicate, _kept(each.object) if isinstance(each.object, Literal) else each.object
            )


def _read(value: str | Literal, reading: str) -> Iterator[Literal]:
    """What a reading gives of a cell; a language that the source says stays."""
    if reading == "column":
        yield _kept(value) if isinstance(value, Literal) else Literal(value)
        return
    text, language = (value.value, value.language) if isinstance(value, Literal) else (value, None)
    for found in READINGS[reading](text):
        if isinstance(found, Literal) and not (found.language and language):
            yield found
        else:
            said = found.value if isinstance(found, Literal) else found
            yield Literal(said, language=language) if language else Literal(said)


def _kept(literal: Literal) -> Literal:
    """The literal as one that the engine does not rewrite."""
    datatype = literal.datatype.value
    if literal.language or datatype == XSD.string.value or not datatype.startswith(XSD.iri):
        return literal
    return Literal(literal.value, datatype=NamedNode(LITERAL + datatype.removeprefix(XSD.iri)))
