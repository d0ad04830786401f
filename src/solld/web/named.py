"""What a name in an address stands for, where the address has no `/id/` or `/doc/` before it."""

from flask import request

from solld.addresses import IDENTIFIER, normalise
from solld.model import Description
from solld.rdf import NamedNode
from solld.service import Service, described
from solld.web.past import is_removed, tombstone


def about_of(opened: Service, name: str) -> str:
    """The path of what has this name: an identifier, or the path of what is no thing; merged ones lead on."""
    plain = normalise(name)
    if not IDENTIFIER.fullmatch(plain):
        return name.strip("/")
    return f"id/{opened.fates.merged.get(plain, plain)}"


def leads_on(opened: Service, name: str, folder: str) -> str:
    """The address to go to instead, for an identifier that was merged; "" for any other name."""
    other = opened.fates.merged.get(normalise(name))
    query = request.query_string.decode("latin-1")
    return (f"/{folder}/{other}" + (f"?{query}" if query else "")) if other else ""


def found(opened: Service, about: str) -> Description:
    """The description of what is at a path. NotFound if there is none, Gone if it was taken away."""
    resource = NamedNode(opened.settings.base + about)
    if is_removed(opened, resource):
        raise tombstone(opened, about)
    return described(opened, resource)
