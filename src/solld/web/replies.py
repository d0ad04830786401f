"""Small parts of many answers: redirects, validators, how long they may be kept."""

import hashlib
from collections.abc import Iterable

from flask import Response, request

from solld.model import Link

MAX_AGE = 60  # seconds that a description may be kept without asking again: a release may replace it at any time
FOREVER = "public, max-age=31536000, immutable"
HEADER = 3500  # characters of links; proxies take 4 or 8 KiB of headers
KEPT = 3  # links of a relation that has too many
EXPOSED = (  # headers that scripts of other origins may read
    "Accept-Ranges, Allow, Content-Location, Content-Range, ETag, Last-Modified, Link, Location, Memento-Datetime, "
    "Repr-Digest, Retry-After"
)


def redirect(location: str, status: int = 303) -> Response:
    response = Response(status=status, headers={"Location": location})
    del response.headers["Content-Type"]  # there is no body to have one
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response


def local(path: str) -> str:
    query = request.query_string.decode("latin-1")
    return f"{path}?{query}" if query else path


def link_header(links: Iterable[Link]) -> str:
    """The links of a document in its header (RFC 8288); what would make it too long is in the linkset alone."""
    return ", ".join(written(link, link.target) for link in _shown(links))


def written(link: Link, target: str, anchor: str = "") -> str:
    """A link as it stands in a Link header, or with its anchor in a linkset."""
    attributes = {"rel": link.rel, "anchor": anchor, "type": link.type, "datetime": link.datetime}
    return f"<{target}>" + "".join(f'; {name}="{value}"' for name, value in attributes.items() if value)


def _shown(links: Iterable[Link]) -> list[Link]:
    shown = [link for link in links if not link.aside]
    for rel in ("type", "collection", "alternate describedby"):
        if sum(len(link.target) + len(link.type) + 30 for link in shown) > HEADER:
            first = [link for link in shown if link.rel == rel][:KEPT]
            shown = [link for link in shown if link.rel != rel or link in first]
    return shown


def etag(body: bytes, *more: str) -> str:
    """A strong validator: the same bytes of the same type, the same tag."""
    sum_ = hashlib.blake2b(body, digest_size=12)
    for text in more:
        sum_.update(text.encode())
    return f'"{sum_.hexdigest()}"'
