"""The ledger of identifiers: `data/<name>/ids.csv`, which gives each source key its opaque identifier for ever.

    id,key,minted
    4k7r2dm9q,reseau,2026-11-23

Append-only: a line is never changed, removed or used again; an erasure alone makes its key unreadable. The history
remembers every line it has seen, and a build that would lose one is refused.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from solld import table
from solld.addresses import is_identifier, mint
from solld.errors import BadData

HEADER = ["id", "key", "minted"]
ERASED = "erased:"


def read(path: Path) -> dict[str, tuple[str, str]]:
    """key -> (identifier, date of minting). BadData names the line that is wrong."""
    found: dict[str, tuple[str, str]] = {}
    lines: dict[str, int] = {}
    for number, row in enumerate(table.read(path, HEADER), 2):
        if len(row) != len(HEADER) or not row[1]:
            raise BadData(path, f"a line is id,key,minted; this is {','.join(row)!r}", number)
        identifier, key, minted = row
        if not is_identifier(identifier):
            raise BadData(
                path, f"{identifier!r} is not an identifier (field 'id'): wrong form or check character", number
            )
        if identifier in lines:
            raise BadData(path, f"identifier {identifier!r} is used twice, first in line {lines[identifier]}", number)
        if key in found:
            raise BadData(path, f"key {key!r} has two identifiers; the other is {found[key][0]!r}", number)
        found[key] = (identifier, minted)
        lines[identifier] = number
    return found


def line_of(path: Path, identifier: str) -> int:
    """The line, from 1, of an identifier in a ledger file; 0 if it is not there."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((n for n, line in enumerate(lines, 1) if line.startswith(f"{identifier},")), 0)


def check_across(ledgers: Mapping[Path, Mapping[str, tuple[str, str]]]) -> None:
    """BadData if two datasets use one identifier."""
    seen: dict[str, Path] = {}
    for path, entries in ledgers.items():
        for identifier, _ in entries.values():
            if identifier in seen:
                raise BadData(
                    path, f"identifier {identifier!r} is used in {seen[identifier]} too", line_of(path, identifier)
                )
            seen[identifier] = path


def append(path: Path, keys: Iterable[str], is_taken: Callable[[str], bool], minted: str) -> dict[str, tuple[str, str]]:
    """Mints an identifier for each key, in order, and appends them to the file in one step; returns the new entries."""
    new: dict[str, tuple[str, str]] = {}
    mine: set[str] = set()
    for key in keys:
        identifier = mint()
        while identifier in mine or is_taken(identifier):
            identifier = mint()
        mine.add(identifier)
        new[key] = (identifier, minted)
    if new:
        table.append(path, HEADER, ((identifier, key, day) for key, (identifier, day) in new.items()))
    return new


def erased_key(dataset: str, key: str) -> str:
    """What stands in a ledger for the key of something that was erased: who has the key finds it, nobody reads it."""
    return ERASED + hashlib.sha256(f"{dataset}/{key}".encode()).hexdigest()[:32]


def forget(path: Path, dataset: str, identifiers: Iterable[str]) -> None:
    """Makes the keys of these in a ledger file such that nothing can be read from them; in one step."""
    gone = set(identifiers)
    rows = table.read(path, HEADER)
    new = [[i, erased_key(dataset, k) if i in gone and not k.startswith(ERASED) else k, day] for i, k, day in rows]
    if new != rows:
        table.write(path, HEADER, new)
