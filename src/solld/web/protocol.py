"""Reads the operations of the SPARQL 1.1 Protocol: GET, POST form and POST body, query only.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from werkzeug.http import parse_options_header

from solld.endpoint.guard import READ_ONLY
from solld.errors import BadQuery, Refused, TooLarge, TooLong, Unsupported
from solld.rdf import NamedNode

FORM, BODY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
CHARSETS = ("iso-8859-1", "latin-1", "windows-1252", "us-ascii")  # of a form, where its bytes are not UTF-8
FIELDS = 1000  # parameters of a request
Pairs = list[tuple[str, str]]


@dataclass(frozen=True)
class Wanted:
    """A query operation: the query, if there is one, and the dataset that the client wants."""

    query: str | None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    format: str = ""  # an extension or media type that overrides Accept, from ?format=


def read(method: str, address: bytes, content_type: str, body: bytes, limit: int) -> Wanted:
    """What a request asks. `limit` is of the query, in bytes."""
    found = pairs(address, "utf-8", "the address")
    if method == "POST":
        media_type, options = parse_options_header(content_type)
        charset = options.get("charset", "utf-8")
        match media_type.lower():
            case "application/sparql-query":
                if any(name == "query" for name, _ in found):
                    raise BadQuery("the query stands both in the address and in the body")
                if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
                    raise Unsupported(f"a query in a body is UTF-8, not {charset}")
                found.append(("query", decoded(body, "utf-8")))
            case "application/x-www-form-urlencoded":
                found += pairs(body, charset if charset.lower() in CHARSETS else "utf-8", "the form")
            case "application/sparql-update":
                raise Refused(READ_ONLY)
            case _:
                raise Unsupported(f"send {FORM} or {BODY}, not {media_type or 'nothing'!r}")
    return _operation(method, found, limit)


def _operation(method: str, found: Pairs, limit: int) -> Wanted:
    queries = values(found, "query")
    if values(found, "update"):
        raise Refused(READ_ONLY)
    if len(queries) > 1:
        raise BadQuery("there is more than one query parameter")
    if method == "POST" and not queries:
        raise BadQuery("there is no query parameter")
    default, named = values(found, "default-graph-uri"), values(found, "named-graph-uri")
    check_iris((*default, *named))
    query = queries[0] if queries else None
    if query is not None:
        _check_size(query, method, limit)
    return Wanted(query, default, named, next(iter(values(found, "format")), ""))


def _check_size(query: str, method: str, limit: int) -> None:
    size = len(query.encode("utf-8", "surrogatepass"))
    if size > limit:
        kind = TooLarge if method == "POST" else TooLong
        raise kind(f"the query has {size} bytes", "sparql.bytes", limit, "bytes")


def check_iris(iris: Iterable[str]) -> None:
    """BadQuery for what is not an absolute IRI."""
    for iri in iris:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise BadQuery(f"{iri!r} is not an absolute IRI: {error}") from error


def values(found: Pairs, wanted: str) -> tuple[str, ...]:
    """All values of a parameter."""
    return tuple(value for name, value in found if name == wanted)


def pairs(text: bytes, charset: str, where: str) -> Pairs:
    """The parameters of an address or a form, decoded once."""
    try:
        return parse_qsl(
            decoded(text, charset), keep_blank_values=True, encoding=charset, errors="strict", max_num_fields=FIELDS
        )
    except UnicodeDecodeError as error:
        raise BadQuery(f"{where} is not percent-encoded {charset.upper()}: {error.reason}") from error
    except ValueError as error:
        raise BadQuery(f"{where} has more than {FIELDS} parameters") from error


def decoded(body: bytes, charset: str) -> str:
    """The text of a body. BadQuery where it is not in its charset."""
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError) as error:
        raise BadQuery(f"the body is not {charset}: {error}") from error
