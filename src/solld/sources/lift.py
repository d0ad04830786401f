"""Lifts rows to triples, by a dataset's own `lift.rq`: a CONSTRUCT over one row after another.

    PREFIX column: <urn:x-solld:column:>           a column of the row, its name as ENCODE_FOR_URI writes it
    PREFIX literal: <urn:x-solld:literal:>         a datatype of XML Schema whose text stays as it is
    CONSTRUCT { ?thing skos:prefLabel ?name ; geo:lat ?lat }
    WHERE {
      ?row column:Identifier ?key BIND(IRI(ENCODE_FOR_URI(?key)) AS ?thing)
      { ?row column:Name ?text BIND(STRLANG(?text, "en") AS ?name) }
      UNION { ?row column:Latitude ?text BIND(STRDT(?text, literal:decimal) AS ?lat) }
    }

Relative IRIs are source keys of the dataset. What a source in RDF says of the records is there too, as it says it.
Numbers are hidden in datatypes of ours: the engine would write 48.1370 as 48.137 if it knew that it is one.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import quote

from solld.errors import BadQuery, SourceFailed
from solld.rdf import XSD, Literal, NamedNode, Quad, n_triples
from solld.sources import Row
from solld.stores.embedded import EmbeddedStore

COLUMN, LITERAL, ROW = "urn:x-solld:column:", "urn:x-solld:literal:", "urn:x-solld:row:"
BATCH = 500  # rows that are lifted at once


def column(name: str) -> str:
    """The IRI of a column."""
    return COLUMN + quote(name, safe="")


def lift(rows: Iterable[Row], query: str, base: str) -> Iterator[bytes]:
    """N-Triples lines, a batch of rows after another. SourceFailed, with where the rows are, for a query that fails."""
    rest = iter(rows)
    while batch := list(islice(rest, BATCH)):
        store = EmbeddedStore.of(_quads(batch))
        try:
            triples = store.construct(f"BASE <{base}>\n{query}")
        except BadQuery as error:
            raise SourceFailed(f"the lift of {batch[0].place} to {batch[-1].place}", str(error)) from error
        text = n_triples(triples).replace(f"^^<{LITERAL}".encode(), f"^^<{XSD.iri}".encode())
        yield from dict.fromkeys(text.splitlines())


def _quads(rows: Iterable[Row]) -> Iterator[Quad]:
    for number, row in enumerate(rows):
        node = NamedNode(f"{ROW}{number}")
        for name, values in row.cells.items():
            predicate = NamedNode(column(name))
            for value in values:
                yield Quad(node, predicate, _kept(value) if isinstance(value, Literal) else Literal(value))
        for each in row.triples:
            yield Quad(
                each.subject, each.predicate, _kept(each.object) if isinstance(each.object, Literal) else each.object
            )


def _kept(literal: Literal) -> Literal:
    """The literal as one that the engine does not rewrite."""
    datatype = literal.datatype.value
    if literal.language or datatype == XSD.string.value or not datatype.startswith(XSD.iri):
        return literal
    return Literal(literal.value, datatype=NamedNode(LITERAL + datatype.removeprefix(XSD.iri)))
