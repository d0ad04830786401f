"""A list of concepts as a tree, with how many things each is found by."""

from collections.abc import Callable, Mapping

from solld.finding.asked import Asked
from solld.formats.sheet import Sheet
from solld.formats.view import Value
from solld.formats.vocabulary import Concept, Tree
from solld.rdf import DEFAULT, RDF, SKOS, Literal, NamedNode
from solld.service import Service
from solld.web.sheets import sheet_of, teller_of

Below = Mapping[str, list[str]]
Counted = Callable[[str], tuple[str, str]]  # concept -> number and address of what has it


def tree(opened: Service, scheme: NamedNode, language: str) -> Tree:
    """The concepts of a scheme; those that are below none of it are at the top, whatever it says of itself."""
    store, sheet = opened.store, sheet_of(opened, "ns", language)
    stated = store.quads(None, SKOS.inScheme, scheme, DEFAULT)
    members = {quad.subject.value for quad in stated if isinstance(quad.subject, NamedNode)}
    members |= {quad.object.value for quad in store.quads(scheme, SKOS.hasTopConcept, None, DEFAULT)}  # type: ignore[union-attr]
    members = {each for each in members if _is_concept(opened, each)}
    below: dict[str, list[str]] = {}
    for each in members:
        above = {q.object.value for q in store.quads(NamedNode(each), SKOS.broader, None, DEFAULT)}  # type: ignore[union-attr]
        for parent in (above & members) - {each} or {""}:
            below.setdefault(parent, []).append(each)
    counted = _counted(opened, language, members)
    concepts = _branch(opened, sheet, below, counted, "", frozenset())
    own = scheme.value.startswith(f"{opened.settings.base}scheme/")
    return Tree(concepts, len(members), f"{sheet.context.root}/ns#schemes" if own else "")


def _branch(
    opened: Service, sheet: Sheet, below: Below, counted: Counted, parent: str, seen: frozenset[str]
) -> tuple[Concept, ...]:
    """The concepts under one, in the order of their notations, else of the language."""
    found = []
    for iri in below.get(parent, ()):
        if iri in seen:
            continue
        number, href = counted(iri)
        found.append(
            Concept(
                name=sheet.link(iri),
                anchor=iri.rpartition("/")[2],
                notation=_notation(opened, iri),
                text=_definition(opened, sheet, iri),
                number=number,
                found=href,
                below=_branch(opened, sheet, below, counted, iri, seen | {iri}),
            )
        )
    return tuple(sorted(found, key=lambda each: (each.notation, sheet.t.order(each.name.text))))


def _is_concept(opened: Service, iri: str) -> bool:
    """Whether something is called a concept: a class may say which scheme its members are of."""
    return next(opened.store.quads(NamedNode(iri), RDF.type, SKOS.Concept, DEFAULT), None) is not None


def _notation(opened: Service, iri: str) -> str:
    found = opened.store.quads(NamedNode(iri), SKOS.notation, None, DEFAULT)
    return min((quad.object.value for quad in found if isinstance(quad.object, Literal)), default="")


def _definition(opened: Service, sheet: Sheet, iri: str) -> Value | None:
    quads = opened.store.quads(NamedNode(iri), SKOS.definition, None, DEFAULT)
    texts = [quad.object for quad in quads if isinstance(quad.object, Literal)]
    rank = sheet.values.labels.rank
    best = min(texts, key=lambda each: rank(each.language or ""), default=None)
    return Value(best.value, sheet.values.foreign(best.language or "")) if best else None


def _counted(opened: Service, language: str, members: set[str]) -> Counted:
    """The facet that has most of the concepts among its values tells how many things there are of each."""
    who = teller_of(opened, language)
    counts = {name: dict(values) for name, values in opened.finder.counts(Asked()).items()}
    facet = max(counts, key=lambda name: len(members & counts[name].keys()), default="")

    def told(iri: str) -> tuple[str, str]:
        number = counts.get(facet, {}).get(iri, 0)
        if not number:
            return "", ""
        return who_number(number), who.href(Asked(chosen=((facet, iri),)))

    who_number = sheet_of(opened, "ns", language).t.number
    return told
