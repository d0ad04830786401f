"""What machines that read, and people who correct, ask for: the part of the OpenAPI document about it."""

from solld.openapi_pieces import LANG, errors, get, given
from solld.schemas import TEXT, Object


def paths() -> Object:
    name = given("name", "path", "an identifier, or the path of what is no thing; .json after it for JSON")
    property_ = given(
        "property", "query", "IRI or prefixed name of a property; without it, what there is to choose from"
    )
    part = given("part", "query", "the fragment of a node that belongs to it")
    inverse = given("inverse", "query", "what points at it", {"const": "1"})
    content = {"text/html": {"schema": TEXT}, "application/json": {"schema": {"type": "object"}}}
    told = {"200": {"description": "Statements, each with its sources.", "content": content}}
    summary = "Who can correct a statement, and where it is written"
    return {
        "/correct/{name}": {
            "get": get(
                *("documents", "correction", summary, told | errors("404", "406", "410")),
                *(name, property_, part, inverse, LANG),
            )
        }
    }
