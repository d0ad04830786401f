"""Pages that say how the service is to be understood and taken: what pages about it there are, the data, mistakes."""

from datetime import timedelta

from flask import Blueprint, Response, request

from solld.attribution import attributions
from solld.finding.asked import Asked
from solld.formats.about import lead_of, title_of
from solld.messages import Phrases, phrases, pick
from solld.service import Service
from solld.web.about import answer_page, examples_of
from solld.web.documents import language_of, service

blueprint = Blueprint("understand", __name__)
PAGES = ("data", "sources", "persistence", "corrections", "accessibility", "reconciliation", "wikidata", "mediawiki")
LATELY = timedelta(days=7)  # of the changes that an example asks for


@blueprint.get("/about")
@blueprint.get("/about/index.<extension>")
def about(extension: str = "") -> Response:
    """The pages about the service."""
    language = language_of(service())
    pages = "\n".join(f"## {title_of(each, language)} | /about/{each}\n{lead_of(each, language)}" for each in PAGES)
    told = {"pages": [{"title": title_of(each, language), "address": f"/about/{each}"} for each in PAGES]}
    return answer_page("index", extension, told, pages=pages)


@blueprint.get("/about/data")
@blueprint.get("/about/data.<extension>")
def data(extension: str = "") -> Response:
    """All ways to take the data, each with a line that can be copied."""
    opened = service()
    root = request.url_root.rstrip("/")
    shown = {
        "root": root,
        "example": next((each.rpartition("/")[2] for each in examples_of(opened)), "4k7r2dm9q"),
        "word": _word(opened),
        "saved": _saved(opened, root),
        "since": (opened.release.built - LATELY).date().isoformat(),
        "licences": _licences(opened, phrases(language_of(opened))),
    }
    told = {name: shown[name] for name in ("example", "saved", "since")}
    told |= {
        name: root + path for name, path in (("dumps", "/dump/"), ("sparql", "/sparql"), ("interface", "/openapi.json"))
    }
    return answer_page("data", extension, told, **shown)


@blueprint.get("/about/accessibility")
@blueprint.get("/about/accessibility.<extension>")
def accessibility(extension: str = "") -> Response:
    told = {"aim": "https://www.w3.org/TR/WCAG22/", "level": "AA", "audited": False}
    return answer_page("accessibility", extension, told, contact=_contact(service()))


@blueprint.get("/about/corrections")
@blueprint.get("/about/corrections.<extension>")
def corrections(extension: str = "") -> Response:
    opened = service()
    root = request.url_root.rstrip("/")
    told = {"where": f"{root}/correct/{{identifier}}?property={{property}}", "contact": opened.settings.contact or None}
    return answer_page("corrections", extension, told, contact=_contact(opened))


def _contact(opened: Service) -> str:
    """Whom to write to, in words."""
    t, contact = phrases(language_of(opened)), opened.settings.contact
    return t("about_contact", address=contact) if contact else t("about_contact_unknown")


def _word(opened: Service) -> str:
    """A word that a search finds something by: of the name of what comes first."""
    found = opened.finder.find(Asked(size=1), facets=False).hits
    names = next(iter(found[0].row.get("n", {}).values()), "") if found else ""
    return max(names.replace("'", " ").replace("’", " ").split(), key=len, default="a")


def _saved(opened: Service, root: str) -> str:
    """The address of a saved query that needs nothing to be given."""
    ready = (each.name for each in opened.queries if not any(p.required for p in each.parameters))
    name = next(ready, "")
    return f"{root}/queries/{name}?format=csv" if name else f"{root}/queries.json"


def _licences(opened: Service, t: Phrases) -> str:
    """A line for each dataset."""
    rows = ((each.title, each.licenses) for each in attributions(opened.store, opened.settings))
    said = ((pick(title, (t.language, "")), " ".join(licences)) for title, licences in rows)
    return "\n".join(f"| {' '.join(title.split())} | {told or t('license_unknown')}" for title, told in said)
