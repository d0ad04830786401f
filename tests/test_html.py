"""The pages: what a reader finds on them, for any resource, in each language."""

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solld import formats, messages
from solld.formats.html import error_page, write_html
from solld.formats.querying import Page as Asking
from solld.formats.querying import page as asking_page
from solld.formats.results import Table, results
from solld.formats.view import Value
from solld.link.judgements import VERDICTS
from solld.model import Context, Description, Group, Link, Ontology, PropertyShape, Settings
from solld.negotiate import lookup_tags
from solld.queries import Query
from solld.rdf import DCAT, DCT, OA, OWL, PROV, RDF, RDFS, SKOS, VOID, XSD, BlankNode, Literal, NamedNode, Triple
from solld.review.sides import AGREE, DIFFER, ONE, PARTLY

BASE = "https://lights.example/"
NS = f"{BASE}ns#"
LANGUAGES = ("fr", "en", "es")
SITE = Settings(
    Path(),
    BASE,
    {"fr": "Phares", "en": "Lights"},
    {"en": "Lights of the coast."},
    LANGUAGES,
    publisher=f"{BASE}id/board",
    publisher_name="Lights Board",
    license="https://licence.example/open",
)


def thing(name: str) -> NamedNode:
    return NamedNode(f"{BASE}id/{name}")


def term(name: str) -> NamedNode:
    return NamedNode(NS + name)


def text(value: str, language: str = "fr") -> Literal:
    return Literal(value, language=language)


def shape(predicate: NamedNode, order: float, group: str = "", **more: Any) -> PropertyShape:
    plain: dict[str, Any] = {"inverse": False, "names": {}, "owned": False, "role": ""}
    return PropertyShape(predicate, group=group, order=order, **(plain | more))


ONTOLOGY = Ontology(
    superclasses={f"{NS}Lighthouse": (f"{NS}Lighthouse", f"{NS}Building")},
    shapes={
        f"{NS}Lighthouse": (
            shape(term("height"), 1, f"{NS}build", names={"fr": "hauteur", "en": "height"}),
            shape(term("repaired"), 2, f"{NS}life", inverse=True, owned=True, names={"fr": "réparations"}),
            shape(RDF.subject, 3, f"{NS}life", inverse=True, owned=True),
        ),
        f"{NS}Building": (shape(term("built"), 5, f"{NS}build"), shape(term("colour"), 0, f"{NS}life")),
    },
    groups={
        f"{NS}life": Group(f"{NS}life", {"fr": "Vie", "en": "Life"}, 2),
        f"{NS}build": Group(f"{NS}build", {"fr": "Construction", "en": "Construction"}, 1),
    },
    labels={
        f"{NS}Lighthouse": {"fr": "Phare", "en": "Lighthouse"},
        f"{NS}Building": {"fr": "Bâtiment"},
        f"{NS}shows": {"fr": "montre"},
        f"{NS}proof": {"fr": "preuve"},
    },
    label_predicates=(SKOS.prefLabel, RDFS.label, DCT.title),
    description_predicates=(DCT.description,),
)
LIGHT, KEEPER, WORKS, PAINTING = map(thing, ("light", "keeper", "works", "painting"))
CLAIM, DOUBT, EXCERPT, OTHER, SOURCE = map(thing, ("claim", "doubt", "excerpt", "other", "chronicle"))
QUOTE, OTHER_QUOTE = NamedNode(f"{EXCERPT.value}#quote"), NamedNode(f"{OTHER.value}#quote")
DATASET = NamedNode(f"{BASE}dataset/coast")
ABOUT = (
    Triple(LIGHT, RDF.type, term("Lighthouse")),
    Triple(LIGHT, RDF.type, term("Building")),
    Triple(LIGHT, SKOS.prefLabel, text("Le Phare")),
    Triple(LIGHT, SKOS.prefLabel, text("The Light", "en")),
    Triple(LIGHT, SKOS.altLabel, text("Le Vieux")),
    Triple(LIGHT, DCT.description, text("Un phare <rouge> & blanc.")),
    Triple(LIGHT, term("height"), Literal("37.5", datatype=XSD.decimal)),
    Triple(LIGHT, term("built"), Literal("1850-06-01", datatype=XSD.date)),
    Triple(LIGHT, term("colour"), thing("red")),
    Triple(LIGHT, term("guarded"), KEEPER),
    Triple(LIGHT, OWL.sameAs, NamedNode("https://elsewhere.example/light")),
    Triple(LIGHT, term("script"), NamedNode("javascript:alert(1)")),
)
OWNED = (
    Triple(WORKS, RDFS.label, text("Réparations de 1900")),
    Triple(WORKS, term("repaired"), LIGHT),
    Triple(WORKS, term("by"), KEEPER),
    Triple(WORKS, PROV.wasDerivedFrom, EXCERPT),
    Triple(EXCERPT, RDF.type, OA.SpecificResource),
    Triple(EXCERPT, OA.hasSource, SOURCE),
    Triple(EXCERPT, OA.hasSelector, QUOTE),
    Triple(QUOTE, OA.exact, text("on répara la tour", "fr")),
    Triple(QUOTE, OA.prefix, text("En 1900 ")),
    Triple(CLAIM, RDF.type, RDF.Statement),
    Triple(CLAIM, RDF.subject, LIGHT),
    Triple(CLAIM, RDF.predicate, term("colour")),
    Triple(CLAIM, RDF.object, thing("red")),
    Triple(CLAIM, term("proof"), thing("explicit")),
    Triple(CLAIM, PROV.wasDerivedFrom, OTHER),
    Triple(OTHER, OA.hasSource, SOURCE),
    Triple(OTHER, OA.hasSelector, OTHER_QUOTE),
    Triple(OTHER_QUOTE, OA.exact, text("rouge comme un homard")),
    Triple(DOUBT, RDF.type, RDF.Statement),
    Triple(DOUBT, RDF.subject, LIGHT),
    Triple(DOUBT, RDF.predicate, term("colour")),
    Triple(DOUBT, RDF.object, thing("white")),
    Triple(DOUBT, term("proof"), thing("ambiguous")),
)
LABELS = (
    Triple(KEEPER, SKOS.prefLabel, text("Ann the Keeper", "en")),
    Triple(thing("red"), SKOS.prefLabel, text("rouge")),
    Triple(thing("white"), SKOS.prefLabel, text("blanc")),
    Triple(SOURCE, DCT.title, text("Chronique de la côte")),
    Triple(PAINTING, DCT.title, text("Une marine")),
    Triple(thing("explicit"), SKOS.prefLabel, text("explicite")),
    Triple(DATASET, DCT.title, text("Phares de la côte")),
)
SAMPLE = Description(
    LIGHT,
    f"{BASE}doc/light",
    ABOUT,
    OWNED,
    (Triple(PAINTING, term("shows"), LIGHT),),
    LABELS,
    dict.fromkeys(ABOUT, (DATASET,)),
    more=True,
    modified=datetime(2026, 11, 23, 12, tzinfo=UTC),
)


def context(language: str = "fr", root: str = "", **more: Any) -> Context:
    prefixes = {"l": NS, "skos": SKOS.iri, "owl": OWL.iri, "rdf": RDF.iri}
    tags = lookup_tags(language, LANGUAGES)
    return Context(SITE, ONTOLOGY, prefixes, {"l": NS}, language, tags, formats.load(), root=root, **more)


class Reader(HTMLParser):
    """Reads a page: its elements with their attributes, and the text in them; a wrong nesting fails."""

    EMPTY = ("meta", "link", "br", "circle", "img", "input")

    def __init__(self, page: bytes):
        super().__init__()
        self.open: list[tuple[str, int]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: dict[int, str] = {}
        self.feed(page.decode())
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))
        if tag not in self.EMPTY:
            self.open.append((tag, len(self.elements) - 1))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        for _, place in self.open:
            self.texts[place] = self.texts.get(place, "") + data

    def all(self, tag: str, **attributes: str) -> list[dict[str, str]]:
        """The elements of a kind with these attributes, their text in the key "text", with single spaces."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [
            attrs | {"text": " ".join(self.texts.get(place, "").split())}
            for place, (name, attrs) in enumerate(self.elements)
            if name == tag and wanted.items() <= attrs.items()
        ]

    def text(self, tag: str, **attributes: str) -> str:
        return self.all(tag, **attributes)[0]["text"]


def read(description: Description = SAMPLE, language: str = "fr", root: str = "", **more: Any) -> Reader:
    return Reader(write_html(description, context(language, root, **more)))


def values(page: Reader) -> dict[str, str]:
    """The fields of a page: name -> text."""
    return dict(zip([e["text"] for e in page.all("dt")], [e["text"] for e in page.all("dd")], strict=True))


# --- the head ---------------------------------------------------------------------------------------------------------


def test_the_name_the_other_names_and_the_sentence_come_first() -> None:
    page = read()
    assert page.text("html", lang="fr")
    assert page.text("h1") == "Le Phare"
    assert page.text("title") == "Le Phare – Phares"
    assert page.text("p", class_="aka") == "aussi nommé The Light · Le Vieux"
    assert page.text("p", class_="lead") == "Un phare <rouge> & blanc."
    assert page.text("p", class_="type") == "Phare"


def test_another_language_is_marked() -> None:
    assert read(language="en").text("h1") == "The Light"
    assert read().text("a", href="/id/keeper", lang="en") == "Ann the Keeper"
    assert read(language="en").text("span", lang="fr") == "Le Phare"


def test_the_head_has_the_links_that_machines_follow() -> None:
    page = read(links=(Link("license", "https://licence.example/open"),))
    assert page.all("link", rel="canonical")[0]["href"] == f"{BASE}doc/light"
    assert page.all("link", rel="cite-as")[0]["href"] == LIGHT.value
    assert page.all("link", rel="license")[0]["href"] == "https://licence.example/open"
    assert page.all("link", type="text/turtle")[0]["href"] == "/doc/light.ttl"
    languages = [e["href"] for e in page.all("link", rel="alternate") if "hreflang" in e]
    assert languages == [f"{BASE}doc/light?lang={tag}" for tag in LANGUAGES] + [f"{BASE}doc/light"]
    assert page.all("meta", name="description")[0]["content"] == "Un phare <rouge> & blanc."


def test_every_format_is_a_link() -> None:
    links = {e["text"]: e["href"] for e in read().all("a") if e.get("type")}
    told = [f for f in formats.load() if f.extension != "html" and not f.cites]
    assert links == {f.name: f"/doc/light.{f.extension}" for f in told}


def test_json_ld_is_embedded_whole_and_safely() -> None:
    danger = Triple(LIGHT, term("note"), Literal("</script><script>alert(1)</script><!--"))
    page = read(Description(LIGHT, SAMPLE.document, (danger,)))
    (script,) = (each for each in page.all("script") if each["type"] == "application/ld+json")
    assert json.loads(script["text"])["l:note"] == "</script><script>alert(1)</script><!--"


# --- the fields -------------------------------------------------------------------------------------------------------


def test_groups_and_fields_are_in_the_order_of_the_shapes() -> None:
    page = read()
    headings = [e["text"] for e in page.all("h2") if e.get("id", "").startswith("section")]
    assert headings == ["Construction", "Vie", "Autres informations"]
    names = [e["text"].rstrip("0123456789") for e in page.all("dt")]
    start = names.index("hauteur")
    assert names[start : start + 4] == ["hauteur", "l:built", "l:colour", "réparations"]


def test_values_are_in_words() -> None:
    found = {name.rstrip("0123456789"): value for name, value in values(read()).items()}
    assert found["hauteur"].startswith("37,5")
    assert found["l:built"].startswith("1 juin 1850")
    english = {name.rstrip("0123456789"): value for name, value in values(read(language="en")).items()}
    assert english["l:built"].startswith("June 1, 1850")


def test_links_are_local_paths_and_never_run_a_script() -> None:
    page = read(root="/mirror")
    assert page.all("a", href="/mirror/id/keeper")
    assert page.all("a", href="https://elsewhere.example/light")[0]["rel"] == "external"
    assert not [e for e in page.all("a") if e["href"].startswith("javascript:")]
    assert "javascript:alert(1)" in [e["text"] for e in page.all("code")]


def test_an_owned_node_is_a_part_with_its_quotation() -> None:
    page = read()
    assert page.text("article", id="id-works").startswith("Réparations de 1900 l:by Ann the Keeper")
    assert page.text("blockquote", id="id-excerpt") == "…En 1900 on répara la tour"
    assert page.text("mark") == "on répara la tour"
    assert page.all("a", href="/id/chronicle")[0]["text"] == "Chronique de la côte"


def test_a_value_leads_to_the_quotation_that_proves_it_in_one_step() -> None:
    page = read()
    (mark,) = [e for e in page.all("a", class_="src") if e["aria-label"] == "source 2"]
    assert mark["href"] == "#source-2"
    assert "rouge comme un homard" in page.text("li", id="source-2")


def test_what_a_statement_says_of_a_value_is_beside_it() -> None:
    colours = next(value for name, value in values(read()).items() if name.startswith("l:colour"))
    assert "rouge preuve : explicite" in colours


def test_what_is_told_but_not_stated_is_shown_as_such() -> None:
    colours = next(value for name, value in values(read()).items() if name.startswith("l:colour"))
    assert "blanc non retenu comme fait" in colours


def test_a_graph_that_states_values_is_a_source() -> None:
    assert read().text("li", id="source-1") == "Phares de la côte 12 déclarations"


def test_properties_without_a_shape_are_shown_too() -> None:
    found = {name.rstrip("0123456789"): value for name, value in values(read()).items()}
    assert found["l:guarded"].startswith("Ann the Keeper")
    assert {"owl:sameAs", "l:script"} <= found.keys()


def test_incoming_links_are_by_predicate_and_in_pages() -> None:
    page = read(query={"lang": "fr"})
    assert values(page)["Ont ceci comme « montre »"] == "Une marine"
    assert page.all("a", rel="next")[0]["href"] == "?page=2&lang=fr#incoming"
    assert not page.all("a", rel="prev")
    last = Description(LIGHT, SAMPLE.document, ABOUT, incoming=SAMPLE.incoming, page=2)
    assert read(last).all("a", rel="prev")[0]["href"] == "?page=1#incoming"


def test_the_identifiers_are_written_out() -> None:
    codes = [e["text"] for e in read().all("code")]
    assert {LIGHT.value, f"{BASE}doc/light"} <= set(codes)


def test_many_links_of_which_more_is_said_are_chips_and_what_is_said_of_all_is_said_once() -> None:
    colours = [thing(name) for name in ("red", "white", "blue", "green", "black")]
    claims = [thing(f"claim-{n}") for n in range(len(colours))]
    about = tuple(Triple(LIGHT, term("colour"), colour) for colour in colours)
    owned = tuple(
        triple
        for claim, colour in zip(claims, colours, strict=True)
        for triple in (
            Triple(claim, RDF.type, RDF.Statement),
            Triple(claim, RDF.subject, LIGHT),
            Triple(claim, RDF.predicate, term("colour")),
            Triple(claim, RDF.object, colour),
            Triple(claim, term("proof"), thing("explicit")),
        )
    )
    page = read(Description(LIGHT, SAMPLE.document, about, owned, labels=LABELS))
    assert sorted(e["text"] for e in page.all("li", class_="chip"))[-1] == "rouge"
    assert len(page.all("li", class_="chip")) == len(colours)
    assert page.text("p", class_="alike") == "explicite"
    doubted = read(Description(LIGHT, SAMPLE.document, about[:4], owned, labels=LABELS))
    assert [e["text"] for e in doubted.all("li", class_="chip open")] == ["black"]  # it is told, and not stated
    assert not read().all("li", class_="chip")


def test_the_facts_in_brief_and_how_good_they_are_stand_before_the_sections() -> None:
    page = read()
    order = [attrs.get("id") or tag for tag, attrs in page.elements if tag in ("aside", "h2")]
    assert order.index("aside") < order.index("section-1")
    assert [e["href"] for e in page.all("a", href="#sources")]


def test_texts_in_other_languages_are_kept_aside() -> None:
    about = tuple(Triple(LIGHT, term("note"), text(tag, tag)) for tag in ("en", "fr", "es"))
    page = read(Description(LIGHT, SAMPLE.document, about))
    assert values(page)["l:note"] == "frDans 2 autres languesenes"


def test_small_parts_without_names_are_a_table() -> None:
    nodes = [NamedNode(f"{LIGHT.value}#part-{n}") for n in range(5)]
    about = tuple(Triple(LIGHT, VOID.classPartition, node) for node in nodes)
    owned = tuple(Triple(node, VOID.entities, Literal(str(n), datatype=XSD.integer)) for n, node in enumerate(nodes))
    page = read(Description(LIGHT, SAMPLE.document, about, owned))
    assert [e["text"] for e in page.all("td")] == ["4", "3", "2", "1", "0"]


def test_the_members_of_a_list_are_values() -> None:
    lists = [NamedNode(f"{LIGHT.value}#list-{n}") for n in range(2)]
    owned = (
        Triple(lists[0], RDF.first, KEEPER),
        Triple(lists[0], RDF.rest, lists[1]),
        Triple(lists[1], RDF.first, thing("red")),
        Triple(lists[1], RDF.rest, RDF.nil),
    )
    page = read(Description(LIGHT, SAMPLE.document, (Triple(LIGHT, term("all"), lists[0]),), owned, labels=LABELS))
    assert values(page)["l:all"] == "Ann the Keeperrouge"


# --- any resource -----------------------------------------------------------------------------------------------------

RESOURCES = {
    "one triple": (Triple(LIGHT, term("note"), Literal("x")),),
    "a sentence for a name": (Triple(LIGHT, DCT.description, text("un vieux phare")),),
    "a class": (Triple(LIGHT, RDF.type, OWL.Class), Triple(LIGHT, RDFS.subClassOf, LIGHT)),
    "a statement": OWNED[9:15],
    "an excerpt": (Triple(LIGHT, OA.hasSource, SOURCE), Triple(LIGHT, OA.exact, text("on répara"))),
    "nothing": (),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", RESOURCES.values(), ids=RESOURCES)
def test_any_resource_has_a_page(about: tuple[Triple, ...], language: str) -> None:
    page = read(Description(LIGHT, SAMPLE.document, about), language)
    assert page.text("h1")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("a sentence for a name", "un vieux phare"),
        ("an excerpt", "« on répara »"),
        ("a statement", "light · l:colour · red"),
        ("one triple", "light"),
    ],
)
def test_what_has_no_name_is_called_by_what_it_says(name: str, title: str) -> None:
    assert read(Description(LIGHT, SAMPLE.document, RESOURCES[name])).text("h1") == title


nodes = st.sampled_from([LIGHT, KEEPER, WORKS, QUOTE, term("Lighthouse"), BlankNode("b"), RDF.nil, thing("a%20b")])
reading = [RDF.type, RDF.first, RDF.rest, RDF.subject, RDF.predicate, RDF.object, OA.exact, OA.hasSelector]
telling = [PROV.wasDerivedFrom, SKOS.prefLabel, DCT.description, DCAT.dataset, VOID.classPartition]
predicates = st.sampled_from([*reading, *telling, term("height"), term("repaired")])
objects = nodes | st.builds(Literal, st.text(max_size=5)) | st.sampled_from([text("<b>"), DCAT.Catalog, OWL.Class])
triples = st.lists(st.builds(Triple, nodes, predicates, objects), max_size=12)


@settings(max_examples=200, deadline=None)
@given(triples, triples, triples)
def test_no_description_breaks_the_page(about: list[Triple], owned: list[Triple], incoming: list[Triple]) -> None:
    mine = tuple(Triple(LIGHT, each.predicate, each.object) for each in about)
    page = read(Description(LIGHT, SAMPLE.document, mine, tuple(owned), tuple(incoming)))
    anchors = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(anchors) == len(set(anchors))
    assert {e["href"][1:] for e in page.all("a") if e["href"].startswith("#")} <= set(anchors)


def test_the_page_of_a_catalogue_has_its_datasets() -> None:
    catalog, part = NamedNode(f"{BASE}catalog"), NamedNode(f"{DATASET.value}#part")
    about = (
        Triple(catalog, RDF.type, DCAT.Catalog),
        Triple(catalog, DCT.title, text("Phares")),
        Triple(catalog, DCAT.dataset, DATASET),
        Triple(catalog, VOID.rootResource, thing("red")),
    )
    owned = (
        Triple(DATASET, VOID.entities, Literal("12345", datatype=XSD.integer)),
        Triple(DATASET, DCT.description, text("Tous les phares.")),
        Triple(DATASET, VOID.classPartition, part),
        Triple(part, VOID["class"], term("Lighthouse")),
        Triple(part, VOID.entities, Literal("7", datatype=XSD.integer)),
    )
    page = read(Description(catalog, catalog.value, about, owned, labels=LABELS))
    assert page.text("dl", class_="stats") == "ressources décrites12\u202f345jeu de données1".replace("\u202f", " ")
    assert "Tous les phares." in page.text("li", class_="card")
    assert page.text("a", href="/ns#Lighthouse") == "Phare 7"
    assert page.all("a", href="/dataset/coast")
    assert not page.all("article")


# --- errors, queries, messages ----------------------------------------------------------------------------------------


def test_an_error_says_what_to_do() -> None:
    hints = (Value("Look at the catalogue", href="/catalog"), Value("Mind the spelling"))
    page = Reader(error_page(SITE, "en", "", 404, "Not found", "nothing at <here>", hints))
    assert (page.text("h1"), page.text("p", class_="type")) == ("Not found", "Error 404")
    assert page.text("p", class_="soft", lang="en") == "Not found: nothing at <here>"
    assert page.all("a", href="/catalog")


def test_the_query_page_works_without_a_script() -> None:
    example = Query("all", {"en": "All of it", "fr": "Tout"}, "SELECT * { ?s ?p '&' }")
    table = Table(("s", "n"), ((LIGHT, Literal("3")), (None, text("x", "en"))))
    shown = Asking(
        "ASK {}", formats=(("CSV", "/m/sparql?x=1"),), results=results(table, SITE, "/m"), message="vide", status=403
    )
    page = Reader(asking_page(SITE, "fr", "/m", (example,), shown))
    assert page.all("form", method="get", action="/m/sparql#results")
    assert page.text("textarea", name="query") == "ASK {}"
    assert page.text("a", href="/m/sparql?query=SELECT+%2A+%7B+%3Fs+%3Fp+%27%26%27+%7D#results") == "Tout"
    assert [e["text"] for e in page.all("td")] == [LIGHT.value, "3", "", "x @en"]
    assert page.all("a", href="/m/id/light")
    assert page.text("p", role="alert") == "Refusé. La demande a été comprise, et n’est pas permise ici. (vide)"


@pytest.mark.parametrize("key", messages.load())
def test_every_message_is_there_in_every_language(key: str) -> None:
    texts = messages.load()[key]
    assert set(texts) == set(LANGUAGES)
    assert len({tuple(re.findall(r"\{\w+\}", text)) for text in texts.values()}) == 1
    assert len({text.count("|") for text in texts.values()}) == 1


def test_every_message_is_used() -> None:
    folder = Path(str(files("solld")))
    kinds = (
        "finding/*.py",
        "formats/*.py",
        "maps/*.py",
        "reporting/*.py",
        "review/*.py",
        "web/*.py",
        "templates/*.html",
    )
    sources = [path for kind in kinds for path in folder.glob(kind)]
    used = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    unused = [key for key in messages.load() if f'"{key}"' not in used and f"'{key}'" not in used]
    parts = (
        "search_",
        "graph_",
        "type_",
        "run_",
        "use_",
        "finding_",
        "report_what_",
        "match_",
        "reconcile_",
        "error_",
        "meaning_",
        "region_",
        "view_",
        "map_by_",
        "map_script_",
        "query_script_",
    )  # of names put together
    severities = ("report_violation", "report_warning", "report_info")
    review = tuple(f"review_{each}" for each in (*VERDICTS, AGREE, PARTLY, DIFFER, ONE))
    assert [key for key in unused if not key.startswith((*parts, *severities, *review))] == []


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("fr", "2026-11-23", "23 novembre 2026"),
        ("en", "2026-11-23", "November 23, 2026"),
        ("es", "2026-11", "noviembre de 2026"),
        ("fr", "2026-11-23+01:00", "2026-11-23+01:00"),
        ("fr", "-0044-03-15", "-0044-03-15"),
        ("xx", "2026-11-23", "November 23, 2026"),
    ],
)
def test_dates_are_in_words(language: str, value: str, words: str) -> None:
    assert messages.phrases(language).date(value) == words


@pytest.mark.parametrize(
    ("language", "value", "words"),
    [
        ("fr", "1234567.50", "1\u202f234\u202f567,5"),
        ("en", "1234567.50", "1,234,567.5"),
        ("en", "2001", "2001"),
        ("es", "0.123456789", "0,123456789"),
        ("en", "NaN", "NaN"),
        ("en", "1e3", "1e3"),
        ("en", "many", "many"),
    ],
)
def test_numbers_are_in_the_readers_notation(language: str, value: str, words: str) -> None:
    assert messages.phrases(language).number(value) == words


# --- what every page keeps to -----------------------------------------------------------------------------------------

PAGES = {
    "resource": lambda: write_html(SAMPLE, context()),
    "error": lambda: error_page(SITE, "en", "", 500, "Internal error", ""),
    "query": lambda: asking_page(SITE, "es", "", (), Asking()),
}


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)
def test_nothing_is_inline_and_nothing_comes_from_another_host(make: Any) -> None:
    page = Reader(make())
    for tag, attributes in page.elements:
        assert not [name for name in attributes if name == "style" or name.startswith("on")]
        assert tag != "style"
        assert tag != "script" or "json" in attributes["type"] or attributes["src"]
        assert attributes.get("src", "/static/").startswith("/static/")
    loaded = [e["href"] for e in page.all("link") if e["rel"] in ("stylesheet", "icon", "preload")]
    assert all(href.startswith("/static/") for href in loaded)


@pytest.mark.parametrize("make", PAGES.values(), ids=PAGES)
def test_what_a_page_loads_exists(make: Any) -> None:
    for link in Reader(make()).all("link"):
        if link["href"].startswith("/static/"):
            assert files("solld").joinpath(link["href"].removeprefix("/").partition("?")[0]).is_file()


def test_the_fonts_have_their_licence() -> None:
    static = files("solld").joinpath("static")
    for name in re.findall(r"url\(([^)]+)\)", static.joinpath("solld.css").read_text(encoding="utf-8")):
        assert static.joinpath(name).is_file()
    assert "SIL OPEN FONT LICENSE" in static.joinpath("fonts/OFL.txt").read_text(encoding="utf-8")
