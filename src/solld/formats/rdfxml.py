"""RDF/XML, for descriptions that it can hold. https://www.w3.org/TR/rdf-syntax-grammar/

XML has no way to write some characters, and a predicate or class must end in an XML name. Replacing anything would be
another statement, so such a description is not offered in this format.
"""

import re
from functools import lru_cache

from solld.errors import NotAcceptable
from solld.formats.statements import statements
from solld.model import Context, Description, Format
from solld.rdf import RDF, Literal, NamedNode, RdfFormat, Triple, used, write

START = "A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef"
START += "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
LOCAL_NAME = re.compile(f"[{START}][-.0-9\u00b7\u0300-\u036f\u203f\u2040{START}]*$")  # https://www.w3.org/TR/xml-names/
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # https://www.w3.org/TR/xml/#charsets
RESERVED = frozenset(  # https://www.w3.org/TR/rdf-syntax-grammar/#section-Namespace
    {
        RDF.RDF,
        RDF.ID,
        RDF.about,
        RDF.parseType,
        RDF.resource,
        RDF.nodeID,
        RDF.datatype,
        RDF.Description,
        RDF.aboutEach,
        RDF.aboutEachPrefix,
        RDF.bagID,
        RDF.li,
    }
)
MEDIA_TYPE = "application/rdf+xml"


def write_rdfxml(description: Description, context: Context) -> bytes:
    """NotAcceptable for a description that cannot be written in XML."""
    triples = statements(description)
    if not all(map(_expressible, triples)):
        raise NotAcceptable(MEDIA_TYPE, tuple(f.media_type for f in context.formats if f.media_type != MEDIA_TYPE))
    document = write(triples, RdfFormat.RDF_XML, used(context.prefixes, triples))
    return document.replace(b"\r", b"&#13;")  # a bare one would be read as a line feed


def offered(description: Description, context: Context) -> bool:
    return all(map(_expressible, statements(description)))


def _expressible(triple: Triple) -> bool:
    object = triple.object
    if isinstance(object, Literal):
        return _named(triple.predicate) and not FORBIDDEN.search(object.value)
    if triple.predicate == RDF.type and isinstance(object, NamedNode):  # may be written as an element
        return _named(object)
    return _named(triple.predicate)


@lru_cache(maxsize=4096)
def _named(term: NamedNode) -> bool:
    return bool(LOCAL_NAME.search(term.value)) and term not in RESERVED


FORMATS = (Format("RDF/XML", MEDIA_TYPE, "rdf", write_rdfxml, quality=0.8, offered=offered),)
