"""The pages that queries of the site make: /networks, /values, /timeline, each as a page and as data."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, request

from solld.addresses import is_identifier, normalise
from solld.errors import BadQuery
from solld.formats import comparison, graphml, networks, rows, timeline
from solld.formats.sheet import Sheet
from solld.messages import pick
from solld.model import Format
from solld.rdf import NamedNode
from solld.service import Service
from solld.views import matrix
from solld.views import timeline as times
from solld.views.conditions import Among, Condition, Years
from solld.views.graph import graph
from solld.views.layout import draw
from solld.views.tables import Table
from solld.web.documents import chosen_of, language_of, service
from solld.web.replies import MAX_AGE, etag, local
from solld.web.sheets import sheet_of

blueprint = Blueprint("views", __name__)


def _format(name: str, media_type: str, extension: str, quality: float, *aliases: str) -> Format:
    return Format(name, media_type, extension, lambda d, c: b"", aliases, charset=True, quality=quality)


PAGE = _format("HTML", "text/html", "html", 1.0, "application/xhtml+xml")
JSON = _format("JSON", "application/json", "json", 0.9)
CSV = _format("CSV", "text/csv", "csv", 0.8)
GRAPHML = _format("GraphML", "application/graphml+xml", "graphml", 0.7)
DATA = (PAGE, JSON, CSV)
OFFERED = {"networks": (*DATA, GRAPHML), "values": DATA, "timeline": DATA}
LARGEST = 9999  # a year, a page
T = TypeVar("T")


@dataclass(frozen=True)
class Asked:
    """A view with the conditions of an address, for one reader."""

    opened: Service
    name: str
    conditions: tuple[Condition, ...]
    sheet: Sheet

    @property
    def language(self) -> str:
        return self.sheet.context.language

    @property
    def table(self) -> Table:
        return self.opened.views.table(self.name, self.language, self.conditions)

    @property
    def whole(self) -> Table:
        return self.opened.views.table(self.name, self.language)

    @property
    def sparql(self) -> str:
        return self.opened.views.sparql(self.name, self.language, self.conditions)

    @property
    def summary(self) -> str:
        return pick(self.opened.views.query(self.name).summary, self.sheet.context.language_tags)

    def made(self, what: str, conditions: Sequence[Condition], make: Callable[[], T]) -> T:
        """What is made of the rows, once for a release; labels do not count, so that every reader shares it."""
        return self.opened.views.made((self.name, what, self.language, tuple(conditions)), make)


@blueprint.get("/networks")
@blueprint.get("/networks.<extension>")
def ties(extension: str = "") -> Response:
    """Who is tied to whom."""
    opened = service()
    kind, type_, around = (_iri(opened, name) for name in ("kind", "type", "around"))
    filters = ((("kind",), kind), (("fromType", "toType"), type_), (("from", "to"), around))
    conditions = tuple(Among(columns, (node,)) for columns, node in filters if node)
    asked = _asked(opened, "networks", conditions, ("kind", "type", "around"))
    kind_iri, type_iri, middle = (node.value if node else "" for node in (kind, type_, around))
    chosen = networks.Chosen(kind_iri, type_iri, middle, _number("page", 1) or 1)

    def page() -> bytes:
        whole = asked.made("graph", (), lambda: graph(asked.whole))
        found = asked.made("graph", conditions, lambda: graph(asked.table))
        drawing = asked.made("drawing", conditions, lambda: draw(networks.drawn(found).pairs))
        cut = asked.whole.cut
        return networks.write_page(asked.sheet, whole, found, drawing, chosen, asked.summary, asked.sparql, cut)

    return _answer(asked, extension, page)


@blueprint.get("/values")
@blueprint.get("/values.<extension>")
def values(extension: str = "") -> Response:
    """What is shared, in the words of each."""
    opened = service()
    asked = _asked(opened, "values", (), ("with",))
    columns = asked.made("columns", (), lambda: matrix.columns(asked.whole))
    wanted = tuple(dict.fromkeys(_node(opened, text) for text in request.args.getlist("with") if text))
    known = {column.iri for column in columns}
    if stranger := next((node for node in wanted if node.value not in known), None):
        raise BadQuery(f"with={asked.sheet.short(stranger.value)}: nothing of it is compared; /values lists what is")
    chosen = tuple(node.value for node in wanted) or comparison.first(columns)
    some = len(chosen) < len(columns)
    conditions = (Among(("column",), tuple(map(NamedNode, chosen))),) if some else ()
    asked = _asked(opened, "values", conditions, ("with",))

    def page() -> bytes:
        groups = matrix.groups(asked.table, frozenset(chosen))
        return comparison.write_page(asked.sheet, columns, chosen, groups, bool(wanted), asked.summary, asked.sparql)

    return _answer(asked, extension, page)


@blueprint.get("/timeline")
@blueprint.get("/timeline.<extension>")
def dates(extension: str = "") -> Response:
    """When what happened."""
    opened = service()
    what, first, last = _iri(opened, "what"), _number("from"), _number("to")
    conditions: tuple[Condition, ...] = (Among(("what",), (what,)),) if what else ()
    if first is not None or last is not None:
        conditions += (Years("date", -LARGEST if first is None else first, LARGEST if last is None else last),)
    asked = _asked(opened, "timeline", conditions, ("what", "from", "to"))
    chosen = timeline.Chosen(what.value if what else "", first, last, _number("page", 1) or 1)

    def page() -> bytes:
        whole = asked.made("happenings", (), lambda: times.happenings(asked.whole))
        found = asked.made("happenings", conditions, lambda: times.happenings(asked.table))
        return timeline.write_page(asked.sheet, whole, found, chosen, asked.summary, asked.sparql)

    return _answer(asked, extension, page)


def _asked(opened: Service, name: str, conditions: tuple[Condition, ...], parameters: Sequence[str]) -> Asked:
    opened.views.query(name)  # NotFound
    pairs = [(key, value) for key, value in request.args.items(multi=True) if key in (*parameters, "lang")]
    return Asked(opened, name, conditions, sheet_of(opened, name, language_of(opened), pairs))


def _iri(opened: Service, parameter: str) -> NamedNode | None:
    text = request.args.get(parameter, "")
    return _node(opened, text) if text else None


def _node(opened: Service, text: str) -> NamedNode:
    """What an identifier, an IRI, a prefixed name, or a path below the base stands for."""
    base = opened.settings.base
    prefix, _, name = text.partition(":")
    if is_identifier(normalise(text)):
        identifier = normalise(text)
        return NamedNode(f"{base}id/{opened.fates.merged.get(identifier, identifier)}")
    try:
        if "://" in text:
            return NamedNode(text)
        return NamedNode(opened.prefixes[prefix] + name if prefix in opened.prefixes and name else base + text)
    except ValueError:
        raise BadQuery(f"{text!r} is no identifier and no IRI") from None


def _number(parameter: str, least: int = -LARGEST) -> int | None:
    text = request.args.get(parameter, "")
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= len(str(LARGEST))) or int(text) < least:
        raise BadQuery(f"{parameter}={text!r} is not a number from {least} to {LARGEST}")
    return int(text)


def _answer(asked: Asked, extension: str, page: Callable[[], bytes]) -> Response:
    offered = OFFERED[asked.name]
    chosen = chosen_of(offered, extension)
    if chosen is PAGE:
        body = page()
    elif chosen is JSON:
        body = rows.write_json(asked.table, asked.sheet, asked.summary, asked.sparql)
    elif chosen is CSV:
        body = rows.write_csv(asked.table, asked.sheet)
    else:
        body = graphml.write_graphml(graph(asked.table), asked.sheet)
    response = Response(body, content_type=f"{chosen.media_type}; charset=utf-8")
    headers = response.headers
    headers["ETag"] = etag(body, chosen.media_type)
    headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    headers["Vary"] = "Accept-Language" if extension else "Accept, Accept-Language"
    headers["Content-Language"] = asked.language
    headers["Content-Location"] = local(f"/{asked.name}.{chosen.extension}")
    others = (f for f in offered if f is not chosen)
    headers["Link"] = ", ".join(
        f'<{local(f"/{asked.name}.{f.extension}")}>; rel="alternate"; type="{f.media_type}"' for f in others
    )
    return response
