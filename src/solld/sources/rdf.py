"""RDF in files: Turtle, TriG, N-Triples, N-Quads and RDF/XML, told apart by how they begin.

https://www.w3.org/TR/turtle/ https://www.w3.org/TR/trig/ https://www.w3.org/TR/n-quads/
https://www.w3.org/TR/rdf-syntax-grammar/
"""

import codecs
import re
from collections.abc import Iterator
from io import BytesIO
from typing import IO, cast

from solld.errors import SourceFailed
from solld.rdf import Quad, RdfFormat, parse
from solld.sources import HEAD, Row, Source
from solld.sources.names import RELATIVE
from solld.sources.records import rows

STANDARD = "https://www.w3.org/TR/rdf11-concepts/"
MARK = codecs.BOM_UTF8
SYNTAX = b"http://www.w3.org/1999/02/22-rdf-syntax-ns#"
LONGEST = 200  # bytes of an entity: those of real files are namespaces
# A file may be made to keep a pattern busy: what is possessive (*+) or in a lookahead is tried in one way only.
COMMENTS = re.compile(rb"(?:\s|#[^\r\n]*+)*+")
TERM = rb"(?:<(?=[^<>\s]*[:#/])[^<>\"{}|^`\\\s]*+>|_:[\w.-]++)"
DIRECTIVE = re.compile(rb"@(?:prefix|base|version)\b|(?:PREFIX\s+[\w.-]*:|BASE)\s*<|VERSION\s+[\"']", re.IGNORECASE)
PROLOGUE = re.compile(  # of SPARQL, which Turtle has too
    rb"(?>\s++|#[^\r\n]*+|PREFIX\s++[\w.-]*+:\s*+<[^<>]*+>|BASE\s*+<[^<>]*+>)*+", re.IGNORECASE
)
QUERY = re.compile(rb"(?:SELECT|CONSTRUCT|ASK|DESCRIBE|INSERT|DELETE|LOAD|CLEAR|DROP|CREATE|WITH)\b", re.IGNORECASE)
TRIPLE = re.compile(
    rb"(?:%(term)b|\[\s*+\])\s*+(?:<[^<>\s]*+>|a\b)\s*+[<\"_'\[(\w+-]"
    rb"|\[\s*+a\s++<|(?:GRAPH\s++)?(?:%(term)b)?\s*+\{\s*+%(term)b" % {b"term": TERM}
)
LINE = re.compile(
    rb"#.*|%(term)b\s*+<[^<>\s]*+>\s*+(?:%(term)b|\"(?:[^\"\\]|\\.)*+\"(?:@[\w-]++|\^\^<[^<>\s]*+>)?)"
    rb"\s*+(?:%(term)b\s*+)?\.\s*+(?:#.*)?" % {b"term": TERM}
)
XML = re.compile(rb"<(?:\?xml|!DOCTYPE\s|!--|[A-Za-z_][\w.-]*(?::[\w.-]+)?(?:\s+[\w:.-]+\s*=|\s*/?>))")
PROLOG = re.compile(rb"(?>\s++|<\?.*?\?>|<!--.*?-->)*+", re.DOTALL)
DOCTYPE = re.compile(rb"<!DOCTYPE\s[^\[>]*(?:\[(.*?)\]\s*)?>", re.DOTALL)
ENTITY = re.compile(rb"<!ENTITY\s+([\w.-]+)\s+(?:\"([^\"]*)\"|'([^']*)')\s*>")
ROOT = re.compile(rb"<([A-Za-z_][\w.-]*:)?([\w.-]+)([^>]*)>")
ENCODING = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)")


def likes(head: bytes) -> float:
    """Whether it begins like a document of one of these languages, before or after comments."""
    text = head.removeprefix(MARK)
    if _is_xml(text):
        return 0.95 if _is_rdf_xml(text) else 0.0
    begin = _end(COMMENTS, text, 0)
    if DIRECTIVE.match(text, begin):
        return 0.0 if QUERY.match(text, _end(PROLOGUE, text, begin)) else 0.95
    return 0.9 if TRIPLE.match(text, begin) else 0.0


def read(file: IO[bytes], where: str = "") -> Iterator[Row]:
    """A row for each record. SourceFailed with the line of what is no RDF."""
    return rows(quads(file, where or RELATIVE))


def quads_of(content: bytes, base: str = RELATIVE) -> Iterator[Quad]:
    """What a document held in memory says."""
    return quads(BytesIO(content), base)


def quads(file: IO[bytes], base: str = RELATIVE) -> Iterator[Quad]:
    """What a file says, with its numbers as they are written. SourceFailed with the line of what is no RDF."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(len(MARK) if head.startswith(MARK) else 0)
    syntax = syntax_of(head)
    source: IO[bytes] = file
    if syntax == RdfFormat.RDF_XML:
        _refuse_entities(head)
        source = _in_utf8(file, head)
    try:
        yield from parse(source, format=syntax, base_iri=base)
    except SyntaxError as error:
        line = error.lineno
        raise SourceFailed(f"line {line}" if line else "the file", f"this is not {syntax.name}: {error.msg}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceFailed("the file", f"cannot be read: {error}") from error


def syntax_of(head: bytes) -> RdfFormat:
    """What a file is written in. Turtle and N-Triples are TriG too."""
    text = head.removeprefix(MARK)
    if _is_xml(text):
        return RdfFormat.RDF_XML
    lines = text.splitlines()  # what they are in may stand in the last one only
    whole = lines[:-1] if len(lines) > 1 else lines
    return (
        RdfFormat.N_QUADS if all(LINE.fullmatch(line) for line in map(bytes.strip, whole) if line) else RdfFormat.TRIG
    )


def _is_xml(text: bytes) -> bool:
    """An IRI in its brackets looks like a tag, but for what comes after it."""
    return bool(XML.match(text.lstrip())) and not TRIPLE.match(text, _end(COMMENTS, text, 0))


def _is_rdf_xml(text: bytes) -> bool:
    """Whether the first element is one of RDF: rdf:RDF, or a node that stands alone (section 7.2.9)."""
    place, entities = _prolog(text)
    root = ROOT.match(text, place)
    if root is None:
        return False
    declared = SYNTAX in root[3] or (SYNTAX in entities and b"xmlns" in root[3])
    return declared and (root[2] == b"RDF" or b":about" in root[3] or b":nodeID" in root[3])


def _prolog(text: bytes) -> tuple[int, bytes]:
    """Where the first element begins, and what is declared before it."""
    place = _end(PROLOG, text, 0)
    doctype = DOCTYPE.match(text, place)
    if doctype is None:
        return place, b""
    return _end(PROLOG, text, doctype.end()), doctype[1] or b""


def _end(pattern: re.Pattern[bytes], text: bytes, place: int) -> int:
    match = pattern.match(text, place)
    return match.end() if match else place


def _refuse_entities(head: bytes) -> None:
    """Entities may be names of namespaces, and nothing that grows: pyoxigraph puts them in wherever they are used."""
    text = head.removeprefix(MARK)
    place = _end(PROLOG, text, 0)
    if not text.startswith(b"<!DOCTYPE", place):
        return
    doctype = DOCTYPE.match(text, place)
    if doctype is None:
        raise SourceFailed("the beginning", f"its DOCTYPE is no good, or longer than {HEAD} bytes")
    declared = doctype[1] or b""
    for name, one, other in ENTITY.findall(declared):
        value = one or other
        if b"&" in value or b"%" in value or len(value) > LONGEST:
            raise SourceFailed(f"entity {name.decode()}", f"is made of entities, or longer than {LONGEST} bytes")
    if len(ENTITY.findall(declared)) != declared.count(b"<!ENTITY"):
        raise SourceFailed("the beginning", "declares an entity that is not a short text, which is not read")


def _in_utf8(file: IO[bytes], head: bytes) -> IO[bytes]:
    """The file in UTF-8, which is all that the parser reads; XML may say that it is in something else."""
    declared = ENCODING.match(head.removeprefix(MARK))
    name = declared[1].decode().lower() if declared else "utf-8"
    if name in ("utf-8", "utf8", "us-ascii", "ascii"):
        return file
    try:
        reader = codecs.getreader(name)(file)
    except LookupError as error:
        raise SourceFailed("the beginning", f"its encoding {name!r} is not known") from error
    return cast(IO[bytes], _Recoded(reader))  # of which the parser asks only to read


class _Recoded:
    """A text as UTF-8, with a declaration that says so."""

    def __init__(self, reader: codecs.StreamReader):
        self._reader, self._is_first = reader, True

    def read(self, size: int = -1) -> bytes:
        text = self._reader.read(size, size)  # as many characters, so that they may be more bytes
        if self._is_first:
            text = re.sub(r"(encoding\s*=\s*[\"'])[\w.-]+", r"\g<1>utf-8", text, count=1)
            self._is_first = False
        return text.encode()


SOURCE = Source(
    "rdf",
    "RDF",
    STANDARD,
    (
        "text/turtle",
        "application/n-triples",
        "application/n-quads",
        "application/trig",
        "application/rdf+xml",
        "application/x-turtle",
    ),
    likes,
    read,
)
