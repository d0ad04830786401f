"""What the service promises, what wikis need to link here, and `?info` on any address.

https://www.ietf.org/archive/id/draft-kunze-ark-43.html#name-the-info-inflection
"""

import json
import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException

from solld import catalog
from solld.addresses import ALPHABET, LENGTH, is_document, normalise, thing_path, version_path, versioned
from solld.errors import Gone, NotFound
from solld.formats.about import write_page
from solld.formats.citation import citation
from solld.messages import pick
from solld.model import Format
from solld.rdf import VOID, NamedNode
from solld.reconcile.asking import BATCH, COLUMNS, ROWS
from solld.reconcile.matching import MARGIN
from solld.reconcile.weighing import SAFE
from solld.service import Service, described
from solld.web.documents import chosen_of, context_of, language_of, service
from solld.web.past import is_removed, line_of, tombstone
from solld.web.replies import MAX_AGE, etag

blueprint = Blueprint("about", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=0.9)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.8)
TEXT = Format("Text", "text/plain", "txt", lambda d, c: b"", charset=True)
REGEX = f"[{ALPHABET}]{{{LENGTH + 1}}}"
EXAMPLES = 3


@blueprint.get("/about/persistence")
@blueprint.get("/about/persistence.<extension>")
def persistence(extension: str = "") -> Response:
    opened = service()
    return answer_page("persistence", extension, _promise(opened), license=opened.settings.license)


@blueprint.get("/about/wikidata")
@blueprint.get("/about/wikidata.<extension>")
def wikidata(extension: str = "") -> Response:
    opened = service()
    base, settings = opened.settings.base, opened.settings
    examples = examples_of(opened)
    count = _count(opened)
    told = {
        "formatter_url": f"{base}id/$1",  # P1630
        "regex": REGEX,  # P1793
        "count": count,  # P4876
        "examples": examples,  # P1855
        "source_website": base,  # P1896
        "issued_by": settings.publisher_name,  # P2378
        "property": settings.wikidata_property,
        "mixnmatch": settings.mixnmatch or None,  # P2264
        "redirects": f"{base}redirects.csv",
        "tombstones": f"{base}tombstones.csv",
    }
    shown = {
        "formatter": f"{base}id/$1",
        "regex": REGEX,
        "count": str(count),
        "publisher": settings.publisher_name,
        "property": settings.wikidata_property,
        "mixnmatch": str(settings.mixnmatch or ""),
        "examples": "\n".join(f"- {each}" for each in examples),
    }
    return answer_page("wikidata", extension, told, **shown)


@blueprint.get("/about/mediawiki")
@blueprint.get("/about/mediawiki.<extension>")
def mediawiki(extension: str = "") -> Response:
    opened = service()
    base = opened.settings.base
    prefix = _prefix(base)
    examples = examples_of(opened)
    example = examples[0].removeprefix(f"{base}id/") if examples else "4k7r2dm9q"
    told = {"prefix": prefix, "formatter_url": f"{base}id/$1", "regex": REGEX, "example": example}
    site = pick(opened.settings.title, (language_of(opened),))
    shown = {"prefix": prefix, "formatter": f"{base}id/$1", "template": prefix.capitalize(), "example": example}
    return answer_page("mediawiki", extension, told, site=site, **shown)


@blueprint.get("/about/reconciliation")
@blueprint.get("/about/reconciliation.<extension>")
def reconciliation(extension: str = "") -> Response:
    opened = service()
    root = request.url_root.rstrip("/")
    told = {
        "endpoints": {"0.2": f"{root}/reconcile", "1.0-draft": f"{root}/reconcile/v1"},
        "batch": BATCH,
        "extension": {"ids": ROWS, "properties": COLUMNS},
        "match": {"score": 100 * SAFE, "margin": 100 * MARGIN},
        "license": opened.settings.license,
    }
    examples = [term.id for term, _ in opened.holdings.populated[:1]]
    shown = {
        "root": root,
        "batch": str(BATCH),
        "rows": str(ROWS),
        "score": f"{100 * SAFE:g}",
        "margin": f"{100 * MARGIN:g}",
        "type": examples[0] if examples else "",
    }
    return answer_page("reconciliation", extension, told, **shown)


def _prefix(base: str) -> str:
    """A short name of the site: the end of its path, or the beginning of its host."""
    parts = urlsplit(base)
    return parts.path.strip("/").rpartition("/")[2] or parts.netloc.partition(".")[0]


def examples_of(opened: Service) -> list[str]:
    graph = NamedNode(f"{opened.settings.base}graph/catalog")
    found = opened.store.quads(None, VOID.exampleResource, None, graph)
    ours = (str(quad.object.value) for quad in found if isinstance(quad.object, NamedNode))
    return sorted(iri for iri in ours if iri.startswith(f"{opened.settings.base}id/"))[:EXAMPLES]


def _count(opened: Service) -> int:
    """How many identifiers stand for themselves: not merged, and not withdrawn."""
    if opened.past is None:
        return 0
    gone = sum(1 for _ in opened.past.removed(f"{opened.settings.base}id/", opened.release.number))
    return opened.past.number_issued() - gone - len(opened.fates.merged.keys() - opened.fates.hidden)


def _promise(opened: Service) -> dict[str, Any]:
    base, settings = opened.settings.base, opened.settings
    return {
        "scope": base,
        "identifiers": {"reused": False, "reassigned": False, "pattern": REGEX, "check_character": "NOID, modulo 29"},
        "merged": {"status": 301, "hops": 1, "list": f"{base}redirects.csv"},
        "withdrawn": {"status": 410, "list": f"{base}tombstones.csv"},
        "versions": {"kept": True, "immutable": True},
        "changes": [f"{base}ldes", f"{base}changes.json", f"{base}changes.atom"],
        "interface": {"notice": "P1Y"},
        "content": {"may_change": True},
        "if_the_operator_stops": {
            "last_dump": settings.archive or "a public archive",
            "may_be_mirrored": True,
            "license": settings.license,
            "addresses": "handed over only to somebody who makes the same promise",
        },
        "statement": f"{base}about/persistence",
    }


def answer_page(name: str, extension: str, told: dict[str, Any], **values: str) -> Response:
    opened = service()
    chosen = chosen_of((PAGE, JSON), extension)
    if chosen is JSON:
        body = json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"
    else:
        language = language_of(opened)
        values = {"base": opened.settings.base, "publisher": opened.settings.publisher_name, **values}
        body = write_page(opened.settings, language, opened.release.number, name, values)
    return _answer(body, chosen, "Accept, Accept-Language")


def _answer(body: bytes, chosen: Format, vary: str) -> Response:
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = vary
    return response


# ?info ----------------------------------------------------------------------------------------------------------------


@blueprint.before_app_request
def info() -> Response | None:
    """What an address is, whether it stands, and what is promised of it, for whoever adds ?info to it."""
    if request.query_string.decode("latin-1") not in ("info", "info=") or request.method not in ("GET", "HEAD"):
        return None
    opened = service()
    told = _told(opened, request.path.strip("/"))
    chosen = chosen_of((TEXT, JSON), "")
    body = json.dumps(told, ensure_ascii=False, indent=1) + "\n" if chosen is JSON else _anvl(told)
    return _answer(body.encode(), chosen, "Accept, Accept-Language")


def _told(opened: Service, path: str) -> dict[str, Any]:
    base = opened.settings.base
    about = _about(opened, path)
    identifier = about.removeprefix("id/")
    told: dict[str, Any] = {
        "who": opened.settings.publisher_name or base,
        "what": "",
        "when": "",
        "where": base + about,
    }
    if identifier in opened.fates.merged:
        told |= {"status": "merged", "replaced_by": f"{base}id/{opened.fates.merged[identifier]}"}
    else:
        told |= _standing(opened, about)
    line = line_of(opened, about)
    if line:
        told |= {"when": line[-1].time.date().isoformat(), "first": line[0].time.date().isoformat()}
        last = [moment for moment in line if moment.kind != "removed"][-1:]
        told |= {"version": base + version_path(about, last[0].seq)} if last else {}
    return told | {"license": opened.settings.license, "persistence": _promise(opened)}


def _about(opened: Service, path: str) -> str:
    """The path of the thing that an address is about."""
    version = re.fullmatch(r"version/(.+)/[0-9]+(?:\.[a-z]+)?", path)
    if version:
        return versioned(version[1])
    stem, _, extension = path.rpartition(".")
    if extension in {f.extension for f in opened.formats}:
        path = stem
    about = thing_path(path)
    return normalise(about) if about.startswith("id/") else about


def _standing(opened: Service, about: str) -> dict[str, Any]:
    resource = NamedNode(opened.settings.base + about)
    if about in ("", "void", ".well-known/void"):
        resource = catalog.catalog_iri(opened.settings)
    if is_removed(opened, resource) or about.removeprefix("id/") in opened.fates.hidden:
        gone = tombstone(opened, about)
        return {"status": "withdrawn", "date": gone.date, "reason": gone.why}
    try:
        found = described(opened, resource)
    except (NotFound, Gone):
        return {"status": "a service" if _is_service(request.path) else "never issued"}
    cited = citation(found, context_of(opened, found, about)) if is_document(about) else None
    return {"status": "stands", "what": cited.title if cited else ""}


def _is_service(path: str) -> bool:
    """Whether an address answers though nothing is described there: a list, a feed, an endpoint."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path)
    except HTTPException:
        return False
    return not str(endpoint).startswith(("documents.", "versions."))


def _anvl(told: dict[str, Any]) -> str:
    """The same in lines of name and value; what belongs to a name is indented."""
    lines = ["erc:"]
    for name, value in told.items():
        if isinstance(value, dict):
            lines.append(f"{name}:")
            lines += [f"  {key}: {json.dumps(each, ensure_ascii=False)}" for key, each in value.items()]
        elif value:
            lines.append(f"{name}: {value}")
    return "\n".join(lines) + "\n"
