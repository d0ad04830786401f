"""Cards and lists for pages of others: `/embed/{name}` and `/embed?q=` for frames, `/oembed` for programs.

https://oembed.com/
"""

import re
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from flask import Blueprint, Response, request

from solld import negotiate
from solld.addresses import thing_path
from solld.errors import BadQuery, NotFound, Unimplemented
from solld.finding.asked import SIZE, read
from solld.formats import embed
from solld.formats.card import Card, card
from solld.formats.embed import Framed
from solld.formats.search import Listing
from solld.service import Service
from solld.web.documents import context_of, language_of, service
from solld.web.named import about_of, found, leads_on
from solld.web.replies import MAX_AGE, etag, redirect
from solld.web.search import asked, teller

blueprint = Blueprint("embeds", __name__)
# A card stands in a frame of anybody; nothing in it runs, and nothing comes from elsewhere.
FRAMED = "default-src 'none'; style-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *"
LISTED, MOST = 10, 50  # results of a list, if nobody says how many; at most
WRITERS = {"json": (embed.write_json, "application/json"), "xml": (embed.write_xml, "text/xml; charset=utf-8")}


@blueprint.get("/embed")
def listing() -> Response:
    """The first results of a search, with the parameters of /search."""
    opened, wanted, who = service(), asked(), teller()
    wanted = wanted if not wanted.whole else replace(wanted, size=LISTED)
    shown = who.listing(who.finder.find(replace(wanted, size=min(wanted.size, MOST)), facets=False))
    framed = _framed_list(shown, who.language)
    whole = opened.settings.base.rstrip("/") + who.href(replace(wanted, page=1, size=SIZE))
    body = embed.write_list(shown, opened.settings, who.language, framed, whole)
    return _framed(_kept(body, "text/html; charset=utf-8", who.language))


@blueprint.get("/embed/<path:name>")
def frame(name: str) -> Response:
    opened = service()
    elsewhere = leads_on(opened, name, "embed")
    if elsewhere:
        return redirect(elsewhere, 301)
    body = embed.write_page(_card(opened, about_of(opened, name), language_of(opened)))
    return _framed(_kept(body, "text/html; charset=utf-8", language_of(opened)))


@blueprint.get("/oembed")
def oembed() -> Response:
    opened = service()
    kind = request.args.get("format", "json")
    if kind not in WRITERS:
        raise Unimplemented(f"there are json and xml, not {kind!r}")
    write, media_type = WRITERS[kind]
    framed, language = _asked(opened)
    members = embed.told(framed, opened.settings, language, _limit("maxwidth"), _limit("maxheight"))
    return _kept(write(members), media_type, language)


def _asked(opened: Service) -> tuple[Framed, str]:
    """What an address of ours shows in a frame, and the language that the address asks for."""
    url = request.args.get("url", "")
    if not url:
        raise BadQuery("there is no parameter 'url', the address of a page")
    whole = urlsplit(url)
    roots = (urlsplit(opened.settings.base), urlsplit(request.url_root))
    root = next((each for each in roots if each.netloc == whole.netloc and whole.path.startswith(each.path)), None)
    if root is None:
        raise NotFound(request.path, "the address is of another site")
    path = unquote(whole.path.removeprefix(root.path))
    given = parse_qsl(whole.query)
    tag = dict(given).get("lang", "") or request.args.get("lang", "")
    language = negotiate.choose_language(request.headers.get("Accept-Language", ""), tag, opened.settings.languages)
    if path in ("search", "embed"):
        wanted = read(given, opened.finder.fields, opened.settings.base, opened.prefixes)
        who = replace(teller(), language=language)
        shown = who.listing(who.finder.find(replace(wanted, size=1), facets=False))
        return _framed_list(shown, language, urlencode([pair for pair in given if pair[0] != "lang"])), language
    stem, _, extension = path.rpartition(".")
    path = stem if extension in {f.extension for f in opened.formats} else path
    name = thing_path(path.removeprefix("embed/")).removeprefix("id/")
    found = _card(opened, about_of(opened, name or "catalog"), language)
    return Framed(found.name.text, found.frame), language


def _framed_list(shown: Listing, language: str, query: str = "") -> Framed:
    settings = service().settings
    parameters = "&".join(filter(None, [query, f"lang={language}"]))
    title = embed.title_of(shown, settings, language)
    return Framed(title, f"{settings.base}embed?{parameters}", embed.LIST_HEIGHT)


def _limit(name: str) -> int:
    text = request.args.get(name) or "0"
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise BadQuery(f"{name} is a number of pixels, not {text!r}")
    return int(text)


def _card(opened: Service, about: str, language: str) -> Card:
    description = found(opened, about)
    context = context_of(opened, description, about, language)
    return card(description, context)


def _framed(response: Response) -> Response:
    response.headers["Content-Security-Policy"] = FRAMED
    return response


def _kept(body: bytes, media_type: str, language: str) -> Response:
    response = Response(body, content_type=media_type)
    response.headers["ETag"] = etag(body, media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept-Language"
    response.headers["Content-Language"] = language
    return response
