"""The rows of views: each query is asked once for a release, what is made of them is kept, and both have bounds.

The queries are the site's own, so they run here and not in the processes that the public's queries run in.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from solld.errors import NotFound
from solld.queries import Query, bind
from solld.rdf import Literal
from solld.sparql.outline import outlined
from solld.stores import Store
from solld.views import READER
from solld.views.conditions import Condition, Row, narrowed

MOST = 100_000  # rows of a view that are read
KEPT = 64  # tables, drawings and what else is made of them, the last ones used
T = TypeVar("T")


@dataclass(frozen=True)
class Table:
    """The rows of a view that are wanted; `cut` if there were more than are read."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cut: bool = False


class Views:
    """The views of a release. Threads may share it; `most` are the rows that the store gives at once, 0 for any."""

    def __init__(self, store: Store, queries: Mapping[str, Query], most: int = 0):
        self.queries = queries
        self.most = min(MOST, most - 1) if most else MOST
        self._store = store
        self._kept: OrderedDict[object, Any] = OrderedDict()
        self._making: dict[object, threading.Lock] = {}
        self._lock = threading.Lock()

    def query(self, name: str) -> Query:
        """NotFound if the site has no such view."""
        if name not in self.queries:
            raise NotFound(f"/{name}", "this site has no query that makes this page")
        return self.queries[name]

    def sparql(self, name: str, language: str, conditions: Sequence[Condition] = ()) -> str:
        """The query whose answer the rows are, as the endpoint takes it."""
        query = self.query(name)
        given = {READER: Literal(language.lower())} if query.parameters else {}
        return narrowed(bind(query.text, **given), conditions)

    def reader(self, name: str, language: str) -> str:
        """The language of who reads as far as it counts: "" for a view that does not ask for it."""
        return language if self.query(name).parameters else ""

    def table(self, name: str, language: str, conditions: Sequence[Condition] = ()) -> Table:
        """The rows of a view; `language` is the reader's, which a query may ask for."""
        whole = self.made((name, self.reader(name, language)), lambda: self._read(self.sparql(name, language)))
        if not conditions:
            return whole
        rows = tuple(row for row in whole.rows if all(each.holds(row) for each in conditions))
        return Table(whole.columns, rows, whole.cut)

    def made(self, key: object, make: Callable[[], T]) -> T:
        """What is made of rows: once, as long as it is used."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return cast(T, self._kept[key])
            making = self._making.setdefault(key, threading.Lock())
        with making:  # others that want the same wait for it; those that want something else do not
            with self._lock:
                if key in self._kept:
                    return cast(T, self._kept[key])
            made = make()
            with self._lock:
                self._kept[key] = made
                self._making.pop(key, None)
                while len(self._kept) > KEPT:
                    self._kept.popitem(last=False)
            return made

    def warm(self, languages: Iterable[str]) -> None:
        """Asks every view before somebody does."""
        for language in languages:
            for name in self.queries:
                self.table(name, language)

    def _read(self, text: str) -> Table:
        outline = outlined(text)
        assert outline.end is not None  # which `load` has seen to
        limited = f"{text[: outline.end]}\nLIMIT {self.most + 1}\n{text[outline.end :]}"
        rows = self._store.select(limited)
        columns = outline.variables
        found = tuple({c: term for c, term in zip(columns, row, strict=True) if term is not None} for row in rows)
        return Table(columns, found[: self.most], len(found) > self.most)
