"""Search in the OpenAPI document. Which facets there are, the site's ontology says: they are free parameters here."""

from collections.abc import Sequence

from solld.openapi_pieces import LANG, errors, get, given, json
from solld.schemas import TEXT, Object

TAG = "search"
FACETS: Object = {
    "name": "facets",
    "in": "query",
    "description": "type, place, field ...: each facet of the site is a parameter of its own; the JSON tells which",
    "style": "form",
    "explode": True,
    "schema": {"type": "object", "additionalProperties": TEXT},
}
BOX = given("bbox", "query", "west,south,east,north in degrees (RFC 7946 section 5)")
SORT = given("sort", "query", "the order", {"type": "string", "enum": ["best", "name"]})
PAGE = given("page", "query", "from 1", {"type": "integer", "minimum": 1})
SIZE = given("size", "query", "results of a page", {"type": "integer", "minimum": 1, "maximum": 1000})
FORMAT = given("format", "query", "instead of Accept", {"type": "string", "enum": ["html", "json", "geojson", "csv"]})
KINDS = ("text/html", "application/json", "application/geo+json", "text/csv")
ASKED: Sequence[Object] = (given("q", "query", "words of names, texts and places"), FACETS, BOX, SORT, PAGE, SIZE)


def paths() -> Object:
    """The paths of search."""
    told = {"200": {"description": "What was found.", "content": {kind: {"schema": TEXT} for kind in KINDS}}}
    wrong = errors("400", "404", "406", "503")
    opensearch = given("format", "query", "the shape of OpenSearch", {"type": "string", "enum": ["opensearch"]})
    extension = given("extension", "path", "html, json, geojson or csv")
    return {
        "/search": {"get": get(TAG, "search", "What is found, with facets", told | wrong, *ASKED, FORMAT, LANG)},
        "/search.{extension}": {
            "get": get(TAG, "searchAs", "What is found, in one format", told | wrong, extension, *ASKED, LANG)
        },
        "/suggest": {
            "get": get(
                TAG,
                "suggestNames",
                "What is meant by what was typed so far",
                json("They.") | wrong,
                *ASKED,
                opensearch,
                LANG,
            )
        },
    }
