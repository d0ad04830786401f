"""All typed links of a document, in one of two forms. https://www.rfc-editor.org/rfc/rfc9264"""

import json
from urllib.parse import urljoin

from flask import Blueprint, Response, request

from solld.addresses import normalise, thing_path
from solld.model import Format, Link
from solld.web.documents import chosen_of, linked
from solld.web.replies import MAX_AGE, etag, redirect, written

blueprint = Blueprint("linkset", __name__)
JSON = Format(
    "Linkset in JSON", "application/linkset+json", "json", lambda d, c: b"", ("application/json",), quality=1.0
)
TEXT = Format("Linkset", "application/linkset", "txt", lambda d, c: b"", quality=0.9)


@blueprint.get("/linkset/<path:name>")
def linkset(name: str) -> Response:
    about = thing_path(name)
    if about.startswith("id/") and normalise(about) != about:
        return redirect(f"/linkset/{normalise(name)}", 301)
    links = linked(name, about)
    anchor = f"{request.url_root}{name}"
    chosen = chosen_of((JSON, TEXT), "")
    body = (_json(links, anchor) if chosen is JSON else _text(links, anchor)).encode()
    response = Response(body, content_type=chosen.media_type)
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept"
    return response


def _json(links: tuple[Link, ...], anchor: str) -> str:
    """Section 4.2: an object for the anchor, an array of targets for each relation."""
    told: dict[str, list[dict[str, str]]] = {}
    for link in links:
        target = {"href": urljoin(anchor, link.target), "type": link.type, "datetime": link.datetime}
        target = {name: value for name, value in target.items() if value}
        for relation in link.rel.split():
            told.setdefault(relation, []).append(target)
    return json.dumps({"linkset": [{"anchor": anchor, **told}]}, ensure_ascii=False, indent=1) + "\n"


def _text(links: tuple[Link, ...], anchor: str) -> str:
    """Section 4.1: as in the Link header, each with its anchor."""
    told = (written(link, urljoin(anchor, link.target), anchor) for link in links)
    return ",\n".join(told) + "\n"
