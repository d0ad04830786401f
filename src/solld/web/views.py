"""The pages that queries of the site make: /networks, /values, /timeline, each as a page and as data."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, request

from solld.addresses import SCHEME, is_identifier, normalise
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
from solld.views.graph import Graph, graph
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
TIES = {"kind": ("kind",), "type": ("fromType", "toType"), "around": ("from", "to")}  # parameter -> columns
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
    def _reader(self) -> str:
        return self.opened.views.reader(self.name, self.language)

    def rows(self, conditions: Sequence[Condition]) -> Table:
        """The rows of the view that meet some conditions."""
        return self.opened.views.table(self.name, self.language, conditions)

    @property
    def table(self) -> Table:
        return self.rows(self.conditions)

    @property
    def sparql(self) -> str:
        return self.opened.views.sparql(self.name, self.language, self.conditions)

    @property
    def summary(self) -> str:
        return pick(self.opened.views.query(self.name).summary, self.sheet.context.language_tags)

    def made(self, what: str, conditions: Sequence[Condition], make: Callable[[], T]) -> T:
        """What is made of the rows, once for a release; labels do not count, so that every reader shares it."""
        return self.opened.views.made((self.name, what, self._reader, tuple(conditions)), make)


@blueprint.get("/networks")
@blueprint.get("/networks.<extension>")
def ties(extension: str = "") -> Response:
    """Who is tied to whom."""
    opened = service()
    nodes = {name: _iri(opened, name) for name in TIES}
    conditions = {name: Among(TIES[name], (node,)) for name, node in nodes.items() if node}
    asked = _asked(opened, "networks", tuple(conditions.values()), tuple(TIES))
    kind, type_, around = (node.value if node else "" for node in nodes.values())
    chosen = networks.Chosen(kind, type_, around, _number("page", 1) or 1)

    def without(*names: str) -> Graph:
        kept = tuple(each for name, each in conditions.items() if name not in names)
        return asked.made("graph", kept, lambda: graph(asked.rows(kept)))

    def page() -> bytes:
        found = without()
        drawing = asked.made("drawing", asked.conditions, lambda: draw(networks.drawn(found).pairs))
        kinds, types = networks.counts(without("kind"))[0], networks.counts(without("type"))[1]
        told = networks.Told(without(*TIES), found, drawing, kinds, types, asked.rows(()).cut)
        return networks.write_page(asked.sheet, told, chosen, asked.summary, asked.sparql)

    return _answer(asked, extension, page)


@blueprint.get("/values")
@blueprint.get("/values.<extension>")
def values(extension: str = "") -> Response:
    """What is shared, in the words of each."""
    opened = service()
    asked = _asked(opened, "values", (), ("with",))
    columns = asked.made("columns", (), lambda: matrix.columns(asked.rows(())))
    wanted = tuple(dict.fromkeys(_node(opened, text) for text in request.args.getlist("with") if text))
    known = {column.iri for column in columns}
    if stranger := next((node for node in wanted if node.value not in known), None):
        raise BadQuery(f"with={asked.sheet.short(stranger.value)}: nothing of it is compared; /values lists what is")
    if len(wanted) > comparison.MOST:
        raise BadQuery(f"with: {len(wanted)} are compared at once; the most is {comparison.MOST}")
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
    between = Years("date", -LARGEST if first is None else first, LARGEST if last is None else last)
    years: tuple[Condition, ...] = () if first is None and last is None else (between,)
    conditions = ((Among(("what",), (what,)),) if what else ()) + years
    asked = _asked(opened, "timeline", conditions, ("what", "from", "to"))
    chosen = timeline.Chosen(what.value if what else "", first, last, _number("page", 1) or 1)

    def page() -> bytes:
        whole, others, found = (
            asked.made("happenings", kept, lambda kept=kept: times.happenings(asked.rows(kept)))  # type: ignore[misc]
            for kept in ((), years, conditions)
        )
        kinds = Counter(each.what for each in others)
        return timeline.write_page(asked.sheet, whole, kinds, found, chosen, asked.summary, asked.sparql)

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
        if prefix in opened.prefixes and name and not name.startswith("//"):
            return NamedNode(opened.prefixes[prefix] + name)
        return NamedNode(text if SCHEME.match(text) else base + text)
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
