"""Dereferencing: things answer 303 to the document about them, documents are negotiated.

https://www.w3.org/TR/cooluris/  https://www.rfc-editor.org/rfc/rfc9110#section-12
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, current_app, request

from solld import negotiate
from solld.addresses import IDENTIFIER, check_character, is_identifier, normalise, thing_path
from solld.errors import BadQuery, Gone, NotFound
from solld.model import Context, Description, Format, Link
from solld.rdf import SYNTAXES, NamedNode
from solld.service import Service, catalogued, described
from solld.web.past import is_removed, line_of, relations, tombstone
from solld.web.replies import MAX_AGE, etag, link_header, local, redirect
from solld.web.typed_links import with_links
from solld.web.vocabulary import around

blueprint = Blueprint("documents", __name__)
EXTENSION = re.compile(r"(.+)\.([a-z]+)")


def service() -> Service:
    opened: Service = current_app.extensions["solld"]()
    return opened


# Things ---------------------------------------------------------------------------------------------------------------


@blueprint.get("/id/<identifier>")
def thing(identifier: str) -> Response:
    opened = service()
    _check(opened, f"/id/{identifier}", identifier)
    if normalise(identifier) != identifier:
        return redirect(local(f"/id/{normalise(identifier)}"), 301)
    if identifier in opened.fates.merged:
        return redirect(local(f"/id/{opened.fates.merged[identifier]}"), 301)
    return _see_other(opened, f"id/{identifier}")


@blueprint.get("/scheme/<path:name>", defaults={"root": "scheme/"})
@blueprint.get("/.well-known/genid/<path:name>", defaults={"root": ".well-known/genid/"})
def concept(root: str, name: str) -> Response:
    return _see_other(service(), root + name.rstrip("/"))


def _see_other(opened: Service, path: str) -> Response:
    resource = NamedNode(opened.settings.base + path)
    if not _is_described(opened, resource):
        raise _missing(opened, path)
    return redirect(local(f"/doc/{path.removeprefix('id/')}"))


def _is_described(opened: Service, resource: NamedNode) -> bool:
    return not is_removed(opened, resource) and next(opened.store.quads(resource), None) is not None


def _missing(opened: Service, path: str) -> NotFound | Gone:
    identifier = path.removeprefix("id/")
    if opened.past and (opened.past.issued(identifier) or opened.past.latest(opened.settings.base + path)):
        return tombstone(opened, path)
    return NotFound(f"/{path}")


def _check(opened: Service, path: str, identifier: str) -> None:
    """NotFound, with a hint, for what cannot be one of our identifiers: never a guess."""
    plain = normalise(identifier)
    if is_identifier(plain):
        return
    if IDENTIFIER.fullmatch(plain):
        expected = check_character(plain[:-1])
        raise NotFound(
            path, f"its check character is wrong: {plain[:-1]!r} would end in {expected!r}; look for a typing error"
        )
    raise NotFound(path, "an identifier is nine characters of 0123456789bcdfghjkmnpqrstvwxz")


# Documents ------------------------------------------------------------------------------------------------------------


@blueprint.get("/doc/<path:name>")
def document(name: str) -> Response:
    opened = service()
    path, extension = _split(f"doc/{name}".rstrip("/"))
    if "/" not in path.removeprefix("doc/"):
        identifier = path.removeprefix("doc/")
        _check(opened, f"/doc/{name}", identifier)
        if normalise(identifier) != identifier:
            return redirect(local(f"/doc/{normalise(name)}"), 301)
        if identifier in opened.fates.merged:
            ending = f".{extension}" if extension else ""
            return redirect(local(f"/doc/{opened.fates.merged[identifier]}{ending}"), 301)
    return answer_about(opened, path, thing_path(path), extension)


@blueprint.get("/dataset/<path:name>")
def dataset(name: str) -> Response:
    path, extension = _split(f"dataset/{name}".rstrip("/"))
    return answer_about(service(), path, path, extension)


@blueprint.get("/ns")
@blueprint.get("/ns.<extension>")
def vocabulary(extension: str = "") -> Response:
    return answer_about(service(), "ns", "ns", extension)


@blueprint.get("/ns/<path:version>")
def vocabulary_version(version: str) -> Response:
    """The current version of the vocabulary, under its version's address."""
    opened = service()
    number, extension = _version(opened, version)
    if number != opened.vocabulary_version:
        raise NotFound(f"/ns/{version}", f"the current version is /ns/{opened.vocabulary_version}")
    return answer_about(opened, f"ns/{number}", "ns", extension)


def _version(opened: Service, version: str) -> tuple[str, str]:
    # A version has points of its own: only what ends in a format's extension has one.
    stem, _, extension = version.rpartition(".")
    return (stem, extension) if extension in {f.extension for f in opened.formats} else (version, "")


def _split(path: str) -> tuple[str, str]:
    match = EXTENSION.fullmatch(path)
    return (match[1], match[2]) if match else (path, "")


def linked(path: str, about: str) -> tuple[Link, ...]:
    """All typed links of the document at a path. NotFound or Gone if there is none."""
    opened = service()
    resource = NamedNode(opened.settings.base + about)
    if is_removed(opened, resource):
        raise tombstone(opened, about)
    try:
        description = described(opened, resource)
    except NotFound:
        raise _missing(opened, about) from None
    wanted = context_of(opened, description, path)
    offered = tuple(f for f in opened.formats if f.offered(description, wanted))
    links = with_links(opened, description, wanted, offered, path).links
    return (*links, *relations(opened, about, path))


def answer_about(
    opened: Service,
    path: str,
    about: str,
    extension: str,
    beside: Callable[[Service, Description, str], Mapping[str, Any]] = around,
) -> Response:
    """The representation of a description: the one function behind every address.

    `beside` finds what the page, and no other format, shows beside it for readers of a language.
    """
    resource = NamedNode(opened.settings.base + about)
    if is_removed(opened, resource):
        raise tombstone(opened, about)
    try:
        description = described(opened, resource, _page())
    except NotFound:
        raise _missing(opened, about) from None
    if description.page > 1 and not description.incoming:
        raise NotFound(request.path, f"there is no page {description.page}")
    wanted = context_of(opened, description, path)
    offered = tuple(f for f in opened.formats if f.offered(description, wanted))
    chosen = chosen_of(offered, extension)
    wanted = with_links(opened, description, wanted, offered, path)
    shown = beside(opened, description, wanted.language) if chosen.extension == "html" else {}
    wanted = replace(wanted, links=(*wanted.links, *relations(opened, about, path)), beside=shown)
    if path == "catalog" and chosen.extension in SYNTAXES:
        description = catalogued(opened, description)
    response = Response(chosen.write(description, wanted))
    _headers(response, opened, description, wanted, chosen, path, extension)
    return response


def _page() -> int:
    text = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
        raise BadQuery(f"page is a number from 1, not {text!r}")
    return int(text)


def chosen_of(offered: Sequence[Format], extension: str) -> Format:
    if not extension:
        return negotiate.negotiate(request.headers.get("Accept", ""), offered)
    chosen = next((f for f in offered if f.extension == extension), None)
    if chosen is None:
        raise NotFound(
            request.path,
            f"there is no format .{extension} of this; there are " + ", ".join(f".{f.extension}" for f in offered),
        )
    return chosen


def language_of(opened: Service) -> str:
    """The language of pages and labels, as the reader likes it best."""
    return negotiate.choose_language(
        request.headers.get("Accept-Language", ""), request.args.get("lang", ""), opened.settings.languages
    )


def context_of(opened: Service, description: Description, path: str, language: str = "") -> Context:
    """What a format needs; in the reader's language, if no other is asked for."""
    language = language or language_of(opened)
    return Context(
        settings=opened.settings,
        ontology=opened.ontology,
        prefixes=opened.prefixes,
        jsonld=opened.jsonld,
        language=language,
        language_tags=negotiate.lookup_tags(language, opened.settings.languages),
        release=opened.release.number,
        query=request.args.to_dict(),
        moment=next(reversed(line_of(opened, description.resource.value.removeprefix(opened.settings.base))), None),
        built=opened.release.built,
        shared=opened.finder.shared(opened.settings.base, opened.prefixes),
    )


def _headers(
    response: Response,
    opened: Service,
    description: Description,
    wanted: Context,
    chosen: Format,
    path: str,
    extension: str,
) -> None:
    headers = response.headers
    headers["Content-Type"] = chosen.media_type + ("; charset=utf-8" if chosen.charset else "")
    headers["ETag"] = etag(response.get_data(), headers["Content-Type"])
    if description.modified:
        headers["Last-Modified"] = format_datetime(description.modified, usegmt=True)
    headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    varies = (
        *(("Accept",) if not extension else ()),
        *(("Accept-Language",) if chosen.localised or not extension else ()),
    )
    if varies:
        headers["Vary"] = ", ".join(varies)
    headers["Content-Location"] = local(f"/{path}.{chosen.extension}")
    if chosen.localised:
        headers["Content-Language"] = wanted.language
    headers["Link"] = link_header(wanted.links)
