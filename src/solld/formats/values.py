"""Terms as a page shows them: links to local addresses, texts with their language, dates and numbers in words."""

from urllib.parse import quote, urlencode

from solld.addresses import graph_iri
from solld.formats.keys import BOOLEANS, INTEGERS, REALS
from solld.formats.labels import Labels, Text, is_prefixed, short
from solld.formats.statements import key
from solld.formats.view import Value
from solld.messages import phrases
from solld.model import Context, Description
from solld.rdf import XSD, Literal, Term, Triple
from solld.sorting import Key

SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://", "geo:")  # that a link may have; javascript: is not one
SAFE = "/#?&=%:@!$'()*+,;~-._"
DATES = frozenset({XSD.date, XSD.dateTime, XSD.dateTimeStamp, XSD.gYearMonth, XSD.gYear})
GRAPHS = {"ontology": "ns", "catalog": "catalog", "findings": "", "links": ""}  # name -> path of a page about it


def address(iri: str, base: str, root: str) -> str:
    """What a link to an IRI has as its target: a local path for what is published here, "" for what is no address."""
    if iri.startswith(base):
        return f"{root}/{quote(iri.removeprefix(base), safe=SAFE)}"
    return iri if iri.startswith(SCHEMES) else ""


SEVERAL = 2  # things that have a value, from which on it is told


class Values:
    """Shows terms to one reader."""

    def __init__(self, description: Description, context: Context):
        self.labels = Labels(description, context)
        self.phrases = phrases(context.language)
        self.base, self.root = context.settings.base, context.root
        self.resource = description.resource.value
        self.primary = context.language.partition("-")[0].lower()
        self.graphs = {graph_iri(self.base, name): (name, path) for name, path in GRAPHS.items()}
        self.shared = context.shared
        self.links: dict[str, Value] = {}
        self.terms: dict[str, Value] = {}

    def value(self, term: Term | Triple) -> Value:
        return self.literal(term) if isinstance(term, Literal) else self.link(key(term))

    def link(self, iri: str) -> Value:
        if iri not in self.links:
            self.links[iri] = self._link(iri)
        return self.links[iri]

    def _link(self, iri: str) -> Value:
        if iri in self.graphs:
            name, path = self.graphs[iri]
            return Value(self.phrases(f"graph_{name}"), href=f"{self.root}/{path}" if path else "")
        label, given = self.labels.label(iri), self.labels.given(iri)
        target = address(iri, self.base, self.root)
        external = bool(target) and not iri.startswith(self.base)
        known = given or not external or is_prefixed(label.value, iri)
        text = label.value if known else iri  # an unknown page elsewhere is best told by its address
        return Value(
            text,
            self.foreign(label.language),
            target,
            external,
            code=not given and not target,
            here=iri == self.resource,
            shared=self.sharing(iri),
        )

    def sharing(self, iri: str) -> tuple[int, str]:
        """How many things have a value, and the address of a search for them; 0 if hardly any."""
        found = self.shared.get(iri)
        if found is None or found.count < SEVERAL:
            return 0, ""
        return found.count, self.root + found.path

    def term(self, iri: str, names: dict[str, str] | None = None) -> Value:
        """The name of a property or class: the shape's, else its label, else its prefixed name."""
        named = self.labels.best(Text(text, tag.lower()) for tag, text in names.items()) if names else None
        if named:
            return Value(named.value, self.foreign(named.language), address(iri, self.base, self.root))
        if iri not in self.terms:
            label, target = self.labels.label(iri), address(iri, self.base, self.root)
            self.terms[iri] = Value(label.value, self.foreign(label.language), target, code=not self.labels.given(iri))
        return self.terms[iri]

    def literal(self, literal: Literal) -> Value:
        text, datatype = literal.value, literal.datatype
        if literal.language:
            return Value(text, self.foreign(literal.language))
        if datatype in DATES:
            return Value(self.phrases.date(text) if datatype != XSD.gYear else text, machine=text)
        if datatype in INTEGERS or datatype in REALS:
            return Value(self.phrases.number(text))
        if datatype == XSD.boolean and text in BOOLEANS:
            return Value(self.phrases("yes" if BOOLEANS[text] else "no"))
        if datatype == XSD.anyURI:
            return Value(text, href=address(text, self.base, self.root), external=not text.startswith(self.base))
        return Value(text)

    def correction(self, iri: str, predicate: str = "", inverse: bool = False) -> str:
        """The address of the page that tells where a statement can be corrected; "" for what others publish.

        `iri` is its subject, or its object if it is inverse; a node that belongs to a resource is a part of that.
        """
        document, _, part = iri.partition("#")
        if not document.startswith(self.base):
            return ""
        name = quote(document.removeprefix(self.base).removeprefix("id/"), safe=SAFE.replace("?", "").replace("#", ""))
        name_of = short(predicate, self.labels.prefixes) if predicate else ""
        named = name_of if is_prefixed(name_of, predicate) else predicate
        asked = {"property": named, "part": part, "inverse": "1" if inverse else ""}
        query = urlencode({name: value for name, value in asked.items() if value}, safe=":/")
        return f"{self.root}/correct/{name}" + (f"?{query}" if query else "")

    def foreign(self, tag: str) -> str:
        """The language of a text if it is another than the page's; a text without one is taken to be the page's."""
        return tag if tag and tag.partition("-")[0].lower() != self.primary else ""

    def order(self, value: Value) -> tuple[Key, str]:
        """How links are sorted: as the names are in the language of the page."""
        return self.phrases.order(value.text), value.href
