"""What search engines read, held against schema.org's vocabulary: every property stands where it may, with what it may.

The vocabulary is read from schema-dts, Google's types of it (tests/clients), as they are released.
"""

import html
import json
import os
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from conftest import ROOT, Published
from solld.formats.schemathings import FAMILIES, KINDS, PROPERTIES
from test_links_files import linked
from test_merged import Sources, sources

__all__ = ["linked", "sources"]
TYPES = ROOT / "tests/clients/node_modules/schema-dts/dist/schema.d.ts"
TEXTS = {"Text", "URL", "Date", "DateTime", "Time"}
NUMBERS = {"Number", "Integer", "Float", "Text"}


class Vocabulary:
    """Types with those above them, and properties with what their values may be."""

    def __init__(self, text: str):
        self.above: dict[str, set[str]] = {}
        self.own: dict[str, dict[str, set[str]]] = {}
        declared = re.compile(r"interface (\w+?)(?:Base|Leaf) extends ([^{]+) \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
        for kind, bases, body in declared.findall(text):
            found = {base.strip().removesuffix("Base") for base in bases.split(",")}
            self.above.setdefault(kind, set()).update(found - {kind})
            ranges = re.findall(r'"([\w-]+)"\?: SchemaValue<([^<>]*), "\1">', body)
            self.own.setdefault(kind, {}).update({name: set(of.split(" | ")) for name, of in ranges})

    @cache  # noqa: B019
    def line(self, kind: str) -> frozenset[str]:
        """A type and all above it."""
        return frozenset({kind}).union(*(self.line(each) for each in self.above.get(kind, ())))

    def range(self, kind: str, name: str) -> set[str]:
        """What the values of a property of a type may be; nothing if it may not have it."""
        return set().union(*(self.own.get(each, {}).get(name, set()) for each in self.line(kind)))

    def wrong(self, node: dict[str, Any]) -> Iterator[str]:
        """What is wrong with a node and those within."""
        kind = node["@type"]
        if kind not in self.above:
            yield f"{kind} is no type"
        for name, values in node.items():
            if name.startswith("@") or name.endswith("-input"):
                continue
            allowed = self.range(kind, name)
            if not allowed:
                yield f"{kind} has no {name}"
            for value in values if isinstance(values, list) else [values]:
                if not self.fits(value, allowed):
                    yield f"{kind} {name}: {value!r} is none of {sorted(allowed)}"
                if isinstance(value, dict) and "@type" in value:
                    yield from self.wrong(value)

    def fits(self, value: Any, allowed: set[str]) -> bool:
        if isinstance(value, dict):
            return bool(self.line(value["@type"]) & allowed) if "@type" in value else "IdReference" in allowed
        kinds = {"Boolean"} if isinstance(value, bool) else NUMBERS if isinstance(value, int | float) else TEXTS
        return bool(kinds & allowed)


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    if not TYPES.exists():
        if os.environ.get("CI"):
            pytest.fail("schema-dts is not installed; make test does that")
        pytest.skip("schema-dts is not installed")
    return Vocabulary(TYPES.read_text(encoding="utf-8"))


def told(published: Published, path: str, language: str = "en") -> list[dict[str, Any]]:
    """What a page has in the words of schema.org."""
    page = published.get(f"{path}?lang={language}", Accept="text/html").text
    scripts = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    found = [json.loads(each) for each in scripts]
    return [each for each in found if each.get("@context") == "https://schema.org/"]


def test_the_vocabulary_is_read(vocabulary: Vocabulary) -> None:
    assert len(vocabulary.above) > 800
    assert "Thing" in vocabulary.line("Cooperative") & vocabulary.line("City")
    assert vocabulary.range("Organization", "founder")
    assert not vocabulary.range("Place", "founder")
    bad = {"@type": "Place", "founder": "x", "geo": {"@type": "Person"}, "name": {"@type": "Nothing"}}
    assert len(list(vocabulary.wrong(bad))) == 5


def test_every_property_that_may_be_written_is_one_of_its_type(vocabulary: Vocabulary) -> None:
    assert set(KINDS.values()) <= set(FAMILIES)
    for kind, families in FAMILIES.items():
        assert kind in vocabulary.above
        for family in ("Thing", *families, kind):
            for name in PROPERTIES.get(family, {}):
                assert vocabulary.range(kind, name), f"{kind} has no {name}"


def test_every_page_of_the_bundled_site_validates(bundled: Published, vocabulary: Vocabulary) -> None:
    base = bundled.settings.base
    schemes = {q.subject.value for q in bundled.service.store.quads() if f"{base}scheme/" in str(q.subject)}  # type: ignore[union-attr]
    paths = [f"/doc/{identifier}" for identifier in bundled.ids.values()]
    paths += ["/doc/" + iri.removeprefix(base) for iri in schemes]
    kinds: set[str] = set()
    for path in (*paths, "/", "/ns", "/dataset/rers", "/dataset/territoires"):
        for each in told(bundled, path, "fr"):
            assert list(vocabulary.wrong(each)) == [], path
            assert each.get("name") or each.get("description") or each["@type"] == "BreadcrumbList", path
            kinds.add(each["@type"])
    assert kinds >= {
        *("Organization", "Place", "Event", "Person", "CreativeWork", "DefinedTerm", "DefinedTermSet"),
        *("Dataset", "DataCatalog", "WebSite", "GovernmentOrganization", "BreadcrumbList"),
    }


def test_an_organisation_has_its_founders_and_its_document(bundled: Published) -> None:
    found = told(bundled, f"/doc/{bundled.ids['mds']}", "fr")[0]
    assert found["@type"] == "Organization"
    assert found["name"] == "Mouvement pour un développement solidaire"
    assert found["alternateName"] == "MDS"
    assert len(found["founder"]) == 4
    assert found["mainEntityOfPage"] == f"{bundled.settings.base}doc/{bundled.ids['mds']}"


def test_a_harvested_record_has_its_address_and_its_point(sources: Sources, vocabulary: Vocabulary) -> None:
    published = sources.publish()
    found, _ = told(published, f"/doc/{sources.identifier('one', '1')}")
    assert list(vocabulary.wrong(found)) == []
    place = found["location"]
    assert (place["@type"], place["address"]["addressLocality"]) == ("Place", "Amiens")
    assert place["geo"] == {
        "@type": "GeoCoordinates",
        "@id": f"{found['@id']}#point",
        "latitude": 49.8941,
        "longitude": 2.2958,
    }
    assert found["url"] == "https://fabrique.example/"


def test_registers_and_other_directories_are_where_else_it_is(sources: Sources, vocabulary: Vocabulary) -> None:
    path = sources.folder / "more.csv"
    path.write_text("id,name,siren,wikidata\n7,Coop,552081317,Q1412000\n", encoding="utf-8")
    sources.solld(
        "add-source", str(path), "--name", "more", "--license", "https://creativecommons.org/licenses/by/4.0/"
    )
    published = sources.publish()
    found, _ = told(published, f"/doc/{sources.identifier('more', '7')}")
    assert list(vocabulary.wrong(found)) == []
    assert {"@type": "PropertyValue", "value": "552081317", "propertyID": "FR-INSEE"} in found["identifier"]
    assert "https://www.wikidata.org/wiki/Q1412000" in found["sameAs"]


def test_the_site_says_where_it_is_searched(lights: Published) -> None:
    found = {each["@type"]: each for each in told(lights, "/")}
    action = found["WebSite"]["potentialAction"]
    assert action["target"]["urlTemplate"] == "https://lights.example/search?q={search_term_string}"
    assert action["query-input"] == "required name=search_term_string"
    assert found["WebSite"]["name"] == "Lighthouses"
    assert not [each for each in told(lights, f"/doc/{lights.ids['creach']}") if each["@type"] == "WebSite"]


def test_what_schema_org_has_no_type_for_is_not_forced_into_one(lights: Published) -> None:
    kinds = [each["@type"] for each in told(lights, f"/doc/{lights.ids['creach']}")]
    assert kinds == ["BreadcrumbList"]


def test_the_way_to_a_page_is_the_one_that_it_shows(bundled: Published) -> None:
    path = f"/doc/{bundled.ids['mds']}"
    (way,) = [each for each in told(bundled, path, "fr") if each["@type"] == "BreadcrumbList"]
    steps = [(each["position"], each["name"]) for each in way["itemListElement"]]
    assert steps == [(1, "Accueil"), (2, "Acteur"), (3, "Mouvement pour un développement solidaire")]
    page = bundled.get(f"{path}?lang=fr", Accept="text/html").text
    shown = re.search(r'<nav class="crumbs".*?</nav>', page, re.DOTALL)
    assert shown
    for each in way["itemListElement"][:-1]:
        local = each["item"]["@id"].removeprefix(bundled.settings.base.rstrip("/"))
        assert f'href="{local}"' in html.unescape(shown[0])
        assert bundled.get(local, Accept="text/html").status_code == 200
