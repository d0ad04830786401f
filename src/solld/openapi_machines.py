"""What machines that read, and people who correct, ask for: the part of the OpenAPI document about it."""

from solld.openapi_pieces import LANG, errors, get, given
from solld.openapi_search import ASKED
from solld.schemas import TEXT, Object

NAME = given("name", "path", "an identifier, or the path of what is no thing")
NUMBER = {"type": "integer", "minimum": 1}


def paths() -> Object:
    llms = _answer("Markdown, with links.", "text/plain")
    return {
        "/correct/{name}": _correction(),
        "/embed": _list(),
        "/embed/{name}": _card(),
        "/oembed": _oembed(),
        "/llms.txt": {"get": get("documents", "llms", "The way in for language models (llmstxt.org)", llms, LANG)},
    }


def _correction() -> Object:
    asked = (
        given("property", "query", "IRI or prefixed name of a property; without it, what there is to choose from"),
        given("part", "query", "the fragment of a node that belongs to it"),
        given("inverse", "query", "what points at it", {"const": "1"}),
    )
    told = _answer("Statements, each with its sources.", "text/html", "application/json") | errors("404", "406", "410")
    summary = "Who can correct a statement, and where it is written; .json at the end of the address for JSON"
    return {"get": get("documents", "correction", summary, told, NAME, *asked, LANG)}


def _card() -> Object:
    told = _answer("A page for a frame in pages of others.", "text/html") | errors("404", "410")
    return {"get": get("documents", "card", "A card", told, NAME, LANG)}


def _list() -> Object:
    told = _answer("A page for a frame in pages of others.", "text/html") | errors("400", "503")
    return {"get": get("search", "list", "The first results of a search, as a list", told, *ASKED, LANG)}


def _oembed() -> Object:
    asked = (
        given("url", "query", "the address of a page of this site", required=True),
        given("format", "query", "of the answer", {"type": "string", "enum": ["json", "xml"], "default": "json"}),
        given("maxwidth", "query", "CSS pixels", NUMBER),
        given("maxheight", "query", "CSS pixels", NUMBER),
    )
    told = _answer("An answer of the type rich.", "application/json", "text/xml") | errors("400", "404", "410", "501")
    return {"get": get("documents", "oembed", "How to show a page in another (oEmbed 1.0)", told, *asked, LANG)}


def _answer(summary: str, *media_types: str) -> Object:
    schemas = {"application/json": {"type": "object"}}
    return {
        "200": {"description": summary, "content": {each: {"schema": schemas.get(each, TEXT)} for each in media_types}}
    }
