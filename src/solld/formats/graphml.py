"""A graph as GraphML, for Gephi, yEd and others. http://graphml.graphdrawing.org/specification.html"""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from solld.formats.sheet import Sheet
from solld.views.graph import Graph

NODE = ("label", "type", "type_label")
EDGE = ("kind", "kind_label", "evidence", "evidence_label", "line", "statement", "wording")
HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">'
)


def write_graphml(graph: Graph, sheet: Sheet) -> bytes:
    """All ties that have two sides; a node is called by its IRI."""
    keys = [f'<key id="{n}" for="node" attr.name="{n}" attr.type="string"/>' for n in NODE]
    keys += [f'<key id="{n}" for="edge" attr.name="{n}" attr.type="string"/>' for n in EDGE]
    lines = [HEAD, *keys, '<graph id="G" edgedefault="undirected">']
    for node in graph.degrees:
        told = (_label(sheet, node), graph.types.get(node, ""), _label(sheet, graph.types.get(node, "")))
        lines.append(f"<node id={quoteattr(node)}>{_data(NODE, told)}</node>")
    for tie in graph.mutual:
        kind, evidence = (_label(sheet, each) for each in (tie.kind, tie.evidence))
        words = " / ".join(each.wording for each in tie.said)
        values = (tie.kind, kind, tie.evidence, evidence, tie.line, tie.statement, words)
        ends = f"source={quoteattr(tie.start)} target={quoteattr(tie.end)}"
        lines.append(f'<edge {ends} directed="{str(tie.directed).lower()}">{_data(EDGE, values)}</edge>')
    return "\n".join([*lines, "</graph>", "</graphml>", ""]).encode()


def _label(sheet: Sheet, iri: str) -> str:
    value = sheet.name(iri)
    return value.text if value else ""


def _data(keys: Sequence[str], values: Sequence[str]) -> str:
    return "".join(f'<data key="{k}">{escape(v)}</data>' for k, v in zip(keys, values, strict=True) if v)
