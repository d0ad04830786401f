"""A SQLite file of what matching keeps, with its facts: what stands in it is a cache, and can be made again."""

import sqlite3
from pathlib import Path
from typing import ClassVar, Self

from solld.errors import StoreFailed

FACT = "CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"


class Kept:
    """An opened file; `schema` makes the tables of a new one."""

    schema: ClassVar[str]

    def __init__(self, path: Path, connection: sqlite3.Connection):
        self.path, self.db = path, connection

    @classmethod
    def open(cls, path: Path) -> Self:
        """For matching: creates the file if there is none. StoreFailed if that cannot be."""
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            db = sqlite3.connect(path, isolation_level=None, timeout=30)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")  # what is lost is made again
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'fact'").fetchone():
                db.executescript(f"BEGIN IMMEDIATE; {FACT} {cls.schema} COMMIT;")
        except sqlite3.Error as error:
            raise StoreFailed(path, str(error)) from error
        return cls(path, db)

    @classmethod
    def read_only(cls, path: Path) -> Self:
        """For others. StoreFailed if it cannot be read."""
        try:
            db = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None, timeout=30)
            db.execute("SELECT 1 FROM fact").fetchone()
        except sqlite3.Error as error:
            raise StoreFailed(path, str(error)) from error
        return cls(path, db)

    def close(self) -> None:
        self.db.close()

    def fact(self, key: str) -> str:
        """What is known of the whole, such as the method that scored; "" if it is not."""
        row = self.db.execute("SELECT value FROM fact WHERE key = ?", (key,)).fetchone()
        return str(row[0]) if row else ""

    def set_fact(self, key: str, value: str) -> None:
        self.db.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (key, value))
