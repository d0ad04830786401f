"""Reads a site folder: its settings, its datasets, its ontology and its queries.

site.toml
ontology/*.ttl  ontology/schemes/*.ttl  ontology/rules/*.rq
data/<name>/dataset.ttl  data/<name>/*.ttl  data/<name>/ids.csv
queries/*.rq  queries/exports/*.rq
"""

import difflib
import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from solld.addresses import graph_iri
from solld.errors import BadSite
from solld.mappings import ENDING
from solld.model import STORES, Dataset, Settings
from solld.rdf import SYNTAXES, NamedNode

VARIABLE = "SOLLD_SITE"  # the one environment variable: worker processes find the site by it
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")  # of a dataset, a query, a scheme

# site.toml: table -> key -> (field of Settings, the types it may have, what it is). The README's table is made from it.
KEYS: Mapping[str, Mapping[str, tuple[str, tuple[type, ...], str]]] = {
    "": {
        "base": ("base", (str,), "the IRI prefix of everything published; ends in /"),
        "title": ("title", (str, dict), "of the site, by language"),
        "headline": ("headline", (str, dict), "what the home page says in large letters, by language; else the title"),
        "description": ("description", (str, dict), "one sentence, by language"),
        "languages": ("languages", (list,), "of the pages; the first is the default"),
        "publisher": ("publisher", (str,), "IRI of who publishes"),
        "publisher_name": ("publisher_name", (str,), "name of who publishes"),
        "license": ("license", (str,), "IRI of the licence of the merged view"),
        "contact": ("contact", (str,), "mailto: or http(s) address where people write to who publishes"),
        "code": ("code", (str,), "http(s) address of the source code of the service"),
    },
    "texts": {
        "folders": ("text_folders", (list,), "where the texts that excerpts quote may be found, relative to the site"),
    },
    "releases": {
        "keep": ("releases_kept", (int,), "how many past releases stay on the disk; the history keeps every version"),
    },
    "sparql": {
        "seconds": ("query_seconds", (int, float), "the longest a public query may take, waiting included"),
        "workers": ("query_workers", (int,), "quick queries that run at once; as many as there are cores"),
        "quick": (
            "query_quick",
            (int, float),
            "seconds of computing after which a query is a long one",
        ),
        "long": ("query_long", (int,), "long queries that run at once"),
        "memory": ("query_memory", (int,), "MiB that one query may take"),
        "bytes": ("query_bytes", (int,), "the longest text of a query"),
        "depth": ("query_depth", (int,), "how deep brackets of a query may nest"),
        "patterns": ("query_patterns", (int,), "triple patterns, groups and operators that a query may have"),
        "queue": ("query_queue", (int,), "queries that may wait"),
        "per_client": ("query_per_client", (int,), "queries of one address that run at once"),
        "waiting": ("query_waiting", (int,), "queries of one address that may wait"),
        "stall": ("query_stall", (int, float), "seconds that a client may take nothing of a long answer"),
        "proxies": (
            "proxies",
            (int,),
            "reverse proxies in front, whose X-Forwarded- headers are believed",
        ),
    },
    "store": {
        "query": ("store_query", (str,), "URL of a SPARQL server to serve from, instead of the embedded store"),
        "update": ("store_update", (str,), "URL where it takes SPARQL Update"),
        "graph_store": ("store_graph_store", (str,), "URL of its Graph Store Protocol; with it, loading is faster"),
        "user": ("store_user", (str,), "who may write there"),
        "password_file": ("store_password_file", (str,), "file with the password; without a user, with a bearer token"),
        "kind": ("store_kind", (str,), f"what it is, if it does not say: {', '.join(STORES)}"),
    },
    "cache": {
        "bytes": ("cache_bytes", (int,), "of answers kept in memory, for each process; 0 keeps none"),
    },
    "persistence": {
        "archive": ("archive", (str,), "IRI of where a last dump will be, if the operator stops"),
    },
    "wikidata": {
        "property": ("wikidata_property", (str,), "that our identifiers have in Wikidata, like P1234"),
        "mixnmatch": ("mixnmatch", (int,), "number of our catalogue in Mix'n'match"),
    },
    "dumps": {
        "megabytes": ("dump_megabytes", (int,), "room on the disk for dumps that were made; they can be made again"),
    },
    "harvest": {
        "agent": ("harvest_agent", (str,), "who asks other servers, with where to complain: solld (+https://...)"),
        "seconds": ("harvest_seconds", (int, float), "the longest an answer of another server may take"),
        "megabytes": ("harvest_megabytes", (int,), "the largest answer, unpacked"),
        "redirects": ("harvest_redirects", (int,), "the most redirects of an answer"),
        "wait": ("harvest_wait", (int, float), "seconds between two requests to one server"),
        "at_once": ("harvest_at_once", (int,), "sources that are harvested at once"),
        "shrink": ("harvest_shrink", (int, float), "how much of its records a source may lose at once: 0.2 is a fifth"),
        "allow": ("harvest_allow", (list,), "hosts, with a port or without, that may have private addresses"),
        "robots": ("harvest_robots", (list,), "hosts that asked to be harvested: their robots.txt does not count"),
        "expires": (
            "harvest_expires",
            (int, float),
            "days after which what was not seen again is not held for fresh",
        ),
        "open": ("harvest_open", (list,), "IRIs of more licences whose data may enter the merged view"),
        "separate": ("harvest_separate", (list,), "IRIs of licences whose data are served in their own graph only"),
        "personal": ("harvest_personal", (list,), "datasets whose contact data of persons may be published"),
    },
    "match": {
        "classes": ("match_classes", (list,), "IRIs of classes whose things are compared; agents if none is given"),
        "most": ("match_most", (int,), "others that a record is compared with at most, the likeliest"),
        "processes": ("match_processes", (int,), "that compare at once; as many as there are cores"),
    },
    "map": {
        "tiles": (
            "map_tiles",
            (str,),
            "URL of tiles with {z}, {x} and {y}, instead of the built-in basemap: tells who looks",
        ),
        "attribution": ("map_attribution", (str,), "whose tiles they are, in words"),
        "points": ("map_points", (int,), "that a browser is given at once; clusters of more are made by the server"),
    },
    "pages": {
        "size": ("page_size", (int,), "incoming links on one page of a description"),
    },
}
MAY_BE_ZERO = {"proxies", "cache_bytes", "mixnmatch", "harvest_redirects", "harvest_wait", "harvest_shrink"}


def folder_from_environment() -> Path | None:
    """The site folder that SOLLD_SITE names."""
    return Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None


def load(folder: Path) -> Settings:
    """The settings of a site; BadSite names the file, the line and the key that is wrong."""
    path = folder / "site.toml"
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BadSite(path, "there is no site here (solld new-site DIR makes one)") from None
    except UnicodeDecodeError as error:
        raise BadSite(path, f"is not UTF-8: {error}") from error
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise BadSite(path, str(error), int(line[1]) if line else 0) from error
    values = dict(_values(path, text, content))
    _check(path, text, values)
    return Settings(folder=folder, **values)


def _values(path: Path, text: str, content: Mapping[str, Any]) -> list[tuple[str, Any]]:
    tables: dict[str, Any] = {"": {k: v for k, v in content.items() if k not in KEYS}}
    tables |= {name: content[name] for name in KEYS if name and name in content}
    found = []
    for table, entries in tables.items():
        if not isinstance(entries, dict):
            raise BadSite(path, f"{table!r} must be a table: [{table}]", line_of(text, table))
        for key, value in entries.items():
            if key not in KEYS[table]:
                known = [*KEYS[table], *(KEYS if not table else ())]
                near = difflib.get_close_matches(key, known, 1)
                where = f" in [{table}]" if table else ""
                hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(filter(None, known))}"
                raise BadSite(path, f"unknown key {key!r}{where}{hint}", line_of(text, key))
            name, types, _ = KEYS[table][key]
            if not isinstance(value, types) or isinstance(value, bool):
                expected = " or ".join(t.__name__ for t in types)
                raise BadSite(path, f"{key!r} must be {expected}, not {value!r}", line_of(text, key))
            found.append((name, _converted(path.parent, name, value)))
    return found


def _converted(folder: Path, name: str, value: Any) -> Any:
    if name in ("title", "headline", "description") and isinstance(value, str):
        return {"": value}
    if name == "store_password_file":
        return folder / value
    if name == "text_folders":
        return tuple(folder / str(each) for each in value)
    return tuple(map(str, value)) if isinstance(value, list) else value


def _check_addresses(path: Path, text: str, values: Mapping[str, Any]) -> None:
    for key in ("contact", "code"):
        if not re.fullmatch(r"(https?://[^\s<>\"]+|mailto:[^\s<>\"]+@[^\s<>\"]+)?", values.get(key, "")):
            raise BadSite(path, f"{key!r} must be an address, not {values[key]!r}", line_of(text, key))
    if not re.fullmatch(r"(https?://[^\s/;,'\"?#]+/[^\s\"]*)?", values.get("map_tiles", "")):
        raise BadSite(path, f"'tiles' must be an http(s) URL, not {values['map_tiles']!r}", line_of(text, "tiles"))


def _check(path: Path, text: str, values: Mapping[str, Any]) -> None:
    for needed in ("base", "title"):
        if needed not in values:
            raise BadSite(path, f"{needed!r} is missing")
    if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`?#]+/", values["base"]):
        raise BadSite(
            path, f"'base' must be an http(s) IRI that ends in /, not {values['base']!r}", line_of(text, "base")
        )
    for key, (name, types, _) in ((k, v) for table in KEYS.values() for k, v in table.items()):
        least = 0 if name in MAY_BE_ZERO else 1e-9
        if int in types and name in values and values[name] < least:
            wanted = "at least 0" if name in MAY_BE_ZERO else "greater than 0"
            raise BadSite(path, f"{key!r} must be {wanted}, not {values[name]!r}", line_of(text, key))
    _check_store(path, text, values)
    _check_addresses(path, text, values)
    for language in values.get("languages", ()):
        if not isinstance(language, str) or not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]+)*", language):
            raise BadSite(path, f"{language!r} is not a language tag", line_of(text, "languages"))


def _check_store(path: Path, text: str, values: Mapping[str, Any]) -> None:
    stated = {key: values[name] for key, (name, _, _) in KEYS["store"].items() if name in values}
    for key in ("query", "update", "graph_store"):
        if key in stated and not re.fullmatch(r"https?://[^\s/@]+(/[^\s#]*)?", stated[key]):
            raise BadSite(path, f"{key!r} must be an http(s) URL, not {stated[key]!r}", line_of(text, key))
    if stated and "query" not in stated:
        raise BadSite(path, "[store] needs 'query', the URL of the server", line_of(text, "store"))
    if stated and not {"update", "graph_store"} & stated.keys():
        raise BadSite(path, "[store] needs 'update' or 'graph_store', to load releases", line_of(text, "store"))
    if "user" in stated and "password_file" not in stated:
        raise BadSite(path, "'user' needs 'password_file'", line_of(text, "user"))
    if stated.get("password_file") and not stated["password_file"].is_file():
        missing = f"the password is not at {stated['password_file']}"
        raise BadSite(path, missing, line_of(text, "password_file"))
    if stated.get("kind", STORES[0]) not in STORES:
        raise BadSite(path, f"'kind' is one of {', '.join(STORES)}", line_of(text, "kind"))


def line_of(text: str, key: str) -> int:
    """The line, from 1, where a key is set in a TOML text; 0 if it is not found."""
    match = re.search(rf"^\s*\[?\s*[\"']?{re.escape(key)}[\"']?\s*[\]=.]", text, re.MULTILINE)
    return text.count("\n", 0, match.start() + len(match[0]) - len(match[0].lstrip())) + 1 if match else 0


def datasets(settings: Settings) -> tuple[Dataset, ...]:
    """The folders of data/ that hold a dataset.ttl, sorted by name."""
    folder = settings.folder / "data"
    found = []
    for path in sorted(folder.glob("*/dataset.ttl")):
        name = path.parent.name
        if not NAME.fullmatch(name):
            raise BadSite(path.parent, "the name of a dataset is lower-case letters, digits and hyphens")
        if name == "merged":
            raise BadSite(path.parent, "no dataset is called merged: the dump of all of them is")
        mine = (p for p in path.parent.rglob("*") if p.suffix.lstrip(".") in SYNTAXES or p.name.endswith(ENDING))
        files = sorted(p for p in mine if p != path)
        found.append(Dataset(name, NamedNode(f"{settings.base}dataset/{name}"), path.parent, tuple(files)))
    return tuple(found)


def ontology_files(settings: Settings) -> tuple[Path, ...]:
    """The RDF files of ontology/, sorted; the generated context is not one of them."""
    folder = settings.folder / "ontology"
    return tuple(sorted(p for p in folder.rglob("*") if p.suffix.lstrip(".") in SYNTAXES and p.suffix != ".jsonld"))


def ontology_graph(settings: Settings) -> NamedNode:
    return NamedNode(graph_iri(settings.base, "ontology"))


def catalog_graph(settings: Settings) -> NamedNode:
    return NamedNode(graph_iri(settings.base, "catalog"))


def findings_graph(settings: Settings) -> NamedNode:
    return NamedNode(graph_iri(settings.base, "findings"))


def links_graph(settings: Settings) -> NamedNode:
    return NamedNode(graph_iri(settings.base, "links"))


def fingerprint(settings: Settings) -> str:
    """What of the settings a release depends on: all but where the site lies and how it is served."""
    own = ("base", "title", "description", "languages", "publisher", "publisher_name", "license")
    sources = ("harvest_open", "harvest_separate", "harvest_expires")
    return repr([(name, getattr(settings, name)) for name in (*own, *sources)])
