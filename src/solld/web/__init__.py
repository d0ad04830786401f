"""The web application: one blueprint a protocol, one handler for errors; `front.py` stands before it."""

import logging
from collections.abc import Callable

from flask import Flask, Response, request

from solld import plugins
from solld.errors import MethodNotAllowed, NotFound, SolldError
from solld.formats.asked import ASKED, Asked
from solld.service import Service
from solld.web import documents, errors, protection
from solld.web.replies import EXPOSED

ServiceOf = Callable[[], Service]
log = logging.getLogger("solld")


def create_app(service_of: ServiceOf) -> Flask:
    """The Flask application; `service_of` gives the release that is served at the moment of a request."""
    app = Flask("solld", static_folder=None)
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    app.extensions["solld"] = service_of
    app.before_request(note_address)
    for blueprint in plugins.collect("solld.web", "blueprint"):
        app.register_blueprint(blueprint)
    app.register_error_handler(SolldError, errors.answer)
    app.register_error_handler(404, lambda error: errors.answer(NotFound(request.path)))
    app.register_error_handler(405, lambda error: errors.answer(MethodNotAllowed(request.method, allowed(error))))
    app.register_error_handler(Exception, errors.unforeseen)
    app.after_request(common_headers)
    return app


def note_address() -> None:
    """What is asked for, for the links of a page to itself."""
    ASKED.set(Asked(request.path, tuple(request.args.items(multi=True))))


def allowed(error: object) -> tuple[str, ...]:
    """The methods that a path has."""
    return tuple(sorted(getattr(error, "valid_methods", None) or ("GET", "HEAD", "OPTIONS")))


def common_headers(response: Response) -> Response:
    """Any origin may read everything that is published; nothing of it runs."""
    headers = response.headers
    headers.setdefault("Access-Control-Allow-Origin", "*")
    headers.setdefault("Access-Control-Expose-Headers", EXPOSED)
    for name, value in protection.headers_of(response.mimetype or "").items():
        headers.setdefault(name, value)
    if response.mimetype == "text/html":
        headers.setdefault("Content-Language", documents.language_of(documents.service()))
    if request.method == "OPTIONS":
        response.status_code = 204
        del headers["Content-Type"]
        headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
        headers["Access-Control-Allow-Headers"] = (
            "Accept, Accept-Language, Content-Type, If-None-Match, If-Modified-Since"
        )
        headers["Access-Control-Max-Age"] = "86400"
    return response
