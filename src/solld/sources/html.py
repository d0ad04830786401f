"""HTML pages that say things: JSON-LD scripts, microdata, RDFa; and h-cards in a page that says nothing else.

What the page says in several ways becomes one graph, in which two records without an IRI are the same if they share a
type and a name. https://html.spec.whatwg.org/multipage/microdata.html https://www.w3.org/TR/html-rdfa/
https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents https://microformats.org/wiki/h-card
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import IO, Any
from urllib.parse import urljoin

import jstyleson
from extruct.jsonld import HTML_OR_JS_COMMENTLINE
from extruct.microformat import MicroformatExtractor
from extruct.rdfa import RDFaExtractor
from extruct.utils import parse_xmldom_html
from extruct.w3cmicrodata import MicrodataExtractor
from lxml.etree import LxmlError
from w3lib.encoding import html_to_unicode

from solld.errors import SourceFailed
from solld.rdf import RDF, BlankNode, Literal, NamedNode, Triple
from solld.sources import Cell, Row, Source
from solld.sources.jsonld import Expanded, expanded, loads, triples
from solld.sources.names import LABELS, RELATIVE, compact, written
from solld.sources.records import rows

STANDARD = "https://html.spec.whatwg.org/"
LARGEST = 16 * 2**20  # bytes of a page
BEGINS = re.compile(
    rb"(?>\s++|\xef\xbb\xbf|<\?xml.*?\?>|<!--.*?-->)*+<(?:!doctype\s+html|html|head|body|title|meta)\b", re.S | re.I
)
SAYS = re.compile(rb"application/ld\+json|\sitemscope\b|\stypeof\s*=|\sproperty\s*=|h-card", re.IGNORECASE)
LANG = re.compile(
    r"(<[A-Za-z][^<>]{0,2000}?\s)(lang\s*+=\s*+(?:\"[\w-]*+\"|'[\w-]*+'|[\w-]++))(?![^<>]{0,2000}\sxml:lang)"
)
Key = tuple[str, str]  # a type, and a name
CARD = "http://microformats.org/wiki/"


def likes(head: bytes) -> float:
    if not BEGINS.match(head):
        return 0.0
    return 0.8 if SAYS.search(head) else 0.3


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each record. SourceFailed if there is none, with what is wrong in the page if something is."""
    file.seek(0)
    content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise SourceFailed("the page", f"is larger than {LARGEST // 2**20} MB")
    _, text = html_to_unicode(None, content)
    wrong: list[SourceFailed] = []
    found = list(rows(_said(text, wrong, where)))
    if not found and wrong:
        raise wrong[0]
    yield from map(_as_written, found or rows(triples(_cards(text, where or RELATIVE))))


def _as_written(row: Row) -> Row:
    """Addresses that are relative in the page are so here, if where the page was is not known."""
    cells: dict[str, tuple[Cell, ...]] = {}
    for column, values in row.cells.items():
        kept = [written(value) if isinstance(value, str) else value for value in values]
        if any(kept):
            cells[column] = tuple(value for value in kept if value)
    return replace(row, cells=cells)


def _said(text: str, wrong: list[SourceFailed], where: str) -> Iterator[Triple]:
    """What the page says; what is broken in it goes to `wrong`, for the rest may be good."""
    try:
        tree = parse_xmldom_html(LANG.sub(r"\1\2 xml:\2", text), encoding="utf-8")
    except (LxmlError, ValueError) as error:
        raise SourceFailed("the page", f"is no HTML: {error}") from error
    base = _base(tree, where)
    documents: list[Expanded] = []
    ways: list[Callable[[], Iterator[Expanded]]] = [
        *(_script(number, script, base) for number, script in enumerate(_scripts(tree), 1)),
        lambda: iter([_items(_extracted("microdata", MicrodataExtractor(), tree, base), base)]),
        lambda: iter([expanded(_extracted("RDFa", RDFaExtractor(), tree, base), base)]),
    ]
    for way in ways:
        try:
            documents += way()
        except SourceFailed as failure:
            wrong.append(failure)
    return _joined([list(triples([document])) for document in documents])


def _extracted(name: str, extractor: Any, page: Any, base: str) -> list[dict[str, Any]]:
    try:
        return list(extractor.extract_items(page, base_url=base))
    except Exception as error:  # five libraries work on a page that may be anything, and each fails in its own way
        raise SourceFailed(f"the {name} of the page", f"cannot be read: {error or type(error).__name__}") from error


def _base(tree: Any, where: str) -> str:
    """What IRIs of the page are relative to (HTML section 2.4.3); where it was, a file may say in other ways."""
    said = [str(each).strip() for each in tree.xpath("//base/@href")]
    if where:
        return urljoin(where, said[0]) if said else where
    said += map(str.strip, tree.xpath("//link[@rel='canonical']/@href | //meta[@property='og:url']/@content"))
    return next((each for each in said if re.match(r"https?://[^\s/]", each)), RELATIVE)


def _scripts(tree: Any) -> list[str]:
    scripts = tree.xpath("//script[starts-with(translate(@type, 'ADJLNOPSIT', 'adjlnopsit'), 'application/ld+json')]")
    return [str(script.xpath("string()")) for script in scripts]


def _script(number: int, text: str, base: str) -> Callable[[], Iterator[Expanded]]:
    def read() -> Iterator[Expanded]:
        try:
            try:
                document = loads(text)
            except SourceFailed:  # people leave comments in it
                document = loads(jstyleson.dispose(HTML_OR_JS_COMMENTLINE.sub("", text)))
            yield expanded(document, base)
        except SourceFailed as failure:
            place = failure.place if failure.place.startswith("line") else ""
            raise SourceFailed(f"JSON-LD script {number}{place and f', {place} of it'}", failure.reason) from failure

    return read


def _items(items: Iterable[dict[str, Any]], base: str) -> Expanded:
    """Microdata as JSON-LD: a name that is no IRI is of the vocabulary of its type (Microdata to RDF, section 3)."""
    return [_item(item, "", base) for item in items]


def _item(item: dict[str, Any], vocabulary: str, base: str) -> dict[str, Any]:
    types = [each for each in _list(item.get("type", [])) if ":" in each]
    vocabulary = re.sub(r"[^/#]*$", "", types[0]) if types else vocabulary
    node: dict[str, Any] = {"@type": types} if types else {}
    if item.get("id"):
        node["@id"] = urljoin(base, item["id"])
    for name, values in item.get("properties", {}).items():
        if ":" in name or vocabulary:
            key = name if ":" in name else vocabulary + name
            node[key] = [_value(each, vocabulary, base) for each in _list(values)]
    return node


def _value(value: Any, vocabulary: str, base: str) -> dict[str, Any]:
    return _item(value, vocabulary, base) if isinstance(value, dict) else {"@value": str(value).strip()}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _cards(text: str, base: str) -> list[Expanded]:
    """The h-cards of a page, with properties as the wiki of microformats calls them."""
    found = _extracted("microformats", MicroformatExtractor(), text, base)
    return [[_card(each) for each in found if "h-card" in each.get("type", ())]]


def _card(item: dict[str, Any]) -> dict[str, Any]:
    node: dict[str, Any] = {"@type": [CARD + each for each in item.get("type", ())]}
    for name, values in item.get("properties", {}).items():
        iri = "https://schema.org/name" if name == "name" else CARD + name
        node[iri] = [_card(v) if isinstance(v, dict) and "properties" in v else {"@value": _text(v)} for v in values]
    return node


def _text(value: Any) -> str:
    return str(value.get("value", "") if isinstance(value, dict) else value)


def _joined(documents: list[list[Triple]]) -> Iterator[Triple]:
    """All that is said, with a node that has no IRI under the name of the one in another document that it is."""
    keys = [_keys(document) for document in documents]
    known: dict[Key, Any] = {}
    for is_blank in (False, True):  # one that has an IRI keeps it
        for number, found in enumerate(keys):
            for node, names in found.items():
                if isinstance(node, BlankNode) == is_blank:
                    known = {name: _scoped(node, number) for name in names} | known
    for number, document in enumerate(documents):
        same: dict[Any, Any] = {
            node: next((known[name] for name in names if name in known), _scoped(node, number))
            for node, names in keys[number].items()
            if isinstance(node, BlankNode)
        }
        for each in document:
            subject, value = (same.get(term, _scoped(term, number)) for term in (each.subject, each.object))
            yield Triple(subject, each.predicate, value)


def _keys(document: list[Triple]) -> dict[Any, list[Key]]:
    """node -> its types, each with what it is called, but for what two nodes of the document have."""
    types: dict[Any, list[str]] = {}
    names: dict[Any, list[str]] = {}
    for each in document:
        if each.predicate == RDF.type and isinstance(each.object, NamedNode):
            types.setdefault(each.subject, []).append(compact(each.object.value))
        elif compact(each.predicate.value) in LABELS and isinstance(each.object, Literal):
            names.setdefault(each.subject, []).append(" ".join(each.object.value.casefold().split()))
    found = {node: {(kind, name) for kind in types.get(node, ()) for name in said} for node, said in names.items()}
    often = Counter(key for each in found.values() for key in each)
    return {node: sorted(key for key in each if often[key] == 1) for node, each in found.items()}


def _scoped(term: Any, number: int) -> Any:
    return BlankNode(f"{term.value}p{number}") if isinstance(term, BlankNode) else term


SOURCE = Source(
    "html", "HTML with JSON-LD, microdata or RDFa", STANDARD, ("text/html", "application/xhtml+xml"), likes, read
)
