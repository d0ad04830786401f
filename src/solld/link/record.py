"""What is compared of a thing: its names, where it is, its numbers, its websites, from all that its datasets say."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from solld.link.folding import degrees
from solld.link.numbers import numbers_of
from solld.link.roles import TYPE, Roles
from solld.rdf import Literal, NamedNode, RdfFormat, document_of, parse
from solld.sources.readings import country_code

GRAPH = "/dataset/"  # before the name of a dataset in the IRI of its graph
Text = tuple[str, str]  # (text, language tag); "" for none
Labels = Callable[[str], Sequence[str]]  # IRI of a thing -> its names


@dataclass(frozen=True, slots=True)
class Record:
    """A thing as it is compared. Points are (latitude, longitude) in degrees; countries are codes of ISO 3166-1 where
    that can be told; dates are ISO 8601, or a year.
    """

    id: str
    datasets: tuple[str, ...] = ()
    types: frozenset[str] = frozenset()  # classes, with all above them
    names: tuple[Text, ...] = ()
    other_names: tuple[Text, ...] = ()
    localities: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    points: tuple[tuple[float, float], ...] = ()
    urls: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()  # on platforms and in other directories
    phones: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()  # (agency, number)
    same: tuple[str, ...] = ()  # IRIs of others
    kinds: tuple[str, ...] = ()  # IRIs of concepts
    founded: str = ""
    dissolved: str = ""
    linked: frozenset[str] = frozenset()  # identifiers of things that it points at as parent, part, publisher

    @property
    def all_names(self) -> tuple[str, ...]:
        return tuple(text for text, _ in (*self.names, *self.other_names))


Said = Mapping[str, list[tuple[str, NamedNode | Literal]]]  # role -> (node, value)


def record_of(
    iri: str, quads_lines: Iterable[bytes], roles: Roles, labels_of: Labels = lambda iri: (), led: Iterable[str] = ()
) -> Record:
    """The record of a thing, from the lines of N-Quads about it and the nodes that belong to it.

    `labels_of` gives the names of what it points at, for places that are things of their own. Nodes of `led`, the IRIs
    that lead to it, belong to it too: what is merged keeps the names of its parts.
    """
    own = {iri, *led}
    said, types, graphs = _said(iri, own, quads_lines, roles)
    located = (value for _, value in said.get("locations", ()) if isinstance(value, NamedNode))
    places = [value.value for value in located if document_of(value.value) not in own]
    same = _texts(said, "same")
    founded, dissolved = _texts(said, "founded"), _texts(said, "dissolved")
    return Record(
        id=identifier_of(iri),
        datasets=tuple(sorted({g.rpartition(GRAPH)[2] for g in graphs if GRAPH in g})),
        types=frozenset(above for each in types for above in (each, *roles.above.get(each, ()))),
        names=_tagged(iri, said, "names"),
        other_names=_tagged(iri, said, "other_names"),
        localities=_distinct([*_texts(said, "localities"), *(name for place in places for name in labels_of(place))]),
        postcodes=_texts(said, "postcodes"),
        streets=_texts(said, "streets"),
        regions=_texts(said, "regions"),
        countries=_distinct(map(_country, _texts(said, "countries"))),
        points=tuple(_points(said)),
        urls=_texts(said, "urls"),
        pages=_texts(said, "pages"),
        phones=_texts(said, "phones"),
        numbers=numbers_of(_numbers(said), (*same, *_texts(said, "pages"))),
        same=same,
        kinds=_texts(said, "kinds"),
        founded=min(founded, default=""),
        dissolved=min(dissolved, default=""),
        linked=frozenset(identifier_of(each) for each in _texts(said, "linked")),
    )


def identifier_of(iri: str) -> str:
    """The last part of the IRI of a thing."""
    return document_of(iri).rpartition("/")[2]


def is_compared(record: Record, roles: Roles) -> bool:
    """Whether a thing is of those that are compared: it has a name, and is what directories list."""
    return bool(record.names) and (not roles.subjects or not roles.subjects.isdisjoint(record.types))


def _said(iri: str, own: Collection[str], lines: Iterable[bytes], roles: Roles) -> tuple[Said, set[str], set[str]]:
    said: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    types, graphs = set(), set()
    for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS):
        node, predicate, value = getattr(quad.subject, "value", ""), quad.predicate.value, quad.object
        if document_of(node) not in own or not isinstance(value, NamedNode | Literal):
            continue
        if node == iri:
            graphs.add(getattr(quad.graph_name, "value", ""))
            if predicate == TYPE:
                types.add(value.value)
        for role in roles.of.get(predicate, ()):
            said.setdefault(role, []).append((node, value))
    return said, types, graphs


def _texts(said: Said, role: str) -> tuple[str, ...]:
    return _distinct(value.value for _, value in said.get(role, ()))


def _tagged(iri: str, said: Said, role: str) -> tuple[Text, ...]:
    """The texts of the thing itself: a node that belongs to it may have a name of its own."""
    values = ((v.value, v.language or "") for node, v in said.get(role, ()) if node == iri and isinstance(v, Literal))
    return tuple(dict.fromkeys(values))


def _distinct(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text.strip()))


@lru_cache(maxsize=10_000)
def _country(text: str) -> str:
    return country_code(text.rpartition("/")[2] if text.startswith("http") else text) or text


def _points(said: Said) -> Iterator[tuple[float, float]]:
    """Latitudes and longitudes of one node."""
    east = {node: value.value for node, value in said.get("longitudes", ())}
    for node, value in said.get("latitudes", ()):
        if node in east and (point := degrees(value.value, east[node])):
            yield point


def _numbers(said: Said) -> Iterator[tuple[str, str]]:
    """(agency, notation) of nodes that are identifiers."""
    nodes = {value.value for _, value in said.get("identifiers", ())}
    agencies = {node: value.value for node, value in said.get("agencies", ())}
    for node, value in said.get("notations", ()):
        if node in nodes:
            yield agencies.get(node, ""), value.value
