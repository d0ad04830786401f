"""Lists for robots that keep links alive: what leads to what, and what is withdrawn."""

import csv
import io
from collections.abc import Iterable

from flask import Blueprint, Response

from solld.web.documents import service
from solld.web.replies import MAX_AGE, etag

blueprint = Blueprint("fates", __name__)


@blueprint.get("/redirects.csv")
def redirects() -> Response:
    """Identifiers that lead to others: old,new,date,why."""
    opened = service()
    base, fates = opened.settings.base, opened.fates
    rows = (
        (f"{base}id/{one}", f"{base}id/{other}", fates.last[one].date, fates.last[one].why)
        for one, other in sorted(fates.merged.items())
    )
    return _csv(("old", "new", "date", "why"), rows)


@blueprint.get("/tombstones.csv")
def tombstones() -> Response:
    """Identifiers that are withdrawn: id,date,why,last, which is the address of the last version."""
    opened = service()
    base, fates = opened.settings.base, opened.fates
    gone = opened.past.removed(f"{base}id/", opened.release.number) if opened.past else ()
    rows = []
    for iri, time, seq in gone:
        identifier = iri.removeprefix(f"{base}id/")
        act = fates.withdrawn.get(identifier)
        if identifier not in fates.merged:
            date, why = (act.date, act.why) if act else (time.date().isoformat(), "")
            last = "" if identifier in fates.erased else f"{base}version/{identifier}/{seq}"
            rows.append((iri, date, why, last))
    return _csv(("id", "date", "why", "last"), rows)


def _csv(header: Iterable[str], rows: Iterable[Iterable[str]]) -> Response:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *rows])  # RFC 4180 ends lines with CR LF
    body = out.getvalue().encode()
    response = Response(body, content_type="text/csv; charset=utf-8; header=present")
    response.headers["ETag"] = etag(body)
    response.headers["Cache-Control"] = f"public, max-age={MAX_AGE}"
    return response
