"""Small parts of many answers: redirects, validators, how long they may be kept."""

import hashlib

from flask import Response, request

MAX_AGE = 60  # seconds that a description may be kept without asking again: a release may replace it at any time
FOREVER = "public, max-age=31536000, immutable"
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


def etag(body: bytes, *more: str) -> str:
    """A strong validator: the same bytes of the same type, the same tag."""
    sum_ = hashlib.blake2b(body, digest_size=12)
    for text in more:
        sum_.update(text.encode())
    return f'"{sum_.hexdigest()}"'
