"""What every answer tells browsers: what may run in it, who may have it in a page, what other sites are told.

https://www.w3.org/TR/CSP3/  https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header
"""

from collections.abc import Mapping

# Nothing from another host, nothing inline that runs: the JSON-LD in a page is data.
PAGE = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
# Data that a browser shows by itself, as it does XML and SVG, run nothing and ask for nothing.
DATA = "default-src 'none'; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'"
DATA += "; frame-ancestors 'self'"
PROGRAMS = ("text/html", "text/javascript")  # media types of what runs; a worker has the policy of its own file
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "cross-origin",  # what is published is for everybody's pages
    "Referrer-Policy": "strict-origin-when-cross-origin",  # other sites learn from where, and not from which page
}
OF_PAGES = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def headers_of(media_type: str) -> Mapping[str, str]:
    """The headers of an answer of this media type, where nothing else is said."""
    policy = {"Content-Security-Policy": PAGE if media_type in PROGRAMS else DATA}
    return ALWAYS | policy | (OF_PAGES if media_type == "text/html" else {})
