"""Adds a source to a site: `data/<name>/dataset.ttl` says where it comes from, `lift.rq` what it becomes."""

import re
from datetime import date
from pathlib import Path
from urllib.parse import quote, urlsplit

from solld.errors import BadSite
from solld.harvested import LIFT
from solld.harvesting import written
from solld.harvesting.looking import Look
from solld.harvesting.urls import here
from solld.model import Settings
from solld.rdf import Literal, NamedNode
from solld.site import NAME

BEFORE = "lift.rq.before"  # the lift that was there, when one is guessed again
RIGHTS = "What may be done with these data is not known yet: ask the source, and state dct:license."


def name_of(where: str) -> str:
    """A name for what is at a URL or in a file."""
    parts = urlsplit(where)
    if "://" in where and parts.hostname:
        words = re.sub(r"^(www|data|api|carte|map)\.", "", parts.hostname).rsplit(".", 1)[0]
    else:
        words = Path(where).name.split(".")[0]
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "source"


def add(settings: Settings, found: Look, name: str, title: str, licence: str, again: bool) -> Path:
    """Writes the folder of a dataset and returns it. BadSite if there is one of that name.

    With `again`, only the lift is guessed anew, and the one before is kept beside it.
    """
    folder = settings.folder / "data" / name
    if not NAME.fullmatch(name):
        raise BadSite(folder, "the name of a dataset is lower-case letters, digits and hyphens")
    there = (folder / "dataset.ttl").exists()
    if there and not again:
        raise BadSite(folder, "there is a dataset of that name; --name gives another, --again guesses its lift anew")
    if again and not there:
        raise BadSite(folder, "there is no dataset of that name to guess again")
    today = date.today().isoformat()
    text = text_of(found, name)
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / LIFT).exists():
        (folder / LIFT).replace(folder / BEFORE)
    (folder / LIFT).write_text(text, encoding="utf-8")
    if not again:
        described = _description(settings, found, name, title or name, licence, today)
        (folder / "dataset.ttl").write_text(described, encoding="utf-8")
    return folder


def text_of(found: Look, name: str) -> str:
    """The text of the lift that was guessed."""
    return written.lift(found.uses, name, found.language, found.unused, date.today().isoformat())


def _description(settings: Settings, found: Look, name: str, title: str, licence: str, today: str) -> str:
    stated = licence or (found.licence.iri if found.licence else "")
    language = "" if found.language == written.UNKNOWN else found.language
    titled = Literal(title, language=language or "und")
    lines = [
        f"# The dataset {name!r}: what another directory publishes. Added by solld add-source on {today}.",
        f"# Base of this file: <base>dataset/{name}, so <> is the dataset.",
        "",
        "@prefix dcat: <http://www.w3.org/ns/dcat#> .",
        "@prefix dct: <http://purl.org/dc/terms/> .",
        "@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .",
        "",
        "<> a dcat:Dataset ;",
        f"  dct:title {titled} ;",
        f"  dct:license {NamedNode(stated)} ;" if stated else f"  # dct:license <...> ;   {RIGHTS}",
        "  dct:source <#source> ;",
        f'  dct:issued "{today}"^^xsd:date .',
        "",
        "<#source> a dcat:Distribution ;",
        f"  dcat:downloadURL <{_url(settings, found.url)}> ;",
        f"  dct:conformsTo {NamedNode(found.source.standard)} .  # {found.source.title}",
        "",
    ]
    return "\n".join(lines)


def _url(settings: Settings, where: str) -> str:
    """A URL; for a file of the site one that is relative to the base, so that the site may be anywhere."""
    if "://" in where:
        return NamedNode(where).value
    file, member = here(where)
    path, site = file.resolve(), settings.folder.resolve()
    url = f"../{quote(str(path.relative_to(site)))}" if path.is_relative_to(site) else path.as_uri()
    return f"{url}#{quote(member)}" if member else url
