"""Which properties play which role when records are compared: names, places, numbers, as the ontology says.

What a vocabulary of others calls these is known here; a property of the site plays a role if it is below one of them
(rdfs:subPropertyOf), or if a shape says that it is a label (dash:propertyRole).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from solld.ontology import indexed, read
from solld.rdf import ADMS, DCT, FOAF, GEO, ORG, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, NamedNode, Triple

ROLES: Mapping[str, tuple[NamedNode, ...]] = {
    "other_names": (SKOS.altLabel, SKOS.hiddenLabel, SCHEMA.legalName, SCHEMA.alternateName, DCT.alternative),
    "locations": (SCHEMA.location, SCHEMA.address, SCHEMA.geo, FOAF.based_near, ORG.hasSite, ORG.siteAddress),
    "localities": (SCHEMA.addressLocality,),
    "postcodes": (SCHEMA.postalCode,),
    "streets": (SCHEMA.streetAddress,),
    "regions": (SCHEMA.addressRegion,),
    "countries": (SCHEMA.addressCountry,),
    "latitudes": (SCHEMA.latitude, GEO.lat),
    "longitudes": (SCHEMA.longitude, GEO.long),
    "urls": (SCHEMA.url, FOAF.homepage),
    "pages": (RDFS.seeAlso,),
    "phones": (SCHEMA.telephone, FOAF.phone),
    "identifiers": (ADMS.identifier,),
    "notations": (SKOS.notation,),
    "agencies": (ADMS.schemaAgency,),
    "same": (OWL.sameAs, SKOS.exactMatch, SCHEMA.sameAs),
    "kinds": (ORG.classification, DCT.type, SCHEMA.additionalType),
    "founded": (SCHEMA.foundingDate,),
    "dissolved": (SCHEMA.dissolutionDate,),
    "linked": (ORG.subOrganizationOf, ORG.unitOf, SCHEMA.parentOrganization, SCHEMA.subOrganization, DCT.isPartOf,
               DCT.publisher, SCHEMA.publisher, ORG.memberOf, SCHEMA.founder, DCT.relation),
}  # fmt: skip
AGENTS = (FOAF.Agent, FOAF.Organization, ORG.Organization, PROV.Agent, SCHEMA.Organization)


@dataclass(frozen=True)
class Roles:
    """Predicate, by IRI -> the roles that it plays; and which things are compared."""

    of: Mapping[str, tuple[str, ...]]
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # class -> itself and all above it
    subjects: frozenset[str] = frozenset()  # classes whose things are compared; of all if empty


def roles_of(ontology: Iterable[Triple], subjects: Iterable[str] = ()) -> Roles:
    """The roles that an ontology gives. Without `subjects` agents are compared; all, where the ontology has none."""
    triples = list(ontology)
    shown = read(triples)
    below = _below(triples)
    found: dict[str, tuple[str, ...]] = {}
    for role, predicates in {"names": shown.label_predicates, **ROLES}.items():
        for predicate in predicates:
            for each in (predicate.value, *below.get(predicate.value, ())):
                if role not in found.get(each, ()):
                    found[each] = (*found.get(each, ()), role)
    return Roles(found, shown.superclasses, frozenset(subjects) or _agents(triples))


def _agents(triples: Iterable[Triple]) -> frozenset[str]:
    """The classes of agents, if the ontology speaks of any."""
    agents = {each.value for each in AGENTS}
    spoken = any(isinstance(each.object, NamedNode) and each.object.value in agents for each in triples)
    return frozenset(agents) if spoken else frozenset()


def _below(triples: Iterable[Triple]) -> dict[str, list[str]]:
    """Property -> all properties below it."""
    above = indexed(triples)
    found: dict[str, list[str]] = {}
    for start in above:
        chain = [start]
        for each in chain:  # the list grows while it is walked
            parents = (o for o in above.get(each, {}).get(RDFS.subPropertyOf, ()) if isinstance(o, NamedNode))
            chain += [parent for parent in parents if parent not in chain]
        for each in chain[1:]:
            found.setdefault(each.value, []).append(start.value)
    return found


TYPE = RDF.type.value
