"""N-Triples: a line for each triple. https://www.w3.org/TR/n-triples/"""

from solld.formats.statements import statements
from solld.model import Context, Description, Format
from solld.rdf import RdfFormat, write


def write_ntriples(description: Description, context: Context) -> bytes:
    return write(statements(description), RdfFormat.N_TRIPLES)


FORMATS = (Format("N-Triples", "application/n-triples", "nt", write_ntriples, quality=0.7),)
