"""Every page is in the language that it says: the interface, labels of the ontology, and whatever the engine says."""

import re
import tomllib
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from pathlib import Path

import pyoxigraph
import pytest
from jinja2 import Environment
from py3langid.langid import MODEL_FILE, LanguageIdentifier

from conftest import ROOT, Published
from solld import messages, queries
from solld.rdf import Literal

LANGUAGES = ("fr", "en", "es")
SHOWN = ("title", "aria-label", "alt", "placeholder", "aria-description")  # attributes that people read or hear
NAMES = {  # that are the same in every language
    *("JSON", "CSV", "Turtle", "Atom", "LDES", "DCAT, VoID", "OpenAPI", "RDF Patch", "SHA-256", "SPARQL", "curl"),
    *("GeoJSON", "Wikidata", "MediaWiki", "changes.json", "redirects.csv", "tombstones.csv", "rq", "IRI"),
}
BLOCKS = {'lang="', "lang", "website", "article"}  # values of attributes in blocks and macros
QUIET = ("code", "pre", "script", "style", "textarea")
VOID = ("meta", "link", "br", "img", "input", "hr", "circle", "path", "line", "rect", "use", "source", "wbr", "col")
LONG = 60  # characters of a sentence whose language can be told


class Visible(HTMLParser):
    """The texts of a page that are not marked as being of another language: those people read, hear or find."""

    def __init__(self, page: str):
        super().__init__()
        self.open: list[tuple[str, bool]] = []  # element, whether what it has is of another language, or no language
        self.language = ""
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.language = self.language or said.get("lang", "")
        other = said.get("lang", self.language) != self.language or tag in QUIET or "translate" in said
        other = other or any(each for _, each in self.open)
        if not other:
            self.found += [said[name] for name in SHOWN if said.get(name)]
            if tag == "meta" and said.get("name") == "description":
                self.found.append(said.get("content", ""))
        if tag not in VOID:
            self.open.append((tag, other))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Empty elements of SVG hold nothing."""

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and not self.open[-1][1] and data.strip():
            self.found.append(" ".join(data.split()))


# --- every page -------------------------------------------------------------------------------------------------------


PAGES = {
    "home": "/",
    "actor": "/doc/{mds}",
    "network": "/doc/{rers}",
    "concept": "/doc/scheme/values/solidarite",
    "scheme": "/doc/scheme/values",
    "dataset": "/dataset/rers",
    "vocabulary": "/ns",
    "version": "/version/{mds}/1",
    "versions": "/doc/{mds}/versions",
    "what changed": "/doc/{mds}/versions?from=0&to=1",
    "saved queries": "/queries",
    "a saved query": "/queries/charter",
    "query": "/sparql",
    "rows": "/sparql?query=SELECT%20*%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D%20LIMIT%203",
    "a query that finds nothing": "/sparql?query=SELECT%20*%20%7B%20%3Fs%20a%20%3Chttp%3A%2F%2Fx%3E%20%7D",
    "a wrong query": "/sparql?query=SELCT",
    "files": "/dump/",
    "persistence": "/about/persistence",
    "wikidata": "/about/wikidata",
    "mediawiki": "/about/mediawiki",
    "reconciliation": "/about/reconciliation",
    "sources": "/about/sources",
    "networks": "/networks",
    "values": "/values",
    "timeline": "/timeline",
    "search": "/search",
    "found": "/search?q=solidaire",
    "nothing found": "/search?q=xyzzy",
    "map": "/map",
    "about": "/about",
    "data": "/about/data",
    "accessibility": "/about/accessibility",
    "corrections": "/about/corrections",
    "changes": "/changes",
    "list": "/embed?q=solidaire",
    "correcting": "/correct/{mds}",
    "correcting a fact": "/correct/{mds}?property=schema:founder",
    "card": "/embed/{rers}",
    "not found": "/nothing",
    "not an identifier": "/id/4k7r2dm9x",
    "a wrong page": "/doc/{mds}?page=x",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_has_no_word_of_another_language(
    bundled: Published, said: dict[str, str], path: str, language: str
) -> None:
    address = path.format(**bundled.ids)
    answer = bundled.get(f"{address}{'&' if '?' in address else '?'}lang={language}", Accept="text/html")
    page = Visible(answer.text)
    assert page.language == language
    assert answer.headers["Content-Language"] == language
    strange = {each: told for each in page.found if (told := foreign(each, language, said))}
    assert strange == {}, address


def foreign(text: str, language: str, said: dict[str, str]) -> str:
    """The message of another language that a text is, or the language that a sentence is in.

    What the data say in another language, a name or a quotation, is no word of ours.
    """
    for other, pattern in patterns():
        if other != language and pattern.fullmatch(text) and not ours(language).fullmatch(text):
            return pattern.pattern
    words = re.sub(r"https?://\S+|«[^»]*»|[\"“][^\"”]*([\"”]|$)", " ", text)
    for value, tag in said.items():
        if tag != language and (value in words or words in value):
            words = words.replace(value, " ") if value in words else ""
    if len(words) >= LONG and len(words.split()) >= 8:
        told = identifier().classify(words)[0]
        return "" if told == language else f"{told}?"
    return ""


@pytest.fixture(scope="module")
def said(bundled: Published) -> dict[str, str]:
    """What the data say: text -> language; the longest first."""
    found = {q.object.value: q.object.language for q in bundled.service.store.quads() if isinstance(q.object, Literal)}
    known = {" ".join(text.split()): tag for text, tag in found.items() if tag and len(text) > 10}
    return dict(sorted(known.items(), key=lambda pair: -len(pair[0])))


@cache
def identifier() -> LanguageIdentifier:
    found = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    found.set_languages([*LANGUAGES])
    return found


def _pattern(text: str) -> str:
    """What a message looks like with its values in it; numbers are n."""
    pieces = re.split(r"(\{\w+\})", " ".join(text.split()))
    values = {"{n}": r"[\d\s.,]+"}
    return "".join(values.get(each, ".+?") if each.startswith("{") else re.escape(each) for each in pieces)


@cache
def patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(language, what its messages look like), of those that have words enough to be known by."""
    found = []
    for texts in messages.load().values():
        for tag, text in texts.items():
            for form in text.split("|"):
                letters = len(re.findall(r"[^\W\d_]", re.sub(r"\{\w+\}", "", form)))
                if letters >= (10 if re.search(r"\{(?!n\})", form) else 3):
                    found.append((tag, re.compile(_pattern(form))))
    return tuple(found)


@cache
def ours(language: str) -> re.Pattern[str]:
    """All messages of a language, and all labels that the ontology has in it."""
    found = {pattern.pattern for tag, pattern in patterns() if tag == language}
    found |= {re.escape(" ".join(each.split())) for tag, each in labels() if tag == language}
    return re.compile("|".join(sorted(found, key=len, reverse=True)), re.IGNORECASE)


# --- messages, templates, texts ---------------------------------------------------------------------------------------


def test_no_message_is_told_twice() -> None:
    seen: dict[str, str] = {}
    for name in messages.FILES:
        for key in tomllib.loads(files("solld").joinpath(name).read_text(encoding="utf-8")):
            assert key not in seen, f"{key} is in {name} and {seen[key]}"
            seen[key] = name


@pytest.mark.parametrize("key", messages.load())
def test_a_message_in_two_languages_is_not_one_that_somebody_forgot(key: str) -> None:
    texts = messages.load()[key]
    words = {tag: re.sub(r"\{\w+\}", "", text) for tag, text in texts.items()}
    sentences = [tag for tag, text in words.items() if len(text.split()) >= 4]
    assert len({words[tag] for tag in sentences}) == len(sentences) or key.startswith("region_")  # names
    for tag in sentences:
        if len(words[tag]) >= 80:
            assert identifier().classify(words[tag].replace("|", " "))[0] == tag


@pytest.mark.parametrize("path", sorted((ROOT / "src/solld/templates").glob("*.html")), ids=lambda p: p.name)
def test_a_template_has_no_words_of_its_own(path: Path) -> None:
    lexed = Environment(trim_blocks=True, lstrip_blocks=True).lex(path.read_text(encoding="utf-8"))
    text = "".join(value if kind == "data" else "§" * (kind == "variable_begin") for _, kind, value in lexed)
    page = Visible(f'<html lang="xx">{text}')
    own = {re.sub(r"^[^\w]+|[^\w]+$", "", each.replace("§", "")) for each in page.found}
    assert {each for each in own if re.search(r"[^\W\d_]{2,}", each)} - NAMES - BLOCKS == set()
    outside = re.sub(r"<(code|pre).*?</\1>", "", text, flags=re.DOTALL)
    assert " : " not in outside, "a colon stands as the language has it: t('colon')"


@pytest.mark.parametrize("path", sorted((ROOT / "src/solld/about").glob("*.fr.txt")), ids=lambda p: p.name)
def test_the_texts_about_the_service_are_there_in_every_language_with_the_same_parts(path: Path) -> None:
    shapes = []
    for language in LANGUAGES:
        text = path.with_name(path.name.replace(".fr.", f".{language}.")).read_text(encoding="utf-8")
        shapes.append([re.split(r"\s", line)[0] if line[:1] in "#->|" else "p" for line in text.split("\n") if line])
        assert identifier().classify(re.sub(r"(?m)^[>|].*$|\{\w+\}", "", text))[0] == language
    assert shapes[0] == shapes[1] == shapes[2]


# --- the ontology -----------------------------------------------------------------------------------------------------

LABELS = (
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/ns/shacl#name",
    "http://purl.org/dc/terms/title",
    "http://www.w3.org/2004/02/skos/core#definition",
)
PUBLISHERS = "alignments.ttl"  # labels of terms of others, in the languages that they give


@cache
def labels() -> frozenset[tuple[str, str]]:
    """(language, label) of everything in the ontology."""
    return frozenset((tag, text) for _, found in _labelled().items() for tag, text in found.items())


@cache
def _labelled() -> dict[tuple[str, str, str], dict[str, str]]:
    """(file, subject, predicate) -> language -> label."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    for path in sorted((ROOT / "ontology").rglob("*.ttl")):
        for each in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE, base_iri="https://x.example/"):
            if each.predicate.value in LABELS and isinstance(each.object, pyoxigraph.Literal) and each.object.language:
                key = (path.name, str(each.subject), each.predicate.value)
                found.setdefault(key, {})[each.object.language] = each.object.value
    return found


def test_every_label_and_definition_of_the_ontology_is_there_in_every_language() -> None:
    found = {key: set(texts) for key, texts in _labelled().items() if key[0] != PUBLISHERS}
    assert len(found) > 500
    assert {key: tags for key, tags in found.items() if not set(LANGUAGES) <= tags} == {}


@pytest.mark.parametrize("path", sorted((ROOT / "queries").glob("*.rq")), ids=lambda p: p.stem)
def test_a_saved_query_and_its_parameters_are_summed_up_in_every_language(path: Path) -> None:
    (query,) = [each for each in queries.load(path.parent) if each.name == path.stem]
    for texts in (query.summary, *(each.description for each in query.parameters)):
        assert set(texts) == set(LANGUAGES)
        assert len(set(texts.values())) == len(LANGUAGES)
