"""The Reconciliation API, both versions, over a site of organisations: each answer is held against the schemas."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from conftest import ROOT, Published, identifiers, publish
from schemas import Schemas
from served import Served
from solld import build, decisions, index, site
from solld.errors import Unavailable
from solld.fates import Act
from solld.model import Settings
from solld.reconcile.asking import BATCH, ROWS

HEAD = """@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix solld: <https://w3id.org/solld/ns#> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix adms: <http://www.w3.org/ns/adms#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix dct: <http://purl.org/dc/terms/> .
"""
DATASET = """@prefix dct: <http://purl.org/dc/terms/> . @prefix dcat: <http://www.w3.org/ns/dcat#> .
<> a dcat:Dataset ; dct:title "Test"@en, "Essai"@fr ; dct:license <{license}> .
"""
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
CLOSED = "https://creativecommons.org/licenses/by-nc-nd/4.0/"
ACTORS = (  # key, name, other names, postcode, locality, country, url, SIREN
    ("jardins", "Les Jardins de l'Avenir", (), "49000", "Angers", "FR", "https://jardins-avenir.example/", "552081317"),
    ("velo", "Atelier Vélo Solidaire", ("AVS",), "69001", "Lyon", "FR", "", ""),
    ("saintjean", "Coopérative Saint-Jean", (), "33000", "Bordeaux", "FR", "", ""),
    ("emmaus-lyon", "Emmaüs", (), "69002", "Lyon", "FR", "", ""),
    ("emmaus-pau", "Emmaüs", (), "64000", "Pau", "FR", "", ""),
    ("huerta", "Huerta Común", ("Asociación Huerta Común",), "28012", "Madrid", "ES", "", ""),
    ("moulin-1", "Le Moulin d'Orvault", (), "44700", "Orvault", "FR", "", ""),
    ("moulin-2", "Moulin d'Orvault SCOP", (), "44701", "Orvault Bourg", "FR", "", "552100554"),
    ("group-12", "Groupe Habitat 12", (), "75012", "Paris", "FR", "", ""),
    ("plants", "Plants du Plateau d'Ardes", (), "63420", "Ardes", "FR", "", ""),
    ("growers", "Producteurs de Plants du Plateau d'Ardes", (), "63420", "Ardes", "FR", "", ""),
    ("energie", "Enercoop", (), "31000", "Toulouse", "FR", "", ""),
    ("gone", "La Maison Partie", (), "75013", "Paris", "FR", "", ""),
)


def actor(key: str, name: str, others: tuple[str, ...], *place: str) -> str:
    postcode, locality, country, url, siren = place
    lines = [f'<{key}> a solld:Actor, org:Organization ; skos:prefLabel "{name}"@fr']
    lines += [f'skos:altLabel "{each}"@fr' for each in others]
    lines += [f"schema:url <{url}>"] if url else []
    lines += [f"adms:identifier <{key}#siren>"] if siren else []
    lines += [f"schema:location <{key}#place> ."]
    text = " ;\n  ".join(lines) + f"\n<{key}#place> a schema:Place ; schema:address <{key}#address> .\n"
    text += (
        f'<{key}#address> a schema:PostalAddress ; schema:postalCode "{postcode}" ;'
        f' schema:addressLocality "{locality}" ; schema:addressCountry "{country}" .\n'
    )
    if siren:
        text += f'<{key}#siren> a adms:Identifier ; skos:notation "{siren}" ; adms:schemaAgency "FR-INSEE" .\n'
    return text


@dataclass(frozen=True)
class Asked:
    """The service, with the schemas."""

    published: Published
    classic: Schemas
    draft: Schemas

    def get(self, path: str, **headers: str) -> Any:
        return self.published.get(path, **headers)

    def query(self, query: Any, **headers: str) -> list[Any]:
        """The candidates of a query of 0.2."""
        answer = self.batch({"q0": query})
        return list(answer["q0"]["result"])

    def batch(self, queries: Any) -> Any:
        answer = self.published.client.post("/reconcile", data={"queries": json.dumps(queries)})
        assert answer.status_code == 200, answer.text
        assert self.classic.errors("reconciliation-result-batch", answer.json) == []
        return answer.json

    def match(self, *queries: Any) -> list[Any]:
        """The candidates of queries of the 1.0 draft."""
        answer = self.published.client.post("/reconcile/v1/match", json={"queries": list(queries)})
        assert answer.status_code == 200, answer.text
        assert self.draft.errors("reconciliation-result-batch", answer.json) == []
        return [each["candidates"] for each in answer.get_json()["results"]]

    def extend(self, ids: list[str], *properties: Any) -> Any:
        """The rows of an extension, which both versions say alike."""
        asked = {"ids": ids, "properties": [p if isinstance(p, dict) else {"id": p} for p in properties]}
        old = self.published.client.post("/reconcile", data={"extend": json.dumps(asked)})
        new = self.published.client.post("/reconcile/v1/extend", json=asked)
        assert self.classic.errors("data-extension-response", old.json) == []
        assert self.draft.errors("data-extension-response", new.json) == []
        rows = {row["id"]: {p["id"]: p["values"] for p in row["properties"]} for row in new.get_json()["rows"]}
        assert rows == old.get_json()["rows"]
        return rows

    def id(self, key: str) -> str:
        return self.published.ids[key]


def organisations(folder: Path) -> Settings:
    """A site of organisations, two of which were merged, and one withdrawn; not published yet."""
    folder.mkdir()
    (folder / "ontology").symlink_to(ROOT / "ontology")
    (folder / "site.toml").write_text((ROOT / "site.toml").read_text(encoding="utf-8"), encoding="utf-8")
    write(folder, "actors", CC0, "".join(actor(*each) for each in ACTORS))
    write(folder, "closed", CLOSED, actor("secret", "La Coopérative Cachée", (), "1", "X", "FR", "", ""))
    settings = site.load(folder)
    build.build(settings)
    ids, today = identifiers(settings), "2026-11-25"
    decisions.decide(settings, Act(today, "merge", ids["moulin-2"], ids["moulin-1"], "the same"))
    decisions.decide(settings, Act(today, "withdraw", ids["gone"], "", "they asked"))
    return settings


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Iterator[Asked]:
    published = publish(organisations(tmp_path_factory.mktemp("reconcile") / "site"))
    schemas = shared / "reconciliation"
    yield Asked(published, Schemas(schemas / "0.2"), Schemas(schemas / "1.0-draft"))
    published.close()


def write(folder: Path, name: str, license_: str, text: str) -> None:
    (folder / "data" / name).mkdir(parents=True)
    (folder / "data" / name / "dataset.ttl").write_text(DATASET.format(license=license_), encoding="utf-8")
    (folder / "data" / name / "actors.ttl").write_text(HEAD + text, encoding="utf-8")


# --- manifests --------------------------------------------------------------------------------------------------------


def test_manifests_are_of_their_versions(api: Asked) -> None:
    old, new = api.get("/reconcile"), api.get("/reconcile/v1")
    assert (api.classic.errors("manifest", old.json), api.draft.errors("manifest", new.json)) == ([], [])
    assert api.draft.errors("manifest", old.json)
    for url in (old.json["view"]["url"], old.json["preview"]["url"], new.json["preview"]["url"]):
        assert "{{id}}" in url
        assert url.startswith("http")
    assert old.json["identifierSpace"] + "{{id}}" == old.json["view"]["url"]
    assert old.json["defaultTypes"][0].keys() >= {"id", "name"}
    assert old.json["suggest"]["entity"]["service_path"]  # OpenRefine would make "undefined" of one that is not there
    assert old.json["batchSize"] == BATCH
    assert old.headers["ETag"]


def test_what_the_manifest_tells_of_answers(api: Asked) -> None:
    told = api.get("/reconcile").json
    for each in told["suggest"].values():
        path = each["service_url"].partition("localhost")[2] + each["service_path"]
        assert api.get(f"{path}?prefix=a").status_code == 200
    propose = told["extend"]["propose_properties"]
    path = (propose["service_url"] + propose["service_path"]).partition("localhost")[2]
    assert api.get(f"{path}?type=solld:Actor&limit=3").status_code == 200


@pytest.mark.parametrize("path", ["/reconcile", "/reconcile/", "/reconcile/v1", "/reconcile/v1/"])
def test_a_slash_at_the_end_leads_nowhere_else(api: Asked, path: str) -> None:
    assert api.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/reconcile", "/reconcile/v1/match", "/reconcile/v1/extend", "/reconcile/suggest/entity", "/reconcile/v1"]
)
def test_other_origins_may_ask(api: Asked, path: str) -> None:
    asked = {"Origin": "https://else.example", "Access-Control-Request-Headers": "content-type,accept-language"}
    answer = api.published.client.options(path, headers=asked)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    allowed = answer.headers["Access-Control-Allow-Headers"].lower()
    assert "content-type" in allowed
    assert "accept-language" in allowed


def test_head_has_the_headers_of_get(api: Asked) -> None:
    answer = api.published.client.head("/reconcile")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == api.get("/reconcile").headers["ETag"]


def test_manifests_speak_the_language_of_the_reader(api: Asked) -> None:
    assert api.get("/reconcile", Accept_Language="fr").json["name"] == "Données solidaires"
    assert api.get("/reconcile/v1?lang=es").json["name"] == "Datos solidarios"


# --- names ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Les Jardins de l'Avenir", "jardins"),
        ("jardins de l’avenir", "jardins"),
        ("LES JARDINS DE L AVENIR SCOP", "jardins"),
        ("Avenir, Les jardins de l'", "jardins"),
        ("Les Jardin de l'Avenr", "jardins"),
        ("Atelier Velo Solidaire", "velo"),
        ("Assoc. Atelier Vélo Solidaire", "velo"),
        ("Coop. St Jean", "saintjean"),
        ("Cooperative St-Jean", "saintjean"),
        ("asociacion huerta comun", "huerta"),
        ("Hueta Común", "huerta"),
        ("AVS", "velo"),
    ],
)
def test_a_name_is_found_however_it_is_written(api: Asked, name: str, key: str) -> None:
    (old, new) = (
        api.query({"query": name}),
        api.match({"conditions": [{"matchType": "name", "propertyValue": name}]})[0],
    )
    assert old[0]["id"] == new[0]["id"] == api.id(key)
    assert 0 < old[0]["score"] <= 100


def test_the_very_name_is_the_match(api: Asked) -> None:
    first, *rest = api.query({"query": "Les Jardins de l'Avenir"})
    assert first["match"] is True
    assert first["score"] >= 95
    assert not any(each["match"] for each in rest)
    assert {each["id"] for each in first["features"]} >= {"name", "key_match", "popularity"}


def test_a_name_that_two_have_is_no_match_but_with_its_place(api: Asked) -> None:
    both = api.query({"query": "Emmaüs"})
    assert {each["id"] for each in both[:2]} == {api.id("emmaus-lyon"), api.id("emmaus-pau")}
    assert not any(each["match"] for each in both)
    placed = api.query({"query": "Emmaüs", "properties": [{"pid": "addressLocality", "v": "Pau"}]})
    assert (placed[0]["id"], placed[0]["match"]) == (api.id("emmaus-pau"), True)
    elsewhere = api.query({"query": "Emmaüs", "properties": [{"pid": "addressLocality", "v": "Nancy"}]})
    assert not any(each["match"] for each in elsewhere)


def test_a_name_that_is_nearly_that_of_two_is_no_match(api: Asked) -> None:
    (near, *_), (very, *_) = (api.query({"query": f"{name} du Plateau d'Ardes"}) for name in ("Plant", "Plants"))
    assert near["id"] == very["id"] == api.id("plants")
    assert (near["match"], very["match"]) == (False, True)


def test_another_number_is_another_group(api: Asked) -> None:
    assert not any(each["match"] for each in api.query({"query": "Groupe Habitat 13"}))


def test_what_is_not_there_is_not_found(api: Asked) -> None:
    assert not any(each["match"] for each in api.query({"query": "Zxqw Plof"}))
    assert api.query({"query": ""}) == []


def test_what_a_licence_keeps_apart_is_not_found(api: Asked) -> None:
    assert api.id("secret") not in [each["id"] for each in api.query({"query": "La Coopérative Cachée"})]


# --- identifiers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["{}", "/id/{}", "https://w3id.org/solld/id/{}", "https://w3id.org/solld/doc/{}", "552 081 317",
                "FR-INSEE-552081317", "55208131766522", "https://jardins-avenir.example"]
)  # fmt: skip
def test_an_identifier_in_place_of_a_name(api: Asked, written: str) -> None:
    id_ = api.id("jardins")
    found = api.query({"query": written.format(id_)})
    assert [(each["id"], each["match"]) for each in found if each["match"]] == [(id_, True)]


def test_a_merged_identifier_answers_under_itself(api: Asked) -> None:
    old = api.id("moulin-2")
    (found,) = api.query({"query": old})
    assert (found["id"], found["name"], found["match"]) == (old, "Le Moulin d'Orvault", True)
    rows = api.extend([old, api.id("moulin-1")], "name", "status")
    assert rows[old]["name"] == rows[api.id("moulin-1")]["name"] == [{"str": "Le Moulin d'Orvault"}]
    assert "Moulin" in api.get(f"/reconcile/preview?id={old}").text
    (by_name, *_) = api.query({"query": "Moulin d'Orvault SCOP"})
    assert by_name["id"] == api.id("moulin-1")


def test_a_form_that_is_grown_onto_a_word_may_be_misspelt_with_it(api: Asked) -> None:
    for written in ("Enercoop", "Enercop", "Ener Coop"):
        assert [each["id"] for each in api.query({"query": written})][:1] == [api.id("energie")], written


def test_what_is_merged_has_the_places_and_numbers_of_both(api: Asked) -> None:
    standing = api.id("moulin-1")
    values = api.extend([standing], "postalCode", "addressLocality", "identifier")[standing]
    assert {each["str"] for each in values["postalCode"]} == {"44700", "44701"}
    assert {each["str"] for each in values["addressLocality"]} == {"Orvault", "Orvault Bourg"}
    assert values["identifier"] == [{"str": "FR-INSEE-552100554"}]
    (by_number,) = api.query({"query": "552 100 554"})
    assert (by_number["id"], by_number["match"]) == (standing, True)


def test_a_withdrawn_identifier_says_so_and_nothing_more(api: Asked) -> None:
    gone = api.id("gone")
    (found,) = api.query({"query": gone})
    assert (found["match"], found["score"]) == (False, 0)
    assert "Maison" not in json.dumps(found)
    assert api.extend([gone], "name", "status")[gone] == {"name": [], "status": [{"str": "retiré"}]}
    assert api.get(f"/reconcile/preview?id={gone}").status_code == 410
    assert gone not in [each["id"] for each in api.query({"query": "La Maison Partie"})]


# --- types, properties, conditions ------------------------------------------------------------------------------------


def test_a_type_may_be_called_in_several_ways(api: Asked) -> None:
    for name in ("solld:Actor", "https://w3id.org/solld/ns#Actor", "Acteur", "Actor"):
        assert api.query({"query": "Huerta Común", "type": name, "type_strict": "any"})[0]["id"] == api.id("huerta")
    for strict in ("any", "all"):
        assert api.query({"query": "Huerta Común", "type": "solld:Charter", "type_strict": strict}) == []
    (first, *_) = api.query({"query": "Huerta Común", "type": "solld:Charter", "type_strict": "should"})
    assert (first["id"], first["match"]) == (api.id("huerta"), False)


def test_properties_without_a_name(api: Asked) -> None:
    found = api.query({"properties": [{"pid": "postalCode", "v": "28012"}]})
    assert found[0]["id"] == api.id("huerta")
    found = api.query({"properties": [{"pid": "identifier", "v": "FR-INSEE-552081317"}]})
    assert (found[0]["id"], found[0]["match"]) == (api.id("jardins"), True)
    found = api.query({"properties": [{"pid": "skos:altLabel", "v": "AVS"}]})
    assert found[0]["id"] == api.id("velo")


def test_another_number_of_the_same_register_is_another_body(api: Asked) -> None:
    found = api.query(
        {"query": "Les Jardins de l'Avenir", "properties": [{"pid": "identifier", "v": "FR-INSEE-732829320"}]}
    )
    assert not any(each["match"] for each in found)


def named(value: str, **more: Any) -> Any:
    return {"matchType": "name", "propertyValue": value, **more}


def placed(value: Any, **more: Any) -> Any:
    return {"matchType": "property", "propertyId": "addressLocality", "propertyValue": value, **more}


def test_conditions_of_the_draft(api: Asked) -> None:
    emmaus = named("Emmaüs")
    lyon, pau = api.id("emmaus-lyon"), api.id("emmaus-pau")

    def found(condition: Any) -> list[str]:
        return [each["id"] for each in api.match({"conditions": [emmaus, condition]})[0] if each["name"] == "Emmaüs"]

    assert found(placed("Pau", required=True)) == [pau]
    assert found(placed(["Pau", "Lyon"], required=True, matchQuantifier="any"))[:2] in ([pau, lyon], [lyon, pau])
    assert found(placed(["Pau", "Lyon"], required=True, matchQuantifier="all")) == []
    assert found(placed("Pau", required=True, matchQuantifier="none")) == [lyon]
    assert found(placed("Pa", required=True, matchQualifier="PrefixMatch")) == [pau]
    assert found(placed("Pa", required=True, matchQualifier="ExactMatch")) == []
    by_id = api.match({"conditions": [{"matchType": "id", "propertyValue": pau}]})[0]
    assert [each["id"] for each in by_id] == [pau]


def test_results_come_in_the_order_of_queries_with_no_more_than_the_limit(api: Asked) -> None:
    first, second = api.match({"conditions": [named("Emmaüs")], "limit": 1}, {"conditions": [named("Huerta Común")]})
    assert len(first) == 1
    assert second[0]["id"] == api.id("huerta")


# --- what is wrong ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "queries",
    ["{", "[]", '{"q0": {}}', '{"q0": {"properties": []}}', '{"q0": {"query": "a", "limit": -1}}', '{"q0": "a"}',
     '{"q0": {"query": "a", "type_strict": "maybe"}}', '{"q0": {"query": "a", "properties": [{"pid": "x"}]}}',
     '{"q0": {"query": "a", "type": "solld:Nothing"}}', '{"q0": {"query": "a", "properties": [{"pid": "zz", "v": 1}]}}',
     '{"q0": {"query": ["a"]}}', "[" * 100_000],
)  # fmt: skip
def test_a_wrong_batch_is_told_so(api: Asked, queries: str) -> None:
    answer = api.published.client.post("/reconcile", data={"queries": queries})
    assert answer.status_code == 400
    assert answer.get_json(force=True)["detail"]


def test_examples_of_the_specification_are_read_or_refused(api: Asked, shared: Path) -> None:
    for version, send in (("0.2", _classic), ("1.0-draft", _draft)):
        folder = shared / "reconciliation" / version / "examples" / "reconciliation-query-batch"
        for path in sorted(folder.glob("invalid/*.json")):
            assert send(api, path.read_text(encoding="utf-8")) == 400, path


def _classic(api: Asked, text: str) -> int:
    return api.published.client.post("/reconcile", data={"queries": text}).status_code


def _draft(api: Asked, text: str) -> int:
    return api.published.client.post("/reconcile/v1/match", data=text, content_type="application/json").status_code


def test_too_much_is_413(api: Asked) -> None:
    batch = {f"q{n}": {"query": "a"} for n in range(BATCH + 1)}
    client = api.published.client
    assert client.post("/reconcile", data={"queries": json.dumps(batch)}).status_code == 413
    many = {"queries": [{"conditions": [named("a")]}] * (BATCH + 1)}
    assert client.post("/reconcile/v1/match", json=many).status_code == 413
    rows = {"ids": ["x"] * (ROWS + 1), "properties": []}
    assert client.post("/reconcile/v1/extend", json=rows).status_code == 413
    assert client.post("/reconcile/v1/match", data=b"x" * 5_000_000).status_code == 413


def test_other_media_types_are_415(api: Asked) -> None:
    assert api.published.client.post("/reconcile", json={}).status_code == 415
    assert api.published.client.post("/reconcile/v1/match", data={"queries": "{}"}).status_code == 415


def test_who_has_too_many_waiting_is_429(api: Asked) -> None:
    served = api.published.client.application
    assert isinstance(served, Served)
    turns = served.front.turns
    with turns.taken("127.0.0.1"):
        turns._waiting["127.0.0.1"] = turns.most
        answer = api.published.client.post("/reconcile", data={"queries": "{}"})
        assert (answer.status_code, int(answer.headers["Retry-After"]) > 0) == (429, True)
        turns._waiting["127.0.0.1"] = 1
    assert api.get("/reconcile").status_code == 200


def test_an_index_of_another_version_is_503(api: Asked) -> None:
    with pytest.raises(Unavailable):
        index.Names(Path("/nowhere"), 1).count("x")


# --- JSONP ------------------------------------------------------------------------------------------------------------


def test_old_clients_get_a_script(api: Asked) -> None:
    answer = api.get("/reconcile?callback=jQuery1_2.done&" + urlencode({"queries": '{"q0": {"query": "Emmaüs"}}'}))
    assert answer.mimetype == "text/javascript"
    assert answer.text.startswith("/**/jQuery1_2.done({")
    assert json.loads(answer.text.removeprefix("/**/jQuery1_2.done(").removesuffix(");"))["q0"]["result"]
    assert api.get("/reconcile?callback=alert(1)//").status_code == 400
    posted = api.published.client.post("/reconcile?callback=f", data={"queries": "{}"})
    assert posted.status_code == 400
    assert api.get("/reconcile?query=Huerta").json["result"][0]["id"] == api.id("huerta")


# --- suggestions, previews, extension ---------------------------------------------------------------------------------


def test_things_are_suggested(api: Asked) -> None:
    for root, schemas, skip in (("/reconcile", api.classic, "cursor"), ("/reconcile/v1", api.draft, "offset")):
        answer = api.get(f"{root}/suggest/entity?prefix=les jard")
        assert schemas.errors("suggest-entities-response", answer.json) == []
        assert answer.json["result"][0]["id"] == api.id("jardins")
        assert api.get(f"{root}/suggest/entity?prefix={api.id('velo')}").json["result"][0]["id"] == api.id("velo")
        two = api.get(f"{root}/suggest/entity?prefix=emm").json["result"]
        rest = api.get(f"{root}/suggest/entity?prefix=emm&{skip}=1").json["result"]
        assert [each["id"] for each in rest] == [each["id"] for each in two[1:]]
        assert len(api.get(f"{root}/suggest/entity?prefix=&limit=3").json["result"]) == 3


@pytest.mark.parametrize(
    ("kind", "prefix", "wanted"), [("type", "act", "solld:Actor"), ("property", "post", "postalCode")]
)
def test_terms_are_suggested(api: Asked, kind: str, prefix: str, wanted: str) -> None:
    name = {"type": "suggest-types-response", "property": "suggest-properties-response"}[kind]
    for root, schemas in (("/reconcile", api.classic), ("/reconcile/v1", api.draft)):
        answer = api.get(f"{root}/suggest/{kind}?prefix={prefix}", Accept_Language="en")
        assert schemas.errors(name, answer.json) == []
        assert wanted in [each["id"] for each in answer.json["result"]]
        assert api.get(f"{root}/suggest/{kind}?prefix={wanted}").json["result"][0]["id"] == wanted
    assert api.get(f"/reconcile/flyout/{kind}?id={wanted}").json["html"].startswith("<p>")
    assert api.get("/reconcile/suggest/nothing?prefix=a").status_code == 404


def test_the_draft_answers_an_extension_as_the_test_bench_asks_for_it(api: Asked) -> None:
    asked = json.dumps({"ids": [api.id("jardins")], "properties": [{"id": "postalCode"}]})
    told = api.get(f"/reconcile/v1?extend={quote(asked)}").json
    assert told["rows"][api.id("jardins")]["postalCode"] == [{"str": "49000"}]
    assert api.get("/reconcile/v1?extend=x").status_code == 400


def test_a_preview_fits_a_frame_of_others_and_runs_nothing(api: Asked) -> None:
    answer = api.get(f"/reconcile/v1/preview?id={api.id('jardins')}")
    assert answer.status_code == 200
    assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    assert "Angers" in answer.text
    assert api.get("/reconcile/preview?id=nothing").status_code == 404
    assert api.get(f"/reconcile/flyout/entity?id={api.id('jardins')}").json["id"] == api.id("jardins")


def test_properties_are_proposed(api: Asked) -> None:
    for root, schemas in (("/reconcile", api.classic), ("/reconcile/v1", api.draft)):
        answer = api.get(f"{root}/extend/propose?type=solld:Actor&limit=50")
        assert schemas.errors("data-extension-property-proposal", answer.json) == []
        assert {"postalCode", "url", "identifier", "wikidata"} <= {each["id"] for each in answer.json["properties"]}


def test_an_extension_has_values_of_their_kinds(api: Asked) -> None:
    id_ = api.id("jardins")
    row = api.extend(
        [id_], "name", "postalCode", "url", "identifier", "type", "addressCountry", "license", "skos:prefLabel"
    )[id_]
    assert row["postalCode"] == [{"str": "49000"}]
    assert row["identifier"] == [{"str": "FR-INSEE-552081317"}]
    assert row["url"] == [{"str": "https://jardins-avenir.example/"}]
    assert row["license"] == [{"str": CC0}]
    assert row["skos:prefLabel"] == row["name"] == [{"str": "Les Jardins de l'Avenir"}]


def test_settings_of_an_extension(api: Asked) -> None:
    id_ = api.id("huerta")
    limited = {"id": "type", "settings": {"limit": "1", "content": "iri"}}
    assert api.extend([id_], limited)[id_]["type"][0]["str"].startswith("http")
    bad = {"ids": [id_], "properties": [{"id": "type", "settings": {"content": "x"}}]}
    assert api.published.client.post("/reconcile/v1/extend", json=bad).status_code == 400


def test_the_page_about_it(api: Asked) -> None:
    for language in ("fr", "en", "es"):
        page = api.get(f"/about/reconciliation?lang={language}", Accept="text/html")
        assert page.status_code == 200
        assert "/reconcile/v1/match" in page.text
    assert api.get("/about/reconciliation.json").json["batch"] == BATCH
