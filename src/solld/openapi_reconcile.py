"""The Reconciliation API in the OpenAPI document, both versions."""

from solld.openapi_pieces import LANG, errors, get, given, json
from solld.schemas import TEXT, Object

TAG = "reconciliation"
KIND = given("kind", "path", "of what is suggested", {"type": "string", "enum": ["entity", "property", "type"]})
ID = given("id", "query", "an identifier, a property or a class", required=True)
PREFIX = given("prefix", "query", "what was typed so far, or an identifier")
LIMIT = given("limit", "query", "the most results", {"type": "integer", "minimum": 0})
TYPE = given("type", "query", "a class")
CALLBACK = given("callback", "query", "name of a function, for JSONP")
WRONG = errors("400", "413", "429", "503")
FORM = "application/x-www-form-urlencoded"


def paths() -> Object:
    """The paths of both versions."""
    return _classic() | _draft()


def _classic() -> Object:
    fields = dict.fromkeys(("queries", "extend"), TEXT)
    body = {"required": True, "content": {FORM: {"schema": {"type": "object", "properties": fields}}}}
    asked = [given("queries", "query", "a batch, as JSON"), given("extend", "query", "an extension, as JSON")]
    asked += [given("query", "query", "a name, or one query as JSON (0.1)"), CALLBACK, LANG]
    told = json("The manifest, or the answer.") | WRONG
    return {
        "/reconcile": {
            "get": get(TAG, "reconcile", "Reconciliation API 0.2: manifest, or queries", told, *asked),
            "post": get(
                TAG, "reconcileByPost", "Queries or an extension", told | errors("415"), LANG, requestBody=body
            ),
        },
        **_beside("/reconcile", "", given("cursor", "query", "results to skip", {"type": "integer"})),
        "/reconcile/flyout/{kind}": {
            "get": get(TAG, "flyout", "A few lines of HTML", json("They.") | errors("400", "404"), KIND, ID, LANG)
        },
    }


def _draft() -> Object:
    body = {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
    told = json("The answers, in order.") | WRONG | errors("415")
    asked = given("extend", "query", "an extension, as JSON, which is answered as 0.2 does")
    manifest = json("It, or the answer.") | WRONG
    return {
        "/reconcile/v1": {"get": get(TAG, "manifestV1", "Reconciliation API 1.0 draft", manifest, asked, LANG)},
        "/reconcile/v1/match": {"post": get(TAG, "match", "Queries", told, LANG, requestBody=body)},
        "/reconcile/v1/extend": {"post": get(TAG, "extend", "An extension", told, LANG, requestBody=body)},
        **_beside("/reconcile/v1", "V1", given("offset", "query", "results to skip", {"type": "integer"})),
    }


def _beside(root: str, version: str, skip: Object) -> Object:
    page = {"200": {"description": "A small page.", "content": {"text/html": {"schema": TEXT}}}} | errors("400")
    gone = {status: {"description": "A small page that says so."} for status in ("404", "410")}
    found, wrong = json("What was found."), errors("400", "404", "503")
    return {
        f"{root}/suggest/{{kind}}": {
            "get": get(TAG, f"suggest{version}", "Suggestions", found | wrong, KIND, PREFIX, TYPE, LIMIT, skip, LANG)
        },
        f"{root}/preview": {"get": get(TAG, f"preview{version}", "A thing in a small frame", page | gone, ID, LANG)},
        f"{root}/extend/propose": {
            "get": get(TAG, f"propose{version}", "Properties of a class", found | wrong, TYPE, LIMIT, LANG)
        },
    }
