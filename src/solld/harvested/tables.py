"""The tables of what a source said, `var/harvest/<name>/state.sqlite`.

fact     key | value                         the lift that made this, and a random name of the state itself
run      number | began | ended | outcome | facts      one row for each harvest (facts in JSON)
line     digest | blocks                     each different row of the source, and the blocks that it makes (numbers)
block    id | name | digest | number | shared | blocks | lines
                                             what a row says of a thing, as N-Triples (zlib), and how many rows say just
                                             that. What rows speak of besides, like a category, is a shared block, which
                                             counts the blocks that point at it and may point at others
name     name | run | number                 the run in which what is said of a resource changed last, and of how many
                                             blocks that is; of none if it is gone
"""

SCHEMA = """
CREATE TABLE fact(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE run(number INTEGER PRIMARY KEY, began TEXT NOT NULL, ended TEXT NOT NULL, outcome TEXT NOT NULL,
    facts TEXT NOT NULL);
CREATE TABLE line(digest BLOB PRIMARY KEY, blocks BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE block(id INTEGER PRIMARY KEY, name TEXT NOT NULL, digest BLOB NOT NULL, number INTEGER NOT NULL,
    shared INTEGER NOT NULL, blocks BLOB NOT NULL, lines BLOB NOT NULL, UNIQUE(name, digest));
CREATE TABLE name(name TEXT PRIMARY KEY, run INTEGER NOT NULL, number INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX name_run ON name(run);
"""
