"""The page of a graph: a drawing, and the same ties as a list with their kinds, proofs and how surely they are said."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from solld.formats.html import ENVIRONMENT, Frame
from solld.formats.sheet import Proof, Sheet
from solld.formats.svg import Spot, Text, along, curve, named
from solld.formats.view import Value
from solld.views.graph import LINES, Graph, Tie, surest
from solld.views.layout import Drawing

TEMPLATE = ENVIRONMENT.get_template("networks.html")
DRAWN = 300  # things that are drawn at most
FEWER, HUBS = 150, 12  # that are drawn of more: the most connected ones, and those that most of them are tied to
NAMED = 40  # that have their names in any case
SHOWN = 200  # ties on one page of the list
CENTRES = 12  # things that are offered as the middle
LOOKS = 6  # colours of types; all that come after share the last
ARROW, BEND = 7.0, 0.09
DENSE = 200  # lines
FEW = 80  # things among which names keep off the lines


@dataclass(frozen=True)
class Node:
    """A thing in the drawing."""

    spot: Spot
    text: Text | None
    href: str
    language: str
    look: str


@dataclass(frozen=True)
class Edge:
    """What ties two things, as a path."""

    path: str
    line: str
    directed: bool
    title: str


@dataclass(frozen=True)
class Picture:
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    width: int
    height: int
    dense: bool  # lines are drawn finer


@dataclass(frozen=True)
class Item:
    """A tie in the list."""

    start: Value
    end: Value | None
    kind: Value | None
    directed: bool
    line: str
    evidence: Value | None
    statement: Value | None
    note: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Chosen:
    """What of the graph is asked for; IRIs, "" for all."""

    kind: str = ""
    type: str = ""
    around: str = ""
    page: int = 1


@dataclass(frozen=True)
class Told:
    """What the page tells: the graph without filters, what they leave, and what is drawn of that."""

    whole: Graph
    graph: Graph
    drawing: Drawing
    kinds: Mapping[str, int]  # what there would be without the filter of that name
    types: Mapping[str, int]
    cut: bool = False


def looks(graph: Graph) -> Mapping[str, str]:
    """Type -> the class of its colour; the types with the most ties have one of their own."""
    ties: Counter[str] = Counter()
    for node, degree in graph.degrees.items():
        ties[graph.types.get(node, "")] += degree
    ranked = sorted((each for each in ties if each), key=lambda each: (-ties[each], each))
    return {each: f"k{min(place, LOOKS)}" for place, each in enumerate(ranked, 1)}


def counts(graph: Graph) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """(kind -> ties, type -> things)."""
    types = Counter(graph.types.get(node, "") for node in graph.degrees)
    return Counter(tie.kind for tie in graph.ties), {type_: count for type_, count in types.items() if type_}


def drawn(graph: Graph) -> Graph:
    """What of a graph is drawn: all of it, or what is between the most connected things."""
    if len(graph.degrees) <= DRAWN:
        return Graph(graph.mutual, graph.types)
    hubs = list(graph.degrees)[:HUBS]
    ties = Counter(other for hub in hubs for other in graph.neighbours[hub])
    near = sorted(ties, key=lambda node: (-ties[node], -graph.degrees[node], node))
    return graph.among(frozenset([*hubs, *near][:FEWER]))


def picture(graph: Graph, drawing: Drawing, sheet: Sheet, colours: Mapping[str, str], middle: str = "") -> Picture:
    """The drawing as a template writes it; `middle` is the thing that it is about."""
    spots, few = {}, len(graph.degrees) <= FEW
    for node, degree in graph.degrees.items():
        x, y = drawing.places[node]
        radius = 12.0 if node == middle else (5.5 + 2.2 * min(degree, 16) ** 0.5) * (1 if few else 0.6)
        spots[node] = Spot(x, y, round(radius, 1), sheet.link(node).text)
    lines = [point for a, b in graph.pairs for point in along(spots[a], spots[b], BEND)] if few else []
    texts = named(spots, drawing.width, drawing.height, NAMED if few else NAMED // 3, lines)
    nodes = []
    for node, spot in spots.items():
        value, look = sheet.link(node), colours.get(graph.types.get(node, ""), "")
        nodes.append(Node(spot, texts.get(node), value.href, value.language, f"{look}{' me' * (node == middle)}"))
    edges = tuple(_edge(pair, ties, spots, sheet) for pair, ties in graph.pairs.items())
    return Picture(tuple(nodes), edges, round(drawing.width), round(drawing.height), len(edges) > DENSE)


def _edge(pair: tuple[str, str], ties: tuple[Tie, ...], spots: Mapping[str, Spot], sheet: Sheet) -> Edge:
    ways = {(tie.start, tie.directed) for tie in ties}
    directed = len(ways) == 1 and ties[0].directed
    first, second = (ties[0].start, ties[0].end) if directed else pair
    kinds = dict.fromkeys(sheet.link(tie.kind).text for tie in ties)
    title = f"{spots[first].name} {'→' if directed else '–'} {spots[second].name}: {', '.join(kinds)}"
    bend = BEND if (first, second) == pair else -BEND
    path = curve(spots[first], spots[second], bend, ARROW * directed)
    return Edge(path, surest(ties), directed, title)


def items(ties: Sequence[Tie], sheet: Sheet) -> list[tuple[Value | None, str, list[Item]]]:
    """(kind, its anchor, ties) in the order of the ties; a kind that comes again has its ties in one place."""
    found: dict[str, list[Item]] = {}
    for tie in ties:
        item = Item(
            sheet.link(tie.start),
            sheet.name(tie.end),
            sheet.name(tie.kind),
            tie.directed,
            tie.line,
            sheet.name(tie.evidence),
            sheet.name(tie.statement),
            tie.note,
            sheet.proofs(tie.said),
        )
        found.setdefault(tie.kind, []).append(item)
    return [(sheet.name(kind), f"kind-{n}", each) for n, (kind, each) in enumerate(found.items(), 1)]


def write_page(sheet: Sheet, told: Told, chosen: Chosen, summary: str, sparql: str) -> bytes:
    """The page of what is told, with the filters that are chosen."""
    whole, graph, drawing = told.whole, told.graph, told.drawing
    context, colours, shown = sheet.context, looks(whole), drawn(graph)
    frequent = Counter(tie.kind for tie in graph.ties)
    ordered = sorted(graph.ties, key=lambda tie: (-frequent[tie.kind], tie.kind))
    ties = ordered[(chosen.page - 1) * SHOWN : chosen.page * SHOWN]
    middle = sheet.name(chosen.around)
    middles = [(node, degree) for node, degree in list(whole.degrees.items())[:CENTRES] if degree > 1]
    variables = Frame(context.settings, context.language, context.root, context.release).values() | {
        "kinds": sheet.choices("kind", told.kinds, chosen.kind),
        "types": sheet.choices("type", told.types, chosen.type, colours),
        "middle": middle,
        "without_middle": sheet.address(without=("around",)),
        "centres": sheet.choices("around", dict(middles), chosen.around),
        "picture": picture(shown, drawing, sheet, colours, chosen.around) if shown.pairs else None,
        "lines": tuple(line for line in LINES if any(tie.line == line for tie in shown.ties)),
        "evidences": _evidences(shown, sheet),
        "drawn": len(shown.degrees),
        "things": len(graph.degrees),
        "ties": len(graph.ties),
        "cut": told.cut,
        "groups": items([tie for tie in ties if tie.end], sheet),
        "alone": items([tie for tie in ties if not tie.end], sheet),
        "number": chosen.page,
        "previous": sheet.address(more=_page(chosen.page - 1)) if chosen.page > 1 else "",
        "next": sheet.address(more=_page(chosen.page + 1)) if len(graph.ties) > chosen.page * SHOWN else "",
    }
    formats = (("JSON", "json"), ("CSV", "csv"), ("GraphML", "graphml"))
    return TEMPLATE.render(variables | sheet.frame("networks", summary, sparql, formats)).encode()


def _page(number: int) -> tuple[tuple[str, str], ...]:
    return (("page", str(number)),) if number > 1 else ()


def _evidences(graph: Graph, sheet: Sheet) -> list[tuple[str, list[Value]]]:
    """Line -> what it stands for, in words."""
    found: dict[str, dict[str, None]] = {}
    for tie in graph.ties:
        if tie.evidence:
            found.setdefault(tie.line, {})[tie.evidence] = None
    return [(line, [sheet.link(each) for each in found[line]]) for line in LINES if line in found]
