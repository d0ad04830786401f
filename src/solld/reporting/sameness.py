"""What is compared of two descriptions of a thing; they differ if no value of the one is like one of the other."""

from collections.abc import Callable, Iterator, Mapping

from solld.link.folding import code, degrees, domain, folded, page
from solld.link.points import distance
from solld.rdf import SCHEMA, SKOS, NamedNode, Term

FAR = 1.0  # km between two points of one thing
Said = Mapping[str, tuple[str, ...]]  # what is compared -> its values as texts; never empty
COMPARED: Mapping[str, tuple[NamedNode, ...]] = {
    "name": (SKOS.prefLabel,),
    "website": (SCHEMA.url,),
    "street": (SCHEMA.streetAddress,),
    "postcode": (SCHEMA.postalCode,),
    "locality": (SCHEMA.addressLocality,),
    "country": (SCHEMA.addressCountry,),
    "point": (SCHEMA.latitude, SCHEMA.longitude),
    "founded": (SCHEMA.foundingDate,),
}
OTHER_NAMES = (SKOS.altLabel, SCHEMA.legalName)  # that a name may be besides


def said_by(said: Mapping[str, tuple[Term, ...]]) -> Said:
    """What is compared of a description, and its other names."""

    def texts(predicate: NamedNode) -> tuple[str, ...]:
        return tuple(str(term.value) for term in said.get(predicate.value, ()))

    found = {what: texts(predicates[0]) for what, predicates in COMPARED.items() if len(predicates) == 1}
    points = zip(texts(SCHEMA.latitude), texts(SCHEMA.longitude), strict=False)
    found["point"] = tuple(f"{up}, {there}" for up, there in points if degrees(up, there))
    found["names"] = tuple(text for each in OTHER_NAMES for text in texts(each))
    return {what: values for what, values in found.items() if values}


def differing(mine: Said, theirs: Said) -> Iterator[str]:
    """What both say, and say differently."""
    for what in COMPARED:
        if what in mine and what in theirs:
            others = theirs[what] + (theirs.get("names", ()) if what == "name" else ())
            own = mine[what] + (mine.get("names", ()) if what == "name" else ())
            alike = ALIKE.get(what, _alike)
            if not any(alike(one, other) for one in own for other in others):
                yield what


def _alike(one: str, other: str) -> bool:
    return folded(one) == folded(other)


def _within(one: str, other: str) -> bool:
    """A name may have a legal form besides, an address a building, and either may be in another order."""
    words, others = set(folded(one).split()), set(folded(other).split())
    return words <= others or others <= words


def _codes(one: str, other: str) -> bool:
    return code(one) == code(other)


def _begins(one: str, other: str) -> bool:
    """A year is like a day of it."""
    return one.startswith(other) or other.startswith(one)


def _websites(one: str, other: str) -> bool:
    """One website has one domain; that an actor has a page on a platform too is no contradiction."""
    mine, theirs = domain(one), domain(other)
    if bool(mine) != bool(theirs):
        return True
    return mine == theirs if mine else page(one) == page(other)


def _near(one: str, other: str) -> bool:
    (latitude, longitude), (up, there) = (map(float, each.split(", ")) for each in (one, other))
    return distance((latitude, longitude), (up, there)) <= FAR


ALIKE: Mapping[str, Callable[[str, str], bool]] = {
    "name": _within,
    "street": _within,
    "locality": _within,
    "postcode": _codes,
    "founded": _begins,
    "website": _websites,
    "point": _near,
}
