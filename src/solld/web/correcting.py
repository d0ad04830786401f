"""Where a mistake can be corrected: `/correct/{name}?property=`, for everything that has a document."""

from flask import Blueprint, Response, request

from solld import correcting
from solld.correcting import Claim, Wanted
from solld.elsewhere import Around
from solld.errors import NotFound
from solld.formats import correct
from solld.model import Context, Description, Format
from solld.service import Service
from solld.web.documents import chosen_of, context_of, service
from solld.web.named import about_of, found, leads_on
from solld.web.replies import MAX_AGE, etag, redirect

blueprint = Blueprint("correcting", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=0.9)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.8)


@blueprint.get("/correct/<path:name>")
def correction(name: str) -> Response:
    opened = service()
    stem, dot, extension = name.rpartition(".")
    name, extension = (stem, extension) if dot and extension in ("html", "json") else (name, "")
    elsewhere = leads_on(opened, name, "correct")
    if elsewhere:
        return redirect(elsewhere, 301)
    description = found(opened, about_of(opened, name))
    chosen = chosen_of((PAGE, JSON), extension)
    wanted = Wanted(_expanded(opened), request.args.get("part", ""), bool(request.args.get("inverse")))
    claims = correcting.claims(_around(opened), opened.settings, description, wanted)
    if wanted.part and not claims:
        raise NotFound(request.path, f"nothing that is called #{wanted.part} belongs to it")
    return _answer(opened, description, claims, wanted, chosen)


def _around(opened: Service) -> Around:
    return Around(opened.store, opened.past, opened.fates, opened.settings.base)


def _expanded(opened: Service) -> str:
    """The IRI of the property that is asked for, which may be a prefixed name."""
    asked = request.args.get("property", "")
    prefix, _, local = asked.partition(":")
    return opened.prefixes[prefix] + local if prefix in opened.prefixes else asked


def _answer(
    opened: Service, description: Description, claims: tuple[Claim, ...], wanted: Wanted, chosen: Format
) -> Response:
    context: Context = context_of(opened, description, "")
    if chosen is JSON:
        body = correct.write_json(description, claims)
    else:
        body = correct.write_page(description, context, claims, wanted)
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = context.language
    return response
