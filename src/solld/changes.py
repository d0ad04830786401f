"""Finds what changed in each graph since the newest release, and checks it: only that is validated and versioned."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from solld import ingest, quotations, validate
from solld.addresses import key_iri
from solld.ingest import Lines
from solld.model import Dataset, Finding, Settings
from solld.rdf import document_of, iris

CHECKED = ("ns#", "scheme/")  # paths under the base whose IRIs must be defined by the site itself


@dataclass(frozen=True)
class Change:
    """What differs in one graph. Resources are named by source keys, not yet by identifiers."""

    graph: str
    digests: Mapping[str, bytes]  # of the resources that are new, changed, or to be looked at again
    resources: Lines  # the same resources: their N-Triples lines
    removed: tuple[str, ...]
    everything: Lines = field(default_factory=dict)  # all that was read of the graph


@dataclass(frozen=True)
class Known:
    """What a check may rely on beside the data that changed."""

    ontology: Lines
    terms: frozenset[str]  # IRIs that the ontology defines
    is_defined: Callable[[str], bool]  # whether a key or concept is defined elsewhere in the site
    types: Callable[[str], list[bytes]]  # the rdf:type lines of a resource that did not change
    is_hidden: Callable[[str], bool]  # whether a key is of something that is not published


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A hash of files by name and content, and of what else the result depends on."""
    sum_ = hashlib.blake2b(digest_size=16)
    for path in files:
        sum_.update(path.name.encode() + b"\0" + hashlib.blake2b(path.read_bytes()).digest())
    for text in more:
        sum_.update(text.encode() + b"\0")
    return sum_.hexdigest()


def compare(
    graph: str,
    everything: Lines,
    before: Mapping[str, bytes],
    again: bool,
    gone: frozenset[str] | None = None,
    said: Callable[[list[bytes]], list[bytes]] = lambda lines: lines,
) -> Change:
    """The difference between what was read and the digests of the newest release; `again` takes unchanged ones too.

    With `gone`, what was read is not all: these alone are no longer there. `said` leaves out what makes no difference.
    """
    digests = {name: ingest.digest(said(lines)) for name, lines in everything.items()}
    changed = {name: d for name, d in digests.items() if again or before.get(name) != d}
    removed = tuple(sorted(name for name in before if (name not in digests if gone is None else name in gone)))
    return Change(graph, changed, {name: everything[name] for name in changed}, removed, everything)


def without(change: Change, refused: Iterable[str]) -> Change:
    """The change without the resources that were refused: what the release said of them stays."""
    out = frozenset(refused)
    return Change(
        change.graph,
        {name: d for name, d in change.digests.items() if name not in out},
        {name: lines for name, lines in change.resources.items() if name not in out},
        change.removed,
        change.everything,
    )


def check_terms(settings: Settings, change: Change, known: Known) -> list[Finding]:
    """A Violation for each IRI of the site that nothing defines: a misspelt term, concept or key."""
    prefixes = tuple(settings.base + path for path in CHECKED)
    keys = f"{settings.base}key/"
    found = []
    for name, lines in change.resources.items():
        for line in lines:
            _subject, predicate, *objects = iris(line)
            for position, iri in ((predicate, predicate), *((predicate, o) for o in objects)):
                if iri.startswith(keys):
                    target = document_of(iri)
                    if target not in change.everything and not known.is_defined(target):
                        message = f"the key <{target[len(keys) :]}> is used, but nothing says what it is"
                        found.append(Finding("Violation", message, focus=name, field=position, value=iri))
                elif iri.startswith(prefixes) and not _is_term(iri, change, known):
                    message = f"unknown term <{iri}>{_near(iri, known.terms)}"
                    found.append(Finding("Violation", message, focus=name, field=position, value=iri))
    return found


def _is_term(iri: str, change: Change, known: Known) -> bool:
    return iri in known.terms or iri in change.everything or known.is_defined(iri)


def _near(iri: str, terms: Iterable[str]) -> str:
    near = get_close_matches(iri, terms, 1, 0.8)
    return f"; did you mean <{near[0]}>?" if near else ""


def check_shapes(shapes: validate.Shapes, change: Change, known: Known) -> list[Finding]:
    """The findings of the shapes about the resources that changed."""
    data = [line for lines in change.resources.values() for line in lines]
    neighbours = {document_of(iri) for line in data for iri in iris(line)[2:]} - change.resources.keys()
    types = [line for name in sorted(neighbours) for line in _types(name, change, known)]
    ontology = [line for name, lines in known.ontology.items() if name not in change.resources for line in lines]
    results = validate.validate(shapes, [*data, *types, *ontology], frozenset(change.resources))
    return [
        Finding(r.severity, r.message, focus=r.focus, field=r.path, value=r.value, messages=r.messages)
        for r in results
        if not known.is_hidden(r.value)  # of which nothing is said, so that no shape can be content with it
    ]


def _types(name: str, change: Change, known: Known) -> list[bytes]:
    if name in change.everything:
        return validate.types_of(change.everything[name])
    return [] if name in known.ontology else known.types(name)


def check_quotations(settings: Settings, change: Change) -> list[Finding]:
    """The findings of the quotations among the resources that changed."""
    quoted = quotations.excerpts(change.resources)
    if not quoted:
        return []
    stated = quotations.checksums(
        {name: change.everything[name] for name in {q.source for q in quoted} & change.everything.keys()}
    )
    return quotations.check(quoted, stated, quotations.texts(settings.text_folders))


def located(settings: Settings, dataset: Dataset | None, finding: Finding, files: Sequence[Path]) -> Finding:
    """The finding with the file and line where its resource is described."""
    name = document_of(finding.focus)
    named = dataset.name if dataset else ""
    if finding.path or not name:
        return replace(finding, dataset=named)
    key = name.removeprefix(key_iri(settings.base, named))
    places = ((path, ingest.line_in(path, key, name)) for path in files)
    path, line = next((place for place in places if place[1]), (dataset.folder if dataset else settings.folder, 0))
    return replace(finding, dataset=named, path=str(path.relative_to(settings.folder)), line=line)
