"""Sources that are services of this field: everything that they have is found, as they have it, or nothing is taken."""

import io
import json
import random
import re
import shutil
import tracemalloc
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from math import copysign
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import services
from conftest import ROOT
from hostile import Hostile
from services import GoGoCarto, Murmurations, OpenFairDB, Raw, Service, WordPress, YesWiki
from solld import sources
from solld.errors import SourceFailed
from solld.harvesting.fetching import Limits, Session
from solld.harvesting.looking import Look, look
from solld.sources import Page, Row, gogocarto, lines, objects, openfairdb
from test_harvest import Said, said, solld

LIMITS = Limits(agent="solld/0.1 (+https://lights.example/about)", seconds=5, wait=0, allow=frozenset({"127.0.0.1"}))
NAMES = ("gogocarto", "murmurations", "openfairdb", "wordpress", "yeswiki")


def spread(number: int, seed: int = 1) -> list[dict[str, Any]]:
    """Entries as they lie on a map: many in one town, some anywhere, two at the edges of the world."""
    chance = random.Random(seed)
    points = [(48.77 + chance.uniform(-0.1, 0.1), 9.18 + chance.uniform(-0.1, 0.1)) for _ in range(number * 3 // 4)]
    points += [(chance.uniform(-60, 70), chance.uniform(-180, 180)) for _ in range(number - len(points) - 2)]
    points += [(-90.0, -180.0), (90.0, 180.0)]
    return [services.entry(n, round(lat, 6), round(lng, 6)) for n, (lat, lng) in enumerate(points)]


def paths(number: int) -> dict[str, Any]:
    return {f"/profiles/{n}.json": services.profile(n) for n in range(number)}


def made(name: str) -> Any:
    """A service with some thirty records."""
    match name:
        case "gogocarto":
            return GoGoCarto(30)
        case "murmurations":
            return Murmurations(paths(30), size=12)
        case "openfairdb":
            return OpenFairDB(spread(240), most=120)
        case "wordpress":
            return WordPress(30)
        case _:
            return YesWiki([services.fiche(n) for n in range(30)])


def collected(server: Hostile, name: str, path: str) -> list[Row]:
    """The rows of what is at a path, asked for through a real session."""
    source, into = sources.named(name), io.BytesIO()
    assert source.collect is not None
    source.collect(Session(LIMITS), server.url(path), into)
    head = into.getvalue()[: sources.HEAD]
    assert sources.recognised(head, "what was written") is source
    into.seek(0)
    return list(source.read(into))


def refused(server: Hostile, name: str, path: str) -> SourceFailed:
    with pytest.raises(SourceFailed) as caught:
        collected(server, name, path)
    return caught.value


def looked(server: Hostile, path: str, kind: str = "") -> Look:
    return look(ROOT, server.url(path), Session(LIMITS), kind)


def roles(found: Look) -> dict[str, list[str]]:
    """role -> the columns that play it."""
    named: dict[str, list[str]] = {}
    for use in found.uses:
        for part in use.parts:
            named.setdefault(part.role.name, []).append(part.column.name)
    return named


def cells(name: str, content: bytes) -> list[dict[str, tuple[Any, ...]]]:
    return [dict(row.cells) for row in sources.named(name).read(io.BytesIO(content))]


# All of them ----------------------------------------------------------------------------------------------------------

ROLES = {
    "gogocarto": {
        "key": ["id"],
        "name": ["name"],
        "street": ["address.streetAddress"],
        "postcode": ["address.postalCode"],
        "locality": ["address.addressLocality"],
        "country": ["address.addressCountry"],
        "latitude": ["geo.latitude"],
        "longitude": ["geo.longitude"],
        "website": ["website"],
        "category": ["categories"],
        "description": ["description"],
        "created": ["createdAt"],
        "modified": ["updatedAt"],
    },
    "murmurations": {
        "key": ["node_id"],
        "name": ["name"],
        "alias": ["nickname"],
        "street": ["full_address"],
        "country": ["country_iso_3166"],
        "latitude": ["geolocation.lat"],
        "longitude": ["geolocation.lon"],
        "website": ["primary_url"],
        "page": ["profile_url"],
        "category": ["tags"],
        "description": ["description"],
        "founded": ["starts_at"],
        "modified": ["last_updated"],
    },
    "openfairdb": {
        "key": ["id"],
        "name": ["title"],
        "street": ["street"],
        "postcode": ["zip"],
        "locality": ["city"],
        "country": ["country"],
        "latitude": ["lat"],
        "longitude": ["lng"],
        "website": ["homepage"],
        "category": ["categories", "tags"],
        "description": ["description"],
        "founded": ["founded_on"],
        "created": ["created"],
    },
    "wordpress": {
        "key": ["id"],
        "name": ["title"],
        "street": ["acf.adresse.address"],
        "postcode": ["acf.code_postal"],
        "locality": ["acf.ville"],
        "latitude": ["acf.adresse.lat"],
        "longitude": ["acf.adresse.lng"],
        "website": ["acf.site_web"],
        "page": ["permalink"],
        "category": ["secteur"],
        "description": ["content"],
        "modified": ["modified"],
    },
    "yeswiki": {
        "key": ["id_fiche"],
        "name": ["bf_titre"],
        "street": ["bf_adresse"],
        "postcode": ["bf_code_postal"],
        "locality": ["bf_ville"],
        "latitude": ["bf_latitude"],
        "longitude": ["bf_longitude"],
        "website": ["bf_site_internet"],
        "page": ["permalink"],
        "category": ["listeListeType", "checkboxListeActivites"],
        "description": ["bf_description"],
        "created": ["date_creation_fiche"],
        "modified": ["date_maj_fiche"],
    },
}
PERSONAL = (
    "example.org",
    "elan.example",
    "laden.example",
    "hub.example/contact",
    "Mustermann",
    "JeanneDupont",
    "00 00 00",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_service_is_known_by_what_it_answers_and_its_columns_are_guessed(name: str) -> None:
    service = made(name)
    with services.running(service) as server:
        found = looked(server, service.home)
    assert found.source.name == name
    guessed = roles(found)
    assert {role: sorted(guessed.get(role, [])) for role in ROLES[name]} == {
        r: sorted(c) for r, c in ROLES[name].items()
    }


@pytest.fixture
def site(tmp_path: Path) -> Path:
    for each in ("ontology", "queries"):
        shutil.copytree(ROOT / each, tmp_path / each)
    text = (ROOT / "site.toml").read_text(encoding="utf-8")
    (tmp_path / "site.toml").write_text(f'{text}\n[harvest]\nallow = ["127.0.0.1"]\nwait = 0\n', encoding="utf-8")
    (tmp_path / "data").mkdir()
    return tmp_path


def expected(name: str, service: Any, root: str) -> dict[str, dict[str, Any]]:
    """key -> what a person would say of some records of `made`."""
    if name == "gogocarto":
        return {
            each["id"]: {
                "prefLabel": [f"{each['name']}@fr"],
                "latitude": [str(each["geo"]["latitude"])],
                "longitude": [str(each["geo"]["longitude"])],
                "url": [each["website"]],
                "streetAddress": [each["address"]["streetAddress"]],
            }
            for each in map(services.element, range(service.number))
        }
    if name == "murmurations":
        return {
            sha256(f"{root}{path}".encode()).hexdigest(): {
                "prefLabel": [f"{each['name']}@en"],
                "latitude": [str(each["geolocation"]["lat"])],
                "url": [each["primary_url"]],
                "wasDerivedFrom": [f"{root}{path}"],
                "addressCountry": ["GB"],
            }
            for path, each in service.profiles.items()
        }
    if name == "openfairdb":
        return {
            each["id"]: {
                "prefLabel": [f"{each['title']}@de"],
                "latitude": [str(each["lat"])],
                "longitude": [str(each["lng"])],
                "url": [each["homepage"]] if each["homepage"] else [],
                "addressCountry": ["DE"],
            }
            for each in service.entries
        }
    if name == "wordpress":
        return {
            str(100 + n): {
                "prefLabel": [f"L’Élan & Cie n° {n}@fr"],
                "description": [f"Les {n} membres ont un lieu, ouvert à tous.@fr"],
                "url": [f"https://elan{n}.example/"],
                "wasDerivedFrom": [f"{root}/structure/elan-{n}/"],
            }
            for n in range(service.number)
        }
    return {
        each["id_fiche"]: {
            "prefLabel": [f"L’Élan n° {n}@fr".replace("’", "'" if n % 4 == 0 else "’")],
            "latitude": [each["bf_latitude"]] if "bf_latitude" in each else [],
            "url": [each["bf_site_internet"]],
            "wasDerivedFrom": [each["url"]],
        }
        for n, each in enumerate(service.entries)
    }


@pytest.mark.parametrize("name", NAMES)
def test_two_commands_bring_it_in_and_what_fails_later_changes_nothing(
    site: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    service = made(name)
    with services.running(service) as server:
        assert solld(site, "add-source", server.url(service.home), "--name", "here") == 0
        assert solld(site, "harvest", "here") == 0
        found = said(site, "here")
        check(found, expected(name, service, server.url("")))
        for words in PERSONAL:
            assert not re.search(rf"(?<![\w/.]){re.escape(words)}", repr(found)), words
        copy = (site / "var" / "harvest" / "here" / "copy").read_bytes()
        assert solld(site, "harvest", "here") == 0
        assert "not changed" in capsys.readouterr().out
        service.fault = lambda path, said: services.HTML if server.paths.count(path) > 1 else said
        assert solld(site, "harvest", "here") == 3
        assert "HTML" in capsys.readouterr().out or name == "gogocarto"
        assert said(site, "here") == found
        assert (site / "var" / "harvest" / "here" / "copy").read_bytes() == copy


def check(found: Said, wanted: dict[str, dict[str, Any]]) -> None:
    for key, properties in wanted.items():
        for local, values in properties.items():
            have = found[key].get(local, [])
            have = [each for each in have if "/dataset/" not in each] if local == "wasDerivedFrom" else have
            assert have == values, (key, local)


def last(service: Any, server: Hostile) -> str:
    """The path that is asked for last when all goes well."""
    collected(server, made_name(service), service.home)
    return server.paths[-1]


def made_name(service: Service) -> str:
    return type(service).__name__.lower()


WRONG: dict[str, Any] = {
    "HTML": services.HTML,
    "a text": b"Error establishing a database connection",
    "half of it": b'[{"id": "1", "id_fiche": "a", "linked_schemas": ["x"], ',
    "another thing": {"something": "else"},
    "a list of numbers": [1, 2, 3],
    "a number": 5,
    "null": b"null",
    "nothing": b"",
    "NaN": b'[{"id": "1", "lat": NaN}]',
    "no UTF-8": b'[{"id": "\xe9"}]',
    "half of a letter": b'{"linked_schemas": ["\\ud800"], "id": "\\ud800", "Tag": {"id_fiche": "\\ud800"}}',
    "JSON without end": b"[" * 200_000,
    "500": Raw(b"{}", "500 Internal Server Error"),
    "403": Raw(b"{}", "403 Forbidden"),
}


@pytest.mark.parametrize("name", [each for each in NAMES if each != "gogocarto"])
@pytest.mark.parametrize("wrong", WRONG)
def test_what_fails_in_the_middle_is_told_with_its_url(name: str, wrong: str) -> None:
    service = made(name)
    with services.running(service) as server:
        path = last(service, server)
        service.fault = lambda asked, said: WRONG[wrong] if asked == path else said
        failure = refused(server, name, service.home)
    assert failure.place == server.url(path)
    assert failure.reason


@pytest.mark.parametrize("name", ["murmurations", "wordpress"])
def test_pages_without_end_end(name: str) -> None:
    service = made(name)
    pages: list[str] = []

    def same(path: str, said: Any) -> Any:
        """The page that was asked for first, again and again, each time with another next page."""
        if urlsplit(path).path != urlsplit(service.home).path:
            return said
        pages.append(path)
        root, query = server.url(urlsplit(path).path), f"page={len(pages) + 1}"
        if name == "wordpress":
            posts = json.dumps([services.post(n, root) for n in range(3)]).encode()
            return Raw(posts, headers={"Link": f'<{root}?{query}>; rel="next"'})
        return {"data": [service.node("/profiles/1.json", server.url(""))], "links": {"next": f"{root}?{query}"}}

    service.fault = same
    with services.running(service) as server:
        assert "nothing new" in refused(server, name, service.home).reason
    assert len(pages) == 2


@pytest.mark.parametrize("name", ["murmurations", "wordpress"])
def test_the_next_page_is_one_of_the_same_server(name: str) -> None:
    service = made(name)

    def elsewhere(path: str, said: Any) -> Any:
        if urlsplit(path).path != urlsplit(service.home).path:
            return said
        if isinstance(said, Raw):
            return Raw(said.content, headers={"Link": '<http://other.example/>; rel="next"'})
        return {**said, "links": {"next": "http://other.example/"}}

    service.fault = elsewhere
    with services.running(service) as server:
        assert "another server: http://other.example/" in refused(server, name, service.home).reason


WORDS = (
    "id data mapping ontology categories categoriesFull optionValues geo latitude id_fiche id_typeannonce bf_titre url "
    "features properties type title rendered content _embedded wp:term linked_schemas profile_url options root x"
).split()
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 3)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(NAMES), st.lists(JSON_VALUES, max_size=4), st.booleans())
def test_any_json_is_read_or_refused(name: str, values: list[Any], written: bool) -> None:
    head = json.dumps({lines.SAID: name, "options": {"x": {"1": "one"}}, "categories": {"x": "one"}})
    whole = json.dumps(values[0] if len(values) == 1 else values)
    content = "\n".join([head, *map(json.dumps, values)]) if written else whole
    found: list[dict[str, tuple[Any, ...]]] = []
    with suppress(SourceFailed):
        found = cells(name, content.encode())
    assert all(str(text).strip() for row in found for texts in row.values() for text in texts)


# GoGoCarto ------------------------------------------------------------------------------------------------------------


def asked_json(server: Hostile, path: str) -> bytes:
    page = Session(LIMITS)(server.url(path))
    assert page is not None
    return page.body


def test_rows_of_elements_are_those_of_plain_json(shared: Path) -> None:
    content = (shared / "data" / "gogocarto" / "susy-fr-be-gb.gogocarto.json").read_bytes()
    bare = json.dumps(json.loads(content)["data"]).encode()
    with services.running(GoGoCarto(30)) as server:
        answers = [content, bare, asked_json(server, "/api/elements.json")]
    for each in answers:
        assert sources.recognised(each[: sources.HEAD], "elements").name == "gogocarto"
        assert list(gogocarto.read(io.BytesIO(each))) == list(objects.read(io.BytesIO(each)))


@pytest.mark.parametrize("query", ["", "?token=wrong"])
@pytest.mark.parametrize("as_json", [False, True])
def test_an_instance_that_wants_a_token_says_so_with_200(query: str, as_json: bool) -> None:
    service = GoGoCarto(token="secret")
    service.fault = lambda path, said: json.dumps(said.decode()).encode() if as_json else said
    with services.running(service) as server:
        with pytest.raises(SourceFailed, match=f"asks for a token: .*{re.escape(server.url('/api'))}"):
            looked(server, f"/api/elements.json{query}")
        service.fault = None
        assert looked(server, "/api/elements.json?token=secret").number == 30


def test_an_instance_that_wants_a_token_from_now_on_leaves_what_was_good(
    site: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    service = GoGoCarto(30)
    with services.running(service) as server:
        assert solld(site, "add-source", server.url(service.home), "--name", "map") == 0
        assert solld(site, "harvest") == 0
        before = said(site, "map")
        service.token = "secret"
        assert solld(site, "harvest") == 3
    assert "asks for a token: You need to provide a token" in capsys.readouterr().out
    assert said(site, "map") == before


@pytest.mark.parametrize("old", [False, True])
def test_compact_elements_have_their_names_from_the_mapping(old: bool) -> None:
    with services.running(GoGoCarto(3, old=old)) as server:
        found = looked(server, "/api/elements.json?ontology=gogocompact")
    full = services.element(1)
    fields = {} if old else {"website": (full["website"],), "description": (full["description"],)}
    assert found.source.name == "gogocarto"
    assert found.rows[1].cells == {
        "id": (full["id"],),
        "name": (full["name"],),
        **fields,
        "latitude": (str(full["geo"]["latitude"]),),
        "longitude": (str(full["geo"]["longitude"]),),
        "categories": ("12", "40"),
    }


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b'["a", ["N"], 1.50, 2, [3], -1, 2]', {"status": ("-1",), "moderationState": ("2",), "categories": ("3",)}),
        (b'["a", ["N"], 1.50, 2]', {"latitude": ("1.50",), "longitude": ("2",)}),
        (b'["a", [null], 1.50, 2, []]', {"latitude": ("1.50",)}),
        (b'["a", 1, "N", 1.50, 2, [[3, 0], [4, 1]]]', {"name": ("N",), "categories": ("3", "4"), "status": ("1",)}),
    ],
)
def test_what_is_usual_is_left_out_of_a_compact_element(content: bytes, expected: dict[str, Any]) -> None:
    mapping = (
        b'{"ontology":"gogocompact","mapping":["id",{"0":"name"},"latitude","longitude","status","moderationState"]'
    )
    (found,) = cells("gogocarto", mapping + b',"data":[' + content + b"]}")
    assert expected.items() <= found.items()


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"ontology":"gogocompact","data":[["a",["N"],1,2,[3],0,0,"more"]]}', r"data\[0\]: has 8 values"),
        (
            b'{"ontology":"gogocompact","data":[["a",["N","x"],1,2,[3]]]}',
            r"data\[0\]: has 2 values for the fields name",
        ),
        (b'{"ontology":"gogofull","data":[{"id":"a"},7]}', r"data\[1\]: is no element: 7"),
        (b'{"ontology":"gogofull","data":[{"id":"a"},{"id":', r"after data\[0\]: this is not JSON"),
        (b'{"ontology":"gogofull","data":{"id":', r"data: this is not JSON"),
        (b'{"ontology":"gogofull"}', "no elements"),
        (
            b'{ "error": "Element does not exists", "ontology":"gogofull" }',
            "no elements in it: Element does not exists",
        ),
        (b'{"ontology":"gogofull",' + b'"x":[' + b"1," * 20_000 + b'1],"data":[]}', "no elements"),
    ],
)
def test_what_is_no_element_is_told_with_its_place(content: bytes, place: str) -> None:
    with pytest.raises(SourceFailed, match=place):
        cells("gogocarto", content)


def test_one_element_is_not_taken_for_the_list_within_it() -> None:
    with services.running(GoGoCarto(3)) as server:
        (row,) = looked(server, "/api/elements/20001.json").rows
    assert (row.place, row.cells["id"], row.cells["categories"]) == ("data", ("20001",), ("Alimentation", "Épicerie"))


@pytest.mark.parametrize(
    ("item", "categories"),
    [
        ({"categories": ["a"], "categoriesFull": [{"id": 1, "name": "A"}]}, ("a",)),
        ({"categoriesFull": [{"id": 1, "name": "A"}, {"id": 2, "name": "B"}]}, ("A", "B")),
        ({"optionValues": [{"optionId": 10512, "index": 0}]}, ("10512",)),
        ({}, None),
    ],
)
def test_categories_are_what_a_version_calls_them(item: dict[str, Any], categories: Any) -> None:
    (found,) = cells("gogocarto", json.dumps({"ontology": "gogofull", "data": [{"id": "a", **item}]}).encode())
    assert found.get("categories") == categories


def test_the_true_origin_of_an_element_is_a_column() -> None:
    with services.running(GoGoCarto(30)) as server:
        found = looked(server, "/api/elements.json")
    assert {row.cells["sourceKey"] for row in found.rows} == {("Carte ouverte",), ("Transiscope",)}
    assert found.licence is not None
    assert found.licence.name == "ODbL 1.0"


@pytest.mark.parametrize(("compact", "elements"), [(False, 5_000), (True, 20_000)])
def test_memory_does_not_grow_with_the_map(tmp_path: Path, compact: bool, elements: int) -> None:
    path, full = tmp_path / "elements.json", services.element(7)
    item = json.dumps(GoGoCarto().compact(full) if compact else full)
    ontology, fields = ("gogocompact", json.dumps(services.FIELDS)) if compact else ("gogofull", "[]")
    with path.open("w", encoding="utf-8") as file:
        mapping = f'["id", {fields}, "latitude", "longitude"]'
        file.write(f'{{"ontology": "{ontology}", "mapping": {mapping}, "data": [{item}')
        file.writelines(f", {item}" for _ in range(elements - 1))
        file.write("]}")
    with path.open("rb") as opened:
        tracemalloc.start()
        number = sum(1 for _ in gogocarto.read(opened))
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert number == elements
    assert most < 2 * 2**20 < path.stat().st_size


# OpenFairDB -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "most"), [(0, 2000), (3, 2000), (1300, 2000), (1300, 500), (700, 130), (90, 100)])
def test_all_entries_are_found_however_few_a_search_gives(number: int, most: int) -> None:
    service = OpenFairDB(spread(number) if number else [], most=most)
    with services.running(service) as server:
        found = collected(server, "openfairdb", "/v0/")
    assert sorted(row.cells["id"][0] for row in found) == sorted(each["id"] for each in service.entries)
    searches = sum(path.startswith("/v0/search") for path in server.paths)
    assert searches <= 1 + 60 * max(1, number // min(most, openfairdb.LIMIT))


CLUSTERS = st.tuples(
    st.sampled_from([0.0, 48.1, 48.2, 90.0, -90.0]) | st.floats(-90, 90),
    st.sampled_from([-180.0, 0.0, 9.1, 9.2, 180.0]) | st.floats(-180, 180),
    st.integers(1, 300),  # entries
    st.sampled_from([0.0, 1e-6, 1e-4, 0.1]),  # degrees between them, towards the equator and Greenwich
)


def clustered(clusters: list[tuple[float, float, int, float]]) -> list[tuple[float, float]]:
    return [
        (lat - copysign(min(n * step, abs(lat)), lat), lng - copysign(min(n * step, abs(lng)), lng))
        for lat, lng, number, step in clusters
        for n in range(number)
    ]


@settings(deadline=None, max_examples=30)
@given(st.lists(CLUSTERS, max_size=6).map(clustered), st.sampled_from([120, 150, 400, 500]))
def test_a_search_that_is_cut_loses_nothing(points: list[tuple[float, float]], most: int) -> None:
    service = OpenFairDB([services.entry(n, *point) for n, point in enumerate(points)], most=most)

    def get(url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        parts = urlsplit(url)
        answer = service.said(parts.path, dict(parse_qsl(parts.query)), "http://x.example")
        return None if answer is None else Page(url, "application/json", json.dumps(answer).encode())

    into, failure = io.BytesIO(), ""
    try:
        openfairdb.collect(get, "http://x.example/v0/", into)
    except SourceFailed as caught:
        failure = caught.reason
    together = max(Counter((round(lat, 4), round(lng, 4)) for lat, lng in points).values(), default=0)
    if failure:
        assert "at one place" in failure
        assert together >= openfairdb.SURE / 4  # a place may lie on the corner of four
        return
    assert {row["id"][0] for row in cells("openfairdb", into.getvalue())} == {each["id"] for each in service.entries}


@pytest.mark.parametrize(
    ("path", "kind", "wanted"),
    [
        ("/v0/", "openfairdb", lambda e: True),
        ("/v0", "openfairdb", lambda e: True),
        ("/v0/entries/recently-changed?since=1", "", lambda e: True),
        ("/v0/search?bbox=48,9,49,10&limit=3", "", lambda e: 48 <= e["lat"] <= 49 and 9 <= e["lng"] <= 10),
        ("/v0/search?bbox=-60,170,70,-170", "openfairdb", lambda e: -60 <= e["lat"] <= 70 and abs(e["lng"]) >= 170),
        ("/v0/search?bbox=-90,-180,90,180&tags=foodsharing", "", lambda e: "foodsharing" in e["tags"]),
        (f"/v0/entries/{3:032x},{5:032x}", "", lambda e: e["id"] in (f"{3:032x}", f"{5:032x}")),
    ],
)
def test_a_url_says_which_entries(path: str, kind: str, wanted: Callable[[dict[str, Any]], bool]) -> None:
    service = OpenFairDB(spread(240))
    with services.running(service) as server:
        found = looked(server, path, kind)
    assert found.source.name == "openfairdb"
    assert found.number == sum(map(wanted, service.entries)) > 0


@pytest.mark.parametrize("text", ["1,2,3", "a,b,c,d", "1,2,3,4,5"])
def test_a_box_is_four_numbers(text: str) -> None:
    with services.running(OpenFairDB([])) as server:
        assert repr(text) in refused(server, "openfairdb", f"/v0/search?bbox={text}").reason


@pytest.mark.parametrize("names", [False, True])
def test_categories_are_called_by_their_names_if_there_are_any(names: bool) -> None:
    with services.running(OpenFairDB(spread(3), names=names)) as server:
        row = collected(server, "openfairdb", "/v0/")[0].cells
    assert row["categories.id"][0] in services.CATEGORIES
    assert row["categories"] == (
        (services.CATEGORIES[str(row["categories.id"][0])],) if names else row["categories.id"]
    )


def test_the_licence_of_each_entry_stays_with_it_and_none_is_taken_for_that_of_all() -> None:
    service = OpenFairDB(spread(30))
    with services.running(service) as server:
        mixed = looked(server, f"/v0/entries/{','.join(each['id'] for each in service.entries)}")
        service.entries = [each | {"license": "CC0-1.0"} for each in service.entries]
        alike = looked(server, "/v0/", "openfairdb")
        service.entries[3].pop("license")
        partly = looked(server, "/v0/", "openfairdb")
    assert {row.cells["license"] for row in mixed.rows} == {("CC0-1.0",), ("ODbL-1.0",)}
    assert (mixed.licence, partly.licence) == (None, None)
    assert alike.licence is not None
    assert alike.licence.name == "CC0 1.0"


def test_what_an_organisation_did_not_clear_is_left_out_and_nothing_else() -> None:
    service = OpenFairDB(spread(900), most=150)
    with services.running(service) as server:
        rows = collected(server, "openfairdb", "/v0/search?bbox=-90,-180,90,180&org_tag=foodsharing")
    wanted = [each["id"] for each in service.entries if "foodsharing" in each["tags"] and service.cleared(each)]
    assert sorted(row.cells["id"][0] for row in rows) == sorted(wanted)


def test_a_server_that_does_not_mind_the_box_is_told() -> None:
    service = OpenFairDB(spread(900))
    everything = service.search({"bbox": "-90,-180,90,180", "limit": "500"})
    service.fault = lambda path, said: everything if "search" in path else said
    with services.running(service) as server:
        assert "not in the box" in refused(server, "openfairdb", "/v0/").reason


def test_a_server_that_gives_less_than_it_lists_is_told() -> None:
    service = OpenFairDB(spread(240), whole=30)
    with services.running(service) as server:
        failure = refused(server, "openfairdb", "/v0/")
    assert re.search(r"has not \d+ of 240 entries that it lists", failure.reason)


def test_what_is_left_out_of_a_long_answer_is_asked_for_again() -> None:
    service = OpenFairDB(spread(240), whole=60)
    with services.running(service) as server:
        found = [row.cells["id"][0] for row in collected(server, "openfairdb", "/v0/")]
    assert sorted(found) == sorted(each["id"] for each in service.entries)


def test_an_entry_that_is_archived_meanwhile_is_left_out() -> None:
    service = OpenFairDB(spread(240))
    gone = service.entries[7]["id"]
    service.fault = lambda path, said: [e for e in said if e["id"] != gone] if "entries" in path else said
    with services.running(service) as server:
        found = {row.cells["id"][0] for row in collected(server, "openfairdb", "/v0/")}
    assert found == {each["id"] for each in service.entries} - {gone}


def test_more_than_a_search_gives_at_one_place_is_told() -> None:
    with services.running(OpenFairDB([services.entry(n, 48.1, 9.1) for n in range(600)])) as server:
        assert "gives 500 entries at one place" in refused(server, "openfairdb", "/v0/").reason


def test_an_identifier_is_no_path() -> None:
    service = OpenFairDB([services.entry(0, 48.1, 9.1) | {"id": "../../admin?x=1"}])
    with services.running(service) as server:
        (row,) = collected(server, "openfairdb", "/v0/")
    assert "/v0/entries/..%2F..%2Fadmin%3Fx%3D1" in server.paths
    assert row.cells["id"] == ("../../admin?x=1",)


def test_a_search_without_end_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "PAGES", 40)

    def always(path: str, said: Any) -> Any:
        if "search" not in path:
            return said
        south, west, *_ = map(float, dict(parse_qsl(urlsplit(path).query))["bbox"].split(","))
        numbers = range(len(server.paths) * 1000, len(server.paths) * 1000 + 500)
        return {"visible": [services.entry(n, south, west) for n in numbers], "invisible": []}

    service = OpenFairDB([])
    service.fault = always
    with services.running(service) as server:
        assert "after 40 searches" in refused(server, "openfairdb", "/v0/").reason


# YesWiki --------------------------------------------------------------------------------------------------------------

WIKI = [services.fiche(n) for n in range(30)]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "yeswiki"),
        ("/?PagePrincipale", "yeswiki"),
        ("/?api/forms", ""),
        ("/?api/forms/1", ""),
        ("/?api/forms/1/entries", ""),
        ("/?api/forms/1/entries/json-ld", "yeswiki"),
        ("/?api/forms/1/entries/geojson", "yeswiki"),
        ("/?api/forms/1/entries&champ=bf_titre", ""),
    ],
)
def test_the_entries_are_found_from_any_address_of_a_wiki(path: str, kind: str) -> None:
    with services.running(YesWiki(WIKI)) as server:
        found = looked(server, path, kind)
    assert (found.source.name, found.number) == ("yeswiki", 30)  # also those that are nowhere on a map


def test_a_wiki_with_several_forms_is_asked_for_one_of_them() -> None:
    service = YesWiki(WIKI, forms={1: "Annuaire", 2: "Agenda"})
    with services.running(service) as server:
        failure = refused(server, "yeswiki", "/?api/forms")
        one, two = (f"{server.url('/?api/forms/')}{n}/entries ({label})" for n, label in service.forms.items())
        assert f"{one}, {two}" in failure.reason
        assert len(collected(server, "yeswiki", "/?api/forms/1/entries")) == 30


def test_lists_have_what_their_keys_stand_for_and_texts_are_without_entities() -> None:
    with services.running(YesWiki(WIKI)) as server:
        row = collected(server, "yeswiki", "/?api/forms/1/entries")[4].cells
    assert row["bf_titre"] == ("L'Élan n° 4",)
    assert row["bf_description"] == ("Les 4 membres ont un atelier vélo participatif & ouvert à tous.",)
    assert (row["listeListeType"], row["listeListeType.key"]) == (("Association",), ("1",))
    assert row["checkboxListeActivites"] == ("Vélo", "Alimentation & goût")
    assert row["checkboxListeActivites.key"] == ("vel", "ali")
    assert (row["bf_latitude"], row["geolocation.bf_latitude"]) == (("48.10040",), ("48.10040",))
    assert row["permalink"] == ("https://wiki.example/?LElanN4",)
    assert not {"url", "html_data", "html_output", "bf_telephone"} & row.keys()


def test_keys_stay_where_the_form_does_not_tell() -> None:
    service = YesWiki(WIKI)
    service.fault = lambda path, said: None if path == "/?api/forms/1" else said
    with services.running(service) as server:
        found = looked(server, "/?api/forms/1/entries")
    assert found.rows[1].cells["checkboxListeActivites"] == ("vel,ali",)
    assert roles(found)["category"] == ["checkboxListeActivites"]  # keys like 1 and 2 are no categories


def test_a_form_without_entries_has_none() -> None:
    with services.running(YesWiki([], forms={1: "Annuaire", 3: "Vide"})) as server:
        assert collected(server, "yeswiki", "/?api/forms/3/entries") == []


@pytest.mark.parametrize("path", ["/?api/forms/1/entries", "/?api/forms/1/entries/geojson"])
def test_an_answer_in_a_file_is_read_too(tmp_path: Path, path: str) -> None:
    with services.running(YesWiki(WIKI)) as server:
        (tmp_path / "wiki.json").write_bytes(asked_json(server, path))
    found = look(ROOT, str(tmp_path / "wiki.json"), Session(LIMITS))
    assert (found.source.name, found.number) == ("yeswiki", 27 if "geojson" in path else 30)
    assert found.rows[0].cells["id_fiche"] == ("LElanN0",)
    assert found.rows[0].cells["bf_titre"] == ("L'Élan n° 0",)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b'{"1": {"bn_id_nature": "1", "bn_label_nature": "Annuaire"}}', "1: is a form"),
        (b'{"Tag": {"id_typeannonce": "1"}}', "Tag is no entry of a YesWiki"),
        (b'{"exceptionMessage": "no", "id_typeannonce": 1}', "exceptionMessage is no entry of a YesWiki: no"),
        (b'{"Tag": {"id_fiche": "Tag", "id_typeannonce": "1"}, "Other": {', "not JSON"),
        (b'{"type": "FeatureCollection", "features": [5], "x": {"id_typeannonce": ""}}', r"features\[0\] is no entry"),
    ],
)
def test_what_is_no_entry_is_told_by_its_name(content: bytes, place: str) -> None:
    assert sources.named("yeswiki").likes(content) > 0.9 or b"id_fiche" not in content
    with pytest.raises(SourceFailed, match=place):
        cells("yeswiki", content)


# Murmurations ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/v2/nodes?schema=organizations_schema-v1.0.0", "/list.json", "/list.txt"])
@pytest.mark.parametrize("size", [7, 30, 500])
def test_each_profile_of_a_list_is_fetched(path: str, size: int) -> None:
    service = Murmurations(paths(20), size=size)
    with services.running(service) as server:
        found = looked(server, path)
        assert (found.source.name, found.number) == ("murmurations", 20)
        cell = found.rows[3].cells
    url = server.url("/profiles/3.json")
    assert (cell["profile_url"], cell["node_id"]) == ((url,), (sha256(url.encode()).hexdigest(),))
    assert ("last_updated" in cell) == path.startswith("/v2")
    assert cell["geolocation.lat"] == ("51.743",)


def test_what_is_gone_or_deleted_is_left_out() -> None:
    service = Murmurations(paths(10) | {"/profiles/4.json": None}, deleted=("/profiles/5.json",), size=4)
    with services.running(service) as server:
        found = [row.cells["name"][0] for row in collected(server, "murmurations", service.home)]
    assert found == [f"Regen Hub {n}" for n in range(10) if n not in (4, 5)]
    assert "/profiles/5.json" not in server.paths


@pytest.mark.parametrize(("said", "words"), [(21, "speaks of 21 nodes and gives 20"), (10_500, "gives 20")])
def test_an_index_that_gives_less_than_it_speaks_of_is_told(said: int, words: str) -> None:
    service = Murmurations(paths(20), size=7)
    service.fault = lambda path, page: {**page, "meta": {"number_of_results": said}} if path.startswith("/v2") else page
    with services.running(service) as server:
        assert words in refused(server, "murmurations", service.home).reason


def test_an_index_behind_a_proxy_writes_http() -> None:
    first = {"data": [{"profile_url": "https://a.example/p.json"}], "links": {"next": "http://index.example/v2?page=2"}}
    answers: dict[str, Any] = {
        "https://index.example/v2": first,
        "https://index.example/v2?page=2": {"data": [{"profile_url": "https://b.example/p.json"}]},
        "https://a.example/p.json": services.profile(1),
        "https://b.example/p.json": services.profile(2),
    }

    def get(url: str, accept: str = "*/*", body: bytes = b"", media_type: str = "") -> Page | None:
        return Page(url, "application/json", json.dumps(answers[url]).encode())

    into = io.BytesIO()
    collect = sources.named("murmurations").collect
    assert collect is not None
    collect(get, "https://index.example/v2", into)
    assert [row["name"] for row in cells("murmurations", into.getvalue())] == [("Regen Hub 1",), ("Regen Hub 2",)]


@pytest.mark.parametrize("listed", ["ftp://a.example/p", "file:///etc/passwd", "a b", 5, None, {"x": 1}])
def test_a_list_has_urls(listed: Any) -> None:
    service = Murmurations(paths(2))
    service.fault = lambda path, said: ["http://127.0.0.1:9/p", listed] if path == "/list.json" else said
    with services.running(service) as server:
        failure = refused(server, "murmurations", "/list.json")
    assert failure.place in (server.url("/list.json"), "http://127.0.0.1:9/p")


def test_one_profile_is_one_row(tmp_path: Path) -> None:
    service = Murmurations(paths(2))
    with services.running(service) as server:
        found = looked(server, "/profiles/1.json")
        (tmp_path / "profile.json").write_bytes(asked_json(server, "/profiles/1.json"))
        (tmp_path / "index.json").write_bytes(asked_json(server, service.home))
    assert (found.source.name, found.number) == ("murmurations", 1)
    assert found.rows[0].cells["profile_url"] == (server.url("/profiles/1.json"),)
    assert look(ROOT, str(tmp_path / "profile.json"), Session(LIMITS)).number == 1
    with pytest.raises(SourceFailed, match="give the URL of a list"):
        look(ROOT, str(tmp_path / "index.json"), Session(LIMITS))


# WordPress ------------------------------------------------------------------------------------------------------------


def test_posts_of_all_pages_are_found_with_the_names_of_their_terms() -> None:
    service = WordPress(30)
    with services.running(service) as server:
        found = collected(server, "wordpress", f"{service.home}?page=2&orderby=id")
    assert [row.cells["id"] for row in found] == [(str(100 + n),) for n in range(30)]
    assert found[1].cells["secteur"] == ("Vélo", "Réemploi")
    assert found[1].cells["title"] == ("L’Élan & Cie n° 1",)
    assert found[1].cells["content"] == ("Les 1 membres ont un lieu, ouvert à tous.",)
    first = dict(parse_qsl(urlsplit(server.paths[1]).query))
    assert first == {"per_page": "100", "_embed": "wp:term", "orderby": "id"}


def test_what_wordpress_says_of_an_error_is_told() -> None:
    service = WordPress(30)
    service.fault = lambda path, said: {"code": "rest_no_route", "message": "No route was found"}
    with services.running(service) as server:
        assert refused(server, "wordpress", service.home).reason == "is no list of posts: No route was found"


def test_a_page_in_a_file_is_not_all() -> None:
    with pytest.raises(SourceFailed, match="give its URL"):
        cells("wordpress", json.dumps([services.post(1, "https://a.example")]).encode())
