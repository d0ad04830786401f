"""The part of the OpenAPI document that is about the past: versions, mementos, the log, files."""

from solld.formats.changes import DIFFERENCES, LISTS
from solld.formats.events import EVENTS
from solld.openapi_pieces import LANG, Offers
from solld.openapi_pieces import errors as _errors
from solld.openapi_pieces import get as _get
from solld.openapi_pieces import given as _given
from solld.openapi_pieces import json as _json
from solld.openapi_pieces import ok as _ok
from solld.openapi_pieces import see as _see
from solld.schemas import TEXT, Object


def past(offers: Offers) -> Object:
    name = _given("name", "path", "what stands after the slash; for a concept it has slashes of its own")
    lists = _ok([*LISTS, *DIFFERENCES], "All versions, or what changed.", "Last-Modified", "Link")
    between = [
        _given("from", "query", "a version; 0 is before the first", {"type": "integer", "minimum": 0}),
        _given("to", "query", "another one: what it says that the first does not", {"type": "integer", "minimum": 0}),
    ]
    kinds = {"type": "string", "enum": sorted({f.extension for f in (*LISTS, *DIFFERENCES)})}
    extension = _given("extension", "path", "a format", kinds)

    def versions(operation: str, summary: str, *parameters: Object) -> Object:
        return {"get": _get("past", operation, summary, lists | _errors("400", "404", "406"), *parameters, *between)}

    one = _ok(offers.descriptions, "The version.", "Last-Modified", "Link", "Content-Location")
    seq = _given("seq", "path", "its number, from 1; with an extension one of the formats")
    when = _given("Accept-Datetime", "header", "a date as HTTP writes it, in GMT; without one the newest version")
    maps: Object = {"200": {"description": "All versions.", "content": {"application/link-format": {"schema": TEXT}}}}
    return {
        "/version/{name}/{seq}": {
            "get": _get("past", "version", "A version", one | _errors("404", "410"), name, seq, LANG)
        },
        "/doc/{name}/versions": versions("versions", "The versions of a thing", name),
        "/doc/{name}/versions.{extension}": versions("versionsIn", "The same in a format", name, extension),
        "/dataset/{name}/versions": versions("datasetVersions", "The versions of a source's description", name),
        "/dataset/{name}/versions.{extension}": versions("datasetVersionsIn", "The same in a format", name, extension),
        "/ns/versions": versions("vocabularyVersions", "The versions of the vocabulary"),
        "/ns/versions.{extension}": versions("vocabularyVersionsIn", "The same in a format", extension),
        "/timegate/{name}": {
            "get": _get(
                "past",
                "timegate",
                "The version of a time",
                _see("It.", "302") | _errors("400", "404"),
                name,
                when,
            )
        },
        "/linkset/{name}": {
            "get": _get(
                *("past", "linkset", "All typed links of a document (RFC 9264)"),
                _json("The links.", "application/linkset+json") | _errors("404", "406", "410"),
                _given("name", "path", "of the document, like doc/4k7r2dm9q"),
            )
        },
        "/timemap/{name}": {"get": _get("past", "timemap", "All mementos", maps | _errors("404"), name)},
    }


def logs(offers: Offers) -> Object:
    """What robots follow: changes, sitemaps, what became of addresses."""
    shelf = _given("number", "path", "from 0")
    times = [
        _given("since", "query", "a time, like 2026-11-25 or 2026-11-25T12:00:00Z"),
        _given("until", "query", "another one, before which"),
        _given("after", "query", "a place in the log; `next` has it", {"type": "integer", "minimum": 0}),
        _given("size", "query", "changes on a page", {"type": "integer", "minimum": 1, "maximum": 10000}),
    ]
    file = _given("file", "path", "its name, like merged.nq.gz; with .sha256 its checksum")
    release = _given("release", "path", "date and number, like 2026-11-25.3")
    files = _json("The file.", "application/gzip", {"type": "string", "format": "binary"})
    files |= {"206": {"description": "A part of it."}, "416": {"description": "It is not that long."}}
    files |= _errors("404")
    lists = _json("The files, and past releases.")
    described = _ok(offers.descriptions, "The description.") | _errors("404")
    extension = _given("extension", "path", "a format", {"enum": [f.extension for f in offers.descriptions]})
    month = _given("month", "path", "like 2026-11")
    events = _ok(tuple(EVENTS), "A document of the stream.") | _errors("404", "406")
    table, xml = _json("A table.", "text/csv", TEXT), _json("A list.", "application/xml", TEXT)
    sssom = _json("A table.", "text/tab-separated-values", TEXT)
    return {
        "/changes.json": {"get": _get("past", "changes", "What changed, from a time on", _json("A page."), *times)},
        "/changes": _latest(),
        "/dump": {"get": _get("past", "dumps", "The files that there are", lists)},
        "/dump/{file}": {"get": _get("past", "dump", "A file of the release that is served", files, file)},
        "/dump/{release}/{file}": {
            "get": _get("past", "datedDump", "A file of a release, for ever", files, release, file)
        },
        "/export/{file}": {"get": _get("past", "export", "A list for directories and wikis", files, file)},
        "/ldes": {"get": _get("past", "ldes", "The event stream, and its months", events)},
        "/ldes.{extension}": {
            "get": _get("past", "ldesDescription", "What is said of the stream", described, extension)
        },
        "/ldes/{month}": {"get": _get("past", "ldesMonth", "The pages of a month", events, month)},
        "/ldes/{month}/{number}": {"get": _get("past", "ldesPage", "A page of changes", events, month, shelf)},
        "/sitemap.xml": {"get": _get("past", "sitemaps", "All sitemaps", xml)},
        "/sitemap-{number}.xml": {"get": _get("past", "sitemap", "Documents, and when they changed", xml, shelf)},
        "/changes.atom": {
            "get": _get("past", "feed", "The latest changes", _json("A feed.", "application/atom+xml", TEXT))
        },
        "/links.csv": {"get": _get("past", "links", "Every record with our address, and where else it is", table)},
        "/links.sssom.tsv": {
            "get": _get("past", "mappings", "What is the same, related, different or guessed (SSSOM)", sssom)
        },
        "/redirects.csv": {"get": _get("past", "redirects", "What leads to what", table)},
        "/tombstones.csv": {"get": _get("past", "tombstones", "What is withdrawn", table)},
    }


def _latest() -> Object:
    before = _given(
        "before", "query", "a place in the log that the page ends before", {"type": "integer", "minimum": 1}
    )
    content = {"text/html": {"schema": TEXT}, "application/json": {"schema": {"type": "object"}}}
    told = {"200": {"description": "The changes, the newest first.", "content": content}} | _errors("400", "406")
    return {"get": _get("past", "latest", "What changed last, as a page", told, before, LANG)}
