"""Every type of page that people look at, in one table: a new page is one line, and all tests of pages then have it.

A path has {keys} of the site in visited.py. Budgets are what a browser that was never here is sent, compressed.
"""

from dataclasses import dataclass
from urllib.parse import quote

TEXT = 150  # kB of HTML, style sheets and fonts that a page may take
WHO = "PREFIX solld: <https://w3id.org/solld/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
WHO += "SELECT ?actor ?name WHERE { ?actor a solld:Actor ; skos:prefLabel ?name } ORDER BY ?name"

COUNTED = "SELECT ?class (COUNT(?thing) AS ?number) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY DESC(?number)"
POINTED = "PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> PREFIX schema: <https://schema.org/> "
POINTED += "SELECT ?place ?lat ?long WHERE { ?place geo:lat|schema:latitude ?lat ; geo:long|schema:longitude ?long }"


@dataclass(frozen=True)
class PageType:
    """A type of page by one of its kind."""

    name: str
    path: str
    status: int = 200
    text: int = TEXT  # kB of HTML, style sheets and fonts
    script: int = 0  # kB of scripts; 0 where a page is to have none
    data: int = 1  # kB of pictures, and of what scripts ask for; the icon is one
    framed: bool = False  # shown in frames of others: without a header, a footer and a link that skips them


def sparql(query: str) -> str:
    return "/sparql?query=" + quote(query)


PAGES = (
    PageType("home", "/"),
    PageType("actor", "/doc/{a1}", script=1),
    PageType("group", "/doc/{rers}", script=1),
    PageType("network", "/doc/{mrers}", script=1),
    PageType("charter", "/doc/{charte}", script=1),
    PageType("search", "/search", script=2),
    PageType("found", "/search?q=jardin+grenoble", script=2),
    PageType("nothing found", "/search?q=zxqwplof", script=2),
    PageType("map", "/map", script=70, data=160),
    PageType("map of what is found", "/map?q=jardin", script=70, data=160),
    PageType("nowhere on the map", "/map?q=zxqwplof"),
    PageType("networks", "/networks"),
    PageType("around", "/networks?around={rers}"),
    PageType("values", "/values"),
    PageType("compared", "/values?with={rers}&with={charte}"),
    PageType("timeline", "/timeline"),
    PageType("concept", "/scheme/values/utilite-sociale", script=1),
    PageType("principle", "/scheme/charter-principles/territoires-2", script=1),
    PageType("scheme", "/scheme/values"),
    PageType("excerpt", "/doc/{x-beauvais}", script=1),
    PageType("statement", "/doc/{s-rers-solidarite}", script=1),
    PageType("place", "/doc/{amiens}", script=1),
    PageType("merged", "/doc/{a2}", script=1),
    PageType("withdrawn", "/doc/{a3}", 410),
    PageType("vocabulary", "/ns"),
    PageType("dataset", "/dataset/rers", script=1),
    PageType("harvested dataset", "/dataset/annuaire", script=1),
    PageType("report", "{report}"),
    PageType("correct", "/correct/{a1}?property=schema:url"),
    PageType("correct which", "/correct/{a1}"),
    PageType("embed", "/embed/{a1}", framed=True),
    PageType("embedded list", "/embed?q=jardin", framed=True),
    PageType("dumps", "/dump"),
    PageType("versions", "/doc/{entreprises-creees-lutte-exclusion}/versions"),
    PageType("difference", "/doc/{entreprises-creees-lutte-exclusion}/versions?from=1&to=2"),
    PageType("version", "/version/{entreprises-creees-lutte-exclusion}/1", script=1),
    PageType("sparql", "/sparql", script=160, data=10),
    PageType("results", sparql(WHO), script=160, data=10),
    PageType("counted", sparql(COUNTED), script=160, data=10),
    PageType("pointed", sparql(POINTED), script=160, data=10),
    PageType("wrong query", sparql("SELECT ?a WHERE { ?a solld:cooperates }"), 400, script=160, data=10),
    PageType("queries", "/queries"),
    PageType("long query", "/queries/excerpts"),
    PageType("query", "/queries/values-shared"),
    PageType("changes", "/changes"),
    PageType("about", "/about"),
    PageType("data", "/about/data"),
    PageType("accessibility", "/about/accessibility"),
    PageType("corrections", "/about/corrections"),
    PageType("persistence", "/about/persistence"),
    PageType("sources", "/about/sources"),
    PageType("wikidata", "/about/wikidata"),
    PageType("mediawiki", "/about/mediawiki"),
    PageType("reconciliation", "/about/reconciliation"),
    PageType("not found", "/doc/00000000", 404),
    PageType("preview", "/reconcile/preview?id={a1}", framed=True),
)
