"""The private page of a report: who has its address may read it, and nothing leads there.

An address is a capability, so it is kept out of caches, of search engines and of what browsers tell other sites.
https://www.w3.org/TR/capability-urls/
"""

import re

from flask import Blueprint, Response, request

from solld.errors import BadQuery
from solld.model import Format
from solld.reporting import kept
from solld.reporting.as_csv import write_csv
from solld.reporting.as_html import Asked, write_page
from solld.reporting.as_json import write_json
from solld.reporting.kept import Report
from solld.service import Service
from solld.web.documents import chosen_of, language_of, service

blueprint = Blueprint("report", __name__)
PAGE = Format("HTML", "text/html", "html", lambda d, c: b"", ("application/xhtml+xml",), charset=True, quality=0.9)
CSV = Format("CSV", "text/csv", "csv", lambda d, c: b"", charset=True, quality=0.8)
JSON = Format("JSON", "application/json", "json", lambda d, c: b"", quality=0.8)
PRIVATE = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@blueprint.after_request
def private(response: Response) -> Response:
    """All that is said of an address is private, also that there is nothing yet: a report may be made at any time."""
    response.headers.update(PRIVATE)
    return response


@blueprint.get("/report/<name>/<key>")
@blueprint.get("/report/<name>/<key>.<extension>")
def report(name: str, key: str, extension: str = "") -> Response:
    opened = service()
    found = kept.known(opened.settings, name, key, request.path)
    try:
        return _answer(opened, found, f"/report/{name}/{key}", extension)
    finally:
        found.close()


def _answer(opened: Service, found: Report, path: str, extension: str) -> Response:
    chosen = chosen_of((PAGE, CSV, JSON), extension)
    language = language_of(opened)
    if chosen is CSV:
        body = b"".join(write_csv(found, language))
    elif chosen is JSON:
        body = b"".join(write_json(found, language))
    else:
        asked = Asked(
            opened.settings, language, path, request.args.get("lang", ""), request.args.get("kind", ""), _page()
        )
        body = write_page(found, asked, opened.release.number)
    response = Response(body, content_type=chosen.media_type + ("; charset=utf-8" if chosen.charset else ""))
    response.headers["Content-Language"] = language
    response.headers["Vary"] = "Accept, Accept-Language"
    if chosen is CSV:
        response.headers["Content-Disposition"] = f'attachment; filename="{found.facts["dataset"]}-report.csv"'
    return response


def _page() -> int:
    text = request.args.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,5}", text):
        raise BadQuery(f"page is a number from 1, not {text!r}")
    return int(text)
