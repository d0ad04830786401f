"""What the service says of what it offers, as those read it who harvest: DCAT-AP 3, VoID, SemApps, schema.org."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph
import pyshacl
import pytest
from rdflib import DCAT, RDF, VOID, Graph, URIRef
from rdflib.namespace import DCTERMS

from conftest import Published, publish
from serving import serving
from solld import site
from solld.model import Settings

SHAPES = Path(__file__).with_name("dcat-ap.ttl")
BASE = "https://w3id.org/solld/"


def graph(published: Published, path: str = "/catalog", accept: str = "text/turtle") -> Graph:
    answer = published.get(path, Accept=accept)
    assert answer.status_code == 200
    return Graph().parse(data=answer.data, format=accept)


def test_the_catalogue_is_valid_dcat_ap(bundled: Published) -> None:
    conforms, _, text = pyshacl.validate(graph(bundled), shacl_graph=Graph().parse(SHAPES))
    assert conforms, text


def test_a_poor_site_is_valid_too(tiny: Settings) -> None:
    path = tiny.folder / "site.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text('publisher = "https://x.example/me"\npublisher_name = "Me"\n' + text, encoding="utf-8")
    published = publish(site.load(tiny.folder))
    conforms, _, text = pyshacl.validate(graph(published), shacl_graph=Graph().parse(SHAPES))
    assert conforms, text
    published.close()


ACCEPTED = ("text/turtle", "application/ld+json", "application/rdf+xml")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        *(
            (p, a)
            for p in ("/catalog", "/void", "/")
            for a in ("text/turtle", "application/ld+json", "application/rdf+xml")
        ),
        ("/.well-known/void", "text/turtle"),
    ],
)
def test_it_is_whole_at_every_address(bundled: Published, path: str, accept: str) -> None:
    found = graph(bundled, path, accept)
    datasets = set(found.subjects(RDF.type, DCAT.Dataset))
    assert datasets == {URIRef(f"{BASE}dataset/{name}") for name in ("rers", "territoires")}
    for dataset in datasets:  # as ckanext-dcat's parser and others go through them
        assert found.value(dataset, DCTERMS.title)
        assert found.value(dataset, DCTERMS.description)
        for distribution in found.objects(dataset, DCAT.distribution):
            url = str(found.value(distribution, DCAT.downloadURL))
            assert bundled.client.head(url.replace(BASE, "/")).status_code == 200
            assert found.value(distribution, DCAT.mediaType)
        for partition in found.objects(dataset, VOID.classPartition):
            assert found.value(partition, VOID["class"])
            assert int(str(found.value(partition, VOID.entities))) > 0
        for partition in found.objects(dataset, VOID.propertyPartition):
            assert found.value(partition, VOID.property)
            assert int(str(found.value(partition, VOID.triples))) > 0
        examples = list(found.objects(dataset, VOID.exampleResource))
        assert examples
        for example in examples:
            assert bundled.get(str(example).replace(BASE, "/")).status_code == 303
    nodes = found.subjects(RDF.type, DCAT.DataService)
    services = {str(found.value(s, DCTERMS.title)): str(found.value(s, DCAT.endpointURL)) for s in nodes}
    assert services == {"SPARQL": f"{BASE}sparql", "Linked Data Event Stream": f"{BASE}ldes"}
    for url in services.values():
        assert bundled.get(url.replace(BASE, "/")).status_code == 200
    assert list(found.objects(URIRef(f"{BASE}catalog"), VOID.dataDump))


PREFIX = re.compile(r"^@prefix ([\w-]*: +<.*>) .", re.MULTILINE)  # as SemApps has it


def test_semapps_mirrors_it(bundled: Published) -> None:
    """The steps of sync/services/mirror.ts, up to the update that it sends to its own store."""
    with serving(bundled.settings.folder, "--workers", "1") as server:
        server_url = f"http://127.0.0.1:{server.port}"
        answer = server.ask("", path="/.well-known/void", Accept="application/ld+json")
        nodes = {node["@id"]: node for node in json.loads(answer.read())["@graph"]}
        host = urlsplit(server_url).netloc.replace("-", "_", 1).replace(".", "_", 1).replace(":", "_", 1)
        partitions = nodes[f"#{host}"]["void:classPartition"]
        assert len(partitions) == 2
        mirrored = pyoxigraph.Store()
        for partition in partitions:
            path = partition["void:uriSpace"].removeprefix(server_url)
            turtle = server.ask("", path=path, Accept="text/turtle").read().decode()
            prefixes = "".join(f"PREFIX {each}\n" for each in PREFIX.findall(turtle))
            mirrored.update(f"{prefixes}INSERT DATA {{ {PREFIX.sub('', turtle)} }}")
            assert int(partition["void:entities"]) > 0
            assert partition["void:class"]
    assert len(mirrored) > 3000
    assert any(mirrored.quads_for_pattern(None, pyoxigraph.NamedNode(f"{BASE}ns#holdsValue"), None))


def test_its_json_ld_is_json_ld(bundled: Published) -> None:
    found = graph(bundled, "/.well-known/void", "application/ld+json")
    server = URIRef("http://localhost/.well-known/void#localhost")
    assert (server, RDF.type, VOID.Dataset) in found
    assert len(list(found.objects(server, VOID.classPartition))) == 2


class Scripts(HTMLParser):
    """The JSON-LD of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self._inside = tag == "script" and dict(attrs).get("type") == "application/ld+json"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found.append(json.loads(data))
            self._inside = False


@pytest.mark.parametrize(("path", "kind"), [("/dataset/rers", "Dataset"), ("/", "DataCatalog")])
def test_search_engines_of_datasets_find_them(bundled: Published, path: str, kind: str) -> None:
    page = Scripts()
    page.feed(bundled.get(path, Accept="text/html", Accept_Language="en").text)
    (told,) = (each for each in page.found if each.get("@type") == kind)
    assert told["@context"] == "https://schema.org/"
    assert 50 <= len(told["description"]) <= 5000  # what Google's guide asks
    assert told["name"] in ("The RERS and the solidarity economy: a crossed history", "Solidarity data")
    assert told["license"].startswith("https://creativecommons.org/")
    files = told.get("distribution", [])  # a catalogue may have none there: its datasets do
    assert {each["encodingFormat"] for each in files} == (
        {"application/n-quads", "text/turtle", "application/ld+json", "text/csv"} if kind == "Dataset" else set()
    )
    for each in files:
        assert bundled.client.head(each["contentUrl"].replace(BASE, "/")).status_code == 200
