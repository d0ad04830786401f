"""Things in the words of schema.org, for search engines: what the published vocabularies that the data use say of them.

Only what a type may have is written: each property stands under the family of types that is its domain there.
https://schema.org/docs/datamodel.html
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from solld.elsewhere import REGISTER, STATED
from solld.formats.keys import plain
from solld.formats.labels import Labels
from solld.formats.statements import Subjects, by_subject, key
from solld.formats.view import Page
from solld.messages import phrases, pick
from solld.model import Context, Description
from solld.ontology import classes as all_classes
from solld.rdf import (
    ADMS,
    DCT,
    FOAF,
    GEO,
    ORG,
    OWL,
    RDF,
    SCHEMA,
    SKOS,
    VCARD,
    Literal,
    NamedNode,
    Namespace,
    Term,
    Triple,
)

M8G = Namespace("http://data.europa.eu/m8g/")
SCHEMAS = ("https://schema.org/", "http://schema.org/")
KINDS: Mapping[NamedNode, str] = {  # the first that a thing is of counts, after schema.org's own
    M8G.PublicOrganisation: "GovernmentOrganization",
    FOAF.Project: "Project",
    ORG.Organization: "Organization",
    ORG.FormalOrganization: "Organization",
    ORG.OrganizationalUnit: "Organization",
    FOAF.Organization: "Organization",
    VCARD.Organization: "Organization",
    FOAF.Group: "Organization",
    FOAF.Person: "Person",
    DCT.Location: "Place",
    GEO.SpatialThing: "Place",
    FOAF.Document: "CreativeWork",
    DCT.BibliographicResource: "CreativeWork",
    SKOS.ConceptScheme: "DefinedTermSet",
    OWL.Ontology: "DefinedTermSet",
    SKOS.Concept: "DefinedTerm",
}
FAMILIES: Mapping[str, tuple[str, ...]] = {  # type -> the families whose properties it may have, beside Thing's
    **dict.fromkeys(("Organization", "GovernmentOrganization", "Project", "Consortium", "NGO"), ("Organization",)),
    **dict.fromkeys(("Cooperative", "Corporation", "EducationalOrganization"), ("Organization",)),
    "LocalBusiness": ("Organization", "Place"),
    **dict.fromkeys(("CreativeWork", "Article", "Book", "Report", "Thesis", "WebPage", "WebSite"), ("CreativeWork",)),
    **dict.fromkeys(("Place", "AdministrativeArea", "City", "Country", "State"), ("Place",)),
    **dict.fromkeys(("Event", "Person", "DefinedTerm", "PostalAddress", "GeoCoordinates", "ItemList"), ()),
    "DefinedTermSet": ("CreativeWork", "DefinedTermSet"),
}
PROPERTIES: Mapping[str, Mapping[str, tuple[NamedNode, ...]]] = {  # family -> property -> predicates, best first
    "Thing": {
        "alternateName": (SKOS.altLabel, DCT.alternative, SCHEMA.alternateName),
        "url": (SCHEMA.url, FOAF.homepage),
        "sameAs": (OWL.sameAs, SKOS.exactMatch, SCHEMA.sameAs),
        "identifier": (ADMS.identifier, DCT.identifier),
    },
    "Organization": {
        "legalName": (SCHEMA.legalName,),
        "foundingDate": (SCHEMA.foundingDate,),
        "dissolutionDate": (SCHEMA.dissolutionDate,),
        "founder": (SCHEMA.founder,),
        "member": (ORG.hasMember, SCHEMA.member, FOAF.member),
        "memberOf": (ORG.memberOf, SCHEMA.memberOf),
        "parentOrganization": (ORG.subOrganizationOf, ORG.unitOf, SCHEMA.parentOrganization),
        "subOrganization": (ORG.hasSubOrganization, ORG.hasUnit, SCHEMA.subOrganization),
        "address": (SCHEMA.address,),
        "location": (SCHEMA.location, ORG.basedAt),
        "areaServed": (SCHEMA.areaServed,),
    },
    "CreativeWork": {
        "datePublished": (SCHEMA.datePublished, DCT.issued, DCT.date),
        "dateCreated": (SCHEMA.dateCreated, DCT.created),
        "dateModified": (SCHEMA.dateModified, DCT.modified),
        "author": (SCHEMA.author, DCT.creator),
        "publisher": (SCHEMA.publisher, DCT.publisher),
        "isPartOf": (SCHEMA.isPartOf, DCT.isPartOf),
        "hasPart": (SCHEMA.hasPart, DCT.hasPart),
        "about": (SCHEMA.about, DCT.subject),
        "license": (SCHEMA.license, DCT.license),
    },
    "DefinedTermSet": {"hasDefinedTerm": (SKOS.hasTopConcept,)},
    "DefinedTerm": {"termCode": (SKOS.notation,), "inDefinedTermSet": (SKOS.inScheme,)},
    "Place": {"geo": (SCHEMA.geo,), "address": (SCHEMA.address,), "containedInPlace": (SCHEMA.containedInPlace,)},
    "Event": {
        "startDate": (SCHEMA.startDate,),
        "endDate": (SCHEMA.endDate,),
        "location": (SCHEMA.location,),
        "organizer": (SCHEMA.organizer,),
        "about": (SCHEMA.about, DCT.subject),
    },
    "Person": {"memberOf": (ORG.memberOf, SCHEMA.memberOf)},
    "PostalAddress": {
        name: (SCHEMA[name],)
        for name in ("streetAddress", "postalCode", "addressLocality", "addressRegion", "addressCountry")
    },
    "GeoCoordinates": {"latitude": (SCHEMA.latitude, GEO.lat), "longitude": (SCHEMA.longitude, GEO.long)},
}
LINKED = frozenset({"sameAs", "url", "license"})  # whose values are addresses
MOST = 40  # values of a property: a page is no dump
DEEPEST = 3


def thing(description: Description, context: Context) -> dict[str, Any] | None:
    """A thing as JSON-LD; None for what has no type there."""
    writer = _Writer(description, context)
    told = writer.node(description.resource.value, description.about)
    if told is None:
        return None
    also = [each.page for each in description.elsewhere if each.state in (REGISTER, STATED) and each.page]
    same = list(dict.fromkeys([*told.pop("sameAs", []), *also]))
    more = {"mainEntityOfPage": description.document} | ({"sameAs": same} if same else {})
    return {"@context": "https://schema.org/", **told, **more}


def breadcrumbs(page: Page, document: str, context: Context) -> dict[str, Any] | None:
    """The way to a page, as the page shows it: the home page, what has the same type, the thing. None without types."""
    if not page.types:
        return None
    settings, t = context.settings, phrases(context.language)
    steps = [(t("to_start"), settings.base)]
    for each in page.types[:1]:
        if each.shared[1]:
            local = each.shared[1].removeprefix(context.root)
            steps.append((each.text, settings.base + local.lstrip("/")))
    steps.append((page.title.text, document))
    items = [
        {"@type": "ListItem", "position": n, "name": name, "item": {"@id": to}} for n, (name, to) in enumerate(steps, 1)
    ]
    return {"@context": "https://schema.org/", "@type": "BreadcrumbList", "itemListElement": items}


def website(context: Context) -> dict[str, Any]:
    """The site, with where to search it. https://schema.org/WebSite"""
    settings = context.settings
    template = f"{settings.base}search?q={{search_term_string}}"
    told = {
        "@context": "https://schema.org/",
        "@type": "WebSite",
        "@id": f"{settings.base}#website",
        "url": settings.base,
        "name": pick(settings.title, context.language_tags),
        "alternateName": sorted({*settings.title.values()} - {pick(settings.title, context.language_tags)}),
        "description": pick(settings.description, context.language_tags),
        "inLanguage": list(settings.languages),
        "license": settings.license,
        "publisher": {"@type": "Organization", "@id": settings.publisher, "name": settings.publisher_name}
        if settings.publisher
        else None,
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": template},
            "query-input": "required name=search_term_string",
        },
    }
    return {name: value for name, value in told.items() if value}


class _Writer:
    """Writes nodes; a node that the resource owns stands within, each once."""

    def __init__(self, description: Description, context: Context):
        self.labels, self.context = Labels(description, context), context
        self.owned: Subjects = by_subject(description.owned)
        self.shown: set[str] = {description.resource.value}

    def node(self, iri: str, said: Iterable[Triple], depth: int = 0) -> dict[str, Any] | None:
        said = list(said)
        kind = self.kind(said)
        if not kind:
            return None
        told: dict[str, Any] = {"@type": kind, "@id": iri}
        name = self.labels.name(iri)
        told |= {"name": name.value} if name else {}
        text = self.text(said, self.context.ontology.description_predicates)
        told |= {"description": text} if text else {}
        for family in dict.fromkeys(("Thing", *FAMILIES.get(kind, ()), kind)):
            for name_, predicates in PROPERTIES.get(family, {}).items():
                values = list(self.values(name_, predicates, said, depth))[:MOST]
                if values:
                    told[name_] = values if len(values) > 1 or name_ == "sameAs" else values[0]
        return told

    def kind(self, said: Iterable[Triple]) -> str:
        """The type there: schema.org's own if it has one that we know, else that of the nearest class that has one."""
        types = [t.object.value for t in said if t.predicate == RDF.type and isinstance(t.object, NamedNode)]
        above = all_classes(self.context.ontology, types)
        own = (iri.removeprefix(prefix) for iri in above for prefix in SCHEMAS if iri.startswith(prefix))
        known = next((name for name in own if name in FAMILIES), "")
        return known or next((name for each, name in KINDS.items() if each.value in above), "")

    def values(self, name: str, predicates: tuple[NamedNode, ...], said: list[Triple], depth: int) -> Iterator[Any]:
        for predicate in predicates:
            objects = [each.object for each in said if each.predicate == predicate]
            if objects and all(isinstance(each, Literal) and each.language for each in objects):
                objects = sorted(objects, key=lambda o: self.labels.rank(getattr(o, "language", "") or ""))
            found = [value for each in objects if (value := self.value(name, each, depth)) is not None]
            yield from found
            if found and name not in ("sameAs", "identifier", "alternateName"):
                return

    def value(self, name: str, term: Term | Triple, depth: int) -> Any:
        if isinstance(term, Literal):
            return plain(term)
        iri = key(term)
        if name in LINKED:
            return iri
        if name == "identifier":
            return self.number(iri)
        if iri in self.owned and iri not in self.shown and depth < DEEPEST:
            self.shown.add(iri)
            return self.node(iri, self.owned[iri], depth + 1)
        label = self.labels.name(iri)
        return {"@id": iri} | ({"name": label.value} if label else {})

    def number(self, iri: str) -> dict[str, str] | None:
        """An identifier of a register. https://schema.org/PropertyValue"""
        said = {each.predicate: each.object for each in self.owned.get(iri, ())}
        number, agency = said.get(SKOS.notation), said.get(ADMS.schemaAgency)
        if not isinstance(number, Literal):
            return None
        told = {"@type": "PropertyValue", "value": number.value}
        return told | ({"propertyID": agency.value} if isinstance(agency, Literal) else {})

    def text(self, said: list[Triple], predicates: Iterable[NamedNode]) -> str:
        """The first description, in the best language."""
        for predicate in predicates:
            texts = [t.object for t in said if t.predicate == predicate and isinstance(t.object, Literal)]
            if texts:
                return min(texts, key=lambda each: self.labels.rank(each.language or "")).value
        return ""
