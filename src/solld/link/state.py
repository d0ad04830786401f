"""What was compared last: records, their keys, how many have a word; `var/match/state.sqlite`, which can be made again.

fact    key | value                     method, and up to which place of the history the records are
record  number | id | said | side       as JSON, and what is compared of it, pickled: making it takes five times longer
key     key | record                    64 bits of each key of a record
count   value | number                  words, and websites and telephones, with how many records have them
"""

import json
import pickle
import sqlite3
from collections import Counter
from collections.abc import Iterable
from dataclasses import astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from solld.link.comparing import Commons
from solld.link.kept import Kept
from solld.link.likeness import Rarity
from solld.link.matching import FEW, shared_of, words_of
from solld.link.record import Record
from solld.link.sides import Side

SCHEMA = """
CREATE TABLE record(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, said TEXT NOT NULL, side BLOB NOT NULL);
CREATE TABLE key(key INTEGER NOT NULL, record INTEGER NOT NULL);
CREATE INDEX key_record ON key(record);
CREATE TABLE count(value TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
"""
WORD = "w "  # before a word among the counted; what is shared has "s " there
SHARED = "s "
SETS = frozenset(("types", "linked"))  # fields of a record that are sets


class State(Kept):
    """The opened state of matching."""

    schema = SCHEMA

    def __init__(self, path: Path, connection: sqlite3.Connection):
        super().__init__(path, connection)
        self._counted: Counter[str] = Counter()  # what is to be added to `count`

    def clear(self) -> None:
        """Forgets everything."""
        self._counted.clear()
        for table in ("fact", "record", "key", "count"):
            self.db.execute(f"DELETE FROM {table}")

    def number(self) -> int:
        return int(self.db.execute("SELECT COUNT(*) FROM record").fetchone()[0])

    def number_of(self, identifier: str) -> int | None:
        row = self.db.execute("SELECT number FROM record WHERE id = ?", (identifier,)).fetchone()
        return int(row[0]) if row else None

    def record(self, identifier: str) -> Record | None:
        row = self.db.execute("SELECT said FROM record WHERE id = ?", (identifier,)).fetchone()
        return loaded(row[0]) if row else None

    def side(self, number: int) -> Side:
        """What is compared of a record."""
        (packed,) = self.db.execute("SELECT side FROM record WHERE number = ?", (number,)).fetchone()
        side: Side = pickle.loads(packed)  # that this wrote itself
        return side

    def put(self, record: Record, side: Side) -> int:
        """Adds a record, without its keys, and counts what it has, which `settle` writes; gives its number."""
        said = json.dumps([sorted(v) if isinstance(v, frozenset) else v for v in astuple(record)], ensure_ascii=False)
        cursor = self.db.execute(
            "INSERT INTO record(id, said, side) VALUES (?, ?, ?)", (record.id, said, pickle.dumps(side, 5))
        )
        self._count(side, 1)
        return int(cursor.lastrowid or 0)

    def drop(self, identifier: str, side: Side) -> None:
        """Takes a record out, with its keys."""
        (number,) = self.db.execute("SELECT number FROM record WHERE id = ?", (identifier,)).fetchone()
        self.drop_keys(number)
        self.db.execute("DELETE FROM record WHERE number = ?", (number,))
        self._count(side, -1)

    def _count(self, side: Side, change: int) -> None:
        for value in (*(WORD + word for word in words_of(side)), *(SHARED + value for value in shared_of(side))):
            self._counted[value] += change

    def settle(self) -> None:
        """Writes what was counted: one word of many records once."""
        self.db.executemany(
            "INSERT INTO count VALUES (?, ?) ON CONFLICT DO UPDATE SET number = number + excluded.number",
            ((value, number) for value, number in sorted(self._counted.items()) if number),
        )
        self._counted.clear()

    def drop_keys(self, number: int) -> None:
        self.db.execute("DELETE FROM key WHERE record = ?", (number,))

    def put_keys(self, number: int, keys: Iterable[int]) -> None:
        self.db.executemany("INSERT INTO key VALUES (?, ?)", [(key, number) for key in keys])

    def commons(self) -> Commons:
        """What is known of all records."""
        self.settle()
        words, shared = {}, {}
        for value, number in self.db.execute("SELECT value, number FROM count WHERE number > 0"):
            if value.startswith(WORD):
                words[value[2:]] = number
            elif number > FEW:
                shared[value[2:]] = number
        return Commons(Rarity(words, self.number()), shared)

    def keys(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """All keys and the numbers of the records that have them."""
        (size,) = self.db.execute("SELECT COUNT(*) FROM key").fetchone()
        found = np.empty((2, size), np.int64)
        for place, row in enumerate(self.db.execute("SELECT key, record FROM key")):
            found[:, place] = row
        return found[0], found[1]


def path_of(var: Path) -> Path:
    """The file of a site, by where it keeps what can be made again."""
    return var / "match" / "state.sqlite"


def forget(var: Path) -> None:
    """Deletes the file, so that the next run reads everything anew: what is erased is to be nowhere."""
    for path in path_of(var).parent.glob(f"{path_of(var).name}*"):  # with what SQLite keeps beside it
        path.unlink()


def loaded(text: str) -> Record:
    """A record of its JSON."""
    values = zip(fields(Record), json.loads(text), strict=True)
    return Record(**{field.name: _frozen(field.name, value) for field, value in values})


def _frozen(name: str, value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return frozenset(value) if name in SETS else tuple(tuple(v) if isinstance(v, list) else v for v in value)
