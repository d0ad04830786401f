"""The tables of the history, var/history.sqlite.

release    number | built                                one row per release; a release exists when it is here
ledger     id | dataset | key | minted                   every identifier ever issued
resource   number | iri
version    resource | seq | release | kind | digest | quads   one row per version of a resource (zlib, sorted N-Quads)
touched    iri | release                                 when what points at a resource changed last
ontology   release | prefixes | triples                  the vocabulary, for each release that changed it: how versions
                                                         of that time are shown (JSON, and zlib of sorted N-Triples)
fate       number | release | date | act | id | other | why   decisions on identifiers, as in data/fates.csv
erased     place | release                               rows of version that were emptied by law, before which release

Triggers refuse to change or delete a row of these; `erasing.py` alone takes them away for a moment. The rest is the
working state of the newest release, which the next build starts from and which is changed in the same transaction:

part       graph | resource | digest                     what each source said about each resource
derived    graph | resource | triple | since | until     what the rules made of it, from which release to before which
tally      graph | kind | iri | number                   triples, classes and properties, counted
"""

SCHEMA = """
CREATE TABLE release(number INTEGER PRIMARY KEY, built TEXT NOT NULL);
CREATE TABLE ledger(id TEXT PRIMARY KEY, dataset TEXT NOT NULL, key TEXT NOT NULL, minted TEXT NOT NULL,
    UNIQUE(dataset, key));
CREATE TABLE resource(number INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE);
CREATE TABLE version(resource INTEGER NOT NULL REFERENCES resource, seq INTEGER NOT NULL,
    release INTEGER NOT NULL, kind TEXT NOT NULL, digest BLOB NOT NULL, quads BLOB NOT NULL, UNIQUE(resource, seq));
CREATE TABLE touched(iri TEXT NOT NULL, release INTEGER NOT NULL, PRIMARY KEY(iri, release)) WITHOUT ROWID;
CREATE TABLE part(graph TEXT NOT NULL, resource TEXT NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY(graph, resource)) WITHOUT ROWID;
CREATE INDEX part_resource ON part(resource);
CREATE TABLE derived(graph TEXT NOT NULL, resource TEXT NOT NULL, triple TEXT NOT NULL,
    since INTEGER NOT NULL, until INTEGER, PRIMARY KEY(graph, resource, triple, since)) WITHOUT ROWID;
CREATE INDEX derived_now ON derived(triple, graph) WHERE until IS NULL;
CREATE TABLE tally(graph TEXT NOT NULL, kind TEXT NOT NULL, iri TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY(graph, kind, iri)) WITHOUT ROWID;
"""
GUARDED = ("release", "ledger", "resource", "version", "touched", "ontology", "fate", "erased")


def triggers(tables: tuple[str, ...]) -> list[tuple[str, str]]:
    """(name, statement) of the triggers that refuse to change or delete a row."""
    return [
        (
            f"{table}_{verb}",
            f"CREATE TRIGGER IF NOT EXISTS {table}_{verb} BEFORE {verb} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END;",
        )
        for table in tables
        for verb in ("UPDATE", "DELETE")
    ]


# What was added to the schema since the first histories were written.
LATER = """
CREATE TABLE IF NOT EXISTS fate(number INTEGER PRIMARY KEY, release INTEGER NOT NULL, date TEXT NOT NULL,
    act TEXT NOT NULL, id TEXT NOT NULL, other TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ontology(release INTEGER PRIMARY KEY, prefixes TEXT NOT NULL, triples BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS erased(place INTEGER NOT NULL, release INTEGER NOT NULL, PRIMARY KEY(place, release))
    WITHOUT ROWID;
""" + "".join(statement for _, statement in triggers(GUARDED))
NEWEST = "SELECT 1 FROM sqlite_master WHERE name = 'erased'"  # whether it has all that was added
