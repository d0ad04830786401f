"""What the home page says of a catalogue: counts, datasets, and ways in. https://www.w3.org/TR/vocab-dcat-3/"""

from collections import Counter
from dataclasses import dataclass, replace

from solld.formats.statements import Subjects, by_subject, iris, literals
from solld.formats.values import Values
from solld.formats.view import Value
from solld.model import Context, Description
from solld.rdf import DCAT, DCT, RDF, VOID, NamedNode, Triple


@dataclass(frozen=True)
class Card:
    """A dataset on the home page."""

    title: Value
    text: Value | None
    counts: tuple[str, ...]
    license: Value | None


@dataclass(frozen=True)
class Home:
    """`counts` and `classes` are of all datasets together; they are empty if the description does not tell them."""

    counts: tuple[tuple[str, str], ...]  # number, of what
    datasets: tuple[Card, ...]
    classes: tuple[tuple[Value, str], ...]  # class, number
    schemes: tuple[Value, ...]


def is_catalog(description: Description) -> bool:
    return any(each.predicate == RDF.type and each.object == DCAT.Catalog for each in description.about)


def without_datasets(description: Description) -> Description:
    """The catalogue alone: what is said of its datasets stands on their own pages."""
    return replace(description, owned=(), labels=(*description.labels, *description.owned))


def home(description: Description, context: Context) -> Home:
    values = Values(description, context)
    known = by_subject((*description.owned, *description.labels))
    datasets = iris(description.about, DCAT.dataset)
    sums = {
        name: sum(_number(known.get(each, []), name) for each in datasets) for name in (VOID.entities, VOID.triples)
    }
    counts = [
        (sums[VOID.entities], "things_count"),
        (len(datasets), "datasets_count"),
        (sums[VOID.triples], "triples_count"),
    ]
    classes = _classes(datasets, known)
    schemes = sorted(map(values.link, iris(description.about, VOID.rootResource)), key=values.order)
    phrases = values.phrases
    return Home(
        counts=tuple((phrases.number(n), phrases.count(message, n)) for n, message in counts if n),
        datasets=tuple(_card(each, known.get(each, []), values) for each in datasets),
        classes=tuple((values.link(iri), phrases.number(n)) for iri, n in _own(classes, context).most_common()),
        schemes=tuple(schemes),
    )


def _classes(datasets: list[str], known: Subjects) -> Counter[str]:
    """How many things each class has, from the class partitions of the datasets."""
    found: Counter[str] = Counter()
    for dataset in datasets:
        for partition in iris(known.get(dataset, []), VOID.classPartition):
            said = known.get(partition, [])
            for iri in iris(said, VOID["class"]):
                found[iri] += _number(said, VOID.entities)
    return found


def _own(classes: Counter[str], context: Context) -> Counter[str]:
    """The site's own classes if it has any: those of others are mostly about documents and evidence."""
    own = Counter({iri: n for iri, n in classes.items() if iri.startswith(context.settings.base)})
    return own or classes


def _card(iri: str, said: list[Triple], values: Values) -> Card:
    text = min(literals(said, DCT.description), key=lambda t: values.labels.rank(t.language or ""), default=None)
    numbers = ((_number(said, VOID.entities), "things_count"), (_number(said, VOID.triples), "triples_count"))
    counts = tuple(f"{values.phrases.number(n)} {values.phrases.count(message, n)}" for n, message in numbers if n)
    licenses = iris(said, DCT.license)
    return Card(
        values.link(iri),
        values.literal(text) if text else None,
        counts,
        values.link(licenses[0]) if licenses else None,
    )


def _number(said: list[Triple], predicate: NamedNode) -> int:
    texts = [each.value for each in literals(said, predicate)]
    return int(texts[0]) if texts and texts[0].isdecimal() else 0
