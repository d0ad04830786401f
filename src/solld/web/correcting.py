"""Where a mistake can be corrected: `/correct/{name}?property=`, for everything that has a document."""

from flask import Blueprint, Response, request

from solld import correcting
from solld.addresses import IDENTIFIER, normalise
from solld.correcting import Claim, Wanted
from solld.elsewhere import Around
from solld.errors import NotFound
from solld.formats import correct
from solld.model import Context, Description, Format
from solld.rdf import NamedNode
from solld.service import Service, described
from solld.web.documents import chosen_of, context_of, service
from solld.web.past import is_removed, tombstone
from solld.web.replies import MAX_AGE, etag, redirect

blueprint = Blueprint("correcting", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=0.9)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.8)


@blueprint.get("/correct/<path:name>")
def correction(name: str) -> Response:
    opened = service()
    stem, dot, extension = name.rpartition(".")
    name, extension = (stem, extension) if dot and extension in ("html", "json") else (name, "")
    if "/" not in name and opened.fates.merged.get(normalise(name)):
        query = request.query_string.decode("latin-1")
        return redirect(f"/correct/{opened.fates.merged[normalise(name)]}" + (f"?{query}" if query else ""), 301)
    about = f"id/{normalise(name)}" if IDENTIFIER.fullmatch(normalise(name)) else name
    resource = NamedNode(opened.settings.base + about)
    if is_removed(opened, resource):
        raise tombstone(opened, about)
    chosen = chosen_of((PAGE, JSON), extension)
    description = described(opened, resource)
    wanted = Wanted(_expanded(opened), request.args.get("part", ""), bool(request.args.get("inverse")))
    found = correcting.claims(_around(opened), opened.settings, description, wanted)
    if wanted.part and not found:
        raise NotFound(request.path, f"nothing that is called #{wanted.part} belongs to it")
    return _answer(opened, description, found, wanted, chosen)


def _around(opened: Service) -> Around:
    return Around(opened.store, opened.past, opened.fates, opened.settings.base)


def _expanded(opened: Service) -> str:
    """The IRI of the property that is asked for, which may be a prefixed name."""
    asked = request.args.get("property", "")
    prefix, _, local = asked.partition(":")
    return opened.prefixes[prefix] + local if prefix in opened.prefixes else asked


def _answer(
    opened: Service, description: Description, found: tuple[Claim, ...], wanted: Wanted, chosen: Format
) -> Response:
    context: Context = context_of(opened, description, "")
    if chosen is JSON:
        body = correct.write_json(description, found)
    else:
        body = correct.write_page(description, context, found, wanted)
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    response.headers["ETag"] = etag(body, chosen.media_type)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response.headers["Vary"] = "Accept, Accept-Language"
    response.headers["Content-Language"] = context.language
    return response
