"""HTML pages for people: any description, errors, what every page has. The home of jinja2.

A page needs no script, and asks nothing of another host. https://www.w3.org/TR/WCAG22/
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemBytecodeCache, PackageLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from solld import ontology as display
from solld.addresses import document_path
from solld.formats import citation, schemaorg, schemathings
from solld.formats.asked import ASKED
from solld.formats.assets import asset, icon, icons, version
from solld.formats.card import card, iframe, snippet
from solld.formats.home import home, is_catalog, without_datasets
from solld.formats.jsonld import compacted
from solld.formats.navigation import SEARCHES, navigation
from solld.formats.page import build
from solld.formats.parts import classes
from solld.formats.values import address
from solld.formats.view import Page, Value
from solld.formats.where import where
from solld.licences import name_of
from solld.messages import phrases, pick
from solld.model import Context, Description, Format, Link, Settings
from solld.negotiate import lookup_tags

RELATIONS_SHOWN = ("alternate", "canonical", "cite-as")  # that the head of a page writes by itself
LONGEST_SUMMARY = 300  # characters of the description for search engines


class Compiled(FileSystemBytecodeCache):
    """Keeps compiled templates for the next start, half a second of it, in a folder of this user's alone."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):  # without room or right to write they are compiled again
            super().dump_bytecode(bucket)


def _compiled() -> Compiled | None:
    try:
        return Compiled()
    except (OSError, RuntimeError):  # there is no such folder: nowhere to write, or somebody else has it
        return None


ENVIRONMENT = Environment(
    loader=PackageLoader("solld"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=StrictUndefined,
    bytecode_cache=_compiled(),
)
ENVIRONMENT.globals |= {"asset": asset, "icon": icon, "licence_name": name_of}
ENVIRONMENT.tests["longer"] = lambda values, most: len(values) > most
ENVIRONMENT.filters["lower_first"] = lambda text: text if text[1:2].isupper() else text[:1].lower() + text[1:]
ENVIRONMENT.globals["style"] = version("solld.css")
ENVIRONMENT.globals["views_style"] = version("views.css")
ENVIRONMENT.globals["maps_style"] = version("maps.css")
TEMPLATES = {
    name: ENVIRONMENT.get_template(f"{name}.html")
    for name in ("resource", "home", "catalogue", "vocabulary", "scheme", "error")
}


@dataclass(frozen=True)
class Frame:
    """What every page has around its content."""

    settings: Settings
    language: str
    root: str
    release: int = 0

    def values(self) -> dict[str, Any]:
        """The variables of base.html."""
        tags = lookup_tags(self.language, self.settings.languages)
        asked = ASKED.get()
        return {
            "answering": asked,
            "canonical": asked,
            "here": self.settings.base + asked.path.lstrip("/"),
            "t": phrases(self.language),
            "language": self.language,
            "languages": [(tag, phrases(tag).language_name(tag)) for tag in self.settings.languages],
            "locales": [(tag, phrases(tag).locale_name) for tag in self.settings.languages],
            "root": self.root,
            "views": self.settings.views,
            "navigation": navigation(self.settings.views, asked.path),
            "searching": asked.path not in SEARCHES,
            "release": self.release,
            "site": pick(self.settings.title, tags),
            "site_text": pick(self.settings.description, tags),
            "publisher": self.settings.publisher_name,
            "publisher_href": address(self.settings.publisher, self.settings.base, self.root),
            "contact": self.settings.contact,
            "code": self.settings.code,
            "license": self.settings.license,
            "license_href": address(self.settings.license, self.settings.base, self.root),
        }


def write_html(description: Description, context: Context) -> bytes:
    """The page of a resource; that of a catalogue, which is the home page where one is told."""
    catalog = is_catalog(description)
    page = build(without_datasets(description) if catalog else description, context)
    frame = Frame(context.settings, context.language, context.root, context.release)
    variables = frame.values() | _document(description, context, page)
    if catalog and "front" in context.beside:
        here = {"here": context.settings.base, "front": context.beside["front"]}
        return TEMPLATES["home"].render(variables | here).encode()
    if catalog:
        return TEMPLATES["catalogue"].render(variables, home=home(description, context)).encode()
    for name in ("vocabulary", "scheme"):
        if name in context.beside:
            return TEMPLATES[name].render(variables, told=context.beside[name]).encode()
    return TEMPLATES["resource"].render(variables).encode()


def _document(description: Description, context: Context, page: Page) -> dict[str, Any]:
    """The variables of resource.html."""
    local = address(description.document, context.settings.base, context.root)
    formats = [(f, f"{local}.{f.extension}") for f in context.formats if f.extension != "html" and not f.cites]
    cited = citation.citation(description, context, page.title.text)
    lang = {"lang": context.query["lang"]} if "lang" in context.query else {}
    links = [link for link in context.links if link.rel not in RELATIONS_SHOWN]
    summary = page.lead.text if page.lead else " · ".join([page.title.text, *(each.text for each in page.types)])
    t = phrases(context.language)
    about = description.resource.value.removeprefix(context.settings.base)
    shown = card(description, context, page)
    return {
        "page": page,
        "glyph": _glyph(description, context),
        "embed": (
            iframe(shown.frame, shown.title),
            snippet(shown),
            address(shown.frame, context.settings.base, context.root),
        ),
        "oembed": f"{context.settings.base}oembed?{urlencode({'url': description.document})}",
        "ego": context.beside.get("ego"),
        "compared": context.beside.get("compared", ""),
        "resource": description.resource.value,
        "document": description.document,
        "here": description.document,
        "canonical": ASKED.get().keeping("page"),
        "formats": formats,
        "cited": cited,
        "citing_texts": citation.texts(cited) if cited else [],
        "version_href": address(cited.url, context.settings.base, context.root) if cited else "",
        "citing": [(f, f"{local}.{f.extension}") for f in context.formats if f.cites],
        "cited_on": t.day(cited.time) if cited else "",
        "links": [(link, _target(link, context)) for link in links],
        "jsonld": embedded(compacted(_itself(description), context)),
        "structured": [embedded(each) for each in _structured(description, context, page)],
        "summary": " ".join(summary.split())[:LONGEST_SUMMARY],
        "where": where(description, context),
        "version": context.version,
        "current": address(context.settings.base + document_path(about), context.settings.base, context.root),
        "number": description.page,
        "previous": _query({"page": str(description.page - 1), **lang}) if description.page > 1 else "",
        "next": _query({"page": str(description.page + 1), **lang}) if description.more else "",
        "modified": description.modified,
        "modified_text": t.day(description.modified) if description.modified else "",
    }


def _structured(description: Description, context: Context, page: Page) -> list[dict[str, Any]]:
    """What search engines read."""
    found = schemaorg.dataset(description, context) or schemathings.thing(description, context)
    way = schemathings.website(context) if is_catalog(description) else None
    way = way or schemathings.breadcrumbs(page, description.document, context)
    return [each for each in (found, way) if each]


def _target(link: Link, context: Context) -> str:
    """Where a link of a document leads: to a path of this service, or to a whole address."""
    if link.target.startswith("/"):
        return context.root + link.target
    return address(link.target, context.settings.base, context.root)


def _glyph(description: Description, context: Context) -> str:
    """The icon of the nearest of its classes that has one; "" if none has."""
    found = (
        context.ontology.icons.get(each, "") for each in display.classes(context.ontology, classes(description.about))
    )
    return next((each for each in found if each in icons()), "")


def _itself(description: Description) -> Description:
    """What is said of the resource, with the labels that it needs: the page embeds this, and links to the whole."""
    named = {each.object for each in description.about}
    labels = tuple(each for each in description.labels if each.subject in named)
    return replace(description, owned=(), incoming=(), labels=labels)


def embedded(document: Mapping[str, Any]) -> Markup:
    """JSON for a script element, which ends at the first < that looks like its end."""
    return Markup(json.dumps(document, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"))


def error_page(
    settings: Settings, language: str, root: str, status: int, title: str, detail: str, hints: Sequence[Value] = ()
) -> bytes:
    """A page for an error: what happened, and what one can do; hints are texts, with or without a link."""
    told = {**meaning(language, status), "hints": hints}
    # What the engine says in detail is in English, as it says it to programs.
    more = {"status": status, "title": title, "detail": detail}
    return TEMPLATES["error"].render(Frame(settings, language, root).values() | told | more).encode()


def meaning(language: str, status: int) -> dict[str, str]:
    """What an HTTP status is called, and what it means for who reads the page."""
    t = phrases(language)
    kind = str(status) if f"error_{status}" in t.texts else "other"
    return {"name": t(f"error_{kind}"), "meaning": t(f"meaning_{kind}")}


def _query(parameters: Mapping[str, str]) -> str:
    return "?" + urlencode(parameters)


FORMATS = (
    Format(
        "HTML",
        "text/html",
        "html",
        write_html,
        ("application/xhtml+xml",),
        charset=True,
        localised=True,
        quality=0.9,
    ),
)
