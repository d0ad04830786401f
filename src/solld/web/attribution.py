"""Who is to be named for what is published here, how fresh each source is, and what went wrong with it."""

from dataclasses import asdict

from flask import Blueprint, Response

from solld.attribution import Attribution, attributions
from solld.messages import Phrases, phrases, pick
from solld.web.about import answer_page
from solld.web.documents import language_of, service

blueprint = Blueprint("attribution", __name__)


@blueprint.get("/about/sources")
@blueprint.get("/about/sources.<extension>")
def sources(extension: str = "") -> Response:
    opened = service()
    t = phrases(language_of(opened))
    found = attributions(opened.store, opened.settings)
    told = {"sources": [{k: v for k, v in asdict(each).items() if v or k == "things"} for each in found]}
    return answer_page("sources", extension, told, sources="\n".join(_section(t, each) for each in found))


def _section(t: Phrases, each: Attribution) -> str:
    """A dataset as a section of the text of a page."""
    tags = (t.language, "")
    rows = [
        (t("license"), " ".join(each.licenses) or t("license_unknown")),
        (t("use"), t(f"use_{each.use}")),
        (t("publisher_is"), " ".join(each.publishers)),
        (t("taken_from"), " ".join(each.sources)),
        (t("things"), t.number(each.things)),
        (t("changed_on"), t.date(each.changed)),
        (t("seen_on"), t.date(each.seen)),
        (t("fresh_until"), t.date(each.expires)),
        (t("last_harvest"), " ".join((pick(each.last, tags) if each.last else "", each.reason)).strip()),
        (t("dataset"), each.dataset),
    ]
    told = "\n".join(f"| {term} | {' '.join(value.split())}" for term, value in rows if value)
    return f"## {' '.join(pick(each.title, tags).split())}\n{told}\n"
