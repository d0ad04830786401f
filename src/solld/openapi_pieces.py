"""The pieces of an OpenAPI document: operations, parameters, answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from solld.model import Format
from solld.schemas import TEXT, Object


@dataclass(frozen=True)
class Offers:
    """What the service writes: descriptions, solutions of SELECT and ASK, and graphs."""

    descriptions: Sequence[Format]
    solutions: Sequence[Format]
    graphs: Sequence[Format]


def get(tag: str, name: str, summary: str, responses: Object, *parameters: Object, **more: Any) -> Object:
    told = {"tags": [tag], "operationId": name, "summary": summary, "responses": responses}
    return told | ({"parameters": list(parameters)} if parameters else {}) | more


def given(name: str, where: str, summary: str, schema: Object = TEXT, **more: Any) -> Object:
    required = {"required": True} if where == "path" else {}
    return {"name": name, "in": where, "description": summary, "schema": schema} | required | more


def content(formats: Sequence[Format], schema: Object = TEXT) -> Object:
    schemas = {"application/sparql-results+json": {"$ref": "#/components/schemas/Results"}}
    return {f.media_type: {"schema": schemas.get(f.media_type, schema)} for f in formats}


def ok(formats: Sequence[Format], summary: str, *headers: str) -> Object:
    told: Object = {"description": summary, "content": content(formats)}
    return {"200": told | with_headers("ETag", *headers), "304": {"description": "Not changed since the ETag."}}


def with_headers(*names: str) -> Object:
    return {"headers": {name: {"$ref": f"#/components/headers/{name}"} for name in names}}


def errors(*statuses: str) -> Object:
    return {status: {"$ref": f"#/components/responses/Problem{status}"} for status in statuses}


def see(summary: str, status: str = "303") -> Object:
    return {status: {"description": summary} | with_headers("Location")}


def json(summary: str, media_type: str = "application/json", schema: Object | None = None) -> Object:
    return {"200": {"description": summary, "content": {media_type: {"schema": schema or {"type": "object"}}}}}


LANG = given("lang", "query", "language of labels and pages, instead of Accept-Language")
