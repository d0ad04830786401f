"""Finds what changed in each graph since the newest release, and checks it: only that is validated and versioned."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path

from solld import ingest, lazily, quotations, validate
from solld.addresses import key_iri
from solld.ingest import Lines
from solld.lazily import only
from solld.located import line_in
from solld.model import Dataset, Finding, Settings
from solld.rdf import document_of, targets

PART = 2000  # resources that are checked at once
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
    return Change(graph, changed, only(everything, changed), removed, everything)


def without(change: Change, refused: Iterable[str]) -> Change:
    """The change without the resources that were refused: what the release said of them stays."""
    out = frozenset(refused)
    if not out:
        return change
    digests = {name: d for name, d in change.digests.items() if name not in out}
    return Change(change.graph, digests, only(change.resources, digests), change.removed, change.everything)


def parts(change: Change) -> Iterator[Change]:
    """A change in parts that fit into memory, to be checked one after another."""
    for resources in lazily.parts(change.resources, PART):
        yield replace(change, resources=resources)


def check_terms(settings: Settings, change: Change, known: Known) -> list[Finding]:
    """A Violation for each IRI of the site that nothing defines: a misspelt term, concept or key."""
    prefixes = tuple(f"<{settings.base}{path}".encode() for path in (*CHECKED, "key/"))
    keys, typed = f"{settings.base}key/", f"^^<{settings.base}".encode()
    good: set[str] = set()  # of those that were looked up
    found = []
    for name, lines in change.resources.items():
        own = (f"<{name}>".encode(), f"<{name}#".encode())
        for line in lines:
            _, predicate, rest = line.split(b" ", 2)
            for term in (predicate, rest[rest.rindex(b"<") :] if typed in rest else rest):
                if not term.startswith(prefixes) or term.startswith(own):
                    continue
                iri = term[1 : term.index(b">")].decode()
                if iri in good:
                    continue
                message = _unknown(settings, iri, keys, change, known)
                if message:
                    position = predicate[1:-1].decode()
                    found.append(Finding("Violation", message, focus=name, field=position, value=iri))
                else:
                    good.add(iri)
    return found


def _unknown(settings: Settings, iri: str, keys: str, change: Change, known: Known) -> str:
    """What is wrong with an IRI that nothing defines; "" if something does."""
    if iri.startswith(keys):
        target = document_of(iri)
        is_there = target in change.everything or known.is_defined(target)
        return "" if is_there else f"the key <{target[len(keys) :]}> is used, but nothing says what it is"
    return "" if _is_term(iri, change, known) else f"unknown term <{iri}>{_near(iri, known.terms)}"


def _is_term(iri: str, change: Change, known: Known) -> bool:
    return iri in known.terms or iri in change.everything or known.is_defined(iri)


def _near(iri: str, terms: Iterable[str]) -> str:
    near = get_close_matches(iri, terms, 1, 0.8)
    return f"; did you mean <{near[0]}>?" if near else ""


def check_shapes(shapes: validate.Shapes, change: Change, known: Known) -> list[Finding]:
    """The findings of the shapes about the resources that changed."""
    data = [line for lines in change.resources.values() for line in lines]
    neighbours = targets(data) - change.resources.keys()
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
    places = ((path, line_in(path, key, name)) for path in files)
    path, line = next((place for place in places if place[1]), (dataset.folder if dataset else settings.folder, 0))
    return replace(finding, dataset=named, path=str(path.relative_to(settings.folder)), line=line)
