"""Countries and languages that nothing can be made of."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property

from solld.harvesting.columns import normalised
from solld.link.folding import folded
from solld.messages import language_names, language_tags
from solld.rdf import DCT, SCHEMA, Literal
from solld.reporting.findings import INFO, WARNING, Check, Finding, Kind, View, local, one
from solld.reporting.records import Record
from solld.sources.readings import LONG_ENOUGH, READINGS

KINDS = (Kind("country_unknown", WARNING), Kind("language_unknown", WARNING), Kind("language_untold", INFO))
CALLED = frozenset(  # columns that say a language
    "lang language languages langue langues sprache sprachen idioma idiomas lingua lingue taal inlanguage".split()
)
TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*", re.IGNORECASE)
UNKNOWN = "und"  # BCP 47


@dataclass
class Countries:
    view: View
    called: dict[str, bool] = field(default_factory=dict)  # column -> whether it says a language
    untold: Counter[str] = field(default_factory=Counter)  # property -> texts in a language that cannot be told

    @cached_property
    def countries(self) -> tuple[str, ...]:
        return self.view.columns_read("country")

    def see(self, record: Record) -> Iterator[Finding]:
        yield from self._countries(record)
        for column in record.cells.keys() - self.called.keys():
            self.called[column] = normalised(column).replace(" ", "") in CALLED
        for column in (each for each in record.cells if self.called[each]):
            for cell in record.cells[column]:
                wrong = [each for each in map(str, READINGS["parts"](cell)) if not is_language(each)]
                if wrong:
                    yield one("language_unknown", record, column, cell.strip(), {"language": ", ".join(wrong)})
        for predicate in (DCT.description, SCHEMA.description):
            for term in record.said.get(predicate.value, ()):
                if isinstance(term, Literal) and term.language == UNKNOWN and len(term.value) >= LONG_ENOUGH:
                    self.untold[predicate.value] += 1

    def _countries(self, record: Record) -> Iterator[Finding]:
        for column in self.countries:
            for cell in record.cells.get(column, ()):
                if cell.strip() and not any(True for _ in READINGS["country"](cell)):
                    yield one("country_unknown", record, column, cell.strip())

    def end(self) -> Iterator[Finding]:
        for predicate, number in self.untold.items():
            yield Finding("language_untold", field=local(predicate), told={"n": str(number)}, weight=number)


def is_language(text: str) -> bool:
    """Whether a text is the tag of a language (BCP 47), or its name in any language."""
    tag = text.strip().lower().replace("_", "-")
    return folded(text) in _names() or bool(TAG.fullmatch(tag) and tag.partition("-")[0] in language_tags())


@cache
def _names() -> frozenset[str]:
    return frozenset(map(folded, language_names()))


CHECK = Check("countries", 4, KINDS, Countries)
