"""Reads the operations of the SPARQL 1.1 Protocol: GET, POST form and POST body, query only.

https://www.w3.org/TR/sparql11-protocol/#query-operation
"""

import re
from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from werkzeug.http import parse_options_header

from solld.endpoint.guard import READ_ONLY
from solld.errors import BadQuery, Refused, TooLarge, TooLong, Unsupported
from solld.rdf import NamedNode

FORM, BODY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
CHARSETS = ("iso-8859-1", "latin-1", "windows-1252", "us-ascii")  # of a form, where its bytes are not UTF-8
FIELDS = 1000  # parameters of a request
LONG = 10_000  # bytes
NO_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
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
                _check_encoded(body, limit)
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


def _check_encoded(form: bytes, limit: int) -> None:
    """Refuses a query that will be too long, before the time is spent to decode it."""
    for field in form.split(b"&", FIELDS):
        name, _, value = field.partition(b"=")
        least = len(value) - 2 * value.count(b"%")
        if name == b"query" and least > limit:
            raise TooLarge(f"the query has at least {least} bytes", "sparql.bytes", limit, "bytes")


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
    """The parameters of an address or a form, decoded once. https://url.spec.whatwg.org/#urlencoded-parsing"""
    fields = text.split(b"&", FIELDS)
    if len(fields) > FIELDS:
        raise BadQuery(f"{where} has more than {FIELDS} parameters")
    split = (field.partition(b"=") for field in fields if field)
    try:
        return [(_unquoted(name).decode(charset), _unquoted(value).decode(charset)) for name, _, value in split]
    except UnicodeDecodeError as error:
        raise BadQuery(f"{where} is not percent-encoded {charset.upper()}: {error.reason}") from error


def _unquoted(text: bytes) -> bytes:
    text = text.replace(b"+", b" ")
    if len(text) < LONG or NO_ESCAPE.search(text):
        return unquote_to_bytes(text)
    # The escapes of quoted-printable but for their sign. What decodes them is written in C: 900 kB of escapes take it
    # 5 ms, and the other one 150, in which nothing else that this process does gets on.
    return a2b_qp(text.replace(b"=", b"=3D").replace(b"%", b"="))


def decoded(body: bytes, charset: str) -> str:
    """The text of a body. BadQuery where it is not in its charset."""
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError) as error:
        raise BadQuery(f"the body is not {charset}: {error}") from error
