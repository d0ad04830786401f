"""The seeds' data against the seeds' texts: each quotation stands where it says, each name is in the text.

data/<dataset>/*.ttl describes things under source keys; a text is found by the SHA-256 that its document states.
"""

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat

SITE = Path(__file__).resolve().parents[1]
BASE = "https://w3id.org/solld/"
DATASETS = ("rers", "territoires")
NAMESPACES = {
    "dct": "http://purl.org/dc/terms/",
    "oa": "http://www.w3.org/ns/oa#",
    "org": "http://www.w3.org/ns/org#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "schema": "https://schema.org/",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "solld": f"{BASE}ns#",
    "spdx": "http://spdx.org/rdf/terms#",
    "evidence": f"{BASE}scheme/evidence/",
}
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
STATEMENTS = ("rdf:Statement", "org:Membership", "solld:Cooperation", "solld:Foundation", "solld:Recognition")
# Said by a statement node or derived by a rule, so that its evidence can be told; never directly.
NEVER_DIRECT = (
    *(
        "solld:holdsValue",
        "solld:fieldOfAction",
        "solld:expressesValue",
        "solld:territoryLevel",
        "solld:cooperatesWith",
    ),
    *("org:purpose", "org:subOrganizationOf", "org:memberOf", "schema:founder", "schema:location", "schema:author"),
)
# Whose names must be the words of the text. Purposes and concepts have labels of ours.
NAMED = (
    "solld:Actor",
    "solld:Network",
    "schema:Place",
    "schema:Event",
    "schema:WebPage",
    "schema:Report",
    "schema:WebSite",
)
QUOTED = 300  # characters of the longest quotation of a text under CC BY-NC-ND

Term = NamedNode | BlankNode | Literal
Triple = tuple[str, str, Term]


def iri(name: str) -> str:
    prefix, _, local = name.partition(":")
    return NAMESPACES[prefix] + local


@cache
def triples(dataset: str) -> tuple[Triple, ...]:
    """What the files of a dataset say, without its dataset.ttl."""
    files = sorted(set((SITE / "data" / dataset).glob("*.ttl")) - {SITE / "data" / dataset / "dataset.ttl"})
    return tuple(triple for path in files for triple in _parsed(path, f"{BASE}key/{dataset}/"))


def _parsed(path: Path, base: str) -> Iterator[Triple]:
    for each in pyoxigraph.parse(path=path, format=RdfFormat.TURTLE, base_iri=base):
        assert not isinstance(each.subject, pyoxigraph.Triple)
        assert not isinstance(each.object, pyoxigraph.Triple)
        yield each.subject.value, each.predicate.value, each.object


@cache
def index(dataset: str) -> dict[str, dict[str, list[Term]]]:
    """subject -> predicate -> objects"""
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for subject, predicate, target in triples(dataset):
        found[subject][predicate].append(target)
    return {subject: dict(properties) for subject, properties in found.items()}


def values(dataset: str, subject: str, name: str) -> list[str]:
    return [term.value for term in index(dataset).get(subject, {}).get(iri(name), [])]


def with_type(dataset: str, *names: str) -> list[str]:
    wanted = {iri(name) for name in names}
    return [subject for subject in index(dataset) if wanted & set(values(dataset, subject, "rdf:type"))]


def short(subject: str) -> str:
    return subject.removeprefix(BASE).removeprefix("key/")


def pairs(*names: str) -> list[tuple[str, str]]:
    return [(dataset, subject) for dataset in DATASETS for subject in with_type(dataset, *names)]


EXCERPTS = pairs("oa:SpecificResource")
THINGS = [
    (dataset, subject)
    for dataset in DATASETS
    for subject in index(dataset)
    if "#" not in subject and (dataset, subject) not in EXCERPTS
]


def _folders() -> list[Path]:
    shared = os.environ.get("SOLLD_SHARED")
    return [Path(shared) / "seeds"] if shared else [SITE.parent / "shared" / "seeds"]


@cache
def text(dataset: str) -> str:
    """The text of a dataset. Skips without it, but not where everything must run."""
    (checksum,) = {sum_ for subject in index(dataset) for sum_ in values(dataset, subject, "spdx:checksumValue")}
    for folder in _folders():
        for path in sorted(folder.glob("*.txt")):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() == checksum:
                return content.decode("utf-8")
    reason = f"no text with SHA-256 {checksum} in {', '.join(map(str, _folders()))}; set SOLLD_SHARED"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def quotation(dataset: str, excerpt: str) -> tuple[str, str, str, int, int]:
    """prefix, exact, suffix, start, end"""
    nodes = values(dataset, excerpt, "oa:hasSelector")
    found = {p: [v for node in nodes for v in values(dataset, node, p)] for p in SELECTOR}
    prefix, suffix = ("".join(found[p]) for p in ("oa:prefix", "oa:suffix"))
    (exact,), (start,), (end,) = found["oa:exact"], found["oa:start"], found["oa:end"]
    return prefix, exact, suffix, int(start), int(end)


SELECTOR = ("oa:prefix", "oa:exact", "oa:suffix", "oa:start", "oa:end")


@pytest.mark.parametrize(("dataset", "excerpt"), EXCERPTS, ids=lambda value: short(value))
def test_the_quotation_stands_in_the_text_where_it_says(dataset: str, excerpt: str) -> None:
    prefix, exact, suffix, start, end = quotation(dataset, excerpt)
    assert text(dataset)[start - len(prefix) : end + len(suffix)] == prefix + exact + suffix
    assert text(dataset)[start:end] == exact


@pytest.mark.parametrize(("dataset", "excerpt"), EXCERPTS, ids=lambda value: short(value))
def test_the_quotation_stands_once_in_the_text_with_its_neighbours(dataset: str, excerpt: str) -> None:
    prefix, exact, suffix, _, _ = quotation(dataset, excerpt)
    assert text(dataset).count(prefix + exact + suffix) == 1


@pytest.mark.parametrize(("dataset", "excerpt"), EXCERPTS, ids=lambda value: short(value))
def test_the_excerpt_is_of_the_page_with_its_own_rights_and_is_used(dataset: str, excerpt: str) -> None:
    assert values(dataset, excerpt, "oa:hasSource") == [f"{BASE}key/{dataset}/page"]
    assert values(dataset, excerpt, "dct:rights") == [f"{BASE}key/{dataset}/rights-quotations"]
    assert any(p == iri("prov:wasDerivedFrom") and o.value == excerpt for _, p, o in triples(dataset))


@pytest.mark.parametrize(("dataset", "thing"), THINGS, ids=lambda value: short(value))
def test_every_thing_and_statement_has_its_evidence_and_its_excerpt(dataset: str, thing: str) -> None:
    (grade,) = values(dataset, thing, "solld:evidence")
    excerpts = values(dataset, thing, "prov:wasDerivedFrom")
    assert grade in {iri(f"evidence:{name}") for name in ("explicit", "inferred", "interpreted", "ambiguous")}
    assert excerpts
    assert set(excerpts) <= {excerpt for _, excerpt in EXCERPTS}
    if grade != iri("evidence:explicit"):
        assert values(dataset, thing, "skos:note"), "a note says why it is not explicit"


def test_values_read_in_a_principle_are_interpretations() -> None:
    nodes = with_type("territoires", "rdf:Statement")
    expressing = [n for n in nodes if values("territoires", n, "rdf:predicate") == [iri("solld:expressesValue")]]
    grades = {grade for node in expressing for grade in values("territoires", node, "solld:evidence")}
    assert grades == {iri("evidence:interpreted")}


def test_a_text_under_by_nc_nd_is_quoted_shortly_and_less_than_half_of_it() -> None:
    quoted = [quotation(dataset, excerpt) for dataset, excerpt in EXCERPTS if dataset == "rers"]
    spans = [(start - len(prefix), end + len(suffix)) for prefix, _, suffix, start, end in quoted]
    covered = {position for start, end in spans for position in range(start, end)}
    assert max(end - start for start, end in spans) <= QUOTED
    assert len(covered) < len(text("rers")) / 2


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_key_is_well_formed_and_says_what_it_is(dataset: str) -> None:
    defined = {subject for name in DATASETS for subject in index(name)}
    used = {o.value for _, _, o in triples(dataset) if isinstance(o, NamedNode)} | set(index(dataset))
    keys = {name for name in used if name.startswith(f"{BASE}key/")}
    names = [short(key).partition("#")[0].partition("/")[2] for key in keys]
    assert keys <= defined
    assert [name for name in names if not KEY.fullmatch(name)] == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_node_is_blank(dataset: str) -> None:
    assert [s for s, _, o in triples(dataset) if s.startswith("_:") or isinstance(o, BlankNode)] == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_what_has_its_own_evidence_is_never_said_directly(dataset: str) -> None:
    forbidden = {iri(name) for name in NEVER_DIRECT}
    assert [(short(s), p) for s, p, _ in triples(dataset) if p in forbidden] == []


@pytest.mark.parametrize("dataset", DATASETS)
def test_nothing_is_described_in_two_places(dataset: str) -> None:
    others = {subject for name in DATASETS if name != dataset for subject in index(name)}
    assert others & set(index(dataset)) == set()


def named() -> list[tuple[str, str, str]]:
    return [
        (dataset, subject, term.value)
        for dataset, subject in pairs(*NAMED)
        for property_ in ("skos:prefLabel", "skos:altLabel", "dct:title")
        for term in index(dataset)[subject].get(iri(property_), [])
        if isinstance(term, Literal) and term.language == "fr"
    ]


@pytest.mark.parametrize(("dataset", "subject", "name"), named(), ids=lambda value: short(value))
def test_a_name_is_in_the_words_of_the_text(dataset: str, subject: str, name: str) -> None:
    assert name in text(dataset), short(subject)


@pytest.mark.parametrize(("dataset", "actor"), pairs("solld:Actor", "solld:Network"), ids=lambda value: short(value))
def test_an_actor_has_a_name_or_a_description(dataset: str, actor: str) -> None:
    assert values(dataset, actor, "skos:prefLabel") or values(dataset, actor, "dct:description")


@pytest.mark.parametrize(("dataset", "statement"), pairs(*STATEMENTS[2:]), ids=lambda value: short(value))
def test_a_statement_of_several_things_has_a_caption_in_french_and_english(dataset: str, statement: str) -> None:
    labels = index(dataset)[statement]["http://www.w3.org/2000/01/rdf-schema#label"]
    assert {label.language for label in labels if isinstance(label, Literal)} >= {"fr", "en"}


def test_the_charter_has_eight_principles_in_order_and_in_its_own_words() -> None:
    principles = sorted(with_type("territoires", "solld:CharterPrinciple"))
    words = [values("territoires", principle, "skos:definition")[0] for principle in principles]
    places = [text("territoires").index(each) for each in words]
    assert [values("territoires", p, "skos:notation") for p in principles] == [[str(n)] for n in range(1, 9)]
    assert places == sorted(places)
    assert all(text("territoires")[place - 2 : place] == "• " for place in places)
    assert all(not each.endswith((";", ".", " ", "\u00a0")) for each in words)


def test_a_principle_and_its_excerpt_have_the_same_words() -> None:
    principles = with_type("territoires", "solld:CharterPrinciple")
    excerpts = [values("territoires", principle, "prov:wasDerivedFrom")[0] for principle in principles]
    words = [values("territoires", principle, "skos:definition")[0] for principle in principles]
    assert [quotation("territoires", excerpt)[1] for excerpt in excerpts] == words
