"""Services of this field as they answer, for tests: their paging, their quirks, and what they do when they fail.

Each is a table of what it has and a function from a path to an answer; `faults` of a test change some answers.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from hostile import Asked, Hostile, Line, answer, hostile

Said = bytes | None | Mapping[str, Any] | list[Any] | str | int
Fault = Callable[[str, Said], Said]  # what is answered for a path in the place of what it should be
HTML = b"<!DOCTYPE html>\n<html lang='fr'><title>Maintenance</title><p>Le site revient bient\xc3\xb4t.</p></html>"


@dataclass(frozen=True)
class Raw:
    """An answer with headers or a status of its own."""

    content: bytes
    status: str = "200 OK"
    headers: Mapping[str, str] = field(default_factory=dict)


class Service:
    """What answers paths; the port is known once it runs."""

    home = ""
    fault: Callable[[str, Any], Any] | None = None

    def said(self, path: str, query: dict[str, str], root: str) -> Any:
        raise NotImplementedError

    def answer(self, line: Line, asked: Asked) -> None:
        parts = urlsplit(asked.path)
        root = f"http://{asked.headers['host']}"
        said = None
        if parts.path != "/robots.txt":
            said = self.said(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), root)
            said = self.fault(asked.path, said) if self.fault else said
        if said is None:
            line.send(answer(b'{"message":"not found"}', "404 Not Found", Content_Type="application/json"))
        elif isinstance(said, Raw):
            headers = {"Content_Type": "application/json", **said.headers}
            line.send(answer(said.content, said.status, **headers))
        else:
            content = said if isinstance(said, bytes) else json.dumps(said).encode()
            line.send(answer(content, Content_Type="application/json; charset=utf-8"))


@contextmanager
def running(service: Service) -> Iterator[Hostile]:
    with hostile(otherwise=service.answer) as server:
        yield server


# GoGoCarto ------------------------------------------------------------------------------------------------------------

OPTIONS = {12: "Alimentation", 40: "Épicerie", 41: "Jardin partagé"}
FIELDS = ["name", "website", "description"]


def element(number: int) -> dict[str, Any]:
    """A full element as GoGoCarto 3 writes it: with what a map adds of its own, and what its import left."""
    options = [12, 40] if number % 2 else [41]
    return {
        "id": f"2{number:04x}",
        "name": f"L’Élan n° {number}",
        "geo": {"latitude": 48.1 + number / 1000, "longitude": -1.6 - number / 1000},
        "sourceKey": "Carte ouverte" if number % 3 else "Transiscope",
        "address": {
            "streetAddress": f"{number} rue de Brest",
            "addressLocality": "Rennes",
            "postalCode": "35000",
            "addressCountry": "FR",
            "customFormatedAddress": None,
        },
        "createdAt": "2021-05-04T10:11:12+02:00",
        "updatedAt": "2022-01-31T09:00:00+01:00",
        "status": 1,
        "categories": [OPTIONS[each] for each in options],
        "categoriesFull": [{"id": e, "name": OPTIONS[e], "description": "", "index": n} for n, e in enumerate(options)],
        "description": "Une épicerie coopérative et participative au cœur du quartier, gérée par ses membres.",
        "website": f"https://elan{number}.example/",
        "openHours": {"Mo": "09:00-12:00"},
        "telephone": "02 99 00 00 00",
        "email": "bonjour@elan.example",
        "images": ["https://carte.example/uploads/1.jpg"],
    }


@dataclass
class GoGoCarto(Service):
    number: int = 30
    token: str = ""  # that it wants
    old: bool = False  # before 2019
    home: str = "/api/elements.json"
    fault: Callable[[str, Any], Any] | None = None

    def said(self, path: str, query: dict[str, str], root: str) -> Any:
        if not path.startswith("/api/elements"):
            return None
        if self.token and query.get("token") != self.token:
            words = "The token you provided does not correspond to any existing user."
            words = words if "token" in query else "You need to provide a token to access to this API."
            return f"{words} Please visit {root}/api".encode()  # a text, and no JSON, though it says so
        elements = [element(n) for n in range(self.number)]
        one = path.removeprefix("/api/elements").removeprefix("/").removesuffix(".json")
        compact = query.get("ontology") == "gogocompact"
        data: Any = [self.compact(e) for e in elements] if compact else elements
        if one:
            data = next((each for each in elements if each["id"] == one), None)
            if data is None:
                return Raw(b'{ "error": "Element does not exists" }', "500 Internal Server Error")
        ontology = "gogocompact" if compact else "gogofull"
        if self.old:
            return {"data": data, "ontology": ontology}
        head: dict[str, Any] = {"licence": "https://opendatacommons.org/licenses/odbl/summary/", "ontology": ontology}
        mapping = {"mapping": ["id", FIELDS, "latitude", "longitude", "status", "moderationState"]} if compact else {}
        return head | mapping | {"data": data}

    def compact(self, full: Mapping[str, Any]) -> list[Any]:
        fields = full["name"] if self.old else [full[name] for name in FIELDS]
        options = [each["id"] for each in full["categoriesFull"]]
        return [full["id"], fields, full["geo"]["latitude"], full["geo"]["longitude"], options]


# OpenFairDB -----------------------------------------------------------------------------------------------------------

CATEGORIES = {"2cd00bebec0c48ba9db761da48678134": "#non-profit", "77b3c33a92554bcf8e8c2c86cedd6f6f": "#commercial"}


def entry(number: int, latitude: float, longitude: float) -> dict[str, Any]:
    return {
        "id": f"{number:032x}",
        "created": 1_514_764_800 + number,
        "version": number % 4,
        "title": f"Foodsharing Ort {number} 🌱",
        "description": "Ein offener Laden für alle, die Lebensmittel retten und miteinander teilen möchten.",
        "lat": latitude,
        "lng": longitude,
        "street": "Hauptstraße 5",
        "zip": "70173",
        "city": "Stuttgart",
        "country": "Deutschland",
        "state": None,
        "contact_name": "Erika Mustermann",
        "email": "erika@laden.example",
        "telephone": "+49 711 000",
        "homepage": f"https://laden{number}.example/" if number % 2 else None,
        "opening_hours": None,
        "founded_on": "2015-03-01" if number % 5 == 0 else None,
        "categories": [list(CATEGORIES)[number % 2]],
        "tags": ["foodsharing", "laden"] if number % 3 else ["laden"],
        "ratings": [],
        "license": "CC0-1.0" if number % 7 else "ODbL-1.0",
        "image_url": None,
        "image_link_url": None,
    }


@dataclass
class OpenFairDB(Service):
    entries: list[dict[str, Any]]
    most: int = 2000  # that a search gives
    names: bool = True  # of categories
    whole: int = 10_000  # entries that it gives by identifiers at once
    home: str = "/v0/search?bbox=-90,-180,90,180"
    fault: Callable[[str, Any], Any] | None = None

    def said(self, path: str, query: dict[str, str], root: str) -> Any:
        if path == "/v0/search":
            return self.search(query)
        if path == "/v0/categories":
            return [{"id": key, "name": name} for key, name in CATEGORIES.items()] if self.names else None
        if path == "/v0/entries/recently-changed":
            return self.entries[:5]
        if path.startswith("/v0/entries/"):
            wanted = unquote(path.rpartition("/")[2]).split(",")
            found = [each for each in self.entries if each["id"] in wanted][: self.whole]
            return [each for each in found if "org_tag" not in query or self.cleared(each)]
        return None

    def cleared(self, found: Mapping[str, Any]) -> bool:
        return bool(found["version"] != 3)

    def search(self, query: Mapping[str, str]) -> Any:
        try:
            south, west, north, east = map(float, query["bbox"].split(","))
        except (KeyError, ValueError):
            return Raw(b'{"http_status":400,"message":"Invalid bounding box"}', "400 Bad Request")
        limit = min(int(query.get("limit", 100)), self.most)
        inside = [e for e in self.entries if south <= e["lat"] <= north and west <= e["lng"] <= east]
        if "tags" in query:
            inside = [e for e in inside if set(query["tags"].split(",")) <= set(e["tags"])]
        if "org_tag" in query:  # which drops what is not cleared once the list is cut
            inside = [e for e in inside if query["org_tag"] in e["tags"]][:limit]
            inside = [e for e in inside if self.cleared(e)]
        outside = [e for e in self.entries if e not in inside][: max(0, min(5, limit - len(inside)))]
        compact = ("id", "lat", "lng", "title", "description", "categories", "tags")
        visible = [{name: e[name] for name in compact} | {"status": "created", "ratings": {"total": 0}} for e in inside]
        return {"visible": visible[:limit], "invisible": [{name: e[name] for name in compact} for e in outside]}


# YesWiki --------------------------------------------------------------------------------------------------------------

LISTS = {
    "listeListeType": {"1": "Association", "2": "Coopérative"},
    "checkboxListeActivites": {"vel": "Vélo", "ali": "Alimentation & goût"},
}


def fiche(number: int) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id_typeannonce": "1",
        "bf_titre": f"L&#039;&Eacute;lan n&deg; {number}" if number % 4 == 0 else f"L’Élan n° {number}",
        "bf_description": f"Les {number} membres ont un atelier v&eacute;lo participatif &amp; ouvert &agrave; tous.",
        "listeListeType": str(1 + number % 2),
        "checkboxListeActivites": "vel,ali" if number % 3 else "vel",
        "bf_adresse": f"{number} rue de Brest",
        "bf_code_postal": "35000",
        "bf_ville": "Rennes",
        "bf_latitude": f"48.1{number:03}0",
        "bf_longitude": f"-1.6{number:03}0",
        "geolocation": {"bf_latitude": f"48.1{number:03}0", "bf_longitude": f"-1.6{number:03}0"},
        "bf_site_internet": f"https://elan{number}.example/",
        "bf_mail": "bonjour@elan.example",
        "bf_telephone": "",
        "imagebf_image": "",
        "id_fiche": f"LElanN{number}",
        "date_creation_fiche": "2021-05-04 10:11:12",
        "statut_fiche": "1",
        "date_maj_fiche": "2022-01-31 09:00:00",
        "user": "JeanneDupont",
        "owner": "JeanneDupont",
        "html_data": 'data-id_typeannonce="1" data-listeListeType="1" ',
        "url": f"https://wiki.example/?LElanN{number}",
    }
    if number % 10 == 9:  # nobody knows where it is
        for name in ("bf_latitude", "bf_longitude", "geolocation"):
            del found[name]
    return found


def form(number: int, label: str) -> dict[str, Any]:
    fields = [
        {"id": "bf_titre", "propertyname": "bf_titre", "label": "Nom", "name": "bf_titre", "type": "texte"},
        *({"id": p, "propertyname": p, "label": p[:5], "type": "liste", "options": o} for p, o in LISTS.items()),
        {"id": "listeListeVide", "propertyname": "listeListeVide", "type": "liste", "options": []},
    ]
    return {
        "bn_id_nature": str(number),
        "bn_label_nature": label,
        "bn_template": "texte***bf_titre***Nom***",
        "prepared": fields,
    }


@dataclass
class YesWiki(Service):
    entries: list[dict[str, Any]]
    forms: Mapping[int, str] = field(default_factory=lambda: {1: "Annuaire"})
    home: str = "/?api/forms/1/entries"
    fault: Callable[[str, Any], Any] | None = None

    def said(self, path: str, query: dict[str, str], root: str) -> Any:
        asked = next(iter(query), "").strip("/") if path == "/" else ""
        forms = {str(number): form(number, label) for number, label in self.forms.items()}
        entries = {each["id_fiche"]: each for each in self.entries}
        match asked.split("/"):
            case ["api", "forms"]:
                return forms
            case ["api", "forms", number]:
                return forms.get(number)
            case ["api", "forms", "1", "entries"] | ["api", "entries"]:
                return entries  # an empty array of PHP is {} here
            case ["api", "forms", _, "entries"]:
                return {}
            case ["api", "forms", "1", "entries", "geojson"]:
                return {
                    "type": "FeatureCollection",
                    "features": [_feature(e) for e in self.entries if "geolocation" in e],
                }
            case _:
                return HTML


def _feature(found: Mapping[str, Any]) -> dict[str, Any]:
    point = [found["bf_longitude"], found["bf_latitude"]]
    named = {"id": found["id_fiche"], "title": found["bf_titre"], "properties": dict(found)}
    return {"type": "Feature", "geometry": {"type": "Point", "coordinates": point}} | named


# Murmurations ---------------------------------------------------------------------------------------------------------


def profile(number: int) -> dict[str, Any]:
    return {
        "linked_schemas": ["organizations_schema-v1.0.0"],
        "name": f"Regen Hub {number}",
        "nickname": f"Hub {number}",
        "primary_url": f"https://hub{number}.example",
        "tags": ["regeneration", "commons"] if number % 2 else ["commons"],
        "urls": [{"name": "Mastodon", "url": "https://social.example/@hub"}],
        "description": "A cooperative that repairs landscapes and livelihoods together with the people of the valley.",
        "full_address": f"{number} High Street, Stroud",
        "country_iso_3166": "GB",
        "geolocation": {"lat": 51.74 + number / 1000, "lon": -2.21},
        "image": "https://hub.example/logo.png",
        "starts_at": 1_420_070_400,
        "relationships": [{"predicate_url": "https://schema.org/member", "object_url": "https://net.example"}],
        "contact_details": {"email": "hi@hub.example", "contact_form": "https://hub.example/contact"},
        "telephone": "+44 1453 000",
    }


@dataclass
class Murmurations(Service):
    profiles: dict[str, Any]  # path -> profile, None for one that is gone
    deleted: tuple[str, ...] = ()
    size: int = 30
    home: str = "/v2/nodes?schema=organizations_schema-v1.0.0"
    fault: Callable[[str, Any], Any] | None = None

    def said(self, path: str, query: dict[str, str], root: str) -> Any:
        if path in self.profiles:
            return self.profiles[path]
        if path == "/list.json":
            return [f"{root}{each}" for each in self.profiles]
        if path == "/list.txt":
            return "".join(f"{root}{each}\r\n" for each in self.profiles).encode()
        return self.index(query, root) if path == "/v2/nodes" else None

    def index(self, query: dict[str, str], root: str) -> Any:
        nodes = [self.node(each, root) for each in self.profiles]
        page, pages = max(1, int(query.pop("page", 0))), -(-len(nodes) // self.size)
        if page > pages:
            return {"data": []}

        def link(number: int) -> str:
            return f"{root}/v2/nodes?{urlencode(query | {'page': str(number)})}"

        links = {"self": link(page)} | ({"next": link(page + 1), "last": link(pages)} if page < pages else {})
        data = nodes[(page - 1) * self.size : page * self.size]
        return {"data": data, "links": links, "meta": {"number_of_results": len(nodes), "total_pages": pages}}

    def node(self, path: str, root: str) -> dict[str, Any]:
        found = self.profiles[path] or {}
        return {
            "profile_url": f"{root}{path}",
            "last_updated": 1_601_979_232_403,
            "name": found.get("name", "gone") if isinstance(found, dict) else "broken",
            "linked_schemas": ["organizations_schema-v1.0.0"],
            "status": "deleted" if path in self.deleted else "posted",
        }


# WordPress ------------------------------------------------------------------------------------------------------------


def post(number: int, root: str) -> dict[str, Any]:
    terms = [
        {"id": 3, "taxonomy": "secteur", "name": "V&eacute;lo"},
        {"id": 4, "taxonomy": "secteur", "name": "Réemploi"},
    ]
    return {
        "id": 100 + number,
        "date": "2021-05-04T10:11:12",
        "modified": "2022-01-31T09:00:00",
        "guid": {"rendered": f"{root}/?post_type=structure&#038;p={100 + number}"},
        "slug": f"elan-{number}",
        "status": "publish",
        "type": "structure",
        "link": f"{root}/structure/elan-{number}/",
        "title": {"rendered": f"L&#8217;Élan &amp; Cie n° {number}"},
        "content": {
            "rendered": f"<style>p</style><p>Les {number} membres ont un <b>lieu</b>,&nbsp;ouvert</p>\n<p>à tous.</p>",
            "protected": False,
        },
        "secteur": [3, 4],
        "acf": {
            "adresse": {"address": f"{number} rue de Brest", "lat": 48.1 + number / 1000, "lng": -1.6},
            "ville": "Rennes",
            "code_postal": "35000",
            "site_web": f"https://elan{number}.example/",
            "email": "bonjour@elan.example",
        },
        "_links": {"self": [{"href": f"{root}/wp-json/wp/v2/structure/{100 + number}"}]},
        "_embedded": {"wp:term": [terms[: 1 + number % 2]]},
    }


@dataclass
class WordPress(Service):
    number: int = 30
    home: str = "/wp-json/wp/v2/structure"
    size: int = 12  # posts on a page, however many are asked for
    fault: Callable[[str, Any], Any] | None = None

    def said(self, path: str, query: dict[str, str], root: str) -> Any:
        if path != self.home:
            return None
        page, pages = int(query.get("page", 1)), -(-self.number // self.size)
        if page > pages:
            return Raw(b'{"code":"rest_post_invalid_page_number","message":"..."}', "400 Bad Request")
        posts = [post(n, root) for n in range(self.number)][(page - 1) * self.size : page * self.size]
        if query.get("_embed") != "wp:term":
            posts = [{name: value for name, value in each.items() if name != "_embedded"} for each in posts]
        following = f"{root}{path}?{urlencode(query | {'page': str(page + 1)})}"
        headers = {"X_WP_Total": str(self.number), "X_WP_TotalPages": str(pages)}
        headers |= {"Link": f'<{following}>; rel="next"'} if page < pages else {}
        return Raw(json.dumps(posts).encode(), headers=headers)
