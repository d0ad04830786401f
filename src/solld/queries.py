"""Reads SPARQL from files: the first comment says what a query answers, and the file runs as it stands.

# What this answers, in one sentence.
# fr: La même chose en français.
SELECT ...
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from solld.errors import BadSite
from solld.rdf import Literal, NamedNode

VARIABLE = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>|#[^\n]*|\$(\w+)')  # skips strings, IRIs and comments


@dataclass(frozen=True)
class Query:
    """A saved query; `summary` by language, "en" being the first comment."""

    name: str
    summary: Mapping[str, str]
    text: str


def load(folder: Path) -> tuple[Query, ...]:
    """The queries of a folder, by name."""
    return tuple(read(path) for path in sorted(folder.glob("*.rq")))


def read(path: Path) -> Query:
    """One query file; BadSite if it does not begin with its summary."""
    text = path.read_text(encoding="utf-8")
    first, *rest = text.splitlines() or [""]
    if not first.startswith("# "):
        raise BadSite(path, "the first line must be a comment that says what the query answers", 1)
    summary = {"en": first[2:].strip()}
    for line in rest:
        translated = re.fullmatch(r"# ([a-z]{2}): (.+)", line)
        if not translated:
            break
        summary[translated[1]] = translated[2].strip()
    return Query(path.stem, summary, text)


def bind(text: str, **terms: NamedNode | Literal) -> str:
    """The query with `$name` replaced by terms: they are written by the RDF library, never as raw strings."""
    return VARIABLE.sub(lambda m: str(terms[m[1]]) if m[1] in terms else m[0], text)
