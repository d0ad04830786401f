"""The shapes of answers in JSON, and the problems that any path may answer, as OpenAPI 3.1 refers to them.

https://spec.openapis.org/oas/v3.1.1#components-object
"""

from collections.abc import Mapping
from typing import Any

Object = dict[str, Any]
TEXT: Object = {"type": "string"}
IRI: Object = {"type": "string", "format": "iri"}
PROBLEMS: Mapping[str, str] = {  # of any path; each status once
    "400": "The request cannot be read: syntax, parameters, nesting or size of a query; `limit` or `errors` say more.",
    "403": "Understood, and refused: SERVICE, updates.",
    "404": "Nothing has ever been published at this address.",
    "406": "No format that the client accepts.",
    "410": "Published once, and withdrawn.",
    "413": "The query is too long.",
    "414": "The query is too long for an address; POST it.",
    "415": "A media type that is not read here.",
    "429": "The address has too many queries waiting; Retry-After says when to come back.",
    "501": "A format that is not offered.",
    "503": "A limit of time or memory was hit, or no place is free; `limit` says which, Retry-After when to come back.",
}
HEALTH: Object = {
    "type": "object",
    "required": ["status", "release", "built", "quads"],
    "properties": {
        "status": {"const": "ok"},
        "release": {"type": "integer"},
        "built": {"type": "string", "format": "date-time"},
        "quads": {"type": "integer"},
    },
}


def components() -> Object:
    """What the paths refer to."""
    return {"schemas": _schemas(), "responses": _responses(), "headers": _headers()}


def _schemas() -> Object:
    place = {"type": "integer", "minimum": 0}
    found = {"type": "object", "properties": {"line": place, "column": place, "message": TEXT, "hint": TEXT}}
    found["required"] = list(found["properties"])
    problems = {"type": "array", "items": {"$ref": "#/components/schemas/Found"}}
    limit = {"type": "object", "properties": {"name": TEXT, "value": {"type": "number"}, "unit": TEXT}}
    names = {"type": "array", "items": TEXT}
    return {
        "Found": found | {"description": "What is wrong with a query, and where, from 1; 0 where it is unknown."},
        "Problem": {
            "description": "RFC 9457",
            "type": "object",
            "required": ["type", "title", "status", "detail"],
            "properties": {"type": TEXT, "title": TEXT, "status": {"type": "integer"}, "detail": TEXT, "instance": TEXT}
            | {"limit": limit | {"description": "the limit that was hit: its name in site.toml and its value"}}
            | {"errors": problems},
        },
        "Report": {
            "type": "object",
            "required": ["valid", "kind", "variables", "prefixes", "errors", "warnings"],
            "properties": {
                "valid": {"type": "boolean"},
                "kind": {"enum": ["select", "construct", "describe", "ask", ""]},
                "variables": names,
                "prefixes": {"type": "object", "additionalProperties": TEXT},
                "errors": problems,
                "warnings": problems,
            },
        },
        "Results": {
            "description": "https://www.w3.org/TR/sparql11-results-json/",
            "type": "object",
            "required": ["head"],
            "properties": {
                "head": {"type": "object", "properties": {"vars": names}},
                "results": {
                    "type": "object",
                    "properties": {"bindings": {"type": "array", "items": {"type": "object"}}},
                },
                "boolean": {"type": "boolean"},
            },
        },
    }


def _responses() -> Object:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"application/problem+json": {"schema": schema}, "text/html": {"schema": TEXT}}
    waits = {
        "429": {"headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}},
        "503": {"headers": {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}},
    }
    return {
        f"Problem{status}": {"description": text, "content": content} | waits.get(status, {})
        for status, text in PROBLEMS.items()
    }


def _headers() -> Object:
    return {
        "ETag": {"description": "for If-None-Match", "schema": TEXT},
        "Last-Modified": {"description": "when the description changed last", "schema": TEXT},
        "Location": {"description": "a path of this service", "schema": {"type": "string", "format": "uri-reference"}},
        "Content-Location": {"description": "the address of this very format", "schema": TEXT},
        "Link": {"description": "canonical, alternate, next, prev and others, RFC 8288", "schema": TEXT},
        "Retry-After": {"description": "seconds", "schema": {"type": "integer"}},
    }
