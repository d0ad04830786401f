"""A site about the directory, and its release: published without data, then the triples go straight into the store.

Publishing ten million triples through the site takes hours of what is not measured here (ingest, validation, history,
names), so only its frame is published: ontology, catalogue, manifest. The store then is what a publish would have made
of it, the merged view in the default graph and the dataset in its named graph; the history and the index of names know
nothing of the triples. `published` does take the whole way.
"""

import json
from pathlib import Path

import pyoxigraph
from directory import BASE, PREFIXES, Directory
from programs import SOLLD, run

DATASET = f"{BASE}dataset/directory"
KEYS = f"{BASE}key/directory/"
# All clients of a benchmark come from one machine, so what one address may have at once is as much as all of them ask.
SITE = """base = "{base}"
title = {{ en = "A directory", fr = "Un annuaire" }}
languages = ["en", "fr", "es"]

[sparql]
seconds = {seconds}
per_client = {clients}
"""
DESCRIBED = """@prefix dct: <http://purl.org/dc/terms/> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
<> a dcat:Dataset ; dct:title "Directory"@en, "Annuaire"@fr ;
  dct:license <https://creativecommons.org/publicdomain/zero/1.0/> .
"""
PROPERTIES = (
    *("cooperatesWith", "employees", "field", "founded", "kind", "member", "memberOf", "network", "partner", "place"),
    *("population", "quotation", "role", "scheme", "since", "type", "value", "within"),
)
CLASSES = ("Organisation", "Network", "Membership", "Cooperation", "Excerpt", "Source", "Town", "Region", "Country")


def written(folder: Path, triples: int, seconds: int, clients: int) -> Path:
    """A site whose release holds a directory of so many triples."""
    site = _site(folder, seconds, clients)
    run((*SOLLD, "publish", "--site", str(site)), folder / "log")
    directory = folder / "directory.nt"
    Directory(triples).write(directory)
    quads = _fill(site / "var" / "current" / "store", directory)
    directory.unlink()
    manifest = site / "var" / "current" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text(encoding="utf-8")) | {"quads": quads}))
    return site


def published(folder: Path, triples: int, seconds: int, clients: int) -> Path:
    """The same by `solld publish`, which names the things itself."""
    site = _site(folder, seconds, clients)
    Directory(triples, KEYS).write(site / "data" / "directory" / "directory.nt")
    run((*SOLLD, "publish", "--site", str(site)), folder / "log")
    return site


def dump(site: Path, path: Path) -> int:
    """The default graph of the release as N-Triples, for the other servers; returns its number of triples."""
    store = pyoxigraph.Store.read_only(str(site / "var" / "current" / "store"))
    store.dump(output=path, format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=pyoxigraph.DefaultGraph())
    with path.open("rb") as lines:
        return sum(1 for _ in lines)


def _site(folder: Path, seconds: int, clients: int) -> Path:
    site = folder / "site"
    data = site / "data" / "directory"
    data.mkdir(parents=True)
    (site / "ontology").mkdir()
    (site / "queries").mkdir()
    (site / "site.toml").write_text(SITE.format(base=BASE, seconds=seconds, clients=clients), encoding="utf-8")
    (site / "ontology" / "directory.ttl").write_text(_ontology(), encoding="utf-8")
    (data / "dataset.ttl").write_text(DESCRIBED, encoding="utf-8")
    return site


def _ontology() -> str:
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    terms = [(name, "owl:Class") for name in CLASSES] + [(name, "rdf:Property") for name in PROPERTIES]
    stated = "".join(
        f'dir:{name} a {type_} ; rdfs:label "{name}"@en ; rdfs:isDefinedBy <{BASE}ns> .\n' for name, type_ in terms
    )
    return (
        f"{prefixes}@prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        f"@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
        f'<{BASE}ns> a owl:Ontology ; rdfs:label "Directory"@en .\n{stated}'
    )


def _fill(folder: Path, triples: Path) -> int:
    store = pyoxigraph.Store(str(folder))
    for graph in (pyoxigraph.NamedNode(DATASET), pyoxigraph.DefaultGraph()):
        store.bulk_load(path=str(triples), format=pyoxigraph.RdfFormat.N_TRIPLES, to_graph=graph)
    store.flush()
    return len(store)
