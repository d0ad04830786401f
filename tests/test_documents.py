"""Dereferencing: INTERFACE section 1, asked from the outside."""

import json
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from conftest import Published, publish
from solld import describe, history
from solld.formats import load
from solld.model import Settings
from solld.rdf import DEFAULT, NamedNode, Quad, RdfFormat, parse
from solld.stores import Store
from solld.stores.embedded import EmbeddedStore

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
RDF = ["ttl", "jsonld", "rdf", "nt", "trig", "nq"]


@pytest.fixture
def thing(lights: Published) -> str:
    return lights.ids["creach"]


def test_a_thing_answers_303_with_vary(lights: Published, thing: str) -> None:
    answer = lights.get(f"/id/{thing}")
    assert (answer.status_code, answer.headers["Location"], answer.headers["Vary"]) == (303, f"/doc/{thing}", "Accept")


def test_the_query_string_goes_along(lights: Published, thing: str) -> None:
    assert lights.get(f"/id/{thing}?lang=fr").headers["Location"] == f"/doc/{thing}?lang=fr"


@pytest.mark.parametrize("change", [str.upper, lambda t: f"{t[:4]}-{t[4:]}"])
def test_case_and_hyphens_redirect(lights: Published, thing: str, change: object) -> None:
    answer = lights.get(f"/id/{change(thing)}")  # type: ignore[operator]
    if change(thing) != thing:  # type: ignore[operator]
        assert (answer.status_code, answer.headers["Location"]) == (301, f"/id/{thing}")


def test_a_wrong_check_character_is_404_with_a_hint(lights: Published, thing: str) -> None:
    wrong = thing[:-1] + ("0" if thing[-1] != "0" else "1")
    answer = lights.get(f"/id/{wrong}", Accept="application/json")
    assert answer.status_code == 404
    assert "check character" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize(
    "path", ["/id/4k7r2dm9q", "/doc/4k7r2dm9q", "/scheme/nothing", "/dataset/none", "/nothing", "/id/a b", "/doc/"]
)
def test_what_was_never_issued_is_404(lights: Published, path: str) -> None:
    answer = lights.get(path)
    assert answer.status_code == 404
    assert answer.content_type == "application/problem+json"


def test_what_was_withdrawn_is_410_with_a_body(tiny: Settings) -> None:
    before = publish(tiny)
    path = tiny.folder / "data/lights/lights.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('<pharos> a light:Lighthouse ; skos:prefLabel "Pharos of Alexandria"@en .', ""))
    after = publish(tiny)
    for address in (f"/id/{before.ids['pharos']}", f"/doc/{before.ids['pharos']}", f"/doc/{before.ids['pharos']}.ttl"):
        answer = after.get(address, Accept="application/json")
        assert answer.status_code == 410
        assert "withdrawn" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("", "text/turtle; charset=utf-8"),
        ("*/*", "text/turtle; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        ("text/turtle;charset=utf-8", "text/turtle; charset=utf-8"),
        ("application/ld+json", "application/ld+json"),
        ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"', "application/ld+json"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/n-triples", "application/n-triples"),
        ("application/trig", "application/trig; charset=utf-8"),
        ("application/n-quads", "application/n-quads"),
        ("application/json", "application/json"),
        ("application/geo+json", "application/geo+json"),
        (BROWSER, "text/html; charset=utf-8"),
        ("application/xhtml+xml", "text/html; charset=utf-8"),
        ("text/html;q=0.5, text/turtle;q=0.9", "text/turtle; charset=utf-8"),
        ("text/*", "text/turtle; charset=utf-8"),
        ("image/png, application/rdf+xml;q=0.1", "application/rdf+xml"),
    ],
)
def test_formats_are_negotiated(lights: Published, thing: str, accept: str, expected: str) -> None:
    answer = lights.get(f"/doc/{thing}", Accept=accept)
    assert answer.status_code == 200
    assert answer.content_type.partition(";")[0] == expected.partition(";")[0]
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_what_nobody_has_is_406_and_lists_what_there_is(lights: Published, thing: str) -> None:
    answer = lights.get(f"/doc/{thing}", Accept="image/png")
    assert answer.status_code == 406
    assert "text/turtle" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize("format", load(), ids=lambda f: f.name)
def test_an_extension_decides_alone(lights: Published, thing: str, format: object) -> None:
    extension = format.extension  # type: ignore[attr-defined]
    answer = lights.get(f"/doc/{thing}.{extension}", Accept="image/png")
    if answer.status_code == 404:
        assert extension in ("csv", "geojson")  # only where it is a list, or has a point
        return
    assert answer.status_code == 200
    assert answer.content_type.startswith(format.media_type)  # type: ignore[attr-defined]
    assert "Accept" not in answer.headers.get("Vary", "").split(", ")
    assert answer.headers["Content-Location"] == f"/doc/{thing}.{extension}"


def test_an_unknown_extension_is_404_and_lists_the_others(lights: Published, thing: str) -> None:
    answer = lights.get(f"/doc/{thing}.docx", Accept="application/json")
    assert answer.status_code == 404
    assert ".jsonld" in json.loads(answer.data)["detail"]


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "trig", "nq"])
def test_every_representation_is_about_the_thing(lights: Published, thing: str, extension: str) -> None:
    syntax = {
        "ttl": RdfFormat.TURTLE,
        "nt": RdfFormat.N_TRIPLES,
        "rdf": RdfFormat.RDF_XML,
        "trig": RdfFormat.TRIG,
        "nq": RdfFormat.N_QUADS,
    }
    quads = parse(lights.get(f"/doc/{thing}.{extension}").data, format=syntax[extension])
    assert NamedNode(f"{lights.settings.base}id/{thing}") in {q.subject for q in quads}


def test_the_named_graphs_say_who_states_it(lights: Published, thing: str) -> None:
    quads = list(parse(lights.get(f"/doc/{thing}.nq").data, format=RdfFormat.N_QUADS))
    resource = NamedNode(f"{lights.settings.base}id/{thing}")
    assert {str(q.graph_name) for q in quads if q.subject == resource} == {f"<{lights.settings.base}dataset/lights>"}


@pytest.mark.parametrize(
    "path", ["/doc/{}", "/doc/{}.ttl", "/doc/{}.html", "/ns", "/", "/dataset/lights", "/doc/scheme/owners"]
)
def test_head_equals_get_without_a_body(lights: Published, thing: str, path: str) -> None:
    got = lights.get(path.format(thing))
    head = lights.client.head(path.format(thing))
    assert head.status_code == 200
    assert head.data == b""
    assert dict(head.headers) == dict(got.headers)


def test_conditional_requests_give_304(lights: Published, thing: str) -> None:
    first = lights.get(f"/doc/{thing}.ttl")
    for header in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-None-Match": f'"x", W/{first.headers["ETag"]}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = lights.client.get(f"/doc/{thing}.ttl", headers=header)
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": '"other"'},
        {"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"},
        {"If-Modified-Since": "nonsense"},
        {"If-None-Match": '"other"', "If-Modified-Since": "Sat, 01 Jan 2100 00:00:00 GMT"},
    ],
)
def test_what_changed_is_sent(lights: Published, thing: str, headers: dict[str, str]) -> None:
    assert lights.client.get(f"/doc/{thing}.ttl", headers=headers).status_code == 200


def test_two_representations_have_two_etags(lights: Published, thing: str) -> None:
    tags = {lights.get(f"/doc/{thing}.{extension}").headers["ETag"] for extension in RDF}
    assert len(tags) == len(RDF)


def test_last_modified_is_when_it_was_released(lights: Published, thing: str) -> None:
    stated = parsedate_to_datetime(lights.get(f"/doc/{thing}").headers["Last-Modified"])
    assert stated == lights.service.release.built


def test_what_points_at_a_thing_moves_its_date(tiny: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish(tiny)
    later = first.service.release.built + timedelta(hours=1)
    monkeypatch.setattr(history, "now", lambda: later)
    path = tiny.folder / "data/lights/lights.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"Pharos of Alexandria"@en', '"Pharos of Alexandria"@en ; light:sees <creach>'))
    second = publish(tiny)
    dates = {
        key: parsedate_to_datetime(second.get(f"/doc/{second.ids[key]}").headers["Last-Modified"])
        for key in ("creach", "stiff")
    }
    assert dates == {"creach": later, "stiff": first.service.release.built}


@pytest.mark.parametrize("path", ["/doc/{}", "/ns", "/sparql", "/", "/id/{}"])
def test_any_origin_may_read(lights: Published, thing: str, path: str) -> None:
    answer = lights.get(path.format(thing), Origin="https://elsewhere.example")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_options_answers(lights: Published, thing: str) -> None:
    answer = lights.client.options(f"/doc/{thing}", headers={"Access-Control-Request-Method": "GET"})
    assert answer.status_code == 204
    assert {"GET", "HEAD", "OPTIONS"} <= set(answer.headers["Allow"].replace(" ", "").split(","))
    assert "GET" in answer.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_other_methods_are_405(lights: Published, thing: str, method: str) -> None:
    answer = lights.client.open(f"/doc/{thing}", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    assert answer.content_type == "application/problem+json"


def test_links_name_what_there_is(lights: Published, thing: str) -> None:
    link = lights.get(f"/doc/{thing}").headers["Link"]
    base = lights.settings.base
    assert f'<{base}id/{thing}>; rel="cite-as"' in link
    assert f'<{base}doc/{thing}>; rel="canonical"' in link
    assert f'</doc/{thing}.ttl>; rel="alternate describedby"; type="text/turtle"' in link
    for rel in ("type", "license", "collection"):
        assert f'rel="{rel}"' in link
    assert len(link) < 4096


def test_an_error_is_a_page_for_a_browser(lights: Published) -> None:
    answer = lights.get("/id/4k7r2dm9q", Accept=BROWSER)
    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("header", "query", "language"),
    [
        ("fr", "", "fr"),
        ("fr-CA, en;q=0.5", "", "fr"),
        ("de", "", "en"),
        ("fr", "?lang=en", "en"),
        ("", "?lang=fr", "fr"),
        ("en;q=0.1, fr", "", "fr"),
    ],
)
def test_the_language_is_negotiated(lights: Published, thing: str, header: str, query: str, language: str) -> None:
    answer = lights.get(f"/doc/{thing}.html{query}", Accept_Language=header)
    assert answer.headers["Content-Language"] == language
    assert f'<html lang="{language}"' in answer.text
    assert ("Phare" if language == "fr" else "Lighthouse") in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/ns",
        "/ns.ttl",
        "/ns.jsonld",
        "/ns.html",
        "/doc/scheme/owners",
        "/doc/scheme/owners/state",
        "/dataset/lights",
        "/dataset/lights.ttl",
        "/",
        "/catalog",
        "/catalog.ttl",
        "/void",
        "/.well-known/void",
    ],
)
def test_everything_that_is_published_dereferences(lights: Published, path: str) -> None:
    answer = lights.get(path)
    assert answer.status_code == 200
    assert answer.headers["ETag"]


def test_schemes_and_concepts_are_things(lights: Published) -> None:
    assert lights.get("/scheme/owners").headers["Location"] == "/doc/scheme/owners"
    assert lights.get("/scheme/owners/").headers["Location"] == "/doc/scheme/owners"
    assert lights.get("/scheme/owners/state").headers["Location"] == "/doc/scheme/owners/state"


def test_skolem_iris_dereference(lights: Published) -> None:
    body = lights.get(f"/doc/{lights.ids['stiff']}.nt").text
    genid = next(word for word in body.split() if ".well-known/genid/" in word).strip("<>")
    path = genid.removeprefix(lights.settings.base)
    answer = lights.get("/" + path)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/doc/{path}")
    assert lights.get(f"/doc/{path}").status_code == 200


def test_the_vocabulary_holds_its_terms(lights: Published) -> None:
    subjects = {q.subject.value for q in parse(lights.get("/ns.nt").data, format=RdfFormat.N_TRIPLES)}
    assert f"{lights.settings.base}ns#Lighthouse" in subjects


def test_the_catalogue_for_semapps_is_a_graph(lights: Published) -> None:
    document = json.loads(lights.get("/.well-known/void", Accept="application/ld+json").data)
    assert "@graph" in document


def test_the_context_is_kept_for_long(lights: Published) -> None:
    answer = lights.get("/context.jsonld")
    assert answer.content_type == "application/ld+json"
    assert json.loads(answer.data)["@context"]["sees"]["@type"] == "@id"
    assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("page", "status"), [("0", 400), ("x", 400), ("-1", 400), ("2", 404), ("1", 200), ("99999999999", 400)]
)
def test_pages_are_numbers(lights: Published, thing: str, page: str, status: int) -> None:
    assert lights.get(f"/doc/{thing}?page={page}").status_code == status


def test_many_incoming_links_are_paged(tiny: Settings, tmp_path: Path) -> None:
    path = tiny.folder / "data/lights/lights.ttl"
    with path.open("a", encoding="utf-8") as file:
        for number in range(250):
            file.write(f'<n{number}> a light:Lighthouse ; skos:prefLabel "N {number}" ; light:sees <pharos> .\n')
    site = publish(tiny)
    seen: set[str] = set()
    address: str | None = f"/doc/{site.ids['pharos']}.nt"
    while address:
        answer = site.get(address)
        seen |= {
            str(q.subject)
            for q in parse(answer.data, format=RdfFormat.N_TRIPLES)
            if q.predicate.value.endswith("#sees")
        }
        following = [link for link in answer.headers["Link"].split(", ") if 'rel="next"' in link]
        address = following[0].partition(">")[0].strip("<").replace("?", ".nt?") if following else None
    assert len(seen) == 250
    site.service.close()


def test_geojson_has_the_point(lights: Published, thing: str) -> None:
    feature = json.loads(lights.get(f"/doc/{thing}.geojson").data)
    assert feature["geometry"]["type"] == "Point"
    assert feature["geometry"]["coordinates"] == [-5.1292, 48.459]


def test_the_page_embeds_json_ld(lights: Published, thing: str) -> None:
    page = lights.get(f"/doc/{thing}.html").text
    embedded = page.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    assert thing in json.dumps(json.loads(embedded))


def test_an_iri_in_a_body_is_canonical_and_a_link_in_a_page_is_local(lights: Published, thing: str) -> None:
    assert f"<{lights.settings.base}id/{thing}>" in lights.get(f"/doc/{thing}.nt").text
    assert f'href="/id/{lights.ids["stiff"]}"' in lights.get(f"/doc/{thing}.html").text


class Counting:
    """A store that counts the quads that are read from it."""

    def __init__(self, inside: Store):
        self.inside, self.read = inside, 0

    def quads(self, *pattern: Any) -> Iterator[Quad]:
        for quad in self.inside.quads(*pattern):
            self.read += 1
            yield quad


def test_a_thing_that_much_points_at_costs_no_more_than_another(lights: Published) -> None:
    target = NamedNode(f"{lights.settings.base}id/target")
    sees = NamedNode(f"{lights.settings.base}ns#sees")
    links = (Quad(NamedNode(f"{lights.settings.base}id/n{i}"), sees, target, DEFAULT) for i in range(100_000))
    store = Counting(EmbeddedStore.of(links))
    found = describe.describe(store, lights.service.ontology, lights.settings.base, target)
    assert (len(found.incoming), found.more) == (100, True)
    assert store.read < 1000
