"""A site of lighthouses all over France and some elsewhere, for tests of maps."""

from collections import Counter
from pathlib import Path

from solld.maps.basemap import address_of
from solld.maps.clusters import Box
from solld.model import Settings

PREFIXES = """@prefix light: <https://lights.example/ns#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix schema: <https://schema.org/> .
"""
SEARCH = """@prefix hydra: <http://www.w3.org/ns/hydra/core#> .
@prefix schema: <https://schema.org/> .
@prefix light: <https://lights.example/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
light:coast a owl:ObjectProperty ; rdfs:label "coast"@en, "côte"@fr ; rdfs:isDefinedBy <https://lights.example/ns> .
light:search a hydra:IriTemplate ; hydra:mapping light:search-type, light:search-coast, light:search-country .
light:search-type hydra:variable "type" ; sh:path rdf:type .
light:search-coast hydra:variable "coast" ; sh:path light:coast .
light:search-country hydra:variable "country" ; sh:path schema:addressCountry .
"""
TOWERS = {"Cordouan": (45.5863, -1.1734), "Gatteville": (49.6964, -1.2662), "Pilier": (47.0427, -2.3597)}
TOGETHER, PLACE = 7, (43.2951, 5.3625)  # lights at one place, in Marseille
SPREAD = 40  # lights along a line from Brest to Strasbourg
FAR = {"Bell Rock": (56.4343, -2.3871), "Split Point": (-38.4676, 144.1044)}
DEPARTEMENTS = ("29", "33", "50", "13")
NUMBER = len(TOWERS) + TOGETHER + SPREAD + len(FAR) + 1  # Creac'h is one more
FRANCE: Box = (-5.5, 41.0, 9.8, 51.3)


def mapped(settings: Settings) -> Settings:
    """Adds the lights to the tiny site."""
    lines = [PREFIXES]
    for number, (name, (latitude, longitude)) in enumerate(places()):
        lines.append(f'<m{number}> a light:Lighthouse ; skos:prefLabel "{name}"@fr ; light:height 20.5 ;')
        lines.append(f"  geo:lat {latitude:.5f} ; geo:long {longitude:.5f} .")
    for number, code in enumerate(DEPARTEMENTS):
        for turn in range(number + 1):
            lines.append(f'<d{code}-{turn}> a light:Lighthouse ; skos:prefLabel "Feu {turn} ({code})"@fr ;')
            lines.append(f'  light:coast <{address_of("departements", code)}> ; schema:addressCountry "FR" .')
    folder = Path(settings.folder)
    (folder / "data" / "lights" / "more.ttl").write_text("\n".join(lines), encoding="utf-8")
    (folder / "ontology" / "search.ttl").write_text(SEARCH, encoding="utf-8")
    return settings


def places() -> list[tuple[str, tuple[float, float]]]:
    line = [(f"Phare {n}", (48.4 + n * 0.005, -4.4 + n * 12 / SPREAD)) for n in range(SPREAD)]
    return [*TOWERS.items(), *FAR.items(), *((f"Feu du port {n}", PLACE) for n in range(TOGETHER)), *line]


def by_departement() -> dict[str, int]:
    """How many lights say that they are in each département."""
    return dict(Counter({code: number + 1 for number, code in enumerate(DEPARTEMENTS)}))
