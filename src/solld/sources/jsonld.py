"""JSON-LD 1.1 with pinned contexts: what is said in it becomes triples, and these rows. https://www.w3.org/TR/json-ld11/

Numbers keep their digits, and dirt that is plain to see is cleaned: blanks in IRIs, underscores in tags of languages.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import IO, Any
from urllib.parse import quote

from pyld import jsonld

from solld.errors import SourceFailed
from solld.rdf import DEFAULT, XSD, BlankNode, Literal, NamedNode, Quad, Triple
from solld.sources import Row, Source
from solld.sources.contexts import is_pinned, load
from solld.sources.names import RELATIVE
from solld.sources.records import rows

STANDARD = "https://www.w3.org/TR/json-ld11/"
MARK = b"\xef\xbb\xbf"
LARGEST = 64 * 2**20  # bytes, of which the text and its objects are held
KEYWORD = re.compile(rb'"@(?:context|graph|id|type)"\s*:')
EMPTY = re.compile(rb'"@context"\s*:\s*(?:\{\s*\}|\[\s*\]|""|null)')
CONTEXT = re.compile(rb'"@context"\s*:\s*(?:"([^"\\]*)"|\[([^\]{}]*))')  # one that is referred to, or several
MEANT = re.compile(rb'"@context"\s*:|"https?://[^"\\\s]{1,300}"\s*+:')  # a context, or keys that are IRIs
REFERRED = re.compile(rb'"([^"\\]*)"')
OBJECTS = re.compile(rb"\[\s*\{")
TAG = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
KEPT = "%:/?#[]@!$&'()*+,;=~"  # what an IRI has as it is (RFC 3987), beside letters and digits of any alphabet
WRITTEN = "urn:x-solld:written:"  # of a datatype whose texts pyld would write in its own way
Expanded = list[Any]
FAILURES = (jsonld.JsonLdError, ValueError, TypeError, AttributeError, RecursionError)  # of pyld: it fails in any way
PART = 500  # nodes that are expanded at once
PARTED = {"@context", "@graph"}
LABEL = re.compile(r'"_:')


class Digits(float):
    """A number that knows how it is written."""

    text: str


def likes(head: bytes) -> float:
    """Whether it is JSON with what only JSON-LD has.

    With a context that is not known, a list of objects is rather read as JSON; without one, this tells which it is.
    """
    text = head.removeprefix(MARK).lstrip()
    if text[:1] not in (b"{", b"[") or not KEYWORD.search(text):
        return 0.0
    named = [url for one, several in CONTEXT.findall(text) for url in ([one] if one else REFERRED.findall(several))]
    unknown = any(not is_pinned(url.decode("utf-8", "replace")) for url in named)
    if not MEANT.search(text) or EMPTY.search(text):  # XML that became JSON has an @id too
        return 0.5
    return 0.5 if unknown and OBJECTS.search(text) else 0.85


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each record. SourceFailed for what is no JSON-LD, and for a context that is not known."""
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise SourceFailed("the file", f"is larger than {LARGEST // 2**20} MB, and JSON-LD is read whole")
    try:
        text = content.removeprefix(MARK).decode()
    except UnicodeDecodeError as error:
        raise SourceFailed("the file", f"is not UTF-8: {error.reason} at byte {error.start}") from error
    return rows(triples(expanded(part, where or RELATIVE) for part in _parts(text)))


def _parts(text: str) -> Iterator[Any]:
    """The document in parts that mean the same: expanding takes seventy times the memory of a text.

    Only what is a list at the top has parts, and only if no blank node in it has a label that two could share.
    """
    document = loads(text)
    context = document.get("@context") if isinstance(document, dict) else None
    nodes = document.get("@graph") if isinstance(document, dict) and document.keys() <= PARTED else document
    if not isinstance(nodes, list) or len(nodes) <= PART or LABEL.search(text):
        yield document
        return
    for start in range(0, len(nodes), PART):
        part = nodes[start : start + PART]
        yield part if nodes is document else {"@context": context, "@graph": part}


def loads(text: str) -> Any:
    """JSON whose numbers know their digits. SourceFailed with the line."""
    try:
        return json.loads(text, parse_float=_digits, parse_constant=_refuse, strict=False)
    except json.JSONDecodeError as error:
        raise SourceFailed(f"line {error.lineno}", f"this is not JSON: {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise SourceFailed("the file", f"this is not JSON: {error}") from error


def expanded(document: Any, base: str = RELATIVE) -> Expanded:
    """The document in expanded form (JSON-LD API section 5). SourceFailed with why it cannot be."""
    try:
        return list(jsonld.expand(document, {"base": base, "documentLoader": load}))
    except FAILURES as error:
        raise SourceFailed("the JSON-LD", _reason(error)) from error


def triples(documents: Iterable[Expanded]) -> Iterator[Triple]:
    """What expanded documents say, in whatever graphs."""
    for each in quads(documents):
        yield Triple(each.subject, each.predicate, each.object)


def quads(documents: Iterable[Expanded]) -> Iterator[Quad]:
    """What expanded documents say. Blank nodes of two are never the same, whatever they are called."""
    for number, document in enumerate(documents):
        try:
            found = jsonld.to_rdf(_clean(document), {"base": RELATIVE, "documentLoader": load})
        except FAILURES as error:
            raise SourceFailed("the JSON-LD", _reason(error)) from error
        for name, graph in found.items():
            where = DEFAULT if name == "@default" else _node({"value": name}, number)
            for each in graph:
                subject, value = _node(each["subject"], number), _term(each["object"], number)
                yield Quad(subject, NamedNode(each["predicate"]["value"]), value, where)


def iri(text: str) -> str:
    """The IRI that is meant; "" if none can be."""
    found = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text.strip())
    found = "".join(char if char.isalnum() or char in "-._" else quote(char, safe=KEPT) for char in found)
    try:
        return NamedNode(found).value
    except ValueError:  # then it is a text
        return ""


def _clean(value: Any) -> Any:
    """A node in expanded form with IRIs, tags and numbers that can be written as RDF."""
    if isinstance(value, list):
        return [_clean(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "@value" in value:
        return _literal(value)
    found: dict[str, Any] = {}
    for name, each in value.items():
        key = name if name.startswith("@") else _name(name)
        if key == "@type":
            found[key] = [kind for kind in map(_name, each) if kind]
        elif key and key != "@id":
            found[key] = _clean(each)
    name = _name(value.get("@id", ""))
    if name:
        found["@id"] = name
    return found or {"@value": value.get("@id", "")}  # nothing is lost, though it is no link


def _name(text: str) -> str:
    """The IRI or the label of a blank node that is meant; "" if none can be."""
    return text if text.startswith("_:") else iri(text)


def _literal(value: dict[str, Any]) -> dict[str, Any]:
    found = dict(value)
    if "@language" in found:
        found["@language"] = str(found["@language"]).strip().replace("_", "-")
        if not TAG.fullmatch(found["@language"]):
            del found["@language"]
    if found.get("@type") == "@json":
        return found
    if isinstance(found.get("@type"), str):
        found["@type"] = WRITTEN + (iri(found["@type"]) or XSD.string.value)
    number = found["@value"]
    if isinstance(number, int | float) and not isinstance(number, bool):
        found["@value"] = number.text if isinstance(number, Digits) else str(number)
        found.setdefault("@type", WRITTEN + _datatype(found["@value"]))
    return found


def _datatype(number: str) -> str:
    if re.fullmatch(r"-?\d+", number):
        return XSD.integer.value
    return XSD.decimal.value if re.fullmatch(r"-?\d+\.\d+", number) else XSD.double.value


def _node(term: dict[str, str], number: int) -> NamedNode | BlankNode:
    value = term["value"]
    return BlankNode(f"{value.removeprefix('_:')}d{number}") if value.startswith("_:") else NamedNode(value)


def _term(term: dict[str, str], number: int) -> NamedNode | BlankNode | Literal:
    if term["type"] != "literal":
        return _node(term, number)
    if term.get("language"):
        return Literal(term["value"], language=term["language"])
    datatype = term.get("datatype", XSD.string.value).removeprefix(WRITTEN)
    return Literal(term["value"], datatype=NamedNode(datatype))


def _digits(text: str) -> Digits:
    found = Digits(text)
    found.text = text
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")


def _reason(error: BaseException) -> str:
    """The innermost message: pyld wraps one error in another."""
    cause = getattr(error, "cause", None) or error.__cause__
    return _reason(cause) if cause else str(error)


SOURCE = Source("jsonld", "JSON-LD", STANDARD, ("application/ld+json",), likes, read)
