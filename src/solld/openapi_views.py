"""The pages that queries of the site make: the part of the OpenAPI document about those that it has."""

from collections.abc import Sequence

from solld.openapi_pieces import LANG, errors, get, given
from solld.schemas import TEXT, Object

TYPES = {"json": "application/json", "csv": "text/csv", "html": "text/html", "graphml": "application/graphml+xml"}
EXTENSIONS = {"networks": ("html", "json", "csv", "graphml")}
SUMMARIES = {
    "networks": "Who is tied to whom, by what, in whose words",
    "values": "What is shared, in the exact words of each",
    "timeline": "When what happened",
}
THING = "an identifier, an IRI, a prefixed name, or a path below the base"
NUMBER: Object = {"type": "integer"}
PAGE = given("page", "query", "of the list, on a page", {"type": "integer", "minimum": 1, "default": 1})
PARAMETERS = {
    "networks": (
        given("kind", "query", f"a kind of ties: {THING}"),
        given("type", "query", f"a type of which one side is: {THING}"),
        given("around", "query", f"what one side is: {THING}"),
        PAGE,
    ),
    "values": (given("with", "query", f"what is compared, once for each: {THING}", {"type": "array", "items": TEXT}),),
    "timeline": (
        given("what", "query", f"a kind of what happened: {THING}"),
        given("from", "query", "the first year", NUMBER),
        given("to", "query", "the last year", NUMBER),
        PAGE,
    ),
}


def paths(views: Sequence[str]) -> Object:
    """The paths of the views of a site."""
    found: Object = {}
    for name in views:
        extensions = EXTENSIONS.get(name, ("html", "json", "csv"))
        told: Object = {
            "description": "The rows of the query in queries/pages, with the names of things.",
            "content": {TYPES[each]: {"schema": TEXT if each != "json" else {"type": "object"}} for each in extensions},
        }
        answers = {"200": told} | errors("400", "404", "406")
        extension = given("extension", "path", "a format", {"type": "string", "enum": list(extensions)})
        given_ = (*PARAMETERS[name], LANG)
        summary = SUMMARIES[name]
        found[f"/{name}"] = {"get": get("documents", name, summary, answers, *given_)}
        found[f"/{name}.{{extension}}"] = {
            "get": get("documents", f"{name}In", f"{summary}, in a format", answers, extension, *given_)
        }
    return found
