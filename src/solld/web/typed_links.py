"""The typed links of a document: its formats, types, licences, and the pages before and after. RFC 8288"""

from solld.model import Context, Description, Format, Link
from solld.rdf import DCT, RDF, NamedNode
from solld.service import Service


def with_links(
    opened: Service, description: Description, wanted: Context, offered: tuple[Format, ...], path: str
) -> Context:
    """The context with the formats and typed links of the document."""
    links = [
        Link("canonical", opened.settings.base + path),
        Link("cite-as", description.resource.value),
        *(
            Link(
                "alternate" if f.extension == "html" else "alternate describedby",
                f"/{path}.{f.extension}",
                f.media_type,
            )
            for f in offered
            if not f.cites
        ),
        *(Link("describedby", f"/{path}.{f.extension}", f.media_type, aside=True) for f in offered if f.cites),
        Link("type", "https://schema.org/AboutPage"),
        *(Link("type", t.object.value) for t in description.about if t.predicate == RDF.type),  # type: ignore[union-attr]
    ]
    graphs = sorted({graph.value for t in description.about for graph in description.graphs.get(t, ())})
    links += [Link("collection", graph) for graph in graphs if "/dataset/" in graph]
    stated = [
        t.object.value for t in description.about if t.predicate == DCT.license and isinstance(t.object, NamedNode)
    ]
    origins = dict.fromkeys(origin.license for origin in description.origins.values() if origin.license)
    licenses = stated or [*origins] or [opened.settings.license] * bool(opened.settings.license)
    links += [Link("license", iri) for iri in licenses]
    if description.more:
        links.append(Link("next", f"/{path}?page={description.page + 1}"))
    if description.page > 1:
        links.append(Link("prev", f"/{path}?page={description.page - 1}"))
    return Context(**{**vars(wanted), "formats": offered, "links": tuple(links)})
