"""How a document is cited, in wikis and by programs that keep references: a version, which stays as it was.

https://fr.wikipedia.org/wiki/Modèle:Lien_web  https://en.wikipedia.org/wiki/Template:Cite_web  https://www.bibtex.org/
https://en.wikipedia.org/wiki/RIS_(file_format)  https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from solld.addresses import document_path, is_document, version_path
from solld.formats.labels import Labels
from solld.formats.page import build
from solld.messages import phrases, pick
from solld.model import Context, Description, Format

WIKI = {"|": "{{!}}", "[": "&#91;", "]": "&#93;", "{": "&#123;", "}": "&#125;", "<": "&lt;", ">": "&gt;"}
LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "{}%&#_$"},
}


@dataclass(frozen=True)
class Citation:
    """What is told of a version of a document when it is cited."""

    key: str
    title: str
    language: str
    iri: str  # of the thing, persistent
    url: str  # of the version
    version: int
    time: datetime  # when the version came to be
    read: datetime  # of the release that it was read from
    site: str
    publisher: str
    sources: tuple[str, ...]  # datasets that state it
    license: str


def citation(description: Description, context: Context, title: str = "") -> Citation | None:
    """How to cite a description; None for what has no version yet."""
    if context.moment is None or context.built is None:
        return None
    base, iri = context.settings.base, description.resource.value
    about = iri.removeprefix(base)
    labels = Labels(description, context)
    graphs = {graph.value for each in description.about for graph in description.graphs.get(each, ())}
    licenses = [link.target for link in context.links if link.rel == "license"]
    return Citation(
        key=re.sub(r"[^A-Za-z0-9]+", "-", f"{about}-{context.moment.seq}").strip("-"),
        title=" ".join((title or build(description, context).title.text).split()),
        language=context.language,
        iri=iri,
        url=base + (version_path(about, context.moment.seq) if is_document(about) else document_path(about)),
        version=context.moment.seq,
        time=context.moment.time,
        read=context.built,
        site=pick(context.settings.title, context.language_tags),
        publisher=context.settings.publisher_name,
        sources=tuple(labels.label(graph).value for graph in sorted(graphs) if graph.startswith(f"{base}dataset/")),
        license=licenses[0] if licenses else context.settings.license,
    )


# Wikis ----------------------------------------------------------------------------------------------------------------


def lien_web(cited: Citation) -> str:
    """For the Wikipedia in French."""
    day = phrases("fr").day
    return _template(
        "Lien web",
        {
            "langue": cited.language,
            "titre": cited.title,
            "url": cited.url,
            "site": cited.site,
            "éditeur": cited.publisher,
            "date": day(cited.time),
            "consulté le": day(cited.read),
        },
    )


def cite_web(cited: Citation) -> str:
    """For the Wikipedia in English, and many others."""
    return _template(
        "cite web",
        {
            "title": cited.title,
            "url": cited.url,
            "website": cited.site,
            "publisher": cited.publisher,
            "date": cited.time.date().isoformat(),
            "access-date": cited.read.date().isoformat(),
            "language": cited.language,
        },
    )


def _template(name: str, values: dict[str, str]) -> str:
    # A sign of the wiki's own would end the value; an address has none of them, and must stay as it is.
    shown = {k: v if k == "url" else "".join(WIKI.get(sign, sign) for sign in v) for k, v in values.items() if v}
    return "{{" + name + "".join(f" |{k}={v}" for k, v in shown.items()) + "}}"


def _wikitext(cited: Citation) -> str:
    return f"{lien_web(cited)}\n{cite_web(cited)}\n"


# Programs -------------------------------------------------------------------------------------------------------------


def _bibtex(cited: Citation) -> str:
    fields = {
        "title": f"{{{_latex(cited.title)}}}",
        "author": f"{{{_latex(cited.publisher)}}}" if cited.publisher else "",
        "year": f"{cited.time:%Y}",
        "month": f"{cited.time:%m}",
        "howpublished": _latex(cited.site),
        "url": cited.url,
        "urldate": f"{cited.read:%Y-%m-%d}",
        "language": cited.language,
        "note": _latex(
            "; ".join((f"Version {cited.version}", cited.iri, *cited.sources, *filter(None, [cited.license])))
        ),
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@misc{{{cited.key},\n{lines}}}\n"


def _latex(text: str) -> str:
    return "".join(LATEX.get(sign, sign) for sign in text)


def _ris(cited: Citation) -> str:
    fields = [
        ("TY", "ELEC"),
        ("ID", cited.key),
        ("TI", cited.title),
        ("AU", cited.publisher),
        ("PB", cited.publisher),
        ("T2", cited.site),
        ("PY", f"{cited.time:%Y}"),
        ("DA", f"{cited.time:%Y/%m/%d}"),
        ("Y2", f"{cited.read:%Y/%m/%d}"),
        ("ET", str(cited.version)),
        ("LA", cited.language),
        ("UR", cited.url),
        ("N1", cited.iri),
        *(("N1", source) for source in cited.sources),
        ("C1", cited.license),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in fields if value) + "ER  - \r\n"


def _csl(cited: Citation) -> str:
    told = {
        "id": cited.key,
        "type": "webpage",
        "title": cited.title,
        "URL": cited.url,
        "container-title": cited.site,
        "publisher": cited.publisher,
        "author": [{"literal": cited.publisher}] if cited.publisher else [],
        "issued": {"date-parts": [[cited.time.year, cited.time.month, cited.time.day]]},
        "accessed": {"date-parts": [[cited.read.year, cited.read.month, cited.read.day]]},
        "version": str(cited.version),
        "language": cited.language,
        "source": "; ".join(cited.sources),
        "note": cited.iri,
        "license": cited.license,
    }
    return json.dumps([{name: value for name, value in told.items() if value}], ensure_ascii=False, indent=1) + "\n"


def texts(cited: Citation) -> list[tuple[str, str]]:
    """What a page shows to be copied: its name, and the citation."""
    wikis = [("{{Lien web}}", lien_web(cited)), ("{{cite web}}", cite_web(cited))]
    return [*wikis, ("BibTeX", _bibtex(cited).rstrip()), ("CSL-JSON", _csl(cited).rstrip())]


def _format(name: str, media_type: str, extension: str, write: Callable[[Citation], str], *aliases: str) -> Format:
    return Format(
        name,
        media_type,
        extension,
        lambda description, context: write(_cited(description, context)).encode(),
        aliases,
        charset=media_type.startswith("text/"),
        localised=True,
        quality=0.1,
        offered=lambda description, context: context.moment is not None,
        cites=True,
    )


def _cited(description: Description, context: Context) -> Citation:
    found = citation(description, context)
    assert found  # it is offered where there is a version
    return found


FORMATS = (
    _format("BibTeX", "application/x-bibtex", "bib", _bibtex, "text/x-bibtex"),
    _format("RIS", "application/x-research-info-systems", "ris", _ris),
    _format("CSL-JSON", "application/vnd.citationstyles.csl+json", "csl", _csl),
    _format("Wikitext", "text/x-wiki", "wiki", _wikitext),
)
