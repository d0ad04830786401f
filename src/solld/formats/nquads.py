"""N-Quads: a line for each triple and each graph that states it. https://www.w3.org/TR/n-quads/"""

from solld.formats.statements import quads
from solld.model import Context, Description, Format
from solld.rdf import RdfFormat, write_quads


def write_nquads(description: Description, context: Context) -> bytes:
    return write_quads(quads(description), RdfFormat.N_QUADS)


FORMATS = (Format("N-Quads", "application/n-quads", "nq", write_nquads, ("text/x-nquads",), quality=0.65),)
