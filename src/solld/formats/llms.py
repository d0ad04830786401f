"""llms.txt: what the site is and where its data are, for language models and who works with them. https://llmstxt.org/"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from solld.formats.home import home
from solld.formats.marked import linked, plain
from solld.messages import Phrases, phrases, pick
from solld.model import Context, Description
from solld.queries import Query

LONGEST = 200  # characters of what is said of a link
Entry = tuple[str, str, str]  # name, path, what it is


@dataclass(frozen=True)
class Site:
    """What there is to tell of: the catalogue, saved queries, a thing as an example, whether a path is served."""

    catalog: Description
    queries: Sequence[Query]
    example: str  # path of a document
    has: Callable[[str], bool]


def write(site: Site, context: Context) -> bytes:
    settings, t = context.settings, phrases(context.language)
    root = settings.base.rstrip("/")
    shown = home(site.catalog, replace(context, root=root))
    title = pick(settings.title, context.language_tags)
    summary = pick(settings.description, context.language_tags)
    counts = ", ".join(f"{number} {what}" for number, what in shown.counts)
    blocks = [
        f"# {plain(title)}",
        f"> {plain(summary)}" if summary else "",
        t("llms_intro", base=settings.base, license=settings.license or "–") + (f" ({counts})" if counts else ""),
    ]
    vocabulary: list[Entry] = [(t("vocabulary"), "/ns.md", t("llms_vocabulary"))]
    vocabulary += [(each.text, _markdown(each.href, root), "") for each in shown.schemes]
    datasets = [(c.title.text, _markdown(c.title.href, root), c.text.text if c.text else "") for c in shown.datasets]
    queries = [
        (pick(each.summary, context.language_tags), f"/queries/{each.name}.rq", _parameters(each, t))
        for each in site.queries
    ]
    for heading, entries in (
        (t("llms_formats"), list(_formats(site, context))),
        (t("llms_interfaces"), [each for each in _interfaces(t, settings.base) if site.has(each[1].partition("?")[0])]),
        (t("vocabulary"), vocabulary),
        (t("datasets"), datasets),
        (t("saved_queries"), queries),
        # The name of the last section means something: what stands there may be left out. https://llmstxt.org/#format
        ("Optional", [each for each in _more(t) if site.has(each[1])]),
    ):
        if entries:
            blocks.append(f"## {heading}\n\n" + "\n".join(_item(each, root) for each in entries))
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def _item(entry: Entry, root: str) -> str:
    name, path, text = entry
    words = " ".join(text.split())
    words = words if len(words) <= LONGEST else words[:LONGEST].rpartition(" ")[0] + " …"
    return f"- {linked(plain(name), path if path.startswith('http') else root + path)}" + (
        f": {plain(words)}" if words else ""
    )


def _markdown(href: str, root: str) -> str:
    """The Markdown of what has an address; a page elsewhere is as it is."""
    path = href.removeprefix(root)
    if path == href:
        return href
    return f"/doc{path}.md" if path.startswith("/scheme/") else f"{path}.md"


def _formats(site: Site, context: Context) -> Iterator[Entry]:
    for each in context.formats:
        yield each.name, f"{site.example}.{each.extension}", each.media_type


def _interfaces(t: Phrases, base: str) -> Iterator[Entry]:
    yield "OpenAPI", "/openapi.json", t("llms_openapi")
    yield t("llms_search"), "/search?q=", t("llms_search_text")
    yield "SPARQL", "/sparql", t("llms_sparql")
    yield t("reconcile_list"), "/about/reconciliation", t("llms_reconcile")
    yield "oEmbed", f"/oembed?url={base}", t("llms_oembed")


def _more(t: Phrases) -> Iterator[Entry]:
    yield t("dumps"), "/dump/", t("dumps_intro")
    yield "Linked Data Event Stream", "/ldes", t("llms_changes")
    yield "Sitemap", "/sitemap.xml", t("llms_sitemap")
    yield t("persistence"), "/about/persistence", ""
    yield t("sources"), "/about/sources", ""


def _parameters(query: Query, t: Phrases) -> str:
    names = ", ".join(each.name for each in query.parameters)
    return f"{t('llms_parameters')}{t('colon')}{names}" if names else ""
