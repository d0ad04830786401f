"""Cards for pages of others: `/embed/{name}` for a frame, and `/oembed` for programs that make one of an address.

https://oembed.com/
"""

import re
from urllib.parse import parse_qs, unquote, urlsplit

from flask import Blueprint, Response, request

from solld import negotiate
from solld.addresses import thing_path
from solld.errors import BadQuery, NotFound, Unimplemented
from solld.formats import embed
from solld.formats.card import Card, card
from solld.service import Service
from solld.web.documents import context_of, language_of, service
from solld.web.named import about_of, found, leads_on
from solld.web.replies import MAX_AGE, etag, redirect

blueprint = Blueprint("embeds", __name__)
# A card stands in a frame of anybody; nothing in it runs, and nothing comes from elsewhere.
FRAMED = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
WRITERS = {"json": (embed.write_json, "application/json"), "xml": (embed.write_xml, "text/xml; charset=utf-8")}


@blueprint.get("/embed/<path:name>")
def frame(name: str) -> Response:
    opened = service()
    elsewhere = leads_on(opened, name, "embed")
    if elsewhere:
        return redirect(elsewhere, 301)
    body = embed.write_page(_card(opened, about_of(opened, name), language_of(opened)))
    response = _kept(body, "text/html; charset=utf-8", language_of(opened))
    response.headers["Content-Security-Policy"] = FRAMED
    return response


@blueprint.get("/oembed")
def oembed() -> Response:
    opened = service()
    kind = request.args.get("format", "json")
    if kind not in WRITERS:
        raise Unimplemented(f"there are json and xml, not {kind!r}")
    write, media_type = WRITERS[kind]
    about, language = _asked(opened)
    members = embed.told(_card(opened, about, language), _limit("maxwidth"), _limit("maxheight"))
    return _kept(write(members), media_type, language)


def _asked(opened: Service) -> tuple[str, str]:
    """The path of what an address of ours is about, and the language that the address asks for."""
    url = request.args.get("url", "")
    if not url:
        raise BadQuery("there is no parameter 'url', the address of a page")
    whole = urlsplit(url)
    roots = (urlsplit(opened.settings.base), urlsplit(request.url_root))
    root = next((each for each in roots if each.netloc == whole.netloc and whole.path.startswith(each.path)), None)
    if root is None:
        raise NotFound(request.path, "the address is of another site")
    path = unquote(whole.path.removeprefix(root.path))
    stem, _, extension = path.rpartition(".")
    path = stem if extension in {f.extension for f in opened.formats} else path
    name = thing_path(path.removeprefix("embed/")).removeprefix("id/")
    asked = parse_qs(whole.query).get("lang", [""])[0] or request.args.get("lang", "")
    language = negotiate.choose_language(request.headers.get("Accept-Language", ""), asked, opened.settings.languages)
    return about_of(opened, name or "catalog"), language


def _limit(name: str) -> int:
    text = request.args.get(name) or "0"
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadQuery(f"{name} is a number of pixels, not {text!r}")
    return int(text)


def _card(opened: Service, about: str, language: str) -> Card:
    description = found(opened, about)
    context = context_of(opened, description, about, language)
    return card(description, context)


def _kept(body: bytes, media_type: str, language: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["ETag"] = etag(body, media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = language
    return response
