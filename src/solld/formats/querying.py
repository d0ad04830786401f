"""The page of the endpoint: a form, examples, what is wrong with a query and where, results that can be sorted.

It works without a script; with one, the text is edited with completion from the data. The script is told what it needs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from solld.formats import saved
from solld.formats.html import ENVIRONMENT, Frame, embedded, meaning
from solld.formats.results import Results
from solld.hints import Problem, said
from solld.messages import Phrases, phrases, pick
from solld.model import Settings
from solld.negotiate import lookup_tags
from solld.queries import Query
from solld.sparql.ordering import order_of, ordered
from solld.sparql.outline import Outline
from solld.sparql.saying import ENGLISH, is_in

WORDS = ("count", "place", "kind_class", "kind_property", "kind_variable", "kind_prefix", "kind_word", "copied")

# What stands in the form when nothing was asked: what there is, which leads on.
FIRST = """SELECT ?class (COUNT(?thing) AS ?number)
WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?number)
"""


@dataclass(frozen=True)
class Sort:
    """How a column is sorted ("", "ascending", "descending"), and where it is otherwise."""

    now: str
    href: str


@dataclass(frozen=True)
class Page:
    """What was asked, and what came of it."""

    query: str = ""
    formats: Sequence[tuple[str, str]] = ()  # name and address of the results in other formats
    results: Results | None = None
    problems: Sequence[Problem] = ()  # of the text
    message: str = ""  # another error
    status: int = 200
    sorts: Mapping[str, Sort] = field(default_factory=dict)


def page(settings: Settings, language: str, root: str, examples: Sequence[Query], told: Page) -> bytes:
    """The page in HTML."""
    tags = lookup_tags(language, settings.languages)
    variables = Frame(settings, language, root).values()
    return TEMPLATE.render(
        variables | meaning(language, told.status),
        problems=[_problem(each, language) for each in told.problems],
        page=told,
        text=told.query or FIRST,
        examples=[_example(each, tags, root) for each in examples],
        address=f"{settings.base}sparql?{urlencode({'query': told.query})}",
        endpoint=f"{settings.base}sparql",
        settings=embedded(_settings(language, root)),
    ).encode()


def sorts(outline: Outline, root: str, lang: str = "") -> dict[str, Sort]:
    """For each column of a query where its rows are sorted by that; nothing if it is none that can be sorted."""
    by, down = order_of(outline) or ("", False)
    found = {}
    for name in outline.variables:
        again = ordered(outline, name, name == by and not down)
        if again is None:
            return {}
        now = ("descending" if down else "ascending") if name == by else ""
        query = urlencode({"query": again} | ({"lang": lang} if lang else {}))
        found[name] = Sort(now, f"{root}/sparql?{query}#results")
    return found


def _example(query: Query, tags: Sequence[str], root: str) -> dict[str, Any]:
    """A saved query: one with parameters leads to its form, another runs."""
    asks = bool(query.parameters)
    href = saved.path(query) if asks else f"/sparql?{urlencode({'query': query.text})}#results"
    return {"summary": pick(query.summary, tags), "href": root + href, "asks": asks}


def _problem(problem: Problem, language: str) -> Mapping[str, Any]:
    """What the template shows of a problem; what cannot be said in the language has that of the text beside it."""
    told = said(problem, language)
    lang = {
        name: "" if is_in(text, language) else ENGLISH
        for name, text in (("message", problem.message), ("hint", problem.hint))
    }
    return {"line": told.line, "column": told.column, "message": told.message, "hint": told.hint, "lang": lang}


def _settings(language: str, root: str) -> Mapping[str, Any]:
    """What the script is told."""
    t = phrases(language)
    return {
        "language": language,
        "terms": f"{root}/sparql/terms.json?lang={language}",
        "check": f"{root}/sparql/check?lang={language}",
        "words": _words(t),
    }


def _words(t: Phrases) -> Mapping[str, str]:
    return {each: t.texts[f"query_script_{each}"] for each in WORDS}


TEMPLATE = ENVIRONMENT.get_template("sparql.html")
