"""The map in the OpenAPI document: the parameters of a search, what is looked at, and its points."""

from solld.openapi_pieces import LANG, errors, get, given, see
from solld.openapi_search import ASKED, TAG
from solld.schemas import TEXT, Object

NUMBER: Object = {"type": "number"}
BOX: Object = {
    "type": "array",
    "items": NUMBER,
    "minItems": 4,
    "maxItems": 4,
    "description": "west, south, east, north",
}
ROW: Object = {"type": "array", "description": "latitude, longitude, name, its language, address, type, where or what"}
POINTS: Object = {
    "type": "object",
    "required": ["number", "box"],
    "properties": {
        "number": {"type": "integer", "description": "of results that have a point"},
        "box": {"oneOf": [BOX, {"type": "null"}], "description": "about most of them"},
        "clustered": {"const": True, "description": "there are too many for one answer: ask for clusters"},
        **{name: {"type": "array", "items": NUMBER} for name in ("lat", "lon", "type", "language")},
        "towns": {"type": "array", "items": {"type": "array", "description": "name, latitude, longitude"}},
        **{name: {"type": "array", "items": TEXT} for name in ("name", "path", "line", "types", "languages")},
    },
}
CLUSTERS: Object = {
    "type": "object",
    "required": ["number", "clusters", "points", "first"],
    "properties": {
        "number": {"type": "integer", "description": "of points in the box"},
        "clusters": {"type": "array", "items": {"type": "array", "description": "latitude, longitude, number, box"}},
        "points": {"type": "array", "items": ROW},
        "first": {"type": "array", "items": ROW, "description": "of what is in the box, the first results"},
    },
}


def paths() -> Object:
    """The paths of the map."""
    wrong = errors("400", "503")
    zoom = given("z", "query", "the zoom, as tiles count it", {"type": "integer", "minimum": 0, "maximum": 20})
    page = {"200": {"description": "The page.", "content": {"text/html": {"schema": TEXT}}}}
    elsewhere = see("GeoJSON is told by the search.")
    return {
        "/map": {
            "get": get(
                TAG, "map", "What is found, on a map", page | elsewhere | errors("400", "406", "503"), *ASKED, LANG
            )
        },
        "/map/points.json": {
            "get": get(TAG, "mapPoints", "The points of what is found", _told(POINTS) | wrong, *ASKED, LANG)
        },
        "/map/clusters.json": {
            "get": get(TAG, "mapClusters", "Clusters of the points", _told(CLUSTERS) | wrong, zoom, *ASKED, LANG)
        },
    }


def _told(schema: Object) -> Object:
    return {"200": {"description": "They.", "content": {"application/json": {"schema": schema}}}}
