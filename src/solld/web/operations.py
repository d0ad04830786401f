"""What operators ask: whether the service is alive, and the files that pages need."""

from importlib import resources

from flask import Blueprint, Response, current_app, request

from solld.errors import NotFound
from solld.formats.assets import version
from solld.web.replies import etag

blueprint = Blueprint("operations", __name__)
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
    "woff2": "font/woff2",
    "txt": "text/plain; charset=utf-8",
}
STATIC = resources.files("solld") / "static"
YEAR = 31_536_000  # seconds


@blueprint.get("/health")
def health() -> Response:
    """Alive, with the release and its number of quads. Never cached."""
    opened = current_app.extensions["solld"]()
    manifest = opened.release.manifest
    answer: Response = current_app.json.response(  # type: ignore[assignment]
        {"status": "ok", "release": manifest["release"], "built": manifest["built"], "quads": manifest["quads"]}
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/static/<path:name>")
def static(name: str) -> Response:
    """A file of the package; its content decides its ETag, and its address if it says the version."""
    extension = name.rpartition(".")[2]
    path = STATIC.joinpath(*name.split("/"))
    if extension not in TYPES or ".." in name or not path.is_file():
        raise NotFound(f"/static/{name}")
    body = path.read_bytes()
    answer = Response(body, content_type=TYPES[extension])
    named = request.args.get("v") == version(name)
    answer.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable" if named else "public, max-age=86400"
    answer.headers["ETag"] = etag(body)
    return answer


@blueprint.get("/favicon.ico")
def favicon() -> Response:
    return static("favicon.svg")


@blueprint.get("/robots.txt")
def robots() -> Response:
    text = f"User-agent: *\nDisallow: /sparql\nAllow: /\n\nSitemap: {request.url_root}sitemap.xml\n"
    answer = Response(text, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
